/* From the command line to neurons.
 *
 *   --activation tanh | power:3,power:2     one for all hidden layers, or one for each
 *   --activation power --mu 3,2             the same; --mu is the parameter that is called so
 *   --teacher tanh,3/2,2                    T = 2 tanh(3/2 I); also --teacher power:2,1,3/4
 *
 * A name and its parameter are one word, `name:parameter`, so that a list of layers stays a list;
 * numbers are read as everywhere else. */
#include "cli/neuron_options.h"

#include "base/nearest.h"
#include "base/number.h"
#include "linear/registry.h"
#include "nonlinear/activation.h"
#include "nonlinear/system.h"

#include <string.h>

enum { HINT_MAX = 80, WORD_MAX = 80, TEACHER_NUMBERS = 2 };

/* The part of a list up to the next comma, in word[WORD_MAX]; returns what follows, or NULL. */
static const char *word_next(const char *list, char *word)
{
    const size_t length = strcspn(list, ",");
    snprintf(word, WORD_MAX, "%.*s", (int)length, list);
    return list[length] == ',' ? list + length + 1 : NULL;
}

static enum status activation_unknown(const char *name)
{
    struct nearest nearest = nearest_to(name);
    for (size_t k = 0; activation_registry[k]; k++)
        nearest_offer(&nearest, activation_registry[k]->name);
    char hint[HINT_MAX];
    return status_fail(UNKNOWN_NAME, "there is no activation '%s'%s (settle list activations)",
                       name, nearest_hint(&nearest, sizeof hint, hint));
}

/* "name" or "name:parameter"; *own tells whether the parameter was given. */
static enum status neurons_read(const char *word, struct neurons *neurons, bool *own)
{
    char name[WORD_MAX];
    const size_t length = strcspn(word, ":");
    snprintf(name, sizeof name, "%.*s", (int)length, word);
    neurons->activation = activation_named(name);
    *own = word[length] == ':';
    if (!neurons->activation)
        return activation_unknown(name);
    neurons->parameter = neurons->activation->standard;
    if (!*own)
        return OK;
    if (!neurons->activation->parameter)
        return status_fail(BAD_ARGUMENT, "%s has no parameter; found '%s'", name, word);
    return number_parse(word + length + 1, &neurons->parameter);
}

/* ---- layers ---- */

static enum status mu_take(const struct option_list *mu, size_t layer, struct neurons *neurons)
{
    const struct activation *f = neurons->activation;
    if (!f->parameter || strcmp(f->parameter, "mu") != 0)
        return status_fail(BAD_ARGUMENT, "%s has no exponent for --mu", f->name);
    neurons->parameter = mu->value[mu->count > 1 ? layer : 0];
    return OK;
}

static enum status layers_read(const struct options *options, struct problem *problem, bool *own)
{
    const char *list = options->text[OPTION_activation];
    while (list) {
        char word[WORD_MAX];
        if (problem->neuron_count == PROBLEM_SIZES_MAX)
            return status_fail(BAD_ARGUMENT, "--activation: more than %d layers",
                               PROBLEM_SIZES_MAX);
        list = word_next(list, word);
        bool given;
        TRY(neurons_read(word, &problem->neurons[problem->neuron_count++], &given));
        *own |= given;
    }
    return OK;
}

/* One activation and several exponents are as many layers. */
static enum status exponents_take(const struct option_list *mu, struct problem *problem)
{
    if (problem->neuron_count == 1)
        for (; problem->neuron_count < mu->count; problem->neuron_count++)
            problem->neurons[problem->neuron_count] = problem->neurons[0];
    if (mu->count > 1 && mu->count != problem->neuron_count)
        return status_fail(BAD_ARGUMENT, "--mu has %zu numbers, --activation %zu layers", mu->count,
                           problem->neuron_count);
    for (size_t i = 0; i < problem->neuron_count; i++)
        TRY(mu_take(mu, i, &problem->neurons[i]));
    return OK;
}

static enum status layers_take(const struct options *options, struct problem *problem)
{
    bool own = false;
    TRY(layers_read(options, problem, &own));
    if (options_given(options, OPTION_mu) && own)
        return status_fail(BAD_ARGUMENT, "--activation and --mu both give parameters");
    if (options_given(options, OPTION_mu))
        TRY(exponents_take(&options->mu, problem));
    for (size_t i = 0; i < problem->neuron_count; i++)
        TRY(activation_check(&problem->neurons[i]));
    return OK;
}

/* ---- data ---- */

static enum status teacher_take(const char *text, struct teacher *teacher)
{
    char word[WORD_MAX];
    bool own;
    const char *numbers = word_next(text, word);
    double value[TEACHER_NUMBERS] = {1, 1};
    size_t count = 0;
    TRY(neurons_read(word, &teacher->neurons, &own));
    if (numbers)
        TRY(number_parse_list(numbers, TEACHER_NUMBERS, value, &count));
    teacher->argument = value[0];
    teacher->scale = value[1];
    return OK;
}

enum status neuron_options_take(const struct options *options, struct problem *problem)
{
    if (!options_given(options, OPTION_activation))
        return OK;
    if (options_given(options, OPTION_channel_activation))
        return status_fail(BAD_ARGUMENT, "--activation and --channel-activation do not combine");
    if (registry_system_reads(problem->system, "depth") && problem->depth < 2)
        return status_fail(BAD_ARGUMENT, "a chain of one layer has no hidden neurons for "
                                         "--activation; it needs --depth 2 or more");
    TRY(layers_take(options, problem));
    problem->no_derivative = options_given(options, OPTION_no_derivative);
    problem->biases = options_given(options, OPTION_biases);
    problem->gaussian = options_given(options, OPTION_gaussian) ? options->gaussian : 0;
    return options_given(options, OPTION_teacher)
               ? teacher_take(options->text[OPTION_teacher], &problem->teacher)
               : OK;
}

/* What only systems with activations read. */
static enum status without_activation(const struct options *options)
{
    static const enum option_word words[] = {OPTION_mu,       OPTION_no_derivative, OPTION_biases,
                                             OPTION_gaussian, OPTION_teacher,       OPTION_weights};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (options_given(options, words[k]))
            return status_fail(BAD_ARGUMENT, "--%s goes with --activation, which is not given",
                               options_name(words[k]));
    return OK;
}

enum status neuron_options_system(const struct options *options, const struct system *linear,
                                  const struct system **system)
{
    *system = linear;
    if (!options_given(options, OPTION_activation))
        return without_activation(options);
    *system = system_with_activation(linear);
    return *system ? OK
                   : status_fail(BAD_ARGUMENT, "%s takes no --activation; it reads %s",
                                 linear->name, linear->options);
}
