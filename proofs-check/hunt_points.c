/* Points of a space.
 *
 * The sweep alternates points of Sobol's sequence (GSL), shifted modulo 1 by numbers of the seed so
 * that another seed is another sweep, with independent ones.  The first fill the space evenly, which
 * finds small sets sooner; only the second tell of a probability.  Sobol's numbers in GSL end at 40
 * dimensions; above, all points are independent.
 *
 * Boundary cases are where statements about all starts fail: zeros, equal and opposite numbers, small
 * rationals.  Every base point is run through all of its modifications before the next one; where the
 * numbers are so many that no second one would be reached, every other case has a base of its own.
 * Starts alternate between the architectures, simplest first.  notes/hunter.md, (HU2). */
#include "proofs-check/hunt_points.h"

#include <gsl/gsl_qrng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One architecture of the space. */
struct room {
    struct hunt_place place;
    size_t count;
    struct hunt_number number[HUNT_NUMBERS_MOST];
    gsl_qrng *sobol; /* NULL above its dimensions */
    double shift[HUNT_NUMBERS_MOST];
    uint64_t swept, bounded; /* points given so far */
};

struct hunt_points {
    const struct hunt_space *space;
    int dropped;
    uint64_t seed, swept, bounded;
    size_t rooms;
    struct room room[];
};

static enum status room_open(struct hunt_points *points, size_t architecture)
{
    struct room *room = &points->room[architecture];
    room->place = (struct hunt_place){
        .space = points->space, .architecture = architecture, .dropped = points->dropped};
    TRY(hunt_space_numbers(&room->place, &room->count, room->number));
    struct stream stream = stream_at(points->seed, stream_key("hunt shift"), architecture);
    for (size_t k = 0; k < room->count; k++)
        room->shift[k] = stream_uniform(&stream);
    if (room->count > gsl_qrng_sobol->max_dimension || room->count == 0)
        return OK;
    room->sobol = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)room->count);
    return room->sobol ? OK : status_fail(NO_MEMORY, "a Sobol sequence of %zu", room->count);
}

static enum status rooms_open(struct hunt_points *points)
{
    for (size_t k = 0; k < points->rooms; k++)
        TRY(room_open(points, k));
    return OK;
}

enum status hunt_points_create(const struct hunt_space *space, int dropped, uint64_t seed,
                               struct hunt_points **out)
{
    struct hunt_points *points =
        calloc(1, sizeof *points + space->architectures * sizeof *points->room);
    if (!points)
        return status_fail(NO_MEMORY, "a space of %zu architectures", space->architectures);
    points->space = space;
    points->dropped = dropped;
    points->seed = seed;
    points->rooms = space->architectures;
    const enum status status = rooms_open(points);
    if (status != OK)
        hunt_points_free(points);
    else
        *out = points;
    return status;
}

void hunt_points_free(struct hunt_points *points)
{
    for (size_t k = 0; points && k < points->rooms; k++)
        if (points->room[k].sobol)
            gsl_qrng_free(points->room[k].sobol);
    free(points);
}

/* ---- what a point must meet ---- */

static bool is_violated(const struct hunt_points *points, const struct instance *instance)
{
    return points->dropped == HUNT_NONE_DROPPED ||
           !hunt_space_holds(&points->space->hypothesis[points->dropped], instance);
}

static enum status point_finish(const struct hunt_points *points, const struct room *room,
                                struct hunt_point *point, bool *exists)
{
    struct instance instance;
    hunt_space_fold(&room->place, room->count, room->number, point->value);
    TRY(hunt_space_instance(&room->place, point->value, &instance));
    *exists = hunt_space_meets(&room->place, &instance) && is_violated(points, &instance);
    return OK;
}

/* Of a dropped hypothesis about numbers that must not vanish, no drawn point is a violation: one of
 * these numbers is made zero, or has its sign turned. */
static void violate(const struct hunt_points *points, const struct room *room,
                    struct stream *stream, double *value)
{
    if (points->dropped == HUNT_NONE_DROPPED)
        return;
    const struct hunt_hypothesis *h = &points->space->hypothesis[points->dropped];
    size_t members[HUNT_NUMBERS_MOST], count = 0;
    for (size_t k = 0; k < room->count && !h->meets; k++)
        if (room->number[k].group == h->group)
            members[count++] = k;
    if (count == 0)
        return;
    const size_t k = h->index == HUNT_EVERY  ? members[stream_below(stream, count)]
                     : h->index == HUNT_LAST ? members[count - 1]
                                             : members[(size_t)h->index % count];
    if (h->domain == HUNT_ZERO || h->domain == HUNT_ONE)
        return; /* every other number is a violation */
    if (h->domain == HUNT_NOT_ZERO || stream_below(stream, 2))
        value[k] = 0;
    else
        value[k] = h->domain == HUNT_NEGATIVE ? fabs(value[k]) : -fabs(value[k]);
}

/* ---- the sweep ---- */

static void draw_cube(const struct hunt_points *points, struct room *room, uint64_t index,
                      bool independent, double *u)
{
    struct stream stream = stream_at(points->seed, stream_key("hunt sweep"),
                                     index * points->rooms + room->place.architecture);
    if (!independent)
        gsl_qrng_get(room->sobol, u);
    for (size_t k = 0; k < room->count; k++) {
        const double v = independent ? stream_uniform(&stream) : u[k] + room->shift[k];
        u[k] = v - floor(v) > 0 ? v - floor(v) : room->shift[k];
    }
}

enum status hunt_points_sweep(struct hunt_points *points, struct hunt_point *point, bool *exists)
{
    struct room *room = &points->room[points->swept++ % points->rooms];
    const uint64_t index = room->swept++;
    struct stream stream = stream_at(points->seed, stream_key("hunt violations"), points->swept);
    double u[HUNT_NUMBERS_MOST] = {0};
    point->place = room->place;
    point->count = room->count;
    point->independent = index % 2 == 1 || !room->sobol;
    draw_cube(points, room, index, point->independent, u);
    for (size_t k = 0; k < room->count; k++)
        point->value[k] = hunt_space_value(points->space, k, u[k]);
    violate(points, room, &stream, point->value);
    return point_finish(points, room, point, exists);
}

/* ---- boundary cases ---- */

/* The kinds of modifications of two numbers. */
enum pair { PAIR_ZERO, PAIR_EQUAL, PAIR_OPPOSITE, PAIR_KINDS };

/* Above so many numbers there are more than 250 modifications of each base point. */
enum { NUMBERS_FEW = 12, BASES_EQUAL = 2 };

/* Base 0: all 1/2; base 1: all 1; then multiples of 1/4 up to 2. */
static void base_point(const struct hunt_points *points, const struct room *room, uint64_t base,
                       double *value)
{
    enum { QUARTERS = 8 };
    static const double QUARTER = 0.25;
    struct stream stream = stream_at(points->seed, stream_key("hunt boundary"),
                                     base * points->rooms + room->place.architecture);
    for (size_t k = 0; k < room->count; k++) {
        const double drawn = QUARTER * (1 + (double)stream_below(&stream, QUARTERS));
        const double sign = stream_below(&stream, 2) ? 1 : -1;
        value[k] = base == 0 ? 2 * QUARTER : base == 1 ? 1 : sign * drawn;
    }
}

/* Base 0: the start of the file; base 1: the middle; then eighths of the intervals, ends among them. */
static void base_in_box(const struct hunt_points *points, const struct room *room, uint64_t base,
                        double *value)
{
    enum { EIGHTHS = 8 };
    const struct hunt_box *box = points->space->box;
    struct stream stream = stream_at(points->seed, stream_key("hunt boundary"), base);
    for (size_t k = 0; k < room->count; k++) {
        const size_t index = box->number[k].index;
        const double drawn = (double)stream_below(&stream, EIGHTHS + 1) / EIGHTHS;
        value[k] = hunt_space_value(points->space, k, base == 1 ? 1.0 / 2 : drawn);
        if (base == 0)
            value[k] = box->number[k].group == HUNT_START ? box->origin.x0[index]
                                                          : box->origin.problem.parameters[index];
    }
}

static void modify_pair(const struct room *room, uint64_t pair, enum pair kind, double *value)
{
    size_t i = 0, j = 1;
    for (uint64_t left = pair; left > 0; left--) /* pairs (0, 1), (0, 2), ..., (1, 2), ... */
        if (++j == room->count)
            j = ++i + 1;
    if (kind == PAIR_ZERO)
        value[i] = value[j] = 0;
    else
        value[j] = kind == PAIR_EQUAL ? value[i] : -value[i];
}

static void modify_group(const struct room *room, enum hunt_group group, double *value)
{
    for (size_t k = 0; k < room->count; k++)
        if (room->number[k].group == group)
            value[k] = 0;
}

/* Modification m of: none, each number zero, each group zero, each pair in three ways; false: there
 * are no more. */
static bool modify(const struct room *room, uint64_t m, double *value)
{
    const uint64_t n = room->count, pairs = n * (n - (n > 0)) / 2;
    if (m == 0)
        return true;
    if (m <= n) {
        value[m - 1] = 0;
        return true;
    }
    if (m <= n + HUNT_GROUPS) {
        modify_group(room, (enum hunt_group)(m - n - 1), value);
        return true;
    }
    const uint64_t p = m - n - HUNT_GROUPS - 1;
    if (p >= pairs * PAIR_KINDS)
        return false;
    modify_pair(room, p / PAIR_KINDS, (enum pair)(p % PAIR_KINDS), value);
    return true;
}

static bool same(const struct room *room, const double *one, const double *two)
{
    for (size_t k = 0; k < room->count; k++)
        if (one[k] != two[k])
            return false;
    return true;
}

static uint64_t modifications(const struct room *room)
{
    const uint64_t n = room->count;
    return 1 + n + HUNT_GROUPS + PAIR_KINDS * (n * (n - (n > 0)) / 2);
}

enum status hunt_points_boundary(struct hunt_points *points, struct hunt_point *point, bool *exists)
{
    struct room *room = &points->room[points->bounded++ % points->rooms];
    const uint64_t bounded = room->bounded++, each = modifications(room);
    const bool lone = room->count > NUMBERS_FEW && bounded % 2 == 1; /* of a base of its own */
    const uint64_t index = room->count > NUMBERS_FEW ? bounded / 2 : bounded;
    point->place = room->place;
    point->count = room->count;
    point->independent = false;
    (points->space->box ? base_in_box : base_point)(
        points, room, lone ? BASES_EQUAL + index : index / each, point->value);
    hunt_space_fold(&room->place, room->count, room->number, point->value);
    double base[HUNT_NUMBERS_MOST];
    memcpy(base, point->value, sizeof base);
    *exists = modify(room, index % each, point->value) &&
              (index % each == 0 || !same(room, base, point->value)); /* it was there already */
    return *exists ? point_finish(points, room, point, exists) : OK;
}
