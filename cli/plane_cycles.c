/* Limit cycles of a portrait of two unknowns.
 *
 * Twice from every marked point that is no saddle.  From beside a focus, in the direction of time in
 * which it repels, the innermost cycle is reached, however small or stiff it is (ode/cycle.h); the
 * starts know the focus and not the window.  Then every cycle is found that crosses the horizontal
 * line from the point to the farther side of the window and changes the sign of the return map's
 * displacement between two starts there (ode/section.h): nested cycles, and those round a node or
 * several points.  Where nothing is found round a focus, it is said.
 * None are sought where the flow conserves something, since near a limit cycle it would have to be
 * constant, or has curves of fixed points.  Nor is one shown whose bracket comes near a fixed point,
 * notes/cycles.md, (Z2). */
#include "cli/plane_work.h"

#include "ode/section.h"

#include <math.h>
#include <stdio.h>

/* Where searches for a cycle begin, over 1 + |focus|: from a weak focus a near start takes too long,
 * and round a small cycle a far one is outside */
static const double FROM_FOCUS[] = {1e-4, 1e-3, 1e-2, 1e-1};
/* Time that a search may take: close to a Hopf point foci are weak */
static const double SEARCH_TIME = 1e5;
/* Of the search, local: cycles that repel strongly are lost to larger errors */
static const double SEARCH_RTOL = 1e-12;
static const double SAME_PERIOD = 1e-6; /* relative: the same cycle, if it is in the same place */
static const double SAME_PLACE = 0.25;  /* of its extent: which is known to some percent */
static const double APART = 100;        /* widths of the bracket to a fixed point, at least */

struct seeking {
    const struct plane_work *work;
    double from[2]; /* the point round which cycles are sought */
    bool found;     /* any round it */
};

/* In one place, both about as large? */
static bool is_same(const struct cycle *one, const struct cycle *other)
{
    bool same = fabs(one->period / other->period - 1) <= SAME_PERIOD;
    for (size_t i = 0; i < 2; i++) {
        const double extent = one->high[i] - one->low[i];
        same = same && fabs(one->low[i] - other->low[i]) <= SAME_PLACE * extent &&
               fabs(one->high[i] - other->high[i]) <= SAME_PLACE * extent;
    }
    return same;
}

/* (Z2): does the bracket keep clear of the fixed points? */
static bool is_clear(const struct plane_work *work, const struct cycle *cycle)
{
    for (size_t k = 0; k < work->view->figure.points; k++) {
        double x[2];
        plane_state(work->plane, work->view->mark[k].x, work->view->mark[k].y, x);
        if (!(hypot(cycle->point[0] - x[0], cycle->point[1] - x[1]) > APART * cycle->width))
            return false;
    }
    return true;
}

/* Of two points inside one cycle each finds it. */
static enum status cycle_take(void *context, const struct cycle *cycle)
{
    struct seeking *seeking = context;
    struct plane_view *view = seeking->work->view;
    if (!is_clear(seeking->work, cycle))
        return OK;
    seeking->found = true;
    for (size_t k = 0; k < view->cycles; k++)
        if (is_same(&view->cycle[k], cycle))
            return OK;
    if (view->cycles == PLANE_CYCLES_MOST)
        return OK;
    for (size_t i = 0; i < 2; i++)
        view->inside[view->cycles][i] = (seeking->from[i] + cycle->point[i]) / 2;
    view->cycle[view->cycles++] = *cycle;
    return OK;
}

/* Is x a focus, and does it repel? */
static enum status focus_at(const struct flow *flow, const double *x, bool *focus, bool *repels)
{
    static const double FOUR = 4; /* the discriminant of lambda^2 - tr lambda + det */
    double J[4];
    TRY(flow->jacobian(flow, x, J));
    const double trace = J[0] + J[3], det = J[0] * J[3] - J[1] * J[2];
    *focus = trace * trace < FOUR * det;
    *repels = trace > 0;
    return OK;
}

/* The innermost cycle round the focus, from inside. */
static enum status innermost_seek(struct seeking *seeking, bool repels, struct cycle *cycle)
{
    const struct flow *flow = seeking->work->plane->given->flow;
    const double *focus = seeking->from;
    struct plan plan = plan_defaults();
    plan.stop = seeking->work->plan->plan.stop;
    plan.context = seeking->work->plan->plan.context;
    plan.horizon = SEARCH_TIME;
    plan.rtol = SEARCH_RTOL;
    for (size_t k = 0; k < sizeof FROM_FOCUS / sizeof *FROM_FOCUS; k++) {
        const double off = FROM_FOCUS[k] * (1 + hypot(focus[0], focus[1]));
        const double start[2] = {focus[0] + off, focus[1]};
        TRY(repels ? cycle_ahead(flow, &plan, start, cycle)
                   : cycle_behind(flow, &plan, start, cycle));
        if (cycle->found && cycle->certified)
            return cycle_take(seeking, cycle);
    }
    return OK;
}

/* Those that cross the line from the point to the farther side of the window. */
static enum status crossing_seek(struct seeking *seeking)
{
    const struct plane *plane = seeking->work->plane;
    const size_t first = plane->axis[0];
    const double *w = plane->window, x = seeking->from[first];
    struct section section = {.flow = plane->given->flow,
                              .from = {seeking->from[0], seeking->from[1]},
                              .to = {seeking->from[0], seeking->from[1]},
                              .stop = plane->stop,
                              .context = plane->context};
    section.to[first] = w[1] - x >= x - w[0] ? w[1] : w[0];
    return section_cycles(&section, cycle_take, seeking);
}

/* Keeps a focus round which none was found; what exceeds the list is left out. */
static void miss_keep(struct plane_view *view, const struct cycle *cycle,
                      const struct portrait_point *focus)
{
    if (view->misses == PLANE_CYCLES_MOST)
        return;
    struct plane_miss *miss = &view->miss[view->misses++];
    *miss = (struct plane_miss){.x = focus->x, .y = focus->y};
    snprintf(miss->reason, sizeof miss->reason, "%s",
             cycle->found ? "what was found could not be bracketed" : cycle->ended);
}

static enum status point_seek(const struct plane_work *work, const struct portrait_point *mark)
{
    struct seeking seeking = {.work = work};
    struct cycle cycle = {.found = false};
    bool focus = false, repels = false;
    const bool decided = mark->mark == PORTRAIT_ATTRACTOR || mark->mark == PORTRAIT_REPELLER;
    if (!decided && mark->mark != PORTRAIT_DEGENERATE)
        return OK;
    plane_state(work->plane, mark->x, mark->y, seeking.from);
    TRY(focus_at(work->plane->given->flow, seeking.from, &focus, &repels));
    if (focus && decided)
        TRY(innermost_seek(&seeking, repels, &cycle));
    TRY(crossing_seek(&seeking));
    if (!focus && decided && repels && !seeking.found) /* a relaxation oscillation may be stiff */
        TRY(innermost_seek(&seeking, repels, &cycle));
    if (focus && decided && !seeking.found)
        miss_keep(work->view, &cycle, mark);
    return OK;
}

enum status plane_cycles_find(const struct plane_work *work)
{
    struct plane_view *view = work->view;
    const struct portrait_figure *figure = &view->figure;
    view->cycles_sought = work->plane->given->flow->conserved == 0 && !figure->attracting &&
                          !figure->repelling && !figure->neutral;
    for (size_t k = 0; k < figure->points && view->cycles_sought; k++)
        TRY(point_seek(work, &view->mark[k]));
    return OK;
}
