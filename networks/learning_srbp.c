/* Skipped random backpropagation: the error goes to every hidden layer in one jump. */
#include "networks/learning.h"

const struct learning_rule learning_srbp = {
    .name = "srbp",
    .title = "skipped random backpropagation (direct feedback alignment)",
    .equation = "P_l = E C_l',  C_l fixed",
    .source = "Nokland (2016); Baldi, Sadowski, Lu (2018)",
    .label = "MB21",
    .also = "dfa",
    .topology = LEARNING_SKIPPED,
    .flow = LEARNING_SMOOTH,
    .feedback_drawn = true,
};
