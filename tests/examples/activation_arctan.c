/* f(x) = arctan x: saturates like 1/x, much later than tanh. */
#include "nonlinear/activation.h"

#include <math.h>

static double slope(double p, double x)
{
    (void)p;
    return 1 / (1 + x * x);
}

static double value(double p, double x)
{
    (void)p;
    return atan(x);
}

static double curvature(double p, double x)
{
    return -2 * x * slope(p, x) * slope(p, x);
}

static double third(double p, double x)
{
    return (8 * x * x * slope(p, x) - 2) * slope(p, x) * slope(p, x);
}

const struct activation activation_arctan = {
    .name = "arctan",
    .title = "arcus tangent",
    .equation = "f(x) = arctan x",
    .source = "an example",
    .label = "X1",
    .odd = true,
    .value = value,
    .slope = slope,
    .curvature = curvature,
    .third = third,
    .at_zero = activation_smooth,
};
