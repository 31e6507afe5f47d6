/* Deep networks with activations, A[N0,...,NL]: the generic flow under its name. */
#include "linear/registry.h"
#include "nonlinear/nonlinear_network.h"

static enum status deep_sizes(const struct problem *problem, size_t *count,
                              size_t sizes[PROBLEM_SIZES_MAX])
{
    return system_deep.sizes(problem, count, sizes);
}

const struct system system_nonlinear_deep = {
    .name = "deep",
    .title = "deep network A[N0,...,NL] with activations, full batch",
    .equation = "u_i = A_i h_(i-1), h_i = f_i(u_i), E = T - u_L;  A_i' = E[S_i h_(i-1)'],  "
                "S_L = E,  S_i = f_i'(u_i) C_i S_(i+1) (layered) or f_i'(u_i) C_i E (skipped)",
    .unknowns = "A1 row by row (with biases, the last entry of a row), ..., AL, then the C_i that "
                "a rule adapts",
    .options = "--rule --sizes --activation --mu --biases --no-derivative --data --inputs "
               "--targets --weights --teacher --gaussian --c --rates --lambda --mirror --init",
    .source = "Baldi, Sadowski, Lu (2018), sections 2 and 7",
    .label = "Y1",
    .linear = &system_deep,
    .takes_rule = true,
    .sizes = deep_sizes,
    .dim = nonlinear_network_dim,
    .flow = nonlinear_network_flow,
    .predict = nonlinear_network_predict,
};
