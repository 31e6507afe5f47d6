/* The verifier: does it say what it found, always the same, and can it say no?
 *
 * Planted theorems are tried beside the registered ones: true, false, undecided in part, empty, and
 * with a control that cannot fail.  Failure bounds are compared with closed forms, with the
 * binomial distribution itself and with published limits; witnesses are read back from the command
 * that is printed for them. */
#include "cli/options.h"
#include "cli/problem_from_options.h"
#include "linear/registry.h"
#include "proofs-check/conclude.h"
#include "proofs-check/sample.h"
#include "proofs-check/verify.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT = 8192, WORDS = 64, TRIALS = 60 };
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- planted theorems ---- */

/* x' = -x from x0 = index: the conclusions below can tell the trials apart. */
static bool sample_counted(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    *instance = sample_polynomial(2, (double[]){0, -1}, (double)index);
    return true;
}

static bool sample_nothing(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream, (void)index, (void)instance;
    return false;
}

static bool sample_chains(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = index % 2 ? sample_drawn_gradient(stream, 2 + index % 3)
                          : sample_drawn_chain(stream, 2 + index % 3);
    return true;
}

static enum status conclude_yes(struct trial *trial, enum finding *finding)
{
    trial->deviation = trial->instance->x0[0];
    return conclude_holds(finding);
}

static enum status conclude_no(struct trial *trial, enum finding *finding)
{
    return conclude_fails(trial, finding, "planted, x0 = %g", trial->instance->x0[0]);
}

/* The first `bound` trials are undecided, the others hold. */
static enum status conclude_some_undecided(struct trial *trial, enum finding *finding)
{
    if (trial->instance->x0[0] < trial->theorem->bound)
        return conclude_undecided(trial, finding, "planted");
    return conclude_yes(trial, finding);
}

/* False: the first weight ends positive. */
static enum status conclude_positive(struct trial *trial, enum finding *finding)
{
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    trial->deviation = 0;
    if (!(trial->outcome->limit[0] > 0))
        return conclude_fails(trial, finding, "a1 -> %.10g", trial->outcome->limit[0]);
    return conclude_holds(finding);
}

static enum status conclude_breaks(struct trial *trial, enum finding *finding)
{
    (void)trial, (void)finding;
    return status_fail(SOLVER_FAILED, "planted failure");
}

static struct theorem planted(conclusion *conclude, size_t trials)
{
    return (struct theorem){
        .id = "planted",
        .source = "this test",
        .statement = "planted",
        .label = "V1",
        .recorded = VERDICT_SUPPORTED,
        .trials = trials,
        .sample = sample_counted,
        .conclude = conclude,
        .control = {.what = "the opposite", .sample = sample_counted, .conclude = conclude_no}};
}

static struct verified verify_with(const struct theorem *theorem, const struct verify_plan *plan)
{
    struct verified result;
    if (verify_theorem(theorem, plan, &result) != OK)
        fail_msg("%s: %s", theorem->id, status_message());
    return result;
}

static struct verified verify_by_default(const struct theorem *theorem)
{
    const struct verify_plan plan = verify_defaults();
    return verify_with(theorem, &plan);
}

/* ---- threads ---- */

/* Every bit of a row: doubles in hexadecimal. */
static void print_row(const struct verify_row *row, size_t size, char *text)
{
    snprintf(text, size, "%zu %d %d %d %a %a %a %a %a %a %a %a %a %zu %s", row->index,
             (int)row->finding, (int)row->ran, (int)row->ending, row->t, row->deviation,
             row->measured, row->expected, row->residual, row->transverse_rate, row->distance_bound,
             row->drift, row->clock, row->steps, row->reason);
}

static void compare_results(const struct verified *one, const struct verified *two)
{
    char a[TEXT], b[TEXT];
    assert_int_equal(one->verdict, two->verdict);
    assert_int_equal(one->control, two->control);
    assert_int_equal(one->failures, two->failures);
    assert_int_equal(one->undecided, two->undecided);
    assert_int_equal(one->rows, two->rows);
    assert_string_equal(one->reason, two->reason);
    assert_string_equal(one->control_reason, two->control_reason);
    for (size_t i = 0; i < one->rows; i++) {
        print_row(&one->row[i], sizeof a, a);
        print_row(&two->row[i], sizeof b, b);
        assert_string_equal(a, b);
    }
}

/* Endings of every kind, a refuted record, and one without trajectories. */
static void test_threads_do_not_matter(void **state)
{
    (void)state;
    static const char *const ids[] = {"t1-limit", "t1-remark-power-published",
                                      "t1-partial-fractions", "decay-long-chain",
                                      "neg-anti-learning"};
    for (size_t i = 0; i < COUNT(ids); i++) {
        const struct theorem *theorem = theorem_by_id(ids[i]);
        assert_non_null(theorem);
        struct verify_plan plan = verify_defaults();
        plan.trials = TRIALS;
        plan.threads = 1;
        struct verified one = verify_with(theorem, &plan);
        plan.threads = 2;
        struct verified two = verify_with(theorem, &plan);
        compare_results(&one, &two);
        assert_int_equal(one.rows, TRIALS);
        verify_free(&one);
        verify_free(&two);
    }
}

/* Another seed, other instances: else the comparison above would compare constants. */
static void test_seed_matters(void **state)
{
    (void)state;
    const struct theorem *theorem = theorem_by_id("t1-limit");
    struct verify_plan plan = verify_defaults();
    plan.trials = TRIALS;
    struct verified one = verify_with(theorem, &plan);
    plan.seed++;
    struct verified two = verify_with(theorem, &plan);
    size_t different = 0;
    for (size_t i = theorem->corners; i < one.rows; i++)
        different += one.row[i].t != two.row[i].t;
    assert_true(different > one.rows / 2);
    verify_free(&one);
    verify_free(&two);
}

/* ---- the bound of the failure measure, notes/endings.md, (V1) ---- */

static double bound_of(size_t undecided, size_t n, size_t corners, double confidence)
{
    struct theorem theorem = planted(conclude_some_undecided, n);
    struct verify_plan plan = verify_defaults();
    theorem.bound = (double)undecided;
    theorem.corners = corners;
    plan.confidence = confidence;
    struct verified result = verify_with(&theorem, &plan);
    const double bound = result.failure_measure_below;
    assert_int_equal(result.failures, 0);
    assert_int_equal(result.undecided, undecided);
    verify_free(&result);
    return bound;
}

static void test_bound_without_failures(void **state)
{
    (void)state;
    static const size_t n[] = {1, 7, 100, 1234};
    static const double confidence[] = {0.5, 0.95, 0.999};
    static const double ROUNDING = 1e-12; /* of pow() near 1, relative to a bound of 1e-4 or more */
    for (size_t i = 0; i < COUNT(n); i++)
        for (size_t k = 0; k < COUNT(confidence); k++) {
            const double expected = 1 - pow(1 - confidence[k], 1 / (double)n[i]);
            const double bound = bound_of(0, n[i], 0, confidence[k]);
            assert_true(fabs(bound / expected - 1) <= ROUNDING);
        }
}

/* Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 5: upper limits of the
 * two-sided 95 % interval, which are one-sided at 97.5 %; four digits. */
static void test_bound_against_published_limits(void **state)
{
    (void)state;
    static const struct {
        size_t k, n;
        double limit;
    } published[] = {{.k = 81, .n = 263, .limit = 0.3676},
                     {.k = 15, .n = 148, .limit = 0.1617},
                     {.k = 0, .n = 20, .limit = 0.1684},
                     {.k = 1, .n = 29, .limit = 0.1776}};
    static const double CONFIDENCE = 0.975, HALF_DIGIT = 5e-5;
    for (size_t i = 0; i < COUNT(published); i++) {
        const double bound = bound_of(published[i].k, published[i].n, 0, CONFIDENCE);
        assert_true(fabs(bound - published[i].limit) <= HALF_DIGIT);
    }
}

/* At the bound at most k of n failures have the probability 1 - confidence. */
static void test_bound_solves_its_equation(void **state)
{
    (void)state;
    static const double ROUNDING = 1e-10; /* logarithms of factorials up to 300 */
    for (size_t k = 0; k < 5; k++)
        for (size_t n = 10; n < 300; n += 77) {
            const double p = bound_of(k, n, 0, 0.95);
            double sum = 0;
            for (size_t j = 0; j <= k; j++)
                sum += exp(lgamma((double)n + 1) - lgamma((double)j + 1) -
                           lgamma((double)(n - j) + 1) + (double)j * log(p) +
                           (double)(n - j) * log1p(-p));
            assert_true(fabs(sum - 0.05) <= ROUNDING);
        }
}

/* Boundary cases are not drawn: they do not count, whether they hold or not. */
static void test_corners_do_not_count(void **state)
{
    (void)state;
    assert_true(bound_of(0, 150, 50, 0.95) == bound_of(0, 100, 0, 0.95));
    assert_true(bound_of(20, 150, 50, 0.95) == bound_of(0, 100, 0, 0.95));
    assert_true(bound_of(0, 50, 50, 0.95) == 1);
}

/* ---- verdicts ---- */

static void test_planted_truth_is_supported(void **state)
{
    (void)state;
    const struct theorem theorem = planted(conclude_yes, TRIALS);
    struct verified result = verify_by_default(&theorem);
    assert_int_equal(result.verdict, VERDICT_SUPPORTED);
    assert_int_equal(result.control, VERDICT_REFUTED);
    assert_true(result.as_recorded);
    assert_false(result.has_witness);
    assert_true(result.worst == TRIALS - 1);
    assert_int_equal(result.trajectories, 0);
    verify_free(&result);
}

static void test_control_that_cannot_fail(void **state)
{
    (void)state;
    struct theorem theorem = planted(conclude_yes, TRIALS);
    theorem.control.conclude = NULL; /* the theorem's own conclusion, which always holds */
    struct verified result = verify_by_default(&theorem);
    assert_int_equal(result.verdict, VERDICT_SUPPORTED);
    assert_int_not_equal(result.control, VERDICT_REFUTED);
    assert_false(result.as_recorded);
    verify_free(&result);

    theorem.control =
        (struct control){.what = "no instance", .sample = sample_nothing, .conclude = conclude_no};
    result = verify_by_default(&theorem);
    assert_false(result.as_recorded);
    verify_free(&result);
}

/* An undecided trial is not a success: the bound rises, and above one in a hundred there is no
 * verdict. */
static void test_undecided_trials(void **state)
{
    (void)state;
    enum { N = 400 };
    static const struct {
        size_t undecided;
        enum verdict verdict;
    } cases[] = {{.undecided = 0, .verdict = VERDICT_SUPPORTED},
                 {.undecided = 1, .verdict = VERDICT_SUPPORTED},
                 {.undecided = 4, .verdict = VERDICT_SUPPORTED},
                 {.undecided = 5, .verdict = VERDICT_UNDECIDED},
                 {.undecided = N, .verdict = VERDICT_UNDECIDED}};
    double last = 0;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct theorem theorem = planted(conclude_some_undecided, N);
        theorem.bound = (double)cases[i].undecided;
        struct verified result = verify_by_default(&theorem);
        assert_int_equal(result.verdict, cases[i].verdict);
        assert_int_equal(result.as_recorded, cases[i].verdict == VERDICT_SUPPORTED);
        assert_true(result.failure_measure_below > last);
        last = result.failure_measure_below;
        verify_free(&result);
    }
    assert_true(last == 1);
}

static void test_zero_trials_is_not_a_pass(void **state)
{
    (void)state;
    struct theorem theorem = planted(conclude_yes, TRIALS);
    theorem.sample = sample_nothing;
    struct verified result = verify_by_default(&theorem);
    assert_int_equal(result.trials, 0);
    assert_int_equal(result.verdict, VERDICT_UNDECIDED);
    assert_false(result.as_recorded);
    assert_true(result.failure_measure_below == 1);
    verify_free(&result);
}

/* As SIGINT would, after the first trial. */
static void stop_now(void *context, size_t trials)
{
    (void)trials;
    *(volatile sig_atomic_t *)context = 1;
}

/* What was tried holds, and its control is refuted, but the trials were not all made. */
static void test_interrupted_is_not_a_pass(void **state)
{
    (void)state;
    volatile sig_atomic_t stop = 0;
    const struct theorem theorem = planted(conclude_yes, TRIALS);
    struct verify_plan plan = verify_defaults();
    plan.threads = 1;
    plan.stop = &stop;
    plan.advance = stop_now;
    plan.context = (void *)&stop;
    struct verified result = verify_with(&theorem, &plan);
    assert_int_equal(result.trials, 1);
    assert_int_equal(result.failures + result.undecided, 0);
    assert_int_equal(result.verdict, VERDICT_UNDECIDED);
    assert_false(result.as_recorded);
    assert_non_null(strstr(result.reason, "interrupted"));
    verify_free(&result);
}

static void test_failure_of_the_machine_is_no_finding(void **state)
{
    (void)state;
    const struct theorem theorem = planted(conclude_breaks, TRIALS);
    const struct verify_plan plan = verify_defaults();
    struct verified result;
    assert_int_equal(verify_theorem(&theorem, &plan, &result), SOLVER_FAILED);
    assert_non_null(strstr(status_message(), "planted failure"));
    assert_non_null(strstr(status_message(), theorem.id));
}

/* ---- witnesses ---- */

/* "settle run ..." as the shell would hand it over; argv points into text. */
static int split(char *text, char *argv[WORDS])
{
    int argc = 0;
    for (char *word = strtok(text, " "); word && argc < WORDS; word = strtok(NULL, " "))
        argv[argc++] = word;
    return argc;
}

static void assert_same_list(size_t count, const double *x, size_t other, const double *y)
{
    assert_int_equal(count, other);
    assert_true(count == 0 || (x && y));
    for (size_t i = 0; i < count && x && y; i++)
        assert_true(x[i] == y[i]);
}

static void assert_same_sizes(const struct problem *one, const struct problem *two)
{
    assert_int_equal(one->size_count, two->size_count);
    assert_memory_equal(one->sizes, two->sizes, one->size_count * sizeof *one->sizes);
}

static void assert_same_entries(const struct entries *one, const struct entries *two)
{
    assert_same_list(one->count, problem_entries(one), two->count, problem_entries(two));
}

/* The printed command, read by the program's own parser, gives the instance back to the last bit.
 */
static void assert_reads_back(const struct instance *instance)
{
    char text[TEXT];
    char *argv[WORDS] = {NULL};
    struct options options;
    struct problem_given given = {.dim = 0};
    assert_int_equal(instance_command(instance, sizeof text, text), OK);
    const int argc = split(text, argv);
    assert_true(argc > 2 && argc < WORDS);
    assert_string_equal(argv[0], "settle");
    assert_string_equal(argv[1], command_run.name);
    if (options_parse(argc, argv, &command_run, &options) != OK ||
        problem_from_options(&options, &given) != OK)
        fail_msg("%s", status_message());
    const struct problem *p = &instance->problem, *read = &given.problem;
    assert_ptr_equal(p->system, read->system);
    assert_same_list(instance->dim, instance->x0, given.dim, given.x0);
    assert_same_list(p->q_count, p->q, read->q_count, read->q);
    if (p->rule) {
        assert_ptr_equal(p->rule, read->rule);
        assert_same_list(p->c_count, problem_feedback(p), read->c_count, problem_feedback(read));
        assert_same_list(p->rate_count, p->rates, read->rate_count, read->rates);
        assert_same_list(p->decay_count, p->decays, read->decay_count, read->decays);
        assert_true(p->alpha == read->alpha && p->beta == read->beta && p->lambda == read->lambda);
        assert_true(p->mirror == read->mirror);
        assert_same_sizes(p, read);
        assert_same_entries(&p->sigma_ii, &read->sigma_ii);
        assert_same_entries(&p->sigma_ti, &read->sigma_ti);
        assert_ptr_equal(p->channel_activation, read->channel_activation);
        assert_same_entries(&p->inputs, &read->inputs);
        assert_same_entries(&p->targets, &read->targets);
    }
    problem_given_free(&given);
    options_free(&options);
}

static void test_planted_falsehood_is_refuted(void **state)
{
    (void)state;
    struct theorem theorem = planted(conclude_positive, TRIALS);
    theorem.sample = sample_chains;
    struct verified result = verify_by_default(&theorem);
    assert_int_equal(result.verdict, VERDICT_REFUTED);
    assert_false(result.as_recorded);
    assert_true(isnan(result.failure_measure_below));
    assert_true(result.failures > 0 && result.failures < result.trials);
    assert_true(result.trajectories == result.trials);
    assert_true(result.has_witness);
    assert_reads_back(&result.witness);

    struct trial again;
    enum finding finding = FINDING_HOLDS;
    const struct plan plan = plan_defaults();
    assert_int_equal(trial_begin(&again, &theorem, &result.witness, &plan), OK);
    assert_int_equal(conclude_positive(&again, &finding), OK);
    assert_int_equal(finding, FINDING_FAILS);
    assert_string_equal(again.reason, result.reason);
    trial_end(&again);
    verify_free(&result);
}

static void test_command_that_does_not_fit(void **state)
{
    (void)state;
    char text[24];
    const struct instance instance = sample_polynomial(2, (double[]){0, -1}, 1);
    assert_int_equal(instance_command(&instance, sizeof text, text), BAD_ARGUMENT);
}

/* ---- the registry ---- */

/* Calls `look` on every record; returns how many there are. */
static size_t each_theorem(void (*look)(const struct theorem *theorem))
{
    size_t count = 0;
    for (size_t c = 0; theorem_chapters[c]; c++)
        for (size_t i = 0; i < theorem_chapters[c]->theorems; i++, count++)
            look(&theorem_chapters[c]->theorem[i]);
    return count;
}

static bool is_given(const char *text)
{
    return text && text[0] != '\0';
}

static void look_at_fields(const struct theorem *theorem)
{
    if (!is_given(theorem->id))
        fail_msg("a record without an id");
    if (!is_given(theorem->source) || !is_given(theorem->statement) || !is_given(theorem->label))
        fail_msg("%s: source, statement or label is missing", theorem->id);
    const bool by_trials =
        theorem->recorded == VERDICT_SUPPORTED || theorem->recorded == VERDICT_REFUTED;
    const bool by_proof = theorem->proof && theorem->recorded == theorem->proof->gives;
    if (!by_trials && !by_proof)
        fail_msg("%s: neither trials nor its proof give the verdict %s", theorem->id,
                 verdict_name(theorem->recorded));
    if (theorem->trials == 0 || theorem->corners > theorem->trials || !(theorem->bound >= 0))
        fail_msg("%s: %zu trials, %zu corners, bound %g", theorem->id, theorem->trials,
                 theorem->corners, theorem->bound);
    if (!theorem->sample || !theorem->conclude || !theorem->control.sample)
        fail_msg("%s: a function is missing", theorem->id);
    if (!is_given(theorem->control.what))
        fail_msg("%s: the control does not say what it does", theorem->id);
    if (theorem->control.sample == theorem->sample &&
        (!theorem->control.conclude || theorem->control.conclude == theorem->conclude))
        fail_msg("%s: the control repeats the theorem", theorem->id);
    if (theorem_by_id(theorem->id) != theorem)
        fail_msg("%s: two records have this id", theorem->id);
}

static void test_records_are_complete(void **state)
{
    (void)state;
    assert_true(each_theorem(look_at_fields) > 0);
    assert_null(theorem_by_id("no-such-theorem"));
}

/* Corners and a few drawn instances of every record can be printed and read. */
static void look_at_instances(const struct theorem *theorem)
{
    enum { DRAWN = 3 };
    const uint64_t key = stream_key(theorem->id);
    for (size_t i = 0; i < theorem->corners + DRAWN; i++) {
        struct stream stream = stream_at(1, key, i);
        struct instance instance = {.dim = 0};
        if (theorem->sample(&stream, i, &instance))
            assert_reads_back(&instance);
        else if (i < theorem->corners)
            fail_msg("%s: corner %zu is missing", theorem->id, i);
    }
}

static void test_instances_can_be_reproduced(void **state)
{
    (void)state;
    each_theorem(look_at_instances);
}

/* Whatever number of trials is asked for: an instance fits, or there is none. */
static void look_far_beyond(const struct theorem *theorem)
{
    static const size_t indices[] = {31, 64, 100, 1000, 100000};
    sampler *const samplers[] = {theorem->sample, theorem->control.sample};
    for (size_t s = 0; s < 2; s++)
        for (size_t k = 0; k < sizeof indices / sizeof *indices && samplers[s]; k++) {
            struct stream stream = stream_at(1, stream_key(theorem->id), indices[k]);
            struct instance instance = {.dim = 0};
            if (samplers[s](&stream, indices[k], &instance) && instance.dim > INSTANCE_DIM_MAX)
                fail_msg("%s: instance %zu has %zu unknowns", theorem->id, indices[k],
                         instance.dim);
        }
}

static void test_samplers_end(void **state)
{
    (void)state;
    each_theorem(look_far_beyond);
}

/* ---- networks ---- */

/* Sigma_II = B B' for a drawn square B, and a drawn Sigma_TI. */
static void draw_moments(struct stream *stream, size_t inputs, size_t outputs,
                         struct problem *problem)
{
    double B[INSTANCE_DIM_MAX] = {0};
    stream_normals(stream, inputs * inputs, 1, B);
    for (size_t i = 0; i < inputs; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = 0;
            for (size_t k = 0; k < inputs; k++)
                sum += B[i * inputs + k] * B[j * inputs + k];
            problem->sigma_ii.near[i * inputs + j] = problem->sigma_ii.near[j * inputs + i] = sum;
        }
    problem->sigma_ii.count = inputs * inputs;
    problem->sigma_ti.count = outputs * inputs;
    stream_normals(stream, outputs * inputs, 1, problem->sigma_ti.near);
}

/* A[N0,...,N3] with sizes up to 3 under one rule; everything that a problem has is drawn. */
static struct instance draw_network(const struct rule *rule, struct stream *stream)
{
    enum { LAYERS = 3, SIZE_MOST = 3 };
    struct instance instance = {.problem = problem_defaults(registry_system("deep"), rule)};
    struct problem *problem = &instance.problem;
    problem->size_count = LAYERS + 1;
    for (size_t i = 0; i <= LAYERS; i++)
        problem->sizes[i] = 1 + stream_below(stream, SIZE_MOST);
    problem->sizes[0] = 2; /* scalar moments are --alpha and --beta of other systems */
    draw_moments(stream, problem->sizes[0], problem->sizes[LAYERS], problem);
    const size_t *N = problem->sizes;
    if (rule->product)
        problem->c_count = 2 * N[LAYERS];
    else if (rule->feedback == FEEDBACK_FIXED)
        problem->c_count =
            rule->channel == CHANNEL_SKIPPED ? (N[1] + N[2]) * N[3] : N[1] * N[2] + N[2] * N[3];
    stream_normals(stream, problem->c_count, 1, problem->c);
    problem->rate_count = problem->decay_count = LAYERS;
    stream_normals(stream, LAYERS, 1, problem->rates);
    stream_normals(stream, LAYERS, 1, problem->decays);
    problem->decays[0] = stream_uniform(stream); /* some rules need a positive one */
    if (rule->feedback == FEEDBACK_MIRROR)
        problem->mirror = stream_uniform(stream);
    assert_int_equal(problem_dim(problem, &instance.dim), OK);
    assert_in_range(instance.dim, 1, INSTANCE_DIM_MAX);
    stream_normals(stream, instance.dim, 1, instance.x0);
    return instance;
}

static void test_networks_can_be_reproduced(void **state)
{
    (void)state;
    enum { DRAWS = 8 };
    size_t tried = 0;
    for (size_t r = 0; registry_rules[r]; r++)
        for (size_t i = 0; i < DRAWS; i++) {
            struct stream stream = stream_at(3, stream_key(registry_rules[r]->name), i);
            struct instance instance = draw_network(registry_rules[r], &stream);
            if (i % 2) { /* one decay for all */
                instance.problem.decay_count = 0;
                instance.problem.lambda = stream_uniform(&stream);
            }
            if (i % 3 == 0) /* defaults */
                instance.problem.c_count = instance.problem.sigma_ti.count = 0;
            if (registry_rules[r]->product && i % 3 == 0) /* the default R has another shape */
                continue;
            assert_reads_back(&instance);
            tried++;
        }
    assert_in_range(tried, 80, 88);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads_do_not_matter),
        cmocka_unit_test(test_seed_matters),
        cmocka_unit_test(test_bound_without_failures),
        cmocka_unit_test(test_bound_against_published_limits),
        cmocka_unit_test(test_bound_solves_its_equation),
        cmocka_unit_test(test_corners_do_not_count),
        cmocka_unit_test(test_planted_truth_is_supported),
        cmocka_unit_test(test_control_that_cannot_fail),
        cmocka_unit_test(test_undecided_trials),
        cmocka_unit_test(test_zero_trials_is_not_a_pass),
        cmocka_unit_test(test_interrupted_is_not_a_pass),
        cmocka_unit_test(test_failure_of_the_machine_is_no_finding),
        cmocka_unit_test(test_planted_falsehood_is_refuted),
        cmocka_unit_test(test_command_that_does_not_fit),
        cmocka_unit_test(test_records_are_complete),
        cmocka_unit_test(test_instances_can_be_reproduced),
        cmocka_unit_test(test_samplers_end),
        cmocka_unit_test(test_networks_can_be_reproduced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
