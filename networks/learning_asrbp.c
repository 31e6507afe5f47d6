/* Adaptive skipped random backpropagation; only the last C_l gets what W_L gets: (MB40). */
#include "networks/learning.h"

const struct learning_rule learning_asrbp = {
    .name = "asrbp",
    .title = "adaptive skipped random backpropagation",
    .equation = "P_l = E C_l',  F(C_l) = X_l' E / B",
    .source = "Baldi, Sadowski, Lu (2018); Baldi, Lu, Sadowski (2017)",
    .label = "MB23",
    .topology = LEARNING_SKIPPED,
    .flow = LEARNING_SMOOTH,
    .feedback_learns = true,
    .feedback_drawn = true,
};
