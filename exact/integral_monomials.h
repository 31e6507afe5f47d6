/* The monomials whose combinations are searched for first integrals.
 *
 * Shapes: exponents[columns*variables], one monomial after the other, those of lower degree in the
 * unknowns first.  Memory: each list is one block, integral_monomials_free().
 * Errors: NO_MEMORY, BAD_ARGUMENT beyond INTEGRAL_COLUMNS_MOST monomials. */
#ifndef EXACT_INTEGRAL_MONOMIALS_H
#define EXACT_INTEGRAL_MONOMIALS_H

#include "base/status.h"
#include "exact/library.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    INTEGRAL_COLUMNS_MOST = 4000, /* dense elimination of a block: a minute at the most */
    INTEGRAL_DEGREE_MOST = 12
};

struct integral_monomials {
    size_t variables, columns;
    unsigned char *exponents;
};

/* Monomials of degree least..most in the first `unknowns` variables times those of degree 0..extra
 * in the `constants` last ones; sorted by the degree in the unknowns, then by that in the
 * constants. */
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

#endif
