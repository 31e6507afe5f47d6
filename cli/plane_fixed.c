/* Fixed points of a portrait.
 *
 * A flow with one scalar error e and no decay has a curve of them, e = 0; its transverse eigenvalue
 * is -beta S (notes/chains.md, (H2)), so the curve attracts where beta S > 0, repels where < 0, and
 * where S = 0 crosses it a semistable point is found by Newton's method on (e, S).  Other fixed
 * points of flows with two unknowns are isolated: plane_isolated.c.  With decay there is no such
 * curve, and the nullclines are drawn. */
#include "cli/plane_work.h"

#include "linear/chain.h"

#include <math.h>

enum {
    STRETCH =
        3, /* points of a nullcline that vanish one after the other: a curve of fixed points */
    NEWTON_STEPS = 60, /* enough where convergence is only linear, one bit a step */
};

/* Of the window, a cell of the contour: no refinement beyond */
static const double NEAR_ROOT = 0.003;
static const double NEWTON_DONE = 1e-13; /* of the window: last step */
static const double DIFFERENCE = 1e-6;   /* of the window: central differences, error 1e-12 */
/* e at a semistable point, relative to 1 + |alpha|: loose, since a triple root is found to a
 * cell */
static const double SOLVED = 1e-2;
static const double NEARBY = 0.01;   /* of the window: where the field has an ordinary size */
static const double VANISHES = 1e-6; /* of that size: 0, on a curve that was found by bisection */
static const double JUMPS = 1e-3;    /* of that size: no zero */

static double error_of(const struct plane_level *level, const double *state)
{
    return chain_error(level->plane->given->flow, state);
}

/* S with the sign of beta: the eigenvalue -beta S is negative where this is positive. */
static double sensitivity_of(const struct plane_level *level, const double *state)
{
    const double S = chain_sensitivity(level->plane->given->flow, state);
    return level->plane->given->problem.beta < 0 ? -S : S;
}

static double velocity_of(const struct plane_level *level, const double *state)
{
    double f[2] = {NAN, NAN};
    const struct plane *plane = level->plane;
    if (!plane_field(plane, state[plane->axis[0]], state[plane->axis[1]], f))
        return NAN;
    return f[level->component];
}

struct fixed_curve {
    const struct plane_work *work;
    struct plane_level error, sensitivity;
    struct plane_sheet *attracting, *repelling;
};

/* grad of a level by central differences. */
static void level_gradient(const struct plane_level *level, double x, double y, double g[2])
{
    double hx = DIFFERENCE * plane_width(level->plane),
           hy = DIFFERENCE * plane_height(level->plane);
    g[0] = (plane_level_at(level, x + hx, y) - plane_level_at(level, x - hx, y)) / (2 * hx);
    g[1] = (plane_level_at(level, x, y + hy) - plane_level_at(level, x, y - hy)) / (2 * hy);
}

/* Newton's method on e = S = 0 from a point nearby; false, and the point is kept, where it leads
 * elsewhere: in a window so large that differences do not see the bend. */
static bool semistable_refine(const struct fixed_curve *curve, double *x, double *y)
{
    const struct plane *plane = curve->work->plane;
    double at[2] = {*x, *y}, e[2], s[2];
    for (int k = 0; k < NEWTON_STEPS; k++) {
        double f = plane_level_at(&curve->error, at[0], at[1]);
        double g = plane_level_at(&curve->sensitivity, at[0], at[1]);
        level_gradient(&curve->error, at[0], at[1], e);
        level_gradient(&curve->sensitivity, at[0], at[1], s);
        double det = e[0] * s[1] - e[1] * s[0];
        double dx = (g * e[1] - f * s[1]) / det, dy = (f * s[0] - g * e[0]) / det;
        if (!isfinite(dx) || !isfinite(dy)) /* singular: e and S touch, and at[] is there */
            break;
        at[0] += dx;
        at[1] += dy;
        if (fabs(dx) <= NEWTON_DONE * plane_width(plane) &&
            fabs(dy) <= NEWTON_DONE * plane_height(plane))
            break;
    }
    if (fabs(at[0] - *x) <= NEAR_ROOT * plane_width(plane) &&
        fabs(at[1] - *y) <= NEAR_ROOT * plane_height(plane)) {
        *x = at[0];
        *y = at[1];
    }
    return fabs(plane_level_at(&curve->error, *x, *y)) <=
           SOLVED * (1 + fabs(curve->work->plane->given->problem.alpha));
}

/* Where S changes sign between two points of the curve: ends one piece, marks, begins the next. */
static void stability_switch(struct fixed_curve *curve, const struct contour *contour, size_t i,
                             double before, double after)
{
    double share = before / (before - after);
    double x = contour->x[i - 1] + share * (contour->x[i] - contour->x[i - 1]);
    double y = contour->y[i - 1] + share * (contour->y[i] - contour->y[i - 1]);
    const struct plane_work *work = curve->work;
    bool decided = work->plane->given->problem.alpha != 0; /* else the root may be triple */
    const bool found = semistable_refine(curve, &x, &y);
    plane_point_write(before >= 0 ? curve->attracting : curve->repelling, x, y);
    plane_sheet_blank(before >= 0 ? curve->attracting : curve->repelling);
    plane_point_write(after >= 0 ? curve->attracting : curve->repelling, x, y);
    if (found && !plane_is_marked(work, x, y))
        plane_mark(work->view, x, y, decided ? PORTRAIT_SEMISTABLE : PORTRAIT_DEGENERATE);
}

static void fixed_piece_write(struct fixed_curve *curve, const struct contour *contour, size_t k)
{
    double before = 0;
    struct portrait_figure *figure = &curve->work->view->figure;
    for (size_t i = contour->start[k]; i < contour->start[k + 1]; i++) {
        double S = plane_level_at(&curve->sensitivity, contour->x[i], contour->y[i]);
        if (i > contour->start[k] && (before >= 0) != (S >= 0))
            stability_switch(curve, contour, i, before, S);
        plane_point_write(S >= 0 ? curve->attracting : curve->repelling, contour->x[i],
                          contour->y[i]);
        figure->attracting |= S >= 0;
        figure->repelling |= S < 0;
        before = S;
    }
    plane_sheet_blank(before >= 0 ? curve->attracting : curve->repelling);
}

static enum status fixed_curve_write(struct fixed_curve *curve)
{
    struct contour *contour;
    TRY(plane_level_trace(&curve->error, &contour));
    for (size_t k = 0; k < contour->curves; k++)
        fixed_piece_write(curve, contour, k);
    contour_free(contour);
    return OK;
}

static enum status fixed_sheets_write(struct fixed_curve *curve)
{
    struct plane_sheets *sheets = &curve->work->view->sheets;
    TRY(plane_sheet_open(sheets, "portrait-attracting.tsv", "x y", &curve->attracting));
    TRY(plane_sheet_open(sheets, "portrait-repelling.tsv", "x y", &curve->repelling));
    TRY(fixed_curve_write(curve));
    TRY(plane_sets_write(curve->work, curve->attracting, curve->repelling));
    TRY(plane_sheet_check(curve->attracting));
    return plane_sheet_check(curve->repelling);
}

enum status plane_fixed_sheet(const struct plane_work *work)
{
    struct fixed_curve curve = {.work = work,
                                .error = {.plane = work->plane, .of = error_of},
                                .sensitivity = {.plane = work->plane, .of = sensitivity_of}};
    TRY(fixed_sheets_write(&curve));
    return plane_level_sheet(work, "portrait-critical.tsv", &curve.sensitivity,
                             &work->view->figure.critical);
}

/* ---- nullclines ---- */

/* The largest component of the whole field. */
static double field_size(const struct plane *plane, double x, double y)
{
    const struct flow *flow = plane->given->flow;
    double *state = plane_row(plane, PLANE_ROW_CALLER), *f = plane_row(plane, PLANE_ROW_GRADIENT);
    double size = 0;
    plane_state(plane, x, y, state);
    if (flow->field(flow, 1, state, f) != OK)
        return INFINITY;
    for (size_t i = 0; i < flow->dim; i++)
        size = fmax(size, fabs(f[i]));
    return size;
}

/* What a nullcline does not show: points where the whole field vanishes, whose size is then that of
 * rounding and bisection, and points where the component jumps from one sign to the other. */
static bool is_left_out(const struct plane_level *level, double x, double y)
{
    const struct plane *plane = level->plane;
    const double dx = NEARBY * plane_width(plane), dy = NEARBY * plane_height(plane);
    const double around = fmax(fmax(field_size(plane, x + dx, y), field_size(plane, x - dx, y)),
                               fmax(field_size(plane, x, y + dy), field_size(plane, x, y - dy)));
    return field_size(plane, x, y) < VANISHES * around ||
           fabs(plane_level_at(level, x, y)) > JUMPS * around;
}

/* One curve without such stretches, of which those of fixed points are drawn as such; true if anything is left.
 * At isolated fixed points, where nullclines cross, a point or two are left out and not missed. */
static bool nullcline_piece_write(const struct plane_level *level, const struct contour *contour,
                                  size_t piece, struct plane_sheet *sheet)
{
    size_t left_out = 0, written = 0;
    for (size_t i = contour->start[piece]; i < contour->start[piece + 1]; i++) {
        if (is_left_out(level, contour->x[i], contour->y[i])) {
            left_out++;
            continue;
        }
        if (left_out >= STRETCH)
            plane_sheet_blank(sheet);
        left_out = 0;
        written++;
        plane_point_write(sheet, contour->x[i], contour->y[i]);
    }
    plane_sheet_blank(sheet);
    return written >= 2;
}

static enum status nullcline_sheet(const struct plane_work *work, const struct plane_level *level,
                                   const char *name, bool *any)
{
    struct contour *contour = NULL;
    struct plane_sheet *sheet;
    TRY(plane_sheet_open(&work->view->sheets, name, "x y", &sheet));
    TRY(plane_level_trace(level, &contour));
    *any = false;
    for (size_t k = 0; k < contour->curves; k++)
        *any |= nullcline_piece_write(level, contour, k, sheet);
    contour_free(contour);
    return plane_sheet_check(sheet);
}

enum status plane_nullclines_sheet(const struct plane_work *work)
{
    bool *any = work->view->figure.nullcline;
    struct plane_level level = {.plane = work->plane, .of = velocity_of};
    TRY(nullcline_sheet(work, &level, "portrait-nullclines-0.tsv", &any[0]));
    level.component = 1;
    return nullcline_sheet(work, &level, "portrait-nullclines-1.tsv", &any[1]);
}
