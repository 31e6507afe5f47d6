/* settle portrait --view eigenvalues: the eigenvalues of a matrix of a network over time.
 *
 * The matrix is A1, the map P = A_L ... A_1, or M = C1 A2, whose spectrum decides the stability of
 * the limit of networks with one hidden layer.  Every state that the integrator visits gives one
 * spectrum; from one to the next each eigenvalue is followed to the nearest one that is left, so
 * that curves are not torn (where two of them meet, which is which has no meaning). */
#include "cli/view.h"

#include "base/nearest.h"
#include "base/stream.h"
#include "base/table.h"
#include "cli/columns.h"
#include "cli/drawing.h"
#include "cli/json.h"
#include "linear/matrix.h"
#include "linear/network.h"
#include "plots/spectrum.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ORDER_MOST = 64, TEXT_LENGTH = 512, HINT_MAX = 80, HEADER_MAX = 4096 };

static const char SPECTRUM[] = "eigenvalues-spectrum.tsv", STARTS[] = "eigenvalues-starts.tsv",
                  LIMITS[] = "eigenvalues-limits.tsv", ENTRIES[] = "eigenvalues-entries.tsv";
static const double MOVED = 0.002;      /* of the spectrum's size: closer points are not drawn */
static const double DECADES_MOST = 1e4; /* the time axis begins at most this far before its end */
static const double TEN = 10;
static const double ROOM = 0.06, FLAT = 1e-3; /* above and below the entries; where these rest */

enum matrix_of { OF_A1, OF_P, OF_M, OF_COUNT };
static const char *const of_names[OF_COUNT] = {"A1", "P", "M"};
static const char *const of_titles[OF_COUNT] = {"A1", "P", "M = C1 A2"};

struct tables {
    struct table *spectrum, *starts, *limits, *entries;
};

struct eigenvalues {
    const struct options *options;
    struct progress *progress;
    const struct problem_given *given;
    struct network_shape shape;
    enum matrix_of of;
    size_t order;
    struct plan plan;
    size_t starts;
    double *c;                        /* fixed feedback matrices, or NULL */
    double *matrix, *re, *im, *state; /* [order^2], [2 order] each: now and before; [dim] */
    struct outcome *outcome;
    struct tables tables;
    struct spectrum_figure figure;
    enum ending ending; /* of the trajectory of --init */
};

/* --- which matrix --------------------------------------------------------------------------- */

/* Rows and columns; false where the matrix does not exist. */
static bool matrix_shape(const struct eigenvalues *e, enum matrix_of of, size_t *rows,
                         size_t *columns)
{
    const struct network_shape *shape = &e->shape;
    *rows = shape->sizes[of == OF_P ? shape->layers : 1];
    *columns = shape->sizes[of == OF_M ? 1 : 0];
    if (of != OF_M)
        return true;
    const bool transposed = e->given->problem.rule->feedback == FEEDBACK_TRANSPOSED ||
                            e->given->problem.rule->feedback == FEEDBACK_SIGNS;
    return shape->layers > 1 && !e->given->problem.rule->product &&
           (transposed || shape->columns[1] == shape->sizes[2]);
}

static enum status matrix_check(const struct eigenvalues *e)
{
    size_t rows = 0, columns = 0;
    if (!matrix_shape(e, e->of, &rows, &columns))
        return status_fail(BAD_ARGUMENT, "--of: %s has no M = C1 A2", e->given->flow->title);
    if (rows != columns)
        return status_fail(BAD_ARGUMENT,
                           "--of: %s is %zu x %zu in %s; eigenvalues need a square matrix",
                           of_names[e->of], rows, columns, e->given->flow->title);
    if (rows > ORDER_MOST)
        return status_fail(BAD_ARGUMENT, "--of: %s is of order %zu; at most %d can be drawn",
                           of_names[e->of], rows, ORDER_MOST);
    return OK;
}

/* The matrix that --of names, or the first one that is square. */
static enum status matrix_choose(struct eigenvalues *e)
{
    const char *name = e->options->text[OPTION_of];
    size_t rows = 0, columns = 0;
    if (!name) {
        for (int of = OF_M; of >= OF_A1; of--)
            if (matrix_shape(e, (enum matrix_of)of, &rows, &columns) && rows == columns)
                e->of = (enum matrix_of)of;
        return matrix_check(e);
    }
    struct nearest nearest = nearest_to(name);
    for (int of = OF_A1; of < OF_COUNT; of++) {
        if (strcmp(of_names[of], name) == 0) {
            e->of = (enum matrix_of)of;
            return matrix_check(e);
        }
        nearest_offer(&nearest, of_names[of]);
    }
    char hint[HINT_MAX];
    return status_fail(UNKNOWN_NAME, "--of: there is no matrix '%s'%s (A1, P, M)", name,
                       nearest_hint(&nearest, sizeof hint, hint));
}

/* M = C1 A2 at a state. */
static void product_at(const struct eigenvalues *e, const double *x, double *M)
{
    const struct network_shape *shape = &e->shape;
    const size_t n = shape->sizes[1], m = shape->sizes[2];
    const double *A2 = x + shape->forward[2];
    const enum feedback feedback = e->given->problem.rule->feedback;
    if (feedback == FEEDBACK_TRANSPOSED) {
        matrix_multiply_first_transposed(n, m, n, A2, A2, M);
    } else if (feedback == FEEDBACK_SIGNS) {
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) {
                M[i * n + j] = 0;
                for (size_t k = 0; k < m; k++)
                    M[i * n + j] +=
                        (double)((A2[k * n + i] > 0) - (A2[k * n + i] < 0)) * A2[k * n + j];
            }
    } else {
        const bool fixed = feedback == FEEDBACK_FIXED;
        matrix_multiply(n, m, n, (fixed ? e->c : x) + shape->channel[1], A2, M);
    }
}

static void matrix_at(const struct eigenvalues *e, const double *x, double *matrix)
{
    const struct flow *flow = e->given->flow;
    if (e->of == OF_A1)
        memcpy(matrix, x + e->shape.forward[1], e->order * e->order * sizeof *matrix);
    else if (e->of == OF_P)
        flow->output(flow, x, matrix);
    else
        product_at(e, x, matrix);
}

/* --- following eigenvalues ------------------------------------------------------------------- */

/* Each eigenvalue of the time before takes the nearest of those now that is left. */
static void follow(size_t n, const double *before_re, const double *before_im, double *re,
                   double *im)
{
    for (size_t k = 0; k < n; k++) {
        size_t nearest = k;
        for (size_t j = k + 1; j < n; j++)
            if (hypot(re[j] - before_re[k], im[j] - before_im[k]) <
                hypot(re[nearest] - before_re[k], im[nearest] - before_im[k]))
                nearest = j;
        const double r = re[k], i = im[k];
        re[k] = re[nearest];
        im[k] = im[nearest];
        re[nearest] = r;
        im[nearest] = i;
    }
}

/* How far has the spectrum moved, in units of its size? */
static double moved(size_t n, const double *re, const double *im)
{
    double largest = 0, size = 0;
    for (size_t k = 0; k < n; k++) {
        largest = fmax(largest, hypot(re[k] - re[n + k], im[k] - im[n + k]));
        size = fmax(size, hypot(re[k], im[k]));
    }
    return size > 0 ? largest / size : largest;
}

static void range_widen(struct eigenvalues *e)
{
    struct spectrum_figure *figure = &e->figure;
    for (size_t k = 0; k < e->order; k++) {
        figure->real[0] = fmin(figure->real[0], e->re[k]);
        figure->real[1] = fmax(figure->real[1], e->re[k]);
        figure->imaginary = fmax(figure->imaginary, fabs(e->im[k]));
    }
}

static void spectrum_row(struct eigenvalues *e, double t)
{
    table_number(e->tables.spectrum, t);
    for (size_t k = 0; k < e->order; k++) {
        table_number(e->tables.spectrum, e->re[k]);
        table_number(e->tables.spectrum, e->im[k]);
    }
    table_end_row(e->tables.spectrum);
    range_widen(e);
    memcpy(e->re + e->order, e->re, e->order * sizeof *e->re);
    memcpy(e->im + e->order, e->im, e->order * sizeof *e->im);
}

static void points_write(const struct eigenvalues *e, struct table *table)
{
    for (size_t k = 0; k < e->order; k++) {
        const double row[] = {e->re[k], e->im[k]};
        table_row(table, sizeof row / sizeof *row, row);
    }
}

static enum status spectrum_at(struct eigenvalues *e, const double *x)
{
    matrix_at(e, x, e->matrix);
    return matrix_eigenvalues(e->order, e->matrix, e->re, e->im);
}

static enum status orbit_write(struct eigenvalues *e, const struct orbit *orbit)
{
    const size_t n = e->order;
    for (size_t k = 0; k < orbit->count; k++) {
        TRY(spectrum_at(e, orbit->x + k * orbit->dim));
        if (k > 0)
            follow(n, e->re + n, e->im + n, e->re, e->im);
        if (k == 0)
            points_write(e, e->tables.starts);
        if (k == 0 || k + 1 == orbit->count || moved(n, e->re, e->im) > MOVED)
            spectrum_row(e, orbit->t[k]);
    }
    table_blank(e->tables.spectrum);
    if (!e->outcome->has_limit)
        return OK;
    TRY(spectrum_at(e, e->outcome->limit));
    points_write(e, e->tables.limits);
    range_widen(e);
    e->figure.limits = true;
    return OK;
}

static void panels_set(struct eigenvalues *e)
{
    static const char *const names[SPECTRUM_PANELS] = {"A1", "A2"};
    const struct network_shape *shape = &e->shape;
    for (size_t k = 0; k < SPECTRUM_PANELS && k < shape->layers; k++)
        e->figure.panel[e->figure.panels++] =
            (struct spectrum_panel){.rows = shape->sizes[k + 1],
                                    .columns = shape->sizes[k],
                                    .name = names[k],
                                    .first = shape->forward[k + 1] + 2};
}

/* --- trajectories ---------------------------------------------------------------------------- */

/* Entries of A1 and A2, which stand first in the state. */
static size_t entries_of(const struct eigenvalues *e)
{
    const struct network_shape *shape = &e->shape;
    return shape->layers > 1 ? shape->forward[2] + shape->sizes[2] * shape->sizes[1]
                             : shape->forward_count;
}

/* The range of one matrix's entries along the orbit, with room. */
static void range_measure(const struct orbit *orbit, struct spectrum_panel *panel)
{
    double least = INFINITY, most = -INFINITY;
    const size_t first = panel->first - 2, count = panel->rows * panel->columns;
    for (size_t k = 0; k < orbit->count; k++)
        for (size_t i = 0; i < count; i++) {
            least = fmin(least, orbit->x[k * orbit->dim + first + i]);
            most = fmax(most, orbit->x[k * orbit->dim + first + i]);
        }
    const double room = fmax(ROOM * (most - least), FLAT * fmax(fabs(most), 1));
    panel->range[0] = least - room;
    panel->range[1] = most + room;
}

static void entries_write(struct eigenvalues *e, const struct orbit *orbit)
{
    for (size_t k = 0; k < e->figure.panels; k++)
        range_measure(orbit, &e->figure.panel[k]);
    for (size_t k = 0; k < orbit->count; k++) {
        table_number(e->tables.entries, orbit->t[k]);
        for (size_t i = 0; i < entries_of(e); i++)
            table_number(e->tables.entries, orbit->x[k * orbit->dim + i]);
        table_end_row(e->tables.entries);
    }
}

/* The time axis holds the last decades, and all times of all trajectories after them. */
static void time_widen(struct eigenvalues *e, const struct orbit *orbit)
{
    const double end = orbit->t[orbit->count - 1];
    double *time = e->figure.time;
    time[1] = fmax(time[1], end);
    time[0] = time[1] / DECADES_MOST;
    if (orbit->count > 1 && e->figure.time[0] < orbit->t[1])
        time[0] = fmin(orbit->t[1], time[1] / TEN);
}

static enum status track_from(struct eigenvalues *e, const double *start, bool first)
{
    struct orbit orbit;
    TRY(orbit_run(e->given->flow, &e->plan, start, &orbit, e->outcome));
    enum status status = orbit_write(e, &orbit);
    if (first) {
        e->ending = e->outcome->ending;
        entries_write(e, &orbit);
    }
    time_widen(e, &orbit);
    orbit_free(&orbit);
    return status;
}

/* Other starts are normal, with the mean square of the given one. */
static enum status tracks_write(struct eigenvalues *e)
{
    const size_t dim = e->given->dim;
    TRY(track_from(e, e->given->x0, true));
    double square = 0;
    for (size_t k = 0; k < dim; k++)
        square += e->given->x0[k] * e->given->x0[k];
    const double scale = square > 0 ? sqrt(square / (double)dim) : 1;
    for (size_t i = 0; i < e->starts; i++) {
        struct stream stream =
            stream_at(e->options->seed, stream_key("eigenvalue starts"), (uint64_t)i);
        for (size_t k = 0; k < dim; k++)
            e->state[k] = scale * stream_normal(&stream);
        TRY(track_from(e, e->state, false));
    }
    return OK;
}

static enum status tables_open(struct eigenvalues *e, const char *directory)
{
    char *header = calloc(1, HEADER_MAX + entries_of(e) * (UNKNOWN_NAME_MAX + 1));
    if (!header)
        return status_fail(NO_MEMORY, "no memory for the header of a table");
    size_t length = (size_t)sprintf(header, "t");
    for (size_t k = 0; k < e->order; k++)
        length += (size_t)sprintf(header + length, " re%zu im%zu", k + 1, k + 1);
    enum status status = table_open(directory, SPECTRUM, header, &e->tables.spectrum);
    length = (size_t)sprintf(header, "t");
    for (size_t k = 0; k < entries_of(e); k++)
        length += (size_t)sprintf(header + length, " %s", e->given->flow->names[k]);
    if (status == OK)
        status = table_open(directory, ENTRIES, header, &e->tables.entries);
    free(header);
    if (status == OK)
        status = table_open(directory, STARTS, "re im", &e->tables.starts);
    return status == OK ? table_open(directory, LIMITS, "re im", &e->tables.limits) : status;
}

static enum status tables_save(struct eigenvalues *e, const char *directory)
{
    enum { TABLES = 4 };
    panels_set(e);
    enum status status = tables_open(e, directory);
    if (status == OK)
        status = tracks_write(e);
    struct table *const all[TABLES] = {e->tables.spectrum, e->tables.entries, e->tables.starts,
                                       e->tables.limits};
    for (size_t k = 0; k < TABLES; k++) {
        if (status == OK && (all[k] != e->tables.limits || e->figure.limits))
            status = table_close(all[k]);
        else
            table_discard(all[k]);
    }
    return status;
}

/* --- the whole ------------------------------------------------------------------------------- */

static enum status draw(struct eigenvalues *e, const char *directory)
{
    char parameters[TEXT_LENGTH], numerics[TEXT_LENGTH], starts[TEXT_LENGTH];
    struct spectrum_figure *figure = &e->figure;
    figure->directory = directory;
    figure->title = e->given->flow->title;
    figure->matrix = of_titles[e->of];
    figure->count = e->order;
    figure->caption[0] = problem_parameters(e->given, sizeof parameters, parameters);
    if (e->starts > 0) {
        snprintf(starts, sizeof starts, "%zu starts; the entries are those of the first",
                 e->starts + 1);
        figure->caption[1] = starts;
    }
    figure->caption[2] = view_numerics(&e->plan, e->options->seed, sizeof numerics, numerics);
    return spectrum_draw(figure);
}

static enum status print(const struct eigenvalues *e, const char *directory)
{
    struct columns *columns = columns_create("ll");
    columns_cell(columns, "system");
    columns_cell(columns, "%s", e->given->flow->title);
    columns_cell(columns, "matrix");
    columns_cell(columns, "%s, %zu x %zu", of_titles[e->of], e->order, e->order);
    columns_cell(columns, "ending");
    columns_cell(columns, "%s", ending_name(e->ending));
    columns_cell(columns, "files");
    columns_cell(columns, "%s/eigenvalues.gp, .pdf, .png, .svg, tables, manifest.json", directory);
    const enum status status = columns_print(columns, stdout);
    columns_free(columns);
    return status;
}

static enum status make(void *context, struct manifest *manifest)
{
    struct eigenvalues *e = context;
    const char *directory = manifest_directory(manifest);
    static const char *const files[] = {SPECTRUM, STARTS, LIMITS, ENTRIES};
    TRY(tables_save(e, directory));
    progress_begin(e->progress, "drawing", 0);
    TRY(drawing_finish(manifest, "eigenvalues", draw(e, directory)));
    view_parameters(manifest, e->given, &e->plan, e->options->seed, view_eigenvalues.name);
    manifest_parameter(manifest, "of", json_string(of_names[e->of]));
    manifest_parameter(manifest, "starts", json_integer((json_int_t)e->starts));
    for (size_t k = 0; k < sizeof files / sizeof *files; k++)
        manifest_output(manifest, files[k]);
    progress_end(e->progress);
    return print(e, directory);
}

static enum status work_in_folder(struct eigenvalues *e)
{
    const struct problem *problem = &e->given->problem;
    if (problem->rule->feedback == FEEDBACK_FIXED)
        TRY(network_feedback(problem, &e->shape, e->c));
    return view_in_folder(e->options, make, e);
}

static enum status run(const struct options *options, struct problem_given *given,
                       struct progress *progress)
{
    struct eigenvalues e = {.options = options,
                            .progress = progress,
                            .given = given,
                            .plan = view_plan(options),
                            .starts = view_starts(options, 0),
                            .figure = {.real = {INFINITY, -INFINITY}}};
    TRY(view_options_fit(options, view_eigenvalues.name, "of starts"));
    if (given->problem.system->linear)
        return status_fail(BAD_ARGUMENT, "the view %s is of linear networks; found %s",
                           view_eigenvalues.name, given->flow->title);
    if (!problem_is_network(&given->problem) || !given->flow->output)
        return status_fail(BAD_ARGUMENT, "%s has no matrices; the view %s is for networks",
                           given->problem.system->name, view_eigenvalues.name);
    TRY(network_shape_of(&given->problem, &e.shape));
    TRY(matrix_choose(&e));
    e.order = e.of == OF_P ? e.shape.sizes[0] : e.shape.sizes[1];
    const size_t n = e.order;
    double *storage = calloc(n * n + 4 * n + given->dim + e.shape.channel_count + 1 +
                                 e.shape.product * e.shape.sizes[e.shape.layers],
                             sizeof *storage);
    e.outcome = outcome_create(given->flow);
    e.matrix = storage;
    e.re = storage ? storage + n * n : NULL;
    e.im = storage ? e.re + 2 * n : NULL;
    e.state = storage ? e.im + 2 * n : NULL;
    e.c = storage ? e.state + given->dim : NULL;
    enum status status = storage && e.outcome
                             ? work_in_folder(&e)
                             : status_fail(NO_MEMORY, "no memory for matrices of order %zu", n);
    free(storage);
    outcome_free(e.outcome);
    return status;
}

const struct view view_eigenvalues = {
    .name = "eigenvalues",
    .title = "eigenvalues of a matrix of a network in the complex plane over time",
    .run = run,
};
