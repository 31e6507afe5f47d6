/* Random backpropagation with feedback that is drawn anew for each batch, once for all of its
 * samples.  Its mean moves only the top layer, and the hidden weights diffuse: it must fail. */
#include "networks/learner_parts.h"

static void redraw_refresh(struct learner *learner)
{
    for (size_t l = 1; l < learner->plan.layers; l++) {
        struct stream stream = learner_stream_of_step(learner, "network feedback redrawn", l);
        learner_draw_feedback(learner, l, &stream, &learner->feedback[l]);
    }
}

const struct learning_rule learning_redraw = {
    .name = "redraw",
    .title = "random backpropagation with feedback drawn anew for each batch",
    .equation = "P_l = D_(l+1) C_l',  C_l drawn for each batch",
    .source = "Baldi, Sadowski, Lu (2018)",
    .label = "MB27",
    .topology = LEARNING_LAYERED,
    .flow = LEARNING_AVERAGED,
    .refresh = redraw_refresh,
};
