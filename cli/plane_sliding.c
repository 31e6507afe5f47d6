/* Where solutions slide, and where they part: the surfaces of a flow's switches in its plane.
 *
 * On a piece of a surface where the fields of both sides push onto it, solutions stay there
 * (notes/endings.md, (E20)); where both push away, two of them leave every point.  Each vertex of
 * the surface's contour is judged by the same code that integrators ask.  Only planes that are the
 * whole space: elsewhere what is seen is a slice. */
#include "cli/plane_work.h"

#include "ode/switch.h"

#include <stdlib.h>
#include <string.h>

struct sliding {
    const struct plane_work *work;
    int *at_zero; /* [switches] */
    double *switching;
    struct plane_sheet *slides, *parts;
};

static double surface_of(const struct plane_level *level, const double *state)
{
    const struct flow *flow = level->plane->given->flow;
    double *g = level->scratch;
    flow->switching(flow, state, g);
    return g[level->claim];
}

/* What the field does at a state on surface k; the sides are left to the signs again. */
static enum status fate_at(const struct sliding *sliding, size_t k, const double *state,
                           struct switch_fate *fate)
{
    const struct flow *flow = sliding->work->plane->given->flow;
    flow->switching(flow, state, sliding->switching);
    for (size_t j = 0; j < flow->switches; j++) {
        sliding->at_zero[j] = j == k;
        flow->side[j] = sliding->switching[j] < 0 ? -1 : 1;
    }
    const enum status status = switch_cross(flow, state, sliding->at_zero, fate);
    memset(flow->side, 0, flow->switches * sizeof *flow->side);
    return status;
}

/* One curve of the surface, broken where the verdict changes. */
static enum status curve_write(const struct sliding *sliding, size_t k,
                               const struct contour *contour, size_t curve)
{
    const struct plane *plane = sliding->work->plane;
    struct portrait_figure *figure = &sliding->work->view->figure;
    double *state = plane_row(plane, PLANE_ROW_CALLER);
    for (size_t i = contour->start[curve]; i < contour->start[curve + 1]; i++) {
        struct switch_fate fate;
        plane_state(plane, contour->x[i], contour->y[i], state);
        TRY(fate_at(sliding, k, state, &fate));
        const bool slides = fate.verdict == SWITCH_SLIDES, parts = fate.verdict == SWITCH_PARTS;
        figure->slides |= slides;
        figure->parts |= parts;
        if (slides)
            plane_point_write(sliding->slides, contour->x[i], contour->y[i]);
        else
            plane_sheet_blank(sliding->slides);
        if (parts)
            plane_point_write(sliding->parts, contour->x[i], contour->y[i]);
        else
            plane_sheet_blank(sliding->parts);
    }
    plane_sheet_blank(sliding->slides);
    plane_sheet_blank(sliding->parts);
    return OK;
}

static enum status surfaces_write(const struct sliding *sliding)
{
    struct plane_level level = {
        .plane = sliding->work->plane, .of = surface_of, .scratch = sliding->switching};
    for (level.claim = 0; level.claim < level.plane->given->flow->switches; level.claim++) {
        struct contour *contour;
        TRY(plane_level_trace(&level, &contour));
        enum status status = OK;
        for (size_t curve = 0; curve < contour->curves && status == OK; curve++)
            status = curve_write(sliding, level.claim, contour, curve);
        contour_free(contour);
        TRY(status);
    }
    return OK;
}

static enum status sheets_write(struct sliding *sliding)
{
    struct plane_sheets *sheets = &sliding->work->view->sheets;
    TRY(plane_sheet_open(sheets, "portrait-slides.tsv", "x y", &sliding->slides));
    TRY(plane_sheet_open(sheets, "portrait-parts.tsv", "x y", &sliding->parts));
    TRY(surfaces_write(sliding));
    TRY(plane_sheet_check(sliding->slides));
    return plane_sheet_check(sliding->parts);
}

enum status plane_sliding_sheet(const struct plane_work *work)
{
    const struct flow *flow = work->plane->given->flow;
    if (flow->switches == 0 || flow->dim != 2)
        return OK;
    struct sliding sliding = {.work = work};
    sliding.switching = calloc(flow->switches, sizeof(double) + sizeof(int));
    if (!sliding.switching)
        return status_fail(NO_MEMORY, "the switches of a portrait");
    sliding.at_zero = (int *)(void *)(sliding.switching + flow->switches);
    const enum status status = sheets_write(&sliding);
    free(sliding.switching);
    return status;
}
