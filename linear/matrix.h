/* Dense linear algebra for predictions and set-up: an adapter to GSL, row by row throughout.
 *
 * Fields do not use it (they never allocate); everything here may allocate and is called a few
 * times per trajectory.  This file is the one place of linear/ that solves or decomposes.
 * Shapes: M[rows*columns], M[i*columns + j] = M_ij.  Results never overlap arguments.
 * Errors: NO_MEMORY; SOLVER_FAILED where GSL's iteration fails; BAD_ARGUMENT for a singular
 * system.  Source: GSL 2.7 reference manual, chapters 14 and 15. */
#ifndef LINEAR_MATRIX_H
#define LINEAR_MATRIX_H

#include "base/status.h"

#include <stddef.h>

/* A singular value below this share of the largest is zero: rounding of the data. */
extern const double matrix_rank_cut;

/* I[rows*columns]: ones on the diagonal, zeros elsewhere. */
void matrix_identity(size_t rows, size_t columns, double *identity);

/* Of lists: a . b (summed in order), |a|, |a - b|, max |a_k|, max |a_k - b_k|. */
double matrix_inner(size_t count, const double *a, const double *b);
double matrix_norm(size_t count, const double *a);
double matrix_distance(size_t count, const double *a, const double *b);
double matrix_largest(size_t count, const double *a);
double matrix_largest_difference(size_t count, const double *a, const double *b);

/* C = A B, A' B, A B' with A[rows*inner] (A' from A[inner*rows]), C[rows*columns]. */
void matrix_multiply(size_t rows, size_t inner, size_t columns, const double *A, const double *B,
                     double *C);
void matrix_multiply_first_transposed(size_t rows, size_t inner, size_t columns, const double *A,
                                      const double *B, double *C);
void matrix_multiply_second_transposed(size_t rows, size_t inner, size_t columns, const double *A,
                                       const double *B, double *C);

/* Singular values, decreasing, s[min(rows, columns)], with thin factors A = U diag(s) V':
 * U[rows*k], V[columns*k], k = min(rows, columns).  U and V may be NULL. */
enum status matrix_singular_values(size_t rows, size_t columns, const double *A, double *s,
                                   double *U, double *V) MUST_CHECK;

/* Q[rows*rows] orthogonal; its first *rank columns span the range of A[rows*columns]. */
enum status matrix_range(size_t rows, size_t columns, const double *A, double *Q,
                         size_t *rank) MUST_CHECK;

/* Moore and Penrose's inverse P[columns*rows] of A[rows*columns]. */
enum status matrix_pseudo_inverse(size_t rows, size_t columns, const double *A, double *P,
                                  size_t *rank) MUST_CHECK;

/* A = V diag(values) V' for a symmetric A[n*n]; values increasing, V[n*n] (NULL: not wanted). */
enum status matrix_symmetric_eigenvalues(size_t n, const double *A, double *values,
                                         double *V) MUST_CHECK;

/* Eigenvalues re[n] + i im[n] of a general A[n*n], by decreasing real part; im may be NULL. */
enum status matrix_eigenvalues(size_t n, const double *A, double *re, double *im) MUST_CHECK;

/* X[n*columns] with A X = B; A[n*n] not singular to working precision. */
enum status matrix_solve(size_t n, size_t columns, const double *A, const double *B,
                         double *X) MUST_CHECK;

#endif
