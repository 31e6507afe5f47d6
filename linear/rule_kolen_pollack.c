/* Kolen and Pollack's rule: arbp with the same decay on both channels, which makes them
 * symmetric. */
#include "linear/problem.h"

const struct rule rule_kolen_pollack = {
    .name = "kolen-pollack",
    .title = "Kolen-Pollack (arbp with decay lambda in both channels)",
    .equation = "A_i' = B_i E Q_(i-1)' - lambda A_i,  C_i' = Q_i (B_(i+1) E)' - lambda C_i",
    .source = "Kolen and Pollack (1994); Akrout et al. (2019)",
    .label = "R3",
    .also = "kp",
    .architectures = "conjoined, twin",
    .feedback = FEEDBACK_ADAPTIVE,
    .channel = CHANNEL_LAYERED,
    .needs_decay = true,
};
