/* From a problem to the flow of a network: shapes, feedback matrices, one block of memory.
 *
 * The block holds the flow, its parameters, its claims, its names and its scratch.  It is laid out
 * by a list of (place, size) pairs that is walked twice, to add up and to point. */
#include "linear/network.h"

#include "linear/matrix.h"
#include "linear/network_data.h"
#include "ode/lanes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LANES_DIM_MOST = 4096, /* scratch for LANES_BLOCK states up to this many unknowns */
    LOSS_INPUTS_MOST = 256 /* the excess loss needs eigenvalues of Sigma_II: 0.1 s at 256 inputs */
};

/* |Sigma_TI - W Sigma_II| relative to |Sigma_TI|: rounding of moments and of the pseudo-inverse */
static const double CONSISTENT = 1e-9;

/* ---- shape ---- */

/* Rows of R: what is left of the given numbers. */
static enum status product_rows(const struct problem *problem, size_t outputs, size_t *rows)
{
    *rows = problem->c_count == 0 ? outputs : problem->c_count / outputs;
    if (*rows * outputs == (problem->c_count == 0 ? outputs * outputs : problem->c_count))
        return OK;
    return status_fail(BAD_ARGUMENT,
                       "--c has %zu numbers; the matrix R of rule %s has %zu columns, so that "
                       "there are %zu, %zu, ...",
                       problem->c_count, problem->rule->name, outputs, outputs, 2 * outputs);
}

static void place_matrices(const struct problem *problem, struct network_shape *shape)
{
    const struct rule *rule = problem->rule;
    const size_t L = shape->layers;
    const bool skips = rule->channel == CHANNEL_SKIPPED && rule->feedback != FEEDBACK_TRANSPOSED;
    for (size_t i = 1; i <= L; i++) {
        shape->forward[i] = shape->forward_count;
        shape->forward_count += shape->sizes[i] * (shape->sizes[i - 1] + shape->bias);
    }
    const size_t first = problem_feedback_learns(rule) ? shape->forward_count : 0;
    for (size_t i = 1; i < L; i++) {
        shape->columns[i] = shape->sizes[skips ? L : i + 1];
        if (rule->product && i + 1 == L)
            shape->columns[i] = shape->product;
        shape->channel[i] = first + shape->channel_count;
        shape->channel_count += shape->sizes[i] * shape->columns[i];
    }
    shape->dim = shape->forward_count + (problem_feedback_learns(rule) ? shape->channel_count : 0);
}

enum status network_shape_of(const struct problem *problem, struct network_shape *shape)
{
    size_t count = 0;
    *shape = (struct network_shape){.layers = 0};
    TRY(problem_sizes(problem, &count, shape->sizes));
    shape->layers = count - 1;
    shape->bias = problem->neuron_count > 0 && problem->biases;
    if (problem->rule->product)
        TRY(product_rows(problem, shape->sizes[shape->layers], &shape->product));
    place_matrices(problem, shape);
    return OK;
}

bool network_is_chain(const struct network_shape *shape)
{
    for (size_t i = 0; i <= shape->layers; i++)
        if (shape->sizes[i] != 1)
            return false;
    return true;
}

bool network_has_unit_rates(const struct network_data *data)
{
    for (size_t k = 1; k < 2 * data->shape.layers; k++)
        if (data->rate[k] != 1)
            return false;
    return true;
}

/* ---- feedback matrices ---- */

/* "C1 is 3 x 2, C2 is ..." */
static void describe_feedback(const struct network_shape *shape, size_t size, char *text)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 1; i < shape->layers && length < size; i++)
        length += (size_t)snprintf(text + length, size - length, "%sC%zu is %zu x %zu",
                                   i > 1 ? ", " : "", i, shape->sizes[i], shape->columns[i]);
}

/* How many numbers --c holds under this rule. */
static size_t given_count(const struct problem *problem, const struct network_shape *shape)
{
    if (problem->rule->product)
        return shape->product * shape->sizes[shape->layers];
    return problem->rule->feedback == FEEDBACK_FIXED ? shape->channel_count : 0;
}

static enum status check_feedback(const struct problem *problem, const struct network_shape *shape)
{
    enum { TEXT_MAX = 160 };
    const struct rule *rule = problem->rule;
    const size_t expected = given_count(problem, shape);
    if (rule->feedback == FEEDBACK_DIRECT)
        return status_fail(BAD_ARGUMENT, "rule %s is defined on chains only", rule->name);
    if (problem->c_count == 0 || problem->c_count == expected)
        return OK;
    if (expected == 0 && problem_feedback_learns(rule))
        return status_fail(BAD_ARGUMENT,
                           "the feedback weights of rule %s are unknowns: they start in --init, "
                           "and --c has no meaning",
                           rule->name);
    if (expected == 0)
        return status_fail(BAD_ARGUMENT, "rule %s has no feedback weights, but --c gives %zu",
                           rule->name, problem->c_count);
    char text[TEXT_MAX];
    describe_feedback(shape, sizeof text, text);
    return status_fail(BAD_ARGUMENT, "--c has %zu numbers; here %s: %zu together", problem->c_count,
                       text, expected);
}

enum status network_feedback(const struct problem *problem, const struct network_shape *shape,
                             double *c)
{
    TRY(check_feedback(problem, shape));
    if (problem->c_count > 0) {
        memcpy(c, problem_feedback(problem), problem->c_count * sizeof *c);
        return OK;
    }
    if (problem->rule->product)
        matrix_identity(shape->product, shape->sizes[shape->layers], c);
    for (size_t i = 1; i < shape->layers && problem->rule->feedback == FEEDBACK_FIXED; i++)
        matrix_identity(shape->sizes[i], shape->columns[i], c + shape->channel[i]);
    return OK;
}

/* ---- rates and decays ---- */

/* Numbers for the layers and then for the channel; where none are given all are `standard`. */
struct per_layer {
    const char *option;
    size_t count;
    const double *given;
    double standard;
};

/* Into full[2L]: of A_i at i, of C_i at L + i. */
static enum status spread(const struct per_layer *numbers, const struct rule *rule, size_t L,
                          double *full)
{
    const size_t count = numbers->count, most = problem_feedback_learns(rule) ? 2 * L - 1 : L;
    if (count != 0 && count != L && count != most)
        return status_fail(BAD_ARGUMENT, "%s has %zu numbers; here are %zu layers%s",
                           numbers->option, count, L,
                           most > L ? ", and as many feedback matrices less one" : "");
    for (size_t k = 1; k < 2 * L; k++)
        full[k] = count == 0 ? numbers->standard : k <= count ? numbers->given[k - 1] : 1;
    return OK;
}

enum status network_rates(const struct problem *problem, const struct network_shape *shape,
                          double *rate, double *decay)
{
    const struct rule *rule = problem->rule;
    const size_t L = shape->layers;
    const struct per_layer rates = {"--rates", problem->rate_count, problem->rates, 1};
    const struct per_layer decays = {"--lambda", problem->decay_count, problem->decays,
                                     problem->lambda};
    TRY(spread(&rates, rule, L, rate));
    TRY(spread(&decays, rule, L, decay));
    for (size_t k = 1; k <= L && rule->channel_decays && problem->decay_count == 0; k++)
        decay[k] = 0;
    double most = 0;
    for (size_t k = 1; k < 2 * L; k++)
        most = fmax(most, decay[k]);
    if (rule->needs_decay && L > 1 && !(most > 0))
        return status_fail(BAD_ARGUMENT, "rule %s needs a decay: --lambda above 0", rule->name);
    return OK;
}

/* ---- the block ---- */

struct network_block {
    struct flow flow;
    struct network_data data;
    char title[CLAIM_NAME_MAX];
    double *sigma_ii, *sigma_ti, *c, *rate, *decay, *inverse, *basis;
    double *signals, *signals_along, *turned, *state, *change, *magnitude, *product, *product_along;
    struct network_claim *claim;
    struct claim *claimed;
    char (*names)[UNKNOWN_NAME_MAX];
    signed char *side;
};

/* A place in the block; all sizes are multiples of 8 bytes but the last two. */
struct place {
    void *pointer; /* to a pointer of any type: written through memcpy */
    size_t bytes;
};

enum { PLACES = 19 };

/* Numbers in all Q_i. */
static size_t signal_count(const struct network_shape *shape)
{
    size_t count = 0;
    for (size_t i = 1; i <= shape->layers; i++)
        count += shape->sizes[i] * shape->sizes[0];
    return count;
}

/* The largest matrix that is ever turned. */
static size_t largest_matrix(const struct network_shape *shape)
{
    size_t most = shape->product * shape->sizes[0];
    for (size_t i = 1; i <= shape->layers; i++) {
        const size_t signal = shape->sizes[i] * shape->sizes[0];
        const size_t weights = shape->sizes[i] * shape->sizes[i - 1];
        most = signal > most ? signal : most;
        most = weights > most ? weights : most;
    }
    return most;
}

static size_t lanes_of(const struct network_shape *shape)
{
    return shape->dim > LANES_DIM_MOST ? 1 : LANES_BLOCK;
}

static void list_places(struct network_block *block, const struct network_shape *shape,
                        const struct network_claims *claims, struct place place[PLACES])
{
    const size_t lanes = lanes_of(shape), L = shape->layers, inputs = shape->sizes[0];
    const size_t outputs = shape->sizes[L], real = sizeof(double);
    const size_t signals = 3 * signal_count(shape) * real; /* Q, Q Sigma, S */
    const size_t fixed = (shape->channel_count + shape->product * outputs) * real;
    const struct place places[PLACES] = {
        {&block->sigma_ii, inputs * inputs * real},
        {&block->sigma_ti, outputs * inputs * real},
        {&block->c, fixed},
        {&block->rate, 2 * L * real},
        {&block->decay, 2 * L * real},
        {&block->inverse, inputs <= LOSS_INPUTS_MOST ? inputs * inputs * real : 0},
        {&block->basis, claims->basis_count * real},
        {&block->signals, signals * lanes},
        {&block->signals_along, signals},
        {&block->turned, largest_matrix(shape) * lanes * real},
        {&block->product, shape->product * inputs * lanes * real},
        {&block->product_along, shape->product * inputs * real},
        {&block->state, shape->dim * lanes * real},
        {&block->change, shape->dim * lanes * real},
        {&block->magnitude, (shape->dim + inputs * inputs + outputs * inputs) * real + fixed},
        {&block->claim, claims->count * sizeof(struct network_claim)},
        {&block->claimed, claims->count * sizeof(struct claim)},
        {&block->names, shape->dim * UNKNOWN_NAME_MAX},
        {&block->side, shape->forward_count},
    };
    memcpy(place, places, sizeof places);
}

static struct network_block *block_create(const struct network_shape *shape,
                                          const struct network_claims *claims)
{
    struct network_block layout, *block;
    struct place place[PLACES];
    size_t bytes = sizeof *block;
    list_places(&layout, shape, claims, place);
    for (size_t k = 0; k < PLACES; k++)
        bytes += place[k].bytes;
    block = calloc(1, bytes);
    if (!block)
        return NULL;
    list_places(block, shape, claims, place);
    char *next = (char *)(block + 1);
    for (size_t k = 0; k < PLACES; k++) {
        memcpy(place[k].pointer, &next, sizeof next);
        next += place[k].bytes;
    }
    return block;
}

/* ---- filling it ---- */

/* Q_i, Q_i Sigma and S_i one after the other from `next` on. */
static void point_signals(const struct network_data *d, size_t lanes, double *next,
                          struct network_signals *signals)
{
    const struct network_shape *shape = &d->shape;
    for (size_t i = 1; i <= shape->layers; i++) {
        const size_t size = shape->sizes[i] * shape->sizes[0] * lanes;
        signals->forward[i] = next;
        signals->driven[i] = d->white ? next : next + size;
        signals->backward[i] = next + 2 * size;
        next += 3 * size;
    }
}

static bool is_identity(size_t n, const double *matrix)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (matrix[i * n + j] != (i == j))
                return false;
    return true;
}

/* The unknowns of one matrix: letter and number, and how it is laid out. */
struct named {
    char letter, vector;                /* of a matrix; of a vector, or 0 */
    size_t number, rows, columns, bias; /* bias: how many of the columns, the last */
    bool scalar;
};

/* a1; b2; A1_1_2 */
static void name_matrix(const struct named *matrix, char (*names)[UNKNOWN_NAME_MAX])
{
    for (size_t p = 0; p < matrix->rows; p++)
        for (size_t q = 0; q < matrix->columns; q++) {
            char *name = names[p * matrix->columns + q];
            const unsigned row = (unsigned)p + 1, column = (unsigned)q + 1;
            const unsigned number = (unsigned)matrix->number;
            if (q + matrix->bias >= matrix->columns)
                snprintf(name, UNKNOWN_NAME_MAX, "%c%u_%u_bias", matrix->letter, number, row);
            else if (matrix->scalar)
                snprintf(name, UNKNOWN_NAME_MAX, "%c%u", matrix->letter == 'A' ? 'a' : 'c', number);
            else if (matrix->vector) /* p or q is 0 */
                snprintf(name, UNKNOWN_NAME_MAX, "%c%u", matrix->vector, row + column - 1);
            else
                snprintf(name, UNKNOWN_NAME_MAX, "%c%u_%u_%u", matrix->letter, number, row, column);
        }
}

void network_names(const struct problem *problem, const struct network_shape *shape,
                   char (*names)[UNKNOWN_NAME_MAX])
{
    const char *letters = problem->system->letters;
    const bool chain = network_is_chain(shape);
    for (size_t i = 1; i <= shape->layers; i++)
        name_matrix(&(struct named){.letter = 'A',
                                    .vector = letters ? letters[i - 1] : 0,
                                    .number = i,
                                    .rows = shape->sizes[i],
                                    .columns = shape->sizes[i - 1] + shape->bias,
                                    .bias = shape->bias,
                                    .scalar = chain},
                    names + shape->forward[i]);
    for (size_t i = 1; i < shape->layers && problem_feedback_learns(problem->rule); i++)
        name_matrix(&(struct named){.letter = 'C',
                                    .vector = letters ? letters[2] : 0,
                                    .number = i,
                                    .rows = shape->sizes[i],
                                    .columns = shape->columns[i],
                                    .scalar = chain},
                    names + shape->channel[i]);
}

void network_title(const struct problem *problem, const struct network_shape *shape, size_t size,
                   char *title)
{
    size_t length = (size_t)snprintf(title, size, "%s A[", problem->system->name);
    for (size_t i = 0; i <= shape->layers && length < size; i++)
        length +=
            (size_t)snprintf(title + length, size - length, "%s%zu", i ? "," : "", shape->sizes[i]);
    if (length < size)
        snprintf(title + length, size - length, "], %s", problem->rule->name);
}

/* Is Sigma_TI = W Sigma_II for some W, as for all data?  Else the loss has no minimum. */
static bool is_consistent(size_t outputs, size_t inputs, const struct network_data *d,
                          const double *W)
{
    double off = 0, size = 0;
    for (size_t o = 0; o < outputs; o++)
        for (size_t j = 0; j < inputs; j++) {
            double back = 0;
            for (size_t l = 0; l < inputs; l++)
                back += W[o * inputs + l] * d->sigma_ii[l * inputs + j];
            off = fmax(off, fabs(back - d->sigma_ti[o * inputs + j]));
            size = fmax(size, fabs(d->sigma_ti[o * inputs + j]));
        }
    return off <= CONSISTENT * size;
}

/* The pseudo-inverse of Sigma_II, and the loss below which the narrowest layer cannot come:
 * half the sum of the smallest eigenvalues of W Sigma_II W', notes/networks.md, (M1). */
static enum status fill_loss(struct network_block *block)
{
    struct network_data *d = &block->data;
    const struct network_shape *shape = &d->shape;
    const size_t inputs = shape->sizes[0], outputs = shape->sizes[shape->layers];
    size_t rank = 0, narrow = inputs;
    for (size_t i = 0; i <= shape->layers; i++)
        narrow = shape->sizes[i] < narrow ? shape->sizes[i] : narrow;
    TRY(matrix_pseudo_inverse(inputs, inputs, d->sigma_ii, block->inverse, &rank));
    double *W = malloc((outputs * inputs + outputs * outputs + outputs) * sizeof *W);
    if (!W)
        return status_fail(NO_MEMORY, "the least loss of %s", block->title);
    double *square = W + outputs * inputs, *value = square + outputs * outputs;
    matrix_multiply(outputs, inputs, inputs, d->sigma_ti, block->inverse, W);
    matrix_multiply_second_transposed(outputs, inputs, outputs, W, d->sigma_ti, square);
    const enum status status = matrix_symmetric_eigenvalues(outputs, square, value, NULL);
    for (size_t k = 0; status == OK && k + narrow < outputs; k++)
        d->unreachable += fmax(value[k], 0) / 2;
    if (is_consistent(outputs, inputs, d, W))
        d->inverse = block->inverse;
    free(W);
    return status;
}

static bool decays_somewhere(const struct network_shape *shape, const double *decay)
{
    for (size_t k = 1; k < 2 * shape->layers; k++)
        if (decay[k] != 0)
            return true;
    return false;
}

static enum status fill_parameters(const struct problem *problem, const struct network_shape *shape,
                                   struct network_block *block)
{
    struct network_data *d = &block->data;
    TRY(problem_moments(problem, block->sigma_ii, block->sigma_ti));
    TRY(network_feedback(problem, shape, block->c));
    TRY(network_rates(problem, shape, block->rate, block->decay));
    *d = (struct network_data){.shape = *shape,
                               .rule = problem->rule,
                               .mirror = problem->mirror,
                               .white = is_identity(shape->sizes[0], block->sigma_ii),
                               .decays = decays_somewhere(shape, block->decay),
                               .lanes = lanes_of(shape),
                               .sigma_ii = block->sigma_ii,
                               .sigma_ti = block->sigma_ti,
                               .c = block->c,
                               .R = problem->rule->product ? block->c : NULL,
                               .rate = block->rate,
                               .decay = block->decay,
                               .claim = block->claim,
                               .state = block->state,
                               .change = block->change,
                               .magnitude = block->magnitude,
                               .side = block->side};
    point_signals(d, d->lanes, block->signals, &d->at);
    point_signals(d, 1, block->signals_along, &d->along);
    d->at.turned = d->along.turned = block->turned;
    d->at.product = block->product;
    d->along.product = block->product_along;
    return shape->sizes[0] <= LOSS_INPUTS_MOST ? fill_loss(block) : OK;
}

static void fill_flow(const struct network_shape *shape, const struct network_claims *claims,
                      struct network_block *block)
{
    const struct network_data *d = &block->data;
    const bool dense = shape->dim <= FLOW_DENSE_MOST, jumps = d->rule->feedback == FEEDBACK_SIGNS;
    block->flow =
        (struct flow){.dim = shape->dim,
                      .title = block->title,
                      .names = (const char(*)[UNKNOWN_NAME_MAX])block->names,
                      .field = network_field,
                      .jacobian = dense ? network_jacobian : NULL,
                      .jacobian_times = network_jacobian_times,
                      .switches = jumps && shape->layers > 1 ? shape->dim - shape->forward[2] : 0,
                      .switching = jumps ? network_switching : NULL,
                      .side = jumps ? block->side : NULL,
                      .rounding = network_rounding,
                      .claims = claims->count,
                      .conserved = claims->conserved,
                      .claim = block->claimed,
                      .observe = network_observe,
                      .gradient = network_gradient,
                      .loss = d->inverse ? network_loss : NULL,
                      .transverse = network_transverse,
                      .outputs = shape->sizes[0] * shape->sizes[shape->layers],
                      .output = network_output,
                      .errors = network_errors(d),
                      .error = network_error_at,
                      .drive = network_drive,
                      .response = network_response,
                      .data = d};
    for (size_t k = 0; k < claims->count; k++)
        network_claims_name(d, &d->claim[k], &block->claimed[k]);
}

/* The claims depend on the feedback matrices, and the block on the number of claims: they are
 * counted on a first block without any. */
static enum status count_claims(const struct problem *problem, const struct network_shape *shape,
                                struct network_claims *claims)
{
    struct network_block *block = block_create(shape, claims);
    if (!block)
        return status_fail(NO_MEMORY, "%s of %zu unknowns", problem->system->name, shape->dim);
    enum status status = fill_parameters(problem, shape, block);
    if (status == OK)
        status = network_claims_make(&block->data, claims);
    free(block);
    return status;
}

enum status network_flow(const struct problem *problem, struct flow **flow)
{
    struct network_shape shape;
    struct network_claims claims = {.count = 0};
    TRY(network_shape_of(problem, &shape));
    TRY(count_claims(problem, &shape, &claims));
    struct network_block *block = block_create(&shape, &claims);
    if (!block)
        return status_fail(NO_MEMORY, "%s of %zu unknowns", problem->system->name, shape.dim);
    network_title(problem, &shape, sizeof block->title, block->title);
    network_names(problem, &shape, block->names);
    claims.claim = block->claim;
    claims.basis = block->basis;
    enum status status = fill_parameters(problem, &shape, block);
    if (status == OK)
        status = network_claims_make(&block->data, &claims);
    if (status != OK) {
        free(block);
        return status;
    }
    fill_flow(&shape, &claims, block);
    *flow = &block->flow;
    return OK;
}

enum status network_dim(const struct problem *problem, size_t *dim)
{
    struct network_shape shape;
    TRY(network_shape_of(problem, &shape));
    *dim = shape.dim;
    return OK;
}
