/* The problem in force, for the page: names, the plane, what can be changed and between which bounds.
 *
 * A parameter is an option, or one number of an option that is a list; its bounds are those of a
 * slider, not of the option.  Rules are offered if the problem can be stated with them; `drops` tells
 * which of the options in force do not go with one, and are left out when it is chosen. */
#include "cli/explore_line.h"

#include "cli/json.h"
#include "cli/problem_parts.h"
#include "linear/registry.h"
#include "plots/colour.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SLIDERS_MOST = 24, LAYERS_MOST = 6, NAME_LENGTH = 48, NUMBER_LENGTH = 32 };

static const double SECONDS = 5;

/* Of a slider: what it offers without being asked for more. */
struct range {
    double low, high, step;
};
static const struct range of_feedback = {-3, 3, 0.05}, of_alpha = {-3, 3, 0.05},
                          of_beta = {0, 3, 0.05}, of_decay = {0, 1, 0.01}, of_power = {0.5, 5, 0.1},
                          of_mirror = {0.05, 3, 0.05}, of_coefficient = {-3, 3, 0.05};

static json_t *names_json(size_t count, const char (*names)[UNKNOWN_NAME_MAX])
{
    json_t *array = json_array();
    for (size_t k = 0; k < count; k++)
        json_array_append_new(array, json_text(names[k]));
    return array;
}

/* ---- parameters ---- */

/* A number of an option: its value stays within the slider. */
static void number_append(json_t *array, const char *name, enum option_word option, size_t index,
                          double value, struct range range)
{
    json_array_append_new(array,
                          json_pack("{ss ss ss si sf sf sf sf}", "name", name, "option",
                                    options_name(option), "kind", "number", "index", (int)index,
                                    "value", value, "low", fmin(range.low, value), "high",
                                    fmax(range.high, value), "step", range.step));
}

static void list_append(json_t *array, enum option_word option, size_t count, const double *values,
                        struct range range)
{
    char name[NAME_LENGTH];
    for (size_t k = 0; k < count && count <= SLIDERS_MOST; k++) {
        snprintf(name, sizeof name, count > 1 || option == OPTION_c ? "%s%zu" : "%s",
                 options_name(option), option == OPTION_q ? k : k + 1);
        number_append(array, name, option, k, values[k], range);
    }
}

static bool reads(const struct problem *problem, enum option_word option)
{
    return registry_system_reads(problem->system, options_name(option));
}

/* As given; chains and networks of vectors have 1 unless others are given. */
static void feedback_append(json_t *array, const struct problem_given *given)
{
    const struct problem *problem = &given->problem;
    double values[SLIDERS_MOST];
    size_t count = 0;
    if (!problem->rule || problem_feedback_count(problem, &count) != OK || count > SLIDERS_MOST)
        return;
    if (problem->c_count == 0 && problem_has_matrices(problem))
        return;
    for (size_t k = 0; k < count; k++)
        values[k] = k < problem->c_count ? problem_feedback(problem)[k] : 1;
    list_append(array, OPTION_c, count, values, of_feedback);
}

/* Those of a file, by their names: all or none, since a request gives them as a list. */
static void equations_append(json_t *array, const struct equations *equations)
{
    for (size_t k = 0; k < equations->parameters && equations->parameters <= SLIDERS_MOST; k++)
        number_append(array, equations->parameter[k].name, OPTION_par, k,
                      equations->parameter[k].value, of_coefficient);
}

/* Are the moments numbers of the command line, and not those of samples? */
static bool has_scalar_moments(const struct explore_stated *stated)
{
    const struct options *options = &stated->options;
    return reads(&stated->given.problem, OPTION_alpha) && !options_given(options, OPTION_data) &&
           !options_given(options, OPTION_inputs) && !options_given(options, OPTION_gaussian) &&
           !problem_has_matrices(&stated->given.problem);
}

static void numbers_append(json_t *array, const struct explore_stated *stated)
{
    const struct problem *problem = &stated->given.problem;
    const struct options *options = &stated->options;
    feedback_append(array, &stated->given);
    if (has_scalar_moments(stated)) {
        number_append(array, "alpha", OPTION_alpha, 0, problem->alpha, of_alpha);
        number_append(array, "beta", OPTION_beta, 0, problem->beta, of_beta);
    }
    if (reads(problem, OPTION_lambda) && problem->decay_count == 0)
        number_append(array, "lambda", OPTION_lambda, 0, problem->lambda, of_decay);
    if (options->mu.count)
        list_append(array, OPTION_mu, options->mu.count, options->mu.value, of_power);
    if (problem->rule && problem->rule->feedback == FEEDBACK_MIRROR)
        number_append(array, "mirror", OPTION_mirror, 0, problem->mirror, of_mirror);
    if (stated->given.equations)
        equations_append(array, stated->given.equations);
    if (reads(problem, OPTION_q))
        list_append(array, OPTION_q, problem->q_count, problem->q, of_coefficient);
}

/* ---- rules and depths ---- */

/* What a change of rule or depth may have to give up, the least first. */
enum { DROPS_MOST = 5 };
static const struct drops {
    size_t count;
    enum option_word option[DROPS_MOST];
} drops_tried[] = {
    {0, {OPTION_COUNT}},
    {1, {OPTION_c}},
    {1, {OPTION_init}},
    {2, {OPTION_c, OPTION_init}},
    {DROPS_MOST, {OPTION_c, OPTION_init, OPTION_plane, OPTION_window, OPTION_rates}}};
enum { DROPS_TRIED = sizeof drops_tried / sizeof *drops_tried };

static bool is_dropped(const struct drops *drops, const char *key)
{
    for (size_t k = 0; k < drops->count; k++)
        if (strcmp(options_name(drops->option[k]), key) == 0)
            return true;
    return false;
}

/* Can the problem be stated with option=value, without what is dropped? */
static bool can_be_stated(const struct explore_question *question, enum option_word option,
                          const char *value, const struct drops *drops)
{
    const struct explore_query *asked = question->query;
    struct explore_query query = {.count = 0};
    struct explore_stated stated;
    for (size_t k = 0; k < asked->count; k++)
        if (strcmp(asked->key[k], options_name(option)) != 0 && !is_dropped(drops, asked->key[k])) {
            query.key[query.count] = asked->key[k];
            query.value[query.count++] = asked->value[k];
        }
    for (size_t k = 0; k < drops->count && query.count < EXPLORE_KEYS_MOST; k++) {
        query.key[query.count] = options_name(drops->option[k]);
        query.value[query.count++] = "";
    }
    if (query.count == EXPLORE_KEYS_MOST)
        return false;
    query.key[query.count] = options_name(option);
    query.value[query.count++] = value;
    if (explore_stated_make(question->start, &query, &stated) != OK)
        return false;
    explore_stated_free(&stated);
    return true;
}

/* What has to be dropped for it; NULL: it is impossible. */
static json_t *drops_json(const struct explore_question *question, enum option_word option,
                          const char *value)
{
    for (size_t k = 0; k < DROPS_TRIED; k++)
        if (can_be_stated(question, option, value, &drops_tried[k])) {
            json_t *array = json_array();
            for (size_t j = 0; j < drops_tried[k].count; j++)
                json_array_append_new(array, json_text(options_name(drops_tried[k].option[j])));
            return array;
        }
    return NULL;
}

static void choice_append(const struct explore_question *question, enum option_word option,
                          const char *value, json_t *parameter)
{
    json_t *drops = drops_json(question, option, value);
    if (!drops)
        return;
    json_array_append_new(json_object_get(parameter, "choices"), json_text(value));
    json_object_set_new(json_object_get(parameter, "drops"), value, drops);
}

static void rules_append(json_t *array, const struct explore_question *question)
{
    const struct rule *rule = question->stated->given.problem.rule;
    if (!rule || options_given(&question->stated->options, OPTION_data))
        return; /* each trial would read the file again */
    json_t *parameter = json_pack("{ss ss ss ss s[] s{}}", "name", "rule", "option", "rule", "kind",
                                  "choice", "value", rule->name, "choices", "drops");
    for (size_t k = 0; registry_rules[k]; k++)
        choice_append(question, OPTION_rule, registry_rules[k]->name, parameter);
    json_array_append_new(array, parameter);
}

static void depths_append(json_t *array, const struct explore_question *question)
{
    const struct problem *problem = &question->stated->given.problem;
    if (!reads(problem, OPTION_depth) || options_given(&question->stated->options, OPTION_data))
        return;
    const size_t most = problem->depth > LAYERS_MOST ? problem->depth : LAYERS_MOST;
    json_t *parameter =
        json_pack("{ss ss ss sI sI sI sI s[] s{}}", "name", "depth", "option", "depth", "kind",
                  "integer", "value", (json_int_t)problem->depth, "low", (json_int_t)2, "high",
                  (json_int_t)most, "step", (json_int_t)1, "choices", "drops");
    for (size_t k = 2; k <= most; k++) {
        char text[NUMBER_LENGTH];
        snprintf(text, sizeof text, "%zu", k);
        choice_append(question, OPTION_depth, text, parameter);
    }
    json_array_append_new(array, parameter);
}

static json_t *parameters_json(const struct explore_question *question)
{
    json_t *array = json_array();
    rules_append(array, question);
    depths_append(array, question);
    numbers_append(array, question->stated);
    return array;
}

/* ---- the rest ---- */

/* "1,2": as a request gives the parameters of a file. */
static json_t *parameters_text(const struct equations *equations)
{
    char text[PROBLEM_TEXT_MAX] = "";
    size_t length = 0;
    for (size_t k = 0; k < equations->parameters && length + NUMBER_LENGTH < sizeof text; k++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%.17g", k ? "," : "",
                                   equations->parameter[k].value);
    return json_text(text);
}

/* What a request may give, as it is in force; and the depth, which others may imply. */
static json_t *options_json(const struct explore_stated *stated)
{
    const struct options *options = &stated->options;
    json_t *object = json_object();
    for (int k = 0; k < OPTION_COUNT; k++)
        if (options->text[k] && explore_query_allows((enum option_word)k) && k != OPTION_par)
            json_object_set_new(object, options_name((enum option_word)k),
                                json_text(*options->text[k] ? options->text[k] : "1"));
    if (reads(&stated->given.problem, OPTION_depth))
        json_object_set_new(object, "depth", json_sprintf("%zu", stated->given.problem.depth));
    if (options_given(options, OPTION_par))
        json_object_set_new(object, "par", parameters_text(stated->given.equations));
    return object;
}

static json_t *command_json(const struct explore_stated *stated, const struct command *command,
                            enum option_word without)
{
    char *text = explore_stated_command(stated, command, without);
    json_t *string = text ? json_text(text) : NULL;
    free(text);
    return string;
}

/* The colours of the figures: plots/portrait.c, plots/colour.h. */
static json_t *palette_json(void)
{
    char undecided[COLOUR_TEXT], unbounded[COLOUR_TEXT], others[COLOUR_TEXT], text[COLOUR_TEXT];
    json_t *classes = json_array(), *scale = json_array();
    enum { SCALE = 9 };
    for (size_t k = 0; k < COLOUR_CLASSES; k++)
        json_array_append_new(classes, json_text(colour_text(colour_of_class(k), text)));
    for (size_t k = 0; k < SCALE; k++)
        json_array_append_new(
            scale, json_text(colour_text(colour_on_scale((double)k / (SCALE - 1)), text)));
    return json_pack(
        "{ss ss ss ss ss ss ss ss ss ss ss so so ss ss ss}", "ink", "#000000", "trajectory",
        "#d55e00", "nullcline0", "#56b4e9", "nullcline1", "#e69f00", "critical", "#0072b2",
        "neutral", "#cc79a7", "leaf", "#b4b4b4", "separatrix", "#009e73", "unstable", "#cc79a7",
        "slides", "#009e73", "parts", "#cc79a7", "classes", classes, "speed", scale, "undecided",
        colour_text(colour_undecided, undecided), "unbounded",
        colour_text(colour_unbounded, unbounded), "others", colour_text(colour_others, others));
}

/* The two unknowns, or the one and its rate of change. */
static json_t *plane_json(const struct plane *plane)
{
    const struct flow *flow = plane->given->flow;
    if (explore_line_is(plane->given))
        return json_pack("[s, o]", flow->names[0], json_sprintf("%s'", flow->names[0]));
    return json_pack("[s, s]", flow->names[plane->axis[0]], flow->names[plane->axis[1]]);
}

static enum status model_answer(const struct explore_question *question, json_t **answer)
{
    const struct explore_stated *stated = question->stated;
    const struct problem_given *given = &stated->given;
    const struct flow *flow = given->flow;
    const struct rule *rule = given->problem.rule;
    char caption[PROBLEM_TEXT_MAX];
    json_t *object = json_object();
    json_object_set_new(object, "system", json_text(given->problem.system->name));
    json_object_set_new(object, "title", json_text(flow->title));
    json_object_set_new(object, "equation", json_text(given->problem.system->equation));
    json_object_set_new(object, "rule", json_text(rule ? rule->name : NULL));
    json_object_set_new(object, "rule_equation", json_text(rule ? rule->equation : NULL));
    json_object_set_new(object, "names", names_json(flow->dim, flow->names));
    json_object_set_new(object, "base", json_vector(given->dim, given->x0));
    json_object_set_new(object, "plane", plane_json(&stated->plane));
    json_object_set_new(object, "window", json_vector(WINDOW_SIDES, stated->plane.window));
    json_object_set_new(object, "parameters", parameters_json(question));
    json_object_set_new(object, "options", options_json(stated));
    json_object_set_new(object, "caption",
                        json_text(problem_parameters(given, sizeof caption, caption)));
    json_object_set_new(object, "command",
                        explore_line_is(given)
                            ? command_json(stated, &command_run, OPTION_COUNT)
                            : command_json(stated, &command_portrait, OPTION_grid));
    json_object_set_new(object, "line", json_boolean(explore_line_is(given)));
    json_object_set_new(object, "palette", palette_json());
    *answer = object;
    return object ? OK : status_fail(NO_MEMORY, "no memory for an answer");
}

const struct explore_kind explore_kind_model = {
    .name = "model", .own = "", .seconds = SECONDS, .answer = model_answer};
