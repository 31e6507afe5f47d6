/* Fixed points of the whole flow in a portrait's plane (fixed_set.h).
 *
 * A flow that plane_fixed.c knows in closed form (chains with one error e) keeps its own curve
 * e = 0; only what that leaves out is added here: weights that do not move although e is not zero,
 * as where c1 = 0.  A plane that is the whole space has its isolated points from plane_fixed.c. */
#include "cli/plane_work.h"

#include "cli/fixed_set.h"
#include "linear/chain.h"

#include <math.h>
#include <string.h>

enum { SEARCH_CELLS = 60 }; /* as those of other points */

static const double NO_ERROR = 1e-6; /* |e| relative to |alpha| + |beta|: rounding of the curve */

struct sets {
    const struct plane_work *work;
    struct plane_sheet *sheet[FIXED_SET_KINDS]; /* saddles share that of the repelling ones */
};

static const enum portrait_mark isolated_marks[FIXED_SET_KINDS] = {
    [FIXED_SET_ATTRACTS] = PORTRAIT_ATTRACTOR,
    [FIXED_SET_REPELS] = PORTRAIT_REPELLER,
    [FIXED_SET_SADDLE] = PORTRAIT_SADDLE,
    [FIXED_SET_NEUTRAL] = PORTRAIT_DEGENERATE};

/* Is the point on the curve e = 0 that plane_fixed.c draws? */
static bool is_drawn_already(const struct plane_work *work, double x, double y)
{
    const struct plane *plane = work->plane;
    if (!plane_has_error(plane))
        return false;
    const struct problem *problem = &plane->given->problem;
    double *state = plane_row(plane, PLANE_ROW_CALLER);
    plane_state(plane, x, y, state);
    return fabs(chain_error(plane->given->flow, state)) <=
           NO_ERROR * (fabs(problem->alpha) + fabs(problem->beta));
}

static void piece_write(const struct sets *sets, const struct fixed_set *set, size_t k)
{
    struct plane_sheet *sheet = sets->sheet[set->kind[k]];
    struct portrait_figure *figure = &sets->work->view->figure;
    size_t written = 0;
    for (size_t i = set->start[k]; i < set->start[k + 1]; i++)
        if (!is_drawn_already(sets->work, set->u[i], set->v[i])) {
            plane_point_write(sheet, set->u[i], set->v[i]);
            written++;
        }
    plane_sheet_blank(sheet);
    if (written < 2) /* a change of stability, not a curve */
        return;
    figure->attracting |= set->kind[k] == FIXED_SET_ATTRACTS;
    figure->neutral |= set->kind[k] == FIXED_SET_NEUTRAL;
    figure->repelling |= set->kind[k] == FIXED_SET_REPELS || set->kind[k] == FIXED_SET_SADDLE;
}

static void point_mark(const struct plane_work *work, const struct fixed_set_point *point,
                       enum portrait_mark mark)
{
    if (!is_drawn_already(work, point->u, point->v) && !plane_is_marked(work, point->u, point->v))
        plane_mark(work->view, point->u, point->v, mark);
}

static void sets_write(const struct sets *sets, const struct fixed_set *set)
{
    const struct plane_work *work = sets->work;
    for (size_t k = 0; k < set->pieces; k++)
        piece_write(sets, set, k);
    for (size_t k = 0; k < set->switch_count; k++)
        point_mark(work, &set->change[k], PORTRAIT_CHANGE);
    for (size_t k = 0; k < set->isolated_count && work->plane->given->dim > 2; k++)
        point_mark(work, &set->isolated[k], isolated_marks[set->isolated[k].kind]);
}

static enum status found_write(const struct sets *sets)
{
    const struct plane *plane = sets->work->plane;
    struct fixed_set_plan plan = {.flow = plane->given->flow,
                                  .axis = {plane->axis[0], plane->axis[1]},
                                  .through = plane->given->x0,
                                  .cells = plane->cells,
                                  .search_cells = SEARCH_CELLS,
                                  .stop = plane->stop,
                                  .context = plane->context};
    memcpy(plan.window, plane->window, sizeof plan.window);
    struct fixed_set *set;
    TRY(fixed_set_find(&plan, &set));
    sets_write(sets, set);
    fixed_set_free(set);
    return OK;
}

enum status plane_sets_write(const struct plane_work *work, struct plane_sheet *attracting,
                             struct plane_sheet *repelling)
{
    struct sets sets = {.work = work,
                        .sheet = {[FIXED_SET_ATTRACTS] = attracting,
                                  [FIXED_SET_REPELS] = repelling,
                                  [FIXED_SET_SADDLE] = repelling}};
    struct plane_sheet **neutral = &sets.sheet[FIXED_SET_NEUTRAL];
    TRY(plane_sheet_open(&work->view->sheets, "portrait-neutral.tsv", "x y", neutral));
    TRY(found_write(&sets));
    return plane_sheet_check(*neutral);
}

enum status plane_sets_sheet(const struct plane_work *work)
{
    struct plane_sheet *attracting, *repelling;
    TRY(plane_sheet_open(&work->view->sheets, "portrait-attracting.tsv", "x y", &attracting));
    TRY(plane_sheet_open(&work->view->sheets, "portrait-repelling.tsv", "x y", &repelling));
    TRY(plane_sets_write(work, attracting, repelling));
    TRY(plane_sheet_check(attracting));
    return plane_sheet_check(repelling);
}
