/* Eigenvectors of the Jacobian at the saddle, by GSL.  Neutral directions do not count, so that the
 * saddles of a continuum on a leaf of first integrals have their separatrices, too. */
#include "ode/separatrix.h"

#include <float.h>
#include <gsl/gsl_eigen.h>
#include <math.h>
#include <stdlib.h>

/* Eigenvalues below this share of |J| are zeros: a double zero splits by the root of rounding. */
static const double NEUTRAL = 1e-7;

/* GSL's objects of one call. */
struct eigen {
    gsl_eigen_nonsymmv_workspace *workspace;
    gsl_vector_complex *value;
    gsl_matrix_complex *vector;
    gsl_matrix *J;
};

static bool eigen_begin(struct eigen *eigen, size_t n)
{
    *eigen = (struct eigen){.workspace = gsl_eigen_nonsymmv_alloc(n),
                            .value = gsl_vector_complex_alloc(n),
                            .vector = gsl_matrix_complex_alloc(n, n),
                            .J = gsl_matrix_alloc(n, n)};
    return eigen->workspace && eigen->value && eigen->vector && eigen->J;
}

static void eigen_end(struct eigen *eigen)
{
    if (eigen->workspace)
        gsl_eigen_nonsymmv_free(eigen->workspace);
    if (eigen->value)
        gsl_vector_complex_free(eigen->value);
    if (eigen->vector)
        gsl_matrix_complex_free(eigen->vector);
    if (eigen->J)
        gsl_matrix_free(eigen->J);
}

static void starts_set(const struct eigen *eigen, size_t column, const double *saddle, double step,
                       double *start)
{
    const size_t n = eigen->J->size1;
    for (size_t i = 0; i < n; i++) {
        const double v = GSL_REAL(gsl_matrix_complex_get(eigen->vector, i, column));
        start[i] = saddle[i] + step * v;
        start[n + i] = saddle[i] - step * v;
    }
}

/* Sorts the eigenvalues into stable and unstable ones; only single real ones are followed. */
static void directions_take(const struct eigen *eigen, const double *saddle, double step,
                            double size, struct separatrix *separatrix)
{
    size_t count[SEPARATRIX_KINDS] = {0};
    for (size_t k = 0; k < eigen->J->size1; k++) {
        const gsl_complex lambda = gsl_vector_complex_get(eigen->value, k);
        if (fabs(GSL_REAL(lambda)) <= NEUTRAL * size)
            continue;
        const enum separatrix_kind kind =
            GSL_REAL(lambda) > 0 ? SEPARATRIX_UNSTABLE : SEPARATRIX_STABLE;
        count[kind]++;
        separatrix->has[kind] = count[kind] == 1 && GSL_IMAG(lambda) == 0;
        separatrix->rate[kind] = GSL_REAL(lambda);
        if (separatrix->has[kind])
            starts_set(eigen, k, saddle, step, separatrix->start[kind]);
    }
}

static enum status separatrix_fill(const struct flow *flow, const double *saddle, double step,
                                   struct eigen *eigen, struct separatrix *separatrix)
{
    const size_t n = flow->dim;
    double size = 0;
    TRY(flow->jacobian ? flow->jacobian(flow, saddle, eigen->J->data)
                       : flow_jacobian_by_columns(flow, saddle, eigen->J->data));
    for (size_t i = 0; i < n * n; i++)
        size = hypot(size, eigen->J->data[i]);
    if (gsl_eigen_nonsymmv(eigen->J, eigen->value, eigen->vector, eigen->workspace) != 0)
        return status_fail(SOLVER_FAILED, "GSL: no eigenvectors at a saddle");
    directions_take(eigen, saddle, step, size, separatrix);
    return OK;
}

enum status separatrix_create(const struct flow *flow, const double *saddle, double step,
                              struct separatrix **out)
{
    const size_t n = flow->dim;
    struct eigen eigen = {.workspace = NULL};
    struct separatrix *separatrix =
        calloc(1, sizeof *separatrix + 2 * SEPARATRIX_KINDS * n * sizeof(double));
    enum status status = status_fail(NO_MEMORY, "separatrices of %zu unknowns", n);
    if (separatrix && eigen_begin(&eigen, n)) {
        for (size_t k = 0; k < SEPARATRIX_KINDS; k++)
            separatrix->start[k] = separatrix->storage + 2 * k * n;
        status = separatrix_fill(flow, saddle, step, &eigen, separatrix);
    }
    eigen_end(&eigen);
    if (status == OK)
        *out = separatrix;
    else
        free(separatrix);
    return status;
}

void separatrix_free(struct separatrix *separatrix)
{
    free(separatrix);
}
