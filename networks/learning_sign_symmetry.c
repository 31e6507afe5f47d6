/* Uniform sign symmetry: the feedback has the signs of the forward weights and one modulus, the
 * standard deviation s of the law of C_l.  With s of order one signals would grow from layer to
 * layer. */
#include "networks/learner_parts.h"

static void sign_symmetry_refresh(struct learner *learner)
{
    const struct learner_plan *plan = &learner->plan;
    for (size_t l = 1; l < plan->layers; l++) {
        struct array *C = &learner->feedback[l];
        learner_signs(learner, l, C);
        array_scale(plan->feedback_scale * learner_deviation(C->rows, C->columns), C);
    }
}

const struct learning_rule learning_sign_symmetry = {
    .name = "sign-symmetry",
    .title = "uniform sign symmetry",
    .equation = "P_l = D_(l+1) C_l',  C_l = s sgn(W_(l+1))'",
    .source = "Liao, Leibo, Poggio (2016); Xiao et al. (2019)",
    .label = "MB26",
    .also = "usf",
    .topology = LEARNING_LAYERED,
    .flow = LEARNING_DISCONTINUOUS,
    .refresh = sign_symmetry_refresh,
};
