/* Spectra where QR iterations by themselves do not end: at states that are symmetric but for
 * rounding.
 *
 * Such Jacobians have zeros on the diagonal, and entries of any size down to the smallest number
 * where other zeros would be.  They must not be noticed: eigenvalues known in closed form come out
 * for all of them, random symmetric patterns have the spectrum of the pattern, and a run from such a
 * start ends where it should. */
#include "tests/chains.h"

#include "ode/dense.h"

#include <float.h>
#include <gsl/gsl_errno.h>

enum { SEED = 2018, ORDER = 4, ORDER_MOST = 8, EXPONENTS = 324 };

static const double B = 0.5, D = -0.03125; /* of a Jacobian of A[2,2,1] */

/* (0, b; b, 0) between unknowns 1 and 2, (0, b; b, d) between 0 and 3; elsewhere 0, +-noise. */
static void fill(double noise, double *A)
{
    const double rows[ORDER * ORDER] = {0,      noise, -noise, B,      noise, 0, B,      noise,
                                        -noise, B,     0,      -noise, B,     0, -noise, D};
    memcpy(A, rows, sizeof rows);
}

/* 10^-k, also where that has few digits left */
static double tiny(size_t k)
{
    return pow(10, -(double)k);
}

static void spectra_do_not_notice_tiny_entries(void **state)
{
    (void)state;
    static const double ROUNDING = 1e-14;
    const double root = sqrt(D * D / 4 + B * B);
    const double expected[ORDER] = {B, D / 2 + root, -B, D / 2 - root};
    for (size_t k = 20; k < EXPONENTS; k++) {
        double A[ORDER * ORDER], spectrum[ORDER];
        fill(tiny(k), A);
        const enum status status =
            dense_real_parts(ORDER, A, matrix_norm(ORDER * ORDER, A), spectrum);
        if (status != OK)
            fail_msg("entries of 1e-%zu: %s", k, status_message());
        for (size_t i = 0; i < ORDER; i++)
            assert_true(fabs(spectrum[i] - expected[i]) <= ROUNDING);
    }
}

/* Along unknown 1 only (0, 1, 1, 0) expands; along 3 (b, 0, 0, lambda). */
static void expanding_parts_do_not_notice_tiny_entries(void **state)
{
    (void)state;
    static const double ROUNDING = 1e-13;
    const double lambda = D / 2 + sqrt(D * D / 4 + B * B);
    const double expected[] = {sqrt(0.5), lambda / hypot(B, lambda)};
    for (size_t k = 20; k < EXPONENTS; k++)
        for (size_t which = 0; which < 2; which++) {
            double A[ORDER * ORDER], v[ORDER] = {0}, part = NAN;
            fill(tiny(k), A);
            v[which == 0 ? 1 : 3] = 1;
            if (dense_unstable_part(ORDER, A, v, &part) != OK)
                fail_msg("entries of 1e-%zu: %s", k, status_message());
            assert_true(fabs(part - expected[which]) <= ROUNDING);
        }
}

/* Symmetric, of -1, 0 and 1. */
static void draw_pattern(struct stream *stream, size_t m, double *A)
{
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j <= i; j++)
            A[i * m + j] = A[j * m + i] = (double)stream_below(stream, 3) - 1;
}

static void patterns_have_their_spectrum_for_any_noise(void **state)
{
    (void)state;
    enum { TRIALS = 20000 };
    static const double ROUNDING = 1e-13;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct stream stream = stream_at(SEED, stream_key("dense patterns"), trial);
        const size_t m = 2 + trial % (ORDER_MOST - 1), k = 20 + trial % (EXPONENTS - 20);
        double A[ORDER_MOST * ORDER_MOST], noisy[ORDER_MOST * ORDER_MOST];
        double plain[ORDER_MOST], other[ORDER_MOST];
        draw_pattern(&stream, m, A);
        for (size_t i = 0; i < m * m; i++)
            noisy[i] = A[i] == 0 ? tiny(k) * ((double)stream_below(&stream, 3) - 1) : A[i];
        const double size = matrix_norm(m * m, A);
        if (size == 0)
            continue;
        assert_int_equal(dense_real_parts(m, A, size, plain), OK);
        if (dense_real_parts(m, noisy, size, other) != OK)
            fail_msg("trial %zu, entries of 1e-%zu: %s", (size_t)trial, k, status_message());
        for (size_t i = 0; i < m; i++)
            if (!(fabs(plain[i] - other[i]) <= ROUNDING))
                fail_msg("trial %zu, entries of 1e-%zu: %.17g for %.17g", (size_t)trial, k,
                         other[i], plain[i]);
    }
}

/* A few ones, without symmetry: eigenvalues may be multiple, and only their sum is well known. */
static void iterations_end_for_any_noise(void **state)
{
    (void)state;
    enum { TRIALS = 40000 };
    static const double ROUNDING = 1e-13;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct stream stream = stream_at(SEED, stream_key("dense iterations"), trial);
        const size_t m = 2 + trial % (ORDER_MOST - 1), k = 20 + trial % (EXPONENTS - 20);
        double A[ORDER_MOST * ORDER_MOST], spectrum[ORDER_MOST], trace = 0;
        for (size_t i = 0; i < m * m; i++) {
            const double noise = tiny(k) * ((double)stream_below(&stream, 3) - 1);
            A[i] = stream_below(&stream, m) == 0 ? 1 : noise;
        }
        for (size_t i = 0; i < m; i++)
            trace += A[i * m + i];
        if (dense_real_parts(m, A, matrix_norm(m * m, A), spectrum) != OK)
            fail_msg("trial %zu, entries of 1e-%zu: %s", (size_t)trial, k, status_message());
        for (size_t i = 0; i < m; i++)
            trace -= spectrum[i];
        if (!(fabs(trace) <= ROUNDING))
            fail_msg("trial %zu, entries of 1e-%zu: the sum is off by %g", (size_t)trial, k, trace);
    }
}

/* Its first look would have failed: J has entries of 1e-323. */
static void a_symmetric_start_settles(void **state)
{
    (void)state;
    struct problem problem = problem_defaults(registry_system("hidden"), registry_rule("bp"));
    const struct plan plan = plan_defaults();
    static const double start[] = {0, -0.5, 0.25, 0.25, -0.5, 0.25};
    problem.size_count = 3;
    memcpy(problem.sizes, (const size_t[]){2, 2, 1}, 3 * sizeof *problem.sizes);
    struct trial trial = trial_run(&problem, &plan, start);
    assert_ending(trial.outcome, ENDING_SETTLED, "A[2,2,1]");
    const double *x = trial.outcome->limit;
    assert_true(fabs(x[4] * x[0] + x[5] * x[2] - 1) <= 1e-9); /* P = (1, 0), as they promise */
    assert_true(fabs(x[4] * x[1] + x[5] * x[3]) <= 1e-9);
    trial_free(&trial);
}

int main(void)
{
    gsl_set_error_handler_off(); /* as whoever asks for spectra has done */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spectra_do_not_notice_tiny_entries),
        cmocka_unit_test(expanding_parts_do_not_notice_tiny_entries),
        cmocka_unit_test(patterns_have_their_spectrum_for_any_noise),
        cmocka_unit_test(iterations_end_for_any_noise),
        cmocka_unit_test(a_symmetric_start_settles),
    };
    return cmocka_run_group_tests_name("dense", tests, NULL, NULL);
}
