/* The curve f(x, p) = 0 near one of its points.
 *
 * A flow is made anew for every value of p; f_q is a difference quotient, whose error slows
 * Newton's method and tilts the tangent a little, but moves neither the points nor the folds: a
 * point is where f = 0, and the tangent is vertical exactly where J is singular.  Tangents come
 * from the bordered matrix [J f_q; before], whose determinant is not zero at folds and changes sign
 * where two branches cross (Keller 1977; Kuznetsov 2004, section 10.2), so that the two are told
 * apart by signs.
 *
 * Newton's method ends where its correction is of the size of rounding, or has stopped to fall
 * below ACCEPTED: near a crossing the bordered matrix is nearly singular and corrections do not
 * reach rounding.
 * Rejected: Jacobians by p in closed form, one per parameter and system; natural continuation in p,
 * which stops at folds. */
#include "ode/branch_curve.h"

#include "ode/dense.h"
#include "ode/vector.h"

#include <float.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CORRECTIONS_MOST = 20 };
static const double DIFFERENCE = 1e-5; /* step in q: error 1e-10 f''', rounding 1e-11 f */
static const double RESOLVED = 16;     /* a correction of so many roundings of y is the last */
static const double ACCEPTED = 1e-9;   /* a correction that no longer falls, over 1 + |y| */
static const double DIVERGED = 1e3;    /* over 1 + |y| where Newton's method began */
static const double NEUTRAL = 1e-11;   /* real part over |J|: rounding of an eigenvalue */
/* A switching function over 1 + |y|, as corrections end at ACCEPTED */
static const double ON_SURFACE = 1e-9;
/* |Im| over |J|: a triple real eigenvalue splits by the cube root of rounding */
static const double COMPLEX_LEAST = 1e-5;

struct branch_curve {
    const struct branch_family *family;
    size_t n;
    double *f, *J, *fq, *probe, *bordered, *right, *singular, *V, *re, *im;
    gsl_permutation *order;
    gsl_eigen_nonsymm_workspace *eigen;
    gsl_vector_complex *values;
    double storage[];
};

struct branch_curve *branch_curve_create(const struct branch_family *family)
{
    const size_t n = family->dim, m = n + 1;
    struct branch_curve *curve =
        calloc(1, sizeof *curve + (n * n + 2 * m * m + 6 * m + 2 * n) * sizeof(double));
    if (!curve)
        return NULL;
    gsl_set_error_handler_off(); /* GSL's default handler aborts; codes are looked at here */
    double *next = curve->storage;
    struct {
        double **array;
        size_t size;
    } const arrays[] = {{&curve->f, n},     {&curve->J, n * n},        {&curve->fq, n},
                        {&curve->probe, n}, {&curve->bordered, m * m}, {&curve->right, m},
                        {&curve->V, m * m}, {&curve->singular, m},     {&curve->re, n},
                        {&curve->im, n}};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i].array = next;
        next += arrays[i].size;
    }
    curve->family = family;
    curve->n = n;
    curve->order = gsl_permutation_alloc(m);
    curve->eigen = gsl_eigen_nonsymm_alloc(n);
    curve->values = gsl_vector_complex_alloc(n);
    if (curve->order && curve->eigen && curve->values)
        return curve;
    branch_curve_free(curve);
    return NULL;
}

void branch_curve_free(struct branch_curve *curve)
{
    if (!curve)
        return;
    if (curve->order)
        gsl_permutation_free(curve->order);
    if (curve->eigen)
        gsl_eigen_nonsymm_free(curve->eigen);
    if (curve->values)
        gsl_vector_complex_free(curve->values);
    free(curve);
}

size_t branch_curve_unknowns(const struct branch_curve *curve)
{
    return curve->n;
}

double branch_curve_value(const struct branch_curve *curve, double q)
{
    const struct branch_family *family = curve->family;
    return q == 1 ? family->to : family->from + q * (family->to - family->from);
}

enum status branch_curve_flow(struct branch_curve *curve, double q, struct flow **flow)
{
    const struct branch_family *family = curve->family;
    TRY(family->flow_at(family->context, branch_curve_value(curve, q), flow));
    if ((*flow)->dim == family->dim)
        return OK;
    const size_t dim = (*flow)->dim;
    flow_free(*flow);
    return status_fail(BAD_ARGUMENT, "a branch of %zu unknowns becomes one of %zu", family->dim,
                       dim);
}

/* ---- f, J and f_q ---- */

static enum status field_at(struct branch_curve *curve, const double *y, double q, double *f)
{
    struct flow *flow;
    TRY(branch_curve_flow(curve, q, &flow));
    const enum status status = flow->field(flow, 1, y, f);
    flow_free(flow);
    return status;
}

static enum status jacobian_of(const struct flow *flow, const double *x, double *J)
{
    return flow->jacobian ? flow->jacobian(flow, x, J) : flow_jacobian_by_columns(flow, x, J);
}

/* Does y stand on a surface where the flow is not smooth? */
static bool is_on_surface(const struct flow *flow, const double *y, double *g)
{
    flow->switching(flow, y, g);
    for (size_t k = 0; k < flow->switches; k++)
        if (fabs(g[k]) <= ON_SURFACE * (1 + vector_norm(flow->dim, y)))
            return true;
    return false;
}

static bool is_kinked(const struct flow *flow, const double *y)
{
    if (flow->switches == 0)
        return false;
    double *g = calloc(flow->switches, sizeof *g);
    const bool kinked = !g || is_on_surface(flow, y, g);
    free(g);
    return kinked;
}

bool branch_curve_is_kinked(struct branch_curve *curve, const double *y)
{
    struct flow *flow;
    if (branch_curve_flow(curve, y[curve->n], &flow) != OK)
        return false;
    const bool kinked = is_kinked(flow, y);
    flow_free(flow);
    return kinked;
}

static enum status field_and_jacobian(struct branch_curve *curve, const double *y)
{
    struct flow *flow;
    TRY(branch_curve_flow(curve, y[curve->n], &flow));
    enum status status = is_kinked(flow, y) ? status_fail(NOT_FINITE, "branch: a kink")
                                            : flow->field(flow, 1, y, curve->f);
    if (status == OK)
        status = jacobian_of(flow, y, curve->J);
    flow_free(flow);
    return status;
}

/* Central; one-sided where a parameter cannot go farther, as lambda below 0. */
static enum status slope_by_parameter(struct branch_curve *curve, const double *y)
{
    const double q = y[curve->n];
    double before = DIFFERENCE, after = DIFFERENCE;
    if (field_at(curve, y, q + after, curve->fq) != OK) {
        after = 0;
        memcpy(curve->fq, curve->f, curve->n * sizeof *curve->fq);
    }
    if (field_at(curve, y, q - before, curve->probe) != OK) {
        before = 0;
        memcpy(curve->probe, curve->f, curve->n * sizeof *curve->probe);
    }
    if (before + after == 0)
        return status_fail(BAD_ARGUMENT, "the parameter cannot be varied at %g",
                           branch_curve_value(curve, q));
    for (size_t i = 0; i < curve->n; i++)
        curve->fq[i] = (curve->fq[i] - curve->probe[i]) / (before + after);
    return OK;
}

static enum status linearise(struct branch_curve *curve, const double *y)
{
    TRY(field_and_jacobian(curve, y));
    TRY(slope_by_parameter(curve, y));
    for (size_t i = 0; i < curve->n; i++)
        if (!isfinite(curve->f[i]) || !isfinite(curve->fq[i]))
            return status_fail(NOT_FINITE, "branch: the field is not finite");
    for (size_t i = 0; i < curve->n * curve->n; i++)
        if (!isfinite(curve->J[i]))
            return status_fail(NOT_FINITE, "branch: the Jacobian is not finite");
    return OK;
}

/* bordered[(n+1)^2] = [J f_q; last], factored; its determinant's sign, 0 if it is singular. */
static int border(struct branch_curve *curve, const double *last)
{
    const size_t n = curve->n, m = n + 1;
    for (size_t i = 0; i < n; i++) {
        memcpy(curve->bordered + i * m, curve->J + i * n, n * sizeof(double));
        curve->bordered[i * m + n] = curve->fq[i];
    }
    memcpy(curve->bordered + n * m, last, m * sizeof(double));
    gsl_matrix_view A = gsl_matrix_view_array(curve->bordered, m, m);
    int sign = 0;
    if (gsl_linalg_LU_decomp(&A.matrix, curve->order, &sign))
        return 0;
    return gsl_linalg_LU_sgndet(&A.matrix, sign);
}

/* right[n+1] becomes the solution; false if it is not finite. */
static bool border_solve(struct branch_curve *curve)
{
    const size_t m = curve->n + 1;
    gsl_matrix_view A = gsl_matrix_view_array(curve->bordered, m, m);
    gsl_vector_view b = gsl_vector_view_array(curve->right, m);
    if (gsl_linalg_LU_svx(&A.matrix, curve->order, &b.vector))
        return false;
    return isfinite(vector_norm(m, curve->right));
}

/* ---- points and tangents ---- */

/* One correction of y, relative to 1 + |y|; INFINITY: there is none. */
static double correct_once(struct branch_curve *curve, const double *normal, double offset,
                           double *y)
{
    const size_t n = curve->n, m = n + 1;
    if (linearise(curve, y) != OK || border(curve, normal) == 0)
        return INFINITY;
    memcpy(curve->right, curve->f, n * sizeof(double));
    curve->right[n] = vector_dot(m, normal, y) - offset;
    if (!border_solve(curve))
        return INFINITY;
    for (size_t i = 0; i < m; i++)
        y[i] -= curve->right[i];
    return vector_norm(m, curve->right) / (1 + vector_norm(m, y));
}

bool branch_curve_correct(struct branch_curve *curve, const double *normal, double *y)
{
    const size_t m = curve->n + 1;
    const double offset = vector_dot(m, normal, y), size = 1 + vector_norm(m, y);
    double last = INFINITY;
    for (int k = 0; k < CORRECTIONS_MOST; k++) {
        const double correction = correct_once(curve, normal, offset, y);
        if (!(vector_norm(m, y) <= DIVERGED * size))
            return false;
        if (correction <= RESOLVED * DBL_EPSILON ||
            (correction <= ACCEPTED && correction >= last / 2))
            return true;
        last = correction;
    }
    return false;
}

bool branch_curve_newton(struct branch_curve *curve, const double *y, double *d)
{
    const size_t n = curve->n;
    if (field_and_jacobian(curve, y) != OK)
        return false;
    memcpy(d, curve->f, n * sizeof *d);
    return dense_solve(n, curve->J, d) == OK && isfinite(vector_norm(n, d));
}

enum status branch_curve_tangent(struct branch_curve *curve, const double *y, const double *before,
                                 double *t, int *sign)
{
    const size_t n = curve->n, m = n + 1;
    TRY(linearise(curve, y));
    *sign = border(curve, before);
    memset(curve->right, 0, n * sizeof(double));
    curve->right[n] = 1;
    if (*sign == 0 || !border_solve(curve))
        return status_fail(SOLVER_FAILED, "branch: no tangent at %g",
                           branch_curve_value(curve, y[n]));
    const double norm = vector_norm(m, curve->right);
    for (size_t i = 0; i < m; i++)
        t[i] = curve->right[i] / norm;
    return OK;
}

/* Singular values and vectors of [J f_q]; a row of zeros makes it square. */
static enum status decompose(struct branch_curve *curve, const double *y)
{
    const size_t n = curve->n, m = n + 1;
    TRY(linearise(curve, y));
    memset(curve->bordered, 0, m * m * sizeof(double));
    for (size_t i = 0; i < n; i++) {
        memcpy(curve->bordered + i * m, curve->J + i * n, n * sizeof(double));
        curve->bordered[i * m + n] = curve->fq[i];
    }
    return dense_singular_values(m, curve->bordered, curve->singular, curve->V);
}

enum status branch_curve_rank(struct branch_curve *curve, const double *y, double *least)
{
    TRY(decompose(curve, y));
    *least = curve->singular[curve->n - 1]; /* the last is zero by construction */
    return OK;
}

enum status branch_curve_kernel(struct branch_curve *curve, const double *y, double *t,
                                double share[2])
{
    const size_t m = curve->n + 1;
    TRY(decompose(curve, y));
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < m; i++)
            t[k * m + i] = curve->V[i * m + (m - 1 - k)];
    for (size_t k = 0; k < 2; k++) /* the last is zero by construction */
        share[k] = curve->singular[0] > 0 ? curve->singular[m - 1 - k] / curve->singular[0] : 0;
    return OK;
}

/* ---- spectra ---- */

enum status branch_curve_condition(struct branch_curve *curve, const double *y, double *share)
{
    const size_t n = curve->n;
    TRY(field_and_jacobian(curve, y));
    for (size_t i = 0; i < n; i++) { /* a slow unknown is no dependent one */
        const double norm = vector_norm(n, curve->J + i * n);
        for (size_t j = 0; j < n && norm > 0; j++)
            curve->J[i * n + j] /= norm;
    }
    TRY(dense_singular_values(n, curve->J, curve->singular, curve->V));
    *share = curve->singular[0] > 0 ? curve->singular[n - 1] / curve->singular[0] : 0;
    return OK;
}

static enum status eigenvalues(struct branch_curve *curve, const double *y, double *size)
{
    const size_t n = curve->n;
    TRY(field_and_jacobian(curve, y));
    *size = vector_norm(n * n, curve->J);
    if (!isfinite(*size))
        return status_fail(NOT_FINITE, "branch: the Jacobian is not finite");
    for (size_t i = 0; i<n * n && * size> 0; i++)
        curve->J[i] /= *size; /* QR iterations do not end on tiny matrices */
    gsl_matrix_view J = gsl_matrix_view_array(curve->J, n, n);
    const int code = gsl_eigen_nonsymm(&J.matrix, curve->values, curve->eigen);
    if (code)
        return status_fail(SOLVER_FAILED, "branch: %s", gsl_strerror(code));
    for (size_t i = 0; i < n; i++) {
        curve->re[i] = GSL_REAL(gsl_vector_complex_get(curve->values, i));
        curve->im[i] = GSL_IMAG(gsl_vector_complex_get(curve->values, i));
    }
    return OK;
}

/* The sum of two eigenvalues is real for two real or two conjugate ones; other sums come in
 * conjugate pairs and do not change the sign of the product. */
static void pairs_of(const struct branch_curve *curve, double size, struct branch_pairs *pairs)
{
    double least = INFINITY;
    *pairs = (struct branch_pairs){.sign = 1};
    for (size_t i = 0; i < curve->n; i++)
        for (size_t j = 0; j < i; j++) {
            if (curve->im[i] + curve->im[j] != 0)
                continue;
            const double sum = curve->re[i] + curve->re[j];
            pairs->sign *= (sum > 0) - (sum < 0);
            if (!(fabs(sum) < least) || (curve->im[i] != 0 && curve->re[i] != curve->re[j]))
                continue;
            least = fabs(sum);
            pairs->imaginary = fabs(curve->im[i]) > COMPLEX_LEAST;
            pairs->omega = size * fabs(curve->im[i]);
        }
}

enum status branch_curve_spectrum(struct branch_curve *curve, const double *y,
                                  struct branch_spectrum *spectrum, struct branch_pairs *pairs)
{
    double size = 0;
    TRY(eigenvalues(curve, y, &size));
    size_t first = 0;
    *spectrum = (struct branch_spectrum){0};
    for (size_t i = 0; i < curve->n; i++) {
        spectrum->unstable += curve->re[i] > NEUTRAL;
        spectrum->neutral += fabs(curve->re[i]) <= NEUTRAL;
        first = curve->re[i] > curve->re[first] ? i : first;
    }
    spectrum->rate = size * curve->re[first];
    spectrum->frequency =
        fabs(curve->im[first]) > COMPLEX_LEAST ? size * fabs(curve->im[first]) : 0;
    pairs_of(curve, size, pairs);
    return OK;
}
