/* The field of a learner, and a step along it.
 *
 * Forward, S_l = X_(l-1) W_l' and one pass for bias and neurons; error and loss at the top; down the
 * learning channel, each P_l by the rule, one pass for the derivatives; then F(W_l) = D_l' X_(l-1)/B
 * by one product straight into the field.  Every product is BLAS' and every other pass touches a
 * matrix of the batch once.  The field is that of the weights before the step, feedback included:
 * were W moved first, what ARBP and Kolen and Pollack's rule conserve would be lost at order eta^2.
 *
 * Rejected: to add D_l' X_(l-1) eta/B to W_l at once and do without the field.  It would save one
 * pass over the state, but flows, momentum, quantised updates and angles all need the field. */
#include "networks/learner_parts.h"

#include <assert.h>

/* ---- forward ---- */

static void use_samples(struct learner *learner, size_t samples)
{
    assert(samples > 0 && samples <= learner->plan.batch);
    learner->samples = samples;
    for (size_t l = 1; l <= learner->plan.layers; l++) {
        learner->output[l].rows = samples;
        learner->signal[l].rows = samples;
    }
    learner->error.rows = samples;
}

void learner_forward(struct learner *learner, const struct array *inputs)
{
    const struct learner_plan *plan = &learner->plan;
    use_samples(learner, inputs->rows);
    learner->output[0] = *inputs;
    for (size_t l = 1; l <= plan->layers; l++) {
        struct array *x = &learner->output[l];
        const struct array *bias = plan->biases ? &learner->bias[l] : NULL;
        array_product(learner_plain(&learner->output[l - 1]),
                      learner_transposed(&learner->weight[l]), 1, 0, x);
        if (l < plan->layers)
            array_activate(plan->neuron, bias, x);
        else if (bias)
            array_activate(learner_parts_of(learner)->identity, bias, x);
    }
}

double learner_loss(struct learner *learner, const struct array *targets)
{
    return array_error(learner->plan.loss, targets, &learner->output[learner->plan.layers],
                       &learner->error);
}

/* ---- down the learning channel ---- */

/* P_l = D_(l+1) C_l' or E C_l' */
static void deliver(struct learner *learner, size_t l)
{
    const struct learning_rule *rule = learner->plan.rule;
    if (rule->deliver) {
        rule->deliver(learner, l);
        return;
    }
    const struct array *from =
        rule->topology == LEARNING_SKIPPED ? &learner->error : &learner->signal[l + 1];
    array_product(learner_plain(from), learner_transposed(&learner->feedback[l]), 1, 0,
                  &learner->signal[l]);
}

/* D_l = P_l .* f', or P_l itself: (MB32) */
static void backward(struct learner *learner)
{
    for (size_t l = learner->plan.layers; l-- > 1;) {
        deliver(learner, l);
        learner_channel(learner, l);
        if (!learner->plan.no_derivative)
            array_gate(learner->plan.neuron, &learner->output[l], &learner->signal[l]);
    }
}

void learner_backpropagate(struct learner *learner, struct array *signal)
{
    const size_t L = learner->plan.layers;
    array_copy(&learner->error, &signal[L]);
    for (size_t l = L; l-- > 1;) {
        array_product(learner_plain(&signal[l + 1]), learner_plain(&learner->weight[l + 1]), 1, 0,
                      &signal[l]);
        array_gate(learner->plan.neuron, &learner->output[l], &signal[l]);
    }
}

/* ---- the field ---- */

/* F(W_l) = D_l' X_(l-1) / B, F(b_l) = D_l' 1 / B */
static void mean_field(struct learner *learner, size_t l)
{
    const double mean = 1 / (double)learner->samples;
    array_product(learner_transposed(&learner->signal[l]), learner_plain(&learner->output[l - 1]),
                  mean, 0, &learner->weight_field[l]);
    if (learner->plan.biases)
        array_column_sums(mean, &learner->signal[l], &learner->bias_field[l]);
}

static void field_of_layer(struct learner *learner, size_t l)
{
    const struct learner_plan *plan = &learner->plan;
    if (plan->rule->weight_field && l < plan->layers)
        plan->rule->weight_field(learner, l);
    else if (plan->update_quantiser.rounding != ROUNDING_NONE)
        learner_quantised_field(learner, l);
    else
        mean_field(learner, l);
    if (plan->decay > 0)
        array_add(-plan->decay, &learner->weight[l], &learner->weight_field[l]);
}

/* F(C_l) = X_l' D_(l+1) / B or X_l' E / B */
static void field_of_feedback(struct learner *learner, size_t l)
{
    const struct learning_rule *rule = learner->plan.rule;
    const struct array *from =
        rule->topology == LEARNING_SKIPPED ? &learner->error : &learner->signal[l + 1];
    if (rule->feedback_field)
        rule->feedback_field(learner, l);
    else
        array_product(learner_transposed(&learner->output[l]), learner_plain(from),
                      1 / (double)learner->samples, 0, &learner->feedback_field[l]);
    if (learner->plan.decay > 0 && !rule->mirrors)
        array_add(-learner->plan.decay, &learner->feedback[l], &learner->feedback_field[l]);
}

double learner_field(struct learner *learner, const struct array *inputs,
                     const struct array *targets)
{
    const struct learner_plan *plan = &learner->plan;
    if (plan->rule->refresh)
        plan->rule->refresh(learner);
    learner_forward(learner, inputs);
    const double loss = learner_loss(learner, targets);
    backward(learner);
    for (size_t l = 1; l <= plan->layers; l++)
        field_of_layer(learner, l);
    for (size_t l = 1; l < plan->layers && plan->rule->feedback_learns; l++)
        field_of_feedback(learner, l);
    return loss;
}

void learner_step(struct learner *learner, double rate)
{
    array_add(rate, &learner->field, &learner->state);
    learner_normalise(learner);
    learner->step++;
}
