/* Equations: room, names, and what follows from the formulas.
 *
 * The Jacobian, the places where the right-hand sides are not smooth, and their gradients are made
 * once, as nodes of the arena; flows, which many threads make, only read them.  Which surfaces there
 * are depends on the formulas alone; whether one is reached at all, on the parameters,
 * equations_flow.c. */
#include "equations/equations.h"

#include "base/nearest.h"
#include "base/number.h"
#include "equations/equations_parts.h"
#include "equations/source.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HINT_MAX = 80, SHOWN_MAX = 200 };

/* ---- memory ---- */

static char *copy_of(const char *text)
{
    const size_t length = strlen(text) + 1;
    char *copy = malloc(length);
    return copy ? memcpy(copy, text, length) : NULL;
}

enum status equations_begin(const char *path, const struct equations_room *room,
                            struct equations **out)
{
    struct equations *e = calloc(1, sizeof *e);
    if (!e)
        return status_fail(NO_MEMORY, "equations");
    e->path = copy_of(path);
    e->unknown = calloc(EQUATIONS_UNKNOWNS_MOST, sizeof *e->unknown);
    e->parameter = calloc(EQUATIONS_PARAMETERS_MOST, sizeof *e->parameter);
    e->right = calloc(EQUATIONS_UNKNOWNS_MOST, sizeof *e->right);
    e->auxiliary = calloc(room->quantities + 1, sizeof *e->auxiliary);
    e->fixed_quantity = calloc(room->quantities + 1, sizeof *e->fixed_quantity);
    e->note = calloc(room->notes + 1, sizeof(char *));
    enum status status = expression_arena_create(&e->arena);
    if (status == OK && (!e->path || !e->unknown || !e->parameter || !e->right || !e->auxiliary ||
                         !e->fixed_quantity || !e->note))
        status = status_fail(NO_MEMORY, "equations");
    if (status == OK)
        *out = e;
    else
        equations_free(e);
    return status;
}

static void numbers_free(struct equations_number *number, size_t count)
{
    for (size_t k = 0; number && k < count; k++)
        free((char *)number[k].text);
    free(number);
}

void equations_free(struct equations *e)
{
    if (!e)
        return;
    numbers_free(e->unknown, EQUATIONS_UNKNOWNS_MOST);
    numbers_free(e->parameter, EQUATIONS_PARAMETERS_MOST);
    for (size_t k = 0; k < e->claims; k++)
        free(e->claim[k].gradient);
    for (size_t k = 0; k < e->surfaces; k++)
        free(e->surface[k].gradient);
    for (size_t k = 0; e->note && k < e->notes; k++)
        free(e->note[k]);
    expression_arena_free(e->arena);
    free(e->path);
    free(e->claim);
    free(e->surface);
    free(e->note);
    free(e->right);
    free(e->jacobian);
    free(e->auxiliary);
    free(e->fixed_quantity);
    free(e->equation);
    free(e->names);
    if (e->library)
        e->library_close(e->library);
    free(e);
}

/* ---- names and numbers ---- */

static size_t number_named(const struct equations_number *number, size_t count, const char *name)
{
    for (size_t k = 0; k < count; k++)
        if (strcasecmp(number[k].name, name) == 0)
            return k;
    return SIZE_MAX;
}

size_t equations_unknown(const struct equations *e, const char *name)
{
    return number_named(e->unknown, e->unknowns, name);
}

size_t equations_parameter(const struct equations *e, const char *name)
{
    return number_named(e->parameter, e->parameters, name);
}

enum status equations_number_set(struct equations *e, struct equations_number *number,
                                 const char *text)
{
    double value = 0;
    (void)e;
    TRY(number_parse(text, &value));
    char *copy = copy_of(text);
    if (!copy)
        return status_fail(NO_MEMORY, "a number");
    free((char *)number->text);
    number->text = copy;
    number->value = value;
    return OK;
}

static enum status parameter_unknown(const struct equations *e, const char *name)
{
    char hint[HINT_MAX], list[SHOWN_MAX] = "";
    struct nearest nearest = nearest_to(name);
    size_t length = 0;
    for (size_t k = 0; k < e->parameters; k++) {
        nearest_offer(&nearest, e->parameter[k].name);
        if (length + UNKNOWN_NAME_MAX + 2 < sizeof list)
            length += (size_t)snprintf(list + length, sizeof list - length, "%s%s", k ? ", " : "",
                                       e->parameter[k].name);
    }
    return status_fail(UNKNOWN_NAME, "%.200s has no parameter '%.40s'%s (%s)", e->path, name,
                       nearest_hint(&nearest, sizeof hint, hint), *list ? list : "it has none");
}

/* One of a=1/2,b=2: the text of this one, cut at its end. */
static enum status set_one(struct equations *e, char *one)
{
    char *equals = strchr(one, '=');
    if (!equals)
        return status_fail(BAD_ARGUMENT, "'%.40s' sets no parameter; expected NAME=NUMBER,...",
                           one);
    *equals = '\0';
    const size_t parameter = equations_parameter(e, one);
    if (parameter == SIZE_MAX)
        return parameter_unknown(e, one);
    TRY(equations_number_set(e, &e->parameter[parameter], equals + 1));
    e->parameter[parameter].replaced = true;
    return OK;
}

enum status equations_set(struct equations *e, const char *list)
{
    char *copy = copy_of(list);
    if (!copy)
        return status_fail(NO_MEMORY, "parameters");
    enum status status = OK;
    for (char *one = copy, *next; one && status == OK; one = next) {
        next = strchr(one, ',');
        if (next)
            *next++ = '\0';
        status = set_one(e, one);
    }
    free(copy);
    return status;
}

struct problem equations_problem(const struct equations *e)
{
    struct problem problem = {
        .system = &e->system, .equations = e, .parameter_count = e->parameters};
    for (size_t k = 0; k < e->parameters; k++)
        problem.parameters[k] = e->parameter[k].value;
    return problem;
}

bool equations_is_file(const char *word)
{
    static const char ENDING[] = ".ode";
    const size_t length = strlen(word), end = strlen(ENDING);
    return strchr(word, '/') || (length > end && strcasecmp(word + length - end, ENDING) == 0);
}

/* ---- text ---- */

static const char *style_unknown(const void *context, size_t index)
{
    const struct equations *e = context;
    return e->unknown[index].name;
}

static const char *style_parameter(const void *context, size_t index)
{
    const struct equations *e = context;
    return e->parameter[index].name;
}

struct expression_style equations_style(const struct equations *e)
{
    return (struct expression_style){
        .power = "^", .unknown = style_unknown, .parameter = style_parameter, .context = e};
}

char *equations_text(const struct equations *e, uint32_t node)
{
    char *text = NULL;
    size_t length = 0;
    const struct expression_style style = equations_style(e);
    FILE *file = open_memstream(&text, &length);
    if (!file)
        return NULL;
    expression_print(e->arena, node, &style, file);
    if (fclose(file) == 0)
        return text;
    free(text);
    return NULL;
}

/* "x' = y, y' = -x" and "x, y"; what is very long is left out. */
static enum status write_texts(struct equations *e)
{
    size_t length = 0;
    const struct expression_style style = equations_style(e);
    FILE *file = open_memstream(&e->equation, &length);
    if (!file)
        return status_fail(NO_MEMORY, "equations");
    for (size_t k = 0; k < e->unknowns; k++) {
        fprintf(file, "%s%s' = ", k ? ", " : "", e->unknown[k].name);
        if (expression_at(e->arena, e->right[k])->size <= SHOWN_MAX)
            expression_print(e->arena, e->right[k], &style, file);
        else
            fputs("...", file);
    }
    bool written = fclose(file) == 0;
    file = open_memstream(&e->names, &length);
    if (!file)
        return status_fail(NO_MEMORY, "equations");
    for (size_t k = 0; k < e->unknowns; k++)
        fprintf(file, "%s%s", k ? ", " : "", e->unknown[k].name);
    written = fclose(file) == 0 && written;
    return written ? OK : status_fail(NO_MEMORY, "equations");
}

/* ---- derivatives ---- */

static enum status make_jacobian(struct equations *e)
{
    const size_t n = e->unknowns;
    uint32_t column[EQUATIONS_UNKNOWNS_MOST];
    e->jacobian = calloc(n * n, sizeof *e->jacobian);
    if (!e->jacobian)
        return status_fail(NO_MEMORY, "a Jacobian of %zu unknowns", n);
    for (size_t j = 0; j < n; j++) {
        TRY(expression_derivatives(e->arena, n, e->right, j, column));
        for (size_t i = 0; i < n; i++)
            e->jacobian[i * n + j] = column[i];
    }
    return OK;
}

/* gradient[unknowns] of one node; NULL: no memory, or too large. */
static enum status gradient_of(struct equations *e, uint32_t node, uint32_t **gradient)
{
    uint32_t *g = calloc(e->unknowns, sizeof *g);
    if (!g)
        return status_fail(NO_MEMORY, "a gradient");
    enum status status = OK;
    for (size_t j = 0; j < e->unknowns && status == OK; j++)
        status = expression_derivatives(e->arena, 1, &node, j, &g[j]);
    if (status == OK)
        *gradient = g;
    else
        free(g);
    return status;
}

/* ---- surfaces ---- */

static enum status surface_add(struct equations *e, uint32_t g, bool jumps)
{
    if (!expression_at(e->arena, g)->moves)
        return expression_arena_status(e->arena);
    for (size_t k = 0; k < e->surfaces; k++)
        if (e->surface[k].g == g && e->surface[k].jumps == jumps)
            return OK;
    if (e->surfaces == EQUATIONS_SURFACES_MOST)
        return status_fail(BAD_DATA, "more than %d places where the equations are not smooth",
                           EQUATIONS_SURFACES_MOST);
    struct equations_surface *surface = &e->surface[e->surfaces];
    *surface = (struct equations_surface){.g = g, .jumps = jumps};
    surface->gradient = calloc(e->unknowns, sizeof *surface->gradient);
    if (!surface->gradient)
        return status_fail(NO_MEMORY, "a gradient");
    e->surfaces++;
    return OK;
}

static enum status surfaces_of_call(struct equations *e, const struct expression *call)
{
    struct expressions *a = e->arena;
    const uint32_t one = expression_whole(a, 1);
    switch (call->function->shape) {
    case FUNCTION_SIDED:
        if (call->function->arguments > 1)
            return surface_add(e, call->index, true);
        return surface_add(e, call->left, true);
    case FUNCTION_ROOT:
        return surface_add(e, call->left, false);
    case FUNCTION_ARC:
        TRY(surface_add(e, expression_difference(a, one, call->left), false));
        return surface_add(e, expression_sum(a, one, call->left), false);
    case FUNCTION_POLES:
        return surface_add(e, expression_call(a, &function_cos, call->left, 0), false);
    default:
        return OK;
    }
}

static enum status surfaces_of_node(struct equations *e, uint32_t node)
{
    const struct expression x = *expression_at(e->arena, node);
    long exponent;
    if (x.kind == EXPRESSION_CALL)
        return surfaces_of_call(e, &x);
    if (x.kind == EXPRESSION_QUOTIENT)
        return surface_add(e, x.right, false);
    if (x.kind == EXPRESSION_POWER &&
        (!expression_whole_power(e->arena, node, &exponent) || exponent < 0))
        return surface_add(e, x.left, false);
    return OK;
}

/* All gradients, one unknown after the other. */
static enum status make_gradients(struct equations *e)
{
    uint32_t g[EQUATIONS_SURFACES_MOST], slope[EQUATIONS_SURFACES_MOST];
    for (size_t k = 0; k < e->surfaces; k++) {
        assert(e->surface[k].gradient);
        g[k] = e->surface[k].g;
    }
    for (size_t j = 0; j < e->unknowns; j++) {
        TRY(expression_derivatives(e->arena, e->surfaces, g, j, slope));
        for (size_t k = 0; k < e->surfaces; k++)
            e->surface[k].gradient[j] = slope[k];
    }
    return OK;
}

static enum status find_surfaces(struct equations *e, bool *reached, size_t nodes)
{
    expression_reach(e->arena, e->unknowns, e->right, reached);
    for (uint32_t node = 1; node < nodes; node++)
        if (reached[node])
            TRY(surfaces_of_node(e, node));
    return make_gradients(e);
}

static enum status make_surfaces(struct equations *e)
{
    const size_t nodes = expression_count(e->arena);
    bool *reached = calloc(nodes, sizeof *reached);
    e->surface = calloc(EQUATIONS_SURFACES_MOST, sizeof *e->surface);
    if (!reached || !e->surface) {
        free(reached);
        return status_fail(NO_MEMORY, "%zu parts of formulas", nodes);
    }
    const enum status status = find_surfaces(e, reached, nodes);
    free(reached);
    return status;
}

enum status equations_finish(struct equations *e)
{
    TRY(expression_arena_status(e->arena));
    TRY(make_surfaces(e)); /* of the formulas, before there are derivatives */
    TRY(make_jacobian(e));
    TRY(write_texts(e));
    e->system = (struct system){.name = e->path,
                                .title = "equations of one's own",
                                .equation = e->equation,
                                .unknowns = e->names,
                                .options = "--init --par",
                                .source = "an .ode file",
                                .label = "OD3",
                                .dim = equations_dim,
                                .flow = equations_flow,
                                .predict = equations_predict};
    return OK;
}

/* ---- claims ---- */

/* The text in the names of the unknowns and parameters. */
static enum status claim_read(struct equations *e, struct names *names, const char *text,
                              uint32_t *node)
{
    const size_t length = strlen(text);
    size_t work = 0;
    for (size_t k = 0; k < e->unknowns + e->parameters; k++) {
        struct name name = {.kind = k < e->unknowns ? NAME_UNKNOWN : NAME_PARAMETER,
                            .index = k < e->unknowns ? k : k - e->unknowns};
        const struct equations_number *number =
            k < e->unknowns ? &e->unknown[name.index] : &e->parameter[name.index];
        memcpy(name.text, number->name, sizeof name.text);
        TRY(names_add(names, &name));
    }
    struct source_place *place = calloc(length + 1, sizeof *place);
    if (!place)
        return status_fail(NO_MEMORY, "a claim");
    struct source f = {.file = e->path,
                       .text = text,
                       .place = place,
                       .length = length,
                       .arena = e->arena,
                       .names = names,
                       .work = &work};
    enum status status = source_formula(&f, node);
    if (status == OK && f.at < length)
        status = source_fail(&f, f.at, BAD_DATA, "no formula: %.60s", text);
    free(place);
    return status;
}

enum status equations_claim_add(struct equations *e, const char *text, bool for_all)
{
    struct equations_claim claim = {.for_all = for_all};
    struct names *names = NULL;
    struct equations_claim *more = realloc(e->claim, (e->claims + 1) * sizeof *more);
    if (!more)
        return status_fail(NO_MEMORY, "a claim");
    e->claim = more;
    TRY(names_create(&names));
    const enum status status = claim_read(e, names, text, &claim.node);
    names_free(names);
    TRY(status);
    TRY(gradient_of(e, claim.node, &claim.gradient));
    snprintf(claim.name, sizeof claim.name, "%s", text);
    for (size_t k = 0; k < e->parameters; k++)
        e->claims_at[k] = e->parameter[k].value;
    e->claim[e->claims++] = claim;
    return OK;
}
