/* Isolated fixed points of a portrait of two unknowns.
 *
 * Newton's method from every cell at whose corners both components of the field take both signs,
 * on a grid that reaches a cell beyond the window, since fixed points lie on its border as often as
 * not: the axes of a model of populations.  What the point is, is told by ode/planar.h.  A double
 * zero that does not change the sign, and several points in one cell, may be missed, and what is
 * printed says so. */
#include "cli/plane_work.h"

#include "ode/planar.h"

#include <math.h>

enum { NEWTON_STEPS = 60 /* enough where convergence is only linear, one bit a step */ };

static const double NEWTON_DONE = 1e-13; /* of the window: last step */
static const double ON_BORDER = 1e-9;    /* of the window: a zero of the border, rounded */
static const double SINGULAR = 1e-7;     /* |det J| relative to |J|^2: on a curve of fixed points */
static const double ON_SURFACE = 1e-9; /* of 1 + |x|: where Newton's method ends beside a switch */

static bool is_in_window(const struct plane *plane, const double at[2])
{
    const double room[2] = {ON_BORDER * plane_width(plane), ON_BORDER * plane_height(plane)};
    const double *w = plane->window;
    return at[0] >= w[0] - room[0] && at[0] <= w[1] + room[0] && at[1] >= w[2] - room[1] &&
           at[1] <= w[3] + room[1];
}

/* The field and its Jacobian at a point; axis order of the plane. */
static bool linearised(const struct plane *plane, const double at[2], double f[2], double J[4])
{
    const struct flow *flow = plane->given->flow;
    double *state = plane_row(plane, PLANE_ROW_CALLER), full[4];
    plane_state(plane, at[0], at[1], state);
    if (!plane_field(plane, at[0], at[1], f) || flow->jacobian(flow, state, full) != OK)
        return false;
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 2; j++)
            J[2 * i + j] = full[2 * plane->axis[i] + plane->axis[j]];
    return true;
}

static double determinant(const double J[4])
{
    return J[0] * J[3] - J[1] * J[2];
}

/* Newton's method on f = 0; false if it leads to no regular point of the window.  `away`: the step
 * after the last one, as long as the point is off. */
static bool point_find(const struct plane *plane, double at[2], double *away)
{
    double f[2], J[4];
    bool arrived = false;
    for (int k = 0; k < NEWTON_STEPS; k++) {
        if (!linearised(plane, at, f, J))
            return false;
        double det = determinant(J);
        double size = J[0] * J[0] + J[1] * J[1] + J[2] * J[2] + J[3] * J[3];
        if (!(fabs(det) > SINGULAR * size))
            return false;
        double dx = (f[1] * J[1] - f[0] * J[3]) / det, dy = (f[0] * J[2] - f[1] * J[0]) / det;
        *away = hypot(dx, dy);
        if (arrived)
            return is_in_window(plane, at);
        at[0] += dx;
        at[1] += dy;
        arrived = fabs(dx) <= NEWTON_DONE * plane_width(plane) &&
                  fabs(dy) <= NEWTON_DONE * plane_height(plane);
    }
    return false;
}

/* A coordinate that is rounding of zero becomes zero, one beyond the border that of the border;
 * `away` pays for it. */
static void point_clean(const struct plane *plane, double at[2], double *away)
{
    const double least[2] = {NEWTON_DONE * plane_width(plane), NEWTON_DONE * plane_height(plane)};
    for (size_t k = 0; k < 2; k++) {
        const double *side = plane->window + 2 * k, near = fabs(at[k]) <= least[k] ? 0 : at[k];
        const double clean = fmin(fmax(near, side[0]), side[1]);
        *away += fabs(clean - at[k]);
        at[k] = clean;
    }
}

static enum portrait_mark mark_of(const struct plane *plane, const double at[2], double away)
{
    static const enum portrait_mark marks[] = {[PLANAR_ATTRACTS] = PORTRAIT_ATTRACTOR,
                                               [PLANAR_REPELS] = PORTRAIT_REPELLER,
                                               [PLANAR_SADDLE] = PORTRAIT_SADDLE,
                                               [PLANAR_CENTRE] = PORTRAIT_CENTRE,
                                               [PLANAR_UNDECIDED] = PORTRAIT_DEGENERATE};
    double *state = plane_row(plane, PLANE_ROW_CALLER);
    enum planar_kind kind;
    plane_state(plane, at[0], at[1], state);
    return planar_kind(plane->given->flow, state, away, &kind) == OK ? marks[kind]
                                                                     : PORTRAIT_DEGENERATE;
}

/* Do both components take both signs, or zero, at the corners of a cell? */
static bool may_hold_zero(const struct plane *plane, const double low[2], const double size[2])
{
    double least[2] = {INFINITY, INFINITY}, most[2] = {-INFINITY, -INFINITY}, f[2];
    for (int corner = 0; corner < 4; corner++) {
        if (!plane_field(plane, low[0] + (corner & 1 ? size[0] : 0),
                         low[1] + (corner & 2 ? size[1] : 0), f))
            return false;
        for (size_t k = 0; k < 2; k++) {
            least[k] = fmin(least[k], f[k]);
            most[k] = fmax(most[k], f[k]);
        }
    }
    return least[0] <= 0 && most[0] >= 0 && least[1] <= 0 && most[1] >= 0;
}

/* A zero of one side on a plane where equations of one's own turn: the Jacobian of that side does
 * not tell what attracts. */
static bool is_on_surface(const struct plane *plane, const double at[2])
{
    const struct flow *flow = plane->given->flow;
    double g[EQUATIONS_SURFACES_MOST], size = 1;
    double *state = plane_row(plane, PLANE_ROW_CALLER);
    if (!plane->given->equations || flow->switches == 0)
        return false;
    plane_state(plane, at[0], at[1], state);
    for (size_t i = 0; i < flow->dim; i++)
        size = fmax(size, fabs(state[i]));
    flow->switching(flow, state, g);
    for (size_t k = 0; k < flow->switches; k++)
        if (fabs(g[k]) <= ON_SURFACE * size)
            return true;
    return false;
}

/* From the middle of a cell and of its quarters: from one of them alone the method may lead away. */
static void cell_search(const struct plane_work *work, const double low[2], const double size[2])
{
    static const double START[][2] = {{.5, .5}, {.25, .25}, {.75, .25}, {.25, .75}, {.75, .75}};
    const struct plane *plane = work->plane;
    if (!may_hold_zero(plane, low, size))
        return;
    for (size_t k = 0; k < sizeof START / sizeof *START; k++) {
        double at[2] = {low[0] + START[k][0] * size[0], low[1] + START[k][1] * size[1]}, away;
        if (!point_find(plane, at, &away) || is_on_surface(plane, at) ||
            plane_is_marked(work, at[0], at[1]))
            continue;
        point_clean(plane, at, &away);
        plane_mark(work->view, at[0], at[1], mark_of(plane, at, away));
    }
}

/* The cells of the window and one row more on each side: a zero on the border of the window is
 * inside a cell, too. */
void plane_isolated_mark(const struct plane_work *work)
{
    const struct plane *plane = work->plane;
    const double size[2] = {plane_width(plane) / PLANE_SEARCH_CELLS,
                            plane_height(plane) / PLANE_SEARCH_CELLS};
    for (int j = -1; j <= PLANE_SEARCH_CELLS; j++)
        for (int i = -1; i <= PLANE_SEARCH_CELLS; i++) {
            const double low[2] = {plane->window[0] + i * size[0], plane->window[2] + j * size[1]};
            cell_search(work, low, size);
        }
}
