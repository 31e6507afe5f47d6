/* One-dimensional polynomial flows x' = Q(x) = k0 + k1 x + ... + kn x^n.
 * Source: Baldi, Sadowski, Lu (2018), Theorem 1; statements and proofs: notes/chains.md, (P1)-(P5).
 * Shapes: q[count].  Memory: the clock is plain data that holds Q.  Errors: none. */
#ifndef LINEAR_POLYNOMIAL_H
#define LINEAR_POLYNOMIAL_H

#include "linear/clock_polynomial.h"
#include "linear/problem.h"

/* The clock of x' = Q(x) from x0: G(s) = Q(x0 + s), so s = x - x0.  It points to itself. */
void polynomial_clock_init(struct clock_polynomial *clock, const struct problem *problem,
                           double x0);

#endif
