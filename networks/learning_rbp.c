/* Random backpropagation: the error goes down layer by layer through fixed random matrices. */
#include "networks/learning.h"

const struct learning_rule learning_rbp = {
    .name = "rbp",
    .title = "random backpropagation (feedback alignment)",
    .equation = "P_l = D_(l+1) C_l',  C_l fixed",
    .source = "Lillicrap et al. (2016); Baldi, Sadowski, Lu (2018)",
    .label = "MB21",
    .also = "fa",
    .topology = LEARNING_LAYERED,
    .flow = LEARNING_SMOOTH,
    .feedback_drawn = true,
};
