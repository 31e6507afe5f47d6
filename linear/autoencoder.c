/* The autoencoder with one hidden unit, A[N,1,N], and A[N0,1,N2] for other targets.
 *
 *   A' = C E,  B' = E A',  E = Sigma_TI - B A Sigma_II       (rbp, srbp; A a row, B a column)
 *
 * With fixed feedback it is the flow of hidden.c for N1 = 1; its limits are known completely
 * (autoencoder_prediction.c, notes/autoencoder.md). */
#include "linear/autoencoder.h"

#include "linear/hidden.h"
#include "linear/network.h"

static enum status autoencoder_sizes(const struct problem *problem, size_t *count,
                                     size_t sizes[PROBLEM_SIZES_MAX])
{
    enum { SIZES = 3 };
    if (problem->size_count != SIZES || problem->sizes[1] != 1 || problem->sizes[0] == 0 ||
        problem->sizes[2] == 0)
        return status_fail(BAD_ARGUMENT,
                           "autoencoder needs --sizes N,1,N (or N0,1,N2 with other targets)");
    for (size_t i = 0; i < SIZES; i++)
        sizes[i] = problem->sizes[i];
    *count = SIZES;
    return OK;
}

static enum status autoencoder_flow(const struct problem *problem, struct flow **flow)
{
    return hidden_is_fixed(problem) ? hidden_flow_of(problem, flow) : network_flow(problem, flow);
}

const struct system system_autoencoder = {
    .name = "autoencoder",
    .title = "autoencoder with one hidden unit, A[N,1,N]",
    .equation = "A' = C E, B' = E A^t (rbp, srbp);  E = Sigma_TI - B A Sigma_II",
    .unknowns = "A (N0 numbers), B (N2), then the C that a rule adapts",
    .options = "--rule --sizes --sigma-ii --sigma-ti --c --rates --lambda --mirror --data --init",
    .source = "Baldi, Sadowski, Lu (2018), Theorem 6, Eq. 68",
    .label = "U1",
    .letters = "ABC",
    .takes_rule = true,
    .sizes = autoencoder_sizes,
    .dim = network_dim,
    .flow = autoencoder_flow,
    .predict = autoencoder_predict,
};
