/* Continua at one value of p are seen by walking: from y along the kernel of [J f_q], some percent of
 * its size to both sides, Newton's method finds fixed points in the normal hyperplanes, and p is the
 * same in all of them.  Where two curves cross, along the vector of the kernel that keeps p.  A fold or a pitchfork has p ~ s^2, and even p ~ s^4 is seen at that
 * distance.
 *
 * Crossings are seen by the smallest singular value of [J f_q] that is not zero by construction:
 * at the place that bisection finds it must be a small share of those at the ends of the step; and
 * by the other branch, which must be met beside the place, where the kernel says.
 * Rejected: a bound on that value alone, which knows no scale; the size of the step, which says
 * nothing of two branches that touch to all orders, as those of powers do where mu comes to 2. */
#include "ode/branch_degenerate.h"

#include "ode/vector.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double SINGULAR = 1e-9; /* smallest singular value over largest, rows scaled */
static const double CROSSES = 1e-6;  /* the second smallest, of [J f_q], not scaled: crossings are
                                      * located to 1e-8 at worst */
/* Distances over 1 + |y|, without symmetry */
static const double PROBES[] = {0.03, -0.015, 0.007};
/* Of p, over its interval: corrections end at 1e-9 where the bordered matrix is ill-conditioned */
static const double LEVEL = 1e-9;
/* Of a singular value: at a crossing it is linear, and bisection ends at 1e-8 at worst */
static const double VANISHES = 0.1;
static const double BESIDE = 1e-3; /* of a crossing, over 1 + |y|: where its branch is met */

enum status branch_degenerate_singular(struct branch_curve *curve, const double *y, bool *singular)
{
    double share = 0;
    TRY(branch_curve_condition(curve, y, &share));
    *singular = share <= SINGULAR;
    return OK;
}

/* direction[dim+1]: the way of the curve at y; two[2*(dim+1)]: work */
static enum status way_of(struct branch_curve *curve, const double *y, double *two,
                          double *direction)
{
    const size_t n = branch_curve_unknowns(curve), m = n + 1;
    double share[2];
    TRY(branch_curve_kernel(curve, y, two, share));
    const double *first = two, *second = two + m;
    const bool crosses = share[1] <= CROSSES && hypot(first[n], second[n]) > 0;
    for (size_t i = 0; i < m; i++)
        direction[i] = crosses ? second[n] * first[i] - first[n] * second[i] : first[i];
    const double norm = vector_norm(m, direction);
    for (size_t i = 0; i < m; i++)
        direction[i] /= norm;
    return OK;
}

/* probe[dim+1]: work */
static bool is_level(struct branch_curve *curve, const double *y, const double *direction,
                     double *probe)
{
    const size_t n = branch_curve_unknowns(curve);
    const double size = 1 + vector_norm(n + 1, y);
    for (size_t k = 0; k < sizeof PROBES / sizeof *PROBES; k++) {
        for (size_t i = 0; i <= n; i++)
            probe[i] = y[i] + PROBES[k] * size * direction[i];
        if (!branch_curve_correct(curve, direction, probe) || !(fabs(probe[n] - y[n]) <= LEVEL))
            return false;
    }
    return true;
}

enum status branch_degenerate_level(struct branch_curve *curve, const double *y, bool *level)
{
    const size_t m = branch_curve_unknowns(curve) + 1;
    double *direction = calloc(4 * m, sizeof *direction);
    if (!direction)
        return status_fail(NO_MEMORY, "branch: no memory for a point of %zu unknowns", m - 1);
    const enum status status = way_of(curve, y, direction + 2 * m, direction);
    *level = status == OK && is_level(curve, y, direction, direction + m);
    free(direction);
    return status;
}

/* In the plane of the two vectors two[2*m], the one at right angles to t[m]. */
static bool turn_off(size_t m, const double *two, const double *t, double *kernel)
{
    const double c0 = vector_dot(m, two, t), c1 = vector_dot(m, two + m, t);
    for (size_t i = 0; i < m; i++)
        kernel[i] = c1 * two[i] - c0 * two[m + i];
    const double norm = vector_norm(m, kernel);
    for (size_t i = 0; i < m; i++)
        kernel[i] /= norm;
    return norm > 0;
}

/* Where a branch with tangent t[m] at y is crossed, a step to the side; work[4*m] */
struct beside {
    const double *y, *t;
    double step, *work;
};

static enum status look_beside(struct branch_curve *curve, const struct beside *at, double *seed,
                               bool *found)
{
    const size_t m = branch_curve_unknowns(curve) + 1;
    double share[2], *kernel = at->work + 2 * m, *guess = kernel + m;
    TRY(branch_curve_kernel(curve, at->y, at->work, share));
    if (!turn_off(m, at->work, at->t, kernel))
        return OK;
    for (size_t i = 0; i < m; i++)
        guess[i] = seed[i] = at->y[i] + at->step * kernel[i];
    *found = branch_curve_correct(curve, kernel, seed) &&
             vector_distance(m, seed, guess) <= fabs(at->step);
    return OK;
}

enum status branch_degenerate_beside(struct branch_curve *curve, const struct branch_step *at,
                                     double side, double *seed, bool *found)
{
    const size_t m = branch_curve_unknowns(curve) + 1;
    double *work = calloc(4 * m, sizeof *work);
    if (!work)
        return status_fail(NO_MEMORY, "branch: no memory for a kernel");
    *found = false;
    const struct beside beside = {
        .y = at->y, .t = at->t, .step = side * BESIDE * (1 + vector_norm(m, at->y)), .work = work};
    const enum status status = look_beside(curve, &beside, seed, found);
    free(work);
    return status;
}

enum status branch_degenerate_crossing(struct branch_curve *curve, const struct branch_step *a,
                                       const struct branch_step *b, bool *crossing)
{
    const size_t m = branch_curve_unknowns(curve) + 1;
    double *y = calloc(2 * m, sizeof *y), ends[2] = {0, 0}, there = 0;
    bool found = false;
    if (!y)
        return status_fail(NO_MEMORY, "branch: no memory for a point of %zu unknowns", m - 1);
    struct branch_place place = {.y = y};
    enum status status = branch_locate(curve, BRANCH_CROSSING, a, b, &place);
    if (status == OK)
        status = branch_curve_rank(curve, a->y, &ends[0]);
    if (status == OK)
        status = branch_curve_rank(curve, b->y, &ends[1]);
    if (status == OK)
        status = branch_curve_rank(curve, y, &there);
    for (int side = -1; side <= 1 && status == OK && !found; side += 2)
        status = branch_degenerate_beside(curve, &(struct branch_step){.y = y, .t = a->t}, side,
                                          y + m, &found);
    free(y);
    *crossing = status == OK && found && there <= VANISHES * fmax(ends[0], ends[1]);
    return status;
}
