/* Skipped backpropagation: every layer gets the error through the product of the transposed weights
 * above it.  In linear systems this is backpropagation; it differs where neurons have
 * derivatives. */
#include "linear/problem.h"

const struct rule rule_sbp = {
    .name = "sbp",
    .title = "skipped backpropagation (in linear systems the same as bp)",
    .equation = "A_i' = (A_L ... A_(i+1))' E Q_(i-1)'",
    .source = "Baldi, Sadowski, Lu (2018), section 2",
    .label = "R1",
    .architectures = "bidirectional",
    .feedback = FEEDBACK_TRANSPOSED,
    .channel = CHANNEL_SKIPPED,
};
