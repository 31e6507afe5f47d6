/* A parser by recursive descent, one function for each line of the grammar.
 *
 * Two things bound what hostile input can do: parentheses nest at most NESTING_MOST deep, and all
 * calls of functions that the file defines may look at WORK_MOST nodes, as a call is replaced by the
 * body.  Everything else is bounded by the arena. */
#include "equations/source.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { NESTING_MOST = 200, HINT_MAX = 80 };
static const size_t WORK_MOST = 20000000; /* a tenth of a second */

/* What XPP knows beyond functions of the state. */
static const char *const refused[] = {
    "atan2", "besseli", "besselj", "bessely", "ceil", "conv",   "del_shft", "delay", "else",
    "erfc",  "flr",     "hom_bcs", "if",      "int",  "ishift", "lgamma",   "mod",   "normal",
    "not",   "of",      "poisson", "ran",     "set",  "shift",  "sum",      "then",  NULL};

static enum status read_formula(struct source *f, uint32_t *node);

/* ---- characters ---- */

enum status source_fail(const struct source *f, size_t at, enum status status, const char *format,
                        ...)
{
    char message[STATUS_MESSAGE_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    const struct source_place *place = f->place + (at < f->length ? at : f->length);
    return status_fail(status, "%.200s:%u:%u: %s", f->file, place->line, place->column, message);
}

static char here(const struct source *f)
{
    return f->at < f->length ? f->text[f->at] : '\0';
}

/* In UTF-8: what word processors make of ', and the signs that look like it. */
static const char *const apostrophes[] = {"\xe2\x80\x98", "\xe2\x80\x99", "\xe2\x80\xb2",
                                          "\xca\xbc", "\xc2\xb4"};

static bool is_typographic(const struct source *f)
{
    for (size_t k = 0; k < sizeof apostrophes / sizeof *apostrophes; k++)
        if (strncmp(f->text + f->at, apostrophes[k], strlen(apostrophes[k])) == 0)
            return true;
    return false;
}

const char *source_here(const struct source *f, char text[SOURCE_HERE_MAX])
{
    if (f->at >= f->length)
        snprintf(text, SOURCE_HERE_MAX, "the end of the line");
    else if (is_typographic(f))
        snprintf(text, SOURCE_HERE_MAX, "a typographic apostrophe: use '");
    else if (here(f) == '#')
        snprintf(text, SOURCE_HERE_MAX, "'#': comments need a line of their own");
    else if (isprint((unsigned char)here(f)))
        snprintf(text, SOURCE_HERE_MAX, "'%c'", here(f));
    else
        snprintf(text, SOURCE_HERE_MAX, "byte 0x%02x", (unsigned)(unsigned char)here(f));
    return text;
}

void source_skip_blanks(struct source *f)
{
    while (here(f) == ' ' || here(f) == '\t')
        f->at++;
}

bool source_takes(struct source *f, char c)
{
    source_skip_blanks(f);
    if (f->at >= f->length || here(f) != c)
        return false;
    f->at++;
    return true;
}

static bool is_letter(char c)
{
    return isalpha((unsigned char)c) || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

enum status source_name(struct source *f, char *name, bool *found)
{
    size_t length = 0;
    const size_t begin = f->at;
    *found = is_letter(here(f));
    while (*found && (is_letter(here(f)) || is_digit(here(f)))) {
        if (length + 1 == UNKNOWN_NAME_MAX)
            return source_fail(f, begin, BAD_DATA, "a name of more than %d letters",
                               UNKNOWN_NAME_MAX - 1);
        name[length++] = f->text[f->at++];
    }
    name[length] = '\0';
    return OK;
}

/* Behind the digits: e5, e-05, if digits follow. */
static size_t exponent_length(const struct source *f)
{
    size_t at = f->at + 1;
    if ((here(f) != 'e' && here(f) != 'E') || at >= f->length)
        return 0;
    at += f->text[at] == '+' || f->text[at] == '-';
    const size_t digits = at;
    while (at < f->length && is_digit(f->text[at]))
        at++;
    return at > digits ? at - f->at : 0;
}

enum status source_number(struct source *f, char *text, bool *found)
{
    const size_t begin = f->at;
    size_t digits = 0;
    for (; is_digit(here(f)); f->at++)
        digits++;
    if (here(f) == '.')
        for (f->at++; is_digit(here(f)); f->at++)
            digits++;
    *found = digits > 0;
    if (!*found) {
        f->at = begin;
        return OK;
    }
    f->at += exponent_length(f);
    const size_t length = f->at - begin;
    if (length >= SOURCE_NUMBER_MAX)
        return source_fail(f, begin, BAD_DATA, "a number of more than %d characters",
                           SOURCE_NUMBER_MAX - 1);
    memcpy(text, f->text + begin, length);
    text[length] = '\0';
    if (is_letter(here(f)))
        return source_fail(f, f->at, BAD_DATA, "a letter behind a number: write *");
    return OK;
}

/* ---- names ---- */

/* A failure of the arena belongs to the formula that was read. */
static enum status check(const struct source *f, size_t at)
{
    char message[STATUS_MESSAGE_MAX];
    const enum status status = expression_arena_status(f->arena);
    if (status == OK)
        return OK;
    snprintf(message, sizeof message, "%s", status_message());
    return source_fail(f, at, status, "%s", message);
}

static enum status name_unknown(const struct source *f, size_t at, const char *name)
{
    char hint[HINT_MAX];
    for (size_t k = 0; refused[k]; k++)
        if (strcasecmp(refused[k], name) == 0)
            return source_fail(f, at, BAD_DATA, "'%s' of XPP is not in the subset read here", name);
    struct nearest nearest = nearest_to(name);
    names_offer(f->names, &nearest);
    for (size_t k = 0; k < f->arguments; k++)
        nearest_offer(&nearest, f->argument[k]);
    for (size_t k = 0; function_table[k]; k++)
        nearest_offer(&nearest, function_table[k]->name);
    if (!nearest.name)
        nearest.name = names_alike(f->names, name);
    return source_fail(f, at, UNKNOWN_NAME, "unknown name '%s'%s", name,
                       nearest_hint(&nearest, sizeof hint, hint));
}

/* Up to `most` arguments in parentheses. */
static enum status read_arguments(struct source *f, size_t most, uint32_t *argument, size_t *count)
{
    char text[SOURCE_HERE_MAX];
    for (*count = 0; *count < most;) {
        TRY(read_formula(f, &argument[*count]));
        (*count)++;
        if (!source_takes(f, ','))
            break;
    }
    if (!source_takes(f, ')'))
        return source_fail(f, f->at, BAD_DATA, "expected ')', found %s", source_here(f, text));
    return OK;
}

static enum status wrong_count(const struct source *f, size_t at, const char *name,
                               const size_t counts[2])
{
    return source_fail(f, at, BAD_DATA, "%s has %zu argument%s, not %zu", name, counts[0],
                       counts[0] == 1 ? "" : "s", counts[1]);
}

static enum status read_call(struct source *f, const struct function *function, size_t at,
                             uint32_t *node)
{
    uint32_t argument[2] = {0, 0};
    size_t count = 0;
    if (!source_takes(f, '('))
        return source_fail(f, at, BAD_DATA, "the function %s needs '('", function->name);
    TRY(read_arguments(f, 2, argument, &count));
    if (count != function->arguments)
        return wrong_count(f, at, function->name, (const size_t[2]){function->arguments, count});
    *node = expression_call(f->arena, function, argument[0], argument[1]);
    return OK;
}

/* A function that the file defines is replaced by its body. */
static enum status read_own_call(struct source *f, const struct name *name, size_t at,
                                 uint32_t *node)
{
    uint32_t argument[SOURCE_ARGUMENTS_MOST] = {0};
    size_t count = 0;
    const struct name function = *name;
    if (!source_takes(f, '('))
        return source_fail(f, at, BAD_DATA, "the function %s needs '('", function.text);
    TRY(read_arguments(f, SOURCE_ARGUMENTS_MOST, argument, &count));
    if (count != function.arguments)
        return wrong_count(f, at, function.text, (const size_t[2]){function.arguments, count});
    *node = expression_substitute(f->arena, function.node, function.first, argument, f->work);
    if (*f->work > WORK_MOST)
        return source_fail(f, at, BAD_DATA, "the functions of this file are too large");
    return OK;
}

static enum status read_known(struct source *f, const struct name *name, size_t at, uint32_t *node)
{
    switch (name->kind) {
    case NAME_UNKNOWN:
        *node = expression_unknown(f->arena, name->index);
        return OK;
    case NAME_PARAMETER:
        *node = expression_parameter(f->arena, name->index);
        return OK;
    default:
        break;
    }
    if (!name->ready)
        return source_fail(f, at, BAD_DATA,
                           "'%s' is used before line %zu, which defines it: XPP would take an old "
                           "value",
                           name->text, name->line);
    if (name->kind == NAME_FUNCTION)
        return read_own_call(f, name, at, node);
    *node = name->node;
    return OK;
}

static enum status read_name(struct source *f, uint32_t *node)
{
    char name[UNKNOWN_NAME_MAX];
    bool found = false;
    const size_t at = f->at;
    TRY(source_name(f, name, &found));
    for (size_t k = 0; k < f->arguments; k++)
        if (strcasecmp(f->argument[k], name) == 0) {
            const uint32_t base = expression_at(f->arena, f->first)->index;
            *node = expression_argument(f->arena, base + k);
            return OK;
        }
    if (here(f) == '[')
        return source_fail(f, f->at, BAD_DATA, "arrays of XPP are not in the subset read here");
    if (strcasecmp(name, "t") == 0)
        return source_fail(f, at, BAD_DATA,
                           "the time t: only autonomous equations have endings; an unknown with "
                           "tau'=1 can take its place");
    if (strcasecmp(name, "pi") == 0) {
        *node = expression_call(f->arena, &function_acos, expression_whole(f->arena, -1), 0);
        return OK;
    }
    const struct function *function = function_named(name);
    if (function)
        return read_call(f, function, at, node);
    const struct name *known = names_find(f->names, name);
    return known ? read_known(f, known, at, node) : name_unknown(f, at, name);
}

/* ---- the grammar ---- */

static enum status read_number(struct source *f, uint32_t *node)
{
    char text[SOURCE_NUMBER_MAX];
    bool found = false;
    const size_t at = f->at;
    char shown[SOURCE_HERE_MAX];
    TRY(source_number(f, text, &found));
    if (!found)
        return source_fail(f, at, BAD_DATA, "expected a number, a name or '(', found %s",
                           source_here(f, shown));
    *node = expression_number(f->arena, text);
    return OK;
}

static enum status read_closed(struct source *f, uint32_t *node)
{
    char text[SOURCE_HERE_MAX];
    TRY(read_formula(f, node));
    if (!source_takes(f, ')'))
        return source_fail(f, f->at, BAD_DATA, "expected ')', found %s", source_here(f, text));
    return OK;
}

static enum status read_atom(struct source *f, uint32_t *node)
{
    source_skip_blanks(f);
    const size_t at = f->at;
    if (here(f) == '-' || here(f) == '+')
        return source_fail(f, at, BAD_DATA,
                           "a sign behind an operator needs parentheses, as in XPP: 2*(-x)");
    if (is_letter(here(f)))
        TRY(read_name(f, node));
    else if (source_takes(f, '('))
        TRY(read_closed(f, node));
    else
        TRY(read_number(f, node));
    return check(f, at);
}

static enum status read_power(struct source *f, uint32_t *node)
{
    uint32_t exponent = 0;
    TRY(read_atom(f, node));
    if (!source_takes(f, '^'))
        return OK;
    TRY(read_atom(f, &exponent));
    source_skip_blanks(f);
    if (here(f) == '^')
        return source_fail(f, f->at, BAD_DATA,
                           "a^b^c is (a^b)^c in XPP and a^(b^c) in books: write parentheses");
    *node = expression_power(f->arena, *node, exponent);
    return OK;
}

static enum status read_term(struct source *f, uint32_t *node)
{
    TRY(read_power(f, node));
    for (;;) {
        uint32_t next = 0;
        const bool times = source_takes(f, '*');
        if (!times && !source_takes(f, '/'))
            return check(f, f->at);
        if (times && here(f) == '*')
            return source_fail(f, f->at, BAD_DATA, "powers are written x^2, not x**2");
        TRY(read_power(f, &next));
        *node = times ? expression_product(f->arena, *node, next)
                      : expression_quotient(f->arena, *node, next);
    }
}

static enum status read_sum(struct source *f, uint32_t *node)
{
    const bool minus = source_takes(f, '-');
    TRY(read_term(f, node));
    if (minus)
        *node = expression_minus(f->arena, *node);
    for (;;) {
        uint32_t next = 0;
        const bool plus = source_takes(f, '+');
        if (!plus && !source_takes(f, '-'))
            return check(f, f->at);
        TRY(read_term(f, &next));
        *node = plus ? expression_sum(f->arena, *node, next)
                     : expression_difference(f->arena, *node, next);
    }
}

static enum status read_formula(struct source *f, uint32_t *node)
{
    source_skip_blanks(f);
    if (++f->depth > NESTING_MOST)
        return source_fail(f, f->at, BAD_DATA, "parentheses are nested more than %d deep",
                           NESTING_MOST);
    TRY(read_sum(f, node));
    f->depth--;
    return OK;
}

enum status source_formula(struct source *f, uint32_t *node)
{
    uint32_t read = 0;
    f->depth = 0;
    TRY(read_formula(f, &read));
    TRY(check(f, f->at));
    source_skip_blanks(f);
    *node = read;
    return OK;
}
