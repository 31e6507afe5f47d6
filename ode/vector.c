/* Plain sums: n is small, and the order of summation is fixed, so results do not depend on
 * anything. */
#include "ode/vector.h"

#include <math.h>

/* Sums of squares outside may have lost something to overflow or underflow. */
static const double SQUARE_LEAST = 1e-280, SQUARE_MOST = 1e300;

double vector_dot(size_t n, const double *x, const double *y)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

/* Squares overflow or vanish long before the components do: then with the largest one divided out.
 * */
static double scaled_norm(size_t n, const double *x)
{
    double largest = 0, sum = 0;
    for (size_t i = 0; i < n; i++)
        largest = fabs(x[i]) <= largest ? largest : fabs(x[i]); /* NaN is kept */
    if (!(largest > 0) || !isfinite(largest))
        return largest;
    for (size_t i = 0; i < n; i++)
        sum += (x[i] / largest) * (x[i] / largest);
    return largest * sqrt(sum);
}

double vector_norm(size_t n, const double *x)
{
    const double square = vector_dot(n, x, x);
    return square >= SQUARE_LEAST && square <= SQUARE_MOST ? sqrt(square) : scaled_norm(n, x);
}

double vector_distance(size_t n, const double *x, const double *y)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (x[i] - y[i]) * (x[i] - y[i]);
    return sqrt(sum);
}
