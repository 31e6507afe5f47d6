/* A gnuplot script being written in memory.
 *
 * Labels are in gnuplot's enhanced text, where ^ _ { } @ & ~ are commands; a user's text must show
 * them as they are.  In double quotes a backslash is doubled to survive twice: once for the quotes,
 * once for the enhanced text. */
#include "plots/script.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 4096 };

#define DIGITS   "0123456789"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Two blanks at the end make gnuplot ask SVG viewers to preserve blanks; some drop them otherwise
 * beside a change of font. */
#define PRESERVED "  "

struct script {
    char *text;
    size_t length, capacity;
    bool failed;
};

struct script *script_create(void)
{
    struct script *script = calloc(1, sizeof *script);
    if (!script)
        return NULL;
    script->text = calloc(1, FIRST_CAPACITY);
    script->capacity = FIRST_CAPACITY;
    script->failed = !script->text;
    return script;
}

/* Makes room for `more` bytes and the end of the text. */
static bool has_room(struct script *script, size_t more)
{
    size_t capacity = script->capacity;
    while (capacity <= script->length + more)
        capacity *= 2;
    if (capacity == script->capacity)
        return true;
    char *text = realloc(script->text, capacity);
    if (!text)
        return false;
    script->text = text;
    script->capacity = capacity;
    return true;
}

void script_add(struct script *script, const char *format, ...)
{
    if (!script || script->failed)
        return;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0 || !has_room(script, (size_t)length)) {
        script->failed = true;
        return;
    }
    va_start(arguments, format);
    vsnprintf(script->text + script->length, script->capacity - script->length, format, arguments);
    va_end(arguments);
    script->length += (size_t)length;
}

const char *script_text(const struct script *script)
{
    return script && !script->failed ? script->text : NULL;
}

void script_free(struct script *script)
{
    if (!script)
        return;
    free(script->text);
    free(script);
}

/* --- labels ---------------------------------------------------------------------------- */

/* A label being written. */
struct label {
    char *text;
    size_t length;
};

static void put(struct label *label, const char *format, ...) PRINTF_LIKE(2, 3);

static void put(struct label *label, const char *format, ...)
{
    va_list arguments;
    size_t room = SCRIPT_LABEL_MAX - label->length;
    va_start(arguments, format);
    int length = vsnprintf(label->text + label->length, room, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= room)
        label->text[label->length] = '\0'; /* whole pieces or nothing */
    else
        label->length += (size_t)length;
}

static void put_plain(struct label *label, char byte)
{
    if (byte == '\\' || byte == '"')
        put(label, "\\%c", byte);
    else if (strchr("^_{}@&~", byte))
        put(label, "\\\\%c", byte);
    else
        put(label, "%c", iscntrl((unsigned char)byte) ? ' ' : byte);
}

const char *script_label(const char *text, char *made)
{
    struct label label = {.text = made};
    made[0] = '\0';
    for (; *text; text++)
        put_plain(&label, *text);
    return made;
}

/* A word that stands for another sign. */
struct sign {
    const char *word, *text;
};

static const struct sign signs[] = {
    {.word = "alpha", .text = "{/:Italic α}"}, {.word = "beta", .text = "{/:Italic β}"},
    {.word = "eta", .text = "{/:Italic η}"},   {.word = "lambda", .text = "{/:Italic λ}"},
    {.word = "mu", .text = "{/:Italic μ}"},    {.word = "rho", .text = "{/:Italic ρ}"},
    {.word = "sigma", .text = "{/:Italic σ}"}, {.word = "Sigma", .text = "Σ"},
};

/* What a word is set as: a sign, or itself; in italics if it is one letter. */
static void put_letters(struct label *label, const char *word, size_t length)
{
    for (size_t k = 0; k < sizeof signs / sizeof *signs; k++)
        if (strlen(signs[k].word) == length && strncmp(signs[k].word, word, length) == 0) {
            put(label, "%s", signs[k].text);
            return;
        }
    put(label, length == 1 ? "{/:Italic %.*s}" : "%.*s", (int)length, word);
}

/* Letters with a subscript and an exponent: a12, a1^2, eta1; returns the bytes used. */
static size_t put_symbol(struct label *label, const char *text, size_t letters)
{
    size_t digits = strspn(text + letters, DIGITS), power = 0;
    const char *after = text + letters + digits;
    if (*after == '^')
        power = strspn(after + 1, DIGITS);
    put_letters(label, text, letters);
    if (digits)
        put(label, "_{%.*s}", (int)digits,
            text + letters); /* then ^: side by side, legible small */
    if (power)
        put(label, "^{%.*s}", (int)power, after + 1);
    const size_t index = *after == '_' ? strspn(after + 1, CAPITALS) : 0; /* Sigma_II */
    if (index)
        put(label, "_{%.*s}", (int)index, after + 1);
    return letters + digits + (power ? power + 1 : 0) + (index ? index + 1 : 0);
}

/* The entry of a matrix, A1_2_3: A with subscript 1, then [2,3]; returns the bytes used, 0 if the
 * text is something else. */
static size_t put_entry(struct label *label, const char *text, size_t letters)
{
    const size_t which = strspn(text + letters, DIGITS), at = letters + which;
    const size_t row = text[at] == '_' ? strspn(text + at + 1, DIGITS) : 0;
    const char *second = text + at + 1 + row;
    const size_t column = row > 0 && *second == '_' ? strspn(second + 1, DIGITS) : 0;
    if (letters == 0 || column == 0)
        return 0;
    put_letters(label, text, letters);
    if (which)
        put(label, "_{%.*s}", (int)which, text + letters);
    put(label, "[%.*s,%.*s]", (int)row, text + at + 1, (int)column, second + 1);
    return at + 1 + row + 1 + column;
}

/* A word of letters only, then digits, is a symbol; other words are copied. */
static size_t put_word(struct label *label, const char *text)
{
    size_t letters = 0, length;
    while (isalpha((unsigned char)text[letters]))
        letters++;
    const size_t entry = put_entry(label, text, letters);
    if (entry)
        return entry;
    length = letters + strspn(text + letters, DIGITS);
    if (!isalnum((unsigned char)text[length]))
        return put_symbol(label, text, letters);
    while (isalnum((unsigned char)text[length]))
        length++;
    put(label, "%.*s", (int)length, text);
    return length;
}

/* 12.5, 1e-10, 2.5e-10 */
static size_t put_number(struct label *label, const char *text)
{
    size_t mantissa = strspn(text, DIGITS "."), power = 0;
    const char *exponent = text + mantissa + 1;
    bool negative = text[mantissa] == 'e' && *exponent == '-';
    if (text[mantissa] == 'e')
        power = strspn(exponent + strspn(exponent, "+-0"), DIGITS);
    if (!power) {
        put(label, "%.*s", (int)mantissa, text);
        return mantissa;
    }
    exponent += strspn(exponent, "+-0");
    if (mantissa != 1 || *text != '1')
        put(label, "%.*s×", (int)mantissa, text);
    put(label, "10^{%s%.*s}", negative ? "−" : "", (int)power, exponent);
    return (size_t)(exponent - text) + power;
}

/* The exponent or the index of a bracket, |A|^2, |A|_1, from its sign; returns the digits used. */
static size_t put_script(struct label *label, const char *text)
{
    const size_t count = strspn(text + 1, DIGITS);
    put(label, "%c{%.*s}", *text, (int)count, text + 1);
    return count;
}

/* A file of equations, as in a title, is no formula: a1.ode; returns its length. */
static size_t file_length(const char *text)
{
    static const char ENDING[] = ".ode";
    const size_t all = strcspn(text, " :;,"), ending = sizeof ENDING - 1;
    return all > ending && memcmp(text + all - ending, ENDING, ending) == 0 ? all : 0;
}

static size_t put_file(struct label *label, const char *text)
{
    const size_t length = file_length(text);
    for (size_t k = 0; k < length; k++)
        put_plain(label, text[k]);
    return length;
}

const char *script_formula(const char *text, char *made)
{
    const char *const begin = text;
    struct label label = {.text = made};
    made[0] = '\0';
    for (size_t used; *text; text += used) {
        used = 1;
        if ((text == begin || text[-1] == ' ') && file_length(text))
            used = put_file(&label, text);
        else if (isalpha((unsigned char)*text))
            used = put_word(&label, text);
        else if (isdigit((unsigned char)*text))
            used = put_number(&label, text);
        else if (*text == '-' &&
                 (strchr(" 0123456789", text[1]) || (text > begin && text[-1] == ' ')))
            put(&label, "−");
        else if (strchr("^_", *text) && text > begin && strchr("|)", text[-1]) &&
                 strspn(text + 1, DIGITS))
            used += put_script(&label, text);
        else
            put_plain(&label, *text);
    }
    put(&label, PRESERVED);
    return made;
}

const char *script_symbol(const char *name, char *made)
{
    struct label label = {.text = made};
    made[0] = '\0';
    int letters = (int)strcspn(name, DIGITS);
    if (put_entry(&label, name, (size_t)letters))
        return made;
    put(&label, "{/:Italic %.*s}", letters, name);
    if (name[letters])
        put(&label, "_{%s}", name + letters);
    return made;
}
