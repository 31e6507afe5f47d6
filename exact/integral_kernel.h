/* All polynomials of a given shape that several vector fields send to k times themselves:
 * L_V p = k p for V in a list and p among the combinations of given monomials.
 *
 * With k = 0 these are the common first integrals, with one field and k given the Darboux polynomials
 * of that cofactor.  The equations are linear in the coefficients of p; their rank modulo a prime is
 * at most the rank over Q, so that the nullity modulo the prime bounds the dimension from above,
 * (FI3).  The kernel itself is reconstructed from as many primes as its coefficients need, and every
 * polynomial of it is verified exactly.
 *
 * Shapes: f[count*unknowns], the fields one after the other; exponents[columns*variables], the
 * monomials, sorted so that those of lower degree come first; basis[nullity], where basis[k] has the
 * coefficient 1 at monomial lead[k], which no other one contains, and else only earlier monomials.
 *  * Memory: integral_kernel_create(), integral_kernel_free(); the ring is borrowed.
 * Errors: NO_MEMORY, INTERRUPTED, BAD_ARGUMENT beyond INTEGRAL_COLUMNS_MOST monomials. */
#ifndef EXACT_INTEGRAL_KERNEL_H
#define EXACT_INTEGRAL_KERNEL_H

#include "base/status.h"
#include "exact/integral.h"
#include "exact/library.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    INTEGRAL_COLUMNS_MOST = 2500, /* dense elimination of as many unknowns takes half a minute */
    INTEGRAL_DEGREE_MOST = 12
};

struct integral_monomials {
    size_t variables, columns;
    unsigned char *exponents;
};

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

/* Monomials of degree least..most in the first `unknowns` variables times those of degree 0..extra in
 * the `constants` last ones; sorted by the degree in the unknowns, then by that in the constants. */
struct integral_shape {
    size_t variables, unknowns, constants;
    size_t least, most, extra;
};

/* How many monomials there are; INTEGRAL_COLUMNS_MOST + 1 if more than INTEGRAL_COLUMNS_MOST. */
size_t integral_monomials_count(const struct integral_shape *shape);
enum status integral_monomials_create(const struct integral_shape *shape,
                                      struct integral_monomials *monomials) MUST_CHECK;

/* The monomials of p in the unknowns instead of all of these degrees; p is in a ring of the same
 * variables. */
enum status integral_monomials_of(const struct integral_shape *shape, const fmpq_mpoly_t p,
                                  const fmpq_mpoly_ctx_t ring,
                                  struct integral_monomials *monomials) MUST_CHECK;
void integral_monomials_free(struct integral_monomials *monomials);

/* Takes the monomials, also on failure. */
enum status integral_kernel_create(const struct integral_fields *fields,
                                   struct integral_monomials *monomials,
                                   struct integral_kernel **kernel) MUST_CHECK;
void integral_kernel_free(struct integral_kernel *kernel);

/* Degree of monomial number `column` in the unknowns. */
size_t integral_kernel_degree(const struct integral_kernel *kernel, size_t unknowns, size_t column);

#endif
