/* GSL behind matrix.h.
 *
 * Singular values: one-sided Jacobi (gsl_linalg_SV_decomp_jacobi), which keeps small ones to high
 * relative accuracy; it wants rows >= columns, so a wide matrix is transposed.  Eigenvalues of
 * symmetric matrices by tridiagonal QR, of general ones by Hessenberg QR. */
#include "linear/matrix.h"

#include <float.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const double matrix_rank_cut = 1e-12;

void matrix_identity(size_t rows, size_t columns, double *identity)
{
    memset(identity, 0, rows * columns * sizeof *identity);
    for (size_t i = 0; i < rows && i < columns; i++)
        identity[i * columns + i] = 1;
}

double matrix_inner(size_t count, const double *a, const double *b)
{
    double sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += a[k] * b[k];
    return sum;
}

double matrix_norm(size_t count, const double *a)
{
    return sqrt(matrix_inner(count, a, a));
}

double matrix_distance(size_t count, const double *a, const double *b)
{
    double square = 0;
    for (size_t k = 0; k < count; k++)
        square += (a[k] - b[k]) * (a[k] - b[k]);
    return sqrt(square);
}

double matrix_largest(size_t count, const double *a)
{
    double most = 0;
    for (size_t k = 0; k < count; k++)
        most = fmax(most, fabs(a[k]));
    return most;
}

double matrix_largest_difference(size_t count, const double *a, const double *b)
{
    double most = 0;
    for (size_t k = 0; k < count; k++)
        most = fmax(most, fabs(a[k] - b[k]));
    return most;
}

void matrix_multiply(size_t rows, size_t inner, size_t columns, const double *A, const double *B,
                     double *C)
{
    memset(C, 0, rows * columns * sizeof *C);
    for (size_t i = 0; i < rows; i++)
        for (size_t l = 0; l < inner; l++)
            for (size_t j = 0; j < columns; j++)
                C[i * columns + j] += A[i * inner + l] * B[l * columns + j];
}

void matrix_multiply_first_transposed(size_t rows, size_t inner, size_t columns, const double *A,
                                      const double *B, double *C)
{
    memset(C, 0, rows * columns * sizeof *C);
    for (size_t l = 0; l < inner; l++)
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < columns; j++)
                C[i * columns + j] += A[l * rows + i] * B[l * columns + j];
}

void matrix_multiply_second_transposed(size_t rows, size_t inner, size_t columns, const double *A,
                                       const double *B, double *C)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            double sum = 0;
            for (size_t l = 0; l < inner; l++)
                sum += A[i * inner + l] * B[j * inner + l];
            C[i * columns + j] = sum;
        }
}

/* T[columns*rows] = A' */
static void transpose(size_t rows, size_t columns, const double *A, double *T)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            T[j * rows + i] = A[i * columns + j];
}

static enum status as_status(int code, const char *what)
{
    return code ? status_fail(SOLVER_FAILED, "%s: %s", what, gsl_strerror(code)) : OK;
}

/* ---- singular values ---- */

/* Tall: U[rows*columns] holds A and becomes U; V[columns*columns]. */
static enum status decompose_tall(size_t rows, size_t columns, double *U, double *s, double *V)
{
    gsl_matrix_view A = gsl_matrix_view_array(U, rows, columns);
    gsl_matrix_view Q = gsl_matrix_view_array(V, columns, columns);
    gsl_vector_view S = gsl_vector_view_array(s, columns);
    gsl_set_error_handler_off(); /* codes are looked at here */
    return as_status(gsl_linalg_SV_decomp_jacobi(&A.matrix, &Q.matrix, &S.vector),
                     "singular values");
}

enum status matrix_singular_values(size_t rows, size_t columns, const double *A, double *s,
                                   double *U, double *V)
{
    const bool wide = columns > rows;
    const size_t tall = wide ? columns : rows, k = wide ? rows : columns;
    double *work = malloc((tall * k + k * k) * sizeof *work);
    if (!work)
        return status_fail(NO_MEMORY, "singular values of a %zu x %zu matrix", rows, columns);
    double *left = work, *right = work + tall * k;
    if (wide)
        transpose(rows, columns, A, left);
    else
        memcpy(left, A, rows * columns * sizeof *left);
    const enum status status = decompose_tall(tall, k, left, s, right);
    double *of_left = wide ? V : U, *of_right = wide ? U : V;
    if (status == OK && of_left)
        memcpy(of_left, left, tall * k * sizeof *left);
    if (status == OK && of_right)
        memcpy(of_right, right, k * k * sizeof *right);
    free(work);
    return status;
}

static size_t count_nonzero(size_t k, const double *s)
{
    size_t rank = 0;
    while (rank < k && s[rank] > matrix_rank_cut * s[0])
        rank++;
    return rank;
}

/* ---- range ---- */

/* Column `at` of Q[n*n], orthonormal to those before it: the unit vector that is least in their
 * span, orthogonalised twice. */
static void complete_column(size_t n, size_t at, double *Q)
{
    size_t pick = 0;
    double least = INFINITY;
    for (size_t i = 0; i < n; i++) {
        double share = 0;
        for (size_t j = 0; j < at; j++)
            share += Q[i * n + j] * Q[i * n + j];
        if (share < least) {
            least = share;
            pick = i;
        }
    }
    for (size_t i = 0; i < n; i++)
        Q[i * n + at] = i == pick;
    for (int pass = 0; pass < 2; pass++)
        for (size_t j = 0; j < at; j++) {
            double dot = 0;
            for (size_t i = 0; i < n; i++)
                dot += Q[i * n + j] * Q[i * n + at];
            for (size_t i = 0; i < n; i++)
                Q[i * n + at] -= dot * Q[i * n + j];
        }
    double square = 0;
    for (size_t i = 0; i < n; i++)
        square += Q[i * n + at] * Q[i * n + at];
    for (size_t i = 0; i < n; i++)
        Q[i * n + at] /= sqrt(square);
}

enum status matrix_range(size_t rows, size_t columns, const double *A, double *Q, size_t *rank)
{
    const size_t k = rows < columns ? rows : columns;
    double *work = malloc((rows * k + k) * sizeof *work);
    if (!work)
        return status_fail(NO_MEMORY, "range of a %zu x %zu matrix", rows, columns);
    double *s = work + rows * k;
    const enum status status = matrix_singular_values(rows, columns, A, s, work, NULL);
    if (status == OK) {
        *rank = count_nonzero(k, s);
        memset(Q, 0, rows * rows * sizeof *Q);
        for (size_t i = 0; i < rows; i++)
            memcpy(Q + i * rows, work + i * k, *rank * sizeof *Q);
        for (size_t j = *rank; j < rows; j++)
            complete_column(rows, j, Q);
    }
    free(work);
    return status;
}

enum status matrix_pseudo_inverse(size_t rows, size_t columns, const double *A, double *P,
                                  size_t *rank)
{
    const size_t k = rows < columns ? rows : columns;
    double *work = calloc(rows * k + columns * k + k, sizeof *work);
    if (!work)
        return status_fail(NO_MEMORY, "pseudo-inverse of a %zu x %zu matrix", rows, columns);
    double *U = work, *V = work + rows * k, *s = V + columns * k;
    const enum status status = matrix_singular_values(rows, columns, A, s, U, V);
    if (status == OK) {
        *rank = count_nonzero(k, s);
        memset(P, 0, rows * columns * sizeof *P);
        for (size_t l = 0; l < *rank; l++)
            for (size_t i = 0; i < columns; i++)
                for (size_t j = 0; j < rows; j++)
                    P[i * rows + j] += V[i * k + l] / s[l] * U[j * k + l];
    }
    free(work);
    return status;
}

/* ---- eigenvalues ---- */

static enum status symmetric_with(size_t n, double *A, double *values, double *V)
{
    gsl_eigen_symmv_workspace *work = gsl_eigen_symmv_alloc(n);
    if (!work)
        return status_fail(NO_MEMORY, "eigenvalues of a %zu x %zu matrix", n, n);
    gsl_matrix_view M = gsl_matrix_view_array(A, n, n), Q = gsl_matrix_view_array(V, n, n);
    gsl_vector_view lambda = gsl_vector_view_array(values, n);
    const int code = gsl_eigen_symmv(&M.matrix, &lambda.vector, &Q.matrix, work);
    gsl_eigen_symmv_free(work);
    if (!code)
        gsl_eigen_symmv_sort(&lambda.vector, &Q.matrix, GSL_EIGEN_SORT_VAL_ASC);
    return as_status(code, "eigenvalues");
}

enum status matrix_symmetric_eigenvalues(size_t n, const double *A, double *values, double *V)
{
    double *work = malloc(2 * n * n * sizeof *work);
    if (!work)
        return status_fail(NO_MEMORY, "eigenvalues of a %zu x %zu matrix", n, n);
    memcpy(work, A, n * n * sizeof *work);
    gsl_set_error_handler_off();
    const enum status status = symmetric_with(n, work, values, work + n * n);
    if (status == OK && V)
        memcpy(V, work + n * n, n * n * sizeof *V);
    free(work);
    return status;
}

struct eigenvalue {
    double re, im;
};

static int compare_decreasing(const void *a, const void *b)
{
    const struct eigenvalue *x = a, *y = b;
    return (x->re < y->re) - (x->re > y->re);
}

static enum status general_with(size_t n, double *A, struct eigenvalue *values)
{
    gsl_eigen_nonsymm_workspace *work = gsl_eigen_nonsymm_alloc(n);
    gsl_vector_complex_view lambda = gsl_vector_complex_view_array((double *)values, n);
    if (!work)
        return status_fail(NO_MEMORY, "eigenvalues of a %zu x %zu matrix", n, n);
    gsl_matrix_view M = gsl_matrix_view_array(A, n, n);
    const int code = gsl_eigen_nonsymm(&M.matrix, &lambda.vector, work);
    gsl_eigen_nonsymm_free(work);
    return as_status(code, "eigenvalues");
}

/* Largest modulus of an entry: divided out, since QR iterations do not end on tiny matrices.
 * Infinite where an entry is not finite. */
static double largest_entry(size_t n, const double *A)
{
    double most = 0;
    for (size_t i = 0; i < n * n; i++)
        most = isfinite(A[i]) ? fmax(most, fabs(A[i])) : INFINITY;
    return most;
}

enum status matrix_eigenvalues(size_t n, const double *A, double *re, double *im)
{
    const double size = largest_entry(n, A);
    if (!isfinite(size))
        return status_fail(NOT_FINITE, "eigenvalues of a matrix that is not finite");
    double *work = malloc((n * n + 2 * n) * sizeof *work);
    if (!work)
        return status_fail(NO_MEMORY, "eigenvalues of a %zu x %zu matrix", n, n);
    struct eigenvalue *values = (struct eigenvalue *)(work + n * n);
    for (size_t i = 0; i < n * n; i++)
        work[i] = size > 0 ? A[i] / size : 0;
    memset(values, 0, n * sizeof *values);
    gsl_set_error_handler_off();
    const enum status status = size > 0 ? general_with(n, work, values) : OK;
    qsort(values, n, sizeof *values, compare_decreasing);
    for (size_t i = 0; i < n && status == OK; i++) {
        re[i] = size * values[i].re;
        if (im)
            im[i] = size * values[i].im;
    }
    free(work);
    return status;
}

/* ---- systems of equations ---- */

static enum status solve_with(size_t n, size_t columns, double *LU, gsl_permutation *order,
                              double *X)
{
    int sign;
    gsl_matrix_view A = gsl_matrix_view_array(LU, n, n);
    int code = gsl_linalg_LU_decomp(&A.matrix, order, &sign);
    for (size_t j = 0; j < columns && !code; j++) {
        gsl_vector_view x = gsl_vector_view_array_with_stride(X + j, columns, n);
        code = gsl_linalg_LU_svx(&A.matrix, order, &x.vector);
    }
    if (code == GSL_EDOM || code == GSL_ESING)
        return status_fail(BAD_ARGUMENT, "a singular system of %zu equations", n);
    return as_status(code, "linear equations");
}

enum status matrix_solve(size_t n, size_t columns, const double *A, const double *B, double *X)
{
    gsl_set_error_handler_off();
    double *LU = malloc(n * n * sizeof *LU);
    gsl_permutation *order = gsl_permutation_alloc(n);
    enum status status = status_fail(NO_MEMORY, "%zu linear equations", n);
    if (LU && order) {
        memcpy(LU, A, n * n * sizeof *LU);
        memmove(X, B, n * columns * sizeof *X);
        status = solve_with(n, columns, LU, order, X);
    }
    if (order)
        gsl_permutation_free(order);
    free(LU);
    return status;
}
