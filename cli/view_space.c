/* settle portrait --view space: trajectories and fixed points in a box of three unknowns.
 *
 * The set of fixed points is cut by planes across each axis (fixed_set.h).  Where it is a surface,
 * the cuts are curves, which together make a grid on it; where it is a curve, the cuts are points,
 * which are joined from plane to plane.  Starts are a lattice of rank 1 with the ratios of the
 * generalised golden mean, x^4 = x + 1, which fills a box evenly for any number of points (Roberts
 * 2018); the seed shifts it.  Trajectories run forward only. */
#include "cli/view.h"

#include "base/stream.h"
#include "base/table.h"
#include "cli/columns.h"
#include "cli/drawing.h"
#include "cli/fixed_set.h"
#include "cli/json.h"
#include "plots/space.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    STARTS = 24,
    CUTS = 33,          /* planes across each axis, those of the box's faces among them */
    CUTS_PER_CURVE = 4, /* every fourth of them draws its curves */
    CONTOUR_CELLS = 80,
    SEARCH_CELLS = 24,
    TEXT_LENGTH = 512,
    NAMED_MOST = 12 /* unknowns of a caption */
};

static const double WINDOW_SCALES = 3;      /* half width of the default box, as that of a plane */
static const double POINT_DISTANCE = 0.002; /* of the box: closer points are not drawn */
static const double CURVE_DISTANCE =
    0.02;                        /* of the box: the same on a surface, whose bends are wide */
static const double JOIN = 0.15; /* of the box: farther points are not one curve */
static const double HEAD = 0.012, HEAD_AT = 0.5; /* length of a head; where it stands on the path */
static const double PATH_LEAST = 0.08;           /* of the box: shorter paths have no head */
static const double GOLDEN = 1.2207440846057596; /* x^4 = x + 1 */

struct space {
    const struct options *options;
    struct progress *progress;
    const struct problem_given *given;
    size_t axis[SPACE_AXES];
    double window[SPACE_SIDES];
    struct plan plan;
    size_t starts, settled, saddles, unfinished;
    double *state; /* [dim] */
    struct outcome *outcome;
    struct table *table[SPACE_TABLES];
    struct space_figure figure;
};

static double low_of(const struct space *space, size_t k)
{
    return space->window[2 * k];
}

static double width_of(const struct space *space, size_t k)
{
    return space->window[2 * k + 1] - space->window[2 * k];
}

/* In units of the box. */
static double distance(const struct space *space, const double a[SPACE_AXES],
                       const double b[SPACE_AXES])
{
    double sum = 0;
    for (size_t k = 0; k < SPACE_AXES; k++)
        sum += (a[k] - b[k]) * (a[k] - b[k]) / (width_of(space, k) * width_of(space, k));
    return sqrt(sum);
}

/* Two empty lines: gnuplot takes rows of one length that a single one divides for those of a surface, and joins
 * them across. */
static void curve_end(struct table *table)
{
    table_blank(table);
    table_blank(table);
}

static void point_write(struct space *space, enum space_table table, const double at[SPACE_AXES])
{
    table_row(space->table[table], SPACE_AXES, at);
    space->figure.has[table] = true;
}

/* --- fixed points --------------------------------------------------------------------------- */

static const enum space_table kind_tables[FIXED_SET_KINDS] = {[FIXED_SET_ATTRACTS] =
                                                                  SPACE_ATTRACTING,
                                                              [FIXED_SET_REPELS] = SPACE_REPELLING,
                                                              [FIXED_SET_SADDLE] = SPACE_SADDLES,
                                                              [FIXED_SET_NEUTRAL] = SPACE_NEUTRAL};

/* A plane across one axis, and the point (u, v) of it in the box. */
struct cut {
    size_t across, in[2];
    double level;
    struct fixed_set *set;
};

static void cut_point(const struct cut *cut, double u, double v, double at[SPACE_AXES])
{
    at[cut->across] = cut->level;
    at[cut->in[0]] = u;
    at[cut->in[1]] = v;
}

static enum status cut_find(struct space *space, size_t across, size_t k, struct cut *cut)
{
    const struct problem_given *given = space->given;
    *cut = (struct cut){.across = across,
                        .in = {(across + 1) % SPACE_AXES, (across + 2) % SPACE_AXES},
                        .level = low_of(space, across) +
                                 width_of(space, across) * (double)k / (CUTS - 1)};
    struct fixed_set_plan plan = {.flow = given->flow,
                                  .through = space->state,
                                  .cells = CONTOUR_CELLS,
                                  .search_cells = SEARCH_CELLS};
    for (size_t i = 0; i < 2; i++) {
        plan.axis[i] = space->axis[cut->in[i]];
        memcpy(plan.window + 2 * i, space->window + 2 * cut->in[i], 2 * sizeof *plan.window);
    }
    memcpy(space->state, given->x0, given->dim * sizeof *space->state);
    space->state[space->axis[across]] = cut->level;
    return fixed_set_find(&plan, &cut->set);
}

static void curves_write(struct space *space, const struct cut *cut)
{
    const struct fixed_set *set = cut->set;
    double at[SPACE_AXES];
    for (size_t k = 0; k < set->pieces; k++) {
        const enum space_table table = kind_tables[set->kind[k]];
        double last[SPACE_AXES] = {INFINITY, INFINITY, INFINITY};
        for (size_t i = set->start[k]; i < set->start[k + 1]; i++) {
            cut_point(cut, set->u[i], set->v[i], at);
            if (i + 1 < set->start[k + 1] && distance(space, last, at) < CURVE_DISTANCE)
                continue;
            point_write(space, table, at);
            memcpy(last, at, sizeof last);
        }
        curve_end(space->table[table]);
    }
}

/* Joins the isolated points of a plane to the nearest ones of the plane before, kind by kind. */
static void points_join(struct space *space, const struct cut *before, const struct cut *cut)
{
    for (size_t i = 0; i < cut->set->isolated_count; i++) {
        const struct fixed_set_point *to = &cut->set->isolated[i], *from = NULL;
        double least = JOIN, a[SPACE_AXES], b[SPACE_AXES];
        for (size_t j = 0; j < before->set->isolated_count; j++) {
            const struct fixed_set_point *p = &before->set->isolated[j];
            const double distance = fmax(fabs(p->u - to->u) / width_of(space, cut->in[0]),
                                         fabs(p->v - to->v) / width_of(space, cut->in[1]));
            if (p->kind == to->kind && distance < least) {
                least = distance;
                from = p;
            }
        }
        if (!from)
            continue;
        cut_point(before, from->u, from->v, a);
        cut_point(cut, to->u, to->v, b);
        point_write(space, kind_tables[to->kind], a);
        point_write(space, kind_tables[to->kind], b);
        curve_end(space->table[kind_tables[to->kind]]);
    }
}

static enum status cuts_write(struct space *space, size_t across)
{
    struct cut before = {.set = NULL}, cut;
    for (size_t k = 0; k < CUTS; k++) {
        const enum status status = cut_find(space, across, k, &cut);
        if (status != OK) {
            fixed_set_free(before.set);
            return status;
        }
        if (k % CUTS_PER_CURVE == 0)
            curves_write(space, &cut);
        if (before.set)
            points_join(space, &before, &cut);
        fixed_set_free(before.set);
        before = cut;
    }
    fixed_set_free(before.set);
    return OK;
}

/* --- trajectories --------------------------------------------------------------------------- */

static void orbit_point(const struct space *space, const double *state, double at[SPACE_AXES])
{
    for (size_t k = 0; k < SPACE_AXES; k++)
        at[k] = state[space->axis[k]];
}

static bool is_inside(const struct space *space, const double at[SPACE_AXES])
{
    for (size_t k = 0; k < SPACE_AXES; k++)
        if (!(at[k] >= space->window[2 * k] && at[k] <= space->window[2 * k + 1]))
            return false;
    return true;
}

/* Where the segment from a, inside, to b, outside, leaves the box. */
static void box_exit(const struct space *space, const double a[SPACE_AXES],
                     const double b[SPACE_AXES], double exit[SPACE_AXES])
{
    double share = 1;
    for (size_t k = 0; k < SPACE_AXES; k++) {
        const double side = b[k] > a[k] ? space->window[2 * k + 1] : space->window[2 * k];
        if (b[k] != a[k])
            share = fmin(share, fmax((side - a[k]) / (b[k] - a[k]), 0));
    }
    for (size_t k = 0; k < SPACE_AXES; k++)
        exit[k] = a[k] + share * (b[k] - a[k]);
}

static void track_row(struct space *space, double t, const double at[SPACE_AXES])
{
    const double row[] = {t, at[0], at[1], at[2]};
    table_row(space->table[SPACE_TRAJECTORIES], sizeof row / sizeof *row, row);
    space->figure.has[SPACE_TRAJECTORIES] = true;
}

/* The part of an orbit in the box; returns the length of its path there. */
static double track_write(struct space *space, const struct orbit *orbit)
{
    double at[SPACE_AXES], last[SPACE_AXES] = {0}, edge[SPACE_AXES], length = 0;
    bool inside = false;
    for (size_t k = 0; k < orbit->count; k++) {
        orbit_point(space, orbit->x + k * orbit->dim, at);
        const bool stays = is_inside(space, at);
        if (inside && stays && k + 1 < orbit->count && distance(space, last, at) < POINT_DISTANCE)
            continue;
        if (stays) {
            if (!inside && k > 0) { /* it comes back */
                double from[SPACE_AXES];
                orbit_point(space, orbit->x + (k - 1) * orbit->dim, from);
                box_exit(space, at, from, edge);
                track_row(space, orbit->t[k], edge);
            }
            track_row(space, orbit->t[k], at);
            length += inside ? distance(space, last, at) : 0;
            memcpy(last, at, sizeof last);
        } else if (inside) {
            box_exit(space, last, at, edge);
            track_row(space, orbit->t[k], edge);
            curve_end(space->table[SPACE_TRAJECTORIES]);
        }
        inside = stays;
    }
    curve_end(space->table[SPACE_TRAJECTORIES]);
    return length;
}

static void head_write(struct space *space, const struct orbit *orbit, double length)
{
    double a[SPACE_AXES], b[SPACE_AXES], passed = 0;
    for (size_t k = 1; k < orbit->count; k++) {
        orbit_point(space, orbit->x + (k - 1) * orbit->dim, a);
        orbit_point(space, orbit->x + k * orbit->dim, b);
        if (!is_inside(space, a) || !is_inside(space, b))
            continue;
        const double step = distance(space, a, b);
        passed += step;
        if (passed < HEAD_AT * length || !(step > 0))
            continue;
        double row[2 * SPACE_AXES];
        for (size_t i = 0; i < SPACE_AXES; i++) {
            row[SPACE_AXES + i] = (b[i] - a[i]) / step * HEAD;
            row[i] = b[i] - row[SPACE_AXES + i];
        }
        table_row(space->table[SPACE_HEADS], sizeof row / sizeof *row, row);
        space->figure.has[SPACE_HEADS] = true;
        return;
    }
}

static void limit_write(struct space *space)
{
    const struct outcome *outcome = space->outcome;
    double at[SPACE_AXES];
    const bool saddle = outcome->ending == ENDING_SADDLE;
    space->unfinished += !outcome->has_limit;
    if (!outcome->has_limit)
        return;
    space->settled += !saddle;
    space->saddles += saddle;
    orbit_point(space, outcome->limit, at);
    if (is_inside(space, at))
        point_write(space, saddle ? SPACE_SADDLE_LIMITS : SPACE_LIMITS, at);
}

static enum status track_from(struct space *space, const double *start)
{
    struct orbit orbit;
    TRY(orbit_run(space->given->flow, &space->plan, start, &orbit, space->outcome));
    const double length = track_write(space, &orbit);
    if (length >= PATH_LEAST)
        head_write(space, &orbit, length);
    limit_write(space);
    orbit_free(&orbit);
    return OK;
}

static enum status tracks_write(struct space *space)
{
    const struct problem_given *given = space->given;
    struct stream stream = stream_at(space->options->seed, stream_key("space starts"), 0);
    double shift[SPACE_AXES];
    for (size_t k = 0; k < SPACE_AXES; k++)
        shift[k] = stream_uniform(&stream);
    for (size_t i = 0; i < space->starts; i++) {
        memcpy(space->state, given->x0, given->dim * sizeof *space->state);
        for (size_t k = 0; k < SPACE_AXES; k++) {
            const double share = shift[k] + (double)(i + 1) / pow(GOLDEN, (double)(k + 1));
            space->state[space->axis[k]] =
                low_of(space, k) + (share - floor(share)) * width_of(space, k);
        }
        TRY(track_from(space, space->state));
    }
    if (!options_given(space->options, OPTION_init))
        return OK;
    double at[SPACE_AXES];
    orbit_point(space, given->x0, at);
    point_write(space, SPACE_STARTS, at);
    return track_from(space, given->x0);
}

/* --- the whole ------------------------------------------------------------------------------ */

static enum status tables_fill(struct space *space)
{
    for (size_t across = 0; across < SPACE_AXES; across++)
        TRY(cuts_write(space, across));
    return tracks_write(space);
}

static enum status tables_save(struct space *space, const char *directory)
{
    enum status status = OK;
    for (int k = 0; k < SPACE_TABLES && status == OK; k++) {
        const char *columns = k == SPACE_TRAJECTORIES ? "t x y z"
                              : k == SPACE_HEADS      ? "x y z dx dy dz"
                                                      : "x y z";
        status = table_open(directory, space_tables[k], columns, &space->table[k]);
    }
    if (status == OK)
        status = tables_fill(space);
    for (int k = 0; k < SPACE_TABLES; k++) {
        if (status == OK && space->figure.has[k])
            status = table_close(space->table[k]);
        else
            table_discard(space->table[k]);
    }
    return status;
}

/* "a4 = 0.5, c1 = 1": the unknowns that are not drawn. */
static void others_text(const struct space *space, size_t size, char *text)
{
    const struct problem_given *given = space->given;
    const bool *has = space->figure.has;
    const bool any =
        has[SPACE_ATTRACTING] || has[SPACE_REPELLING] || has[SPACE_SADDLES] || has[SPACE_NEUTRAL];
    size_t length = 0;
    text[0] = '\0';
    if (given->dim > NAMED_MOST) {
        snprintf(text, size, "%sfixed points where the other %zu unknowns are as at the start",
                 any ? "" : "no ", given->dim - SPACE_AXES);
        return;
    }
    for (size_t k = 0; k < given->dim; k++) {
        const bool drawn = k == space->axis[0] || k == space->axis[1] || k == space->axis[2];
        if (!drawn && length + UNKNOWN_NAME_MAX < size)
            length += (size_t)snprintf(text + length, size - length, "%s%s = %.4g",
                                       length ? ", "
                                       : any  ? "fixed points where "
                                              : "no fixed points where ",
                                       given->flow->names[k], given->x0[k]);
    }
}

static enum status draw(struct space *space, const char *directory)
{
    char parameters[TEXT_LENGTH], others[TEXT_LENGTH], numerics[TEXT_LENGTH];
    struct space_figure *figure = &space->figure;
    others_text(space, sizeof others, others);
    figure->directory = directory;
    figure->title = space->given->flow->title;
    figure->caption[0] = others;
    figure->caption[1] = problem_parameters(space->given, sizeof parameters, parameters);
    figure->caption[2] =
        view_numerics(&space->plan, space->options->seed, sizeof numerics, numerics);
    figure->projected = space->given->dim > SPACE_AXES;
    for (size_t k = 0; k < SPACE_AXES; k++)
        figure->axis[k] = space->given->flow->names[space->axis[k]];
    memcpy(figure->window, space->window, sizeof figure->window);
    return space_draw(figure);
}

static enum status print(const struct space *space, const char *directory)
{
    struct columns *columns = columns_create("ll");
    columns_cell(columns, "system");
    columns_cell(columns, "%s", space->given->flow->title);
    columns_cell(columns, "box");
    columns_cell(columns, "%s from %g to %g, %s from %g to %g, %s from %g to %g",
                 space->figure.axis[0], space->window[0], space->window[1], space->figure.axis[1],
                 space->window[2], space->window[3], space->figure.axis[2], low_of(space, 2),
                 low_of(space, 2) + width_of(space, 2));
    columns_cell(columns, "trajectories");
    columns_cell(columns, "%zu settled, %zu at saddles, %zu without a limit", space->settled,
                 space->saddles, space->unfinished);
    columns_cell(columns, "files");
    columns_cell(columns, "%s/space.gp, .pdf, .png, .svg, tables, manifest.json", directory);
    const enum status status = columns_print(columns, stdout);
    columns_free(columns);
    return status;
}

static void parameters_set(const struct space *space, struct manifest *manifest)
{
    view_parameters(manifest, space->given, &space->plan, space->options->seed, view_space.name);
    manifest_parameter(manifest, "plane",
                       json_pack("[s, s, s]", space->figure.axis[0], space->figure.axis[1],
                                 space->figure.axis[2]));
    manifest_parameter(manifest, "window", json_vector(SPACE_SIDES, space->window));
    manifest_parameter(manifest, "starts", json_integer((json_int_t)space->starts));
    for (int k = 0; k < SPACE_TABLES; k++)
        manifest_output(manifest, space_tables[k]);
}

static enum status make(void *context, struct manifest *manifest)
{
    struct space *space = context;
    const char *directory = manifest_directory(manifest);
    TRY(tables_save(space, directory));
    progress_begin(space->progress, "drawing", 0);
    TRY(drawing_finish(manifest, "space", draw(space, directory)));
    parameters_set(space, manifest);
    progress_end(space->progress);
    return print(space, directory);
}

/* By default a cube about the origin that holds the balanced minimum and the start. */
static enum status window_choose(struct space *space)
{
    const struct problem *problem = &space->given->problem;
    const double rho = problem->beta != 0 ? problem->alpha / problem->beta : 0;
    double half = WINDOW_SCALES * fmax(1, sqrt(fabs(rho)));
    for (size_t k = 0; k < SPACE_AXES; k++)
        half = fmax(half, ceil(fabs(space->given->x0[space->axis[k]])));
    for (size_t k = 0; k < SPACE_SIDES; k++)
        space->window[k] = k % 2 ? half : -half;
    if (!options_given(space->options, OPTION_window))
        return OK;
    if (space->options->window_sides != SPACE_SIDES)
        return status_fail(BAD_ARGUMENT,
                           "--window has %zu numbers; a box has six, "
                           "x0,x1,y0,y1,z0,z1",
                           space->options->window_sides);
    memcpy(space->window, space->options->window, sizeof space->window);
    return OK;
}

static enum status run(const struct options *options, struct problem_given *given,
                       struct progress *progress)
{
    struct space space = {.options = options,
                          .progress = progress,
                          .given = given,
                          .plan = view_plan(options),
                          .starts = view_starts(options, STARTS)};
    TRY(view_options_fit(options, view_space.name, "plane starts window"));
    if (given->dim < SPACE_AXES)
        return status_fail(BAD_ARGUMENT, "--view space needs three unknowns%s; %s has %zu",
                           options_given(options, OPTION_plane) ? ", like --plane u,v,w" : "",
                           given->flow->title, given->dim);
    TRY(view_unknowns(options, given->flow, SPACE_AXES, space.axis));
    TRY(window_choose(&space));
    space.state = calloc(given->dim, sizeof *space.state);
    space.outcome = outcome_create(given->flow);
    enum status status = space.state && space.outcome
                             ? view_in_folder(options, make, &space)
                             : status_fail(NO_MEMORY, "no memory for %zu unknowns", given->dim);
    free(space.state);
    outcome_free(space.outcome);
    return status;
}

const struct view view_space = {
    .name = "space",
    .title = "a box of three unknowns: surfaces and curves of fixed points, trajectories",
    .run = run,
};
