/* The stretches of one run.
 *
 * A stretch starts on the leaf of the first start, of which the claims that sliding keeps remain:
 * the state is put there, and on the surface, by the least correction.  A stretch of sliding that
 * has nowhere to go, since f_s vanishes near the state, is never integrated: the state rests where
 * it came to the surface.  Whatever ends a stretch of sliding is believed only if both sides push
 * onto the surface farther round than the state may be wrong, (E22); at the end of sliding the
 * normal speed that vanishes must do so transversally, (E21).  All else is undecided. */
#include "ode/slide_run.h"

#include "ode/corner.h"
#include "ode/fixed_point.h"
#include "ode/leaf.h"
#include "ode/slide.h"
#include "ode/switch.h"
#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a state may be wrong by, in local errors, where nothing better is known: (E6) */
static const double NOISE = 1e3;
/* Newton's iteration onto leaf and surface: quadratic from a local error */
enum { CORRECTIONS = 4 };
/* "slides on a1 = 0 (normal speeds ... push onto it)" */
enum { SLIDING_TEXT = SURFACE_TEXT + 72 };
/* Stretches in a row that take no time, as where crossings accumulate */
enum { IDLE_MOST = 10 };
/* Of a horizon: what is left, in roundings of the time, is nothing */
static const double TIME_LEFT = 64;
/* d v/dt where a side lets go, over |f| |grad v|: below it the way out is tangential */
static const double LETS_GO = 1e-6;
/* A state that leaves a surface begins this far from it, in roundings: on its side for certain */
static const double OFF_SURFACE = 64;
/* Of the first steps away from it, in roundings; halvings of the way until it is met */
static const double LAUNCH_ERROR = 64;
enum { LAUNCHES = 20 };
/* What an error may make of the order of surfaces, as in watch_switch.c */
static const double REACHES = 10;

/* Callbacks of the plan, at the time of the whole run. */
struct relay {
    const struct plan *plan;
    double t;       /* when the stretch began */
    double visited; /* when the plan was last told */
    const struct flow *corner; /* along which it slides, whose conditions are asked at every step, */
    enum corner_verdict lost;  /* and the first that did not hold; CORNER_GOES_ON */
};

struct course {
    const struct flow *flow;
    const struct plan *plan;
    slide_integrator *integrate;
    struct outcome *total;
    struct switch_fate
        fate; /* of x: SWITCH_CROSSES, on the pieces of the sides; or SWITCH_SLIDES */
    struct relay relay;
    size_t idle;
    bool ended, has_error;
    double *x, *I0, *error, *f, *point, *gradient, *way; /* [dim]; I0[conserved]; way[2*dim] */
    double *up, *down;                                   /* [switches] */
    const struct flow *corner; /* the flow it slides along now, if that is a corner; or NULL */
    double growth;             /* of a surface that it has just left; 0: there is none */
    double *before;            /* [dim]: the field with which it came to a corner */
    double slope;              /* of the way to there: normal speed over speed */
    int *at_zero, *held; /* [switches]: the surfaces there; those on which it was already, */
    int *near;           /* and all that its error reaches */
    signed char *side;   /* [switches], kept */
    char why[REASON_MAX];      /* why it would end there, were it not for corner.h */
    double storage[];
};

static struct course *course_create(const struct flow *flow)
{
    const size_t n = flow->dim, r = flow->conserved, m = flow->switches;
    struct course *c =
        calloc(1, sizeof *c + (8 * n + r + 2 * m) * sizeof(double) + m * (3 * sizeof(int) + 1));
    if (!c)
        return NULL;
    c->flow = flow;
    c->x = c->storage;
    c->error = c->x + n;
    c->f = c->error + n;
    c->point = c->f + n;
    c->gradient = c->point + n;
    c->way = c->gradient + n;
    c->I0 = c->way + 2 * n;
    c->up = c->I0 + r;
    c->down = c->up + m;
    c->before = c->down + m;
    c->at_zero = (int *)(void *)(c->before + n);
    c->held = c->at_zero + m;
    c->near = c->held + m;
    c->side = (signed char *)(c->near + m);
    return c;
}

/* The claim of the flow that is conserved claim k of a sliding one; SIZE_MAX: a surface. */
static size_t claim_below(const struct course *c, const struct flow *slide, size_t k)
{
    return slide == c->corner ? corner_claim(slide, k) : slide_claim(slide, k);
}

static void to_surface(const struct course *c, const struct flow *slide, double *x,
                       double *gradient)
{
    if (slide == c->corner)
        corner_to_surfaces(slide, x);
    else
        slide_to_surface(slide, x, gradient);
}

static size_t first_surface(const struct course *c, const struct flow *slide)
{
    return slide == c->corner ? corner_surface(slide, 0) : slide_surface(slide);
}

static size_t surfaces_of(const struct course *c, const struct flow *slide)
{
    return slide == c->corner ? corner_count(slide) : 1;
}

/* Surfaces of which one side does not move: there the normal direction is neutral. */
static size_t surfaces_still(const struct course *c, const struct flow *slide)
{
    return slide == c->corner ? corner_count(slide) - corner_slides(slide) : 0;
}

static double noise(const struct course *c)
{
    return NOISE * (c->plan->rtol * vector_norm(c->flow->dim, c->x) + c->plan->atol);
}

/* How far the state may be from the true one: twice the error that was followed, or the noise. */
static double doubt_radius(const struct course *c)
{
    return c->has_error ? fmax(noise(c), 2 * vector_norm(c->flow->dim, c->error)) : noise(c);
}

/* ---- one stretch ---- */

static void look_at_conditions(struct relay *relay, const double *x)
{
    if (relay->corner && relay->lost == CORNER_GOES_ON &&
        corner_goes_on(relay->corner, x, &relay->lost) != OK)
        relay->lost = CORNER_HARDLY;
}

static void relay_visit(void *context, double t, const double *x)
{
    struct relay *relay = context;
    look_at_conditions(relay, x);
    if (!relay->plan->visit || !(relay->t + t > relay->visited))
        return;
    relay->visited = relay->t + t;
    relay->plan->visit(relay->plan->context, relay->visited, x);
}

static double relay_event(const void *context, const double *x)
{
    const struct relay *relay = context;
    return relay->plan->event(relay->plan->context, x);
}

static bool relay_stop(void *context, double t)
{
    const struct relay *relay = context;
    return relay->lost != CORNER_GOES_ON ||
           (relay->plan->stop && relay->plan->stop(relay->plan->context, relay->t + t));
}

static struct plan stretch_plan(struct course *c)
{
    struct plan plan = *c->plan;
    plan.horizon -= c->total->t;
    plan.steps_most -= c->total->steps;
    plan.start_error = c->has_error ? c->error : NULL;
    plan.visit = plan.visit || c->corner ? relay_visit : NULL;
    plan.event = plan.event ? relay_event : NULL;
    plan.stop = plan.stop || c->corner ? relay_stop : NULL;
    c->relay.corner = c->corner;
    c->relay.lost = CORNER_GOES_ON;
    plan.context = &c->relay;
    return plan;
}

/* Drifts of claims of the stretch, to those of the flow. */
static void merge_drift(struct course *c, const struct flow *flow, const struct outcome *part)
{
    for (size_t k = 0; k < flow->conserved; k++) {
        const size_t claim = flow == c->flow ? k : claim_below(c, flow, k);
        if (claim != SIZE_MAX)
            c->total->drift[claim] = fmax(c->total->drift[claim], part->drift[k]);
    }
}

/* Counts, time and state. */
static void merge_progress(struct course *c, const struct flow *flow, const struct outcome *part)
{
    struct outcome *total = c->total;
    c->idle = part->t > 2 * DBL_EPSILON * total->t ? 0 : c->idle + 1;
    total->t += part->t;
    total->steps += part->steps;
    total->evaluations += part->evaluations;
    total->events += part->events;
    total->crossings += part->crossings;
    merge_drift(c, flow, part);
    memcpy(total->last, part->last, flow->dim * sizeof(double));
    memcpy(c->x, part->last, flow->dim * sizeof(double));
    c->has_error = isfinite(part->error[0]);
    memcpy(c->error, part->error, flow->dim * sizeof(double));
    c->relay.t = total->t;
}

/* The ending of the stretch becomes that of the run. */
static void merge_ending(struct course *c, const struct outcome *part)
{
    struct outcome *total = c->total;
    const size_t n = c->flow->dim;
    struct outcome end = *part;
    end.t = total->t;
    end.steps = total->steps;
    end.evaluations = total->evaluations;
    end.events = total->events;
    end.crossings = total->crossings;
    end.slides = total->slides;
    end.blowup_time += total->t - part->t;
    end.last = total->last;
    end.limit = memcpy(total->limit, part->limit, n * sizeof(double));
    end.spectrum = memcpy(total->spectrum, part->spectrum, n * sizeof(double));
    end.drift = total->drift;
    end.error = total->error;
    *total = end;
    c->ended = true;
}

static void end_undecided(struct course *c, const char *reason)
{
    c->total->ending = ENDING_HORIZON;
    memcpy(c->total->last, c->x, c->flow->dim * sizeof(double));
    snprintf(c->total->reason, sizeof c->total->reason, "%s", reason);
    c->ended = true;
}

static void end_at(struct course *c, const char *format, size_t k)
{
    char name[SURFACE_TEXT], reason[REASON_MAX];
    snprintf(reason, sizeof reason, format, switch_name(c->flow, k, name));
    end_undecided(c, reason);
}

/* Time and steps for another stretch, or the end. */
static void look_at_time(struct course *c)
{
    const struct outcome *total = c->total;
    const double left = c->plan->horizon - total->t;
    if (!(left > TIME_LEFT * DBL_EPSILON * total->t))
        end_undecided(c, "undecided at the horizon; try a longer --horizon");
    else if (total->steps >= c->plan->steps_most)
        end_undecided(c, "undecided after the allowed steps; try more --steps");
    else if (c->idle >= IDLE_MOST)
        end_undecided(c, "its passages from surface to surface accumulate");
}

/* ---- onto the leaf ---- */

/* The offset of a claim of the sliding flow from what it was; of the surface from zero. */
static double offset_of(const struct course *c, const struct flow *slide, size_t k, const double *x)
{
    const size_t claim = claim_below(c, slide, k);
    return slide->observe(slide, k, x) - (claim == SIZE_MAX ? 0 : c->I0[claim]);
}

/* c->point from c->x, onto leaf and surface, by least corrections. */
static void correct_onto(struct course *c, const struct flow *slide, struct leaf *leaf,
                         double *gradients)
{
    const size_t n = slide->dim;
    memcpy(c->point, c->x, n * sizeof(double));
    leaf_set(leaf, c->x);
    for (int i = 0; i < CORRECTIONS; i++) {
        for (size_t k = 0; k < slide->conserved; k++)
            slide->gradient(slide, k, c->point, gradients + k * n);
        leaf_factor(leaf, gradients);
        memcpy(c->f, c->point, n * sizeof(double));
        for (size_t k = 0; k < leaf->rank; k++) {
            const double offset = offset_of(c, slide, leaf->pick[k], c->f);
            for (size_t j = 0; j < n; j++)
                c->point[j] -= offset * leaf->inverse[k * n + j];
        }
    }
}

/* Puts the state on the surface, and on the leaf of the start as far as sliding keeps it; *rank: of
 * the claims there.  A correction beyond the noise is none. */
static enum status put_on_leaf(struct course *c, const struct flow *slide, size_t *rank)
{
    const size_t n = slide->dim;
    struct leaf *leaf = leaf_create(slide);
    double *gradients = calloc(slide->conserved * n, sizeof *gradients);
    const bool made = leaf && gradients;
    if (made) {
        correct_onto(c, slide, leaf, gradients);
        *rank = leaf->rank;
        if (vector_distance(n, c->point, c->x) <= noise(c))
            memcpy(c->x, c->point, n * sizeof(double));
        to_surface(c, slide, c->x, c->gradient);
    }
    leaf_free(leaf);
    free(gradients);
    return made ? OK : status_fail(NO_MEMORY, "leaf of %s", slide->title);
}

/* ---- the smooth pieces ---- */

/* The surfaces of a corner: k, those on which it was, and what is within a local error. */
static size_t mark_surfaces(struct course *c, size_t k)
{
    const double near = c->plan->rtol * vector_norm(c->flow->dim, c->x) + c->plan->atol;
    size_t count = 0;
    c->flow->switching(c->flow, c->x, c->up);
    for (size_t j = 0; j < c->flow->switches; j++) {
        const bool jumps = !c->flow->surface || c->flow->surface[j].kind == SWITCH_JUMPS;
        c->at_zero[j] = j == k || c->held[j] || (jumps && fabs(c->up[j]) <= near);
        count += c->at_zero[j] != 0;
    }
    return count;
}

/* No surface but k. */
static void mark_alone(struct course *c, size_t k)
{
    memset(c->at_zero, 0, c->flow->switches * sizeof *c->at_zero);
    c->at_zero[k] = 1;
}

/* The derivative of switching function k along v at c->x. */
static double derivative_along(struct course *c, size_t k, const double *v)
{
    const size_t n = c->flow->dim;
    const double size = vector_norm(n, v);
    const double h = cbrt(DBL_EPSILON) * (1 + vector_norm(n, c->x)) / (size > 0 ? size : 1);
    for (size_t j = 0; j < n; j++)
        c->point[j] = c->x[j] + h * v[j];
    c->flow->switching(c->flow, c->point, c->up);
    for (size_t j = 0; j < n; j++)
        c->point[j] = c->x[j] - h * v[j];
    c->flow->switching(c->flow, c->point, c->down);
    return (c->up[k] - c->down[k]) / (2 * h);
}

/* The flattest way with c->before to a surface there. */
static void look_at_slope(struct course *c)
{
    const double speed = vector_norm(c->flow->dim, c->before);
    c->slope = 1;
    for (size_t k = 0; k < c->flow->switches; k++)
        if (c->at_zero[k] && !c->held[k])
            c->slope = fmin(c->slope, fabs(derivative_along(c, k, c->before)) / speed);
}

/* May the error change the order in which this surface and others are met?  An error d across it
 * delays the passage by d/|n.f|.  Where solutions are unique at the corner of all of them, the order
 * does not matter: they depend continuously on the start, (E27). */
static enum status error_decides(struct course *c, bool *decides)
{
    const size_t m = c->flow->switches;
    const double error = c->has_error ? REACHES * vector_norm(c->flow->dim, c->error) : 0;
    const double reach = fmax(noise(c), error) * (1 + 1 / c->slope);
    size_t others = 0;
    c->flow->switching(c->flow, c->x, c->up);
    for (size_t k = 0; k < m; k++) {
        c->near[k] = c->at_zero[k] || fabs(c->up[k]) <= reach;
        others += c->near[k] && !c->at_zero[k];
    }
    *decides = false;
    if (others == 0 || c->plan->no_endings)
        return OK;
    enum corner_verdict verdict = CORNER_HARDLY;
    struct flow *corner = corner_create(c->flow, c->near, c->x);
    if (!corner)
        return status_fail(NO_MEMORY, "corner of %s", c->flow->title);
    memcpy(c->side, c->flow->side, m);
    const enum status status = corner_is_unique(corner, c->x, &verdict);
    memcpy(c->flow->side, c->side, m);
    flow_free(corner);
    *decides = verdict != CORNER_GOES_ON;
    return status;
}

static const char DECIDES[] =
    "its error decides whether it meets another surface before, at %s; try smaller tolerances";

/* Comes to surface k, and on which it slid it does no more as before. */
static void come_to_corner(struct course *c, size_t k, const char *format)
{
    char name[SURFACE_TEXT];
    mark_surfaces(c, k);
    look_at_slope(c);
    snprintf(c->why, sizeof c->why, format, switch_name(c->flow, k, name));
    c->fate = (struct switch_fate){.verdict = SWITCH_MEETS, .at = k};
}

/* At surface k, where the integrator saw that no single piece goes on. */
static enum status look_again(struct course *c, size_t k)
{
    memset(c->held, 0, c->flow->switches * sizeof *c->held);
    mark_surfaces(c, k);
    TRY(c->flow->field(c->flow, 1, c->x, c->before));
    look_at_slope(c);
    TRY(switch_cross(c->flow, c->x, c->at_zero, &c->fate));
    c->total->crossings += c->fate.crossed;
    if (c->fate.verdict == SWITCH_HALTS)
        c->fate.verdict = SWITCH_SLIDES;
    switch_reason(c->flow, &c->fate, sizeof c->why, c->why);
    return OK;
}

static enum status follow_piece(struct course *c, struct outcome *part)
{
    const struct plan plan = stretch_plan(c);
    outcome_clear(c->flow, c->x, part);
    TRY(c->integrate(c->flow, &plan, c->x, part));
    merge_progress(c, c->flow, part);
    if (part->stop == SWITCH_NONE)
        merge_ending(c, part);
    else
        TRY(look_again(c, (size_t)part->stop));
    return OK;
}

/* ---- rest on the surface, (E22) ---- */

/* f_s at c->point, against its rounding. */
static enum status vanishes(struct course *c, const struct flow *slide, double *residual,
                            double *rounding)
{
    const size_t n = slide->dim;
    slide->rounding(slide, c->point, c->gradient);
    *rounding = DBL_EPSILON * vector_norm(n, c->gradient) + DBL_MIN;
    TRY(slide->field(slide, 1, c->point, c->f));
    *residual = vector_norm(n, c->f);
    return OK;
}

/* Does f_s vanish at c->point? */
static enum status rests_at(struct course *c, const struct flow *slide, bool *rests)
{
    double residual = NAN, rounding = NAN;
    TRY(vanishes(c, slide, &residual, &rounding));
    *rests = residual <= rounding;
    return OK;
}

/* Does f_s vanish on the whole surface near the state, and beyond what is still?  At points in
 * general position. */
static enum status vanishes_around(struct course *c, const struct flow *slide, bool *everywhere)
{
    const size_t n = slide->dim;
    *everywhere = true;
    for (size_t i = 0; i < VECTOR_PROBES && *everywhere; i++) {
        vector_probe(n, c->x, vector_probe_size[i], i, c->point);
        to_surface(c, slide, c->point, c->gradient);
        TRY(rests_at(c, slide, everywhere));
        if (!*everywhere || surfaces_still(c, slide) == 0)
            continue;
        corner_to_still_side(slide, vector_probe_size[i] * (1 + vector_norm(n, c->x)), c->point);
        TRY(rests_at(c, slide, everywhere));
    }
    return OK;
}

static void end_at_rest(struct course *c, const struct flow *slide, size_t rank,
                        const char *sliding)
{
    struct outcome *total = c->total;
    const size_t n = slide->dim;
    const double size = vector_norm(n, c->x);
    total->ending = ENDING_SETTLED;
    total->has_limit = true;
    memcpy(total->last, c->x, n * sizeof(double));
    memcpy(total->limit, c->x, n * sizeof(double));
    const size_t surfaces = surfaces_of(c, slide);
    total->neutral_integrals = rank > surfaces ? rank - surfaces : 0; /* these are reached */
    total->neutral_fixed = n - rank + surfaces_still(c, slide);
    total->integration_error = c->has_error && rank < n ? vector_norm(n, c->error) : NAN;
    total->distance_bound = rank == n      ? OFF_SURFACE * DBL_EPSILON * (1 + size)
                            : c->has_error ? total->integration_error
                                           : noise(c);
    total->sliding = (long)first_surface(c, slide);
    snprintf(total->reason, sizeof total->reason, "%.*s; there it rests", SLIDING_TEXT, sliding);
    c->ended = true;
}

/* At once, where nothing moves on the surface, or the claims leave a point of it. */
static enum status see_rest(struct course *c, const struct flow *slide, size_t rank,
                            const char *sliding)
{
    double residual = NAN, rounding = NAN;
    bool rests = rank == slide->dim && surfaces_still(c, slide) == 0;
    if (c->plan->no_endings || !slide->rounding)
        return OK;
    memcpy(c->point, c->x, slide->dim * sizeof(double));
    TRY(vanishes(c, slide, &residual, &rounding));
    if (!(residual <= rounding))
        return OK;
    if (!rests)
        TRY(vanishes_around(c, slide, &rests));
    if (!rests)
        return OK;
    relay_visit(&c->relay, 0, c->x);
    c->total->residual = residual;
    c->total->residual_floor = rounding;
    end_at_rest(c, slide, rank, sliding);
    return OK;
}

/* ---- the error of the state, (E25) ---- */

/* How late the state comes to surface k for its error, with the field before[dim]; 0: unknown. */
static double delay_at(struct course *c, size_t k, const double *before)
{
    const double late = derivative_along(c, k, c->error) / derivative_along(c, k, before);
    return isfinite(late) ? late : 0;
}

/* The field changes from before[dim] to after[dim] while the state is late: d += (after - before)
 * late. */
static void jump_error(struct course *c, double late, const double *before, const double *after)
{
    for (size_t j = 0; j < c->flow->dim; j++)
        c->error[j] += (after[j] - before[j]) * late;
}

/* ---- the end of a stretch of sliding ---- */

static void describe_sliding(const struct course *c, size_t k, const struct slide_grip *grip,
                             char text[SLIDING_TEXT])
{
    char name[SURFACE_TEXT];
    snprintf(text, SLIDING_TEXT, "slides on %s (normal speeds %.3g and %.3g push onto it)",
             switch_name(c->flow, k, name), grip->plus, grip->minus);
}

/* The limit of the stretch is no evidence. */
static void withdraw(struct outcome *part, const char *reason)
{
    part->ending = ENDING_HORIZON;
    part->has_limit = false;
    snprintf(part->reason, sizeof part->reason, "%s", reason);
}

/* On leaves that are no curves a limit is the phase of the state as it was integrated, (E12), off
 * the surface by the error of that.  Polished onto leaf and surface, if that moves it by no more
 * than it may be wrong. */
static enum status polish_limit(struct course *c, const struct flow *slide,
                                struct fixed_point_work *work, struct outcome *part)
{
    const size_t n = slide->dim;
    struct fixed_point point = {.found = false};
    double *I0 = c->way; /* [conserved], at most 2*dim */
    for (size_t k = 0; k < slide->conserved; k++) {
        const size_t claim = claim_below(c, slide, k);
        I0[k] = claim == SIZE_MAX ? 0 : c->I0[claim];
    }
    fixed_point_set_leaf(work, c->x, I0);
    memcpy(c->point, part->limit, n * sizeof(double));
    TRY(fixed_point_polish(work, c->point, &point));
    const double moved = vector_distance(n, c->point, part->limit);
    if (!point.found || !(moved <= doubt_radius(c)))
        return OK;
    memcpy(part->limit, c->point, n * sizeof(double));
    part->residual = point.residual;
    part->residual_floor = point.residual_floor;
    part->distance_bound += moved;
    return OK;
}

static enum status put_limit_on_surface(struct course *c, const struct flow *slide,
                                        struct outcome *part)
{
    const bool told = part->ending == ENDING_SETTLED || part->ending == ENDING_SADDLE;
    if (!told || !part->has_limit || flow_is_large(slide) || slide->conserved > 2 * slide->dim)
        return OK;
    struct fixed_point_work *work = fixed_point_work_create(slide);
    if (!work)
        return status_fail(NO_MEMORY, "limit of %s", slide->title);
    const enum status status = polish_limit(c, slide, work, part);
    fixed_point_work_free(work);
    return status;
}

/* How far round its end the surfaces must hold for it to be evidence. */
static double reach_of(const struct course *c, const struct outcome *part)
{
    return fmax(doubt_radius(c), isfinite(part->distance_bound) ? part->distance_bound : 0);
}

/* The stretch ended on the surfaces; what it says of its limit needs all their sides there. */
static void conclude(struct course *c, const struct flow *slide, struct outcome *part, bool holds,
                     const char *sliding)
{
    const size_t surfaces = surfaces_of(c, slide), still = surfaces_still(c, slide);
    if (part->has_limit && !holds)
        withdraw(part, "near its limit a side hardly pushes: undecided");
    else if (part->ending == ENDING_SADDLE && !(part->transverse_rate > 0))
        withdraw(part, "at a degenerate fixed point: undecided");
    else if (part->ending == ENDING_FAILED && !holds)
        withdraw(part, "the normal speeds fall to what they may be wrong by: undecided");
    merge_ending(c, part);
    snprintf(c->total->reason, sizeof c->total->reason, "%.*s; %.100s", SLIDING_TEXT, sliding,
             part->reason);
    c->total->sliding = (long)first_surface(c, slide);
    const size_t neutral = c->total->neutral_integrals; /* the surfaces are reached */
    c->total->neutral_integrals = neutral > surfaces ? neutral - surfaces : 0;
    c->total->neutral_fixed += part->has_limit ? still : 0;
}

static enum status end_sliding(struct course *c, const struct flow *slide, struct outcome *part)
{
    struct slide_grip grip = {0};
    char sliding[SLIDING_TEXT];
    TRY(put_limit_on_surface(c, slide, part));
    TRY(slide_grip_at(slide, part->has_limit ? part->limit : c->x, &grip));
    describe_sliding(c, slide_surface(slide), &grip, sliding);
    conclude(c, slide, part, slide_holds(&grip, reach_of(c, part)), sliding);
    return OK;
}

/* Claims that sliding does not keep have new values from here on. */
static void renew_claims(struct course *c, const struct flow *slide)
{
    size_t kept = 0;
    for (size_t claim = 0; claim < c->flow->conserved; claim++) {
        if (claim_below(c, slide, kept) == claim)
            kept++;
        else
            c->I0[claim] = c->flow->observe(c->flow, claim, c->x);
    }
}

/* c->point by `steps` steps of the classical method of order four from c->x, over the time s. */
static enum status short_way(struct course *c, const struct flow *flow, double s, int steps)
{
    static const struct {
        double at, weight;
    } stage[] = {{0, 1.0 / 6}, {0.5, 1.0 / 3}, {0.5, 1.0 / 3}, {1, 1.0 / 6}};
    const size_t n = c->flow->dim;
    const double h = s / steps;
    double *probe = c->way, *sum = c->way + n;
    memcpy(c->point, c->x, n * sizeof(double));
    for (int i = 0; i < steps; i++) {
        memset(sum, 0, n * sizeof(double));
        for (size_t k = 0; k < sizeof stage / sizeof *stage; k++) {
            for (size_t j = 0; j < n; j++)
                probe[j] = c->point[j] + (k > 0 ? stage[k].at * h * c->f[j] : 0);
            TRY(flow->field(flow, 1, probe, c->f));
            for (size_t j = 0; j < n; j++)
                sum[j] += stage[k].weight * h * c->f[j];
        }
        for (size_t j = 0; j < n; j++)
            c->point[j] += sum[j];
    }
    return OK;
}

/* On the tangent by which a solution leaves, an integrator's errors would throw it back: goes on to
 * where the surface is farther away than they reach.  The way g = v' s^2/2 is short, and so is
 * followed to much less than an error; where it is not, or meets something, it is not gone. */
static void launch(struct course *c, const struct flow *flow, double growth)
{
    const size_t n = c->flow->dim;
    double s = fmin(sqrt(2 * noise(c) / growth), (c->plan->horizon - c->total->t) / 2);
    for (int halving = 0; halving < LAUNCHES; halving++, s /= 2) {
        if (short_way(c, flow, s, 1) != OK)
            continue;
        memcpy(c->gradient, c->point, n * sizeof(double));
        if (short_way(c, flow, s, 2) != OK)
            continue;
        const double size = vector_norm(n, c->point);
        const double error = vector_distance(n, c->gradient, c->point);
        if (!(error <= LAUNCH_ERROR * DBL_EPSILON * (1 + size)))
            continue;
        if (switch_holds(flow, c->point)) {
            memcpy(c->x, c->point, n * sizeof(double));
            c->total->t += s;
            c->relay.t = c->total->t;
        }
        break;
    }
}

/* A side has let go: (E21). */
static enum status leave_surface(struct course *c, const struct flow *slide, signed char side)
{
    const size_t k = slide_surface(slide), n = slide->dim;
    struct slide_grip grip = {0};
    double plus = NAN, minus = NAN;
    size_t rank = 0;
    TRY(put_on_leaf(c, slide, &rank));
    TRY(slide_grip_at(slide, c->x, &grip));
    TRY(slide_letting_go(slide, c->x, &plus, &minus));
    const double radius = 2 * doubt_radius(c);
    const bool held =
        side > 0 ? grip.minus > radius * grip.minus_slope : -grip.plus > radius * grip.plus_slope;
    const bool lets_go = side > 0 ? plus > LETS_GO * grip.plus_slope * grip.plus_speed
                                  : -minus > LETS_GO * grip.minus_slope * grip.minus_speed;
    if (!held || !lets_go) {
        end_at(c,
               held ? "Filippov point: a side lets go of %s, but hardly"
                    : "Filippov point: both sides let go of %s at once",
               k);
        return OK;
    }
    bool decides = false;
    mark_alone(c, k);
    c->slope = side > 0 ? plus / (grip.plus_slope * grip.plus_speed)
                        : -minus / (grip.minus_slope * grip.minus_speed);
    TRY(error_decides(c, &decides));
    if (decides) {
        end_at(c, DECIDES, k);
        return OK;
    }
    slide->gradient(slide, slide->conserved - 1, c->x, c->gradient);
    const double off =
        side * OFF_SURFACE * DBL_EPSILON * (1 + vector_norm(n, c->x)) / vector_norm(n, c->gradient);
    for (size_t j = 0; j < n; j++)
        c->x[j] += off * c->gradient[j];
    c->flow->side[k] = side;
    renew_claims(c, slide);
    c->fate = (struct switch_fate){.verdict = SWITCH_CROSSES};
    launch(c, c->flow, side > 0 ? plus : -minus);
    return OK;
}

/* ---- another surface while sliding, (E23) ---- */

/* Normal speeds at the corner of surfaces k and j, where the state slides on k: of the pieces with
 * side k = +, - (first index) and side j = +, - (second). */
struct meeting {
    double of_k[2][2], of_j[2][2];
    bool holds; /* k holds on both sides of j */
};

static enum status look_at_meeting(struct course *c, const struct flow *slide, size_t j,
                                  struct meeting *meeting)
{
    const struct flow *flow = c->flow;
    const size_t k = slide_surface(slide);
    meeting->holds = true;
    for (int b = 0; b < 2; b++) {
        struct slide_grip grip = {0};
        flow->side[j] = b ? -1 : 1;
        TRY(slide_grip_at(slide, c->x, &grip));
        meeting->holds = meeting->holds && slide_holds(&grip, doubt_radius(c));
        for (int a = 0; a < 2; a++) {
            flow->side[k] = a ? -1 : 1;
            TRY(flow->field(flow, 1, c->x, c->f));
            meeting->of_k[a][b] = derivative_along(c, k, c->f);
            meeting->of_j[a][b] = derivative_along(c, j, c->f);
        }
    }
    return OK;
}

/* The side of j to which every velocity that keeps to k leads; 0: there is none. */
static signed char side_beyond(const struct meeting *meeting, double resolution)
{
    double least = INFINITY, most = -INFINITY;
    for (int b = 0; b < 2; b++)
        for (int d = 0; d < 2; d++) { /* piece (+, b) combined with piece (-, d) */
            const double plus = meeting->of_k[0][b], minus = meeting->of_k[1][d];
            const double speed =
                (minus * meeting->of_j[0][b] - plus * meeting->of_j[1][d]) / (minus - plus);
            least = fmin(least, speed);
            most = fmax(most, speed);
        }
    return least > resolution ? 1 : most < -resolution ? -1 : 0;
}

static enum status pass_surface(struct course *c, const struct flow *slide, size_t j)
{
    const size_t k = slide_surface(slide), n = slide->dim;
    const signed char before = c->flow->side[j];
    struct meeting meeting = {0};
    TRY(look_at_meeting(c, slide, j, &meeting));
    c->flow->side[j] = before;
    TRY(slide->field(slide, 1, c->x, c->f));
    const signed char side =
        meeting.holds ? side_beyond(&meeting, LETS_GO * vector_norm(n, c->f)) : 0;
    if (side == 0) {
        memcpy(c->before, c->f, n * sizeof(double));
        memset(c->held, 0, c->flow->switches * sizeof *c->held);
        c->held[k] = 1;
        renew_claims(c, slide);
        come_to_corner(c, j,
                       "Filippov point: it slides, and comes to %s, where the pieces disagree");
        return OK;
    }
    bool decides = false;
    mark_alone(c, k);
    c->held[k] = c->at_zero[j] = 1;
    memcpy(c->before, c->f, n * sizeof(double));
    look_at_slope(c);
    TRY(error_decides(c, &decides));
    if (decides) {
        end_at(c, DECIDES, j);
        return OK;
    }
    TRY(slide->field(slide, 1, c->x, c->f));
    c->total->crossings += side != before;
    c->flow->side[j] = side;
    if (c->has_error) {
        TRY(slide->field(slide, 1, c->x, c->gradient));
        jump_error(c, delay_at(c, j, c->f), c->f, c->gradient);
    }
    c->flow->side[k] = 0; /* it was sliding already */
    c->fate = (struct switch_fate){.verdict = SWITCH_SLIDES, .at = k};
    return OK;
}

static enum status stop_sliding(struct course *c, const struct flow *slide, size_t at)
{
    const size_t own = slide_surface(slide);
    const bool leaves = at == slide_exit_to_plus(slide) || at == own;
    const size_t decides = leaves ? own : at;
    if (c->flow->surface && c->flow->surface[decides].kind != SWITCH_JUMPS) {
        end_at(c, "solutions are not unique where %s: one that slides there may rest for any time",
               decides);
        return OK;
    }
    if (!leaves)
        return pass_surface(c, slide, at);
    return leave_surface(c, slide, at == own ? -1 : 1);
}

/* ---- where the field vanishes beyond, (E26) ---- */

/* Is the field on side `side` of surface k exactly zero at x? */
static enum status is_still_at(struct course *c, size_t k, signed char side, const double *x,
                               bool *still)
{
    c->flow->side[k] = side;
    TRY(c->flow->field(c->flow, 1, x, c->f));
    *still = vector_norm(c->flow->dim, c->f) == 0;
    return OK;
}

/* The side of surface k on which the field is zero, at the state and at points near it in general
 * position, to which the formula of that side extends; 0: there is none. */
static enum status find_still_side(struct course *c, size_t k, signed char *side)
{
    const signed char kept = c->flow->side[k];
    *side = 0;
    for (signed char s = -1; s <= 1 && *side == 0; s = (signed char)(s + 2)) {
        bool still;
        TRY(is_still_at(c, k, s, c->x, &still));
        for (size_t i = 0; i < VECTOR_PROBES && still; i++) {
            vector_probe(c->flow->dim, c->x, vector_probe_size[i], i, c->point);
            TRY(is_still_at(c, k, s, c->point, &still));
        }
        *side = still ? s : 0;
    }
    c->flow->side[k] = kept;
    return OK;
}

/* The state came to rest on the surface. */
static enum status halt(struct course *c, const struct flow *slide, signed char still)
{
    const size_t k = slide_surface(slide), n = slide->dim;
    struct slide_grip grip = {0};
    size_t rank = 0;
    char name[SURFACE_TEXT], text[SLIDING_TEXT];
    if (c->has_error) {
        memset(c->gradient, 0, n * sizeof(double));
        jump_error(c, delay_at(c, k, c->f), c->f, c->gradient);
    }
    TRY(put_on_leaf(c, slide, &rank));
    TRY(slide_grip_at(slide, c->x, &grip));
    const double reach = 2 * doubt_radius(c);
    const bool pushed =
        still < 0 ? -grip.plus > reach * grip.plus_slope : grip.minus > reach * grip.minus_slope;
    if (!pushed) {
        end_at(c, "Filippov point: a side hardly pushes onto %s", k);
        return OK;
    }
    snprintf(text, sizeof text, "comes to %s (normal speed %.3g), beyond which nothing moves",
             switch_name(c->flow, k, name), still < 0 ? grip.plus : grip.minus);
    c->total->residual = 0;
    c->total->residual_floor = DBL_MIN;
    end_at_rest(c, slide, rank, text);
    c->total->neutral_fixed++; /* the normal direction, on the side that is still */
    return OK;
}

/* ---- sliding ---- */

/* c->f: the field with which the state came; it is the sliding one from here on. */
static enum status enter_surface(struct course *c, const struct flow *slide)
{
    if (c->has_error) {
        TRY(slide->field(slide, 1, c->x, c->gradient));
        jump_error(c, delay_at(c, slide_surface(slide), c->f), c->f, c->gradient);
    }
    c->total->slides++;
    return OK;
}

static enum status slide_along(struct course *c, const struct flow *slide, struct outcome *part)
{
    struct slide_grip grip = {0};
    size_t rank = 0;
    char sliding[SLIDING_TEXT];
    TRY(put_on_leaf(c, slide, &rank));
    TRY(slide_grip_at(slide, c->x, &grip));
    if (!slide_holds(&grip, doubt_radius(c))) {
        end_at(c, "Filippov point: a side hardly pushes onto %s", slide_surface(slide));
        return OK;
    }
    describe_sliding(c, slide_surface(slide), &grip, sliding);
    TRY(see_rest(c, slide, rank, sliding));
    if (c->ended)
        return OK;
    const struct plan plan = stretch_plan(c);
    outcome_clear(slide, c->x, part);
    TRY(c->integrate(slide, &plan, c->x, part));
    merge_progress(c, slide, part);
    return part->stop == SWITCH_NONE ? end_sliding(c, slide, part)
                                     : stop_sliding(c, slide, (size_t)part->stop);
}

static enum status follow_surface(struct course *c)
{
    const size_t k = c->fate.at;
    const bool enters = c->flow->side[k] != 0;
    signed char still;
    TRY(find_still_side(c, k, &still));
    TRY(c->flow->field(c->flow, 1, c->x, c->f));
    struct flow *slide = slide_create(c->flow, k, c->x);
    struct outcome *part = slide ? outcome_create(slide) : NULL;
    enum status status = NO_MEMORY;
    if (slide && part && still != 0)
        status = halt(c, slide, still);
    else if (slide && part) {
        status = enters ? enter_surface(c, slide) : OK;
        if (status == OK)
            status = slide_along(c, slide, part);
    }
    outcome_free(part);
    flow_free(slide);
    return status == NO_MEMORY ? status_fail(NO_MEMORY, "sliding of %s", c->flow->title) : status;
}

/* ---- several surfaces, or one that is still: (E27)-(E29) ---- */

/* "slides on a1 = 0 and 2 more (share 0.2)" */
static void describe_corner(const struct course *c, const struct flow *corner, double margin,
                            char text[SLIDING_TEXT])
{
    const unsigned char more = (unsigned char)(corner_count(corner) - 1); /* below CORNER_MOST */
    char name[SURFACE_TEXT];
    switch_name(c->flow, corner_surface(corner, 0), name);
    if (corner_slides(corner) == 0)
        snprintf(text, SLIDING_TEXT, "stays on %s, where one side does not move it", name);
    else
        snprintf(text, SLIDING_TEXT, "slides on %s and %u more (share %.3g)", name, more, margin);
}

/* At a corner that nobody knows how to go on from. */
static void end_for(struct course *c, const char *why, enum corner_verdict verdict)
{
    char reason[REASON_MAX];
    snprintf(reason, sizeof reason, "%.*s (%s)", REASON_MAX / 2, why, corner_reason(verdict));
    end_undecided(c, reason);
}

/* At a limit the conditions are looked at as at the start. */
static enum status look_at_limit(const struct flow *corner, struct outcome *part)
{
    enum corner_verdict verdict = CORNER_GOES_ON;
    char reason[REASON_MAX];
    if (part->has_limit)
        TRY(corner_is_unique(corner, part->limit, &verdict));
    if (verdict != CORNER_GOES_ON) {
        snprintf(reason, sizeof reason, "at its limit %s: undecided", corner_reason(verdict));
        withdraw(part, reason);
    }
    return OK;
}

static enum status end_corner(struct course *c, const struct flow *corner, struct outcome *part)
{
    bool holds = false;
    double margin = NAN;
    char sliding[SLIDING_TEXT];
    TRY(put_limit_on_surface(c, corner, part));
    TRY(look_at_limit(corner, part));
    const double *at = part->has_limit ? part->limit : c->x;
    if (corner_holds(corner, at, reach_of(c, part), SIZE_MAX, &holds, &margin) != OK)
        holds = false;
    describe_corner(c, corner, margin, sliding);
    conclude(c, corner, part, holds, sliding);
    return OK;
}

/* The corner becomes what the state was on, but for surface number `except`. */
static void hold_corner(struct course *c, const struct flow *corner, size_t except)
{
    memset(c->held, 0, c->flow->switches * sizeof *c->held);
    for (size_t l = 0; l < corner_count(corner); l++)
        c->held[corner_surface(corner, l)] = l != except;
}

/* Surface number l lets go to a side, the others do not: (E28). */
static enum status leave_corner(struct course *c, const struct flow *corner, size_t l,
                                signed char side)
{
    const size_t k = corner_surface(corner, l), n = corner->dim;
    struct corner_rate rate = {0};
    bool held = false;
    double margin = NAN;
    size_t rank = 0;
    TRY(put_on_leaf(c, corner, &rank));
    TRY(corner_holds(corner, c->x, doubt_radius(c), l, &held, &margin));
    TRY(corner_letting_go(corner, c->x, l, &rate));
    if (!held || !(side * rate.relative > LETS_GO)) {
        end_at(c,
               held ? "Filippov point: a side lets go of %s, but hardly"
                    : "Filippov point: more than one side lets go, of %s among others",
               k);
        return OK;
    }
    hold_corner(c, corner, l);
    renew_claims(c, corner);
    corner->gradient(corner, corner->conserved - corner_count(corner) + l, c->x, c->gradient);
    const double off =
        side * OFF_SURFACE * DBL_EPSILON * (1 + vector_norm(n, c->x)) / vector_norm(n, c->gradient);
    for (size_t j = 0; j < n; j++)
        c->x[j] += off * c->gradient[j];
    c->flow->side[k] = side;
    c->growth = fabs(rate.growth);
    c->slope = side * rate.relative;
    memcpy(c->at_zero, c->held, c->flow->switches * sizeof *c->held);
    snprintf(c->why, sizeof c->why, "Filippov point: a side lets go of one of several surfaces");
    c->fate = (struct switch_fate){.verdict = SWITCH_MEETS, .at = k};
    return OK;
}

static enum status stop_at_corner(struct course *c, const struct flow *corner, size_t at)
{
    signed char side = 0;
    const size_t l = corner_exit(corner, at, &side);
    if (l < corner_count(corner) && side == 0) {
        end_at(c, "solutions are not unique where %s: its other side no longer pushes",
               corner_surface(corner, l));
        return OK;
    }
    if (l < corner_count(corner))
        return leave_corner(c, corner, l, side);
    if (c->flow->surface && c->flow->surface[at].kind != SWITCH_JUMPS) {
        end_at(c, "solutions are not unique where %s: one that slides there may rest for any time",
               at);
        return OK;
    }
    TRY(corner->field(corner, 1, c->x, c->before));
    hold_corner(c, corner, SIZE_MAX);
    renew_claims(c, corner);
    come_to_corner(c, at, "Filippov point: it slides on several surfaces, and comes to %s");
    return OK;
}

/* The error of the state, (E25): c->f goes on.  In which order the surfaces are met is not known, and
 * delays of opposite signs need not cancel: they are added by size, with the sign that makes most of
 * it. */
static void jump_errors(struct course *c)
{
    const size_t n = c->flow->dim;
    double late = 0, along = 0;
    for (size_t k = 0; k < c->flow->switches && c->has_error; k++)
        if (c->at_zero[k] && !c->held[k])
            late += fabs(delay_at(c, k, c->before));
    for (size_t j = 0; j < n && c->has_error; j++)
        along += c->error[j] * (c->f[j] - c->before[j]);
    if (c->has_error)
        jump_error(c, along < 0 ? -late : late, c->before, c->f);
}

static enum status slide_along_corner(struct course *c, const struct flow *corner,
                                      struct outcome *part)
{
    bool holds = false;
    double margin = NAN;
    size_t rank = 0;
    char sliding[SLIDING_TEXT];
    TRY(put_on_leaf(c, corner, &rank));
    TRY(corner_holds(corner, c->x, doubt_radius(c), SIZE_MAX, &holds, &margin));
    if (!holds) {
        end_at(c, "Filippov point: of surfaces that meet, %s among them, a side hardly pushes",
               corner_surface(corner, 0));
        return OK;
    }
    describe_corner(c, corner, margin, sliding);
    TRY(see_rest(c, corner, rank, sliding));
    if (c->ended)
        return OK;
    if (c->growth > 0)
        launch(c, corner, c->growth);
    c->growth = 0;
    const struct plan plan = stretch_plan(c);
    outcome_clear(corner, c->x, part);
    TRY(c->integrate(corner, &plan, c->x, part));
    merge_progress(c, corner, part);
    if (c->relay.lost != CORNER_GOES_ON) {
        end_for(c, "it slides on several surfaces", c->relay.lost);
        return OK;
    }
    return part->stop == SWITCH_NONE ? end_corner(c, corner, part)
                                     : stop_at_corner(c, corner, (size_t)part->stop);
}

/* What the corner is, and on along it, or along the piece where nothing holds. */
static enum status go_on_at_corner(struct course *c, struct flow *corner)
{
    enum corner_verdict verdict = CORNER_GOES_ON;
    TRY(corner_decide(corner, c->x, &verdict));
    if (verdict != CORNER_GOES_ON) {
        end_for(c, c->why, verdict);
        return OK;
    }
    TRY(corner->field(corner, 1, c->x, c->f));
    jump_errors(c);
    if (corner_count(corner) == 0) {
        c->fate = (struct switch_fate){.verdict = SWITCH_CROSSES};
        if (c->growth > 0)
            launch(c, c->flow, c->growth);
        c->growth = 0;
        return OK;
    }
    c->total->slides++;
    struct outcome *part = outcome_create(corner);
    const enum status status = part ? slide_along_corner(c, corner, part) : NO_MEMORY;
    outcome_free(part);
    return status;
}

static enum status follow_corner(struct course *c)
{
    bool decides = false;
    TRY(error_decides(c, &decides));
    if (decides) {
        end_at(c, DECIDES, c->fate.at);
        return OK;
    }
    struct flow *corner = corner_create(c->flow, c->at_zero, c->x);
    c->corner = corner;
    const enum status status = corner ? go_on_at_corner(c, corner) : NO_MEMORY;
    c->corner = c->relay.corner = NULL;
    flow_free(corner);
    return status == NO_MEMORY ? status_fail(NO_MEMORY, "corner of %s", c->flow->title) : status;
}

/* ---- the run ---- */

/* A start on several surfaces, or on one that is tangent: looked at as an arrival. */
static enum status begin(struct course *c)
{
    TRY(switch_begin(c->flow, c->x, &c->fate));
    if (c->fate.verdict == SWITCH_CROSSES || c->fate.verdict == SWITCH_SLIDES ||
        !switch_goes_on(c->flow, &c->fate))
        return OK;
    TRY(look_again(c, c->fate.at));
    c->slope = 1; /* no way led here */
    return OK;
}

static enum status follow(struct course *c, struct outcome *part)
{
    TRY(begin(c));
    while (!c->ended) {
        if (c->fate.verdict == SWITCH_CROSSES) {
            TRY(follow_piece(c, part));
        } else if (c->fate.verdict == SWITCH_SLIDES || c->fate.verdict == SWITCH_HALTS) {
            TRY(follow_surface(c));
        } else if (switch_goes_on(c->flow, &c->fate)) {
            TRY(follow_corner(c));
        } else {
            char reason[REASON_MAX];
            switch_reason(c->flow, &c->fate, sizeof reason, reason);
            end_undecided(c, reason);
        }
        if (!c->ended)
            look_at_time(c);
    }
    return OK;
}

/* A failure of the field between stretches is an ending, as within them. */
static enum status as_ending(struct course *c, enum status status)
{
    if (status == OK || status == NO_MEMORY || status == BAD_ARGUMENT)
        return status;
    end_undecided(c, status_message());
    if (status != RETRY_SHORTER) /* outside its domain sliding has no speed to go on with */
        c->total->ending = ENDING_FAILED;
    return OK;
}

static enum status run_course(struct course *c, const double *x0, struct outcome *part)
{
    const size_t n = c->flow->dim;
    c->relay = (struct relay){.plan = c->plan, .visited = -INFINITY};
    memcpy(c->x, x0, n * sizeof *x0);
    c->has_error = c->plan->start_error != NULL;
    if (c->has_error)
        memcpy(c->error, c->plan->start_error, n * sizeof *x0);
    flow_integrals(c->flow, x0, c->I0);
    return as_ending(c, follow(c, part));
}

enum status slide_run(const struct flow *flow, const struct plan *plan, const double *x0,
                      slide_integrator *integrate, struct outcome *outcome)
{
    struct course *c = course_create(flow);
    struct outcome *part = outcome_create(flow);
    enum status status = NO_MEMORY;
    outcome->t = 0;
    if (c && part) {
        c->plan = plan;
        c->integrate = integrate;
        c->total = outcome;
        status = run_course(c, x0, part);
    }
    outcome_free(part);
    free(c);
    return status == NO_MEMORY ? status_fail(NO_MEMORY, "run of %s", flow->title) : status;
}
