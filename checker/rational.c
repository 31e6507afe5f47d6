/* Gauss's elimination over Q. */
#include "checker/rational.h"

#include "checker/memory.h"
#include "checker/reject.h"

static const size_t operation_work = 64;

mpq_t *rational_read(struct text *text, size_t count)
{
    mpq_t *numbers = memory_numbers(count);
    for (size_t k = 0; k < count; k++)
        text_number(text, numbers[k]);
    return numbers;
}

void rational_identity(size_t n, mpq_t *A)
{
    for (size_t k = 0; k < n * n; k++)
        mpq_set_ui(A[k], k % (n + 1) == 0, 1);
}

static size_t size_of(const mpq_t x)
{
    return mpz_size(mpq_numref(x)) + mpz_size(mpq_denref(x));
}

void rational_work(const mpq_t x, const mpq_t y)
{
    uint64_t m = size_of(x), n = size_of(y);
    reject_work(operation_work + m * m + m * n + n * n);
}

/* x += sign a b; room is overwritten. */
static void add_product(mpq_t x, int sign, const mpq_t a, const mpq_t b, mpq_t room)
{
    rational_work(a, b);
    mpq_mul(room, a, b);
    rational_work(x, room);
    if (sign > 0)
        mpq_add(x, x, room);
    else
        mpq_sub(x, x, room);
}

void rational_product(size_t n, mpq_t *A, mpq_t *B, mpq_t *product)
{
    mpq_t room;
    mpq_init(room);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            mpq_set_ui(product[i * n + j], 0, 1);
            for (size_t k = 0; k < n; k++)
                add_product(product[i * n + j], 1, A[i * n + k], B[k * n + j], room);
        }
    mpq_clear(room);
}

static void swap_rows(size_t columns, size_t i, size_t j, mpq_t *A)
{
    for (size_t c = 0; c < columns && i != j; c++)
        mpq_swap(A[i * columns + c], A[j * columns + c]);
}

/* row -= factor * pivot row. */
static void eliminate(size_t columns, mpq_t *row, mpq_t *pivot_row, const mpq_t factor)
{
    mpq_t room;
    mpq_init(room);
    for (size_t c = 0; c < columns && mpq_sgn(factor); c++)
        add_product(row[c], -1, factor, pivot_row[c], room);
    mpq_clear(room);
}

/* Makes column p of A the unit vector, with the same steps on X. */
static void solve_column(size_t n, size_t columns, size_t p, mpq_t *A, mpq_t *X)
{
    size_t row = p;
    mpq_t factor;
    mpq_init(factor);
    while (row < n && !mpq_sgn(A[row * n + p]))
        row++;
    reject_unless(row < n, "a matrix that is singular");
    swap_rows(n, p, row, A);
    swap_rows(columns, p, row, X);
    mpq_inv(factor, A[p * n + p]);
    for (size_t c = 0; c < n; c++)
        mpq_mul(A[p * n + c], A[p * n + c], factor);
    for (size_t c = 0; c < columns; c++)
        mpq_mul(X[p * columns + c], X[p * columns + c], factor);
    for (size_t i = 0; i < n; i++) {
        if (i == p)
            continue;
        mpq_set(factor, A[i * n + p]);
        eliminate(n, A + i * n, A + p * n, factor);
        eliminate(columns, X + i * columns, X + p * columns, factor);
    }
    mpq_clear(factor);
}

void rational_solve(size_t n, size_t columns, mpq_t *A, mpq_t *X)
{
    mpq_t *copy = memory_numbers(n * n);
    for (size_t k = 0; k < n * n; k++)
        mpq_set(copy[k], A[k]);
    for (size_t p = 0; p < n; p++)
        solve_column(n, columns, p, copy, X);
    memory_free_numbers(n * n, copy);
}

bool rational_is_positive_definite(size_t n, mpq_t *A)
{
    mpq_t factor;
    bool positive = true;
    mpq_init(factor);
    for (size_t p = 0; p < n && positive; p++) {
        positive = mpq_sgn(A[p * n + p]) > 0;
        for (size_t i = p + 1; i < n && positive; i++) {
            mpq_div(factor, A[i * n + p], A[p * n + p]);
            eliminate(n, A + i * n, A + p * n, factor);
        }
    }
    mpq_clear(factor);
    return positive;
}
