/* f(x) = x: with it a chain is linear, which is how flows with activations are held to those
 * without. */
#include "nonlinear/activation.h"

static double value(double p, double x)
{
    (void)p;
    return x;
}

static double slope(double p, double x)
{
    (void)p, (void)x;
    return 1;
}

/* and f''' */
static double curvature(double p, double x)
{
    (void)p, (void)x;
    return 0;
}

static double degree(double p)
{
    (void)p;
    return 1;
}

const struct activation activation_identity = {
    .name = "identity",
    .title = "no activation",
    .equation = "f(x) = x",
    .source = "Baldi, Sadowski, Lu (2018), section 2",
    .label = "X1",
    .odd = true,
    .value = value,
    .slope = slope,
    .curvature = curvature,
    .third = curvature,
    .at_zero = activation_smooth,
    .degree = degree,
};
