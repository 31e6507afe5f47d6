/* Chains with neurons in their learning channel: derivatives, lanes, rounding, and two limits.
 *
 * The linear chain is the one independent implementation at hand: with feedback weights of the size
 * eps and rates 1/eps the neurons work on their straight part, and the field tends to that of the
 * chain with the moments of the same samples, at the order of g - g'(0) x.  Rounding is held to its
 * bound by an evaluation in long double. */
#include "linear/channel_neurons.h"
#include "tests/chains.h"

#include <float.h>

enum { SEED = 66, INSTANCES = 40, STATES = 5, DEPTH_MOST = 5, SAMPLES_MOST = 7, ACTIVATIONS = 4 };

static struct problem draw_problem(struct stream *stream, const struct channel_activation *g)
{
    struct problem problem =
        chain_of(stream_below(stream, 2) ? "rbp" : "srbp", 1 + stream_below(stream, DEPTH_MOST));
    problem.channel_activation = g;
    problem.lambda = stream_below(stream, 2) ? 0 : stream_between(stream, 0, 1.7);
    problem.c_count = problem.depth - stream_below(stream, 2);
    problem.rate_count = stream_below(stream, 2) ? problem.depth : 0;
    for (size_t i = 0; i < problem.depth; i++) {
        problem.c[i] = 2.385 * stream_normal(stream);
        problem.rates[i] = stream_between(stream, 0.1, 3.1);
    }
    problem.inputs.count = problem.targets.count = 1 + stream_below(stream, SAMPLES_MOST);
    for (size_t j = 0; j < problem.inputs.count; j++) {
        problem.inputs.near[j] = 1.3 * stream_normal(stream);
        problem.targets.near[j] = 2.385 * stream_normal(stream);
    }
    return problem;
}

static double product_of(size_t depth, const double *a)
{
    double P = 1;
    for (size_t i = 0; i < depth; i++)
        P *= a[i];
    return P;
}

/* Away from T = P I, where softsign has no second derivative and differences lose their order. */
static void draw_state(struct stream *stream, const struct problem *problem, double *a)
{
    static const double KINK = 0.1;
    double least = 0;
    for (int k = 0; k < 1000 && !(least > KINK); k++) {
        for (size_t i = 0; i < problem->depth; i++)
            a[i] = 0.7 * stream_normal(stream);
        const double P = product_of(problem->depth, a);
        least = INFINITY;
        for (size_t j = 0; j < problem->inputs.count; j++)
            least = fmin(least, fabs(problem->targets.near[j] - P * problem->inputs.near[j]));
    }
}

/* Calls `check` for INSTANCES problems of every activation. */
static void for_every_channel(void (*check)(struct stream *stream, const struct problem *problem,
                                            const struct flow *flow))
{
    size_t kinds = 0;
    for (; channel_activations[kinds]; kinds++)
        for (uint64_t i = 0; i < INSTANCES; i++) {
            struct stream stream = stream_at(SEED + kinds, i, 0);
            const struct problem problem = draw_problem(&stream, channel_activations[kinds]);
            struct flow *flow = flow_of(&problem);
            check(&stream, &problem, flow);
            flow_free(flow);
        }
    assert_int_equal(kinds, ACTIVATIONS);
}

/* ---- derivatives ---- */

static void check_jacobian(struct stream *stream, const struct problem *problem,
                           const struct flow *flow)
{
    /* eps^(4/5) = 3e-13 times the fifth derivative of g(c P I), c I of the size 10 */
    static const double DIFFERENCES = 1e-6;
    double a[DEPTH_MOST], J[DEPTH_MOST * DEPTH_MOST], D[DEPTH_MOST * DEPTH_MOST];
    double work[3 * DEPTH_MOST];
    for (int k = 0; k < STATES; k++) {
        double size = 0;
        draw_state(stream, problem, a);
        assert_int_equal(flow->jacobian(flow, a, J), OK);
        assert_int_equal(flow_jacobian_by_differences(flow, a, D, work), OK);
        for (size_t i = 0; i < flow->dim * flow->dim; i++)
            size = fmax(size, fabs(J[i]));
        for (size_t i = 0; i < flow->dim * flow->dim; i++)
            if (!(fabs(J[i] - D[i]) <= DIFFERENCES * (1 + size)))
                fail_msg("%s: J[%zu] = %.12g, by differences %.12g", flow->title, i, J[i], D[i]);
    }
}

static void jacobians_agree_with_differences(void **state)
{
    (void)state;
    for_every_channel(check_jacobian);
}

static void slopes_are_derivatives(void **state)
{
    (void)state;
    enum { POINTS = 18 };
    static const double STEP = 1e-5; /* central: error STEP^2 g'''/6 and eps/STEP */
    for (size_t k = 0; channel_activations[k]; k++)
        for (int i = 0; i < POINTS; i++) {
            const double x = -3.31 + 0.385 * i;
            const struct channel_activation *g = channel_activations[k];
            const double slope = (g->value(x + STEP) - g->value(x - STEP)) / (2 * STEP);
            assert_true(fabs(slope - g->slope(x)) <= 1e-9);
            assert_true(g->slope(x) > 0 && g->slope(x) <= g->slope(0)); /* (Q1) */
            assert_true(g->value(-x) == -g->value(x));
        }
}

/* ---- lanes ---- */

static void check_lanes(struct stream *stream, const struct problem *problem,
                        const struct flow *flow)
{
    enum { LANES_MOST = 19 };
    static const size_t widths[] = {1, 3, 8, 11, LANES_MOST};
    double x[DEPTH_MOST * LANES_MOST], dx[DEPTH_MOST * LANES_MOST];
    (void)problem;
    for (size_t w = 0; w < COUNT(widths); w++) {
        const size_t n = widths[w];
        for (size_t k = 0; k < flow->dim * n; k++)
            x[k] = 1.3 * stream_normal(stream);
        assert_int_equal(flow->field(flow, n, x, dx), OK);
        for (size_t k = 0; k < n; k++) {
            double one[DEPTH_MOST], alone[DEPTH_MOST];
            for (size_t i = 0; i < flow->dim; i++)
                one[i] = x[i * n + k];
            assert_int_equal(flow->field(flow, 1, one, alone), OK);
            for (size_t i = 0; i < flow->dim; i++)
                assert_memory_equal(&alone[i], &dx[i * n + k], sizeof *alone);
        }
    }
}

static void lanes_give_the_bits_of_one(void **state)
{
    (void)state;
    for_every_channel(check_lanes);
}

/* ---- rounding ---- */

static long double exact_value(const struct channel_activation *g, long double x)
{
    if (strcmp(g->name, "tanh") == 0)
        return tanhl(x);
    if (strcmp(g->name, "erf") == 0)
        return erfl(x);
    return strcmp(g->name, "arctan") == 0 ? atanl(x) : x / (1 + fabsl(x));
}

static long double exact_field(const struct problem *p, const double *a, size_t layer)
{
    long double P = 1, A = 1, mean = 0;
    for (size_t i = 0; i < p->depth; i++) {
        P *= a[i];
        A *= i < layer ? a[i] : 1;
    }
    for (size_t j = 0; j < p->inputs.count; j++) {
        const long double I = p->inputs.near[j], delta = p->targets.near[j] - P * I;
        const double top = p->c_count == p->depth ? p->c[p->depth - 1] : 1;
        long double s = top * delta;
        for (size_t i = p->depth - 1; i-- > layer;)
            s = exact_value(p->channel_activation,
                            p->c[i] * (p->rule->channel == CHANNEL_SKIPPED ? delta : s));
        mean += s * I / (long double)p->inputs.count;
    }
    return (p->rate_count ? p->rates[layer] : 1) * A * mean - (long double)p->lambda * a[layer];
}

static double worst_rounding;

static void compare_rounding(const struct problem *problem, const struct flow *flow,
                             const double *a)
{
    double f[DEPTH_MOST], bound[DEPTH_MOST];
    assert_int_equal(flow->field(flow, 1, a, f), OK);
    flow->rounding(flow, a, bound);
    for (size_t i = 0; i < flow->dim; i++) {
        const double error = (double)fabsl(f[i] - exact_field(problem, a, i));
        worst_rounding = fmax(worst_rounding, error / (DBL_EPSILON * bound[i]));
        if (!(error <= DBL_EPSILON * bound[i]))
            fail_msg("%s: f[%zu] is off by %g, bound %g", flow->title, i, error,
                     DBL_EPSILON * bound[i]);
    }
}

/* Anywhere, and where the first sample is fitted: T - P I is nothing but rounding. */
static void check_rounding(struct stream *stream, const struct problem *problem,
                           const struct flow *flow)
{
    double a[DEPTH_MOST];
    draw_state(stream, problem, a);
    compare_rounding(problem, flow, a);
    a[0] *= problem->targets.near[0] / problem->inputs.near[0] / product_of(problem->depth, a);
    compare_rounding(problem, flow, a);
}

static void rounding_stays_within_its_bound(void **state)
{
    (void)state;
    worst_rounding = 0;
    for_every_channel(check_rounding);
    print_message("# rounding: worst %.2g of its bound\n", worst_rounding);
    assert_true(worst_rounding > 0.01); /* the control: the bound says something */
}

/* ---- the linear channel as a limit ---- */

/* The largest difference between the fields of the channel with feedback of size eps and of the
 * linear chain with the same moments. */
static double distance_to_linear(const struct problem *problem, double eps, const double *a)
{
    struct problem small = *problem, linear = *problem;
    double f[DEPTH_MOST], g[DEPTH_MOST], worst = 0;
    const size_t L = problem->depth;
    const double slope = problem->channel_activation->slope(0);
    const bool skipped = problem->rule->channel == CHANNEL_SKIPPED;
    small.rate_count = L;
    for (size_t i = 0; i < L; i++) {
        small.rates[i] = problem->rate_count ? problem->rates[i] : 1;
        for (size_t k = i; k + 1 < L && (k == i || !skipped); k++)
            small.rates[i] /= slope;
        if (i + 1 < L && (skipped || i + 2 == L))
            small.c[i] *= eps;
        small.rates[i] /= i + 1 < L ? eps : 1;
    }
    linear.channel_activation = NULL;
    assert_int_equal(channel_neurons_moments(problem, &linear.alpha, &linear.beta), OK);
    struct flow *near = flow_of(&small), *flow = flow_of(&linear);
    assert_int_equal(near->field(near, 1, a, f), OK);
    assert_int_equal(flow->field(flow, 1, a, g), OK);
    for (size_t i = 0; i < L; i++)
        worst = fmax(worst, fabs(f[i] - g[i]));
    flow_free(near);
    flow_free(flow);
    return worst;
}

static size_t orders_checked;

static void check_linear_limit(struct stream *stream, const struct problem *problem,
                               const struct flow *flow)
{
    static const double EPS = 1e-4, EXACT = 1e-12;
    double a[DEPTH_MOST];
    draw_state(stream, problem, a);
    const double at = distance_to_linear(problem, EPS, a);
    const double half = distance_to_linear(problem, EPS / 2, a);
    if (flow->dim == 1 || at < EXACT) {
        assert_true(at < 1e-10);
        return;
    }
    /* g - g'(0) x is of third order, but x|x| for softsign */
    const double order = strcmp(problem->channel_activation->name, "softsign") ? 2 : 1;
    const double measured = log2(at / half);
    if (!(fabs(measured - order) < 0.1) && half > 1e-9)
        fail_msg("%s: order %.4f, %g at eps", flow->title, measured, at);
    orders_checked += half > 1e-9;
}

static void small_feedback_is_a_linear_channel(void **state)
{
    (void)state;
    orders_checked = 0;
    for_every_channel(check_linear_limit);
    assert_true(orders_checked > INSTANCES);
}

/* ---- samples and moments ---- */

/* (1, 1, 1) and (1, 1, 1) with targets of the same sum: a linear channel sees no difference. */
static void samples_are_more_than_moments(void **state)
{
    (void)state;
    struct problem problem = chain_with("srbp", 2, LIST(1.7));
    double f[2][2], alpha[2], beta[2];
    const double a[2] = {0.6, -0.4}, targets[2][3] = {{0.25, 0.25, 3}, {1, 1, 1.5}};
    problem.channel_activation = channel_activation_named("tanh");
    problem.inputs = (struct entries){.count = 3, .near = {1, 1, 1}};
    problem.targets.count = 3;
    for (int k = 0; k < 2; k++) {
        memcpy(problem.targets.near, targets[k], sizeof targets[k]);
        assert_int_equal(channel_neurons_moments(&problem, &alpha[k], &beta[k]), OK);
        struct flow *flow = flow_of(&problem);
        assert_int_equal(flow->field(flow, 1, a, f[k]), OK);
        flow_free(flow);
    }
    assert_true(alpha[0] == alpha[1] && beta[0] == beta[1]);
    assert_true(f[0][1] == f[1][1]);
    assert_true(fabs(f[0][0] - f[1][0]) > 0.1);
}

/* Every sample twice, borrowed from elsewhere: the same system. */
static void samples_count_by_weight(void **state)
{
    (void)state;
    double inputs[2 * SAMPLES_MOST], targets[2 * SAMPLES_MOST], a[DEPTH_MOST], f[DEPTH_MOST],
        g[DEPTH_MOST];
    struct stream stream = stream_at(SEED, 1, 2);
    const struct problem problem = draw_problem(&stream, channel_activation_named("erf"));
    struct problem twice = problem;
    const size_t count = problem.inputs.count;
    for (size_t j = 0; j < 2 * count; j++) {
        inputs[j] = problem.inputs.near[j % count];
        targets[j] = problem.targets.near[j % count];
    }
    twice.inputs = (struct entries){.count = 2 * count, .far = inputs};
    twice.targets = (struct entries){.count = 2 * count, .far = targets};
    struct flow *once = flow_of(&problem), *both = flow_of(&twice);
    draw_state(&stream, &problem, a);
    assert_int_equal(once->field(once, 1, a, f), OK);
    assert_int_equal(both->field(both, 1, a, g), OK);
    for (size_t i = 0; i < once->dim; i++)
        assert_true(fabs(f[i] - g[i]) <= 1e-13 * (1 + fabs(f[i])));
    flow_free(once);
    flow_free(both);
}

/* ---- the spectrum at fixed points ---- */

static void transverse_rates_are_eigenvalues(void **state)
{
    (void)state;
    for (uint64_t k = 0; k < INSTANCES; k++) {
        struct stream stream = stream_at(SEED, 3, k);
        struct problem problem =
            draw_problem(&stream, channel_activations[stream_below(&stream, ACTIVATIONS)]);
        double a[DEPTH_MOST], J[DEPTH_MOST * DEPTH_MOST], rate[DEPTH_MOST] = {NAN}, trace = 0;
        double work[3 * DEPTH_MOST];
        problem.lambda = 0;
        for (size_t i = 0; i < problem.depth; i++)
            problem.c[i] /= 4;                     /* keeps the fifth derivatives small */
        for (size_t i = 0; i < problem.depth; i++) /* dyadic: P is exact */
            a[i] = stream_below(&stream, 2) ? 0.5 : -1.25;
        for (size_t j = 0; j < problem.inputs.count; j++)
            problem.targets.near[j] =
                product_of(problem.depth, a) * problem.inputs.near[j]; /* rounded */
        struct flow *flow = flow_of(&problem);
        assert_int_equal(flow->transverse(flow, a, rate), 1);
        /* central differences of softsign at its kink are of second order */
        assert_int_equal(flow_jacobian_by_differences(flow, a, J, work), OK);
        for (size_t i = 0; i < flow->dim; i++)
            trace += J[i * flow->dim + i];
        const bool kink = strcmp(problem.channel_activation->name, "softsign") == 0;
        if (!kink && !(fabs(trace - rate[0]) <= 1e-6 * (1 + fabs(trace))))
            fail_msg("%s: rate %.12g, trace %.12g", flow->title, rate[0], trace);
        a[0] *= 1.01; /* no fixed point */
        assert_int_equal(flow->transverse(flow, a, rate), 0);
        flow_free(flow);
    }
}

/* (Q6): 2 g(3) = 3 g(1) for softsign, so m_1(0) = 0; E[g' I^2] = (4/16 + 9/4)/2. */
static void fixed_points_off_the_minimum_have_a_rate(void **state)
{
    (void)state;
    struct problem problem = chain_with("srbp", 2, LIST(1));
    double rate[2] = {NAN, NAN};
    problem.channel_activation = channel_activation_named("softsign");
    problem.inputs = (struct entries){.count = 2, .near = {2, 3}};
    problem.targets = (struct entries){.count = 2, .near = {3, -1}};
    struct flow *flow = flow_of(&problem);
    assert_int_equal(flow->transverse(flow, (double[]){0, 0.7}, rate), 1);
    assert_true(fabs(rate[0] + 0.7 * 1.25) <= 1e-15);
    assert_int_equal(flow->transverse(flow, (double[]){0.1, 0.7}, rate), 0);
    flow_free(flow);
    problem.targets.near[0] = 2;
    flow = flow_of(&problem);
    assert_int_equal(flow->transverse(flow, (double[]){0, 0.7}, rate), 0);
    flow_free(flow);
}

/* ---- predictions ---- */

static void predictions_know_their_limits(void **state)
{
    (void)state;
    static const struct {
        const char *g;
        double c, inputs[3], targets[3], a[2];
        enum ending ending;
        double exponent, P;
    } cases[] = {
        {"tanh", 1, {1, 2, -1}, {1, 0.5, 1}, {0.5, 0.5}, ENDING_UNBOUNDED, 1, 1.0 / 6},
        {"tanh", 3, {1, 1, 1}, {0.2, 0.2, 3}, {0.5, 0.5}, ENDING_UNBOUNDED, 0.5, 0.383101980690977},
        {"tanh", 3, {1, 1, 1}, {0.2, 0.2, 3}, {-2, -0.5}, ENDING_UNBOUNDED, 1, 17.0 / 15},
        {"tanh", 3, {1, 1, 1}, {0.2, 0.2, 3}, {-2, 0.5}, ENDING_HORIZON, NAN, NAN},
        {"erf", 3, {1, 2, -1}, {0.3, 0.6, -0.3}, {-2, 0.5}, ENDING_SETTLED, NAN, 0.3},
        {"erf", 3, {1, 2, -1}, {0.5, 1, -0.5}, {1, 0.5}, ENDING_HORIZON, NAN, NAN},
        {"softsign", 1, {2, 3, 0}, {3, -1, 0}, {1, 0.5}, ENDING_HORIZON, NAN, NAN},
    };
    for (size_t k = 0; k < COUNT(cases); k++) {
        struct problem problem = chain_with("srbp", 2, &cases[k].c, 1);
        double limit[2] = {NAN, NAN};
        problem.channel_activation = channel_activation_named(cases[k].g);
        problem.inputs.count = problem.targets.count = 3;
        memcpy(problem.inputs.near, cases[k].inputs, sizeof cases[k].inputs);
        memcpy(problem.targets.near, cases[k].targets, sizeof cases[k].targets);
        const struct prediction p = prediction_of(&problem, cases[k].a, limit);
        assert_int_equal(p.ending, cases[k].ending);
        if (p.ending == ENDING_HORIZON)
            continue;
        assert_int_equal(p.about, PREDICTION_OUTPUT);
        assert_true(fabs(limit[0] - cases[k].P) <= p.error + 1e-14);
        assert_true(isnan(cases[k].exponent) ? isnan(p.exponent) : p.exponent == cases[k].exponent);
    }
}

/* a_1 ~ t^(-1/2), a_2 ~ t^(1/2): where they differ by eleven decades |J| |x| eps exceeds |f|, and
 * used to pass for the rounding error of a fixed point. */
static void growth_never_settles(void **state)
{
    (void)state;
    static const double LAW_AGREES = 0.02; /* of an exponent, as (E32) asks */
    static const double tolerances[] = {1e-10, 1e-13, 1e-14};
    static const double c[] = {3, -1};
    for (size_t k = 0; k < COUNT(tolerances) * COUNT(c); k++) {
        struct problem problem = chain_with("srbp", 2, &c[k % COUNT(c)], 1);
        struct plan plan = plan_defaults();
        plan.rtol = tolerances[k / COUNT(c)];
        problem.channel_activation = channel_activation_named("tanh");
        problem.inputs = (struct entries){.count = 3, .near = {1, 1, 1}};
        problem.targets = (struct entries){.count = 3, .near = {0.2, 0.2, 3}};
        struct flow *flow = flow_of(&problem);
        struct outcome *outcome = outcome_of(flow, &plan, (double[]){0.5, 0.5});
        if (outcome->ending != ENDING_HORIZON && outcome->ending != ENDING_UNBOUNDED)
            fail_msg("c = %g, rtol = %g: ends %s", c[k % COUNT(c)], plan.rtol,
                     ending_name(outcome->ending));
        if (outcome->ending == ENDING_UNBOUNDED)
            assert_true(fabs(outcome->exponent - 0.5) <= LAW_AGREES);
        else
            assert_true(outcome->t > 1e4);
        outcome_free(outcome);
        flow_free(flow);
    }
}

static void bad_problems_are_refused(void **state)
{
    (void)state;
    struct stream stream = stream_at(SEED, 4, 0);
    const struct problem good = draw_problem(&stream, channel_activation_named("tanh"));
    struct problem bad[6] = {good, good, good, good, good, good};
    struct flow *flow = NULL;
    bad[0].rule = registry_rule("bp");
    bad[1].targets.count++;
    bad[2].inputs.count = bad[2].targets.count = 0;
    bad[3].inputs.near[0] = NAN;
    bad[4].c_count = good.depth + 3;
    bad[5].rate_count = good.depth + 1;
    for (size_t k = 0; k < COUNT(bad); k++) {
        assert_int_equal(problem_flow(&bad[k], &flow), BAD_ARGUMENT);
        assert_null(flow);
    }
    assert_null(channel_activation_named("identity"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slopes_are_derivatives),
        cmocka_unit_test(jacobians_agree_with_differences),
        cmocka_unit_test(lanes_give_the_bits_of_one),
        cmocka_unit_test(rounding_stays_within_its_bound),
        cmocka_unit_test(small_feedback_is_a_linear_channel),
        cmocka_unit_test(samples_are_more_than_moments),
        cmocka_unit_test(samples_count_by_weight),
        cmocka_unit_test(transverse_rates_are_eigenvalues),
        cmocka_unit_test(fixed_points_off_the_minimum_have_a_rate),
        cmocka_unit_test(predictions_know_their_limits),
        cmocka_unit_test(growth_never_settles),
        cmocka_unit_test(bad_problems_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
