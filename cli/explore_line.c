/* The phase line of a flow with one unknown (Strogatz, chapter 2).
 *
 * Fixed points are the zeros of x' on the axis: sign changes between neighbours of a fine grid, and
 * places where x' touches zero, which are zeros of its derivative as well.  The sign of x' on both
 * sides says whether a point attracts, repels, or does one on each side. */
#include "cli/explore_line.h"

#include "cli/json.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS = 1200, BISECTIONS = 60, ARROWS = 21, NOTE_LENGTH = 96 };

static const double WINDOW_SCALES = 3; /* half width of the default window, as of a plane */
static const double QUANTILE = 0.8;    /* of |x'|: the height shows so many of its values */
static const double ROOM = 1.2;        /* above them */
static const double ARROW = 0.72;      /* length of an arrow in units of its cell */
static const double TOUCHES = 1e-9;    /* |x'| there, relative to its largest value in the window */
static const double BESIDE = 1e-4;     /* of the window: where the sign on a side is looked at */

bool explore_line_is(const struct problem_given *given)
{
    return given->dim == 1;
}

static double speed_at(const struct flow *flow, double x)
{
    double f;
    return flow->field(flow, 1, &x, &f) == OK ? f : NAN;
}

static double slope_at(const struct flow *flow, double x)
{
    double J;
    return flow->jacobian && flow->jacobian(flow, &x, &J) == OK ? J : NAN;
}

/* ---- the window ---- */

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double node(const struct plane *plane, int k)
{
    return plane->window[0] + k * (plane->window[1] - plane->window[0]) / CELLS;
}

/* High enough for most of the graph; `quantile` 1: for all of it. */
static double height_of(const struct plane *plane, double quantile)
{
    double size[CELLS + 1];
    size_t count = 0;
    for (int k = 0; k <= CELLS; k++) {
        const double f = fabs(speed_at(plane->given->flow, node(plane, k)));
        if (isfinite(f))
            size[count++] = f;
    }
    if (count == 0)
        return 1;
    qsort(size, count, sizeof *size, by_value);
    return size[(size_t)(quantile * (double)(count - 1))];
}

static void window_choose(const struct options *options, struct plane *plane)
{
    const double half = fmax(WINDOW_SCALES, ceil(fabs(plane->given->x0[0])));
    const bool has = options_given(options, OPTION_window);
    plane->window[0] = has ? options->window[0] : -half;
    plane->window[1] = has ? options->window[1] : half;
    const double height = ROOM * height_of(plane, QUANTILE);
    const bool has_both = has && options->window_sides == WINDOW_SIDES;
    plane->window[2] = has_both ? options->window[2] : height > 0 ? -height : -1;
    plane->window[3] = has_both ? options->window[3] : height > 0 ? height : 1;
}

enum status explore_line_plane(const struct options *options, const struct problem_given *given,
                               struct plane *plane)
{
    if (options_given(options, OPTION_plane))
        return status_fail(BAD_ARGUMENT, "--plane: %s has one unknown", given->flow->title);
    if (options_given(options, OPTION_window) && options->window_sides > WINDOW_SIDES)
        return status_fail(BAD_ARGUMENT, "--window has %zu numbers; a line has two",
                           options->window_sides);
    *plane = (struct plane){.given = given, .axis = {0, 1}, .cells = PLANE_CELLS};
    window_choose(options, plane);
    plane->work = calloc(PLANE_ROWS, sizeof *plane->work);
    return plane->work ? OK : status_fail(NO_MEMORY, "no memory for a line");
}

/* ---- fixed points ---- */

/* A zero of of(flow, x) between low and high, where its signs differ. */
static double bisected(double (*of)(const struct flow *flow, double x), const struct flow *flow,
                       double low, double high)
{
    const bool rises = of(flow, low) < 0;
    for (int k = 0; k < BISECTIONS; k++) {
        const double middle = (low + high) / 2, f = of(flow, middle);
        if (f == 0)
            return middle;
        *((f < 0) == rises ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

static void point_append(const struct plane *plane, json_t *points, double x)
{
    const struct flow *flow = plane->given->flow;
    const double step = BESIDE * (plane->window[1] - plane->window[0]);
    const double left = speed_at(flow, x - step), right = speed_at(flow, x + step);
    const char *kind = left > 0 && right < 0   ? "stable"
                       : left < 0 && right > 0 ? "unstable"
                                               : "semistable";
    char note[NOTE_LENGTH];
    snprintf(note, sizeof note, "%s fixed point; eigenvalue %.6g",
             left > 0 && right < 0   ? "attracting"
             : left < 0 && right > 0 ? "repelling"
                                     : "semistable",
             slope_at(flow, x));
    json_array_append_new(points,
                          json_pack("{sf sf ss ss}", "x", x, "y", 0.0, "kind", kind, "note", note));
}

/* Between two nodes: a change of sign, or a zero of the slope that is one of x' too. */
static void cell_search(const struct plane *plane, int k, double small, json_t *points)
{
    const struct flow *flow = plane->given->flow;
    const double low = node(plane, k), high = node(plane, k + 1);
    const double f = speed_at(flow, low), g = speed_at(flow, high);
    if (f == 0) {
        point_append(plane, points, low);
        return;
    }
    if (f * g < 0) {
        point_append(plane, points, bisected(speed_at, flow, low, high));
        return;
    }
    if (!(slope_at(flow, low) * slope_at(flow, high) < 0))
        return;
    const double x = bisected(slope_at, flow, low, high);
    if (g != 0 && fabs(speed_at(flow, x)) <= small)
        point_append(plane, points, x);
}

static json_t *points_json(const struct plane *plane)
{
    const double small = TOUCHES * height_of(plane, 1);
    json_t *points = json_array();
    for (int k = 0; k < CELLS; k++)
        cell_search(plane, k, small, points);
    return points;
}

/* ---- the rest ---- */

static json_t *field_json(const struct plane *plane)
{
    json_t *x = json_array(), *y = json_array(), *dx = json_array(), *dy = json_array(),
           *speed = json_array();
    const double cell = (plane->window[1] - plane->window[0]) / ARROWS;
    double decades[2] = {INFINITY, -INFINITY};
    for (int k = 0; k < ARROWS; k++) {
        const double at = plane->window[0] + (k + 0.5) * cell;
        const double f = speed_at(plane->given->flow, at);
        if (!(fabs(f) > 0) || !isfinite(f))
            continue;
        json_array_append_new(x, json_real(at));
        json_array_append_new(y, json_real(0));
        json_array_append_new(dx, json_real(copysign(ARROW * cell, f)));
        json_array_append_new(dy, json_real(0));
        json_array_append_new(speed, json_real(fabs(f)));
        decades[0] = fmin(decades[0], floor(log10(fabs(f))));
        decades[1] = fmax(decades[1], ceil(log10(fabs(f))));
    }
    return json_pack("{si si so so so so so so}", "w", ARROWS, "h", 1, "x", x, "y", y, "dx", dx,
                     "dy", dy, "speed", speed, "decades", json_vector(2, decades));
}

static json_t *graph_json(const struct plane *plane)
{
    json_t *line = json_array();
    for (int k = 0; k <= CELLS; k += 2) {
        const double x = node(plane, k), f = speed_at(plane->given->flow, x);
        if (!isfinite(f))
            continue;
        json_array_append_new(line, json_real(x));
        json_array_append_new(line, json_real(f));
    }
    return json_pack(
        "{so s[o]}", "name",
        json_sprintf("%s' over %s", plane->given->flow->names[0], plane->given->flow->names[0]),
        "lines", line);
}

json_t *explore_line_portrait(const struct plane *plane)
{
    json_t *axis = json_pack("[f, f, f, f]", plane->window[0], 0.0, plane->window[1], 0.0);
    json_t *object =
        json_pack("{so s[{so si s[o]}] s[] so so so s[] s[] s[]}", "field", field_json(plane),
                  "nullclines", "name", json_sprintf("%s' = 0", plane->given->flow->names[0]),
                  "component", 0, "lines", axis, "curves", "points", points_json(plane), "leaves",
                  json_null(), "critical", graph_json(plane), "cycles", "manifolds", "switches");
    return object;
}
