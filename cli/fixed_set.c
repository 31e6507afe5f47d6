/* Fixed points in a slice: F(x(u, v)) = 0, dim equations for two unknowns.
 *
 * Curves: the zeros of one combination w F of all components, with generic weights w, contain the
 * curves on which all of F vanishes; they are traced, and the points at which F is not zero are
 * dropped.  Isolated points: every cell at whose corners each component takes both signs is
 * searched by Levenberg and Marquardt's method with the damping |F|^2 / width^2, which converges
 * quadratically to sets of any dimension under a local error bound (Yamashita and Fukushima 2001);
 * those are kept at which dF/d(u, v) has rank 2 or 0 (rank 1: on a curve).
 * Stability is that of the whole flow: its closed form where it has one, else the eigenvalues on
 * the leaf of its first integrals.
 * Rejected: the trace and determinant of the slice, which know nothing of the other unknowns. */
#include "cli/fixed_set.h"

#include "base/stream.h"
#include "ode/fixed_point.h"
#include "ode/vector.h"
#include "plots/contour.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    NEWTON_STEPS = 80,
    BISECTIONS = 40, /* of a segment of a contour: 1e-12 of it */
    ISOLATED_MAX = 64,
    CHANGES_MAX = 64,
    GAP_MOST = 24,    /* cells of a gap in a curve */
    SCALE_NODES = 9,  /* along each side, for the size of F */
    DENSE_MOST = 128, /* unknowns, for eigenvalues without a closed form: 0.02 s a point */
};

/* Of the window: contour points are exact to 48 bisections of a cell, polished ones to 1e-13 */
static const double ON_SET = 1e-11;
static const double ROUNDINGS = 8;       /* of a coordinate or of F */
static const double NEWTON_DONE = 1e-13; /* of the window: last step */
/* of the trace of J'J: keeps the solution exact along a curve, where J'J is singular */
static const double DAMPING_LEAST = 1e-12;
static const double DIFFERENCE = 1e-6; /* of the window: central differences, error 1e-12 */
static const double RANK_CUT = 1e-4;   /* singular value relative to the largest one */
static const double SAME_POINT = 1e-6; /* of the window */
static const double ON_BORDER = 1e-9;  /* of the window: a zero of the border, rounded */
static const double REACH = 2;         /* cells: how far a point may be moved onto a curve */
static const double CURVE_ROOM = 1.5;  /* cells: a point as near to a curve is on it */
/* |Re lambda| relative to the norm: a nilpotent Jacobian shows eigenvalues of sqrt(epsilon) */
static const double ZERO_EIGENVALUE = 1e-6;
static const double ZERO_SINGLE = 1e-12; /* a single one has the rounding of its entries only */

struct search {
    const struct fixed_set_plan *plan;
    struct fixed_set *set;
    double size;                        /* median |F| over the window */
    double *weight;                     /* [dim] */
    double *x, *f, *fu, *fv, *spectrum; /* [dim] each */
    struct fixed_point_work *work;      /* NULL: too many unknowns */
    size_t points_room, pieces_room;
    size_t known; /* points of earlier passes: their curves are not taken again */
    double storage[];
};

static double width_of(const struct search *s, size_t side)
{
    return s->plan->window[2 * side + 1] - s->plan->window[2 * side];
}

/* F at a point of the slice; false where it is not finite. */
static bool field_at(struct search *s, double u, double v, double *f)
{
    const struct flow *flow = s->plan->flow;
    if (s->plan->stop && s->plan->stop(s->plan->context, 0))
        return false;
    s->x[s->plan->axis[0]] = u;
    s->x[s->plan->axis[1]] = v;
    if (flow->field(flow, 1, s->x, f) != OK)
        return false;
    for (size_t k = 0; k < flow->dim; k++)
        if (!isfinite(f[k]))
            return false;
    return true;
}

static double combination(const void *context, double u, double v)
{
    struct search *s = *(struct search *const *)context;
    if (!field_at(s, u, v, s->f))
        return NAN;
    return vector_dot(s->plan->flow->dim, s->weight, s->f);
}

/* --- Levenberg and Marquardt ------------------------------------------------------------ */

/* fu, fv: dF/du, dF/dv times the width of the window, by central differences; f is set, too. */
static bool columns_at(struct search *s, double u, double v)
{
    const size_t n = s->plan->flow->dim;
    const double hu = DIFFERENCE * width_of(s, 0), hv = DIFFERENCE * width_of(s, 1);
    if (!field_at(s, u + hu, v, s->fu) || !field_at(s, u - hu, v, s->f))
        return false;
    for (size_t k = 0; k < n; k++)
        s->fu[k] = (s->fu[k] - s->f[k]) / (2 * DIFFERENCE);
    if (!field_at(s, u, v + hv, s->fv) || !field_at(s, u, v - hv, s->f))
        return false;
    for (size_t k = 0; k < n; k++)
        s->fv[k] = (s->fv[k] - s->f[k]) / (2 * DIFFERENCE);
    return field_at(s, u, v, s->f);
}

/* Is each |F_k| no more than what the resolution of (u, v) and the rounding of F_k explain?  In
 * units of its own slope, since the size of F in a wide window says nothing of its size here. */
static bool is_fixed(struct search *s, double u, double v)
{
    const struct flow *flow = s->plan->flow;
    const double *w = s->plan->window;
    if (!columns_at(s, u, v))
        return false;
    const double size = fmax(fmax(fabs(w[0]), fabs(w[1])) / width_of(s, 0),
                             fmax(fabs(w[2]), fabs(w[3])) / width_of(s, 1));
    const double tolerance = ON_SET + ROUNDINGS * DBL_EPSILON * size;
    memset(s->spectrum, 0, flow->dim * sizeof *s->spectrum);
    if (flow->rounding)
        flow->rounding(flow, s->x, s->spectrum);
    for (size_t k = 0; k < flow->dim; k++)
        if (fabs(s->f[k]) > tolerance * (fabs(s->fu[k]) + fabs(s->fv[k])) +
                                ROUNDINGS * DBL_EPSILON * s->spectrum[k])
            return false;
    return true;
}

/* One step, in units of the window. */
static void damped_step(const struct search *s, double step[2])
{
    const size_t n = s->plan->flow->dim;
    double a = vector_dot(n, s->fu, s->fu), b = vector_dot(n, s->fu, s->fv),
           c = vector_dot(n, s->fv, s->fv);
    const double p = vector_dot(n, s->fu, s->f), q = vector_dot(n, s->fv, s->f);
    const double damping = fmax(vector_dot(n, s->f, s->f), DAMPING_LEAST * (a + c));
    a += damping;
    c += damping;
    const double det = a * c - b * b;
    step[0] = -(c * p - b * q) / det;
    step[1] = -(a * q - b * p) / det;
}

/* Moves (u, v) onto a fixed point; false if there is none where the method leads. */
static bool polish(struct search *s, double *u, double *v)
{
    for (int k = 0; k < NEWTON_STEPS; k++) {
        double step[2];
        if (!columns_at(s, *u, *v))
            return false;
        if (vector_norm(s->plan->flow->dim, s->f) == 0)
            return true;
        damped_step(s, step);
        if (!isfinite(step[0]) || !isfinite(step[1]))
            return false;
        *u += step[0] * width_of(s, 0);
        *v += step[1] * width_of(s, 1);
        if (fmax(fabs(step[0]), fabs(step[1])) <= NEWTON_DONE)
            break;
    }
    return is_fixed(s, *u, *v);
}

/* Rank of dF/d(u, v) at a fixed point: 2 - the dimension of the set there, as a rule. */
static int rank_at(struct search *s, double u, double v)
{
    if (!columns_at(s, u, v))
        return 0;
    const size_t n = s->plan->flow->dim;
    const double a = vector_dot(n, s->fu, s->fu), b = vector_dot(n, s->fu, s->fv),
                 c = vector_dot(n, s->fv, s->fv);
    const double root = hypot((a - c) / 2, b), largest = (a + c) / 2 + root;
    if (sqrt(largest) <= SAME_POINT * s->size)
        return 0;
    return (a * c - b * b) / largest > RANK_CUT * RANK_CUT * largest ? 2 : 1;
}

/* --- stability --------------------------------------------------------------------------- */

/* The spectrum transverse to the set at s->x: how many real parts, and their norm. */
static bool spectrum_at(struct search *s, size_t *count, double *norm)
{
    const struct flow *flow = s->plan->flow;
    *count = flow->transverse ? flow->transverse(flow, s->x, s->spectrum) : 0;
    if (*count > 0) {
        *norm = vector_norm(*count, s->spectrum);
        return true;
    }
    return s->work && fixed_point_eigenvalues(s->work, s->x, s->spectrum, count, norm) == OK;
}

/* |dF/d(u, v)|: a spectrum that is small beside it is rounding, whatever its own norm. */
static double slope_at(struct search *s, double u, double v)
{
    const size_t n = s->plan->flow->dim;
    if (!columns_at(s, u, v))
        return 0;
    return hypot(vector_norm(n, s->fu) / width_of(s, 0), vector_norm(n, s->fv) / width_of(s, 1));
}

static enum fixed_set_kind kind_at(struct search *s, double u, double v)
{
    size_t count = 0, positive = 0, negative = 0;
    double norm = 0;
    const double slope = slope_at(s, u, v);
    s->x[s->plan->axis[0]] = u;
    s->x[s->plan->axis[1]] = v;
    if (!spectrum_at(s, &count, &norm))
        return FIXED_SET_NEUTRAL;
    /* where F vanishes to higher order, its slope is rounding, too */
    const double flat = ZERO_SINGLE * s->size / fmin(width_of(s, 0), width_of(s, 1));
    const double zero = fmax(flat, fmax(norm, slope) * (count > 1 ? ZERO_EIGENVALUE : ZERO_SINGLE));
    for (size_t k = 0; k < count; k++) {
        positive += s->spectrum[k] > zero;
        negative += s->spectrum[k] < -zero;
    }
    if (positive)
        return negative ? FIXED_SET_SADDLE : FIXED_SET_REPELS;
    return negative ? FIXED_SET_ATTRACTS : FIXED_SET_NEUTRAL;
}

/* --- curves ------------------------------------------------------------------------------ */

static bool points_grow(struct fixed_set *set, size_t room)
{
    double *u = realloc(set->u, room * sizeof *u);
    if (u)
        set->u = u;
    double *v = realloc(set->v, room * sizeof *v);
    if (v)
        set->v = v;
    return u && v;
}

static bool pieces_grow(struct fixed_set *set, size_t room)
{
    size_t *start = realloc(set->start, (room + 1) * sizeof *start);
    if (start)
        set->start = start;
    enum fixed_set_kind *kind = realloc(set->kind, room * sizeof *kind);
    if (kind)
        set->kind = kind;
    return start && kind;
}

static enum status room_make(struct search *s)
{
    enum { FIRST_ROOM = 1024 };
    if (s->set->points < s->points_room && s->set->pieces + 1 < s->pieces_room)
        return OK;
    const size_t points = s->points_room ? 2 * s->points_room : FIRST_ROOM;
    const size_t pieces = s->pieces_room ? 2 * s->pieces_room : FIRST_ROOM;
    if (!points_grow(s->set, points) || !pieces_grow(s->set, pieces))
        return status_fail(NO_MEMORY, "no memory for %zu fixed points", points);
    s->points_room = points;
    s->pieces_room = pieces;
    return OK;
}

static enum status point_put(struct search *s, double u, double v)
{
    TRY(room_make(s));
    s->set->u[s->set->points] = u;
    s->set->v[s->set->points++] = v;
    s->set->start[s->set->pieces] = s->set->points;
    return OK;
}

/* The points that follow are a new piece. */
static enum status piece_begin(struct search *s, enum fixed_set_kind kind)
{
    struct fixed_set *set = s->set;
    TRY(room_make(s));
    set->start[set->pieces] = set->points;
    set->kind[set->pieces++] = kind;
    set->start[set->pieces] = set->points;
    return OK;
}

static bool are_same(const struct search *s, double u, double v, const struct fixed_set_point *p)
{
    return fabs(u - p->u) <= SAME_POINT * width_of(s, 0) &&
           fabs(v - p->v) <= SAME_POINT * width_of(s, 1);
}

static void list_add(const struct search *s, struct fixed_set_point *list, size_t most,
                     size_t *count, struct fixed_set_point point)
{
    for (size_t k = 0; k < *count; k++)
        if (are_same(s, point.u, point.v, &list[k]))
            return;
    if (*count < most)
        list[(*count)++] = point;
}

/* A point moved onto the set, unless it would have to go far. */
static bool snapped(struct search *s, double *u, double *v)
{
    const double at[2] = {*u, *v}, reach = REACH / (double)s->plan->cells;
    return polish(s, u, v) && fabs(*u - at[0]) <= reach * width_of(s, 0) &&
           fabs(*v - at[1]) <= reach * width_of(s, 1);
}

/* A vertex of a contour. */
struct vertex {
    double u, v;
    enum fixed_set_kind kind;
};

/* Where the kind changes between two vertices of a curve, by bisection. */
static struct fixed_set_point change_between(struct search *s, struct vertex from, struct vertex to)
{
    for (int k = 0; k < BISECTIONS; k++) {
        double u = (from.u + to.u) / 2, v = (from.v + to.v) / 2;
        if (!snapped(s, &u, &v))
            break;
        const enum fixed_set_kind kind = kind_at(s, u, v);
        if (kind == from.kind)
            from = (struct vertex){u, v, kind};
        else
            to = (struct vertex){u, v, kind};
    }
    return (struct fixed_set_point){.u = to.u, .v = to.v, .kind = to.kind};
}

static enum status change_put(struct search *s, struct vertex from, struct vertex to)
{
    const struct fixed_set_point at = change_between(s, from, to);
    list_add(s, s->set->change, CHANGES_MAX, &s->set->switch_count, at);
    TRY(point_put(s, at.u, at.v));
    TRY(piece_begin(s, to.kind));
    return point_put(s, at.u, at.v);
}

/* One more vertex of the curve whose last one is `before`; NULL: the first of a piece. */
static enum status vertex_put(struct search *s, const struct vertex *before, struct vertex at)
{
    if (!before)
        TRY(piece_begin(s, at.kind));
    else if (at.kind != before->kind)
        TRY(change_put(s, *before, at));
    return point_put(s, at.u, at.v);
}

/* Is it within a cell or so of the first `points` points of the set? */
static bool is_on_curve(const struct search *s, size_t points, double u, double v)
{
    const double near = CURVE_ROOM / (double)s->plan->cells;
    for (size_t k = 0; k < points; k++)
        if (fabs(u - s->set->u[k]) <= near * width_of(s, 0) &&
            fabs(v - s->set->v[k]) <= near * width_of(s, 1))
            return true;
    return false;
}

/* The pieces of one contour on which F vanishes. */
static enum status contour_take(struct search *s, const struct contour *contour, size_t k)
{
    bool inside = false;
    struct vertex before = {.kind = FIXED_SET_NEUTRAL};
    for (size_t i = contour->start[k]; i < contour->start[k + 1]; i++) {
        struct vertex at = {.u = contour->x[i], .v = contour->y[i]};
        const bool fixed = is_fixed(s, at.u, at.v) && !is_on_curve(s, s->known, at.u, at.v);
        if (fixed) {
            at.kind = kind_at(s, at.u, at.v);
            TRY(vertex_put(s, inside ? &before : NULL, at));
            before = at;
        }
        inside = fixed;
    }
    return OK;
}

/* Has a piece no extent?  A contour that passes through an isolated point leaves one. */
static bool is_point(const struct search *s, size_t first, size_t end)
{
    const struct fixed_set_point at = {.u = s->set->u[first], .v = s->set->v[first]};
    for (size_t i = first; i < end; i++)
        if (!are_same(s, s->set->u[i], s->set->v[i], &at))
            return false;
    return true;
}

static void points_drop(struct search *s)
{
    struct fixed_set *set = s->set;
    size_t pieces = 0, points = 0;
    for (size_t k = 0; k < set->pieces; k++) {
        const size_t first = set->start[k], end = set->start[k + 1];
        if (first == end || is_point(s, first, end))
            continue;
        memmove(set->u + points, set->u + first, (end - first) * sizeof *set->u);
        memmove(set->v + points, set->v + first, (end - first) * sizeof *set->v);
        set->kind[pieces] = set->kind[k];
        set->start[pieces++] = points;
        points += end - first;
        /* start[k + 1] is read next, and pieces <= k + 1 */
    }
    set->pieces = pieces;
    set->points = points;
    set->start[pieces] = points;
}

/* --- gaps ----------------------------------------------------------------------------------- */

/* The distance of two points in cells, the larger coordinate. */
static double cells_between(const struct search *s, double u, double v, double to_u, double to_v)
{
    return fmax(fabs(to_u - u) / width_of(s, 0), fabs(to_v - v) / width_of(s, 1)) *
           (double)s->plan->cells;
}

/* Is a point of a piece other than `own` within a cell?  Then (u, v) becomes that point. */
static bool meets_piece(const struct search *s, size_t pieces, size_t own, double *u, double *v)
{
    for (size_t k = 0; k < pieces; k++)
        for (size_t i = s->set->start[k]; k != own && i < s->set->start[k + 1]; i++)
            if (cells_between(s, *u, *v, s->set->u[i], s->set->v[i]) <= 1) {
                *u = s->set->u[i];
                *v = s->set->v[i];
                return true;
            }
    return false;
}

static bool is_in_window(const struct search *s, double u, double v)
{
    const double *w = s->plan->window;
    return u >= w[0] && u <= w[1] && v >= w[2] && v <= w[3];
}

/* The path from the end of piece `own` along the curve to the next piece or the border: steps of a
 * cell, each corrected.  Where w F vanishes for another reason nearby, the contour is torn there.
 * Returns the number of points, 0 if nothing is reached. */
static size_t gap_path(struct search *s, size_t pieces, size_t own, const size_t end[2],
                       struct vertex path[GAP_MOST])
{
    const struct fixed_set *set = s->set;
    double last[2] = {set->u[end[1]], set->v[end[1]]}, u, v;
    double step[2] = {last[0] - set->u[end[0]], last[1] - set->v[end[0]]};
    for (size_t count = 0; count < GAP_MOST; count++) {
        const double cells = cells_between(s, 0, 0, step[0], step[1]);
        const double guess[2] = {last[0] + step[0] / cells, last[1] + step[1] / cells};
        u = guess[0];
        v = guess[1];
        if (!(cells > 0) || !is_in_window(s, u, v)) {
            return count; /* at the border, if the curve goes on */
        }
        if (!polish(s, &u, &v) || cells_between(s, guess[0], guess[1], u, v) > 1)
            return 0;
        const bool met = meets_piece(s, pieces, own, &u, &v);
        path[count] = (struct vertex){.u = u, .v = v, .kind = kind_at(s, u, v)};
        if (met)
            return count + 1;
        step[0] = u - last[0];
        step[1] = v - last[1];
        last[0] = u;
        last[1] = v;
    }
    return 0;
}

/* Closes the gap, if there is one, beyond one end of a piece. */
static enum status gap_close(struct search *s, size_t pieces, size_t own, const size_t end[2])
{
    struct vertex path[GAP_MOST];
    struct vertex before = {.u = s->set->u[end[1]], .v = s->set->v[end[1]]};
    double u = before.u, v = before.v;
    /* the next piece begins here, or the same gap was closed from its other end */
    if (meets_piece(s, s->set->pieces, own, &u, &v))
        return OK;
    const size_t count = gap_path(s, pieces, own, end, path);
    if (count == 0)
        return OK;
    before.kind = s->set->kind[own];
    TRY(vertex_put(s, NULL, before));
    for (size_t k = 0; k < count; k++) {
        TRY(vertex_put(s, &before, path[k]));
        before = path[k];
    }
    return OK;
}

static enum status gaps_close(struct search *s)
{
    const size_t pieces = s->set->pieces;
    for (size_t k = 0; k < pieces; k++) {
        const size_t first = s->set->start[k], last = s->set->start[k + 1] - 1;
        if (last == first)
            continue;
        const size_t back[2] = {first + 1, first}, ahead[2] = {last - 1, last};
        if (s->set->u[first] == s->set->u[last] && s->set->v[first] == s->set->v[last])
            continue; /* closed */
        TRY(gap_close(s, pieces, k, back));
        TRY(gap_close(s, pieces, k, ahead));
    }
    return OK;
}

/* The curves of the combination of F with the weights that are set. */
static enum status curves_trace(struct search *s)
{
    struct contour_plan plan = {
        .width = s->plan->cells, .height = s->plan->cells, .value = combination, .context = &s};
    memcpy(plan.window, s->plan->window, sizeof plan.window);
    struct contour *contour;
    TRY(contour_trace(&plan, &contour));
    enum status status = OK;
    s->known = s->set->points;
    for (size_t k = 0; k < contour->curves && status == OK; k++)
        status = contour_take(s, contour, k);
    contour_free(contour);
    return status;
}

/* Where F vanishes to an even order, as a1^2 e does at a1 = 0, a combination keeps its sign, but a
 * component may change it: a1^3 e. */
static enum status components_trace(struct search *s)
{
    enum { COMPONENTS_MOST = 3 }; /* each costs as much as the combination */
    const size_t n = s->plan->flow->dim;
    enum status status = OK;
    for (size_t k = 0; k < n && n <= COMPONENTS_MOST && status == OK; k++) {
        memset(s->weight, 0, n * sizeof *s->weight);
        s->weight[k] = 1;
        status = curves_trace(s);
    }
    return status;
}

static enum status curves_find(struct search *s)
{
    TRY(curves_trace(s));
    TRY(components_trace(s));
    points_drop(s);
    return gaps_close(s);
}

/* --- isolated points ---------------------------------------------------------------------- */

/* May every component vanish in the cell whose low corner is (u, v)?  By the signs at its corners;
 * least and most are kept in fu and fv. */
static bool may_hold_zero(struct search *s, double u, double v, const double cell[2])
{
    enum { CORNERS = 4 };
    const size_t n = s->plan->flow->dim;
    for (size_t k = 0; k < n; k++) {
        s->fu[k] = INFINITY;
        s->fv[k] = -INFINITY;
    }
    for (int corner = 0; corner < CORNERS; corner++) {
        if (!field_at(s, u + (corner & 1 ? cell[0] : 0), v + (corner & 2 ? cell[1] : 0), s->f))
            return false;
        for (size_t k = 0; k < n; k++) {
            s->fu[k] = fmin(s->fu[k], s->f[k]);
            s->fv[k] = fmax(s->fv[k], s->f[k]);
        }
    }
    for (size_t k = 0; k < n; k++)
        if (s->fu[k] > 0 || s->fv[k] < 0)
            return false;
    return true;
}

/* A coordinate that is rounding of zero becomes zero, if the point remains fixed. */
static void zeros_clean(struct search *s, double *u, double *v)
{
    const double x = fabs(*u) <= NEWTON_DONE * width_of(s, 0) ? 0 : *u;
    const double y = fabs(*v) <= NEWTON_DONE * width_of(s, 1) ? 0 : *v;
    if (is_fixed(s, x, y)) {
        *u = x;
        *v = y;
    }
}

/* A point of the border that rounding has put beyond it goes back. */
static void border_clean(const struct search *s, double *u, double *v)
{
    const double *w = s->plan->window;
    const double x = fmin(fmax(*u, w[0]), w[1]), y = fmin(fmax(*v, w[2]), w[3]);
    if (fabs(x - *u) <= ON_BORDER * width_of(s, 0) && fabs(y - *v) <= ON_BORDER * width_of(s, 1)) {
        *u = x;
        *v = y;
    }
}

static void isolated_take(struct search *s, double u, double v)
{
    const double *w = s->plan->window;
    if (!polish(s, &u, &v))
        return;
    zeros_clean(s, &u, &v);
    border_clean(s, &u, &v);
    if (u < w[0] || u > w[1] || v < w[2] || v > w[3] || rank_at(s, u, v) == 1 ||
        is_on_curve(s, s->set->points, u, v))
        return;
    list_add(s, s->set->isolated, ISOLATED_MAX, &s->set->isolated_count,
             (struct fixed_set_point){.u = u, .v = v, .kind = kind_at(s, u, v)});
}

/* The cells of the window and one row more on each side: a zero on the border of the window is
 * inside a cell, too. */
static void isolated_find(struct search *s)
{
    const size_t side = s->plan->search_cells;
    const double cell[2] = {width_of(s, 0) / (double)side, width_of(s, 1) / (double)side};
    for (size_t j = 0; j < side + 2; j++)
        for (size_t i = 0; i < side + 2; i++) {
            const double u = s->plan->window[0] + ((double)i - 1) * cell[0];
            const double v = s->plan->window[2] + ((double)j - 1) * cell[1];
            if (may_hold_zero(s, u, v, cell))
                isolated_take(s, u + cell[0] / 2, v + cell[1] / 2);
        }
}

/* --- set-up ------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median of |F| over a lattice of the window. */
static double median_size(struct search *s)
{
    double size[SCALE_NODES * SCALE_NODES];
    size_t count = 0;
    for (int j = 0; j < SCALE_NODES; j++)
        for (int i = 0; i < SCALE_NODES; i++)
            if (field_at(s, s->plan->window[0] + width_of(s, 0) * (i + 0.5) / SCALE_NODES,
                         s->plan->window[2] + width_of(s, 1) * (j + 0.5) / SCALE_NODES, s->f))
                size[count++] = vector_norm(s->plan->flow->dim, s->f);
    if (count == 0)
        return 0;
    qsort(size, count, sizeof *size, by_value);
    return size[count / 2];
}

static enum status leaf_set(struct search *s)
{
    const struct flow *flow = s->plan->flow;
    if (flow->dim > DENSE_MOST)
        return OK;
    s->work = fixed_point_work_create(flow);
    double *I = calloc(flow->conserved + 1, sizeof *I);
    if (s->work && I) {
        flow_integrals(flow, s->plan->through, I);
        fixed_point_set_leaf(s->work, s->plan->through, I);
    }
    const bool made = s->work && I;
    free(I);
    return made ? OK
                : status_fail(NO_MEMORY, "no memory for the spectrum of %zu unknowns", flow->dim);
}

static enum status search_run(struct search *s)
{
    const size_t n = s->plan->flow->dim;
    struct stream stream = stream_at(0, stream_key("fixed set weights"), 0);
    for (size_t k = 0; k < n; k++)
        s->weight[k] = stream_normal(&stream);
    memcpy(s->x, s->plan->through, n * sizeof *s->x);
    s->set->isolated = calloc(ISOLATED_MAX, sizeof *s->set->isolated);
    s->set->change = calloc(CHANGES_MAX, sizeof *s->set->change);
    if (!s->set->isolated || !s->set->change)
        return status_fail(NO_MEMORY, "no memory for fixed points");
    TRY(room_make(s));
    TRY(leaf_set(s));
    s->size = median_size(s);
    if (!(s->size > 0)) /* at rest everywhere: no curve stands out */
        return OK;
    TRY(curves_find(s));
    isolated_find(s);
    return OK;
}

/* A search with its rows of dim numbers, in one block. */
static struct search *search_create(const struct fixed_set_plan *plan)
{
    enum { ROWS = 6 };
    const size_t n = plan->flow->dim;
    struct search *s = calloc(1, sizeof *s + ROWS * n * sizeof(double));
    if (!s)
        return NULL;
    double **const rows[ROWS] = {&s->weight, &s->x, &s->f, &s->fu, &s->fv, &s->spectrum};
    for (size_t k = 0; k < ROWS; k++)
        *rows[k] = s->storage + k * n;
    s->plan = plan;
    return s;
}

static enum status find_into(const struct fixed_set_plan *plan, struct fixed_set *set)
{
    struct search *s = search_create(plan);
    if (!s)
        return status_fail(NO_MEMORY, "no memory for fixed points");
    s->set = set;
    const enum status status = search_run(s);
    fixed_point_work_free(s->work);
    free(s);
    return status;
}

enum status fixed_set_find(const struct fixed_set_plan *plan, struct fixed_set **set)
{
    struct fixed_set *made = calloc(1, sizeof *made);
    if (!made)
        return status_fail(NO_MEMORY, "no memory for fixed points");
    const enum status status = find_into(plan, made);
    if (status == OK)
        *set = made;
    else
        fixed_set_free(made);
    return status;
}

void fixed_set_free(struct fixed_set *set)
{
    if (!set)
        return;
    free(set->start);
    free(set->kind);
    free(set->u);
    free(set->v);
    free(set->isolated);
    free(set->change);
    free(set);
}
