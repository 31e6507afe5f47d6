/* The parts of a comparison of steps with their flow: paths, regressions, samples, networks made from
 * problems, steps on two layers, noise, endings.
 *
 * Golden numbers are those of A[1,1,1] under random backpropagation with four samples, (MB80): they
 * were computed by an independent program (RK4 on the moment equations, and 400000 runs). */
#include "networks/blas.h"
#include "networks/learner_flow.h"
#include "networks/learning.h"
#include "nonlinear/activation.h"
#include "nonlinear/system.h"
#include "proofs-check/comparison.h"
#include "proofs-check/comparison_ending.h"
#include "proofs-check/comparison_modified.h"
#include "proofs-check/comparison_problem.h"
#include "proofs-check/comparison_samples.h"
#include "tests/chains.h"

#include <float.h>
#include <stdlib.h>

enum { THREADS = 2 };

static void must(enum status status)
{
    if (status != OK)
        fail_msg("%s", status_message());
}

/* ---- a problem, its flow, its network ---- */

struct pair {
    struct problem problem;
    struct flow *flow;
    struct comparison_problem *network;
    const struct comparison_system *system;
};

/* The network borrows the problem, so the pair keeps its place. */
static struct pair *pair_of(const struct problem *problem)
{
    struct pair *pair = calloc(1, sizeof *pair);
    assert_non_null(pair);
    pair->problem = *problem;
    must(problem_flow(&pair->problem, &pair->flow));
    const struct comparison_problem_plan plan = {&pair->problem, pair->flow, 0, 7};
    must(comparison_problem_create(&plan, &pair->network));
    pair->system = &pair->network->system;
    return pair;
}

static void pair_free(struct pair *pair)
{
    comparison_problem_free(pair->network);
    flow_free(pair->flow);
    free(pair);
}

/* The golden case: alpha = E IT, beta = E I^2 of its samples. */
static const double GOLDEN_I[] = {1, 0.5, -1, 1.5}, GOLDEN_T[] = {1.2, 0.1, -0.7, 2.0};
static const double GOLDEN_START[] = {0.3, -0.2};

static struct problem golden(void)
{
    struct problem problem = chain_with("rbp", 2, LIST(0.7));
    problem.alpha = 1.2375;
    problem.beta = 1.125;
    problem.inputs.count = problem.targets.count = COUNT(GOLDEN_I);
    memcpy(problem.inputs.near, GOLDEN_I, sizeof GOLDEN_I);
    memcpy(problem.targets.near, GOLDEN_T, sizeof GOLDEN_T);
    return problem;
}

/* ---- paths ---- */

/* x' = x - x^3 from x0: x = x0 e^t / sqrt(1 + x0^2 (e^2t - 1)) */
static void paths_are_accurate(void **state)
{
    (void)state;
    struct problem problem = problem_defaults(&system_polynomial, NULL);
    memcpy(problem.q, (double[]){0, 1, 0, -1}, 4 * sizeof(double));
    problem.q_count = 4;
    struct flow *flow = NULL;
    struct comparison_path *path = NULL;
    const double x0 = 0.2385, T = 3;
    const struct comparison_path_plan plan = {T, 24, 1e-13};
    must(problem_flow(&problem, &flow));
    must(comparison_path_follow(flow, &plan, &x0, &path));
    for (size_t n = 0; n <= path->steps; n++) {
        const double e = exp(T * (double)n / 24);
        const double x = x0 * e / sqrt(1 + x0 * x0 * (e * e - 1));
        assert_true(fabs(path->x[n] - x) < 2e-13); /* twice the tolerance asked for */
    }
    assert_true(path->error < 24 * 1e-13);
    comparison_path_free(path);
    flow_free(flow);
}

/* x' = x^2 from 1 blows up at 1. */
static void paths_do_not_pass_blow_up(void **state)
{
    (void)state;
    struct problem problem = problem_defaults(&system_polynomial, NULL);
    memcpy(problem.q, (double[]){0, 0, 1}, 3 * sizeof(double));
    problem.q_count = 3;
    struct flow *flow = NULL;
    struct comparison_path *path = NULL;
    const double x0 = 1;
    must(problem_flow(&problem, &flow));
    const struct comparison_path_plan before = {0.9, 8, 1e-12}, beyond = {1.1, 8, 1e-12};
    must(comparison_path_follow(flow, &before, &x0, &path));
    assert_true(fabs(path->x[8] - 10) < 1e-9); /* 1/(1 - t); conditioned by a hundred */
    comparison_path_free(path);
    path = NULL;
    assert_int_equal(comparison_path_follow(flow, &beyond, &x0, &path), SOLVER_FAILED);
    assert_null(path);
    flow_free(flow);
}

/* a' = alpha - beta a: f' f = -beta f, so the modified equation is f (1 + eta beta/2). */
static void modified_equation_of_a_line(void **state)
{
    (void)state;
    struct problem problem = chain_of("bp", 1);
    struct flow *flow = NULL, *modified = NULL;
    problem.alpha = 0.4;
    problem.beta = 2.385;
    must(problem_flow(&problem, &flow));
    must(comparison_modified_create(flow, 0.1, &modified));
    double a = 0.7, f, g;
    must(flow->field(flow, 1, &a, &f));
    must(modified->field(modified, 1, &a, &g));
    assert_true(fabs(g - f * (1 + 0.1 * 2.385 / 2)) < 4 * DBL_EPSILON);
    flow_free(modified);
    flow_free(flow);
}

/* ---- regressions ---- */

enum { ETAS = 6 };

static struct comparison_order fit(const double *eta, const double *value, const double *error,
                                   double expected)
{
    const struct comparison_points points = {ETAS, eta, value, error};
    const struct comparison_expected what = {"test", expected, 0.05};
    return comparison_order_fit(&points, &what);
}

static void orders_of_power_laws(void **state)
{
    (void)state;
    double eta[ETAS], value[ETAS];
    for (size_t k = 0; k < ETAS; k++) {
        eta[k] = 0.25 / (double)(1 << k);
        value[k] = 2.385 * pow(eta[k], 1.5);
    }
    struct comparison_order order = fit(eta, value, NULL, 1.5);
    assert_true(fabs(order.order - 1.5) < 1e-12 && fabs(order.constant - 2.385) < 1e-10);
    assert_true(order.high - order.low < 1e-10 && order.used == ETAS);
    assert_int_equal(order.verdict, COMPARISON_HOLDS);
    assert_int_equal(fit(eta, value, NULL, 1).verdict, COMPARISON_REFUTED);
    value[0] *= 4; /* not yet in the range of the law: left out */
    order = fit(eta, value, NULL, 1.5);
    assert_true(order.first == 1 && order.used == ETAS - 1 && fabs(order.order - 1.5) < 1e-12);
    value[0] = INFINITY; /* a run that left */
    assert_true(fit(eta, value, NULL, 1.5).first == 1);
    value[3] = 0; /* nothing moves */
    order = fit(eta, value, NULL, 1.5);
    assert_true(isnan(order.order) && order.reason);
    assert_int_equal(order.verdict, COMPARISON_UNDECIDED);
}

/* Numbers with known errors: how often the interval holds the true order, and what is undecided. */
static void intervals_cover(void **state)
{
    (void)state;
    enum { RUNS = 4000 };
    double eta[ETAS], value[ETAS], error[ETAS];
    size_t covered = 0, undecided = 0, refuted = 0, found = 0;
    for (size_t run = 0; run < RUNS; run++) {
        struct stream stream = stream_at(1, stream_key("intervals_cover"), run);
        for (size_t k = 0; k < ETAS; k++) {
            eta[k] = 0.25 / (double)(1 << k);
            value[k] = 0.3 * sqrt(eta[k]);
            error[k] = 0.03 * value[k] * (1 + (double)(k % 3));
            value[k] *= exp(stream_normal(&stream) * error[k] / value[k]);
        }
        const struct comparison_order order = fit(eta, value, error, 0.5);
        covered += order.low <= 0.5 && order.high >= 0.5;
        refuted += order.verdict == COMPARISON_REFUTED;
        found += fit(eta, value, error, 1.5).verdict == COMPARISON_REFUTED;
        for (size_t k = 0; k < ETAS; k++)
            value[k] *= exp(2 * stream_normal(&stream)), error[k] = 2 * value[k];
        undecided += fit(eta, value, error, 5).verdict == COMPARISON_UNDECIDED;
    }
    /* s^2 >= 1 makes the interval wider than Student's, leaving out points narrower. */
    assert_true(covered > 0.93 * RUNS);
    assert_true(covered < RUNS);
    assert_true(undecided > 0.9 * RUNS); /* noise of seven times the value decides nothing */
    assert_int_equal(refuted, 0);        /* one in 1e5 is to be expected */
    assert_true(found > 0.95 * RUNS);    /* orders that are wrong by one are */
}

/* Distances in which the next order is large, and one that happens to have the slope. */
static void doubt_is_no_verdict(void **state)
{
    (void)state;
    double eta[ETAS], value[ETAS], error[ETAS];
    for (size_t k = 0; k < ETAS; k++) {
        eta[k] = 0.25 / (double)(1 << k);
        value[k] = eta[k] + 30 * eta[k] * eta[k];
        error[k] = value[k] / 2;
    }
    const struct comparison_order curved = fit(eta, value, NULL, 1);
    assert_true(curved.last > 1.1); /* far from the law, and on its way */
    assert_int_equal(curved.verdict, COMPARISON_UNDECIDED);
    assert_non_null(curved.reason);
    for (size_t k = 0; k < ETAS; k++)
        value[k] = eta[k];
    assert_int_equal(fit(eta, value, NULL, 1).verdict, COMPARISON_HOLDS);
    const struct comparison_order lucky = fit(eta, value, error, 1);
    assert_true(fabs(lucky.order - 1) < 0.05 && lucky.high - lucky.low > 0.5);
    assert_int_equal(lucky.verdict, COMPARISON_UNDECIDED);
    const double two[] = {0.5, 0.25};
    const struct comparison_points few = {2, two, two, NULL};
    const struct comparison_expected one = {"test", 1, 0.05};
    assert_int_equal(comparison_order_fit(&few, &one).verdict, COMPARISON_UNDECIDED);
    assert_non_null(strstr(comparison_order_fit(&few, &one).reason, "fewer than three"));
}

/* A law for eta -> 0 is refuted by the smallest eta or not at all. */
static void large_eta_refute_nothing(void **state)
{
    (void)state;
    double eta[ETAS], curved[ETAS], other[ETAS], error[ETAS], large[ETAS];
    for (size_t k = 0; k < ETAS; k++) {
        eta[k] = 0.25 / (double)(1 << k);
        curved[k] = 0.3 * sqrt(eta[k]) * (1 + 1.45 * eta[k]);
        error[k] = 0.04 * curved[k];
        other[k] = 0.3 * pow(eta[k], 1.5);
        large[k] = 0.04 * other[k];
    }
    const struct comparison_order order = fit(eta, curved, error, 0.5);
    assert_true(order.low > 0.5 && order.used == ETAS); /* not seen by leaving out */
    assert_int_equal(order.verdict, COMPARISON_UNDECIDED);
    assert_int_equal(fit(eta, other, large, 0.5).verdict, COMPARISON_REFUTED);
}

/* ---- samples with given moments ---- */

static void samples_have_their_moments(void **state)
{
    (void)state;
    enum { IN = 3, OUT = 2, COUNT_HERE = 20 };
    /* Of rank two: the third input is the sum of the others. */
    const double ii[IN * IN] = {2, 0.5, 2.5, 0.5, 1, 1.5, 2.5, 1.5, 4},
                         ti[OUT * IN] = {1, -0.7, 0.3, 0.2, 0.4, 0.6},
                         impossible[OUT * IN] = {1, -0.7, 0.31, 0.2, 0.4, 0.6};
    double input[COUNT_HERE * IN], target[COUNT_HERE * OUT], worst = 0, apart = 0;
    const struct comparison_moments moments = {IN, OUT, ii, ti}, none = {IN, OUT, ii, impossible};
    const struct comparison_samples samples = {COUNT_HERE, 5, input, target};
    must(comparison_samples_fill(&moments, &samples));
    for (size_t i = 0; i < IN; i++) {
        for (size_t j = 0; j < IN + OUT; j++) {
            double sum = 0;
            for (size_t k = 0; k < COUNT_HERE; k++)
                sum += input[k * IN + i] * (j < IN ? input[k * IN + j] : target[k * OUT + j - IN]) /
                       COUNT_HERE;
            worst = fmax(worst, fabs(sum - (j < IN ? ii[i * IN + j] : ti[(j - IN) * IN + i])));
        }
    }
    for (size_t k = 1; k < COUNT_HERE; k++)
        apart = fmax(apart, fabs(target[k * OUT] - target[0]));
    assert_true(worst < 1e-13); /* sums of twenty products */
    assert_true(apart > 0.5);   /* batches differ */
    assert_int_equal(comparison_samples_fill(&none, &samples), BAD_ARGUMENT);
    const double indefinite[] = {1, 2, 2, 1};
    const struct comparison_moments negative = {2, 1, indefinite, ti};
    assert_int_equal(comparison_samples_fill(&negative, &samples), BAD_ARGUMENT);
}

/* ---- networks of problems ---- */

static double gap_at(const struct pair *pair)
{
    struct comparison_gap gap;
    double x0[200];
    struct stream stream = stream_at(3, stream_key("gap_at"), 0);
    assert_true(pair->flow->dim <= COUNT(x0));
    stream_normals(&stream, pair->flow->dim, 0.6, x0);
    must(comparison_system_gap(pair->system, x0, 9, &gap));
    assert_true(gap.states > 3);
    return gap.worst;
}

static struct problem network_of(const struct system *system, const char *rule, const size_t *sizes,
                                 size_t count)
{
    struct problem problem = problem_defaults(system, registry_rule(rule));
    problem.size_count = count;
    memcpy(problem.sizes, sizes, count * sizeof *sizes);
    return problem;
}

static void networks_have_the_fields_of_linear_flows(void **state)
{
    (void)state;
    static const char *const rules[] = {
        "arbp", "asrbp", "bp", "kolen-pollack", "noise-pretraining", "rbp", "sbp", "srbp"};
    const size_t sizes[] = {2, 3, 4, 2};
    for (size_t k = 0; k < COUNT(rules); k++) {
        struct problem problem = network_of(&system_deep, rules[k], sizes, COUNT(sizes));
        problem.lambda = strcmp(rules[k], "kolen-pollack") == 0 ? 0.3 : 0;
        struct pair *pair = pair_of(&problem);
        assert_true(gap_at(pair) < 1e-13); /* rounding of sums of 32 samples */
        /* Another feedback, or another rate, is not the same equation. */
        struct comparison_system other = *pair->system;
        other.plan.no_derivative = false;
        other.count -= 1;
        struct pair control = *pair;
        control.system = &other;
        assert_true(gap_at(&control) > 1e-3);
        pair_free(pair);
    }
}

static void networks_have_the_fields_of_flows_with_neurons(void **state)
{
    (void)state;
    static const char *const rules[] = {"arbp", "asrbp", "bp", "rbp", "sbp", "srbp"};
    static const char *const neurons[] = {"tanh", "logistic", "relu", "identity"};
    enum { IN = 3, OUT = 2, COUNT_HERE = 5 };
    const size_t sizes[] = {IN, 4, 3, OUT};
    for (size_t k = 0; k < COUNT(rules) * COUNT(neurons) * 2; k++) {
        const struct system *system = system_with_activation(&system_deep);
        struct problem problem = network_of(system, rules[k % COUNT(rules)], sizes, COUNT(sizes));
        struct stream stream = stream_at(4, stream_key("neurons"), k);
        problem.neuron_count = 1;
        problem.neurons[0].activation =
            activation_named(neurons[k / COUNT(rules) % COUNT(neurons)]);
        problem.biases = k % 2;
        problem.no_derivative = k % 3 == 0;
        problem.inputs.count = COUNT_HERE * IN;
        problem.targets.count = COUNT_HERE * OUT;
        stream_normals(&stream, problem.inputs.count, 1, problem.inputs.near);
        stream_normals(&stream, problem.targets.count, 1, problem.targets.near);
        struct pair *pair = pair_of(&problem);
        assert_int_equal(pair->system->count, COUNT_HERE);
        assert_true(gap_at(pair) < 1e-13);
        pair_free(pair);
    }
}

static void what_cannot_be_compared_is_refused(void **state)
{
    (void)state;
    struct problem problem = chain_of("rbp", 3);
    struct comparison_problem *network = NULL;
    struct flow *flow = NULL;
    must(problem_flow(&problem, &flow));
    const struct comparison_problem_plan plan = {&problem, flow, 0, 1};
    problem.rate_count = 1;
    problem.rates[0] = 2;
    assert_int_equal(comparison_problem_create(&plan, &network), BAD_ARGUMENT);
    problem.rate_count = 0;
    problem.c_count = 3;
    problem.c[2] = 0.5; /* of the top layer */
    assert_int_equal(comparison_problem_create(&plan, &network), BAD_ARGUMENT);
    problem.c_count = 0;
    problem.beta = -1;
    assert_int_equal(comparison_problem_create(&plan, &network), BAD_ARGUMENT);
    problem.beta = 1;
    problem.rule = registry_rule("sign-symmetry");
    assert_int_equal(comparison_problem_create(&plan, &network), BAD_ARGUMENT);
    problem.rule = NULL;
    assert_int_equal(comparison_problem_create(&plan, &network), BAD_ARGUMENT);
    assert_null(network);
    flow_free(flow);
}

/* ---- steps on two layers ---- */

static struct comparison_plan plan_with(enum sampling sampling, size_t batch, size_t trials)
{
    return (struct comparison_plan){
        .horizon = 2,
        .etas = 5,
        .steps = {32, 64, 128, 256, 512},
        .trials = {
            .sampling = sampling, .batch = batch, .trials = trials, .threads = THREADS, .seed = 1}};
}

static void euler_has_orders_one_and_two(void **state)
{
    (void)state;
    const struct problem problem = golden();
    struct pair *pair = pair_of(&problem);
    const struct comparison_plan plan = plan_with(SAMPLING_ALL, 1, 0);
    struct comparison *comparison = NULL;
    must(comparison_run(pair->system, &plan, GOLDEN_START, &comparison));
    assert_true(fabs(comparison->row[COMPARISON_FLOW].order - 1) < 0.05);
    assert_true(fabs(comparison->row[COMPARISON_MODIFIED].order - 2) < 0.07);
    assert_true(comparison->reference_error < 1e-9 && comparison->reference_distance < 1e-12);
    assert_int_equal(comparison_verdict(comparison), COMPARISON_HOLDS);
    assert_false(comparison->measured[COMPARISON_DEVIATION]);
    /* Richardson: the constants of E, (MB73), at the end of the smallest eta. */
    const struct comparison_step *last = &comparison->step[plan.etas - 1];
    assert_true(fabs(last->value[COMPARISON_FLOW] / last->eta - 0.325) < 0.01); /* sup over t */
    comparison_free(comparison);
    pair_free(pair);
}

/* K = c1 a2 - a1^2/2 falls by eta^2 c1^2 e^2/2 in every step, e from alpha and beta alone. */
static void the_parabola_drifts_as_it_must(void **state)
{
    (void)state;
    const struct problem problem = golden();
    struct pair *pair = pair_of(&problem);
    struct comparison_walker *walker = NULL;
    const double eta = 0.0625, c = 0.7;
    double a[2] = {0.3, -0.2}, next[2];
    must(comparison_walker_create(pair->system, 0, &walker));
    comparison_walker_place(walker, a);
    for (size_t n = 0; n < 200; n++) {
        const double e = problem.alpha - problem.beta * a[0] * a[1];
        comparison_walker_whole(walker);
        learner_step(walker->learner, eta);
        comparison_walker_state(walker, next);
        const double before = c * a[1] - a[0] * a[0] / 2,
                     after = c * next[1] - next[0] * next[0] / 2;
        assert_true(fabs(after - before + eta * eta * c * c * e * e / 2) < 4 * DBL_EPSILON);
        memcpy(a, next, sizeof a);
    }
    comparison_walker_free(walker);
    pair_free(pair);
}

/* What rules conserve: exactly where it is linear, at order one where it is quadratic. */
static void invariants_drift_at_order_one(void **state)
{
    (void)state;
    const struct problem problem = chain_of("arbp", 3);
    struct pair *pair = pair_of(&problem);
    const struct comparison_plan plan = plan_with(SAMPLING_ALL, 1, 0);
    const double x0[] = {0.4, -0.3, 0.6, 0.2, -0.5};
    struct comparison *comparison = NULL;
    size_t exact = 0;
    must(comparison_run(pair->system, &plan, x0, &comparison));
    assert_int_equal(comparison->invariants, 4);
    for (size_t k = 0; k < comparison->invariants; k++) {
        const struct comparison_invariant *invariant = &comparison->invariant[k];
        exact += invariant->exact;
        assert_true(invariant->identity < 1e-14); /* every step adds eta^2 Q(f) */
        assert_true(invariant->exact || fabs(invariant->order.order - 1) < 0.05);
    }
    assert_int_equal(exact, 2); /* C_i - A_(i+1)' */
    comparison_free(comparison);
    pair_free(pair);
}

static struct comparison *golden_run(const struct pair *pair, enum sampling sampling, size_t batch)
{
    const struct comparison_plan plan = plan_with(sampling, batch, 400);
    struct comparison *comparison = NULL;
    must(comparison_run(pair->system, &plan, GOLDEN_START, &comparison));
    return comparison;
}

/* Independent batches scatter as eta^1/2, reshuffled epochs as eta^3/2: each is refuted by the
 * other's law, so that testing the first with shuffled epochs cannot pass. */
static void sampling_decides_the_scatter(void **state)
{
    (void)state;
    const struct problem problem = golden();
    struct pair *pair = pair_of(&problem);
    struct comparison *independent = golden_run(pair, SAMPLING_INDEPENDENT, 1),
                      *reshuffled = golden_run(pair, SAMPLING_RESHUFFLED, 2),
                      *ordered = golden_run(pair, SAMPLING_ORDERED, 2);
    const struct comparison_order *scatter = &independent->row[COMPARISON_DEVIATION],
                                  *epochs = &reshuffled->row[COMPARISON_DEVIATION];
    assert_int_equal(scatter->verdict, COMPARISON_HOLDS);
    assert_true(fabs(scatter->order - 0.5) < 0.06);
    assert_int_equal(epochs->verdict, COMPARISON_HOLDS);
    assert_true(fabs(epochs->order - 1.5) < 0.1);
    assert_true(scatter->high < 1 && epochs->low > 1);
    assert_true(fabs(reshuffled->row[COMPARISON_BIAS].order - 1) < 0.1);
    assert_true(fabs(reshuffled->row[COMPARISON_RMS].order - 1) < 0.1);
    assert_true(fabs(ordered->row[COMPARISON_BIAS].order - 1) < 0.1);
    assert_false(ordered->measured[COMPARISON_DEVIATION]);
    comparison_free(independent);
    comparison_free(reshuffled);
    comparison_free(ordered);
    pair_free(pair);
}

/* The same numbers with one thread and with three, and others with another seed. */
static void trials_do_not_depend_on_threads(void **state)
{
    (void)state;
    enum { TRIALS = 7, STEPS = 16 };
    const struct problem problem = golden();
    struct pair *pair = pair_of(&problem);
    struct comparison_path *path = NULL;
    struct comparison_spread spread[3];
    const struct comparison_path_plan plan = {2, STEPS, 1e-12};
    must(comparison_path_follow(pair->flow, &plan, GOLDEN_START, &path));
    for (size_t k = 0; k < 3; k++) {
        const struct comparison_trials trials = {SAMPLING_RESHUFFLED, 2,   TRIALS, k == 1 ? 3 : 1,
                                                 k == 2 ? 2 : 1,      NULL};
        must(comparison_steps_trials(pair->system, path, &trials, &spread[k]));
    }
    assert_memory_equal(spread[0].end, spread[1].end, TRIALS * 2 * sizeof(double));
    assert_true(spread[0].rms == spread[1].rms && spread[0].deviation == spread[1].deviation);
    assert_true(spread[0].rms != spread[2].rms);
    const struct comparison_trials uneven = {SAMPLING_ORDERED, 3, 1, 1, 1, NULL};
    struct comparison_spread none;
    assert_int_equal(comparison_steps_trials(pair->system, path, &uneven, &none), BAD_ARGUMENT);
    for (size_t k = 0; k < 3; k++)
        comparison_spread_clear(&spread[k]);
    comparison_path_free(path);
    pair_free(pair);
}

/* A walk that is shown ends where the trial of the same number ends; a full batch is Euler's method. */
static void traces_are_those_of_the_trials(void **state)
{
    (void)state;
    enum { TRIALS = 3, STEPS = 16 };
    const struct problem problem = golden();
    struct pair *pair = pair_of(&problem);
    struct comparison_path *path = NULL;
    struct comparison_spread spread;
    double x[2 * (STEPS + 1)], f[2];
    const struct comparison_path_plan plan = {2, STEPS, 1e-12};
    must(comparison_path_follow(pair->flow, &plan, GOLDEN_START, &path));
    struct comparison_trials trials = {SAMPLING_INDEPENDENT, 1, TRIALS, 1, 5, NULL};
    must(comparison_steps_trials(pair->system, path, &trials, &spread));
    for (size_t k = 0; k < TRIALS; k++) {
        must(comparison_steps_trace(pair->system, path, &trials, k, x));
        assert_memory_equal(x, GOLDEN_START, sizeof GOLDEN_START);
        assert_memory_equal(x + 2 * (size_t)STEPS, spread.end + 2 * k, 2 * sizeof *x);
    }
    trials.sampling = SAMPLING_ALL;
    must(comparison_steps_trace(pair->system, path, &trials, 0, x));
    for (size_t n = 0; n < STEPS; n++) {
        must(pair->flow->field(pair->flow, 1, x + 2 * n, f));
        for (size_t i = 0; i < 2; i++) /* rounding of sums over four samples */
            assert_true(fabs(x[2 * (n + 1) + i] - x[2 * n + i] - 2.0 / STEPS * f[i]) < 1e-14);
    }
    trials = (struct comparison_trials){SAMPLING_ORDERED, 3, 1, 1, 1, NULL};
    assert_int_equal(comparison_steps_trace(pair->system, path, &trials, 0, x), BAD_ARGUMENT);
    comparison_spread_clear(&spread);
    comparison_path_free(path);
    pair_free(pair);
}

/* One epoch of two steps: the only distance is that of the last state, so that all statistics follow
 * from the last states. */
static void statistics_are_those_of_the_trials(void **state)
{
    (void)state;
    enum { TRIALS = 5 };
    const struct problem problem = golden();
    struct pair *pair = pair_of(&problem);
    struct comparison_path *path = NULL;
    struct comparison_spread spread;
    const struct comparison_path_plan plan = {0.5, 2, 1e-12};
    const struct comparison_trials trials = {SAMPLING_RESHUFFLED, 2, TRIALS, 1, 1, NULL};
    must(comparison_path_follow(pair->flow, &plan, GOLDEN_START, &path));
    must(comparison_steps_trials(pair->system, path, &trials, &spread));
    const double *end = path->x + 4;
    double mean[2] = {0, 0}, squares = 0, scatter = 0;
    for (size_t k = 0; k < 2 * TRIALS; k++) {
        mean[k % 2] += spread.end[k] / TRIALS;
        squares += (spread.end[k] - end[k % 2]) * (spread.end[k] - end[k % 2]) / TRIALS;
    }
    for (size_t k = 0; k < 2 * TRIALS; k++)
        scatter += (spread.end[k] - mean[k % 2]) * (spread.end[k] - mean[k % 2]) / (TRIALS - 1);
    assert_true(scatter > 0);
    assert_true(fabs(spread.rms / sqrt(squares) - 1) < 1e-13);
    assert_true(fabs(spread.deviation / sqrt(scatter) - 1) < 1e-13);
    assert_true(fabs(spread.bias / hypot(mean[0] - end[0], mean[1] - end[1]) - 1) < 1e-13);
    assert_true(fabs(spread.bias_error / sqrt(scatter / TRIALS) - 1) < 1e-13);
    comparison_spread_clear(&spread);
    comparison_path_free(path);
    pair_free(pair);
}

/* ---- the golden case ---- */

static struct comparison_noise *golden_noise(const struct pair *pair)
{
    const struct comparison_noise_plan plan = {.horizon = 2, .steps = 32, .batch = 1};
    struct comparison_noise *noise = NULL;
    must(comparison_noise_create(pair->system, &plan, GOLDEN_START, &noise));
    return noise;
}

static void equations_of_noise_give_golden_numbers(void **state)
{
    (void)state;
    const struct problem problem = golden();
    struct pair *pair = pair_of(&problem);
    struct comparison_noise *noise = golden_noise(pair);
    const double mean[] = {1.24011196, 0.83419834},
                 P[] = {0.02164458, 0.03834530, 0.03834530, 0.06793209},
                 E[] = {0.25518902, -0.00047661}, m[] = {0.11243919, -0.22892017};
    const double digits = 1e-8; /* eight of them are known */
    for (size_t k = 0; k < 2; k++) {
        assert_true(fabs(noise->mean[k] - mean[k]) < digits);
        assert_true(fabs(noise->E[k] - E[k]) < digits);
        assert_true(fabs(noise->m[k] - m[k]) < digits);
    }
    for (size_t k = 0; k < 4; k++)
        assert_true(fabs(noise->P[k] - P[k]) < digits);
    comparison_noise_free(noise);
    pair_free(pair);
}

enum { GOLDEN_ETAS = 3, GOLDEN_TRIALS = 20000 };

/* What was measured at one eta: covariance 11, 12, 22 and mean 1, 2, less the path, over eta. */
struct measured {
    double value[5], error[5];
};

static void measure(const struct comparison_path *path, const struct comparison_spread *spread,
                    struct measured *measured)
{
    const double K = (double)spread->trials, eta = path->horizon / (double)path->steps;
    double mean[2] = {0, 0}, C[3] = {0, 0, 0};
    for (size_t k = 0; k < spread->trials; k++)
        for (size_t i = 0; i < 2; i++)
            mean[i] += spread->end[2 * k + i] / K;
    for (size_t k = 0; k < spread->trials; k++) {
        const double x = spread->end[2 * k] - mean[0], y = spread->end[2 * k + 1] - mean[1];
        C[0] += x * x / (K - 1);
        C[1] += x * y / (K - 1);
        C[2] += y * y / (K - 1);
    }
    const double variance[] = {2 * C[0] * C[0], C[0] * C[2] + C[1] * C[1], 2 * C[2] * C[2]};
    for (size_t k = 0; k < 3; k++) {
        measured->value[k] = C[k] / eta;
        measured->error[k] = sqrt(variance[k] / (K - 1)) / eta; /* of Gaussian samples */
    }
    for (size_t i = 0; i < 2; i++) {
        measured->value[3 + i] = (mean[i] - path->x[2 * path->steps + i]) / eta;
        measured->error[3 + i] = sqrt(C[2 * i] / K) / eta;
    }
}

/* v = v_0 + v_1 eta by weighted least squares: v_0 and its standard error. */
static double extrapolate(const struct measured *measured, const double *eta, size_t which,
                          double *error)
{
    double S = 0, Sx = 0, Sxx = 0, Sy = 0, Sxy = 0;
    for (size_t k = 0; k < GOLDEN_ETAS; k++) {
        const double w = 1 / (measured[k].error[which] * measured[k].error[which]);
        S += w;
        Sx += w * eta[k];
        Sxx += w * eta[k] * eta[k];
        Sy += w * measured[k].value[which];
        Sxy += w * eta[k] * measured[k].value[which];
    }
    *error = sqrt(Sxx / (S * Sxx - Sx * Sx));
    return (Sxx * Sy - Sx * Sxy) / (S * Sxx - Sx * Sx);
}

/* P and E + m from runs: within four standard errors after extrapolation. */
static void runs_give_golden_numbers(void **state)
{
    (void)state;
    static const size_t steps[GOLDEN_ETAS] = {64, 128, 256};
    const struct problem problem = golden();
    struct pair *pair = pair_of(&problem);
    struct comparison_noise *noise = golden_noise(pair);
    struct measured measured[GOLDEN_ETAS];
    double eta[GOLDEN_ETAS];
    for (size_t k = 0; k < GOLDEN_ETAS; k++) {
        const struct comparison_path_plan plan = {2, steps[k], 1e-13};
        const struct comparison_trials trials = {
            SAMPLING_INDEPENDENT, 1, GOLDEN_TRIALS, THREADS, 11, NULL};
        struct comparison_path *path = NULL;
        struct comparison_spread spread;
        must(comparison_path_follow(pair->flow, &plan, GOLDEN_START, &path));
        must(comparison_steps_trials(pair->system, path, &trials, &spread));
        eta[k] = 2 / (double)steps[k];
        measure(path, &spread, &measured[k]);
        comparison_spread_clear(&spread);
        comparison_path_free(path);
    }
    const double expected[] = {noise->P[0], noise->P[1], noise->P[3], noise->E[0] + noise->m[0],
                               noise->E[1] + noise->m[1]};
    for (size_t which = 0; which < COUNT(expected); which++) {
        double error = 0;
        const double value = extrapolate(measured, eta, which, &error);
        print_message("# golden %zu: %.5f +- %.5f, predicted %.5f\n", which, value, error,
                      expected[which]);
        assert_true(fabs(value - expected[which]) < 4 * error);
        assert_true(error < 0.1 * fabs(expected[which])); /* it decides something */
    }
    comparison_noise_free(noise);
    pair_free(pair);
}

/* ---- endings ---- */

/* One layer is a line, a' = alpha - beta a: steps settle iff eta < 2/beta. */
static void the_largest_rate_of_a_line(void **state)
{
    (void)state;
    struct problem problem = chain_of("bp", 1);
    problem.alpha = 0.4;
    problem.beta = 2.385;
    struct pair *pair = pair_of(&problem);
    struct comparison_ending ending;
    const double x0 = -1.3, exact = 2 / 2.385;
    must(comparison_ending_find(pair->system, &x0, NULL, &ending));
    assert_int_equal(ending.flow, ENDING_SETTLED);
    /* Near 2/beta the rate is 1 - (2 - beta eta): 200000 steps reach 1e-9 up to 5e-5 from it. */
    assert_true(ending.largest < exact && ending.largest > exact * (1 - 1e-4));
    assert_true(ending.fails >= ending.largest && fabs(ending.linear / exact - 1) < 1e-9);
    pair_free(pair);
}

/* |e| after many steps of A[1,1,1], by a plain loop. */
static double plain_error(const struct problem *problem, double eta)
{
    double a = GOLDEN_START[0], b = GOLDEN_START[1], e = 0;
    for (size_t n = 0; n < 400000 && fabs(a) + fabs(b) < 1e6; n++) {
        e = problem->alpha - problem->beta * a * b;
        const double next = a + eta * 0.7 * e;
        b += eta * a * e;
        a = next;
    }
    return fabs(e);
}

/* Two layers: below 2/|lambda| at the limit of the flow, since the rest of steps is elsewhere. */
static void the_largest_rate_of_two_layers(void **state)
{
    (void)state;
    const struct problem problem = golden();
    struct pair *pair = pair_of(&problem);
    struct comparison_ending ending;
    must(comparison_ending_find(pair->system, GOLDEN_START, NULL, &ending));
    assert_true(ending.largest > 0.3 * ending.linear && ending.largest < 2 * ending.linear);
    assert_true(ending.shift > 0.01);
    assert_true(plain_error(&problem, ending.largest * (1 - 1e-4)) < 1e-7);
    assert_true(plain_error(&problem, ending.fails * (1 + 1e-4)) > 1e-4);
    pair_free(pair);
}

/* A trap of adaptive feedback, (MB79): the flow cycles for ever, rounding lets steps out after about
 * 100/eta^2 of them. */
static void rounding_opens_traps(void **state)
{
    (void)state;
    const struct problem problem = chain_of("arbp", 3);
    struct pair *pair = pair_of(&problem);
    const double x0[] = {0.05, -0.5, 0.3, 0.5, 0.1}, free0[] = {0.5, -0.5, 0.3, 0.05, 0.1};
    const double etas[] = {0.2, 0.1, 0.05};
    for (size_t k = 0; k < COUNT(etas); k++) {
        const size_t most = (size_t)(1e4 / (etas[k] * etas[k]));
        struct comparison_escape escape = {.eta = etas[k], .most = most};
        must(comparison_ending_escape(pair->system, x0, &escape));
        const double scaled = (double)escape.steps * etas[k] * etas[k];
        print_message("# eta = %g: out after %zu steps, %.4g/eta^2\n", etas[k], escape.steps,
                      scaled);
        assert_true(scaled > 50 && scaled < 200 && !escape.diverged);
    }
    /* the control: outside the trap learning takes time, not time/eta */
    struct comparison_escape escape = {.eta = 0.1, .most = 100000};
    must(comparison_ending_escape(pair->system, free0, &escape));
    assert_true((double)escape.steps * 0.1 * 0.1 < 25);
    escape.eta = 100;
    must(comparison_ending_escape(pair->system, free0, &escape));
    assert_true(escape.diverged && escape.steps < 20);
    pair_free(pair);
}

static size_t trap_of(const char *rule, size_t layers, const double *x0)
{
    const struct problem problem = chain_of(rule, layers);
    struct pair *pair = pair_of(&problem);
    const size_t trap = comparison_ending_trap(pair->system, x0);
    pair_free(pair);
    return trap;
}

/* Traps are a matter of adaptive layered feedback, and of each inequality. */
static void traps_are_known_by_their_inequalities(void **state)
{
    (void)state;
    const double x0[] = {0.05, -0.5, 0.3, 0.5, 0.1}, wide[] = {0.6, -0.5, 0.3, 0.5, 0.1},
                 top[] = {0.05, -0.5, 0.3, 0.5, 0.7}, alike[] = {0.05, 0.5, 0.3, 0.5, 0.1};
    const double deep[] = {1, 0.05, -0.5, 0.3, 0.2, 0.5, 0.1};
    assert_int_equal(trap_of("arbp", 3, x0), 1);
    assert_int_equal(trap_of("arbp", 3, wide), 0);
    assert_int_equal(trap_of("arbp", 3, top), 0);
    assert_int_equal(trap_of("arbp", 3, alike), 0);
    assert_int_equal(trap_of("arbp", 4, deep), 2);
    assert_int_equal(trap_of("asrbp", 3, x0), 0);
    assert_int_equal(trap_of("srbp", 3, x0), 0);
}

/* A start on the limit of the flow is not one whose ending is lost. */
static void starts_at_rest_are_no_loss(void **state)
{
    (void)state;
    const struct problem problem = chain_of("rbp", 2);
    struct pair *pair = pair_of(&problem);
    struct comparison_ending ending;
    const double start[] = {1, 1}, near[] = {1, 1 + 1e-9};
    must(comparison_ending_find(pair->system, start, NULL, &ending));
    assert_int_equal(ending.flow, ENDING_SETTLED);
    assert_non_null(strstr(ending.reason, "no step moves"));
    must(comparison_ending_find(pair->system, near, NULL, &ending));
    assert_non_null(strstr(ending.reason, "too near"));
    pair_free(pair);
}

/* ---- networks as flows ---- */

static struct learner_plan small_plan(const char *rule)
{
    struct learner_plan plan = learner_defaults(learning_named(rule));
    const size_t sizes[] = {3, 4, 2};
    plan.arithmetic = &array_double;
    plan.layers = 2;
    memcpy(plan.sizes, sizes, sizeof sizes);
    plan.loss = LOSS_SQUARED;
    plan.seed = 5;
    return plan;
}

static void network_flows_have_the_field_of_training(void **state)
{
    (void)state;
    enum { COUNT_HERE = 6 };
    double inputs[COUNT_HERE * 3], targets[COUNT_HERE * 2], x[100], f[100], J[100 * 100], Jv[100];
    struct stream stream = stream_at(8, stream_key("network flow"), 0);
    const struct learner_plan plan = small_plan("rbp");
    struct flow *flow = NULL;
    stream_normals(&stream, COUNT(inputs), 1, inputs);
    stream_normals(&stream, COUNT(targets), 1, targets);
    must(learner_flow_create(&plan, COUNT_HERE, inputs, targets, &flow));
    struct learner *learner = learner_flow_network(flow);
    assert_int_equal(flow->dim, learner->dim);
    array_store(&learner->state, x);
    must(flow->field(flow, 1, x, f));
    /* Down the field to first order: the loss falls under backpropagation, by |f|^2. */
    const struct array I = array_view(&array_double, COUNT_HERE, 3, inputs),
                       T = array_view(&array_double, COUNT_HERE, 2, targets);
    learner_field(learner, &I, &T);
    for (size_t k = 0; k < flow->dim; k++)
        assert_true(f[k] == array_at(&learner->field, k));
    /* The Jacobian against a difference along a vector; both are differences, of other steps. */
    double v[100], work[300];
    stream_normals(&stream, flow->dim, 1, v);
    must(flow->jacobian(flow, x, J));
    must(flow_jacobian_times(flow, x, v, Jv, work));
    for (size_t i = 0; i < flow->dim; i++) {
        double sum = 0;
        for (size_t j = 0; j < flow->dim; j++)
            sum += J[i * flow->dim + j] * v[j];
        assert_true(fabs(sum - Jv[i]) < 1e-8 * (1 + fabs(sum)));
    }
    flow_free(flow);
}

static void rules_without_equations_have_no_flow(void **state)
{
    (void)state;
    double data[] = {1, 2, 3, 4, 5};
    struct flow *flow = NULL;
    struct learner_plan plan = small_plan("redraw");
    assert_int_equal(learner_flow_create(&plan, 1, data, data + 3, &flow), BAD_ARGUMENT);
    plan = small_plan("sign-symmetry");
    assert_int_equal(learner_flow_create(&plan, 1, data, data + 3, &flow), BAD_ARGUMENT);
    plan = small_plan("rbp");
    plan.channel_dropout = 0.5;
    assert_int_equal(learner_flow_create(&plan, 1, data, data + 3, &flow), BAD_ARGUMENT);
    plan = small_plan("rbp");
    plan.arithmetic = &array_float;
    assert_int_equal(learner_flow_create(&plan, 1, data, data + 3, &flow), BAD_ARGUMENT);
    plan = small_plan("rbp");
    assert_int_equal(learner_flow_create(&plan, 0, data, data + 3, &flow), BAD_ARGUMENT);
    assert_null(flow);
}

static int open_blas(void **state)
{
    (void)state;
    must(blas_open());
    blas_threads(1);
    return 0;
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_accurate),
        cmocka_unit_test(paths_do_not_pass_blow_up),
        cmocka_unit_test(modified_equation_of_a_line),
        cmocka_unit_test(orders_of_power_laws),
        cmocka_unit_test(intervals_cover),
        cmocka_unit_test(large_eta_refute_nothing),
        cmocka_unit_test(doubt_is_no_verdict),
        cmocka_unit_test(samples_have_their_moments),
        cmocka_unit_test(networks_have_the_fields_of_linear_flows),
        cmocka_unit_test(networks_have_the_fields_of_flows_with_neurons),
        cmocka_unit_test(what_cannot_be_compared_is_refused),
        cmocka_unit_test(euler_has_orders_one_and_two),
        cmocka_unit_test(the_parabola_drifts_as_it_must),
        cmocka_unit_test(invariants_drift_at_order_one),
        cmocka_unit_test(sampling_decides_the_scatter),
        cmocka_unit_test(trials_do_not_depend_on_threads),
        cmocka_unit_test(traces_are_those_of_the_trials),
        cmocka_unit_test(statistics_are_those_of_the_trials),
        cmocka_unit_test(equations_of_noise_give_golden_numbers),
        cmocka_unit_test(runs_give_golden_numbers),
        cmocka_unit_test(the_largest_rate_of_a_line),
        cmocka_unit_test(the_largest_rate_of_two_layers),
        cmocka_unit_test(rounding_opens_traps),
        cmocka_unit_test(traps_are_known_by_their_inequalities),
        cmocka_unit_test(starts_at_rest_are_no_loss),
        cmocka_unit_test(network_flows_have_the_field_of_training),
        cmocka_unit_test(rules_without_equations_have_no_flow),
    };
    return cmocka_run_group_tests(tests, open_blas, NULL);
}
