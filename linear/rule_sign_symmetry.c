/* Sign symmetry: the feedback weights have the signs of the forward weights.  The field jumps where
 * a weight above the first layer vanishes. */
#include "linear/problem.h"

const struct rule rule_sign_symmetry = {
    .name = "sign-symmetry",
    .title = "sign symmetry",
    .equation = "A_i' = sgn(A_(i+1))' S_(i+1) Q_(i-1)',  S_i = sgn(A_(i+1))' S_(i+1),  S_L = E",
    .source = "Liao, Leibo, Poggio (2016)",
    .label = "R5",
    .architectures = "conjoined, twin",
    .feedback = FEEDBACK_SIGNS,
    .channel = CHANNEL_LAYERED,
};
