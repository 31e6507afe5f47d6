/* One-dimensional polynomial flows x' = Q(x) = k0 + k1 x + ... + kn x^n.
 * Source: Baldi, Sadowski, Lu (2018), Theorem 1; statements and proofs: notes/chains.md, (P1)-(P5).
 * Shapes: q[count]; x0 must outlive the clock. */
#ifndef LINEAR_POLYNOMIAL_H
#define LINEAR_POLYNOMIAL_H

#include "linear/clock.h"
#include "linear/problem.h"

/* The clock of x' = Q(x) from x0: G(s) = Q(x0 + s), so s = x - x0.  It points to itself. */
struct polynomial_clock {
    struct clock clock;
    const double *q; /* q[degree + 1] */
    double x0;
};
void polynomial_clock_init(struct polynomial_clock *clock, const struct problem *problem,
                           double x0);

#endif
