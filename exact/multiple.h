/* Multiple zeros by algebra: squarefree factors of the expanded error, notes/exact.md, (EX3).
 *
 * Only for polynomials of low degree, and only where the march is stuck.  Memory: multiple_init(),
 * multiple_clear().  Errors: none; MULTIPLE_UNKNOWN where the degree is too large. */
#ifndef EXACT_MULTIPLE_H
#define EXACT_MULTIPLE_H

#include "exact/root.h"

enum multiple_kind {
    MULTIPLE_UNASKED,
    MULTIPLE_NONE,     /* proved squarefree: all zeros are simple */
    MULTIPLE_POSSIBLE, /* factored */
    MULTIPLE_UNKNOWN   /* no polynomial, or too large a degree */
};

struct multiple {
    enum multiple_kind kind;
    fmpz_poly_factor_t factors;
};

void multiple_init(struct multiple *multiple);
void multiple_clear(struct multiple *multiple);

/* Once: the expansion, the test modulo primes, the factors. */
void multiple_prepare(struct multiple *multiple, const struct curve *curve);

/* The factor of the root's multiplicity that changes its sign between the ends of the root; NULL:
 * there is none. */
const fmpz_poly_struct *multiple_factor(const struct multiple *multiple, const struct root *root);

/* The multiplicity of the one zero in [t, far], where the march is stuck at t; far is set.
 * 0: not proved to be there. */
ulong multiple_locate(const struct multiple *multiple, struct march *march);

#endif
