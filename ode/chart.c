/* The plan's callbacks see weights, the outcome is translated at the end.
 *
 * Rates, spectra, times and the values of first integrals do not depend on the unknowns.  Distances
 * do: a ball around y becomes the largest of the boxes that its corners span, since each weight is
 * a monotone function of its own unknown.  A power of time in y is another power in a where the
 * weight itself goes to zero or to infinity: an exponent is kept only where it cannot be. */
#include "ode/chart.h"

#include "ode/trajectory.h"

#include <math.h>
#include <stdlib.h>

enum { STATES = 5 }; /* in a struct chart */

struct chart {
    const struct flow *flow;
    const struct plan *plan;
    double *w, *start, *start_error, *above, *below;
};

static void visit_weights(void *context, double t, const double *y)
{
    const struct chart *chart = context;
    chart->flow->weights(chart->flow, y, chart->w);
    chart->plan->visit(chart->plan->context, t, chart->w);
}

static double event_of_weights(const void *context, const double *y)
{
    const struct chart *chart = context;
    chart->flow->weights(chart->flow, y, chart->w);
    return chart->plan->event(chart->plan->context, chart->w);
}

static bool stop_with_context(void *context, double t)
{
    const struct chart *chart = context;
    return chart->plan->stop(chart->plan->context, t);
}

/* How far weights can be from those of y where the unknowns are within `distance` of y. */
static double distance_in_weights(const struct chart *chart, const double *y, double distance)
{
    const struct flow *flow = chart->flow;
    double square = 0;
    if (!isfinite(distance))
        return distance;
    for (size_t i = 0; i < flow->dim; i++) {
        chart->above[i] = y[i] + distance;
        chart->below[i] = y[i] - distance;
    }
    flow->weights(flow, y, chart->w);
    flow->weights(flow, chart->above, chart->above);
    flow->weights(flow, chart->below, chart->below);
    for (size_t i = 0; i < flow->dim; i++) {
        const double off = fmax(chart->above[i] - chart->w[i], chart->w[i] - chart->below[i]);
        square += off * off;
    }
    return sqrt(square);
}

/* Is every unknown that is no weight at a limit other than zero? */
static bool keeps_exponents(const struct chart *chart, const struct outcome *outcome)
{
    static const double NEAR_ZERO = 1e-6; /* limits are known to about 1e-8 */
    if (!outcome->has_limit)
        return false;
    for (size_t i = 0; i < chart->flow->dim; i++)
        if (!(fabs(outcome->limit[i]) > NEAR_ZERO))
            return false;
    return true;
}

static void translate(const struct chart *chart, struct outcome *outcome)
{
    const struct flow *flow = chart->flow;
    const double *end = outcome->has_limit ? outcome->limit : outcome->last;
    outcome->distance_bound = distance_in_weights(chart, end, outcome->distance_bound);
    outcome->integration_error = distance_in_weights(chart, end, outcome->integration_error);
    if (isfinite(outcome->exponent) && !keeps_exponents(chart, outcome))
        outcome->exponent = NAN;
    flow->weights(flow, outcome->last, outcome->last);
    if (outcome->has_limit)
        flow->weights(flow, outcome->limit, outcome->limit);
}

/* What an error of the weights x0 is in the unknowns. */
static void translate_start_error(const struct chart *chart, const double *x0)
{
    const struct flow *flow = chart->flow;
    for (size_t i = 0; i < flow->dim; i++)
        chart->above[i] = x0[i] + chart->plan->start_error[i];
    flow->unknowns(flow, chart->above, chart->above);
    for (size_t i = 0; i < flow->dim; i++)
        chart->start_error[i] = chart->above[i] - chart->start[i];
}

static enum status run_inside(struct chart *chart, const double *x0, struct outcome *outcome)
{
    struct plan plan = *chart->plan;
    if (plan.visit)
        plan.visit = visit_weights;
    if (plan.event)
        plan.event = event_of_weights;
    if (plan.stop)
        plan.stop = stop_with_context;
    plan.context = chart;
    chart->flow->unknowns(chart->flow, x0, chart->start);
    if (plan.start_error) {
        translate_start_error(chart, x0);
        plan.start_error = chart->start_error;
    }
    TRY(trajectory_run(chart->flow->regular, &plan, chart->start, outcome));
    translate(chart, outcome);
    return OK;
}

enum status chart_run(const struct flow *flow, const struct plan *plan, const double *x0,
                      struct outcome *outcome)
{
    const size_t n = flow->dim;
    double *work = calloc(STATES * n, sizeof *work);
    if (!work)
        return status_fail(NO_MEMORY, "trajectory of %zu unknowns", n);
    struct chart chart = {.flow = flow, .plan = plan, .w = work};
    chart.start = chart.w + n;
    chart.start_error = chart.start + n;
    chart.above = chart.start_error + n;
    chart.below = chart.above + n;
    const enum status status = run_inside(&chart, x0, outcome);
    free(work);
    return status;
}
