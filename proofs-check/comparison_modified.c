/* f - (eta/2) f' f, with f' f by flow_jacobian_times(): exact where the flow has derivatives, and a
 * difference along f where it has none.  The cheaper f - (f(theta + eta f) - f(theta))/2 agrees with
 * it to O(eta^2) and would do for the order, but not for the constant. */
#include "proofs-check/comparison_modified.h"

#include <stdlib.h>

enum { SCRATCH = 6 }; /* [dim]: x, f and f' f of one state, and three of flow_jacobian_times() */

struct modified {
    struct flow flow;
    const struct flow *base;
    double eta;
    double *x, *f, *Jf, *work;
};

static enum status field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    const struct modified *modified = flow->data;
    const size_t dim = flow->dim;
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < dim; i++)
            modified->x[i] = x[i * n + k];
        TRY(modified->base->field(modified->base, 1, modified->x, modified->f));
        TRY(flow_jacobian_times(modified->base, modified->x, modified->f, modified->Jf,
                                modified->work));
        for (size_t i = 0; i < dim; i++)
            dx[i * n + k] = modified->f[i] - modified->eta / 2 * modified->Jf[i];
    }
    return OK;
}

enum status comparison_modified_create(const struct flow *base, double eta, struct flow **flow)
{
    struct modified *made = calloc(1, sizeof *made + SCRATCH * base->dim * sizeof(double));
    if (!made)
        return status_fail(NO_MEMORY, "the modified equation of %zu unknowns", base->dim);
    made->base = base;
    made->eta = eta;
    made->x = (double *)(void *)(made + 1);
    made->f = made->x + base->dim;
    made->Jf = made->f + base->dim;
    made->work = made->Jf + base->dim;
    made->flow = (struct flow){.dim = base->dim,
                               .title = "modified equation",
                               .names = base->names,
                               .field = field,
                               .data = made};
    *flow = &made->flow;
    return OK;
}
