/* f - (eta/2) f' f, with f' f from the flow's derivatives where it has them, else by a difference
 * along f (flow_jacobian_times() would take one although there is a matrix).  The cheaper f - (f(theta + eta f) - f(theta))/2 agrees with
 * it to O(eta^2) and would do for the order, but not for the constant. */
#include "proofs-check/comparison_modified.h"

#include <stdbool.h>
#include <stdlib.h>

enum { SCRATCH = 6 }; /* [dim]: x, f and f' f of one state, and three of flow_jacobian_times() */

struct modified {
    struct flow flow;
    const struct flow *base;
    double eta;
    double *x, *f, *Jf, *work;
    double *J; /* [dim*dim], where the flow has a matrix and no product with one; else NULL */
};

/* f' f at x */
static enum status curve(const struct modified *modified)
{
    const struct flow *base = modified->base;
    const size_t dim = base->dim;
    if (!modified->J)
        return flow_jacobian_times(base, modified->x, modified->f, modified->Jf, modified->work);
    TRY(base->jacobian(base, modified->x, modified->J));
    for (size_t i = 0; i < dim; i++) {
        modified->Jf[i] = 0;
        for (size_t j = 0; j < dim; j++)
            modified->Jf[i] += modified->J[i * dim + j] * modified->f[j];
    }
    return OK;
}

static enum status field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    const struct modified *modified = flow->data;
    const size_t dim = flow->dim;
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < dim; i++)
            modified->x[i] = x[i * n + k];
        TRY(modified->base->field(modified->base, 1, modified->x, modified->f));
        TRY(curve(modified));
        for (size_t i = 0; i < dim; i++)
            dx[i * n + k] = modified->f[i] - modified->eta / 2 * modified->Jf[i];
    }
    return OK;
}

enum status comparison_modified_create(const struct flow *base, double eta, struct flow **flow)
{
    const bool matrix = base->jacobian && !base->jacobian_times && !flow_is_large(base);
    const size_t numbers = base->dim * (SCRATCH + (matrix ? base->dim : 0));
    struct modified *made = calloc(1, sizeof *made + numbers * sizeof(double));
    if (!made)
        return status_fail(NO_MEMORY, "the modified equation of %zu unknowns", base->dim);
    made->base = base;
    made->eta = eta;
    made->x = (double *)(void *)(made + 1);
    made->f = made->x + base->dim;
    made->Jf = made->f + base->dim;
    made->work = made->Jf + base->dim;
    made->J = matrix ? made->work + 3 * base->dim : NULL;
    made->flow = (struct flow){.dim = base->dim,
                               .title = "modified equation",
                               .names = base->names,
                               .field = field,
                               .data = made};
    *flow = &made->flow;
    return OK;
}
