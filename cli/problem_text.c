/* A problem as text: parameters, data, lists.
 *
 * Long lists show their first numbers, how many there are and their norm. */
#include "cli/problem_from_options.h"

#include "linear/channel_activation.h"
#include "linear/matrix.h"
#include "linear/registry.h"
#include "nonlinear/activation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    NUMBER_MAX = 32, /* bytes of one number and what follows it */
    TEXT_MAX_HERE = 256,
    LIST_LONG = 32, /* numbers of a list that is not shown whole */
    LIST_SHOWN = 6  /* of such a list */
};

const char *problem_list(size_t count, const double *values, size_t size, char *text)
{
    const size_t shown = count > LIST_LONG ? LIST_SHOWN : count;
    const size_t room = shown < count ? 2 * NUMBER_MAX + NUMBER_MAX : NUMBER_MAX;
    size_t length = (size_t)snprintf(text, size, "("), k = 0;
    for (; k < shown && length + room <= size; k++)
        length += (size_t)snprintf(text + length, size - length, "%.10g%s", values[k],
                                   k + 1 < count ? ", " : "");
    if (k < count)
        length += (size_t)snprintf(text + length, size - length, "...");
    if (shown < count)
        length += (size_t)snprintf(text + length, size - length, "; %zu numbers, norm %.6g", count,
                                   matrix_norm(count, values));
    snprintf(text + length, size - length, ")");
    return text;
}

static void parameter_append(size_t size, char *text, const char *name, const char *value)
{
    size_t length = strlen(text);
    snprintf(text + length, size - length, "%s%s = %s", length ? ", " : "", name, value);
}

static void number_append(size_t size, char *text, const char *name, double value)
{
    char number[NUMBER_MAX];
    snprintf(number, sizeof number, "%.10g", value);
    parameter_append(size, text, name, number);
}

static void list_append(size_t size, char *text, const char *name, size_t count,
                        const double *values)
{
    char list[TEXT_MAX_HERE];
    parameter_append(size, text, name, problem_list(count, values, sizeof list, list));
}

static void entries_append(size_t size, char *text, const char *name, const char *standard,
                           const struct entries *entries)
{
    if (entries->count)
        list_append(size, text, name, entries->count, problem_entries(entries));
    else
        parameter_append(size, text, name, standard);
}

static void feedback_append(size_t size, char *text, const struct problem *problem)
{
    const bool network = problem_is_network(problem);
    const bool scalar = registry_system_reads(problem->system, "alpha"); /* vectors of weights */
    const struct rule *rule = problem->rule;
    if (problem->c_count)
        list_append(size, text, "c", problem->c_count, problem_feedback(problem));
    else if (registry_system_reads(problem->system, "c") && rule && network &&
             (rule->feedback == FEEDBACK_FIXED || rule->product))
        parameter_append(size, text, scalar ? "all c" : "all C", scalar ? "1" : "identities");
    else if (registry_system_reads(problem->system, "c") && rule && !network && rule->direct)
        parameter_append(size, text, "all c", "1");
}

/* One input and one target: alpha = E[TI] and beta = E[I^2], whatever option gave them. */
static void scalar_moments_append(size_t size, char *text, const struct problem *problem)
{
    const bool targets = !(problem->rule && problem->rule->no_targets);
    const double alpha =
        problem->sigma_ti.count ? problem_entries(&problem->sigma_ti)[0] : problem->alpha;
    number_append(size, text, "alpha", targets ? alpha : 0);
    number_append(size, text, "beta",
                  problem->sigma_ii.count ? problem_entries(&problem->sigma_ii)[0] : problem->beta);
}

/* Targets T = W I, with W the rectangular identity, where nothing is given. */
static const char *standard_targets(size_t outputs, size_t inputs)
{
    if (outputs == inputs)
        return "Sigma_II";
    return outputs < inputs ? "the first rows of Sigma_II" : "Sigma_II above zeros";
}

static void channel_append(size_t size, char *text, const struct problem *problem)
{
    parameter_append(size, text, "channel", problem->channel_activation->name);
    list_append(size, text, "inputs", problem->inputs.count, problem_entries(&problem->inputs));
    list_append(size, text, "targets", problem->targets.count, problem_entries(&problem->targets));
}

/* "1.5 ", or nothing for 1. */
static const char *factor_text(double factor, size_t size, char *text)
{
    text[0] = '\0';
    if (factor != 1)
        snprintf(text, size, "%.10g ", factor);
    return text;
}

/* "targets = 2 tanh(1.5 I)"; the identity has no name. */
static void teacher_append(size_t size, char *text, const struct teacher *teacher)
{
    char g[ACTIVATION_TEXT_MAX], targets[TEXT_MAX_HERE + ACTIVATION_TEXT_MAX];
    char scale[NUMBER_MAX], argument[NUMBER_MAX];
    const struct neurons *neurons = &teacher->neurons;
    if (neurons->activation == &activation_identity)
        snprintf(targets, sizeof targets, "%sI",
                 factor_text(teacher->scale * teacher->argument, sizeof scale, scale));
    else
        snprintf(targets, sizeof targets, "%s%s(%sI)",
                 factor_text(teacher->scale, sizeof scale, scale),
                 activation_text(neurons, sizeof g, g),
                 factor_text(teacher->argument, sizeof argument, argument));
    parameter_append(size, text, "targets", targets);
}

static void inputs_append(size_t size, char *text, const struct problem *problem)
{
    if (problem->gaussian > 0)
        number_append(size, text, "inputs Gaussian, sigma", problem->gaussian);
    if (problem->inputs.count)
        list_append(size, text, "inputs", problem->inputs.count, problem_entries(&problem->inputs));
    if (problem->targets.count)
        list_append(size, text, "targets", problem->targets.count,
                    problem_entries(&problem->targets));
    if (problem->sample_weights.count)
        list_append(size, text, "weights", problem->sample_weights.count,
                    problem_entries(&problem->sample_weights));
    if (problem->teacher.neurons.activation)
        teacher_append(size, text, &problem->teacher);
}

static void neurons_append(size_t size, char *text, const struct problem *problem)
{
    char names[ACTIVATION_TEXT_MAX];
    parameter_append(size, text, "activation", activation_list_text(problem, sizeof names, names));
    if (problem->no_derivative)
        parameter_append(size, text, "derivatives", "left out");
    if (problem->biases)
        parameter_append(size, text, "biases", "yes");
    inputs_append(size, text, problem);
}

static void moments_append(size_t size, char *text, const struct problem *problem)
{
    size_t count = 2, sizes[PROBLEM_SIZES_MAX] = {1, 1};
    const bool network = problem_is_network(problem);
    if (network && problem_sizes(problem, &count, sizes) != OK)
        return;
    if (sizes[0] == 1 && sizes[count - 1] == 1) {
        if (network || registry_system_reads(problem->system, "alpha"))
            scalar_moments_append(size, text, problem);
        return;
    }
    entries_append(size, text, "Sigma_II", "identity", &problem->sigma_ii);
    if (problem->rule && problem->rule->no_targets)
        parameter_append(size, text, "Sigma_TI", "0");
    else
        entries_append(size, text, "Sigma_TI", standard_targets(sizes[count - 1], sizes[0]),
                       &problem->sigma_ti);
}

/* "a = 1, b = 2", as they are now: a sweep varies them. */
static void own_append(size_t size, char *text, const struct problem *problem)
{
    for (size_t k = 0; k < problem->parameter_count; k++)
        if (strlen(text) + UNKNOWN_NAME_MAX + NUMBER_MAX < size)
            number_append(size, text, problem->equations->parameter[k].name,
                          problem->parameters[k]);
}

const char *problem_parameters(const struct problem_given *given, size_t size, char *text)
{
    const struct problem *problem = &given->problem;
    text[0] = '\0';
    if (problem->equations) {
        own_append(size, text, problem);
        return text;
    }
    if (registry_system_reads(problem->system, "q"))
        list_append(size, text, "q", problem->q_count, problem->q);
    feedback_append(size, text, problem);
    if (problem->rate_count)
        list_append(size, text, "rates", problem->rate_count, problem->rates);
    if (problem->channel_activation)
        channel_append(size, text, problem);
    if (problem->neuron_count)
        neurons_append(size, text, problem);
    const bool samples = problem->inputs.count || problem->gaussian > 0;
    if (!(problem->neuron_count && samples))
        moments_append(size, text, problem);
    if (problem->neuron_count && !samples)
        parameter_append(size, text, "samples", "one, I = 1, T = alpha/beta, of weight beta");
    if (problem->lambda != 0)
        number_append(size, text, "lambda", problem->lambda);
    if (problem->decay_count)
        list_append(size, text, "decays", problem->decay_count, problem->decays);
    if (problem->rule && problem->rule->feedback == FEEDBACK_MIRROR)
        number_append(size, text, "sigma^2", problem->mirror);
    return text;
}

const char *problem_data(const struct problem_given *given, size_t size, char *text)
{
    const struct moments *moments = &given->moments;
    const struct moments_source *source = &given->source;
    text[0] = '\0';
    if (moments->count == 0)
        return text;
    size_t length = (size_t)snprintf(text, size, "%.160s: %zu ", source->data, moments->count);
    if (moments->rows)
        length += (size_t)snprintf(text + length, size - length, "images of %zu x %zu",
                                   moments->rows, moments->columns);
    else
        length += (size_t)snprintf(text + length, size - length, "sample%s",
                                   moments->count == 1 ? "" : "s");
    if (source->downsample > 1)
        length += (size_t)snprintf(text + length, size - length, ", means of %zu x %zu pixels",
                                   source->downsample, source->downsample);
    if (source->principal)
        length += (size_t)snprintf(text + length, size - length,
                                   ", %zu principal component%s of %zu (%.4g %% of the trace)",
                                   moments->inputs, moments->inputs == 1 ? "" : "s",
                                   moments->raw_inputs, 100 * moments->kept);
    if (source->labels)
        snprintf(text + length, size - length, "; targets: the labels of %.160s, one-hot",
                 source->labels);
    else if (moments->own_targets)
        snprintf(text + length, size - length, "; targets: the inputs");
    else if (moments->inputs == 1 && moments->outputs == 1)
        snprintf(text + length, size - length, ": alpha = %.17g, beta = %.17g",
                 moments->sigma_ti[0], moments->sigma_ii[0]);
    return text;
}
