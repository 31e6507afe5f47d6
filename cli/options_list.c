/* Lists on the command line: numbers, a file of numbers, or a word that says how to make them.
 *
 *     1,2,-1/2        numbers as everywhere (base/number.h)
 *     @FILE           numbers separated by blanks, commas or line ends
 *     diag:1,2        a diagonal;  identity;  zero
 *     random:7:0.1    normal numbers of the stream of seed 7, standard deviation 0.1
 *
 * Words are kept as such, since the shape they fill is known only with the problem.  A file is read
 * once, number by number, so its size is limited by what it says and not by a line's length.
 * Rejected: reading a file as one text (a missing number between two commas would pass). */
#include "cli/options.h"

#include "base/nearest.h"
#include "base/number.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { HINT_MAX = 80, TOKEN_MAX = 512, FIRST_CAPACITY = 256 };

/* ---- files ---- */

struct list_file {
    const char *path;
    FILE *file;
    size_t line;    /* of the next byte, from 1 */
    bool separated; /* a comma has been read, and no number after it */
    size_t most, capacity;
    struct option_list list;
};

static enum status file_fail(const struct list_file *reading, const char *what)
{
    return status_fail(BAD_DATA, "%s:%zu: %s", reading->path, reading->line, what);
}

/* The next number's text, empty at the end of the file. */
static enum status token_read(struct list_file *reading, char token[TOKEN_MAX])
{
    size_t length = 0;
    int byte;
    while ((byte = getc(reading->file)) != EOF) {
        if (byte == '\0')
            return file_fail(reading, "a zero byte; expected numbers");
        if (!isspace(byte) && byte != ',') {
            if (length == TOKEN_MAX - 1)
                return file_fail(reading, "a number with too many digits");
            token[length++] = (char)byte;
            continue;
        }
        if (length > 0) { /* what ended the number is looked at with the next one */
            ungetc(byte, reading->file);
            break;
        }
        if (byte == ',' && (reading->separated || reading->list.count == 0))
            return file_fail(reading, "a number is missing at a comma");
        reading->separated |= byte == ',';
        reading->line += byte == '\n';
    }
    token[length] = '\0';
    if (ferror(reading->file))
        return status_fail(CANNOT_READ, "%s: %s", reading->path, strerror(errno));
    return OK;
}

static enum status value_append(struct list_file *reading, double value)
{
    struct option_list *list = &reading->list;
    if (list->count == reading->most)
        return status_fail(BAD_ARGUMENT, "%s has more than %zu numbers", reading->path,
                           reading->most);
    if (list->count == reading->capacity) {
        size_t capacity = reading->capacity ? 2 * reading->capacity : FIRST_CAPACITY;
        double *grown = realloc(list->value, capacity * sizeof *grown);
        if (!grown)
            return status_fail(NO_MEMORY, "%s: more than %zu numbers", reading->path, list->count);
        list->value = grown;
        reading->capacity = capacity;
    }
    list->value[list->count++] = value;
    return OK;
}

static enum status numbers_read(struct list_file *reading)
{
    char token[TOKEN_MAX] = "";
    for (;;) {
        double value;
        TRY(token_read(reading, token));
        if (!*token)
            break;
        if (number_parse(token, &value) != OK)
            return status_fail(BAD_DATA, "%s:%zu: '%.40s' is not a finite number", reading->path,
                               reading->line, token);
        reading->separated = false;
        TRY(value_append(reading, value));
    }
    if (reading->separated)
        return file_fail(reading, "a number is missing after the last comma");
    if (reading->list.count == 0)
        return status_fail(BAD_DATA, "%s holds no numbers", reading->path);
    return OK;
}

static enum status file_read(const char *path, size_t most, struct option_list *list)
{
    struct list_file reading = {.path = path, .file = fopen(path, "rb"), .line = 1, .most = most};
    if (!reading.file)
        return status_fail(CANNOT_READ, "%s: %s", path, strerror(errno));
    enum status status = numbers_read(&reading);
    fclose(reading.file);
    if (status == OK)
        *list = reading.list;
    else
        free(reading.list.value);
    return status;
}

/* ---- words ---- */

static enum status literal_read(const char *text, size_t most, struct option_list *list)
{
    size_t commas = 0;
    for (const char *at = text; *at; at++)
        commas += *at == ',';
    if (commas >= most)
        return status_fail(BAD_ARGUMENT, "%zu numbers; at most %zu are possible", commas + 1, most);
    struct option_list made = {.value = malloc((commas + 1) * sizeof *made.value)};
    if (!made.value)
        return status_fail(NO_MEMORY, "a list of %zu numbers", commas + 1);
    enum status status = number_parse_list(text, commas + 1, made.value, &made.count);
    if (status == OK)
        *list = made;
    else
        free(made.value);
    return status;
}

/* SEED or SEED:SCALE */
static enum status random_read(const char *text, struct option_list *list)
{
    char seed[HINT_MAX];
    unsigned long long number;
    double scale = 0;
    const size_t length = strcspn(text, ":");
    if (length >= sizeof seed)
        return status_fail(BAD_ARGUMENT, "the seed of random:SEED is too long");
    memcpy(seed, text, length);
    seed[length] = '\0';
    TRY(number_parse_whole(seed, 0, UINT64_MAX, &number));
    if (text[length] == ':') {
        TRY(number_parse(text + length + 1, &scale));
        if (!(scale > 0))
            return status_fail(BAD_ARGUMENT, "the scale of random:SEED:SCALE is not positive");
    }
    *list = (struct option_list){.form = OPTION_FORM_RANDOM, .seed = number, .scale = scale};
    return OK;
}

static const struct word {
    const char *word, *shape;
    enum option_form form;
} known[] = {{"diag", "diag:d1,d2,...", OPTION_FORM_DIAGONAL},
             {"identity", "identity", OPTION_FORM_IDENTITY},
             {"random", "random:SEED[:SCALE]", OPTION_FORM_RANDOM},
             {"zero", "zero", OPTION_FORM_ZERO}};

enum { KNOWN = sizeof known / sizeof *known };

/* "'idntity' is no list; did you mean identity? (numbers, @FILE, diag:d1,d2,...)" */
static enum status word_unknown(const char *text, const char *forms)
{
    char typed[HINT_MAX], hint[HINT_MAX], all[2 * HINT_MAX] = "numbers, @FILE";
    snprintf(typed, sizeof typed, "%.*s", (int)strcspn(text, ":,"), text);
    struct nearest nearest = nearest_to(typed);
    for (size_t k = 0; k < KNOWN; k++)
        if (strstr(forms, known[k].word)) {
            nearest_offer(&nearest, known[k].word);
            snprintf(all + strlen(all), sizeof all - strlen(all), ", %s", known[k].shape);
        }
    return status_fail(NOT_A_NUMBER, "'%s' is not a list of numbers%s (%s)", typed,
                       nearest_hint(&nearest, sizeof hint, hint), all);
}

static enum status word_read(const char *text, const char *forms, size_t most,
                             struct option_list *list)
{
    const size_t length = strcspn(text, ":");
    const bool has_rest = text[length] == ':';
    const char *rest = text + length + has_rest;
    for (size_t k = 0; k < KNOWN; k++) {
        if (strlen(known[k].word) != length || strncmp(known[k].word, text, length) != 0 ||
            !strstr(forms, known[k].word))
            continue;
        const bool wants = strchr(known[k].shape, ':') != NULL;
        if (wants != has_rest)
            return status_fail(BAD_ARGUMENT, "'%.40s' is not complete; expected %s", text,
                               known[k].shape);
        if (known[k].form == OPTION_FORM_RANDOM)
            return random_read(rest, list);
        if (wants)
            TRY(literal_read(rest, most, list));
        else
            *list = (struct option_list){.count = 0};
        list->form = known[k].form;
        return OK;
    }
    return word_unknown(text, forms);
}

enum status options_list_read(const char *text, const char *forms, size_t most,
                              struct option_list *list)
{
    if (text[0] == '@')
        return file_read(text + 1, most, list);
    if (isalpha((unsigned char)text[0]))
        return word_read(text, forms, most, list);
    return literal_read(text, most, list);
}
