/* The certificate of Theorem 4 for one depth, all data at once: kind leading-coefficient.
 *
 * Memory: *certificate is freed by certificate_free().  Errors: NO_MEMORY.
 * Source: notes/certificates.md; the argument is (UN3) of notes/universal.md. */
#ifndef EXACT_CERTIFICATE_LEADING_H
#define EXACT_CERTIFICATE_LEADING_H

#include "exact/certificate.h"
#include "exact/leading.h"

/* P: the leading term of a chain under srbp in which all layers move.  Unit rates. */
enum status certificate_leading(const struct leading *P,
                                struct certificate *certificate) MUST_CHECK;

#endif
