/* An instance as the command that reproduces it.
 *
 * Numbers are printed with the fewest digits that read back as the same double, and only what
 * differs from the default is said: a witness is to be read by people and run by the shell. */
#include "proofs-check/instance.h"

#include "base/number.h"
#include "equations/equations.h"
#include "linear/channel_activation.h"
#include "linear/registry.h"
#include "nonlinear/activation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A growing text in a fixed buffer. */
struct text {
    char *at;
    size_t left;
};

static void append(struct text *text, const char *piece)
{
    const size_t length = strlen(piece);
    if (length < text->left) {
        memcpy(text->at, piece, length + 1);
        text->at += length;
        text->left -= length;
    } else {
        text->left = 0; /* full: instance_command() reports it */
    }
}

static void append_number(struct text *text, double value)
{
    char number[NUMBER_TEXT_MAX];
    append(text, number_shortest(value, number));
}

static void append_list(struct text *text, const char *option, size_t count, const double *value)
{
    if (count == 0)
        return;
    append(text, option);
    for (size_t i = 0; i < count; i++) {
        append(text, i == 0 ? " " : ",");
        append_number(text, value[i]);
    }
}

/* "--sizes 3,2,1" */
static void append_sizes(struct text *text, const struct problem *problem)
{
    char piece[32];
    for (size_t i = 0; i < problem->size_count; i++) {
        snprintf(piece, sizeof piece, "%s%zu", i == 0 ? " --sizes " : ",", problem->sizes[i]);
        append(text, piece);
    }
}

static void append_entries(struct text *text, const char *option, const struct entries *entries)
{
    append_list(text, option, entries->count, problem_entries(entries));
}

/* Neurons of the hidden layers, and the inputs and targets that they are shown. */
static void append_neurons(struct text *text, const struct problem *problem)
{
    char piece[ACTIVATION_TEXT_MAX];
    append(text, " --activation ");
    append(text, activation_list_text(problem, sizeof piece, piece));
    append(text, problem->no_derivative ? " --no-derivative" : "");
    append(text, problem->biases ? " --biases" : "");
    append_list(text, " --gaussian", problem->gaussian > 0, &problem->gaussian);
    append_entries(text, " --inputs", &problem->inputs);
    append_entries(text, " --targets", &problem->targets);
    append_entries(text, " --weights", &problem->sample_weights);
    if (problem->teacher.neurons.activation) {
        append(text, " --teacher ");
        append(text, activation_teacher_text(&problem->teacher, sizeof piece, piece));
    }
}

/* Do samples take the place of alpha and beta? */
static bool has_samples(const struct problem *problem)
{
    return problem->inputs.count > 0 || problem->gaussian > 0;
}

/* What the system reads: a number that is not read would be refused. */
static void append_moments(struct text *text, const struct problem *problem)
{
    if (problem->channel_activation) { /* alpha and beta come from the samples */
        append(text, " --channel-activation ");
        append(text, problem->channel_activation->name);
        append_entries(text, " --inputs", &problem->inputs);
        append_entries(text, " --targets", &problem->targets);
        return;
    }
    if (problem->neuron_count > 0)
        append_neurons(text, problem);
    if (has_samples(problem))
        return;
    if (registry_system_reads(problem->system, "alpha"))
        append_list(text, " --alpha", 1, &problem->alpha);
    if (registry_system_reads(problem->system, "beta"))
        append_list(text, " --beta", 1, &problem->beta);
    append_entries(text, " --sigma-ii", &problem->sigma_ii);
    append_entries(text, " --sigma-ti", &problem->sigma_ti);
}

/* Decays that differ stand for themselves, else one number for all unknowns. */
static void append_decays(struct text *text, const struct problem *problem)
{
    if (problem->decay_count > 0)
        append_list(text, " --lambda", problem->decay_count, problem->decays);
    else
        append_list(text, " --lambda", problem->lambda != 0, &problem->lambda);
    if (problem->rule && problem->rule->feedback == FEEDBACK_MIRROR &&
        registry_system_reads(problem->system, "mirror"))
        append_list(text, " --mirror", 1, &problem->mirror);
}

/* A word of a command line, in quotes where a shell would read it otherwise. */
static void append_word(struct text *text, const char *word)
{
    static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_./+,:=@%-";
    if (word[strspn(word, PLAIN)] == '\0') {
        append(text, word);
        return;
    }
    append(text, "'");
    for (; *word; word++)
        append(text, *word == '\'' ? "'\\''" : (const char[]){*word, '\0'});
    append(text, "'");
}

/* What is not as in the file: a number that was typed stays as it was typed. */
static void append_parameters(struct text *text, const struct problem *problem)
{
    const struct equations *equations = problem->equations;
    const char *between = " --par ";
    for (size_t k = 0; k < equations->parameters; k++) {
        const struct equations_number *number = &equations->parameter[k];
        const bool typed = number->value == problem->parameters[k];
        if (typed && !number->replaced)
            continue;
        append(text, between);
        append(text, number->name);
        append(text, "=");
        if (typed)
            append(text, number->text);
        else
            append_number(text, problem->parameters[k]);
        between = ",";
    }
}

/* "settle run my.ode --par a=1/2 --init 1,2" */
static void append_equations(struct text *text, const struct problem *problem)
{
    append_word(text, problem->equations->path);
    append(text, problem->equations->plugin ? " --plugin" : "");
    append_parameters(text, problem);
}

static void append_system(struct text *text, const struct problem *p)
{
    append(text, p->system->name);
    if (p->rule) {
        append(text, " --rule ");
        append(text, p->rule->name);
    }
    if (registry_system_reads(p->system, "depth")) {
        char depth[48];
        snprintf(depth, sizeof depth, " --depth %zu", p->depth);
        append(text, depth);
    }
    append_sizes(text, p);
    append_moments(text, p);
    append_list(text, " --q", p->q_count, p->q);
    append_list(text, " --c", p->c_count, problem_feedback(p));
    append_list(text, " --rates", p->rate_count, p->rates);
    append_decays(text, p);
}

enum status instance_command(const struct instance *instance, size_t size, char *buffer)
{
    const struct problem *p = &instance->problem;
    struct text text = {.at = buffer, .left = size};
    append(&text, "settle run ");
    if (p->equations)
        append_equations(&text, p);
    else
        append_system(&text, p);
    append_list(&text, " --init", instance->dim, instance->x0);
    return text.left > 0 ? OK
                         : status_fail(BAD_ARGUMENT, "command longer than %zu characters", size);
}
