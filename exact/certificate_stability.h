/* The certificate of a stable fixed point with rational coordinates, kind stability.
 *
 * Memory: *certificate is freed by certificate_free().  Errors: NO_MEMORY.
 * Source: notes/certificates.md. */
#ifndef EXACT_CERTIFICATE_STABILITY_H
#define EXACT_CERTIFICATE_STABILITY_H

#include "exact/certificate.h"

/* Does the error vanish at the start, a point, exactly? */
bool certificate_stability_is_asked(const struct premise *premise);

/* The start is a zero of the error. */
enum status certificate_stability(const struct premise *premise,
                                  struct certificate *certificate) MUST_CHECK;

#endif
