/* Adaptive skipped random backpropagation. */
#include "linear/problem.h"

const struct rule rule_asrbp = {
    .name = "asrbp",
    .title = "adaptive skipped random backpropagation",
    .equation = "A_i' = C_i E Q_(i-1)',  C_i' = Q_i E'",
    .source = "Baldi, Sadowski, Lu (2018), section 2; Baldi and Sadowski, arXiv 1712.08608",
    .label = "R2",
    .architectures = "conjoined, twin, distinct",
    .feedback = FEEDBACK_ADAPTIVE,
    .channel = CHANNEL_SKIPPED,
};
