/* settle portrait --view leaf: the flow on the leaf of a chain, or of x' = Q(x), as a phase line.
 *
 * On its leaf a chain under fixed feedback obeys s' = e(s) in residual time s, a1 = a1(0) + c1 s, with a
 * polynomial e (notes/chains.md, (C2)); its zeros are the fixed points, and between two of them all starts
 * go one way (P4).  The zeros are isolated exactly, from the rationals of the command line: how many
 * there are, which attract and from which sides is proved (EX26).  Nothing is integrated. */
#include "cli/view.h"

#include "base/table.h"
#include "cli/columns.h"
#include "cli/drawing.h"
#include "cli/exact_from_options.h"
#include "cli/json.h"
#include "exact/zeros.h"
#include "plots/phase_line.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES = 800, TEXT_LENGTH = 512, HEADER_LENGTH = 4096, NUMBER_LENGTH = 32 };

static const char NAME[] = "leaf", CURVE[] = "leaf.tsv", ZEROS[] = "leaf-zeros.tsv";
static const double ROOM = 0.12; /* of the width, on either side of the zeros */
static const double TALLER =
    1.35; /* than the highest point between the zeros: room for the band below */

struct view_leaf {
    const struct options *options;
    const struct problem_given *given;
    struct statement *statement; /* NULL: a polynomial flow */
    struct zeros *leaf;
    double start; /* where the state of --init stands */
    double window[WINDOW_SIDES];
    struct phase_zero *zero; /* [leaf->count] */
};

static const char *kind_of(const struct zeros_zero *zero)
{
    if (zero->before > 0)
        return zero->after < 0 ? "attracts" : "attracts from below";
    return zero->after < 0 ? "attracts from above" : "repels";
}

/* ---- the window ---- */

static double highest_between(const struct zeros *leaf, double from, double to)
{
    double highest = 0;
    for (int k = 0; k <= SAMPLES; k++)
        highest = fmax(highest, fabs(zeros_error(leaf, from + (to - from) * k / SAMPLES)));
    return highest;
}

/* All zeros and the start, and what lies between the outermost zeros. */
static void window_choose(struct view_leaf *view)
{
    const struct zeros *leaf = view->leaf;
    double low = view->start, high = view->start;
    if (leaf->count > 0) {
        low = fmin(low, leaf->zero[0].s);
        high = fmax(high, leaf->zero[leaf->count - 1].s);
    }
    const double width = high > low ? high - low : fmax(1, fabs(high));
    const bool several = leaf->count > 1;
    double top = several ? highest_between(leaf, leaf->zero[0].s, leaf->zero[leaf->count - 1].s)
                         : highest_between(leaf, low - ROOM * width, high + ROOM * width);
    top = fmax(top, fabs(zeros_error(leaf, view->start)));
    const double *given = view->options->window;
    const double chosen[] = {low - ROOM * width, high + ROOM * width, -TALLER * top, TALLER * top};
    memcpy(view->window, options_given(view->options, OPTION_window) ? given : chosen,
           sizeof view->window);
}

/* ---- tables ---- */

static enum status curve_save(const struct view_leaf *view, const char *directory)
{
    struct table *table;
    TRY(table_open(directory, CURVE, "s rate", &table));
    for (int k = 0; k <= SAMPLES; k++) {
        const double s = view->window[0] + (view->window[1] - view->window[0]) * k / SAMPLES;
        const double row[] = {s, zeros_error(view->leaf, s)};
        table_row(table, sizeof row / sizeof *row, row);
    }
    return table_close(table);
}

static void zero_row(const struct view_leaf *view, const struct zeros_zero *zero, double *state,
                     struct table *table)
{
    table_number(table, zero->s);
    table_number(table, (double)zero->multiplicity);
    table_text(table, kind_of(zero));
    zeros_state(view->leaf, zero->s, state);
    for (size_t i = 0; i < view->leaf->dim; i++)
        table_number(table, state[i]);
    table_end_row(table);
}

static enum status zeros_save(const struct view_leaf *view, const char *directory)
{
    char header[HEADER_LENGTH] = "s multiplicity kind";
    double state[ZEROS_DEGREE_MOST];
    struct table *table;
    size_t length = strlen(header);
    for (size_t i = 0; i < view->leaf->dim && length < sizeof header; i++)
        length += (size_t)snprintf(header + length, sizeof header - length, " %s",
                                   view->given->flow->names[i]);
    TRY(table_open(directory, ZEROS, header, &table));
    for (size_t k = 0; k < view->leaf->count; k++)
        zero_row(view, &view->leaf->zero[k], state, table);
    return table_close(table);
}

/* ---- the figure ---- */

/* "leaf of a = (-3, 1.5), s = 0 there; a1 = -3 + 2 s" */
static const char *leaf_text(const struct view_leaf *view, size_t size, char *text)
{
    char start[TEXT_LENGTH / 2], slope[NUMBER_LENGTH] = "";
    if (!view->statement) {
        snprintf(text, size, "zeros isolated exactly");
        return text;
    }
    const double c = fmpq_get_d(view->statement->c);
    if (fabs(c) != 1)
        snprintf(slope, sizeof slope, "%.6g ", fabs(c));
    problem_list(view->given->dim, view->given->x0, sizeof start, start);
    snprintf(text, size, "leaf of a = %s, s = 0 there; a1 = %.6g %c %ss; zeros isolated exactly",
             start, view->given->x0[0], c < 0 ? '-' : '+', slope);
    return text;
}

static enum status draw(const struct view_leaf *view, const char *directory)
{
    char parameters[PROBLEM_TEXT_MAX], where[TEXT_LENGTH];
    struct phase_line_figure figure = {
        .directory = directory,
        .name = NAME,
        .title = view->given->flow->title,
        .caption = {problem_parameters(view->given, sizeof parameters, parameters),
                    leaf_text(view, sizeof where, where)},
        .axis = {view->statement ? "s" : "x", view->statement ? "error e(s) = ds/dt" : "dx/dt"},
        .zeros = view->leaf->count,
        .zero = view->zero,
        .has_start = options_given(view->options, OPTION_init) && view->start >= view->window[0] &&
                     view->start <= view->window[1],
        .start = view->start};
    memcpy(figure.window, view->window, sizeof figure.window);
    return phase_line_draw(&figure);
}

static enum status print(const struct view_leaf *view, const char *directory)
{
    struct columns *columns = columns_create("ll");
    columns_cell(columns, "system");
    columns_cell(columns, "%s", view->given->flow->title);
    columns_cell(columns, "fixed points");
    columns_cell(columns, "%zu on the leaf, of at most %ld, isolated exactly", view->leaf->count,
                 (long)view->leaf->degree);
    for (size_t k = 0; k < view->leaf->count; k++) {
        const struct zeros_zero *zero = &view->leaf->zero[k];
        columns_cell(columns, "  %zu", k + 1);
        columns_cell(columns, "%s = %.15g, %s%s", view->statement ? "s" : "x", zero->s,
                     kind_of(zero), zero->multiplicity > 1 ? ", a multiple zero" : "");
    }
    columns_cell(columns, "files");
    columns_cell(columns, "%s/leaf.gp, .pdf, .png, .svg, tables, manifest.json", directory);
    const enum status status = columns_print(columns, stdout);
    columns_free(columns);
    return status;
}

static enum status make(void *context, struct manifest *manifest)
{
    struct view_leaf *view = context;
    const char *directory = manifest_directory(manifest);
    TRY(curve_save(view, directory));
    TRY(zeros_save(view, directory));
    manifest_output(manifest, CURVE);
    manifest_output(manifest, ZEROS);
    TRY(drawing_finish(manifest, NAME, draw(view, directory)));
    manifest_problem(manifest, view->given);
    manifest_parameter(manifest, "view", json_string(NAME));
    manifest_parameter(manifest, "window", json_vector(WINDOW_SIDES, view->window));
    return options_given(view->options, OPTION_quiet) ? OK : print(view, directory);
}

/* ---- set-up ---- */

static enum status chain_leaf(struct view_leaf *view)
{
    const char *why_not = NULL;
    TRY(exact_from_options(view->options, view->given, &view->statement, &why_not));
    if (!view->statement)
        return status_fail(BAD_ARGUMENT, "the view %s is exact, but %s", NAME, why_not);
    return zeros_create(view->statement, &view->leaf);
}

static enum status leaf_make(struct view_leaf *view)
{
    const struct problem *problem = &view->given->problem;
    if (strcmp(problem->system->name, "polynomial") == 0) {
        view->start = view->given->x0[0];
        TRY(zeros_of_polynomial(problem->q_count, problem->q, &view->leaf));
    } else {
        TRY(chain_leaf(view));
    }
    view->zero = calloc(view->leaf->count + 1, sizeof *view->zero);
    if (!view->zero)
        return status_fail(NO_MEMORY, "no memory for %zu zeros", view->leaf->count);
    for (size_t k = 0; k < view->leaf->count; k++) {
        const struct zeros_zero *zero = &view->leaf->zero[k];
        view->zero[k] = (struct phase_zero){zero->s, zero->before, zero->after};
    }
    window_choose(view);
    return view_in_folder(view->options, make, view);
}

static enum status run(const struct options *options, struct problem_given *given,
                       struct progress *progress)
{
    (void)progress; /* a moment's work */
    struct view_leaf view = {.options = options, .given = given};
    TRY(view_options_fit(options, NAME, "window"));
    if (options_given(options, OPTION_window) && options->window_sides != WINDOW_SIDES)
        return status_fail(BAD_ARGUMENT, "--window has %zu numbers; this view has four",
                           options->window_sides);
    const enum status status = leaf_make(&view);
    free(view.zero);
    zeros_free(view.leaf);
    statement_free(view.statement);
    return status;
}

const struct view view_leaf = {
    .name = NAME,
    .title = "the flow on the leaf of a chain, or of a polynomial, as a phase line",
    .run = run,
};
