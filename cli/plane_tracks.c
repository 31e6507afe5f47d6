/* Trajectories of a portrait.
 *
 * They run forward only, from starts at equal distances along the border of the window; where they
 * leave the plane they start on a lattice inside it, since their projections are short. */
#include "cli/plane_work.h"

#include "base/stream.h"
#include "plots/figure.h"

#include <math.h>
#include <stdio.h>

static const double POINT_DISTANCE = 0.002; /* of the window: closer points are not drawn */
static const double VIEW = 2;               /* points farther out than 2 windows are not drawn */
static const double HEAD = 0.004;           /* length of an arrowhead's vector, of the window */
static const double HEAD_AT = 0.45;         /* of the visible path */
static const double HEAD_ROOM = 0.05;       /* of the half window: no heads at the border */
static const double PATH_LEAST = 0.08;      /* of the window: shorter paths are not drawn */
static const double PATH_MOST =
    40; /* windows: a path without a limit goes round in what is drawn */

static double orbit_axis(const struct plane_work *work, const struct orbit *orbit, size_t k,
                         size_t axis)
{
    return orbit->x[k * orbit->dim + work->plane->axis[axis]];
}

/* Distance of two states of an orbit on paper, in units of the window. */
static double paper_distance(const struct plane_work *work, const struct orbit *orbit, size_t j,
                             size_t k)
{
    return hypot((orbit_axis(work, orbit, k, 0) - orbit_axis(work, orbit, j, 0)) /
                     plane_width(work->plane),
                 (orbit_axis(work, orbit, k, 1) - orbit_axis(work, orbit, j, 1)) /
                     plane_height(work->plane));
}

/* How far out is a state, in half widths of the window? */
static double remoteness(const struct plane_work *work, const struct orbit *orbit, size_t k)
{
    const double *w = work->plane->window;
    double u = (orbit_axis(work, orbit, k, 0) - (w[0] + w[1]) / 2) / plane_width(work->plane);
    double v = (orbit_axis(work, orbit, k, 1) - (w[2] + w[3]) / 2) / plane_height(work->plane);
    return 2 * fmax(fabs(u), fabs(v));
}

static bool is_visible(const struct plane_work *work, const struct orbit *orbit, size_t k)
{
    return plane_contains(work->plane, orbit_axis(work, orbit, k, 0),
                          orbit_axis(work, orbit, k, 1));
}

/* Length of the visible path, in units of the window. */
static double visible_length(const struct plane_work *work, const struct orbit *orbit)
{
    double length = 0;
    for (size_t k = 1; k < orbit->count; k++)
        if (is_visible(work, orbit, k) && is_visible(work, orbit, k - 1))
            length += paper_distance(work, orbit, k - 1, k);
    return length;
}

void plane_tracks_path(const struct plane_tracks *tracks, const struct orbit *orbit)
{
    size_t written = 0;
    bool begun = false;
    for (size_t k = 0; k < orbit->count; k++) {
        bool ends = k == 0 || k + 1 == orbit->count;
        if (!ends && paper_distance(tracks->work, orbit, written, k) < POINT_DISTANCE)
            continue;
        if (!(remoteness(tracks->work, orbit, k) < VIEW)) {
            if (begun)
                plane_sheet_blank(tracks->points);
            begun = false;
            continue;
        }
        const double row[] = {orbit->t[k], orbit_axis(tracks->work, orbit, k, 0),
                              orbit_axis(tracks->work, orbit, k, 1)};
        plane_sheet_row(tracks->points, sizeof row / sizeof *row, row);
        written = k;
        begun = true;
    }
    plane_sheet_blank(tracks->points);
}

/* Is a state well inside the window, so that an arrowhead there is not cut? */
static bool has_head_room(const struct plane_work *work, const struct orbit *orbit, size_t k)
{
    return remoteness(work, orbit, k) < 1 - HEAD_ROOM;
}

/* The arrowhead stands at a share HEAD_AT of the visible path. */
static void head_write(const struct plane_tracks *tracks, const struct orbit *orbit)
{
    const struct plane_work *work = tracks->work;
    double length = visible_length(work, orbit), passed = 0;
    for (size_t k = 1; k < orbit->count; k++) {
        if (!is_visible(work, orbit, k) || !is_visible(work, orbit, k - 1))
            continue;
        double step = paper_distance(work, orbit, k - 1, k);
        passed += step;
        if (passed < HEAD_AT * length || !(step > 0) || !has_head_room(work, orbit, k))
            continue;
        double x = orbit_axis(work, orbit, k, 0), y = orbit_axis(work, orbit, k, 1);
        const double row[] = {x, y, (x - orbit_axis(work, orbit, k - 1, 0)) / step * HEAD,
                              (y - orbit_axis(work, orbit, k - 1, 1)) / step * HEAD};
        plane_sheet_row(tracks->heads, sizeof row / sizeof *row, row);
        return;
    }
}

/* How many states are drawn: all on the way to a limit; else, where a path winds on for ever, as round
 * a cycle or in chaos, no more than tell how. */
static size_t drawn_count(const struct plane_work *work, const struct orbit *orbit,
                          const double *limit)
{
    double length = 0;
    size_t k = 1;
    for (; k < orbit->count && (limit || length < PATH_MOST); k++)
        if (remoteness(work, orbit, k) < VIEW && remoteness(work, orbit, k - 1) < VIEW)
            length += paper_distance(work, orbit, k - 1, k);
    return k < orbit->count ? k : orbit->count;
}

/* Short paths would be taken for blemishes, but a short projection is the end of a long path. */
void plane_tracks_orbit(const struct plane_tracks *tracks, const struct orbit *orbit,
                        const double *limit)
{
    const struct plane *plane = tracks->work->plane;
    bool ends = plane->given->dim > 2 || tracks->work->view->figure.limits;
    bool long_enough = visible_length(tracks->work, orbit) >= PATH_LEAST;
    struct orbit drawn = *orbit;
    drawn.count = drawn_count(tracks->work, orbit, limit);
    if (ends || long_enough)
        plane_tracks_path(tracks, &drawn);
    if (long_enough)
        head_write(tracks, &drawn);
    if (ends && limit)
        plane_point_write(tracks->limits, limit[plane->axis[0]], limit[plane->axis[1]]);
}

static enum status track_from(const struct plane_tracks *tracks, const double *start,
                              struct outcome *outcome)
{
    const struct plane_work *work = tracks->work;
    struct orbit orbit;
    TRY(orbit_run(work->plane->given->flow, &work->plan->plan, start, &orbit, outcome));
    work->view->failed += outcome->ending == ENDING_FAILED;
    plane_tracks_orbit(tracks, &orbit, outcome->has_limit ? outcome->limit : NULL);
    orbit_free(&orbit);
    return OK;
}

/* A point of the window's border; `at` in [0, 4) runs round it. */
static void border_point(const struct plane *plane, double at, double *x, double *y)
{
    const double *w = plane->window;
    double share = at - floor(at);
    switch ((int)at) {
    case 0:
        *x = w[0] + share * plane_width(plane), *y = w[2];
        break;
    case 1:
        *x = w[1], *y = w[2] + share * plane_height(plane);
        break;
    case 2:
        *x = w[1] - share * plane_width(plane), *y = w[3];
        break;
    default:
        *x = w[0], *y = w[3] - share * plane_height(plane);
        break;
    }
}

/* A start inside the window: the k-th point of a square lattice of `starts` points. */
static void lattice_point(const struct plane_work *work, size_t k, double shift, double *x,
                          double *y)
{
    size_t side = (size_t)ceil(sqrt((double)work->plan->starts)), i = k % side, j = k / side;
    const double *w = work->plane->window;
    *x = w[0] + ((double)i + shift) / (double)side * plane_width(work->plane);
    *y = w[2] + ((double)j + shift) / (double)side * plane_height(work->plane);
}

/* From the border where trajectories stay in the plane; from a lattice where they leave it. */
static void start_point(const struct plane_work *work, size_t k, double shift, double *x, double *y)
{
    static const double SIDES = 4;
    if (work->plane->given->dim > 2)
        lattice_point(work, k, shift, x, y);
    else
        border_point(work->plane,
                     fmod(SIDES * ((double)k + shift) / (double)work->plan->starts, SIDES), x, y);
}

static enum status tracks_run(void *context, const struct plane_tracks *tracks)
{
    const struct plane_work *work = tracks->work;
    double *state = plane_row(work->plane, PLANE_ROW_CALLER), x, y;
    struct stream stream = stream_at(work->plan->seed, stream_key("portrait starts"), 0);
    double shift = stream_uniform(&stream);
    for (size_t k = 0; k < work->plan->starts; k++) {
        start_point(work, k, shift, &x, &y);
        plane_state(work->plane, x, y, state);
        TRY(track_from(tracks, state, context));
    }
    for (size_t k = 0; k < work->view->cycles; k++)
        TRY(track_from(tracks, work->view->inside[k], context));
    if (!work->plan->from_init)
        return OK;
    const double *x0 = work->plane->given->x0;
    plane_mark(work->view, x0[work->plane->axis[0]], x0[work->plane->axis[1]], PORTRAIT_START);
    return track_from(tracks, x0, context);
}

static enum status sheet_begin(const struct plane_tracks *tracks, const char *what,
                               const char *columns, struct plane_sheet **sheet)
{
    char name[FIGURE_NAME_MAX];
    struct plane_view *view = tracks->work->view;
    snprintf(name, sizeof name, "%s-%s.tsv", view->figure.name, what);
    return plane_sheet_open(&view->sheets, name, columns, sheet);
}

enum status plane_tracks_sheets(const struct plane_work *work, plane_tracks_maker *make,
                                void *context)
{
    struct plane_tracks tracks = {.work = work};
    TRY(sheet_begin(&tracks, "trajectories", "t x y", &tracks.points));
    TRY(sheet_begin(&tracks, "heads", "x y dx dy", &tracks.heads));
    TRY(sheet_begin(&tracks, "limits", "x y", &tracks.limits));
    TRY(make(context, &tracks));
    TRY(plane_sheet_check(tracks.points));
    TRY(plane_sheet_check(tracks.heads));
    return plane_sheet_check(tracks.limits);
}

enum status plane_tracks_sheet(const struct plane_work *work)
{
    struct outcome *outcome = outcome_create(work->plane->given->flow);
    if (!outcome)
        return status_fail(NO_MEMORY, "no memory for %zu unknowns", work->plane->given->dim);
    const enum status status = plane_tracks_sheets(work, tracks_run, outcome);
    outcome_free(outcome);
    return status;
}
