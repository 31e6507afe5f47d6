/* f(x) = erf(x/sqrt 2), the smooth step whose moments over Gaussian inputs are arcsines (I8).
 *
 * f' = sqrt(2/pi) exp(-x^2/2).  A rounded x^2 would cost x^2/2 units in the last place of the
 * exponential, 700 before it underflows; so its rounding error, which fma() gives exactly, is
 * multiplied back. */
#include "nonlinear/activation.h"

#include <math.h>

static const double SLOPE_AT_ZERO = 0.79788456080286535588; /* sqrt(2/pi) */
static const double SQRT_HALF = 0.70710678118654752440;

static double value(double p, double x)
{
    (void)p;
    return erf(x * SQRT_HALF);
}

static double slope(double p, double x)
{
    (void)p;
    const double square = x * x, bell = SLOPE_AT_ZERO * exp(-square / 2);
    return bell > 0 ? bell * (1 - fma(x, x, -square) / 2) : 0;
}

static double curvature(double p, double x)
{
    const double slope_at = slope(p, x);
    return slope_at > 0 ? -x * slope_at : 0;
}

static double third(double p, double x)
{
    const double slope_at = slope(p, x);
    return slope_at > 0 ? (x - 1) * (x + 1) * slope_at : 0;
}

const struct activation activation_erf = {
    .name = "erf",
    .title = "error function",
    .equation = "f(x) = erf(x/sqrt(2))",
    .source = "Saad and Solla (1995)",
    .label = "X1",
    .odd = true,
    .value = value,
    .slope = slope,
    .curvature = curvature,
    .third = third,
    .at_zero = activation_smooth,
};
