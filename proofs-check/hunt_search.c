/* Sweep, boundary cases, samplers: blocks of instances, looked at in parallel.
 *
 * A block is filled one point after the other, since a quasi-random sequence has an order; its
 * instances are looked at by all threads; and they are taken in order again.  So nothing depends on
 * the number of threads but the time.  What comes after a confirmed violation in the same block has
 * been looked at in vain, and is not counted. */
#include "proofs-check/hunt_search.h"

#include "base/progress.h"

#include <math.h>
#include <omp.h>
#include <string.h>

enum { PURSUED_MOST = 16, EMPTY_MOST = 100000 };

bool hunt_search_is_over(const struct hunt_search *search, const struct hunt_share *share,
                         size_t used)
{
    if (search->plan->stop && *search->plan->stop)
        return true;
    if (share->evaluations > 0 && used >= share->evaluations)
        return true;
    return progress_clock() - search->begun >= share->until;
}

bool hunt_search_is_late(const struct hunt_search *search)
{
    const struct hunt_plan *plan = search->plan;
    return (plan->stop && *plan->stop) ||
           (plan->evaluations == 0 && progress_clock() - search->begun >= plan->seconds);
}

/* ---- taking results ---- */

static void best_offer(struct hunt_search *search, const struct hunt_case *one)
{
    const double margin = one->score.margin;
    if (one->score.finding != FINDING_HOLDS || one->point.count == 0)
        return;
    size_t k = search->bests < HUNT_BEST_MOST ? search->bests : HUNT_BEST_MOST - 1;
    if (search->bests == HUNT_BEST_MOST && !(margin < search->best[k].margin))
        return;
    for (; k > 0 && margin < search->best[k - 1].margin; k--)
        search->best[k] = search->best[k - 1];
    search->best[k] = (struct hunt_best){.point = one->point, .margin = margin};
    search->bests += search->bests < HUNT_BEST_MOST;
}

static void margin_offer(struct hunted *hunted, const struct hunt_case *one)
{
    if (one->score.finding != FINDING_HOLDS || !(one->score.margin < hunted->least_margin))
        return;
    hunted->least_margin = one->score.margin;
    hunted->nearest = one->instance;
    hunted->has_nearest = true;
}

static void list(struct hunted *hunted, const struct hunt_case *one,
                 const struct hunt_confirmation *c)
{
    hunted->open++;
    if (hunted->listed_count == HUNT_LISTED_MOST)
        return;
    hunted->listed[hunted->listed_count++] =
        (struct hunt_listed){.instance = one->instance, .doubt = c->doubt, .ending = c->bdf.ending};
}

/* Is the candidate none after all? */
static bool is_resolved(enum hunt_doubt doubt)
{
    return doubt == HUNT_HOLDS_AFTER_ALL || doubt == HUNT_TOO_SMALL ||
           doubt == HUNT_NEIGHBOURS_DIFFER;
}

static enum status pursue(struct hunt_search *search, const struct hunt_case *one,
                          struct hunt_violation *violation, bool *found)
{
    struct hunted *hunted = search->hunted;
    struct hunt_confirmation c;
    TRY(hunt_score_confirm(&hunted->question, &one->instance, &search->plan->plan,
                           search->plan->seed, &c));
    *found = c.doubt == HUNT_CONFIRMED;
    if (*found)
        *violation = (struct hunt_violation){
            .point = one->point, .instance = one->instance, .confirmation = c};
    else if (search->phase == HUNT_DROP)
        return OK; /* outside the hypotheses nothing is a candidate against the statement */
    else if (is_resolved(c.doubt))
        hunted->resolved++;
    else
        list(hunted, one, &c);
    if (search->phase != HUNT_DROP && one->point.independent && !*found)
        hunted->independent_open += !is_resolved(c.doubt);
    return OK;
}

static void count(struct hunt_search *search, const struct hunt_case *one)
{
    struct hunted *hunted = search->hunted;
    struct hunt_phase *phase = &hunted->phase[search->phase];
    phase->evaluations++;
    phase->undecided += one->score.finding == FINDING_UNDECIDED;
    phase->candidates += one->score.finding == FINDING_FAILS;
    if (search->phase == HUNT_DROP)
        return;
    hunted->evaluations++;
    hunted->independent += one->point.independent;
    hunted->undecided += one->score.finding == FINDING_UNDECIDED;
    margin_offer(hunted, one);
    best_offer(search, one);
}

enum status hunt_search_take(struct hunt_search *search, const struct hunt_case *one,
                             struct hunt_violation *violation, bool *found)
{
    struct hunted *hunted = search->hunted;
    *found = false;
    count(search, one);
    if (one->score.finding == FINDING_HOLDS)
        return OK;
    if (one->score.finding == FINDING_UNDECIDED && search->phase == HUNT_DROP)
        return OK; /* counted; outside the hypotheses it is no doubt about the statement */
    const bool may_pursue = hunted->pursued < PURSUED_MOST && !hunt_search_is_late(search);
    if (one->score.finding == FINDING_FAILS || may_pursue) {
        hunted->pursued += one->score.finding == FINDING_UNDECIDED;
        return pursue(search, one, violation, found);
    }
    hunted->open++; /* one of many that cannot be told */
    hunted->independent_open += one->point.independent;
    return OK;
}

/* ---- blocks ---- */

typedef enum status fill_case(void *from, struct hunt_case *one);

/* Up to `most` instances; fewer where the space gives no more in a long while. */
static enum status block_fill(struct hunt_search *search, fill_case *fill, void *from, size_t most,
                              size_t *filled)
{
    size_t empty = 0;
    *filled = 0;
    while (*filled < most && empty < EMPTY_MOST) {
        struct hunt_case *one = &search->block[*filled];
        TRY(fill(from, one));
        *filled += one->exists;
        empty += !one->exists;
    }
    return OK;
}

/* In a budget of seconds a block ends with it: some instances take a minute each. */
static bool is_late(const struct hunt_search *search, const struct hunt_share *share)
{
    return (search->plan->stop && *search->plan->stop) ||
           progress_clock() - search->begun >= share->until;
}

static enum status block_look(struct hunt_search *search, const struct hunt_share *share,
                              size_t filled)
{
    enum status status = OK;
    const struct hunt_plan *plan = search->plan;
#pragma omp parallel for schedule(dynamic)                                                         \
    num_threads(plan->threads > 0 ? plan->threads : omp_get_max_threads())
    for (size_t k = 0; k < filled; k++) {
        struct hunt_case *one = &search->block[k];
        one->score.exists = false;
        if (is_late(search, share))
            continue;
        const enum status looked =
            hunt_score(&search->hunted->question, &one->instance, &search->plan->plan, &one->score);
        if (looked != OK) {
#pragma omp critical(hunt_status)
            status = looked;
        }
        if (search->plan->advance)
            search->plan->advance(search->plan->context, 1);
    }
    return status;
}

static enum status block_take(struct hunt_search *search, size_t filled,
                              struct hunt_violation *violation, bool *found)
{
    for (size_t k = 0; k < filled && !*found; k++)
        if (search->block[k].score.exists)
            TRY(hunt_search_take(search, &search->block[k], violation, found));
    return OK;
}

static enum status blocks_run(struct hunt_search *search, fill_case *fill, void *from,
                              const struct hunt_share *share, struct hunt_violation *violation,
                              bool *found)
{
    size_t used = 0, filled = HUNT_BLOCK;
    *found = false;
    while (!*found && filled > 0 && !hunt_search_is_over(search, share, used)) {
        size_t most = HUNT_BLOCK;
        if (share->evaluations > 0 && share->evaluations - used < most)
            most = share->evaluations - used;
        TRY(block_fill(search, fill, from, most, &filled));
        TRY(block_look(search, share, filled));
        TRY(block_take(search, filled, violation, found));
        used += filled;
    }
    return OK;
}

/* ---- where instances come from ---- */

static enum status instance_make(struct hunt_case *one)
{
    if (one->exists)
        TRY(hunt_space_instance(&one->point.place, one->point.value, &one->instance));
    return OK;
}

static enum status fill_sweep(void *from, struct hunt_case *one)
{
    TRY(hunt_points_sweep(from, &one->point, &one->exists));
    return instance_make(one);
}

static enum status fill_boundary(void *from, struct hunt_case *one)
{
    TRY(hunt_points_boundary(from, &one->point, &one->exists));
    return instance_make(one);
}

struct both {
    struct hunt_points *points;
    size_t next;
};

static enum status fill_both(void *from, struct hunt_case *one)
{
    struct both *both = from;
    return both->next++ % 2 ? fill_sweep(both->points, one) : fill_boundary(both->points, one);
}

/* The record's own sampler. */
struct drawing {
    sampler *sample;
    size_t index;
    uint64_t seed;
};

static enum status fill_drawn(void *from, struct hunt_case *one)
{
    struct drawing *drawing = from;
    struct stream stream = stream_at(drawing->seed, stream_key("hunt drawn"), drawing->index);
    one->instance = (struct instance){.dim = 0};
    one->point.count = 0;
    one->point.independent = true;
    one->exists = drawing->sample(&stream, drawing->index++, &one->instance);
    return OK;
}

enum status hunt_search_sweep(struct hunt_search *search, struct hunt_points *points,
                              const struct hunt_share *share, struct hunt_violation *violation,
                              bool *found)
{
    return blocks_run(search, fill_sweep, points, share, violation, found);
}

enum status hunt_search_boundary(struct hunt_search *search, struct hunt_points *points,
                                 const struct hunt_share *share, struct hunt_violation *violation,
                                 bool *found)
{
    return blocks_run(search, fill_boundary, points, share, violation, found);
}

enum status hunt_search_both(struct hunt_search *search, struct hunt_points *points,
                             const struct hunt_share *share, struct hunt_violation *violation,
                             bool *found)
{
    struct both both = {.points = points};
    return blocks_run(search, fill_both, &both, share, violation, found);
}

enum status hunt_search_sampler(struct hunt_search *search, const struct hunt_share *share,
                                struct hunt_violation *violation, bool *found)
{
    struct drawing drawing = {.seed = search->plan->seed};
    drawing.sample = hunt_claim_sampler(search->hunted->claim, &drawing.index);
    return blocks_run(search, fill_drawn, &drawing, share, violation, found);
}
