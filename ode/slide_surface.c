/* A stretch on one surface: sliding, (E20), until a side lets go, (E21), or another surface is met,
 * (E23); or rest, where nothing moves beyond, (E26).
 *
 * It is begun, and its end believed, only if both sides push onto the surface farther round than
 * the state may be wrong; at the end of sliding the normal speed that vanishes must do so
 * transversally.  All else is undecided. */
#include "ode/slide_work.h"

#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void describe_sliding(const struct course *c, size_t k, const struct slide_grip *grip,
                             char text[SLIDING_TEXT])
{
    char name[SURFACE_TEXT];
    snprintf(text, SLIDING_TEXT, "slides on %s (normal speeds %.3g and %.3g push onto it)",
             switch_name(c->flow, k, name), grip->plus, grip->minus);
}

static enum status end_sliding(struct course *c, const struct flow *slide, struct outcome *part)
{
    struct slide_grip grip = {0};
    char sliding[SLIDING_TEXT];
    TRY(slide_put_limit(c, slide, part));
    TRY(slide_grip_at(slide, part->has_limit ? part->limit : c->x, &grip));
    describe_sliding(c, slide_surface(slide), &grip, sliding);
    slide_conclude(c, slide, part, slide_holds(&grip, slide_reach(c, part)), sliding);
    return OK;
}

/* A side has let go: (E21). */
static enum status leave_surface(struct course *c, const struct flow *slide, signed char side)
{
    const size_t k = slide_surface(slide);
    struct slide_grip grip = {0};
    double plus = NAN, minus = NAN;
    size_t rank = 0;
    TRY(slide_put_on_leaf(c, slide, &rank));
    TRY(slide_grip_at(slide, c->x, &grip));
    TRY(slide_letting_go(slide, c->x, &plus, &minus));
    const double radius = 2 * slide_doubt_radius(c);
    const bool held =
        side > 0 ? grip.minus > radius * grip.minus_slope : -grip.plus > radius * grip.plus_slope;
    c->slope = side > 0 ? plus / (grip.plus_slope * grip.plus_speed)
                        : -minus / (grip.minus_slope * grip.minus_speed);
    if (!held || !(c->slope > LETS_GO)) {
        slide_end_at(c,
                     held ? "Filippov point: a side lets go of %s, but hardly"
                          : "Filippov point: both sides let go of %s at once",
                     k);
        return OK;
    }
    slide_mark_alone(c, k);
    TRY(slide_ask_order(c, k));
    if (c->ended)
        return OK;
    slide_push_off(c, slide, slide->conserved - 1, side);
    c->flow->side[k] = side;
    slide_renew_claims(c, slide);
    c->fate = (struct switch_fate){.verdict = SWITCH_CROSSES};
    slide_launch(c, c->flow, side > 0 ? plus : -minus);
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
        meeting->holds = meeting->holds && slide_holds(&grip, slide_doubt_radius(c));
        for (int a = 0; a < 2; a++) {
            flow->side[k] = a ? -1 : 1;
            TRY(flow->field(flow, 1, c->x, c->f));
            meeting->of_k[a][b] = slide_derivative(c, k, c->f);
            meeting->of_j[a][b] = slide_derivative(c, j, c->f);
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
        slide_renew_claims(c, slide);
        slide_come_to_corner(
            c, j, "Filippov point: it slides, and comes to %s, where the pieces disagree");
        return OK;
    }
    slide_mark_alone(c, k);
    memcpy(c->held, c->at_zero, c->flow->switches * sizeof *c->held);
    c->at_zero[j] = 1;
    memcpy(c->before, c->f, n * sizeof(double));
    slide_look_at_slope(c);
    TRY(slide_ask_order(c, j));
    if (c->ended)
        return OK;
    TRY(slide->field(slide, 1, c->x, c->f));
    c->total->crossings += side != before;
    c->flow->side[j] = side;
    if (c->has_error) {
        TRY(slide->field(slide, 1, c->x, c->gradient));
        slide_jump_error(c, slide_delay(c, j, c->f), c->f, c->gradient);
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
        slide_end_at(
            c, "solutions are not unique where %s: one that slides there may rest for any time",
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
        bool still = false;
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
        slide_jump_error(c, slide_delay(c, k, c->f), c->f, c->gradient);
    }
    TRY(slide_put_on_leaf(c, slide, &rank));
    TRY(slide_grip_at(slide, c->x, &grip));
    const double reach = 2 * slide_doubt_radius(c);
    const bool pushed =
        still < 0 ? -grip.plus > reach * grip.plus_slope : grip.minus > reach * grip.minus_slope;
    if (!pushed) {
        slide_end_at(c, "Filippov point: a side hardly pushes onto %s", k);
        return OK;
    }
    snprintf(text, sizeof text, "comes to %s (normal speed %.3g), beyond which nothing moves",
             switch_name(c->flow, k, name), still < 0 ? grip.plus : grip.minus);
    c->total->residual = 0;
    c->total->residual_floor = DBL_MIN;
    slide_end_at_rest(c, slide, rank, text);
    c->total->neutral_fixed++; /* the normal direction, on the side that is still */
    return OK;
}

/* ---- sliding ---- */

/* c->f: the field with which the state came; it is the sliding one from here on. */
static enum status enter_surface(struct course *c, const struct flow *slide)
{
    if (c->has_error) {
        TRY(slide->field(slide, 1, c->x, c->gradient));
        slide_jump_error(c, slide_delay(c, slide_surface(slide), c->f), c->f, c->gradient);
    }
    c->total->slides++;
    return OK;
}

static enum status slide_along(struct course *c, const struct flow *slide, struct outcome *part)
{
    struct slide_grip grip = {0};
    size_t rank = 0;
    char sliding[SLIDING_TEXT];
    TRY(slide_put_on_leaf(c, slide, &rank));
    TRY(slide_grip_at(slide, c->x, &grip));
    if (!slide_holds(&grip, slide_doubt_radius(c))) {
        slide_end_at(c, "Filippov point: a side hardly pushes onto %s", slide_surface(slide));
        return OK;
    }
    describe_sliding(c, slide_surface(slide), &grip, sliding);
    TRY(slide_see_rest(c, slide, rank, sliding));
    if (c->ended)
        return OK;
    const struct plan plan = slide_stretch_plan(c);
    outcome_clear(slide, c->x, part);
    TRY(c->integrate(slide, &plan, c->x, part));
    slide_merge_progress(c, slide, part);
    return part->stop == SWITCH_NONE ? end_sliding(c, slide, part)
                                     : stop_sliding(c, slide, (size_t)part->stop);
}

enum status slide_follow_surface(struct course *c)
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
