/* The invariant curves that organise a planar flow: separatrices of its saddles, limit cycles.
 *
 * Both are traced by integration, not guessed: the stable manifold of a saddle backwards, where it
 * attracts, and a cycle that repels likewise (ode/separatrix.h, ode/cycle.h; notes/cycles.md).  A
 * cycle is sought round every focus in the window, in the direction of time in which the focus
 * repels, from starts farther and farther away: of nested cycles the innermost is found.  The starts
 * know the focus and not the window, so that what is found does not depend on what is shown; where
 * nothing is found, it is said.  Flows with more unknowns or with jumps have none of this, those with
 * curves of fixed points no cycles, since they conserve something. */
#include "cli/plane_work.h"

#include "ode/cycle.h"
#include "ode/reverse.h"
#include "ode/separatrix.h"

#include <math.h>

static const double AWAY = 1e-6; /* of the window: starts of separatrices, (Z3) */
/* Where searches for a cycle begin, over 1 + |focus|: from a weak focus a near start takes too long,
 * and round a small cycle a far one is outside */
static const double FROM_FOCUS[] = {1e-4, 1e-3, 1e-2, 1e-1};
/* Time that a search may take: close to a Hopf point foci are weak */
static const double SEARCH_TIME = 1e5;
/* Of the search, local: cycles that repel strongly are lost to larger errors */
static const double SEARCH_RTOL = 1e-12;

/* What is being drawn, and into which sheets. */
struct invariant {
    const struct plane_work *work;
    struct flow *backwards;
    struct plane_sheet *sheet[PORTRAIT_CURVES];
};

/* The state of a marked point, in the order of the unknowns. */
static void mark_state(const struct plane *plane, const struct portrait_point *mark,
                       double state[2])
{
    plane_state(plane, mark->x, mark->y, state);
}

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
static enum status cycle_seek(const struct invariant *invariant, const double *focus, bool repels,
                              struct cycle *cycle)
{
    const struct flow *flow = invariant->work->plane->given->flow;
    struct plan plan = plan_defaults();
    plan.stop = invariant->work->plan->plan.stop;
    plan.context = invariant->work->plan->plan.context;
    plan.horizon = SEARCH_TIME;
    plan.rtol = SEARCH_RTOL;
    for (size_t k = 0; k < sizeof FROM_FOCUS / sizeof *FROM_FOCUS; k++) {
        const double off = FROM_FOCUS[k] * (1 + hypot(focus[0], focus[1]));
        const double start[2] = {focus[0] + off, focus[1]};
        TRY(repels ? cycle_ahead(flow, &plan, start, cycle)
                   : cycle_behind(flow, &plan, start, cycle));
        if (cycle->found && cycle->certified)
            break;
    }
    return OK;
}

static enum status cycles_write(const struct invariant *invariant,
                                const struct portrait_point *mark)
{
    struct plane_view *view = invariant->work->view;
    const struct flow *flow = invariant->work->plane->given->flow;
    struct cycle cycle;
    double x[2];
    bool focus = false, repels = false;
    mark_state(invariant->work->plane, mark, x);
    TRY(focus_at(flow, x, &focus, &repels));
    if (!focus)
        return OK;
    TRY(cycle_seek(invariant, x, repels, &cycle));
    if (!cycle.found || !cycle.certified) {
        plane_cycle_missed(view, &cycle, mark);
        return OK;
    }
    return plane_cycle_keep(view, &cycle, x) ? cycle_write(invariant, &cycle) : OK;
}

/* ---- sheets ---- */

static enum status curves_write(const struct invariant *invariant)
{
    const struct plane_view *view = invariant->work->view;
    const size_t points = view->figure.points;
    const bool isolated =
        !view->figure.attracting && !view->figure.repelling && !view->figure.neutral;
    for (size_t k = 0; k < points; k++) {
        const struct portrait_point *mark = &view->mark[k];
        double x[2];
        mark_state(invariant->work->plane, mark, x);
        if (mark->mark == PORTRAIT_SADDLE)
            TRY(separatrices_write(invariant, x));
        else if (isolated && (mark->mark == PORTRAIT_ATTRACTOR || mark->mark == PORTRAIT_REPELLER))
            TRY(cycles_write(invariant, mark));
    }
    return OK;
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

static bool has_invariant_curves(const struct plane_work *work)
{
    const struct flow *flow = work->plane->given->flow;
    return flow->dim == 2 && flow->jacobian && flow->switches == 0;
}

enum status plane_invariant_sheet(const struct plane_work *work)
{
    struct invariant invariant = {.work = work};
    if (!has_invariant_curves(work))
        return OK;
    invariant.backwards = reverse_create(work->plane->given->flow);
    if (!invariant.backwards)
        return status_fail(NO_MEMORY, "the curves of a portrait");
    const enum status status = sheets_write(&invariant);
    flow_free(invariant.backwards);
    return status;
}
