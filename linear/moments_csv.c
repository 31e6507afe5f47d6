/* Samples as text: one line each, the inputs and then the targets.
 *
 * A line is checked whole before it counts, and a file of any length is read in one pass with
 * nothing of it kept.  How many columns there are is known beforehand, except where principal
 * components are taken of as many inputs as the first line has.  Rejected: a CSV library, which
 * would accept what this file must refuse (quotes, ragged rows, text in place of numbers). */
#include "linear/moments_sum.h"

#include "base/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINE_LEAST = 4096, /* bytes of the longest line that is read; two numbers need fifty */
    CELL_MAX = 64,     /* bytes of a cell with its comma, where there are many */
    QUOTED_MAX = 24,   /* bytes of a cell shown in a message */
    COLUMNS_MOST = 20000,
    EXPECTED_MAX = 96
};

/* A file being read. */
struct reading {
    const struct moments_source *source;
    struct moments_file *file;
    size_t line;    /* number of the current line, from 1 */
    size_t blank;   /* line number of the first of the blank lines just passed; 0 if none */
    size_t columns; /* of every line; 0: not yet known */
    size_t longest; /* bytes of text[] and whole[] */
    char *text, *whole;
    struct moments_sum *sum; /* NULL before the first line */
};

static enum status line_fail(const struct reading *reading, const char *what)
{
    return status_fail(BAD_DATA, "%s:%zu: %s", reading->source->data, reading->line, what);
}

/* "2 columns, input,target" */
static const char *expected(const struct reading *reading, char text[EXPECTED_MAX])
{
    const struct moments_source *source = reading->source;
    const size_t columns = source->inputs + source->outputs;
    if (source->principal)
        snprintf(text, EXPECTED_MAX, "the inputs, then %zu target%s", source->outputs,
                 source->outputs == 1 ? "" : "s");
    else if (columns == 2)
        snprintf(text, EXPECTED_MAX, "2 columns, input,target");
    else
        snprintf(text, EXPECTED_MAX, "%zu columns, %zu input%s and %zu target%s", columns,
                 source->inputs, source->inputs == 1 ? "" : "s", source->outputs,
                 source->outputs == 1 ? "" : "s");
    return text;
}

/* Reads one line without its end into text[]; *more is false at the end of the file. */
static enum status line_read(struct reading *reading, bool *more)
{
    size_t length = 0;
    int byte;
    reading->line++;
    while ((byte = moments_file_byte(reading->file)) >= 0 && byte != '\n') {
        if (byte == '\0')
            return line_fail(reading, "a zero byte; expected text, numbers separated by commas");
        if (length == reading->longest - 1)
            return status_fail(BAD_DATA, "%s:%zu: the line is longer than %zu bytes",
                               reading->source->data, reading->line, reading->longest - 1);
        reading->text[length++] = (char)byte;
    }
    TRY(moments_file_check(reading->file));
    if (length > 0 && reading->text[length - 1] == '\r')
        length--;
    reading->text[length] = '\0';
    *more = byte >= 0 || length > 0;
    return OK;
}

/* Cuts BLANKS off both ends, in place. */
static char *trimmed(char *text)
{
    static const char BLANKS[] = " \t";
    text += strspn(text, BLANKS);
    size_t length = strlen(text);
    while (length > 0 && strchr(BLANKS, text[length - 1]))
        length--;
    text[length] = '\0';
    return text;
}

static size_t columns_of(const char *text)
{
    size_t count = 1;
    for (; *text; text++)
        count += *text == ',';
    return count;
}

static enum status columns_fail(const struct reading *reading, size_t count)
{
    char form[EXPECTED_MAX];
    const char *hint = "";
    if (strchr(reading->text, ';'))
        hint = " (separate them by a comma, not by ';')";
    else if (strchr(reading->text, '\t'))
        hint = " (separate them by a comma, not by a tab)";
    if (reading->columns != 0)
        return status_fail(BAD_DATA, "%s:%zu: %zu column%s; expected %zu columns as above%s",
                           reading->source->data, reading->line, count, count == 1 ? "" : "s",
                           reading->columns, hint);
    return status_fail(BAD_DATA, "%s:%zu: %zu column%s; expected %s%s", reading->source->data,
                       reading->line, count, count == 1 ? "" : "s", expected(reading, form), hint);
}

static enum status cell_fail(const struct reading *reading, const char *cell)
{
    if (strchr(cell, '"') || strchr(cell, '\''))
        return line_fail(reading, "a quoted cell; expected a plain number such as 0.25 or -1/2");
    return status_fail(BAD_DATA, "%s:%zu: '%.*s%s' is not a finite number", reading->source->data,
                       reading->line, QUOTED_MAX, cell, strlen(cell) > QUOTED_MAX ? "..." : "");
}

/* Text that cannot have been meant as a number: `nan`, `inf` and 1.2.3 are not titles. */
static bool is_title(const char *cell)
{
    char *end;
    strtod(cell, &end);
    return *cell && end == cell && !strchr("+-./", *cell);
}

/* The first line fixes the columns; the targets may be the inputs. */
static enum status columns_take(struct reading *reading, size_t columns)
{
    const struct moments_source *source = reading->source;
    const bool square = source->inputs == source->outputs && source->inputs > 1;
    size_t inputs = source->inputs, outputs = source->outputs;
    if (source->principal && square)
        inputs = columns, outputs = 0;
    else if (source->principal)
        inputs = columns > outputs ? columns - outputs : 0;
    else if (square && columns == inputs)
        outputs = 0;
    if (columns != inputs + outputs || inputs == 0 || columns > COLUMNS_MOST)
        return columns_fail(reading, columns);
    reading->columns = columns;
    return moments_sum_create(inputs, outputs, &reading->sum);
}

static enum status sample_add(struct reading *reading)
{
    const struct moments_source *source = reading->source;
    if (source->visit)
        TRY(source->visit(source->context, reading->sum->input,
                          reading->sum->outputs ? reading->sum->target : reading->sum->input));
    moments_sum_add(reading->sum);
    if (!moments_sum_is_finite(reading->sum))
        return line_fail(reading, "the moments overflow; scale the data");
    return OK;
}

/* Is the first line, split into cells, one of titles? */
static bool is_header(const struct reading *reading)
{
    const char *cell = reading->whole;
    for (size_t k = 0; k < reading->columns; k++) {
        if (!is_title(cell))
            return false;
        cell += strlen(cell) + 1;
    }
    return true;
}

/* Copies the trimmed cells of text[], each with its end, to whole[]. */
static void cells_split(const struct reading *reading, char *text)
{
    char *to = reading->whole;
    for (char *start = text; start;) {
        char *comma = strchr(start, ',');
        if (comma)
            *comma = '\0';
        const char *cell = trimmed(start);
        const size_t size = strlen(cell) + 1;
        memcpy(to, cell, size);
        to += size;
        start = comma ? comma + 1 : NULL;
    }
}

static enum status line_take(struct reading *reading, char *text)
{
    const size_t columns = columns_of(text);
    if (reading->columns == 0)
        TRY(columns_take(reading, columns));
    if (columns != reading->columns)
        return columns_fail(reading, columns);
    cells_split(reading, text);
    if (reading->line == 1 && is_header(reading))
        return OK;
    struct moments_sum *sum = reading->sum;
    const char *cell = reading->whole;
    for (size_t k = 0; k < columns; k++) {
        double *to = k < sum->inputs ? &sum->input[k] : &sum->target[k - sum->inputs];
        if (number_parse(cell, to) != OK)
            return cell_fail(reading, cell);
        cell += strlen(cell) + 1;
    }
    return sample_add(reading);
}

static bool has_enough(const struct reading *reading)
{
    return reading->source->samples && reading->sum &&
           reading->sum->count == reading->source->samples;
}

static enum status lines_read(struct reading *reading)
{
    static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF";
    for (bool more = true; !has_enough(reading);) {
        TRY(line_read(reading, &more));
        if (!more)
            return OK;
        char *start = reading->text;
        if (reading->line == 1 && !strncmp(start, BYTE_ORDER_MARK, sizeof BYTE_ORDER_MARK - 1))
            start += sizeof BYTE_ORDER_MARK - 1;
        if (!*trimmed(start)) {
            reading->blank = reading->blank ? reading->blank : reading->line;
            continue;
        }
        if (reading->blank) {
            reading->line = reading->blank;
            return line_fail(reading, "a blank line before the end; expected a sample");
        }
        TRY(line_take(reading, start));
    }
    return OK;
}

static enum status lines_read_with(struct reading *reading)
{
    TRY(lines_read(reading));
    char form[EXPECTED_MAX];
    if (!reading->sum || reading->sum->count == 0)
        return status_fail(BAD_DATA, "%s: no samples; expected lines of %s", reading->source->data,
                           expected(reading, form));
    if (reading->source->samples > reading->sum->count)
        return status_fail(BAD_ARGUMENT, "%s has %zu samples, --samples asks for %zu",
                           reading->source->data, reading->sum->count, reading->source->samples);
    return OK;
}

enum status moments_csv_read(const struct moments_source *source, struct moments_file *file,
                             struct moments_sum **sum)
{
    const size_t columns = source->principal ? COLUMNS_MOST : source->inputs + source->outputs;
    struct reading reading = {.source = source, .file = file, .longest = LINE_LEAST};
    if (columns * CELL_MAX > reading.longest)
        reading.longest = columns * CELL_MAX;
    reading.text = calloc(2, reading.longest);
    if (!reading.text)
        return status_fail(NO_MEMORY, "%s: lines of %zu bytes", source->data, reading.longest);
    reading.whole = reading.text + reading.longest;
    const enum status status = lines_read_with(&reading);
    free(reading.text);
    if (status == OK)
        *sum = reading.sum;
    else
        free(reading.sum);
    return status;
}
