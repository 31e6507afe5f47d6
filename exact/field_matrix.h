/* Matrices of polynomials over Q, as small as the weights of a network.
 *
 * Shapes: at[rows*columns], row by row, all in one ring, which the matrix borrows.
 * Memory: field_matrix_create(), field_matrix_clear(); a cleared matrix may be cleared again.
 * Errors: NO_MEMORY. */
#ifndef EXACT_FIELD_MATRIX_H
#define EXACT_FIELD_MATRIX_H

#include "base/status.h"
#include "exact/library.h"

#include <stddef.h>

struct field_matrix {
    size_t rows, columns;
    fmpq_mpoly_struct *at;
    const fmpq_mpoly_ctx_struct *ring;
};

/* count polynomials, all 0, freed by field_polynomials_free(); NULL: no memory. */
fmpq_mpoly_struct *field_polynomials(size_t count, const fmpq_mpoly_ctx_t ring);
void field_polynomials_free(fmpq_mpoly_struct *list, size_t count, const fmpq_mpoly_ctx_t ring);

enum status field_matrix_create(size_t rows, size_t columns, const fmpq_mpoly_ctx_t ring,
                                struct field_matrix *matrix) MUST_CHECK; /* all 0 */
void field_matrix_clear(struct field_matrix *matrix);

/* Row and column from 0. */
fmpq_mpoly_struct *field_matrix_entry(const struct field_matrix *matrix, size_t row, size_t column);

/* These create their results: the identity of n x n, a copy, A B, and A' B. */
enum status field_matrix_identity(size_t n, const fmpq_mpoly_ctx_t ring,
                                  struct field_matrix *matrix) MUST_CHECK;
enum status field_matrix_copy(const struct field_matrix *A, struct field_matrix *copy) MUST_CHECK;
enum status field_matrix_product(const struct field_matrix *A, const struct field_matrix *B,
                                 struct field_matrix *product) MUST_CHECK;
enum status field_matrix_product_first_transposed(const struct field_matrix *A,
                                                  const struct field_matrix *B,
                                                  struct field_matrix *product) MUST_CHECK;

#endif
