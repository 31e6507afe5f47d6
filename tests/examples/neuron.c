/* One linear neuron, x' = alpha - beta x: the smallest learning system. */
#include "linear/problem.h"

#include <stdlib.h>

struct neuron {
    struct flow flow;
    double alpha, beta;
};

static enum status neuron_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    const struct neuron *p = flow->data;
    for (size_t k = 0; k < n; k++)
        dx[k] = p->alpha - p->beta * x[k];
    return OK;
}

static enum status neuron_jacobian(const struct flow *flow, const double *x, double *J)
{
    (void)x;
    J[0] = -((const struct neuron *)flow->data)->beta;
    return OK;
}

static enum status neuron_dim(const struct problem *problem, size_t *dim)
{
    (void)problem;
    *dim = 1;
    return OK;
}

static enum status neuron_flow(const struct problem *problem, struct flow **flow)
{
    static const char names[1][UNKNOWN_NAME_MAX] = {"x"};
    struct neuron *p = malloc(sizeof *p);
    if (!p)
        return status_fail(NO_MEMORY, "neuron");
    *p = (struct neuron){.alpha = problem->alpha, .beta = problem->beta};
    p->flow = (struct flow){.dim = 1, .title = "neuron", .names = names, .data = p,
                            .field = neuron_field, .jacobian = neuron_jacobian};
    *flow = &p->flow;
    return OK;
}

static enum status neuron_predict(const struct problem *problem, const double *x0, double *limit,
                                  struct prediction *prediction)
{
    *prediction = prediction_none("an example", "beta <= 0");
    limit[0] = problem->beta > 0 ? problem->alpha / problem->beta : x0[0];
    if (problem->beta > 0) {
        prediction->ending = ENDING_SETTLED;
        prediction->rate = -problem->beta;
        prediction->multiplicity = 1;
        prediction->reason = NULL;
    }
    return OK;
}

const struct system system_neuron = {
    .name = "neuron", .title = "one linear neuron", .equation = "x' = alpha - beta x",
    .unknowns = "x", .options = "--alpha --beta --data --init", .source = "an example",
    .label = "L1", .dim = neuron_dim, .flow = neuron_flow, .predict = neuron_predict,
};
