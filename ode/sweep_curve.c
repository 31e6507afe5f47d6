/* What sweep_rest.c and, for curves, fixed_point.c and doubt.c do, row by row for a block of states.
 *
 * (J2)'s system is solved by elimination with row pivoting, whose exchanges are selections; every
 * state takes part in as many iterations as the slowest of its block needs, but moves only as long
 * as it would by itself: nothing that is decided about a state depends on its neighbours, (J3).
 * By (E1) the spectrum at a fixed point is the rate and zeros, so that the rate is the trace of the
 * Jacobian, (J4).
 *
 * A loop over k is one or two instructions; `restrict` throughout, and no function of the
 * mathematical library but the square root: see linear/chain_lanes.c.  Masks are 1 or 0. */
#include "ode/sweep_curve.h"

#include "ode/fixed_point.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = SWEEP_WIDTH };
enum { POLISH_MOST = 6, EXAMINED_MOST = 2 }; /* as fixed_point_polish_curve() */

/* As in sweep_rest.c, fixed_point.c and doubt.c, where the reasons stand. */
static const double CAPTURE = 1e-6, NOISE = 1e3, CAPTURE_MOST = 3e-2, CONTRACTION = 0.25;
static const double STEP_ERROR = 10, POLISH_ERROR = 2, DRIFT_MOST = 1e-2, OFF_MOST = 1e-2;
static const double ARRIVED = 1e-6, SAMPLE_RADIUS = 1e-4, VANISHED = 1e-6;
static const double KANTOROVICH = 1.0 / 16, EIGENVALUE = 1.0 / 16, CURVATURE = 2, FIRST_ORDER = 2;

/* Not static: see linear/chain_lanes.c. */
void sweep_curve_open(struct sweep_curve *c);
void sweep_curve_measure_state(struct sweep_curve *c);
void sweep_curve_solve(struct sweep_curve *c, sweep_row *J, sweep_row *f);
void sweep_curve_move(struct sweep_curve *c);
void sweep_curve_examine(struct sweep_curve *c);
void sweep_curve_correct(struct sweep_curve *c);
void sweep_curve_shift(struct sweep_curve *c, size_t j);
void sweep_curve_certify(struct sweep_curve *c);
void sweep_curve_along(struct sweep_curve *c);
void sweep_curve_compare_sample(struct sweep_curve *c);
void sweep_curve_settle(struct sweep_curve *c);
void sweep_curve_reach(struct sweep_curve *c);
void sweep_curve_aside(struct sweep_curve *c, double side);
void sweep_curve_steepen(struct sweep_curve *c, sweep_row *J);
void sweep_curve_doubt(struct sweep_curve *c);

/* ---- rows ---- */

LANES_INLINE void fill(double *restrict v, double value)
{
    for (size_t k = 0; k < WIDTH; k++)
        v[k] = value;
}

/* sum += v^2 */
LANES_INLINE void add_square(const double *restrict v, double *restrict sum)
{
    for (size_t k = 0; k < WIDTH; k++)
        sum[k] += v[k] * v[k];
}

/* sum += v w */
LANES_INLINE void add_product(const double *restrict v, const double *restrict w,
                              double *restrict sum)
{
    for (size_t k = 0; k < WIDTH; k++)
        sum[k] += v[k] * w[k];
}

/* sum += |v w| */
LANES_INLINE void add_size(const double *restrict v, const double *restrict w, double *restrict sum)
{
    for (size_t k = 0; k < WIDTH; k++)
        sum[k] += fabs(v[k] * w[k]);
}

/* sum += (v - w)^2 */
LANES_INLINE void add_distance(const double *restrict v, const double *restrict w,
                               double *restrict sum)
{
    for (size_t k = 0; k < WIDTH; k++)
        sum[k] += (v[k] - w[k]) * (v[k] - w[k]);
}

LANES_INLINE void scale(const double *restrict v, const double *restrict by, double *restrict to)
{
    for (size_t k = 0; k < WIDTH; k++)
        to[k] = v[k] * by[k];
}

/* sum += share v */
LANES_INLINE void add_share(double share, const double *restrict v, double *restrict sum)
{
    for (size_t k = 0; k < WIDTH; k++)
        sum[k] += share * v[k];
}

LANES_INLINE void root_of(double *restrict v)
{
    for (size_t k = 0; k < WIDTH; k++)
        v[k] = sqrt(v[k]);
}

LANES_INLINE void norm_of(size_t count, sweep_row *v, double *restrict norm)
{
    fill(norm, 0);
    for (size_t i = 0; i < count; i++)
        add_square(v[i], norm);
    root_of(norm);
}

LANES_INLINE void distance_of(size_t count, sweep_row *v, sweep_row *w, double *restrict distance)
{
    fill(distance, 0);
    for (size_t i = 0; i < count; i++)
        add_distance(v[i], w[i], distance);
    root_of(distance);
}

static bool any(const double *mask)
{
    for (size_t k = 0; k < WIDTH; k++)
        if (mask[k] > 0)
            return true;
    return false;
}

/* ---- the leaf of the start ---- */

/* 1/size, 1 for 0; a sum, as a choice would be a branch. */
LANES_INLINE void invert_size(const double *restrict size, double *restrict per)
{
    for (size_t k = 0; k < WIDTH; k++)
        per[k] = 1 / (size[k] + (size[k] > 0 ? 0 : 1));
}

LANES_INLINE void add_magnitude(const double *restrict v, double *restrict sum)
{
    for (size_t k = 0; k < WIDTH; k++)
        sum[k] += fabs(v[k]);
}

/* The integrals' terms and sizes at the start, from I0 and G there. */
LANES_CLONES
void sweep_curve_open(struct sweep_curve *c)
{
    sweep_row size;
    for (size_t m = 0; m < c->r; m++) {
        sweep_row *g = c->G + m * c->n;
        norm_of(c->n, g, size);
        invert_size(size, c->per_gradient[m]);
        fill(c->terms[m], 0);
        add_magnitude(c->I0[m], c->terms[m]);
        for (size_t j = 0; j < c->n; j++)
            add_size(g[j], c->x0[j], c->terms[m]);
    }
}

/* ---- the state ---- */

LANES_INLINE void keep_larger(const double *restrict v, const double *restrict w,
                              double *restrict largest)
{
    for (size_t k = 0; k < WIDTH; k++) {
        const double size = fabs(v[k] * w[k]);
        largest[k] = size <= largest[k] ? largest[k] : size;
    }
}

/* kept = 0 where I - I0 exceeds its share of the terms at the state. */
LANES_INLINE void hold_to_leaf(const double *restrict I0, const double *restrict largest,
                               const double *restrict I, double *restrict kept)
{
    for (size_t k = 0; k < WIDTH; k++) {
        const double before = kept[k];
        kept[k] = fabs(I[k] - I0[k]) <= DRIFT_MOST * largest[k] ? before : 0;
    }
}

LANES_INLINE void capture(const struct sweep_curve *c, const double *restrict size,
                          double *restrict radius)
{
    const double *restrict rtol = c->rtol, *restrict atol = c->atol;
    for (size_t k = 0; k < WIDTH; k++) {
        const double local = NOISE * (rtol[k] * size[k] + atol[k]);
        const double least = CAPTURE * (1 + size[k]), most = CAPTURE_MOST * (1 + size[k]);
        const double wanted = local > least ? local : least;
        radius[k] = wanted < most ? wanted : most;
    }
}

/* pick = i where |v| > largest */
LANES_INLINE void pick_larger(const double *restrict v, double i, double *restrict largest,
                              double *restrict pick)
{
    for (size_t k = 0; k < WIDTH; k++) {
        const double size = fabs(v[k]), before = largest[k], kept = pick[k];
        pick[k] = size > before ? i : kept;
        largest[k] = size > before ? size : before;
    }
}

/* to = v where pick = i */
LANES_INLINE void take_picked(const double *restrict pick, double i, const double *restrict v,
                              double *restrict to)
{
    for (size_t k = 0; k < WIDTH; k++) {
        const double taken = v[k], kept = to[k];
        to[k] = pick[k] == i ? taken : kept;
    }
}

/* to[count] = row `pick` of M[n*count] */
LANES_INLINE void picked_row(const struct sweep_curve *c, sweep_row *M, size_t count, sweep_row *to)
{
    for (size_t j = 0; j < count; j++) {
        memcpy(to[j], M[j], sizeof to[j]);
        for (size_t i = 1; i < c->n; i++)
            take_picked(c->pick, (double)i, M[i * count + j], to[j]);
    }
}

/* From I, G and K at the state: the row that replaces f = 0, the radius; ready for the iteration. */
LANES_CLONES
void sweep_curve_measure_state(struct sweep_curve *c)
{
    sweep_row largest;
    fill(c->kept, 1);
    for (size_t m = 0; m < c->r; m++) {
        fill(largest, 1);
        for (size_t j = 0; j < c->n; j++)
            keep_larger(c->G[m * c->n + j], c->x[j], largest);
        hold_to_leaf(c->I0[m], largest, c->I[m], c->kept);
    }
    norm_of(c->n, c->x, largest);
    capture(c, largest, c->radius);
    fill(c->pick, 0);
    fill(largest, 0);
    for (size_t i = 0; i < c->n; i++)
        pick_larger(c->f[i], (double)i, largest, c->pick);
    picked_row(c, c->K, c->n, c->A);
    norm_of(c->n, c->A, largest);
    invert_size(largest, c->per_row);
    fill(c->going, 1);
    fill(c->done, 0);
    fill(c->before, 0);
    add_square(c->radius, c->before);
    memcpy(c->root, c->x, c->n * sizeof *c->root);
}

/* ---- (J2) ---- */

/* Exchanges v and w where first = 1; sums, as choices would be branches: what is not finite spoils
 * both. */
LANES_INLINE void exchange(const double *restrict first, double *restrict v, double *restrict w)
{
    for (size_t k = 0; k < WIDTH; k++) {
        const double a = v[k], b = w[k];
        v[k] = first[k] * b + (1 - first[k]) * a;
        w[k] = first[k] * a + (1 - first[k]) * b;
    }
}

LANES_INLINE void compare_sizes(const double *restrict v, const double *restrict w,
                                double *restrict larger)
{
    for (size_t k = 0; k < WIDTH; k++)
        larger[k] = fabs(w[k]) > fabs(v[k]) ? 1 : 0;
}

/* per = 1/pivot; regular = 0 where the pivot vanishes. */
LANES_INLINE void invert_pivot(const double *restrict pivot, double *restrict per,
                               double *restrict regular)
{
    for (size_t k = 0; k < WIDTH; k++) {
        const double before = regular[k];
        regular[k] = fabs(pivot[k]) > VANISHED ? before : 0;
        per[k] = 1 / pivot[k];
    }
}

/* v -= factor w */
LANES_INLINE void subtract(const double *restrict factor, const double *restrict w,
                           double *restrict v)
{
    for (size_t k = 0; k < WIDTH; k++)
        v[k] -= factor[k] * w[k];
}

/* The largest entry of column i, from row i on, into row i. */
LANES_INLINE void pivot_column(struct sweep_curve *c, size_t i)
{
    const size_t n = c->n;
    sweep_row larger;
    for (size_t m = i + 1; m < n; m++) {
        compare_sizes(c->A[i * n + i], c->A[m * n + i], larger);
        for (size_t j = i; j < n; j++)
            exchange(larger, c->A[i * n + j], c->A[m * n + j]);
        exchange(larger, c->b[i], c->b[m]);
    }
}

/* Elimination with row pivoting: b becomes A^-1 b; A's diagonal, the inverse pivots. */
LANES_INLINE void eliminate(struct sweep_curve *c)
{
    const size_t n = c->n;
    sweep_row factor;
    for (size_t i = 0; i < n; i++) {
        pivot_column(c, i);
        invert_pivot(c->A[i * n + i], factor, c->regular);
        memcpy(c->A[i * n + i], factor, sizeof factor);
        for (size_t m = i + 1; m < n; m++) {
            scale(c->A[m * n + i], c->A[i * n + i], factor);
            for (size_t j = i + 1; j < n; j++)
                subtract(factor, c->A[i * n + j], c->A[m * n + j]);
            subtract(factor, c->b[i], c->b[m]);
        }
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t j = i + 1; j < n; j++)
            subtract(c->A[i * n + j], c->b[j], c->b[i]);
        scale(c->b[i], c->A[i * n + i], factor);
        memcpy(c->b[i], factor, sizeof factor);
    }
}

/* The gradients, each over its size at the start, in the first rows of A. */
LANES_INLINE void stack_gradients(struct sweep_curve *c)
{
    const size_t n = c->n;
    for (size_t m = 0; m < c->r; m++)
        for (size_t j = 0; j < n; j++)
            scale(c->G[m * n + j], c->per_gradient[m], c->A[m * n + j]);
}

LANES_INLINE void difference(const double *restrict v, const double *restrict w,
                             const double *restrict by, double *restrict to)
{
    for (size_t k = 0; k < WIDTH; k++)
        to[k] = (v[k] - w[k]) * by[k];
}

/* A and b of (J2), every row over its size, from G, I, J and f. */
LANES_INLINE void stack_equations(struct sweep_curve *c, sweep_row *J, sweep_row *f)
{
    const size_t n = c->n, r = c->r;
    picked_row(c, J, n, c->probe);
    for (size_t j = 0; j < n; j++)
        scale(c->probe[j], c->per_row, c->A[r * n + j]);
    picked_row(c, f, 1, c->probe);
    scale(c->probe[0], c->per_row, c->b[r]);
    stack_gradients(c);
    for (size_t m = 0; m < r; m++)
        difference(c->I[m], c->I0[m], c->per_gradient[m], c->b[m]);
}

/* The same for two unknowns and solved by Cramer's rule, in one pass: no pivot to choose. */
LANES_INLINE void solve_two(struct sweep_curve *c, const double *restrict j0,
                            const double *restrict j1, const double *restrict miss,
                            const double *restrict per_row)
{
    const double *restrict per_gradient = c->per_gradient[0];
    const double *restrict g0 = c->G[0], *restrict g1 = c->G[1];
    const double *restrict I = c->I[0], *restrict I0 = c->I0[0];
    sweep_row b0, b1, regular; /* not in c: the compiler cannot know that they are apart */
    for (size_t k = 0; k < WIDTH; k++) {
        const double row0 = j0[k] * per_row[k], row1 = j1[k] * per_row[k];
        const double gradient0 = g0[k] * per_gradient[k], gradient1 = g1[k] * per_gradient[k];
        const double right0 = (I[k] - I0[k]) * per_gradient[k], right1 = miss[k] * per_row[k];
        const double determinant = gradient0 * row1 - gradient1 * row0, per = 1 / determinant;
        b0[k] = (right0 * row1 - gradient1 * right1) * per;
        b1[k] = (gradient0 * right1 - right0 * row0) * per;
        regular[k] = fabs(determinant) > VANISHED ? 1 : 0;
    }
    memcpy(c->b[0], b0, sizeof b0);
    memcpy(c->b[1], b1, sizeof b1);
    memcpy(c->regular, regular, sizeof regular);
}

/* b: the step with G b = I - I0 and J_row b = f_row, and its length squared. */
LANES_CLONES
void sweep_curve_solve(struct sweep_curve *c, sweep_row *J, sweep_row *f)
{
    if (c->n == 2) {
        picked_row(c, J, c->n, c->A);
        picked_row(c, f, 1, c->A + c->n);
        solve_two(c, c->A[0], c->A[1], c->A[2], c->per_row);
    } else {
        fill(c->regular, 1);
        stack_equations(c, J, f);
        eliminate(c);
    }
    fill(c->correction, 0);
    for (size_t j = 0; j < c->n; j++)
        add_square(c->b[j], c->correction);
}

/* Which states take the step: corrections must not grow, and the first is within the radius. */
LANES_INLINE void choose_moves(struct sweep_curve *c, double *restrict move)
{
    double *restrict going = c->going, *restrict done = c->done, *restrict before = c->before;
    const double *restrict correction = c->correction, *restrict regular = c->regular;
    const double *restrict radius = c->radius;
    for (size_t k = 0; k < WIDTH; k++) {
        const double near = ARRIVED * radius[k], can = going[k] * regular[k];
        const double arrived = correction[k] <= near * near ? 1 : 0;
        move[k] = correction[k] <= before[k] ? can : 0;
        done[k] += move[k] * arrived;
        going[k] = move[k] * (1 - arrived);
        before[k] = correction[k];
    }
}

LANES_INLINE void move_by(const double *restrict move, const double *restrict step,
                          double *restrict x)
{
    for (size_t k = 0; k < WIDTH; k++) {
        const double kept = x[k], moved = kept - step[k];
        x[k] = move[k] > 0 ? moved : kept;
    }
}

LANES_CLONES
void sweep_curve_move(struct sweep_curve *c)
{
    sweep_row move;
    choose_moves(c, move);
    for (size_t j = 0; j < c->n; j++)
        move_by(move, c->b[j], c->root[j]);
}

/* ---- the root ---- */

/* on = 0 where I - I0 exceeds its floor. */
LANES_INLINE void hold_to_floor(double roundings, const double *restrict I0,
                                const double *restrict terms, const double *restrict I,
                                double *restrict on)
{
    for (size_t k = 0; k < WIDTH; k++) {
        const double before = on[k];
        on[k] = fabs(I[k] - I0[k]) <= roundings * terms[k] + DBL_MIN ? before : 0;
    }
}

/* terms = the start's and |g x| */
LANES_INLINE void terms_of_integral(const struct sweep_curve *c, size_t m, sweep_row *x,
                                    double *restrict terms)
{
    memcpy(terms, c->terms[m], sizeof(sweep_row));
    for (size_t j = 0; j < c->n; j++)
        add_size(c->G[m * c->n + j], x[j], terms);
}

/* terms_i = rounding_i + sum_j |J_ij x_j| */
LANES_INLINE void terms_of_row(const struct sweep_curve *c, size_t i, double *restrict terms)
{
    memcpy(terms, c->rounding[i], sizeof(sweep_row));
    for (size_t j = 0; j < c->n; j++)
        add_size(c->J[i * c->n + j], c->root[j], terms);
}

/* terms += |J_ij| min(terms_j/|J_jj|, size) */
LANES_INLINE void add_held(const double *restrict J_ij, const double *restrict J_jj,
                           const double *restrict terms_j, const double *restrict size,
                           double *restrict terms)
{
    for (size_t k = 0; k < WIDTH; k++) {
        const double held = terms_j[k] / fabs(J_jj[k]);
        terms[k] += fabs(J_ij[k]) * (held < size[k] ? held : size[k]);
    }
}

LANES_INLINE void hold_to_rounding(const double *restrict f, const double *restrict terms,
                                   double *restrict on)
{
    for (size_t k = 0; k < WIDTH; k++) {
        const double before = on[k];
        on[k] = fabs(f[k]) <= DBL_EPSILON * terms[k] + DBL_MIN ? before : 0;
    }
}

LANES_INLINE void larger_of(const double *restrict v, double *restrict w)
{
    for (size_t k = 0; k < WIDTH; k++)
        w[k] = v[k] <= w[k] ? w[k] : v[k];
}

/* (E30): on = 0 where a row of f is more than its own rounding. */
LANES_INLINE void hold_rows(struct sweep_curve *c, const double *restrict size, double *restrict on)
{
    const size_t n = c->n;
    for (size_t j = 0; j < n; j++)
        terms_of_row(c, j, c->probe[j]);
    for (size_t i = 0; i < n; i++) {
        sweep_row terms;
        memcpy(terms, c->probe[i], sizeof terms);
        for (size_t j = 0; j < n; j++)
            add_held(c->J[i * n + j], c->J[j * n + j], c->probe[j], size, terms);
        hold_to_rounding(c->f_root[i], terms, on);
    }
}

/* The floor of |f|; on = 0 where |f| exceeds it. */
LANES_INLINE void hold_residual(double *restrict floor, const double *restrict residual,
                                double *restrict on)
{
    for (size_t k = 0; k < WIDTH; k++) {
        floor[k] = DBL_EPSILON * floor[k] + DBL_MIN;
        const double before = on[k];
        on[k] = residual[k] <= floor[k] ? before : 0;
    }
}

/* Are both equations below their floors at the root? */
LANES_CLONES
void sweep_curve_examine(struct sweep_curve *c)
{
    const size_t n = c->n;
    const double roundings = 2 * (double)(n + 1) * DBL_EPSILON;
    sweep_row size, terms;
    memcpy(c->found, c->done, sizeof c->found);
    norm_of(n, c->root, size);
    norm_of(n, c->x0, terms);
    larger_of(terms, size);
    fill(c->position, 0);
    add_share(DBL_EPSILON, size, c->position);
    for (size_t m = 0; m < c->r; m++) {
        terms_of_integral(c, m, c->root, terms);
        hold_to_floor(roundings, c->I0[m], terms, c->I[m], c->found);
    }
    norm_of(n, c->f_root, c->residual);
    norm_of(n, c->rounding, c->floor);
    hold_residual(c->floor, c->residual, c->found);
    hold_rows(c, size, c->found);
}

/* The error of the position is at least the last correction; going = 1 where another step is due. */
LANES_INLINE void correct(struct sweep_curve *c)
{
    const double *restrict square = c->correction, *restrict done = c->done;
    const double *restrict found = c->found;
    double *restrict position = c->position, *restrict going = c->going;
    for (size_t k = 0; k < WIDTH; k++) {
        const double correction = sqrt(square[k]), resolution = position[k];
        position[k] = correction <= resolution ? resolution : correction; /* NaN stays */
        going[k] = done[k] * (1 - found[k]);
    }
}

LANES_CLONES
void sweep_curve_correct(struct sweep_curve *c)
{
    correct(c);
}

LANES_CLONES
void sweep_curve_shift(struct sweep_curve *c, size_t j)
{
    move_by(c->going, c->b[j], c->root[j]);
}

/* ---- certificates ---- */

/* |J(x) - J(root)|/|x - root|, and whether the two are far enough apart for that. */
LANES_INLINE void slope_between(const double *restrict change, const double *restrict size,
                                const double *restrict away, double *restrict lipschitz,
                                double *restrict far)
{
    for (size_t k = 0; k < WIDTH; k++) {
        lipschitz[k] = change[k] / away[k];
        far[k] = away[k] >= SAMPLE_RADIUS * (1 + size[k]) ? 1 : 0;
    }
}

LANES_INLINE void add(const double *restrict v, double *restrict sum)
{
    for (size_t k = 0; k < WIDTH; k++)
        sum[k] += v[k];
}

/* `off`, until it is needed: the rounding of the rate, which is a sum of entries of J. */
LANES_INLINE void trace_of(struct sweep_curve *c)
{
    const size_t n = c->n;
    fill(c->rate, 0);
    fill(c->off, 0);
    for (size_t i = 0; i < n; i++) {
        add(c->J[i * n + i], c->rate);
        add_magnitude(c->J[i * n + i], c->off);
    }
}

/* The rate, (J4), the distance to the root, and the Lipschitz constant between; `going` is 1 where
 * the root is so near that J has to be sampled instead. */
LANES_CLONES
void sweep_curve_certify(struct sweep_curve *c)
{
    const size_t n = c->n;
    sweep_row change, size;
    trace_of(c);
    distance_of(n, c->x, c->root, c->away);
    distance_of(n * n, c->K, c->J, change);
    norm_of(n, c->root, size);
    slope_between(change, size, c->away, c->lipschitz, c->going);
    for (size_t k = 0; k < WIDTH; k++)
        c->going[k] = c->found[k] * (1 - c->going[k]);
}

/* b = e_last: after elimination, b is along the leaf; probe, at the sampling radius along it. */
LANES_CLONES
void sweep_curve_along(struct sweep_curve *c)
{
    const size_t n = c->n;
    sweep_row size, length;
    stack_gradients(c);
    picked_row(c, c->J, n, c->probe);
    for (size_t j = 0; j < n; j++) {
        scale(c->probe[j], c->per_row, c->A[c->r * n + j]);
        fill(c->b[j], j == c->r ? 1 : 0);
    }
    fill(c->regular, 1);
    eliminate(c);
    norm_of(n, c->root, size);
    norm_of(n, c->b, length);
    for (size_t k = 0; k < WIDTH; k++)
        size[k] = SAMPLE_RADIUS * (1 + size[k]) / length[k];
    for (size_t j = 0; j < n; j++) {
        memcpy(c->probe[j], c->root[j], sizeof c->probe[j]);
        add_product(size, c->b[j], c->probe[j]);
    }
}

LANES_INLINE void take_sample(const struct sweep_curve *c, const double *restrict change,
                              const double *restrict distance, double *restrict lipschitz)
{
    const double *restrict going = c->going, *restrict regular = c->regular;
    for (size_t k = 0; k < WIDTH; k++) {
        const double quotient = change[k] / distance[k], between = lipschitz[k];
        const double sampled = regular[k] > 0 ? quotient : INFINITY;
        lipschitz[k] = going[k] > 0 ? sampled : between;
    }
}

/* The Lipschitz constant from J at the probe, which stands in A. */
LANES_CLONES
void sweep_curve_compare_sample(struct sweep_curve *c)
{
    const size_t n = c->n;
    sweep_row change, distance;
    distance_of(n * n, c->A, c->J, change);
    distance_of(n, c->probe, c->root, distance);
    take_sample(c, change, distance, c->lipschitz);
}

/* (E1), (E2), row by row; found = 0 where the root is outside the capture radius. */
LANES_INLINE void hold_to_evidence(struct sweep_curve *c, double roundings)
{
    const double *restrict rate = c->rate, *restrict lipschitz = c->lipschitz;
    const double *restrict away = c->away, *restrict floor = c->floor;
    const double *restrict position = c->position, *restrict radius = c->radius;
    const double *restrict size = c->off;
    double *restrict found = c->found, *restrict settled = c->settled, *restrict bound = c->bound;
    for (size_t k = 0; k < WIDTH; k++) {
        const double gap = -rate[k];
        const double simple = floor[k] * lipschitz[k] <= KANTOROVICH * gap * gap ? 1 : 0;
        const double placed = lipschitz[k] * position[k] <= EIGENVALUE * gap ? 1 : 0;
        const double exact = roundings * size[k] <= EIGENVALUE * gap ? 1 : 0;
        const double contracts = lipschitz[k] * away[k] <= CONTRACTION * gap ? 1 : 0;
        const double stable = gap > 0 ? 1 : 0;
        const double root = found[k];
        found[k] = away[k] <= radius[k] ? root : 0;
        settled[k] = found[k] * simple * placed * exact * contracts * stable;
        bound[k] = away[k] + POLISH_ERROR * position[k] + POLISH_ERROR * floor[k] / gap;
    }
}

LANES_CLONES
void sweep_curve_settle(struct sweep_curve *c)
{
    hold_to_evidence(c, (double)(c->n + 2) * DBL_EPSILON);
}

/* ---- doubt ---- */

/* b = J f, |f.J f|/|f|^2 into slope if it is larger */
LANES_CLONES
void sweep_curve_steepen(struct sweep_curve *c, sweep_row *J)
{
    const size_t n = c->n;
    sweep_row along, Jf, square;
    fill(along, 0);
    fill(square, 0);
    for (size_t i = 0; i < n; i++) {
        fill(Jf, 0);
        for (size_t j = 0; j < n; j++)
            add_product(J[i * n + j], c->f[j], Jf);
        add_product(c->f[i], Jf, along);
        add_square(c->f[i], square);
    }
    for (size_t k = 0; k < WIDTH; k++)
        along[k] = fabs(along[k]) / square[k];
    for (size_t k = 0; k < WIDTH; k++)
        c->slope[k] = along[k] <= c->slope[k] ? c->slope[k] : along[k]; /* NaN stays */
}

/* b_m = max(|I - I0|, its floor)/|gradient| for claim m alone */
LANES_INLINE void one_offset(struct sweep_curve *c, size_t m, double roundings)
{
    sweep_row terms;
    terms_of_integral(c, m, c->x, terms);
    for (size_t j = 0; j < c->n; j++)
        fill(c->b[j], 0);
    double *restrict b = c->b[m];
    const double *restrict I = c->I[m], *restrict I0 = c->I0[m], *restrict per = c->per_gradient[m];
    for (size_t k = 0; k < WIDTH; k++) {
        const double offset = fabs(I[k] - I0[k]), floor = roundings * terms[k] + DBL_MIN;
        b[k] = (offset <= floor ? floor : offset) * per[k];
    }
}

LANES_INLINE void divide_rows(size_t count, sweep_row *v, const double *restrict by, sweep_row *to)
{
    sweep_row per;
    invert_size(by, per);
    for (size_t j = 0; j < count; j++)
        scale(v[j], per, to[j]);
}

/* A bound on the distance of the state from the leaf: the sum over the claims of the least moves
 * that mend one offset, which are orthogonal to f. */
LANES_INLINE void distance_off(struct sweep_curve *c)
{
    const size_t n = c->n;
    const double roundings = 2 * (double)(n + 1) * DBL_EPSILON;
    sweep_row size;
    fill(c->off, 0);
    fill(c->regular, 1);
    for (size_t m = 0; m < c->r; m++) {
        stack_gradients(c);
        divide_rows(n, c->f, c->f_size, c->A + c->r * n);
        one_offset(c, m, roundings);
        eliminate(c);
        norm_of(n, c->b, size);
        add(size, c->off);
    }
}

/* From I and G at the state: sizes of f and J, the error of a step, the distance from the leaf. */
LANES_CLONES
void sweep_curve_reach(struct sweep_curve *c)
{
    const size_t n = c->n;
    norm_of(n, c->f, c->f_size);
    norm_of(n * n, c->K, c->K_size);
    norm_of(n, c->x, c->delta);
    for (size_t k = 0; k < WIDTH; k++)
        c->delta[k] = STEP_ERROR * (c->rtol[k] * c->delta[k] + c->atol[k]);
    distance_off(c);
    fill(c->slope, 0);
}

/* probe = x + side delta f/|f| */
LANES_CLONES
void sweep_curve_aside(struct sweep_curve *c, double side)
{
    sweep_row along;
    for (size_t k = 0; k < WIDTH; k++)
        along[k] = side * c->delta[k] / c->f_size[k];
    for (size_t j = 0; j < c->n; j++) {
        memcpy(c->probe[j], c->x[j], sizeof c->probe[j]);
        add_product(along, c->f[j], c->probe[j]);
    }
}

/* (E9), in the order of doubt.c */
LANES_INLINE void weigh_doubt(struct sweep_curve *c, const double *restrict x_size)
{
    const double *restrict f = c->f_size, *restrict K = c->K_size, *restrict delta = c->delta;
    const double *restrict distance = c->off, *restrict slope = c->slope;
    const double *restrict regular = c->regular;
    double *restrict doubtful = c->doubtful;
    for (size_t k = 0; k < WIDTH; k++) {
        const double reach = CURVATURE * K[k], off = FIRST_ORDER * distance[k];
        const double least = OFF_MOST * (1 + x_size[k]);
        const double far = f[k] > reach * (delta[k] > least ? delta[k] : least) ? 1 : 0;
        const double beyond = f[k] > reach * (delta[k] + off) ? 1 : 0;
        const double above = f[k] > slope[k] * delta[k] + K[k] * off ? 1 : 0;
        const double clear = regular[k] * (beyond > above ? beyond : above);
        doubtful[k] = far > clear ? 1 - far : 1 - clear;
    }
}

LANES_CLONES
void sweep_curve_doubt(struct sweep_curve *c)
{
    sweep_row size;
    norm_of(c->n, c->x, size);
    weigh_doubt(c, size);
}

/* ---- a block of states ---- */

static void evaluate_leaf(struct sweep_curve *c, sweep_row *x)
{
    c->flow->lanes->integrals(c->flow, WIDTH, x[0], (double *)c->I, (double *)c->G);
}

static void evaluate_jacobian(struct sweep_curve *c, sweep_row *x, sweep_row *J)
{
    c->flow->lanes->jacobian(c->flow, WIDTH, x[0], J[0]);
}

static enum status evaluate_root(struct sweep_curve *c)
{
    sweep_row *root = c->root;
    TRY(c->flow->field(c->flow, WIDTH, root[0], c->f_root[0]));
    evaluate_jacobian(c, root, c->J);
    evaluate_leaf(c, root);
    return OK;
}

/* The leaf of the start, and the state on it. */
static void open_block(struct sweep_curve *c)
{
    evaluate_leaf(c, c->x0);
    memcpy(c->I0, c->I, c->r * sizeof *c->I0);
    sweep_curve_open(c);
    evaluate_leaf(c, c->x);
    evaluate_jacobian(c, c->x, c->K);
    sweep_curve_measure_state(c);
}

/* Newton's iteration from x to the root; done = 1 where it has arrived. */
static enum status polish(struct sweep_curve *c)
{
    sweep_curve_solve(c, c->K, c->f);
    sweep_curve_move(c);
    for (int i = 1; i < POLISH_MOST && any(c->going); i++) {
        TRY(evaluate_root(c));
        sweep_curve_solve(c, c->J, c->f_root);
        sweep_curve_move(c);
    }
    return OK;
}

/* found = 1 where the root holds; one more step is tried where it does not. */
static enum status examine(struct sweep_curve *c)
{
    for (int i = 0; i < EXAMINED_MOST; i++) {
        TRY(evaluate_root(c));
        c->flow->lanes->rounding(c->flow, WIDTH, c->root[0], c->rounding[0]);
        sweep_curve_examine(c);
        sweep_curve_solve(c, c->J, c->f_root);
        sweep_curve_correct(c);
        if (!any(c->going) || i + 1 == EXAMINED_MOST)
            return OK;
        for (size_t j = 0; j < c->n; j++)
            sweep_curve_shift(c, j);
    }
    return OK;
}

static void certify(struct sweep_curve *c)
{
    sweep_curve_certify(c);
    if (any(c->going)) {
        sweep_curve_along(c);
        evaluate_jacobian(c, c->probe, c->A);
        sweep_curve_compare_sample(c);
    }
    sweep_curve_settle(c);
}

static void look_for_doubt(struct sweep_curve *c)
{
    evaluate_leaf(c, c->x);
    sweep_curve_reach(c);
    sweep_curve_steepen(c, c->K);
    for (int side = -1; side <= 1; side += 2) {
        sweep_curve_aside(c, side);
        evaluate_jacobian(c, c->probe, c->A);
        sweep_curve_steepen(c, c->A);
    }
    sweep_curve_doubt(c);
}

enum status sweep_curve_judge(struct sweep_curve *c)
{
    open_block(c);
    TRY(polish(c));
    TRY(examine(c));
    certify(c);
    bool all = true;
    for (size_t k = 0; k < WIDTH; k++)
        all = all && c->settled[k] > 0;
    if (!all)
        look_for_doubt(c);
    for (size_t k = 0; k < WIDTH; k++) {
        const bool excluded =
            c->kept[k] > 0 && !(c->found[k] > 0 && !(c->rate[k] < 0)) && !(c->doubtful[k] > 0);
        c->verdict[k] = c->settled[k] > 0 ? SWEEP_SETTLES : excluded ? SWEEP_GOES_ON : SWEEP_DOUBTS;
    }
    return OK;
}

/* ---- making and freeing ---- */

/* Are the leaves of the flow curves? */
static enum status look_at_leaf(const struct flow *flow, bool *curve)
{
    double *origin = calloc(flow->dim + flow->conserved, sizeof *origin);
    struct fixed_point_work *work = fixed_point_work_create(flow);
    const bool made = origin && work;
    if (made) {
        flow_integrals(flow, origin, origin + flow->dim);
        fixed_point_set_leaf(work, origin, origin + flow->dim); /* looks at a point beside it */
        *curve = fixed_point_has_curve(work);
    }
    fixed_point_work_free(work);
    free(origin);
    return made ? OK : status_fail(NO_MEMORY, "sweep of %s", flow->title);
}

static struct sweep_curve *make(const struct flow *flow)
{
    const size_t n = flow->dim, r = flow->conserved;
    const size_t rows = 8 * n + 3 * n * n + 4 * r + r * n;
    struct sweep_curve *c = calloc(1, sizeof *c + rows * sizeof(sweep_row));
    if (!c)
        return NULL;
    c->flow = flow;
    c->n = n;
    c->r = r;
    struct {
        sweep_row **row;
        size_t count;
    } const arrays[] = {
        {&c->x0, n},       {&c->x, n},     {&c->f, n},     {&c->root, n},  {&c->f_root, n},
        {&c->rounding, n}, {&c->probe, n}, {&c->b, n},     {&c->K, n * n}, {&c->J, n * n},
        {&c->A, n * n},    {&c->I0, r},    {&c->terms, r}, {&c->I, r},     {&c->per_gradient, r},
        {&c->G, r * n}};
    sweep_row *next = c->storage;
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i].row = next;
        next += arrays[i].count;
    }
    return c;
}

enum status sweep_curve_create(const struct flow *flow, struct sweep_curve **curve)
{
    bool applies = false;
    *curve = NULL;
    if (!flow->lanes || flow->dim > FLOW_DENSE_MOST)
        return OK;
    TRY(look_at_leaf(flow, &applies));
    if (applies && !(*curve = make(flow)))
        return status_fail(NO_MEMORY, "sweep of %s", flow->title);
    return OK;
}

void sweep_curve_free(struct sweep_curve *curve)
{
    free(curve);
}
