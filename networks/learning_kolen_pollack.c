/* Kolen and Pollack's rule: arbp with the same decay of W and C, which makes them symmetric at the
 * rate lambda whatever the data are: (MB40). */
#include "networks/learning.h"

static const double DECAY = 1e-3; /* lambda; Akrout et al. use it at this size, without momentum */

const struct learning_rule learning_kolen_pollack = {
    .name = "kolen-pollack",
    .title = "Kolen-Pollack (arbp with decay in both channels)",
    .equation = "P_l = D_(l+1) C_l',  F(C_l) = X_l' D_(l+1) / B - lambda C_l",
    .source = "Kolen, Pollack (1994); Akrout et al. (2019)",
    .label = "MB24",
    .also = "kp",
    .topology = LEARNING_LAYERED,
    .flow = LEARNING_SMOOTH,
    .feedback_learns = true,
    .feedback_drawn = true,
    .decay = DECAY,
};
