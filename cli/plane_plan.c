/* What the views of a plane share. */
#include "cli/plane_plan.h"

#include "cli/view.h"

#include <math.h>
#include <stdio.h>

enum { ARROWS_STANDARD = 21, STARTS = 16, PATH_MOST = 64 };

static const char *const tables[] = {
    "portrait-field.tsv",        "portrait-attracting.tsv",     "portrait-repelling.tsv",
    "portrait-critical.tsv",     "portrait-leaves.tsv",         "portrait-nullclines-0.tsv",
    "portrait-nullclines-1.tsv", "portrait-trajectories.tsv",   "portrait-heads.tsv",
    "portrait-limits.tsv",       "portrait-neutral.tsv",        "portrait-separatrices.tsv",
    "portrait-slides.tsv",       "portrait-parts.tsv",          "portrait-unstable.tsv",
    "portrait-cycles.tsv",       "portrait-unstable-cycles.tsv"};

static const char *const mark_names[PORTRAIT_MARKS] = {
    [PORTRAIT_ATTRACTOR] = "attracting fixed point",
    [PORTRAIT_REPELLER] = "repelling fixed point",
    [PORTRAIT_SADDLE] = "saddle",
    [PORTRAIT_SEMISTABLE] = "semistable fixed point",
    [PORTRAIT_CENTRE] = "centre",
    [PORTRAIT_DEGENERATE] = "degenerate fixed point",
    [PORTRAIT_CHANGE] = "stability changes",
    [PORTRAIT_START] = "start"};

const char *plane_plan_mark(enum portrait_mark mark)
{
    return mark_names[mark];
}

struct plane_plan plane_plan_from(const struct options *options, const struct plane *plane)
{
    size_t up = (size_t)(ARROWS_STANDARD * portrait_aspect(plane->window) + 0.5);
    struct plane_plan plan = {.arrows_across = ARROWS_STANDARD,
                              .arrows_up = up,
                              .starts = view_starts(options, STARTS),
                              .seed = options->seed,
                              .from_init = options_given(options, OPTION_init),
                              .plan = view_plan(options)};
    if (options_given(options, OPTION_grid)) {
        plan.arrows_across = (size_t)options->grid[0];
        plan.arrows_up = (size_t)options->grid[1];
    }
    return plan;
}

void plane_plan_outputs(struct manifest *manifest, const char *folder)
{
    for (size_t k = 0; k < sizeof tables / sizeof *tables; k++) {
        char path[PATH_MOST];
        snprintf(path, sizeof path, "%s%s", folder, tables[k]);
        manifest_output(manifest, path);
    }
}

/* What a mark does not say itself. */
static const char *mark_remark(const struct plane *plane, enum portrait_mark mark)
{
    if (mark == PORTRAIT_CENTRE)
        return ": a first integral closes the orbits round it";
    return mark == PORTRAIT_DEGENERATE && plane->given->flow->dim == 2 && !plane_has_error(plane)
               ? ": the linear part does not decide"
               : "";
}

/* A coordinate far below the width of the bracket is zero. */
static double without_dust(const struct cycle *cycle, size_t axis)
{
    static const double DUST = 1e-3;
    return fabs(cycle->point[axis]) < DUST * cycle->width ? 0 : cycle->point[axis];
}

static const char *cycles_searched(const struct plane *plane, const struct plane_view *view)
{
    if (!plane_has_curves(plane))
        return "limit cycles are looked for in two unknowns without jumps only";
    if (plane->given->flow->conserved > 0)
        return "no limit cycle, since a first integral is conserved";
    if (!view->cycles_sought)
        return "limit cycles are not looked for beside curves of fixed points";
    return "limit cycles along a horizontal line from each to the farther side of the window "
           "(those that miss it, pairs close together, stiff and semistable ones may be missing)";
}

/* What was looked for, and what may have been missed. */
static void searched_print(struct columns *columns, const struct plane *plane,
                           const struct plane_view *view)
{
    if (plane_has_error(plane)) /* the curve e = 0 is known in closed form */
        return;
    columns_cell(columns, "searched");
    columns_cell(columns,
                 "fixed points in %d x %d cells (multiple zeros, and several in one cell, may be "
                 "missing); %s",
                 PLANE_SEARCH_CELLS, PLANE_SEARCH_CELLS, cycles_searched(plane, view));
}

void plane_plan_print(struct columns *columns, const struct plane *plane,
                      const struct plane_view *view)
{
    for (size_t k = 0; k < view->figure.points; k++) {
        columns_cell(columns, "%s", mark_names[view->mark[k].mark]);
        columns_cell(columns, "(%.8g, %.8g)%s", view->mark[k].x, view->mark[k].y,
                     mark_remark(plane, view->mark[k].mark));
    }
    for (size_t k = 0; k < view->cycles; k++) {
        const struct cycle *cycle = &view->cycle[k];
        columns_cell(columns, "%s limit cycle", cycle->attracts ? "attracting" : "repelling");
        columns_cell(columns,
                     "through (%.8g, %.8g), period %.9g, multiplier %.6g, bracketed within %.1e",
                     without_dust(cycle, plane->axis[0]), without_dust(cycle, plane->axis[1]),
                     cycle->period, cycle->multiplier, cycle->width);
    }
    searched_print(columns, plane, view);
    for (size_t k = 0; k < view->misses; k++) {
        const struct plane_miss *miss = &view->miss[k];
        columns_cell(columns, "no limit cycle");
        columns_cell(columns, "found round the focus (%.8g, %.8g); the search ended: %s", miss->x,
                     miss->y, miss->reason);
    }
    if (view->failed) {
        columns_cell(columns, "not finished");
        columns_cell(columns, "%zu trajectories: the integrator failed", view->failed);
    }
}
