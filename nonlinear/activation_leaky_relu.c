/* f(x) = x for x >= 0 and slope x for x < 0, 0 <= slope <= 1: at 0 it is the ReLU, at 1 linear. */
#include "nonlinear/activation.h"

static double value(double p, double x)
{
    return x >= 0 ? x : p * x;
}

static double slope(double p, double x)
{
    return x >= 0 ? 1 : p;
}

/* and f''' */
static double curvature(double p, double x)
{
    (void)p, (void)x;
    return 0;
}

static enum activation_regularity at_zero(double p)
{
    return p == 1 ? ACTIVATION_SMOOTH : ACTIVATION_KINK;
}

static double degree(double p)
{
    (void)p;
    return 1;
}

const struct activation activation_leaky_relu = {
    .name = "leaky-relu",
    .title = "leaky rectified linear unit",
    .equation = "f(x) = x for x >= 0, slope x for x < 0",
    .source = "Maas, Hannun, Ng (2013)",
    .label = "X1",
    .parameter = "slope",
    .standard = 0.1,
    .least = 0,
    .most = 1,
    .value = value,
    .slope = slope,
    .curvature = curvature,
    .third = curvature,
    .at_zero = at_zero,
    .degree = degree,
};
