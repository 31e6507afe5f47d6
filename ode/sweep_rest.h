/* The states of one lane: is one settled, may the lane go on, or has the referee to decide?
 *
 * Shapes: x0[dim], x[dim], f[dim] = f(x), limit[dim].  Memory: one block for each lane.  Errors:
 * failures of the field other than leaving its domain. */
#ifndef ODE_SWEEP_REST_H
#define ODE_SWEEP_REST_H

#include "ode/sweep.h"

enum sweep_verdict {
    SWEEP_GOES_ON,
    SWEEP_SETTLES,
    SWEEP_DOUBTS, /* finer tolerances may help */
    SWEEP_LEAVES, /* the referee decides */
};

struct sweep_rest; /* opaque */

struct sweep_rest *sweep_rest_create(const struct flow *flow);
void sweep_rest_free(struct sweep_rest *rest); /* NULL is allowed */

/* A new start; false: no lane can follow it, for its leaf is no regular curve. */
bool sweep_rest_begin(struct sweep_rest *rest, const double *x0);

/* The tolerances that the errors of the steps so far have, as of the state that is judged next. */
void sweep_rest_tolerate(struct sweep_rest *rest, const struct sweep_tolerance *tolerance);

/* Fills limit and result if it settles. */
enum status sweep_rest_judge(struct sweep_rest *rest, const double *x, const double *f,
                             struct sweep_result *result, double *limit,
                             enum sweep_verdict *verdict) MUST_CHECK;

#endif
