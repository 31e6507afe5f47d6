/* Small dense linear algebra of endings: an adapter to GSL, row by row.
 *
 * Shapes: A[m*m].  Memory: a few blocks per call, freed.  Errors: NO_MEMORY; SOLVER_FAILED where an
 * iteration fails; NOT_FINITE entries. */
#ifndef ODE_DENSE_H
#define ODE_DENSE_H

#include "base/status.h"

#include <stddef.h>

/* C[rows*columns] = A' B, A[inner*rows], B[inner*columns]. */
void dense_multiply_transposed(size_t rows, size_t inner, size_t columns, const double *A,
                               const double *B, double *C);

/* C[rows*columns] = A B, A[rows*inner], B[inner*columns]. */
void dense_multiply(size_t rows, size_t inner, size_t columns, const double *A, const double *B,
                    double *C);

/* A = U diag(s) V': A becomes U; s decreasing. */
enum status dense_singular_values(size_t m, double *A, double *s, double *V) MUST_CHECK;

/* b becomes the solution of A z = b; A is destroyed. */
enum status dense_solve(size_t m, double *A, double *b) MUST_CHECK;

/* Real parts of the eigenvalues of A[m*m] (destroyed), whose norm is `size`, decreasing. */
enum status dense_real_parts(size_t m, double *A, double size, double *spectrum) MUST_CHECK;

/* The largest |w.v|/|w| over the left eigenvectors w of A[m*m] (destroyed) whose real part exceeds
 * rounding: how far v is from the subspace where A does not expand, at least. */
enum status dense_unstable_part(size_t m, double *A, const double *v, double *part) MUST_CHECK;

/* The same of those parts alone that no rounding of v has made, where entry i is a difference of
 * numbers of size[i] in all: 0 on a subspace of symmetry, and on one of coordinates that vanish. */
enum status dense_unstable_beyond(size_t m, double *A, const double *v, const double *size,
                                  double *part) MUST_CHECK;

/* The same over those whose real part is not clearly negative. */
enum status dense_standing_part(size_t m, double *A, const double *v, double *part) MUST_CHECK;

#endif
