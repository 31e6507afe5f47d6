/* Small flows with a closed-form answer, given as a function of the state, for the tests of
 * endings.
 *
 * Shapes: x[dim], f[dim], J[dim*dim], dim <= MODEL_MOST.  Memory: the caller's struct. */
#ifndef TESTS_MODEL_FLOWS_H
#define TESTS_MODEL_FLOWS_H

#include "ode/flow.h"

#include <math.h>
#include <string.h>

enum { MODEL_MOST = 4 };

struct model {
    size_t dim;
    /* f and its Jacobian, which comes zeroed. */
    void (*at)(const double *x, double *f, double *J);
};

static const char model_names[MODEL_MOST][UNKNOWN_NAME_MAX] = {"x", "y", "z", "w"};

static inline enum status model_field(const struct flow *flow, size_t n, const double *x,
                                      double *dx)
{
    const struct model *model = flow->data;
    double J[MODEL_MOST * MODEL_MOST] = {0}, one[MODEL_MOST] = {0}, f[MODEL_MOST] = {0};
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < flow->dim; i++)
            one[i] = x[i * n + k];
        model->at(one, f, J);
        for (size_t i = 0; i < flow->dim; i++)
            dx[i * n + k] = f[i];
    }
    return OK;
}

static inline enum status model_jacobian(const struct flow *flow, const double *x, double *J)
{
    const struct model *model = flow->data;
    double f[MODEL_MOST];
    memset(J, 0, flow->dim * flow->dim * sizeof *J);
    model->at(x, f, J);
    return OK;
}

static inline struct flow model_flow(const struct model *model)
{
    return (struct flow){.dim = model->dim,
                         .title = "model",
                         .names = model_names,
                         .field = model_field,
                         .jacobian = model_jacobian,
                         .data = model};
}

#endif
