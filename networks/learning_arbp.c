/* Adaptive random backpropagation: the matrices of the channel learn by the signals at both of their
 * ends, C_l' and W_(l+1) by the same amounts, so that W_(l+1) - C_l' stays: (MB40). */
#include "networks/learning.h"

const struct learning_rule learning_arbp = {
    .name = "arbp",
    .title = "adaptive random backpropagation",
    .equation = "P_l = D_(l+1) C_l',  F(C_l) = X_l' D_(l+1) / B",
    .source = "Baldi, Sadowski, Lu (2018); Baldi, Lu, Sadowski (2017)",
    .label = "MB23",
    .topology = LEARNING_LAYERED,
    .flow = LEARNING_SMOOTH,
    .feedback_learns = true,
    .feedback_drawn = true,
};
