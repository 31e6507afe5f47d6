/* Steps of SWEEP_WIDE_LANES lanes at once, each with its own step size.
 *
 * Shapes: row i of a slab holds unknown i of all lanes, x[i*SWEEP_WIDE_LANES + k].  A lane with
 * h = 0 stays where it is.  Memory: one block.  Errors: failures of the field other than leaving
 * its domain, which is NaN in that lane. */
#ifndef ODE_SWEEP_WIDE_STEP_H
#define ODE_SWEEP_WIDE_STEP_H

#include "ode/flow.h"
#include "ode/lanes.h"
#include "ode/sweep_table.h"

/* One register; four unknowns at a time hide each other's latency. */
enum { SWEEP_WIDE_LANES = LANES_BLOCK };

struct sweep_wide_step {
    const struct flow *flow;
    size_t n;
    struct sweep_sum stage[SWEEP_STAGES_MOST], result, estimate[SWEEP_ESTIMATES_MOST];
    double *x, *y, *f; /* slabs: the state, a trial, the field there */
    double *k;         /* [stages] slabs; the first is the field at x */
    /* of each lane: step, the one that was tried last, time, tried and accepted steps */
    double h[SWEEP_WIDE_LANES], last[SWEEP_WIDE_LANES], t[SWEEP_WIDE_LANES];
    double tried[SWEEP_WIDE_LANES], taken[SWEEP_WIDE_LANES], accept[SWEEP_WIDE_LANES];
    double rtol[SWEEP_WIDE_LANES], atol[SWEEP_WIDE_LANES];
    double fifth[SWEEP_WIDE_LANES], third[SWEEP_WIDE_LANES]; /* the errors, per unit of h */
    double *one_x, *one_f;                                   /* [n] a lane by itself */
    double storage[];
};

struct sweep_wide_step *sweep_wide_step_create(const struct flow *flow); /* NULL: out of memory */
void sweep_wide_step_free(struct sweep_wide_step *step);                 /* NULL is allowed */

/* Tries a step in every lane, without the field at its end. */
enum status sweep_wide_step_take(struct sweep_wide_step *step) MUST_CHECK;

/* The field of all lanes at a slab, into a slab; NaN in lanes where it does not exist. */
enum status sweep_wide_step_field(struct sweep_wide_step *step, const double *x,
                                  double *f) MUST_CHECK;

/* Lane k of a slab, and back. */
void sweep_wide_step_gather(const struct sweep_wide_step *step, const double *slab, size_t k,
                            double *x);
void sweep_wide_step_scatter(const struct sweep_wide_step *step, const double *x, size_t k,
                             double *slab);

#endif
