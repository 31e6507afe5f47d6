/* Skipped backpropagation: the error goes to every layer in one jump, through the product of the
 * transposed weights above it and past the derivatives of the layers between.
 *
 * The products are taken anew for each batch, from the top, C_l = W_(l+1)' C_(l+1): a matrix N_l x N_L
 * is smaller than a batch of signals where the top layer is narrow. */
#include "networks/learner_parts.h"

static void sbp_refresh(struct learner *learner)
{
    const size_t L = learner->plan.layers;
    if (L < 2)
        return;
    array_transpose(&learner->weight[L], &learner->feedback[L - 1]);
    for (size_t l = L - 1; l-- > 1;)
        array_product(learner_transposed(&learner->weight[l + 1]),
                      learner_plain(&learner->feedback[l + 1]), 1, 0, &learner->feedback[l]);
}

const struct learning_rule learning_sbp = {
    .name = "sbp",
    .title = "skipped backpropagation",
    .equation = "P_l = E W_L ... W_(l+1)",
    .source = "Baldi, Sadowski, Lu (2018)",
    .label = "MB22",
    .topology = LEARNING_SKIPPED,
    .flow = LEARNING_SMOOTH,
    .refresh = sbp_refresh,
};
