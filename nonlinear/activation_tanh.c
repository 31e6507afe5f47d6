/* f(x) = tanh x.  f' = 1/cosh^2 x is taken from cosh and not as 1 - f^2, which cancels where f
 * saturates: there every digit of f' is needed to tell slow learning from rest. */
#include "nonlinear/activation.h"

#include <math.h>

static double value(double p, double x)
{
    (void)p;
    return tanh(x);
}

static double slope(double p, double x)
{
    (void)p;
    const double root = 1 / cosh(x);
    return root * root;
}

static double curvature(double p, double x)
{
    return -2 * tanh(x) * slope(p, x);
}

/* f''' = 2 f' (2 f^2 - f') */
static double third(double p, double x)
{
    const double f = tanh(x), slope_at = slope(p, x);
    return 2 * slope_at * (2 * f * f - slope_at);
}

const struct activation activation_tanh = {
    .name = "tanh",
    .title = "hyperbolic tangent",
    .equation = "f(x) = tanh x",
    .source = "Baldi, Sadowski, Lu (2018), section 7",
    .label = "X1",
    .odd = true,
    .value = value,
    .slope = slope,
    .curvature = curvature,
    .third = third,
    .at_zero = activation_smooth,
};
