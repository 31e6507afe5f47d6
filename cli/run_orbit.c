/* The path of one trajectory in a plane of two unknowns.
 *
 * A trajectory that cycles is shown in the plane in which its loop encloses most, unless --plane names
 * another; others only where a plane is named.  The area is that of one period, by the shoelace formula:
 * over several periods that of each would be added up, which gives the same plane. */
#include "cli/run_course.h"

#include "base/table.h"
#include "cli/drawing.h"
#include "plots/path.h"

#include <math.h>
#include <stdio.h>

enum { TEXT_LENGTH = 256, HEADS = 3, PERIODIC_MOST = 32 };

static const double SAME = 1e-6; /* areas that differ by less, in parts of them, are the same */
static const double HEAD =
    1e-3; /* length of the shaft under an arrowhead, in parts of the window */

static const char TABLE[] = "trajectory.tsv", HEADS_TABLE[] = "orbit-heads.tsv";

/* The area that the path encloses in the plane of unknowns i and j. */
static double area_of(const struct orbit *orbit, size_t i, size_t j)
{
    double twice = 0;
    for (size_t k = 1; k < orbit->count; k++) {
        const double *from = orbit->x + (k - 1) * orbit->dim, *to = orbit->x + k * orbit->dim;
        const double x0 = from[i] - orbit->x[i], y0 = from[j] - orbit->x[j],
                     x1 = to[i] - orbit->x[i], y1 = to[j] - orbit->x[j];
        twice += x0 * y1 - x1 * y0;
    }
    return fabs(twice) / 2;
}

/* Of planes with the same area the last one: of a forward and a backward weight, where a difference of
 * two weights is conserved. */
static void axis_choose(const struct run_course *course, size_t axis[2])
{
    double most = 0;
    const size_t dim = course->given->flow->dim;
    axis[0] = course->axis[0];
    axis[1] = course->axis[1];
    if (axis[0] != axis[1])
        return;
    for (size_t i = 0; i < dim && dim <= PERIODIC_MOST; i++)
        for (size_t j = i + 1; j < dim; j++) {
            const double area = area_of(course->orbit, i, j);
            if (!(area > most * (1 - SAME)))
                continue;
            most = fmax(most, area);
            axis[0] = i;
            axis[1] = j;
        }
}

static void range_fill(const struct orbit *orbit, struct path_figure *figure, const size_t axis[2])
{
    for (size_t l = 0; l < 2; l++) {
        figure->low[l] = INFINITY;
        figure->high[l] = -INFINITY;
        for (size_t k = 0; k < orbit->count; k++) {
            figure->low[l] = fmin(figure->low[l], orbit->x[k * orbit->dim + axis[l]]);
            figure->high[l] = fmax(figure->high[l], orbit->x[k * orbit->dim + axis[l]]);
        }
    }
}

/* --- arrowheads: equally far from each other along the path -------------------------------------- */

/* The path in units of the window, where a head is to have the direction that is seen. */
static double seen_length(const struct orbit *orbit, const struct path_figure *figure,
                          const size_t axis[2], size_t k)
{
    double square = 0;
    for (size_t l = 0; l < 2; l++) {
        const double width = figure->high[l] - figure->low[l];
        const double dx =
            orbit->x[k * orbit->dim + axis[l]] - orbit->x[(k - 1) * orbit->dim + axis[l]];
        square += width > 0 ? dx / width * dx / width : 0;
    }
    return sqrt(square);
}

/* The last state to be counted: a period, or all. */
static size_t last_of(const struct run_course *course)
{
    const struct orbit *orbit = course->orbit;
    const double end = course->outcome->period > 0 ? course->outcome->period : INFINITY;
    size_t last = 1;
    while (last + 1 < orbit->count && orbit->t[last] < end)
        last++;
    return last;
}

static void head_write(struct table *table, const struct orbit *orbit, const size_t axis[2],
                       size_t k, double share)
{
    const double *from = orbit->x + (k - 1) * orbit->dim, *to = orbit->x + k * orbit->dim;
    for (size_t l = 0; l < 2; l++)
        table_number(table, to[axis[l]] - share * (to[axis[l]] - from[axis[l]]));
    for (size_t l = 0; l < 2; l++)
        table_number(table, share * (to[axis[l]] - from[axis[l]]));
    table_end_row(table);
}

static enum status heads_save(const struct run_course *course, const struct path_figure *figure,
                              const size_t axis[2])
{
    struct table *table = NULL;
    double whole = 0, passed = 0;
    size_t heads = 0;
    const size_t last = last_of(course);
    for (size_t k = 1; k <= last; k++)
        whole += seen_length(course->orbit, figure, axis, k);
    TRY(table_open(figure->directory, HEADS_TABLE, "x y dx dy", &table));
    for (size_t k = 1; k <= last; k++) {
        const double length = seen_length(course->orbit, figure, axis, k);
        passed += length;
        if (length > 0 && passed * HEADS >= (double)(heads + 1) * whole - whole / 2) {
            head_write(table, course->orbit, axis, k, fmin(1, HEAD / length));
            heads++;
        }
    }
    return table_close(table);
}

/* --- figure ---------------------------------------------------------------------------------- */

static void mark_add(struct path_figure *figure, const double *x, const size_t axis[2],
                     enum legend_mark mark, const char *label)
{
    figure->mark[figure->marks++] =
        (struct path_mark){.at = {x[axis[0]], x[axis[1]]}, .mark = mark, .label = label};
}

static void marks_fill(const struct run_course *course, struct path_figure *figure,
                       const size_t axis[2])
{
    static const enum legend_mark marks[ENDING_COUNT] = {[ENDING_SETTLED] = LEGEND_FULL,
                                                         [ENDING_SADDLE] = LEGEND_LOWER,
                                                         [ENDING_CREEPING] = LEGEND_LEFT};
    static const char *const labels[ENDING_COUNT] = {[ENDING_SETTLED] = "limit, stable",
                                                     [ENDING_SADDLE] = "limit, a saddle",
                                                     [ENDING_CREEPING] = "limit, degenerate"};
    const struct outcome *outcome = course->outcome;
    if (outcome->has_limit && labels[outcome->ending])
        mark_add(figure, outcome->limit, axis, marks[outcome->ending], labels[outcome->ending]);
    mark_add(figure, course->given->x0, axis, LEGEND_SQUARE, "start");
}

static enum status figure_save(const struct run_course *course, const char *directory)
{
    char label[TEXT_LENGTH];
    size_t axis[2];
    const struct flow *flow = course->given->flow;
    axis_choose(course, axis);
    const bool projected = flow->dim > 2;
    if (isfinite(course->outcome->period))
        snprintf(label, sizeof label, "%s, period %.9g", projected ? "projected orbit" : "orbit",
                 course->outcome->period);
    else
        snprintf(label, sizeof label, "%s", projected ? "projected trajectory" : "trajectory");
    struct path_figure figure = {.directory = directory,
                                 .name = "orbit",
                                 .title = course->title,
                                 .caption = {course->parameters, course->numerics, NULL},
                                 .axis = {flow->names[axis[0]], flow->names[axis[1]]},
                                 .heads = true,
                                 .count = 1,
                                 .series = {{.kind = PATH_LINE,
                                             .table = TABLE,
                                             .label = label,
                                             .column = {axis[0] + 2, axis[1] + 2}}}};
    range_fill(course->orbit, &figure, axis);
    marks_fill(course, &figure, axis);
    TRY(heads_save(course, &figure, axis));
    return path_draw(&figure);
}

enum status run_orbit_save(const struct run_course *course, struct manifest *manifest)
{
    const bool named = course->axis[0] != course->axis[1];
    if (course->orbit->count < 2 || course->given->flow->dim < 2 ||
        (course->outcome->ending != ENDING_CYCLING && !named))
        return OK;
    const enum status drawn = figure_save(course, manifest_directory(manifest));
    manifest_output(manifest, HEADS_TABLE);
    return drawing_finish(manifest, "orbit", drawn);
}
