/* f(x) = sgn(x) |x|^(1/k), k >= 1.  It is the odd power 1/k, but for the rounding of 1/k, which would
 * move the power at x = 1e-300 by some hundred units in its last place: square and cube roots are
 * taken as such, and the others are multiplied by |x|^(1/k - e), e the rounded exponent. */
#include "nonlinear/activation.h"

#include <math.h>

static double root(double k, double size)
{
    if (k == 1 || size == 0)
        return size;
    if (k == 2)
        return sqrt(size);
    if (k == 2 + 1)
        return cbrt(size);
    const double e = 1 / k, missing = fma(-k, e, 1) / k;
    const double rough = pow(size, e);
    return rough + rough * missing * log(size);
}

static double value(double k, double x)
{
    return copysign(root(k, fabs(x)), x);
}

/* f' = f/(k x), and so on: of f, and not of pow(), for its digits. */
static double slope(double k, double x)
{
    if (k == 1)
        return 1;
    return x == 0 ? INFINITY : value(k, x) / x / k;
}

static double curvature(double k, double x)
{
    if (k == 1)
        return 0;
    return x == 0 ? -INFINITY : slope(k, x) / x * ((1 - k) / k);
}

static double third(double k, double x)
{
    if (k == 1)
        return 0;
    return x == 0 ? INFINITY : curvature(k, x) / x * ((1 - 2 * k) / k);
}

static enum activation_regularity at_zero(double k)
{
    return k == 1 ? ACTIVATION_SMOOTH : ACTIVATION_SINGULAR;
}

static double degree(double k)
{
    return 1 / k;
}

const struct activation activation_odd_root = {
    .name = "odd-root",
    .title = "odd root",
    .equation = "f(x) = sgn(x) |x|^(1/k)",
    .source = "Baldi, Sadowski, Lu (2018), section 7, Theorem 11",
    .label = "X1",
    .parameter = "k",
    .standard = 2 + 1,
    .least = 1,
    .most = 1000,
    .odd = true,
    .value = value,
    .slope = slope,
    .curvature = curvature,
    .third = third,
    .at_zero = at_zero,
    .degree = degree,
};
