/* Trajectories in a chart: a flow whose field is not Lipschitz in the weights is integrated in the
 * unknowns where it is, flow->regular, and what is seen of it is in weights.
 *
 * Shapes: x0[dim] and everything in the outcome are weights, but for the residual and its floor,
 * which are those of the regular field.  Memory: five states per call, freed.
 * Errors: those of trajectory_run(). */
#ifndef ODE_CHART_H
#define ODE_CHART_H

#include "ode/outcome.h"
#include "ode/plan.h"

/* For trajectory_run(), where flow->regular is not NULL. */
enum status chart_run(const struct flow *flow, const struct plan *plan, const double *x0,
                      struct outcome *outcome) MUST_CHECK;

#endif
