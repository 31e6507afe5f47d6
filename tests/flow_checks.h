/* What every flow is held to, at one state: derivatives against differences, claims against the
 * field, lanes against one lane.  For the tests that draw problems and states at random.
 *
 * Newton's method forgives a wrong Jacobian and an endpoint forgives a wrong integral, so each is
 * compared with differences and with the field itself.  Where two tests need different rounding
 * bounds, the bound is the caller's.
 *
 * Shapes: x[dim], dim <= FLOW_DENSE_MOST.  Memory: the stack.  Errors: the test fails, and says at
 * which flow. */
#ifndef TESTS_FLOW_CHECKS_H
#define TESTS_FLOW_CHECKS_H

#include "base/stream.h"
#include "tests/chains.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Two rows of n numbers differ by at most `allowed` (1 + the largest of the first). */
static inline void flow_checks_row(const struct flow *flow, const char *what, const double *row,
                                   const double *other, double allowed)
{
    double largest = 0;
    for (size_t j = 0; j < flow->dim; j++)
        largest = fmax(largest, fabs(row[j]));
    for (size_t j = 0; j < flow->dim; j++)
        if (!(fabs(row[j] - other[j]) <= allowed * (1 + largest)))
            fail_msg("%s, %s: entry %zu is %.12g, by differences %.12g", flow->title, what, j,
                     row[j], other[j]);
}

/* J by rows against Richardson's differences. */
static inline void flow_checks_jacobian(const struct flow *flow, const double *x, double allowed)
{
    static double J[FLOW_DENSE_MOST * FLOW_DENSE_MOST], D[FLOW_DENSE_MOST * FLOW_DENSE_MOST];
    double work[3 * FLOW_DENSE_MOST];
    char what[UNKNOWN_NAME_MAX + 8];
    assert_int_equal(flow->jacobian(flow, x, J), OK);
    assert_int_equal(flow_jacobian_by_differences(flow, x, D, work), OK);
    for (size_t i = 0; i < flow->dim; i++) {
        snprintf(what, sizeof what, "J of %s'", flow->names[i]);
        flow_checks_row(flow, what, J + i * flow->dim, D + i * flow->dim, allowed);
    }
}

/* d(observable)/d x_j, with Richardson's extrapolation; x is changed on the way. */
static inline double flow_checks_slope(const struct flow *flow, size_t claim, double *x, size_t j)
{
    const double x_j = x[j], h = pow(DBL_EPSILON, 1.0 / 5) * fmax(1, fabs(x_j));
    double sum = 0;
    for (int steps = 1; steps <= 2; steps++) {
        x[j] = x_j + steps * h;
        const double up = flow->observe(flow, claim, x);
        x[j] = x_j - steps * h;
        sum += (steps == 1 ? 8.0 : -1.0) / 12 * (up - flow->observe(flow, claim, x));
    }
    x[j] = x_j;
    return sum / h;
}

static inline void flow_checks_gradient(const struct flow *flow, size_t claim, const double *x,
                                        double allowed)
{
    double at[FLOW_DENSE_MOST], g[FLOW_DENSE_MOST], d[FLOW_DENSE_MOST];
    memcpy(at, x, flow->dim * sizeof *x);
    flow->gradient(flow, claim, x, g);
    for (size_t j = 0; j < flow->dim; j++)
        d[j] = flow_checks_slope(flow, claim, at, j);
    flow_checks_row(flow, flow->claim[claim].name, g, d, allowed);
}

/* A claim along the field f[dim] at x: its change, against a bound on the rounding of each f_j in
 * epsilons, bound[dim], and so many epsilons of each term of the sum. */
struct flow_checks_claim {
    const double *f, *bound;
    double roundings;
};

static inline void flow_checks_claim(const struct flow *flow, size_t claim, const double *x,
                                     const struct flow_checks_claim *at)
{
    double g[FLOW_DENSE_MOST], along = 0, error = 0;
    const bool conserved = flow->claim[claim].kind == CLAIM_CONSERVED;
    flow->gradient(flow, claim, x, g);
    for (size_t j = 0; j < flow->dim; j++) {
        along += g[j] * at->f[j];
        error += fabs(g[j]) * at->bound[j] + at->roundings * fabs(g[j] * at->f[j]);
    }
    assert_true(conserved == (claim < flow->conserved)); /* the conserved ones come first */
    if (conserved ? !(fabs(along) <= DBL_EPSILON * error) : !(along <= DBL_EPSILON * error))
        fail_msg("%s: d/dt (%s) = %g, rounding %g", flow->title, flow->claim[claim].name, along,
                 DBL_EPSILON * error);
}

/* Lanes do not see each other: every width gives the bits of one lane, the sign of zero too. */
static inline void flow_checks_lanes(struct stream *stream, const struct flow *flow)
{
    enum { LANES_HERE = 64 };
    static const size_t widths[] = {1, 2, 3, 8, 11, 13, 19, LANES_HERE};
    static double x[FLOW_DENSE_MOST * LANES_HERE], dx[FLOW_DENSE_MOST * LANES_HERE];
    const size_t dim = flow->dim;
    for (size_t w = 0; w < COUNT(widths); w++) {
        const size_t n = widths[w];
        for (size_t k = 0; k < dim * n; k++)
            x[k] = 1.3 * stream_normal(stream);
        memset(dx, 0x7f, sizeof dx);
        assert_int_equal(flow->field(flow, n, x, dx), OK);
        for (size_t k = 0; k < n; k++) {
            double one[FLOW_DENSE_MOST], alone[FLOW_DENSE_MOST];
            for (size_t i = 0; i < dim; i++)
                one[i] = x[i * n + k];
            assert_int_equal(flow->field(flow, 1, one, alone), OK);
            for (size_t i = 0; i < dim; i++)
                if (alone[i] != dx[i * n + k] || signbit(alone[i]) != signbit(dx[i * n + k]))
                    fail_msg("%s: lane %zu of %zu, unknown %zu: %a alone, %a together", flow->title,
                             k, n, i, alone[i], dx[i * n + k]);
        }
    }
}

#endif
