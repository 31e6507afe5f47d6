/* What a network with activations conserves, notes/nonlinear-networks.md.
 *
 *   adaptive feedback   eta_(i+1) C_i - rho_i A_(i+1)', whatever the activations             (Y2)
 *   f(a u) = a^m f(u)   every neuron p of the layer balances its weights from below, the row r
 *                       of A_i (its bias too), against its way back:                         (Y3)
 *       bp                 m eta_i |column p of A_(i+1)|^2 - eta_(i+1) |r|^2
 *       fixed feedback     2 m eta_i (C_i A_(i+1))_pp - eta_(i+1) |r|^2
 *       signs              2 m eta_i |column p of A_(i+1)|_1 - eta_(i+1) |r|^2
 *       adaptive           m eta_i |row p of C_i|^2 - rho_i |r|^2
 *   bp                  the loss never increases                                             (Y4)
 *
 * The bias weights of layer i + 1 do not see neuron p and stay out.  A fixed or transposed channel
 * that skips has these laws only next to the top, where it skips nothing.  Weight decay ends all
 * of them, and leaving out the derivatives all but the first.  Rejected: the balances as matrices,
 * which hold for linear layers only: a non-linear neuron knows its own sums and no other's. */
#include "nonlinear/nonlinear_network_data.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- which there are ---- */

static bool is_top(const struct nonlinear_data *d, size_t i)
{
    return i + 1 == d->shape.layers;
}

/* Does R_i carry S_(i+1)? */
static bool is_next(const struct nonlinear_data *d, size_t i)
{
    return is_top(d, i) || d->rule->channel == CHANNEL_LAYERED;
}

static bool has_balance(const struct nonlinear_data *d, size_t i)
{
    const enum feedback feedback = d->rule->feedback;
    return d->degree[i] > 0 && !d->no_derivative && feedback != FEEDBACK_MIRROR &&
           (feedback == FEEDBACK_ADAPTIVE || is_next(d, i));
}

/* Gradient descent: sbp is, with one hidden layer or without. */
static bool descends(const struct nonlinear_data *d)
{
    const size_t L = d->shape.layers;
    bool all = d->rule->feedback == FEEDBACK_TRANSPOSED || L == 1;
    if (d->rule->channel != CHANNEL_LAYERED && L > 2)
        return false;
    for (size_t i = 1; i <= L; i++)
        all = all && d->rate[i] >= 0;
    return all && !(d->no_derivative && L > 1);
}

/* A list being written, or counted where it is NULL. */
struct list {
    struct nonlinear_claim *claim;
    size_t count;
};

static void add(struct list *list, struct nonlinear_claim claim)
{
    if (list->claim)
        list->claim[list->count] = claim;
    list->count++;
}

static void add_layer(const struct nonlinear_data *d, size_t i, struct list *list)
{
    const bool adapts = d->rule->feedback == FEEDBACK_ADAPTIVE && !d->R;
    for (size_t p = 0; p < d->shape.sizes[i] && adapts && is_next(d, i); p++)
        for (size_t q = 0; q < d->shape.columns[i]; q++)
            add(list, (struct nonlinear_claim){NONLINEAR_DIFFERENCE, i, p, q});
    for (size_t p = 0; p < d->shape.sizes[i] && has_balance(d, i); p++)
        add(list, (struct nonlinear_claim){NONLINEAR_BALANCE, i, p, 0});
}

size_t nonlinear_network_claims(const struct nonlinear_data *d, struct nonlinear_claim *claim,
                                size_t *conserved)
{
    struct list list = {.claim = claim};
    for (size_t i = 1; i < d->shape.layers && !d->decays; i++)
        add_layer(d, i, &list);
    *conserved = list.count;
    if (!d->decays && descends(d))
        add(&list, (struct nonlinear_claim){.kind = NONLINEAR_LOSS});
    return list.count;
}

/* ---- their names ---- */

static void balance_name(const struct nonlinear_data *d, const struct nonlinear_claim *claim,
                         size_t size, char *name)
{
    const size_t i = claim->layer, p = claim->p + 1;
    const double m = d->degree[i];
    char factor[CLAIM_NAME_MAX / 4] = "";
    const bool fixed = d->rule->feedback == FEEDBACK_FIXED;
    const bool doubled = fixed || d->rule->feedback == FEEDBACK_SIGNS;
    if (m != 1 || doubled)
        snprintf(factor, sizeof factor, "%.6g ", doubled ? 2 * m : m);
    if (fixed)
        snprintf(name, size, "%s(C%zu A%zu)[%zu,%zu] - |row %zu of A%zu|^2", factor, i, i + 1, p, p,
                 p, i);
    else if (d->rule->feedback == FEEDBACK_ADAPTIVE)
        snprintf(name, size, "%s|row %zu of C%zu|^2 - |row %zu of A%zu|^2", factor, p, i, p, i);
    else
        snprintf(name, size, "%s|column %zu of A%zu|%s - |row %zu of A%zu|^2", factor, p, i + 1,
                 doubled ? "_1" : "^2", p, i);
}

void nonlinear_network_claim_name(const struct nonlinear_data *d,
                                  const struct nonlinear_claim *claim, struct claim *out)
{
    const size_t i = claim->layer;
    *out = (struct claim){.kind = CLAIM_CONSERVED};
    switch (claim->kind) {
    case NONLINEAR_DIFFERENCE:
        out->label = "Y2";
        snprintf(out->name, sizeof out->name, "C%zu - A%zu' [%zu,%zu]", i, i + 1, claim->p + 1,
                 claim->q + 1);
        return;
    case NONLINEAR_BALANCE:
        out->label = "Y3";
        balance_name(d, claim, sizeof out->name, out->name);
        return;
    case NONLINEAR_LOSS:
        *out = (struct claim){.kind = CLAIM_NEVER_INCREASES, .label = "Y4", .name = "loss"};
    }
}

/* ---- their values ---- */

/* Where neuron p of layer i has its weights: a row from below, a column above, a row of C_i. */
struct neuron {
    size_t row, inputs, column, step, outputs, feedback;
};

static struct neuron neuron_of(const struct nonlinear_data *d, const struct nonlinear_claim *claim)
{
    const struct network_shape *shape = &d->shape;
    const size_t i = claim->layer;
    return (struct neuron){.row = shape->forward[i] + claim->p * nonlinear_width(shape, i),
                           .inputs = nonlinear_width(shape, i),
                           .column = shape->forward[i + 1] + claim->p,
                           .step = nonlinear_width(shape, i + 1),
                           .outputs = shape->sizes[i + 1],
                           .feedback = shape->channel[i] + claim->p * shape->columns[i]};
}

/* The sign that the channel takes for that of weight q above, on the piece that is held. */
static double held_sign(const struct nonlinear_data *d, const struct nonlinear_claim *claim,
                        size_t q, double weight)
{
    const struct network_shape *shape = &d->shape;
    const size_t at = shape->channel[claim->layer] - shape->channel[1];
    const signed char held = d->side[at + claim->p * shape->columns[claim->layer] + q];
    return held ? held : (weight > 0) - (weight < 0);
}

/* The factor of weight q above in the law, and its derivative by that weight. */
static void above_term(const struct nonlinear_data *d, const struct nonlinear_claim *claim,
                       size_t q, const double *x, double term[2])
{
    const struct neuron neuron = neuron_of(d, claim);
    const double weight = x[neuron.column + q * neuron.step];
    double factor = 0;
    switch (d->rule->feedback) {
    case FEEDBACK_FIXED:
        factor = 2 * d->c[neuron.feedback + q];
        break;
    case FEEDBACK_SIGNS:
        factor = 2 * held_sign(d, claim, q, weight);
        break;
    case FEEDBACK_TRANSPOSED:
        term[0] = weight * weight;
        term[1] = 2 * weight;
        return;
    case FEEDBACK_ADAPTIVE:
    case FEEDBACK_DIRECT:
    case FEEDBACK_MIRROR:
        break;
    }
    term[0] = factor * weight;
    term[1] = factor;
}

static double observe_balance(const struct nonlinear_data *d, const struct nonlinear_claim *claim,
                              const double *x)
{
    const struct neuron neuron = neuron_of(d, claim);
    const size_t i = claim->layer;
    const bool adapts = d->rule->feedback == FEEDBACK_ADAPTIVE;
    const double scale = d->degree[i] * d->rate[nonlinear_of_layer(i)];
    const double other =
        d->rate[adapts ? nonlinear_of_channel(&d->shape, i) : nonlinear_of_layer(i + 1)];
    double from_below = 0, back = 0;
    for (size_t q = 0; q < neuron.inputs; q++)
        from_below += x[neuron.row + q] * x[neuron.row + q];
    for (size_t q = 0; q < d->shape.columns[i] && adapts; q++)
        back += x[neuron.feedback + q] * x[neuron.feedback + q];
    for (size_t q = 0; q < neuron.outputs && !adapts; q++) {
        double term[2];
        above_term(d, claim, q, x, term);
        back += term[0];
    }
    return scale * back - other * from_below;
}

static void gradient_balance(const struct nonlinear_data *d, const struct nonlinear_claim *claim,
                             const double *x, double *g)
{
    const struct neuron neuron = neuron_of(d, claim);
    const size_t i = claim->layer;
    const bool adapts = d->rule->feedback == FEEDBACK_ADAPTIVE;
    const double scale = d->degree[i] * d->rate[nonlinear_of_layer(i)];
    const double other =
        d->rate[adapts ? nonlinear_of_channel(&d->shape, i) : nonlinear_of_layer(i + 1)];
    for (size_t q = 0; q < neuron.inputs; q++)
        g[neuron.row + q] = -2 * other * x[neuron.row + q];
    for (size_t q = 0; q < d->shape.columns[i] && adapts; q++)
        g[neuron.feedback + q] = 2 * scale * x[neuron.feedback + q];
    for (size_t q = 0; q < neuron.outputs && !adapts; q++) {
        double term[2];
        above_term(d, claim, q, x, term);
        g[neuron.column + q * neuron.step] = scale * term[1];
    }
}

double nonlinear_network_observe(const struct flow *flow, size_t index, const double *x)
{
    const struct nonlinear_data *d = nonlinear_data_of(flow);
    const struct nonlinear_claim *claim = &d->claim[index];
    if (claim->kind == NONLINEAR_LOSS)
        return nonlinear_network_loss(flow, x);
    if (claim->kind == NONLINEAR_BALANCE)
        return observe_balance(d, claim, x);
    const struct neuron neuron = neuron_of(d, claim);
    const size_t i = claim->layer;
    return d->rate[nonlinear_of_layer(i + 1)] * x[neuron.feedback + claim->q] -
           d->rate[nonlinear_of_channel(&d->shape, i)] * x[neuron.column + claim->q * neuron.step];
}

/* What the flow does, with the other sign and without rates: it descends. */
static void gradient_loss(const struct flow *flow, const double *x, double *g)
{
    const struct nonlinear_data *d = nonlinear_data_of(flow);
    const struct network_shape *shape = &d->shape;
    const struct nonlinear_pass pass = nonlinear_network_pass(d, x);
    nonlinear_network_forward(&pass);
    nonlinear_network_backward(&pass);
    nonlinear_network_gradients(&pass, g);
    for (size_t j = 0; j < shape->forward_count; j++)
        g[j] = -g[j];
}

void nonlinear_network_gradient(const struct flow *flow, size_t index, const double *x, double *g)
{
    const struct nonlinear_data *d = nonlinear_data_of(flow);
    const struct nonlinear_claim *claim = &d->claim[index];
    memset(g, 0, flow->dim * sizeof *g);
    if (claim->kind == NONLINEAR_LOSS) {
        gradient_loss(flow, x, g);
        return;
    }
    if (claim->kind == NONLINEAR_BALANCE) {
        gradient_balance(d, claim, x, g);
        return;
    }
    const struct neuron neuron = neuron_of(d, claim);
    const size_t i = claim->layer;
    g[neuron.feedback + claim->q] = d->rate[nonlinear_of_layer(i + 1)];
    g[neuron.column + claim->q * neuron.step] = -d->rate[nonlinear_of_channel(&d->shape, i)];
}

/* ---- the loss ---- */

/* E[|T - O|^2]/2 less what samples alike cost whose targets differ; S_L = w E. */
double nonlinear_network_loss(const struct flow *flow, const double *x)
{
    const struct nonlinear_data *d = nonlinear_data_of(flow);
    const size_t L = d->shape.layers, m = d->samples;
    const struct nonlinear_pass pass = nonlinear_network_pass(d, x);
    nonlinear_network_forward(&pass);
    double sum = 0;
    for (size_t j = 0; j < d->shape.sizes[L] * m; j++)
        sum += d->at.backward[L][j] * d->at.backward[L][j] / d->weight[j % m];
    return sum / 2 - d->floor;
}
