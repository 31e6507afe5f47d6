/* Polishing and spectra: what an ending rests on.
 *
 * The closed form of the transverse spectrum against eigenvalues on the leaf, the structure of
 * (E1), the order of convergence of Newton's iteration, and the orders of the integrators: rates,
 * not tolerances. */
#include "ode/fixed_point.h"
#include "tests/chains.h"
#include "tests/planar_flows.h"

#include <float.h>

enum { SEED = 2018, TRIALS = 400, DEPTH_MOST = 6 };

/* A random chain with its predicted limit; false if it does not settle. */
static bool draw_limit(uint64_t index, struct problem *problem, double *start, double *limit,
                       struct prediction *prediction)
{
    static const char *const rules[] = {"bp", "rbp", "srbp"};
    struct stream stream = stream_at(SEED, stream_key("fixed points"), index);
    const size_t L = 2 + stream_below(&stream, DEPTH_MOST - 1);
    *problem = chain_of(rules[index % 3], L);
    problem->alpha = stream_between(&stream, -2, 2.385);
    problem->beta = stream_between(&stream, 0.5, 1.7);
    for (size_t i = 0; i < L; i++) {
        start[i] = 1.1 * stream_normal(&stream);
        problem->c[i] = (stream_below(&stream, 2) ? 1 : -1) * stream_between(&stream, 0.3, 1.9);
    }
    problem->c_count = problem->rule->direct ? L - 1 : 0;
    if (stream_below(&stream, 2)) {
        problem->rate_count = L;
        for (size_t i = 0; i < L; i++)
            problem->rates[i] = stream_between(&stream, 0.3, 2.1);
    }
    *prediction = prediction_of(problem, start, limit);
    return prediction->ending == ENDING_SETTLED && prediction->rate < -0.01;
}

struct bench {
    struct problem problem;
    struct flow *flow;
    struct fixed_point_work *work;
    double start[DEPTH_MOST], limit[DEPTH_MOST], I0[DEPTH_MOST];
    struct prediction prediction;
};

static bool bench_set_up(struct bench *bench, uint64_t index)
{
    if (!draw_limit(index, &bench->problem, bench->start, bench->limit, &bench->prediction))
        return false;
    bench->flow = flow_of(&bench->problem);
    bench->work = fixed_point_work_create(bench->flow);
    assert_non_null(bench->work);
    flow_integrals(bench->flow, bench->start, bench->I0);
    fixed_point_set_leaf(bench->work, bench->start, bench->I0);
    return true;
}

static void bench_free(struct bench *bench)
{
    fixed_point_work_free(bench->work);
    flow_free(bench->flow);
}

/* Calls `check` at the limits of random chains. */
static void at_every_limit(void (*check)(struct bench *bench))
{
    size_t tried = 0;
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct bench bench;
        if (!bench_set_up(&bench, i))
            continue;
        check(&bench);
        bench_free(&bench);
        tried++;
    }
    assert_true(tried > TRIALS / 2);
}

/* ---- spectra ------------------------------------------------------------------------------ */

/* (H2) in closed form against GSL's eigenvalue of T' J T, and against the clock's G'. */
static void check_spectrum(struct bench *bench)
{
    const struct flow *flow = bench->flow;
    double closed[DEPTH_MOST], eigen[DEPTH_MOST], size;
    size_t count;
    assert_int_equal(flow->transverse(flow, bench->limit, closed), 1);
    assert_int_equal(fixed_point_eigenvalues(bench->work, bench->limit, eigen, &count, &size), OK);
    assert_int_equal(count, 1);
    /* J is a sum of dim^2 products, each with a few roundings; the limit itself has some */
    const double rounding = 1e-12 * (1 + size + fabs(closed[0]));
    if (!(fabs(eigen[0] - closed[0]) <= rounding))
        fail_msg("%s: closed form %.15g, eigenvalue %.15g", flow->title, closed[0], eigen[0]);
    assert_true(fabs(closed[0] - bench->prediction.rate) <= 1e-10 * fabs(closed[0]));
}

static void closed_forms_agree_with_eigenvalues(void **state)
{
    (void)state;
    at_every_limit(check_spectrum);
}

/* (E1): grad I . J = 0 at a fixed point. */
static void check_tangency(struct bench *bench)
{
    const struct flow *flow = bench->flow;
    const size_t n = flow->dim;
    double J[DEPTH_MOST * DEPTH_MOST], g[DEPTH_MOST];
    assert_int_equal(flow->jacobian(flow, bench->limit, J), OK);
    for (size_t c = 0; c < flow->conserved; c++) {
        flow->gradient(flow, c, bench->limit, g);
        for (size_t j = 0; j < n; j++) {
            double sum = 0, terms = 0;
            for (size_t i = 0; i < n; i++) {
                sum += g[i] * J[i * n + j];
                terms += fabs(g[i] * J[i * n + j]);
            }
            if (!(fabs(sum) <=
                  1e-12 * (1 + terms))) /* e is 1e-16 times slopes at a rounded limit */
                fail_msg("%s: grad I . J = %g in column %zu", flow->title, sum, j);
        }
    }
}

static void gradients_annihilate_the_jacobian(void **state)
{
    (void)state;
    at_every_limit(check_tangency);
}

/* The same flow with its unknowns rotated, y = Q x: another basis of every tangent space. */
struct rotated {
    const struct flow *flow;
    double cosine, sine; /* in the plane of the first two unknowns */
};

static void rotate(const struct rotated *r, size_t n, double direction, const double *from,
                   double *to)
{
    assert_true(n >= 2);
    memcpy(to, from, n * sizeof *to);
    to[0] = r->cosine * from[0] - direction * r->sine * from[1];
    to[1] = direction * r->sine * from[0] + r->cosine * from[1];
}

static enum status rotated_field(const struct flow *flow, size_t lanes, const double *y, double *dy)
{
    const struct rotated *r = flow->data;
    double x[DEPTH_MOST], dx[DEPTH_MOST] = {0};
    assert_int_equal(lanes, 1);
    rotate(r, flow->dim, -1, y, x);
    TRY(r->flow->field(r->flow, 1, x, dx));
    rotate(r, flow->dim, 1, dx, dy);
    return OK;
}

static enum status rotated_jacobian(const struct flow *flow, const double *y, double *J)
{
    const struct rotated *r = flow->data;
    const size_t n = flow->dim;
    double x[DEPTH_MOST] = {0}, M[DEPTH_MOST * DEPTH_MOST] = {0}, column[DEPTH_MOST] = {0},
           turned[DEPTH_MOST];
    rotate(r, n, -1, y, x);
    TRY(r->flow->jacobian(r->flow, x, M));
    for (size_t i = 0; i < n; i++) /* rows: M Q' */
        rotate(r, n, 1, M + i * n, J + i * n);
    for (size_t j = 0; j < n; j++) { /* columns: Q (M Q') */
        for (size_t i = 0; i < n; i++)
            column[i] = J[i * n + j];
        rotate(r, n, 1, column, turned);
        for (size_t i = 0; i < n; i++)
            J[i * n + j] = turned[i];
    }
    return OK;
}

static double rotated_observe(const struct flow *flow, size_t claim, const double *y)
{
    const struct rotated *r = flow->data;
    double x[DEPTH_MOST];
    rotate(r, flow->dim, -1, y, x);
    return r->flow->observe(r->flow, claim, x);
}

static void rotated_gradient(const struct flow *flow, size_t claim, const double *y, double *g)
{
    const struct rotated *r = flow->data;
    double x[DEPTH_MOST], plain[DEPTH_MOST] = {0};
    rotate(r, flow->dim, -1, y, x);
    r->flow->gradient(r->flow, claim, x, plain);
    rotate(r, flow->dim, 1, plain, g);
}

static void check_basis(struct bench *bench)
{
    const size_t n = bench->flow->dim;
    const struct rotated rotated = {.flow = bench->flow, .cosine = 0.28, .sine = 0.96};
    struct flow turned = *bench->flow;
    double y[DEPTH_MOST], y0[DEPTH_MOST], plain[DEPTH_MOST], other[DEPTH_MOST], size[2];
    size_t count[2];
    turned.data = &rotated;
    turned.field = rotated_field;
    turned.jacobian = rotated_jacobian;
    turned.observe = rotated_observe;
    turned.gradient = rotated_gradient;
    turned.transverse = NULL;
    turned.rounding = NULL;
    rotate(&rotated, n, 1, bench->limit, y);
    rotate(&rotated, n, 1, bench->start, y0);
    struct fixed_point_work *work = fixed_point_work_create(&turned);
    assert_non_null(work);
    fixed_point_set_leaf(work, y0, bench->I0);
    assert_int_equal(fixed_point_eigenvalues(bench->work, bench->limit, plain, &count[0], &size[0]),
                     OK);
    assert_int_equal(fixed_point_eigenvalues(work, y, other, &count[1], &size[1]), OK);
    assert_int_equal(count[0], count[1]);
    for (size_t i = 0; i < count[0]; i++)
        assert_true(fabs(plain[i] - other[i]) <= 1e-12 * (1 + size[0]));
    fixed_point_work_free(work);
}

static void spectra_do_not_depend_on_the_basis(void **state)
{
    (void)state;
    at_every_limit(check_basis);
}

/* At a saddle of bp the gradients of the tied weights vanish: the leaf is singular, two columns,
 * +-|alpha| R. */
static void singular_leaves_have_the_saddle_spectrum(void **state)
{
    (void)state;
    const double alphas[] = {1, 2.385, -0.7};
    for (size_t k = 0; k < COUNT(alphas); k++) {
        struct problem problem = chain_of("bp", 3);
        problem.alpha = alphas[k];
        const double start[3] = {0.5, alphas[k] > 0 ? -0.5 : 0.5, 1.5}, saddle[3] = {0, 0, sqrt(2)};
        double I0[3], spectrum[3], size;
        size_t count;
        struct flow *flow = flow_of(&problem);
        struct fixed_point_work *work = fixed_point_work_create(flow);
        assert_non_null(work);
        flow_integrals(flow, start, I0);
        fixed_point_set_leaf(work, start, I0);
        assert_int_equal(fixed_point_eigenvalues(work, saddle, spectrum, &count, &size), OK);
        assert_int_equal(count, 2);
        const double R = fabs(alphas[k]) * sqrt(2);
        assert_true(fabs(spectrum[0] - R) <= 1e-14 * R && fabs(spectrum[1] + R) <= 1e-14 * R);
        fixed_point_work_free(work);
        flow_free(flow);
    }
}

/* Without integrals the spectrum is that of J: a focus has -eps twice, a decaying chain is (D1). */
static void spectra_without_integrals_are_whole(void **state)
{
    (void)state;
    const struct oscillator focus = {.constant = -2 * 0.0385};
    const struct flow flow = oscillator_flow(&focus, 0);
    struct fixed_point_work *work = fixed_point_work_create(&flow);
    double spectrum[2], size;
    size_t count;
    assert_int_equal(fixed_point_eigenvalues(work, (const double[]){0, 0}, spectrum, &count, &size),
                     OK);
    assert_int_equal(count, 2);
    assert_true(fabs(spectrum[0] + 0.0385) <= 1e-15 && fabs(spectrum[1] + 0.0385) <= 1e-15);
    fixed_point_work_free(work);

    struct problem problem = chain_with("srbp", 2, LIST(0.7, 1.3));
    problem.lambda = 0.4;
    problem.alpha = 2.385;
    double limit[2];
    const struct prediction prediction = prediction_of(&problem, (const double[]){1, 1}, limit);
    struct flow *chain = flow_of(&problem);
    work = fixed_point_work_create(chain);
    assert_int_equal(fixed_point_eigenvalues(work, limit, spectrum, &count, &size), OK);
    assert_int_equal(count, 2);
    assert_true(fabs(spectrum[0] - prediction.rate) <= 1e-12);
    const double u = 1.3 * limit[0] * limit[0]; /* tr J = -2 lambda - 2 u */
    assert_true(fabs(spectrum[0] + spectrum[1] + 2 * 0.4 + 2 * u) <= 1e-12);
    fixed_point_work_free(work);
    flow_free(chain);
}

/* ---- polishing ---------------------------------------------------------------------------- */

/* Back from a displaced state, to the limit on the leaf of the start. */
static void check_polishing(struct bench *bench)
{
    static const double AWAY = 1e-3;
    const size_t n = bench->flow->dim;
    double x[DEPTH_MOST];
    struct fixed_point point;
    struct stream stream = stream_at(SEED, stream_key("displaced"), n);
    for (size_t i = 0; i < n; i++)
        x[i] = bench->limit[i] + AWAY * stream_normal(&stream);
    assert_int_equal(fixed_point_polish(bench->work, x, &point), OK);
    if (fabs(bench->prediction.rate) < 1) /* another root may be as near */
        return;
    if (!point.found)
        fail_msg("%s: not found, residual %g, floor %g", bench->flow->title, point.residual,
                 point.residual_floor);
    double size = 1;
    for (size_t i = 0; i < n; i++)
        size = fmax(size, fabs(bench->limit[i]));
    const double off = matrix_largest_difference(n, x, bench->limit);
    if (!(off <= 1e-12 * size))
        fail_msg("%s: %g from the limit", bench->flow->title, off);
}

static void polishing_returns_to_the_leaf_of_the_start(void **state)
{
    (void)state;
    at_every_limit(check_polishing);
}

/* How many Newton iterations it takes from limit + away. */
static size_t iterations_from(const struct problem *problem, const double *limit, double away)
{
    struct flow *flow = flow_of(problem);
    struct fixed_point_work *work = fixed_point_work_create(flow);
    double I0[2] = {0}, x[2] = {0};
    struct fixed_point point;
    assert_true(flow->dim <= 2);
    flow_integrals(flow, limit, I0);
    fixed_point_set_leaf(work, limit, I0);
    for (size_t i = 0; i < flow->dim && i < 2; i++)
        x[i] = limit[i] + away;
    assert_int_equal(fixed_point_polish(work, x, &point), OK);
    assert_true(point.found);
    fixed_point_work_free(work);
    flow_free(flow);
    return point.iterations;
}

/* Each iteration squares the error, so each is saved by a start at the square: a linear rate of 1/2
 * would need 30 iterations more from 1e-1 than from 1e-9. */
static void polishing_is_quadratic_at_simple_roots(void **state)
{
    (void)state;
    static const struct {
        double away;
        size_t iterations;
    } needed[] = {{1e-1, 4}, {1e-2, 3}, {1e-4, 2}, {1e-9, 1}};
    const struct problem cubic = polynomial_of(LIST(2, -1, -2, 1)); /* (x+1)(x-1)(x-2) */
    const struct problem chain = chain_of("srbp", 2);
    for (size_t k = 0; k < COUNT(needed); k++) {
        assert_int_equal(iterations_from(&cubic, (const double[]){1, NAN}, needed[k].away),
                         needed[k].iterations);
        assert_int_equal(iterations_from(&chain, (const double[]){2, 0.5}, needed[k].away),
                         needed[k].iterations);
    }
}

/* At a double root each iteration halves the error: a thousandth costs ten more. */
static void polishing_is_linear_at_double_roots(void **state)
{
    (void)state;
    const struct problem problem = polynomial_of(LIST(0, 0, -2.385, 1)); /* x^2 (x - 2.385) */
    const double limit[2] = {0};
    const size_t far = iterations_from(&problem, limit, ldexp(1, -4));
    const size_t near = iterations_from(&problem, limit, ldexp(1, -14));
    assert_true(far - near >= 9 && far - near <= 11);
    const struct problem cubic = polynomial_of(LIST(0, 0, 0, -1)); /* factor 2/3: 2^10 takes 17 */
    const size_t cubic_far = iterations_from(&cubic, limit, ldexp(1, -4));
    const size_t cubic_near = iterations_from(&cubic, limit, ldexp(1, -14));
    assert_true(cubic_far - cubic_near >= 16 && cubic_far - cubic_near <= 18);
}

/* (E2): a double root is never certified, wherever polishing ends; a simple one is. */
static void double_roots_are_not_certified(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, stream_key("certified"), i);
        const double r = stream_between(&stream, -2, 2.385), s = stream_between(&stream, 3, 4);
        const bool simple = i % 2 == 0;
        /* (x - r)^2 (x - s), or (x - r)(x - s) */
        struct problem problem =
            simple ? polynomial_of(LIST(r * s, -r - s, 1))
                   : polynomial_of(LIST(-r * r * s, r * r + 2 * r * s, -2 * r - s, 1));
        struct flow *flow = flow_of(&problem);
        struct fixed_point_work *work = fixed_point_work_create(flow);
        double x[1] = {r + stream_between(&stream, -0.2, 0.2)}, spectrum[1];
        struct fixed_point point;
        fixed_point_set_leaf(work, x, NULL);
        assert_int_equal(fixed_point_polish(work, x, &point), OK);
        if (point.found) {
            assert_int_equal(fixed_point_spectrum(work, x, 1e-4, spectrum, &point), OK);
            if (point.simple != simple)
                fail_msg("%s root %.17g: found %.17g, rate %g, floor %g",
                         simple ? "simple" : "double", r, x[0], point.rate, point.residual_floor);
        }
        assert_true(point.found || !simple);
        fixed_point_work_free(work);
        flow_free(flow);
    }
}

/* ---- orders of the integrators ------------------------------------------------------------ */

/* Error at t = 1 of the start (-2, 1), whose clock is known in closed form to quadrature. */
static double error_at(enum method method, double rtol, size_t *steps)
{
    const struct problem problem = chain_of("srbp", 2);
    const double start[2] = {-2, 1};
    struct plan plan = plan_defaults();
    plan.method = method;
    plan.rtol = rtol;
    plan.atol = rtol;
    plan.no_endings = true;
    struct flow *flow = flow_of(&problem);
    struct chain_clock clock;
    double expected[2], error;
    chain_clock_init(&clock, &problem, flow, start);
    assert_int_equal(clock_time(&clock.clock, 1.7, &plan.horizon), OK);
    struct outcome *outcome = outcome_of(flow, &plan, start);
    chain_at_clock(&clock, ball_of(1.7), expected, &error);
    error = matrix_largest_difference(2, outcome->last, expected);
    *steps = outcome->steps;
    outcome_free(outcome);
    flow_free(flow);
    return error;
}

/* The global error follows the tolerance: controlled per step, order p gives the power p/(p+1),
 * which is 1/2 at order 1; and at loose tolerance BDF and Adams are better than they were asked to
 * be. */
static void errors_follow_the_tolerance(void **state)
{
    (void)state;
    static const enum method methods[] = {METHOD_BDF, METHOD_ADAMS, METHOD_RK8PD};
    for (size_t m = 0; m < COUNT(methods); m++) {
        size_t few, many;
        const double coarse = error_at(methods[m], 1e-5, &few),
                     fine = error_at(methods[m], 1e-11, &many);
        const double slope = log10(coarse / fine) / 6;
        print_message("# %s: error %.2g at 1e-5, %.2g at 1e-11: slope %.2f; steps %zu, %zu\n",
                      method_name(methods[m]), coarse, fine, slope, few, many);
        assert_true(slope > 0.5 && slope < 1.35);
        assert_true(many > few);
    }
}

/* Steps grow like rtol^(-1/p): of order 8 they less than double in two decades, of BDF's order 5
 * they grow 2.5-fold, and stuck at order 1 they would grow tenfold. */
static void orders_show_in_the_steps(void **state)
{
    (void)state;
    size_t few, many;
    (void)error_at(METHOD_RK8PD, 1e-9, &few);
    (void)error_at(METHOD_RK8PD, 1e-11, &many);
    assert_true((double)many <= 2.0 * (double)few);
    (void)error_at(METHOD_BDF, 1e-8, &few);
    (void)error_at(METHOD_BDF, 1e-10, &many);
    assert_true((double)many <= 3.5 * (double)few);
}

/* On a closed leaf, too: projecting the error estimate once kept BDF at order 1 there. */
static void projection_keeps_the_order(void **state)
{
    (void)state;
    const struct oscillator harmonic = {0};
    const struct flow flow = oscillator_flow(&harmonic, 1);
    size_t steps[2];
    for (int free_integrals = 0; free_integrals < 2; free_integrals++) {
        struct plan plan = plan_defaults();
        plan.no_endings = true;
        plan.horizon = 6;
        plan.free_integrals = free_integrals;
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){2.385, 0});
        const double expected[2] = {2.385 * cos(6), -2.385 * sin(6)};
        assert_true(matrix_largest_difference(2, outcome->last, expected) <= 1e-7);
        steps[free_integrals] = outcome->steps;
        outcome_free(outcome);
    }
    assert_true(steps[0] <= 2 * steps[1]);
}

/* lambda = -1: a1 ~ exp(t), a1 a2 -> 1.  Far out a Newton correction is below the resolution of
 * doubles and |J| times that resolution explains |f| ~ a1, although nothing rests there. */
static void growing_solutions_are_no_fixed_points(void **state)
{
    (void)state;
    struct problem problem = chain_of("rbp", 2);
    problem.lambda = -1;
    struct flow *flow = flow_of(&problem);
    struct fixed_point_work *work = fixed_point_work_create(flow);
    assert_non_null(work);
    for (int k = 0; k <= 112; k++) {
        const double exponent = 9 + k / 16.0;
        double x[2] = {pow(10, exponent), pow(10, -exponent)};
        struct fixed_point point;
        fixed_point_set_leaf(work, x, NULL);
        assert_int_equal(fixed_point_polish(work, x, &point), OK);
        if (point.found && fabs(x[0]) > 1e6)
            fail_msg("a fixed point at a1 = %g, |f| = %g", x[0], point.residual);
    }
    fixed_point_work_free(work);
    flow_free(flow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(growing_solutions_are_no_fixed_points),
        cmocka_unit_test(closed_forms_agree_with_eigenvalues),
        cmocka_unit_test(gradients_annihilate_the_jacobian),
        cmocka_unit_test(spectra_do_not_depend_on_the_basis),
        cmocka_unit_test(singular_leaves_have_the_saddle_spectrum),
        cmocka_unit_test(spectra_without_integrals_are_whole),
        cmocka_unit_test(polishing_returns_to_the_leaf_of_the_start),
        cmocka_unit_test(polishing_is_quadratic_at_simple_roots),
        cmocka_unit_test(polishing_is_linear_at_double_roots),
        cmocka_unit_test(double_roots_are_not_certified),
        cmocka_unit_test(errors_follow_the_tolerance),
        cmocka_unit_test(orders_show_in_the_steps),
        cmocka_unit_test(projection_keeps_the_order),
    };
    return cmocka_run_group_tests_name("fixed point", tests, NULL, NULL);
}
