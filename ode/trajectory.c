/* Which integrator follows a plan. */
#include "ode/trajectory.h"

#include "ode/chart.h"
#include "ode/referee.h"
#include "ode/rk8pd.h"
#include "ode/slide_run.h"

#include <math.h>

static enum status check_plan(const struct flow *flow, const struct plan *plan, const double *x0)
{
    if (!(plan->rtol > 0 && plan->rtol < 1) || !(plan->atol > 0))
        return status_fail(BAD_ARGUMENT,
                           "tolerances: rtol = %g (want 0 < rtol < 1), atol = %g (want > 0)",
                           plan->rtol, plan->atol);
    if (!(plan->horizon > 0))
        return status_fail(BAD_ARGUMENT, "horizon = %g (want > 0)", plan->horizon);
    for (size_t i = 0; i < flow->dim; i++)
        if (!isfinite(x0[i]))
            return status_fail(BAD_ARGUMENT, "start: %s = %g", flow->names[i], x0[i]);
    return OK;
}

static enum status integrate(const struct flow *flow, const struct plan *plan, const double *x0,
                             struct outcome *outcome)
{
    if (plan->method == METHOD_RK8PD)
        return rk8pd_run(flow, plan, x0, outcome);
    return referee_run(flow, plan, x0, outcome);
}

enum status trajectory_run(const struct flow *flow, const struct plan *plan, const double *x0,
                           struct outcome *outcome)
{
    TRY(check_plan(flow, plan, x0));
    if (flow->regular)
        return chart_run(flow, plan, x0, outcome);
    outcome_clear(flow, x0, outcome);
    if (flow->switches > 0)
        return slide_run(flow, plan, x0, integrate, outcome);
    return integrate(flow, plan, x0, outcome);
}
