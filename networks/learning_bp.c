/* Backpropagation: the learning channel has the forward weights, transposed; the field is minus the
 * gradient of the loss. */
#include "networks/learner_parts.h"

static void bp_deliver(struct learner *learner, size_t layer)
{
    array_product(learner_plain(&learner->signal[layer + 1]),
                  learner_plain(&learner->weight[layer + 1]), 1, 0, &learner->signal[layer]);
}

static void bp_path(struct learner *learner, size_t layer, struct array *matrix)
{
    array_transpose(&learner->weight[layer + 1], matrix);
}

const struct learning_rule learning_bp = {
    .name = "bp",
    .title = "backpropagation",
    .equation = "P_l = D_(l+1) W_(l+1)",
    .source = "Rumelhart, Hinton, Williams (1986); Baldi, Sadowski, Lu (2018)",
    .label = "MB20",
    .topology = LEARNING_LAYERED,
    .flow = LEARNING_SMOOTH,
    .deliver = bp_deliver,
    .path = bp_path,
};
