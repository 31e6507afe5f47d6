/* Networks and chains as formulas: every system but the polynomial one, under every rule.
 *
 *     h_0 = I,  u_i = A_i h_(i-1),  h_i = f_i(u_i),  E = T - u_L,
 *     S_L = c_L E,  S_i = f_i'(u_i) .* R_i,  R_i = C_i S_(i+1), C_i E or C_i R E, as the rule says,
 *     A_i' = eta_i E[S_i h_(i-1)'] - lambda_i A_i,   C_i' = rho_i E[h_i S_(i+1)'] - lambda_i C_i, ...
 *
 * which is notes/nonlinear-networks.md for samples, and notes/networks.md for moments: there the columns of
 * h_0 are those of the identity and E = Sigma_TI - P Sigma_II.  One input with alpha and beta alone is
 * one column, E = alpha - beta u_L.  A chain is a network of sizes 1; one whose channel has neurons, s_i =
 * g(C_i s_(i+1)), has the weights of its samples in the means alone, so that g sees each error as it is.
 *
 * The formulas are entries of matrices, multiplied out by the rules of matrices; equal parts are one node
 * (equations/expression.h), so that nothing grows with the number of ways through the network.
 *
 * Memory: one pool of nodes, freed here.  Rejected: exact/program.h, which knows five of the rules
 * and no activation. */
#include "export/export_parts.h"

#include "linear/chain.h"
#include "linear/matrix.h"
#include "linear/registry.h"
#include "nonlinear/activation.h"
#include "nonlinear/data.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SIZES_MOST = EQUATIONS_UNKNOWNS_MOST + 1 };

/* M[rows*columns] of nodes. */
struct nodes {
    size_t rows, columns;
    uint32_t *at;
};

struct network {
    const struct export_graph *graph;
    const struct problem *problem;
    const struct rule *rule;
    size_t layers, bias, columns;
    size_t size[SIZES_MOST];        /* N_0, ..., N_L */
    bool moments;                   /* E = Sigma_TI - P Sigma_II; else samples, or alpha and beta */
    bool skips;                     /* C_i E in place of C_i S_(i+1) */
    bool direct;                    /* C_i is the direct weight of layer i, rates aside */
    double fixed[PROBLEM_LIST_MAX]; /* such weights */
    double rate[2 * SIZES_MOST], decay[2 * SIZES_MOST];
    struct data *data; /* of samples; or NULL */
    const struct samples *samples;
    /* By layer. */
    struct nodes A[SIZES_MOST], C[SIZES_MOST], h[SIZES_MOST], slope[SIZES_MOST];
    struct nodes S[SIZES_MOST], returned[SIZES_MOST];
    struct nodes R, error, carried; /* R; E, unscaled; R E */
    uint32_t top;                   /* c_L */
    uint32_t *weight;               /* [columns]; NULL: all are `common` */
    uint32_t common;
    uint32_t *pool;
    size_t room, used;
};

static struct expressions *arena_of(const struct network *n)
{
    return n->graph->arena;
}

/* ---- matrices of formulas ---- */

static struct nodes nodes_make(struct network *n, size_t rows, size_t columns)
{
    assert(n->used + rows * columns <= n->room);
    const struct nodes made = {.rows = rows, .columns = columns, .at = n->pool + n->used};
    n->used += rows * columns;
    return made;
}

static uint32_t entry(const struct nodes *M, size_t i, size_t j)
{
    assert(M->at && i < M->rows && j < M->columns);
    return M->at[i * M->columns + j];
}

static struct nodes transposed(struct network *n, const struct nodes *M, size_t columns)
{
    const struct nodes T = nodes_make(n, columns, M->rows);
    for (size_t i = 0; i < M->rows; i++)
        for (size_t j = 0; j < columns; j++)
            T.at[j * M->rows + i] = entry(M, i, j);
    return T;
}

static struct nodes product(struct network *n, const struct nodes *A, const struct nodes *B)
{
    struct expressions *arena = arena_of(n);
    const struct nodes C = nodes_make(n, A->rows, B->columns);
    for (size_t i = 0; i < C.rows; i++)
        for (size_t j = 0; j < C.columns; j++) {
            uint32_t sum = expression_whole(arena, 0);
            for (size_t l = 0; l < A->columns; l++)
                sum = expression_sum(arena, sum,
                                     expression_product(arena, entry(A, i, l), entry(B, l, j)));
            C.at[i * C.columns + j] = sum;
        }
    return C;
}

/* E[left_i right_j] over the columns. */
static uint32_t mean(const struct network *n, const struct nodes *left, size_t i,
                     const struct nodes *right, size_t j)
{
    struct expressions *arena = arena_of(n);
    uint32_t sum = expression_whole(arena, 0);
    for (size_t k = 0; k < n->columns; k++) {
        uint32_t term = expression_product(arena, entry(left, i, k), entry(right, j, k));
        if (n->weight)
            term = expression_product(arena, n->weight[k], term);
        sum = expression_sum(arena, sum, term);
    }
    return expression_product(arena, n->common, sum);
}

/* ---- what the problem says ---- */

/* A chain by name: of any depth, and with weights of its own. */
static bool is_chain(const struct problem *problem)
{
    return problem->system == &system_chain || problem->system->linear == &system_chain;
}

static enum status take_sizes(struct network *n)
{
    const struct problem *problem = n->problem;
    size_t count = 0, sizes[PROBLEM_SIZES_MAX] = {0};
    if (is_chain(problem)) {
        n->layers = problem->depth; /* at most the unknowns, which were counted */
        for (size_t i = 0; i <= n->layers; i++)
            n->size[i] = 1;
        return OK;
    }
    TRY(problem_sizes(problem, &count, sizes));
    n->layers = count - 1;
    memcpy(n->size, sizes, count * sizeof *sizes);
    n->bias = problem->neuron_count > 0 && problem->biases;
    return OK;
}

struct per_layer {
    size_t count;
    const double *given;
    double standard;
};

/* full[k]: of A_k, k = 1..L, and of C_i at L + i. */
static void spread(const struct network *n, const struct per_layer *numbers, double *full)
{
    for (size_t k = 1; k < 2 * n->layers; k++)
        full[k] = numbers->count == 0   ? numbers->standard
                  : k <= numbers->count ? numbers->given[k - 1]
                                        : 1;
}

static void take_rates(struct network *n)
{
    const struct problem *problem = n->problem;
    const struct per_layer rates = {problem->rate_count, problem->rates, 1};
    const struct per_layer decays = {problem->decay_count, problem->decays, problem->lambda};
    spread(n, &rates, n->rate);
    spread(n, &decays, n->decay);
    for (size_t k = 1; k <= n->layers && n->rule->channel_decays && problem->decay_count == 0; k++)
        n->decay[k] = 0;
}

/* What there is to sum over. */
static enum status take_data(struct network *n)
{
    const struct problem *problem = n->problem;
    const size_t inputs = n->size[0], outputs = n->size[n->layers];
    const bool samples = problem->neuron_count > 0 || problem->channel_activation;
    if (problem->neuron_count > 0 && problem->gaussian != 0)
        return status_fail(BAD_ARGUMENT,
                           "Gaussian inputs are integrals, at nodes that move with the weights: no "
                           "formula; give samples, --inputs and --targets");
    n->columns = 1;
    if (samples && problem->inputs.count > 0) {
        TRY(data_create(problem, inputs, outputs, &n->data));
        n->samples = data_samples(n->data, 0);
        n->columns = n->samples->count;
    } else if (inputs > 1 || outputs > 1 || problem->sigma_ii.count || problem->sigma_ti.count) {
        n->moments = true;
        n->columns = inputs;
    }
    return OK;
}

/* Entries of all matrices of a layer, at most, with a turned copy of each. */
static size_t pool_size(const struct network *n)
{
    size_t room = n->columns, widest = 1;
    for (size_t i = 0; i <= n->layers; i++)
        widest = n->size[i] > widest ? n->size[i] : widest;
    const size_t outputs = n->size[n->layers];
    assert(outputs > 0);
    if (n->rule->product && n->problem->c_count / outputs > widest)
        widest = n->problem->c_count / outputs;
    const size_t matrix = (widest + 1) * (widest + 1), signal = (widest + 1) * n->columns;
    enum { MATRICES = 8, SIGNALS = 12 };
    room += (n->layers + 2) * (MATRICES * matrix + SIGNALS * signal) + n->size[0] * n->columns;
    return room;
}

/* ---- unknowns, data and feedback as formulas ---- */

static enum status unknown_shape(const struct network *n)
{
    return status_fail(BAD_ARGUMENT, "no formula is known of the system %s",
                       n->problem->system->name);
}

static enum status place_unknowns(struct network *n)
{
    size_t next = 0;
    for (size_t i = 1; i <= n->layers; i++) {
        n->A[i] = nodes_make(n, n->size[i], n->size[i - 1] + n->bias);
        for (size_t k = 0; k < n->A[i].rows * n->A[i].columns; k++)
            n->A[i].at[k] = expression_unknown(arena_of(n), next++);
    }
    for (size_t i = 1; i < n->layers && problem_feedback_learns(n->rule); i++)
        for (size_t k = 0; k < n->C[i].rows * n->C[i].columns; k++)
            n->C[i].at[k] = expression_unknown(arena_of(n), next++);
    return next == n->graph->equations->unknowns ? OK : unknown_shape(n);
}

/* "c1" of chains and vectors, "c1_2_3" of matrices. */
static void feedback_name(const struct network *n, size_t i, size_t k, char name[UNKNOWN_NAME_MAX])
{
    const size_t columns = n->C[i].columns;
    if (is_chain(n->problem))
        snprintf(name, UNKNOWN_NAME_MAX, "c%zu", i);
    else if (n->layers == 2 && n->size[0] == 1 && n->size[2] == 1)
        snprintf(name, UNKNOWN_NAME_MAX, "c%zu", k + 1);
    else
        snprintf(name, UNKNOWN_NAME_MAX, "c%u_%u_%u", (unsigned)i, (unsigned)(k / columns) + 1,
                 (unsigned)(k % columns) + 1);
}

/* The default of one entry: all ones in a chain and in a fan with direct weights, else identities. */
static double standard(const struct network *n, const struct nodes *M, size_t k)
{
    const struct problem *problem = n->problem;
    const bool direct = n->rule->direct && problem->lambda == 0 && problem->decay_count == 0;
    const bool ones = problem->system->flow == system_fan.flow && direct;
    return ones || k / M->columns == k % M->columns ? 1 : 0;
}

/* C_i that stay as they are: in the problem one after the other. */
static enum status fix_feedback(struct network *n)
{
    const double *given = n->direct ? n->fixed : problem_feedback(n->problem);
    const size_t count = n->direct ? n->layers : n->problem->c_count;
    size_t at = 0;
    for (size_t i = 1; i < n->layers; i++)
        for (size_t k = 0; k < n->C[i].rows * n->C[i].columns; k++, at++) {
            char name[UNKNOWN_NAME_MAX];
            feedback_name(n, i, k, name);
            TRY(export_parameter(n->graph, name, at < count ? given[at] : standard(n, &n->C[i], k),
                                 &n->C[i].at[k]));
        }
    if (is_chain(n->problem) && at < count) {
        char name[UNKNOWN_NAME_MAX];
        snprintf(name, sizeof name, "c%zu", n->layers);
        TRY(export_parameter(n->graph, name, given[at], &n->top));
    }
    return OK;
}

/* R of a product channel. */
static enum status fix_product(struct network *n)
{
    const size_t outputs = n->size[n->layers], count = n->problem->c_count;
    const double *given = problem_feedback(n->problem);
    n->R = nodes_make(n, count ? count / outputs : outputs, outputs);
    for (size_t k = 0; k < n->R.rows * outputs; k++) {
        char name[UNKNOWN_NAME_MAX];
        snprintf(name, sizeof name, "r%u_%u", (unsigned)(k / outputs) + 1,
                 (unsigned)(k % outputs) + 1);
        TRY(export_parameter(n->graph, name, count ? given[k] : (k / outputs == k % outputs),
                             &n->R.at[k]));
    }
    return OK;
}

/* C_i = A_(i+1)' or its signs, without the biases. */
static void mirror_feedback(struct network *n, size_t i)
{
    n->C[i] = transposed(n, &n->A[i + 1], n->size[i]);
    for (size_t k = 0; k < n->C[i].rows * n->C[i].columns && n->rule->feedback == FEEDBACK_SIGNS;
         k++)
        n->C[i].at[k] = expression_call(arena_of(n), &function_sign, n->C[i].at[k], 0);
}

static enum status make_feedback(struct network *n)
{
    const size_t L = n->layers;
    const bool given = n->rule->feedback == FEEDBACK_FIXED || n->direct;
    n->top = expression_whole(arena_of(n), 1);
    if (n->rule->product)
        TRY(fix_product(n));
    for (size_t i = 1; i < L; i++) {
        const bool by_product = n->rule->product && (n->skips || i + 1 == L);
        const size_t below = n->size[n->skips ? L : i + 1];
        n->C[i] = nodes_make(n, n->size[i], by_product ? n->R.rows : below);
    }
    TRY(place_unknowns(n));
    for (size_t i = 1; i < L && !given && !problem_feedback_learns(n->rule); i++)
        mirror_feedback(n, i);
    return given ? fix_feedback(n) : OK;
}

/* h_0, and the weights of its columns. */
static enum status make_inputs(struct network *n)
{
    struct expressions *arena = arena_of(n);
    const size_t inputs = n->size[0];
    n->h[0] = nodes_make(n, inputs + n->bias, n->columns);
    for (size_t i = 0; i < inputs + n->bias; i++)
        for (size_t k = 0; k < n->columns; k++) {
            double value = n->moments ? (i == k) : 1;
            if (n->samples && i < inputs)
                value = n->samples->input[k * inputs + i];
            n->h[0].at[i * n->columns + k] = export_number(n->graph, value);
        }
    n->common = expression_whole(arena, 1);
    if (!n->samples)
        return OK;
    if (n->problem->sample_weights.count == 0) {
        n->common =
            expression_quotient(arena, n->common, expression_whole(arena, (long)n->samples->count));
        return OK;
    }
    n->weight = nodes_make(n, 1, n->columns).at;
    for (size_t k = 0; k < n->columns; k++)
        n->weight[k] = export_number(n->graph, n->samples->weight[k]);
    return OK;
}

/* ---- forward and backward ---- */

static enum status activate(struct network *n, size_t i, const struct nodes *u)
{
    n->h[i] = nodes_make(n, n->size[i] + n->bias, n->columns);
    n->slope[i] = nodes_make(n, n->size[i], n->columns);
    const uint32_t one = expression_whole(arena_of(n), 1);
    for (size_t k = 0; k < n->h[i].rows * n->columns; k++)
        n->h[i].at[k] = one;
    for (size_t k = 0; k < n->size[i] * n->columns; k++) {
        struct export_neuron neuron = {.value = u->at[k], .slope = one};
        if (n->problem->neuron_count > 0) {
            const struct neurons neurons = activation_of_layer(n->problem, i - 1);
            TRY(export_neurons(arena_of(n), &neurons, u->at[k], &neuron));
        }
        n->h[i].at[k] = neuron.value;
        n->slope[i].at[k] = n->problem->no_derivative ? one : neuron.slope;
    }
    return OK;
}

/* E = alpha - beta u_L of one column. */
static enum status compare_scalars(struct network *n, const struct nodes *u)
{
    assert(u->at && n->error.at);
    uint32_t alpha = expression_whole(arena_of(n), 0), beta = 0;
    if (!n->rule->no_targets)
        TRY(export_parameter(n->graph, "alpha", n->problem->alpha, &alpha));
    TRY(export_parameter(n->graph, "beta", n->problem->beta, &beta));
    n->error.at[0] =
        expression_difference(arena_of(n), alpha, expression_product(arena_of(n), beta, u->at[0]));
    return OK;
}

/* E = Sigma_TI - P Sigma_II with given[N_0*N_0 + N_L*N_0] */
static enum status compare_with(struct network *n, const struct nodes *u, double *given)
{
    const size_t inputs = n->size[0], outputs = n->size[n->layers];
    double *targets = given + inputs * inputs;
    TRY(problem_moments(n->problem, given, targets));
    const struct nodes sigma = nodes_make(n, inputs, inputs);
    for (size_t k = 0; k < inputs * inputs; k++)
        sigma.at[k] = export_number(n->graph, given[k]);
    const struct nodes driven = product(n, u, &sigma);
    for (size_t k = 0; k < outputs * inputs; k++)
        n->error.at[k] =
            expression_difference(arena_of(n), export_number(n->graph, targets[k]), driven.at[k]);
    return OK;
}

static enum status compare_moments(struct network *n, const struct nodes *u)
{
    const size_t inputs = n->size[0], outputs = n->size[n->layers];
    double *given = calloc(inputs * (inputs + outputs), sizeof *given);
    if (!given)
        return status_fail(NO_MEMORY, "moments");
    const enum status status = compare_with(n, u, given);
    free(given);
    return status;
}

static void compare_samples(struct network *n, const struct nodes *u)
{
    const size_t outputs = u->rows;
    for (size_t i = 0; i < outputs; i++)
        for (size_t k = 0; k < n->columns; k++) {
            const double target = n->rule->no_targets ? 0 : n->samples->target[k * outputs + i];
            n->error.at[i * n->columns + k] =
                expression_difference(arena_of(n), export_number(n->graph, target), entry(u, i, k));
        }
}

static enum status go_forward(struct network *n)
{
    struct nodes u = {0};
    for (size_t i = 1; i <= n->layers; i++) {
        u = product(n, &n->A[i], &n->h[i - 1]);
        if (i < n->layers)
            TRY(activate(n, i, &u));
    }
    n->error = nodes_make(n, u.rows, n->columns);
    if (n->samples)
        compare_samples(n, &u);
    else if (n->moments)
        TRY(compare_moments(n, &u));
    else
        TRY(compare_scalars(n, &u));
    return OK;
}

/* What C_i carries down. */
static const struct nodes *carried(const struct network *n, size_t i)
{
    const bool top = i + 1 == n->layers;
    if (!top && !n->skips)
        return n->rule->channel == CHANNEL_LAYERED ? &n->S[i + 1] : &n->returned[i + 1];
    if (n->rule->product)
        return &n->carried;
    return n->skips ? &n->error : &n->S[n->layers];
}

/* S_i = f' R_i, or g(R_i) of a channel with neurons. */
static enum status turn(struct network *n, size_t i)
{
    const struct channel_activation *g = n->problem->channel_activation;
    n->S[i] = nodes_make(n, n->size[i], n->columns);
    for (size_t k = 0; k < n->size[i] * n->columns; k++) {
        const uint32_t R = n->returned[i].at[k];
        n->S[i].at[k] = expression_product(arena_of(n), n->slope[i].at[k], R);
        if (g)
            TRY(export_neurons_of_channel(arena_of(n), g, R, &n->S[i].at[k]));
    }
    return OK;
}

static enum status go_backward(struct network *n)
{
    const size_t L = n->layers;
    n->S[L] = nodes_make(n, n->size[L], n->columns);
    for (size_t k = 0; k < n->size[L] * n->columns; k++)
        n->S[L].at[k] = expression_product(arena_of(n), n->top, n->error.at[k]);
    if (n->rule->product)
        n->carried = product(n, &n->R, &n->error);
    for (size_t i = L - 1; i > 0; i--) {
        n->returned[i] = product(n, &n->C[i], carried(n, i));
        TRY(turn(n, i));
    }
    return OK;
}

/* ---- changes ---- */

/* rate change - decay x of the unknown number `at`; lambda is a parameter where all that decays shares
 * it. */
static enum status change(struct network *n, size_t number, size_t at, uint32_t sum)
{
    struct expressions *arena = arena_of(n);
    const uint32_t rate = export_number(n->graph, n->rate[number]);
    uint32_t decay = 0;
    uint32_t right = expression_product(arena, rate, sum);
    if (n->decay[number] != 0) {
        const size_t known = equations_parameter(n->graph->equations, "lambda");
        if (n->problem->decay_count > 0)
            decay = export_number(n->graph, n->decay[number]);
        else if (known != SIZE_MAX)
            decay = expression_parameter(arena, known);
        else
            TRY(export_parameter(n->graph, "lambda", n->decay[number], &decay));
        right = expression_difference(
            arena, right, expression_product(arena, decay, expression_unknown(arena, at)));
    }
    n->graph->equations->right[at] = right;
    return OK;
}

/* sigma^2 A_(i+1)', or E[h_i S_(i+1)'] */
static enum status change_channel(struct network *n, size_t i, size_t *at)
{
    const struct nodes *C = &n->C[i];
    uint32_t mirror = 0;
    if (n->rule->feedback == FEEDBACK_MIRROR) {
        const size_t known = equations_parameter(n->graph->equations, "mirror");
        mirror = known != SIZE_MAX ? expression_parameter(arena_of(n), known) : 0;
        if (!mirror)
            TRY(export_parameter(n->graph, "mirror", n->problem->mirror, &mirror));
    }
    for (size_t k = 0; k < C->rows * C->columns; k++, ++*at) {
        const size_t row = k / C->columns, column = k % C->columns;
        uint32_t sum = 0;
        if (mirror)
            sum = expression_product(arena_of(n), mirror, entry(&n->A[i + 1], column, row));
        else
            sum = mean(n, &n->h[i], row, carried(n, i), column);
        TRY(change(n, n->layers + i, *at, sum));
    }
    return OK;
}

static enum status make_changes(struct network *n)
{
    size_t at = 0;
    for (size_t i = 1; i <= n->layers; i++)
        for (size_t k = 0; k < n->A[i].rows * n->A[i].columns; k++, at++)
            TRY(change(n, i, at,
                       mean(n, &n->S[i], k / n->A[i].columns, &n->h[i - 1], k % n->A[i].columns)));
    for (size_t i = 1; i < n->layers && problem_feedback_learns(n->rule); i++)
        TRY(change_channel(n, i, &at));
    assert(at == n->graph->equations->unknowns);
    return expression_arena_status(arena_of(n));
}

static enum status make(struct network *n)
{
    n->room = pool_size(n);
    n->pool = calloc(n->room, sizeof *n->pool);
    if (!n->pool)
        return status_fail(NO_MEMORY, "%zu formulas", n->room);
    TRY(make_feedback(n));
    TRY(make_inputs(n));
    TRY(go_forward(n));
    TRY(go_backward(n));
    return make_changes(n);
}

static enum status take(struct network *n)
{
    if (!n->rule || !n->problem->system->sizes)
        return unknown_shape(n);
    TRY(take_sizes(n));
    take_rates(n);
    if (n->rule->feedback == FEEDBACK_DIRECT) {
        if (n->problem->system != &system_chain)
            return status_fail(BAD_ARGUMENT, "rule %s is defined on linear chains only",
                               n->rule->name);
        TRY(n->rule->direct(n->problem, n->fixed));
        n->direct = true;
    }
    n->skips = n->direct ||
               (n->rule->channel == CHANNEL_SKIPPED && n->rule->feedback != FEEDBACK_TRANSPOSED);
    return take_data(n);
}

enum status export_network(const struct export_graph *graph)
{
    struct network *n = calloc(1, sizeof *n);
    if (!n)
        return status_fail(NO_MEMORY, "a network as formulas");
    n->graph = graph;
    n->problem = graph->source->problem;
    n->rule = n->problem->rule;
    enum status status = take(n);
    if (status == OK)
        status = make(n);
    free(n->pool);
    data_free(n->data);
    free(n);
    return status;
}
