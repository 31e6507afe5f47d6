/* settle portrait --view plane: the phase portrait in a plane of two unknowns.
 *
 * Steps: choose the plane, compute and write the tables (plane_tables.c), draw (plots/portrait.c),
 * save the manifest.  What is printed says which files were made and which special points are in
 * the picture. */
#include "cli/columns.h"
#include "cli/drawing.h"
#include "cli/json.h"
#include "cli/plane_plan.h"
#include "cli/view.h"

#include <stdio.h>
#include <string.h>

enum { NUMBER_TEXT = 32, TEXT_LENGTH = 512, SLICE_NAMED = 12 };

/* "a3 = 0.5, a4 = 0.5 fixed; ", or nothing if the plane is the whole space. */
static void slice_text(const struct plane *plane, size_t size, char *text)
{
    size_t length = 0;
    text[0] = '\0';
    if (plane->given->dim > SLICE_NAMED) {
        snprintf(text, size, "the other %zu unknowns at the start", plane->given->dim - 2);
        return;
    }
    for (size_t k = 0; k < plane->given->dim && length + UNKNOWN_NAME_MAX + NUMBER_TEXT < size; k++)
        if (k != plane->axis[0] && k != plane->axis[1])
            length += (size_t)snprintf(text + length, size - length, "%s%s = %.4g",
                                       length ? ", " : "plane ", plane->given->flow->names[k],
                                       plane->given->x0[k]);
}

static enum status figure_draw_with_texts(const struct plane *plane, const struct plane_plan *plan,
                                          const struct plane_view *view)
{
    char parameters[TEXT_LENGTH], slice[TEXT_LENGTH], numerics[TEXT_LENGTH], leaf[TEXT_LENGTH];
    slice_text(plane, sizeof slice, slice);
    struct portrait_figure figure = view->figure;
    figure.title = plane->given->flow->title;
    figure.caption[0] = slice;
    figure.caption[1] = problem_parameters(plane->given, sizeof parameters, parameters);
    figure.caption[2] = view_numerics(&plan->plan, plan->seed, sizeof numerics, numerics);
    if (view->leaf) {
        snprintf(leaf, sizeof leaf, "leaves: %s const.", view->leaf->name);
        figure.leaf = leaf;
    }
    return portrait_draw(&figure);
}

static void parameters_set(struct manifest *manifest, const struct plane *plane,
                           const struct plane_plan *plan)
{
    view_parameters(manifest, plane->given, &plan->plan, plan->seed, view_plane.name);
    manifest_parameter(manifest, "plane",
                       json_pack("[s, s]", plane->given->flow->names[plane->axis[0]],
                                 plane->given->flow->names[plane->axis[1]]));
    manifest_parameter(manifest, "window", json_vector(WINDOW_SIDES, plane->window));
    manifest_parameter(
        manifest, "grid",
        json_pack("[I, I]", (json_int_t)plan->arrows_across, (json_int_t)plan->arrows_up));
    plane_plan_outputs(manifest, "");
}

static enum status view_print(const struct plane *plane, const struct plane_view *view,
                              const char *directory)
{
    struct columns *columns = columns_create("ll");
    columns_cell(columns, "system");
    columns_cell(columns, "%s", plane->given->flow->title);
    columns_cell(columns, "plane");
    columns_cell(columns, "%s from %g to %g, %s from %g to %g", view->figure.axis[0],
                 plane->window[0], plane->window[1], view->figure.axis[1], plane->window[2],
                 plane->window[3]);
    plane_plan_print(columns, plane, view);
    columns_cell(columns, "files");
    columns_cell(columns, "%s/portrait.gp, .pdf, .png, .svg, tables, manifest.json", directory);
    enum status status = columns_print(columns, stdout);
    columns_free(columns);
    return status;
}

struct portrait {
    const struct options *options;
    struct progress *progress;
    struct plane plane;
    struct plane_plan plan;
};

static enum status portrait_make(void *context, struct manifest *manifest)
{
    struct plane_view view;
    const struct portrait *portrait = context;
    const struct plane *plane = &portrait->plane;
    TRY(plane_tables_save(plane, &portrait->plan, manifest_directory(manifest), &view));
    progress_begin(portrait->progress, "drawing", 0);
    enum status status =
        drawing_finish(manifest, "portrait", figure_draw_with_texts(plane, &portrait->plan, &view));
    progress_end(portrait->progress);
    if (status == OK)
        status = view_print(plane, &view, manifest_directory(manifest));
    plane_view_free(&view);
    if (status == OK)
        parameters_set(manifest, plane, &portrait->plan);
    return status;
}

static enum status plane_run(const struct options *options, struct problem_given *given,
                             struct progress *progress)
{
    struct portrait portrait = {.options = options, .progress = progress};
    TRY(view_options_fit(options, view_plane.name, "grid plane starts window"));
    TRY(plane_from_options(options, given, &portrait.plane));
    portrait.plan = plane_plan_from(options, &portrait.plane);
    const enum status status = view_in_folder(options, portrait_make, &portrait);
    plane_free(&portrait.plane);
    return status;
}

const struct view view_plane = {
    .name = "plane",
    .title = "a plane of two unknowns: direction field, fixed points, leaves, trajectories",
    .run = plane_run,
};
