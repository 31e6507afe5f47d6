/* Names are those of --help and of the notes; an index counts from 1, a coefficient of a polynomial
 * from 0.  Only parameters that the system reads can be varied, so that a sweep never shows a
 * constant by mistake. */
#include "cli/parameter.h"

#include "base/nearest.h"
#include "base/number.h"
#include "linear/registry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HINT_MAX = 80 };

/* ---- lists ---- */

/* The feedback weights of a chain are 1 where none are given. */
static void feedback_fill(struct problem *problem)
{
    if (problem->c_count > 0 || !registry_system_reads(problem->system, "c") ||
        !registry_system_reads(problem->system, "depth"))
        return;
    problem->c_count = problem->depth - 1;
    for (size_t i = 0; i < problem->c_count; i++)
        problem->c[i] = 1;
}

/* A list of numbers that a letter and an index name. */
struct list {
    const char *letter;
    size_t first; /* index of its first number */
    size_t count;
    double *value;
};

static struct list list_of_feedback(struct problem_given *given)
{
    struct problem *problem = &given->problem;
    feedback_fill(problem);
    return (struct list){"c", 1, problem->c_count, given->c ? given->c : problem->c};
}

/* The index after the letter, or SIZE_MAX. */
static size_t index_of(const struct list *list, const char *name)
{
    unsigned long long index;
    const size_t length = strlen(list->letter);
    if (list->count == 0 || strncmp(name, list->letter, length) != 0)
        return SIZE_MAX;
    if (list->count == 1 && name[length] == '\0')
        return 0;
    if (name[length] < '0' || name[length] > '9' ||
        number_parse_whole(name + length, list->first, list->first + list->count - 1, &index) != OK)
        return SIZE_MAX;
    return (size_t)index - list->first;
}

static double *list_place(struct problem_given *given, const char *name)
{
    struct problem *problem = &given->problem;
    const struct list lists[] = {list_of_feedback(given), {"k", 0, problem->q_count, problem->q}};
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
        const size_t index = index_of(&lists[k], name);
        if (index != SIZE_MAX)
            return &lists[k].value[index];
    }
    const struct list mu = {"mu", 1, problem->neuron_count, NULL};
    const size_t layer = index_of(&mu, name);
    return layer == SIZE_MAX ? NULL : &problem->neurons[layer].parameter;
}

/* ---- single numbers ---- */

static double *number_place(struct problem_given *given, const char *name)
{
    struct problem *problem = &given->problem;
    const bool moments = problem->inputs.count == 0 && !(problem->gaussian > 0) &&
                         registry_system_reads(problem->system, "alpha");
    const struct {
        const char *name;
        bool there;
        double *place;
    } numbers[] = {
        {"alpha", moments, &problem->alpha},
        {"beta", moments, &problem->beta},
        {"lambda", registry_system_reads(problem->system, "lambda") && problem->decay_count == 0,
         &problem->lambda},
        {"A", problem->teacher.neurons.activation != NULL, &problem->teacher.argument},
        {"rho", problem->teacher.neurons.activation != NULL, &problem->teacher.scale},
        {"sigma", problem->gaussian > 0, &problem->gaussian},
    };
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        if (numbers[k].there && strcmp(numbers[k].name, name) == 0)
            return numbers[k].place;
    return NULL;
}

/* Of equations of one's own. */
static enum status own_parameter(struct problem_given *given, const char *name, double **place)
{
    const struct equations *equations = given->equations;
    const size_t found = equations_parameter(equations, name);
    if (found != SIZE_MAX) {
        *place = &given->problem.parameters[found];
        return OK;
    }
    char hint[HINT_MAX];
    struct nearest nearest = nearest_to(name);
    for (size_t k = 0; k < equations->parameters; k++)
        nearest_offer(&nearest, equations->parameter[k].name);
    return status_fail(UNKNOWN_NAME, "%s has no parameter '%s'%s", given->problem.system->name,
                       name, nearest_hint(&nearest, sizeof hint, hint));
}

enum status parameter_named(struct problem_given *given, const char *name, double **place)
{
    if (given->equations)
        return own_parameter(given, name, place);
    static const char *const known[] = {"c1", "c2", "alpha", "beta", "lambda",
                                        "mu", "A",  "rho",   "sigma"};
    double *found = number_place(given, name);
    if (!found)
        found = list_place(given, name);
    if (found) {
        *place = found;
        return OK;
    }
    struct nearest nearest = nearest_to(name);
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        nearest_offer(&nearest, known[k]);
    char hint[HINT_MAX];
    return status_fail(UNKNOWN_NAME,
                       "%s has no parameter '%s' here%s (c1, alpha, beta, lambda, mu, "
                       "A, rho, sigma, as it reads them)",
                       given->problem.system->name, name,
                       strcmp(name, nearest.name ? nearest.name : "") == 0
                           ? ""
                           : nearest_hint(&nearest, sizeof hint, hint));
}

enum status parameter_changed(struct problem_given *given)
{
    struct flow *flow;
    TRY(problem_flow(&given->problem, &flow));
    flow_free(given->flow);
    given->flow = flow;
    return OK;
}

const char *parameter_varied_text(struct problem_given *given, double *place, size_t size,
                                  char *text)
{
    char whole[PROBLEM_TEXT_MAX];
    const double value = *place;
    *place = NAN; /* shown as such, and replaced */
    problem_parameters(given, sizeof whole, whole);
    *place = value;
    const char *nan = strstr(whole, "nan");
    if (nan)
        snprintf(text, size, "%.*svaried%s", (int)(nan - whole), whole, nan + strlen("nan"));
    else
        snprintf(text, size, "%s", whole);
    return text;
}

enum status parameter_list_read(const char *text, char *name, size_t most, double *value,
                                size_t *count)
{
    const size_t length = strcspn(text, "=");
    if (text[length] != '=' || length == 0 || length >= UNKNOWN_NAME_MAX)
        return status_fail(BAD_ARGUMENT, "'%s' is no parameter with values; expected NAME=X,Y,...",
                           text);
    memcpy(name, text, length);
    name[length] = '\0';
    return number_parse_list(text + length + 1, most, value, count);
}
