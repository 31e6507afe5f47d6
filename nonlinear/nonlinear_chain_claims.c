/* What a chain with activations conserves, and its loss.
 *
 * Where f_i is homogeneous of degree mu_i, u f_i'(u) = mu_i f_i(u) for every sample, whatever the
 * other layers are, and a_i a_i' becomes mu_i times what the weight above receives, (X4):
 *     fixed feedback   c_i mu_i a_(i+1) - a_i^2/2      gradient descent  a_i^2 - mu_i a_(i+1)^2
 *     adaptive         a_i^2 - mu_i c_i^2              sign symmetry  a_i^2/2 - mu_i |a_(i+1)|
 * and adaptive feedback keeps c_i - a_(i+1) for any f.  Without derivatives only A[1,1,1] on
 * realizable data keeps something, (X5).  Gradient descent never lets the loss grow, (X2).
 *
 * The loss is its excess over the least possible one where that is known: activations that are
 * all homogeneous put (O(1), O(-1)) on finitely many lines through 0, (X3). */
#include "nonlinear/nonlinear_chain_data.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- which there are ---- */

static bool is_homogeneous(const struct nonlinear_chain_data *d, size_t i)
{
    return d->neuron[i].degree > 0;
}

static bool has_fixed_feedback(const struct rule *rule)
{
    return rule->feedback == FEEDBACK_DIRECT || rule->feedback == FEEDBACK_FIXED;
}

/* The weight a_i is frozen: its way back is cut. */
static bool is_frozen(const struct nonlinear_chain_data *d, size_t i)
{
    if (!has_fixed_feedback(d->rule))
        return false;
    if (d->rule->channel == CHANNEL_SKIPPED)
        return d->c[i] == 0;
    for (size_t j = i; j < d->depth; j++)
        if (d->c[j] == 0)
            return true;
    return false;
}

/* What layers i and i + 1 conserve together under the rule, given the factor f_i'. */
static bool pair_conserves(const struct nonlinear_chain_data *d, size_t i,
                           enum nonlinear_claim_kind *kind)
{
    const bool next_to_top = i + 2 == d->depth;
    if (!d->derivative || !is_homogeneous(d, i))
        return false;
    const bool descends = d->rule->channel == CHANNEL_LAYERED || next_to_top;
    switch (d->rule->feedback) {
    case FEEDBACK_DIRECT:
    case FEEDBACK_FIXED:
        *kind = NONLINEAR_COUPLED;
        return descends;
    case FEEDBACK_TRANSPOSED:
        *kind = NONLINEAR_BALANCED;
        return descends;
    case FEEDBACK_SIGNS:
        *kind = NONLINEAR_SIGNED;
        return true;
    case FEEDBACK_ADAPTIVE:
        *kind = NONLINEAR_GRAM;
        return true;
    case FEEDBACK_MIRROR:
        break;
    }
    return false;
}

/* Do the feedback weight C_i and a_(i+1) receive the same? */
static bool shares_changes(const struct nonlinear_chain_data *d, size_t i)
{
    return d->rule->feedback == FEEDBACK_ADAPTIVE &&
           (d->rule->channel == CHANNEL_LAYERED || i + 2 == d->depth);
}

/* a_1' = c_1 (gamma - delta P), a_2' = |a_1|^mu (alpha - beta P) on one side of a_1 = 0, without
 * derivatives, P = a_2 |a_1|^mu. */
struct pair {
    double gamma, delta, alpha, beta, size;
};

static struct pair pair_beside(const struct nonlinear_chain_data *d, double sign)
{
    struct pair pair = {.gamma = 0};
    for (size_t k = 0; k < NONLINEAR_SIGNS; k++) {
        const double I = k == 0 ? 1 : -1, f = activation_value(&d->neuron[0].f, sign * I);
        const struct nonlinear_moment *m = d->collapse.moment + k * d->depth;
        pair.gamma += I * m[0].alpha;
        pair.delta += I * m[0].beta * f;
        pair.alpha += f * m[1].alpha;
        pair.beta += f * f * m[1].beta;
        pair.size += (m[0].size + m[0].beta) * (m[1].size + m[1].beta);
    }
    return pair;
}

/* Do both layers want the same P on both sides?  Then c_1 delta a_2 - beta a_1^(mu+1)/(mu+1). */
static bool is_realizable(const struct nonlinear_chain_data *d, struct nonlinear_claim *claim)
{
    static const double ROUNDINGS = 16; /* of moments and their products */
    if (d->derivative || d->depth != 2 || !has_fixed_feedback(d->rule) || !d->collapse.applies)
        return false;
    const struct pair right = pair_beside(d, 1);
    claim->kind = NONLINEAR_REALIZABLE;
    claim->delta = right.delta;
    for (int k = 0; k < 2; k++) {
        const struct pair p = pair_beside(d, k ? 1 : -1);
        const double off = fabs(p.gamma * p.beta - p.alpha * p.delta);
        if (p.delta == 0 || !(off <= ROUNDINGS * DBL_EPSILON * p.size))
            return false;
        claim->slope[k] = (k ? 1 : -1) * right.delta / p.delta * p.beta;
    }
    return true;
}

static bool loss_falls(const struct nonlinear_chain_data *d)
{
    bool falls = d->derivative && d->rule->feedback == FEEDBACK_TRANSPOSED &&
                 d->rule->channel == CHANNEL_LAYERED;
    for (size_t i = 0; i < d->depth; i++)
        falls = falls && d->rate[i] >= 0;
    return falls;
}

size_t nonlinear_chain_claims_make(const struct nonlinear_chain_data *d,
                                   struct nonlinear_claim *claim)
{
    size_t count = 0;
    if (d->decays)
        return 0;
    for (size_t i = 0; i < d->depth; i++) {
        enum nonlinear_claim_kind kind = NONLINEAR_FROZEN;
        const bool below = i + 1 < d->depth, frozen = is_frozen(d, i);
        if (frozen || (below && pair_conserves(d, i, &kind)))
            claim[count++] = (struct nonlinear_claim){.kind = kind, .layer = i};
        if (below && shares_changes(d, i))
            claim[count++] = (struct nonlinear_claim){.kind = NONLINEAR_DIFFERENCE, .layer = i};
    }
    if (count == 0 && is_realizable(d, &claim[count]))
        count++;
    if (loss_falls(d))
        claim[count++] = (struct nonlinear_claim){.kind = NONLINEAR_LOSS};
    return count;
}

/* ---- their names ---- */

/* What the first of two layers gets the error by: c_1, layered c_1 c_2. */
static double lower_gain(const struct nonlinear_chain_data *d)
{
    return d->rate[0] * d->c[0] * (d->rule->channel == CHANNEL_LAYERED ? d->c[1] : 1);
}

static void name_pair(const struct nonlinear_chain_data *d, const struct nonlinear_claim *claim,
                      struct claim *out)
{
    const size_t i = claim->layer + 1, j = i + 1;
    const double degree = d->neuron[claim->layer].degree;
    char mu[32] = ""; /* nothing for 1 */
    if (degree != 1)
        snprintf(mu, sizeof mu, "%.6g ", degree);
    switch (claim->kind) {
    case NONLINEAR_COUPLED:
        snprintf(out->name, sizeof out->name, "%sc%zu a%zu - a%zu^2/2", mu, i, j, i);
        break;
    case NONLINEAR_BALANCED:
        snprintf(out->name, sizeof out->name, "a%zu^2 - %sa%zu^2", i, mu, j);
        break;
    case NONLINEAR_SIGNED:
        snprintf(out->name, sizeof out->name, "a%zu^2/2 - %s|a%zu|", i, mu, j);
        break;
    default:
        snprintf(out->name, sizeof out->name, "a%zu^2 - %sc%zu^2", i, mu, i);
    }
}

void nonlinear_chain_claims_name(const struct nonlinear_chain_data *d,
                                 const struct nonlinear_claim *claim, struct claim *out)
{
    const size_t i = claim->layer + 1;
    *out = (struct claim){.kind = CLAIM_CONSERVED, .label = "X4"};
    switch (claim->kind) {
    case NONLINEAR_FROZEN:
        snprintf(out->name, sizeof out->name, "a%zu", i);
        break;
    case NONLINEAR_DIFFERENCE:
        snprintf(out->name, sizeof out->name, "c%zu - a%zu", i, i + 1);
        break;
    case NONLINEAR_REALIZABLE:
        out->label = "X5";
        snprintf(out->name, sizeof out->name, "%.6g a2 - %.6g |a1|^%.6g",
                 lower_gain(d) * claim->delta,
                 d->rate[1] * d->c[1] * claim->slope[1] / (d->neuron[0].degree + 1),
                 d->neuron[0].degree + 1);
        break;
    case NONLINEAR_LOSS:
        out->kind = CLAIM_NEVER_INCREASES;
        out->label = "X2";
        snprintf(out->name, sizeof out->name, "loss E[(T - O)^2]/2");
        break;
    default:
        name_pair(d, claim, out);
    }
}

/* ---- their values ---- */

static double observe_weights(const struct nonlinear_chain_data *d,
                              const struct nonlinear_claim *claim, const double *w)
{
    const size_t i = claim->layer, L = d->depth;
    const double eta = d->rate[i], a = w[i];
    const double mu = i + 1 < L ? d->neuron[i].degree : 0;
    switch (claim->kind) {
    case NONLINEAR_FROZEN:
        return a;
    case NONLINEAR_COUPLED: {
        const double top = i + 2 == L && d->rule->channel == CHANNEL_SKIPPED ? d->c[L - 1] : 1;
        return eta * mu * d->c[i] * w[i + 1] - top * d->rate[i + 1] * a * a / 2;
    }
    case NONLINEAR_BALANCED:
        return d->rate[i + 1] * a * a - eta * mu * w[i + 1] * w[i + 1];
    case NONLINEAR_SIGNED:
        return d->rate[i + 1] * a * a / 2 -
               eta * mu * nonlinear_chain_neuron_sign(d, i + 1, w[i + 1]) * w[i + 1];
    case NONLINEAR_DIFFERENCE:
        return d->rate[i + 1] * w[L + i] - d->rate[L + i] * w[i + 1];
    case NONLINEAR_GRAM:
        return d->rate[L + i] * a * a - eta * mu * w[L + i] * w[L + i];
    case NONLINEAR_REALIZABLE: {
        const double nu = d->neuron[0].degree + 1;
        return lower_gain(d) * claim->delta * w[1] -
               d->rate[1] * d->c[1] * claim->slope[a > 0] * pow(fabs(a), nu) / nu;
    }
    case NONLINEAR_LOSS:
        break;
    }
    return 0;
}

/* g[dim] in the weights */
static void gradient_weights(const struct nonlinear_chain_data *d,
                             const struct nonlinear_claim *claim, const double *w, double *g)
{
    const size_t i = claim->layer, L = d->depth;
    const double eta = d->rate[i], a = w[i];
    const double mu = i + 1 < L ? d->neuron[i].degree : 0;
    switch (claim->kind) {
    case NONLINEAR_FROZEN:
        g[i] = 1;
        break;
    case NONLINEAR_COUPLED: {
        const double top = i + 2 == L && d->rule->channel == CHANNEL_SKIPPED ? d->c[L - 1] : 1;
        g[i + 1] = eta * mu * d->c[i];
        g[i] = -top * d->rate[i + 1] * a;
        break;
    }
    case NONLINEAR_BALANCED:
        g[i] = 2 * d->rate[i + 1] * a;
        g[i + 1] = -2 * eta * mu * w[i + 1];
        break;
    case NONLINEAR_SIGNED:
        g[i] = d->rate[i + 1] * a;
        g[i + 1] = -eta * mu * nonlinear_chain_neuron_sign(d, i + 1, w[i + 1]);
        break;
    case NONLINEAR_DIFFERENCE:
        g[L + i] = d->rate[i + 1];
        g[i + 1] = -d->rate[L + i];
        break;
    case NONLINEAR_GRAM:
        g[i] = 2 * d->rate[L + i] * a;
        g[L + i] = -2 * eta * mu * w[L + i];
        break;
    case NONLINEAR_REALIZABLE:
        g[1] = lower_gain(d) * claim->delta;
        g[0] = -d->rate[1] * d->c[1] * claim->slope[a > 0] * (a > 0 ? 1 : -1) *
               pow(fabs(a), d->neuron[0].degree);
        break;
    case NONLINEAR_LOSS:
        break;
    }
}

/* ---- the loss ---- */

/* Along (O(1), O(-1)) = t phi, phi the outputs of unit weights of these signs, the excess is
 * (alpha - beta t)^2/(2 beta), and half of what the best pattern explains more. */
static double collapsed_loss(const struct nonlinear_chain_data *d, const double *w)
{
    const size_t top = d->depth - 1;
    double signs[NONLINEAR_WEIGHTS_MAX] = {0}, alpha = 0, beta = 0, t = 0, largest = 0;
    for (size_t i = 0; i < top; i++)
        signs[i] = w[i] < 0 ? -1 : 1;
    signs[top] = 1;
    for (size_t k = 0; k < NONLINEAR_SIGNS; k++) {
        const double input = k == 0 ? 1 : -1, phi = nonlinear_chain_output(d, signs, input);
        const struct nonlinear_moment *m = &d->collapse.moment[k * d->depth + top];
        alpha += m->alpha * phi;
        beta += m->beta * phi * phi;
        if (fabs(phi) > largest) {
            largest = fabs(phi);
            t = nonlinear_chain_output(d, w, input) / phi;
        }
    }
    const double total =
        isnan(d->collapse.explained) ? d->collapse.target_square : d->collapse.explained;
    if (!(beta > 0))
        return total / 2;
    const double e = alpha - beta * t;
    return e * e / (2 * beta) + fmax(total - alpha * alpha / beta, 0) / 2;
}

/* Evaluated by the signs at x, whatever piece an integrator holds: the loss is continuous. */
double nonlinear_chain_loss(const struct flow *flow, const double *x)
{
    static const size_t NO_SWITCH[PROBLEM_LIST_MAX];
    struct nonlinear_chain_data d = *nonlinear_chain_data_of(flow);
    double w[NONLINEAR_WEIGHTS_MAX], sum = 0;
    d.switch_of = NO_SWITCH;
    nonlinear_chain_neuron_weights(&d, x, 1, w);
    if (d.collapse.applies)
        return collapsed_loss(&d, w);
    const struct nonlinear_terms terms = nonlinear_chain_terms_at(&d, w);
    for (size_t k = 0; k < terms.count; k++) {
        const struct nonlinear_term term = nonlinear_chain_term_of(&terms, k);
        const double error = term.target - nonlinear_chain_output(&d, w, term.input);
        sum += term.weight * error * error;
    }
    return sum / 2;
}

/* Gradient descent: g = -a'/eta, for the rates of the layers that learn; the field of unit rates
 * is asked for, so that a vanishing rate is no division. */
static void loss_gradient(const struct flow *flow, const double *x, double *g)
{
    struct nonlinear_chain_data unit = *nonlinear_chain_data_of(flow);
    struct flow descent = *flow;
    double rate[NONLINEAR_WEIGHTS_MAX], w[NONLINEAR_WEIGHTS_MAX];
    for (size_t i = 0; i < unit.dim; i++)
        rate[i] = 1;
    unit.rate = rate;
    descent.data = &unit;
    nonlinear_chain_neuron_weights(&unit, x, 1, w);
    if (nonlinear_chain_field(&descent, 1, x, g) != OK)
        return;
    for (size_t i = 0; i < unit.dim; i++) {
        const double stretch =
            i + 1 < unit.depth ? nonlinear_chain_neuron_stretch(&unit.neuron[i], w[i]) : 1;
        g[i] = -g[i] * stretch * stretch; /* da = stretch dy, a' = stretch y' */
    }
}

/* ---- for the flow ---- */

double nonlinear_chain_observe(const struct flow *flow, size_t claim, const double *x)
{
    const struct nonlinear_chain_data *d = nonlinear_chain_data_of(flow);
    double w[NONLINEAR_WEIGHTS_MAX];
    if (d->claim[claim].kind == NONLINEAR_LOSS)
        return nonlinear_chain_loss(flow, x);
    nonlinear_chain_neuron_weights(d, x, 1, w);
    return observe_weights(d, &d->claim[claim], w);
}

void nonlinear_chain_gradient(const struct flow *flow, size_t claim, const double *x, double *g)
{
    const struct nonlinear_chain_data *d = nonlinear_chain_data_of(flow);
    double w[NONLINEAR_WEIGHTS_MAX];
    if (d->claim[claim].kind == NONLINEAR_LOSS) {
        loss_gradient(flow, x, g);
        return;
    }
    memset(g, 0, d->dim * sizeof *g);
    nonlinear_chain_neuron_weights(d, x, 1, w);
    gradient_weights(d, &d->claim[claim], w, g);
    for (size_t i = 0; i + 1 < d->depth; i++)
        if (g[i] != 0)
            g[i] *= nonlinear_chain_neuron_stretch(&d->neuron[i], w[i]);
}
