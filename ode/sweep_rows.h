/* Rows of numbers, one of each state of a block: sums and products, entry by entry.
 *
 * For sweep_curve.c and its parts.  Shapes: v[SWEEP_WIDTH].  A loop over k is one or two
 * instructions where it is compiled for wide registers: LANES_INLINE.  Memory, errors: none. */
#ifndef ODE_SWEEP_ROWS_H
#define ODE_SWEEP_ROWS_H

#include "ode/sweep_curve.h"

#include <math.h>

enum { WIDTH = SWEEP_WIDTH };

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

LANES_INLINE void add(const double *restrict v, double *restrict sum)
{
    for (size_t k = 0; k < WIDTH; k++)
        sum[k] += v[k];
}

#endif
