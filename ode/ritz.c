/* Arnoldi's method with every vector orthogonalised twice against all before it (Daniel, Gragg,
 * Kaufman, Stewart 1976: twice is enough).
 *
 * J Q = Q H + h q e'.  The Ritz values are the eigenvalues of H; the residual of one with the
 * eigenvector s is h |s_m|.  A block of H is left behind where h vanishes; below it H has zeros, so
 * that eigenvalues of all blocks together are those of H.  Rejected: Lanczos' short recurrence
 * without reorthogonalisation (copies of eigenvalues that have to be told from multiple ones);
 * restarts by implicit shifts (a filter of the start does the same, chebyshev.h, and the guarantee
 * comes from there). */
#include "ode/ritz.h"

#include "base/stream.h"
#include "ode/vector.h"

#include <gsl/gsl_complex_math.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PASSES = 2 };
static const double INVARIANT = 1e-12; /* h over the largest |J q|: rounding makes 1e-14 */
static const double SPANNED = 1e-11;   /* |part outside the space| over |J u|, u random */

struct ritz {
    struct ritz_matrix J;
    size_t vectors, count, leading; /* vectors in all, and those that the values belong to */
    uint64_t drawn;                 /* random vectors so far */
    double last;                    /* h after the last vector */
    double error;                   /* of the values, where the range is spanned */
    double largest;                 /* |J q| seen */
    bool exhausted;
    double *Q;            /* Q[k*n + j]: vector k, k <= vectors */
    double *H, *S, *copy; /* [vectors*vectors], row by row; S: eigenvectors, symmetric only */
    double *w, *u;        /* [n] */
    struct ritz_value *values;
    double storage[];
};

struct ritz *ritz_create(const struct ritz_matrix *J, size_t vectors)
{
    const size_t n = J->n, square = vectors * vectors;
    const size_t values = vectors * sizeof(struct ritz_value) / sizeof(double);
    struct ritz *ritz = calloc(1, sizeof *ritz + ((vectors + 1) * n + 3 * square + 2 * n + values) *
                                                     sizeof(double));
    if (!ritz)
        return NULL;
    ritz->J = *J;
    ritz->vectors = vectors;
    ritz->Q = ritz->storage;
    ritz->H = ritz->Q + (vectors + 1) * n;
    ritz->S = ritz->H + square;
    ritz->copy = ritz->S + square;
    ritz->w = ritz->copy + square;
    ritz->u = ritz->w + n;
    ritz->values = (struct ritz_value *)(void *)(ritz->u + n);
    return ritz;
}

void ritz_free(struct ritz *ritz)
{
    free(ritz);
}

void ritz_draw(uint64_t index, size_t n, double *unit)
{
    struct stream stream = stream_at(0, stream_key("ritz"), index);
    stream_normals(&stream, n, 1, unit);
    const double size = vector_norm(n, unit);
    for (size_t j = 0; j < n; j++)
        unit[j] /= size;
}

/* ---- the space ---- */

/* w = Q c + w', into w and c[k*stride]. */
static void orthogonalise(const struct ritz *ritz, size_t count, double *w, double *c,
                          size_t stride)
{
    const size_t n = ritz->J.n;
    for (size_t k = 0; k < count; k++)
        c[k * stride] = 0;
    for (int pass = 0; pass < PASSES; pass++)
        for (size_t k = 0; k < count; k++) {
            const double *q = ritz->Q + k * n;
            const double along = vector_dot(n, q, w);
            for (size_t j = 0; j < n; j++)
                w[j] -= along * q[j];
            c[k * stride] += along;
        }
}

/* q_k = w / size */
static void accept(struct ritz *ritz, size_t k, double size)
{
    for (size_t j = 0; j < ritz->J.n; j++)
        ritz->Q[k * ritz->J.n + j] = ritz->w[j] / size;
}

/* w = the part of J u outside the space, u random. */
static enum status draw_from_range(struct ritz *ritz, size_t count, double *share)
{
    ritz_draw(++ritz->drawn << 1, ritz->J.n, ritz->u); /* even: the odd ones are the caller's */
    TRY(ritz->J.apply(ritz->J.data, ritz->u, ritz->w));
    const double size = vector_norm(ritz->J.n, ritz->w);
    orthogonalise(ritz, count, ritz->w, ritz->copy, 1);
    *share = size > 0 ? vector_norm(ritz->J.n, ritz->w) / size : 0;
    return OK;
}

/* One more column of H; w becomes what is outside the space, of size last. */
static enum status extend(struct ritz *ritz)
{
    const size_t n = ritz->J.n, k = ritz->count++;
    TRY(ritz->J.apply(ritz->J.data, ritz->Q + k * n, ritz->w));
    ritz->largest = fmax(ritz->largest, vector_norm(n, ritz->w));
    orthogonalise(ritz, ritz->count, ritz->w, ritz->H + k, ritz->vectors);
    ritz->last = vector_norm(n, ritz->w);
    if (!isfinite(ritz->last))
        return status_fail(NOT_FINITE, "Krylov space: J v is not finite");
    if (ritz->last > INVARIANT * ritz->largest) {
        if (ritz->count < ritz->vectors)
            ritz->H[ritz->count * ritz->vectors + k] = ritz->last;
        return OK;
    }
    double share = 0;
    ritz->last = 0;
    TRY(draw_from_range(ritz, ritz->count, &share));
    ritz->exhausted = share <= SPANNED;
    return OK;
}

/* ---- its Ritz values ---- */

static int compare_values(const void *a, const void *b)
{
    const struct ritz_value *x = a, *y = b;
    return (x->re < y->re) - (x->re > y->re);
}

/* h below the leading block */
static double last_of(const struct ritz *ritz)
{
    const size_t m = ritz->leading;
    return m < ritz->count ? ritz->H[m * ritz->vectors + m - 1] : ritz->last;
}

static enum status diagonalise_symmetric(struct ritz *ritz)
{
    const size_t m = ritz->leading;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++)
            ritz->copy[i * m + j] =
                (ritz->H[i * ritz->vectors + j] + ritz->H[j * ritz->vectors + i]) / 2;
    gsl_eigen_symmv_workspace *workspace = gsl_eigen_symmv_alloc(m);
    gsl_vector *values = gsl_vector_alloc(m);
    enum status status = OK;
    if (!workspace || !values) {
        status = status_fail(NO_MEMORY, "%zu Ritz values", m);
    } else {
        gsl_matrix_view H = gsl_matrix_view_array(ritz->copy, m, m);
        gsl_matrix_view S = gsl_matrix_view_array(ritz->S, m, m);
        const int code = gsl_eigen_symmv(&H.matrix, values, &S.matrix, workspace);
        gsl_eigen_symmv_sort(values, &S.matrix, GSL_EIGEN_SORT_VAL_DESC);
        if (code)
            status = status_fail(SOLVER_FAILED, "Ritz values: %s", gsl_strerror(code));
        for (size_t k = 0; k < m && !code; k++)
            ritz->values[k] = (struct ritz_value){
                .re = gsl_vector_get(values, k),
                .residual = last_of(ritz) * fabs(gsl_matrix_get(&S.matrix, m - 1, k))};
    }
    if (workspace)
        gsl_eigen_symmv_free(workspace);
    if (values)
        gsl_vector_free(values);
    return status;
}

/* R = H S - S diag(values), into R[m*m]. */
static void fill_residual(const struct ritz *ritz, const gsl_vector_complex *values,
                          const gsl_matrix_complex *S, gsl_matrix_complex *R)
{
    const size_t m = ritz->leading;
    for (size_t i = 0; i < m; i++)
        for (size_t k = 0; k < m; k++) {
            gsl_complex sum =
                gsl_complex_mul(gsl_matrix_complex_get(S, i, k), gsl_vector_complex_get(values, k));
            sum = gsl_complex_mul_real(sum, -ritz->largest);
            for (size_t j = i > 0 ? i - 1 : 0; j < m; j++)
                sum = gsl_complex_add(sum, gsl_complex_mul_real(gsl_matrix_complex_get(S, j, k),
                                                                ritz->H[i * ritz->vectors + j]));
            gsl_matrix_complex_set(R, i, k, sum);
        }
}

/* The Frobenius norm of S^-1 R, (E45); S is destroyed. */
static double error_of(gsl_matrix_complex *S, gsl_matrix_complex *R, gsl_permutation *order)
{
    int sign;
    double squares = 0;
    if (gsl_linalg_complex_LU_decomp(S, order, &sign))
        return INFINITY;
    for (size_t k = 0; k < S->size1; k++) {
        gsl_vector_complex_view column = gsl_matrix_complex_column(R, k);
        if (gsl_linalg_complex_LU_svx(S, order, &column.vector))
            return INFINITY;
        for (size_t i = 0; i < S->size1; i++)
            squares += gsl_complex_abs2(gsl_vector_complex_get(&column.vector, i));
    }
    return isfinite(squares) ? sqrt(squares) : INFINITY;
}

static enum status measure_error(struct ritz *ritz, const gsl_vector_complex *values,
                                 gsl_matrix_complex *S)
{
    const size_t m = ritz->leading;
    gsl_matrix_complex *R = gsl_matrix_complex_alloc(m, m);
    gsl_permutation *order = gsl_permutation_alloc(m);
    const bool memory = R && order;
    if (memory) {
        fill_residual(ritz, values, S, R);
        ritz->error = error_of(S, R, order);
    }
    if (R)
        gsl_matrix_complex_free(R);
    if (order)
        gsl_permutation_free(order);
    return memory ? OK : status_fail(NO_MEMORY, "error of %zu Ritz values", m);
}

static enum status diagonalise(struct ritz *ritz)
{
    const size_t m = ritz->leading;
    for (size_t i = 0; i < m; i++)
        memcpy(ritz->copy + i * m, ritz->H + i * ritz->vectors, m * sizeof(double));
    gsl_eigen_nonsymmv_workspace *workspace = gsl_eigen_nonsymmv_alloc(m);
    gsl_vector_complex *values = gsl_vector_complex_alloc(m);
    gsl_matrix_complex *S = gsl_matrix_complex_alloc(m, m);
    enum status status = OK;
    if (!workspace || !values || !S) {
        status = status_fail(NO_MEMORY, "%zu Ritz values", m);
    } else {
        gsl_matrix_view H = gsl_matrix_view_array(ritz->copy, m, m);
        gsl_matrix_scale(&H.matrix, 1 / ritz->largest); /* QR does not end on tiny matrices */
        const int code = gsl_eigen_nonsymmv(&H.matrix, values, S, workspace);
        if (code)
            status = status_fail(SOLVER_FAILED, "Ritz values: %s", gsl_strerror(code));
        for (size_t k = 0; k < m && !code; k++) {
            const gsl_complex value = gsl_vector_complex_get(values, k);
            ritz->values[k] = (struct ritz_value){
                .re = ritz->largest * GSL_REAL(value),
                .im = ritz->largest * GSL_IMAG(value),
                .residual = last_of(ritz) * gsl_complex_abs(gsl_matrix_complex_get(S, m - 1, k))};
        }
        if (status == OK && ritz->exhausted)
            status = measure_error(ritz, values, S);
    }
    if (workspace)
        gsl_eigen_nonsymmv_free(workspace);
    if (values)
        gsl_vector_complex_free(values);
    if (S)
        gsl_matrix_complex_free(S);
    return status;
}

enum status ritz_build(struct ritz *ritz, const double *start, size_t most)
{
    const size_t n = ritz->J.n, vectors = most < ritz->vectors ? most : ritz->vectors;
    memset(ritz->H, 0, ritz->vectors * ritz->vectors * sizeof(double));
    ritz->count = ritz->leading = 0;
    ritz->last = ritz->largest = 0;
    ritz->exhausted = false;
    memcpy(ritz->w, start, n * sizeof *start);
    while (ritz->count < vectors && ritz->count < n && !ritz->exhausted) {
        accept(ritz, ritz->count, vector_norm(n, ritz->w));
        TRY(extend(ritz));
    }
    ritz->exhausted = ritz->exhausted || ritz->count == n;
    if (!(ritz->largest > 0))
        return status_fail(SOLVER_FAILED, "Ritz values: the matrix vanishes on its Krylov space");
    return OK;
}

enum status ritz_diagonalise(struct ritz *ritz, size_t leading, bool symmetric)
{
    ritz->leading = leading < ritz->count ? leading : ritz->count;
    ritz->error = 0;
    TRY(symmetric ? diagonalise_symmetric(ritz) : diagonalise(ritz));
    qsort(ritz->values, ritz->leading, sizeof *ritz->values, compare_values);
    return OK;
}

size_t ritz_count(const struct ritz *ritz)
{
    return ritz->leading;
}

const struct ritz_value *ritz_values(const struct ritz *ritz)
{
    return ritz->values;
}

double ritz_error(const struct ritz *ritz)
{
    return ritz->error;
}

bool ritz_is_exhausted(const struct ritz *ritz)
{
    return ritz->exhausted;
}

void ritz_vector(const struct ritz *ritz, size_t which, double *vector)
{
    const size_t m = ritz->leading;
    memset(vector, 0, ritz->J.n * sizeof *vector);
    for (size_t k = 0; k < m; k++)
        for (size_t j = 0; j < ritz->J.n; j++)
            vector[j] += ritz->S[k * m + which] * ritz->Q[k * ritz->J.n + j];
}

void ritz_restrict(const struct ritz *ritz, double *H)
{
    for (size_t i = 0; i < ritz->leading; i++)
        memcpy(H + i * ritz->leading, ritz->H + i * ritz->vectors, ritz->leading * sizeof *H);
}

void ritz_split(struct ritz *ritz, double *w, double *c)
{
    orthogonalise(ritz, ritz->leading, w, c, 1);
}

void ritz_add(const struct ritz *ritz, const double *c, double *w)
{
    const size_t n = ritz->J.n;
    for (size_t k = 0; k < ritz->leading; k++)
        for (size_t j = 0; j < n; j++)
            w[j] += c[k] * ritz->Q[k * n + j];
}
