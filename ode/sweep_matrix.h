/* Small dense matrices for lanes whose evidence is of matrices: orders are multiples of a register,
 * so that loops have no rest; notes/sweeper.md, (J7).
 *
 * Shapes: A[i*order + j], order from sweep_matrix_order().  Units: none.  Memory: the caller's;
 * arguments do not overlap.  Errors: none; NaN stays NaN. */
#ifndef ODE_SWEEP_MATRIX_H
#define ODE_SWEEP_MATRIX_H

#include <stdbool.h>
#include <stddef.h>

/* The least order that is a multiple of a register, and no less than m. */
size_t sweep_matrix_order(size_t m);

/* from[m*m] into to[order*order], which has zeros beyond. */
void sweep_matrix_pad(size_t m, size_t order, const double *from, double *to);

/* B = A A */
void sweep_matrix_square(size_t order, const double *A, double *B);

/* A = P L U in place, by rows, with pivot[order]; false where it is singular. */
bool sweep_matrix_factor(size_t order, double *A, size_t *pivot);

/* b[order] becomes A^-1 b, A as it was factored. */
void sweep_matrix_solve(size_t order, const double *LU, const size_t *pivot, double *b);

/* Bounds on the Euclidean norm: the root of the product of those by rows and by columns, or
 * Frobenius', whichever is less, with columns[order] for scratch; and Frobenius'. */
double sweep_matrix_bound(size_t order, const double *A, double *columns);
double sweep_matrix_size(size_t order, const double *A);

#endif
