/* Vectors of n doubles: the operations that endings are made of, and directions without symmetry.
 *
 * Memory, errors: none. */
#ifndef ODE_VECTOR_H
#define ODE_VECTOR_H

#include <math.h>
#include <stddef.h>

/* Inline, since n is small: a call would cost more than the sum. */
static inline double vector_dot(size_t n, const double *x, const double *y)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

static inline double vector_distance(size_t n, const double *x, const double *y)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (x[i] - y[i]) * (x[i] - y[i]);
    return sqrt(sum);
}

/* Squares overflow or vanish long before the components do: then with the largest one divided out.
 * */
double vector_scaled_norm(size_t n, const double *x);

static inline double vector_norm(size_t n, const double *x)
{
    /* sums of squares outside may have lost something to overflow or underflow */
    static const double SQUARE_LEAST = 1e-280, SQUARE_MOST = 1e300;
    const double square = vector_dot(n, x, x);
    return square >= SQUARE_LEAST && square <= SQUARE_MOST ? sqrt(square)
                                                           : vector_scaled_norm(n, x);
}

/* Where a structure near x is looked for, that an accident at x alone could feign: at x plus these
 * times 1 + |x|, notes/endings.md, (E11), (E22). */
enum { VECTOR_PROBES = 3 };
extern const double vector_probe_size[VECTOR_PROBES];

/* Number i of some directions without symmetry, each entry within 1: frac(golden ratio times 1, 2,
 * 3, ...). */
void vector_direction(size_t n, size_t i, double *v);

/* x plus `size` (1 + |x|) times direction i; point[n]. */
void vector_probe(size_t n, const double *x, double size, size_t i, double *point);

#endif
