/* The fixed point of a state on the leaf of its start, for a block of states.
 *
 * (J2)'s system is solved by elimination with row pivoting, whose exchanges are selections; for two
 * unknowns by Cramer's rule.  A root is examined as in fixed_point.c: every equation below its
 * rounding floor. */
#include "ode/sweep_curve_parts.h"

#include <float.h>

/* As in sweep_rest.c and fixed_point.c, where the reasons stand. */
static const double CAPTURE = 1e-6, NOISE = 1e3, CAPTURE_MOST = 3e-2, DRIFT_MOST = 1e-2;
static const double ARRIVED = 1e-6;

/* ---- the leaf of the start ---- */

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
