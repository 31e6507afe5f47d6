/* The evidence of a lane whose leaf is no curve: that what drives it dies out, by a theorem instead
 * of decompositions; notes/sweeper.md, (J6)-(J8).
 *
 * Shapes: x0[dim], x[dim], f[dim] = f(x), limit[dim].  Memory: one block for each thread; no state
 * between calls.  Errors: failures of the field other than leaving its domain. */
#ifndef ODE_SWEEP_WIDE_H
#define ODE_SWEEP_WIDE_H

#include "ode/sweep.h"

enum sweep_wide_verdict {
    SWEEP_WIDE_GOES_ON,
    SWEEP_WIDE_SETTLES,
    SWEEP_WIDE_LOST,   /* undecided, and the referee would say no more */
    SWEEP_WIDE_DOUBTS, /* finer tolerances may help */
    SWEEP_WIDE_LEAVES  /* the referee decides */
};

struct sweep_wide; /* opaque */

struct sweep_wide *sweep_wide_create(const struct flow *flow); /* NULL: out of memory */
void sweep_wide_free(struct sweep_wide *wide);                 /* NULL is allowed */

/* Are the leaves of this flow no curves? */
bool sweep_wide_takes(const struct flow *flow);

/* The distance to rest, over 1 + |x|, at which a look is worth its price. */
double sweep_wide_reach(const struct flow *flow);

struct sweep_wide_state {
    const double *x0, *x, *f;
    double error; /* that steps have gathered, (E17), and have not decided by */
    struct sweep_tolerance tolerance;
};

/* Fills limit and result if it settles; else, if it goes on, *wait is the |f| below which another
 * look is worth while. */
enum status sweep_wide_judge(struct sweep_wide *wide, const struct sweep_wide_state *state,
                             struct sweep_result *result, double *limit, double *wait,
                             enum sweep_wide_verdict *verdict) MUST_CHECK;

#endif
