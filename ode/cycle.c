/* Two integrators for two statements: the referee (CVODE) finds the cycle and its period, GSL's
 * rk8pd brackets it on the section.  The error of the return map is estimated by its change when
 * the tolerance is raised a hundredfold, times a safety factor; the bracket is widened until the
 * displacement exceeds that on both sides.
 *
 * A cycle that repels is bracketed forwards as long as the map can be followed there: with a larger
 * multiplier what starts 1e-9 beside it is far away a turn later.  Then it is bracketed backwards,
 * where the map contracts so strongly that its slope is rounding, and the multiplier is
 * Liouville's. */
#include "ode/cycle.h"

#include "ode/reverse.h"
#include "ode/trajectory.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double COARSER = 100;      /* tolerance of the second run over that of the first */
static const double SAFETY = 10;        /* on the estimated error of the map */
static const double FIRST_WIDTH = 1e-9; /* half the bracket, of |point| + 1 */
static const double WIDER = 10, WIDEST = 1e-2;
/* Of the extent of the turn: a bracket that wide may hold what the orbit turns round, (Z2) */
static const double NARROW = 1e-2;
enum { NEWTON_MOST = 20, WIDENINGS = 7 }; /* from FIRST_WIDTH to WIDEST */
/* Multiplier up to which a cycle that repels is bracketed forwards: 1e-9 beside it is still near a
 * turn later */
static const double FORWARDS_MOST = 1e6;
/* Of the period as it was seen and as the map has it, relative: the same cycle */
static const double SAME_PERIOD = 1e-3;
/* A slope of a map below this is rounding, if it is taken from differences */
static const double MEASURED_LEAST = 1e-3;

/* P(s) - s, and how far it can be trusted; NAN where it does not return. */
struct displacement {
    double value, error;
    struct return_crossing crossing;
};

static enum status displacement_at(const struct return_map *map, double s, struct displacement *d)
{
    struct return_map coarse = *map;
    struct return_crossing rough;
    coarse.rtol *= COARSER;
    *d = (struct displacement){.value = NAN};
    enum status status = return_map_at(map, s, &d->crossing);
    if (status == OK)
        status = return_map_at(&coarse, s, &rough);
    if (status == SOLVER_FAILED) /* no return: an answer */
        return OK;
    TRY(status);
    d->value = d->crossing.s - s;
    const double size = fabs(s) + hypot(map->point[0], map->point[1]) + 1; /* of a coordinate */
    d->error = SAFETY * (fabs(d->crossing.s - rough.s) + DBL_EPSILON * size);
    return OK;
}

/* The fixed point of the map near s = 0, by the secant rule. */
static enum status map_settle(const struct return_map *map, double scale, double *s,
                              struct displacement *at)
{
    double other = FIRST_WIDTH * scale;
    struct displacement last;
    *s = 0;
    TRY(displacement_at(map, other, &last));
    TRY(displacement_at(map, *s, at));
    for (int k = 0; k < NEWTON_MOST && fabs(at->value) > at->error; k++) {
        const double slope = (at->value - last.value) / (*s - other);
        if (!(fabs(slope) > 0))
            break;
        const double next = *s - at->value / slope;
        if (!(fabs(next) <= WIDEST * scale))
            break;
        other = *s;
        last = *at;
        *s = next;
        TRY(displacement_at(map, *s, at));
    }
    return OK;
}

/* How far the turn reaches, at least. */
static double extent_of(const struct return_crossing *turn)
{
    return fmax(turn->high[0] - turn->low[0], turn->high[1] - turn->low[1]);
}

/* Opposite displacements beyond their errors on both sides of s. */
static enum status cycle_bracket(const struct return_map *map, double scale, double s,
                                 struct cycle *cycle)
{
    for (int k = 0; k <= WIDENINGS; k++) {
        const double half = FIRST_WIDTH * scale * pow(WIDER, k);
        struct displacement low, high;
        TRY(displacement_at(map, s - half, &low));
        TRY(displacement_at(map, s + half, &high));
        if (!(2 * half <= NARROW * fmin(extent_of(&low.crossing), extent_of(&high.crossing))))
            continue;
        const bool clear = fabs(low.value) > low.error && fabs(high.value) > high.error;
        if (!clear || !(low.value * high.value < 0))
            continue;
        cycle->certified = true;
        cycle->width = 2 * half;
        cycle->error = fmax(low.error, high.error);
        cycle->multiplier = 1 + (high.value - low.value) / (2 * half);
        return OK;
    }
    return OK;
}

static enum status cycle_examine(const struct flow *flow, struct cycle *cycle)
{
    struct return_map map;
    struct displacement at = {.value = NAN};
    double s = 0;
    const double scale = 1 + hypot(cycle->point[0], cycle->point[1]);
    TRY(return_map_across(flow, cycle->point, &map));
    TRY(map_settle(&map, scale, &s, &at));
    if (isnan(at.value))
        return OK;
    for (int i = 0; i < 2; i++)
        cycle->point[i] += s * map.tangent[i];
    cycle->period = at.crossing.time;
    memcpy(cycle->low, at.crossing.low, sizeof cycle->low);
    memcpy(cycle->high, at.crossing.high, sizeof cycle->high);
    cycle->liouville = cycle->multiplier = exp(at.crossing.divergence);
    TRY(cycle_bracket(&map, scale, s, cycle));
    if (cycle->certified && fabs(cycle->multiplier) <= cycle->error / cycle->width)
        cycle->multiplier = cycle->liouville; /* a difference of rounding */
    cycle->attracts = cycle->multiplier < 1;
    return OK;
}

/* Does `direction`, the flow or its reverse, carry start to a cycle? */
static enum status cycle_seek(const struct flow *direction, const struct plan *plan,
                              const double *start, struct cycle *cycle)
{
    struct outcome *outcome = outcome_create(direction);
    if (!outcome)
        return status_fail(NO_MEMORY, "a limit cycle");
    const enum status status = trajectory_run(direction, plan, start, outcome);
    cycle->found = status == OK && outcome->ending == ENDING_CYCLING;
    cycle->seen = cycle->found ? outcome->period : NAN;
    if (cycle->found)
        memcpy(cycle->point, outcome->last, sizeof cycle->point);
    else
        memcpy(cycle->ended, outcome->reason, sizeof cycle->ended);
    outcome_free(outcome);
    return status;
}

enum status cycle_ahead(const struct flow *flow, const struct plan *plan, const double *start,
                        struct cycle *cycle)
{
    *cycle = (struct cycle){.found = false};
    TRY(cycle_seek(flow, plan, start, cycle));
    return cycle->found ? cycle_examine(flow, cycle) : OK;
}

/* What is known of the reversed cycle is known of the cycle. */
static void cycle_turn(struct cycle *cycle)
{
    const bool measured = cycle->liouville > MEASURED_LEAST;
    cycle->liouville = 1 / cycle->liouville;
    cycle->multiplier = measured ? 1 / cycle->multiplier : cycle->liouville;
    cycle->attracts = cycle->multiplier < 1;
}

/* Is the cycle that was bracketed the one that was seen? */
static bool is_followed(const struct cycle *cycle)
{
    return cycle->certified && cycle->liouville <= FORWARDS_MOST &&
           fabs(cycle->period - cycle->seen) <= SAME_PERIOD * cycle->seen;
}

/* Forwards, or where that cannot be backwards. */
static enum status cycle_examine_behind(const struct flow *flow, const struct flow *backwards,
                                        struct cycle *cycle)
{
    struct cycle forwards = *cycle;
    const enum status status = cycle_examine(flow, &forwards);
    if (status == OK && !is_followed(&forwards)) {
        TRY(cycle_examine(backwards, cycle));
        if (cycle->certified)
            cycle_turn(cycle);
        return OK;
    }
    *cycle = forwards;
    return status;
}

enum status cycle_behind(const struct flow *flow, const struct plan *plan, const double *start,
                         struct cycle *cycle)
{
    *cycle = (struct cycle){.found = false};
    struct flow *backwards = reverse_create(flow);
    if (!backwards)
        return status_fail(NO_MEMORY, "a limit cycle");
    enum status status = cycle_seek(backwards, plan, start, cycle);
    if (status == OK && cycle->found)
        status = cycle_examine_behind(flow, backwards, cycle);
    flow_free(backwards);
    return status;
}

enum status cycle_near(const struct flow *flow, const double *point, double period,
                       struct cycle *cycle)
{
    *cycle = (struct cycle){.found = true, .seen = period, .point = {point[0], point[1]}};
    struct flow *backwards = reverse_create(flow);
    if (!backwards)
        return status_fail(NO_MEMORY, "a limit cycle");
    const enum status status = cycle_examine_behind(flow, backwards, cycle);
    flow_free(backwards);
    return status;
}
