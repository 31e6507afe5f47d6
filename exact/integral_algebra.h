/* What a few first integrals generate: their products up to a degree, as vectors.
 *
 * All integrals of degree <= d are known as a kernel (integral_kernel.h), where each is determined
 * by its coefficients at the leading monomials.  In these coordinates the products of the
 * generators span a subspace; its rank modulo a prime is at most that over Q, so that products that
 * span everything modulo the prime span everything, (FI5).
 *
 * Memory: integral_algebra_create(), integral_algebra_free(); the kernel is borrowed.
 * Errors: NO_MEMORY. */
#ifndef EXACT_INTEGRAL_ALGEBRA_H
#define EXACT_INTEGRAL_ALGEBRA_H

#include "exact/integral_kernel.h"

struct integral_algebra;

/* Of integrals of degree up to `degree` in the first `unknowns` variables. */
enum status integral_algebra_create(const struct integral_kernel *kernel, size_t unknowns,
                                    size_t degree, struct integral_algebra **algebra) MUST_CHECK;
void integral_algebra_free(struct integral_algebra *algebra);

/* Is p, an integral of that degree, outside the span?  Then it and its products are added. */
enum status integral_algebra_add(struct integral_algebra *algebra, const fmpq_mpoly_t p,
                                 bool *is_new) MUST_CHECK;

size_t integral_algebra_rank(const struct integral_algebra *algebra);

/* Is vector number k of the kernel in the span? */
bool integral_algebra_spans(const struct integral_algebra *algebra, size_t k);

#endif
