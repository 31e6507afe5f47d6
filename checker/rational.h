/* Vectors and matrices of rationals, row by row.
 *
 * Memory: memory.h.  Errors: rejections, of singular matrices and of too much work. */
#ifndef CHECKER_RATIONAL_H
#define CHECKER_RATIONAL_H

#include "checker/text.h"

/* The next `count` numbers of the line. */
mpq_t *rational_read(struct text *text, size_t count);

/* Adds to reject_work() what a sum, a product or a comparison of x and y takes with their greatest
 * common divisors.  Where numbers may be as long as the file has them nothing is done uncounted. */
void rational_work(const mpq_t x, const mpq_t y);

void rational_identity(size_t n, mpq_t *A);
void rational_product(size_t n, mpq_t *A, mpq_t *B, mpq_t *product); /* AB, n x n */

/* X becomes A^-1 X, X[n * columns], by Gauss's elimination; rejects singular A. */
void rational_solve(size_t n, size_t columns, mpq_t *A, mpq_t *X);

/* Are all pivots of the symmetric A[n * n] positive?  A is destroyed. */
bool rational_is_positive_definite(size_t n, mpq_t *A);

#endif
