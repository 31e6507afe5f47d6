/* What GSL does for endings.  Eigenvalues and singular values are taken of A divided by its norm,
 * since QR iterations do not end on tiny matrices. */
#include "ode/dense.h"

#include "ode/vector.h"

#include <gsl/gsl_complex_math.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>

static const double EXPANDS = 1e-9; /* real part over the norm: above it a direction expands */

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

static enum status eigenvalues(size_t m, double *A, double size, double *spectrum)
{
    gsl_eigen_nonsymm_workspace *workspace = gsl_eigen_nonsymm_alloc(m);
    gsl_vector_complex *values = gsl_vector_complex_alloc(m);
    enum status status = OK;
    if (!workspace || !values) {
        status = status_fail(NO_MEMORY, "spectrum of %zu directions", m);
    } else {
        gsl_matrix_view a = gsl_matrix_view_array(A, m, m);
        const int code = gsl_eigen_nonsymm(&a.matrix, values, workspace);
        if (code)
            status = status_fail(SOLVER_FAILED, "spectrum: %s", gsl_strerror(code));
        for (size_t i = 0; i < m && !code; i++)
            spectrum[i] = size * GSL_REAL(gsl_vector_complex_get(values, i));
    }
    if (workspace)
        gsl_eigen_nonsymm_free(workspace);
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

/* |w.v|/|w| for column k of W, complex without conjugation: w' A = lambda w' */
static double along_vector(const gsl_matrix_complex *W, size_t k, const double *v)
{
    gsl_complex sum = gsl_complex_rect(0, 0);
    double square = 0;
    for (size_t i = 0; i < W->size1; i++) {
        const gsl_complex w = gsl_matrix_complex_get(W, i, k);
        sum = gsl_complex_add(sum, gsl_complex_mul_real(w, v[i]));
        square += gsl_complex_abs2(w);
    }
    return square > 0 ? gsl_complex_abs(sum) / sqrt(square) : 0;
}

enum status dense_unstable_part(size_t m, double *A, const double *v, double *part)
{
    TRY(check_finite(m, A));
    gsl_eigen_nonsymmv_workspace *workspace = gsl_eigen_nonsymmv_alloc(m);
    gsl_vector_complex *values = gsl_vector_complex_alloc(m);
    gsl_matrix_complex *W = gsl_matrix_complex_alloc(m, m);
    enum status status = OK;
    if (!workspace || !values || !W) {
        status = status_fail(NO_MEMORY, "eigenvectors of %zu directions", m);
    } else {
        gsl_matrix_view a = gsl_matrix_view_array(A, m, m);
        gsl_matrix_transpose(&a.matrix);
        const double size = vector_norm(m * m, A);
        gsl_matrix_scale(&a.matrix, size > 0 ? 1 / size : 1);
        const int code = gsl_eigen_nonsymmv(&a.matrix, values, W, workspace);
        if (code)
            status = status_fail(SOLVER_FAILED, "eigenvectors: %s", gsl_strerror(code));
        *part = 0;
        for (size_t k = 0; k < m && !code; k++)
            if (GSL_REAL(gsl_vector_complex_get(values, k)) > EXPANDS)
                *part = fmax(*part, along_vector(W, k, v));
    }
    if (workspace)
        gsl_eigen_nonsymmv_free(workspace);
    if (values)
        gsl_vector_complex_free(values);
    if (W)
        gsl_matrix_complex_free(W);
    return status;
}
