/* The motion of a homogeneous chain along a leaf, on one half line: y' is a positive factor times
 *
 *     F(y) = A - beta y^mu (w y^r + Q),   y >= 0,   mu, r, w > 0, beta >= 0,
 *
 * and the limit is the next zero of F from the start, or zero.  F has at most one turning point,
 * y_m^r = -mu Q/((mu + r) w) where Q < 0, beyond which it falls for ever; so signs at the start, at
 * zero and at y_m tell which zero there is, and bisection finds it: (X11).
 *
 * Shapes: scalars.  Memory: plain data.  Errors: none; what balls cannot decide is said.
 * Source: notes/nonlinear.md, (X11). */
#ifndef NONLINEAR_POWER_HALF_H
#define NONLINEAR_POWER_HALF_H

#include "base/ball.h"

struct power_half {
    struct ball mu, r, A, beta, w, Q;
};

enum power_where {
    POWER_REST,     /* F vanishes at the start */
    POWER_ROOT,     /* at a simple zero */
    POWER_TANGENT,  /* at the double zero y_m, from above */
    POWER_ZERO,     /* y falls to 0 */
    POWER_DEAD,     /* F vanishes identically */
    POWER_UNDECIDED /* balls cannot decide */
};

struct power_stop {
    enum power_where where;
    struct ball y;
};

struct ball power_half_value(const struct power_half *half, struct ball y);
struct ball power_half_slope(const struct power_half *half, struct ball y);

/* From y0 > 0; from y0 = 0 only where A > 0. */
struct power_stop power_half_stop(const struct power_half *half, double y0);

#endif
