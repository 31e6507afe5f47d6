/* From the command line to a problem and its start.
 *
 * What a system reads is part of its record (struct system, `options`), so an option that would
 * have no effect is refused here and never silently ignored.  The default start, all unknowns 1/2
 * (matrices: random:1), is off every axis and every fixed point of the default problems, and is
 * printed with the result. */
#include "cli/problem_from_options.h"

#include "base/nearest.h"
#include "cli/neuron_options.h"
#include "cli/problem_parts.h"
#include "cli/sample_options.h"
#include "equations/ode_file.h"
#include "equations/plugin_file.h"
#include "linear/chain.h"
#include "linear/registry.h"
#include "proofs-check/equations_claims.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HINT_MAX = 80, DEPTH_STANDARD = 2 };

/* An integrator keeps some twenty states: 10^7 unknowns are 1.6 GB. */
static const size_t DIM_MOST = 10000000;

/* The options that state a problem; each system reads some of them. */
static const enum option_word problem_options[] = {
    OPTION_alpha,  OPTION_beta,     OPTION_c,          OPTION_data,    OPTION_depth,
    OPTION_init,   OPTION_lambda,   OPTION_mirror,     OPTION_q,       OPTION_rates,
    OPTION_rule,   OPTION_sigma_ii, OPTION_sigma_ti,   OPTION_sizes,   OPTION_channel_activation,
    OPTION_inputs, OPTION_targets,  OPTION_activation, OPTION_mu,      OPTION_no_derivative,
    OPTION_biases, OPTION_gaussian, OPTION_teacher,    OPTION_weights, OPTION_par};

static enum status system_named(const char *name, const struct system **system)
{
    *system = registry_system(name);
    if (*system)
        return OK;
    struct nearest nearest = nearest_to(name);
    for (size_t k = 0; registry_systems[k]; k++)
        nearest_offer(&nearest, registry_systems[k]->name);
    char hint[HINT_MAX];
    return status_fail(UNKNOWN_NAME, "there is no system '%s'%s (settle list systems)", name,
                       nearest_hint(&nearest, sizeof hint, hint));
}

static enum status rule_named(const char *name, const struct rule **rule)
{
    *rule = registry_rule(name);
    if (*rule)
        return OK;
    struct nearest nearest = nearest_to(name);
    for (size_t k = 0; registry_rules[k]; k++)
        nearest_offer(&nearest, registry_rules[k]->name);
    char hint[HINT_MAX];
    return status_fail(UNKNOWN_NAME, "there is no rule '%s'%s (settle list rules)", name,
                       nearest_hint(&nearest, sizeof hint, hint));
}

static bool reads(const struct system *system, enum option_word option)
{
    return registry_system_reads(system, options_name(option));
}

/* Is it an option on samples, of a command for which every network has them? */
static bool is_kept(const struct options *options, const struct system *system,
                    enum option_word option)
{
    return options->command->keeps_samples && system->takes_rule &&
           (option == OPTION_inputs || option == OPTION_targets);
}

/* What goes with --data goes without it nowhere. */
static enum status data_options_fit(const struct options *options)
{
    static const enum option_word with_data[] = {OPTION_downsample, OPTION_labels, OPTION_principal,
                                                 OPTION_samples};
    static const enum option_word without_data[] = {OPTION_alpha, OPTION_beta, OPTION_sigma_ii,
                                                    OPTION_sigma_ti};
    const bool has_data = options_given(options, OPTION_data);
    for (size_t k = 0; k < sizeof with_data / sizeof *with_data; k++)
        if (options_given(options, with_data[k]) && !has_data)
            return status_fail(BAD_ARGUMENT, "--%s says how to read --data, which is not given",
                               options_name(with_data[k]));
    for (size_t k = 0; k < sizeof without_data / sizeof *without_data; k++)
        if (options_given(options, without_data[k]) && has_data)
            return status_fail(BAD_ARGUMENT, "--data gives the moments; it excludes --%s",
                               options_name(without_data[k]));
    return OK;
}

static enum status options_fit(const struct options *options, const struct system *system)
{
    for (size_t k = 0; k < sizeof problem_options / sizeof *problem_options; k++)
        if (options_given(options, problem_options[k]) && !reads(system, problem_options[k]) &&
            !is_kept(options, system, problem_options[k]))
            return status_fail(BAD_ARGUMENT, "%s has no --%s; it reads %s", system->name,
                               options_name(problem_options[k]), system->options);
    return data_options_fit(options);
}

/* A start lists the layers, and then what a rule adapts: one number less. */
static size_t depth_of_start(const struct problem *problem, size_t count)
{
    return chain_is_special(problem->rule) || problem->rule->feedback == FEEDBACK_SIGNS ||
                   problem->rule->feedback == FEEDBACK_FIXED
               ? count
               : (count + 1) / 2;
}

static size_t depth_from(const struct options *options, const struct problem *problem)
{
    if (options_given(options, OPTION_depth))
        return (size_t)options->depth;
    if (options_given(options, OPTION_init) && options->init.count)
        return depth_of_start(problem, options->init.count);
    if (options_given(options, OPTION_c) && options->c.count && chain_is_special(problem->rule))
        return options->c.count + 1;
    return DEPTH_STANDARD;
}

/* An absent list has count 0: the system takes its defaults. */
static void list_copy(const struct option_list *list, size_t *count, double *values)
{
    *count = list->count;
    if (list->count) /* the parser bounds it by PROBLEM_LIST_MAX */
        memcpy(values, list->value, list->count * sizeof *values);
}

/* One number is for all unknowns. */
static enum status decays_take(const struct options *options, struct problem *problem)
{
    const struct option_list *lambda = &options->lambda;
    if (lambda->count == 1)
        problem->lambda = lambda->value[0];
    else if (lambda->count > 1 && problem->rule && problem->system == &system_chain &&
             chain_is_special(problem->rule))
        return status_fail(BAD_ARGUMENT, "--lambda has %zu numbers; a chain under %s has one decay",
                           lambda->count, problem->rule->name);
    else
        list_copy(lambda, &problem->decay_count, problem->decays);
    return OK;
}

static enum status mirror_take(const struct options *options, struct problem *problem)
{
    if (options_given(options, OPTION_mirror) &&
        !(problem->rule && problem->rule->feedback == FEEDBACK_MIRROR))
        return status_fail(BAD_ARGUMENT, "--mirror goes with rule weight-mirror, not with %s",
                           problem->rule ? problem->rule->name : problem->system->name);
    problem->mirror = options->mirror;
    return OK;
}

static enum status numbers_take(const struct options *options, struct problem *problem)
{
    if (problem->system->takes_rule && reads(problem->system, OPTION_depth))
        problem->depth = depth_from(options, problem);
    problem->alpha = options->alpha;
    problem->beta = options->beta;
    list_copy(&options->rates, &problem->rate_count, problem->rates);
    list_copy(&options->q, &problem->q_count, problem->q);
    problem->size_count = options->size_count;
    memcpy(problem->sizes, options->sizes, sizeof problem->sizes);
    TRY(mirror_take(options, problem));
    return decays_take(options, problem);
}

/* What an .ode file says that is not read. */
static void notes_show(const struct options *options, const struct equations *equations)
{
    for (size_t k = 0; k < equations->notes && !options_given(options, OPTION_quiet); k++)
        fprintf(stderr, "settle: note: %s\n", equations->note[k]);
}

/* Code is executed only where --plugin says so. */
static enum status refuse_code(const struct options *options)
{
    const char *name = options->command->name;
    if (options_are_taken(options->command, OPTION_plugin))
        return status_fail(BAD_ARGUMENT,
                           "%s is a shared object; --plugin loads it, which executes what is in it",
                           options->word[0]);
    return status_fail(BAD_ARGUMENT, "%s is a shared object, which has no formulas for %s",
                       options->word[0], name);
}

static enum status file_read(const struct options *options, struct equations **equations)
{
    if (options_given(options, OPTION_plugin))
        return plugin_file_load(options->word[0], equations);
    if (plugin_file_is(options->word[0]))
        return refuse_code(options);
    return ode_file_read(options->word[0], equations);
}

/* A word that ends in .ode or .so or has a slash is a file with equations of one's own. */
static enum status equations_take(const struct options *options, struct problem_given *given)
{
    TRY(file_read(options, &given->equations));
    TRY(options_fit(options, &given->equations->system));
    if (options_given(options, OPTION_par))
        TRY(equations_set(given->equations, options->text[OPTION_par]));
    if (!given->equations->plugin)
        TRY(equations_claims_find(given->equations));
    given->problem = equations_problem(given->equations);
    notes_show(options, given->equations);
    return OK;
}

bool problem_is_file(const struct options *options)
{
    return options->words > 0 &&
           (options_given(options, OPTION_plugin) || plugin_file_is(options->word[0]) ||
            equations_is_file(options->word[0]));
}

static enum status problem_take(const struct options *options, struct problem_given *given)
{
    if (problem_is_file(options))
        return equations_take(options, given);
    const struct system *system = NULL;
    const struct rule *rule = NULL;
    TRY(system_named(options->word[0], &system));
    TRY(neuron_options_system(options, system, &system));
    TRY(options_fit(options, system));
    if (system->takes_rule)
        TRY(rule_named(options_given(options, OPTION_rule) ? options->text[OPTION_rule] : "rbp",
                       &rule));
    given->problem = problem_defaults(system, rule);
    TRY(numbers_take(options, &given->problem));
    TRY(problem_moments_take(options, given));
    TRY(sample_options_take(options, given));
    TRY(problem_samples_take(options, given));
    return problem_feedback_take(options, given);
}

static enum status flow_take(const struct options *options, struct problem_given *given)
{
    TRY(problem_dim(&given->problem, &given->dim));
    if (given->dim > DIM_MOST)
        return status_fail(BAD_ARGUMENT, "%zu unknowns; at most %zu are possible here", given->dim,
                           DIM_MOST);
    TRY(problem_flow(&given->problem, &given->flow));
    TRY(problem_start_take(options, given));
    if (given->equations && given->equations->plugin)
        TRY(plugin_file_check(given->flow, given->x0));
    return OK;
}

enum status problem_from_options(const struct options *options, struct problem_given *given)
{
    *given = (struct problem_given){.flow = NULL};
    enum status status = problem_take(options, given);
    if (status == OK)
        status = flow_take(options, given);
    if (status != OK)
        problem_given_free(given);
    return status;
}

void problem_given_free(struct problem_given *given)
{
    flow_free(given->flow);
    free(given->x0);
    free(given->c);
    free(given->sample_inputs);
    free(given->sample_targets);
    free(given->sigma_ii);
    free(given->sigma_ti);
    moments_free(&given->moments);
    equations_free(given->equations);
    *given = (struct problem_given){.flow = NULL};
}
