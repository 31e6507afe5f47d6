/* The certificate of an exact limit, or why the format has no kind for it.
 *
 * Memory: *certificate is freed by certificate_free().  Errors: NO_MEMORY.
 * Source: notes/certificates.md; kinds limit, multiple-zero, autoencoder-limit, blow-up. */
#ifndef EXACT_CERTIFICATE_LIMIT_H
#define EXACT_CERTIFICATE_LIMIT_H

#include "exact/certificate.h"
#include "exact/limit.h"

/* `limit` is what was decided of the statement, which says the same as the premise. */
struct certificate_question {
    const struct premise *premise;
    const struct statement *statement;
    const struct limit *limit;
    slong digits; /* of the limit box, on a line no fewer than 20 and no more than 500 */
};

enum status certificate_limit(const struct certificate_question *question,
                              struct certificate *certificate) MUST_CHECK;

#endif
