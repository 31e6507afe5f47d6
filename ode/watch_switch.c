/* At a surface where the field jumps: the next piece, or why there is none, and what the passage makes
 * of the error that is followed, (E25), (E46).
 *
 * Which surface is reached first is decided by the error where another one is nearer than that: a
 * state that crosses a3 = 0 at a2 = 1e-9, known to 1e-8, may as well cross a2 = 0 before.  If the
 * pieces that meet there agree on the way, the order does not matter; else what follows belongs to
 * another start as much as to this one, and the run is given up. */
#include "ode/watch_work.h"

#include "ode/switch.h"
#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the error that is followed, which is known to a factor: a surface nearer than this may have been
 * crossed before; as for the passage of a saddle, (E13) */
static const double REACHES = 10;

static const char MEETS[] =
    "its error decides whether it crosses a surface, or which one first; try smaller tolerances";

/* No solution comes to a surface that its own piece leads away from, (E24) */
static const char ONE_SIDED[] = "comes within its error to %s, where the field of its side "
                                "vanishes: its error decides whether it stays";
static const char NOT_REACHED[] = "comes to %s by its error only, as the fields of both sides lead "
                                  "away; try smaller tolerances";

static const char GRAZED[] =
    "passed a surface within its error without crossing it; try smaller tolerances";
/* Error of the cubic between two steps, relative to its ends: 1e-3 was seen with steps of rk8pd */
static const double CUBIC = 1e-2;

/* One passage and its work space. */
struct passage {
    const double *x;
    const int *at_zero;
    int *near; /* [switches] at_zero, and the surfaces that the error reaches */
    double *before, *after, *point, *g, *up, *down;
    signed char *side; /* [switches] of the next piece */
};

static void *passage_begin(const struct flow *flow, const double *x, const int *at_zero,
                           struct passage *p)
{
    const size_t n = flow->dim, m = flow->switches;
    double *storage = calloc(3 * n + 3 * m + 1, sizeof(double) + sizeof(int) + 1);
    *p = (struct passage){.x = x, .at_zero = at_zero};
    if (!storage)
        return NULL;
    p->before = storage;
    p->after = p->before + n;
    p->point = p->after + n;
    p->g = p->point + n;
    p->up = p->g + m;
    p->down = p->up + m;
    p->near = (int *)(void *)(p->down + m);
    p->side = (signed char *)(p->near + m);
    return storage;
}

/* The derivative of switching function k along v. */
static double derivative_along(const struct flow *flow, struct passage *p, size_t k,
                               const double *v)
{
    const size_t n = flow->dim;
    const double size = vector_norm(n, v);
    const double h = cbrt(DBL_EPSILON) * (1 + vector_norm(n, p->x)) / (size > 0 ? size : 1);
    for (size_t j = 0; j < n; j++)
        p->point[j] = p->x[j] + h * v[j];
    flow->switching(flow, p->point, p->up);
    for (size_t j = 0; j < n; j++)
        p->point[j] = p->x[j] - h * v[j];
    flow->switching(flow, p->point, p->down);
    return (p->up[k] - p->down[k]) / (2 * h);
}

/* d += (after - before) n.d/n.before, at the surface that is reached latest for the error. */
static enum status carry_error(struct watch *watch, struct passage *p)
{
    const struct flow *flow = watch->flow;
    const double *d = global_error_vector(watch->error);
    double late = 0;
    for (size_t k = 0; k < flow->switches; k++) {
        if (!p->at_zero[k])
            continue;
        const double delay =
            derivative_along(flow, p, k, d) / derivative_along(flow, p, k, p->before);
        late = isfinite(delay) && fabs(delay) > fabs(late) ? delay : late;
    }
    TRY(flow->field(flow, 1, p->x, p->after));
    for (size_t j = 0; j < flow->dim; j++)
        p->point[j] = d[j] + (p->after[j] - p->before[j]) * late;
    global_error_start(watch->error, p->point);
    return OK;
}

/* How far the state may be from the true one.  On leaves that are curves the order of the surfaces
 * is that along the leaf of the start: what counts is how far the state is from that. */
static double error_of(const struct watch *watch)
{
    const double local = watch_local_error(watch, vector_norm(watch->flow->dim, watch->x));
    if (watch->error)
        return fmax(local, global_error_size(watch->error));
    return local + (watch->work ? fixed_point_off_leaf(watch->work, watch->x) : 0);
}

/* How far from x the surface may truly be reached: an error d across it delays the passage by
 * d/|n.f|, and the more the flatter the way. */
static double reach_of(const struct watch *watch, struct passage *p)
{
    const struct flow *flow = watch->flow;
    const double error = error_of(watch), speed = vector_norm(flow->dim, p->before);
    double slope = 1;
    for (size_t k = 0; k < flow->switches; k++)
        if (p->at_zero[k])
            slope = fmin(slope, fabs(derivative_along(flow, p, k, p->before)) / speed);
    return REACHES * error * (1 + 1 / slope);
}

/* How deep the field of the piece that ends would go beyond surface k before it turned: g'^2/(2 g''),
 * INFINITY where it does not turn. */
static enum status depth_beyond(const struct flow *flow, struct passage *p, size_t k, double *depth)
{
    const size_t n = flow->dim;
    const double size = vector_norm(n, p->before), speed = derivative_along(flow, p, k, p->before);
    const double h = cbrt(DBL_EPSILON) * (1 + vector_norm(n, p->x)) / (size > 0 ? size : 1);
    double ahead_less_behind = 0;
    for (int side = -1; side <= 1; side += 2) {
        for (size_t j = 0; j < n; j++)
            p->point[j] = p->x[j] + side * h * p->before[j];
        TRY(flow->field(flow, 1, p->point, p->after));
        ahead_less_behind += side * derivative_along(flow, p, k, p->after);
    }
    const double turn = ahead_less_behind / (2 * h);
    *depth = turn * speed < 0 ? speed * speed / (2 * fabs(turn)) : INFINITY;
    return OK;
}

/* May the true way turn before the surface that this one crosses? */
static enum status look_at_turn(struct watch *watch, struct passage *p, bool *decides)
{
    const double error = REACHES * error_of(watch);
    for (size_t k = 0; k < watch->flow->switches; k++) {
        double depth = INFINITY;
        if (p->at_zero[k])
            TRY(depth_beyond(watch->flow, p, k, &depth));
        *decides = *decides || depth <= error;
    }
    return OK;
}

/* Does the error reach other surfaces, where the pieces do not agree? */
static enum status look_at_others(struct watch *watch, struct passage *p, bool *decides)
{
    const struct flow *flow = watch->flow;
    const size_t m = flow->switches;
    const double reach = reach_of(watch, p);
    size_t others = 0;
    flow->switching(flow, p->x, p->g);
    for (size_t k = 0; k < m; k++) {
        p->near[k] = p->at_zero[k] || fabs(p->g[k]) <= reach;
        others += p->near[k] && !p->at_zero[k];
    }
    *decides = false;
    if (others == 0)
        return OK;
    struct switch_fate fate;
    memcpy(p->side, flow->side, m);
    const enum status status = switch_cross(flow, p->x, p->near, &fate);
    memcpy(flow->side, p->side, m);
    *decides = status == OK && fate.verdict != SWITCH_CROSSES;
    return status;
}

/* Is the field with which the state came zero somewhere within its error, |f| <= |J| error? */
static bool has_come_to_rest(const struct watch *watch, const struct passage *p)
{
    const size_t n = watch->flow->dim;
    const double J_size = watch->large ? watch->J_size : vector_norm(n * n, watch->J);
    return vector_norm(n, p->before) <= J_size * error_of(watch);
}

/* No solution comes there, or not by itself: why it ends at a surface; NULL: what starts there may
 * go on, or has a reason of its own, switch_reason(). */
static const char *reason_at_surface(const struct watch *watch, const struct passage *p,
                                     const struct switch_fate *fate)
{
    const bool parts = fate->verdict == SWITCH_PARTS, grazes = fate->verdict == SWITCH_GRAZES;
    if ((parts || grazes) && has_come_to_rest(watch, p))
        return ONE_SIDED;
    return parts ? NOT_REACHED : NULL;
}

/* The run does not cross: it slides, hands over, or ends. */
static void stop_at_surface(struct watch *watch, const struct passage *p,
                            const struct switch_fate *fate, struct outcome *outcome)
{
    const char *why = reason_at_surface(watch, p, fate);
    const bool goes_on = !why && switch_goes_on(watch->flow, fate);
    const bool astray = goes_on && watch->error && global_error_decides(watch->error);
    char reason[REASON_MAX], name[SURFACE_TEXT];
    if (why) /* one of the list above */
        snprintf(reason, sizeof reason, why, switch_name(watch->flow, fate->at, name));
    else
        switch_reason(watch->flow, fate, sizeof reason, reason);
    watch_close(watch, ENDING_HORIZON, astray ? ASTRAY : reason, outcome);
    if (!goes_on || astray)
        return;
    outcome->stop = (long)fate->at;
    if (watch->error)
        memcpy(outcome->error, global_error_vector(watch->error),
               watch->flow->dim * sizeof(double));
}

static enum status pass(struct watch *watch, struct passage *p, struct outcome *outcome,
                        bool *ended)
{
    struct switch_fate fate;
    bool decides = false;
    TRY(watch->flow->field(watch->flow, 1, p->x, p->before));
    if (!watch->plan->no_endings)
        TRY(look_at_others(watch, p, &decides));
    if (!watch->plan->no_endings && !decides)
        TRY(look_at_turn(watch, p, &decides));
    TRY(switch_cross(watch->flow, p->x, p->at_zero, &fate));
    outcome->crossings += fate.crossed;
    /* a fate that ends the run has its own reason */
    decides = decides && (fate.verdict == SWITCH_CROSSES || fate.verdict == SWITCH_SLIDES ||
                          fate.verdict == SWITCH_HALTS);
    *ended = decides || fate.verdict != SWITCH_CROSSES;
    if (!*ended)
        return watch->error && !watch->plan->no_endings ? carry_error(watch, p) : OK;
    if (decides)
        watch_close(watch, ENDING_HORIZON, MEETS, outcome);
    else
        stop_at_surface(watch, p, &fate, outcome);
    return OK;
}

enum status watch_switch(struct watch *watch, double t, const double *x, const int *at_zero,
                         struct outcome *outcome, bool *ended)
{
    struct passage p;
    void *storage = passage_begin(watch->flow, x, at_zero, &p);
    if (!storage)
        return status_fail(NO_MEMORY, "a passage of %s", watch->flow->title);
    memcpy(watch->x, x, watch->flow->dim * sizeof(double));
    watch->t = t;
    watch->has_g = false;
    const enum status status = pass(watch, &p, outcome, ended);
    free(storage);
    return status;
}

/* ---- near misses ---- */

/* The cubic with these values and slopes at 0 and 1. */
static double cubic(const double value[2], const double slope[2], double s)
{
    const double up = value[1] - value[0], a = slope[0] - up, b = up - slope[1];
    return value[0] + s * up + s * (1 - s) * (a * (1 - s) + b * s);
}

/* The least |g| strictly between two steps, where g comes nearer and goes again; else INFINITY. */
static double least_between(const double value[2], const double slope[2])
{
    enum { HALVINGS = 30 };
    if (!(value[0] * value[1] > 0 && value[0] * slope[0] < 0 && value[1] * slope[1] > 0))
        return INFINITY;
    double low = 0, high = 1;
    for (int i = 0; i < HALVINGS; i++) {
        const double third = (high - low) / 3, left = low + third, right = high - third;
        if (fabs(cubic(value, slope, left)) < fabs(cubic(value, slope, right)))
            high = right;
        else
            low = left;
    }
    return fabs(cubic(value, slope, low));
}

static void look_between(struct watch *watch, struct passage *p, double *least)
{
    const struct flow *flow = watch->flow;
    const double error = REACHES * error_of(watch);
    flow->switching(flow, p->x, p->g);
    for (size_t k = 0; k < flow->switches; k++) {
        const double speed = derivative_along(flow, p, k, watch->f);
        const double value[2] = {watch->g[k], p->g[k]};
        const double slope[2] = {watch->h * watch->g_speed[k], watch->h * speed};
        const double room = error + CUBIC * fmax(fabs(value[0]), fabs(value[1]));
        if (watch->has_g)
            *least = fmin(*least, least_between(value, slope) / room);
        watch->g_speed[k] = speed;
    }
    memcpy(watch->g, p->g, flow->switches * sizeof *watch->g);
    watch->has_g = true;
}

enum status watch_has_grazed(struct watch *watch, struct outcome *outcome, bool *ended)
{
    if (watch->flow->switches == 0)
        return OK;
    struct passage p;
    double least = INFINITY; /* over what it may be in truth */
    void *storage = passage_begin(watch->flow, watch->x, NULL, &p);
    if (!storage)
        return status_fail(NO_MEMORY, "a passage of %s", watch->flow->title);
    look_between(watch, &p, &least);
    free(storage);
    *ended = least <= 1;
    if (*ended)
        watch_close(watch, ENDING_HORIZON, GRAZED, outcome);
    return OK;
}
