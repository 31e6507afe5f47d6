/* f(x) = sgn x, of targets only: a layer with it would have slope zero wherever it has one. */
#include "nonlinear/activation.h"

static double value(double p, double x)
{
    (void)p;
    return (x > 0) - (x < 0);
}

/* and f'', f''' */
static double slope(double p, double x)
{
    (void)p, (void)x;
    return 0;
}

static enum activation_regularity at_zero(double p)
{
    (void)p;
    return ACTIVATION_SINGULAR;
}

static double degree(double p)
{
    (void)p;
    return 0;
}

const struct activation activation_sign = {
    .name = "sign",
    .title = "sign",
    .equation = "f(x) = sgn x",
    .source = "Rosenblatt (1958)",
    .label = "X1",
    .odd = true,
    .teacher_only = true,
    .value = value,
    .slope = slope,
    .curvature = slope,
    .third = slope,
    .at_zero = at_zero,
    .degree = degree,
};
