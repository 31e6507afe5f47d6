/* One instance: sampled, followed by the sweeper, run by the referee, compared.
 *
 * Both methods stop at a point where f = 0 and I = I(x0) hold to rounding floors, (E2), so their
 * limits may differ by what two such points can, and by no more: nothing is allowed for the way
 * there.  The referee is asked whether or not it will agree, but for one case: what fails in the
 * sweep is run again, since a refutation needs all evidence. */
#include "proofs-check/verify_attempt.h"

#include <math.h>
#include <stdio.h>

static const double LIMIT_BOUND = 1e-10; /* relative: the promise of the project for limits */
/* floors: each limit is 8/7 floor/|rate| from the zero at most, (E2) */
static const double FLOORS = 4;

struct verify_experiment verify_experiment_of(const struct theorem *theorem,
                                              const struct verify_plan *plan, const char *name)
{
    char recheck[STATUS_MESSAGE_MAX];
    snprintf(recheck, sizeof recheck, "%s/recheck", name);
    return (struct verify_experiment){.theorem = theorem,
                                      .sample = theorem->sample,
                                      .conclude = theorem->conclude,
                                      .plan = plan,
                                      .key = stream_key(name),
                                      .recheck_key = stream_key(recheck)};
}

static struct verify_attempt empty_attempt(size_t index)
{
    return (struct verify_attempt){
        .finding = FINDING_UNDECIDED,
        .row = {.index = index,
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
                .clock = NAN,
                .exact = {.answer = ORACLE_NOT_ASKED, .ending = ENDING_HORIZON, .distance = NAN}},
        .start = {.index = index,
                  .by_sweeper = ENDING_HORIZON,
                  .by_referee = ENDING_HORIZON,
                  .sweeper_finds = FINDING_UNDECIDED,
                  .referee_finds = FINDING_UNDECIDED,
                  .agreement = VERIFY_ONE_METHOD,
                  .distance = NAN}};
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
    row->ran = !trial->by_sweeper;
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

/* ---- the two methods ---- */

static enum status ask_sweeper(const struct verify_experiment *experiment, struct trial *trial,
                               struct verify_attempt *attempt)
{
    struct verify_start *start = &attempt->start;
    TRY(experiment->plan->sweeper(trial, &start->swept));
    if (!start->swept)
        return OK;
    TRY(experiment->conclude(trial, &start->sweeper_finds));
    start->by_sweeper = trial->outcome->ending;
    attempt->row.finding = start->sweeper_finds;
    fill_row(&attempt->row, trial);
    return OK;
}

/* The exact engine, where it knows the system; a trajectory that ends elsewhere proves nothing. */
static enum status ask_oracle(const struct verify_experiment *experiment, const struct trial *trial,
                              struct verify_row *row)
{
    TRY(experiment->plan->oracle(trial, &row->exact));
    if (row->exact.answer != ORACLE_DISAGREES)
        return OK;
    snprintf(row->reason, sizeof row->reason,
             "instance %zu: %s for the referee, %s by exact algebra, limits %.3g apart", row->index,
             ending_name(trial->outcome->ending), ending_name(row->exact.ending),
             row->exact.distance);
    row->finding = FINDING_UNDECIDED;
    return OK;
}

static enum status ask_referee(const struct verify_experiment *experiment, struct trial *trial,
                               struct verify_attempt *attempt)
{
    struct verify_start *start = &attempt->start;
    TRY(experiment->conclude(trial, &attempt->row.finding));
    fill_row(&attempt->row, trial);
    TRY(ask_oracle(experiment, trial, &attempt->row));
    start->refereed = true;
    start->referee_finds = attempt->row.finding;
    start->by_referee = attempt->row.ending;
    return OK;
}

/* ---- the comparison ---- */

/* Does one method's conclusion hold where the other one's fails? */
static bool contradict(const struct verify_start *start)
{
    return (start->sweeper_finds == FINDING_HOLDS && start->referee_finds == FINDING_FAILS) ||
           (start->sweeper_finds == FINDING_FAILS && start->referee_finds == FINDING_HOLDS);
}

/* NaN is larger than every number. */
static double larger(double a, double b)
{
    return isnan(a) || a > b ? a : b;
}

/* Are the limits one point, to rounding?  Sets the distance. */
static bool limits_agree(const struct trial *swept, const struct trial *refereed,
                         struct verify_start *start)
{
    const struct outcome *one = swept->outcome, *two = refereed->outcome;
    double apart = 0, size = 1;
    for (size_t i = 0; i < swept->flow->dim; i++) {
        apart = larger(apart, fabs(one->limit[i] - two->limit[i]));
        size = fmax(size, 1 + fabs(two->limit[i]));
    }
    start->distance = apart / size;
    const double rate = -two->transverse_rate;
    return apart <= LIMIT_BOUND * size + (rate > 0 ? FLOORS * two->residual_floor / rate : 0);
}

static void compare(const struct trial *swept, const struct trial *refereed,
                    struct verify_attempt *attempt)
{
    struct verify_start *start = &attempt->start;
    const enum ending ending = refereed->outcome->ending;
    const bool decided = ending != ENDING_HORIZON && ending != ENDING_FAILED;
    const bool near = refereed->outcome->has_limit && limits_agree(swept, refereed, start);
    const bool agree = near && ending == ENDING_SETTLED && !contradict(start);
    start->agreement = agree ? VERIFY_AGREE : decided ? VERIFY_DISAGREE : VERIFY_OPEN;
    if (start->agreement == VERIFY_DISAGREE)
        snprintf(attempt->row.reason, sizeof attempt->row.reason,
                 "methods disagree on instance %zu: settled for the sweeper, %s for the referee, "
                 "limits %.3g apart (relative)",
                 start->index, ending_name(ending), start->distance);
}

static enum status compare_with_referee(const struct verify_experiment *experiment,
                                        const struct trial *swept, struct verify_attempt *attempt)
{
    struct trial trial;
    const struct outcome *outcome;
    TRY(trial_begin(&trial, experiment->theorem, swept->instance, &experiment->plan->plan));
    enum status status = ask_referee(experiment, &trial, attempt);
    if (status == OK && attempt->start.swept) {
        status = trial_outcome(&trial, &outcome); /* the conclusion may not have asked for it */
        if (status == OK)
            compare(swept, &trial, attempt);
    }
    trial_end(&trial);
    return status;
}

/* ---- both together ---- */

static bool is_chosen(const struct verify_experiment *experiment, size_t index)
{
    struct stream stream = stream_at(experiment->plan->seed, experiment->recheck_key, index);
    return index < experiment->trials || stream_uniform(&stream) < experiment->plan->recheck;
}

/* What both have looked at holds only if it holds for both, (V2). */
static enum finding finding_of(const struct verify_start *start)
{
    if (start->agreement == VERIFY_DISAGREE)
        return FINDING_UNDECIDED;
    if (!start->refereed)
        return start->sweeper_finds;
    if (start->swept && start->referee_finds == FINDING_HOLDS)
        return start->sweeper_finds;
    return start->referee_finds;
}

/* The sweeper first; the trial is its own, and is run by the referee only if it leaves it. */
static enum status try_both(const struct verify_experiment *experiment, struct trial *trial,
                            struct verify_attempt *attempt)
{
    struct verify_start *start = &attempt->start;
    start->chosen = is_chosen(experiment, start->index);
    TRY(ask_sweeper(experiment, trial, attempt));
    if (!start->swept)
        TRY(ask_referee(experiment, trial, attempt));
    else if (start->chosen || start->sweeper_finds == FINDING_FAILS)
        TRY(compare_with_referee(experiment, trial, attempt));
    attempt->finding = finding_of(start);
    return OK;
}

static enum status try_one(const struct verify_experiment *experiment, struct trial *trial,
                           struct verify_attempt *attempt)
{
    TRY(ask_referee(experiment, trial, attempt));
    attempt->finding = attempt->row.finding;
    return OK;
}

enum status verify_attempt(const struct verify_experiment *experiment, size_t index,
                           struct verify_attempt *attempt)
{
    struct stream stream = stream_at(experiment->plan->seed, experiment->key, index);
    struct instance instance = {.dim = 0};
    *attempt = empty_attempt(index);
    attempt->exists = experiment->sample(&stream, index, &instance);
    if (!attempt->exists)
        return OK;
    struct trial trial;
    TRY(trial_begin(&trial, experiment->theorem, &instance, &experiment->plan->plan));
    const enum status status = index < experiment->starts ? try_both(experiment, &trial, attempt)
                                                          : try_one(experiment, &trial, attempt);
    trial_end(&trial);
    return status;
}
