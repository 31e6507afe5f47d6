/* Positive feedback: random backpropagation through the moduli of its weights. */
#include "networks/learning.h"

#include <math.h>

static double modulus(const void *context, double c)
{
    (void)context;
    return fabs(c);
}

static void positive_initialise(struct learner *learner)
{
    for (size_t l = 1; l < learner->plan.layers; l++)
        array_map(modulus, NULL, &learner->feedback[l]);
}

const struct learning_rule learning_positive = {
    .name = "positive",
    .title = "random backpropagation through positive weights",
    .equation = "P_l = D_(l+1) C_l',  C_l fixed and positive",
    .source = "an example",
    .label = "MB21",
    .topology = LEARNING_LAYERED,
    .flow = LEARNING_SMOOTH,
    .feedback_drawn = true,
    .initialise = positive_initialise,
};
