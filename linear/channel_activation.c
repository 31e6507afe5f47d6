/* The activations that a learning channel may have: one alphabetical list of words.
 *
 *   arctan    g = arctan x            g' = 1/(1 + x^2)
 *   erf       g = erf x               g' = 2/sqrt(pi) exp(-x^2)
 *   softsign  g = x/(1 + |x|)         g' = 1/(1 + |x|)^2
 *   tanh      g = tanh x              g' = 1/cosh(x)^2
 *
 * Each is odd and increasing with 0 < g' <= g'(0), which is what notes/channel-neurons.md, (Q1),
 * asks for, and bounded.  Left out: the cube root, whose slope at zero is infinite, so that
 * solutions are not unique there; clipping, whose slope jumps, so that no Jacobian exists. */
#include "linear/channel_activation.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static double arctan_slope(double x)
{
    return 1 / (1 + x * x);
}

static double erf_slope(double x)
{
    static const double TWO_OVER_ROOT_PI = 1.12837916709551257390; /* 2/sqrt(pi) */
    return TWO_OVER_ROOT_PI * exp(-x * x);
}

static double softsign_value(double x)
{
    return x / (1 + fabs(x));
}

static double softsign_slope(double x)
{
    const double root = 1 / (1 + fabs(x));
    return root * root;
}

static double tanh_slope(double x)
{
    const double root = 1 / cosh(x); /* 1 - tanh^2 would cancel */
    return root * root;
}

static const struct channel_activation activation_arctan = {
    .name = "arctan", .title = "arctan x", .value = atan, .slope = arctan_slope};
static const struct channel_activation activation_erf = {
    .name = "erf", .title = "erf x", .value = erf, .slope = erf_slope};
static const struct channel_activation activation_softsign = {
    .name = "softsign", .title = "x/(1 + |x|)", .value = softsign_value, .slope = softsign_slope};
static const struct channel_activation activation_tanh = {
    .name = "tanh", .title = "tanh x", .value = tanh, .slope = tanh_slope};

#define ACTIVATIONS(X)                                                                             \
    X(arctan)                                                                                      \
    X(erf)                                                                                         \
    X(softsign)                                                                                    \
    X(tanh)
#define X(name) &activation_##name,
const struct channel_activation *const channel_activations[] = {ACTIVATIONS(X) NULL};
#undef X

const struct channel_activation *channel_activation_named(const char *name)
{
    for (size_t i = 0; channel_activations[i]; i++)
        if (strcmp(channel_activations[i]->name, name) == 0)
            return channel_activations[i];
    return NULL;
}
