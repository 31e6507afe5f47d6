/* Skipped random backpropagation of which only the signs arrive: P_l = alpha sgn(E C_l').  It is the
 * quantised channel with one bit, but for sgn 0 = 0. */
#include "networks/learner_parts.h"

static const double ALPHA = 0.125; /* 2^-3, the range of the quantised channel there */

static void sign_only_deliver(struct learner *learner, size_t layer)
{
    struct array *P = &learner->signal[layer];
    array_product(learner_plain(&learner->error), learner_transposed(&learner->feedback[layer]), 1,
                  0, P);
    array_signs(P, P);
    array_scale(ALPHA, P);
}

const struct learning_rule learning_sign_only = {
    .name = "sign-only",
    .title = "skipped random backpropagation of signs only",
    .equation = "P_l = alpha sgn(E C_l'),  alpha = 2^-3",
    .source = "Baldi, Sadowski, Lu (2018)",
    .label = "MB29",
    .topology = LEARNING_SKIPPED,
    .flow = LEARNING_DISCONTINUOUS,
    .feedback_drawn = true,
    .deliver = sign_only_deliver,
};
