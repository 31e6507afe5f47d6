/* Steps of many lanes at once, each with its own step size, and the field and its Jacobian there.
 *
 * Shapes: the number of lane k in a row stands at k; x[i*stride + k], J[(i*n + j)*stride + k].  A
 * lane with h = 0 stays where it is.  Memory: one block.  Errors: failures of the field other than
 * leaving its domain, which is NaN in that lane. */
#ifndef ODE_SWEEP_STEP_H
#define ODE_SWEEP_STEP_H

#include "ode/flow.h"
#include "ode/lanes.h"
#include "ode/sweep_table.h"

/* Four registers at a time hide each other's latency. */
enum { SWEEP_BLOCK = 4 * LANES_BLOCK };

struct sweep_step {
    const struct flow *flow;
    size_t n, stride; /* unknowns; lanes, a multiple of SWEEP_BLOCK */
    struct sweep_sum stage[SWEEP_STAGES_MOST], estimate;
    double *x, *y; /* [n*stride] the state, and a trial */
    double *k;     /* [stages*n*stride]; k[n*stride], the first, is the field at x */
    double *J;     /* [n*n*stride] at x; with callbacks for many states only */
    /* [stride] step, time, tried and accepted steps, tolerances; accept: the last one, 1 or 0 */
    double *h, *t, *tried, *taken, *rtol, *atol, *accept;
    double *error;         /* [stride] of the last step, per unit of h and of the tolerance */
    double *norm;          /* [stride] |J|^2 */
    double *shift, *per;   /* [stride] step of differences for that, and 1/shift^2 */
    double *one_x, *one_f; /* [n] a lane by itself */
    double storage[];
};

/* NULL: out of memory. */
struct sweep_step *sweep_step_create(const struct flow *flow, size_t lanes);
void sweep_step_free(struct sweep_step *step); /* NULL is allowed */

/* Tries a step in every lane; the field at x has to be known, and is, after it. */
enum status sweep_step_take(struct sweep_step *step) MUST_CHECK;

/* |J|^2 at x. */
enum status sweep_step_measure(struct sweep_step *step) MUST_CHECK;

#endif
