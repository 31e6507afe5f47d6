/* The tables of a sweep over leaves and its figure, in the names of any sweep:
 *
 *   sweep-branches.tsv                  interval, zero, value, residual time, all unknowns, attracts
 *   sweep-special.tsv                   kind, value, all unknowns
 *   sweep-stable.tsv, -repelling.tsv    the curves of the figure (plots/branches.h)
 *
 * A curve goes on to the special point at its end. */
#include "cli/leaf_diagram.h"

#include "base/table.h"
#include "cli/drawing.h"
#include "cli/json.h"
#include "cli/parameter.h"
#include "plots/branches.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_LENGTH = 512, HEADER_LENGTH = 4096 };

static const char BRANCHES[] = "sweep-branches.tsv", SPECIAL[] = "sweep-special.tsv";
static const double ROOM = 0.08; /* above and below the curves */
static const double MEETS =
    1e-3; /* in residual time, relative: a zero and the special point at its end */
static const enum branches_curve curves[2] = {BRANCHES_REPELLING, BRANCHES_STABLE};

static const double *state_at(const struct leaf_diagram *diagram, const struct leaf_piece *piece,
                              size_t k, size_t j)
{
    return piece->state + (k * piece->count + j) * diagram->dim;
}

/* ---- whole tables ---- */

static enum status header_open(const struct leaf_diagram *diagram, const char *directory,
                               const char *name, const char *first, struct table **table)
{
    char header[HEADER_LENGTH];
    size_t length = (size_t)snprintf(header, sizeof header, "%s", first);
    for (size_t i = 0; i < diagram->dim && length < sizeof header; i++)
        length += (size_t)snprintf(header + length, sizeof header - length, " %s",
                                   diagram->given.flow->names[i]);
    return table_open(directory, name, header, table);
}

static void state_cells(const struct leaf_diagram *diagram, const double *x, struct table *table)
{
    for (size_t i = 0; i < diagram->dim; i++)
        table_number(table, x[i]);
    table_end_row(table);
}

static enum status branches_write(const struct leaf_diagram *diagram, const char *directory)
{
    struct table *table;
    TRY(header_open(diagram, directory, BRANCHES, "interval zero value attracts s", &table));
    for (size_t p = 0; p < diagram->pieces; p++) {
        const struct leaf_piece *piece = &diagram->piece[p];
        for (size_t j = 0; j < piece->count; j++) {
            for (size_t k = 0; k < piece->points; k++) {
                table_number(table, (double)(p + 1));
                table_number(table, (double)(j + 1));
                table_number(table, piece->value[k]);
                table_number(table, piece->attracts[j]);
                table_number(table, piece->s[k * piece->count + j]);
                state_cells(diagram, state_at(diagram, piece, k, j), table);
            }
            table_blank(table);
        }
    }
    return table_close(table);
}

static enum status specials_write(const struct leaf_diagram *diagram, const char *directory)
{
    struct table *table;
    TRY(header_open(diagram, directory, SPECIAL, "kind value", &table));
    for (size_t k = 0; k < diagram->specials; k++) {
        table_text(table, leaf_event_name[diagram->special[k].event]);
        table_number(table, diagram->special[k].value);
        state_cells(diagram, diagram->special[k].state, table);
    }
    return table_close(table);
}

/* ---- curves ---- */

/* The special point at an end of the piece that zero j meets, if any. */
static void end_write(const struct leaf_diagram *diagram, const struct leaf_piece *piece, size_t j,
                      int end, struct table *table)
{
    const size_t k = end ? piece->points - 1 : 0;
    const double s = piece->s[k * piece->count + j];
    for (size_t n = 0; n < piece->events[end]; n++) {
        const struct leaf_special *special = &diagram->special[piece->first_event[end] + n];
        if (fabs(special->s - s) > MEETS * fmax(1, fabs(s)))
            continue;
        const double row[] = {special->value, special->state[diagram->unknown]};
        table_row(table, sizeof row / sizeof *row, row);
        return;
    }
}

static void curve_write(const struct leaf_diagram *diagram, const struct leaf_piece *piece,
                        size_t j, struct table *table)
{
    end_write(diagram, piece, j, 0, table);
    for (size_t k = 0; k < piece->points; k++) {
        const double row[] = {piece->value[k], state_at(diagram, piece, k, j)[diagram->unknown]};
        table_row(table, sizeof row / sizeof *row, row);
    }
    end_write(diagram, piece, j, 1, table);
    table_blank(table);
}

static enum status curves_write(const struct leaf_diagram *diagram, const char *directory,
                                struct branches_figure *figure)
{
    struct table *table[2] = {NULL, NULL};
    enum status status =
        table_open(directory, branches_tables[curves[0]], "value ordinate", &table[0]);
    if (status == OK)
        status = table_open(directory, branches_tables[curves[1]], "value ordinate", &table[1]);
    for (size_t p = 0; p < diagram->pieces && status == OK; p++)
        for (size_t j = 0; j < diagram->piece[p].count; j++) {
            const bool attracts = diagram->piece[p].attracts[j];
            curve_write(diagram, &diagram->piece[p], j, table[attracts]);
            figure->curve[curves[attracts]] = true;
        }
    for (int k = 0; k < 2; k++) {
        if (status == OK && figure->curve[curves[k]])
            status = table_close(table[k]);
        else if (table[k])
            table_discard(table[k]);
    }
    return status;
}

/* ---- the figure ---- */

static void window_choose(const struct leaf_diagram *diagram, double window[4])
{
    double low = INFINITY, high = -INFINITY;
    for (size_t p = 0; p < diagram->pieces; p++) {
        const struct leaf_piece *piece = &diagram->piece[p];
        for (size_t n = 0; n < piece->points * piece->count; n++) {
            const double y = piece->state[n * diagram->dim + diagram->unknown];
            low = fmin(low, y);
            high = fmax(high, y);
        }
    }
    const double room = high > low ? ROOM * (high - low) : fmax(1, fabs(high)) / 2;
    const double chosen[] = {diagram->options->from, diagram->options->to, low - room, high + room};
    memcpy(window,
           options_given(diagram->options, OPTION_window) ? diagram->options->window : chosen,
           sizeof chosen);
}

/* What K means, or where the leaf is. */
static const char *leaf_text(const struct leaf_diagram *diagram, size_t size, char *text)
{
    char start[TEXT_LENGTH / 2];
    const size_t i = diagram->family->index;
    if (diagram->family->letter == ZEROS_LEVEL) {
        snprintf(text, size, "leaves %s = c%zu a%zu - c%zu a%zu^2/2%s",
                 diagram->options->text[OPTION_over], i + 1, i + 2, i + 2, i + 1,
                 diagram->dim > 2 ? ", the others as at the start" : "");
        return text;
    }
    problem_list(diagram->given.dim, diagram->given.x0, sizeof start, start);
    snprintf(text, size, "leaf of a = %s", start);
    return text;
}

/* The parameters, "varied" in the place of the one that is. */
static enum status parameters_text(struct leaf_diagram *diagram, size_t size, char *text)
{
    double *place;
    if (diagram->family->letter == ZEROS_LEVEL) {
        problem_parameters(&diagram->given, size, text);
        return OK;
    }
    TRY(parameter_named(&diagram->given, diagram->options->text[OPTION_over], &place));
    parameter_varied_text(&diagram->given, place, size, text);
    return OK;
}

/* The figure with its texts and marks; `curves_of` tells which tables have curves. */
static enum status figure_draw_it(struct leaf_diagram *diagram, const char *directory,
                                  const struct branches_figure *curves_of,
                                  struct branches_point *point)
{
    static const enum branches_mark marks[LEAF_EVENTS] = {
        [LEAF_FOLD] = BRANCHES_FOLD, [LEAF_CROSSING] = BRANCHES_CROSSING};
    char parameters[PROBLEM_TEXT_MAX], leaf[TEXT_LENGTH];
    struct branches_figure figure = *curves_of; /* its texts are those of this function */
    window_choose(diagram, figure.window);
    for (size_t k = 0; k < diagram->specials; k++) {
        const struct leaf_special *special = &diagram->special[k];
        point[k] = (struct branches_point){special->value, special->state[diagram->unknown],
                                           marks[special->event]};
    }
    TRY(parameters_text(diagram, sizeof parameters, parameters));
    figure.directory = directory;
    figure.title = diagram->given.flow->title;
    figure.caption[0] = parameters;
    figure.caption[1] = leaf_text(diagram, sizeof leaf, leaf);
    figure.caption[2] = "fixed points isolated exactly, none is missed";
    figure.axis[0] = diagram->options->text[OPTION_over];
    figure.axis[1] = diagram->given.flow->names[diagram->unknown];
    figure.on_leaves = true;
    figure.points = diagram->specials;
    figure.point = point;
    return branches_draw(&figure);
}

static void manifest_fill(const struct leaf_diagram *diagram, const struct branches_figure *figure,
                          struct manifest *manifest)
{
    manifest_problem(manifest, &diagram->given);
    manifest_parameter(manifest, "over", json_string(diagram->options->text[OPTION_over]));
    manifest_parameter(manifest, "from", json_finite(diagram->options->from));
    manifest_parameter(manifest, "to", json_finite(diagram->options->to));
    manifest_parameter(manifest, "unknown",
                       json_string(diagram->given.flow->names[diagram->unknown]));
    manifest_output(manifest, BRANCHES);
    manifest_output(manifest, SPECIAL);
    for (int k = 0; k < 2; k++)
        if (figure->curve[curves[k]])
            manifest_output(manifest, branches_tables[curves[k]]);
}

enum status leaf_diagram_save(struct leaf_diagram *diagram, struct manifest *manifest)
{
    const char *directory = manifest_directory(manifest);
    struct branches_figure figure = {.points = 0};
    TRY(branches_write(diagram, directory));
    TRY(specials_write(diagram, directory));
    TRY(curves_write(diagram, directory, &figure));
    struct branches_point *point = calloc(diagram->specials + 1, sizeof *point);
    if (!point)
        return status_fail(NO_MEMORY, "no memory for %zu marks", diagram->specials);
    const enum status status =
        drawing_finish(manifest, "sweep", figure_draw_it(diagram, directory, &figure, point));
    free(point);
    manifest_fill(diagram, &figure, manifest);
    return status;
}
