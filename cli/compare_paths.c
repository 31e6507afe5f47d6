/* Flow and steps from one start, in the plane of two unknowns.
 *
 * The orders tell how fast distances shrink; the picture tells what they are distances of: the steps of
 * full batches, which leave the flow to one side, and those of minibatches, which wander about it.  Shown
 * are the largest learning rate, where single steps are seen, and of minibatches the smallest one, too.
 * All are walked again here, with the random numbers of the trials that were measured. */
#include "cli/compare.h"

#include "base/table.h"
#include "cli/drawing.h"
#include "plots/path.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { TEXT_LENGTH = 512, LABEL_LENGTH = 96 };

static const char TABLE[] = "paths.tsv", FIGURE[] = "paths";
static const double TOLERANCE = 1e-10, KINKED = 1e-9; /* of the flow; a dot is 1e-2 of the plot */
static const size_t POINTS_MOST = 200; /* more steps are drawn as a line: dots would meet */

/* A walk that is shown: block number `index` of the table. */
struct walk {
    enum path_kind kind;
    bool is_flow;
    size_t steps;
    struct comparison_trials trials; /* sampling SAMPLING_ALL: full batches */
    char label[LABEL_LENGTH];
};

enum { WALKS = 4 };

static double eta_of(const struct comparison *result, const struct walk *walk)
{
    return result->plan.horizon / (double)walk->steps;
}

static struct walk walk_of_steps(const struct comparison *result, size_t steps,
                                 enum sampling sampling)
{
    struct walk walk = {.kind = steps <= POINTS_MOST ? PATH_STEPS : PATH_LINE,
                        .steps = steps,
                        .trials = result->plan.trials};
    walk.trials.sampling = sampling;
    if (sampling == SAMPLING_ALL)
        snprintf(walk.label, sizeof walk.label, "full batches, eta = %.4g", eta_of(result, &walk));
    else
        snprintf(walk.label, sizeof walk.label, "one trial, batches of %zu, eta = %.4g",
                 walk.trials.batch, eta_of(result, &walk));
    return walk;
}

static size_t walks_choose(const struct comparison *result, struct walk walk[WALKS])
{
    const size_t first = result->plan.steps[0], last = result->plan.steps[result->plan.etas - 1];
    const enum sampling sampling = result->plan.trials.sampling;
    walk[0] = (struct walk){.kind = PATH_LINE, .is_flow = true, .steps = last, .label = "the flow"};
    walk[1] = walk_of_steps(result, first, SAMPLING_ALL);
    if (sampling == SAMPLING_ALL)
        return 2;
    walk[2] = walk_of_steps(result, first, sampling);
    walk[3] = walk_of_steps(result, last, sampling);
    return WALKS;
}

/* --- table ---------------------------------------------------------------------------------- */

/* The states of a walk into a block; the ranges grow. */
static void rows_write(const struct compare *compare, const struct comparison_path *path,
                       const double *x, struct table *table, struct path_figure *figure)
{
    assert(x);
    for (size_t n = 0; n <= path->steps; n++) {
        table_number(table, path->horizon * (double)n / (double)path->steps);
        for (size_t l = 0; l < 2; l++) {
            const double value = x[n * path->dim + compare->axis[l]];
            table_number(table, value);
            figure->low[l] = fmin(figure->low[l], value);
            figure->high[l] = fmax(figure->high[l], value);
        }
        table_end_row(table);
    }
}

static enum status walk_states(const struct compare *compare, const struct walk *walk,
                               const struct comparison_path *path, double **states)
{
    double *x = malloc((path->steps + 1) * path->dim * sizeof *x);
    if (!x)
        return status_fail(NO_MEMORY, "no memory for %zu steps", path->steps);
    const enum status status =
        comparison_steps_trace(compare->result->system, path, &walk->trials, 0, x);
    if (status == OK)
        *states = x;
    else
        free(x);
    return status;
}

static enum status walk_write(const struct compare *compare, const struct walk *walk,
                              struct table *table, struct path_figure *figure)
{
    double *x = NULL;
    struct comparison_path *path = NULL;
    const struct comparison_path_plan plan = {.horizon = compare->result->plan.horizon,
                                              .steps = walk->steps,
                                              .tolerance =
                                                  compare->result->smooth ? TOLERANCE : KINKED};
    TRY(comparison_path_follow(compare->result->system->flow, &plan, compare->given.x0, &path));
    const enum status status = walk->is_flow ? OK : walk_states(compare, walk, path, &x);
    if (status == OK)
        rows_write(compare, path, walk->is_flow ? path->x : x, table, figure);
    free(x);
    comparison_path_free(path);
    return status;
}

static enum status table_save(const struct compare *compare, const struct walk *walk, size_t walks,
                              struct path_figure *figure)
{
    char header[TEXT_LENGTH];
    struct table *table = NULL;
    enum status status = OK;
    snprintf(header, sizeof header, "t %s %s", figure->axis[0], figure->axis[1]);
    TRY(table_open(figure->directory, TABLE, header, &table));
    for (size_t k = 0; k < walks && status == OK; k++) {
        status = walk_write(compare, &walk[k], table, figure);
        table_blank(table);
        table_blank(table);
    }
    if (status == OK)
        return table_close(table);
    table_discard(table);
    return status;
}

/* --- figure --------------------------------------------------------------------------------- */

static void marks_fill(const struct compare *compare, struct path_figure *figure)
{
    figure->mark[figure->marks++] = (struct path_mark){
        .at = {compare->given.x0[compare->axis[0]], compare->given.x0[compare->axis[1]]},
        .mark = LEGEND_SQUARE,
        .label = "start"};
}

static enum status figure_save(const struct compare *compare, const char *directory)
{
    struct walk walk[WALKS];
    char parameters[TEXT_LENGTH], samples[TEXT_LENGTH];
    const struct comparison *result = compare->result;
    const struct flow *flow = compare->given.flow;
    const size_t walks = walks_choose(result, walk);
    snprintf(samples, sizeof samples, "%zu samples, from t = 0 to T = %g, seed %llu",
             result->system->count, result->plan.horizon,
             (unsigned long long)result->plan.trials.seed);
    struct path_figure figure = {
        .directory = directory,
        .name = FIGURE,
        .title = flow->title,
        .caption = {problem_parameters(&compare->given, sizeof parameters, parameters), samples},
        .axis = {flow->names[compare->axis[0]], flow->names[compare->axis[1]]},
        .low = {INFINITY, INFINITY},
        .high = {-INFINITY, -INFINITY},
        .count = walks};
    for (size_t k = 0; k < walks; k++)
        figure.series[k] = (struct path_series){.kind = walk[k].kind,
                                                .table = TABLE,
                                                .label = walk[k].label,
                                                .index = k,
                                                .column = {2, 3}};
    marks_fill(compare, &figure);
    TRY(table_save(compare, walk, walks, &figure));
    return path_draw(&figure);
}

enum status compare_paths_save(const struct compare *compare, struct manifest *manifest)
{
    if (!compare->result || compare->given.flow->dim < 2)
        return OK;
    const enum status drawn = figure_save(compare, manifest_directory(manifest));
    manifest_output(manifest, TABLE);
    return drawing_finish(manifest, FIGURE, drawn);
}
