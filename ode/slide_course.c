/* The course of a run and its stretches.
 *
 * A stretch starts on the leaf of the first start, of which the claims that sliding keeps remain:
 * the state is put there, and on the surfaces, by the least correction.  On a corner the conditions
 * of (E27) are asked at every step, through the plan's own visits, and end the stretch. */
#include "ode/slide_work.h"

#include "ode/leaf.h"
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
/* Of the first steps away from it, in roundings; halvings of the way until it is met */
static const double LAUNCH_ERROR = 64;
enum { LAUNCHES = 20 };

struct course *slide_course_create(const struct flow *flow)
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
size_t slide_claim_below(const struct course *c, const struct flow *slide, size_t k)
{
    return slide == c->corner ? corner_claim(slide, k) : slide_claim(slide, k);
}

void slide_onto_surfaces(const struct course *c, const struct flow *slide, double *x,
                         double *gradient)
{
    if (slide == c->corner)
        corner_to_surfaces(slide, x);
    else
        slide_to_surface(slide, x, gradient);
}

size_t slide_first_surface(const struct course *c, const struct flow *slide)
{
    return slide == c->corner ? corner_surface(slide, 0) : slide_surface(slide);
}

size_t slide_surfaces(const struct course *c, const struct flow *slide)
{
    return slide == c->corner ? corner_count(slide) : 1;
}

/* Surfaces of which one side does not move: there the normal direction is neutral. */
size_t slide_surfaces_still(const struct course *c, const struct flow *slide)
{
    return slide == c->corner ? corner_count(slide) - corner_slides(slide) : 0;
}

double slide_noise(const struct course *c)
{
    return NOISE * (c->plan->rtol * vector_norm(c->flow->dim, c->x) + c->plan->atol);
}

/* How far the state may be from the true one: twice the error that was followed, or the noise. */
double slide_doubt_radius(const struct course *c)
{
    return c->has_error ? fmax(slide_noise(c), 2 * vector_norm(c->flow->dim, c->error))
                        : slide_noise(c);
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

void slide_visit(struct course *c)
{
    relay_visit(&c->relay, 0, c->x);
}

struct plan slide_stretch_plan(struct course *c)
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
        const size_t claim = flow == c->flow ? k : slide_claim_below(c, flow, k);
        if (claim != SIZE_MAX)
            c->total->drift[claim] = fmax(c->total->drift[claim], part->drift[k]);
    }
}

/* Counts, time and state. */
void slide_merge_progress(struct course *c, const struct flow *flow, const struct outcome *part)
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
void slide_merge_ending(struct course *c, const struct outcome *part)
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

void slide_end_undecided(struct course *c, const char *reason)
{
    c->total->ending = ENDING_HORIZON;
    memcpy(c->total->last, c->x, c->flow->dim * sizeof(double));
    snprintf(c->total->reason, sizeof c->total->reason, "%s", reason);
    c->ended = true;
}

void slide_end_at(struct course *c, const char *format, size_t k)
{
    char name[SURFACE_TEXT], reason[REASON_MAX];
    snprintf(reason, sizeof reason, format, switch_name(c->flow, k, name));
    slide_end_undecided(c, reason);
}

/* ---- onto the leaf ---- */

/* The offset of a claim of the sliding flow from what it was; of the surface from zero. */
static double offset_of(const struct course *c, const struct flow *slide, size_t k, const double *x)
{
    const size_t claim = slide_claim_below(c, slide, k);
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
enum status slide_put_on_leaf(struct course *c, const struct flow *slide, size_t *rank)
{
    const size_t n = slide->dim;
    struct leaf *leaf = leaf_create(slide);
    double *gradients = calloc(slide->conserved * n, sizeof *gradients);
    const bool made = leaf && gradients;
    if (made) {
        correct_onto(c, slide, leaf, gradients);
        *rank = leaf->rank;
        if (vector_distance(n, c->point, c->x) <= slide_noise(c))
            memcpy(c->x, c->point, n * sizeof(double));
        slide_onto_surfaces(c, slide, c->x, c->gradient);
    }
    leaf_free(leaf);
    free(gradients);
    return made ? OK : status_fail(NO_MEMORY, "leaf of %s", slide->title);
}

/* Claims that sliding does not keep have new values from here on. */
void slide_renew_claims(struct course *c, const struct flow *slide)
{
    size_t kept = 0;
    for (size_t claim = 0; claim < c->flow->conserved; claim++) {
        if (slide_claim_below(c, slide, kept) == claim)
            kept++;
        else
            c->I0[claim] = c->flow->observe(c->flow, claim, c->x);
    }
}

/* ---- away from a surface ---- */

void slide_push_off(struct course *c, const struct flow *slide, size_t claim, signed char side)
{
    const size_t n = slide->dim;
    slide->gradient(slide, claim, c->x, c->gradient);
    const double off = side * SLIDE_OFF_SURFACE * DBL_EPSILON * (1 + vector_norm(n, c->x)) /
                       vector_norm(n, c->gradient);
    for (size_t j = 0; j < n; j++)
        c->x[j] += off * c->gradient[j];
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
void slide_launch(struct course *c, const struct flow *flow, double growth)
{
    const size_t n = c->flow->dim;
    double s = fmin(sqrt(2 * slide_noise(c) / growth), (c->plan->horizon - c->total->t) / 2);
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
