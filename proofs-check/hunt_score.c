/* Looking at an instance, quickly and then twice more.
 *
 * A search sees many instances at the tolerances of everyday; a violation among them is a candidate
 * and no more.  It is confirmed if the conclusion fails for CVODE's BDF and for GSL's explicit
 * Prince-Dormand pair, which share no step, both at hundredfold smaller tolerances; if both see the
 * same ending and, where numbers are compared, the same discrepancy, which is larger than rounding
 * could make it; and if the exact engine, where it knows the system, says the same of the trajectory.
 * An ending `horizon` or `failed` tells nothing, so it confirms nothing.  notes/hunter.md, (HU3). */
#include "proofs-check/hunt_score.h"

#include "proofs-check/hunt_margin.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const double hunt_score_rtol = 1e-12, hunt_score_atol = 1e-14;

static const double FAILS_PLAINLY = -1; /* margin of what fails without comparing numbers */
static const double SAME_NUMBER = 0.01; /* two methods measure one discrepancy, relative */
/* Discrepancies below this, in units of 1 + the largest unknown, may be rounding: conclusions compare
 * numbers made of a few dozen operations, of condition 1e8 at most where they are of any use. */
static const double ROUNDING = 1e-6;
static const double SURE_SIGN = 1e-9; /* of a sum, in units of its terms */

const char *hunt_score_doubt(enum hunt_doubt doubt)
{
    static const char *const words[] = {
        [HUNT_CONFIRMED] = "confirmed",
        [HUNT_HOLDS_AFTER_ALL] = "holds at tighter tolerance",
        [HUNT_STILL_UNDECIDED] = "a method cannot tell",
        [HUNT_METHODS_DIFFER] = "the methods differ",
        [HUNT_TOO_SMALL] = "too small to tell from rounding",
        [HUNT_EXACT_DIFFERS] = "exact algebra says otherwise",
        [HUNT_NEIGHBOURS_DIFFER] = "neighbours obey the statement",
    };
    return words[doubt];
}

/* ---- one method ---- */

static double margin_of(const struct hunt_question *question, const struct trial *trial,
                        const struct hunt_recurrence *recurrence, enum finding finding)
{
    const struct hunt_margin *margin =
        question->claim->margin ? question->claim->margin : &hunt_margin_deviation;
    const double value =
        finding == FINDING_UNDECIDED ? 1 : margin->of(trial, margin->recurs ? recurrence : NULL);
    if (finding == FINDING_FAILS)
        return value <= 0 ? value : FAILS_PLAINLY;
    return value > 0 ? value : 1; /* NAN, or a margin that is no margin here */
}

static void fill_ending(const struct trial *trial, struct hunt_score *score)
{
    const struct outcome *outcome = trial->outcome;
    score->integrated = outcome != NULL;
    score->by_sweeper = trial->by_sweeper;
    score->ending = outcome ? outcome->ending : ENDING_HORIZON;
    score->t = outcome ? outcome->t : NAN;
    score->size = 0;
    for (size_t i = 0; i < trial->flow->dim; i++) {
        const double *at = !outcome             ? trial->instance->x0
                           : outcome->has_limit ? outcome->limit
                                                : outcome->last;
        score->limit[i] = at[i];
        score->size = fmax(score->size, fabs(at[i]));
    }
}

static enum status conclude(const struct hunt_question *question, struct trial *trial,
                            struct hunt_score *score)
{
    const struct hunt_margin *margin = question->claim->margin;
    struct hunt_recurrence recurrence = {.dim = trial->flow->dim, .least = 1};
    if (margin && margin->recurs && !trial->by_sweeper) {
        trial->plan.visit = hunt_margin_watch;
        trial->plan.context = &recurrence;
    }
    TRY(question->theorem.conclude(trial, &score->finding));
    score->deviation = trial->deviation;
    score->margin =
        margin_of(question, trial, trial->by_sweeper ? NULL : &recurrence, score->finding);
    fill_ending(trial, score);
    snprintf(score->reason, sizeof score->reason, "%s", trial->reason);
    return OK;
}

/* A trial that may have begun: false if the instance is no problem. */
static enum status begin(const struct hunt_question *question, const struct instance *instance,
                         const struct plan *plan, struct trial *trial, bool *exists)
{
    const enum status status = trial_begin(trial, &question->theorem, instance, plan);
    *exists = status == OK;
    return status == BAD_ARGUMENT ? OK : status;
}

enum status hunt_score(const struct hunt_question *question, const struct instance *instance,
                       const struct plan *plan, struct hunt_score *score)
{
    struct trial trial;
    bool settled = false;
    *score = (struct hunt_score){.finding = FINDING_UNDECIDED, .margin = 1};
    TRY(begin(question, instance, plan, &trial, &score->exists));
    if (!score->exists)
        return OK;
    enum status status = question->claim->swept ? trial_sweep(&trial, &settled) : OK;
    if (status == OK)
        status = conclude(question, &trial, score);
    trial_end(&trial);
    return status;
}

/* ---- confirmation ---- */

static enum status look(const struct hunt_question *question, const struct instance *instance,
                        const struct plan *plan, struct hunt_score *score,
                        enum oracle_answer *exact)
{
    struct trial trial;
    struct oracle_finding oracle = {.answer = ORACLE_NOT_ASKED};
    *score = (struct hunt_score){.finding = FINDING_UNDECIDED, .margin = 1};
    TRY(begin(question, instance, plan, &trial, &score->exists));
    if (!score->exists)
        return OK;
    enum status status = conclude(question, &trial, score);
    if (status == OK && exact)
        status = oracle_ask(&trial, &oracle);
    if (exact)
        *exact = oracle.answer;
    trial_end(&trial);
    return status;
}

/* By less than rounding?  Of conclusions that compare numbers, and of signs of sums. */
static bool is_small(const struct hunt_question *question, const struct hunt_score *score)
{
    if (question->claim->margin == &hunt_margin_sensitivity)
        return !(score->margin < -SURE_SIGN);
    const double excess = score->deviation - question->theorem.bound;
    return isfinite(score->deviation) && excess > 0 && !(excess > ROUNDING * (1 + score->size));
}

static bool are_the_same(const struct hunt_score *one, const struct hunt_score *two)
{
    if (one->integrated != two->integrated || (one->integrated && one->ending != two->ending))
        return false;
    return !isfinite(one->deviation) || !isfinite(two->deviation) ||
           fabs(one->deviation - two->deviation) <= SAME_NUMBER * fabs(two->deviation);
}

static bool is_open(const struct hunt_score *score)
{
    return score->finding == FINDING_UNDECIDED ||
           (score->integrated &&
            (score->ending == ENDING_HORIZON || score->ending == ENDING_FAILED));
}

/* The doubt that both methods leave. */
static enum hunt_doubt doubt_of(const struct hunt_question *question,
                                const struct hunt_confirmation *c)
{
    if (c->bdf.finding == FINDING_HOLDS || c->rk.finding == FINDING_HOLDS)
        return HUNT_HOLDS_AFTER_ALL;
    if (is_open(&c->bdf) || is_open(&c->rk))
        return HUNT_STILL_UNDECIDED;
    if (!are_the_same(&c->bdf, &c->rk))
        return HUNT_METHODS_DIFFER;
    if (is_small(question, &c->bdf) || is_small(question, &c->rk))
        return HUNT_TOO_SMALL;
    return c->exact == ORACLE_DISAGREES ? HUNT_EXACT_DIFFERS : HUNT_CONFIRMED;
}

/* Where neighbours are sought. */
struct vicinity {
    const struct hunt_question *question;
    const struct instance *instance;
    const struct plan *plan;
    uint64_t seed;
};

/* Of a statement about almost every start: do all neighbours answer like this? */
static enum status neighbours_ask(const struct vicinity *v, enum finding finding, bool *all)
{
    enum { NEIGHBOURS = 6 };
    static const double BESIDE = 1e-3; /* of each unknown, relative to 1 + |x| */
    *all = true;
    for (size_t k = 0; k < NEIGHBOURS && *all; k++) {
        struct instance neighbour = *v->instance;
        struct hunt_score score;
        struct stream stream = stream_at(v->seed, stream_key("hunt neighbours"), k);
        for (size_t i = 0; i < neighbour.dim; i++)
            neighbour.x0[i] +=
                BESIDE * (1 + fabs(neighbour.x0[i])) * stream_between(&stream, -1, 1);
        TRY(look(v->question, &neighbour, v->plan, &score, NULL));
        *all = score.finding == finding;
    }
    return OK;
}

/* By both methods, at tighter tolerance. */
static enum status both_look(const struct vicinity *v, struct hunt_confirmation *c)
{
    struct plan tight = *v->plan;
    tight.rtol = hunt_score_rtol;
    tight.atol = hunt_score_atol;
    tight.method = METHOD_BDF;
    c->exact = ORACLE_NOT_ASKED;
    c->rk = (struct hunt_score){.finding = FINDING_UNDECIDED, .margin = 1};
    TRY(look(v->question, v->instance, &tight, &c->bdf, &c->exact));
    c->doubt = c->bdf.finding == FINDING_HOLDS ? HUNT_HOLDS_AFTER_ALL : HUNT_STILL_UNDECIDED;
    if (c->bdf.finding != FINDING_FAILS)
        return OK;
    tight.method = METHOD_RK8PD;
    TRY(look(v->question, v->instance, &tight, &c->rk, NULL));
    c->doubt = doubt_of(v->question, c);
    return OK;
}

/* A null set is neither a violation nor a doubt. */
enum status hunt_score_confirm(const struct hunt_question *question,
                               const struct instance *instance, const struct plan *plan,
                               uint64_t seed, struct hunt_confirmation *c)
{
    const struct vicinity v = {
        .question = question, .instance = instance, .plan = plan, .seed = seed};
    bool all = false;
    TRY(both_look(&v, c));
    if (!question->claim->almost)
        return OK;
    if (c->doubt == HUNT_CONFIRMED) {
        TRY(neighbours_ask(&v, FINDING_FAILS, &all));
        c->doubt = all ? HUNT_CONFIRMED : HUNT_NEIGHBOURS_DIFFER;
    } else if (c->doubt == HUNT_STILL_UNDECIDED) {
        TRY(neighbours_ask(&v, FINDING_HOLDS, &all));
        c->doubt = all ? HUNT_NEIGHBOURS_DIFFER : HUNT_STILL_UNDECIDED;
    }
    return OK;
}
