/* The matrices of lanes, beside loops that are written plainly.
 *
 * Products have the bits of the plain loop, whatever registers they were compiled for; solutions
 * solve, for matrices whose first pivots vanish, too; singular ones are refused; the bounds are above
 * what a matrix does to vectors, and are reached by matrices that are known to reach them. */
#include "tests/chains.h"

#include "ode/sweep_matrix.h"

#include <float.h>

enum { SEED = 2018, ORDER_MOST = 40, TRIALS = 300, REGISTER = 8 };

/* An order of 1 to ORDER_MOST, and a matrix with normal entries of it. */
static size_t draw(struct stream *stream, double *A)
{
    const size_t m = 1 + (size_t)(stream_uniform(stream) * ORDER_MOST);
    stream_normals(stream, m * m, 1, A);
    return m;
}

static void orders_are_the_next_multiples_of_a_register(void **state)
{
    (void)state;
    static double A[ORDER_MOST * ORDER_MOST], padded[ORDER_MOST * ORDER_MOST];
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct stream stream = stream_at(SEED, stream_key("matrix pad"), trial);
        const size_t m = draw(&stream, A), order = sweep_matrix_order(m);
        assert_true(order >= m && order < m + REGISTER && order % REGISTER == 0);
        memset(padded, 1, sizeof padded);
        sweep_matrix_pad(m, order, A, padded);
        for (size_t i = 0; i < order; i++)
            for (size_t j = 0; j < order; j++) {
                const double here = i < m && j < m ? A[i * m + j] : 0;
                assert_memory_equal(&padded[i * order + j], &here, sizeof here);
            }
    }
}

static void squares_have_the_bits_of_the_plain_loop(void **state)
{
    (void)state;
    static double A[ORDER_MOST * ORDER_MOST], B[ORDER_MOST * ORDER_MOST];
    for (size_t order = REGISTER; order <= ORDER_MOST; order += REGISTER) {
        struct stream stream = stream_at(SEED, stream_key("matrix square"), order);
        stream_normals(&stream, order * order, 1, A);
        sweep_matrix_square(order, A, B);
        for (size_t i = 0; i < order; i++)
            for (size_t j = 0; j < order; j++) {
                double sum = 0;
                for (size_t l = 0; l < order; l++)
                    sum += A[i * order + l] * A[l * order + j];
                assert_memory_equal(&B[i * order + j], &sum, sizeof sum);
            }
    }
}

/* b - A z, over what rounding may leave: pivots grow little with normal entries. */
static double residual_of(size_t m, const double *A, const double *b, const double *z)
{
    double worst = 0;
    for (size_t i = 0; i < m; i++) {
        double sum = -b[i], size = fabs(b[i]);
        for (size_t j = 0; j < m; j++) {
            sum += A[i * m + j] * z[j];
            size += fabs(A[i * m + j] * z[j]);
        }
        worst = fmax(worst, fabs(sum) / size);
    }
    return worst / ((double)m * DBL_EPSILON);
}

/* Every third matrix has zeros where elimination begins. */
static void factors_solve_linear_systems(void **state)
{
    (void)state;
    static const double ROUNDINGS = 3; /* m of them stand for the growth in elimination */
    static double A[ORDER_MOST * ORDER_MOST], LU[ORDER_MOST * ORDER_MOST];
    double worst = 0;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct stream stream = stream_at(SEED, stream_key("matrix factor"), trial);
        double b[ORDER_MOST], z[ORDER_MOST] = {0};
        size_t pivot[ORDER_MOST];
        const size_t m = draw(&stream, A), order = sweep_matrix_order(m);
        for (size_t i = 0; i + 1 < m && trial % 3 == 0; i++)
            A[i * m] = A[i * m + m / 2] = 0;
        if (trial % 3 == 0 && m > 1)
            A[(m - 1) * m + m / 2] = 0, A[m / 2] = 1;
        stream_normals(&stream, m, 1, b);
        memcpy(z, b, m * sizeof *z);
        sweep_matrix_pad(m, order, A, LU);
        for (size_t i = m; i < order; i++)
            LU[i * order + i] = 1;
        assert_true(sweep_matrix_factor(order, LU, pivot));
        sweep_matrix_solve(order, LU, pivot, z);
        worst = fmax(worst, residual_of(m, A, b, z));
        for (size_t i = m; i < order; i++)
            assert_true(z[i] == 0);
    }
    print_message("# residuals up to %.2f m roundings\n", worst);
    assert_true(worst > 0 && worst < ROUNDINGS);
}

static void singular_matrices_are_refused(void **state)
{
    (void)state;
    static double A[ORDER_MOST * ORDER_MOST];
    for (size_t order = REGISTER; order <= ORDER_MOST; order += REGISTER)
        for (size_t lost = 0; lost < order; lost++) { /* a column of zeros, and one of NaN */
            struct stream stream = stream_at(SEED, stream_key("matrix singular"), lost);
            size_t pivot[ORDER_MOST];
            stream_normals(&stream, order * order, 1, A);
            for (size_t i = 0; i < order; i++)
                A[i * order + lost] = lost % 2 ? NAN : 0;
            assert_false(sweep_matrix_factor(order, A, pivot));
        }
}

/* |A v|/|v| after many multiplications by A'A: the norm, from below. */
static double norm_from_below(size_t n, const double *A)
{
    enum { TURNS = 60 };
    double v[ORDER_MOST], w[ORDER_MOST], norm = 0;
    for (size_t i = 0; i < n; i++)
        v[i] = 1 + 0.3 * sin((double)i);
    for (size_t turn = 0; turn < TURNS; turn++) {
        const double size = matrix_norm(n, v);
        for (size_t i = 0; i < n; i++) {
            w[i] = 0;
            for (size_t j = 0; j < n; j++)
                w[i] += A[i * n + j] * v[j] / size;
        }
        norm = matrix_norm(n, w);
        for (size_t j = 0; j < n; j++) {
            v[j] = 0;
            for (size_t i = 0; i < n; i++)
                v[j] += A[i * n + j] * w[i];
        }
    }
    return norm;
}

static void bounds_are_above_the_norm(void **state)
{
    (void)state;
    static const double ROUNDING = 1e-13; /* of sums of 1600 squares */
    static double A[ORDER_MOST * ORDER_MOST];
    double columns[ORDER_MOST];
    size_t by_sums = 0, by_squares = 0;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct stream stream = stream_at(SEED, stream_key("matrix bound"), trial);
        const size_t order = REGISTER * (1 + trial % (ORDER_MOST / REGISTER));
        stream_normals(&stream, order * order, 1, A);
        for (size_t i = 0; i < order * order && trial % 2; i++) /* nearly a multiple of 1 */
            A[i] = 0.01 * A[i] + (i % (order + 1) == 0 ? 2.385 : 0);
        const double bound = sweep_matrix_bound(order, A, columns);
        const double size = sweep_matrix_size(order, A);
        assert_true(fabs(size - matrix_norm(order * order, A)) <= ROUNDING * size);
        assert_true(norm_from_below(order, A) <= bound * (1 + ROUNDING));
        assert_true(bound <= size * (1 + ROUNDING));
        by_sums += bound < size * (1 - ROUNDING);
        by_squares += !(bound < size * (1 - ROUNDING));
    }
    assert_true(by_sums > TRIALS / 3 && by_squares > TRIALS / 10);
    A[3] = NAN;
    assert_true(isnan(sweep_matrix_size(REGISTER, A)));
}

/* A permutation has norm 1, and so by rows and columns; a dyad |u||v|, and so Frobenius'. */
static void bounds_are_reached(void **state)
{
    (void)state;
    static const double ROUNDING = 1e-14;
    double A[REGISTER * REGISTER] = {0}, columns[REGISTER];
    for (size_t i = 0; i < REGISTER; i++)
        A[i * REGISTER + (3 * i + 1) % REGISTER] = i % 2 ? -2.385 : 2.385;
    assert_true(fabs(sweep_matrix_bound(REGISTER, A, columns) - 2.385) <= ROUNDING);
    double u = 0, v = 0;
    for (size_t i = 0; i < REGISTER; i++) {
        const double left = 1 + 0.7 * (double)i, right = i == 2 ? 11 : 0.3;
        u += left * left;
        v += right * right;
        for (size_t j = 0; j < REGISTER; j++)
            A[j * REGISTER + i] = right * (1 + 0.7 * (double)j);
    }
    assert_true(fabs(sweep_matrix_bound(REGISTER, A, columns) / sqrt(u * v) - 1) <= ROUNDING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_are_the_next_multiples_of_a_register),
        cmocka_unit_test(squares_have_the_bits_of_the_plain_loop),
        cmocka_unit_test(factors_solve_linear_systems),
        cmocka_unit_test(singular_matrices_are_refused),
        cmocka_unit_test(bounds_are_above_the_norm),
        cmocka_unit_test(bounds_are_reached),
    };
    return cmocka_run_group_tests_name("sweep_matrix", tests, NULL, NULL);
}
