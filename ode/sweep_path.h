/* What is seen on the way: the length of a trajectory, and the time at which it has settled.
 *
 *   length     the integral of |f|, by the quadrature of the stages, up to the limit
 *   settling   the time from which |x(t) - x*| stays below SWEEP_SETTLED (1 + |x*|)
 *
 * Both belong to the trajectory and not to the steps.  notes/sweeper.md, (J10).
 *
 * Of lanes: a row of numbers for each, filled after their steps.  Of the referee: a trail that
 * visits its states and keeps the last ones.
 * Shapes: rows as in sweep_step.h; x[dim].  Memory: one block each; NULL: out of memory.
 * Errors: none; what is not known is NAN. */
#ifndef ODE_SWEEP_PATH_H
#define ODE_SWEEP_PATH_H

#include "ode/outcome.h"
#include "ode/sweep.h"
#include "ode/sweep_step.h"

static const double SWEEP_SETTLED = 1e-6; /* the capture radius of the referee, (E5) */

/* ---- lanes ---- */

struct sweep_path {
    size_t n, stride;
    /* [stride] where it is, and what has been added up; aside: how far from the leaf at most */
    double *t, *length, *error, *delay, *aside;
    double *speed; /* [stride] |f| where the step begins */
    double storage[];
};

struct sweep_path *sweep_path_create(const struct sweep_step *step);
void sweep_path_free(struct sweep_path *path); /* NULL is allowed */

void sweep_path_begin(struct sweep_path *path, size_t lane); /* at t = 0 */

/* Before and after sweep_step_take(): the stages but the first are still in step->k. */
void sweep_path_prepare(struct sweep_path *path, const struct sweep_step *step);
void sweep_path_follow(struct sweep_path *path, const struct sweep_step *step);

/* Lane `lane` has settled at x, where the field is f: fills settling and path of the result. */
struct sweep_path_end {
    const double *x, *f, *limit; /* [n] */
    double t, rate;              /* the transverse rate at the limit */
    struct sweep_tolerance tolerance;
};
void sweep_path_finish(const struct sweep_path *path, size_t lane, const struct sweep_path_end *end,
                       struct sweep_result *result);

/* Is the time so uncertain that the start should be followed again with finer tolerances? */
bool sweep_path_is_vague(const struct sweep_result *result);

/* ---- the referee ---- */

struct sweep_trail; /* opaque */

/* The plan is the referee's: of its tolerances. */
struct sweep_trail *sweep_trail_create(const struct flow *flow, const struct plan *plan);
void sweep_trail_free(struct sweep_trail *trail); /* NULL is allowed */
void sweep_trail_begin(struct sweep_trail *trail, const double *x0);

/* Struct plan's `visit`; context is the trail. */
void sweep_trail_visit(void *context, double t, const double *x);

/* A time whose error is as large as the time is not known: NAN. */
void sweep_trail_finish(struct sweep_trail *trail, const struct outcome *outcome,
                        struct sweep_result *result);

#endif
