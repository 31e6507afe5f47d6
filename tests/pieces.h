/* Piecewise models, for the tests of switches: f on the piece that the sides name.
 *
 * Shapes: x[dim], f[dim], J[dim*dim], g[switches], dim <= MODEL_MOST, switches <= PIECES_MOST.
 * Memory: the caller's struct. */
#ifndef TESTS_PIECES_H
#define TESTS_PIECES_H

#include "ode/plan.h"
#include "tests/model_flows.h"

enum { PIECES_MOST = 3 };

struct pieces {
    void (*at)(const signed char *side, const double *x, double *f, double *J);
    void (*g)(const double *x, double *g);
    size_t dim, switches;
    signed char side[PIECES_MOST];
};

static inline enum status pieces_field(const struct flow *flow, size_t n, const double *x,
                                       double *dx)
{
    const struct pieces *p = flow->data;
    double J[MODEL_MOST * MODEL_MOST] = {0};
    (void)n; /* one */
    p->at(flow->side, x, dx, J);
    return OK;
}

static inline enum status pieces_jacobian(const struct flow *flow, const double *x, double *J)
{
    const struct pieces *p = flow->data;
    double f[MODEL_MOST];
    memset(J, 0, flow->dim * flow->dim * sizeof *J);
    p->at(flow->side, x, f, J);
    return OK;
}

static inline void pieces_switching(const struct flow *flow, const double *x, double *g)
{
    const struct pieces *p = flow->data;
    p->g(x, g);
}

static inline struct flow pieces_flow(struct pieces *p)
{
    return (struct flow){.dim = p->dim,
                         .title = "pieces",
                         .names = model_names,
                         .field = pieces_field,
                         .jacobian = pieces_jacobian,
                         .switches = p->switches,
                         .switching = pieces_switching,
                         .side = p->side,
                         .data = p};
}

static inline void first(const double *x, double *g)
{
    g[0] = x[0];
}

static inline void both(const double *x, double *g)
{
    g[0] = x[0];
    g[1] = x[1];
}

static const enum method methods[] = {METHOD_BDF, METHOD_ADAMS, METHOD_RK8PD};

#endif
