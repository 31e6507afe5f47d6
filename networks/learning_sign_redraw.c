/* Sign symmetry with moduli that are drawn anew for each batch, the sign-concordant redraw:
 * C_l = |M| .* sgn(W_(l+1))'.  It works where redraws without the signs fail: signs carry the
 * transport. */
#include "networks/learner_parts.h"

#include <math.h>

/* |m| where w is positive, -|m| where it is negative, 0 where it is zero */
static void take_signs(const struct array *W, struct array *C)
{
    for (size_t i = 0; i < C->rows; i++)
        for (size_t k = 0; k < C->columns; k++) {
            const size_t at = i * C->columns + k;
            const double w = array_at(W, k * C->rows + i), m = fabs(array_at(C, at));
            array_put(C, at, w > 0 ? m : w < 0 ? -m : 0);
        }
}

static void sign_redraw_refresh(struct learner *learner)
{
    for (size_t l = 1; l < learner->plan.layers; l++) {
        struct stream stream = learner_stream_of_step(learner, "network feedback redrawn", l);
        learner_draw_feedback(learner, l, &stream, &learner->feedback[l]);
        take_signs(&learner->weight[l + 1], &learner->feedback[l]);
    }
}

const struct learning_rule learning_sign_redraw = {
    .name = "sign-redraw",
    .title = "feedback with the signs of the weights, moduli drawn anew for each batch",
    .equation = "P_l = D_(l+1) C_l',  C_l = |M| .* sgn(W_(l+1))',  M drawn for each batch",
    .source = "Liao, Leibo, Poggio (2016); Baldi, Sadowski, Lu (2018), section 3",
    .label = "MB26",
    .also = "brsf",
    .topology = LEARNING_LAYERED,
    .flow = LEARNING_AVERAGED,
    .refresh = sign_redraw_refresh,
};
