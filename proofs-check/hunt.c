/* One hunt: look the claim up, go through the phases, shrink what is found, say what was searched. */
#include "proofs-check/hunt.h"

#include "base/progress.h"
#include "ode/binomial.h"
#include "proofs-check/hunt_search.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double DEFAULT_SECONDS = 60, DEFAULT_CONFIDENCE = 0.95;
enum { DEFAULT_THREADS = 2, SHRINK_TRIALS = 1500, SHRINK_TRIALS_DROPPED = 300 };

/* Shares of the budget, of seconds and of evaluations alike: most violations of positive measure are
 * found early in the sweep, those on thin sets by boundary cases, and the rest by the optimiser. */
static const double shares[HUNT_PHASES] = {
    [HUNT_SWEEP] = 0.4, [HUNT_BOUNDARY] = 0.2, [HUNT_DROP] = 0.1, [HUNT_OPTIMISE] = 0.3};

/* The phases are gone through twice, first quickly: what is easy for a late phase is found soon. */
static const double rounds[] = {0.1, 0.9};
enum { ROUNDS = sizeof rounds / sizeof *rounds };

struct hunt_plan hunt_defaults(void)
{
    return (struct hunt_plan){.seed = 1,
                              .seconds = DEFAULT_SECONDS,
                              .threads = DEFAULT_THREADS,
                              .confidence = DEFAULT_CONFIDENCE,
                              .plan = plan_defaults()};
}

const char *hunt_phase_title(enum hunt_phase_name phase)
{
    static const char *const titles[HUNT_PHASES] = {[HUNT_SWEEP] = "sweep",
                                                    [HUNT_BOUNDARY] = "boundary cases",
                                                    [HUNT_DROP] = "a hypothesis dropped",
                                                    [HUNT_OPTIMISE] = "optimiser"};
    return titles[phase];
}

struct hunted *hunt_create(void)
{
    return calloc(1, sizeof(struct hunted));
}

void hunt_free(struct hunted *hunted)
{
    free(hunted);
}

/* ---- budgets ---- */

/* `part` of the share of the phase that is entered now. */
static struct hunt_share share_of(const struct hunt_search *search, double share, double part)
{
    const struct hunt_plan *plan = search->plan;
    const double now = progress_clock() - search->begun;
    if (plan->evaluations == 0)
        return (struct hunt_share){.until = now + share * part * plan->seconds};
    const size_t most = (size_t)(share * part * (double)plan->evaluations);
    return (struct hunt_share){.evaluations = most > 0 ? most : 1, .until = INFINITY};
}

static void enter(struct hunt_search *search, enum hunt_phase_name phase)
{
    search->phase = phase;
    if (search->plan->enter)
        search->plan->enter(search->plan->context, hunt_phase_title(phase));
}

static bool is_stopped(const struct hunt_search *search)
{
    return search->plan->stop && *search->plan->stop;
}

/* ---- a violation ---- */

static enum status violation_shrink(const struct hunt_search *search, size_t trials,
                                    struct hunt_violation *violation,
                                    struct hunt_shrinking *shrinking)
{
    *shrinking = (struct hunt_shrinking){.question = &search->hunted->question,
                                         .plan = &search->plan->plan,
                                         .seed = search->plan->seed,
                                         .stop = search->plan->stop,
                                         .trials_most = trials};
    return violation->point.count > 0 ? hunt_shrink(shrinking, violation) : OK;
}

static enum status violation_take(struct hunt_search *search,
                                  const struct hunt_violation *violation)
{
    struct hunted *hunted = search->hunted;
    hunted->verdict = HUNT_FOUND;
    hunted->by = search->phase;
    hunted->found_after = hunted->evaluations;
    hunted->found_seconds = progress_clock() - search->begun;
    hunted->first = hunted->violation = *violation;
    return violation_shrink(search, SHRINK_TRIALS, &hunted->violation, &hunted->shrinking);
}

/* ---- phases ---- */

typedef enum status phase_run(struct hunt_search *search, struct hunt_points *points,
                              const struct hunt_share *share, struct hunt_violation *violation,
                              bool *found);

static enum status sampler_run(struct hunt_search *search, struct hunt_points *points,
                               const struct hunt_share *share, struct hunt_violation *violation,
                               bool *found)
{
    (void)points;
    return hunt_search_sampler(search, share, violation, found);
}

static enum status optimise_run(struct hunt_search *search, struct hunt_points *points,
                                const struct hunt_share *share, struct hunt_violation *violation,
                                bool *found)
{
    (void)points;
    return hunt_search_optimise(search, share, violation, found);
}

static enum status phase_do(struct hunt_search *search, enum hunt_phase_name phase, phase_run *run,
                            struct hunt_points *points, double share)
{
    struct hunt_violation violation;
    bool found = false;
    if (search->hunted->verdict == HUNT_FOUND || is_stopped(search))
        return OK;
    enter(search, phase);
    const double begun = progress_clock();
    const struct hunt_share part = share_of(search, share, 1);
    TRY(run(search, points, &part, &violation, &found));
    search->hunted->phase[phase].seconds += progress_clock() - begun;
    return found ? violation_take(search, &violation) : OK;
}

static enum status hypothesis_drop(struct hunt_search *search, int h, double part)
{
    struct hunted *hunted = search->hunted;
    struct hunt_dropped *drop = &hunted->drop[hunted->drops++];
    const struct hunt_phase before = hunted->phase[HUNT_DROP];
    struct hunt_points *points = NULL;
    struct hunt_shrinking shrinking;
    drop->says = hunted->claim->space.hypothesis[h].says;
    TRY(hunt_points_create(&hunted->claim->space, h, search->plan->seed, &points));
    const struct hunt_share share = share_of(search, shares[HUNT_DROP], part);
    enum status status = hunt_search_both(search, points, &share, &drop->violation, &drop->found);
    hunt_points_free(points);
    drop->evaluations = hunted->phase[HUNT_DROP].evaluations - before.evaluations;
    drop->undecided = hunted->phase[HUNT_DROP].undecided - before.undecided;
    if (status == OK && drop->found)
        status = violation_shrink(search, SHRINK_TRIALS_DROPPED, &drop->violation, &shrinking);
    return status;
}

static enum status hypotheses_drop(struct hunt_search *search)
{
    struct hunted *hunted = search->hunted;
    const size_t count = hunted->claim->space.hypotheses;
    if (hunted->verdict == HUNT_FOUND || is_stopped(search))
        return OK;
    enter(search, HUNT_DROP);
    const double begun = progress_clock();
    for (size_t h = 0; h < count && h < HUNT_HYPOTHESES_MOST && !is_stopped(search); h++)
        TRY(hypothesis_drop(search, (int)h, 1 / (double)count));
    hunted->phase[HUNT_DROP].seconds = progress_clock() - begun;
    return OK;
}

static enum status space_hunt(struct hunt_search *search, struct hunt_points *points)
{
    for (size_t k = 0; k < ROUNDS; k++) {
        const double share = rounds[k];
        TRY(phase_do(search, HUNT_SWEEP, hunt_search_sweep, points, share * shares[HUNT_SWEEP]));
        TRY(phase_do(search, HUNT_BOUNDARY, hunt_search_boundary, points,
                     share * shares[HUNT_BOUNDARY]));
        if (k + 1 == ROUNDS)
            TRY(hypotheses_drop(search));
        TRY(phase_do(search, HUNT_OPTIMISE, optimise_run, points, share * shares[HUNT_OPTIMISE]));
    }
    return OK;
}

static enum status phases_run(struct hunt_search *search)
{
    struct hunt_points *points = NULL;
    if (search->hunted->drawn)
        return phase_do(search, HUNT_SWEEP, sampler_run, NULL, 1);
    TRY(hunt_points_create(&search->hunted->claim->space, HUNT_NONE_DROPPED, search->plan->seed,
                           &points));
    const enum status status = space_hunt(search, points);
    hunt_points_free(points);
    return status;
}

/* ---- the result ---- */

static void conclude(const struct hunt_search *search)
{
    struct hunted *hunted = search->hunted;
    hunted->seconds = progress_clock() - search->begun;
    if (hunted->verdict == HUNT_FOUND)
        return;
    hunted->verdict = hunted->open > 0 ? HUNT_ONLY_CANDIDATES : HUNT_NOTHING;
    hunted->measure_below = hunted->independent > 0 ? binomial_upper_bound(hunted->independent_open,
                                                                           hunted->independent,
                                                                           search->plan->confidence)
                                                    : NAN;
}

/* A record about single instances has nothing but boundary cases. */
static enum status something_check(const struct hunted *hunted)
{
    if (hunted->drawn && hunted->evaluations == 0)
        return status_fail(BAD_ARGUMENT,
                           "%s is about instances that are all on record: there is nothing to hunt",
                           hunted->question.theorem.id);
    return OK;
}

static enum status search_run(struct hunt_search *search)
{
    TRY(phases_run(search));
    if (!is_stopped(search))
        TRY(something_check(search->hunted));
    conclude(search);
    return OK;
}

enum status hunt_claim(const struct hunt_claim *claim, const struct hunt_plan *plan,
                       struct hunted *hunted)
{
    hunted->claim = claim;
    hunted->least_margin = INFINITY;
    hunted->measure_below = NAN;
    hunted->drawn = claim->space.architectures == 0;
    hunted->question =
        (struct hunt_question){.claim = claim, .theorem = hunt_claim_question(claim)};
    gsl_set_error_handler_off(); /* GSL's default handler aborts; codes are looked at here */
    struct hunt_search *search = calloc(1, sizeof *search);
    if (!search)
        return status_fail(NO_MEMORY, "a hunt for %s", claim->id);
    search->plan = plan;
    search->hunted = hunted;
    search->begun = progress_clock();
    const enum status status = search_run(search);
    free(search);
    return status;
}

enum status hunt(const char *id, const struct hunt_plan *plan, struct hunted *hunted)
{
    memset(hunted, 0, sizeof *hunted);
    const struct hunt_claim *claim = hunt_claim_named(id, &hunted->made, &hunted->kind);
    if (!claim)
        return status_fail(UNKNOWN_NAME, "there is no theorem or conjecture '%s'", id);
    return hunt_claim(claim, plan, hunted);
}
