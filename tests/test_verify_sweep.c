/* The large samples of the verifier: is a wrong word of either method seen, and is every start
 * counted once?
 *
 * Sweepers that err are put in the place of the right one: in one limit, in all limits, in endings,
 * on trials or beyond them.  The trials of x' = -x from x0 = index are told apart by their starts. */
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

enum { TRIALS = 30, PER_TRIAL = 20, STARTS = TRIALS * PER_TRIAL, TEXT = 1024 };
enum { AMONG_TRIALS = 17, BEYOND = 333 }; /* planted errors */
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- planted theorems ---- */

/* x' = -x from x0 = index */
static bool sample_counted(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    *instance = sample_polynomial(2, (double[]){0, -1}, (double)index);
    return true;
}

/* x' = 1: nothing settles. */
static bool sample_growing(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    *instance = sample_polynomial(1, (double[]){1}, (double)index);
    return true;
}

static bool sample_chains(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = sample_drawn_chain(stream, 2 + index % 3);
    return true;
}

/* A false statement whose first counterexample is no trial. */
static enum status conclude_starts_below(struct trial *trial, enum finding *finding)
{
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    if (trial->instance->x0[0] >= BEYOND)
        return conclude_fails(trial, finding, "planted, x0 = %g", trial->instance->x0[0]);
    trial->deviation = 0;
    return conclude_holds(finding);
}

static enum status conclude_at_zero(struct trial *trial, enum finding *finding)
{
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    return rests ? conclude_close(trial, "limit", trial->outcome->limit[0], 0, finding) : OK;
}

static enum status conclude_never(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    TRY(trial_outcome(trial, &outcome));
    return conclude_fails(trial, finding, "planted: never");
}

/* Only the referee is refused. */
static enum status conclude_by_sweeper(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    TRY(trial_outcome(trial, &outcome));
    if (!trial->by_sweeper)
        return conclude_fails(trial, finding, "planted: not by the sweeper");
    return conclude_holds(finding);
}

static struct theorem planted(conclusion *conclude)
{
    static const double BOUND = 1e-10; /* of a limit, relative */
    return (struct theorem){
        .id = "planted",
        .source = "this test",
        .statement = "planted",
        .label = "J9",
        .recorded = VERDICT_SUPPORTED,
        .trials = TRIALS,
        .sweep = PER_TRIAL,
        .bound = BOUND,
        .sample = sample_counted,
        .conclude = conclude,
        .control = {.what = "it grows", .sample = sample_growing, .conclude = conclude_converges}};
}

/* ---- planted sweepers ---- */

static bool is_start(const struct trial *trial, size_t index)
{
    return trial->instance->x0[0] == (double)index;
}

static enum status sweep_and_move(struct trial *trial, bool moved, double by, bool *settled)
{
    TRY(trial_sweep(trial, settled));
    if (*settled && moved)
        trial->outcome->limit[0] += by;
    return OK;
}

static const double SMALL_ERROR = 1e-8; /* seen by nobody but a comparison */
static const double ROUNDING = 1e-15;

static enum status wrong_on_a_trial(struct trial *trial, bool *settled)
{
    return sweep_and_move(trial, is_start(trial, AMONG_TRIALS), SMALL_ERROR, settled);
}

static enum status wrong_beyond(struct trial *trial, bool *settled)
{
    return sweep_and_move(trial, is_start(trial, BEYOND), SMALL_ERROR, settled);
}

static enum status wrong_by_rounding(struct trial *trial, bool *settled)
{
    return sweep_and_move(trial, true, ROUNDING, settled);
}

static enum status not_a_number(struct trial *trial, bool *settled)
{
    return sweep_and_move(trial, is_start(trial, AMONG_TRIALS), NAN, settled);
}

/* Settles nothing. */
static enum status leaves_all(struct trial *trial, bool *settled)
{
    (void)trial;
    *settled = false;
    return OK;
}

/* Settles everything where it starts. */
static enum status settles_all(struct trial *trial, bool *settled)
{
    trial->outcome = outcome_create(trial->flow);
    if (!trial->outcome)
        return status_fail(NO_MEMORY, "planted");
    outcome_clear(trial->flow, trial->instance->x0, trial->outcome);
    memcpy(trial->outcome->limit, trial->instance->x0, trial->flow->dim * sizeof(double));
    trial->outcome->ending = ENDING_SETTLED;
    trial->outcome->has_limit = trial->by_sweeper = *settled = true;
    return OK;
}

/* ---- planted oracles ---- */

/* Asks where the mirrored start goes: elsewhere, as P has the sign of rho at every limit. */
static enum status oracle_of_mirrored(const struct trial *trial, struct oracle_finding *finding)
{
    struct instance mirrored = *trial->instance;
    struct trial other = *trial;
    mirrored.problem.alpha = -mirrored.problem.alpha;
    other.instance = &mirrored;
    return oracle_ask(&other, finding);
}

/* ---- what is found ---- */

static struct verified verify_with(const struct theorem *theorem, const struct verify_plan *plan)
{
    struct verified result;
    if (verify_theorem(theorem, plan, &result) != OK)
        fail_msg("%s: %s", theorem->id, status_message());
    return result;
}

static struct verified verify_by(const struct theorem *theorem, trial_method *sweeper,
                                 double recheck)
{
    struct verify_plan plan = verify_defaults();
    plan.sweeper = sweeper;
    plan.recheck = recheck;
    return verify_with(theorem, &plan);
}

/* Sweeper and referee on registered kinds of flows: every count fits. */
static void test_all_starts_count_once(void **state)
{
    (void)state;
    struct theorem theorem = planted(conclude_global_minimum);
    theorem.sample = sample_chains;
    theorem.corners = 3;
    struct verified result = verify_by(&theorem, trial_sweep, 0);
    const struct verify_sample *sample = &result.sample;
    assert_int_equal(result.verdict, VERDICT_SUPPORTED);
    assert_int_equal(result.trials, TRIALS);
    assert_int_equal(result.instances, STARTS);
    assert_int_equal(sample->starts, STARTS);
    assert_true(sample->settled > STARTS - TRIALS);
    assert_int_equal(result.trajectories, sample->both + STARTS - sample->settled);
    assert_int_equal(sample->rows, result.trajectories);
    assert_int_equal(sample->disagreements + sample->open, 0);
    assert_true(sample->both <= TRIALS);
    static const double ULPS = 1e-12; /* of pow() near 1, relative to a bound of 1e-3 */
    const double bound = 1 - pow(0.05, 1.0 / (STARTS - 3)); /* (V1), no boundary cases */
    assert_true(fabs(result.failure_measure_below / bound - 1) <= ULPS);
    verify_free(&result);
}

/* (V2): of 30 trials, all settled by both, 3 are boundary cases. */
static void test_bound_of_disagreement(void **state)
{
    (void)state;
    static const double ULPS = 1e-12;
    struct theorem theorem = planted(conclude_at_zero);
    theorem.corners = 3;
    struct verified result = verify_by(&theorem, trial_sweep, 0);
    assert_int_equal(result.sample.both, TRIALS);
    const double bound = 1 - pow(0.05, 1.0 / (TRIALS - 3));
    assert_true(fabs(result.sample.not_agreed_below / bound - 1) <= ULPS);
    verify_free(&result);
}

static void assert_disagreement(const struct verified *result, size_t index)
{
    assert_int_equal(result->verdict, VERDICT_UNDECIDED);
    assert_false(result->as_recorded);
    assert_int_equal(result->failures, 0);
    assert_int_equal(result->undecided, result->sample.disagreements);
    assert_true(isnan(result->failure_measure_below));
    assert_non_null(strstr(result->reason, "methods disagree"));
    assert_true(result->has_witness);
    assert_true(result->witness.x0[0] == (double)index);
    size_t listed = 0;
    for (size_t k = 0; k < result->sample.rows; k++)
        listed += result->sample.row[k].agreement == VERIFY_DISAGREE;
    assert_int_equal(listed, result->sample.disagreements);
}

/* conclude_converges holds wherever the limit is: only the comparison can see the error. */
static void test_wrong_limit_is_found(void **state)
{
    (void)state;
    const struct theorem theorem = planted(conclude_converges);
    const struct {
        trial_method *sweeper;
        double recheck;
        size_t index;
    } cases[] = {{wrong_on_a_trial, 0, AMONG_TRIALS},
                 {not_a_number, 0, AMONG_TRIALS},
                 {wrong_beyond, 1, BEYOND}};
    for (size_t k = 0; k < COUNT(cases); k++) {
        struct verified result = verify_by(&theorem, cases[k].sweeper, cases[k].recheck);
        assert_int_equal(result.sample.disagreements, 1);
        assert_disagreement(&result, cases[k].index);
        verify_free(&result);
    }
}

/* What rounding does is no disagreement; and what the referee is not asked, it cannot see. */
static void test_what_is_no_disagreement(void **state)
{
    (void)state;
    const struct theorem theorem = planted(conclude_converges);
    struct verified result = verify_by(&theorem, wrong_by_rounding, 0);
    assert_int_equal(result.verdict, VERDICT_SUPPORTED);
    assert_true(result.sample.distance >= ROUNDING / 2);
    verify_free(&result);
    result = verify_by(&theorem, wrong_beyond, 0);
    assert_int_equal(result.verdict, VERDICT_SUPPORTED);
    assert_int_equal(result.sample.both, TRIALS);
    verify_free(&result);
}

/* The share that is run again, of those beyond the trials, and none else. */
static void test_share_of_rechecks(void **state)
{
    (void)state;
    const struct theorem theorem = planted(conclude_converges);
    static const double SHARE = 0.25;
    struct verified result = verify_by(&theorem, trial_sweep, SHARE);
    const double again = (double)(result.sample.both - TRIALS), most = STARTS - TRIALS;
    const double deviation = sqrt(most * SHARE * (1 - SHARE));
    assert_true(fabs(again - SHARE * most) <= 4 * deviation);
    verify_free(&result);
    result = verify_by(&theorem, trial_sweep, 1);
    assert_int_equal(result.sample.both, STARTS);
    verify_free(&result);
}

/* A failure that is the sweeper's alone: the referee is asked, and there is no refutation. */
static void test_false_failure_is_no_refutation(void **state)
{
    (void)state;
    const struct theorem theorem = planted(conclude_at_zero);
    struct verified result = verify_by(&theorem, wrong_beyond, 0);
    assert_int_equal(result.sample.disagreements, 1);
    assert_disagreement(&result, BEYOND);
    verify_free(&result);
}

/* A true failure beyond the trials refutes, by both methods, and none of the trials shows it. */
static void test_failure_beyond_the_trials(void **state)
{
    (void)state;
    const struct theorem theorem = planted(conclude_starts_below);
    struct verified result = verify_by(&theorem, trial_sweep, 0);
    assert_int_equal(result.verdict, VERDICT_REFUTED);
    assert_int_equal(result.failures, STARTS - BEYOND);
    assert_int_equal(result.sample.disagreements, 0);
    assert_true(result.witness.x0[0] == BEYOND);
    assert_string_equal(result.reason, "planted, x0 = 333");
    for (size_t k = 0; k < result.rows; k++)
        assert_int_equal(result.row[k].finding, FINDING_HOLDS);
    const struct verify_start *last = &result.sample.row[result.sample.rows - 1];
    assert_int_equal(last->sweeper_finds, FINDING_FAILS);
    assert_int_equal(last->referee_finds, FINDING_FAILS);
    verify_free(&result);

    struct verify_plan plan = verify_defaults();
    plan.sweep = 0;
    result = verify_with(&theorem, &plan);
    assert_int_equal(result.verdict, VERDICT_SUPPORTED);
    assert_int_equal(result.instances, TRIALS);
    assert_int_equal(result.sample.starts, 0);
    verify_free(&result);
}

/* Growth that a sweeper calls settled. */
static void test_wrong_ending_is_found(void **state)
{
    (void)state;
    struct theorem theorem = planted(conclude_converges);
    theorem.sample = sample_growing;
    struct verified result = verify_by(&theorem, settles_all, 0);
    assert_int_equal(result.sample.disagreements, TRIALS);
    assert_disagreement(&result, 0);
    verify_free(&result);
}

/* x' = x from 0: a start at rest that repels is no place to settle, though the limits are one. */
static bool sample_repelling(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    *instance = sample_polynomial(2, (double[]){0, 1}, 0);
    return index < TRIALS;
}

static void test_wrong_ending_at_the_right_limit(void **state)
{
    (void)state;
    struct theorem theorem = planted(conclude_converges);
    theorem.sample = sample_repelling;
    struct verified result = verify_by(&theorem, settles_all, 0);
    assert_int_equal(result.sample.disagreements, TRIALS);
    assert_disagreement(&result, 0);
    assert_true(result.sample.row[0].distance == 0);
    verify_free(&result);
}

/* One limit, and two opinions on the statement. */
static void test_contradicting_conclusions(void **state)
{
    (void)state;
    const struct theorem theorem = planted(conclude_by_sweeper);
    struct verified result = verify_by(&theorem, trial_sweep, 0);
    assert_int_equal(result.sample.disagreements, TRIALS);
    assert_disagreement(&result, 0);
    verify_free(&result);
}

static enum status conclude_undecided_by_referee(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    TRY(trial_outcome(trial, &outcome));
    return trial->by_sweeper ? conclude_holds(finding)
                             : conclude_undecided(trial, finding, "planted");
}

static enum status conclude_undecided_by_sweeper(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    TRY(trial_outcome(trial, &outcome));
    return trial->by_sweeper ? conclude_undecided(trial, finding, "planted")
                             : conclude_holds(finding);
}

/* What is undecided for one of the two does not hold; and only the referee can confirm, (V2). */
static void test_undecided_for_one_method(void **state)
{
    (void)state;
    const struct theorem by_referee = planted(conclude_undecided_by_referee);
    struct verified result = verify_by(&by_referee, trial_sweep, 0);
    assert_int_equal(result.undecided, TRIALS);
    assert_int_equal(result.sample.disagreements, 0);
    assert_true(result.sample.not_agreed_below == 1);
    verify_free(&result);

    const struct theorem by_sweeper = planted(conclude_undecided_by_sweeper);
    result = verify_by(&by_sweeper, trial_sweep, 0);
    assert_int_equal(result.undecided, STARTS);
    assert_true(result.sample.not_agreed_below < 1);
    verify_free(&result);
}

/* All that the sweeper leaves is the referee's; nothing is compared, and nothing is lost. */
static void test_all_left_to_the_referee(void **state)
{
    (void)state;
    const struct theorem theorem = planted(conclude_at_zero);
    struct verified result = verify_by(&theorem, leaves_all, 0);
    assert_int_equal(result.verdict, VERDICT_SUPPORTED);
    assert_int_equal(result.trajectories, STARTS);
    assert_int_equal(result.sample.settled + result.sample.both, 0);
    assert_true(result.sample.not_agreed_below == 1);
    verify_free(&result);
}

/* ---- controls ---- */

static void test_control_must_fail_in_the_sweep(void **state)
{
    (void)state;
    struct theorem theorem = planted(conclude_at_zero);
    struct verified result = verify_by(&theorem, trial_sweep, 0);
    assert_true(result.sample.control_fails);
    assert_true(result.as_recorded);
    verify_free(&result);

    /* false for the referee, true for the sweeper */
    theorem.control =
        (struct control){.what = "x", .sample = sample_counted, .conclude = conclude_by_sweeper};
    result = verify_by(&theorem, trial_sweep, 0);
    assert_int_equal(result.verdict, VERDICT_SUPPORTED);
    assert_false(result.sample.control_fails);
    assert_int_not_equal(result.control, VERDICT_REFUTED);
    assert_false(result.as_recorded);
    verify_free(&result);
}

static void test_methods_disagree_on_the_control(void **state)
{
    (void)state;
    struct theorem theorem = planted(conclude_converges);
    theorem.sweep = 1;
    struct verified result = verify_by(&theorem, settles_all, 0);
    assert_int_not_equal(result.control, VERDICT_REFUTED);
    assert_non_null(strstr(result.control_reason, "methods disagree"));
    verify_free(&result);

    theorem.control.conclude = conclude_never; /* false for both, and still they disagree */
    result = verify_by(&theorem, settles_all, 0);
    assert_true(result.sample.control_fails);
    assert_int_not_equal(result.control, VERDICT_REFUTED);
    verify_free(&result);
}

/* ---- the way is the referee's ---- */

static void test_the_way_cannot_be_asked_of_the_sweeper(void **state)
{
    (void)state;
    struct theorem theorem = planted(conclude_weights_monotone);
    theorem.sample = sample_chains;
    const struct verify_plan plan = verify_defaults();
    struct verified result;
    assert_int_equal(verify_theorem(&theorem, &plan, &result), BAD_ARGUMENT);
    assert_non_null(strstr(status_message(), "the way"));
}

/* ---- threads and interrupts ---- */

/* Every bit of a start: doubles in hexadecimal. */
static void print_start(const struct verify_start *start, char text[TEXT])
{
    snprintf(text, TEXT, "%zu %d %d %d %d %d %d %d %d %a", start->index, (int)start->swept,
             (int)start->refereed, (int)start->chosen, (int)start->by_sweeper,
             (int)start->by_referee, (int)start->sweeper_finds, (int)start->referee_finds,
             (int)start->agreement, start->distance);
}

static void test_threads_do_not_matter(void **state)
{
    (void)state;
    const struct theorem *theorem = theorem_by_id("t4-limit");
    struct verify_plan plan = verify_defaults();
    plan.trials = TRIALS;
    plan.sweep = 3000; /* several blocks */
    plan.threads = 1;
    struct verified one = verify_with(theorem, &plan);
    plan.threads = 2;
    struct verified two = verify_with(theorem, &plan);
    assert_int_equal(one.sample.starts, plan.sweep);
    assert_int_equal(one.sample.rows, two.sample.rows);
    assert_int_equal(one.sample.settled, two.sample.settled);
    assert_true(one.worst == two.worst && one.sample.distance == two.sample.distance);
    assert_true(one.sample.rows > TRIALS);
    for (size_t k = 0; k < one.sample.rows; k++) {
        char a[TEXT], b[TEXT];
        print_start(&one.sample.row[k], a);
        print_start(&two.sample.row[k], b);
        assert_string_equal(a, b);
    }
    verify_free(&one);
    verify_free(&two);
}

struct stopping {
    volatile sig_atomic_t flag;
    size_t left;
};

static void stop_later(void *context, size_t trials)
{
    struct stopping *stopping = context;
    stopping->left -= trials;
    if (stopping->left == 0)
        stopping->flag = 1;
}

/* Interrupted between the trials and the end of the sample: no verdict. */
static void test_interrupted_in_the_sweep(void **state)
{
    (void)state;
    const struct theorem theorem = planted(conclude_at_zero);
    struct stopping stopping = {.left = TRIALS + 5};
    struct verify_plan plan = verify_defaults();
    plan.threads = 1;
    plan.stop = &stopping.flag;
    plan.advance = stop_later;
    plan.context = &stopping;
    struct verified result = verify_with(&theorem, &plan);
    assert_int_equal(result.trials, TRIALS);
    assert_int_equal(result.instances, TRIALS + 5);
    assert_int_equal(result.verdict, VERDICT_UNDECIDED);
    assert_false(result.as_recorded);
    verify_free(&result);
}

/* ---- the registry ---- */

/* Each record that names a sweep: its conclusion can be asked of the sweeper, most of its instances
 * settle there, and its control fails there. */
static void look_at_sweep(const struct theorem *theorem)
{
    enum { DRAWN = 40 };
    static const double LEAST_SETTLED = 0.6; /* t4-zero-feedback: most others are above 0.9 */
    struct verify_plan plan = verify_defaults();
    plan.trials = 1;
    plan.sweep = theorem->corners + DRAWN;
    struct verified result = verify_with(theorem, &plan);
    if (theorem->recorded == VERDICT_REFUTED)
        fail_msg("%s: on record as false, and swept", theorem->id);
    if (result.failures + result.sample.disagreements > 0)
        fail_msg("%s: %s", theorem->id, result.reason);
    if (!((double)result.sample.settled >= LEAST_SETTLED * DRAWN))
        fail_msg("%s: only %zu of %zu settle", theorem->id, result.sample.settled,
                 result.sample.starts);
    if (!result.sample.control_fails)
        fail_msg("%s: the sweep does not refute the control", theorem->id);
    verify_free(&result);
}

static void test_records_can_be_swept(void **state)
{
    (void)state;
    enum { LEAST = 20 };
    size_t swept = 0;
    for (size_t c = 0; theorem_chapters[c]; c++)
        for (size_t i = 0; i < theorem_chapters[c]->theorems; i++)
            if (theorem_chapters[c]->theorem[i].sweep > 0) {
                look_at_sweep(&theorem_chapters[c]->theorem[i]);
                swept++;
            }
    assert_true(swept >= LEAST);
}

/* The exact engine is asked about every trajectory of the referee, and agrees with all. */
static void test_exact_engine_agrees(void **state)
{
    (void)state;
    struct theorem theorem = planted(conclude_global_minimum);
    theorem.sample = sample_chains;
    struct verified result = verify_by(&theorem, trial_sweep, 0);
    assert_int_equal(result.verdict, VERDICT_SUPPORTED);
    assert_int_equal(result.exact.asked, result.trajectories);
    assert_int_equal(result.exact.agree, result.trajectories);
    assert_int_equal(result.exact.disagree, 0);
    verify_free(&result);
}

/* Sweeper, referee and conclusion agree; the exact engine alone does not. */
static void test_exact_engine_disagrees(void **state)
{
    (void)state;
    struct theorem theorem = planted(conclude_converges);
    theorem.sample = sample_chains;
    struct verify_plan plan = verify_defaults();
    plan.recheck = 0;
    plan.oracle = oracle_of_mirrored;
    struct verified result = verify_with(&theorem, &plan);
    assert_int_equal(result.verdict, VERDICT_UNDECIDED);
    assert_int_equal(result.failures, 0);
    assert_int_equal(result.exact.disagree, result.trajectories);
    assert_int_equal(result.sample.disagreements, 0);
    assert_non_null(strstr(result.reason, "by exact algebra"));
    assert_true(result.has_witness);
    assert_true(isnan(result.failure_measure_below));
    verify_free(&result);
}

/* What no theorem covers is not asked. */
static void test_exact_engine_is_not_asked(void **state)
{
    (void)state;
    const struct theorem theorem = planted(conclude_at_zero);
    struct verified result = verify_by(&theorem, trial_sweep, 0);
    assert_int_equal(result.exact.asked, 0);
    verify_free(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_starts_count_once),
        cmocka_unit_test(test_bound_of_disagreement),
        cmocka_unit_test(test_wrong_limit_is_found),
        cmocka_unit_test(test_what_is_no_disagreement),
        cmocka_unit_test(test_share_of_rechecks),
        cmocka_unit_test(test_false_failure_is_no_refutation),
        cmocka_unit_test(test_failure_beyond_the_trials),
        cmocka_unit_test(test_wrong_ending_is_found),
        cmocka_unit_test(test_wrong_ending_at_the_right_limit),
        cmocka_unit_test(test_contradicting_conclusions),
        cmocka_unit_test(test_undecided_for_one_method),
        cmocka_unit_test(test_all_left_to_the_referee),
        cmocka_unit_test(test_control_must_fail_in_the_sweep),
        cmocka_unit_test(test_methods_disagree_on_the_control),
        cmocka_unit_test(test_the_way_cannot_be_asked_of_the_sweeper),
        cmocka_unit_test(test_threads_do_not_matter),
        cmocka_unit_test(test_interrupted_in_the_sweep),
        cmocka_unit_test(test_records_can_be_swept),
        cmocka_unit_test(test_exact_engine_agrees),
        cmocka_unit_test(test_exact_engine_disagrees),
        cmocka_unit_test(test_exact_engine_is_not_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
