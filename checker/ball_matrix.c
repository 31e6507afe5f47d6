/* Matrices of balls: products, bounds of norms, and positive definiteness.
 *
 * A symmetric matrix is positive definite if and only if Gauss's elimination, without exchange of
 * rows, meets positive pivots only.  In balls the elimination runs over all symmetric matrices in
 * the enclosure at once: if all pivots are positive balls, each of them is positive definite.  The
 * converse fails when balls are wide, and then the answer is no.
 *
 * |A|_2 <= |A|_F, and |A|_2^2 <= |A|_1 |A|_inf, as it is the largest eigenvalue of A'A, whose
 * modulus is at most the norm |A'A|_inf <= |A'|_inf |A|_inf. */
#include "checker/ball.h"

void ball_matrix_init(struct ball_matrix *A, size_t rows, size_t columns)
{
    *A = (struct ball_matrix){.rows = rows, .columns = columns, .x = ball_vector(rows * columns)};
}

void ball_matrix_clear(struct ball_matrix *A)
{
    ball_vector_clear(A->x, A->rows * A->columns);
    *A = (struct ball_matrix){.x = NULL};
}

struct ball *ball_matrix_entry(const struct ball_matrix *A, size_t row, size_t column)
{
    return &A->x[row * A->columns + column];
}

void ball_matrix_multiply(struct ball_context *c, struct ball_matrix *Z,
                          const struct ball_matrix *A, const struct ball_matrix *B)
{
    for (size_t i = 0; i < A->rows; i++)
        for (size_t j = 0; j < B->columns; j++) {
            struct ball *z = ball_matrix_entry(Z, i, j);
            ball_set_integer(c, z, 0);
            for (size_t k = 0; k < A->columns; k++)
                ball_addmul(c, z, ball_matrix_entry(A, i, k), ball_matrix_entry(B, k, j));
        }
}

void ball_matrix_symmetric(struct ball_context *c, struct ball_matrix *Z,
                           const struct ball_matrix *A)
{
    for (size_t i = 0; i < A->rows; i++)
        for (size_t j = 0; j <= i; j++) {
            struct ball *z = ball_matrix_entry(Z, i, j);
            ball_add(c, z, ball_matrix_entry(A, i, j), ball_matrix_entry(A, j, i));
            if (j < i)
                ball_set(ball_matrix_entry(Z, j, i), z);
        }
}

/* A_ij -= A_ik A_jk / pivot for i >= j > k; row and column k are not needed any more. */
static void eliminate(struct ball_context *c, struct ball_matrix *A, size_t k)
{
    struct ball factor, product;
    ball_init(&factor);
    ball_init(&product);
    for (size_t i = k + 1; i < A->rows; i++) {
        ball_div(c, &factor, ball_matrix_entry(A, i, k), ball_matrix_entry(A, k, k));
        for (size_t j = k + 1; j < i; j++) {
            struct ball *z = ball_matrix_entry(A, i, j);
            ball_mul(c, &product, &factor, ball_matrix_entry(A, j, k));
            ball_sub(c, z, z, &product);
        }
        struct ball *z = ball_matrix_entry(A, i, i); /* A_ik^2 / pivot, never negative */
        ball_square(c, &product, ball_matrix_entry(A, i, k));
        ball_div(c, &product, &product, ball_matrix_entry(A, k, k));
        ball_sub(c, z, z, &product);
    }
    ball_clear(&factor);
    ball_clear(&product);
}

bool ball_matrix_is_positive(struct ball_context *c, const struct ball_matrix *A)
{
    if (A->rows != A->columns)
        return false;
    struct ball_matrix B;
    ball_matrix_init(&B, A->rows, A->rows);
    for (size_t i = 0; i < A->rows * A->rows; i++)
        ball_set(&B.x[i], &A->x[i]);
    bool positive = true;
    for (size_t k = 0; k < B.rows && positive; k++) {
        positive = ball_is_positive(ball_matrix_entry(&B, k, k));
        if (positive)
            eliminate(c, &B, k);
    }
    ball_matrix_clear(&B);
    return positive;
}

void ball_matrix_frobenius(struct ball_context *c, struct ball *z, const struct ball_matrix *A)
{
    struct ball sum, square;
    ball_init(&sum);
    ball_init(&square);
    for (size_t i = 0; i < A->rows * A->columns; i++) {
        ball_square(c, &square, &A->x[i]);
        ball_add(c, &sum, &sum, &square);
    }
    ball_root_upper(c, z, &sum);
    ball_clear(&sum);
    ball_clear(&square);
}

/* The sum of the moduli of n entries, `stride` apart, and the largest of `lines` such sums. */
struct sums {
    const struct ball *x;
    size_t lines, step, n, stride;
};

static void largest_sum(struct ball_context *c, struct ball *z, const struct sums *s)
{
    struct ball sum, modulus;
    ball_init(&sum);
    ball_init(&modulus);
    ball_set_integer(c, z, 0);
    for (size_t line = 0; line < s->lines; line++) {
        ball_set_integer(c, &sum, 0);
        for (size_t k = 0; k < s->n; k++) {
            ball_magnitude(c, &modulus, &s->x[line * s->step + k * s->stride]);
            ball_add(c, &sum, &sum, &modulus);
        }
        if (!ball_is_less(c, &sum, z))
            ball_set(z, &sum);
        if (!ball_is_bounded(z))
            break;
    }
    ball_clear(&sum);
    ball_clear(&modulus);
}

void ball_matrix_norm(struct ball_context *c, struct ball *z, const struct ball_matrix *A)
{
    struct ball rows, columns;
    ball_init(&rows);
    ball_init(&columns);
    struct sums along_row = {A->x, A->rows, A->columns, A->columns, 1};
    struct sums along_column = {A->x, A->columns, 1, A->rows, A->columns};
    largest_sum(c, &rows, &along_row);
    largest_sum(c, &columns, &along_column);
    ball_mul(c, &rows, &rows, &columns);
    ball_root_upper(c, &rows, &rows);
    ball_matrix_frobenius(c, z, A);
    if (ball_is_less(c, &rows, z))
        ball_swap(z, &rows);
    ball_clear(&rows);
    ball_clear(&columns);
}
