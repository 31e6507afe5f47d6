/* The inequality of doubt.h, cheap first: sup |phi'| is at most about |J|, so that the two
 * Jacobians at x +- delta f/|f| are evaluated only in a bottleneck. */
#include "ode/doubt.h"

#include "ode/vector.h"

#include <math.h>

static const double SAFETY = 10;     /* of the error of a step, which is an estimate */
static const double FIRST_ORDER = 2; /* of the distance from the leaf */
/* Relative distance from the leaf beyond which no run is of use */
static const double OFF_MOST = 1e-2;
static const double CURVATURE = 2; /* sup |phi'| over |J| at x, before it is worth a closer look */

static void step_along(size_t n, const struct doubt_state *state, double h, double *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = state->x[i] + h * state->f[i];
}

/* |phi'| at x + h f/|f|, to leading order f.J f/|f|^2; 0 where there is no telling. */
static double slope_at(const struct flow *flow, const struct doubt_state *state, double h,
                       double *work)
{
    const size_t n = flow->dim;
    const double ff = vector_dot(n, state->f, state->f);
    double along = 0;
    if (flow_is_large(flow)) {
        double *x = work, *Jf = work + n;
        step_along(n, state, h / sqrt(ff), x);
        if (flow_jacobian_times(flow, x, state->f, Jf, work + 2 * n) != OK)
            return 0;
        along = vector_dot(n, state->f, Jf);
    } else {
        double *J = work, *x = work + n * n;
        step_along(n, state, h / sqrt(ff), x);
        if (flow->jacobian(flow, x, J) != OK)
            return 0;
        for (size_t i = 0; i < n; i++)
            along += state->f[i] * vector_dot(n, J + i * n, state->f);
    }
    return fabs(along) / ff;
}

bool doubt_applies(const struct flow *flow, const struct doubt_state *state, double *work)
{
    const size_t n = flow->dim;
    const double size = sqrt(vector_dot(n, state->f, state->f)), delta = SAFETY * state->step_error;
    const double reach = CURVATURE * state->J_size;
    if (size > reach * fmax(delta, OFF_MOST * (1 + sqrt(vector_dot(n, state->x, state->x)))))
        return false;
    const double off = state->work ? FIRST_ORDER * fixed_point_off_leaf(state->work, state->x) : 0;
    if (!(size > 0) || !isfinite(off))
        return true;
    if (size > reach * (delta + off))
        return false;
    double slope = fabs(vector_dot(n, state->f, state->Jf)) / (size * size);
    slope = fmax(slope, slope_at(flow, state, delta, work));
    slope = fmax(slope, slope_at(flow, state, -delta, work));
    return size <= slope * delta + state->J_size * off;
}
