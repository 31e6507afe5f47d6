/* Curves of a portrait: the zeros of a function on the plane, traced and kept.
 *
 * The tracing is that of plots/contour.h; what is traced is any function of the whole state. */
#include "cli/plane_work.h"

#include <math.h>
#include <string.h>

double plane_level_at(const struct plane_level *level, double x, double y)
{
    double *state = plane_row(level->plane, PLANE_ROW_LEVEL);
    plane_state(level->plane, x, y, state);
    if (plane_is_late(level->plane))
        return NAN;
    return level->of(level, state);
}

static double level_value(const void *context, double x, double y)
{
    return plane_level_at(context, x, y);
}

enum status plane_level_trace(const struct plane_level *level, struct contour **contour)
{
    struct contour_plan plan = {.width = level->plane->cells,
                                .height = level->plane->cells,
                                .value = level_value,
                                .context = level};
    memcpy(plan.window, level->plane->window, sizeof plan.window);
    return contour_trace(&plan, contour);
}

void plane_point_write(struct plane_sheet *sheet, double x, double y)
{
    const double row[] = {x, y};
    plane_sheet_row(sheet, sizeof row / sizeof *row, row);
}

enum status plane_level_write(const struct plane_level *level, struct plane_sheet *sheet, bool *any)
{
    struct contour *contour;
    TRY(plane_level_trace(level, &contour));
    for (size_t k = 0; k < contour->curves; k++) {
        for (size_t i = contour->start[k]; i < contour->start[k + 1]; i++)
            plane_point_write(sheet, contour->x[i], contour->y[i]);
        plane_sheet_blank(sheet);
    }
    *any = contour->curves > 0;
    contour_free(contour);
    return OK;
}

enum status plane_level_sheet(const struct plane_work *work, const char *name,
                              const struct plane_level *level, bool *any)
{
    struct plane_sheet *sheet;
    TRY(plane_sheet_open(&work->view->sheets, name, "x y", &sheet));
    TRY(plane_level_write(level, sheet, any));
    return plane_sheet_check(sheet);
}
