/* Numbers of one cell.
 *
 *   sharpness   largest eigenvalue of the Hessian of the loss at the limit, (T9)
 *   rate        minus the transverse rate at the limit: how steeply the flow falls onto the fixed
 *               points, negative at saddles.  For gradient descent it is the least curvature of the
 *               loss across its minima, and the sharpness where only one direction is across.
 *   time        from when on |x - limit| stays below 1e-6 (1 + |limit|), sweep_path.h
 *   path        length of the way to the limit, the integral of |f|
 *   turns       sign changes of dP/dt on the way: of a chain with fixed feedback the roots of
 *               S = dP/ds on its leaf, between the start and the limit, (H2); under gradient descent
 *               S is a sum of squares, and dP/dt never changes its sign
 *   alignment   of a chain with fixed feedback: cosine between its direct weights, times rates, and
 *               those of backpropagation, eta_i a_(i+1) ... a_L, over the layers below the top; of
 *               a network with layered feedback: between all C_i and all A_(i+1)', entry by entry
 *
 * All belong to what has a limit, and are NAN where there is none. */
#include "cli/basin.h"

#include "linear/chain_leaf.h"
#include "ode/basin_sharpness.h"

#include <math.h>

static const char *const names[BASIN_QUANTITIES] = {[BASIN_TIME] = "time",
                                                    [BASIN_LIMIT] = "limit",
                                                    [BASIN_LOSS] = "loss",
                                                    [BASIN_SHARPNESS] = "sharpness",
                                                    [BASIN_RATE] = "rate",
                                                    [BASIN_PATH] = "path",
                                                    [BASIN_TURNS] = "turns",
                                                    [BASIN_ALIGNMENT] = "alignment",
                                                    [BASIN_BOUND] = "bound",
                                                    [BASIN_TIME_ERROR] = "time_error",
                                                    [BASIN_PATH_ERROR] = "path_error"};

const char *basin_values_name(enum basin_quantity quantity)
{
    return names[quantity];
}

static bool is_of_way(enum basin_quantity quantity)
{
    return quantity == BASIN_TIME || quantity == BASIN_PATH || quantity == BASIN_TIME_ERROR ||
           quantity == BASIN_PATH_ERROR;
}

bool basin_values_observe(const struct basin_map *map)
{
    for (size_t k = 0; k < map->columns; k++)
        if (is_of_way(map->column[k].quantity))
            return true;
    return false;
}

/* ---- the leaf ---- */

/* A linear chain whose leaves are told by one clock. */
static bool has_clock(const struct problem_given *given)
{
    return chain_is_scalar(&given->problem) && given->problem.lambda == 0;
}

void basin_values_root(const struct basin_map *map, const struct sweep_result *result,
                       unsigned char *root, unsigned char *roots)
{
    const struct problem_given *given = &map->given;
    *root = *roots = 0;
    if (!result->has_limit || !has_clock(given) || chain_is_gradient(given->flow))
        return;
    const struct chain_leaf_root at = chain_leaf_root(&given->problem, given->flow, result->limit);
    if (at.count == CHAIN_LEAF_UNKNOWN)
        return;
    *root = (unsigned char)at.index;
    *roots = (unsigned char)at.count;
}

static double turns(const struct basin_map *map, const struct basin_cell *cell)
{
    const struct problem_given *given = &map->given;
    if (chain_is_gradient(given->flow))
        return 0;
    const int count = chain_leaf_turns(&given->problem, given->flow, cell->x0, cell->result->limit);
    return count == CHAIN_LEAF_UNKNOWN ? NAN : count;
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
    if (quantity == BASIN_SHARPNESS && !given->flow->loss)
        return status_fail(BAD_ARGUMENT,
                           "--values: %s has no loss, and so no sharpness; rate is "
                           "that of the flow",
                           given->flow->title);
    if (quantity == BASIN_SHARPNESS &&
        (given->flow->switches > 0 || given->dim > BASIN_SHARPNESS_MOST))
        return status_fail(BAD_ARGUMENT,
                           "--values: sharpness needs a smooth loss of at most %d unknowns",
                           (int)BASIN_SHARPNESS_MOST);
    if (quantity == BASIN_TURNS && !has_clock(given))
        return status_fail(BAD_ARGUMENT, "--values: turns needs a linear chain without decay, with "
                                         "fixed feedback or gradient descent");
    if (quantity == BASIN_ALIGNMENT &&
        !((chain_is_scalar(&given->problem) && given->dim > 1) || has_layered_feedback(given)))
        return status_fail(BAD_ARGUMENT,
                           "--values: alignment needs a chain with fixed feedback, or a network "
                           "with layered feedback given in --c or learned");
    if (map->predicts && is_of_way(quantity))
        return status_fail(BAD_ARGUMENT, "--values: %s is not predicted", names[quantity]);
    return OK;
}

static double sharpness(const struct flow *flow, const double *limit)
{
    double value = NAN;
    return basin_sharpness(flow, limit, &value) == OK ? value : NAN;
}

static double value_of(const struct basin_map *map, const struct basin_cell *cell,
                       struct basin_column column)
{
    const struct sweep_result *result = cell->result;
    const struct flow *flow = map->given.flow;
    if (!result->has_limit)
        return NAN;
    switch (column.quantity) {
    case BASIN_LIMIT:
        return result->limit[column.unknown];
    case BASIN_LOSS:
        return flow->loss(flow, result->limit);
    case BASIN_SHARPNESS:
        return sharpness(flow, result->limit);
    case BASIN_RATE:
        return -result->transverse_rate;
    case BASIN_TIME:
        return result->settling;
    case BASIN_TIME_ERROR:
        return result->settling_error;
    case BASIN_PATH:
        return result->path;
    case BASIN_PATH_ERROR:
        return result->path_error;
    case BASIN_TURNS:
        return turns(map, cell);
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
