/* f(x) = max(x, 0).  Its slope jumps at zero: a flow with it is a Filippov system there. */
#include "nonlinear/activation.h"

static double value(double p, double x)
{
    (void)p;
    return x > 0 ? x : 0;
}

static double slope(double p, double x)
{
    (void)p;
    return x >= 0 ? 1 : 0;
}

/* and f''' */
static double curvature(double p, double x)
{
    (void)p, (void)x;
    return 0;
}

static enum activation_regularity at_zero(double p)
{
    (void)p;
    return ACTIVATION_KINK;
}

static double degree(double p)
{
    (void)p;
    return 1;
}

const struct activation activation_relu = {
    .name = "relu",
    .title = "rectified linear unit",
    .equation = "f(x) = max(x, 0)",
    .source = "Nair and Hinton (2010)",
    .label = "X1",
    .value = value,
    .slope = slope,
    .curvature = curvature,
    .third = curvature,
    .at_zero = at_zero,
    .degree = degree,
};
