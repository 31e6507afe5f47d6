/* Product feedback alignment: the error first passes a fixed matrix R, then adaptive weights that
 * decay as in Kolen and Pollack's rule; the product of both aligns with the forward weights. */
#include "linear/problem.h"

const struct rule rule_pfa = {
    .name = "pfa",
    .title = "product feedback alignment",
    .equation = "A_1' = C_1 R E - lambda A_1,  A_2' = E A_1' - lambda A_2,  "
                "C_1' = A_1 (R E)' - lambda C_1;  deeper: S_(L-1) = C_(L-1) R E",
    .source = "Ji-An and Benna, arXiv 2405.20594",
    .label = "R6",
    .architectures = "distinct",
    .feedback = FEEDBACK_ADAPTIVE,
    .channel = CHANNEL_LAYERED,
    .product = true,
    .needs_decay = true,
};
