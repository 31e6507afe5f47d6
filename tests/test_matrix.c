/* The adapter to GSL against what the factors must satisfy, on random matrices of every shape and
 * rank, and against eigenvalues known in closed form.
 *
 * Nothing is compared with digits: products of factors give the matrix back, bases are
 * orthonormal, a pseudo-inverse satisfies the four conditions of Penrose. */
#include "linear/matrix.h"

#include "tests/chains.h"

#include <float.h>

enum { SEED = 1873, TRIALS = 300, SIDE_MOST = 7, ENTRIES = SIDE_MOST * SIDE_MOST };

/* Rounding of sums of seven products of numbers of size ten, with room. */
static const double ROUNDING = 1e-12;

static size_t side(struct stream *stream)
{
    return 1 + stream_below(stream, SIDE_MOST);
}

/* A[rows*columns] of the given rank: a product of two factors. */
static void draw_matrix(struct stream *stream, size_t rows, size_t rank, size_t columns, double *A)
{
    double left[ENTRIES], right[ENTRIES];
    for (size_t i = 0; i < rows * rank; i++)
        left[i] = stream_normal(stream);
    for (size_t i = 0; i < rank * columns; i++)
        right[i] = 2.385 * stream_normal(stream);
    matrix_multiply(rows, rank, columns, left, right, A);
}

static void singular_values_multiply_back(void **state)
{
    (void)state;
    for (uint64_t t = 0; t < TRIALS; t++) {
        struct stream stream = stream_at(SEED, 1, t);
        const size_t rows = side(&stream), columns = side(&stream);
        const size_t k = rows < columns ? rows : columns;
        double A[ENTRIES], U[ENTRIES], V[ENTRIES], s[SIDE_MOST], back[ENTRIES];
        draw_matrix(&stream, rows, 1 + stream_below(&stream, k), columns, A);
        assert_int_equal(matrix_singular_values(rows, columns, A, s, U, V), OK);
        for (size_t i = 0; i < rows; i++)
            for (size_t l = 0; l < k; l++)
                U[i * k + l] *= s[l];
        matrix_multiply_second_transposed(rows, k, columns, U, V, back);
        assert_true(matrix_largest_difference(rows * columns, A, back) <= ROUNDING * (1 + s[0]));
        for (size_t l = 1; l < k; l++)
            assert_true(s[l] <= s[l - 1] && s[l] >= 0);
    }
}

/* A P A = A, P A P = P, both products symmetric: Penrose's four conditions. */
static void pseudo_inverses_meet_penrose(void **state)
{
    (void)state;
    for (uint64_t t = 0; t < TRIALS; t++) {
        struct stream stream = stream_at(SEED, 2, t);
        const size_t rows = side(&stream), columns = side(&stream);
        const size_t most = rows < columns ? rows : columns, r = 1 + stream_below(&stream, most);
        double A[ENTRIES], P[ENTRIES], AP[ENTRIES], PA[ENTRIES], back[ENTRIES];
        size_t rank = 0;
        draw_matrix(&stream, rows, r, columns, A);
        assert_int_equal(matrix_pseudo_inverse(rows, columns, A, P, &rank), OK);
        assert_int_equal(rank, r);
        matrix_multiply(rows, columns, rows, A, P, AP);
        matrix_multiply(columns, rows, columns, P, A, PA);
        double size = 1;
        for (size_t i = 0; i < rows * columns; i++)
            size = fmax(size, fmax(fabs(A[i]), fabs(P[i])));
        const double allowed = ROUNDING * size * size * size;
        matrix_multiply(rows, rows, columns, AP, A, back);
        assert_true(matrix_largest_difference(rows * columns, A, back) <= allowed);
        matrix_multiply(columns, columns, rows, PA, P, back);
        assert_true(matrix_largest_difference(rows * columns, P, back) <= allowed);
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < i; j++)
                assert_true(fabs(AP[i * rows + j] - AP[j * rows + i]) <= allowed);
    }
}

static void ranges_are_orthonormal_and_hold_the_columns(void **state)
{
    (void)state;
    for (uint64_t t = 0; t < TRIALS; t++) {
        struct stream stream = stream_at(SEED, 3, t);
        const size_t rows = side(&stream), columns = side(&stream);
        const size_t most = rows < columns ? rows : columns, r = stream_below(&stream, most + 1);
        double A[ENTRIES] = {0}, Q[ENTRIES], gram[ENTRIES], shares[ENTRIES];
        size_t rank = SIDE_MOST + 1;
        if (r > 0)
            draw_matrix(&stream, rows, r, columns, A);
        assert_int_equal(matrix_range(rows, columns, A, Q, &rank), OK);
        assert_int_equal(rank, r);
        matrix_multiply_first_transposed(rows, rows, rows, Q, Q, gram);
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < rows; j++)
                assert_true(fabs(gram[i * rows + j] - (i == j)) <= ROUNDING);
        matrix_multiply_first_transposed(rows, rows, columns, Q, A, shares);
        for (size_t i = rank; i < rows; i++) /* nothing of A outside the first columns */
            for (size_t j = 0; j < columns; j++)
                assert_true(fabs(shares[i * columns + j]) <= 100 * ROUNDING);
    }
}

/* x^3 - 6 x^2 + 11 x - 6 has the roots 3, 2, 1; the rotation has a pair. */
static void eigenvalues_are_the_known_ones(void **state)
{
    (void)state;
    const double companion[] = {6, -11, 6, 1, 0, 0, 0, 1, 0}, turn[] = {0.3, -2.385, 2.385, 0.3};
    double re[3], im[3];
    assert_int_equal(matrix_eigenvalues(3, companion, re, im), OK);
    for (int k = 0; k < 3; k++)
        assert_true(fabs(re[k] - (3 - k)) <= 100 * ROUNDING && im[k] == 0);
    assert_int_equal(matrix_eigenvalues(2, turn, re, im), OK);
    for (int k = 0; k < 2; k++)
        assert_true(fabs(re[k] - 0.3) <= ROUNDING && fabs(fabs(im[k]) - 2.385) <= ROUNDING);
    const double tiny[] = {3e-300, 1e-300, 1e-300, 3e-300};
    assert_int_equal(matrix_eigenvalues(2, tiny, re, NULL), OK);
    assert_true(fabs(re[0] / 4e-300 - 1) <= ROUNDING && fabs(re[1] / 2e-300 - 1) <= ROUNDING);
    const double bad[] = {1, NAN, 0, 1};
    assert_int_equal(matrix_eigenvalues(2, bad, re, NULL), NOT_FINITE);
}

static void symmetric_factors_multiply_back(void **state)
{
    (void)state;
    for (uint64_t t = 0; t < TRIALS; t++) {
        struct stream stream = stream_at(SEED, 4, t);
        const size_t n = side(&stream);
        double M[ENTRIES], A[ENTRIES], V[ENTRIES], value[SIDE_MOST], re[SIDE_MOST];
        draw_matrix(&stream, n, n, n, M);
        matrix_multiply_second_transposed(n, n, n, M, M, A);
        assert_int_equal(matrix_symmetric_eigenvalues(n, A, value, V), OK);
        assert_int_equal(matrix_eigenvalues(n, A, re, NULL), OK);
        for (size_t k = 0; k < n; k++) /* increasing there, decreasing here */
            assert_true(fabs(value[k] - re[n - 1 - k]) <= 1e3 * ROUNDING * (1 + re[0]));
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) {
                double sum = 0;
                for (size_t k = 0; k < n; k++)
                    sum += V[i * n + k] * value[k] * V[j * n + k];
                assert_true(fabs(sum - A[i * n + j]) <= 1e2 * ROUNDING * (1 + re[0]));
            }
    }
}

static void solutions_solve(void **state)
{
    (void)state;
    for (uint64_t t = 0; t < TRIALS; t++) {
        struct stream stream = stream_at(SEED, 5, t);
        const size_t n = side(&stream), columns = side(&stream);
        double A[ENTRIES], B[ENTRIES], X[ENTRIES], back[ENTRIES], size = 1;
        for (size_t i = 0; i < n * n; i++)
            A[i] = stream_normal(&stream);
        for (size_t i = 0; i < n * columns; i++)
            B[i] = stream_normal(&stream);
        assert_int_equal(matrix_solve(n, columns, A, B, X), OK);
        matrix_multiply(n, n, columns, A, X, back);
        for (size_t i = 0; i < n * columns; i++)
            size = fmax(size, fabs(X[i]));
        assert_true(matrix_largest_difference(n * columns, B, back) <=
                    ROUNDING * size); /* backward stable */
    }
    const double singular[] = {1, 2, 2, 4}, b[] = {1, 1};
    double x[2];
    assert_int_equal(matrix_solve(2, 1, singular, b, x), BAD_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(singular_values_multiply_back),
        cmocka_unit_test(pseudo_inverses_meet_penrose),
        cmocka_unit_test(ranges_are_orthonormal_and_hold_the_columns),
        cmocka_unit_test(eigenvalues_are_the_known_ones),
        cmocka_unit_test(symmetric_factors_multiply_back),
        cmocka_unit_test(solutions_solve),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
