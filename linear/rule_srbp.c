/* Skipped random backpropagation: the error goes to every layer directly, through one fixed weight.
 *
 * --c gives c1..c(L-1), with c_L = 1, or c1..cL (notes/conventions.md, (N3)). */
#include "linear/problem.h"

static enum status srbp_direct(const struct problem *problem, double *c)
{
    const size_t L = problem->depth;
    if (problem->c_count != 0 && problem->c_count + 1 != L && problem->c_count != L)
        return status_fail(
            BAD_ARGUMENT,
            "--c has %zu numbers; rule srbp on a chain of depth %zu takes c1..c%zu or c1..c%zu",
            problem->c_count, L, L - 1, L);
    for (size_t i = 0; i < L; i++)
        c[i] = i < problem->c_count ? problem->c[i] : 1;
    return OK;
}

const struct rule rule_srbp = {
    .name = "srbp",
    .title = "skipped random backpropagation (direct feedback alignment)",
    .equation = "a_i' = c_i (prod_{k<i} a_k) e,  c_L = 1",
    .source = "Baldi, Sadowski, Lu (2018), Eqs. 36, 45",
    .label = "N3",
    .also = "dfa",
    .direct = srbp_direct,
    .architectures = "conjoined, twin, distinct",
    .feedback = FEEDBACK_FIXED,
    .channel = CHANNEL_SKIPPED,
};
