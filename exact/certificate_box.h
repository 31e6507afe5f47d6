/* The certificate of a box of data that is complete: kind box.
 *
 * Memory: *certificate is freed by certificate_free().  Errors: NO_MEMORY.
 * Source: notes/certificates.md, (CT1); the argument is (UN9) of notes/universal.md. */
#ifndef EXACT_CERTIFICATE_BOX_H
#define EXACT_CERTIFICATE_BOX_H

#include "exact/box.h"
#include "exact/certificate.h"

/* The box decides the question, which was made from the premise. */
struct certificate_box_question {
    const struct premise *premise;
    const struct box_question *question;
    const struct box *box;
};
enum status certificate_box(const struct certificate_box_question *asked,
                            struct certificate *certificate) MUST_CHECK;

#endif
