/* The rigorous search for the first root, the count of turning points, and the times.
 *
 * Polynomials are given by roots that are dyadic numbers and expanded exactly, so that the answer
 * is known and so is every bit of the question.  A verdict may be inconclusive where double-double
 * balls end; it may never be wrong. */
#include "tests/chains.h"

#include <float.h>

enum { SEED = 2018, TRIALS = 3000, ROOTS_MOST = 6 };

/* ---- polynomials from their roots --------------------------------------------------------- */

/* Real roots with multiplicities, pairs p +- i q, and a leading coefficient. */
struct product {
    double lead;
    size_t roots, pairs;
    double root[ROOTS_MOST], centre[ROOTS_MOST], offset[ROOTS_MOST]; /* offset = q^2 */
    int multiplicity[ROOTS_MOST];
};

static void multiply_linear(struct problem *problem, double root)
{
    problem->q[problem->q_count] = 0;
    for (size_t i = problem->q_count++; i > 0; i--)
        problem->q[i] = problem->q[i - 1] - root * problem->q[i];
    problem->q[0] *= -root;
}

static struct problem expand(const struct product *product)
{
    struct problem problem = polynomial_of(LIST(product->lead));
    for (size_t k = 0; k < product->roots; k++)
        for (int m = 0; m < product->multiplicity[k]; m++)
            multiply_linear(&problem, product->root[k]);
    for (size_t k = 0; k < product->pairs; k++) { /* times (x - p)^2 + q^2 */
        double before[PROBLEM_LIST_MAX];
        const size_t count = problem.q_count;
        memcpy(before, problem.q, sizeof before);
        multiply_linear(&problem, product->centre[k]);
        multiply_linear(&problem, product->centre[k]);
        for (size_t i = 0; i < count; i++)
            problem.q[i] += product->offset[k] * before[i];
    }
    return problem;
}

/* Sign of the product at x; exact, as it is taken factor by factor. */
static int sign_of_product(const struct product *product, double x)
{
    int sign = product->lead > 0 ? 1 : -1;
    for (size_t k = 0; k < product->roots; k++)
        for (int m = 0; m < product->multiplicity[k]; m++)
            sign *= (x > product->root[k]) - (x < product->root[k]);
    return sign;
}

/* The nearest root in the direction of motion; -1 if there is none. */
static int next_root(const struct product *product, double x, int direction)
{
    int best = -1;
    for (size_t k = 0; k < product->roots; k++) {
        const double ahead = direction * (product->root[k] - x);
        if (ahead > 0 && (best < 0 || ahead < direction * (product->root[best] - x)))
            best = (int)k;
    }
    return best;
}

static double dyadic(struct stream *stream, int bits)
{
    const uint64_t count = (uint64_t)1 << bits;
    return ((double)stream_below(stream, 6 * count + 1) - 3 * (double)count) / (double)count;
}

/* Few and short roots, so that all coefficients are exact: 12 factors of 4 bits are 48. */
static struct product draw_product(struct stream *stream, int multiplicity_most)
{
    struct product product = {.lead = stream_below(stream, 2) ? 0.75 : -1.5};
    int degree = 0;
    product.roots = 1 + stream_below(stream, 3);
    for (size_t k = 0; k < product.roots; k++) {
        bool again;
        do {
            product.root[k] = dyadic(stream, 2);
            again = false;
            for (size_t j = 0; j < k; j++)
                again = again || product.root[j] == product.root[k];
        } while (again);
        product.multiplicity[k] = 1 + (int)stream_below(stream, (uint64_t)multiplicity_most);
        degree += product.multiplicity[k];
        if (degree > 8)
            product.multiplicity[k] = 1;
    }
    product.pairs = stream_below(stream, 2);
    product.centre[0] = dyadic(stream, 2);
    product.offset[0] = 0.25 + fabs(dyadic(stream, 2));
    return product;
}

static struct clock_root root_from(const struct problem *problem, double x0)
{
    struct clock_polynomial clock;
    struct clock_root root;
    polynomial_clock_init(&clock, problem, x0);
    clock_first_root(&clock.clock, &root);
    return root;
}

/* ---- the first root ----------------------------------------------------------------------- */

static void check_first_root(const struct product *product, double x0, size_t *decided)
{
    const struct problem problem = expand(product);
    const struct clock_root root = root_from(&problem, x0);
    const int direction = sign_of_product(product, x0);
    const int next = next_root(product, x0, direction);
    if (root.verdict == CLOCK_INCONCLUSIVE)
        return;
    ++*decided;
    assert_int_equal(root.direction, direction);
    assert_int_equal(root.verdict, next < 0 ? CLOCK_NO_ROOT : CLOCK_ROOT);
    if (next < 0)
        return;
    assert_int_equal(root.multiplicity, product->multiplicity[next]);
    const struct ball off = ball_sub(ball_add(ball_of(x0), root.s), ball_of(product->root[next]));
    if (!(fabs(off.hi + off.lo) <= off.radius)) /* the root is in its ball */
        fail_msg("root %g from %g: off by %g, radius %g", product->root[next], x0, off.hi,
                 off.radius);
    assert_true(off.radius <=
                1e-25); /* and the ball is small: 1e-32 times the condition of a root */
    const int sign =
        ball_sign(root.derivative); /* G changes from `direction` as (s - root)^m does */
    const bool odd = root.multiplicity % 2 == 1;
    assert_int_equal(sign, direction > 0 && odd    ? -1
                           : direction < 0 && !odd ? -1
                           : direction < 0         ? -1
                                                   : 1);
}

static void first_roots_are_found(void **state)
{
    (void)state;
    size_t decided = 0;
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, stream_key("first roots"), i);
        const struct product product = draw_product(&stream, 1);
        const double x0 = dyadic(&stream, 3) + 1.0 / 32; /* never a root */
        check_first_root(&product, x0, &decided);
    }
    assert_int_equal(decided, TRIALS); /* simple roots a quarter apart are always decided */
}

static void multiple_roots_are_proved(void **state)
{
    (void)state;
    size_t decided = 0;
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, stream_key("multiple roots"), i);
        const struct product product = draw_product(&stream, 6);
        check_first_root(&product, dyadic(&stream, 3) + 1.0 / 32, &decided);
    }
    print_message("# multiple roots: %zu of %d decided\n", decided, TRIALS);
    assert_true(decided >= TRIALS * 95 / 100);
}

static void starts_on_roots_rest(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, stream_key("rest"), i);
        const struct product product = draw_product(&stream, 6);
        const struct problem problem = expand(&product);
        const struct clock_root root = root_from(&problem, product.root[0]);
        assert_int_equal(root.verdict, CLOCK_REST);
        assert_int_equal(root.multiplicity, product.multiplicity[0]);
        assert_true(ball_sign(root.s) == 0 && root.s.radius == 0);
    }
}

/* A pair of roots r, r + 2^-k or of complex roots r +- i 2^-k: both are decided, and differently.
 */
static void near_pairs_are_told_apart(void **state)
{
    (void)state;
    size_t decided = 0, tried = 0;
    for (int k = 20; k <= 50; k++)
        for (int m = 0; m < 8; m++) {
            struct stream stream =
                stream_at(SEED, stream_key("pairs"), 8 * (uint64_t)k + (uint64_t)m);
            const double r = dyadic(&stream, 3), gap = ldexp(1, -k);
            /* (x - r)(x - r - gap) and ((x - r)^2 + gap^2), expanded: 2 r + gap has 53 bits at most
             */
            const struct problem real =
                polynomial_of(LIST(r * (r + gap), -(2 * r + gap), 1)); /* from the left: G > 0 */
            const struct problem complex_pair = polynomial_of(LIST(r * r + gap * gap, -2 * r, 1));
            const bool exact =
                r * (r + gap) - r * r == r * gap && r * r + gap * gap - r * r == gap * gap;
            if (!exact)
                continue;
            const struct clock_root first = root_from(&real, r - 1.375);
            const struct clock_root none = root_from(&complex_pair, r - 1.375);
            tried += 2;
            assert_true(first.verdict == CLOCK_ROOT || first.verdict == CLOCK_INCONCLUSIVE);
            assert_true(none.verdict == CLOCK_NO_ROOT || none.verdict == CLOCK_INCONCLUSIVE);
            if (first.verdict == CLOCK_ROOT) {
                decided++;
                assert_int_equal(first.multiplicity, 1);
                assert_true(fabs(first.s.hi - 1.375) <= gap / 4); /* the nearer one */
            }
            decided += none.verdict == CLOCK_NO_ROOT;
        }
    print_message("# near pairs with gaps 2^-20 to 2^-50: %zu of %zu decided\n", decided, tried);
    assert_true(tried >= 100 && decided == tried);
}

/* (x^2 - 2)^2, (3 x - 1)^2, (x^2 - x - 1)^2 ...: double roots that no halving reaches. */
static void roots_that_are_not_dyadic_stay_undecided(void **state)
{
    (void)state;
    const struct problem problems[] = {
        polynomial_of(LIST(4, 0, -4, 0, 1)),         /* (x^2 - 2)^2 */
        polynomial_of(LIST(1, -6, 9)),               /* (3 x - 1)^2 */
        polynomial_of(LIST(1, 2, -1, -2, 1)),        /* (x^2 - x - 1)^2 */
        polynomial_of(LIST(-8, 0, 12, 0, -6, 0, 1)), /* (x^2 - 2)^3 */
        polynomial_of(LIST(-1, 9, -27, 27)),         /* (3 x - 1)^3 */
        polynomial_of(LIST(25, -70, 49)),            /* (7 x - 5)^2 */
    };
    enum { AWAY = 4 };
    const double starts[] = {0, -2.375, 0.25};
    for (size_t k = 0; k < COUNT(problems); k++)
        for (size_t j = 0; j < COUNT(starts); j++) {
            const struct clock_root root = root_from(&problems[k], starts[j]);
            const bool away = k == AWAY; /* moves down, and its root lies above */
            if (root.verdict != (away ? CLOCK_NO_ROOT : CLOCK_INCONCLUSIVE))
                fail_msg("problem %zu from %g: verdict %d, multiplicity %d at %g", k, starts[j],
                         (int)root.verdict, root.multiplicity, root.s.hi);
        }
    /* the nearest double that is a little off the critical level is decided again */
    const struct problem above = polynomial_of(LIST(4 + 0x1p-40, 0, -4, 0, 1));
    const struct problem below = polynomial_of(LIST(4 - 0x1p-40, 0, -4, 0, 1));
    assert_int_equal(root_from(&above, 0).verdict, CLOCK_NO_ROOT);
    assert_int_equal(root_from(&below, 0).verdict, CLOCK_ROOT);
}

/* Constants, lines, and polynomials whose leading coefficients are given as zeros. */
static void small_degrees_are_exact(void **state)
{
    (void)state;
    const struct problem constant = polynomial_of(LIST(-2.385));
    assert_int_equal(root_from(&constant, 0.3).verdict, CLOCK_NO_ROOT);
    assert_int_equal(root_from(&constant, 0.3).direction, -1);
    const struct problem zero = polynomial_of(LIST(0, 0));
    assert_int_equal(root_from(&zero, 0.3).verdict, CLOCK_REST);
    const struct problem line = polynomial_of(LIST(2.385, -0.5, 0, 0));
    const struct clock_root root = root_from(&line, -1);
    assert_int_equal(root.verdict, CLOCK_ROOT);
    assert_true(fabs(root.s.hi - 5.77) <= 1e-15);
    const struct problem away = polynomial_of(LIST(1, 1));
    assert_int_equal(root_from(&away, 0).verdict, CLOCK_NO_ROOT);
}

/* Far roots: the search doubles its interval, and the last interval may be a huge one. */
static void far_roots_are_found(void **state)
{
    (void)state;
    for (int k = 10; k <= 200; k += 10) {
        const struct problem problem = polynomial_of(LIST(1, -ldexp(1, -k)));
        const struct clock_root root = root_from(&problem, 0);
        assert_int_equal(root.verdict, CLOCK_ROOT);
        assert_true(root.s.hi == ldexp(1, k));
        const struct problem cubic = polynomial_of(LIST(1, 0, 0, -ldexp(1, -3 * k)));
        assert_true(fabs(ldexp(root_from(&cubic, 0).s.hi, -k) - 1) <= DBL_EPSILON);
    }
}

/* ---- chains and expanded polynomials ------------------------------------------------------ */

/* (K1): two layers are the cubic x' = -(beta/2)(x^3 + 2 K x - 2 g). */
static void two_layers_are_a_cubic(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, stream_key("cubic"), i);
        const double c1 = stream_below(&stream, 2) ? 0.5 : -2, alpha = dyadic(&stream, 3);
        const double start[2] = {dyadic(&stream, 3), dyadic(&stream, 3)};
        struct problem chain = chain_with("srbp", 2, LIST(c1));
        chain.alpha = alpha;
        const double K = c1 * start[1] - start[0] * start[0] / 2, g = c1 * alpha;
        const struct problem cubic = polynomial_of(LIST(g, -K, 0, -0.5));
        double a[2], x[1];
        const struct prediction p = prediction_of(&chain, start, a),
                                q = prediction_of(&cubic, start, x);
        if (p.ending != q.ending) /* s = (x - x0)/c1 is dyadic where x is */
            fail_msg("chain %s, cubic %s from (%g, %g), c1 %g, alpha %g", ending_name(p.ending),
                     ending_name(q.ending), start[0], start[1], c1, alpha);
        assert_int_equal(p.multiplicity, q.multiplicity);
        if (isnan(p.rate))
            continue;
        assert_true(fabs(a[0] - x[0]) <= 4 * DBL_EPSILON * (1 + fabs(x[0])));
        assert_true(fabs(p.rate - q.rate) <= 16 * DBL_EPSILON * (1 + fabs(q.rate)));
        assert_true(fabs(a[1] - (K + a[0] * a[0] / 2) / c1) <= 1e-14 * (1 + a[0] * a[0]));
    }
}

/* (C2): the inequality that proves G monotone must be strict.  In the witness it holds with
 * equality at S = 2, and two roots lie beyond; and it does hold far out. */
static void monotone_beyond_is_strict(void **state)
{
    (void)state;
    struct problem problem = chain_with("srbp", 2, LIST(1, 1));
    problem.alpha = -6;
    const double start[2] = {-1, -5};
    struct flow *flow = flow_of(&problem);
    struct chain_clock clock;
    chain_clock_init(&clock, &problem, flow, start);
    assert_false(clock.clock.monotone_beyond(clock.clock.self, 2, 1));
    assert_true(clock.clock.monotone_beyond(clock.clock.self, 16, 1));
    assert_true(clock.clock.monotone_beyond(clock.clock.self, -16, -1));
    flow_free(flow);
}

/* ---- turning points ----------------------------------------------------------------------- */

static int turning_points_of(const struct problem *problem, const double *start)
{
    struct flow *flow = flow_of(problem);
    struct chain_clock clock;
    double limit[8];
    const struct prediction prediction = prediction_of(problem, start, limit);
    assert_true(prediction.ending == ENDING_SETTLED);
    chain_clock_init(&clock, problem, flow, start);
    const int count = clock_turning_points(&clock.clock, prediction.clock);
    flow_free(flow);
    return count;
}

static void turning_points_are_counted(void **state)
{
    (void)state;
    struct problem problem = chain_of("srbp", 2);
    assert_int_equal(turning_points_of(&problem, (const double[]){-2, 1}), 2); /* (K3) */
    assert_int_equal(turning_points_of(&problem, (const double[]){0.5, 0.5}), 0);
    assert_int_equal(turning_points_of(&problem, (const double[]){-0.25, -1}), 1);
    problem = chain_of("srbp", 3);
    problem.alpha = 7;
    assert_int_equal(
        turning_points_of(&problem, (const double[]){-33.0 / 10, 489.0 / 200, 39121.0 / 80000}), 6);
}

/* (L5): the Chebyshev leaf has 2^L - 2 of them, the most there can be. */
static void chebyshev_leaves_turn_most_often(void **state)
{
    (void)state;
    const double start[6] = {-4, 4, 4, 4, 4, 4};
    for (size_t L = 2; L <= 6; L++) {
        struct problem problem = chain_of("srbp", L);
        problem.alpha = ldexp(1, 2 * (int)L) + 0.385;
        assert_int_equal(turning_points_of(&problem, start), (1 << L) - 2);
        problem.alpha =
            -problem.alpha; /* the other way, no turning point: the start is at x = -1 */
        assert_int_equal(turning_points_of(&problem, start), 0);
    }
}

/* On that leaf P = 2^L U_{2^L - 1}(x) wiggles fast: with alpha = 0 its roots are x = -cos(k pi /
 * 2^L), the first of them 0.005 from the start at L = 6, in a piece of length 1 with dozens of
 * others. */
static void wiggles_are_not_stepped_over(void **state)
{
    (void)state;
    static const double PI = 3.14159265358979323846;
    const double start[7] = {-4, 4, 4, 4, 4, 4, 4};
    for (size_t L = 2; L <= 7; L++) {
        struct problem problem = chain_of("srbp", L);
        problem.alpha = 0;
        double limit[7];
        const struct prediction prediction = prediction_of(&problem, start, limit);
        const double sine = sin(PI / ldexp(1, (int)L + 1)), expected = 8 * sine * sine;
        assert_int_equal(prediction.ending, ENDING_SETTLED);
        if (!(fabs(prediction.clock - expected) <= 1e-14 * expected))
            fail_msg("L = %zu: s = %.17g, expected %.17g", L, prediction.clock, expected);
    }
}

/* G = 2 (2 s - 1)^m - 1 has no terms of order 1 to 4 at the middle of [0, 1]: an enclosure without
 * its remainder takes it for the constant -1, and the root at (1 - 2^(-1/m))/2 is lost. */
static void remainders_are_not_forgotten(void **state)
{
    (void)state;
    for (int m = 6; m <= 12; m += 2) {
        struct product product = {.lead = ldexp(1, m + 1), .roots = 1, .root = {0.5}};
        product.multiplicity[0] = m;
        struct problem problem = expand(&product);
        problem.q[0] -= 1;
        const struct clock_root root = root_from(&problem, 0);
        assert_int_equal(root.verdict, CLOCK_ROOT);
        assert_true(fabs(root.s.hi - (1 - pow(2, -1.0 / m)) / 2) <= 1e-15);
    }
}

/* (K3) for random leaves: the points +-tau strictly between the start and the limit. */
static void two_layers_turn_at_tau(void **state)
{
    (void)state;
    size_t seen[3] = {0};
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, stream_key("tau"), i);
        struct problem problem = chain_of("srbp", 2);
        const double start[2] = {stream_normal(&stream), 1.7 * stream_normal(&stream)};
        double limit[2];
        const struct prediction prediction = prediction_of(&problem, start, limit);
        if (prediction.ending != ENDING_SETTLED)
            continue;
        const double K = start[1] - start[0] * start[0] / 2, tau = K < 0 ? sqrt(-2 * K / 3) : 0;
        const double low = fmin(start[0], limit[0]), high = fmax(start[0], limit[0]);
        const int expected = K < 0 ? (low < -tau && -tau < high) + (low < tau && tau < high) : 0;
        assert_int_equal(turning_points_of(&problem, start), expected);
        seen[expected]++;
    }
    assert_true(seen[0] > 0 && seen[1] > 0 && seen[2] > 0);
}

/* ---- times -------------------------------------------------------------------------------- */

/* Partial fractions over the roots of (x - 1)(x - 2)(x - 4): t = sum log |(x - r)/(x0 - r)| /
 * Q'(r). */
static void times_agree_with_partial_fractions(void **state)
{
    (void)state;
    const double roots[] = {1, 2, 4}, slopes[] = {3, -2, 6}, x0 = 3.25; /* moves down, to 2 */
    const struct problem problem = polynomial_of(LIST(-8, 14, -7, 1));
    struct clock_polynomial clock;
    polynomial_clock_init(&clock, &problem, x0);
    const double stops[] = {3, 2.5, 2.125, 2.001, 2.0000001};
    for (size_t k = 0; k < COUNT(stops); k++) {
        double expected = 0, t = NAN;
        for (size_t i = 0; i < COUNT(roots); i++)
            expected += log(fabs((stops[k] - roots[i]) / (x0 - roots[i]))) / slopes[i];
        assert_int_equal(clock_time(&clock.clock, stops[k] - x0, &t), OK);
        if (!(fabs(t - expected) <= 1e-9 * expected)) /* log(2.0000001 - 2) is known to 1e-10 */
            fail_msg("to %g: %.15g, expected %.15g", stops[k], t, expected);
    }
}

static void escape_times_agree_with_closed_forms(void **state)
{
    (void)state;
    struct stream stream = stream_at(SEED, stream_key("escape"), 0);
    double worst = 0;
    for (int p = 2; p <= 9; p++) {
        struct problem problem = polynomial_of(LIST(0));
        problem.q_count = (size_t)p + 1;
        problem.q[p] = 1;
        const double x0 = stream_between(&stream, 0.4, 2.385);
        struct clock_polynomial clock;
        double t = NAN;
        polynomial_clock_init(&clock, &problem, x0);
        assert_int_equal(clock_escape_time(&clock.clock, 1, &t), OK);
        worst = fmax(worst, fabs(t * (p - 1) * pow(x0, p - 1) - 1)); /* (P5) */
    }
    for (int k = 0; k < 20; k++) { /* 1 + x^2: arcus tangens, in both directions */
        const double x0 = stream_between(&stream, -5, 5);
        static const double HALF_PI = 1.57079632679489661923;
        const struct problem problem = polynomial_of(LIST(1, 0, 1));
        struct clock_polynomial clock;
        double t = NAN;
        polynomial_clock_init(&clock, &problem, x0);
        assert_int_equal(clock_escape_time(&clock.clock, 1, &t), OK);
        worst = fmax(worst, fabs(t / (HALF_PI - atan(x0)) - 1));
    }
    print_message("# escape times: worst relative error %.2g\n", worst);
    assert_true(worst <= 1e-11); /* of adaptive quadrature asked for 1e-12 */
    const struct problem line = polynomial_of(LIST(1, 1));
    struct clock_polynomial clock;
    double t = 0;
    polynomial_clock_init(&clock, &line, 0);
    assert_int_equal(clock_escape_time(&clock.clock, 1, &t), OK);
    assert_true(isinf(t)); /* degree 1: never */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_roots_are_found),
        cmocka_unit_test(multiple_roots_are_proved),
        cmocka_unit_test(starts_on_roots_rest),
        cmocka_unit_test(near_pairs_are_told_apart),
        cmocka_unit_test(roots_that_are_not_dyadic_stay_undecided),
        cmocka_unit_test(small_degrees_are_exact),
        cmocka_unit_test(far_roots_are_found),
        cmocka_unit_test(two_layers_are_a_cubic),
        cmocka_unit_test(monotone_beyond_is_strict),
        cmocka_unit_test(turning_points_are_counted),
        cmocka_unit_test(chebyshev_leaves_turn_most_often),
        cmocka_unit_test(wiggles_are_not_stepped_over),
        cmocka_unit_test(remainders_are_not_forgotten),
        cmocka_unit_test(two_layers_turn_at_tau),
        cmocka_unit_test(times_agree_with_partial_fractions),
        cmocka_unit_test(escape_times_agree_with_closed_forms),
    };
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
