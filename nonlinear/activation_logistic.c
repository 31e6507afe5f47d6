/* f(x) = 1/(1 + exp(-x)).  Everything is written in exp(-|x|), which neither overflows nor cancels:
 * f' = f (1 - f) is exp(-|x|)/(1 + exp(-|x|))^2, and 1 - 2f is -tanh(x/2). */
#include "nonlinear/activation.h"

#include <math.h>

static double value(double p, double x)
{
    (void)p;
    const double small = exp(-fabs(x));
    return (x < 0 ? small : 1) / (1 + small);
}

static double slope(double p, double x)
{
    (void)p;
    const double small = exp(-fabs(x));
    return small / ((1 + small) * (1 + small));
}

static double curvature(double p, double x)
{
    return -tanh(x / 2) * slope(p, x);
}

/* f''' = f' ((1 - 2f)^2 - 2 f') */
static double third(double p, double x)
{
    const double tilt = tanh(x / 2), slope_at = slope(p, x);
    return slope_at * (tilt * tilt - 2 * slope_at);
}

const struct activation activation_logistic = {
    .name = "logistic",
    .title = "logistic function",
    .equation = "f(x) = 1/(1 + exp(-x))",
    .source = "Rumelhart, Hinton, Williams (1986)",
    .label = "X1",
    .value = value,
    .slope = slope,
    .curvature = curvature,
    .third = third,
    .at_zero = activation_smooth,
};
