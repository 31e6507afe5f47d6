/* Clocks whose G is a polynomial with ball coefficients, around any origin: G(s) = g(origin + s).
 *
 * Shapes: g[degree + 1], lowest first.  Memory: plain data; clock.self points to the struct, which
 * must stay where it is.  Errors: none; coefficients that balls cannot tell from zero make the
 * search inconclusive.  Source: notes/chains.md, (C1). */
#ifndef LINEAR_CLOCK_POLYNOMIAL_H
#define LINEAR_CLOCK_POLYNOMIAL_H

#include "linear/clock.h"

enum { CLOCK_POLYNOMIAL_MOST = 255 }; /* highest degree: that of the longest list of coefficients */

struct clock_polynomial {
    struct clock clock; /* its degree counts no leading zeros */
    double origin;
    struct ball g[CLOCK_POLYNOMIAL_MOST + 1];
};

/* clock->g[0..degree] and clock->origin are set; fills the rest. */
void clock_polynomial_init(struct clock_polynomial *clock, int degree);

#endif
