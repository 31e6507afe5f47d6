/* Only the top layer learns: what a rule must beat to be said to train hidden layers. */
#include "networks/learning.h"

static void top_layer_deliver(struct learner *learner, size_t layer)
{
    array_fill(0, &learner->signal[layer]);
}

static void top_layer_field(struct learner *learner, size_t layer)
{
    array_fill(0, &learner->weight_field[layer]);
    if (learner->plan.biases)
        array_fill(0, &learner->bias_field[layer]);
}

static void top_layer_path(struct learner *learner, size_t layer, struct array *matrix)
{
    (void)learner;
    (void)layer;
    array_fill(0, matrix);
}

const struct learning_rule learning_top_layer = {
    .name = "top-layer",
    .title = "only the top layer learns",
    .equation = "P_l = 0",
    .source = "Baldi, Sadowski, Lu (2018)",
    .label = "MB28",
    .also = "top",
    .topology = LEARNING_NONE,
    .flow = LEARNING_SMOOTH,
    .deliver = top_layer_deliver,
    .weight_field = top_layer_field,
    .path = top_layer_path,
};
