/* settle portrait --panels NAME=X,Y,...: phase portraits of one plane side by side, at several
 * values of a parameter.
 *
 * Each panel is a portrait of its own problem, with its tables in a folder 1/, 2/, ...; the start,
 * the plane and the window are those of the command line. */
#include "cli/columns.h"
#include "cli/drawing.h"
#include "cli/json.h"
#include "cli/parameter.h"
#include "cli/plane_plan.h"
#include "cli/view.h"

#include "base/folder.h"
#include "plots/panels.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_LENGTH = 512, NAME_LENGTH = 64 };

struct panels {
    const struct options *options;
    struct progress *progress;
    struct problem_given *given; /* its parameter is changed from panel to panel */
    double *parameter;
    char name[UNKNOWN_NAME_MAX];
    double value[PANELS_MOST];
    size_t count;
    struct plane plane;
    struct plane_plan plan;
    struct plane_view view[PANELS_MOST];
    char folder[PANELS_MOST][NAME_LENGTH], title[PANELS_MOST][NAME_LENGTH];
};

/* The tables of one panel, in DIRECTORY/k/. */
static enum status panel_compute(struct panels *panels, const char *directory, size_t k)
{
    char folder[FOLDER_PATH_MAX], number[NAME_LENGTH];
    snprintf(number, sizeof number, "%zu", k + 1);
    TRY(folder_join(directory, number, sizeof folder, folder));
    TRY(folder_create(folder));
    *panels->parameter = panels->value[k];
    TRY(parameter_changed(panels->given));
    TRY(plane_tables_save(&panels->plane, &panels->plan, folder, &panels->view[k]));
    snprintf(panels->folder[k], sizeof panels->folder[k], "%zu/portrait", k + 1);
    snprintf(panels->title[k], sizeof panels->title[k], "%s = %.7g", panels->name,
             panels->value[k]);
    return OK;
}

static enum status panels_drawn(const struct panels *panels, const char *directory)
{
    char parameters[PROBLEM_TEXT_MAX], numerics[TEXT_LENGTH];
    struct panels_figure figure = {
        .directory = directory,
        .name = "panels",
        .title = panels->given->flow->title,
        .count = panels->count,
        .caption = {
            parameter_varied_text(panels->given, panels->parameter, sizeof parameters, parameters),
            view_numerics(&panels->plan.plan, panels->plan.seed, sizeof numerics, numerics)}};
    for (size_t k = 0; k < panels->count; k++) {
        figure.panel[k] = panels->view[k].figure;
        figure.panel[k].name = panels->folder[k];
        figure.panel[k].title = panels->title[k];
        for (size_t i = 0; i < 2; i++) /* the flow that the panel was made of is gone */
            figure.panel[k].axis[i] = panels->given->flow->names[panels->plane.axis[i]];
    }
    return panels_draw(&figure);
}

static void parameters_set(struct manifest *manifest, const struct panels *panels)
{
    view_parameters(manifest, panels->given, &panels->plan.plan, panels->plan.seed,
                    view_panels.name);
    manifest_parameter(manifest, "parameter", json_string(panels->name));
    manifest_parameter(manifest, "values", json_vector(panels->count, panels->value));
    manifest_parameter(manifest, "window", json_vector(WINDOW_SIDES, panels->plane.window));
    for (size_t k = 0; k < panels->count; k++) {
        char folder[NAME_LENGTH];
        snprintf(folder, sizeof folder, "%zu/", k + 1);
        plane_plan_outputs(manifest, folder);
    }
}

static enum status panels_print(const struct panels *panels, const char *directory)
{
    struct columns *columns = columns_create("ll");
    columns_cell(columns, "system");
    columns_cell(columns, "%s", panels->given->flow->title);
    for (size_t k = 0; k < panels->count; k++) {
        columns_cell(columns, "panel");
        columns_cell(columns, "%s", panels->title[k]);
        plane_plan_print(columns, &panels->plane, &panels->view[k]);
    }
    columns_cell(columns, "files");
    columns_cell(columns, "%s/panels.gp, .pdf, .png, .svg, tables in 1/, ..., manifest.json",
                 directory);
    const enum status status = columns_print(columns, stdout);
    columns_free(columns);
    return status;
}

static enum status panels_make(void *context, struct manifest *manifest)
{
    struct panels *panels = context;
    const char *directory = manifest_directory(manifest);
    progress_begin(panels->progress, "panels", panels->count);
    for (size_t k = 0; k < panels->count; k++) {
        TRY(panel_compute(panels, directory, k));
        progress_advance(panels->progress, 1);
    }
    progress_begin(panels->progress, "drawing", 0);
    TRY(drawing_finish(manifest, "panels", panels_drawn(panels, directory)));
    parameters_set(manifest, panels);
    progress_end(panels->progress);
    return panels_print(panels, directory);
}

/* `given` is this command's own: it is changed, and stays valid. */
static enum status panels_run(const struct options *options, struct problem_given *given,
                              struct progress *progress)
{
    struct panels panels = {.options = options, .progress = progress, .given = given};
    TRY(view_options_fit(options, view_panels.name, "grid panels plane starts window"));
    if (!options_given(options, OPTION_panels))
        return status_fail(BAD_ARGUMENT, "--view panels needs --panels NAME=X,Y,...");
    TRY(parameter_list_read(options->text[OPTION_panels], panels.name, PANELS_MOST, panels.value,
                            &panels.count));
    TRY(parameter_named(given, panels.name, &panels.parameter));
    TRY(plane_from_options(options, given, &panels.plane));
    panels.plan = plane_plan_from(options, &panels.plane);
    const enum status status = view_in_folder(options, panels_make, &panels);
    for (size_t k = 0; k < panels.count; k++)
        plane_view_free(&panels.view[k]);
    plane_free(&panels.plane);
    return status;
}

const struct view view_panels = {
    .name = "panels",
    .title = "a plane at several values of a parameter, side by side",
    .run = panels_run,
};
