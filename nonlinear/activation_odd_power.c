/* f(x) = sgn(x) |x|^mu, for every mu > 0: the reading of x^mu under which a weight that crosses zero
 * meets the same field on the other side.  For odd whole mu it is x^mu. */
#include "nonlinear/activation.h"

#include <math.h>

static double value(double mu, double x)
{
    return copysign(activation_monomial(mu, 0, x), x);
}

static double slope(double mu, double x)
{
    return activation_monomial(mu, 1, x);
}

static double curvature(double mu, double x)
{
    const double size = activation_monomial(mu, 2, x);
    return x < 0 ? -size : size;
}

static double third(double mu, double x)
{
    return activation_monomial(mu, 2 + 1, x);
}

static enum activation_regularity at_zero(double p)
{
    if (fmod(p, 2) == 1)
        return ACTIVATION_SMOOTH;
    if (p < 1)
        return ACTIVATION_SINGULAR;
    return p < 2 ? ACTIVATION_NOT_LIPSCHITZ : ACTIVATION_LIPSCHITZ;
}

static double degree(double p)
{
    return p;
}

const struct activation activation_odd_power = {
    .name = "odd-power",
    .title = "odd power",
    .equation = "f(x) = sgn(x) |x|^mu",
    .source = "Baldi, Sadowski, Lu (2018), section 7, Theorem 11",
    .label = "X1",
    .parameter = "mu",
    .standard = 2,
    .least = 0.001,
    .most = 1000,
    .odd = true,
    .value = value,
    .slope = slope,
    .curvature = curvature,
    .third = third,
    .at_zero = at_zero,
    .degree = degree,
};
