/* Flows in general: the Jacobian by differences.
 *
 * The difference quotient is the fourth-order central one,
 *     f'(x) = (8 [f(x+h) - f(x-h)] - [f(x+2h) - f(x-2h)]) / (12 h) + O(h^4),
 * with h balancing h^4 against rounding eps/h.  It exists to hold hand-written Jacobians to account
 * (Newton's method forgives a wrong one, so no integration test can see it). */
#include "ode/flow.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

void flow_free(struct flow *flow)
{
    if (flow && flow->release)
        flow->release(flow);
    free(flow);
}

/* One column: d f / d x_j into J[i*dim + j]. */
static enum status difference_column(const struct flow *flow, size_t j, double *x, double *J,
                                     double *plus, double *minus)
{
    const double x_j = x[j];
    const double h = pow(DBL_EPSILON, 1.0 / 5.0) * fmax(1.0, fabs(x_j)); /* h^4 = eps/h */
    static const struct {
        double steps, weight;
    } stencil[] = {{1, 8.0 / 12.0}, {2, -1.0 / 12.0}};

    for (size_t i = 0; i < flow->dim; i++)
        J[i * flow->dim + j] = 0;
    for (size_t s = 0; s < sizeof stencil / sizeof *stencil; s++) {
        x[j] = x_j + stencil[s].steps * h;
        enum status up = flow->field(flow, 1, x, plus);
        x[j] = x_j - stencil[s].steps * h;
        enum status down = flow->field(flow, 1, x, minus);
        x[j] = x_j;
        TRY(up);
        TRY(down);
        for (size_t i = 0; i < flow->dim; i++)
            J[i * flow->dim + j] += stencil[s].weight * (plus[i] - minus[i]) / h;
    }
    return OK;
}

enum status flow_jacobian_by_differences(const struct flow *flow, const double *x, double *J,
                                         double *work)
{
    double *point = work, *plus = work + flow->dim, *minus = work + 2 * flow->dim;
    for (size_t i = 0; i < flow->dim; i++)
        point[i] = x[i];
    for (size_t j = 0; j < flow->dim; j++)
        TRY(difference_column(flow, j, point, J, plus, minus));
    return OK;
}

bool flow_is_large(const struct flow *flow)
{
    return flow->dim > FLOW_DENSE_MOST || !flow->jacobian;
}

static double length_of(size_t n, const double *v)
{
    double sum = 0;
    for (size_t j = 0; j < n; j++)
        sum += v[j] * v[j];
    return sqrt(sum);
}

/* One scale for all unknowns: h |v| = eps^(1/5) (1 + |x|), h^4 = eps/h. */
static enum status differences_along(const struct flow *flow, const double *x, const double *v,
                                     double *Jv, double *work)
{
    static const struct {
        double steps, weight;
    } stencil[] = {{1, 8.0 / 12.0}, {-1, -8.0 / 12.0}, {2, -1.0 / 12.0}, {-2, 1.0 / 12.0}};
    const size_t n = flow->dim;
    const double size = length_of(n, v);
    const double h = pow(DBL_EPSILON, 1.0 / 5.0) * (1 + length_of(n, x)) / (size > 0 ? size : 1);
    double *point = work, *f = work + n, *sum = work + 2 * n;
    for (size_t i = 0; i < n; i++)
        sum[i] = 0;
    for (size_t s = 0; s < sizeof stencil / sizeof *stencil; s++) {
        for (size_t i = 0; i < n; i++)
            point[i] = x[i] + stencil[s].steps * h * v[i];
        TRY(flow->field(flow, 1, point, f));
        for (size_t i = 0; i < n; i++)
            sum[i] += stencil[s].weight * f[i] / h;
    }
    for (size_t i = 0; i < n; i++)
        Jv[i] = sum[i];
    return OK;
}

enum status flow_jacobian_times(const struct flow *flow, const double *x, const double *v,
                                double *Jv, double *work)
{
    return flow->jacobian_times ? flow->jacobian_times(flow, x, v, Jv)
                                : differences_along(flow, x, v, Jv, work);
}

static enum status fill_columns(const struct flow *flow, const double *x, double *J, double *work)
{
    const size_t n = flow->dim;
    double *unit = work, *column = work + n;
    for (size_t j = 0; j < n; j++) {
        unit[j] = 1;
        TRY(flow_jacobian_times(flow, x, unit, column, work + 2 * n));
        unit[j] = 0;
        for (size_t i = 0; i < n; i++)
            J[i * n + j] = column[i];
    }
    return OK;
}

enum status flow_jacobian_by_columns(const struct flow *flow, const double *x, double *J)
{
    double *work = calloc(5 * flow->dim, sizeof *work);
    if (!work)
        return status_fail(NO_MEMORY, "Jacobian of %s", flow->title);
    const enum status status = fill_columns(flow, x, J, work);
    free(work);
    return status;
}

void flow_integrals(const struct flow *flow, const double *x, double *I)
{
    for (size_t k = 0; k < flow->conserved; k++)
        I[k] = flow->observe(flow, k, x);
}
