/* A scalar error along an orbit in residual time: what the search for its first zero needs.
 *
 * In residual time s the orbit of x' = e S(x) does not depend on the data, (EX1), so that the limit
 * is the first zero of e(s) in the direction of e(0).  A curve gives e and its Taylor coefficients
 * on balls; it is never expanded into powers of s but where multiplicities have to be proved.
 *
 * Shapes: e[order + 1].  Memory: a curve points to its owner and owns nothing.  Errors: none; a ball
 * that cannot be computed is not finite, which every test takes for undecided.  Source: notes/exact.md. */
#ifndef EXACT_CURVE_H
#define EXACT_CURVE_H

#include "exact/library.h"

#include <stdbool.h>

/* What is proved of e from s outwards, to infinity. */
enum curve_fate {
    CURVE_UNKNOWN,
    CURVE_RISES, /* it has no zero if it is positive at s */
    CURVE_FALLS, /* it has no zero if it is negative at s */
    CURVE_FREE   /* it has no zero */
};

struct curve {
    /* The Taylor coefficients e[0..order] of e at every point of the ball s. */
    void (*jet)(const void *self, const arb_t s, slong order, slong prec, arb_ptr e);
    /* From s outwards in its own direction; NULL where nothing can be said. */
    enum curve_fate (*beyond)(const void *self, const arb_t s, slong prec);
    /* The exact coefficients of 1, s, ..., s^(length - 1); NULL: e is no polynomial. */
    void (*expand)(const void *self, slong length, fmpq_poly_t e);
    /* u^degree e(direction (1/u - 1)), direction = +-1; NULL if expand is. */
    void (*inverted)(const void *self, const acb_t u, slong direction, slong prec, acb_t R);
    slong degree; /* of e; -1: identically zero; any positive number if not polynomial */
    const arf_struct *end[2]; /* where the orbit ends below and above, as moduli; NULL: nowhere */
    const void *self;
};

enum { CURVE_DEGREE_MOST = 1 << 30 }; /* larger degrees are given as this one */

/* e given by its coefficients; the polynomial must outlive the curve. */
void curve_of_polynomial(const fmpq_poly_struct *e, struct curve *curve);

/* The multiplicity of the zero s = 0 of e and the sign of the first coefficient that does not
 * vanish; 0 if e(0) != 0; -1 if e vanishes identically or `most` coefficients do. */
slong curve_order_at_start(const struct curve *curve, slong most, int *sign);

#endif
