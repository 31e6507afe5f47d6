/* One trajectory of A[1,1,1] with homogeneous neurons, on its leaf: a1 = s y and
 *
 *     y' = scale y^q F(y),   a2 = (Q + w y^r)/lift,
 *
 * F, Q, w and r those of the half line of sign s, power_half.h.  With the derivative q = mu - 1 and
 * r = 2, (X13); without it q = 0 and r = mu + 1, (X15).
 *
 * Shapes: pairs as in power_data.h; a0[2] and limit[2] belong to the caller.  Memory: plain data.
 * Errors: none.  Source: notes/nonlinear.md, (X11), (X12). */
#ifndef NONLINEAR_POWER_LEAF_H
#define NONLINEAR_POWER_LEAF_H

#include "linear/prediction.h"
#include "nonlinear/power_data.h"
#include "nonlinear/power_half.h"
#include "nonlinear/power_zero.h"

struct power_leaf {
    struct power_data data;
    struct ball q, scale, lift[POWER_SIDES]; /* lift is not zero */
    struct power_half half[POWER_SIDES];
    struct power_germ germ[POWER_SIDES]; /* filled in */
    const double *a0;
    double *limit;
    struct prediction *out; /* inconclusive at first */
};

/* The side of a weight: 0 for a1 >= 0, 1 below. */
int power_leaf_side(double a1);

/* Fills in limit and out. */
void power_leaf_predict(struct power_leaf *leaf);

/* The same where a1 never moves and only the top layer learns, a2' = b2 |a1|^mu (...): data, a0,
 * limit and out are all that is read. */
void power_leaf_predict_top(const struct power_leaf *leaf, struct ball b2);

#endif
