/* Random backpropagation: the error goes down layer by layer through fixed random weights.
 *
 * c_i is indexed by the layer it feeds, i < L; the direct weight of layer i is c_i c_{i+1} ...
 * c_{L-1} (notes/conventions.md, (N3)).  A last entry c_L, if given, multiplies all of them. */
#include "linear/problem.h"

static enum status rbp_direct(const struct problem *problem, double *c)
{
    const size_t L = problem->depth;
    if (problem->c_count != 0 && problem->c_count + 1 != L && problem->c_count != L)
        return status_fail(BAD_ARGUMENT,
                           "--c has %zu numbers; rule rbp on a chain of depth %zu takes c1..c%zu",
                           problem->c_count, L, L - 1);
    double product = 1;
    for (size_t i = L; i-- > 0;) {
        if (i < problem->c_count)
            product *= problem->c[i];
        c[i] = product;
    }
    return OK;
}

const struct rule rule_rbp = {
    .name = "rbp",
    .title = "random backpropagation (feedback alignment), layer by layer",
    .equation = "a_i' = c_i c_{i+1} ... c_{L-1} (prod_{k<i} a_k) e",
    .source = "Baldi, Sadowski, Lu (2018), Eqs. 23, 44",
    .label = "N3",
    .also = "fa",
    .direct = rbp_direct,
    .architectures = "conjoined, twin",
    .feedback = FEEDBACK_FIXED,
    .channel = CHANNEL_LAYERED,
};
