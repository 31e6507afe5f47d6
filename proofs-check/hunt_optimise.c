/* The optimiser: where is the margin least?
 *
 * Nelder and Mead's simplex (GSL, nmsimplex2) in the free numbers of one architecture, since margins
 * are not smooth: they are least ones of several, and jump where an ending changes.  It starts from the
 * places of least margin that the other phases have seen, and from random ones when these are used up.
 * Hypotheses about single numbers fold the line (hunt_space.h); what violates a predicate has a margin
 * that is worse than all others.  Where the margin can be told of fixed points alone, every other
 * restart begins where it is least there (hunt_foresight.h).  Restarts run side by side and are taken in
 * order.
 * Rejected: gradients by differences, for the reason above; annealing, for its parameters. */
#include "proofs-check/hunt_foresight.h"
#include "proofs-check/hunt_search.h"

#include "base/progress.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multimin.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { RESTARTS = 8, EACH_MOST = 400, EACH_PER_NUMBER = 40, ASKED_PER_LOOK = 4, FORESIGHTS = 48 };

static const double OUTSIDE = 2;       /* margin of what is no instance: all others are at most 1 */
static const double FIRST_STEP = 0.25; /* of the simplex, relative to 1 + |x| */
static const double NEXT_STEP = 0.01;  /* ... beside what was foreseen */
static const double SMALL = 1e-9;      /* of the simplex, where it has converged */

/* One restart. */
struct descent {
    const struct hunt_search *search;
    struct hunt_point point;
    size_t numbers;
    struct hunt_number number[HUNT_NUMBERS_MOST];
    size_t used, most; /* instances looked at */
    size_t asked;      /* points, of which some are no instance */
    double until;      /* seconds of the hunt; INFINITY: evaluations are counted */
    size_t undecided;
    size_t foresights; /* places from which it looks for a better one, before */
    struct hunt_point foresight[FORESIGHTS];
    bool foreseen;        /* one of them was */
    bool failed_to_hold;  /* it has met an instance that seems to fail: */
    struct hunt_case one; /* that one; else the best so far */
    enum status status;
};

static bool is_late(const struct descent *d)
{
    return isfinite(d->until) && progress_clock() - d->search->begun >= d->until;
}

static bool is_done(const struct descent *d)
{
    return d->failed_to_hold || d->status != OK || d->used >= d->most ||
           d->asked >= ASKED_PER_LOOK * d->most || is_late(d) ||
           (d->search->plan->stop && *d->search->plan->stop);
}

static void keep(struct descent *d, const struct hunt_case *now)
{
    const bool fails = now->score.finding == FINDING_FAILS;
    if (fails || !d->one.exists || now->score.margin < d->one.score.margin)
        d->one = *now;
    d->failed_to_hold |= fails;
}

static double margin_at(const gsl_vector *x, void *descent)
{
    struct descent *d = descent;
    struct hunt_case now = {.exists = true, .point = d->point};
    if (is_done(d))
        return OUTSIDE;
    d->asked++;
    for (size_t k = 0; k < d->numbers; k++)
        now.point.value[k] = gsl_vector_get(x, k);
    hunt_space_fold(&d->point.place, d->numbers, d->number, now.point.value);
    d->status = hunt_space_instance(&d->point.place, now.point.value, &now.instance);
    if (d->status != OK || !hunt_space_meets(&d->point.place, &now.instance))
        return OUTSIDE;
    d->used++;
    d->status =
        hunt_score(&d->search->hunted->question, &now.instance, &d->search->plan->plan, &now.score);
    if (d->status != OK || !now.score.exists)
        return OUTSIDE;
    d->undecided += now.score.finding == FINDING_UNDECIDED;
    keep(d, &now);
    return now.score.margin;
}

static void minimise(struct descent *d, gsl_multimin_fminimizer *minimiser, gsl_vector *x,
                     gsl_vector *step)
{
    gsl_multimin_function margin = {.f = margin_at, .n = d->numbers, .params = d};
    for (size_t k = 0; k < d->numbers; k++) {
        gsl_vector_set(x, k, d->point.value[k]);
        gsl_vector_set(step, k,
                       (d->foreseen ? NEXT_STEP : FIRST_STEP) * (1 + fabs(d->point.value[k])));
    }
    if (gsl_multimin_fminimizer_set(minimiser, &margin, x, step) != GSL_SUCCESS)
        return;
    while (!is_done(d) && gsl_multimin_fminimizer_iterate(minimiser) == GSL_SUCCESS &&
           gsl_multimin_fminimizer_size(minimiser) > SMALL)
        continue;
}

/* The first of the places where something is found is where it begins. */
static enum status foresee(struct descent *d)
{
    for (size_t k = 0; k < d->foresights && !d->foreseen; k++) {
        struct hunt_point point = d->foresight[k];
        TRY(hunt_foresee(d->search->hunted->claim->margin, &point, &d->foreseen));
        if (!d->foreseen)
            continue;
        d->point = point;
        d->point.independent = false;
        TRY(hunt_space_numbers(&point.place, &d->numbers, d->number));
    }
    return OK;
}

static void descend(struct descent *d)
{
    d->status = hunt_space_numbers(&d->point.place, &d->numbers, d->number);
    if (d->status != OK || d->numbers == 0)
        return;
    d->status = foresee(d);
    gsl_multimin_fminimizer *minimiser =
        gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, d->numbers);
    gsl_vector *x = gsl_vector_alloc(d->numbers), *step = gsl_vector_alloc(d->numbers);
    if (minimiser && x && step)
        minimise(d, minimiser, x, step);
    else
        d->status = status_fail(NO_MEMORY, "a simplex of %zu numbers", d->numbers);
    gsl_multimin_fminimizer_free(minimiser);
    gsl_vector_free(x);
    gsl_vector_free(step);
}

/* ---- rounds of restarts ---- */

struct round {
    struct descent descent[RESTARTS];
};

static enum status sweep_next(struct hunt_points *points, struct hunt_point *point)
{
    bool exists = false;
    for (size_t tries = 0; !exists && tries < HUNT_BLOCK * HUNT_BLOCK; tries++)
        TRY(hunt_points_sweep(points, point, &exists));
    return OK;
}

/* Where restart number `start` begins: among the best, else at the next point of a sweep. */
static enum status start_choose(const struct hunt_search *search, struct hunt_points *points,
                                size_t start, struct hunt_point *point)
{
    if (start >= search->bests)
        return sweep_next(points, point);
    *point = search->best[start].point;
    return OK;
}

static enum status foresights_choose(struct hunt_points *points, struct descent *d)
{
    d->foresights = FORESIGHTS;
    d->foresight[0] = d->point;
    for (size_t k = 1; k < FORESIGHTS; k++)
        TRY(sweep_next(points, &d->foresight[k]));
    return OK;
}

static enum status round_prepare(struct hunt_search *search, struct hunt_points *points,
                                 size_t first, size_t left, struct round *round)
{
    const struct hunt_margin *margin = search->hunted->claim->margin;
    for (size_t k = 0; k < RESTARTS; k++) {
        struct descent *d = &round->descent[k];
        memset(d, 0, sizeof *d);
        d->search = search;
        TRY(start_choose(search, points, first + k, &d->point));
        d->point.independent = false;
        d->most = EACH_PER_NUMBER * (d->point.count + 1);
        d->most = d->most < EACH_MOST ? d->most : EACH_MOST;
        if (left / RESTARTS < d->most)
            d->most = left / RESTARTS + (k < left % RESTARTS);
        if (margin && margin->at && (first + k) % 2 == 0)
            TRY(foresights_choose(points, d));
    }
    return OK;
}

static enum status round_run(struct hunt_search *search, struct round *round)
{
#pragma omp parallel for schedule(dynamic)                                                         \
    num_threads(search->plan->threads > 0 ? search->plan->threads : omp_get_max_threads())
    for (size_t k = 0; k < RESTARTS; k++) {
        descend(&round->descent[k]);
        if (search->plan->advance)
            search->plan->advance(search->plan->context, round->descent[k].used);
    }
    for (size_t k = 0; k < RESTARTS; k++)
        TRY(round->descent[k].status);
    return OK;
}

static enum status round_take(struct hunt_search *search, const struct round *round, size_t *used,
                              struct hunt_violation *violation, bool *found)
{
    struct hunted *hunted = search->hunted;
    for (size_t k = 0; k < RESTARTS && !*found; k++) {
        const struct descent *d = &round->descent[k];
        *used += d->used;
        if (!d->one.exists)
            continue;
        hunted->phase[HUNT_OPTIMISE].evaluations += d->used - 1; /* the last one is counted below */
        hunted->phase[HUNT_OPTIMISE].undecided += d->undecided;
        hunted->evaluations += d->used - 1;
        TRY(hunt_search_take(search, &d->one, violation, found));
    }
    return OK;
}

static enum status rounds_run(struct hunt_search *search, struct hunt_points *points,
                              struct round *round, const struct hunt_share *share,
                              struct hunt_violation *violation, bool *found)
{
    size_t used = 0, before = 1;
    while (!*found && !hunt_search_is_over(search, share, used) && before > 0) {
        const size_t left = share->evaluations > 0 ? share->evaluations - used : SIZE_MAX;
        before = used;
        TRY(round_prepare(search, points, search->restarts, left, round));
        search->restarts += RESTARTS;
        for (size_t k = 0; k < RESTARTS; k++)
            round->descent[k].until = share->until;
        TRY(round_run(search, round));
        TRY(round_take(search, round, &used, violation, found));
        before = used - before; /* nothing left to look at: no instance meets the hypotheses */
    }
    return OK;
}

enum status hunt_search_optimise(struct hunt_search *search, const struct hunt_share *share,
                                 struct hunt_violation *violation, bool *found)
{
    struct hunt_points *points = NULL;
    *found = false;
    struct round *round = calloc(1, sizeof *round);
    if (!round)
        return status_fail(NO_MEMORY, "an optimiser with %d restarts", RESTARTS);
    enum status status = hunt_points_create(&search->hunted->claim->space, HUNT_NONE_DROPPED,
                                            search->plan->seed + 1 + search->restarts, &points);
    if (status == OK)
        status = rounds_run(search, points, round, share, violation, found);
    hunt_points_free(points);
    free(round);
    return status;
}
