/* Names and parts.
 *
 * Names are those of the equations, in the case of the language; one that is too long, reserved or taken gets
 * another: with an underscore behind it, or a letter and a number.  Names differ even where the language
 * tells upper from lower case, since formulas are read by people, too.
 *
 * Parts: one pass down the nodes counts how often each is used, one pass up decides.  A plain product
 * of two names is not worth a name unless it is used again; what is longer than PART_LONG is
 * cut, as XPP reads lines of some thousand characters only. */
#include "export/listing.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    PART_LONG = 48, /* nodes: some 400 characters */
    PART_NAME_MAX = 16,
    PREFIX_MAX = 3
};

struct listing {
    const struct equations *equations;
    const struct language *language;
    struct expression_style style;
    char (*unknown)[UNKNOWN_NAME_MAX], (*parameter)[UNKNOWN_NAME_MAX],
        (*auxiliary)[UNKNOWN_NAME_MAX];
    char prefix[PREFIX_MAX + 1];
    size_t nodes, parts;
    uint32_t *uses, *part_of; /* [nodes]; part_of: 1 + the part, 0: none */
    uint32_t *part;           /* [parts] nodes */
    bool *reached;            /* [nodes] by the equations or the Jacobian */
    char (*part_name)[PART_NAME_MAX];
};

/* ---- names ---- */

static bool is_reserved(const struct language *language, const char *name)
{
    for (size_t k = 0; language->reserved[k]; k++)
        if (strcasecmp(language->reserved[k], name) == 0)
            return true;
    return false;
}

/* How many names of each kind there are already, and the letter of new ones. */
struct naming {
    size_t unknowns, parameters, auxiliaries;
    char letter;
};

/* Is one of the first `count` names like this? */
typedef bool name_test(const char *one, const char *name);

static bool any_of(const char (*names)[UNKNOWN_NAME_MAX], size_t count, name_test *test,
                   const char *name)
{
    for (size_t k = 0; k < count; k++)
        if (test(names[k], name))
            return true;
    return false;
}

static bool any_name(const struct listing *l, const struct naming *so_far, name_test *test,
                     const char *name)
{
    return any_of((const char(*)[UNKNOWN_NAME_MAX])l->unknown, so_far->unknowns, test, name) ||
           any_of((const char(*)[UNKNOWN_NAME_MAX])l->parameter, so_far->parameters, test, name) ||
           any_of((const char(*)[UNKNOWN_NAME_MAX])l->auxiliary, so_far->auxiliaries, test, name);
}

static bool is_same(const char *one, const char *name)
{
    return strcasecmp(one, name) == 0;
}

/* Does it go on with digits after the prefix? */
static bool is_numbered(const char *one, const char *prefix)
{
    const size_t length = strlen(prefix);
    return strncasecmp(prefix, one, length) == 0 && isdigit((unsigned char)one[length]);
}

static bool is_free(const struct listing *l, const struct naming *so_far, const char *name)
{
    return strlen(name) <= l->language->name_most && !is_reserved(l->language, name) &&
           !any_name(l, so_far, is_same, name);
}

static void name_make(const struct listing *l, const struct naming *so_far, const char *from,
                      char name[UNKNOWN_NAME_MAX])
{
    snprintf(name, UNKNOWN_NAME_MAX, "%s", from);
    for (char *at = name; *at && l->language->lower_case; at++)
        *at = (char)tolower((unsigned char)*at);
    if (is_free(l, so_far, name))
        return;
    const size_t length = strlen(name);
    if (length < l->language->name_most) { /* which is below UNKNOWN_NAME_MAX - 1 */
        memcpy(name + length, "_", sizeof "_");
        if (is_free(l, so_far, name))
            return;
    }
    size_t number = so_far->unknowns + so_far->parameters +
                    so_far->auxiliaries; /* one of the next so many is free */
    do
        snprintf(name, UNKNOWN_NAME_MAX, "%c%zu", so_far->letter, ++number);
    while (!is_free(l, so_far, name));
}

static void names_make(struct listing *l)
{
    const struct equations *e = l->equations;
    struct naming so_far = {.letter = 'x'};
    for (; so_far.unknowns < e->unknowns; so_far.unknowns++)
        name_make(l, &so_far, e->unknown[so_far.unknowns].name, l->unknown[so_far.unknowns]);
    so_far.letter = 'k';
    for (; so_far.parameters < e->parameters; so_far.parameters++)
        name_make(l, &so_far, e->parameter[so_far.parameters].name,
                  l->parameter[so_far.parameters]);
    so_far.letter = 'w';
    for (; so_far.auxiliaries < e->auxiliaries; so_far.auxiliaries++)
        name_make(l, &so_far, e->auxiliary[so_far.auxiliaries].name,
                  l->auxiliary[so_far.auxiliaries]);
}

static bool prefix_clashes(const struct listing *l)
{
    const struct equations *e = l->equations;
    const struct naming all = {
        .unknowns = e->unknowns, .parameters = e->parameters, .auxiliaries = e->auxiliaries};
    return any_name(l, &all, is_numbered, l->prefix);
}

/* Of parts: q, or else the first three letters that no name has before a digit; there are more than names. */
static void prefix_make(struct listing *l)
{
    enum { LETTERS = 26 };
    snprintf(l->prefix, sizeof l->prefix, "q");
    for (unsigned k = 0; prefix_clashes(l); k++)
        snprintf(l->prefix, sizeof l->prefix, "%c%c%c",
                 (char)('a' + k / LETTERS / LETTERS % LETTERS), (char)('a' + k / LETTERS % LETTERS),
                 (char)('a' + k % LETTERS));
}

/* ---- the style ---- */

static const char *style_unknown(const void *context, size_t index)
{
    return listing_unknown(context, index);
}

static const char *style_parameter(const void *context, size_t index)
{
    return listing_parameter(context, index);
}

static const struct language_call *call_of(const struct language *language,
                                           const struct function *function)
{
    for (const struct language_call *call = language->call; call && call->function; call++)
        if (call->function == function)
            return call;
    return NULL;
}

static const char *style_function(const void *context, const struct function *function)
{
    const struct listing *l = context;
    const struct language_call *call = call_of(l->language, function);
    return call ? call->text : NULL;
}

static const char *style_part(const void *context, uint32_t node)
{
    const struct listing *l = context;
    return l->part_of[node] ? l->part_name[l->part_of[node] - 1] : NULL;
}

/* ---- memory ---- */

void listing_free(struct listing *l)
{
    if (!l)
        return;
    free(l->unknown);
    free(l->parameter);
    free(l->auxiliary);
    free(l->uses);
    free(l->part_of);
    free(l->part);
    free(l->part_name);
    free(l->reached);
    free(l);
}

enum status listing_create(const struct equations *e, const struct language *language,
                           struct listing **out)
{
    struct listing *l = calloc(1, sizeof *l);
    if (!l)
        return status_fail(NO_MEMORY, "a text");
    l->equations = e;
    l->language = language;
    l->nodes = expression_count(e->arena);
    l->unknown = calloc(e->unknowns + 1, sizeof *l->unknown);
    l->parameter = calloc(e->parameters + 1, sizeof *l->parameter);
    l->auxiliary = calloc(e->auxiliaries + 1, sizeof *l->auxiliary);
    l->uses = calloc(l->nodes, sizeof *l->uses);
    l->part_of = calloc(l->nodes, sizeof *l->part_of);
    l->reached = calloc(l->nodes, sizeof *l->reached);
    if (!l->unknown || !l->parameter || !l->auxiliary || !l->uses || !l->part_of || !l->reached) {
        listing_free(l);
        return status_fail(NO_MEMORY, "a text");
    }
    expression_reach(e->arena, e->unknowns, e->right, l->reached);
    expression_reach(e->arena, e->unknowns * e->unknowns, e->jacobian, l->reached);
    l->style = (struct expression_style){.power = language->power,
                                         .unknown = style_unknown,
                                         .parameter = style_parameter,
                                         .function = style_function,
                                         .part = style_part,
                                         .number = language->number,
                                         .context = l};
    names_make(l);
    prefix_make(l);
    *out = l;
    return OK;
}

/* ---- parts ---- */

/* How often each node is used; a call that cannot be said is an error. */
static enum status count_uses(struct listing *l, size_t roots, const uint32_t *root)
{
    memset(l->uses, 0, l->nodes * sizeof *l->uses);
    for (size_t k = 0; k < roots; k++)
        l->uses[root[k]]++;
    for (size_t k = l->nodes; k-- > 1;) {
        const struct expression *e = expression_at(l->equations->arena, (uint32_t)k);
        if (!l->uses[k])
            continue;
        if (e->kind == EXPRESSION_CALL) {
            const struct language_call *call = call_of(l->language, e->function);
            if (call && !call->text)
                return status_fail(BAD_ARGUMENT, "there is no %s in %s", e->function->name,
                                   l->language->title);
        }
        l->uses[e->left]++;
        l->uses[e->right]++;
    }
    return OK;
}

/* size[node]: nodes that are written where it stands.  Returns how many parts there are. */
static size_t choose(struct listing *l, uint32_t *size)
{
    enum { PART_LEAST = 3 };
    size_t parts = 0;
    for (uint32_t k = 1; k < l->nodes; k++) {
        const struct expression *e = expression_at(l->equations->arena, k);
        if (!l->uses[k])
            continue;
        size[k] = 1 + size[e->left] + size[e->right];
        l->part_of[k] = 0;
        if ((l->uses[k] > 1 && size[k] >= PART_LEAST) || size[k] > PART_LONG) {
            l->part_of[k] = (uint32_t)++parts;
            size[k] = 1;
        }
    }
    return parts;
}

static void name_parts(struct listing *l)
{
    for (uint32_t k = 1; k < l->nodes; k++)
        if (l->part_of[k]) {
            const size_t at = l->part_of[k] - 1;
            l->part[at] = k;
            snprintf(l->part_name[at], PART_NAME_MAX, "%s%u", l->prefix, (unsigned)at + 1);
        }
}

enum status listing_plan(struct listing *l, size_t roots, const uint32_t *root)
{
    TRY(count_uses(l, roots, root));
    memset(l->part_of, 0, l->nodes * sizeof *l->part_of);
    uint32_t *size = calloc(l->nodes, sizeof *size);
    if (!size)
        return status_fail(NO_MEMORY, "a text");
    l->parts = choose(l, size);
    free(size);
    free(l->part);
    free(l->part_name);
    l->part = calloc(l->parts + 1, sizeof *l->part);
    l->part_name = calloc(l->parts + 1, sizeof *l->part_name);
    if (!l->part || !l->part_name)
        return status_fail(NO_MEMORY, "a text of %zu parts", l->parts);
    name_parts(l);
    return OK;
}

enum status listing_plan_all(struct listing *l)
{
    const struct equations *e = l->equations;
    uint32_t *root = calloc(e->unknowns + e->auxiliaries + 1, sizeof *root);
    if (!root)
        return status_fail(NO_MEMORY, "a text");
    memcpy(root, e->right, e->unknowns * sizeof *root);
    for (size_t k = 0; k < e->auxiliaries; k++)
        root[e->unknowns + k] = e->auxiliary[k].node;
    const enum status status = listing_plan(l, e->unknowns + e->auxiliaries, root);
    free(root);
    return status;
}

/* ---- what writers ask ---- */

const struct equations *listing_equations(const struct listing *l)
{
    return l->equations;
}

const char *listing_unknown(const struct listing *l, size_t index)
{
    return l->unknown[index];
}

const char *listing_parameter(const struct listing *l, size_t index)
{
    return l->parameter[index];
}

const char *listing_auxiliary(const struct listing *l, size_t index)
{
    return l->auxiliary[index];
}

size_t listing_parts(const struct listing *l)
{
    return l->parts;
}

const char *listing_part(const struct listing *l, size_t part)
{
    return l->part_name[part];
}

void listing_part_formula(const struct listing *l, size_t part, FILE *file)
{
    expression_print_meaning(l->equations->arena, l->part[part], &l->style, file);
}

void listing_formula(const struct listing *l, uint32_t node, FILE *file)
{
    expression_print(l->equations->arena, node, &l->style, file);
}

bool listing_calls(const struct listing *l, const struct function *function)
{
    for (uint32_t k = 1; k < l->nodes; k++)
        if (l->reached[k] && expression_at(l->equations->arena, k)->function == function)
            return true;
    return false;
}
