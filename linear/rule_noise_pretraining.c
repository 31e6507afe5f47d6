/* Random-noise pretraining: rbp on targets that are independent of the inputs, Sigma_TI = 0. */
#include "linear/problem.h"

const struct rule rule_noise_pretraining = {
    .name = "noise-pretraining",
    .title = "rbp on random noise (targets independent of the inputs, mean field)",
    .equation = "A_i' = -C_i ... C_(L-1) P Sigma_II Q_(i-1)'",
    .source = "Cheon et al., arXiv 2405.16731",
    .label = "R7",
    .architectures = "conjoined, twin",
    .feedback = FEEDBACK_FIXED,
    .channel = CHANNEL_LAYERED,
    .no_targets = true,
};
