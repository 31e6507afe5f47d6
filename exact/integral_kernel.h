/* All polynomials of a given shape that several vector fields send to k times themselves: L_V p = k
 * p for V in a list and p among the combinations of given monomials.
 *
 * With k = 0 these are the common first integrals, with one field and k given the Darboux
 * polynomials of that cofactor.  The equations are linear in the coefficients of p; their rank
 * modulo a prime is at most the rank over Q, so that the nullity modulo the prime bounds the
 * dimension from above, (FI3).  The kernel itself is reconstructed from as many primes as its
 * coefficients need, and every polynomial of it is verified exactly.
 *
 * Shapes: f[count*unknowns], the fields one after the other; exponents[columns*variables], the
 * monomials, sorted so that those of lower degree come first; basis[nullity], where basis[k] has
 * the coefficient 1 at monomial lead[k], which no other one contains, and else only earlier
 * monomials.
 * Memory: integral_kernel_create(), integral_kernel_free(); the ring is borrowed.
 * Errors: NO_MEMORY, INTERRUPTED, BAD_ARGUMENT beyond INTEGRAL_COLUMNS_MOST monomials. */
#ifndef EXACT_INTEGRAL_KERNEL_H
#define EXACT_INTEGRAL_KERNEL_H

#include "base/status.h"
#include "exact/integral.h"
#include "exact/integral_monomials.h"

#include <stdbool.h>
#include <stddef.h>

struct integral_kernel {
    const fmpq_mpoly_ctx_struct *ring;
    struct integral_monomials monomials;
    size_t rows;    /* equations */
    size_t nullity; /* modulo `prime`: the least of all primes that were used */
    ulong prime;
    size_t *lead;
    bool proved; /* all of basis[nullity] is verified exactly: the dimension is the nullity */
    fmpq_mpoly_struct *basis;
};

/* Takes the monomials, also on failure. */
enum status integral_kernel_create(const struct integral_fields *fields,
                                   struct integral_monomials *monomials,
                                   struct integral_kernel **kernel) MUST_CHECK;
void integral_kernel_free(struct integral_kernel *kernel);

/* Degree of monomial number `column` in the unknowns. */
size_t integral_kernel_degree(const struct integral_kernel *kernel, size_t unknowns, size_t column);

#endif
