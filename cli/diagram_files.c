/* The tables of a sweep and its figure.
 *
 *   sweep-branches.tsv   branch, value, all unknowns, rate, frequency, unstable directions
 *   sweep-special.tsv    kind, value, error, all unknowns, omega, Lyapunov coefficient
 *   sweep-cycles.tsv     value, extent of the ordinate, period, multiplier of limit cycles
 *   sweep-stable.tsv, -saddle, -repelling, -neutral   the curves of the figure (plots/branches.h)
 *
 * A curve changes its style where the special point is, not at the next point of the branch: both
 * pieces end there. */
#include "cli/diagram.h"

#include "base/table.h"
#include "cli/drawing.h"
#include "cli/json.h"
#include "linear/matrix.h"
#include "plots/branches.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_LENGTH = 512, COLUMN_ROOM = 128 };

static const char BRANCHES[] = "sweep-branches.tsv", SPECIAL[] = "sweep-special.tsv",
                  CYCLES[] = "sweep-cycles.tsv";
static const double DETOUR = 1.5; /* by way of a special point, over the way past it */
static const double ROOM = 0.08;  /* above and below the curves */
static const double FLAT = 1e-6;  /* of the ordinate: a curve that does not move */
/* A branch that runs away is cut where it leaves the others: the window holds all points but this
 * share at either end, widened by so many of its heights. */
static const double TAIL = 0.05, WIDER = 0.5;

/* ---- whole tables ---- */

static enum status header_open(const struct diagram *diagram, const char *directory,
                               const char *name, const char *const around[2], struct table **table)
{
    const struct flow *flow = diagram->given.flow;
    char *header = calloc(1, 2 * COLUMN_ROOM + flow->dim * (UNKNOWN_NAME_MAX + 1));
    if (!header)
        return status_fail(NO_MEMORY, "no memory for the header of a table");
    size_t length = (size_t)sprintf(header, "%s", around[0]);
    for (size_t k = 0; k < flow->dim; k++)
        length += (size_t)sprintf(header + length, " %s", flow->names[k]);
    sprintf(header + length, " %s", around[1]);
    const enum status status = table_open(directory, name, header, table);
    free(header);
    return status;
}

static enum status branches_write(const struct diagram *diagram, const char *directory)
{
    static const char *const around[2] = {"branch value", "rate frequency unstable"};
    const size_t dim = diagram->family.dim;
    struct table *table = NULL;
    TRY(header_open(diagram, directory, BRANCHES, around, &table));
    for (size_t b = 0; b < diagram->set->branches; b++) {
        const struct branch *branch = &diagram->set->branch[b];
        for (size_t k = 0; k < branch->count; k++) {
            const struct branch_row *row = &branch->row[k];
            table_number(table, (double)(b + 1));
            table_number(table, row->value);
            for (size_t i = 0; i < dim; i++)
                table_number(table, branch->x[k * dim + i]);
            table_number(table, row->spectrum.rate);
            table_number(table, row->spectrum.frequency);
            table_number(table, (double)row->spectrum.unstable);
            table_end_row(table);
        }
        table_blank(table);
    }
    return table_close(table);
}

static enum status specials_write(const struct diagram *diagram, const char *directory)
{
    static const char *const around[2] = {"kind value error", "omega lyapunov"};
    struct table *table = NULL;
    TRY(header_open(diagram, directory, SPECIAL, around, &table));
    for (size_t k = 0; k < diagram->set->specials; k++) {
        const struct branch_special *special = &diagram->set->special[k];
        table_text(table, branch_kind_name(special->kind));
        table_number(table, special->value);
        table_number(table, special->error);
        for (size_t i = 0; i < diagram->family.dim; i++)
            table_number(table, special->state[i]);
        table_number(table, special->omega);
        table_number(table, special->lyapunov);
        table_end_row(table);
    }
    return table_close(table);
}

/* Each row of cycles begins at its Hopf point; where values were left out it is broken. */
static enum status cycles_write(const struct diagram *diagram, const char *directory)
{
    struct table *table = NULL;
    if (diagram->cycles == 0)
        return OK;
    TRY(table_open(directory, CYCLES, "value low high period multiplier", &table));
    for (size_t k = 0; k < diagram->cycles; k++) {
        const struct diagram_cycle *cycle = &diagram->cycle[k];
        const double row[] = {cycle->value, cycle->low, cycle->high, cycle->period,
                              cycle->multiplier};
        if (k > 0 && !cycle->joins)
            table_blank(table);
        table_row(table, sizeof row / sizeof *row, row);
    }
    return table_close(table);
}

/* ---- curves by stability ---- */

struct drawing {
    const struct diagram *diagram;
    struct table *table[BRANCHES_CURVES];
    struct branches_figure figure;
    struct branches_point *point;
};

static enum branches_curve curve_of(const struct branch_spectrum *spectrum, size_t dim)
{
    if (spectrum->neutral > 0)
        return BRANCHES_NEUTRAL;
    if (spectrum->unstable == 0)
        return BRANCHES_STABLE;
    return spectrum->unstable == dim ? BRANCHES_REPELLING : BRANCHES_SADDLE;
}

/* The special point between points k and k + 1 of a branch, or NULL. */
static const struct branch_special *special_between(const struct diagram *diagram,
                                                    const struct branch *branch, size_t k)
{
    const size_t dim = diagram->family.dim;
    const double *a = branch->x + k * dim, *b = a + dim;
    const double scale = diagram->family.to - diagram->family.from;
    const double values[2] = {branch->row[k].value / scale, branch->row[k + 1].value / scale};
    const double past = matrix_distance(dim, a, b) + fabs(values[1] - values[0]);
    for (size_t s = 0; s < diagram->set->specials; s++) {
        const struct branch_special *special = &diagram->set->special[s];
        const double value = special->value / scale;
        const double by_way = matrix_distance(dim, a, special->state) +
                              matrix_distance(dim, special->state, b) + fabs(value - values[0]) +
                              fabs(values[1] - value);
        if (by_way <= DETOUR * past)
            return special;
    }
    return NULL;
}

/* A piece of one style: points first..last of the branch, and what stands at its ends. */
struct piece {
    size_t first, last;
    const struct branch_special *before, *after;
};

static void special_write(const struct drawing *drawing, struct table *table,
                          const struct branch_special *special)
{
    if (!special)
        return;
    const double row[] = {special->value, special->state[drawing->diagram->unknown]};
    table_row(table, sizeof row / sizeof *row, row);
}

/* From left to right: dashes of pieces that lie on each other then fall together. */
static void piece_write(struct drawing *drawing, const struct branch *branch,
                        const struct piece *piece)
{
    const size_t dim = drawing->diagram->family.dim, i = drawing->diagram->unknown;
    const enum branches_curve curve = curve_of(diagram_spectrum(branch, piece->first), dim);
    struct table *table = drawing->table[curve];
    const bool forth = branch->row[piece->first].value <= branch->row[piece->last].value;
    special_write(drawing, table, forth ? piece->before : piece->after);
    for (size_t n = 0; n <= piece->last - piece->first; n++) {
        const size_t k = forth ? piece->first + n : piece->last - n;
        const double row[] = {branch->row[k].value, branch->x[k * dim + i]};
        table_row(table, sizeof row / sizeof *row, row);
    }
    special_write(drawing, table, forth ? piece->after : piece->before);
    table_blank(table);
    drawing->figure.curve[curve] = true;
}

static void branch_draw_pieces(struct drawing *drawing, const struct branch *branch)
{
    const size_t dim = drawing->diagram->family.dim;
    struct piece piece = {.first = 0};
    for (size_t k = 0; k < branch->count; k++) {
        const bool last = k + 1 == branch->count;
        if (!last && curve_of(diagram_spectrum(branch, k), dim) ==
                         curve_of(diagram_spectrum(branch, k + 1), dim))
            continue;
        piece.last = k;
        piece.after = last ? NULL : special_between(drawing->diagram, branch, k);
        piece_write(drawing, branch, &piece);
        piece = (struct piece){.first = k + 1, .before = piece.after};
    }
}

static enum status pieces_write(struct drawing *drawing, const char *directory)
{
    enum status status = OK;
    for (int k = 0; k < BRANCHES_CURVES && status == OK; k++)
        status = table_open(directory, branches_tables[k], "value ordinate", &drawing->table[k]);
    for (size_t b = 0; b < drawing->diagram->set->branches && status == OK; b++)
        branch_draw_pieces(drawing, &drawing->diagram->set->branch[b]);
    for (int k = 0; k < BRANCHES_CURVES; k++) {
        if (status == OK && drawing->figure.curve[k])
            status = table_close(drawing->table[k]);
        else if (drawing->table[k])
            table_discard(drawing->table[k]);
    }
    return status;
}

/* ---- the figure ---- */

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* All ordinates, sorted, into [*count]; NULL: no memory or no points. */
static double *ordinates(const struct diagram *diagram, size_t *count)
{
    const struct branch_set *set = diagram->set;
    *count = 0;
    for (size_t b = 0; b < set->branches; b++)
        *count += set->branch[b].count;
    double *y = calloc(*count + 1, sizeof *y);
    size_t at = 0;
    for (size_t b = 0; b < set->branches && y; b++)
        for (size_t k = 0; k < set->branch[b].count; k++)
            y[at++] = set->branch[b].x[k * diagram->family.dim + diagram->unknown];
    if (y)
        qsort(y, *count, sizeof *y, compare_doubles);
    return y;
}

static enum status window_choose(const struct diagram *diagram, double window[4])
{
    size_t count = 0;
    double *y = ordinates(diagram, &count);
    if (!y)
        return status_fail(NO_MEMORY, "no memory for the points of a figure");
    const size_t tail = (size_t)(TAIL * (double)count), last = count ? count - 1 : 0;
    const double inner = y[last - tail] - y[tail];
    double low = y[0], high = y[last];
    if (inner > 0) {
        low = fmax(low, y[tail] - WIDER * inner);
        high = fmin(high, y[last - tail] + WIDER * inner);
    }
    free(y);
    for (size_t k = 0; k < diagram->cycles; k++) {
        low = fmin(low, diagram->cycle[k].low);
        high = fmax(high, diagram->cycle[k].high);
    }
    const double least = FLAT * fmax(1, fabs(high));
    const double room = high - low > least ? ROOM * (high - low) : fmax(1, fabs(high)) / 2;
    window[0] = diagram->family.from;
    window[1] = diagram->family.to;
    window[2] = low - room;
    window[3] = high + room;
    if (options_given(diagram->options, OPTION_window))
        memcpy(window, diagram->options->window, 4 * sizeof *window);
    return OK;
}

static enum branches_mark mark_of(const struct branch_special *special)
{
    static const enum branches_mark marks[BRANCH_KINDS] = {[BRANCH_FOLD] = BRANCHES_FOLD,
                                                           [BRANCH_HOPF] = BRANCHES_HOPF,
                                                           [BRANCH_CROSSING] = BRANCHES_CROSSING,
                                                           [BRANCH_UNRESOLVED] =
                                                               BRANCHES_UNRESOLVED,
                                                           [BRANCH_CONTINUUM] = BRANCHES_CONTINUUM};
    const char *kind = diagram_hopf_kind(special);
    if (special->kind != BRANCH_HOPF)
        return marks[special->kind];
    if (strcmp(kind, "subcritical") == 0)
        return BRANCHES_SUBCRITICAL;
    return strcmp(kind, "supercritical") == 0 ? BRANCHES_SUPERCRITICAL : BRANCHES_HOPF;
}

static enum status marks_fill(struct drawing *drawing)
{
    const struct branch_set *set = drawing->diagram->set;
    drawing->point = calloc(set->specials + 1, sizeof *drawing->point);
    if (!drawing->point)
        return status_fail(NO_MEMORY, "no memory for %zu marks", set->specials);
    for (size_t k = 0; k < set->specials; k++)
        drawing->point[k] = (struct branches_point){
            set->special[k].value, set->special[k].state[drawing->diagram->unknown],
            mark_of(&set->special[k])};
    drawing->figure.point = drawing->point;
    drawing->figure.points = set->specials;
    return OK;
}

static enum status figure_draw_it(struct drawing *drawing, const char *directory)
{
    const struct diagram *diagram = drawing->diagram;
    char parameters[PROBLEM_TEXT_MAX], numerics[TEXT_LENGTH];
    struct branches_figure figure = drawing->figure; /* its texts are those of this function */
    TRY(window_choose(diagram, figure.window));
    snprintf(numerics, sizeof numerics,
             "%zu branch%s by pseudo-arclength continuation; seed %" PRIu64, diagram->set->branches,
             diagram->set->branches == 1 ? "" : "es", diagram->options->seed);
    figure.directory = directory;
    figure.title = diagram->given.flow->title;
    figure.caption[0] = diagram_parameters(diagram, sizeof parameters, parameters);
    figure.caption[1] = numerics;
    figure.axis[0] = diagram->name;
    figure.axis[1] = diagram->given.flow->names[diagram->unknown];
    for (size_t k = 0; k < diagram->cycles; k++)
        figure.cycles[diagram->cycle[k].attracts] = true;
    return branches_draw(&figure);
}

static void manifest_fill(const struct diagram *diagram, struct manifest *manifest)
{
    manifest_problem(manifest, &diagram->given);
    manifest_plan(manifest, &diagram->plan);
    manifest_parameter(manifest, "over", json_string(diagram->name));
    manifest_parameter(manifest, "from", json_finite(diagram->family.from));
    manifest_parameter(manifest, "to", json_finite(diagram->family.to));
    manifest_parameter(manifest, "unknown",
                       json_string(diagram->given.flow->names[diagram->unknown]));
    manifest_parameter(manifest, "interval", json_vector(2, diagram->interval));
    manifest_parameter(manifest, "starts", json_integer((json_int_t)diagram->starts));
    manifest_parameter(manifest, "seed", json_seed(diagram->options->seed));
    manifest_output(manifest, BRANCHES);
    manifest_output(manifest, SPECIAL);
    manifest_output(manifest, CYCLES);
    for (int k = 0; k < BRANCHES_CURVES; k++)
        manifest_output(manifest, branches_tables[k]);
}

enum status diagram_save(const struct diagram *diagram, struct manifest *manifest)
{
    const char *directory = manifest_directory(manifest);
    struct drawing drawing = {.diagram = diagram};
    TRY(branches_write(diagram, directory));
    TRY(specials_write(diagram, directory));
    TRY(cycles_write(diagram, directory));
    TRY(pieces_write(&drawing, directory));
    enum status status = marks_fill(&drawing);
    if (status == OK)
        status = drawing_finish(manifest, "sweep", figure_draw_it(&drawing, directory));
    free(drawing.point);
    manifest_fill(diagram, manifest);
    return status;
}
