/* Products of matrices of polynomials, entry by entry: the factors are weights and products of
 * weights, so that nothing better than the definition is needed. */
#include "exact/field_matrix.h"

#include <stdlib.h>

fmpq_mpoly_struct *field_polynomials(size_t count, const fmpq_mpoly_ctx_t ring)
{
    fmpq_mpoly_struct *list = malloc((count ? count : 1) * sizeof *list);
    for (size_t k = 0; k < count && list; k++)
        fmpq_mpoly_init(list + k, ring);
    return list;
}

void field_polynomials_free(fmpq_mpoly_struct *list, size_t count, const fmpq_mpoly_ctx_t ring)
{
    for (size_t k = 0; k < count && list; k++)
        fmpq_mpoly_clear(list + k, ring);
    free(list);
}

enum status field_matrix_create(size_t rows, size_t columns, const fmpq_mpoly_ctx_t ring,
                                struct field_matrix *matrix)
{
    fmpq_mpoly_struct *at = field_polynomials(rows * columns, ring);
    if (!at)
        return status_fail(NO_MEMORY, "a matrix of %zu x %zu polynomials", rows, columns);
    *matrix = (struct field_matrix){rows, columns, at, ring};
    return OK;
}

void field_matrix_clear(struct field_matrix *matrix)
{
    field_polynomials_free(matrix->at, matrix->rows * matrix->columns, matrix->ring);
    *matrix = (struct field_matrix){.rows = 0};
}

fmpq_mpoly_struct *field_matrix_entry(const struct field_matrix *matrix, size_t row, size_t column)
{
    return matrix->at + row * matrix->columns + column;
}

enum status field_matrix_identity(size_t n, const fmpq_mpoly_ctx_t ring,
                                  struct field_matrix *matrix)
{
    TRY(field_matrix_create(n, n, ring, matrix));
    for (size_t i = 0; i < n; i++)
        fmpq_mpoly_one(field_matrix_entry(matrix, i, i), ring);
    return OK;
}

enum status field_matrix_copy(const struct field_matrix *A, struct field_matrix *copy)
{
    TRY(field_matrix_create(A->rows, A->columns, A->ring, copy));
    for (size_t k = 0; k < A->rows * A->columns; k++)
        fmpq_mpoly_set(copy->at + k, A->at + k, A->ring);
    return OK;
}

/* A factor as it is read: entry (i, j) at i row + j column. */
struct view {
    const struct field_matrix *matrix;
    size_t rows, columns, row, column;
};

static struct view plain(const struct field_matrix *A)
{
    return (struct view){A, A->rows, A->columns, A->columns, 1};
}

static struct view transposed(const struct field_matrix *A)
{
    return (struct view){A, A->columns, A->rows, 1, A->columns};
}

static enum status multiply(const struct view *A, const struct view *B,
                            struct field_matrix *product)
{
    const fmpq_mpoly_ctx_struct *ring = A->matrix->ring;
    struct field_matrix C = {.rows = 0};
    fmpq_mpoly_t term;
    TRY(field_matrix_create(A->rows, B->columns, ring, &C));
    fmpq_mpoly_init(term, ring);
    for (size_t i = 0; i < C.rows; i++)
        for (size_t j = 0; j < C.columns; j++)
            for (size_t l = 0; l < A->columns; l++) {
                fmpq_mpoly_mul(term, A->matrix->at + i * A->row + l * A->column,
                               B->matrix->at + l * B->row + j * B->column, ring);
                fmpq_mpoly_add(field_matrix_entry(&C, i, j), field_matrix_entry(&C, i, j), term,
                               ring);
            }
    fmpq_mpoly_clear(term, ring);
    *product = C;
    return OK;
}

enum status field_matrix_product(const struct field_matrix *A, const struct field_matrix *B,
                                 struct field_matrix *product)
{
    const struct view a = plain(A), b = plain(B);
    return multiply(&a, &b, product);
}

enum status field_matrix_product_first_transposed(const struct field_matrix *A,
                                                  const struct field_matrix *B,
                                                  struct field_matrix *product)
{
    const struct view a = transposed(A), b = plain(B);
    return multiply(&a, &b, product);
}
