/* Shrinking.
 *
 * Greedy and deterministic: first fewer layers (each layer is left out in turn; then a short search of
 * the simpler architecture from scratch), then all numbers rounded at once to as few binary digits as
 * the violation bears, then each number by itself through a short list of simpler ones, over and over
 * until nothing changes or the budget is used up.  A step is taken only if the simpler instance meets
 * the hypotheses and its violation is confirmed, so that the result needs no trust in the way to it.
 * Rejected: minimising the sum of all costs by search, which finds little more in much more time. */
#include "proofs-check/hunt_shrink.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { FRACTION_BITS_MOST = 20, SEARCHED = 300 };

/* ---- one step ---- */

static bool may_go_on(const struct hunt_shrinking *s)
{
    return s->trials < s->trials_most && !(s->stop && *s->stop);
}

/* The neighbours of a dropped hypothesis must go on violating it: else it would be the statement. */
static bool is_in_place(const struct hunt_place *place, const struct instance *instance)
{
    return hunt_space_meets(place, instance) &&
           (place->dropped == HUNT_NONE_DROPPED ||
            !hunt_space_holds(&place->space->hypothesis[place->dropped], instance));
}

/* Takes `point` in the place of the violation, if it is one. */
static enum status step_try(struct hunt_shrinking *s, const struct hunt_point *point,
                            struct hunt_violation *violation, bool *taken)
{
    struct hunt_violation next = {.point = *point};
    struct hunt_score score;
    *taken = false;
    if (!may_go_on(s))
        return OK;
    TRY(hunt_space_instance(&point->place, point->value, &next.instance));
    if (!is_in_place(&point->place, &next.instance))
        return OK;
    s->trials++;
    TRY(hunt_score(s->question, &next.instance, s->plan, &score));
    if (!score.exists || score.finding != FINDING_FAILS)
        return OK;
    s->trials += 2;
    TRY(hunt_score_confirm(s->question, &next.instance, s->plan, s->seed, &next.confirmation));
    if (next.confirmation.doubt != HUNT_CONFIRMED)
        return OK;
    *violation = next;
    s->steps++;
    *taken = true;
    return OK;
}

/* ---- fewer layers ---- */

/* Where number (group, index) of the smaller chain was in the larger one whose layer `gone` is left
 * out: unknowns are forward weights, then, where feedback learns, one weight less of these. */
static size_t index_before(const struct hunt_number *number, size_t depth, size_t gone)
{
    const size_t i = number->index;
    if (number->group == HUNT_START && i >= depth) {
        const size_t j = i - depth;
        return depth + 1 + j + (j >= (gone < depth ? gone : depth - 1));
    }
    return i + ((number->group == HUNT_START || number->group == HUNT_FEEDBACK) && i >= gone);
}

static double value_of(const struct hunt_point *point, size_t count,
                       const struct hunt_number *number, enum hunt_group group, size_t index)
{
    static const double ELSE = 0.5; /* of numbers that the larger architecture has not */
    for (size_t k = 0; k < count; k++)
        if (number[k].group == group && number[k].index == index)
            return point->value[k];
    return ELSE;
}

/* The point of the simpler architecture that is left when layer `gone` goes. */
static enum status point_without(const struct hunt_point *point, size_t architecture, size_t gone,
                                 struct hunt_point *smaller)
{
    struct hunt_number before[HUNT_NUMBERS_MOST], after[HUNT_NUMBERS_MOST];
    size_t count = 0;
    const size_t depth = point->place.space->architecture[architecture].depth;
    *smaller = *point;
    smaller->place.architecture = architecture;
    TRY(hunt_space_numbers(&point->place, &count, before));
    TRY(hunt_space_numbers(&smaller->place, &smaller->count, after));
    for (size_t k = 0; k < smaller->count; k++)
        smaller->value[k] =
            value_of(point, count, before, after[k].group,
                     depth > 0 ? index_before(&after[k], depth, gone) : after[k].index);
    hunt_space_fold(&smaller->place, smaller->count, after, smaller->value);
    return OK;
}

/* A short search of one simpler architecture: its boundary cases and its sweep. */
static enum status search_smaller(struct hunt_shrinking *s, size_t architecture,
                                  struct hunt_violation *violation, bool *taken)
{
    struct hunt_points *points = NULL;
    struct hunt_space one = *violation->point.place.space;
    one.architecture += architecture;
    one.architectures = 1;
    TRY(hunt_points_create(&one, violation->point.place.dropped, s->seed, &points));
    enum status status = OK;
    for (int k = 0; k < SEARCHED && status == OK && !*taken; k++) {
        struct hunt_point point;
        bool exists = false;
        status = k % 2 ? hunt_points_sweep(points, &point, &exists)
                       : hunt_points_boundary(points, &point, &exists);
        point.place = violation->point.place;
        point.place.architecture = architecture;
        if (status == OK && exists)
            status = step_try(s, &point, violation, taken);
    }
    hunt_points_free(points);
    return status;
}

static enum status try_architecture(struct hunt_shrinking *s, size_t architecture,
                                    struct hunt_violation *violation, bool *taken)
{
    const struct hunt_space *space = violation->point.place.space;
    const struct hunt_point from = violation->point;
    const size_t layers = space->architecture[from.place.architecture].depth;
    const bool next = space->architecture[architecture].depth + 1 == layers;
    for (size_t gone = 0; gone < (next ? layers : 1) && !*taken; gone++) {
        struct hunt_point smaller;
        TRY(point_without(&from, architecture, gone, &smaller));
        TRY(step_try(s, &smaller, violation, taken));
    }
    return *taken ? OK : search_smaller(s, architecture, violation, taken);
}

/* The simplest architecture on which it fails. */
static enum status architectures_try(struct hunt_shrinking *s, struct hunt_violation *violation)
{
    bool taken = false;
    for (size_t k = 0; k < violation->point.place.architecture && !taken; k++)
        TRY(try_architecture(s, k, violation, &taken));
    return OK;
}

/* ---- simpler numbers ---- */

double hunt_shrink_cost(double value)
{
    static const double NEGATIVE = 0.5, NOT_WHOLE = 1;
    int exponent;
    if (value == 0)
        return 0;
    const double fraction = frexp(fabs(value), &exponent);
    int bits = 1; /* of the odd number p in value = p 2^e */
    while (bits < DBL_MANT_DIG && ldexp(fraction, bits) != floor(ldexp(fraction, bits)))
        bits++;
    const int below = bits - exponent > 0 ? bits - exponent : 0; /* binary digits after the point */
    const int above = exponent > 0 ? exponent : 1;
    return bits + above + below + NOT_WHOLE * (below > 0) + NEGATIVE * (value < 0);
}

static double rounded(double value, int bits)
{
    return ldexp(nearbyint(ldexp(value, bits)), -bits) + 0.0; /* no negative zero */
}

static enum status round_all(struct hunt_shrinking *s, struct hunt_violation *violation)
{
    bool taken = false;
    for (int bits = 0; bits <= FRACTION_BITS_MOST && !taken; bits++) {
        struct hunt_point point = violation->point;
        for (size_t k = 0; k < point.count; k++)
            point.value[k] = rounded(point.value[k], bits);
        if (memcmp(point.value, violation->point.value, point.count * sizeof *point.value) == 0)
            return OK;
        TRY(step_try(s, &point, violation, &taken));
    }
    return OK;
}

/* A number simpler than value[k]: the standard ones, then roundings; 1 and above only if simpler. */
static enum status simplify_one(struct hunt_shrinking *s, size_t k,
                                struct hunt_violation *violation, bool *changed)
{
    static const double simple[] = {0, 1, -1, 2, -2, 0.5, -0.5, 1.5, -1.5};
    enum { SIMPLE = sizeof simple / sizeof *simple };
    const double value = violation->point.value[k];
    bool taken = false;
    for (int c = 0; c < SIMPLE + FRACTION_BITS_MOST && !taken; c++) {
        struct hunt_point point = violation->point;
        point.value[k] = c < SIMPLE ? simple[c] : rounded(value, c - SIMPLE);
        if (hunt_shrink_cost(point.value[k]) < hunt_shrink_cost(value))
            TRY(step_try(s, &point, violation, &taken));
    }
    *changed |= taken;
    return OK;
}

static enum status simplify_numbers(struct hunt_shrinking *s, struct hunt_violation *violation)
{
    bool changed = true;
    while (changed && may_go_on(s)) {
        changed = false;
        for (size_t k = 0; k < violation->point.count; k++)
            TRY(simplify_one(s, k, violation, &changed));
    }
    return OK;
}

enum status hunt_shrink(struct hunt_shrinking *s, struct hunt_violation *violation)
{
    TRY(architectures_try(s, violation));
    TRY(round_all(s, violation));
    return simplify_numbers(s, violation);
}
