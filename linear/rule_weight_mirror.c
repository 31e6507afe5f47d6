/* Weight mirror: noise sent forward teaches the feedback weights the transposed forward weights. */
#include "linear/problem.h"

const struct rule rule_weight_mirror = {
    .name = "weight-mirror",
    .title = "weight mirror (mean field)",
    .equation = "A_i' = C_i ... C_(L-1) E Q_(i-1)',  C_i' = sigma^2 A_(i+1)' - lambda C_i",
    .source = "Akrout et al. (2019)",
    .label = "R4",
    .also = "wm",
    .architectures = "conjoined, twin",
    .feedback = FEEDBACK_MIRROR,
    .channel = CHANNEL_LAYERED,
    .needs_decay = true,
    .channel_decays = true,
};
