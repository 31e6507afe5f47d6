/* What a rule conserves while it learns, watched from the first step on.
 *
 *   equal increments  (arbp, kolen-pollack, pfa; the top interface of asrbp)
 *                     K = C_l - W_(l+1)', for pfa C_l - W_(l+1)' B_l: every batch adds the same to both
 *                     terms, so K(n) = k_n K(0) to rounding, whatever the data, where
 *                     v <- mu v - lambda k,  k <- k + eta_n v,  k(0) = 1, v(0) = 0
 *   scale             (bp, rbp; hidden neurons with s f'(s) = f(s): relu, identity)
 *                     K_i = |w_i|^2/2 + b_i^2/2 - sum_k c_ik w_ki for the neuron i of layer l, w_ki its
 *                     weights upwards; bp: half of sum_k w_ki^2 instead.  The flow conserves it, a step
 *                     changes it by O(eta^2): k = 1
 *
 * Both need a channel and updates that are what the rule says: laws are dropped where quantisers,
 * normalisation and, for the second, channel neurons, dropout or decay break them.  Stated and proved
 * as (MB66). */
#include "networks/training_work.h"

#include "networks/learning.h"

#include <math.h>

enum law { LAW_NONE, LAW_EQUAL_INCREMENTS, LAW_SCALE };

static bool is_homogeneous(const struct neuron *neuron)
{
    return neuron->kind == NEURON_RELU || neuron->kind == NEURON_IDENTITY;
}

/* Does P_l arrive as the rule computes it, by an exact derivative? */
static bool channel_is_plain(const struct learner_plan *plan)
{
    return !plan->channel_neuron && plan->channel_dropout == 0 &&
           plan->channel_quantiser.rounding == ROUNDING_NONE &&
           (!plan->no_derivative || plan->neuron->kind == NEURON_IDENTITY);
}

static enum law law_of(const struct learner_plan *plan, size_t l)
{
    const struct learning_rule *rule = plan->rule;
    if (l >= plan->layers || plan->normalisation != NORMALISATION_NONE ||
        plan->update_quantiser.rounding != ROUNDING_NONE)
        return LAW_NONE;
    if (rule->feedback_learns && !rule->mirrors)
        return rule->topology == LEARNING_LAYERED || l + 1 == plan->layers ? LAW_EQUAL_INCREMENTS
                                                                           : LAW_NONE;
    if ((rule == &learning_rbp || rule == &learning_bp) && is_homogeneous(plan->neuron) &&
        channel_is_plain(plan) && plan->decay == 0)
        return LAW_SCALE;
    return LAW_NONE;
}

struct array training_invariant_shape(const struct learner *learner, size_t l)
{
    const struct learner_plan *plan = &learner->plan;
    const enum law law = law_of(plan, l);
    if (law == LAW_EQUAL_INCREMENTS)
        return array_view(plan->arithmetic, learner->feedback[l].rows, learner->feedback[l].columns,
                          NULL);
    return array_view(plan->arithmetic, law == LAW_SCALE ? plan->sizes[l] : 0, 1, NULL);
}

/* K = C_l - (image of W_(l+1)') */
static void difference(struct learner *learner, size_t l, struct array *K)
{
    if (learner->plan.rule->image)
        learner->plan.rule->image(learner, l, K);
    else
        array_transpose(&learner->weight[l + 1], K);
    array_scale(-1, K);
    array_add(1, &learner->feedback[l], K);
}

/* sum_k c_ik w_ki, or half of sum_k w_ki^2 where feedback is the transpose */
static double outwards(const struct learner *learner, size_t l, size_t i)
{
    const struct array *W = &learner->weight[l + 1], *C = &learner->feedback[l];
    double sum = 0;
    for (size_t k = 0; k < W->rows; k++) {
        const double w = array_at(W, k * W->columns + i);
        sum += C->values ? array_at(C, i * C->columns + k) * w : w * w / 2;
    }
    return sum;
}

static void scales(const struct learner *learner, size_t l, struct array *K)
{
    for (size_t i = 0; i < K->rows; i++) {
        const struct array w = array_rows(&learner->weight[l], i, 1);
        const double b = learner->plan.biases ? array_at(&learner->bias[l], i) : 0;
        array_put(K, i, (array_dot(&w, &w) + b * b) / 2 - outwards(learner, l, i));
    }
}

static void conserved(struct learner *learner, size_t l, struct array *K)
{
    if (law_of(&learner->plan, l) == LAW_SCALE)
        scales(learner, l, K);
    else
        difference(learner, l, K);
}

void training_invariant_start(struct training *training)
{
    for (size_t l = 1; l < training->plan.learner.layers; l++)
        if (training->work->first[l].values)
            conserved(training->learner, l, &training->work->first[l]);
}

void training_invariant_step(struct training *training, double rate)
{
    struct training_work *work = training->work;
    work->kept_speed =
        training->plan.momentum * work->kept_speed - training->plan.learner.decay * work->kept;
    work->kept += rate * work->kept_speed;
}

double training_invariant(struct training *training, size_t l)
{
    const struct array *first = &training->work->first[l];
    if (!first->values)
        return NAN;
    if (training->steps == 0)
        training_invariant_start(training);
    struct array K =
        array_view(first->arithmetic, first->rows, first->columns, training->work->now.values);
    conserved(training->learner, l, &K);
    array_add(-training->work->kept, first, &K);
    const double norm = array_norm(first);
    return norm > 0 ? array_norm(&K) / norm : NAN;
}
