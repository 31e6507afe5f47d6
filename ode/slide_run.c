/* The stretches of one run: smooth pieces, and what ends them; the rest is in the files slide_*.c.
 *
 * Whatever cannot be decided ends the run, with its reason. */
#include "ode/slide_work.h"

#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Stretches in a row that take no time, as where crossings accumulate */
enum { IDLE_MOST = 10 };
/* Of a horizon: what is left, in roundings of the time, is nothing */
static const double TIME_LEFT = 64;

/* Time and steps for another stretch, or the end. */
static void look_at_time(struct course *c)
{
    const struct outcome *total = c->total;
    const double left = c->plan->horizon - total->t;
    if (!(left > TIME_LEFT * DBL_EPSILON * total->t))
        slide_end_undecided(c, "undecided at the horizon; try a longer --horizon");
    else if (total->steps >= c->plan->steps_most)
        slide_end_undecided(c, "undecided after the allowed steps; try more --steps");
    else if (c->idle >= IDLE_MOST)
        slide_end_undecided(c, "its passages from surface to surface accumulate");
}

/* ---- the smooth pieces ---- */

/* At surface k, where the integrator saw that no single piece goes on. */
static enum status look_again(struct course *c, size_t k)
{
    memset(c->held, 0, c->flow->switches * sizeof *c->held);
    slide_mark_surfaces(c, k);
    TRY(c->flow->field(c->flow, 1, c->x, c->before));
    slide_look_at_slope(c);
    TRY(switch_cross(c->flow, c->x, c->at_zero, &c->fate));
    c->total->crossings += c->fate.crossed;
    if (c->fate.verdict == SWITCH_HALTS)
        c->fate.verdict = SWITCH_SLIDES;
    switch_reason(c->flow, &c->fate, sizeof c->why, c->why);
    return OK;
}

static enum status follow_piece(struct course *c, struct outcome *part)
{
    const struct plan plan = slide_stretch_plan(c);
    outcome_clear(c->flow, c->x, part);
    TRY(c->integrate(c->flow, &plan, c->x, part));
    slide_merge_progress(c, c->flow, part);
    if (part->stop == SWITCH_NONE)
        slide_merge_ending(c, part);
    else
        TRY(look_again(c, (size_t)part->stop));
    return OK;
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
            TRY(slide_follow_surface(c));
        } else if (switch_goes_on(c->flow, &c->fate)) {
            TRY(slide_follow_corner(c));
        } else {
            char reason[REASON_MAX];
            switch_reason(c->flow, &c->fate, sizeof reason, reason);
            slide_end_undecided(c, reason);
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
    slide_end_undecided(c, status_message());
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
    struct course *c = slide_course_create(flow);
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
