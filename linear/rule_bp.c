/* Backpropagation: gradient descent, the comparison for every other rule. */
#include "linear/problem.h"

const struct rule rule_bp = {
    .name = "bp",
    .title = "backpropagation",
    .equation = "a_i' = eta_i (prod_{k!=i} a_k) e",
    .source = "Baldi, Sadowski, Lu (2018), Eq. 51",
    .label = "B1",
    .architectures = "bidirectional",
    .feedback = FEEDBACK_TRANSPOSED,
    .channel = CHANNEL_LAYERED,
};
