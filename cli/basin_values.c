/* Numbers of one cell.
 *
 *   sharpness   |transverse rate| at the limit: how steeply the flow falls onto the fixed points.
 *               For a gradient flow it is the least curvature of the loss across its minima, for
 *               leaves that are curves the curvature.
 *   path        of the state, the integral of |f|, in steps of the referee, up to the limit
 *   turns       sign changes of dP/dt along the trajectory, a chain's S by which P' = S e: (H2)
 *   alignment   of a chain with fixed feedback: cosine between its direct weights, times rates, and
 *               those of backpropagation, eta_i a_(i+1) ... a_L, over the layers below the top; of
 *               a network with layered feedback: between all C_i and all A_(i+1)', entry by entry
 *
 * All but time and turns belong to the limit, and are NAN where there is none. */
#include "cli/basin.h"

#include "linear/chain.h"

#include <math.h>

static const char *const names[BASIN_QUANTITIES] = {
    [BASIN_TIME] = "time",           [BASIN_LIMIT] = "limit", [BASIN_LOSS] = "loss",
    [BASIN_SHARPNESS] = "sharpness", [BASIN_PATH] = "path",   [BASIN_TURNS] = "turns",
    [BASIN_ALIGNMENT] = "alignment", [BASIN_BOUND] = "bound"};

const char *basin_values_name(enum basin_quantity quantity)
{
    return names[quantity];
}

bool basin_values_need_path(const struct basin_map *map)
{
    for (size_t k = 0; k < map->columns; k++)
        if (map->column[k].quantity == BASIN_PATH || map->column[k].quantity == BASIN_TURNS)
            return true;
    return false;
}

/* ---- alignment ---- */

struct cosine {
    double xy, xx, yy;
};

static void cosine_add(struct cosine *sum, double x, double y)
{
    sum->xy += x * y;
    sum->xx += x * x;
    sum->yy += y * y;
}

static double cosine_of(const struct cosine *sum)
{
    const double length = sqrt(sum->xx) * sqrt(sum->yy);
    return length > 0 ? sum->xy / length : NAN;
}

static double chain_alignment(const struct problem_given *given, const double *a)
{
    const struct problem *problem = &given->problem;
    const double *direct = chain_direct_weights(given->flow);
    struct cosine sum = {0};
    double above = 1; /* a_(i+1) ... a_L */
    for (size_t i = given->dim - 1; i-- > 0;) {
        const double rate = problem->rate_count > 0 ? problem->rates[i] : 1;
        above *= a[i + 1];
        cosine_add(&sum, chain_is_gradient(given->flow) ? rate * above : direct[i], rate * above);
    }
    return cosine_of(&sum);
}

/* C_i of N_i x N_(i+1) and A_(i+1) of N_(i+1) x N_i, row by row. */
static double network_alignment(const struct problem_given *given, const double *x)
{
    const struct problem *problem = &given->problem;
    size_t count, sizes[PROBLEM_SIZES_MAX], weights = 0;
    if (problem_sizes(problem, &count, sizes) != OK)
        return NAN; /* it was asked for at the beginning */
    for (size_t i = 0; i + 1 < count; i++)
        weights += sizes[i] * sizes[i + 1];
    const bool learns = problem_feedback_learns(problem->rule);
    const double *C = learns ? x + weights : problem_feedback(problem);
    const double *A = x + sizes[0] * sizes[1];
    struct cosine sum = {0};
    for (size_t i = 1; i + 1 < count; i++) {
        for (size_t r = 0; r < sizes[i]; r++)
            for (size_t s = 0; s < sizes[i + 1]; s++)
                cosine_add(&sum, C[r * sizes[i + 1] + s], A[s * sizes[i] + r]);
        C += sizes[i] * sizes[i + 1];
        A += sizes[i] * sizes[i + 1];
    }
    return cosine_of(&sum);
}

/* Feedback that is written down, layer by layer, in full. */
static bool has_layered_feedback(const struct problem_given *given)
{
    const struct problem *problem = &given->problem;
    size_t count, sizes[PROBLEM_SIZES_MAX], entries = 0;
    if (!problem->rule || problem->rule->channel != CHANNEL_LAYERED || problem->rule->product ||
        problem->biases || !problem_is_network(problem) ||
        problem_sizes(problem, &count, sizes) != OK)
        return false;
    for (size_t i = 1; i + 1 < count; i++)
        entries += sizes[i] * sizes[i + 1];
    return problem_feedback_learns(problem->rule) ||
           (problem->rule->feedback == FEEDBACK_FIXED && problem->c_count == entries);
}

static double alignment(const struct problem_given *given, const double *x)
{
    return chain_is_scalar(&given->problem) ? chain_alignment(given, x)
                                            : network_alignment(given, x);
}

/* ---- columns ---- */

enum status basin_values_fit(const struct basin_map *map, enum basin_quantity quantity)
{
    const struct problem_given *given = &map->given;
    if (quantity == BASIN_LOSS && !given->flow->loss)
        return status_fail(BAD_ARGUMENT, "--values: %s has no loss", given->flow->title);
    if (quantity == BASIN_TURNS &&
        !(chain_is_scalar(&given->problem) && given->problem.lambda == 0))
        return status_fail(BAD_ARGUMENT,
                           "--values: turns needs a linear chain with fixed feedback and no decay");
    if (quantity == BASIN_ALIGNMENT &&
        !((chain_is_scalar(&given->problem) && given->dim > 1) || has_layered_feedback(given)))
        return status_fail(BAD_ARGUMENT,
                           "--values: alignment needs a chain with fixed feedback, or a network "
                           "with layered feedback given in --c or learned");
    if (map->predicts &&
        (quantity == BASIN_TIME || quantity == BASIN_PATH || quantity == BASIN_TURNS))
        return status_fail(BAD_ARGUMENT, "--values: %s is not predicted", names[quantity]);
    return OK;
}

static double value_of(const struct basin_map *map, const struct basin_cell *cell,
                       struct basin_column column)
{
    const struct sweep_result *result = cell->result;
    const struct flow *flow = map->given.flow;
    switch (column.quantity) {
    case BASIN_TIME:
        return result->t;
    case BASIN_TURNS:
        return cell->turns;
    default:
        break;
    }
    if (!result->has_limit)
        return NAN;
    switch (column.quantity) {
    case BASIN_LIMIT:
        return result->limit[column.unknown];
    case BASIN_LOSS:
        return flow->loss(flow, result->limit);
    case BASIN_SHARPNESS:
        return fabs(result->transverse_rate);
    case BASIN_PATH:
        return cell->path;
    case BASIN_ALIGNMENT:
        return alignment(&map->given, result->limit);
    default:
        return result->distance_bound;
    }
}

void basin_values_fill(const struct basin_map *map, const struct basin_cell *cell, double *column)
{
    for (size_t k = 0; k < map->columns; k++)
        column[k] = value_of(map, cell, map->column[k]);
}
