/* How many quantities are conserved whatever the data are.
 *
 * The field of a network is linear in the moments, f = sum_k p_k V_k with p_k an entry of Sigma_TI or
 * Sigma_II.  A law that holds for all data is conserved by every V_k, hence by every bracket
 * [V, W]_i = L_V W_i - L_W V_i, hence there are at most n - r independent ones, r the rank of all of
 * these at almost every point, (FI7); a rank at one rational point modulo a prime is a lower bound of
 * r, (FI8).  Polynomial integrals common to all V_k, and p exp(q) of adaptive skipped chains, bound
 * the number from below by the rank of their gradients.  Where both agree the count is certified.
 *
 * Memory: integral_laws_create(), integral_laws_free(); the field is borrowed.
 * Errors: NO_MEMORY, INTERRUPTED, BAD_ARGUMENT for too large a degree. */
#ifndef EXACT_INTEGRAL_LAWS_H
#define EXACT_INTEGRAL_LAWS_H

#include "exact/integral_search.h"

struct integral_laws {
    const fmpq_mpoly_ctx_struct *ring;
    size_t n, moments;              /* unknowns; fields V_k */
    fmpq_mpoly_struct *V;           /* [moments*n] */
    struct integral_search *search; /* what all V_k conserve, up to the degree */
    size_t transcendental;          /* p exp(q) that are conserved as well: */
    fmpq_mpoly_struct *p, *q;       /* [transcendental] */
    size_t lower;                   /* independent laws that are proved */
    size_t rank, brackets, depth;   /* of the Lie algebra; how many were taken, how deeply nested */
    size_t upper;                   /* n - rank */
};

/* field: symbolic, of this premise, whose feedback enters as its numbers. */
enum status integral_laws_create(const struct premise *premise, const struct field *field,
                                 size_t degree, const volatile sig_atomic_t *stop,
                                 struct integral_laws **laws) MUST_CHECK;
void integral_laws_free(struct integral_laws *laws);

/* (a_(i+1) + c_(i+1)) exp(-c_i), i = 1..L-2, of a chain under asrbp: p[count], q[count] in the ring of
 * the field, new; *count = 0 for everything else.  Candidates: whoever uses them proves them. */
enum status integral_laws_exponentials(const struct premise *premise, const struct field *field,
                                       fmpq_mpoly_struct **p, fmpq_mpoly_struct **q,
                                       size_t *count) MUST_CHECK;

#endif
