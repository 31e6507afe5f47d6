/* Skipped random backpropagation of which only the moduli arrive: every hidden weight moves one way
 * for each input, and it must fail. */
#include "networks/learner_parts.h"

#include <math.h>

static double magnitude(const void *context, double x)
{
    (void)context;
    return fabs(x);
}

static void magnitude_only_deliver(struct learner *learner, size_t layer)
{
    struct array *P = &learner->signal[layer];
    array_product(learner_plain(&learner->error), learner_transposed(&learner->feedback[layer]), 1,
                  0, P);
    array_map(magnitude, NULL, P);
}

const struct learning_rule learning_magnitude_only = {
    .name = "magnitude-only",
    .title = "skipped random backpropagation of moduli only",
    .equation = "P_l = |E C_l'|, entry by entry",
    .source = "Baldi, Sadowski, Lu (2018)",
    .label = "MB29",
    .topology = LEARNING_SKIPPED,
    .flow = LEARNING_SMOOTH,
    .feedback_drawn = true,
    .deliver = magnitude_only_deliver,
};
