/* settle portrait --view directions: the hidden unit of A[N0,1,N2] turns towards its feedback.
 *
 * With C~ = C W (W = Sigma_TI Sigma_II^-1; C~ = C for the autoencoder) and K = C B - |A|^2/2, which
 * is conserved (notes/autoencoder.md, (U1)), the row A obeys a closed equation,
 *     A' = -grad V(A) Sigma_II,   V = -A C~' + K |A|^2/2 + |A|^4/8,
 * whose fixed points are A = x C~ with |C~|^2 x^3/2 + K x = 1: one positive root, which attracts,
 * and for K < -(3/2) |C~|^(2/3) two negative ones (U2).  The Hessian of V has the eigenvalues 1/x
 * across C~ and 1/x + x^2 |C~|^2 along it, so of the negative ones the outer is a saddle and the
 * inner repels.  Drawn is the plane of C~ and the start A0, for the one value of K that the start
 * has: each trajectory of the whole system begins with B0 plus the multiple of C' that gives it
 * this K. If Sigma_II maps the plane to itself, trajectories stay in it; otherwise they are
 * projected. */
#include "cli/view.h"

#include "cli/columns.h"
#include "cli/drawing.h"
#include "cli/json.h"
#include "cli/plane_work.h"
#include "linear/matrix.h"
#include "linear/network.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    STARTS = 16,
    LEVELS = 12, /* of V */
    ARROWS = 21,
    BISECTIONS = 200, /* of an interval of doubles, to its last bit */
    ROOTS = 3,
    MARKS = 8,
    TEXT_LENGTH = 512,
    NAME_LENGTH = 64,
    SUFFIXES = 5
};

static const char NAME[] = "directions";
static const char *const suffixes[SUFFIXES] = {"field", "leaves", "trajectories", "heads",
                                               "limits"};

static const double WINDOW = 1.3;      /* half width: the largest of what has to be seen */
static const double OUTER = 0.92;      /* of the half width: the ring of starts */
static const double INNER = 0.15;      /* and a small one, whose trajectories leave the origin */
static const double PARALLEL = 1e-10;  /* |A0 across C~| relative to |A0| */
static const double INVARIANT = 1e-12; /* |part of e Sigma outside the plane| over |e Sigma| */
static const double PI = 3.14159265358979323846;

struct directions {
    const struct options *options;
    struct progress *progress;
    const struct problem_given *given;
    struct network_shape shape;
    size_t n, m;                     /* N0, N2 */
    double *c, *sigma, *tilde;       /* C[m], Sigma_II[n*n], C~[n] */
    double *e[2], *A, *rate, *state; /* axes of the plane [n]; work [n], [n], [dim] */
    double K, size;                  /* size: |C~| */
    bool invariant, parallel;        /* the plane; A0 to C~ */
    size_t roots;
    double root[ROOTS];
    struct plan plan;
    size_t starts, failed;
    struct outcome *outcome;
    struct flow flow; /* the equation of A in the plane, as a flow of two unknowns */
    struct problem_given reduced;
    double origin[2];
    struct plane plane;
    struct plane_plan plane_plan;
    struct plane_view view;
    struct plane_work work;
    struct portrait_point mark[MARKS];
};

/* --- the equation of A in the plane ----------------------------------------------------------- */

static double potential(const struct directions *d, const double at[2])
{
    const double square = at[0] * at[0] + at[1] * at[1];
    return -at[0] * d->size + d->K * square / 2 + square * square / 8; /* e_1 = C~/|C~| */
}

/* A' = (C~ - sigma A) Sigma_II, projected on the plane. */
static enum status reduced_field(const struct flow *flow, size_t lanes, const double *x, double *dx)
{
    const struct directions *d = flow->data;
    for (size_t lane = 0; lane < lanes; lane++) {
        const double at[2] = {x[lane], x[lanes + lane]};
        const double sigma = d->K + (at[0] * at[0] + at[1] * at[1]) / 2;
        for (size_t k = 0; k < d->n; k++)
            d->A[k] = d->tilde[k] - sigma * (at[0] * d->e[0][k] + at[1] * d->e[1][k]);
        matrix_multiply(1, d->n, d->n, d->A, d->sigma, d->rate);
        dx[lane] = matrix_inner(d->n, d->rate, d->e[0]);
        dx[lanes + lane] = matrix_inner(d->n, d->rate, d->e[1]);
    }
    return OK;
}

static double potential_level(const struct plane_level *level, const double *state)
{
    return potential(level->plane->given->flow->data, state) - level->value;
}

/* ---- roots of |C~|^2 x^3/2 + K x = 1 ---- */

static double cubic(const struct directions *d, double x)
{
    return (d->size * d->size * x * x / 2 + d->K) * x - 1;
}

/* The root between a and b, where the cubic has two signs. */
static double root_between(const struct directions *d, double a, double b)
{
    const bool rises = cubic(d, a) < 0;
    for (int k = 0; k < BISECTIONS; k++) {
        const double middle = a + (b - a) / 2;
        if ((cubic(d, middle) < 0) == rises)
            a = middle;
        else
            b = middle;
    }
    return a + (b - a) / 2;
}

/* The positive root, then the negative ones from the outer to the inner. */
static void roots_find(struct directions *d)
{
    double far = 1;
    while (cubic(d, far) < 0 || cubic(d, -far) > 0)
        far *= 2;
    d->roots = 0;
    d->root[d->roots++] = root_between(d, 0, far);
    if (d->K >= 0)
        return;
    const double top = -sqrt(-2 * d->K / 3) / d->size; /* where the cubic has its maximum */
    if (!(cubic(d, top) > 0))
        return;
    d->root[d->roots++] = root_between(d, -far, top);
    d->root[d->roots++] = root_between(d, top, 0);
}

static enum portrait_mark mark_of(const struct directions *d, double x)
{
    const double along = 1 / x + x * x * d->size * d->size;
    if (x > 0)
        return PORTRAIT_ATTRACTOR;
    return along > 0 ? PORTRAIT_SADDLE : along < 0 ? PORTRAIT_REPELLER : PORTRAIT_DEGENERATE;
}

/* ---- set-up ---- */

static enum status problem_check(const struct directions *d)
{
    const struct problem *problem = &d->given->problem;
    const char *title = d->given->flow->title;
    if (d->shape.layers != 2 || d->shape.sizes[1] != 1)
        return status_fail(BAD_ARGUMENT,
                           "the view %s is for A[N0,1,N2], as in autoencoder --sizes 3,1,3; "
                           "found %s",
                           NAME, title);
    if (problem->rule->feedback != FEEDBACK_FIXED || problem->rule->product)
        return status_fail(BAD_ARGUMENT, "the view %s is for fixed feedback (rbp, srbp); found %s",
                           NAME, title);
    bool equal = problem->lambda == 0;
    for (size_t k = 0; k < problem->decay_count; k++)
        equal = equal && problem->decays[k] == 0;
    for (size_t k = 0; k < problem->rate_count; k++)
        equal = equal && problem->rates[k] == 1;
    if (!equal)
        return status_fail(BAD_ARGUMENT, "the view %s is for rates 1 without decay", NAME);
    if (d->n < 2)
        return status_fail(BAD_ARGUMENT, "%s has one input; the view %s needs a plane", title,
                           NAME);
    return OK;
}

/* C~ = C W with W = Sigma_TI Sigma_II^+. */
static enum status tilde_make(struct directions *d)
{
    const size_t n = d->n, m = d->m;
    size_t rank;
    double *work = calloc(m * n + 2 * n * n, sizeof *work);
    if (!work)
        return status_fail(NO_MEMORY, "no memory for %zu inputs", n);
    double *sigma_ti = work, *inverse = work + m * n;
    enum status status = network_feedback(&d->given->problem, &d->shape, d->c);
    if (status == OK)
        status = problem_moments(&d->given->problem, d->sigma, sigma_ti);
    if (status == OK)
        status = matrix_pseudo_inverse(n, n, d->sigma, inverse, &rank);
    if (status == OK) {
        matrix_multiply(1, m, n, d->c, sigma_ti, d->A);
        matrix_multiply(1, n, n, d->A, inverse, d->tilde);
    }
    free(work);
    return status;
}

/* x -= (x e) e, and the length that is left. */
static double project_out(size_t n, const double *e, double *x)
{
    const double share = matrix_inner(n, x, e);
    for (size_t k = 0; k < n; k++)
        x[k] -= share * e[k];
    return matrix_norm(n, x);
}

/* e_1 along C~, e_2 along the rest of A0, or along the first unit vector that has a rest. */
static enum status axes_make(struct directions *d)
{
    const size_t n = d->n;
    const double *A0 = d->given->x0 + d->shape.forward[1];
    d->size = matrix_norm(n, d->tilde);
    if (!(d->size > 0))
        return status_fail(BAD_ARGUMENT, "C W = 0: there is no direction for A to turn to");
    for (size_t k = 0; k < n; k++) {
        d->e[0][k] = d->tilde[k] / d->size;
        d->e[1][k] = A0[k];
    }
    const double length = matrix_norm(n, A0);
    double rest = project_out(n, d->e[0], d->e[1]);
    d->parallel = !(rest > PARALLEL * fmax(length, 1));
    for (size_t unit = 0; unit < n && !(rest > PARALLEL * fmax(length, 1)); unit++) {
        memset(d->e[1], 0, n * sizeof *d->e[1]);
        d->e[1][unit] = 1;
        rest = project_out(n, d->e[0], d->e[1]);
    }
    for (size_t k = 0; k < n; k++)
        d->e[1][k] /= rest;
    return OK;
}

/* Does Sigma_II map the plane to itself? */
static bool is_invariant(const struct directions *d)
{
    for (size_t k = 0; k < 2; k++) {
        matrix_multiply(1, d->n, d->n, d->e[k], d->sigma, d->rate);
        const double size = matrix_norm(d->n, d->rate);
        project_out(d->n, d->e[0], d->rate);
        if (project_out(d->n, d->e[1], d->rate) > INVARIANT * size)
            return false;
    }
    return true;
}

static void window_choose(struct directions *d)
{
    const double *A0 = d->given->x0 + d->shape.forward[1];
    double reach = matrix_norm(d->n, A0);
    for (size_t k = 0; k < d->roots; k++)
        reach = fmax(reach, fabs(d->root[k]) * d->size);
    for (size_t k = 0; k < WINDOW_SIDES; k++)
        d->plane.window[k] = (k % 2 ? WINDOW : -WINDOW) * reach;
    if (options_given(d->options, OPTION_window))
        memcpy(d->plane.window, d->options->window, sizeof d->plane.window);
}

/* The plane as a portrait's plane: its flow has the two coordinates as unknowns. */
static enum status plane_make(struct directions *d)
{
    d->flow = (struct flow){.dim = 2, .field = reduced_field, .data = d};
    d->reduced = (struct problem_given){.flow = &d->flow, .dim = 2, .x0 = d->origin};
    d->plane.given = &d->reduced;
    d->plane.axis[0] = 0;
    d->plane.axis[1] = 1;
    d->plane.cells = PLANE_CELLS;
    window_choose(d);
    d->plane.work = calloc(PLANE_ROWS * 2, sizeof *d->plane.work);
    if (!d->plane.work)
        return status_fail(NO_MEMORY, "no memory for a plane");
    d->plane_plan.arrows_across = ARROWS;
    d->plane_plan.arrows_up = (size_t)(ARROWS * portrait_aspect(d->plane.window) + 0.5);
    if (options_given(d->options, OPTION_grid)) {
        d->plane_plan.arrows_across = (size_t)d->options->grid[0];
        d->plane_plan.arrows_up = (size_t)d->options->grid[1];
    }
    return OK;
}

static enum status directions_make(struct directions *d)
{
    const double *x0 = d->given->x0, *A0 = x0 + d->shape.forward[1];
    TRY(tilde_make(d));
    TRY(axes_make(d));
    d->K = matrix_inner(d->m, d->c, x0 + d->shape.forward[2]) - matrix_inner(d->n, A0, A0) / 2;
    d->invariant = is_invariant(d);
    roots_find(d);
    return plane_make(d);
}

/* ---- tables ---- */

static const char *table_name(const char *suffix, char name[NAME_LENGTH])
{
    snprintf(name, NAME_LENGTH, "%s-%s.tsv", NAME, suffix);
    return name;
}

/* Levels through the saddles, and through points at equal distances from the attracting one. */
static enum status levels_write(struct directions *d, struct plane_sheet *sheet)
{
    bool any;
    struct plane_level level = {.plane = &d->plane, .of = potential_level};
    const double reach = plane_height(&d->plane);
    for (size_t k = 1; k < d->roots; k++) {
        const double saddle[2] = {d->root[k] * d->size, 0};
        level.value = potential(d, saddle);
        TRY(plane_level_write(&level, sheet, &any));
    }
    for (size_t k = 1; k <= LEVELS; k++) {
        const double at[2] = {d->root[0] * d->size, reach * (double)k / LEVELS};
        level.value = potential(d, at);
        TRY(plane_level_write(&level, sheet, &any));
    }
    return OK;
}

static enum status levels_sheet(struct directions *d)
{
    struct plane_sheet *sheet;
    char name[NAME_LENGTH];
    TRY(plane_sheet_open(&d->view.sheets, table_name("leaves", name), "x y", &sheet));
    TRY(levels_write(d, sheet));
    return plane_sheet_check(sheet);
}

/* The start of the whole system with A at (x, y) of the plane, and this K. */
static void start_make(const struct directions *d, double x, double y)
{
    double *A = d->state + d->shape.forward[1], *B = d->state + d->shape.forward[2];
    memcpy(d->state, d->given->x0, d->given->dim * sizeof *d->state);
    for (size_t k = 0; k < d->n; k++)
        A[k] = x * d->e[0][k] + y * d->e[1][k];
    const double lack = d->K + matrix_inner(d->n, A, A) / 2 - matrix_inner(d->m, d->c, B);
    const double square = matrix_inner(d->m, d->c, d->c);
    for (size_t k = 0; k < d->m; k++)
        B[k] += lack * d->c[k] / square;
}

/* The coordinates of A in the plane. */
static void projected(const struct directions *d, const double *state, double at[2])
{
    for (size_t k = 0; k < 2; k++)
        at[k] = matrix_inner(d->n, state + d->shape.forward[1], d->e[k]);
}

static enum status track_from(struct directions *d, const struct plane_tracks *tracks,
                              const double *start)
{
    struct orbit orbit;
    double limit[2];
    TRY(orbit_run(d->given->flow, &d->plan, start, &orbit, d->outcome));
    d->failed += d->outcome->ending == ENDING_FAILED;
    for (size_t k = 0; k < orbit.count; k++) { /* in place: 2 <= dim */
        double at[2];
        projected(d, orbit.x + k * orbit.dim, at);
        memcpy(orbit.x + 2 * k, at, sizeof at);
    }
    orbit.dim = 2;
    if (d->outcome->has_limit)
        projected(d, d->outcome->limit, limit);
    plane_tracks_orbit(tracks, &orbit, d->outcome->has_limit ? limit : NULL);
    orbit_free(&orbit);
    return OK;
}

static enum status tracks_run(void *context, const struct plane_tracks *tracks)
{
    struct directions *d = context;
    const double half[2] = {plane_width(&d->plane) / 2, plane_height(&d->plane) / 2};
    const double *w = d->plane.window;
    for (size_t k = 0; k < d->starts; k++) {
        const double share = k % 3 == 2 ? INNER : OUTER; /* every third on the small ring */
        const double angle = 2 * PI * ((double)k + 0.5) / (double)d->starts;
        start_make(d, w[0] + half[0] * (1 + share * cos(angle)),
                   w[2] + half[1] * (1 + share * sin(angle)));
        TRY(track_from(d, tracks, d->state));
    }
    return track_from(d, tracks, d->given->x0);
}

static void marks_put(struct directions *d)
{
    double at[2];
    struct portrait_figure *figure = &d->view.figure;
    figure->point = d->mark;
    for (size_t k = 0; k < d->roots; k++)
        d->mark[figure->points++] = (struct portrait_point){
            .x = d->root[k] * d->size, .y = 0, .mark = mark_of(d, d->root[k])};
    projected(d, d->given->x0, at);
    d->mark[figure->points++] =
        (struct portrait_point){.x = at[0], .y = at[1], .mark = PORTRAIT_START};
}

/* ---- the whole ---- */

/* Is C~ = C, as for the autoencoder? */
static bool is_feedback(const struct directions *d)
{
    double distance = 0;
    for (size_t k = 0; k < d->n && d->n == d->m; k++)
        distance = fmax(distance, fabs(d->tilde[k] - d->c[k]));
    return d->n == d->m && distance <= PARALLEL * d->size;
}

static enum status draw(struct directions *d, const char *directory)
{
    char parameters[TEXT_LENGTH], numerics[TEXT_LENGTH], leaf[TEXT_LENGTH];
    char along[NAME_LENGTH], across[NAME_LENGTH], levels[NAME_LENGTH];
    struct portrait_figure figure = d->view.figure;
    const char *tilde = is_feedback(d) ? "C" : "C W";
    snprintf(leaf, sizeof leaf,
             "all starts: K = C B - |A|^2/2 = %.6g, by B = B0 + multiple of C'; %s", d->K,
             d->invariant ? "the plane is invariant" : "Sigma_II turns A out of the plane");
    snprintf(along, sizeof along, "A along %s", tilde);
    snprintf(across, sizeof across, "A across %s%s", tilde, d->parallel ? "" : ", along A0");
    snprintf(levels, sizeof levels, "levels of V = -A %s + K |A|^2/2 + |A|^4/8",
             is_feedback(d) ? "C'" : "(C W)'");
    figure.directory = directory;
    figure.title = d->given->flow->title;
    figure.axis[0] = along;
    figure.axis[1] = across;
    figure.leaf = levels;
    figure.projected = !d->invariant;
    figure.caption[0] = leaf;
    figure.caption[1] = problem_parameters(d->given, sizeof parameters, parameters);
    figure.caption[2] = view_numerics(&d->plan, d->options->seed, sizeof numerics, numerics);
    return portrait_draw(&figure);
}

static enum status print(const struct directions *d, const char *directory)
{
    static const char *const names[PORTRAIT_MARKS] = {[PORTRAIT_ATTRACTOR] = "limit",
                                                      [PORTRAIT_SADDLE] = "saddle",
                                                      [PORTRAIT_REPELLER] = "repelling",
                                                      [PORTRAIT_DEGENERATE] = "degenerate"};
    struct columns *columns = columns_create("ll");
    columns_cell(columns, "system");
    columns_cell(columns, "%s", d->given->flow->title);
    columns_cell(columns, "leaf");
    columns_cell(columns, "K = %.10g, |C W| = %.10g", d->K, d->size);
    columns_cell(columns, "plane");
    columns_cell(columns, "%s", d->invariant ? "invariant" : "not invariant: projections");
    for (size_t k = 0; k < d->roots; k++) {
        columns_cell(columns, "%s", names[mark_of(d, d->root[k])]);
        columns_cell(columns, "A = %.15g C W", d->root[k]);
    }
    if (d->failed) {
        columns_cell(columns, "not finished");
        columns_cell(columns, "%zu trajectories: the integrator failed", d->failed);
    }
    columns_cell(columns, "files");
    columns_cell(columns, "%s/%s.gp, .pdf, .png, .svg, tables, manifest.json", directory, NAME);
    const enum status status = columns_print(columns, stdout);
    columns_free(columns);
    return status;
}

static void parameters_set(const struct directions *d, struct manifest *manifest)
{
    char name[NAME_LENGTH];
    view_parameters(manifest, d->given, &d->plan, d->options->seed, NAME);
    manifest_parameter(manifest, "K", json_finite(d->K));
    manifest_parameter(manifest, "multiples_of_C_W", json_vector(d->roots, d->root));
    manifest_parameter(manifest, "window", json_vector(WINDOW_SIDES, d->plane.window));
    manifest_parameter(manifest, "starts", json_integer((json_int_t)d->starts));
    for (size_t k = 0; k < SUFFIXES; k++)
        manifest_output(manifest, table_name(suffixes[k], name));
}

static enum status make(void *context, struct manifest *manifest)
{
    struct directions *d = context;
    const char *directory = manifest_directory(manifest);
    d->view.figure = (struct portrait_figure){.directory = directory, .name = NAME, .limits = true};
    memcpy(d->view.figure.window, d->plane.window, sizeof d->view.figure.window);
    d->work = (struct plane_work){.plane = &d->plane, .plan = &d->plane_plan, .view = &d->view};
    TRY(plane_field_sheet(&d->work));
    TRY(levels_sheet(d));
    TRY(plane_tracks_sheets(&d->work, tracks_run, d));
    TRY(plane_sheets_save(&d->view.sheets, directory));
    marks_put(d);
    progress_begin(d->progress, "drawing", 0);
    TRY(drawing_finish(manifest, NAME, draw(d, directory)));
    parameters_set(d, manifest);
    progress_end(d->progress);
    return print(d, directory);
}

static enum status arrays_make(struct directions *d)
{
    enum { VECTORS = 5 };
    const size_t n = d->n;
    double *next =
        calloc(d->shape.channel_count + n * n + VECTORS * n + d->given->dim, sizeof *next);
    d->outcome = outcome_create(d->given->flow);
    d->sigma = next; /* the block begins here */
    if (!next || !d->outcome)
        return status_fail(NO_MEMORY, "no memory for %zu inputs", n);
    next += n * n;
    double **const vectors[VECTORS] = {&d->tilde, &d->e[0], &d->e[1], &d->A, &d->rate};
    for (size_t k = 0; k < VECTORS; k++, next += n)
        *vectors[k] = next;
    d->c = next;
    d->state = next + d->shape.channel_count;
    return OK;
}

static enum status run(const struct options *options, struct problem_given *given,
                       struct progress *progress)
{
    struct directions d = {.options = options,
                           .progress = progress,
                           .given = given,
                           .plan = view_plan(options),
                           .starts = view_starts(options, STARTS)};
    TRY(view_options_fit(options, NAME, "grid starts window"));
    if (options_given(options, OPTION_window) && options->window_sides != WINDOW_SIDES)
        return status_fail(BAD_ARGUMENT, "--window has %zu numbers; a plane has four",
                           options->window_sides);
    if (given->problem.system->linear)
        return status_fail(BAD_ARGUMENT, "the view %s is of linear networks; found %s", NAME,
                           given->flow->title);
    if (!problem_is_network(&given->problem))
        return status_fail(BAD_ARGUMENT, "the view %s is for A[N0,1,N2]; found %s", NAME,
                           given->flow->title);
    TRY(network_shape_of(&given->problem, &d.shape));
    d.n = d.shape.sizes[0];
    d.m = d.shape.sizes[2];
    TRY(problem_check(&d));
    enum status status = arrays_make(&d);
    if (status == OK)
        status = directions_make(&d);
    if (status == OK)
        status = view_in_folder(options, make, &d);
    plane_sheets_free(&d.view.sheets);
    free(d.plane.work);
    free(d.sigma);
    outcome_free(d.outcome);
    return status;
}

const struct view view_directions = {
    .name = "directions",
    .title = "A of A[N0,1,N2] in the plane of its feedback C W and its start",
    .run = run,
};
