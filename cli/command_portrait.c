/* settle portrait: the phase portrait in a plane of two unknowns.
 *
 * Steps: state the problem, choose the plane, compute and write the tables (plane_tables.c), draw
 * (plots/portrait.c), save the manifest.  What is printed says which files were made and which
 * special points are in the picture. */
#include "cli/command.h"

#include "cli/columns.h"
#include "cli/drawing.h"
#include "cli/json.h"
#include "cli/manifest.h"
#include "cli/plane.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_LENGTH = 512, ARROWS_STANDARD = 21, STARTS = 16, SLICE_NAMED = 12 };

static const char DIRECTORY_STANDARD[] = "portrait-results";

/* Long enough for the slow passages that a picture can show; the endings stop settled ones before.
 */
static const double HORIZON_STANDARD = 1e4;

static const char *const tables[] = {"portrait-field.tsv",        "portrait-attracting.tsv",
                                     "portrait-repelling.tsv",    "portrait-critical.tsv",
                                     "portrait-leaves.tsv",       "portrait-nullclines-0.tsv",
                                     "portrait-nullclines-1.tsv", "portrait-trajectories.tsv",
                                     "portrait-heads.tsv",        "portrait-limits.tsv",
                                     "portrait-neutral.tsv"};

static const char *const mark_names[PORTRAIT_MARKS] = {
    [PORTRAIT_ATTRACTOR] = "attracting fixed point",
    [PORTRAIT_REPELLER] = "repelling fixed point",
    [PORTRAIT_SADDLE] = "saddle",
    [PORTRAIT_SEMISTABLE] = "semistable fixed point",
    [PORTRAIT_DEGENERATE] = "degenerate fixed point",
    [PORTRAIT_CHANGE] = "stability changes",
    [PORTRAIT_START] = "start"};

/* By default the cells of the direction field are square on paper. */
static struct plane_plan plan_from(const struct options *options, const struct plane *plane)
{
    size_t up = (size_t)(ARROWS_STANDARD * portrait_aspect(plane->window) + 0.5);
    struct plane_plan plan = {.arrows_across = ARROWS_STANDARD,
                              .arrows_up = up,
                              .starts = STARTS,
                              .seed = options->seed,
                              .from_init = options_given(options, OPTION_init),
                              .plan = options_plan(options)};
    if (!options_given(options, OPTION_horizon))
        plan.plan.horizon = HORIZON_STANDARD;
    if (options_given(options, OPTION_grid)) {
        plan.arrows_across = (size_t)options->grid_width;
        plan.arrows_up = (size_t)options->grid_height;
    }
    return plan;
}

/* "a3 = 0.5, a4 = 0.5 fixed; ", or nothing if the plane is the whole space. */
static void slice_text(const struct plane *plane, size_t size, char *text)
{
    size_t length = 0;
    text[0] = '\0';
    if (plane->given->dim > SLICE_NAMED) {
        snprintf(text, size, "the other %zu unknowns at the start", plane->given->dim - 2);
        return;
    }
    for (size_t k = 0; k < plane->given->dim && length + UNKNOWN_NAME_MAX + 32 < size; k++)
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
    snprintf(numerics, sizeof numerics, "%s, rtol %g, atol %g; seed %" PRIu64,
             options_method_title(plan->plan.method), plan->plan.rtol, plan->plan.atol, plan->seed);
    struct portrait_figure figure = view->figure;
    figure.title = plane->given->flow->title;
    figure.caption[0] = slice;
    figure.caption[1] = problem_parameters(plane->given, sizeof parameters, parameters);
    figure.caption[2] = numerics;
    if (view->leaf) {
        snprintf(leaf, sizeof leaf, "leaves: %s const.", view->leaf->name);
        figure.leaf = leaf;
    }
    return portrait_draw(&figure);
}

static void parameters_set(struct manifest *manifest, const struct plane *plane,
                           const struct plane_plan *plan)
{
    char seed[TEXT_LENGTH];
    snprintf(seed, sizeof seed, "%" PRIu64, plan->seed);
    manifest_problem(manifest, plane->given);
    manifest_plan(manifest, &plan->plan);
    manifest_parameter(manifest, "seed", json_string(seed));
    manifest_parameter(manifest, "plane",
                       json_pack("[s, s]", plane->given->flow->names[plane->axis[0]],
                                 plane->given->flow->names[plane->axis[1]]));
    manifest_parameter(manifest, "window", json_vector(WINDOW_SIDES, plane->window));
    manifest_parameter(
        manifest, "grid",
        json_pack("[I, I]", (json_int_t)plan->arrows_across, (json_int_t)plan->arrows_up));
    for (size_t k = 0; k < sizeof tables / sizeof *tables; k++)
        manifest_output(manifest, tables[k]);
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
    for (size_t k = 0; k < view->figure.points; k++) {
        columns_cell(columns, "%s", mark_names[view->mark[k].mark]);
        columns_cell(columns, "(%.8g, %.8g)", view->mark[k].x, view->mark[k].y);
    }
    if (view->failed) {
        columns_cell(columns, "not finished");
        columns_cell(columns, "%zu trajectories: the integrator failed", view->failed);
    }
    columns_cell(columns, "files");
    columns_cell(columns, "%s/portrait.gp, .pdf, .png, .svg, tables, manifest.json", directory);
    enum status status = columns_print(columns, stdout);
    columns_free(columns);
    return status;
}

static enum status portrait_make(const struct plane *plane, const struct plane_plan *plan,
                                 const struct options *options, struct manifest *manifest)
{
    struct plane_view view;
    TRY(plane_tables_save(plane, plan, manifest_directory(manifest), &view));
    enum status status =
        drawing_finish(manifest, "portrait", figure_draw_with_texts(plane, plan, &view));
    if (status == OK && !options_given(options, OPTION_quiet))
        status = view_print(plane, &view, manifest_directory(manifest));
    plane_view_free(&view);
    if (status == OK)
        parameters_set(manifest, plane, plan);
    return status;
}

static enum status portrait_with_manifest(const struct options *options,
                                          const struct problem_given *given)
{
    struct plane plane;
    struct manifest *manifest;
    const char *directory =
        options_given(options, OPTION_out) ? options->text[OPTION_out] : DIRECTORY_STANDARD;
    TRY(plane_from_options(options, given, &plane));
    struct plane_plan plan = plan_from(options, &plane);
    enum status status = manifest_create(options, directory, &manifest);
    if (status == OK) {
        manifest_clear(manifest);
        status = portrait_make(&plane, &plan, options, manifest);
        if (status == OK)
            status = manifest_save(manifest);
        else
            manifest_free(manifest);
    }
    plane_free(&plane);
    return status;
}

static enum status portrait_run(const struct options *options, enum exit_code *exit_code)
{
    struct problem_given given;
    TRY(problem_from_options(options, &given));
    enum status status = portrait_with_manifest(options, &given);
    problem_given_free(&given);
    *exit_code = EXIT_HOLDS;
    return status;
}

const struct command command_portrait = {
    .name = "portrait",
    .title = "phase portrait in a plane of two unknowns",
    .arguments = "SYSTEM",
    .help =
        "Draws the direction field (colour: speed), the fixed points of the plane (solid where\n"
        "they attract, dashed where they repel, half-filled where they are semistable), the set\n"
        "S = 0 where the product P of the weights stops following the error, the leaves of a\n"
        "first integral, and trajectories from the border of the window.  The picture comes as\n"
        "PDF, PNG and SVG with its gnuplot script and tables.  With --init the trajectory from\n"
        "there is drawn too.\n"
        "\n"
        "example: the network A[1,1,1], whose product P turns twice on the way from (-2, 1)\n"
        "  settle portrait chain --c 1 --init -2,1 --out portrait-a111\n"
        "example: a plane of a longer chain, with a3 = 1/2 fixed\n"
        "  settle portrait chain --depth 3 --rule srbp --plane a1,a2 --out portrait-a1111\n"
        "example: a plane of the network A[2,2,2], two entries of its first matrix\n"
        "  settle portrait deep --sizes 2,2,2 --rule bp --plane A1_1_1,A1_2_2 --out portrait-222\n",
    .options = "alpha atol beta c channel-activation data depth downsample grid horizon init "
               "inputs labels lambda method mirror out "
               "plane principal q quiet rates rtol rule samples seed sigma-ii sigma-ti sizes steps "
               "targets "
               "window",
    .least = 1,
    .most = 1,
    .run = portrait_run,
};
