/* The direction field of a portrait.
 *
 * Arrows have one length on paper, so that slow regions stay legible; the speed, whose colour they
 * take, is the modulus of the field in the plane. */
#include "cli/plane_work.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAME_MAX_HERE = 64 };

static const double ARROW = 0.72;          /* length of an arrow in units of its cell */
static const double DECADES_MOST = 4;      /* of the colour scale */
static const double SPEED_QUANTILE = 0.05; /* slower arrows share the darkest colour */

struct arrow {
    double x, y, dx, dy, speed;
};

/* An arrow of the length ARROW cells on paper, whatever the scales of the axes. */
static struct arrow arrow_at(const struct plane_work *work, size_t i, size_t j)
{
    const struct plane *plane = work->plane;
    double across = (double)work->plan->arrows_across, up = (double)work->plan->arrows_up;
    double aspect = portrait_aspect(plane->window), f[2] = {0, 0};
    struct arrow arrow = {.x = plane->window[0] + ((double)i + 0.5) / across * plane_width(plane),
                          .y = plane->window[2] + ((double)j + 0.5) / up * plane_height(plane)};
    if (!plane_field(plane, arrow.x, arrow.y, f))
        return arrow;
    arrow.speed = hypot(f[0], f[1]);
    /* on paper the plot is 1 wide and `aspect` high */
    double u = f[0] / plane_width(plane), v = f[1] / plane_height(plane) * aspect,
           length = hypot(u, v);
    double cell = fmin(1 / across, aspect / up) * ARROW;
    if (length > 0) {
        arrow.dx = u / length * cell * plane_width(plane);
        arrow.dy = v / length * cell / aspect * plane_height(plane);
    }
    return arrow;
}

/* Whole decades that hold all but the slowest arrows. */
static void speeds_bound(double *logarithm, size_t count, double speed[2])
{
    speed[0] = -1;
    speed[1] = 1;
    if (count == 0)
        return;
    qsort(logarithm, count, sizeof *logarithm, plane_by_value);
    speed[1] = ceil(logarithm[count - 1]);
    speed[0] = floor(logarithm[(size_t)(SPEED_QUANTILE * (double)count)]);
    speed[0] = fmax(speed[0], speed[1] - DECADES_MOST);
    speed[0] = fmin(speed[0], speed[1] - 1);
}

static void arrows_write(const struct plane_work *work, struct plane_sheet *sheet,
                         double *logarithm)
{
    size_t count = 0;
    for (size_t j = 0; j < work->plan->arrows_up; j++)
        for (size_t i = 0; i < work->plan->arrows_across; i++) {
            struct arrow arrow = arrow_at(work, i, j);
            if (!(arrow.speed > 0))
                continue;
            logarithm[count] = log10(arrow.speed);
            const double row[] = {arrow.x, arrow.y, arrow.dx, arrow.dy, logarithm[count]};
            plane_sheet_row(sheet, sizeof row / sizeof *row, row);
            count++;
        }
    speeds_bound(logarithm, count, work->view->figure.speed);
}

enum status plane_field_sheet(const struct plane_work *work)
{
    size_t most = work->plan->arrows_across * work->plan->arrows_up;
    double *logarithm = calloc(most, sizeof *logarithm);
    if (!logarithm)
        return status_fail(NO_MEMORY, "no memory for %zu arrows", most);
    struct plane_sheet *sheet;
    char name[NAME_MAX_HERE];
    snprintf(name, sizeof name, "%s-field.tsv", work->view->figure.name);
    enum status status =
        plane_sheet_open(&work->view->sheets, name, "x y dx dy log10_speed", &sheet);
    if (status == OK) {
        arrows_write(work, sheet, logarithm);
        status = plane_sheet_check(sheet);
    }
    free(logarithm);
    return status;
}
