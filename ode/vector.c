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
