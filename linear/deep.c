/* Deep linear networks A[N0,...,NL], any sizes, under any rule: the generic flow under its name. */
#include "linear/network.h"

static enum status deep_sizes(const struct problem *problem, size_t *count,
                              size_t sizes[PROBLEM_SIZES_MAX])
{
    if (problem->size_count < 2)
        return status_fail(BAD_ARGUMENT, "deep needs --sizes N0,...,NL: two sizes or more, not %zu",
                           problem->size_count);
    for (size_t i = 0; i < problem->size_count; i++) {
        if (problem->sizes[i] == 0)
            return status_fail(BAD_ARGUMENT, "--sizes: layer %zu has no units", i);
        sizes[i] = problem->sizes[i];
    }
    *count = problem->size_count;
    return OK;
}

const struct system system_deep = {
    .name = "deep",
    .title = "deep linear network A[N0,...,NL]",
    .equation =
        "P = A_L ... A_1;  A_i' = S_i (A_(i-1) ... A_1)',  S_L = E = Sigma_TI - P Sigma_II,  "
        "S_i = C_i S_(i+1) (layered) or C_i E (skipped)",
    .unknowns = "A1 row by row, ..., AL, then the C_i that a rule adapts",
    .options = "--rule --sizes --sigma-ii --sigma-ti --c --rates --lambda --mirror --data --init",
    .source = "Baldi, Sadowski, Lu (2018), section 6",
    .label = "M1",
    .takes_rule = true,
    .sizes = deep_sizes,
    .dim = network_dim,
    .flow = network_flow,
    .predict = network_predict,
};
