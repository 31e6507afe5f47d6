/* Certificates of a root, and doubt at a state, for a block of states.
 *
 * What fixed_point.c says of the spectrum, sweep_rest.c of settled states and doubt.c of (E9).  By
 * (E1) the spectrum at a fixed point of a curve is the rate and zeros, so that the rate is the trace
 * of the Jacobian, (J4). */
#include "ode/sweep_curve_parts.h"

#include <float.h>

/* As in sweep_rest.c, fixed_point.c and doubt.c, where the reasons stand. */
static const double CONTRACTION = 0.25, POLISH_ERROR = 2, SAMPLE_RADIUS = 1e-4;
static const double KANTOROVICH = 1.0 / 16, EIGENVALUE = 1.0 / 16;
static const double STEP_ERROR = 20, OFF_MOST = 1e-2, CURVATURE = 2, FIRST_ORDER = 2;

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
