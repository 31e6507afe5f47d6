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

static enum activation_regularity at_zero(double p)
{
    (void)p;
    return ACTIVATION_SMOOTH;
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
    .at_zero = at_zero,
};
