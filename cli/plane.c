/* A plane of two unknowns: which one, and the field in it.
 *
 * The default window is a square about the origin, three times as wide as the scale rho^(1/L) of
 * the balanced minimum, where all weights are equal: it shows both branches of the fixed points. */
#include "cli/plane.h"

#include "cli/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double WINDOW_SCALES = 3; /* half width of the default window, in units of rho^(1/L) */

static void window_standard(struct plane *plane)
{
    const struct problem_given *given = plane->given;
    double rho = given->problem.beta != 0 ? given->problem.alpha / given->problem.beta : 0;
    double half = WINDOW_SCALES * fmax(1, pow(fabs(rho), 1 / (double)given->dim));
    for (size_t k = 0; k < 2; k++) /* the start has to be seen */
        half = fmax(half, ceil(fabs(given->x0[plane->axis[k]])));
    for (size_t k = 0; k < WINDOW_SIDES; k++)
        plane->window[k] = k % 2 ? half : -half;
}

enum status plane_from_options(const struct options *options, const struct problem_given *given,
                               struct plane *plane)
{
    if (given->dim < 2)
        return status_fail(BAD_ARGUMENT, "%s has one unknown (%s); a portrait needs two",
                           given->problem.system->name, given->flow->names[0]);
    *plane = (struct plane){.given = given, .axis = {0, 1}, .cells = PLANE_CELLS};
    TRY(view_unknowns(options, given->flow, 2, plane->axis));
    window_standard(plane);
    if (options_given(options, OPTION_window) && options->window_sides != WINDOW_SIDES)
        return status_fail(BAD_ARGUMENT, "--window has %zu numbers; a plane has four",
                           options->window_sides);
    if (options_given(options, OPTION_window))
        memcpy(plane->window, options->window, sizeof plane->window);
    if (!isfinite(plane->window[1] - plane->window[0]))
        return status_fail(BAD_ARGUMENT,
                           "the start, or the scale of the weights, is too large to be "
                           "seen in a window; give --window");
    plane->work = calloc(PLANE_ROWS * given->dim, sizeof *plane->work);
    return plane->work ? OK : status_fail(NO_MEMORY, "a plane of %zu unknowns", given->dim);
}

void plane_free(struct plane *plane)
{
    free(plane->work);
    plane->work = NULL;
}

double *plane_row(const struct plane *plane, enum plane_row row)
{
    return plane->work + (size_t)row * plane->given->dim;
}

void plane_state(const struct plane *plane, double x, double y, double *state)
{
    memcpy(state, plane->given->x0, plane->given->dim * sizeof *state);
    state[plane->axis[0]] = x;
    state[plane->axis[1]] = y;
}

bool plane_is_late(const struct plane *plane)
{
    return plane->stop && plane->stop(plane->context, 0);
}

bool plane_field(const struct plane *plane, double x, double y, double f[2])
{
    double *state = plane_row(plane, PLANE_ROW_FIELD_AT), *dx = plane_row(plane, PLANE_ROW_FIELD);
    const struct flow *flow = plane->given->flow;
    plane_state(plane, x, y, state);
    if (plane_is_late(plane))
        return false;
    if (flow->field(flow, 1, state, dx) != OK)
        return false;
    f[0] = dx[plane->axis[0]];
    f[1] = dx[plane->axis[1]];
    return isfinite(f[0]) && isfinite(f[1]);
}
