/* Flows that no system registers: oscillators, and one-dimensional fields with a domain.
 *
 *   x' = y, y' = d(x) y - x    with d = -2 eps (a focus, or the harmonic oscillator) or mu (1 -
 * x^2) x' = f(x)                  with a status of its own: NaN, RETRY_SHORTER, a failure
 *
 * Shapes: x[2], x[1].  Memory: the caller's struct; flow_free() must not see it. */
#ifndef TESTS_PLANAR_FLOWS_H
#define TESTS_PLANAR_FLOWS_H

#include "ode/flow.h"

#include <math.h>

struct oscillator {
    double constant, square; /* d = constant + square x^2 */
};

static const char oscillator_names[2][UNKNOWN_NAME_MAX] = {"x", "y"};
static const struct claim oscillator_claim = {
    .kind = CLAIM_CONSERVED, .name = "(x^2 + y^2)/2", .label = "E7"};

static inline enum status oscillator_field(const struct flow *flow, size_t n, const double *x,
                                           double *dx)
{
    const struct oscillator *p = flow->data;
    for (size_t k = 0; k < n; k++) {
        const double u = x[k], v = x[n + k];
        dx[k] = v;
        dx[n + k] = (p->constant + p->square * u * u) * v - u;
    }
    return OK;
}

static inline enum status oscillator_jacobian(const struct flow *flow, const double *x, double *J)
{
    const struct oscillator *p = flow->data;
    J[0] = 0;
    J[1] = 1;
    J[2] = 2 * p->square * x[0] * x[1] - 1;
    J[3] = p->constant + p->square * x[0] * x[0];
    return OK;
}

static inline double oscillator_energy(const struct flow *flow, size_t claim, const double *x)
{
    (void)flow, (void)claim;
    return (x[0] * x[0] + x[1] * x[1]) / 2;
}

static inline void oscillator_gradient(const struct flow *flow, size_t claim, const double *x,
                                       double *g)
{
    (void)flow, (void)claim;
    g[0] = x[0];
    g[1] = x[1];
}

/* `conserved`: 1 to claim the energy (true of the harmonic oscillator only), else 0. */
static inline struct flow oscillator_flow(const struct oscillator *parameters, size_t conserved)
{
    return (struct flow){.dim = 2,
                         .title = "oscillator",
                         .names = oscillator_names,
                         .field = oscillator_field,
                         .jacobian = oscillator_jacobian,
                         .claims = conserved,
                         .conserved = conserved,
                         .claim = &oscillator_claim,
                         .observe = oscillator_energy,
                         .gradient = oscillator_gradient,
                         .data = parameters};
}

/* x' = f(x), with its slope. */
struct line_field {
    enum status (*at)(double x, double *f, double *slope);
};

static inline enum status line_field_value(const struct flow *flow, size_t n, const double *x,
                                           double *dx)
{
    const struct line_field *line = flow->data;
    double slope;
    for (size_t k = 0; k < n; k++)
        TRY(line->at(x[k], &dx[k], &slope));
    return OK;
}

static inline enum status line_field_jacobian(const struct flow *flow, const double *x, double *J)
{
    const struct line_field *line = flow->data;
    double f;
    return line->at(x[0], &f, J);
}

static inline struct flow line_flow(const struct line_field *line)
{
    return (struct flow){.dim = 1,
                         .title = "line",
                         .names = oscillator_names,
                         .field = line_field_value,
                         .jacobian = line_field_jacobian,
                         .data = line};
}

#endif
