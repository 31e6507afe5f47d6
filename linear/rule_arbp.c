/* Adaptive random backpropagation: the feedback weights learn, too, by the product of the signals
 * at both of their ends.  What C_i and A_(i+1)' receive is the same, so their difference stays. */
#include "linear/problem.h"

const struct rule rule_arbp = {
    .name = "arbp",
    .title = "adaptive random backpropagation",
    .equation = "A_i' = C_i ... C_(L-1) E Q_(i-1)',  C_i' = Q_i (C_(i+1) ... C_(L-1) E)'",
    .source = "Baldi, Sadowski, Lu (2018), section 2; Baldi and Sadowski, arXiv 1712.08608",
    .label = "R2",
    .architectures = "conjoined, twin",
    .feedback = FEEDBACK_ADAPTIVE,
    .channel = CHANNEL_LAYERED,
};
