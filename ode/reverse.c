/* The reversed flow: the same functions, their values negated.  Everything that ode/ knows of a
 * flow comes through struct flow, so integrators and endings need no notion of direction.  Not for
 * flows that slide: backwards, solutions that slid together part again. */
#include "ode/reverse.h"

#include <stdio.h>
#include <stdlib.h>

struct reversed {
    struct flow flow;
    char title[CLAIM_NAME_MAX];
};

static const struct flow *forward_of(const struct flow *flow)
{
    return flow->data;
}

static void negate(size_t count, double *values)
{
    for (size_t i = 0; i < count; i++)
        values[i] = -values[i];
}

static enum status reversed_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    const struct flow *forward = forward_of(flow);
    TRY(forward->field(forward, n, x, dx));
    negate(n * flow->dim, dx);
    return OK;
}

static enum status reversed_jacobian(const struct flow *flow, const double *x, double *J)
{
    const struct flow *forward = forward_of(flow);
    TRY(forward->jacobian(forward, x, J));
    negate(flow->dim * flow->dim, J);
    return OK;
}

static enum status reversed_times(const struct flow *flow, const double *x, const double *v,
                                  double *Jv)
{
    const struct flow *forward = forward_of(flow);
    TRY(forward->jacobian_times(forward, x, v, Jv));
    negate(flow->dim, Jv);
    return OK;
}

static void reversed_rounding(const struct flow *flow, const double *x, double *bound)
{
    const struct flow *forward = forward_of(flow);
    forward->rounding(forward, x, bound);
}

static double reversed_observe(const struct flow *flow, size_t claim, const double *x)
{
    const struct flow *forward = forward_of(flow);
    return forward->observe(forward, claim, x);
}

static void reversed_gradient(const struct flow *flow, size_t claim, const double *x, double *g)
{
    const struct flow *forward = forward_of(flow);
    forward->gradient(forward, claim, x, g);
}

struct flow *reverse_create(const struct flow *flow)
{
    struct reversed *reversed = calloc(1, sizeof *reversed);
    if (!reversed)
        return NULL;
    snprintf(reversed->title, sizeof reversed->title, "%.100s, backwards", flow->title);
    reversed->flow = (struct flow){
        .dim = flow->dim,
        .title = reversed->title,
        .names = flow->names,
        .field = reversed_field,
        .jacobian = flow->jacobian ? reversed_jacobian : NULL,
        .jacobian_times = flow->jacobian_times ? reversed_times : NULL,
        .rounding = flow->rounding ? reversed_rounding : NULL,
        .claims = flow->conserved,
        .conserved = flow->conserved,
        .claim = flow->claim,
        .observe = reversed_observe,
        .gradient = reversed_gradient,
        .data = flow,
    };
    return &reversed->flow;
}
