/* Vectors of n doubles: the three operations that endings are made of.  Memory, errors: none. */
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

#endif
