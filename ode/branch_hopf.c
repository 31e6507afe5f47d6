/* The first Lyapunov coefficient of a Hopf point, by projection on its eigenvectors.
 *
 * With J q = i omega q, J' p = -i omega p, <q, q> = <p, q> = 1, and B, C the second and third
 * derivatives of f (Kuznetsov 2004, (5.62)):
 *
 *     l1 = Re[<p, C(q,q,q*)> - 2 <p, B(q, J^-1 B(q,q*))> + <p, B(q*, (2 i omega - J)^-1 B(q,q))>]
 *          / (2 omega)
 *
 * Its sign does not depend on how q is scaled: negative, a stable cycle is born (supercritical);
 * positive, an unstable one (subcritical).  With q = a + i b only the derivatives of J along a and
 * b are needed, which are central differences with Richardson's extrapolation; what a step twice as
 * long changes is the doubt.
 * Rejected: third derivatives in closed form, one more function for every system. */
#include "ode/branch.h"

#include "ode/dense.h"
#include "ode/vector.h"

#include <gsl/gsl_complex_math.h>
#include <gsl/gsl_eigen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Over 1 + |x|: with Richardson an error of 1e-10 f^(6), and of rounding 1e-11 |J|. */
static const double STEP = 4e-3;
static const double RICHARDSON = 4; /* error h^2: (4 D(h/2) - D(h)) / 3 */

/* Vectors are complex: real part [n], then imaginary part [n]. */
struct projection {
    const struct flow *flow;
    const double *x;
    size_t n;
    double omega, terms;              /* the moduli of the three terms of l1, summed */
    double *J, *first[2], *second[2]; /* [n*n]; derivatives of J along Re q and Im q */
    double *q, *p;                    /* [2n] */
    double *u, *v, *w, *big, *matrix; /* [2n] each, [4 n*n], [n*n] */
    double storage[];
};

static struct projection *projection_create(const struct flow *flow, const double *x)
{
    const size_t n = flow->dim, square = n * n;
    struct projection *made = calloc(1, sizeof *made + (10 * square + 10 * n) * sizeof(double));
    if (!made)
        return NULL;
    double *next = made->storage;
    struct {
        double **array;
        size_t size;
    } const arrays[] = {
        {&made->J, square},         {&made->first[0], square},  {&made->first[1], square},
        {&made->second[0], square}, {&made->second[1], square}, {&made->big, 4 * square},
        {&made->matrix, square},    {&made->q, 2 * n},          {&made->p, 2 * n},
        {&made->u, 2 * n},          {&made->v, 2 * n},          {&made->w, 2 * n}};
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++) {
        *arrays[k].array = next;
        next += arrays[k].size;
    }
    made->flow = flow;
    made->x = x;
    made->n = n;
    return made;
}

static enum status jacobian_at(const struct projection *h, const double *x, double *J)
{
    return h->flow->jacobian ? h->flow->jacobian(h->flow, x, J)
                             : flow_jacobian_by_columns(h->flow, x, J);
}

/* ---- eigenvectors ---- */

/* The eigenvector of M[n*n] (destroyed) whose eigenvalue, of those above the real axis, is nearest
 * to the imaginary one; vector[2n], *omega its imaginary part. */
static enum status eigenvector(size_t n, double *M, double *vector, double *omega)
{
    gsl_eigen_nonsymmv_workspace *workspace = gsl_eigen_nonsymmv_alloc(n);
    gsl_vector_complex *values = gsl_vector_complex_alloc(n);
    gsl_matrix_complex *V = gsl_matrix_complex_alloc(n, n);
    enum status status = OK;
    double least = INFINITY;
    gsl_matrix_view m = gsl_matrix_view_array(M, n, n);
    if (!workspace || !values || !V)
        status = status_fail(NO_MEMORY, "eigenvectors of %zu directions", n);
    else if (gsl_eigen_nonsymmv(&m.matrix, values, V, workspace))
        status = status_fail(SOLVER_FAILED, "eigenvectors of a Hopf point");
    for (size_t k = 0; k < n && status == OK; k++) {
        const gsl_complex value = gsl_vector_complex_get(values, k);
        if (!(GSL_IMAG(value) > 0) || fabs(GSL_REAL(value)) >= least)
            continue;
        least = fabs(GSL_REAL(value));
        *omega = GSL_IMAG(value);
        for (size_t i = 0; i < n; i++) {
            vector[i] = GSL_REAL(gsl_matrix_complex_get(V, i, k));
            vector[n + i] = GSL_IMAG(gsl_matrix_complex_get(V, i, k));
        }
    }
    if (workspace)
        gsl_eigen_nonsymmv_free(workspace);
    if (values)
        gsl_vector_complex_free(values);
    if (V)
        gsl_matrix_complex_free(V);
    if (status == OK && !isfinite(least))
        return status_fail(BAD_ARGUMENT, "no pair of complex eigenvalues");
    return status;
}

/* sum_i p_i s_i without conjugation: p here is the conjugate of Kuznetsov's. */
static void pairing(size_t n, const double *p, const double *s, double value[2])
{
    value[0] = vector_dot(n, p, s) - vector_dot(n, p + n, s + n);
    value[1] = vector_dot(n, p, s + n) + vector_dot(n, p + n, s);
}

static enum status eigenvectors(struct projection *h)
{
    const size_t n = h->n;
    double other = 0, value[2];
    TRY(jacobian_at(h, h->x, h->J));
    memcpy(h->matrix, h->J, n * n * sizeof(double));
    TRY(eigenvector(n, h->matrix, h->q, &h->omega));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            h->matrix[i * n + j] = h->J[j * n + i];
    TRY(eigenvector(n, h->matrix, h->p, &other));
    const double norm = vector_norm(2 * n, h->q);
    for (size_t i = 0; i < 2 * n; i++)
        h->q[i] /= norm;
    pairing(n, h->p, h->q, value);
    const double square = value[0] * value[0] + value[1] * value[1];
    if (!(square > 0))
        return status_fail(SOLVER_FAILED, "the eigenvalues of a Hopf point are not simple");
    for (size_t i = 0; i < n; i++) { /* p / <p, q> */
        const double re = h->p[i], im = h->p[n + i];
        h->p[i] = (re * value[0] + im * value[1]) / square;
        h->p[n + i] = (im * value[0] - re * value[1]) / square;
    }
    return OK;
}

/* ---- derivatives of J ---- */

/* first and second derivative of J along d by steps of s, added with the weight. */
static enum status difference_add(struct projection *h, const double *d, double s, double weight,
                                  double *const derivative[2])
{
    const size_t n = h->n;
    for (int side = -1; side <= 1; side += 2) {
        for (size_t i = 0; i < n; i++)
            h->u[i] = h->x[i] + side * s * d[i];
        TRY(jacobian_at(h, h->u, h->matrix));
        for (size_t i = 0; i < n * n; i++) {
            derivative[0][i] += weight * side * h->matrix[i] / (2 * s);
            derivative[1][i] += weight * (h->matrix[i] - h->J[i]) / (s * s);
        }
    }
    return OK;
}

static enum status derivatives(struct projection *h, double s)
{
    const size_t n = h->n;
    for (size_t part = 0; part < 2; part++) {
        double *const derivative[2] = {h->first[part], h->second[part]};
        const double *d = h->q + part * n;
        memset(h->first[part], 0, n * n * sizeof(double));
        memset(h->second[part], 0, n * n * sizeof(double));
        TRY(difference_add(h, d, s / 2, RICHARDSON / (RICHARDSON - 1), derivative));
        TRY(difference_add(h, d, s, -1 / (RICHARDSON - 1), derivative));
    }
    return OK;
}

/* ---- the three terms ---- */

/* out[2n] = B(q, s) for sign = 1, B(q*, s) for sign = -1. */
static void bilinear(struct projection *h, double sign, const double *s, double *out)
{
    const size_t n = h->n;
    for (size_t i = 0; i < n; i++) {
        const double *A = h->first[0] + i * n, *B = h->first[1] + i * n;
        out[i] = vector_dot(n, A, s) - sign * vector_dot(n, B, s + n);
        out[n + i] = vector_dot(n, A, s + n) + sign * vector_dot(n, B, s);
    }
}

/* Re <p, C(q, q, q*)> */
static double cubic_term(struct projection *h)
{
    const size_t n = h->n;
    double value[2];
    for (size_t part = 0; part < 2; part++)
        for (size_t i = 0; i < n; i++)
            h->u[part * n + i] = vector_dot(n, h->second[0] + i * n, h->q + part * n) +
                                 vector_dot(n, h->second[1] + i * n, h->q + part * n);
    pairing(n, h->p, h->u, value);
    return value[0];
}

/* Re <p, B(q, J^-1 B(q, q*))> */
static enum status mean_term(struct projection *h, double *term)
{
    const size_t n = h->n;
    double value[2];
    for (size_t i = 0; i < n; i++) /* q*, then B(q, q*), which is real */
        h->u[i] = h->q[i];
    for (size_t i = n; i < 2 * n; i++)
        h->u[i] = -h->q[i];
    bilinear(h, 1, h->u, h->v);
    memcpy(h->matrix, h->J, n * n * sizeof(double));
    TRY(dense_solve(n, h->matrix, h->v));
    memset(h->v + n, 0, n * sizeof(double));
    bilinear(h, 1, h->v, h->w);
    pairing(n, h->p, h->w, value);
    *term = value[0];
    return OK;
}

/* Re <p, B(q*, (2 i omega - J)^-1 B(q, q))>; the complex system is a real one of twice the size. */
static enum status second_term(struct projection *h, double *term)
{
    const size_t n = h->n, m = 2 * n;
    double value[2];
    bilinear(h, 1, h->q, h->v);
    memset(h->big, 0, m * m * sizeof(double));
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++)
            h->big[i * m + j] = h->big[(n + i) * m + n + j] = -h->J[i * n + j];
        h->big[i * m + n + i] = -2 * h->omega;
        h->big[(n + i) * m + i] = 2 * h->omega;
    }
    TRY(dense_solve(m, h->big, h->v));
    bilinear(h, -1, h->v, h->w);
    pairing(n, h->p, h->w, value);
    *term = value[0];
    return OK;
}

static enum status coefficient(struct projection *h, double s, double *lyapunov)
{
    double mean = 0, second = 0;
    TRY(derivatives(h, s));
    TRY(mean_term(h, &mean));
    TRY(second_term(h, &second));
    const double cubic = cubic_term(h);
    *lyapunov = (cubic - 2 * mean + second) / (2 * h->omega);
    h->terms = (fabs(cubic) + 2 * fabs(mean) + fabs(second)) / (2 * h->omega);
    return OK;
}

static enum status project(struct projection *h, double *omega, double *lyapunov, double *doubt)
{
    double coarse = 0;
    TRY(eigenvectors(h));
    const double s = STEP * (1 + vector_norm(h->n, h->x));
    TRY(coefficient(h, 2 * s, &coarse));
    TRY(coefficient(h, s, lyapunov));
    *doubt = fabs(*lyapunov - coarse);
    *omega = h->omega;
    return OK;
}

enum status branch_lyapunov(const struct flow *flow, const double *x, double *omega,
                            double *lyapunov, double *doubt)
{
    struct projection *h = projection_create(flow, x);
    if (!h)
        return status_fail(NO_MEMORY, "Hopf point of %zu unknowns", flow->dim);
    const enum status status = project(h, omega, lyapunov, doubt);
    free(h);
    return status;
}

enum status branch_lyapunov_share(const struct flow *flow, const double *x, double *share,
                                  double *doubt)
{
    double omega = 0, lyapunov = 0;
    struct projection *h = projection_create(flow, x);
    if (!h)
        return status_fail(NO_MEMORY, "Hopf point of %zu unknowns", flow->dim);
    const enum status status = project(h, &omega, &lyapunov, doubt);
    const double terms = h->terms;
    free(h);
    if (status == OK) {
        *share = lyapunov / terms;
        *doubt /= terms;
    }
    return status;
}
