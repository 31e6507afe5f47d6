/* One hidden neuron: its piece, its unknown, and what happens where its weight vanishes.
 *
 * Our activations are analytic but at zero, and where a_i changes its sign, so do h_i and all
 * signals above it up to a neuron with f(0) != 0, for all samples at once, (X7).  The field is
 * smooth on both sides of a_i = 0 and needs its continuation across, for an integrator that looks
 * beyond the end of a piece: the Taylor polynomial of second order, which is the piece itself for
 * the piecewise linear ones.
 * A power of degree mu < 2 has a field that is not Lipschitz at a = 0; in
 *     y = sgn(a) |a|^(2 - mu)/(2 - mu),   y' = |a|^(1 - mu) a',
 * the factor |a|^(mu - 1) of f' has gone, (X6).  For mu < 1 solutions cross in y at finite speed
 * and go on; for 1 < mu < 2 they may also rest there.  Where a layered channel multiplies the
 * powers of several layers, weights stay the unknowns, and what reaches zero is not followed,
 * (X8). */
#include "nonlinear/nonlinear_chain_data.h"

#include <float.h>
#include <math.h>

/* ---- what f is at zero ---- */

static enum activation_regularity at_zero(const struct nonlinear_neuron *neuron)
{
    return neuron->f.activation->at_zero(neuron->f.parameter);
}

static bool is_rough_power(const struct nonlinear_neuron *neuron)
{
    return at_zero(neuron) == ACTIVATION_NOT_LIPSCHITZ || at_zero(neuron) == ACTIVATION_SINGULAR;
}

static double sign_of(double x)
{
    return (x > 0) - (x < 0);
}

static struct nonlinear_neuron neuron_alone(const struct neurons *f)
{
    struct nonlinear_neuron neuron = {
        .f = *f, .degree = f->activation->degree ? f->activation->degree(f->parameter) : NAN};
    const double zero = activation_value(f, 0);
    neuron.kinked = at_zero(&neuron) == ACTIVATION_KINK;
    neuron.local = zero != 0 ? 0 : neuron.degree > 0 ? neuron.degree : 1;
    for (int right = 0; right < 2; right++) {
        const double side = right ? 1 : -1;
        neuron.sign[right] = sign_of(zero != 0 ? zero : activation_value(f, side));
        neuron.slope[right] = activation_slope(f, side * DBL_MIN);
        neuron.curvature[right] = activation_curvature(f, side * DBL_MIN);
    }
    return neuron;
}

/* ---- where the field is not smooth ---- */

/* The layers above `layer` whose arguments vanish with its weight: up to `end`. */
static size_t end_of_zeros(const struct nonlinear_neuron *neuron, size_t hidden, size_t layer)
{
    while (layer < hidden && neuron[layer].local > 0)
        layer++;
    return layer < hidden ? layer + 1 : hidden;
}

/* a_i' ~ |a_i|^(m-1) near a_i = 0: of its own f' only, or of all above. */
static double exponent_at(const struct nonlinear_neuron *neuron, size_t layer, size_t end,
                          enum channel channel)
{
    if (channel == CHANNEL_SKIPPED)
        return neuron[layer].local;
    double exponent = 1;
    for (size_t j = layer; j < end; j++)
        exponent *= neuron[j].local > 0 ? neuron[j].local : 1;
    return exponent;
}

/* y stands for a_i where f_i' is not Lipschitz, the channel has it, and has no other power: and no
 * other layer is driven at infinite speed where it is infinite. */
static bool has_chart(const struct problem *problem, const struct nonlinear_neuron *neuron,
                      size_t layer)
{
    const enum channel channel = problem->rule->channel;
    const size_t hidden = problem->depth - 1;
    const double degree = neuron[layer].degree;
    if (problem->no_derivative || !is_rough_power(&neuron[layer]) || !(degree < 2))
        return false;
    if (channel == CHANNEL_SKIPPED)
        return true;
    const size_t end = end_of_zeros(neuron, hidden, layer);
    for (size_t j = layer + 1; j < end; j++)
        if (neuron[j].local != 1 || at_zero(&neuron[j]) != ACTIVATION_SMOOTH)
            return false;
    return degree > 1 || layer == 0;
}

void nonlinear_chain_neuron_fill(const struct problem *problem, struct nonlinear_neuron *neuron)
{
    const size_t hidden = problem->depth - 1;
    const struct neurons linear = {.activation = &activation_identity};
    for (size_t i = 0; i < hidden; i++) {
        const struct neurons f = problem->neuron_count ? activation_of_layer(problem, i) : linear;
        neuron[i] = neuron_alone(&f);
    }
    for (size_t i = 0; i < hidden; i++)
        neuron[i].chart = has_chart(problem, neuron, i) ? 2 - neuron[i].degree : 0;
}

bool nonlinear_chain_neuron_switches(const struct nonlinear_chain_data *d, size_t layer)
{
    const size_t hidden = d->depth - 1;
    if (layer > 0 && d->rule->feedback == FEEDBACK_SIGNS)
        return true;
    const size_t end = end_of_zeros(d->neuron, hidden, layer);
    for (size_t j = layer; j < end; j++)
        if (d->neuron[j].kinked || is_rough_power(&d->neuron[j]))
            return true;
    return false;
}

enum switch_kind nonlinear_chain_neuron_switch(const struct nonlinear_chain_data *d, size_t layer)
{
    const size_t hidden = d->depth - 1, end = end_of_zeros(d->neuron, hidden, layer);
    bool rough = false;
    for (size_t j = layer; j < end; j++)
        rough = rough || is_rough_power(&d->neuron[j]);
    if (!rough || !d->derivative)
        return SWITCH_JUMPS;
    if (!(exponent_at(d->neuron, layer, end, d->rule->channel) > 1))
        return SWITCH_JUMPS;
    return d->neuron[layer].chart != 0 ? SWITCH_MAY_REST : SWITCH_NOT_UNIQUE;
}

/* ---- its values ---- */

double nonlinear_chain_neuron_sign(const struct nonlinear_chain_data *d, size_t layer, double a)
{
    const signed char held = d->switch_of[layer] ? d->side[d->switch_of[layer] - 1] : 0;
    return held ? held : sign_of(a);
}

/* Is u on or past the end of the piece on the side `sign`? */
static bool is_past(double u, double sign)
{
    return sign > 0 ? u < 0 : sign < 0 && u >= 0;
}

/* Is f zero on all of this side?  Of homogeneous neurons one point tells. */
static bool is_dead(const struct nonlinear_neuron *neuron, double side)
{
    return neuron->degree > 0 && neuron->sign[side > 0] == 0;
}

/* Where f' or f'' is infinite and no signal comes in, their product is zero, which is its limit
 * for small signals: both are homogeneous of a degree above -2. */
static double met_by(double slope, double h)
{
    return isinf(slope) && h == 0 ? 0 : slope;
}

/* The side of u on the piece that is held */
static double side_of(const struct nonlinear_chain_data *d, size_t layer, double a,
                      struct nonlinear_signal signal)
{
    return nonlinear_chain_neuron_sign(d, layer, a) * signal.sign;
}

void nonlinear_chain_neuron_at(const struct nonlinear_chain_data *d, size_t layer, double a,
                               struct nonlinear_signal signal, struct nonlinear_point *point)
{
    const struct nonlinear_neuron *neuron = &d->neuron[layer];
    const double h = signal.h, u = a * h, side = side_of(d, layer, a, signal);
    if (is_past(u, side) && is_dead(neuron, side)) {
        point->value = 0;
        point->slope = 0;
    } else if (neuron->kinked && is_past(u, side)) {
        const double slope = neuron->slope[side > 0], curvature = neuron->curvature[side > 0];
        point->value = activation_value(&neuron->f, 0) + u * (slope + curvature * u / 2);
        point->slope = slope + curvature * u;
    } else {
        point->value = activation_value(&neuron->f, u);
        point->slope = met_by(activation_slope(&neuron->f, u), h);
    }
    point->sign = side == 0 ? sign_of(point->value) : neuron->sign[side > 0];
    point->own = point->slope;
    if (neuron->chart != 0) {
        const double unit = nonlinear_chain_neuron_sign(d, layer, a) < 0 ? -1 : 1;
        point->own = met_by(activation_slope(&neuron->f, unit * h), h);
    }
    if (!d->derivative)
        point->own = 1;
}

void nonlinear_chain_neuron_turn(const struct nonlinear_chain_data *d, size_t layer, double a,
                                 struct nonlinear_signal signal, struct nonlinear_point *point)
{
    const struct nonlinear_neuron *neuron = &d->neuron[layer];
    const double h = signal.h, side = side_of(d, layer, a, signal);
    const bool past = is_past(a * h, side);
    point->curvature = past && is_dead(neuron, side) ? 0
                       : past && neuron->kinked
                           ? neuron->curvature[side > 0]
                           : met_by(activation_curvature(&neuron->f, a * h), h);
    point->own_turn = 0;
    if (neuron->chart != 0 && d->derivative) {
        const double unit = nonlinear_chain_neuron_sign(d, layer, a) < 0 ? -1 : 1;
        point->own_turn = unit * met_by(activation_curvature(&neuron->f, unit * h), h);
    }
}

double nonlinear_chain_neuron_weight(const struct nonlinear_neuron *neuron, double y)
{
    return neuron->chart == 0 ? y : copysign(pow(neuron->chart * fabs(y), 1 / neuron->chart), y);
}

double nonlinear_chain_neuron_unknown(const struct nonlinear_neuron *neuron, double a)
{
    return neuron->chart == 0 ? a : copysign(pow(fabs(a), neuron->chart) / neuron->chart, a);
}

/* |a|^(mu - 1).  For mu < 1 that is infinite at zero, and nothing can be bounded by it: for y below
 * the least error that anybody asks about, f(a(y)) has the slope of its chord from zero to there,
 * which bounds what any larger error does. */
double nonlinear_chain_neuron_stretch(const struct nonlinear_neuron *neuron, double a)
{
    static const double LEAST_ERROR =
        1e-10; /* a tenth of what doubt allows at |y| = 1 by default */
    if (neuron->chart == 0)
        return 1;
    const double least = nonlinear_chain_neuron_weight(neuron, LEAST_ERROR);
    const double power = 1 - neuron->chart; /* mu - 1 */
    if (power > 0 || fabs(a) >= least)
        return pow(fabs(a), power);
    return pow(least, power) * sqrt(neuron->chart / neuron->degree);
}

void nonlinear_chain_neuron_weights(const struct nonlinear_chain_data *d, const double *x,
                                    size_t stride, double *w)
{
    for (size_t i = 0; i < d->dim; i++)
        w[i] = i + 1 < d->depth ? nonlinear_chain_neuron_weight(&d->neuron[i], x[i * stride])
                                : x[i * stride];
}
