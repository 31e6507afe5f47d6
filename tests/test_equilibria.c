/* Fixed points of A[1,1,1] with an activation: known numbers, the flow itself, and Hopf points in
 * two ways.
 *
 * The formulas for trace, determinant and the Hopf value come from responses; the flow's Jacobian,
 * GSL's eigenvalues and branch_lyapunov() know nothing of them. */
#include "nonlinear/equilibria.h"

#include "nonlinear/activation.h"
#include "nonlinear/equilibria_planar.h"
#include "nonlinear/system.h"
#include "ode/branch.h"
#include "tests/chains.h"

static const double INPUTS[] = {0.61, 3.21, 3.91}, TARGETS[] = {-1.47, 0.86, -1.63};
static const double WIDE[2] = {-10, 10};
enum { CELLS = 4000 };

static struct problem problem_of(const char *rule, const char *activation, const double *inputs,
                                 const double *targets, size_t count)
{
    struct problem problem =
        problem_defaults(system_with_activation(&system_chain), registry_rule(rule));
    problem.neuron_count = 1;
    problem.neurons[0].activation = activation_named(activation);
    problem.inputs.count = problem.targets.count = count;
    memcpy(problem.inputs.near, inputs, count * sizeof *inputs);
    memcpy(problem.targets.near, targets, count * sizeof *targets);
    return problem;
}

static void feedback_set(struct problem *problem, double c)
{
    problem->c_count = 1;
    problem->c[0] = c;
}

static struct equilibria *found(const struct problem *problem, const double interval[2])
{
    struct equilibria *equilibria = NULL;
    if (equilibria_find(problem, interval, CELLS, &equilibria) != OK)
        fail_msg("equilibria_find: %s", status_message());
    return equilibria;
}

static void assert_near(double measured, double expected, double allowed, const char *what)
{
    if (!(fabs(measured - expected) <= allowed * fmax(1, fabs(expected))))
        fail_msg("%s: %.17g, expected %.17g", what, measured, expected);
}

static const struct equilibria_point *point_near(const struct equilibria *equilibria, double a1)
{
    static const double NEAR = 1e-6;
    for (size_t k = 0; k < equilibria->count; k++)
        if (fabs(equilibria->point[k].a1 - a1) < NEAR)
            return &equilibria->point[k];
    fail_msg("no fixed point at a1 = %g", a1);
    return NULL;
}

/* Trace and determinant of the flow's Jacobian by differences at the point, and |f| there. */
static void flow_invariants(const struct problem *problem, const struct equilibria_point *point,
                            double *trace, double *det, double *residual)
{
    struct flow *flow = flow_of(problem);
    const double x[2] = {point->a1, point->a2};
    double J[4], work[6], f[2];
    assert_int_equal(flow_jacobian_by_differences(flow, x, J, work), OK);
    assert_int_equal(flow->field(flow, 1, x, f), OK);
    *trace = J[0] + J[3];
    *det = J[0] * J[3] - J[1] * J[2];
    *residual = hypot(f[0], f[1]);
    flow_free(flow);
}

/* ---- the example with a stable wrong fixed point ---- */

static void known_numbers_hold(void **state)
{
    (void)state;
    struct problem problem = problem_of("rbp", "tanh", INPUTS, TARGETS, COUNT(INPUTS));
    feedback_set(&problem, 0.5);
    struct equilibria *equilibria = found(&problem, WIDE);
    const struct equilibria_point *wrong = point_near(equilibria, 0.303618942742);
    assert_near(wrong->a1, 0.303618942742, 1e-11, "a1");
    assert_near(wrong->a2, -0.759198639486, 1e-11, "a2");
    assert_near(wrong->loss, 0.802742, 1e-6, "loss");
    assert_true(wrong->curvature > 0 && wrong->kind == EQUILIBRIA_STABLE_FOCUS);
    assert_true(wrong->hopf.exists && wrong->hopf.lyapunov > 0);
    assert_near(wrong->hopf.c, 0.98328, 1e-5, "c1*");
    assert_near(wrong->hopf.omega, 0.4551, 1e-4, "omega");
    assert_int_equal(equilibria->doubts, 0);
    assert_false(equilibria->line || equilibria->constant);
    print_message("# c1* = %.15g, omega = %.12g, l1 = %.12g\n", wrong->hopf.c, wrong->hopf.omega,
                  wrong->hopf.lyapunov);
    equilibria_free(equilibria);
}

/* The least loss that a2 can make, (E[T^2] - R(a1))/2: it has no minimum at finite a1 != 0, but
 * falls to (E[T^2] - E[T sgn I]^2)/2 = .647478; at the fixed point it is largest. */
static void the_least_loss_is_at_infinity(void **state)
{
    (void)state;
    static const double INFIMUM = 0.647478, FAR = 1e3, RATIO = 1.01;
    struct problem problem = problem_of("rbp", "tanh", INPUTS, TARGETS, COUNT(INPUTS));
    struct response *response = NULL;
    struct response_values r;
    double square = 0, signs = 0, least = INFINITY, most = -INFINITY, a_most = NAN;
    for (size_t k = 0; k < COUNT(INPUTS); k++) {
        square += TARGETS[k] * TARGETS[k] / (double)COUNT(INPUTS);
        signs += (INPUTS[k] < 0 ? -TARGETS[k] : TARGETS[k]) / (double)COUNT(INPUTS);
    }
    assert_int_equal(response_create(&problem, &response), OK);
    for (double a = 1 / FAR; a <= FAR; a *= RATIO) {
        response_at(response, a, &r);
        const double loss = (square - r.m1[0] * r.m1[0] / r.m2[0]) / 2;
        least = fmin(least, loss);
        a_most = loss > most ? a : a_most;
        most = fmax(most, loss);
        assert_true(loss >= INFIMUM - 1e-6); /* digits given */
    }
    response_free(response);
    assert_near(least, INFIMUM, 1e-6, "the infimum");
    assert_near(least, (square - signs * signs) / 2, 1e-15, "in closed form");
    assert_near(most, 0.802742, 1e-6, "the largest");
    assert_near(a_most, 0.303618942742, 1e-2, "its place, to the grid");
}

/* Real part of the eigenvalues of the flow's Jacobian by differences, from GSL. */
static double growth_at(struct problem *problem, double c)
{
    feedback_set(problem, c);
    struct flow *flow = flow_of(problem);
    const double x[2] = {0.30361894274235, -0.75919863948611};
    double J[4], work[6], re[2], im[2];
    assert_int_equal(flow_jacobian_by_differences(flow, x, J, work), OK);
    assert_int_equal(matrix_eigenvalues(2, J, re, im), OK);
    assert_true(im[0] != 0);
    flow_free(flow);
    return re[0];
}

static void the_hopf_value_is_that_of_the_eigenvalues(void **state)
{
    (void)state;
    struct problem problem = problem_of("rbp", "tanh", INPUTS, TARGETS, COUNT(INPUTS));
    struct equilibria *equilibria = found(&problem, WIDE);
    const struct equilibria_point *wrong = point_near(equilibria, 0.303618942742);
    double low = 0.5, high = 1.5;
    assert_true(growth_at(&problem, low) < 0 && growth_at(&problem, high) > 0);
    for (int k = 0; k < 60; k++) {
        const double middle = (low + high) / 2;
        *(growth_at(&problem, middle) < 0 ? &low : &high) = middle;
    }
    assert_near(low / wrong->hopf.c, 1, 1e-8, "c1* by bisection over the formula");
    print_message("# by bisection %.15g, relative difference %.2g\n", low, low / wrong->hopf.c - 1);
    equilibria_free(equilibria);
}

/* Normalised alike, the two coefficients are one number. */
static void two_lyapunov_coefficients_agree(void **state)
{
    (void)state;
    struct problem problem = problem_of("rbp", "tanh", INPUTS, TARGETS, COUNT(INPUTS));
    struct equilibria *equilibria = found(&problem, WIDE);
    const struct equilibria_point *wrong = point_near(equilibria, 0.303618942742);
    feedback_set(&problem, wrong->hopf.c);
    struct flow *flow = flow_of(&problem);
    const double x[2] = {wrong->a1, wrong->a2};
    double omega, lyapunov, doubt;
    assert_int_equal(branch_lyapunov(flow, x, &omega, &lyapunov, &doubt), OK);
    assert_near(omega, wrong->hopf.omega, 1e-9, "omega");
    assert_near(lyapunov / wrong->hopf.lyapunov, 1, 1e-6, "l1");
    print_message("# l1: %.12g and %.12g\n", lyapunov, wrong->hopf.lyapunov);
    flow_free(flow);
    equilibria_free(equilibria);
}

/* ---- trace and determinant, every rule ---- */

static struct problem drawn(struct stream *stream, const char *rule, bool no_derivative)
{
    enum { MOST = 5 };
    double inputs[MOST], targets[MOST];
    const size_t count = 2 + (size_t)stream_below(stream, MOST - 1);
    for (size_t k = 0; k < count; k++) {
        inputs[k] = 2 * stream_normal(stream);
        targets[k] = 2 * stream_normal(stream);
    }
    struct problem problem = problem_of(rule, "tanh", inputs, targets, count);
    problem.no_derivative = no_derivative;
    feedback_set(&problem, 2.385 * stream_normal(stream));
    problem.rate_count = 2;
    problem.rates[0] = 0.7;
    problem.rates[1] = 1.9;
    if (strcmp(rule, "bp") == 0)
        problem.c_count = 0;
    return problem;
}

static void points_are_those_of_the_flow(void **state)
{
    (void)state;
    enum { DRAWS = 60 };
    static const char *const rules[] = {"rbp", "srbp", "bp"};
    size_t points = 0, crossings = 0;
    for (size_t r = 0; r < COUNT(rules); r++)
        for (uint64_t k = 0; k < DRAWS; k++) {
            struct stream stream = stream_at(7, stream_key(rules[r]), k);
            struct problem problem = drawn(&stream, rules[r], k % 2 == 1);
            struct equilibria *equilibria = found(&problem, WIDE);
            for (size_t i = 0; i < equilibria->count; i++) {
                const struct equilibria_point *point = &equilibria->point[i];
                double trace, det, residual;
                flow_invariants(&problem, point, &trace, &det, &residual);
                assert_near(residual, 0, 1e-12, "|f|");
                assert_near(point->trace, trace, 1e-7, "trace");
                assert_near(point->det, det, 1e-7, "det");
                if (point->det < -1e-6)
                    assert_int_equal(point->kind, EQUILIBRIA_SADDLE);
                assert_true(point->low <= point->a1 && point->a1 <= point->high);
                assert_true(point->high - point->low <= 1e-7);
                points++;
                crossings += point->a2 == 0;
            }
            equilibria_free(equilibria);
        }
    print_message("# %zu fixed points, %zu of them with a2 = 0\n", points, crossings);
    assert_true(points > DRAWS && crossings > 0);
}

/* (7.2) in terms of R, where there is a derivative and no unequal rates. */
static void the_formula_holds(void **state)
{
    (void)state;
    size_t points = 0;
    for (uint64_t k = 0; k < 100; k++) {
        struct stream stream = stream_at(11, stream_key("formula"), k);
        struct problem problem = drawn(&stream, "rbp", false);
        problem.rate_count = 0;
        struct response *response;
        assert_int_equal(response_create(&problem, &response), OK);
        struct equilibria *equilibria = found(&problem, WIDE);
        for (size_t i = 0; i < equilibria->count; i++) {
            const struct equilibria_point *p = &equilibria->point[i];
            struct response_values v;
            response_at(response, p->a1, &v);
            const double ratio = v.m2[1] / v.m2[0], c = problem.c[0];
            const double det = -0.5 * c * p->a2 * v.m2[0] * v.m2[0] * p->curvature;
            const double trace = c * v.m1[0] / 2 * (p->curvature - ratio * ratio / 2) - v.m2[0];
            assert_near(p->det, det, 1e-9, "det by (7.2)");
            assert_near(p->trace, trace, 1e-9, "trace by (7.2)");
            const double bracket = ratio * ratio / 2 - p->curvature;
            assert_int_equal(p->hopf.exists, p->curvature > 0 && bracket > 0);
            if (p->hopf.exists)
                assert_near(p->hopf.c * (v.m1[0] * bracket) / (-2 * v.m2[0]), 1, 1e-9, "c1*");
            points++;
        }
        equilibria_free(equilibria);
        response_free(response);
    }
    print_message("# %zu fixed points\n", points);
    assert_true(points > 50);
}

/* ---- roots that are none, double, or not there ---- */

/* T = 2 tanh(1.5 I): exact fixed points (1.5, 2) and (-1.5, -2), and no others but the limit at 0. */
static void a_teacher_is_a_fixed_point(void **state)
{
    (void)state;
    const double inputs[] = {0.5, 1, 2};
    double targets[3];
    for (size_t k = 0; k < 3; k++)
        targets[k] = 2 * tanh(1.5 * inputs[k]);
    struct problem problem = problem_of("rbp", "tanh", inputs, targets, 3);
    struct equilibria *equilibria = found(&problem, WIDE);
    assert_int_equal(equilibria->count, 2);
    assert_int_equal(equilibria->doubts, 0);
    for (size_t k = 0; k < 2; k++) {
        assert_near(fabs(equilibria->point[k].a1), 1.5, 1e-13, "|a1|");
        assert_near(fabs(equilibria->point[k].a2), 2, 1e-12, "|a2|");
        assert_near(equilibria->point[k].loss, 0, 1e-14, "loss");
    }
    assert_true(equilibria->point[1].kind == EQUILIBRIA_STABLE_NODE);
    equilibria_free(equilibria);
}

/* Gaussian inputs, f and the teacher erf(x/sqrt 2), A = 1.25, rho = 0.75: the global minimum
 * attracts slowly. */
static void an_erf_teacher_has_known_eigenvalues(void **state)
{
    (void)state;
    struct problem problem =
        problem_defaults(system_with_activation(&system_chain), registry_rule("rbp"));
    problem.neuron_count = 1;
    problem.neurons[0].activation = activation_named("erf");
    problem.gaussian = 1;
    problem.teacher = (struct teacher){problem.neurons[0], 1.25, 0.75};
    feedback_set(&problem, 1);
    struct equilibria *equilibria = found(&problem, WIDE);
    assert_int_equal(equilibria->count, 2);
    const struct equilibria_point *point = point_near(equilibria, 1.25);
    assert_near(point->a2, 0.75, 1e-12, "a2");
    assert_near(point->rate, -0.01357701, 1e-8, "the slow eigenvalue");
    assert_near(point->trace - point->rate, -0.4608791, 1e-7, "the fast eigenvalue");
    assert_near(point_near(equilibria, -1.25)->a2, -0.75, 1e-12, "a2 of its mirror image");
    equilibria_free(equilibria);
}

/* A linear neuron: R is constant, fixed points are a curve. */
static void continua_are_told(void **state)
{
    (void)state;
    struct problem problem = problem_of("rbp", "identity", INPUTS, TARGETS, COUNT(INPUTS));
    struct equilibria *equilibria = found(&problem, WIDE);
    assert_int_equal(equilibria->count, 0);
    assert_true(equilibria->constant && !equilibria->line);
    equilibria_free(equilibria);
    problem.neurons[0] = (struct neurons){activation_named("power"), 2};
    equilibria = found(&problem, WIDE);
    assert_int_equal(equilibria->count, 0);
    assert_true(equilibria->constant && equilibria->line);
    equilibria_free(equilibria);
}

/* Targets on the way from drawn ones to those of a teacher; two fixed points are born there. */
static struct problem on_the_way(double share)
{
    static const double inputs[] = {1.02, 4.53, 1.82, -0.45};
    static const double targets[] = {-2.9, -3.44, -1.18, 1.84};
    double mixed[COUNT(inputs)];
    for (size_t k = 0; k < COUNT(inputs); k++)
        mixed[k] = (1 - share) * targets[k] + share * 2 * tanh(1.5 * inputs[k]);
    return problem_of("rbp", "tanh", inputs, mixed, COUNT(inputs));
}

static size_t count_at(double share, size_t cells, size_t *doubts)
{
    const double interval[2] = {0.05, 5};
    const struct problem problem = on_the_way(share);
    struct equilibria *equilibria = NULL;
    assert_int_equal(equilibria_find(&problem, interval, cells, &equilibria), OK);
    const size_t count = equilibria->count;
    *doubts += equilibria->doubts;
    equilibria_free(equilibria);
    return count;
}

/* Where two fixed points meet, by bisection on how many are found. */
static double meeting_place(double low, double high, size_t cells, size_t *doubts)
{
    const size_t many = count_at(low, cells, doubts);
    assert_int_equal(count_at(high, cells, doubts) + 2, many);
    for (int k = 0; k < 60; k++) {
        const double middle = (low + high) / 2;
        *(count_at(middle, cells, doubts) == many ? &low : &high) = middle;
    }
    return low;
}

/* Two that are a hundredth of a cell apart are still two; where they are one, there is a doubt; and
 * the cells do not matter. */
static void close_pairs_are_told_and_double_roots_doubted(void **state)
{
    (void)state;
    static const double THREE = 0.34, ONE = 0.33; /* shares */
    size_t doubts = 0;
    const size_t many = count_at(THREE, CELLS, &doubts);
    const double fine = meeting_place(THREE, ONE, CELLS, &doubts);
    const double coarse = meeting_place(THREE, ONE, CELLS / 16, &doubts);
    assert_int_equal(many, 3);
    print_message("# two of %zu fixed points meet at %.15g and %.15g; %zu doubts\n", many, fine,
                  coarse, doubts);
    assert_near(fine, coarse, 1e-11, "where they meet");
    assert_true(doubts > 0);
}

static void arguments_are_checked(void **state)
{
    (void)state;
    struct equilibria *equilibria = NULL;
    struct problem problem = problem_of("rbp", "tanh", INPUTS, TARGETS, COUNT(INPUTS));
    const double empty[2] = {1, 1}, whole[2] = {-INFINITY, 1};
    assert_int_equal(equilibria_find(&problem, empty, CELLS, &equilibria), BAD_ARGUMENT);
    assert_int_equal(equilibria_find(&problem, whole, CELLS, &equilibria), BAD_ARGUMENT);
    assert_int_equal(equilibria_find(&problem, WIDE, 1, &equilibria), BAD_ARGUMENT);
    problem.lambda = 0.1;
    assert_int_equal(equilibria_find(&problem, WIDE, CELLS, &equilibria), BAD_ARGUMENT);
    problem.lambda = 0;
    problem.rule = registry_rule("arbp");
    assert_int_equal(equilibria_find(&problem, WIDE, CELLS, &equilibria), BAD_ARGUMENT);
    problem.rule = registry_rule("rbp");
    problem.depth = 3;
    assert_int_equal(equilibria_find(&problem, WIDE, CELLS, &equilibria), BAD_ARGUMENT);
    assert_null(equilibria);
    equilibria_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_numbers_hold),
        cmocka_unit_test(the_least_loss_is_at_infinity),
        cmocka_unit_test(the_hopf_value_is_that_of_the_eigenvalues),
        cmocka_unit_test(two_lyapunov_coefficients_agree),
        cmocka_unit_test(points_are_those_of_the_flow),
        cmocka_unit_test(the_formula_holds),
        cmocka_unit_test(a_teacher_is_a_fixed_point),
        cmocka_unit_test(an_erf_teacher_has_known_eigenvalues),
        cmocka_unit_test(continua_are_told),
        cmocka_unit_test(close_pairs_are_told_and_double_roots_doubted),
        cmocka_unit_test(arguments_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
