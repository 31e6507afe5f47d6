/* Plain sums: n is small, and the order of summation is fixed, so results do not depend on
 * anything. */
#include "ode/vector.h"

#include <math.h>

double vector_dot(size_t n, const double *x, const double *y)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

double vector_norm(size_t n, const double *x)
{
    return sqrt(vector_dot(n, x, x));
}

double vector_distance(size_t n, const double *x, const double *y)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (x[i] - y[i]) * (x[i] - y[i]);
    return sqrt(sum);
}
