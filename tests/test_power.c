/* Predictions of chains with activations, held to each other: two algorithms for one chain, the
 * linear theory where a power is 1, symmetries, and starts chosen on the borders between endings,
 * whose numbers are dyadic so that the borders are met exactly. */
#include "nonlinear/activation.h"
#include "nonlinear/nonlinear_prediction.h"
#include "nonlinear/power_half.h"
#include "nonlinear/power_prediction.h"
#include "nonlinear/system.h"
#include "tests/chains.h"

static const uint64_t SEED = 11;
static const double AGREE = 1e-13; /* relative: conditioning of roots that are drawn, in doubles */

static struct problem neurons_of(const char *rule, const char *name, double parameter)
{
    struct problem problem = chain_of(rule, 2);
    problem.system = system_with_activation(&system_chain);
    problem.neuron_count = 1;
    problem.neurons[0] =
        (struct neurons){.activation = activation_named(name), .parameter = parameter};
    return problem;
}

static struct problem with_c(struct problem problem, double c1)
{
    problem.c_count = 1;
    problem.c[0] = c1;
    return problem;
}

static void put_data(struct problem *problem, const double *input, size_t count,
                     const double *target)
{
    problem->inputs.count = problem->targets.count = count;
    memcpy(problem->inputs.near, input, count * sizeof *input);
    memcpy(problem->targets.near, target, count * sizeof *target);
}

/* Ending and limit of a start; NAN: not looked at. */
static struct prediction assert_predicts(const struct problem *problem, double a1, double a2,
                                         enum ending ending, const double *expected)
{
    double limit[3] = {NAN, NAN, NAN};
    const struct prediction p = prediction_of(problem, (const double[]){a1, a2}, limit);
    if (p.ending != ending)
        fail_msg("(%g, %g): %s, %s", a1, a2, ending_name(p.ending), p.reason ? p.reason : "");
    for (int i = 0; i < 2 && expected; i++)
        if (!(fabs(limit[i] - expected[i]) <= AGREE * (1 + fabs(expected[i]))))
            fail_msg("(%g, %g): component %d is %.17g", a1, a2, i, limit[i]);
    if (ending == ENDING_HORIZON)
        assert_non_null(p.reason);
    return p;
}

static const double *pair(double a1, double a2)
{
    static double kept[2];
    kept[0] = a1;
    kept[1] = a2;
    return kept;
}

/* ---- borders ------------------------------------------------------------------------------ */

/* mu = 2, c1 = -1: F = -4 - y^2 (y^2 + Q), Q = -4 a2 - a1^2, touches zero for Q = -4 at sqrt 2. */
static void a_double_root_is_reached_from_above_only(void **state)
{
    (void)state;
    const struct problem p = with_c(neurons_of("rbp", "power", 2), -1);
    struct prediction out = assert_predicts(&p, 2, 0, ENDING_CREEPING, pair(sqrt(2), 0.5));
    assert_true(out.exponent == -1 && out.multiplicity == 2 && out.global_minimum == 1);
    out = assert_predicts(&p, 1, 0.75, ENDING_SETTLED, pair(0, 1));
    assert_true(out.global_minimum == 0 && out.rate == -2 && out.loss == 0.5);
    assert_predicts(&p, 2, 0x1p-40, ENDING_SETTLED, NULL);
    const double below[] = {2, -0x1p-40};
    double limit[2];
    assert_int_equal(prediction_of(&p, below, limit).ending, ENDING_SETTLED);
    assert_true(limit[0] == 0);
}

/* On zeros of e with F rising, falling; dyadic: c1 = -1, P = 1. */
static void starts_on_fixed_points_rest(void **state)
{
    (void)state;
    const struct problem p = with_c(neurons_of("rbp", "power", 2), -1);
    assert_predicts(&p, 2, 0.25, ENDING_SETTLED, pair(2, 0.25));
    assert_predicts(&p, 0.5, 4, ENDING_SADDLE, pair(0.5, 4));
}

static void the_line_holds_or_lets_go(void **state)
{
    (void)state;
    struct problem p = neurons_of("rbp", "power", 2);
    assert_true(assert_predicts(&p, 0, 0.5, ENDING_SADDLE, pair(0, 0.5)).rate == 2);
    p.alpha = -1;
    assert_true(assert_predicts(&p, 0, 0.5, ENDING_SETTLED, pair(0, 0.5)).rate == -2);
    p.alpha = 0; /* x' = -beta Q x^3/2 */
    assert_predicts(&p, 0, 0.5, ENDING_CREEPING, pair(0, 0.5));
    assert_predicts(&p, 0, -0.5, ENDING_SADDLE, pair(0, -0.5));
    assert_true(assert_predicts(&p, 0.5, 0.5, ENDING_CREEPING, pair(0, 0.4375)).exponent == -0.5);
    assert_true(assert_predicts(&p, 1, 0.25, ENDING_CREEPING, pair(0, 0)).exponent == -0.25);
    p = neurons_of("rbp", "power", 3);
    assert_predicts(&p, 0, 0.5, ENDING_SADDLE, pair(0, 0.5));
    assert_true(assert_predicts(&p, -0.5, 0.25, ENDING_CREEPING, NULL).exponent == -1);
    p = neurons_of("rbp", "odd-power", 1.5);
    assert_predicts(&p, 0, 0.5, ENDING_HORIZON, NULL);
    assert_predicts(&p, -0.5, 0, ENDING_HORIZON, NULL);
    p = neurons_of("rbp", "odd-root", 3);
    double from_zero[2], from_below[2];
    const double Q = 2.0 / 3 * 0.2 - 0.25; /* of (-.5, .2), met at zero again */
    assert_int_equal(prediction_of(&p, (const double[]){0, 1.5 * Q}, from_zero).ending,
                     ENDING_SETTLED);
    assert_int_equal(prediction_of(&p, (const double[]){-0.5, 0.2}, from_below).ending,
                     ENDING_SETTLED);
    assert_true(matrix_largest_difference(2, from_zero, from_below) <= AGREE);
    assert_true(fabs(from_below[0] - 0.898619102085180) <= 1e-14);
}

/* Zero feedback, data of one sign, wrong moments. */
static void cut_channels_and_dead_neurons(void **state)
{
    (void)state;
    struct problem p = with_c(neurons_of("rbp", "power", 2), 0);
    assert_predicts(&p, 2, 5, ENDING_SETTLED, pair(2, 0.25));
    assert_predicts(&p, 0, 5, ENDING_SADDLE, pair(0, 5));
    p = neurons_of("rbp", "relu", 0); /* one sample I = 1 */
    assert_predicts(&p, -2, 5, ENDING_SETTLED, pair(-2, 5));
    assert_predicts(&p, 0, 5, ENDING_HORIZON, NULL);
    p = with_c(p, -1);
    assert_predicts(&p, 0.5, 0.25, ENDING_SETTLED, pair(0, 0.375));
    p.beta = 0;
    assert_predicts(&p, 0.5, 0.25, ENDING_HORIZON, NULL);
}

static void relus_cross_slide_or_branch(void **state)
{
    (void)state;
    static const double input[] = {1, 2, -1, -0.5}, target[] = {1, 1, 0.8, -0.3};
    struct problem p = with_c(neurons_of("rbp", "relu", 0), -1);
    put_data(&p, input, COUNT(input), target);
    assert_predicts(&p, 0.5, 0.2, ENDING_SETTLED, pair(0, 0.325));
    assert_predicts(&p, 0, 0.325, ENDING_SETTLED, pair(0, 0.325));
    p = with_c(p, 1);
    assert_predicts(&p, 0, 0.2, ENDING_HORIZON, NULL);
    p.targets.near[2] = -0.8; /* now both sides push to the right */
    double limit[2];
    assert_int_equal(prediction_of(&p, (const double[]){-0.5, 0.2}, limit).ending, ENDING_SETTLED);
    assert_true(limit[0] > 0);
}

/* ---- two ways to one number --------------------------------------------------------------- */

static void same_prediction(const struct prediction *p, const double *a, const struct prediction *q,
                            const double *b, size_t dim)
{
    assert_int_equal(p->ending, q->ending);
    assert_true(matrix_distance(dim, a, b) <= AGREE * (1 + matrix_norm(dim, b)));
    assert_true(isnan(q->rate) || fabs(p->rate - q->rate) <= AGREE * (1 + fabs(q->rate)) * 10);
}

/* A power of 1 is a linear chain: clocks, quartics and cubics of linear/ against half lines. */
static void a_power_of_one_is_linear(void **state)
{
    (void)state;
    static const char *const rules[] = {"rbp", "srbp", "bp", "arbp"};
    size_t compared = 0;
    for (uint64_t i = 0; i < 400; i++) {
        struct stream stream = stream_at(SEED, stream_key("linear"), i);
        struct problem p = neurons_of(rules[i % COUNT(rules)], "power", 1);
        p.alpha = stream_normal(&stream);
        p.beta = 0.5 + stream_uniform(&stream);
        const double x0[] = {stream_normal(&stream), stream_normal(&stream),
                             stream_normal(&stream)};
        if (i % COUNT(rules) < 2)
            p = with_c(p, stream_normal(&stream));
        struct problem linear = p;
        linear.system = &system_chain;
        linear.neuron_count = 0;
        double a[3], b[3];
        const struct prediction mine = prediction_of(&p, x0, a);
        const struct prediction theirs = prediction_of(&linear, x0, b);
        if (mine.ending == ENDING_HORIZON || theirs.ending == ENDING_HORIZON)
            continue;
        same_prediction(&mine, a, &theirs, b, i % COUNT(rules) == 3 ? 3 : 2);
        compared++;
    }
    assert_true(compared > 300);
}

/* Half lines against the clock of deep chains, for two layers. */
static void deep_chains_of_two_layers(void **state)
{
    (void)state;
    size_t compared = 0;
    for (uint64_t i = 0; i < 300; i++) {
        struct stream stream = stream_at(SEED, stream_key("deep"), i);
        struct problem p = neurons_of("rbp", "power", (double)(1 + i % 4));
        p = with_c(p, stream_normal(&stream));
        p.alpha = stream_normal(&stream);
        const double x0[] = {stream_normal(&stream), 2 * stream_normal(&stream)};
        double a[2], b[2];
        struct prediction deep;
        const struct prediction half = prediction_of(&p, x0, a);
        assert_int_equal(power_deep_predict(&p, x0, b, &deep), OK);
        if (deep.ending == ENDING_HORIZON)
            continue;
        same_prediction(&deep, b, &half, a, 2);
        compared++;
    }
    assert_true(compared > 250);
}

/* Samples against their moments: alpha and beta of one sample I = 1. */
static void moments_stand_for_one_sample(void **state)
{
    (void)state;
    struct problem p = neurons_of("rbp", "odd-power", 2.5), sampled = p;
    p.alpha = 0.75;
    p.beta = 1;
    put_data(&sampled, (const double[]){1, 1}, 2, (const double[]){0.5, 1});
    double a[2], b[2];
    const double x0[] = {0.375, -0.5};
    const struct prediction one = prediction_of(&p, x0, a), two = prediction_of(&sampled, x0, b);
    same_prediction(&one, a, &two, b, 2);
}

/* ---- laws --------------------------------------------------------------------------------- */

/* The reflections of (X16), as signs: of the targets, and of a1. */
static void check_reflection(double mu, double turn, double mirror)
{
    static const double input[] = {1, 2}, targets[][2] = {{1, 9}, {3, 1}}, exponent[] = {0.5, 1};
    const double top = turn * (mu == 2 ? 1 : mirror);
    for (int k = 0; k < 2; k++) {
        struct problem p = with_c(neurons_of("rbp", "power", mu), turn * mirror);
        p.no_derivative = true;
        put_data(&p, input, 2, (const double[]){turn * targets[k][0], turn * targets[k][1]});
        const struct prediction out =
            assert_predicts(&p, mirror * 0.5, top * 0.5, ENDING_UNBOUNDED, NULL);
        assert_true(out.exponent == exponent[k] && out.global_minimum == k);
        p.c[0] = -p.c[0];
        assert_predicts(&p, mirror * 0.5, top * 0.5, ENDING_HORIZON, NULL);
    }
}

static void reflections_keep_the_law(void **state)
{
    (void)state;
    for (int bits = 0; bits < 8; bits++)
        check_reflection(bits & 4 ? 3 : 2, bits & 1 ? -1 : 1, bits & 2 ? -1 : 1);
}

static void growth_of_saturating_neurons(void **state)
{
    (void)state;
    struct problem p = neurons_of("rbp", "tanh", 0);
    put_data(&p, (const double[]){1, 2}, 2, (const double[]){0.5, 1}); /* T = I/2 */
    const double sixth = 1.0 / 6;
    assert_true(assert_predicts(&p, 0.5, -3, ENDING_UNBOUNDED, NULL).exponent == sixth);
    assert_predicts(&p, -0.5, 0.1, ENDING_HORIZON, NULL);
    assert_true(assert_predicts(&p, -0.5, -3, ENDING_UNBOUNDED, NULL).exponent == 0);
    p = with_c(p, -1);
    assert_true(assert_predicts(&p, -0.5, 3, ENDING_UNBOUNDED, NULL).exponent == sixth);
    p.no_derivative = true;
    assert_true(assert_predicts(&p, 0.5, 0.1, ENDING_UNBOUNDED, NULL).exponent == 1);
    p = neurons_of("bp", "tanh", 0);
    put_data(&p, (const double[]){1, 2}, 2, (const double[]){1, 1}); /* T = sgn I */
    assert_true(assert_predicts(&p, 0.5, 0, ENDING_UNBOUNDED, NULL).exponent == 0);
    assert_predicts(&p, 0.5, -0.1, ENDING_HORIZON, NULL);
    p.inputs.near[1] = p.targets.near[1] = -1; /* one size only */
    assert_predicts(&p, 0.5, 0.5, ENDING_HORIZON, NULL);
}

/* ---- what is not covered, and what is delegated ------------------------------------------- */

static void no_theory_is_no_answer(void **state)
{
    (void)state;
    struct problem p = neurons_of("rbp", "power", 2);
    p.lambda = 0.125;
    assert_predicts(&p, 0.5, 0.5, ENDING_HORIZON, NULL);
    p.lambda = 0;
    p.biases = true;
    assert_predicts(&p, 0.5, 0.5, ENDING_HORIZON, NULL);
    p = neurons_of("rbp", "logistic", 0);
    put_data(&p, (const double[]){1, 2}, 2, (const double[]){0.5, 1});
    assert_predicts(&p, 0.5, 0.5, ENDING_HORIZON, NULL);
}

static void identities_are_linear_chains(void **state)
{
    (void)state;
    struct problem p = neurons_of("rbp", "identity", 0);
    put_data(&p, (const double[]){1, -1}, 2, (const double[]){1, -1});
    const struct problem linear = chain_of("rbp", 2);
    const double x0[] = {-2, 1};
    double a[2], b[2];
    const struct prediction mine = prediction_of(&p, x0, a), theirs = prediction_of(&linear, x0, b);
    same_prediction(&mine, a, &theirs, b, 2);
}

static void deep_relus_are_dead_below_zero(void **state)
{
    (void)state;
    static const double dead[] = {0.5, -0.25, 2}, alive[] = {0.5, 0.25, 2}, cut[] = {0, -0.25, 2};
    struct problem p = neurons_of("rbp", "relu", 0);
    p.depth = 3;
    put_data(&p, (const double[]){1, -2}, 2, (const double[]){1, 1});
    double limit[3];
    assert_int_equal(prediction_of(&p, dead, limit).ending, ENDING_SETTLED);
    assert_memory_equal(limit, dead, sizeof dead);
    assert_int_equal(prediction_of(&p, alive, limit).ending, ENDING_HORIZON);
    assert_int_equal(prediction_of(&p, cut, limit).ending, ENDING_HORIZON);
    p.rule = &rule_srbp;
    assert_int_equal(prediction_of(&p, dead, limit).ending, ENDING_HORIZON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_double_root_is_reached_from_above_only),
        cmocka_unit_test(starts_on_fixed_points_rest),
        cmocka_unit_test(the_line_holds_or_lets_go),
        cmocka_unit_test(cut_channels_and_dead_neurons),
        cmocka_unit_test(relus_cross_slide_or_branch),
        cmocka_unit_test(a_power_of_one_is_linear),
        cmocka_unit_test(deep_chains_of_two_layers),
        cmocka_unit_test(moments_stand_for_one_sample),
        cmocka_unit_test(reflections_keep_the_law),
        cmocka_unit_test(growth_of_saturating_neurons),
        cmocka_unit_test(no_theory_is_no_answer),
        cmocka_unit_test(identities_are_linear_chains),
        cmocka_unit_test(deep_relus_are_dead_below_zero),
    };
    return cmocka_run_group_tests_name("power", tests, NULL, NULL);
}
