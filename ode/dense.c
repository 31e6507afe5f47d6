/* What GSL does for endings.  Eigenvalues and singular values are taken of A divided by its norm,
 * since QR iterations do not end on tiny matrices.  Entries that would be zeros but for rounding, as
 * symmetric states have, can be as small as numbers go.  Where products of them underflow, the
 * reflections of QR are none, and eigenvalues come out wrong without a word: they are left out.  With
 * larger ones the iterations do not always end: then once more without those below rounding. */
#include "ode/dense.h"

#include "ode/vector.h"

#include <float.h>
#include <gsl/gsl_complex_math.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of the norm: products of three such entries, and their last digits, are just no subnormal numbers;
 * with entries of 1e-160 eigenvalues were seen to be off by 1e-10 of the norm, with 1e-323 by all */
static const double UNDERFLOWS = 1e-97;
/* Of the norm: all m^2 of them are no more than rounding, for m up to FLOW_DENSE_MOST = 64.
 * Iterations were seen to fail with entries of 1e-40 and less */
static const double NOTHING = DBL_EPSILON / 64;
static const double EXPANDS = 1e-9; /* real part over the norm: above it a direction expands */
/* The same below zero: above it a direction does not clearly contract.  Zeros of nilpotent blocks
 * come out as sqrt(eps). */
static const double STANDS = -1e-7;
/* An entry of a normalised eigenvector that is nothing, and the rounding of a sum in epsilons */
static const double NO_ENTRY = 1e-13, OWN_ROUNDING = 64;

/* v, and the sizes of the numbers that each entry is the difference of; or NULL. */
struct direction {
    const double *entry, *size;
};

void dense_multiply_transposed(size_t rows, size_t inner, size_t columns, const double *A,
                               const double *B, double *C)
{
    for (size_t i = 0; i < rows * columns; i++)
        C[i] = 0;
    for (size_t k = 0; k < inner; k++)
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < columns; j++)
                C[i * columns + j] += A[k * rows + i] * B[k * columns + j];
}

void dense_multiply(size_t rows, size_t inner, size_t columns, const double *A, const double *B,
                    double *C)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            C[i * columns + j] = 0;
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < inner; k++)
            for (size_t j = 0; j < columns; j++)
                C[i * columns + j] += A[i * inner + k] * B[k * columns + j];
}

static enum status check_finite(size_t m, const double *A)
{
    for (size_t i = 0; i < m * m; i++)
        if (!isfinite(A[i]))
            return status_fail(NOT_FINITE, "matrix of %zu directions: not finite", m);
    return OK;
}

enum status dense_singular_values(size_t m, double *A, double *s, double *V)
{
    TRY(check_finite(m, A));
    const double norm = vector_norm(m * m, A), size = norm > 0 ? norm : 1;
    double *work = calloc(m, sizeof *work);
    if (!work)
        return status_fail(NO_MEMORY, "singular values of %zu directions", m);
    gsl_matrix_view a = gsl_matrix_view_array(A, m, m), v = gsl_matrix_view_array(V, m, m);
    gsl_vector_view values = gsl_vector_view_array(s, m), w = gsl_vector_view_array(work, m);
    gsl_matrix_scale(&a.matrix, 1 / size);
    const int code = gsl_linalg_SV_decomp(&a.matrix, &v.matrix, &values.vector, &w.vector);
    gsl_vector_scale(&values.vector, size);
    free(work);
    return code ? status_fail(SOLVER_FAILED, "singular values: %s", gsl_strerror(code)) : OK;
}

enum status dense_solve(size_t m, double *A, double *b)
{
    TRY(check_finite(m, A));
    gsl_matrix_view a = gsl_matrix_view_array(A, m, m);
    gsl_vector_view x = gsl_vector_view_array(b, m);
    const int code = gsl_linalg_HH_svx(&a.matrix, &x.vector);
    return code ? status_fail(SOLVER_FAILED, "linear system: %s", gsl_strerror(code)) : OK;
}

static int compare_decreasing(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* Whether eigenvectors are wanted, too: then W is not NULL. */
struct schur {
    gsl_eigen_nonsymm_workspace *plain;
    gsl_eigen_nonsymmv_workspace *vectors;
    gsl_matrix_complex *W;
};

static int decompose(struct schur *schur, size_t m, double *A, gsl_vector_complex *values)
{
    gsl_matrix_view a = gsl_matrix_view_array(A, m, m);
    return schur->W ? gsl_eigen_nonsymmv(&a.matrix, values, schur->W, schur->vectors)
                    : gsl_eigen_nonsymm(&a.matrix, values, schur->plain);
}

static void leave_out(size_t count, double least, double *entries)
{
    for (size_t i = 0; i < count; i++)
        entries[i] = fabs(entries[i]) < least ? 0 : entries[i];
}

/* Of A[m*m] of norm 1, which is lost, with room for it in again[m*m]. */
static int decompose_somehow(struct schur *schur, size_t m, double *A, double *again,
                             gsl_vector_complex *values)
{
    leave_out(m * m, UNDERFLOWS, A);
    memcpy(again, A, m * m * sizeof *again);
    const int code = decompose(schur, m, A, values);
    if (!code)
        return code;
    leave_out(m * m, NOTHING, again);
    return decompose(schur, m, again, values);
}

static enum status eigenvalues(size_t m, double *A, double size, double *spectrum)
{
    struct schur schur = {.plain = gsl_eigen_nonsymm_alloc(m)};
    gsl_vector_complex *values = gsl_vector_complex_alloc(m);
    double *again = calloc(m * m, sizeof *again);
    enum status status = OK;
    if (!schur.plain || !values || !again) {
        status = status_fail(NO_MEMORY, "spectrum of %zu directions", m);
    } else {
        const int code = decompose_somehow(&schur, m, A, again, values);
        if (code)
            status = status_fail(SOLVER_FAILED, "spectrum: %s", gsl_strerror(code));
        for (size_t i = 0; i < m && !code; i++)
            spectrum[i] = size * GSL_REAL(gsl_vector_complex_get(values, i));
    }
    free(again);
    if (schur.plain)
        gsl_eigen_nonsymm_free(schur.plain);
    if (values)
        gsl_vector_complex_free(values);
    return status;
}

enum status dense_real_parts(size_t m, double *A, double size, double *spectrum)
{
    if (m == 1 || size == 0) {
        for (size_t i = 0; i < m; i++)
            spectrum[i] = size == 0 ? 0 : A[0];
        return OK;
    }
    for (size_t i = 0; i < m * m; i++)
        A[i] /= size;
    TRY(eigenvalues(m, A, size, spectrum));
    qsort(spectrum, m, sizeof *spectrum, compare_decreasing);
    return OK;
}

/* |w.v|/|w| for column k of W, complex without conjugation: w' A = lambda w'.  With sizes of what v
 * is the difference of, 0 if rounding of these can have made it. */
static double along_vector(const gsl_matrix_complex *W, size_t k, const struct direction *v)
{
    gsl_complex sum = gsl_complex_rect(0, 0);
    double square = 0, terms = 0;
    for (size_t i = 0; i < W->size1; i++)
        square += gsl_complex_abs2(gsl_matrix_complex_get(W, i, k));
    for (size_t i = 0; i < W->size1; i++) {
        const gsl_complex w = gsl_matrix_complex_get(W, i, k);
        if (v->size && gsl_complex_abs(w) <= NO_ENTRY * sqrt(square))
            continue;
        sum = gsl_complex_add(sum, gsl_complex_mul_real(w, v->entry[i]));
        terms += v->size ? gsl_complex_abs(w) * v->size[i] : 0;
    }
    if (!(square > 0) || gsl_complex_abs(sum) <= OWN_ROUNDING * DBL_EPSILON * terms)
        return 0;
    return gsl_complex_abs(sum) / sqrt(square);
}

/* The largest part of v along left eigenvectors whose real part, over the norm, exceeds `least`. */
static enum status part_above(size_t m, double *A, double least, const struct direction *v,
                              double *part)
{
    TRY(check_finite(m, A));
    struct schur schur = {.vectors = gsl_eigen_nonsymmv_alloc(m),
                          .W = gsl_matrix_complex_alloc(m, m)};
    gsl_vector_complex *values = gsl_vector_complex_alloc(m);
    double *again = calloc(m * m, sizeof *again);
    enum status status = OK;
    if (!schur.vectors || !values || !schur.W || !again) {
        status = status_fail(NO_MEMORY, "eigenvectors of %zu directions", m);
    } else {
        gsl_matrix_view a = gsl_matrix_view_array(A, m, m);
        gsl_matrix_transpose(&a.matrix);
        const double size = vector_norm(m * m, A);
        gsl_matrix_scale(&a.matrix, size > 0 ? 1 / size : 1);
        const int code = decompose_somehow(&schur, m, A, again, values);
        if (code)
            status = status_fail(SOLVER_FAILED, "eigenvectors: %s", gsl_strerror(code));
        *part = 0;
        for (size_t k = 0; k < m && !code; k++)
            if (GSL_REAL(gsl_vector_complex_get(values, k)) > least)
                *part = fmax(*part, along_vector(schur.W, k, v));
    }
    free(again);
    if (schur.vectors)
        gsl_eigen_nonsymmv_free(schur.vectors);
    if (values)
        gsl_vector_complex_free(values);
    if (schur.W)
        gsl_matrix_complex_free(schur.W);
    return status;
}

enum status dense_unstable_part(size_t m, double *A, const double *v, double *part)
{
    return part_above(m, A, EXPANDS, &(struct direction){.entry = v}, part);
}

enum status dense_unstable_beyond(size_t m, double *A, const double *v, const double *size,
                                  double *part)
{
    return part_above(m, A, EXPANDS, &(struct direction){v, size}, part);
}

enum status dense_standing_part(size_t m, double *A, const double *v, double *part)
{
    return part_above(m, A, STANDS, &(struct direction){.entry = v}, part);
}
