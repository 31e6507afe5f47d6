/* What the views of a plane share. */
#include "cli/plane_plan.h"

#include "cli/view.h"

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

void plane_plan_print(struct columns *columns, const struct plane *plane,
                      const struct plane_view *view)
{
    for (size_t k = 0; k < view->figure.points; k++) {
        columns_cell(columns, "%s", mark_names[view->mark[k].mark]);
        columns_cell(columns, "(%.8g, %.8g)", view->mark[k].x, view->mark[k].y);
    }
    for (size_t k = 0; k < view->cycles; k++) {
        const struct cycle *cycle = &view->cycle[k];
        columns_cell(columns, "%s limit cycle", cycle->attracts ? "attracting" : "repelling");
        columns_cell(columns,
                     "through (%.8g, %.8g), period %.9g, multiplier %.6g, bracketed within %.1e",
                     cycle->point[plane->axis[0]], cycle->point[plane->axis[1]], cycle->period,
                     cycle->multiplier, cycle->width);
    }
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
