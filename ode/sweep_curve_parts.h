/* The parts of sweep_curve_judge(), and what two of them share: (J2)'s system.
 *
 * Shapes: as in sweep_curve.h.  In the order in which they are called; what each needs stands in its
 * own comment.  Cloned for wide registers: not static, see linear/chain_lanes.c.  Memory, errors:
 * none. */
#ifndef ODE_SWEEP_CURVE_PARTS_H
#define ODE_SWEEP_CURVE_PARTS_H

#include "ode/sweep_rows.h"

#include <string.h>

/* sweep_curve_root.c */
void sweep_curve_open(struct sweep_curve *c);
void sweep_curve_measure_state(struct sweep_curve *c);
void sweep_curve_solve(struct sweep_curve *c, sweep_row *J, sweep_row *f);
void sweep_curve_move(struct sweep_curve *c);
void sweep_curve_examine(struct sweep_curve *c);
void sweep_curve_correct(struct sweep_curve *c);
void sweep_curve_shift(struct sweep_curve *c, size_t j);

/* sweep_curve_evidence.c */
void sweep_curve_certify(struct sweep_curve *c);
void sweep_curve_along(struct sweep_curve *c);
void sweep_curve_compare_sample(struct sweep_curve *c);
void sweep_curve_settle(struct sweep_curve *c);
void sweep_curve_reach(struct sweep_curve *c);
void sweep_curve_aside(struct sweep_curve *c, double side);
void sweep_curve_steepen(struct sweep_curve *c, sweep_row *J);
void sweep_curve_doubt(struct sweep_curve *c);

static const double VANISHED = 1e-6; /* a pivot, of rows over their sizes: as in fixed_point.c */

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

/* terms = the start's and |g x| */
LANES_INLINE void terms_of_integral(const struct sweep_curve *c, size_t m, sweep_row *x,
                                    double *restrict terms)
{
    memcpy(terms, c->terms[m], sizeof(sweep_row));
    for (size_t j = 0; j < c->n; j++)
        add_size(c->G[m * c->n + j], x[j], terms);
}

#endif
