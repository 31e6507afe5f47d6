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

static double curvature(double p, double x)
{
    (void)p, (void)x;
    return 0;
}

static enum activation_regularity at_zero(double p)
{
    (void)p;
    return ACTIVATION_SMOOTH;
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
    .at_zero = at_zero,
    .degree = degree,
};
