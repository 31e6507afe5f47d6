/* Formulas in a list of tokens, by recursive descent.
 *
 *   formula  = node { node }         trimmed to what begins and ends with an operand
 *   node     = (number | name | function | sum | root | brackets | bar | sign | dots) scripts
 *   scripts  = { ' | ^ script | _ script | * }
 *   script   = (list) | {list} | [+-] name | [+-] number | + | - | letters
 *
 * There is no precedence: a formula is typeset as it was written, from left to right.  Brackets hold
 * a formula to their end or are no mathematics, and so with bars, which come in pairs.  A formula
 * has a name in it, or it is a text with numbers; `a`, `A` and `I` alone are words of English. */
#include "plots/formula_parts.h"

#include <string.h>

enum { DEPTH_MOST = 24 }; /* of brackets: deeper ones are no formula that anybody reads */

struct parser {
    struct formula *formula;
    size_t at, depth;
};

static const struct formula_token *token_now(const struct parser *parser)
{
    return &parser->formula->token[parser->at];
}

static bool is_glued(const struct parser *parser, enum formula_kind kind)
{
    return token_now(parser)->kind == kind && !token_now(parser)->spaced;
}

static char character_of(const struct parser *parser, const struct formula_token *token)
{
    return parser->formula->text[token->start];
}

static size_t node_add(struct parser *parser, enum formula_kind kind)
{
    struct formula *formula = parser->formula;
    if (formula->nodes + 1 >= formula->room)
        return 0;
    const size_t node = ++formula->nodes;
    formula->node[node] =
        (struct formula_node){.kind = kind, .token = parser->at, .end = parser->at + 1};
    parser->at++;
    return node;
}

static size_t node_parse(struct parser *parser);

/* ---- brackets ---- */

static char closes(char open)
{
    switch (open) {
    case '(':
        return ')';
    case '[':
        return ']';
    case '<':
        return '>';
    default:
        return '}';
    }
}

static bool bars_are_paired(const struct formula *formula, size_t first)
{
    size_t bars = 0;
    for (size_t k = first; k; k = formula->node[k].next)
        bars += formula->node[k].kind == FORMULA_BAR;
    return bars % 2 == 0;
}

/* What stands before the closing bracket, which is passed; 0 if that is no formula. */
static size_t list_parse(struct parser *parser, char close)
{
    size_t first = 0, last = 0;
    if (++parser->depth > DEPTH_MOST)
        return 0;
    while (token_now(parser)->kind != FORMULA_CLOSE) {
        const size_t node = node_parse(parser);
        if (!node)
            return 0;
        if (last)
            parser->formula->node[last].next = node;
        else
            first = node;
        last = node;
    }
    if (character_of(parser, token_now(parser)) != close ||
        !bars_are_paired(parser->formula, first))
        return 0;
    parser->at++;
    parser->depth--;
    return first;
}

static size_t brackets_parse(struct parser *parser)
{
    const char open = character_of(parser, token_now(parser));
    const size_t node = node_add(parser, FORMULA_OPEN);
    const size_t inside = node ? list_parse(parser, closes(open)) : 0;
    if (!inside)
        return 0;
    parser->formula->node[node].inside = inside;
    parser->formula->node[node].closes = parser->at - 1;
    return node;
}

/* ---- exponents and indices ---- */

static size_t letters_parse(struct parser *parser)
{
    const struct formula_token *token = token_now(parser);
    const char *text = parser->formula->text + token->start;
    const bool letters =
        token->length > 1 &&
        strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") >= token->length;
    return letters ? node_add(parser, FORMULA_WORD) : 0;
}

static bool is_short_operand(const struct parser *parser)
{
    return is_glued(parser, FORMULA_NAME) || is_glued(parser, FORMULA_NUMBER);
}

static size_t signed_parse(struct parser *parser)
{
    const char sign = character_of(parser, token_now(parser));
    if (token_now(parser)->length != 1 || (sign != '+' && sign != '-'))
        return 0;
    const size_t node = node_add(parser, FORMULA_SIGN);
    if (node && is_short_operand(parser))
        parser->formula->node[node].next = node_add(parser, token_now(parser)->kind);
    return node;
}

/* Behind ^ or _; 0 if there is none. */
static size_t script_parse(struct parser *parser)
{
    if (token_now(parser)->spaced)
        return 0;
    if (is_short_operand(parser))
        return node_add(parser, token_now(parser)->kind);
    if (token_now(parser)->kind == FORMULA_SIGN)
        return signed_parse(parser);
    if (token_now(parser)->kind == FORMULA_WORD || token_now(parser)->kind == FORMULA_FUNCTION)
        return letters_parse(parser);
    const char open = character_of(parser, token_now(parser));
    if (token_now(parser)->kind != FORMULA_OPEN || open == '[' || open == '<')
        return 0;
    parser->at++;
    return list_parse(parser, closes(open));
}

/* A star that is no product: nothing stands right behind it. */
static bool is_star(const struct parser *parser)
{
    const struct formula_token *token = token_now(parser);
    const enum formula_kind next = token[1].kind;
    return is_glued(parser, FORMULA_SIGN) && character_of(parser, token) == '*' &&
           (token[1].spaced || next == FORMULA_SIGN || next == FORMULA_CLOSE ||
            next == FORMULA_COMMA || next == FORMULA_WORD);
}

static bool has_digits(const struct formula *formula, size_t node)
{
    return formula->node[node].kind == FORMULA_NAME &&
           formula->token[formula->node[node].token].digits > 0;
}

static bool index_parse(struct parser *parser, size_t node)
{
    if (has_digits(parser->formula, node) || parser->formula->node[node].below)
        return false;
    parser->at++;
    const size_t below = script_parse(parser);
    parser->formula->node[node].below = below;
    return below != 0;
}

static bool power_parse(struct parser *parser, size_t node)
{
    if (parser->formula->node[node].above)
        return false;
    parser->at++;
    const size_t above = script_parse(parser);
    parser->formula->node[node].above = above;
    return above != 0;
}

static bool scripts_parse(struct parser *parser, size_t node)
{
    struct formula_node *record = &parser->formula->node[node];
    bool goes_on = true, is_whole = true;
    while (goes_on && is_whole) {
        if (is_glued(parser, FORMULA_PRIME)) {
            record->primes++;
            parser->at++;
        } else if (is_glued(parser, FORMULA_INDEX)) {
            is_whole = index_parse(parser, node);
        } else if (is_glued(parser, FORMULA_POWER)) {
            is_whole = power_parse(parser, node);
        } else if (is_star(parser)) {
            record->starred = true;
            parser->at++;
        } else {
            goes_on = false;
        }
    }
    record->end = parser->at;
    return is_whole;
}

/* ---- what needs something behind it ---- */

static bool is_article(const struct parser *parser)
{
    const struct formula_token *token = token_now(parser);
    return token->kind == FORMULA_NAME && token->length == 1 &&
           strchr("aA", character_of(parser, token)) != NULL && token[1].spaced;
}

/* May this follow a function's name?  A blank and an article may not. */
static bool is_argument(const struct parser *parser)
{
    switch (token_now(parser)->kind) {
    case FORMULA_OPEN:
        return !token_now(parser)->spaced;
    case FORMULA_NAME:
        return token_now(parser)->spaced && !is_article(parser);
    case FORMULA_NUMBER:
    case FORMULA_BAR:
    case FORMULA_FUNCTION:
    case FORMULA_ROOT:
    case FORMULA_BIG:
        return token_now(parser)->spaced;
    default:
        return false;
    }
}

static size_t function_parse(struct parser *parser)
{
    const size_t node = node_add(parser, FORMULA_FUNCTION);
    return node && scripts_parse(parser, node) && is_argument(parser) ? node : 0;
}

static size_t big_parse(struct parser *parser)
{
    const size_t node = node_add(parser, FORMULA_BIG);
    if (!node || !scripts_parse(parser, node))
        return 0;
    const enum formula_kind next = token_now(parser)->kind;
    return next == FORMULA_OPEN || next == FORMULA_NAME || next == FORMULA_BAR ||
                   next == FORMULA_NUMBER || next == FORMULA_FUNCTION || next == FORMULA_ROOT
               ? node
               : 0;
}

static size_t root_parse(struct parser *parser)
{
    const size_t node = node_add(parser, FORMULA_ROOT);
    size_t inside = 0;
    if (!node || !is_argument(parser))
        return 0;
    if (token_now(parser)->kind == FORMULA_OPEN) {
        const char open = character_of(parser, token_now(parser));
        parser->at++;
        inside = list_parse(parser, closes(open));
    } else if (token_now(parser)->kind == FORMULA_NAME ||
               token_now(parser)->kind == FORMULA_NUMBER) {
        inside = node_add(parser, token_now(parser)->kind);
    }
    parser->formula->node[node].inside = inside;
    return inside && scripts_parse(parser, node) ? node : 0;
}

/* ---- nodes ---- */

static size_t plain_parse(struct parser *parser)
{
    const size_t node = node_add(parser, token_now(parser)->kind);
    return node && scripts_parse(parser, node) ? node : 0;
}

static size_t node_parse(struct parser *parser)
{
    switch (token_now(parser)->kind) {
    case FORMULA_NUMBER:
    case FORMULA_NAME:
    case FORMULA_BAR:
        return plain_parse(parser);
    case FORMULA_FUNCTION:
        return function_parse(parser);
    case FORMULA_BIG:
        return big_parse(parser);
    case FORMULA_ROOT:
        return root_parse(parser);
    case FORMULA_OPEN: {
        const size_t node = brackets_parse(parser);
        return node && scripts_parse(parser, node) ? node : 0;
    }
    case FORMULA_SIGN:
    case FORMULA_DOTS:
    case FORMULA_COMMA:
        return node_add(parser, token_now(parser)->kind);
    default:
        return 0;
    }
}

/* ---- the whole formula ---- */

static bool is_operand(const struct formula_node *node)
{
    return node->kind != FORMULA_SIGN && node->kind != FORMULA_DOTS && node->kind != FORMULA_COMMA;
}

/* Cuts the list behind its last operand that leaves the bars in pairs; 0 if nothing is left. */
static size_t trimmed(struct formula *formula, size_t first)
{
    size_t last = 0, bars = 0, paired = 0;
    for (size_t k = first; k; k = formula->node[k].next) {
        const bool bar = formula->node[k].kind == FORMULA_BAR;
        bars += bar;
        if (!is_operand(&formula->node[k]))
            continue;
        if (bars % 2 == 0)
            paired = k;
        last = k;
    }
    last = bars % 2 == 0 ? last : paired;
    if (last)
        formula->node[last].next = 0;
    return last;
}

/* Is there a name?  Numbers and brackets alone are a text. */
static bool has_name(const struct formula *formula, size_t first, size_t end)
{
    for (size_t k = formula->node[first].token; k < end; k++)
        switch (formula->token[k].kind) {
        case FORMULA_NAME:
        case FORMULA_FUNCTION:
        case FORMULA_ROOT:
        case FORMULA_BIG:
            return true;
        default:
            break;
        }
    return false;
}

/* Might it be a word?  Alone, or before another operand. */
static bool begins_with_word(const struct formula *formula, size_t first)
{
    const struct formula_node *node = &formula->node[first];
    const struct formula_token *token = &formula->token[node->token];
    const char *text = formula->text + token->start;
    if (token->symbol && strcmp(token->symbol->word, "infinity") == 0)
        return node->next == 0;
    if (node->kind != FORMULA_NAME || token->length > 1 || node->end != node->token + 1 ||
        !strchr("aAI", *text))
        return false;
    return node->next == 0 || (is_operand(&formula->node[node->next]) &&
                               formula->token[formula->node[node->next].token].spaced);
}

static bool begins_formula(const struct parser *parser)
{
    const struct formula_token *token = token_now(parser);
    switch (token->kind) {
    case FORMULA_WORD:
    case FORMULA_CLOSE:
    case FORMULA_COMMA:
    case FORMULA_DOTS:
    case FORMULA_PRIME:
    case FORMULA_POWER:
    case FORMULA_INDEX:
    case FORMULA_END:
        return false;
    case FORMULA_SIGN:
        return token->symbol->relation
                   ? token[1].spaced
                   : !token[1].spaced && token[1].kind != FORMULA_SIGN &&
                         character_of(parser, token) != '/' && character_of(parser, token) != '*';
    case FORMULA_BAR:
        return !token[1].spaced;
    default:
        return true;
    }
}

size_t formula_parse(struct formula *formula, size_t token, size_t *end)
{
    struct parser parser = {.formula = formula, .at = token};
    const size_t mark = formula->nodes;
    size_t first = 0, last = 0;
    if (!begins_formula(&parser))
        return 0;
    while (token_now(&parser)->kind != FORMULA_COMMA) {
        const size_t node = node_parse(&parser);
        if (!node)
            break;
        if (last)
            formula->node[last].next = node;
        else
            first = node;
        last = node;
    }
    last = first ? trimmed(formula, first) : 0;
    *end = last ? formula->node[last].end : token;
    if (last && has_name(formula, first, *end) && !begins_with_word(formula, first))
        return first;
    formula->nodes = mark;
    return 0;
}

bool formula_is_apart(const struct formula *formula, size_t before, size_t node)
{
    return before && formula->token[formula->node[node].token].spaced &&
           is_operand(&formula->node[before]) && is_operand(&formula->node[node]);
}

bool formula_is_prefix(const struct formula *formula, size_t before)
{
    return before == 0 || !is_operand(&formula->node[before]);
}
