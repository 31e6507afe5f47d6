/* Plain sums: n is small, and the order of summation is fixed, so results do not depend on
 * anything. */
#include "ode/vector.h"

#include <math.h>

double vector_scaled_norm(size_t n, const double *x)
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

const double vector_probe_size[VECTOR_PROBES] = {0.03, 0.015, 0.007};

void vector_direction(size_t n, size_t i, double *v)
{
    static const double GOLDEN = 0.6180339887498949;
    for (size_t j = 0; j < n; j++) {
        const double turn = GOLDEN * (double)(j + 1 + i * n);
        v[j] = 2 * (turn - floor(turn)) - 1;
    }
}

void vector_probe(size_t n, const double *x, double size, size_t i, double *point)
{
    const double length = size * (1 + vector_norm(n, x));
    vector_direction(n, i, point);
    for (size_t j = 0; j < n; j++)
        point[j] = x[j] + length * point[j];
}
