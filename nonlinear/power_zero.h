/* What a homogeneous chain does where its lower weight vanishes: stop, slide, cross, or branch.
 *
 * On the half line of either sign the motion begins as y' = k y^e, y = |a1|.  The two pairs (k, e)
 * decide: e >= 1 is Lipschitz and never arrives; 0 < e < 1 arrives, and leaves, in finite time, so
 * that solutions are not unique; e <= 0 is a field that jumps, Filippov's case: (X12).
 *
 * Shapes: pairs as in power_data.h.  Memory: plain data.  Errors: none; a prediction that is not
 * set stays what it was (inconclusive), with a reason.  Source: notes/nonlinear.md, (X12). */
#ifndef NONLINEAR_POWER_ZERO_H
#define NONLINEAR_POWER_ZERO_H

#include "linear/prediction.h"
#include "nonlinear/power_data.h"
#include "nonlinear/power_half.h"

/* y' = k y^e to leading order; direction: the sign of k, 0 where nothing moves. */
struct power_germ {
    bool decided;
    int direction;
    struct ball k, e;
};

/* Of y' = scale y^q F(y). */
struct power_germ power_zero_germ(const struct power_half *half, struct ball scale, struct ball q);

enum power_fate { POWER_STAYS, POWER_LEAVES, POWER_OPEN };

/* y falls to zero on this side: POWER_STAYS with ending, rate, exponent and multiplicity set;
 * POWER_LEAVES: it goes on to the other side; POWER_OPEN: theory does not say, reason set. */
enum power_fate power_zero_arrival(const struct power_germ germ[POWER_SIDES], int side,
                                   struct prediction *out);

/* y is zero at the start; POWER_LEAVES: to *side. */
enum power_fate power_zero_rest(const struct power_germ germ[POWER_SIDES], int *side,
                                struct prediction *out);

#endif
