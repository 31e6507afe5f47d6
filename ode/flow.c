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

void flow_integrals(const struct flow *flow, const double *x, double *I)
{
    for (size_t k = 0; k < flow->conserved; k++)
        I[k] = flow->observe(flow, k, x);
}
