/* The tables of a phase portrait, in memory and on disk: their makers in turn, and what they share.
 *
 * Chains without decay have the curve e = 0, a level of one function; every other flow has the
 * fixed points that a search of the plane finds (fixed_set.h), and its nullclines.  Marks are kept
 * in one list, so that a point found twice is drawn once. */
#include "cli/plane_work.h"

#include "linear/chain.h"
#include "linear/registry.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MARKS_MAX = 64 };

static const double SAME_POINT = 1e-6; /* of the window: two marks are one */

double plane_width(const struct plane *plane)
{
    return plane->window[1] - plane->window[0];
}

double plane_height(const struct plane *plane)
{
    return plane->window[3] - plane->window[2];
}

bool plane_contains(const struct plane *plane, double x, double y)
{
    const double *w = plane->window;
    return x >= w[0] && x <= w[1] && y >= w[2] && y <= w[3];
}

/* Has this flow a curve of fixed points e = 0? */
bool plane_has_error(const struct plane *plane)
{
    const struct problem *problem = &plane->given->problem;
    return chain_is_scalar(problem) && problem->lambda == 0;
}

bool plane_mark(struct plane_view *view, double x, double y, enum portrait_mark mark)
{
    if (view->figure.points == MARKS_MAX)
        return false;
    view->mark[view->figure.points++] = (struct portrait_point){.x = x, .y = y, .mark = mark};
    return true;
}

bool plane_is_marked(const struct plane_work *work, double x, double y)
{
    for (size_t k = 0; k < work->view->figure.points; k++)
        if (fabs(work->view->mark[k].x - x) <= SAME_POINT * plane_width(work->plane) &&
            fabs(work->view->mark[k].y - y) <= SAME_POINT * plane_height(work->plane))
            return true;
    return false;
}

int plane_by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static enum status sheets_compute(const struct plane_work *work)
{
    TRY(plane_field_sheet(work));
    if (plane_has_error(work->plane)) {
        TRY(plane_fixed_sheet(work));
    } else {
        TRY(plane_nullclines_sheet(work));
        TRY(plane_sets_sheet(work));
    }
    if (work->plane->given->dim == 2)
        plane_isolated_mark(work);
    TRY(plane_invariant_sheet(work));
    TRY(plane_sliding_sheet(work));
    TRY(plane_leaves_sheet(work));
    return plane_tracks_sheet(work);
}

enum status plane_compute(const struct plane *plane, const struct plane_plan *plan,
                          struct plane_view *view)
{
    *view = (struct plane_view){.figure = {.name = "portrait"}};
    view->mark = calloc(MARKS_MAX, sizeof *view->mark);
    if (!view->mark)
        return status_fail(NO_MEMORY, "no memory for the marks of a portrait");
    struct portrait_figure *figure = &view->figure;
    memcpy(figure->window, plane->window, sizeof figure->window);
    figure->axis[0] = plane->given->flow->names[plane->axis[0]];
    figure->axis[1] = plane->given->flow->names[plane->axis[1]];
    figure->projected = plane->given->dim > 2;
    figure->point = view->mark;
    struct plane_work work = {.plane = plane, .plan = plan, .view = view};
    enum status status = sheets_compute(&work);
    if (status != OK)
        plane_view_free(view);
    return status;
}

enum status plane_tables_save(const struct plane *plane, const struct plane_plan *plan,
                              const char *directory, struct plane_view *view)
{
    TRY(plane_compute(plane, plan, view));
    view->figure.directory = directory;
    enum status status = plane_sheets_save(&view->sheets, directory);
    if (status != OK)
        plane_view_free(view);
    return status;
}

void plane_view_free(struct plane_view *view)
{
    plane_sheets_free(&view->sheets);
    free(view->mark);
    view->mark = NULL;
}
