/* A network's learning equations as a flow, by the field that training uses.
 *
 * The batch is the whole data set, so that nothing is random: rules, channels and updates that are
 * random or that jump follow no smooth equation in this sense and are refused, (MB70).  The Jacobian
 * is taken by differences, for the exact one would be a second implementation of every rule: up to
 * FLOW_DENSE_MOST unknowns it is formed, above that flow_jacobian_times() takes a difference along
 * the vector.
 * A state is copied into the learner, its field copied out: two copies beside the products of
 * count x N_l matrices. */
#include "networks/learner_flow.h"

#include "networks/learning.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TITLE_MAX = 160, SCRATCH = 5 }; /* [dim]: state, field, three of differences */

struct learner_flow {
    struct flow flow;
    struct learner *learner;
    struct array inputs, targets;
    double *state, *dx; /* [dim], one of n states */
    double *work;       /* [3*dim] of differences */
    char title[TITLE_MAX];
};

static struct learner_flow *block_of(const struct flow *flow)
{
    return (struct learner_flow *)(void *)flow; /* the flow is its first member */
}

/* ---- the callbacks ---- */

static enum status field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    struct learner_flow *block = block_of(flow);
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < flow->dim; i++)
            block->state[i] = x[i * n + k];
        array_load(block->state, &block->learner->state);
        learner_field(block->learner, &block->inputs, &block->targets);
        array_store(&block->learner->field, block->dx);
        for (size_t i = 0; i < flow->dim; i++)
            dx[i * n + k] = block->dx[i];
    }
    return OK;
}

static enum status jacobian(const struct flow *flow, const double *x, double *J)
{
    return flow_jacobian_by_differences(flow, x, J, block_of(flow)->work);
}

/* The loss per sample: 0 is its lower bound. */
static double loss(const struct flow *flow, const double *x)
{
    struct learner_flow *block = block_of(flow);
    array_load(x, &block->learner->state);
    return learner_field(block->learner, &block->inputs, &block->targets) /
           (double)block->inputs.rows;
}

static void release(struct flow *flow)
{
    learner_free(block_of(flow)->learner);
}

struct learner *learner_flow_network(const struct flow *flow)
{
    return block_of(flow)->learner;
}

/* ---- making it ---- */

static enum status check(const struct learner_plan *plan, size_t count)
{
    const bool rounded = plan->channel_quantiser.rounding != ROUNDING_NONE ||
                         plan->update_quantiser.rounding != ROUNDING_NONE;
    if (plan->arithmetic != &array_double)
        return status_fail(BAD_ARGUMENT, "a flow of a network is computed in double, not in %s",
                           plan->arithmetic->name);
    if (plan->rule->flow != LEARNING_SMOOTH)
        return status_fail(BAD_ARGUMENT, "the steps of %s follow no smooth equation",
                           plan->rule->name);
    if (rounded || plan->channel_dropout > 0 || plan->normalisation != NORMALISATION_NONE)
        return status_fail(BAD_ARGUMENT, "steps with dropout, rounding or normalised weights "
                                         "follow no smooth equation");
    if (count == 0)
        return status_fail(BAD_ARGUMENT, "a flow of a network needs samples; there are none");
    return OK;
}

/* names[dim]: W1_row_column, b1_1_row, ..., C1_row_column where feedback learns. */
static void name_layer(char letter, size_t l, const struct array *array,
                       char (**names)[UNKNOWN_NAME_MAX])
{
    for (size_t i = 0; i < array->rows; i++)
        for (size_t j = 0; j < array->columns; j++) /* sizes of layers fit into 32 bits */
            snprintf(*(*names)++, UNKNOWN_NAME_MAX, "%c%u_%u_%u", letter, (unsigned)l,
                     (unsigned)i + 1, (unsigned)j + 1);
}

static void name_unknowns(const struct learner *learner, char (*names)[UNKNOWN_NAME_MAX])
{
    for (size_t l = 1; l <= learner->plan.layers; l++) {
        name_layer('W', l, &learner->weight[l], &names);
        if (learner->plan.biases)
            name_layer('b', l, &learner->bias[l], &names);
    }
    for (size_t l = 1; l < learner->plan.layers && learner->plan.rule->feedback_learns; l++)
        name_layer('C', l, &learner->feedback[l], &names);
}

/* One block: the struct, the samples, the scratch, the names. */
static struct learner_flow *block_create(const struct learner *learner, size_t count)
{
    const struct learner_plan *plan = &learner->plan;
    const size_t inputs = plan->sizes[0], outputs = plan->sizes[plan->layers], dim = learner->dim;
    const size_t numbers = count * (inputs + outputs) + SCRATCH * dim;
    struct learner_flow *block =
        calloc(1, sizeof *block + numbers * sizeof(double) + dim * sizeof(char[UNKNOWN_NAME_MAX]));
    if (!block)
        return NULL;
    double *at = (double *)(void *)(block + 1);
    block->inputs = array_view(&array_double, count, inputs, at);
    block->targets = array_view(&array_double, count, outputs, at + count * inputs);
    block->state = at + count * (inputs + outputs);
    block->dx = block->state + dim;
    block->work = block->dx + dim;
    block->flow.names = (void *)(block->work + 3 * dim);
    return block;
}

static void fill(struct learner_flow *block, struct learner *learner)
{
    block->learner = learner;
    block->flow.dim = learner->dim;
    block->flow.title = block->title;
    block->flow.field = field;
    block->flow.jacobian = learner->dim <= FLOW_DENSE_MOST ? jacobian : NULL;
    block->flow.loss = loss;
    block->flow.whole_loss = true;
    block->flow.release = release;
    block->flow.data = block;
    name_unknowns(learner, (void *)block->flow.names);
    snprintf(block->title, sizeof block->title, "network of %zu layers, %s, %zu samples",
             learner->plan.layers, learner->plan.rule->name, block->inputs.rows);
}

enum status learner_flow_create(const struct learner_plan *plan, size_t count, const double *inputs,
                                const double *targets, struct flow **flow)
{
    TRY(check(plan, count));
    struct learner_plan whole = *plan;
    struct learner *learner = NULL;
    whole.batch = count;
    TRY(learner_create(&whole, &learner));
    learner_initialise(learner);
    struct learner_flow *block = block_create(learner, count);
    if (!block) {
        learner_free(learner);
        return status_fail(NO_MEMORY, "a flow over %zu samples", count);
    }
    fill(block, learner);
    array_load(inputs, &block->inputs);
    array_load(targets, &block->targets);
    *flow = &block->flow;
    return OK;
}
