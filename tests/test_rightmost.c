/* Eigenvalues to the right: matrices whose spectrum is known, unstable directions hidden in them.
 *
 * J = H B H with a reflection H, so that no eigenvector is sparse, and B tridiagonal: diagonal
 * entries, entries above the diagonal (not normal), rotations (complex pairs). */
#include "base/stream.h"
#include "ode/chebyshev.h"
#include "ode/rightmost.h"
#include "ode/vector.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 2000 };

struct matrix {
    size_t n;
    double d[MOST], above[MOST], below[MOST]; /* B_ii, B_i,i+1, B_i+1,i */
    double w[MOST];                           /* H = 1 - 2 w w' */
};

static void reflect(const struct matrix *m, double *v)
{
    const double along = 2 * vector_dot(m->n, m->w, v);
    for (size_t j = 0; j < m->n; j++)
        v[j] -= along * m->w[j];
}

static enum status times(void *data, const double *v, double *Jv)
{
    static double t[MOST];
    const struct matrix *m = data;
    memcpy(t, v, m->n * sizeof *v);
    reflect(m, t);
    for (size_t i = 0; i < m->n; i++) {
        Jv[i] = m->d[i] * t[i];
        Jv[i] += i + 1 < m->n ? m->above[i] * t[i + 1] : 0;
        Jv[i] += i > 0 ? m->below[i - 1] * t[i - 1] : 0;
    }
    reflect(m, Jv);
    return OK;
}

static struct matrix matrix;

/* Rates from -1 to -10^decades, evenly spread in their logarithm. */
static void spread_rates(size_t n, double decades)
{
    memset(&matrix, 0, sizeof matrix);
    matrix.n = n;
    ritz_draw(1000, n, matrix.w);
    for (size_t i = 0; i < n; i++)
        matrix.d[i] = -pow(10, decades * (double)i / (double)(n - 1));
}

static struct rightmost_search *search;

static struct rightmost found_in(void)
{
    const struct ritz_matrix J = {.n = matrix.n, .apply = times, .data = &matrix};
    struct rightmost found;
    rightmost_free(search);
    search = rightmost_create(&J);
    assert_non_null(search);
    assert_int_equal(rightmost_find(search, &found), OK);
    return found;
}

/* ---- Ritz values ---- */

/* (E40): an eigenvalue within the residual of each Ritz value of a symmetric matrix. */
static void residuals_bound_the_distance(void **state)
{
    (void)state;
    enum { VECTORS = 60 };
    static double start[MOST];
    size_t sharp = 0;
    for (int decades = 1; decades <= 3; decades++) {
        spread_rates(400, decades);
        const struct ritz_matrix J = {.n = matrix.n, .apply = times, .data = &matrix};
        struct ritz *ritz = ritz_create(&J, VECTORS);
        ritz_draw(7, matrix.n, start);
        assert_int_equal(ritz_build(ritz, start, VECTORS), OK);
        assert_int_equal(ritz_diagonalise(ritz, VECTORS, true), OK);
        assert_int_equal(ritz_count(ritz), VECTORS);
        const double rounding = 1e-13 * pow(10, decades); /* 400 epsilons of the norm */
        for (size_t k = 0; k < VECTORS; k++) {
            const struct ritz_value *value = ritz_values(ritz) + k;
            double nearest = INFINITY;
            for (size_t i = 0; i < matrix.n; i++)
                nearest = fmin(nearest, fabs(matrix.d[i] - value->re));
            assert_true(nearest <= value->residual + rounding);
            sharp += nearest >= value->residual / 100 && nearest > rounding;
        }
        ritz_free(ritz);
    }
    assert_true(sharp >= VECTORS); /* the bound is not idle */
}

/* Rank and kernel, where few directions are left. */
static void the_range_is_spanned(void **state)
{
    (void)state;
    for (int normal = 0; normal < 2; normal++) {
        spread_rates(700, 3);
        for (size_t i = 0; i < matrix.n; i++)
            if (i % 7 != 3)
                matrix.d[i] = 0;
        for (size_t i = 0; i + 1 < matrix.n && !normal; i++)
            matrix.above[i] = matrix.d[i] != 0 ? 0.5 : 0; /* into the kernel: oblique */
        const struct rightmost found = found_in();
        assert_int_equal(found.verdict, RIGHTMOST_STABLE);
        assert_int_equal(found.symmetric, normal);
        assert_int_equal(found.rank, 100);
        assert_true(found.kernel && found.kernel_size == 600);
        assert_true(fabs(found.rate - matrix.d[3]) <= 1e-9);
        assert_true(found.neutral <= 1e-6);
        static double Jv[MOST];
        for (size_t k = 0; k < RIGHTMOST_STARTS; k++) {
            const double *v = rightmost_kernel_vector(search, k);
            assert_int_equal(times(&matrix, v, Jv), OK);
            assert_true(vector_norm(matrix.n, v) >= 0.5); /* sqrt(6/7), or more where oblique */
            assert_true(vector_norm(matrix.n, Jv) <= 1e-10);
        }
    }
}

/* ---- verdicts ---- */

/* Stable spectra are found stable, with their rate. */
static void stable_spectra_are_stable(void **state)
{
    (void)state;
    static const size_t sizes[] = {300, 2000};
    for (size_t a = 0; a < 2; a++)
        for (int decades = 1; decades <= 4; decades++)
            for (int kernel = 0; kernel < 2; kernel++) {
                spread_rates(sizes[a], decades);
                for (size_t i = 0; i < matrix.n / 2 && kernel; i++)
                    matrix.d[2 * i + 1] = 0;
                const struct rightmost found = found_in();
                print_message("# %zu, 1e%d, kernel %d: rate %.4f, %zu products\n", matrix.n,
                              decades, kernel, found.rate, found.products);
                assert_int_equal(found.verdict, RIGHTMOST_STABLE);
                assert_true(found.symmetric && found.kernel == kernel);
                assert_true(-found.rate >= 1 - 1e-9 && -found.rate <= 1.5);
                assert_true(found.slow <= 1 && found.probability <= 1e-9);
            }
}

/* Oscillations, and couplings that are not normal. */
static void others_are_stable_too(void **state)
{
    (void)state;
    for (int which = 0; which < 3; which++) {
        spread_rates(1000, 2);
        for (size_t i = 0; i + 1 < matrix.n; i++)
            if (which == 0) { /* -1 +- 20 i and less */
                matrix.d[i] = matrix.d[i + 1] = -1;
                matrix.above[i] = i % 2 ? 0 : 0.02 * (double)i;
                matrix.below[i] = -matrix.above[i];
            } else {
                matrix.d[i] = which == 1 ? matrix.d[i] : -1;
                matrix.above[i] = which == 1 ? 0.5 : 0.7;
            }
        const struct rightmost found = found_in();
        print_message("# kind %d: rate %.4f, %zu products\n", which, found.rate, found.products);
        assert_int_equal(found.verdict, RIGHTMOST_STABLE);
        assert_false(found.symmetric);
        assert_true(found.slow <= 1);
    }
}

/* One weakly unstable direction among 300 to 2000, never missed: every place, size and coupling. */
static void hidden_instabilities_are_never_missed(void **state)
{
    (void)state;
    static const size_t sizes[] = {450, 1200};
    static const double unstable[] = {1e-1, 1e-3, 1e-5};
    size_t proved = 0, cases = 0;
    for (size_t a = 0; a < 2; a++)
        for (int decades = 1; decades <= 4; decades++)
            for (int kind = 0; kind < 4; kind++, cases++) {
                const size_t place = (7 + 131 * cases) % (sizes[a] - 2);
                spread_rates(sizes[a], decades);
                for (size_t i = 0; i < matrix.n / 2 && kind == 1; i++)
                    matrix.d[2 * i + 1] = 0;
                for (size_t i = 0; i < matrix.n - 1 && kind == 2; i++)
                    matrix.above[i] = 0.3 * fabs(matrix.d[i]);
                matrix.d[place] = unstable[cases % 3];
                if (kind == 3) { /* a pair that turns fast */
                    matrix.d[place + 1] = matrix.d[place];
                    matrix.above[place] = 30;
                    matrix.below[place] = -30;
                }
                const struct rightmost found = found_in();
                assert_int_not_equal(found.verdict, RIGHTMOST_STABLE);
                if (found.verdict == RIGHTMOST_UNSTABLE) {
                    proved++;
                    assert_true(found.rate <= matrix.d[place] + 1e-9);
                }
            }
    print_message("# %zu of %zu proved unstable\n", proved, cases);
    assert_true(proved >= cases * 2 / 5); /* all that are symmetric, but for the stiffest */
}

/* No verdict: centres, nilpotent parts of the kernel, and spectra that are unstable to rounding. */
static void what_cannot_be_told_is_unknown(void **state)
{
    (void)state;
    for (int which = 0; which < 3; which++) {
        spread_rates(300, 1);
        if (which == 0) { /* +- 3 i */
            matrix.d[10] = matrix.d[11] = 0;
            matrix.above[10] = 3;
            matrix.below[10] = -3;
        } else if (which == 1) { /* a Jordan block of zero */
            matrix.d[10] = matrix.d[11] = 0;
            matrix.above[10] = 2;
        }
        for (size_t i = 0; i < matrix.n && which == 2; i++) { /* stable by 1e-190 only */
            matrix.d[i] = -1;
            matrix.above[i] = 3;
        }
        const struct rightmost found = found_in();
        print_message("# kind %d: %s\n", which, found.doubt ? found.doubt : "decided");
        assert_int_equal(found.verdict, RIGHTMOST_UNKNOWN);
        assert_non_null(found.doubt);
    }
}

/* The control: an unstable direction orthogonal to the starts is missed.  It is for chance alone that
 * this does not happen. */
static void a_direction_without_a_share_is_missed(void **state)
{
    (void)state;
    enum { STARTS = 1 + RIGHTMOST_STARTS, PASSES = 3, PLACE = 7 };
    static double u[MOST], y[MOST];
    for (int orthogonal = 0; orthogonal < 2; orthogonal++) {
        spread_rates(1000, 3);
        matrix.d[PLACE] = 1e-3;
        ritz_draw(4711, matrix.n, y);
        for (size_t k = 0; k < STARTS * PASSES && orthogonal; k++) {
            ritz_draw(2 * (k % STARTS) + 1, matrix.n, u);
            const double along = vector_dot(matrix.n, u, y);
            for (size_t i = 0; i < matrix.n; i++)
                y[i] -= along * u[i];
        }
        const double size = vector_norm(matrix.n, y);
        for (size_t i = 0; i < matrix.n; i++) /* H takes the unit vector e to y: w ~ e - y */
            matrix.w[i] = (i == PLACE) - y[i] / size;
        const double length = vector_norm(matrix.n, matrix.w);
        for (size_t i = 0; i < matrix.n; i++)
            matrix.w[i] /= length;
        const struct rightmost found = found_in();
        assert_int_equal(found.verdict, orthogonal ? RIGHTMOST_STABLE : RIGHTMOST_UNSTABLE);
    }
}

/* ---- filters ---- */

/* g_m(z) by the recurrence, of the matrix of multiplication by z. */
static double complex value_at(struct chebyshev g, size_t degree, double complex z)
{
    double now[2] = {1, 0}, before[2] = {0, 0};
    for (size_t k = 0; k < degree; k++) {
        const double complex product = z * (now[0] + now[1] * I);
        chebyshev_step(&g, 2, (const double[]){creal(product), cimag(product)}, now, before);
    }
    return now[0] + now[1] * I;
}

/* (E42): |g| >= its bound on the half-plane, for ellipses of all kinds; and it falls as promised on
 * the points. */
static void filters_keep_their_bound(void **state)
{
    (void)state;
    enum { POINTS = 20, TRIALS = 60, PROBES = 200, DEGREE = 37 };
    struct stream stream = stream_at(2018, stream_key("filters"), 0);
    struct ritz_value points[POINTS];
    size_t real = 0;
    double tightest = INFINITY;
    for (size_t trial = 0; trial < TRIALS; trial++) {
        const double tall = pow(10, stream_between(&stream, -2, 2)), near = 0.3;
        for (size_t k = 0; k < POINTS; k++)
            points[k] = (struct ritz_value){.re = -stream_between(&stream, near, 9),
                                            .im = tall * stream_between(&stream, -1, 1)};
        struct chebyshev g = chebyshev_around(POINTS, points);
        assert_true(g.factor < 1 && g.c < 0 && g.dd < g.c * g.c);
        real += g.dd > 0;
        for (size_t k = 0; k < POINTS; k++)
            assert_true(cabs(value_at(g, DEGREE, points[k].re + points[k].im * I)) <=
                        2.1 * pow(g.factor, DEGREE)); /* cosh/cosh, and parity */
        g.degree = DEGREE;
        const double s = near / 4 * stream_uniform(&stream), least = chebyshev_least(&g, s);
        struct chebyshev fresh = g;
        fresh.degree = 0;
        fresh.tau = -1 / g.c;
        assert_true(least > 0);
        for (size_t k = 0; k < PROBES; k++) {
            const double x = k % 3 ? -s : -s + 10 * stream_uniform(&stream);
            const double y = tall * pow(10, stream_between(&stream, -4, 1));
            const double value = cabs(value_at(fresh, DEGREE, x + (k == 1 ? 0 : y) * I));
            assert_true(value >= least * (1 - 1e-9));
            tightest = fmin(tightest, value / least);
        }
    }
    print_message("# %zu of %d with real foci; the bound is attained to %.3g\n", real, TRIALS,
                  tightest);
    assert_true(real > 0 && real < TRIALS && tightest <= 1.05);
}

/* (E41): the share of random vectors that nearly miss a direction. */
static void shares_are_as_small_as_said(void **state)
{
    (void)state;
    enum { N = 50, DRAWS = 40000 };
    static const double t = 0.01, PI = 3.14159265358979323846;
    double u[N], a[N], b[N];
    size_t real = 0, complex_ = 0;
    ritz_draw(1, N, a);
    ritz_draw(2, N, b); /* y = a + i b, |y|^2 = 2 */
    for (size_t k = 0; k < DRAWS; k++) {
        ritz_draw(100 + k, N, u);
        const double along = vector_dot(N, a, u), other = vector_dot(N, b, u);
        real += fabs(along) <= t;
        complex_ += hypot(along, other) <= t * sqrt(2);
    }
    const double bound = 2 * sqrt(N / PI) * t * DRAWS, spread = 4 * sqrt(bound);
    assert_true((double)real <= bound + spread && (double)complex_ <= bound + spread);
    assert_true((double)real >= bound / sqrt(2) - spread); /* of real vectors sharp to sqrt 2 */
}

static int clean_up(void **state)
{
    (void)state;
    rightmost_free(search);
    search = NULL;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(residuals_bound_the_distance),
        cmocka_unit_test(the_range_is_spanned),
        cmocka_unit_test(stable_spectra_are_stable),
        cmocka_unit_test(others_are_stable_too),
        cmocka_unit_test(hidden_instabilities_are_never_missed),
        cmocka_unit_test(what_cannot_be_told_is_unknown),
        cmocka_unit_test(a_direction_without_a_share_is_missed),
        cmocka_unit_test(filters_keep_their_bound),
        cmocka_unit_test(shares_are_as_small_as_said),
    };
    return cmocka_run_group_tests_name("rightmost", tests, NULL, clean_up);
}
