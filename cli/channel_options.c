/* From the command line to a learning channel with neurons.
 *
 * Its drift is not a function of two moments, so the samples themselves are the data: given as two
 * lists, which one command line can repeat, or read from a file and kept.  alpha and beta follow
 * from them, and giving them as well is an error, as is a list that nothing would read. */
#include "cli/channel_options.h"

#include "cli/nearest.h"
#include "linear/channel_neurons.h"

#include <stdlib.h>
#include <string.h>

enum { HINT_MAX = 80, SAMPLES_FIRST = 1024 };

/* ---- samples of a file ---- */

/* Room for one more: the block doubles; inputs in its first half, targets in the second. */
static enum status room_make(struct problem_given *given)
{
    if (given->sample_count < given->sample_room)
        return OK;
    const size_t room = given->sample_room ? 2 * given->sample_room : SAMPLES_FIRST;
    double *block = malloc(2 * room * sizeof *block);
    if (!block)
        return status_fail(NO_MEMORY, "--data: %zu samples", room);
    if (given->sample_count) {
        const size_t bytes = given->sample_count * sizeof *block;
        memcpy(block, given->samples, bytes);
        memcpy(block + room, given->samples + given->sample_room, bytes);
    }
    free(given->samples);
    given->samples = block;
    given->sample_room = room;
    return OK;
}

static enum status sample_keep(void *context, const double *input, const double *target)
{
    struct problem_given *given = context;
    TRY(room_make(given));
    given->samples[given->sample_count] = input[0];
    given->samples[given->sample_room + given->sample_count] = target[0];
    given->sample_count++;
    return OK;
}

void channel_options_keep(const struct options *options, struct problem_given *given)
{
    if (options_given(options, OPTION_channel_activation)) {
        given->source.visit = sample_keep;
        given->source.context = given;
    }
}

/* ---- into the problem ---- */

static enum status activation_take(const char *name, struct problem *problem)
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

static enum status options_agree(const struct options *options)
{
    const bool lists =
        options_given(options, OPTION_inputs) || options_given(options, OPTION_targets);
    if (!options_given(options, OPTION_channel_activation))
        return lists ? status_fail(BAD_ARGUMENT, "--inputs and --targets are samples for "
                                                 "--channel-activation, which is not given")
                     : OK;
    if (options_given(options, OPTION_alpha) || options_given(options, OPTION_beta))
        return status_fail(BAD_ARGUMENT, "--channel-activation takes alpha and beta from samples; "
                                         "it excludes --alpha and --beta");
    if (lists == options_given(options, OPTION_data))
        return status_fail(BAD_ARGUMENT, "--channel-activation needs samples: --inputs and "
                                         "--targets, or --data");
    return OK;
}

enum status channel_options_take(const struct options *options, struct problem_given *given)
{
    struct problem *problem = &given->problem;
    TRY(options_agree(options));
    if (!options_given(options, OPTION_channel_activation))
        return OK;
    TRY(activation_take(options->text[OPTION_channel_activation], problem));
    if (options_given(options, OPTION_data)) {
        entries_point(given->sample_count, given->samples, &problem->inputs);
        entries_point(given->sample_count, given->samples + given->sample_room, &problem->targets);
    } else {
        entries_point(options->inputs.count, options->inputs.value, &problem->inputs);
        entries_point(options->targets.count, options->targets.value, &problem->targets);
    }
    return channel_neurons_moments(problem, &problem->alpha, &problem->beta);
}
