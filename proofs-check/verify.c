/* From samples to a verdict.
 *
 * Try, fold, control: one instance never sees another, every one is keyed by (seed, theorem, index),
 * and results are folded in the order of the index after the parallel loop over each block.  The
 * control runs the same machinery on instances outside the hypotheses, where it must find a
 * failure, in the sweep as well: a check that cannot fail proves nothing. */
#include "proofs-check/verify.h"

#include "ode/binomial.h"
#include "proofs-check/verify_attempt.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CONTROL_TRIALS = 64 };               /* enough for a control that fails one time in ten */
enum { BLOCK = 1024 };                      /* instances in memory, half a kilobyte each */
static const double UNDECIDED_SHARE = 0.01; /* of the instances: above, the verdict is undecided */
static const double DEFAULT_CONFIDENCE = 0.95;
/* The trials are compared, too; what this adds is that no part of the sample is left out. */
static const double DEFAULT_RECHECK = 1.0 / 200;

struct verify_plan verify_defaults(void)
{
    return (struct verify_plan){.seed = 1,
                                .sweep = VERIFY_OWN,
                                .recheck = DEFAULT_RECHECK,
                                .confidence = DEFAULT_CONFIDENCE,
                                .plan = plan_defaults(),
                                .sweeper = trial_sweep,
                                .oracle = oracle_ask};
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- how many ---- */

static size_t trials_of(const struct theorem *theorem, const struct verify_plan *plan)
{
    return plan->trials > 0 ? plan->trials : theorem->trials;
}

static size_t starts_of(const struct theorem *theorem, const struct verify_plan *plan)
{
    if (theorem->sweep == 0)
        return 0;
    return plan->sweep == VERIFY_OWN ? theorem->sweep * trials_of(theorem, plan) : plan->sweep;
}

size_t verify_instances(const struct theorem *theorem, const struct verify_plan *plan)
{
    const size_t trials = trials_of(theorem, plan), starts = starts_of(theorem, plan);
    return trials > starts ? trials : starts;
}

/* ---- folding: results of the instances, one by one, in the order of the index ---- */

/* What the reason and the witness are taken from: the first of the worst. */
enum weight { WEIGHT_NONE, WEIGHT_UNDECIDED, WEIGHT_FAILURE, WEIGHT_DISAGREEMENT };

struct folding {
    const struct verify_experiment *experiment;
    struct verified *result;
    size_t drawn, bad;         /* no boundary cases; those of them that do not hold */
    size_t compared, unagreed; /* drawn and chosen ones that the sweeper settles; not confirmed */
    enum weight weight;
    size_t heaviest; /* the index of the first one of this weight */
};

/* Do two methods contradict each other? */
static bool disagree(const struct verify_attempt *attempt)
{
    return attempt->start.agreement == VERIFY_DISAGREE ||
           attempt->row.exact.answer == ORACLE_DISAGREES;
}

static enum weight weight_of(const struct verify_attempt *attempt)
{
    if (disagree(attempt))
        return WEIGHT_DISAGREEMENT;
    if (attempt->finding == FINDING_FAILS)
        return WEIGHT_FAILURE;
    return attempt->finding == FINDING_UNDECIDED ? WEIGHT_UNDECIDED : WEIGHT_NONE;
}

static void fold_reason(struct folding *folding, const struct verify_attempt *attempt)
{
    const enum weight weight = weight_of(attempt);
    if (weight <= folding->weight)
        return;
    folding->weight = weight;
    folding->heaviest = attempt->row.index;
    snprintf(folding->result->reason, sizeof folding->result->reason, "%s", attempt->row.reason);
}

static enum status keep_start(struct verify_sample *sample, const struct verify_start *start)
{
    enum { LEAST = 64 };
    const size_t rows = sample->rows;
    const bool full = rows == 0 || (rows >= LEAST && (rows & (rows - 1)) == 0);
    if (full) { /* at powers of two */
        const size_t capacity = rows ? 2 * rows : LEAST;
        struct verify_start *row = calloc(capacity, sizeof *row);
        if (!row)
            return status_fail(NO_MEMORY, "%zu starts", capacity);
        if (rows > 0)
            memcpy(row, sample->row, rows * sizeof *row);
        free(sample->row);
        sample->row = row;
    }
    sample->row[sample->rows++] = *start;
    return OK;
}

/* Does the referee say what the sweeper says? */
static bool is_confirmed(const struct verify_start *start)
{
    return start->agreement == VERIFY_AGREE &&
           (start->sweeper_finds != FINDING_HOLDS || start->referee_finds == FINDING_HOLDS);
}

static enum status fold_start(struct folding *folding, const struct verify_attempt *attempt,
                              bool drawn)
{
    struct verify_sample *sample = &folding->result->sample;
    const struct verify_start *start = &attempt->start;
    sample->starts++;
    sample->settled += start->swept;
    sample->both += start->swept && start->refereed;
    sample->open += start->agreement == VERIFY_OPEN;
    sample->disagreements += start->agreement == VERIFY_DISAGREE;
    if (start->agreement == VERIFY_AGREE)
        sample->distance = fmax(sample->distance, start->distance);
    if (drawn && start->chosen && start->swept) {
        folding->compared++;
        folding->unagreed += !is_confirmed(start);
    }
    if (start->refereed || attempt->finding != FINDING_HOLDS)
        return keep_start(sample, start);
    return OK;
}

static void fold_exact(struct verify_exact *exact, const struct oracle_finding *finding)
{
    exact->asked += finding->answer != ORACLE_NOT_ASKED;
    exact->agree += finding->answer == ORACLE_AGREES;
    exact->disagree += finding->answer == ORACLE_DISAGREES;
    if (finding->answer == ORACLE_AGREES && finding->ending == ENDING_SETTLED)
        exact->distance = fmax(exact->distance, finding->distance);
}

static enum status fold_attempt(struct folding *folding, const struct verify_attempt *attempt)
{
    struct verified *result = folding->result;
    const size_t index = attempt->row.index;
    const bool drawn = index >= result->theorem->corners, holds = attempt->finding == FINDING_HOLDS;
    result->instances++;
    result->failures += attempt->finding == FINDING_FAILS;
    result->undecided += attempt->finding == FINDING_UNDECIDED;
    result->trajectories += attempt->row.ran;
    folding->drawn += drawn;
    folding->bad += drawn && !holds;
    if (holds)
        result->worst = fmax(result->worst, attempt->row.deviation);
    fold_exact(&result->exact, &attempt->row.exact);
    fold_reason(folding, attempt);
    if (index < folding->experiment->trials)
        result->row[result->rows++] = attempt->row;
    return index < folding->experiment->starts ? fold_start(folding, attempt, drawn) : OK;
}

/* Of any two methods. */
static size_t disagreements(const struct verified *result)
{
    return result->sample.disagreements + result->exact.disagree;
}

/* (V1), (V2) */
static void fold_bounds(const struct folding *folding)
{
    struct verified *result = folding->result;
    const double confidence = folding->experiment->plan->confidence;
    const bool none = result->failures > 0 || disagreements(result) > 0;
    result->trials = result->rows;
    result->failure_measure_below =
        none ? NAN : binomial_upper_bound(folding->bad, folding->drawn, confidence);
    result->sample.not_agreed_below =
        result->sample.starts == 0
            ? NAN
            : binomial_upper_bound(folding->unagreed, folding->compared, confidence);
}

/* ---- all instances: blocks in parallel, each folded when it is through ---- */

/* The first failure of any thread, and its message. */
struct failure {
    enum status status;
    char message[STATUS_MESSAGE_MAX];
};

static void try_block(const struct verify_experiment *experiment, size_t first, size_t count,
                      struct verify_attempt *attempt, struct failure *failure)
{
    const struct verify_plan *plan = experiment->plan;
#pragma omp parallel for schedule(dynamic, 1)                                                      \
    num_threads(plan->threads > 0 ? plan->threads : omp_get_max_threads())
    for (size_t k = 0; k < count; k++) {
        enum status here = OK;
        attempt[k].exists = false;
        if (!(plan->stop && *plan->stop))
            here = verify_attempt(experiment, first + k, &attempt[k]);
        if (attempt[k].exists && plan->advance)
            plan->advance(plan->context, 1);
        if (here != OK) {
#pragma omp critical
            if (failure->status == OK) {
                failure->status = here;
                snprintf(failure->message, sizeof failure->message, "%s", status_message());
            }
        }
    }
}

/* Ends at the first instance that is not there. */
static enum status fold_block(struct folding *folding, size_t count,
                              const struct verify_attempt *attempt, bool *more)
{
    for (size_t k = 0; k < count; k++) {
        *more = attempt[k].exists;
        if (!*more)
            return OK;
        TRY(fold_attempt(folding, &attempt[k]));
    }
    return OK;
}

static enum status try_all(struct folding *folding, size_t instances,
                           struct verify_attempt *attempt)
{
    bool more = true;
    for (size_t first = 0; first < instances && more; first += BLOCK) {
        const size_t count = instances - first < BLOCK ? instances - first : BLOCK;
        struct failure failure = {.status = OK};
        try_block(folding->experiment, first, count, attempt, &failure);
        if (failure.status != OK)
            return status_fail(failure.status, "%s: %s", folding->result->theorem->id,
                               failure.message);
        TRY(fold_block(folding, count, attempt, &more));
    }
    fold_bounds(folding);
    return OK;
}

/* ---- the verdict ---- */

static enum verdict judge(const struct verified *result, size_t wanted)
{
    if (disagreements(result) > 0)
        return VERDICT_UNDECIDED;
    if (result->failures > 0)
        return VERDICT_REFUTED;
    if (result->instances < wanted || result->instances == 0 ||
        (double)result->undecided > UNDECIDED_SHARE * (double)result->instances)
        return VERDICT_UNDECIDED;
    return VERDICT_SUPPORTED;
}

/* ---- the exact proof ---- */

static enum status run_proof(const struct theorem *theorem, struct proof *proof,
                             struct verify_proof *result)
{
    const struct proof_method *method = theorem->proof;
    struct proof control = {.steps = 0};
    TRY(method->prove(theorem, proof));
    TRY(method->control(theorem, &control));
    const char *gap = proof_gap(proof);
    result->steps = proof->steps - (proof->failed < proof->steps ? proof->failed : proof->steps);
    result->control_fails = control.steps > 0 && !proof_holds(&control);
    if (gap)
        snprintf(result->gap, sizeof result->gap, "not proved: %s", gap);
    else if (!result->control_fails)
        snprintf(result->gap, sizeof result->gap, "the proof does not need its hypothesis: %s",
                 method->without);
    else
        result->verdict = method->gives;
    return OK;
}

enum status verify_proof(const struct theorem *theorem, struct proof *proof,
                         struct verify_proof *result)
{
    const double start = seconds_now();
    struct verify_proof made = {.verdict = VERDICT_UNDECIDED};
    proof->steps = proof->failed = 0;
    if (theorem->proof)
        TRY(run_proof(theorem, proof, &made));
    made.seconds = seconds_now() - start;
    *result = made;
    return OK;
}

/* The verdict of the trials, raised by a proof that they do not contradict. */
static enum verdict judge_both(struct verified *result, enum verdict by_trials)
{
    const struct proof_method *method = result->theorem->proof;
    char found[REASON_MAX];
    if (result->proof.verdict == VERDICT_UNDECIDED || result->instances == 0)
        return by_trials;
    const bool refutes = method->gives == VERDICT_REFUTED;
    if (refutes ? by_trials == VERDICT_REFUTED
                : result->failures == 0 && disagreements(result) == 0)
        return result->proof.verdict;
    if (refutes) {
        snprintf(result->reason, sizeof result->reason, "refuted by (%s), but the trials say: %s",
                 method->label, verdict_name(by_trials));
        return VERDICT_UNDECIDED;
    }
    snprintf(found, sizeof found, "%s", result->reason);
    snprintf(result->reason, sizeof result->reason, "%s by (%s), but a trial says: %.120s",
             verdict_name(result->proof.verdict), method->label, found);
    return VERDICT_UNDECIDED;
}

/* The instance is sampled again: keyed streams make it the same one. */
static void find_witness(const struct folding *folding)
{
    struct verified *result = folding->result;
    const struct verify_experiment *experiment = folding->experiment;
    if (folding->weight < WEIGHT_FAILURE)
        return;
    struct stream stream = stream_at(experiment->plan->seed, experiment->key, folding->heaviest);
    result->has_witness = experiment->sample(&stream, folding->heaviest, &result->witness);
}

/* ---- the control ---- */

/* Which methods have found the control false. */
struct refuted {
    bool referee, sweep, disagree;
};

static void look_at_control(const struct verify_attempt *attempt, struct refuted *refuted,
                            struct verified *result)
{
    const struct verify_start *start = &attempt->start;
    if (disagree(attempt) || (attempt->row.finding == FINDING_FAILS && !refuted->referee))
        snprintf(result->control_reason, sizeof result->control_reason, "%s", attempt->row.reason);
    refuted->disagree |= disagree(attempt);
    refuted->referee |= attempt->row.finding == FINDING_FAILS;
    refuted->sweep |= (start->swept ? start->sweeper_finds : attempt->row.finding) == FINDING_FAILS;
}

/* Until both the referee and, where there is one, the sweep have found it false. */
static enum status run_control(const struct verify_plan *plan, struct verified *result)
{
    const struct control *control = &result->theorem->control;
    const bool sweeps = starts_of(result->theorem, plan) > 0;
    char name[STATUS_MESSAGE_MAX];
    snprintf(name, sizeof name, "%s/control", result->theorem->id);
    struct verify_experiment experiment = verify_experiment_of(result->theorem, plan, name);
    experiment.sample = control->sample;
    experiment.conclude = control->conclude ? control->conclude : result->theorem->conclude;
    experiment.trials = CONTROL_TRIALS;
    experiment.starts = sweeps ? CONTROL_TRIALS : 0;
    struct refuted refuted = {.referee = false};
    for (size_t i = 0; i < CONTROL_TRIALS && !(refuted.referee && refuted.sweep); i++) {
        struct verify_attempt attempt;
        TRY(verify_attempt(&experiment, i, &attempt));
        if (!attempt.exists)
            break;
        look_at_control(&attempt, &refuted, result);
    }
    result->sample.control_fails = sweeps && refuted.sweep;
    result->control =
        refuted.referee && refuted.sweep && !refuted.disagree ? VERDICT_REFUTED : VERDICT_UNDECIDED;
    return OK;
}

/* ---- one theorem ---- */

static enum status verify_all(const struct verify_plan *plan, struct verify_attempt *attempt,
                              struct verified *result)
{
    const struct theorem *theorem = result->theorem;
    struct verify_experiment experiment = verify_experiment_of(theorem, plan, theorem->id);
    experiment.trials = trials_of(theorem, plan);
    experiment.starts = starts_of(theorem, plan);
    struct folding folding = {.experiment = &experiment, .result = result};
    const size_t instances = verify_instances(theorem, plan);
    TRY(try_all(&folding, instances, attempt));
    const bool stopped = plan->stop && *plan->stop;
    const enum verdict by_trials = judge(result, stopped ? instances : 0);
    TRY(verify_proof(theorem, &result->shown, &result->proof));
    result->verdict = stopped ? by_trials : judge_both(result, by_trials);
    if (*result->proof.gap && !*result->reason)
        snprintf(result->reason, sizeof result->reason, "%s", result->proof.gap);
    find_witness(&folding);
    TRY(run_control(plan, result));
    result->as_recorded =
        result->verdict == theorem->recorded && result->control == VERDICT_REFUTED;
    if (stopped)
        snprintf(result->reason, sizeof result->reason, "interrupted after %zu of %zu instances",
                 result->instances, instances);
    return OK;
}

enum status verify_theorem(const struct theorem *theorem, const struct verify_plan *plan,
                           struct verified *result)
{
    gsl_set_error_handler_off(); /* GSL's default handler aborts; codes are looked at here */
    const double start = seconds_now();
    const size_t trials = trials_of(theorem, plan);
    struct verified verified = {.theorem = theorem, .row = calloc(trials, sizeof *verified.row)};
    struct verify_attempt *attempt = calloc(BLOCK, sizeof *attempt);
    enum status status = verified.row && attempt
                             ? verify_all(plan, attempt, &verified)
                             : status_fail(NO_MEMORY, "%s: %zu trials", theorem->id, trials);
    free(attempt);
    if (status != OK) {
        verify_free(&verified);
        return status;
    }
    verified.seconds = seconds_now() - start;
    *result = verified;
    return OK;
}

void verify_free(struct verified *result)
{
    free(result->row);
    free(result->sample.row);
    result->row = NULL;
    result->sample.row = NULL;
    result->rows = result->sample.rows = 0;
}
