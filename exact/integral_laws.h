/* How many quantities are conserved whatever the data are.
 *
 * The field of a network is f = S y with the error y, affine in the moments.  A law that holds for
 * all data is conserved by every column V_k of S, which an entry of Sigma_TI multiplies, hence by
 * every bracket [V, W]_i = L_V W_i - L_W V_i; there are at most n - r independent ones, r the rank
 * of all of these at almost every point, (FI7); a rank at one rational point modulo a prime is a
 * lower bound of r, (FI8).  Polynomial integrals common to all V_k, and p exp(q) with p of degree
 * one, (FI2), bound the number from below by the rank of their gradients.  Where both agree the
 * count is certified.
 *
 * Memory: integral_laws_create(), integral_laws_free(); the field is borrowed.
 * Errors: NO_MEMORY, INTERRUPTED, BAD_ARGUMENT for too large a degree. */
#ifndef EXACT_INTEGRAL_LAWS_H
#define EXACT_INTEGRAL_LAWS_H

#include "exact/integral_exponential.h"

struct integral_laws {
    const fmpq_mpoly_ctx_struct *ring;
    size_t n, moments;              /* unknowns; fields V_k */
    fmpq_mpoly_struct *V;           /* [moments*n] */
    struct integral_search *search; /* what all V_k conserve, up to the degree */
    struct integral_exponentials *exponentials;
    size_t lower;                 /* independent laws that are proved */
    size_t rank, brackets, depth; /* of the Lie algebra; how many were taken, how deeply nested */
    size_t upper;                 /* n - rank */
};

/* field: symbolic, of this premise, whose feedback enters as its numbers. */
enum status integral_laws_create(const struct premise *premise, const struct field *field,
                                 size_t degree, const struct integral_watch *watch,
                                 struct integral_laws **laws) MUST_CHECK;
void integral_laws_free(struct integral_laws *laws);

#endif
