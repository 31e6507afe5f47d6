/* f(x) = x^mu for whole mu, on the whole line; other powers of negative numbers are no real numbers,
 * so for them f is the positive part, x^mu for x > 0 and 0 elsewhere.  The power that is odd for
 * every mu is activation_odd_power.c: moments, and what may cross zero, differ between the two. */
#include "nonlinear/activation.h"

#include <math.h>
#include <stdbool.h>

static bool is_whole(double mu)
{
    return mu == floor(mu);
}

static double derivative(double mu, int order, double x)
{
    if (x < 0 && !is_whole(mu))
        return 0;
    const double size = activation_monomial(mu, order, x);
    return x < 0 && fmod(mu - order, 2) != 0 ? -size : size;
}

static double value(double mu, double x)
{
    return derivative(mu, 0, x);
}

static double slope(double mu, double x)
{
    return derivative(mu, 1, x);
}

static double curvature(double mu, double x)
{
    return derivative(mu, 2, x);
}

static double third(double mu, double x)
{
    return derivative(mu, 2 + 1, x);
}

static enum activation_regularity at_zero(double p)
{
    if (is_whole(p))
        return ACTIVATION_SMOOTH;
    if (p < 1)
        return ACTIVATION_SINGULAR;
    return p < 2 ? ACTIVATION_NOT_LIPSCHITZ : ACTIVATION_LIPSCHITZ;
}

static double degree(double p)
{
    return p;
}

const struct activation activation_power = {
    .name = "power",
    .title = "power",
    .equation = "f(x) = x^mu; for mu that is not whole max(x, 0)^mu",
    .source = "Baldi, Sadowski, Lu (2018), section 7, Theorem 11",
    .label = "X1",
    .parameter = "mu",
    .standard = 2,
    .least = 0.001,
    .most = 1000,
    .value = value,
    .slope = slope,
    .curvature = curvature,
    .third = third,
    .at_zero = at_zero,
    .degree = degree,
};
