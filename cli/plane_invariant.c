/* The invariant curves that organise a planar flow: separatrices of its saddles, limit cycles.
 *
 * Both are traced by integration, not guessed: the stable manifold of a saddle backwards, where it
 * attracts, and a cycle that repels likewise (ode/separatrix.h, ode/cycle.h; notes/cycles.md).  Cycles
 * are found by plane_cycles.c.  Flows with more unknowns or with jumps have none of this. */
#include "cli/plane_work.h"

#include "ode/reverse.h"
#include "ode/separatrix.h"

#include <math.h>

static const double AWAY = 1e-6; /* of the window: starts of separatrices, (Z3) */

/* What is being drawn, and into which sheets. */
struct invariant {
    const struct plane_work *work;
    struct flow *backwards;
    struct plane_sheet *sheet[PORTRAIT_CURVES];
};

static enum status path_write(const struct invariant *invariant, const struct flow *flow,
                              const struct plan *plan, const double *start,
                              enum portrait_curve curve)
{
    struct orbit orbit;
    const struct plane_tracks tracks = {.work = invariant->work, .points = invariant->sheet[curve]};
    struct outcome *outcome = outcome_create(flow);
    if (!outcome)
        return status_fail(NO_MEMORY, "the curves of a portrait");
    enum status status = orbit_run(flow, plan, start, &orbit, outcome);
    if (status == OK) {
        plane_tracks_path(&tracks, &orbit);
        invariant->work->view->figure.curve[curve] = true;
        orbit_free(&orbit);
    }
    outcome_free(outcome);
    return status;
}

/* ---- separatrices ---- */

static enum status separatrices_write(const struct invariant *invariant, const double *saddle)
{
    const struct plane *plane = invariant->work->plane;
    const struct flow *flow = plane->given->flow;
    const double step = AWAY * hypot(plane_width(plane), plane_height(plane));
    struct separatrix *separatrix;
    enum status status = separatrix_create(flow, saddle, step, &separatrix);
    if (status != OK)
        return status;
    const struct plan *plan = &invariant->work->plan->plan;
    for (int side = 0; side < 2 && status == OK; side++) {
        if (separatrix->has[SEPARATRIX_STABLE])
            status = path_write(invariant, invariant->backwards, plan,
                                separatrix->start[SEPARATRIX_STABLE] + 2 * side,
                                PORTRAIT_STABLE_MANIFOLD);
        if (status == OK && separatrix->has[SEPARATRIX_UNSTABLE])
            status =
                path_write(invariant, flow, plan, separatrix->start[SEPARATRIX_UNSTABLE] + 2 * side,
                           PORTRAIT_UNSTABLE_MANIFOLD);
    }
    separatrix_free(separatrix);
    return status;
}

/* ---- cycles ---- */

/* Once round, in the direction in which the cycle attracts. */
static enum status cycle_write(const struct invariant *invariant, const struct cycle *cycle)
{
    struct plan plan = invariant->work->plan->plan;
    plan.no_endings = true;
    plan.horizon = cycle->period;
    return cycle->attracts ? path_write(invariant, invariant->work->plane->given->flow, &plan,
                                        cycle->point, PORTRAIT_STABLE_CYCLE)
                           : path_write(invariant, invariant->backwards, &plan, cycle->point,
                                        PORTRAIT_UNSTABLE_CYCLE);
}

static enum status cycles_write(const struct invariant *invariant)
{
    const struct plane_view *view = invariant->work->view;
    TRY(plane_cycles_find(invariant->work));
    for (size_t k = 0; k < view->cycles; k++)
        TRY(cycle_write(invariant, &view->cycle[k]));
    return OK;
}

/* ---- sheets ---- */

static enum status curves_write(const struct invariant *invariant)
{
    const struct plane_view *view = invariant->work->view;
    const size_t points = view->figure.points;
    for (size_t k = 0; k < points; k++) {
        const struct portrait_point *mark = &view->mark[k];
        double x[2];
        plane_state(invariant->work->plane, mark->x, mark->y, x);
        if (mark->mark == PORTRAIT_SADDLE)
            TRY(separatrices_write(invariant, x));
    }
    return cycles_write(invariant);
}

static enum status sheets_write(struct invariant *invariant)
{
    for (int k = 0; k < PORTRAIT_CURVES; k++)
        TRY(plane_sheet_open(&invariant->work->view->sheets,
                             portrait_curve_table((enum portrait_curve)k), "t x y",
                             &invariant->sheet[k]));
    TRY(curves_write(invariant));
    for (int k = 0; k < PORTRAIT_CURVES; k++)
        TRY(plane_sheet_check(invariant->sheet[k]));
    return OK;
}

bool plane_has_curves(const struct plane *plane)
{
    const struct flow *flow = plane->given->flow;
    return flow->dim == 2 && flow->jacobian && flow->switches == 0;
}

enum status plane_invariant_sheet(const struct plane_work *work)
{
    struct invariant invariant = {.work = work};
    if (!plane_has_curves(work->plane))
        return OK;
    invariant.backwards = reverse_create(work->plane->given->flow);
    if (!invariant.backwards)
        return status_fail(NO_MEMORY, "the curves of a portrait");
    const enum status status = sheets_write(&invariant);
    flow_free(invariant.backwards);
    return status;
}
