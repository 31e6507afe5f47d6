/* From the command line to a problem and its start.
 *
 * What a system reads is part of its record (struct system, `options`), so an option that would
 * have no effect is refused here and never silently ignored.  The default start, all unknowns 1/2,
 * is off every axis and every fixed point of the default problems, and is printed with the result.
 */
#include "cli/problem_from_options.h"

#include "cli/nearest.h"
#include "linear/registry.h"

#include <math.h>
#include <string.h>

enum { HINT_MAX = 80, WORDS_MAX = 256, DEPTH_STANDARD = 2 };

static const double START_STANDARD = 0.5;

/* The options that state a problem; each system reads some of them. */
static const enum option_word problem_options[] = {
    OPTION_alpha, OPTION_beta,   OPTION_c, OPTION_data,  OPTION_depth,
    OPTION_init,  OPTION_lambda, OPTION_q, OPTION_rates, OPTION_rule};

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

/* Does the record's list "--rule --depth ..." hold --name? */
static bool is_read(const struct system *system, enum option_word option)
{
    const char *name = options_name(option);
    size_t length = strlen(name);
    for (const char *at = system->options; (at = strstr(at, "--")); at += 2)
        if (strncmp(at + 2, name, length) == 0 && strchr(" ", at[2 + length]))
            return true;
    return false;
}

static enum status options_fit(const struct options *options, const struct system *system)
{
    for (size_t k = 0; k < sizeof problem_options / sizeof *problem_options; k++)
        if (options_given(options, problem_options[k]) && !is_read(system, problem_options[k]))
            return status_fail(BAD_ARGUMENT, "%s has no --%s; it reads %s", system->name,
                               options_name(problem_options[k]), system->options);
    return OK;
}

static size_t depth_from(const struct options *options)
{
    if (options_given(options, OPTION_depth))
        return (size_t)options->depth;
    if (options_given(options, OPTION_init))
        return options->init.count;
    if (options_given(options, OPTION_c))
        return options->c.count + 1;
    return DEPTH_STANDARD;
}

/* An absent list has count 0: the system takes its defaults. */
static void list_copy(const struct option_list *list, size_t *count, double *values)
{
    *count = list->count;
    memcpy(values, list->value, list->count * sizeof *values);
}

static enum status moments_take(const struct options *options, struct problem_given *given)
{
    if (!options_given(options, OPTION_data))
        return OK;
    if (options_given(options, OPTION_alpha) || options_given(options, OPTION_beta))
        return status_fail(BAD_ARGUMENT, "--data gives alpha and beta; it excludes --alpha and "
                                         "--beta");
    TRY(moments_read(options->text[OPTION_data], &given->moments));
    given->problem.alpha = given->moments.alpha;
    given->problem.beta = given->moments.beta;
    return OK;
}

static enum status problem_take(const struct options *options, struct problem_given *given)
{
    const struct system *system;
    const struct rule *rule = NULL;
    TRY(system_named(options->word[0], &system));
    TRY(options_fit(options, system));
    if (system->takes_rule)
        TRY(rule_named(options_given(options, OPTION_rule) ? options->text[OPTION_rule] : "rbp",
                       &rule));
    struct problem *problem = &given->problem;
    *problem = problem_defaults(system, rule);
    if (system->takes_rule)
        problem->depth = depth_from(options);
    problem->alpha = options->alpha;
    problem->beta = options->beta;
    problem->lambda = options->lambda;
    list_copy(&options->c, &problem->c_count, problem->c);
    list_copy(&options->rates, &problem->rate_count, problem->rates);
    list_copy(&options->q, &problem->q_count, problem->q);
    return moments_take(options, given);
}

/* "chain of depth 2 has 2 unknowns (a1, a2)" */
static enum status start_fail(const struct problem_given *given, size_t count)
{
    const struct problem *problem = &given->problem;
    char shape[HINT_MAX] = "", unknowns[WORDS_MAX] = "";
    if (problem->system->takes_rule)
        snprintf(shape, sizeof shape, " of depth %zu", problem->depth);
    for (size_t k = 0; k < given->dim && strlen(unknowns) + UNKNOWN_NAME_MAX < WORDS_MAX; k++)
        snprintf(unknowns + strlen(unknowns), WORDS_MAX - strlen(unknowns), "%s%s", k ? ", " : "",
                 given->flow->names[k]);
    return status_fail(BAD_ARGUMENT, "--init has %zu number%s; %s%s has %zu unknown%s (%s)", count,
                       count == 1 ? "" : "s", problem->system->name, shape, given->dim,
                       given->dim == 1 ? "" : "s", unknowns);
}

static enum status start_take(const struct options *options, struct problem_given *given)
{
    for (size_t k = 0; k < given->dim; k++)
        given->x0[k] = START_STANDARD;
    if (!options_given(options, OPTION_init))
        return OK;
    if (options->init.count != given->dim)
        return start_fail(given, options->init.count);
    memcpy(given->x0, options->init.value, given->dim * sizeof *given->x0);
    return OK;
}

static enum status flow_take(const struct options *options, struct problem_given *given)
{
    TRY(problem_dim(&given->problem, &given->dim));
    if (given->dim > PROBLEM_LIST_MAX)
        return status_fail(BAD_ARGUMENT, "%zu unknowns; at most %d are possible here", given->dim,
                           PROBLEM_LIST_MAX);
    TRY(problem_flow(&given->problem, &given->flow));
    return start_take(options, given);
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
    given->flow = NULL;
}

/* --- printing -------------------------------------------------------------------------- */

const char *problem_list(size_t count, const double *values, size_t size, char *text)
{
    static const size_t NUMBER_MAX = 32; /* bytes of one number and what follows it */
    size_t length = (size_t)snprintf(text, size, "(");
    for (size_t k = 0; k < count; k++) {
        if (length + NUMBER_MAX > size) {
            length += (size_t)snprintf(text + length, size - length, "...");
            break;
        }
        length += (size_t)snprintf(text + length, size - length, "%.10g%s", values[k],
                                   k + 1 < count ? ", " : "");
    }
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
    char number[HINT_MAX];
    snprintf(number, sizeof number, "%.10g", value);
    parameter_append(size, text, name, number);
}

static void list_append(size_t size, char *text, const char *name, size_t count,
                        const double *values)
{
    char list[WORDS_MAX];
    parameter_append(size, text, name, problem_list(count, values, sizeof list, list));
}

const char *problem_parameters(const struct problem_given *given, size_t size, char *text)
{
    const struct problem *problem = &given->problem;
    const struct system *system = problem->system;
    text[0] = '\0';
    if (is_read(system, OPTION_q))
        list_append(size, text, "q", problem->q_count, problem->q);
    if (problem->c_count)
        list_append(size, text, "c", problem->c_count, problem->c);
    else if (is_read(system, OPTION_c) && problem->rule && problem->rule->direct)
        parameter_append(size, text, "all c", "1");
    if (problem->rate_count)
        list_append(size, text, "rates", problem->rate_count, problem->rates);
    if (is_read(system, OPTION_alpha))
        number_append(size, text, "alpha", problem->alpha);
    if (is_read(system, OPTION_beta))
        number_append(size, text, "beta", problem->beta);
    if (problem->lambda != 0)
        number_append(size, text, "lambda", problem->lambda);
    return text;
}
