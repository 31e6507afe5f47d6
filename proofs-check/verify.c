/* From samples to a verdict.
 *
 * Sample, conclude, fold, control: one trial never sees another, every trial is keyed by (seed,
 * theorem, index), and rows are folded in the order of the index after the parallel loop.  The
 * control runs the same machinery on instances outside the hypotheses, where it must find a
 * failure: a check that cannot fail proves nothing. */
#include "proofs-check/verify.h"

#include "ode/binomial.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CONTROL_TRIALS = 64 };               /* enough for a control that fails one time in ten */
static const double UNDECIDED_SHARE = 0.01; /* of the trials: above, the verdict is undecided */
static const double DEFAULT_CONFIDENCE = 0.95;

struct verify_plan verify_defaults(void)
{
    return (struct verify_plan){
        .seed = 1, .confidence = DEFAULT_CONFIDENCE, .plan = plan_defaults()};
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static struct verify_row empty_row(size_t index)
{
    return (struct verify_row){.index = index,
                               .finding = FINDING_UNDECIDED,
                               .ending = ENDING_HORIZON,
                               .t = NAN,
                               .deviation = NAN,
                               .measured = NAN,
                               .expected = NAN,
                               .residual = NAN,
                               .transverse_rate = NAN,
                               .distance_bound = NAN,
                               .drift = NAN,
                               .clock = NAN};
}

static void fill_row(struct verify_row *row, const struct trial *trial)
{
    row->deviation = trial->deviation;
    row->measured = trial->measured;
    row->expected = trial->expected;
    row->clock = trial->predicted ? trial->prediction.clock : NAN;
    snprintf(row->reason, sizeof row->reason, "%s", trial->reason);
    const struct outcome *outcome = trial->outcome;
    if (!outcome)
        return;
    row->ran = true;
    row->ending = outcome->ending;
    row->t = outcome->t;
    row->residual = outcome->residual;
    row->transverse_rate = outcome->transverse_rate;
    row->distance_bound = outcome->distance_bound;
    row->steps = outcome->steps;
    row->drift = 0;
    for (size_t k = 0; k < trial->flow->conserved; k++)
        row->drift = fmax(row->drift, outcome->drift[k]);
}

/* What is tried: the theorem itself, or its control. */
struct experiment {
    const struct theorem *theorem;
    sampler *sample;
    conclusion *conclude;
    const struct verify_plan *plan;
    uint64_t key;
};

/* One instance: sampled, tried, written down.  Returns false in *exists past the sampler's last
 * one. */
static enum status try_instance(const struct experiment *experiment, size_t index,
                                struct verify_row *row, bool *exists)
{
    struct stream stream = stream_at(experiment->plan->seed, experiment->key, index);
    struct instance instance = {.dim = 0};
    *row = empty_row(index);
    *exists = experiment->sample(&stream, index, &instance);
    if (!*exists)
        return OK;
    struct trial trial;
    TRY(trial_begin(&trial, experiment->theorem, &instance, &experiment->plan->plan));
    const enum status status = experiment->conclude(&trial, &row->finding);
    fill_row(row, &trial);
    trial_end(&trial);
    return status;
}

/* All trials, in parallel; *tried rows are filled, in the order of the index. */
static enum status try_all(const struct theorem *theorem, const struct verify_plan *plan,
                           struct verify_row *row, size_t trials, size_t *tried)
{
    const struct experiment experiment = {.theorem = theorem,
                                          .sample = theorem->sample,
                                          .conclude = theorem->conclude,
                                          .plan = plan,
                                          .key = stream_key(theorem->id)};
    enum status status = OK;
    char message[STATUS_MESSAGE_MAX] = "";
    size_t first_missing = trials;
#pragma omp parallel for schedule(dynamic, 8)                                                      \
    num_threads(plan->threads > 0 ? plan->threads : omp_get_max_threads())
    for (size_t i = 0; i < trials; i++) {
        bool exists = false;
        enum status here = OK;
        if (!(plan->stop && *plan->stop))
            here = try_instance(&experiment, i, &row[i], &exists);
        if (exists && plan->advance)
            plan->advance(plan->context, 1);
        if (here != OK || !exists) {
#pragma omp critical
            {
                if (here != OK && status == OK) {
                    status = here;
                    snprintf(message, sizeof message, "%s", status_message());
                }
                first_missing = i < first_missing ? i : first_missing;
            }
        }
    }
    *tried = first_missing;
    return status == OK ? OK : status_fail(status, "%s: %s", theorem->id, message);
}

static void fold_rows(const struct verify_plan *plan, struct verified *result)
{
    const size_t corners = result->theorem->corners;
    size_t bad_drawn = 0;
    for (size_t i = 0; i < result->rows; i++) {
        const struct verify_row *row = &result->row[i];
        result->failures += row->finding == FINDING_FAILS;
        result->undecided += row->finding == FINDING_UNDECIDED;
        result->trajectories += row->ran;
        bad_drawn += i >= corners && row->finding != FINDING_HOLDS;
        if (row->finding == FINDING_HOLDS)
            result->worst = fmax(result->worst, row->deviation);
        else if (result->reason[0] == '\0' ||
                 (row->finding == FINDING_FAILS && result->failures == 1))
            snprintf(result->reason, sizeof result->reason, "%s", row->reason);
    }
    result->trials = result->rows;
    const size_t drawn = result->rows > corners ? result->rows - corners : 0;
    result->failure_measure_below = /* (V1) */
        result->failures > 0 ? NAN : binomial_upper_bound(bad_drawn, drawn, plan->confidence);
}

static enum verdict judge(const struct verified *result, size_t wanted)
{
    if (result->failures > 0)
        return VERDICT_REFUTED;
    if (result->trials < wanted || result->trials == 0 ||
        (double)result->undecided > UNDECIDED_SHARE * (double)result->trials)
        return VERDICT_UNDECIDED;
    return VERDICT_SUPPORTED;
}

/* The first failing instance is sampled again: keyed streams make it the same one. */
static void find_witness(const struct verify_plan *plan, struct verified *result)
{
    const uint64_t key = stream_key(result->theorem->id);
    for (size_t i = 0; i < result->rows && !result->has_witness; i++)
        if (result->row[i].finding == FINDING_FAILS) {
            struct stream stream = stream_at(plan->seed, key, result->row[i].index);
            result->has_witness =
                result->theorem->sample(&stream, result->row[i].index, &result->witness);
        }
}

static enum status run_control(const struct verify_plan *plan, struct verified *result)
{
    const struct control *control = &result->theorem->control;
    char name[STATUS_MESSAGE_MAX];
    snprintf(name, sizeof name, "%s/control", result->theorem->id);
    const struct experiment experiment = {.theorem = result->theorem,
                                          .sample = control->sample,
                                          .conclude = control->conclude ? control->conclude
                                                                        : result->theorem->conclude,
                                          .plan = plan,
                                          .key = stream_key(name)};
    result->control = VERDICT_UNDECIDED;
    for (size_t i = 0; i < CONTROL_TRIALS && result->control != VERDICT_REFUTED; i++) {
        struct verify_row row;
        bool exists = false;
        TRY(try_instance(&experiment, i, &row, &exists));
        if (!exists)
            break;
        if (row.finding == FINDING_FAILS) {
            result->control = VERDICT_REFUTED;
            snprintf(result->control_reason, sizeof result->control_reason, "%s", row.reason);
        }
    }
    return OK;
}

enum status verify_theorem(const struct theorem *theorem, const struct verify_plan *plan,
                           struct verified *result)
{
    gsl_set_error_handler_off(); /* GSL's default handler aborts; codes are looked at here */
    const double start = seconds_now();
    const size_t trials = plan->trials > 0 ? plan->trials : theorem->trials;
    struct verify_row *row = calloc(trials, sizeof *row);
    if (!row)
        return status_fail(NO_MEMORY, "%s: %zu trials", theorem->id, trials);
    struct verified verified = {.theorem = theorem, .row = row};
    enum status status = try_all(theorem, plan, row, trials, &verified.rows);
    if (status == OK) {
        const bool stopped = plan->stop && *plan->stop;
        fold_rows(plan, &verified);
        verified.verdict = judge(&verified, stopped ? trials : 0);
        find_witness(plan, &verified);
        status = run_control(plan, &verified);
        verified.as_recorded =
            verified.verdict == theorem->recorded && verified.control == VERDICT_REFUTED;
        if (stopped)
            snprintf(verified.reason, sizeof verified.reason, "interrupted after %zu of %zu trials",
                     verified.trials, trials);
    }
    if (status != OK) {
        free(row);
        return status;
    }
    verified.seconds = seconds_now() - start;
    *result = verified;
    return OK;
}

void verify_free(struct verified *result)
{
    free(result->row);
    result->row = NULL;
    result->rows = 0;
}
