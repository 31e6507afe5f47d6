/* From a problem with activations to the flow of a network: samples, kinks, one block of memory.
 *
 * Shapes, rates, names and feedback matrices are those of the linear network of the same sizes
 * (linear/network.h).  The block holds the flow, its parameters, the samples, its claims and its
 * scratch; it is laid out by one list of places that is walked twice, to add up and to point.
 * Refused: activations that are not smooth at zero (powers that are not whole), where solutions may
 * branch and the evidence of a limit, which is a Jacobian and its Lipschitz constant, says nothing;
 * but for kinks between two linear pieces, which are followed. */
#include "nonlinear/nonlinear_network.h"

#include "nonlinear/data.h"
#include "nonlinear/nonlinear_network_data.h"
#include "ode/lanes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Scratch for LANES_BLOCK states while it is no larger than this many numbers, 64 MB. */
static const size_t LANES_NUMBERS_MOST = 8u << 20;

/* Kinks that are followed: each is a root function of the integrator and one event when crossed. */
enum { KINKS_MOST = 4096 };

/* ---- neurons ---- */

static enum status check_neurons(const struct neurons *neurons, size_t layer)
{
    char text[ACTIVATION_TEXT_MAX];
    TRY(activation_check(neurons));
    const struct activation *f = neurons->activation;
    const enum activation_regularity at_zero = f->at_zero(neurons->parameter);
    activation_text(neurons, sizeof text, text);
    if (at_zero != ACTIVATION_SMOOTH && at_zero != ACTIVATION_KINK)
        return status_fail(BAD_ARGUMENT,
                           "--activation %s, layer %zu: at zero it is not smooth, and no chart of "
                           "a network's weights mends that; networks take whole powers",
                           text, layer);
    if (at_zero == ACTIVATION_KINK && !(f->degree && f->degree(neurons->parameter) == 1))
        return status_fail(BAD_ARGUMENT,
                           "--activation %s: networks follow kinks of activations that are linear "
                           "on both sides of zero",
                           text);
    return OK;
}

static struct nonlinear_kink kink_of(const struct neurons *neurons, size_t at)
{
    const struct activation *f = neurons->activation;
    if (f->at_zero(neurons->parameter) != ACTIVATION_KINK)
        return (struct nonlinear_kink){.has = false};
    return (struct nonlinear_kink){.has = true,
                                   .at = at,
                                   .left = f->slope(neurons->parameter, -1),
                                   .right = f->slope(neurons->parameter, 1)};
}

static enum status check_neuron_count(const struct problem *problem, size_t layers)
{
    if (problem->neuron_count == 1 || problem->neuron_count + 1 == layers)
        return OK;
    return status_fail(BAD_ARGUMENT,
                       "--activation names %zu layers; here are %zu hidden ones, and one name is "
                       "for all",
                       problem->neuron_count, layers - 1);
}

/* Neurons, kinks and switches of all hidden layers. */
static enum status take_neurons(const struct problem *problem, struct nonlinear_data *d,
                                size_t *switches)
{
    const struct network_shape *shape = &d->shape;
    TRY(check_neuron_count(problem, shape->layers));
    *switches = d->signs = problem->rule->feedback == FEEDBACK_SIGNS ? shape->channel_count : 0;
    for (size_t i = 1; i < shape->layers; i++) {
        d->neurons[i] = activation_of_layer(problem, i - 1);
        TRY(check_neurons(&d->neurons[i], i));
        const struct activation *f = d->neurons[i].activation;
        d->degree[i] = f->degree ? f->degree(d->neurons[i].parameter) : 0;
        d->kink[i] = kink_of(&d->neurons[i], *switches);
        *switches += d->kink[i].has ? shape->sizes[i] * d->samples : 0;
    }
    if (*switches - d->signs > KINKS_MOST)
        return status_fail(BAD_ARGUMENT,
                           "%zu samples and these layers make %zu kinks, each of which is an event "
                           "to be found; at most %d are followed: fewer samples or units, or a "
                           "smooth activation",
                           d->samples, *switches - d->signs, KINKS_MOST);
    return OK;
}

/* ---- the block ---- */

struct nonlinear_block {
    struct flow flow;
    struct nonlinear_data data;
    struct nonlinear_known known;
    char title[CLAIM_NAME_MAX];
    double *input, *input_turned, *input_size, *target, *weight, *c, *rate, *decay;
    double *signals, *along, *bound, *extra, *state, *change, *modulus, *modulus_other;
    double *known_state;
    struct nonlinear_claim *claim;
    struct claim *claimed;
    struct switch_surface *surface;
    char (*names)[UNKNOWN_NAME_MAX];
    signed char *side, *known_side;
};

/* What the size of a block depends on. */
struct extent {
    const struct network_shape *shape;
    size_t samples, lanes, claims, switches;
};

enum { SIGNALS = 6 }; /* kinds of them in a layer */

/* Numbers in the signals of one state. */
static size_t signal_count(const struct extent *e)
{
    const struct network_shape *shape = e->shape;
    size_t rows = shape->product;
    for (size_t i = 1; i <= shape->layers; i++)
        rows += SIGNALS * shape->sizes[i] + shape->bias;
    return rows * e->samples;
}

/* The largest matrix that is ever turned, or a factor of a product. */
static size_t largest_matrix(const struct extent *e)
{
    const struct network_shape *shape = e->shape;
    size_t most = shape->product * shape->sizes[shape->layers];
    for (size_t i = 0; i <= shape->layers; i++) {
        const size_t units = shape->sizes[i] + shape->bias;
        const size_t sizes[] = {units * e->samples, i ? units * nonlinear_width(shape, i) : 0,
                                units * shape->columns[i], shape->product * e->samples};
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
            most = sizes[k] > most ? sizes[k] : most;
    }
    return most;
}

/* A place in the block; all sizes are multiples of 8 bytes but the last four. */
struct place {
    void *pointer; /* to a pointer of any type: written through memcpy */
    size_t bytes;
};

enum { PLACES = 23 };

static void list_places(struct nonlinear_block *block, const struct extent *e,
                        struct place place[PLACES])
{
    const struct network_shape *shape = e->shape;
    const size_t real = sizeof(double), m = e->samples * real, L = shape->layers;
    const size_t inputs = shape->sizes[0] + shape->bias, outputs = shape->sizes[L];
    const size_t turned = largest_matrix(e) * real, signals = signal_count(e) * real;
    const struct place places[PLACES] = {
        {&block->input, inputs * m},
        {&block->input_turned, inputs * m},
        {&block->input_size, m},
        {&block->target, outputs * m},
        {&block->weight, m},
        {&block->c, (shape->channel_count + shape->product * outputs) * real},
        {&block->rate, 2 * L * real},
        {&block->decay, 2 * L * real},
        {&block->signals, (signals + turned) * e->lanes},
        {&block->along, signals + turned},
        {&block->bound, signals + turned},
        {&block->extra, turned},
        {&block->state, shape->dim * e->lanes * real},
        {&block->change, shape->dim * e->lanes * real},
        {&block->modulus, turned},
        {&block->modulus_other, turned},
        {&block->known_state, shape->dim * real},
        {&block->claim, e->claims * sizeof(struct nonlinear_claim)},
        {&block->claimed, e->claims * sizeof(struct claim)},
        {&block->names, shape->dim * UNKNOWN_NAME_MAX},
        {&block->surface, e->switches * sizeof(struct switch_surface)},
        {&block->side, e->switches},
        {&block->known_side, e->switches},
    };
    memcpy(place, places, sizeof places);
}

static struct nonlinear_block *block_create(const struct extent *e)
{
    struct nonlinear_block layout, *block;
    struct place place[PLACES];
    size_t bytes = sizeof *block;
    list_places(&layout, e, place);
    for (size_t k = 0; k < PLACES; k++)
        bytes += place[k].bytes;
    block = calloc(1, bytes);
    if (!block)
        return NULL;
    list_places(block, e, place);
    char *next = (char *)(block + 1);
    for (size_t k = 0; k < PLACES; k++) {
        memcpy(place[k].pointer, &next, sizeof next);
        next += place[k].bytes;
    }
    return block;
}

/* ---- filling it ---- */

/* One after the other from `next` on, of `lanes` states. */
static void point_signals(const struct extent *e, size_t lanes, double *next,
                          struct nonlinear_signals *s)
{
    const struct network_shape *shape = e->shape;
    for (size_t i = 1; i <= shape->layers; i++) {
        double **const signal[SIGNALS] = {&s->drive[i],    &s->slope[i],    &s->bend[i],
                                          &s->returned[i], &s->backward[i], &s->output[i]};
        for (size_t k = 0; k < SIGNALS; k++) {
            *signal[k] = next;
            next += shape->sizes[i] * e->samples * lanes;
        }
        next += shape->bias * e->samples * lanes; /* the output's last row */
    }
    s->product = next;
    s->turned = next + shape->product * e->samples * lanes;
}

/* Samples as columns, with the input that is 1; targets are zero under rules without. */
static void take_samples(const struct samples *samples, const struct rule *rule,
                         struct nonlinear_block *block)
{
    const size_t m = samples->count, n = samples->inputs, bias = block->data.shape.bias;
    for (size_t k = 0; k < m; k++) {
        double square = (double)bias;
        for (size_t i = 0; i < n; i++) {
            const double value = samples->input[k * n + i];
            block->input[i * m + k] = block->input_turned[k * (n + bias) + i] = value;
            square += value * value;
        }
        if (bias)
            block->input[n * m + k] = block->input_turned[k * (n + bias) + n] = 1;
        block->input_size[k] = sqrt(square);
        block->weight[k] = samples->weight[k];
        for (size_t o = 0; o < samples->outputs && !rule->no_targets; o++)
            block->target[o * m + k] = samples->target[k * samples->outputs + o];
    }
}

static bool is_same_input(const struct samples *samples, size_t k, size_t l)
{
    const size_t n = samples->inputs;
    return memcmp(samples->input + k * n, samples->input + l * n, n * sizeof(double)) == 0;
}

/* Half the weighted variance of the targets of samples alike: no function of the input has less
 * loss. */
static double conflict(const struct samples *samples, const double *target)
{
    const size_t m = samples->count;
    double loss = 0;
    for (size_t k = 0; k < m; k++) {
        double weight = 0;
        bool first = true;
        for (size_t l = 0; l < m && first; l++) {
            if (!is_same_input(samples, k, l))
                continue;
            first = l >= k;
            weight += samples->weight[l];
        }
        for (size_t o = 0; o < samples->outputs && first; o++) {
            double mean = 0;
            for (size_t l = k; l < m; l++)
                if (is_same_input(samples, k, l))
                    mean += samples->weight[l] / weight * target[o * m + l];
            for (size_t l = k; l < m; l++)
                if (is_same_input(samples, k, l))
                    loss += samples->weight[l] * (target[o * m + l] - mean) *
                            (target[o * m + l] - mean) / 2;
        }
    }
    return loss;
}

static bool decays_somewhere(const struct network_shape *shape, const double *decay)
{
    for (size_t k = 1; k < 2 * shape->layers; k++)
        if (decay[k] != 0)
            return true;
    return false;
}

static void point_data(const struct extent *e, struct nonlinear_block *block)
{
    struct nonlinear_data *d = &block->data;
    d->input = block->input;
    d->input_turned = block->input_turned;
    d->input_size = block->input_size;
    d->target = block->target;
    d->weight = block->weight;
    d->c = block->c;
    d->R = d->rule->product ? block->c : NULL;
    d->rate = block->rate;
    d->decay = block->decay;
    d->claim = block->claim;
    d->extra = block->extra;
    d->state = block->state;
    d->change = block->change;
    d->modulus = block->modulus;
    d->modulus_other = block->modulus_other;
    d->side = block->side;
    block->known = (struct nonlinear_known){
        .x = block->known_state, .side = block->known_side, .switches = e->switches};
    d->known = &block->known;
    point_signals(e, e->lanes, block->signals, &d->at);
    point_signals(e, 1, block->along, &d->along);
    point_signals(e, 1, block->bound, &d->bound);
}

/* "A2_1_3 = 0" for the weights whose signs are fed back, "u1_3 = 0 at sample 2" for kinks. */
static void name_surfaces(const struct nonlinear_data *d, struct switch_surface *surface)
{
    const struct network_shape *shape = &d->shape;
    for (size_t i = 1; i < shape->layers && d->signs; i++)
        for (size_t p = 0; p < shape->sizes[i]; p++)
            for (size_t q = 0; q < shape->columns[i]; q++)
                snprintf(
                    surface[shape->channel[i] - shape->channel[1] + p * shape->columns[i] + q].name,
                    UNKNOWN_NAME_MAX, "A%u_%u_%u = 0", (unsigned)i + 1, (unsigned)q + 1,
                    (unsigned)p + 1);
    for (size_t i = 1; i < shape->layers; i++)
        for (size_t j = 0; j < shape->sizes[i] * d->samples && d->kink[i].has; j++)
            snprintf(surface[d->kink[i].at + j].name, UNKNOWN_NAME_MAX, "u%u_%u = 0 at sample %u",
                     (unsigned)i, (unsigned)(j / d->samples) + 1, (unsigned)(j % d->samples) + 1);
}

/* The same names as without activations, and theirs. */
static void make_title(const struct problem *problem, const struct network_shape *shape,
                       size_t size, char *title)
{
    char names[ACTIVATION_TEXT_MAX];
    network_title(problem, shape, size, title);
    const size_t length = strlen(title);
    snprintf(title + length, size - length, ", %s%s%s",
             activation_list_text(problem, sizeof names, names), shape->bias ? ", biases" : "",
             problem->no_derivative ? ", no derivatives" : "");
}

static void fill_flow(const struct extent *e, size_t conserved, struct nonlinear_block *block)
{
    const struct nonlinear_data *d = &block->data;
    const bool dense = e->shape->dim <= FLOW_DENSE_MOST;
    block->flow = (struct flow){.dim = e->shape->dim,
                                .title = block->title,
                                .names = (const char(*)[UNKNOWN_NAME_MAX])block->names,
                                .field = nonlinear_network_field,
                                .jacobian = dense ? nonlinear_network_jacobian : NULL,
                                .jacobian_times = nonlinear_network_jacobian_times,
                                .switches = e->switches,
                                .surface = e->switches ? block->surface : NULL,
                                .switching = e->switches ? nonlinear_network_switching : NULL,
                                .side = e->switches ? block->side : NULL,
                                .rounding = nonlinear_network_rounding,
                                .claims = e->claims,
                                .conserved = conserved,
                                .claim = block->claimed,
                                .observe = nonlinear_network_observe,
                                .gradient = nonlinear_network_gradient,
                                .loss = nonlinear_network_loss,
                                .whole_loss = true,
                                .transverse = nonlinear_network_transverse,
                                .data = d};
    for (size_t k = 0; k < e->claims; k++)
        nonlinear_network_claim_name(d, &d->claim[k], &block->claimed[k]);
}

/* What the parameters of the block are before there is one. */
struct draft {
    struct nonlinear_data data;
    struct extent extent;
    const struct samples *samples;
    size_t conserved;
};

static enum status fill_block(const struct problem *problem, const struct draft *draft,
                              struct nonlinear_block *block)
{
    const struct extent *e = &draft->extent;
    block->data = draft->data;
    take_samples(draft->samples, problem->rule, block);
    TRY(network_feedback(problem, e->shape, block->c));
    TRY(network_rates(problem, e->shape, block->rate, block->decay));
    point_data(e, block);
    block->data.floor = conflict(draft->samples, block->target);
    size_t conserved = 0;
    nonlinear_network_claims(&block->data, block->claim, &conserved);
    make_title(problem, e->shape, sizeof block->title, block->title);
    network_names(problem, e->shape, block->names);
    name_surfaces(&block->data, block->surface);
    fill_flow(e, conserved, block);
    return OK;
}

/* Claims are counted with the rates alone. */
static enum status count_claims(const struct problem *problem, struct draft *draft)
{
    struct nonlinear_data *d = &draft->data;
    double *rates = calloc(4 * d->shape.layers, sizeof *rates);
    if (!rates)
        return status_fail(NO_MEMORY, "%s", problem->system->name);
    enum status status = network_rates(problem, &d->shape, rates, rates + 2 * d->shape.layers);
    if (status == OK) {
        d->decays = decays_somewhere(&d->shape, rates + 2 * d->shape.layers);
        d->rate = rates;
        d->R = d->rule->product ? rates : NULL; /* that there is one */
        draft->extent.claims = nonlinear_network_claims(d, NULL, &draft->conserved);
    }
    free(rates);
    return status;
}

static enum status flow_over(const struct problem *problem, const struct network_shape *shape,
                             const struct samples *samples, struct flow **flow)
{
    struct draft draft = {.data = {.shape = *shape,
                                   .rule = problem->rule,
                                   .samples = samples->count,
                                   .no_derivative = problem->no_derivative,
                                   .mirror = problem->mirror,
                                   .lanes = LANES_BLOCK},
                          .extent = {.shape = shape, .samples = samples->count},
                          .samples = samples};
    TRY(take_neurons(problem, &draft.data, &draft.extent.switches));
    TRY(count_claims(problem, &draft));
    if (LANES_BLOCK * (signal_count(&draft.extent) + 2 * shape->dim) > LANES_NUMBERS_MOST)
        draft.data.lanes = 1;
    draft.extent.lanes = draft.data.lanes;
    struct nonlinear_block *block = block_create(&draft.extent);
    if (!block)
        return status_fail(NO_MEMORY, "%s of %zu unknowns and %zu samples", problem->system->name,
                           shape->dim, samples->count);
    const enum status status = fill_block(problem, &draft, block);
    if (status == OK)
        *flow = &block->flow;
    else
        free(block);
    return status;
}

enum status nonlinear_network_flow(const struct problem *problem, struct flow **flow)
{
    struct network_shape shape;
    struct data *data = NULL;
    TRY(network_shape_of(problem, &shape));
    if (problem->gaussian > 0 || problem->inputs.count == 0)
        return status_fail(BAD_ARGUMENT,
                           "a network with activations learns from samples: --data, or --inputs "
                           "and --targets (%s)",
                           problem->gaussian > 0 ? "--gaussian is for chains"
                                                 : "moments do not determine it");
    TRY(data_create(problem, shape.sizes[0], shape.sizes[shape.layers], &data));
    const enum status status = flow_over(problem, &shape, data_samples(data, 0), flow);
    data_free(data);
    return status;
}

enum status nonlinear_network_dim(const struct problem *problem, size_t *dim)
{
    struct network_shape shape;
    TRY(network_shape_of(problem, &shape));
    *dim = shape.dim;
    return OK;
}

enum status nonlinear_network_predict(const struct problem *problem, const double *x0,
                                      double *limit, struct prediction *prediction)
{
    (void)problem, (void)x0, (void)limit;
    *prediction = prediction_none("notes/nonlinear-networks.md",
                                  "no theorem tells the limit of a network with activations");
    return OK;
}
