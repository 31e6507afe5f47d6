/* From a problem to equations: names, numbers and start; what moves them is in export_network.c.
 *
 * Numbers that were typed keep their text, so that 1/3 is written as 1/3 wherever a language can
 * divide.  They are found by their value: of two texts with one double either may be written. */
#include "export/export_parts.h"

#include "base/number.h"
#include "equations/equations_parts.h"
#include "linear/registry.h"

#include <string.h>

/* text[NUMBER_TEXT_MAX] is where it is written, if it was not typed. */
static const char *text_of(const struct export_source *source, double value, char *text)
{
    for (size_t k = 0; k < source->typed; k++)
        if (source->number[k].value == value)
            return source->number[k].text;
    return number_shortest(value, text);
}

uint32_t export_number(const struct export_graph *graph, double value)
{
    char text[NUMBER_TEXT_MAX];
    return expression_number(graph->arena, text_of(graph->source, value, text));
}

enum status export_parameter(const struct export_graph *graph, const char *name, double value,
                             uint32_t *node)
{
    struct equations *e = graph->equations;
    char text[NUMBER_TEXT_MAX];
    if (e->parameters == EQUATIONS_PARAMETERS_MOST) {
        *node = export_number(graph, value);
        return OK;
    }
    struct equations_number *parameter = &e->parameter[e->parameters];
    snprintf(parameter->name, sizeof parameter->name, "%s", name);
    TRY(equations_number_set(e, parameter, text_of(graph->source, value, text)));
    *node = expression_parameter(graph->arena, e->parameters++);
    return OK;
}

/* x' = k0 + x (k1 + x (k2 + ...)) */
static enum status polynomial(const struct export_graph *graph)
{
    const struct problem *problem = graph->source->problem;
    const uint32_t x = expression_unknown(graph->arena, 0);
    uint32_t sum = expression_whole(graph->arena, 0);
    for (size_t k = problem->q_count; k-- > 0;) {
        char name[UNKNOWN_NAME_MAX];
        uint32_t factor = 0;
        snprintf(name, sizeof name, "k%zu", k);
        TRY(export_parameter(graph, name, problem->q[k], &factor));
        sum = expression_sum(graph->arena, factor, expression_product(graph->arena, x, sum));
    }
    graph->equations->right[0] = sum;
    return OK;
}

enum status export_start(const struct export_source *source, struct equations *e)
{
    char text[NUMBER_TEXT_MAX];
    for (size_t i = 0; i < e->unknowns; i++)
        if (e->unknown[i].value != source->x0[i] || !e->unknown[i].text)
            TRY(equations_number_set(e, &e->unknown[i], text_of(source, source->x0[i], text)));
    return OK;
}

static enum status unknowns(const struct export_graph *graph)
{
    const struct export_source *source = graph->source;
    struct equations *e = graph->equations;
    e->unknowns = source->flow->dim;
    for (size_t i = 0; i < e->unknowns; i++)
        memcpy(e->unknown[i].name, source->flow->names[i], sizeof e->unknown[i].name);
    return export_start(source, e);
}

static enum status fill(const struct export_graph *graph)
{
    TRY(unknowns(graph));
    if (graph->source->problem->system == &system_polynomial)
        TRY(polynomial(graph));
    else
        TRY(export_network(graph));
    TRY(export_check(graph));
    return equations_finish(graph->equations);
}

enum status export_equations(const struct export_source *source, struct equations **equations)
{
    static const struct equations_room none = {.quantities = 0};
    struct export_graph graph = {.source = source};
    if (source->flow->dim > EQUATIONS_UNKNOWNS_MOST)
        return status_fail(BAD_ARGUMENT, "%s has %zu unknowns; formulas are written for at most %d",
                           source->flow->title, source->flow->dim, EQUATIONS_UNKNOWNS_MOST);
    TRY(equations_begin(source->flow->title, &none, &graph.equations));
    graph.arena = graph.equations->arena;
    const enum status status = fill(&graph);
    if (status == OK)
        *equations = graph.equations;
    else
        equations_free(graph.equations);
    return status;
}
