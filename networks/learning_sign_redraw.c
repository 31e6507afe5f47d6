/* Sign symmetry with moduli that are drawn anew for each batch, the sign-concordant redraw:
 * C_l = |M| .* sgn(W_(l+1))'.  It works where redraws without the signs fail: signs carry the
 * transport. */
#include "networks/learner_parts.h"

#include <math.h>
#include <stdlib.h>

static enum status sign_redraw_create(struct learner *learner)
{
    size_t most = 0;
    for (size_t l = 1; l < learner->plan.layers; l++)
        most =
            array_count(&learner->feedback[l]) > most ? array_count(&learner->feedback[l]) : most;
    struct array *signs = malloc(sizeof *signs + most * learner->plan.arithmetic->bytes);
    if (!signs)
        return status_fail(NO_MEMORY, "the signs of %zu weights", most);
    *signs = array_view(learner->plan.arithmetic, most, 1, signs + 1);
    learner->own = signs;
    return OK;
}

static void sign_redraw_destroy(struct learner *learner)
{
    free(learner->own);
}

static double modulus(const void *context, double x)
{
    (void)context;
    return fabs(x);
}

static void sign_redraw_refresh(struct learner *learner)
{
    for (size_t l = 1; l < learner->plan.layers; l++) {
        struct array *C = &learner->feedback[l];
        struct array signs = *C;
        signs.values = ((struct array *)learner->own)->values;
        struct stream stream = learner_stream_of_step(learner, "network feedback redrawn", l);
        learner_draw_feedback(learner, l, &stream, C);
        array_map(modulus, NULL, C);
        learner_signs(learner, l, &signs);
        array_times(&signs, C);
    }
}

const struct learning_rule learning_sign_redraw = {
    .name = "sign-redraw",
    .title = "feedback with the signs of the weights, moduli drawn anew for each batch",
    .equation = "P_l = D_(l+1) C_l',  C_l = |M| .* sgn(W_(l+1))',  M drawn for each batch",
    .source = "Liao, Leibo, Poggio (2016); Baldi, Sadowski, Lu (2018)",
    .label = "MB26",
    .also = "brsf",
    .topology = LEARNING_LAYERED,
    .flow = LEARNING_AVERAGED,
    .create = sign_redraw_create,
    .destroy = sign_redraw_destroy,
    .refresh = sign_redraw_refresh,
};
