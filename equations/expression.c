/* The arena: nodes in the order in which they are made, and a hash table of their numbers.
 *
 * A node is looked for before it is made, so that x*y is one node wherever it is written; sums and
 * products are not reordered, so that a field is evaluated as it is written, to the last bit.
 * Rejected: a canonical form of sums and products, which would find more equal parts and lose that;
 * exact/ brings polynomials into one where it matters. */
#include "equations/expression.h"

#include "base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    NODES_FIRST = 256,
    TABLE_LOAD = 2, /* slots for each node, at least */
    TEXT_BLOCK_LEAST = 1 << 12,
    WHOLE_TEXT_MAX = 32
};
static const double WHOLE_MOST = 1e15; /* integers that are folded: products of them stay exact */
static const double POWER_MOST = 1024; /* whole exponents that become products */

/* Texts of numbers, in blocks that never move. */
struct text_block {
    struct text_block *next;
    size_t used, size;
    char text[];
};

struct expressions {
    struct expression *node;
    size_t count, room;
    uint32_t *slot; /* [slots]: numbers of nodes, 0: empty */
    size_t slots;   /* a power of two */
    struct text_block *texts;
    enum status failed;
    char message[STATUS_MESSAGE_MAX];
};

/* ---- the arena ---- */

enum status expression_arena_create(struct expressions **out)
{
    struct expressions *arena = calloc(1, sizeof *arena);
    if (!arena)
        return status_fail(NO_MEMORY, "formulas");
    arena->room = NODES_FIRST;
    arena->slots = TABLE_LOAD * NODES_FIRST;
    arena->node = calloc(arena->room, sizeof *arena->node);
    arena->slot = calloc(arena->slots, sizeof *arena->slot);
    if (!arena->node || !arena->slot) {
        expression_arena_free(arena);
        return status_fail(NO_MEMORY, "formulas");
    }
    arena->count = 1; /* node 0 */
    *out = arena;
    return OK;
}

void expression_arena_free(struct expressions *arena)
{
    if (!arena)
        return;
    for (struct text_block *block = arena->texts, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    free(arena->node);
    free(arena->slot);
    free(arena);
}

enum status expression_arena_status(const struct expressions *arena)
{
    return arena->failed == OK ? OK : status_fail(arena->failed, "%s", arena->message);
}

size_t expression_count(const struct expressions *arena)
{
    return arena->count;
}

const struct expression *expression_at(const struct expressions *arena, uint32_t node)
{
    return arena->node + node;
}

/* The first failure stays. */
static uint32_t fail(struct expressions *arena, enum status status, const char *why)
{
    if (arena->failed == OK) {
        arena->failed = status;
        snprintf(arena->message, sizeof arena->message, "%s", why);
    }
    return 0;
}

/* ---- the table ---- */

static uint64_t mix(uint64_t hash, uint64_t more)
{
    static const uint64_t FACTOR = 0x9e3779b97f4a7c15u; /* 2^64 over the golden ratio */
    enum { SHIFT = 29 };
    hash = (hash ^ more) * FACTOR;
    return hash ^ (hash >> SHIFT);
}

static uint64_t hash_of(const struct expression *e)
{
    uint64_t hash = mix(0, (uint64_t)e->kind);
    hash = mix(hash, e->left);
    hash = mix(hash, e->right);
    hash = mix(hash, e->index);
    hash = mix(hash, (uint64_t)(uintptr_t)e->function);
    for (const char *at = e->text; at && *at; at++)
        hash = mix(hash, (unsigned char)*at);
    return hash;
}

static bool is_same(const struct expression *a, const struct expression *b)
{
    return a->kind == b->kind && a->left == b->left && a->right == b->right &&
           a->index == b->index && a->function == b->function &&
           (!a->text || strcmp(a->text, b->text) == 0);
}

/* Where the node stands, or would stand. */
static uint32_t *slot_of(const struct expressions *arena, const struct expression *e)
{
    size_t at = (size_t)hash_of(e) & (arena->slots - 1);
    while (arena->slot[at] && !is_same(arena->node + arena->slot[at], e))
        at = (at + 1) & (arena->slots - 1);
    return arena->slot + at;
}

static bool grow(struct expressions *arena)
{
    const size_t room = 2 * arena->room, slots = 2 * arena->slots;
    struct expression *node = realloc(arena->node, room * sizeof *node);
    if (node)
        arena->node = node;
    uint32_t *slot = node ? calloc(slots, sizeof *slot) : NULL;
    if (!slot)
        return false;
    free(arena->slot);
    arena->slot = slot;
    arena->slots = slots;
    arena->room = room;
    for (uint32_t k = 1; k < arena->count; k++)
        *slot_of(arena, arena->node + k) = k;
    return true;
}

static char *text_room(struct expressions *arena, size_t length)
{
    struct text_block *block = arena->texts;
    if (!block || block->size - block->used < length) {
        const size_t size = length > TEXT_BLOCK_LEAST ? length : TEXT_BLOCK_LEAST;
        block = malloc(sizeof *block + size);
        if (!block)
            return NULL;
        *block = (struct text_block){.next = arena->texts, .size = size};
        arena->texts = block;
    }
    char *text = block->text + block->used;
    block->used += length;
    return text;
}

/* What a node has from its parts. */
static void inherit(const struct expressions *arena, struct expression *e)
{
    const struct expression *left = arena->node + e->left, *right = arena->node + e->right;
    e->depth = 1 + (left->depth > right->depth ? left->depth : right->depth);
    e->size = 1 + left->size + right->size;
    e->moves = e->kind == EXPRESSION_UNKNOWN || left->moves || right->moves;
    e->varies = e->moves || e->kind == EXPRESSION_PARAMETER || left->varies || right->varies;
    e->open = e->kind == EXPRESSION_ARGUMENT || left->open || right->open;
}

static uint32_t make(struct expressions *arena, struct expression e)
{
    if (arena->failed != OK)
        return 0;
    uint32_t *slot = slot_of(arena, &e);
    if (*slot)
        return *slot;
    inherit(arena, &e);
    if (e.depth > EXPRESSION_DEPTH_MOST)
        return fail(arena, BAD_DATA, "formulas are nested too deeply");
    if (arena->count > EXPRESSION_NODES_MOST)
        return fail(arena, BAD_DATA, "formulas and their derivatives have too many parts");
    if (e.text) {
        const size_t length = strlen(e.text) + 1;
        char *text = text_room(arena, length);
        if (!text)
            return fail(arena, NO_MEMORY, "formulas");
        e.text = memcpy(text, e.text, length);
    }
    const uint32_t at = (uint32_t)arena->count;
    if (arena->count == arena->room) {
        if (!grow(arena))
            return fail(arena, NO_MEMORY, "formulas");
        slot = slot_of(arena, &e);
    }
    arena->node[arena->count++] = e;
    *slot = at;
    return at;
}

/* ---- leaves ---- */

uint32_t expression_number(struct expressions *arena, const char *text)
{
    double value = 0;
    if (number_parse(text, &value) != OK)
        return fail(arena, NOT_A_NUMBER, status_message());
    return make(arena,
                (struct expression){.kind = EXPRESSION_NUMBER, .value = value + 0.0, .text = text});
}

uint32_t expression_whole(struct expressions *arena, long value)
{
    char text[WHOLE_TEXT_MAX];
    snprintf(text, sizeof text, "%ld", value);
    return expression_number(arena, text);
}

uint32_t expression_unknown(struct expressions *arena, size_t index)
{
    return make(arena, (struct expression){.kind = EXPRESSION_UNKNOWN, .index = (uint32_t)index});
}

uint32_t expression_parameter(struct expressions *arena, size_t index)
{
    return make(arena, (struct expression){.kind = EXPRESSION_PARAMETER, .index = (uint32_t)index});
}

uint32_t expression_argument(struct expressions *arena, size_t index)
{
    return make(arena, (struct expression){.kind = EXPRESSION_ARGUMENT, .index = (uint32_t)index});
}

/* ---- what is simplified ---- */

bool expression_is(const struct expressions *arena, uint32_t node, double value)
{
    const struct expression *e = arena->node + node;
    return e->kind == EXPRESSION_NUMBER && e->value == value && !strchr(e->text, '/') &&
           floor(value) == value && fabs(value) <= WHOLE_MOST;
}

/* An integer that doubles hold exactly, written as such: not 1e0, nor 1.00000000000000000001. */
static bool is_whole(const struct expressions *arena, uint32_t node, double *value)
{
    const struct expression *e = arena->node + node;
    if (e->kind != EXPRESSION_NUMBER || !(fabs(e->value) <= WHOLE_MOST))
        return false;
    *value = e->value;
    return e->text[strspn(e->text, "-0123456789")] == '\0';
}

static uint32_t fold(struct expressions *arena, double value)
{
    return expression_whole(arena, (long)value);
}

static uint32_t pair(struct expressions *arena, enum expression_kind kind, uint32_t u, uint32_t v)
{
    return make(arena, (struct expression){.kind = kind, .left = u, .right = v});
}

static bool is_kind(const struct expressions *arena, uint32_t node, enum expression_kind kind)
{
    return arena->node[node].kind == kind;
}

static bool is_exactly(const struct expressions *arena, uint32_t node, double value)
{
    double whole;
    return is_whole(arena, node, &whole) && whole == value;
}

uint32_t expression_minus(struct expressions *arena, uint32_t u)
{
    double value;
    if (is_whole(arena, u, &value))
        return fold(arena, -value);
    if (is_kind(arena, u, EXPRESSION_MINUS))
        return arena->node[u].left;
    return pair(arena, EXPRESSION_MINUS, u, 0);
}

uint32_t expression_sum(struct expressions *arena, uint32_t u, uint32_t v)
{
    double a, b;
    if (is_exactly(arena, u, 0))
        return v;
    if (is_exactly(arena, v, 0))
        return u;
    if (is_whole(arena, u, &a) && is_whole(arena, v, &b) && fabs(a + b) <= WHOLE_MOST)
        return fold(arena, a + b);
    if (is_kind(arena, v, EXPRESSION_MINUS))
        return expression_difference(arena, u, arena->node[v].left);
    return pair(arena, EXPRESSION_SUM, u, v);
}

uint32_t expression_difference(struct expressions *arena, uint32_t u, uint32_t v)
{
    double a, b;
    if (is_exactly(arena, v, 0))
        return u;
    if (is_exactly(arena, u, 0))
        return expression_minus(arena, v);
    if (u == v)
        return expression_whole(arena, 0);
    if (is_whole(arena, u, &a) && is_whole(arena, v, &b) && fabs(a - b) <= WHOLE_MOST)
        return fold(arena, a - b);
    if (is_kind(arena, v, EXPRESSION_MINUS))
        return expression_sum(arena, u, arena->node[v].left);
    return pair(arena, EXPRESSION_DIFFERENCE, u, v);
}

uint32_t expression_product(struct expressions *arena, uint32_t u, uint32_t v)
{
    double a, b;
    if (is_exactly(arena, u, 0) || is_exactly(arena, v, 0))
        return expression_whole(arena, 0);
    if (is_exactly(arena, u, 1))
        return v;
    if (is_exactly(arena, v, 1))
        return u;
    if (is_exactly(arena, u, -1))
        return expression_minus(arena, v);
    if (is_exactly(arena, v, -1))
        return expression_minus(arena, u);
    if (is_whole(arena, u, &a) && is_whole(arena, v, &b) && fabs(a * b) <= WHOLE_MOST)
        return fold(arena, a * b);
    return pair(arena, EXPRESSION_PRODUCT, u, v);
}

/* 0/u is 0 wherever u is defined and not zero; where u is the number 0 the quotient stays, and is
 * refused where it matters. */
uint32_t expression_quotient(struct expressions *arena, uint32_t u, uint32_t v)
{
    if (is_exactly(arena, v, 1))
        return u;
    if (is_exactly(arena, u, 0) && is_kind(arena, v, EXPRESSION_NUMBER) &&
        arena->node[v].value != 0)
        return u;
    return pair(arena, EXPRESSION_QUOTIENT, u, v);
}

uint32_t expression_power(struct expressions *arena, uint32_t u, uint32_t v)
{
    if (is_exactly(arena, v, 0))
        return expression_whole(arena, 1);
    if (is_exactly(arena, v, 1))
        return u;
    return pair(arena, EXPRESSION_POWER, u, v);
}

uint32_t expression_call(struct expressions *arena, const struct function *function, uint32_t u,
                         uint32_t v)
{
    struct expression call = {.kind = EXPRESSION_CALL, .function = function, .left = u, .right = v};
    if (function->arguments > 1) { /* max(u, u) is u; else its side is that of u - v */
        if (u == v)
            return u;
        call.index = expression_difference(arena, u, v);
    }
    return make(arena, call);
}

bool expression_whole_power(const struct expressions *arena, uint32_t node, long *exponent)
{
    const struct expression *e = arena->node + node;
    uint32_t power = e->right;
    double sign = 1, value;
    if (e->kind != EXPRESSION_POWER)
        return false;
    if (is_kind(arena, power, EXPRESSION_MINUS)) {
        sign = -1;
        power = arena->node[power].left;
    }
    if (!is_whole(arena, power, &value) || !(fabs(value) <= POWER_MOST))
        return false;
    *exponent = (long)(sign * value);
    return true;
}

/* ---- passes ---- */

void expression_reach(const struct expressions *arena, size_t count, const uint32_t *root,
                      bool *reached)
{
    for (size_t k = 0; k < count; k++)
        reached[root[k]] = true;
    for (size_t node = arena->count; node-- > 1;)
        if (reached[node]) {
            reached[arena->node[node].left] = true;
            reached[arena->node[node].right] = true;
            if (arena->node[node].kind == EXPRESSION_CALL)
                reached[arena->node[node].index] = true;
        }
    reached[0] = false;
}

/* The node with other parts. */
static uint32_t rebuild(struct expressions *arena, uint32_t node, uint32_t u, uint32_t v)
{
    const struct expression e = arena->node[node];
    switch (e.kind) {
    case EXPRESSION_MINUS:
        return expression_minus(arena, u);
    case EXPRESSION_SUM:
        return expression_sum(arena, u, v);
    case EXPRESSION_DIFFERENCE:
        return expression_difference(arena, u, v);
    case EXPRESSION_PRODUCT:
        return expression_product(arena, u, v);
    case EXPRESSION_QUOTIENT:
        return expression_quotient(arena, u, v);
    case EXPRESSION_POWER:
        return expression_power(arena, u, v);
    case EXPRESSION_CALL:
        return expression_call(arena, e.function, u, v);
    default:
        return node;
    }
}

uint32_t expression_substitute(struct expressions *arena, uint32_t body, uint32_t first,
                               const uint32_t *argument, size_t *work)
{
    if (!arena->node[body].open)
        return body;
    uint32_t *other = calloc((size_t)(body - first) + 1, sizeof *other);
    if (!other)
        return fail(arena, NO_MEMORY, "formulas");
    for (uint32_t node = first; node <= body && arena->failed == OK; node++) {
        const struct expression e = arena->node[node];
        if (!e.open)
            continue;
        const bool left = arena->node[e.left].open, right = arena->node[e.right].open;
        other[node - first] = e.kind == EXPRESSION_ARGUMENT
                                  ? argument[e.index - arena->node[first].index]
                                  : rebuild(arena, node, left ? other[e.left - first] : e.left,
                                            right ? other[e.right - first] : e.right);
    }
    *work += (size_t)(body - first) + 1;
    const uint32_t result = other[body - first];
    free(other);
    return arena->failed == OK ? result : 0;
}
