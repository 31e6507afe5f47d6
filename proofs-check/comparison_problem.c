/* A problem as a network.
 *
 * Both state vectors hold the same numbers in another order: a flow with biases keeps the bias of a
 * neuron at the end of its row of weights, the learner behind the matrix.  Which equations each way
 * has written down is for comparison_system_gap() to compare, not for this file: it translates names
 * and shapes only. */
#include "proofs-check/comparison_problem.h"

#include "linear/chain.h"
#include "linear/network.h"
#include "networks/learning.h"
#include "nonlinear/activation.h"
#include "nonlinear/data.h"
#include "proofs-check/comparison_samples.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES_STANDARD = 32 }; /* at least; and twice as many as inputs and outputs */
enum { PLACES, FEEDBACK, SAMPLES };

/* ---- what can be compared ---- */

/* Rules of problems and of networks, where both mean the same equations. */
static const struct {
    const char *problem, *network;
} rules[] = {{"arbp", "arbp"},
             {"asrbp", "asrbp"},
             {"bp", "bp"},
             {"kolen-pollack", "kolen-pollack"},
             {"noise-pretraining", "rbp"},
             {"rbp", "rbp"},
             {"sbp", "sbp"},
             {"srbp", "srbp"}};

static const struct learning_rule *network_rule(const struct rule *rule)
{
    for (size_t k = 0; rule && k < sizeof rules / sizeof *rules; k++)
        if (strcmp(rule->name, rules[k].problem) == 0)
            return learning_named(rules[k].network);
    return NULL;
}

enum status comparison_problem_rule(const struct rule *rule)
{
    return network_rule(rule) ? OK
                              : status_fail(BAD_ARGUMENT,
                                            "%s cannot be compared; rules: arbp, asrbp, bp, "
                                            "kolen-pollack, noise-pretraining, rbp, sbp, srbp",
                                            rule->name);
}

static bool all_ones(size_t count, const double *list)
{
    for (size_t k = 0; k < count; k++)
        if (list[k] != 1)
            return false;
    return true;
}

static enum status check(const struct problem *problem)
{
    if (!problem->rule)
        return status_fail(BAD_ARGUMENT, "%s is no network: it has no minibatches",
                           problem->system->name);
    TRY(comparison_problem_rule(problem->rule));
    if (!all_ones(problem->rate_count, problem->rates) || problem->decay_count)
        return status_fail(BAD_ARGUMENT,
                           "the network has one learning rate and one decay for all layers");
    if (problem->channel_activation)
        return status_fail(BAD_ARGUMENT, "the network has no neurons in its learning channel here");
    if (problem->gaussian > 0)
        return status_fail(BAD_ARGUMENT, "batches need samples; --gaussian has none");
    if (problem->biases && problem->lambda > 0)
        return status_fail(BAD_ARGUMENT, "biases decay in the flow and not in the network");
    return OK;
}

/* ---- shapes ---- */

static enum status neuron_of(const struct problem *problem, const struct neuron **neuron)
{
    *neuron = neuron_named("identity");
    for (size_t k = 0; k < problem->neuron_count; k++) {
        const struct activation *activation = problem->neurons[k].activation;
        const struct neuron *here = neuron_named(activation->name);
        if (!here || (k > 0 && here != *neuron))
            return status_fail(BAD_ARGUMENT,
                               "the network has identity, tanh, logistic or relu neurons, the "
                               "same in all hidden layers; found %s",
                               activation->name);
        *neuron = here;
    }
    return OK;
}

/* N0, ..., NL; a chain has ones. */
static enum status sizes_of(const struct problem *problem, size_t *count,
                            size_t sizes[PROBLEM_SIZES_MAX])
{
    if (problem->system->sizes)
        return problem_sizes(problem, count, sizes);
    if (problem->depth >= PROBLEM_SIZES_MAX)
        return status_fail(BAD_ARGUMENT, "the network has at most %d layers",
                           PROBLEM_SIZES_MAX - 1);
    *count = problem->depth + 1;
    for (size_t k = 0; k < *count; k++)
        sizes[k] = 1;
    return OK;
}

static enum status plan_fill(const struct problem *problem, struct learner_plan *plan)
{
    size_t count = 0, sizes[PROBLEM_SIZES_MAX] = {0};
    TRY(sizes_of(problem, &count, sizes));
    *plan = learner_defaults(network_rule(problem->rule));
    TRY(neuron_of(problem, &plan->neuron));
    plan->arithmetic = &array_double;
    plan->layers = count - 1;
    memcpy(plan->sizes, sizes, count * sizeof *sizes);
    plan->loss = LOSS_SQUARED;
    plan->biases = problem->biases;
    plan->no_derivative = problem->no_derivative;
    plan->decay = problem->lambda;
    return OK;
}

static size_t forward_count(const struct learner_plan *plan)
{
    size_t count = 0;
    for (size_t l = 1; l <= plan->layers; l++)
        count += plan->sizes[l] * (plan->sizes[l - 1] + plan->biases);
    return count;
}

/* place[dim] */
static void places_fill(const struct learner_plan *plan, size_t dim, size_t *place)
{
    size_t unknown = 0, number = 0;
    for (size_t l = 1; l <= plan->layers; l++) {
        const size_t rows = plan->sizes[l], columns = plan->sizes[l - 1];
        for (size_t i = 0; i < rows; i++) {
            for (size_t j = 0; j < columns; j++)
                place[unknown++] = number + i * columns + j;
            if (plan->biases)
                place[unknown++] = number + rows * columns + i;
        }
        number += rows * (columns + plan->biases);
    }
    for (; unknown < dim; unknown++) /* C_1, C_2, ... in the same order */
        place[unknown] = number++;
}

/* ---- feedback ---- */

static enum status ones_or_given(const struct problem *problem, size_t count, double *c)
{
    for (size_t k = 0; k < count; k++)
        c[k] = k < problem->c_count ? problem_feedback(problem)[k] : 1;
    for (size_t k = count; k < problem->c_count; k++)
        if (problem_feedback(problem)[k] != 1)
            return status_fail(BAD_ARGUMENT,
                               "the top layer of the network has no feedback weight "
                               "but 1; found %g",
                               problem_feedback(problem)[k]);
    return OK;
}

/* c[count] with C_1, ..., C_(L-1); vectors and chains begin with ones, matrices as identities. */
static enum status feedback_fill(const struct problem *problem, const struct learner_plan *plan,
                                 size_t count, double *c)
{
    struct network_shape shape;
    if (!problem->system->sizes)
        return ones_or_given(problem, count, c);
    if (plan->sizes[0] == 1 && plan->sizes[plan->layers] == 1 && plan->layers == 2)
        return ones_or_given(problem, count, c);
    TRY(network_shape_of(problem, &shape));
    return network_feedback(problem, &shape, c);
}

static size_t feedback_count(const struct learner_plan *plan)
{
    size_t count = 0;
    for (size_t l = 1; l < plan->layers; l++)
        count +=
            plan->sizes[l] * (plan->rule->topology == LEARNING_SKIPPED ? plan->sizes[plan->layers]
                                                                       : plan->sizes[l + 1]);
    return count;
}

static enum status feedback_take(const struct problem *problem, struct comparison_problem *made)
{
    if (problem->rule->feedback != FEEDBACK_FIXED && problem->rule->feedback != FEEDBACK_DIRECT)
        return OK;
    const size_t count = feedback_count(&made->system.plan);
    double *c = calloc(count ? count : 1, sizeof *c);
    made->memory[FEEDBACK] = c;
    if (!c)
        return status_fail(NO_MEMORY, "%zu feedback weights", count);
    made->system.feedback = c;
    return feedback_fill(problem, &made->system.plan, count, c);
}

/* ---- samples ---- */

static enum status samples_check(const struct samples *samples)
{
    for (size_t k = 1; k < samples->count; k++)
        if (samples->weight[k] != samples->weight[0])
            return status_fail(BAD_ARGUMENT, "batches are drawn from samples of equal weights");
    return OK;
}

/* Those of nonlinear/, which have teachers, too. */
static enum status samples_of_neurons(const struct problem *problem,
                                      struct comparison_problem *made)
{
    const struct learner_plan *plan = &made->system.plan;
    if (problem->inputs.count == 0)
        return status_fail(BAD_ARGUMENT, "neurons learn from samples: --inputs and --targets, or "
                                         "--data");
    struct data *data = NULL;
    TRY(data_create(problem, plan->sizes[0], plan->sizes[plan->layers], &data));
    made->data = data;
    const struct samples *samples = data_samples(data, 0);
    made->system.count = samples->count;
    made->system.inputs = samples->input;
    made->system.targets = samples->target;
    return samples_check(samples);
}

static enum status samples_given(const struct problem *problem, struct comparison_problem *made)
{
    const struct learner_plan *plan = &made->system.plan;
    const size_t in = plan->sizes[0], out = plan->sizes[plan->layers];
    assert(in > 0);
    made->system.count = problem->inputs.count / in;
    if (made->system.count * in != problem->inputs.count ||
        made->system.count * out != problem->targets.count)
        return status_fail(BAD_ARGUMENT,
                           "%zu inputs and %zu targets; samples of this network have %zu and %zu",
                           problem->inputs.count, problem->targets.count, in, out);
    made->system.inputs = problem_entries(&problem->inputs);
    made->system.targets = problem_entries(&problem->targets);
    return OK;
}

/* sigma[inputs*(inputs + outputs)] */
static enum status moments_of(const struct problem *problem, const struct learner_plan *plan,
                              double *sigma)
{
    const size_t in = plan->sizes[0], out = plan->sizes[plan->layers];
    if (in == 1 && out == 1) {
        sigma[0] = problem->beta;
        sigma[1] = problem->alpha;
    } else {
        TRY(problem_moments(problem, sigma, sigma + in * in));
    }
    for (size_t k = 0; problem->rule->no_targets && k < out * in; k++)
        sigma[in * in + k] = 0;
    return OK;
}

static enum status samples_make(const struct comparison_problem_plan *plan,
                                struct comparison_problem *made)
{
    const struct learner_plan *network = &made->system.plan;
    const size_t in = network->sizes[0], out = network->sizes[network->layers], width = in + out;
    const size_t standard = 2 * width > SAMPLES_STANDARD ? 2 * width : SAMPLES_STANDARD;
    const size_t count = plan->samples ? plan->samples : standard;
    double *memory = malloc((count + in) * width * sizeof *memory);
    made->memory[SAMPLES] = memory;
    if (!memory)
        return status_fail(NO_MEMORY, "%zu samples of %zu numbers", count, width);
    double *sigma = memory + count * width;
    TRY(moments_of(plan->problem, network, sigma));
    const struct comparison_moments moments = {in, out, sigma, sigma + in * in};
    const struct comparison_samples samples = {count, plan->seed, memory, memory + count * in};
    TRY(comparison_samples_fill(&moments, &samples));
    made->made = true;
    made->system.count = count;
    made->system.inputs = samples.input;
    made->system.targets = samples.target;
    return OK;
}

static enum status samples_take(const struct comparison_problem_plan *plan,
                                struct comparison_problem *made)
{
    if (plan->problem->neuron_count)
        return samples_of_neurons(plan->problem, made);
    return plan->problem->inputs.count ? samples_given(plan->problem, made)
                                       : samples_make(plan, made);
}

/* ---- the whole ---- */

static enum status fill(const struct comparison_problem_plan *plan, struct comparison_problem *made)
{
    const size_t dim = plan->flow->dim;
    TRY(check(plan->problem));
    TRY(plan_fill(plan->problem, &made->system.plan));
    if (forward_count(&made->system.plan) > dim)
        return status_fail(BAD_ARGUMENT, "the network has more weights than its flow: %zu",
                           forward_count(&made->system.plan));
    size_t *place = malloc(dim * sizeof *place);
    made->memory[PLACES] = place;
    if (!place)
        return status_fail(NO_MEMORY, "%zu unknowns", dim);
    places_fill(&made->system.plan, dim, place);
    made->system.flow = plan->flow;
    made->system.place = place;
    TRY(feedback_take(plan->problem, made));
    return samples_take(plan, made);
}

void comparison_problem_free(struct comparison_problem *made)
{
    if (!made)
        return;
    for (size_t k = 0; k < sizeof made->memory / sizeof *made->memory; k++)
        free(made->memory[k]);
    data_free(made->data);
    free(made);
}

enum status comparison_problem_create(const struct comparison_problem_plan *plan,
                                      struct comparison_problem **made)
{
    struct comparison_problem *one = calloc(1, sizeof *one);
    if (!one)
        return status_fail(NO_MEMORY, "a comparison");
    const enum status status = fill(plan, one);
    if (status == OK)
        *made = one;
    else
        comparison_problem_free(one);
    return status;
}
