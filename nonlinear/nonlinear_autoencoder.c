/* One hidden unit with an activation, A[N,1,N]: the generic flow under its name. */
#include "linear/registry.h"
#include "nonlinear/nonlinear_network.h"

static enum status autoencoder_sizes(const struct problem *problem, size_t *count,
                                     size_t sizes[PROBLEM_SIZES_MAX])
{
    return system_autoencoder.sizes(problem, count, sizes);
}

const struct system system_nonlinear_autoencoder = {
    .name = "autoencoder",
    .title = "one hidden unit with an activation, A[N,1,N], full batch",
    .equation = "u = A1 I, h = f(u), E = T - A2 h;  A2' = E[E h'],  A1' = E[S I'],  S = f'(u) C1 E "
                "(rbp, srbp)",
    .unknowns = "A1 row by row (with biases, the last entry of a row), A2, then the C1 that a rule "
                "adapts",
    .options = "--rule --sizes --activation --mu --biases --no-derivative --data --inputs "
               "--targets --weights --teacher --gaussian --c --rates --lambda --mirror --init",
    .source = "Baldi, Sadowski, Lu (2018), sections 2 and 7",
    .label = "Y1",
    .linear = &system_autoencoder,
    .letters = "ABC",
    .takes_rule = true,
    .sizes = autoencoder_sizes,
    .dim = nonlinear_network_dim,
    .flow = nonlinear_network_flow,
    .predict = nonlinear_network_predict,
};
