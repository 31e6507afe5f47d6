/* Reads a file in two passes: the first cuts it into statements and declares what they name, the second
 * reads formulas, so that equations may name unknowns that stand below.
 *
 * Lines that end in \ go on in the next one; every character keeps its place for messages.  The kinds
 * of statements are a table, and so are the words of XPP that are refused: what is not read here is
 * refused by name, never skipped, but for option lines (@), which say how XPP computes and draws and
 * leave a note.  notes/own-flows.md has the grammar, (OD1). */
#include "equations/ode_file.h"

#include "base/number.h"
#include "equations/equations_parts.h"
#include "equations/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_HINT_MAX = 80 };

enum statement_kind {
    STATEMENT_RIGHT,
    STATEMENT_FIXED,
    STATEMENT_FUNCTION,
    STATEMENT_AUXILIARY,
    STATEMENT_INIT,  /* init x=1, y=2 */
    STATEMENT_VALUE, /* x(0)=1 */
    STATEMENT_KINDS
};

/* Where its formula or list begins. */
struct statement {
    enum statement_kind kind;
    struct source formula;
    char name[UNKNOWN_NAME_MAX];
    size_t at;    /* of the name */
    size_t index; /* among the unknowns */
    char (*argument)[UNKNOWN_NAME_MAX];
};

struct reader {
    const char *file;
    char *text; /* lines without their continuations, each with a 0 behind it */
    struct source_place *place;
    size_t length;
    struct names *names;
    struct equations *equations;
    struct statement *statement;
    size_t statements, room, quantities, work, argument_indices;
    bool done;
};

/* ---- lines ---- */

/* The length of a physical line without blanks and a carriage return at its end. */
static size_t trimmed(const char *text, size_t length)
{
    while (length > 0 && strchr(" \t\r", text[length - 1]) && text[length - 1])
        length--;
    return length;
}

/* Copies one physical line; does the next one belong to it? */
static bool take_line(struct reader *r, const char *text, size_t length, uint32_t line)
{
    size_t end = trimmed(text, length);
    const bool goes_on = end > 0 && text[end - 1] == '\\';
    end -= goes_on;
    for (size_t k = 0; k < end; k++) {
        r->text[r->length] = text[k];
        r->place[r->length++] = (struct source_place){line, (uint32_t)k + 1};
    }
    r->text[r->length] = goes_on ? ' ' : '\0';
    r->place[r->length++] = (struct source_place){line, (uint32_t)end + 1};
    return goes_on;
}

static enum status cut_lines(struct reader *r, const char *text, size_t length, size_t *lines)
{
    r->text = malloc(length + 2);
    r->place = malloc((length + 2) * sizeof *r->place);
    if (!r->text || !r->place)
        return status_fail(NO_MEMORY, "%.200s: %zu bytes", r->file, length);
    bool goes_on = false;
    *lines = 0;
    for (size_t at = 0; at < length;) {
        const char *newline = memchr(text + at, '\n', length - at);
        const size_t end = newline ? (size_t)(newline - text) : length;
        goes_on = take_line(r, text + at, end - at, (uint32_t)++ * lines);
        at = end + 1;
    }
    if (goes_on)
        r->text[r->length - 1] = '\0';
    return OK;
}

/* ---- declarations ---- */

static enum status defined_twice(const struct source *f, size_t at, const struct name *name)
{
    return source_fail(f, at, BAD_DATA, "'%s' is defined twice, first in line %zu", name->text,
                       name->line);
}

/* A new name; the entry's kind and index are the caller's. */
static enum status declare(struct reader *r, const struct source *f, size_t at,
                           const struct name *entry)
{
    const struct name *other = names_find(r->names, entry->text);
    if (other)
        return defined_twice(f, at, other);
    if (function_named(entry->text) || strcasecmp(entry->text, "t") == 0 ||
        strcasecmp(entry->text, "pi") == 0)
        return source_fail(f, at, BAD_DATA, "'%s' has a meaning of its own", entry->text);
    struct name name = *entry;
    name.line = f->place[at].line;
    return names_add(r->names, &name);
}

static enum status declare_text(struct reader *r, const struct statement *s, enum name_kind kind,
                                size_t index)
{
    struct name name = {.kind = kind, .index = index};
    memcpy(name.text, s->name, sizeof name.text);
    return declare(r, &s->formula, s->at, &name);
}

/* ---- parts of lines ---- */

static enum status expected(const struct source *f, const char *what)
{
    char here[SOURCE_HERE_MAX];
    return source_fail(f, f->at, BAD_DATA, "expected %s, found %s", what, source_here(f, here));
}

static enum status take_equals(struct source *f)
{
    return source_takes(f, '=') ? OK : expected(f, "'='");
}

static enum status take_name(struct source *f, char *name, size_t *at)
{
    bool found = false;
    source_skip_blanks(f);
    *at = f->at;
    TRY(source_name(f, name, &found));
    return found ? OK : expected(f, "a name");
}

static bool at_end(struct source *f)
{
    source_skip_blanks(f);
    return f->at >= f->length;
}

/* A number with its sign. */
static enum status take_value(struct source *f, char text[SOURCE_NUMBER_MAX + 1])
{
    bool found = false;
    double value;
    const bool minus = source_takes(f, '-');
    source_skip_blanks(f);
    const size_t at = f->at;
    text[0] = '-';
    TRY(source_number(f, text + minus, &found));
    if (!found)
        return expected(f, "a number");
    if (f->at < f->length && f->text[f->at] == '/')
        return source_fail(f, f->at, BAD_DATA,
                           "XPP would read %s here and drop the rest; write a decimal, or give the "
                           "rational with --par or --init",
                           text);
    if (number_parse(text, &value) != OK)
        return source_fail(f, at, NOT_A_NUMBER, "%s is out of range", text);
    return OK;
}

/* name = number, and what stands between two of them. */
static enum status take_setting(struct source *f, char *name, size_t *at,
                                char text[SOURCE_NUMBER_MAX + 1])
{
    TRY(take_name(f, name, at));
    TRY(take_equals(f));
    TRY(take_value(f, text));
    if (f->at < f->length && !strchr(" \t,", f->text[f->at]))
        return expected(f, "',' or a blank");
    (void)source_takes(f, ',');
    return OK;
}

/* ---- statements of numbers ---- */

static enum status take_parameters(struct reader *r, struct source *f)
{
    struct equations *e = r->equations;
    while (!at_end(f)) {
        char text[SOURCE_NUMBER_MAX + 1] = "";
        size_t at = 0;
        struct name name = {.kind = NAME_PARAMETER, .index = e->parameters};
        TRY(take_setting(f, name.text, &at, text));
        TRY(declare(r, f, at, &name));
        if (e->parameters == EQUATIONS_PARAMETERS_MOST)
            return source_fail(f, at, BAD_DATA, "more than %d parameters",
                               EQUATIONS_PARAMETERS_MOST);
        struct equations_number *parameter = &e->parameter[e->parameters];
        memcpy(parameter->name, name.text, sizeof name.text);
        TRY(equations_number_set(e, parameter, text));
        e->parameters++;
    }
    return OK;
}

/* Constants: their numbers stand in the formulas. */
static enum status take_numbers(struct reader *r, struct source *f)
{
    while (!at_end(f)) {
        char text[SOURCE_NUMBER_MAX + 1] = "";
        size_t at = 0;
        struct name name = {.kind = NAME_QUANTITY, .ready = true};
        TRY(take_setting(f, name.text, &at, text));
        name.node = expression_number(r->equations->arena, text + (text[0] == '-'));
        if (text[0] == '-')
            name.node = expression_minus(r->equations->arena, name.node);
        TRY(declare(r, f, at, &name));
    }
    return OK;
}

/* ---- statements that wait for the second pass ---- */

static enum status keep(struct reader *r, const struct statement *statement)
{
    enum { STATEMENTS_FIRST = 32 };
    if (r->statements == r->room) {
        const size_t room = r->room ? 2 * r->room : STATEMENTS_FIRST;
        struct statement *more = realloc(r->statement, room * sizeof *more);
        if (!more)
            return status_fail(NO_MEMORY, "%zu statements", room);
        r->statement = more;
        r->room = room;
    }
    r->statement[r->statements++] = *statement;
    return OK;
}

static enum status begin_right(struct reader *r, struct statement *s)
{
    struct equations *e = r->equations;
    TRY(take_equals(&s->formula));
    s->kind = STATEMENT_RIGHT;
    s->index = e->unknowns;
    if (e->unknowns == EQUATIONS_UNKNOWNS_MOST)
        return source_fail(&s->formula, s->at, BAD_DATA, "more than %d equations",
                           EQUATIONS_UNKNOWNS_MOST);
    TRY(declare_text(r, s, NAME_UNKNOWN, s->index));
    memcpy(e->unknown[e->unknowns].name, s->name, sizeof s->name);
    TRY(equations_number_set(e, &e->unknown[e->unknowns], "0"));
    e->unknowns++;
    return keep(r, s);
}

static enum status count_quantity(struct reader *r, const struct statement *s)
{
    if (++r->quantities > EQUATIONS_NAMES_MOST)
        return source_fail(&s->formula, s->at, BAD_DATA,
                           "more than %d functions, fixed and auxiliary quantities",
                           EQUATIONS_NAMES_MOST);
    return OK;
}

static enum status begin_fixed(struct reader *r, struct statement *s)
{
    TRY(take_equals(&s->formula));
    s->kind = STATEMENT_FIXED;
    TRY(count_quantity(r, s));
    TRY(declare_text(r, s, NAME_QUANTITY, 0));
    return keep(r, s);
}

static enum status begin_auxiliary(struct reader *r, struct statement *s)
{
    TRY(take_name(&s->formula, s->name, &s->at));
    TRY(take_equals(&s->formula));
    s->kind = STATEMENT_AUXILIARY;
    TRY(count_quantity(r, s));
    return keep(r, s);
}

/* The names of the arguments of f(x,y) = ..., behind the first parenthesis. */
static enum status take_arguments(struct statement *s)
{
    struct source *f = &s->formula;
    s->argument = calloc(SOURCE_ARGUMENTS_MOST, sizeof *s->argument);
    if (!s->argument)
        return status_fail(NO_MEMORY, "arguments of %s", s->name);
    do {
        size_t at = 0;
        if (f->arguments == SOURCE_ARGUMENTS_MOST)
            return source_fail(f, f->at, BAD_DATA, "more than %d arguments", SOURCE_ARGUMENTS_MOST);
        TRY(take_name(f, s->argument[f->arguments], &at));
        for (size_t k = 0; k < f->arguments; k++)
            if (strcasecmp(s->argument[k], s->argument[f->arguments]) == 0)
                return source_fail(f, at, BAD_DATA, "the argument '%s' is named twice",
                                   s->argument[k]);
        f->arguments++;
    } while (source_takes(f, ','));
    return source_takes(f, ')') ? OK : expected(f, "',' or ')'");
}

static enum status begin_function(struct reader *r, struct statement *s)
{
    enum status status = take_arguments(s);
    if (status == OK)
        status = take_equals(&s->formula);
    s->kind = STATEMENT_FUNCTION;
    if (status == OK)
        status = count_quantity(r, s);
    if (status == OK)
        status = declare_text(r, s, NAME_FUNCTION, 0);
    if (status == OK)
        status = keep(r, s);
    if (status != OK)
        free(s->argument);
    return status;
}

/* x(0)=..., behind the parenthesis. */
static enum status begin_value(struct reader *r, struct statement *s)
{
    struct source *f = &s->formula;
    char text[SOURCE_NUMBER_MAX + 1] = "";
    double time = 1;
    const size_t at = f->at;
    TRY(take_value(f, text));
    if (number_parse(text, &time) != OK || time != 0)
        return source_fail(f, at, BAD_DATA, "values are given at the time 0: %s(0)=...", s->name);
    if (!source_takes(f, ')'))
        return expected(f, "')'");
    TRY(take_equals(f));
    s->kind = STATEMENT_VALUE;
    return keep(r, s);
}

/* name( ... */
static enum status begin_parenthesis(struct reader *r, struct statement *s)
{
    struct source *f = &s->formula;
    source_skip_blanks(f);
    const char *rest = f->text + f->at;
    if (*rest == '-' || *rest == '.' || (*rest >= '0' && *rest <= '9'))
        return begin_value(r, s);
    if ((*rest == 't' || *rest == 'T') && strchr("+) \t", rest[1]))
        return source_fail(f, s->at, BAD_DATA,
                           "maps and integral equations, %s(t+1)=... and %s(t)=..., are not "
                           "flows",
                           s->name, s->name);
    return begin_function(r, s);
}

/* ---- words of XPP ---- */

static enum status take_init(struct reader *r, struct source *f)
{
    return keep(r, &(struct statement){.kind = STATEMENT_INIT, .formula = *f});
}

static enum status take_auxiliary(struct reader *r, struct source *f)
{
    struct statement s = {.formula = *f};
    return begin_auxiliary(r, &s);
}

static enum status take_done(struct reader *r, struct source *f)
{
    if (!at_end(f))
        return expected(f, "nothing behind `done`");
    r->done = true;
    return OK;
}

static const struct word {
    const char *word;
    enum status (*take)(struct reader *r, struct source *f); /* NULL: refused */
} words[] = {{"aux", take_auxiliary},
             {"bdry", NULL},
             {"bndry", NULL},
             {"command", NULL},
             {"d", take_done},
             {"done", take_done},
             {"export", NULL},
             {"global", NULL},
             {"i", take_init},
             {"include", NULL},
             {"init", take_init},
             {"initial", take_init},
             {"markov", NULL},
             {"network", NULL},
             {"number", take_numbers},
             {"only", NULL},
             {"options", NULL},
             {"p", take_parameters},
             {"par", take_parameters},
             {"param", take_parameters},
             {"parameter", take_parameters},
             {"parameters", take_parameters},
             {"params", take_parameters},
             {"set", NULL},
             {"solv", NULL},
             {"solve", NULL},
             {"special", NULL},
             {"table", NULL},
             {"vector", NULL},
             {"volt", NULL},
             {"wiener", NULL}};
enum { WORDS = sizeof words / sizeof *words };

static enum status take_word(struct reader *r, struct statement *s)
{
    char hint[NAME_HINT_MAX];
    struct nearest nearest = nearest_to(s->name);
    for (size_t k = 0; k < WORDS; k++) {
        if (strcasecmp(words[k].word, s->name) == 0) {
            if (words[k].take)
                return words[k].take(r, &s->formula);
            return source_fail(&s->formula, s->at, BAD_DATA,
                               "`%s` of XPP is not in the subset read here", words[k].word);
        }
        if (words[k].take)
            nearest_offer(&nearest, words[k].word);
    }
    return source_fail(&s->formula, s->at, UNKNOWN_NAME,
                       "'%s' begins no statement that is read here%s", s->name,
                       nearest_hint(&nearest, sizeof hint, hint));
}

/* ---- one line ---- */

/* dx/dt = ...: the name is without its d. */
static bool takes_leibniz(struct statement *s)
{
    struct source *f = &s->formula;
    const char *rest = f->text + f->at;
    if ((s->name[0] != 'd' && s->name[0] != 'D') || !s->name[1] ||
        strncasecmp(rest, "/dt", strlen("/dt")) != 0)
        return false;
    f->at += strlen("/dt");
    memmove(s->name, s->name + 1, strlen(s->name));
    s->at++;
    return true;
}

static enum status take_named(struct reader *r, struct statement *s)
{
    struct source *f = &s->formula;
    TRY(take_name(f, s->name, &s->at));
    if (takes_leibniz(s))
        return begin_right(r, s);
    const bool apart = !at_end(f) && f->at > 0 && strchr(" \t", f->text[f->at - 1]);
    if (source_takes(f, '\''))
        return begin_right(r, s);
    if (source_takes(f, '['))
        return source_fail(f, s->at, BAD_DATA, "arrays of XPP are not in the subset read here");
    if (source_takes(f, '('))
        return begin_parenthesis(r, s);
    if (f->at < f->length && f->text[f->at] == '=')
        return begin_fixed(r, s);
    if (!apart && !at_end(f))
        return expected(f, "', /dt, ( or =");
    return take_word(r, s);
}

static enum status take_note(struct reader *r, const struct source *f)
{
    enum { NOTE_MAX = 160 };
    char text[NOTE_MAX];
    struct equations *e = r->equations;
    int length = snprintf(text, sizeof text, "%.60s:%u: options of XPP are not read: ", r->file,
                          f->place[f->at].line);
    for (size_t k = f->at; k < f->length && length < NOTE_MAX - 1; k++)
        text[length++] = f->text[k] >= ' ' && f->text[k] <= '~' ? f->text[k] : '?';
    text[length] = '\0';
    char *note = malloc((size_t)length + 1);
    if (!note)
        return status_fail(NO_MEMORY, "a note");
    memcpy(note, text, (size_t)length + 1);
    e->note[e->notes++] = note;
    return OK;
}

static enum status refuse_sign(const struct source *f, char sign)
{
    if (sign == '#')
        return source_fail(f, f->at, BAD_DATA, "#include: no other file is opened");
    if (sign == '%')
        return source_fail(f, f->at, BAD_DATA, "%% (arrays of XPP) is not in the subset read here");
    if (sign >= '0' && sign <= '9')
        return source_fail(f, f->at, BAD_DATA,
                           "algebraic equations, 0=..., are not in the subset read here");
    return expected(f, "a statement");
}

static enum status take_statement(struct reader *r, struct source *f)
{
    struct statement s = {.formula = *f};
    if (at_end(&s.formula))
        return OK;
    const char *rest = s.formula.text + s.formula.at;
    switch (*rest) {
    case '#':
        if (strncasecmp(rest, "#include", strlen("#include")) == 0)
            return refuse_sign(&s.formula, '#');
        return OK;
    case '"':
        return OK;
    case '@':
        return take_note(r, &s.formula);
    case '!':
        s.formula.at++;
        TRY(take_name(&s.formula, s.name, &s.at));
        return begin_fixed(r, &s);
    default:
        break;
    }
    if ((*rest >= 'a' && *rest <= 'z') || (*rest >= 'A' && *rest <= 'Z') || *rest == '_')
        return take_named(r, &s);
    return refuse_sign(&s.formula, *rest);
}

static enum status first_pass(struct reader *r)
{
    for (size_t at = 0; at < r->length && !r->done;) {
        const size_t length = strlen(r->text + at);
        struct source f = {.file = r->file,
                           .text = r->text + at,
                           .place = r->place + at,
                           .length = length,
                           .arena = r->equations->arena,
                           .names = r->names,
                           .work = &r->work};
        TRY(take_statement(r, &f));
        at += length + 1;
    }
    return OK;
}

/* ---- the second pass ---- */

static enum status whole_formula(struct source *f, uint32_t *node)
{
    if (at_end(f))
        return expected(f, "a formula");
    TRY(source_formula(f, node));
    return at_end(f) ? OK : expected(f, "an operator");
}

static enum status read_right(struct reader *r, struct statement *s)
{
    return whole_formula(&s->formula, &r->equations->right[s->index]);
}

static enum status read_fixed(struct reader *r, struct statement *s)
{
    uint32_t node = 0;
    TRY(whole_formula(&s->formula, &node));
    struct name *name = names_find(r->names, s->name);
    name->ready = true;
    name->node = node;
    struct equations_quantity *fixed = &r->equations->fixed_quantity[r->equations->fixed++];
    memcpy(fixed->name, s->name, sizeof s->name);
    fixed->node = node;
    return OK;
}

static enum status read_function(struct reader *r, struct statement *s)
{
    struct source *f = &s->formula;
    uint32_t node = 0;
    f->argument = (const char(*)[UNKNOWN_NAME_MAX])s->argument;
    f->first = expression_argument(f->arena, r->argument_indices++);
    for (size_t k = 1; k < f->arguments; k++)
        (void)expression_argument(f->arena, r->argument_indices++);
    TRY(whole_formula(f, &node));
    struct name *name = names_find(r->names, s->name);
    name->ready = true;
    name->node = node;
    name->first = f->first;
    name->arguments = f->arguments;
    return OK;
}

static enum status read_auxiliary(struct reader *r, struct statement *s)
{
    struct equations_quantity *auxiliary = &r->equations->auxiliary[r->equations->auxiliaries];
    TRY(whole_formula(&s->formula, &auxiliary->node));
    memcpy(auxiliary->name, s->name, sizeof s->name);
    r->equations->auxiliaries++;
    return OK;
}

static enum status set_start(struct reader *r, const struct source *f, const struct statement *s,
                             const char *text)
{
    char hint[NAME_HINT_MAX];
    const size_t unknown = equations_unknown(r->equations, s->name);
    if (unknown != SIZE_MAX)
        return equations_number_set(r->equations, &r->equations->unknown[unknown], text);
    struct nearest nearest = nearest_to(s->name);
    for (size_t k = 0; k < r->equations->unknowns; k++)
        nearest_offer(&nearest, r->equations->unknown[k].name);
    return source_fail(f, s->at, UNKNOWN_NAME, "no equation has the unknown '%s'%s", s->name,
                       nearest_hint(&nearest, sizeof hint, hint));
}

static enum status read_init(struct reader *r, struct statement *s)
{
    char text[SOURCE_NUMBER_MAX + 1] = "";
    while (!at_end(&s->formula)) {
        TRY(take_setting(&s->formula, s->name, &s->at, text));
        TRY(set_start(r, &s->formula, s, text));
    }
    return OK;
}

static enum status read_value(struct reader *r, struct statement *s)
{
    char text[SOURCE_NUMBER_MAX + 1] = "";
    TRY(take_value(&s->formula, text));
    if (!at_end(&s->formula))
        return expected(&s->formula, "the end of the line");
    return set_start(r, &s->formula, s, text);
}

static enum status (*const readers[STATEMENT_KINDS])(struct reader *, struct statement *) = {
    [STATEMENT_RIGHT] = read_right,       [STATEMENT_FIXED] = read_fixed,
    [STATEMENT_FUNCTION] = read_function, [STATEMENT_AUXILIARY] = read_auxiliary,
    [STATEMENT_INIT] = read_init,         [STATEMENT_VALUE] = read_value};

static bool is_definition(const struct statement *s)
{
    return s->kind == STATEMENT_FIXED || s->kind == STATEMENT_FUNCTION;
}

/* Definitions first, in their order: equations may use all of them. */
static enum status second_pass(struct reader *r)
{
    for (int definitions = 1; definitions >= 0; definitions--)
        for (size_t k = 0; k < r->statements; k++)
            if (is_definition(&r->statement[k]) == (definitions == 1))
                TRY(readers[r->statement[k].kind](r, &r->statement[k]));
    return OK;
}

/* ---- all of it ---- */

/* The mark that some editors put before UTF-8. */
static const char BYTE_ORDER_MARK[] = "\xef\xbb\xbf";

static size_t mark_length(const char *text, size_t length)
{
    const size_t mark = strlen(BYTE_ORDER_MARK);
    return length >= mark && memcmp(text, BYTE_ORDER_MARK, mark) == 0 ? mark : 0;
}

static enum status read_all(struct reader *r, const char *text, size_t length)
{
    size_t lines = 0;
    TRY(cut_lines(r, text, length, &lines));
    TRY(names_create(&r->names));
    TRY(equations_begin(
        r->file, &(struct equations_room){.quantities = EQUATIONS_NAMES_MOST, .notes = lines},
        &r->equations));
    TRY(first_pass(r));
    if (r->equations->unknowns == 0)
        return status_fail(BAD_DATA, "%.200s: no equation; expected lines like x'=-x", r->file);
    TRY(second_pass(r));
    const enum status status = equations_finish(r->equations);
    char message[STATUS_MESSAGE_MAX];
    snprintf(message, sizeof message, "%s", status_message());
    return status == OK ? OK : status_fail(status, "%.200s: %s", r->file, message);
}

static void reader_clear(struct reader *r)
{
    for (size_t k = 0; k < r->statements; k++)
        free(r->statement[k].argument);
    free(r->statement);
    free(r->text);
    free(r->place);
    names_free(r->names);
    equations_free(r->equations);
}

enum status ode_file_parse(const char *name, const char *text, size_t length,
                           struct equations **equations)
{
    struct reader reader = {.file = name};
    if (length > ODE_FILE_BYTES_MOST)
        return status_fail(BAD_DATA, "%.200s: more than %d bytes", name, ODE_FILE_BYTES_MOST);
    if (memchr(text, '\0', length))
        return status_fail(BAD_DATA, "%.200s: a byte 0x00: this is no text", name);
    const size_t mark = mark_length(text, length);
    const enum status status = read_all(&reader, text + mark, length - mark);
    if (status == OK) {
        *equations = reader.equations;
        reader.equations = NULL;
    }
    reader_clear(&reader);
    return status;
}

static enum status read_bytes(const char *path, char *text, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return status_fail(CANNOT_READ, "%.200s: %s", path, strerror(errno));
    errno = 0;
    *length = fread(text, 1, ODE_FILE_BYTES_MOST + 1, file);
    const int why = ferror(file) ? errno : 0;
    fclose(file);
    return why ? status_fail(CANNOT_READ, "%.200s: %s", path, strerror(why)) : OK;
}

enum status ode_file_read(const char *path, struct equations **equations)
{
    size_t length = 0;
    char *text = malloc(ODE_FILE_BYTES_MOST + 1);
    if (!text)
        return status_fail(NO_MEMORY, "%.200s", path);
    enum status status = read_bytes(path, text, &length);
    if (status == OK)
        status = ode_file_parse(path, text, length, equations);
    free(text);
    return status;
}
