/* One trajectory: a plan followed to its outcome.
 *
 * Both integrators (referee.h: CVODE; rk8pd.h: GSL) follow a plan and fill an outcome; the ending
 * is decided by watch.h from what the integrator visits, in the same way for both.
 * Shapes: x0[dim].  Errors: BAD_ARGUMENT, NO_MEMORY; all else is an ending. */
#ifndef ODE_TRAJECTORY_H
#define ODE_TRAJECTORY_H

#include "ode/outcome.h"
#include "ode/plan.h"

/* Runs the plan's method.  RETRY_SHORTER, NOT_FINITE and the like become ENDING_FAILED. */
enum status trajectory_run(const struct flow *flow, const struct plan *plan, const double *x0,
                           struct outcome *outcome) MUST_CHECK;

#endif
