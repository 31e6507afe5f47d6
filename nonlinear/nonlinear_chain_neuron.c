/* One hidden neuron: its piece, its unknown, and what happens where its weight vanishes.
 *
 * Our activations are analytic but at zero, and u = a h changes sign with a for all samples at
 * once.  So the field is smooth on both sides of a_i = 0 and needs its continuation across, for an
 * integrator that looks beyond the end of a piece: the Taylor polynomial of second order, which is
 * the piece itself for the piecewise linear ones.
 * A power of degree mu < 2 has a field that is not Lipschitz at a = 0; in
 *     y = sgn(a) |a|^(2 - mu)/(2 - mu),   y' = |a|^(1 - mu) a',
 * the factor |a|^(mu - 1) of f' has gone, (X6).  For mu < 1 solutions cross in y at finite speed
 * and go on; for 1 < mu < 2 they may also rest there. */
#include "nonlinear/nonlinear_chain_data.h"

#include <float.h>
#include <math.h>

/* y stands for a_i where f' is not Lipschitz and the channel has it. */
static double chart_of(const struct problem *problem, const struct neurons *f, double degree)
{
    const enum activation_regularity at_zero = f->activation->at_zero(f->parameter);
    const bool steep = at_zero == ACTIVATION_NOT_LIPSCHITZ || at_zero == ACTIVATION_SINGULAR;
    return steep && !problem->no_derivative && degree > 0 && degree < 2 ? 2 - degree : 0;
}

struct nonlinear_neuron nonlinear_chain_neuron_of(const struct problem *problem, size_t layer)
{
    const struct neurons linear = {.activation = &activation_identity};
    const struct neurons f = problem->neuron_count ? activation_of_layer(problem, layer) : linear;
    const double degree = f.activation->degree ? f.activation->degree(f.parameter) : (double)NAN;
    struct nonlinear_neuron neuron = {.f = f,
                                      .degree = degree,
                                      .chart = chart_of(problem, &f, degree),
                                      .kinked =
                                          f.activation->at_zero(f.parameter) == ACTIVATION_KINK};
    for (int right = 0; right < 2; right++) {
        const double beside = right ? DBL_MIN : -DBL_MIN;
        neuron.slope[right] = activation_slope(&f, beside);
        neuron.curvature[right] = activation_curvature(&f, beside);
    }
    return neuron;
}

bool nonlinear_chain_neuron_switches(const struct nonlinear_chain_data *d, size_t layer)
{
    if (layer > 0 && d->rule->feedback == FEEDBACK_SIGNS)
        return true;
    if (layer + 1 == d->depth)
        return false;
    const struct neurons *f = &d->neuron[layer].f;
    const enum activation_regularity at_zero = f->activation->at_zero(f->parameter);
    return at_zero != ACTIVATION_SMOOTH && at_zero != ACTIVATION_LIPSCHITZ;
}

enum switch_kind nonlinear_chain_neuron_switch(const struct nonlinear_chain_data *d, size_t layer)
{
    if (layer + 1 == d->depth || !d->derivative)
        return SWITCH_JUMPS;
    const struct neurons *f = &d->neuron[layer].f;
    return f->activation->at_zero(f->parameter) == ACTIVATION_NOT_LIPSCHITZ ? SWITCH_NOT_UNIQUE
                                                                            : SWITCH_JUMPS;
}

double nonlinear_chain_neuron_sign(const struct nonlinear_chain_data *d, size_t layer, double a)
{
    const signed char held = d->switch_of[layer] ? d->side[d->switch_of[layer] - 1] : 0;
    return held ? held : (a > 0) - (a < 0);
}

/* Is u on or past the end of the piece on the side `sign`? */
static bool is_past(double u, double sign)
{
    return sign > 0 ? u < 0 : sign < 0 && u >= 0;
}

/* Where f' or f'' is infinite and no signal comes in, their product is zero, which is its limit
 * for small signals: both are homogeneous of a degree above -2. */
static double met_by(double slope, double h)
{
    return isinf(slope) && h == 0 ? 0 : slope;
}

void nonlinear_chain_neuron_at(const struct nonlinear_chain_data *d, size_t layer, double a,
                               double h, struct nonlinear_point *point)
{
    const struct nonlinear_neuron *neuron = &d->neuron[layer];
    const double u = a * h, sign = nonlinear_chain_neuron_sign(d, layer, a);
    const double side = h < 0 ? -sign : sign;
    if (neuron->kinked && h != 0 && is_past(u, side)) {
        const double slope = neuron->slope[side > 0], curvature = neuron->curvature[side > 0];
        *point = (struct nonlinear_point){.value = activation_value(&neuron->f, 0) +
                                                   u * (slope + curvature * u / 2),
                                          .slope = slope + curvature * u,
                                          .curvature = curvature};
    } else {
        *point = (struct nonlinear_point){.value = activation_value(&neuron->f, u),
                                          .slope = activation_slope(&neuron->f, u),
                                          .curvature = activation_curvature(&neuron->f, u)};
    }
    point->slope = met_by(point->slope, h);
    point->curvature = met_by(point->curvature, h);
    point->own = point->slope;
    point->own_turn = point->curvature * a;
    if (neuron->chart != 0) {
        const double unit = sign < 0 ? -1 : 1;
        point->own = met_by(activation_slope(&neuron->f, unit * h), h);
        point->own_turn = unit * met_by(activation_curvature(&neuron->f, unit * h), h);
    }
    if (!d->derivative) {
        point->own = 1;
        point->own_turn = 0;
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
    static const double LEAST_ERROR = 1e-11; /* ten times the standard absolute tolerance */
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
