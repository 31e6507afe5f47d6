/* Isolated fixed points of a portrait of two unknowns.
 *
 * Newton's method from every cell in which both components of the field may vanish by their values,
 * on a grid that reaches a cell beyond the window, since fixed points lie on its border as often as
 * not: the axes of a model of populations.  What the point is, is told by ode/planar.h.
 * Zeros at which the Jacobian is singular are marked where there are few of them and no curve of fixed
 * points.  Multiple zeros, and several points in one cell, may be missed, and what is printed says
 * so. */
#include "cli/plane_work.h"

#include "ode/planar.h"

#include <math.h>

enum {
    NEWTON_STEPS = 100, /* enough where convergence is only linear: a triple zero to 1e-17 */
    MULTIPLE_MOST = 4   /* zeros with a singular Jacobian; more are a curve */
};

static const double NEWTON_DONE = 1e-13; /* of the window: last step */
static const double ON_BORDER = 1e-9;    /* of the window: a zero of the border, rounded */
static const double SINGULAR = 1e-7;     /* |det J| relative to |J|^2: on a curve of fixed points */
static const double LINEAR = 4; /* distance over last step, at a zero of multiplicity four */
static const double SAME_MULTIPLE = 1e-6; /* of the window */
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

enum find { FIND_NOTHING, FIND_REGULAR, FIND_MULTIPLE };

/* Newton's method on f = 0, to a point of the window.  `away`: the step after the last one, as far
 * as the point is off; at a multiple zero, where convergence is linear, some steps. */
static enum find point_find(const struct plane *plane, double at[2], double *away)
{
    double f[2], J[4], last = 0;
    bool arrived = false, singular = false;
    *away = 0;
    for (int k = 0; k < NEWTON_STEPS; k++) {
        if (!linearised(plane, at, f, J))
            return FIND_NOTHING;
        const double det = determinant(J);
        const double size = J[0] * J[0] + J[1] * J[1] + J[2] * J[2] + J[3] * J[3];
        const bool at_rest = f[0] == 0 && f[1] == 0;
        singular = !(fabs(det) > SINGULAR * size);
        double dx = (f[1] * J[1] - f[0] * J[3]) / det, dy = (f[0] * J[2] - f[1] * J[0]) / det;
        if (at_rest || !isfinite(dx) || !isfinite(dy))
            dx = dy = 0;
        *away = singular ? LINEAR * fmax(hypot(dx, dy), last) : hypot(dx, dy);
        if (arrived || at_rest)
            break;
        if (dx == 0 && dy == 0)
            return FIND_NOTHING;
        at[0] += dx;
        at[1] += dy;
        last = hypot(dx, dy);
        arrived = fabs(dx) <= NEWTON_DONE * plane_width(plane) &&
                  fabs(dy) <= NEWTON_DONE * plane_height(plane);
        if (k + 1 == NEWTON_STEPS)
            return FIND_NOTHING;
    }
    if (!is_in_window(plane, at))
        return FIND_NOTHING;
    return singular ? FIND_MULTIPLE : FIND_REGULAR;
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

/* May both components vanish in a cell: do they take both signs at its corners and its middle, or
 * change there by more than the least of them, as beside a double zero? */
static bool may_hold_zero(const struct plane *plane, const double low[2], const double size[2])
{
    static const double PLACE[][2] = {{0, 0}, {1, 0}, {0, 1}, {1, 1}, {.5, .5}};
    double least[2] = {INFINITY, INFINITY}, most[2] = {-INFINITY, -INFINITY}, f[2];
    for (size_t i = 0; i < sizeof PLACE / sizeof *PLACE; i++) {
        if (!plane_field(plane, low[0] + PLACE[i][0] * size[0], low[1] + PLACE[i][1] * size[1], f))
            return false;
        for (size_t k = 0; k < 2; k++) {
            least[k] = fmin(least[k], f[k]);
            most[k] = fmax(most[k], f[k]);
        }
    }
    for (size_t k = 0; k < 2; k++)
        if (fmax(least[k], -most[k]) > most[k] - least[k])
            return false;
    return true;
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

/* Multiple zeros; where there are more, they are a curve. */
struct multiples {
    size_t count;
    double at[MULTIPLE_MOST][2], away[MULTIPLE_MOST];
};

static void multiple_keep(const struct plane *plane, const double at[2], double away,
                          struct multiples *multiples)
{
    const double near = SAME_MULTIPLE * hypot(plane_width(plane), plane_height(plane));
    for (size_t k = 0; k < multiples->count && k < MULTIPLE_MOST; k++)
        if (hypot(multiples->at[k][0] - at[0], multiples->at[k][1] - at[1]) <= near)
            return;
    if (multiples->count < MULTIPLE_MOST) {
        multiples->at[multiples->count][0] = at[0];
        multiples->at[multiples->count][1] = at[1];
        multiples->away[multiples->count] = away;
    }
    multiples->count++;
}

static void point_mark(const struct plane_work *work, double at[2], double away)
{
    if (plane_is_marked(work, at[0], at[1]))
        return;
    point_clean(work->plane, at, &away);
    plane_mark(work->view, at[0], at[1], mark_of(work->plane, at, away));
}

/* From the middle of a cell and of its quarters: from one of them alone the method may lead away. */
static void cell_search(const struct plane_work *work, const double low[2], const double size[2],
                        struct multiples *multiples)
{
    static const double START[][2] = {{.5, .5}, {.25, .25}, {.75, .25}, {.25, .75}, {.75, .75}};
    const struct plane *plane = work->plane;
    if (!may_hold_zero(plane, low, size))
        return;
    for (size_t k = 0; k < sizeof START / sizeof *START; k++) {
        double at[2] = {low[0] + START[k][0] * size[0], low[1] + START[k][1] * size[1]}, away;
        const enum find find = point_find(plane, at, &away);
        if (find == FIND_NOTHING || is_on_surface(plane, at))
            continue;
        if (find == FIND_REGULAR)
            point_mark(work, at, away);
        else
            multiple_keep(plane, at, away, multiples);
    }
}

/* Beside curves of fixed points every zero is singular. */
static void multiples_mark(const struct plane_work *work, struct multiples *multiples)
{
    const struct portrait_figure *figure = &work->view->figure;
    if (figure->attracting || figure->repelling || figure->neutral ||
        multiples->count > MULTIPLE_MOST)
        return;
    for (size_t k = 0; k < multiples->count; k++)
        point_mark(work, multiples->at[k], multiples->away[k]);
}

/* The cells of the window and one row more on each side: a zero on the border of the window is
 * inside a cell, too. */
void plane_isolated_mark(const struct plane_work *work)
{
    const struct plane *plane = work->plane;
    const double size[2] = {plane_width(plane) / PLANE_SEARCH_CELLS,
                            plane_height(plane) / PLANE_SEARCH_CELLS};
    struct multiples multiples = {.count = 0};
    for (int j = -1; j <= PLANE_SEARCH_CELLS; j++)
        for (int i = -1; i <= PLANE_SEARCH_CELLS; i++) {
            const double low[2] = {plane->window[0] + i * size[0], plane->window[2] + j * size[1]};
            cell_search(work, low, size, &multiples);
        }
    multiples_mark(work, &multiples);
}
