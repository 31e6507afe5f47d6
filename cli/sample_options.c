/* From the command line to samples.
 *
 * The drift of a system with neurons is not a function of two moments, so the samples themselves
 * are the data: given as lists, which one command line can repeat, read from a file and kept, or
 * standing for a Gaussian.  Of one input, alpha and beta follow from the samples, and giving them
 * as well is an error, as is a list that nothing would read. */
#include "cli/sample_options.h"

#include "base/nearest.h"
#include "cli/neuron_options.h"
#include "linear/channel_neurons.h"

#include <stdlib.h>
#include <string.h>

enum { HINT_MAX = 80, SAMPLES_FIRST = 1024 };

/* ---- samples of a file ---- */

/* Twice the room, for `width` numbers a sample. */
static enum status list_grow(size_t count, size_t room, size_t width, double **list)
{
    double *grown = malloc(room * width * sizeof *grown);
    if (!grown)
        return status_fail(NO_MEMORY, "--data: %zu samples", room);
    if (count)
        memcpy(grown, *list, count * width * sizeof *grown);
    free(*list);
    *list = grown;
    return OK;
}

static enum status sample_keep(void *context, const double *input, const double *target)
{
    struct problem_given *given = context;
    const size_t inputs = given->source.inputs, outputs = given->source.outputs;
    if (given->sample_count == given->sample_room) {
        const size_t room = given->sample_room ? 2 * given->sample_room : SAMPLES_FIRST;
        TRY(list_grow(given->sample_count, room, inputs, &given->sample_inputs));
        TRY(list_grow(given->sample_count, room, outputs, &given->sample_targets));
        given->sample_room = room;
    }
    memcpy(given->sample_inputs + given->sample_count * inputs, input, inputs * sizeof *input);
    memcpy(given->sample_targets + given->sample_count * outputs, target, outputs * sizeof *target);
    given->sample_count++;
    return OK;
}

/* Do neurons need the samples? */
static bool has_neurons(const struct options *options)
{
    return options_given(options, OPTION_channel_activation) ||
           options_given(options, OPTION_activation);
}

void sample_options_keep(const struct options *options, struct problem_given *given)
{
    if (has_neurons(options) || options->command->keeps_samples) {
        given->source.visit = sample_keep;
        given->source.context = given;
    }
}

/* ---- do the options fit together? ---- */

/* Options of which at most one may be given. */
static enum status one_of(const struct options *options, const char *what,
                          const enum option_word *word, size_t count)
{
    const char *first = NULL;
    for (size_t k = 0; k < count; k++) {
        if (!options_given(options, word[k]))
            continue;
        if (first)
            return status_fail(BAD_ARGUMENT, "--%s and --%s both give %s", first,
                               options_name(word[k]), what);
        first = options_name(word[k]);
    }
    return OK;
}

static enum status sources_agree(const struct options *options)
{
    static const enum option_word inputs[] = {OPTION_inputs, OPTION_gaussian, OPTION_data,
                                              OPTION_beta};
    static const enum option_word targets[] = {OPTION_targets, OPTION_teacher, OPTION_data,
                                               OPTION_alpha};
    TRY(one_of(options, "the inputs", inputs, sizeof inputs / sizeof *inputs));
    TRY(one_of(options, "the targets", targets, sizeof targets / sizeof *targets));
    if (options_given(options, OPTION_gaussian) && options_given(options, OPTION_targets))
        return status_fail(BAD_ARGUMENT, "--gaussian has no samples for --targets; give --teacher");
    const bool inputs_given =
        options_given(options, OPTION_inputs) || options_given(options, OPTION_gaussian);
    const bool targets_given =
        options_given(options, OPTION_targets) || options_given(options, OPTION_teacher);
    if (inputs_given != targets_given)
        return status_fail(BAD_ARGUMENT,
                           inputs_given ? "inputs without targets: give --targets or --teacher"
                                        : "targets without inputs: give --inputs%s",
                           options_given(options, OPTION_teacher) ? " or --gaussian" : "");
    if (options_given(options, OPTION_weights) && !options_given(options, OPTION_inputs) &&
        !options_given(options, OPTION_data))
        return status_fail(BAD_ARGUMENT, "--weights are those of samples: --inputs or --data");
    return OK;
}

/* The options that only neurons read. */
static enum status nothing_to_read(const struct options *options)
{
    static const enum option_word words[] = {OPTION_inputs, OPTION_targets};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (options_given(options, words[k]))
            return status_fail(BAD_ARGUMENT,
                               "--%s is for systems with neurons: --activation, or "
                               "--channel-activation, which is not given",
                               options_name(words[k]));
    return OK;
}

static enum status channel_agrees(const struct options *options)
{
    const bool lists = options_given(options, OPTION_inputs);
    if (options_given(options, OPTION_alpha) || options_given(options, OPTION_beta))
        return status_fail(BAD_ARGUMENT, "--channel-activation takes alpha and beta from samples; "
                                         "it excludes --alpha and --beta");
    if (lists == options_given(options, OPTION_data))
        return status_fail(BAD_ARGUMENT, "--channel-activation needs samples: --inputs and "
                                         "--targets, or --data");
    return OK;
}

static enum status options_agree(const struct options *options)
{
    if (options_given(options, OPTION_channel_activation)) {
        TRY(channel_agrees(options));
        return sources_agree(options);
    }
    const bool kept = options_given(options, OPTION_activation) || options->command->keeps_samples;
    return kept ? sources_agree(options) : nothing_to_read(options);
}

/* ---- into the problem ---- */

static enum status channel_take(const char *name, struct problem *problem)
{
    problem->channel_activation = channel_activation_named(name);
    if (problem->channel_activation)
        return OK;
    struct nearest nearest = nearest_to(name);
    for (size_t k = 0; channel_activations[k]; k++)
        nearest_offer(&nearest, channel_activations[k]->name);
    char hint[HINT_MAX];
    return status_fail(UNKNOWN_NAME, "there is no activation '%s'%s (settle list activations)",
                       name, nearest_hint(&nearest, sizeof hint, hint));
}

/* Short lists are copied, long ones stay where they are. */
static void entries_point(size_t count, const double *values, struct entries *entries)
{
    entries->count = count;
    entries->far = count > PROBLEM_LIST_MAX ? values : NULL;
    if (!entries->far && values)
        memcpy(entries->near, values, count * sizeof *values);
}

static void lists_take(const struct options *options, struct problem_given *given)
{
    struct problem *problem = &given->problem;
    entries_point(options->inputs.count, options->inputs.value, &problem->inputs);
    entries_point(options->targets.count, options->targets.value, &problem->targets);
    entries_point(options->weights.count, options->weights.value, &problem->sample_weights);
    if (!options_given(options, OPTION_data))
        return;
    const struct moments_source *source = &given->source;
    entries_point(given->sample_count * source->inputs, given->sample_inputs, &problem->inputs);
    entries_point(given->sample_count * source->outputs, given->sample_targets, &problem->targets);
}

enum status sample_options_take(const struct options *options, struct problem_given *given)
{
    struct problem *problem = &given->problem;
    TRY(options_agree(options));
    lists_take(options, given);
    TRY(neuron_options_take(options, problem));
    if (!options_given(options, OPTION_channel_activation))
        return OK;
    TRY(channel_take(options->text[OPTION_channel_activation], problem));
    return channel_neurons_moments(problem, &problem->alpha, &problem->beta);
}
