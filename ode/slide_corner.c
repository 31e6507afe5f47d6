/* A stretch on several surfaces at once, or on one that is still: (E27)-(E29).
 *
 * Every corner is made anew where surfaces are met or left, and decides which of them hold. */
#include "ode/slide_work.h"

#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

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
    slide_end_undecided(c, reason);
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
        slide_withdraw(part, reason);
    }
    return OK;
}

static enum status end_corner(struct course *c, const struct flow *corner, struct outcome *part)
{
    bool holds = false;
    double margin = NAN;
    char sliding[SLIDING_TEXT];
    TRY(slide_put_limit(c, corner, part));
    TRY(look_at_limit(corner, part));
    const double *at = part->has_limit ? part->limit : c->x;
    if (corner_holds(corner, at, slide_reach(c, part), SIZE_MAX, &holds, &margin) != OK)
        holds = false;
    describe_corner(c, corner, margin, sliding);
    slide_conclude(c, corner, part, holds, sliding);
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
    const size_t k = corner_surface(corner, l);
    struct corner_rate rate = {0};
    bool held = false;
    double margin = NAN;
    size_t rank = 0;
    TRY(slide_put_on_leaf(c, corner, &rank));
    TRY(corner_holds(corner, c->x, slide_doubt_radius(c), l, &held, &margin));
    TRY(corner_letting_go(corner, c->x, l, &rate));
    if (!held || !(side * rate.relative > LETS_GO)) {
        slide_end_at(c,
                     held ? "Filippov point: a side lets go of %s, but hardly"
                          : "Filippov point: more than one side lets go, of %s among others",
                     k);
        return OK;
    }
    hold_corner(c, corner, l);
    slide_renew_claims(c, corner);
    slide_push_off(c, corner, corner->conserved - corner_count(corner) + l, side);
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
        slide_end_at(c, "solutions are not unique where %s: its other side no longer pushes",
                     corner_surface(corner, l));
        return OK;
    }
    if (l < corner_count(corner))
        return leave_corner(c, corner, l, side);
    if (c->flow->surface && c->flow->surface[at].kind != SWITCH_JUMPS) {
        slide_end_at(
            c, "solutions are not unique where %s: one that slides there may rest for any time",
            at);
        return OK;
    }
    TRY(corner->field(corner, 1, c->x, c->before));
    hold_corner(c, corner, SIZE_MAX);
    slide_renew_claims(c, corner);
    slide_come_to_corner(c, at, "Filippov point: it slides on several surfaces, and comes to %s");
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
            late += fabs(slide_delay(c, k, c->before));
    for (size_t j = 0; j < n && c->has_error; j++)
        along += c->error[j] * (c->f[j] - c->before[j]);
    if (c->has_error)
        slide_jump_error(c, along < 0 ? -late : late, c->before, c->f);
}

static enum status slide_along_corner(struct course *c, const struct flow *corner,
                                      struct outcome *part)
{
    bool holds = false;
    double margin = NAN;
    size_t rank = 0;
    char sliding[SLIDING_TEXT];
    TRY(slide_put_on_leaf(c, corner, &rank));
    TRY(corner_holds(corner, c->x, slide_doubt_radius(c), SIZE_MAX, &holds, &margin));
    if (!holds) {
        slide_end_at(c,
                     "Filippov point: of surfaces that meet, %s among them, a side hardly pushes",
                     corner_surface(corner, 0));
        return OK;
    }
    describe_corner(c, corner, margin, sliding);
    TRY(slide_see_rest(c, corner, rank, sliding));
    if (c->ended)
        return OK;
    if (c->growth > 0)
        slide_launch(c, corner, c->growth);
    c->growth = 0;
    const struct plan plan = slide_stretch_plan(c);
    outcome_clear(corner, c->x, part);
    TRY(c->integrate(corner, &plan, c->x, part));
    slide_merge_progress(c, corner, part);
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
            slide_launch(c, c->flow, c->growth);
        c->growth = 0;
        return OK;
    }
    c->total->slides++;
    struct outcome *part = outcome_create(corner);
    const enum status status = part ? slide_along_corner(c, corner, part) : NO_MEMORY;
    outcome_free(part);
    return status;
}

enum status slide_follow_corner(struct course *c)
{
    TRY(slide_ask_order(c, c->fate.at));
    if (c->ended)
        return OK;
    struct flow *corner = corner_create(c->flow, c->at_zero, c->x);
    c->corner = corner;
    const enum status status = corner ? go_on_at_corner(c, corner) : NO_MEMORY;
    c->corner = c->relay.corner = NULL;
    flow_free(corner);
    return status == NO_MEMORY ? status_fail(NO_MEMORY, "corner of %s", c->flow->title) : status;
}
