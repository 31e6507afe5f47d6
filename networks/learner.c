/* The learner: its memory and its start.
 *
 * Everything that moves stands in one vector, W_1, b_1, ..., W_L, b_L and then the feedback that
 * learns, and the field has the same layout; views into both are what the rules see.  So a step is
 * one pass over two vectors, and products of matrices are written where they belong, without
 * copies.  All memory is one block, laid out by the same function that first measures it.
 *
 * Weights, feedback and what a rule draws come from streams of different keys under one seed: rules
 * with the same seed start from the same W, and feedback is independent of W.  Were they drawn from
 * one stream, layered feedback of equal shape would begin as W', and alignment would look
 * perfect. */
#include "networks/learner_parts.h"

#include "networks/blas.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const size_t ALIGNMENT = 64;       /* bytes of a cache line */
static const size_t INDICES_OF_STEP = 64; /* streams of a step: more than LEARNER_LAYERS_MAX */
static const unsigned BITS_MOST = 30;     /* levels that an integer counts */

/* ---- plans ---- */

struct learner_plan learner_defaults(const struct learning_rule *rule)
{
    static const double mirror = 0.1; /* with eta = 0.1 the share 0.01 a step */
    static const size_t samples = 100;
    static const struct quantiser exact = {.rounding = ROUNDING_NONE, .bits = 1, .range = 1};
    return (struct learner_plan){.rule = rule,
                                 .arithmetic = &array_float,
                                 .neuron = neuron_named("tanh"),
                                 .loss = LOSS_CROSS_ENTROPY,
                                 .biases = true,
                                 .batch = samples,
                                 .law = FEEDBACK_NORMAL,
                                 .sparse = 1,
                                 .feedback_scale = 1,
                                 .channel_quantiser = exact,
                                 .update_quantiser = exact,
                                 .rho = 1,
                                 .decay = rule ? rule->decay : 0,
                                 .mirror = mirror,
                                 .mirror_samples = samples,
                                 .product_ratio = 1};
}

static enum status check_sizes(const struct learner_plan *plan)
{
    static const size_t most = (size_t)1 << 31; /* of a matrix: BLAS counts in 32 bits */
    if (!plan->rule || !plan->arithmetic || !plan->neuron)
        return status_fail(BAD_ARGUMENT, "a learner needs a rule, an arithmetic and neurons");
    if (plan->layers < 1 || plan->layers > LEARNER_LAYERS_MAX)
        return status_fail(BAD_ARGUMENT, "%zu layers of weights; a learner has 1 to %d",
                           plan->layers, LEARNER_LAYERS_MAX);
    if (plan->batch < 1 || plan->product_ratio < 1)
        return status_fail(BAD_ARGUMENT, "batch = %zu, product ratio = %zu: both are at least 1",
                           plan->batch, plan->product_ratio);
    for (size_t l = 0; l <= plan->layers; l++) {
        const size_t N = plan->sizes[l], beside = plan->sizes[l > 0 ? l - 1 : l];
        if (N < 1 || N >= most / beside || N >= most / plan->batch ||
            N >= most / beside / plan->product_ratio)
            return status_fail(BAD_ARGUMENT, "layer %zu has %zu units", l, N);
    }
    return OK;
}

static enum status check_quantiser(const struct quantiser *quantiser)
{
    if (quantiser->rounding == ROUNDING_NONE)
        return OK;
    if (quantiser->bits < 1 || quantiser->bits > BITS_MOST ||
        !(quantiser->range > 0 && isfinite(quantiser->range)))
        return status_fail(BAD_ARGUMENT, "a quantiser of %u bits in a range of %g; bits 1 to %u",
                           quantiser->bits, quantiser->range, BITS_MOST);
    return OK;
}

static enum status check_numbers(const struct learner_plan *plan)
{
    if (!isfinite(plan->feedback_scale) || !isfinite(plan->feedback_mean))
        return status_fail(BAD_ARGUMENT, "feedback of scale %g and mean %g", plan->feedback_scale,
                           plan->feedback_mean);
    if (!(plan->sparse > 0))
        return status_fail(BAD_ARGUMENT, "sparse feedback with %g ones a unit", plan->sparse);
    if (!(plan->channel_dropout >= 0 && plan->channel_dropout < 1))
        return status_fail(BAD_ARGUMENT, "channel dropout = %g; a probability below 1",
                           plan->channel_dropout);
    if (!(plan->decay >= 0 && isfinite(plan->decay)) ||
        !(plan->mirror >= 0 && isfinite(plan->mirror)))
        return status_fail(BAD_ARGUMENT, "decay = %g, mirror = %g: both are at least 0",
                           plan->decay, plan->mirror);
    if (plan->normalisation != NORMALISATION_NONE && !(plan->rho > 0 && isfinite(plan->rho)))
        return status_fail(BAD_ARGUMENT, "weight normalisation to %g times the norm at the start",
                           plan->rho);
    TRY(check_quantiser(&plan->channel_quantiser));
    return check_quantiser(&plan->update_quantiser);
}

/* Modifiers that a rule could not follow are refused: nobody should measure what does not act. */
static enum status check_modifiers(const struct learner_plan *plan)
{
    const struct learning_rule *rule = plan->rule;
    if (!rule->weight_field)
        return OK;
    if (plan->channel_neuron || plan->channel_dropout > 0 ||
        plan->channel_quantiser.rounding != ROUNDING_NONE)
        return status_fail(BAD_ARGUMENT,
                           "rule %s has no channel on which neurons, dropout or bits could act",
                           rule->name);
    if (plan->update_quantiser.rounding != ROUNDING_NONE && rule->topology != LEARNING_NONE)
        return status_fail(BAD_ARGUMENT, "updates of rule %s cannot be quantised", rule->name);
    return OK;
}

/* ---- memory ---- */

/* A block that is only measured while `memory` is NULL. */
struct layout {
    const struct arithmetic *arithmetic;
    char *memory;
    size_t used;
};

static void *take(struct layout *layout, size_t bytes)
{
    void *at = layout->memory ? layout->memory + layout->used : NULL;
    layout->used += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return at;
}

static struct array take_array(struct layout *layout, size_t rows, size_t columns)
{
    assert(layout->arithmetic);
    return array_view(layout->arithmetic, rows, columns,
                      take(layout, rows * columns * layout->arithmetic->bytes));
}

/* The next rows*columns numbers of a vector. */
static struct array part(const struct array *whole, size_t rows, size_t columns, size_t *at)
{
    char *values = whole->values;
    const size_t first = *at * whole->arithmetic->bytes;
    *at += rows * columns;
    return array_view(whole->arithmetic, rows, columns, values ? values + first : NULL);
}

static bool has_feedback(const struct learning_rule *rule)
{
    return rule->feedback_learns || rule->feedback_drawn || rule->refresh;
}

static size_t feedback_columns(const struct learner_plan *plan, size_t l)
{
    if (plan->rule->topology == LEARNING_SKIPPED)
        return plan->sizes[plan->layers];
    return plan->sizes[l + 1] * (plan->rule->product ? plan->product_ratio : 1);
}

static void count_state(struct learner *learner)
{
    const struct learner_plan *plan = &learner->plan;
    learner->forward_dim = 0;
    for (size_t l = 1; l <= plan->layers; l++)
        learner->forward_dim += plan->sizes[l] * (plan->sizes[l - 1] + plan->biases);
    learner->dim = learner->forward_dim;
    for (size_t l = 1; l < plan->layers && plan->rule->feedback_learns; l++)
        learner->dim += plan->sizes[l] * feedback_columns(plan, l);
}

/* The views into one vector laid out as the state. */
static void view_state(const struct learner *learner, const struct array *whole,
                       struct array *weight, struct array *bias, struct array *feedback)
{
    const struct learner_plan *plan = &learner->plan;
    size_t at = 0;
    for (size_t l = 1; l <= plan->layers; l++) {
        weight[l] = part(whole, plan->sizes[l], plan->sizes[l - 1], &at);
        bias[l] = part(whole, 1, plan->biases ? plan->sizes[l] : 0, &at);
    }
    for (size_t l = 1; l < plan->layers && plan->rule->feedback_learns; l++)
        feedback[l] = part(whole, plan->sizes[l], feedback_columns(plan, l), &at);
}

static void lay_out_signals(struct learner *learner, struct layout *layout)
{
    const struct learner_plan *plan = &learner->plan;
    for (size_t l = 1; l <= plan->layers; l++) {
        learner->output[l] = take_array(layout, plan->batch, plan->sizes[l]);
        learner->signal[l] = take_array(layout, plan->batch, plan->sizes[l]);
    }
    learner->error = learner->signal[plan->layers];
    learner->samples = plan->batch;
}

static void lay_out_extras(struct learner_parts *parts, struct layout *layout)
{
    const struct learner_plan *plan = &parts->learner.plan;
    size_t most = 0, rows = 0;
    for (size_t l = 1; l <= plan->layers; l++) {
        const size_t count = plan->sizes[l] * (plan->sizes[l - 1] + 1);
        most = count > most ? count : most;
        rows += plan->sizes[l];
    }
    if (plan->update_quantiser.rounding != ROUNDING_NONE)
        parts->outer = take_array(layout, most, 1);
    if (plan->normalisation != NORMALISATION_NONE)
        parts->norm = take(layout, rows * sizeof *parts->norm);
}

static void lay_out(struct learner_parts *parts, struct layout *layout)
{
    struct learner *learner = &parts->learner;
    const struct learner_plan *plan = &learner->plan;
    take(layout, sizeof *parts);
    count_state(learner);
    learner->state = take_array(layout, learner->dim, 1);
    learner->field = take_array(layout, learner->dim, 1);
    view_state(learner, &learner->state, learner->weight, learner->bias, learner->feedback);
    view_state(learner, &learner->field, learner->weight_field, learner->bias_field,
               learner->feedback_field);
    for (size_t l = 1; l < plan->layers; l++)
        if (has_feedback(plan->rule) && !plan->rule->feedback_learns)
            learner->feedback[l] = take_array(layout, plan->sizes[l], feedback_columns(plan, l));
    lay_out_signals(learner, layout);
    lay_out_extras(parts, layout);
}

static enum status make(const struct learner_plan *plan, struct learner_parts **made)
{
    struct learner_parts draft = {.learner.plan = *plan, .identity = neuron_named("identity")};
    struct layout layout = {.arithmetic = plan->arithmetic};
    lay_out(&draft, &layout);
    char *memory = aligned_alloc(ALIGNMENT, layout.used);
    if (!memory)
        return status_fail(NO_MEMORY, "a learner of %zu bytes", layout.used);
    memset(memory, 0, layout.used);
    layout = (struct layout){.arithmetic = plan->arithmetic, .memory = memory};
    lay_out(&draft, &layout);
    *made = (struct learner_parts *)(void *)memory;
    **made = draft;
    return OK;
}

struct learner_parts *learner_parts_of(struct learner *learner)
{
    return (struct learner_parts *)(void *)learner;
}

enum status learner_create(const struct learner_plan *plan, struct learner **learner)
{
    TRY(check_sizes(plan));
    TRY(check_numbers(plan));
    TRY(check_modifiers(plan));
    TRY(blas_open());
    struct learner_parts *parts = NULL;
    TRY(make(plan, &parts));
    const enum status status = plan->rule->create ? plan->rule->create(&parts->learner) : OK;
    if (status != OK) {
        free(parts);
        return status;
    }
    *learner = &parts->learner;
    return OK;
}

void learner_free(struct learner *learner)
{
    if (!learner)
        return;
    if (learner->plan.rule->destroy)
        learner->plan.rule->destroy(learner);
    free(learner_parts_of(learner));
}

/* ---- the start ---- */

struct stream learner_stream(const struct learner *learner, const char *what, size_t layer)
{
    return stream_at(learner->plan.seed, stream_key(what), layer);
}

struct stream learner_stream_of_step(const struct learner *learner, const char *what, size_t layer)
{
    return stream_at(learner->plan.seed, stream_key(what), learner->step * INDICES_OF_STEP + layer);
}

double learner_deviation(size_t in, size_t out)
{
    return sqrt(2 / ((double)in + (double)out));
}

static void draw_layer(struct learner *learner, size_t l)
{
    const struct learner_plan *plan = &learner->plan;
    const size_t in = plan->sizes[l - 1];
    const bool relu = plan->neuron->kind == NEURON_RELU;
    struct stream stream = learner_stream(learner, "network weights", l);
    array_normals(&stream, learner_deviation(in, relu ? 0 : plan->sizes[l]), &learner->weight[l]);
    if (plan->biases)
        array_fill(0, &learner->bias[l]);
}

void learner_initialise(struct learner *learner)
{
    const struct learning_rule *rule = learner->plan.rule;
    learner->step = 0;
    for (size_t l = 1; l <= learner->plan.layers; l++)
        draw_layer(learner, l);
    for (size_t l = 1; l < learner->plan.layers && rule->feedback_drawn; l++) {
        struct stream stream = learner_stream(learner, "network feedback", l);
        learner_draw_feedback(learner, l, &stream, &learner->feedback[l]);
    }
    if (rule->initialise)
        rule->initialise(learner);
    learner_keep_norms(learner);
}
