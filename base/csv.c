/* Lines of numbers.
 *
 * A line is checked whole before it counts, and a file of any length is read in one pass with
 * nothing of it kept but the line at hand: its text, and its trimmed cells, each with its end.
 * Rejected: a CSV library, which would accept what this reader must refuse (quotes, ragged rows,
 * text in place of numbers). */
#include "base/csv.h"

#include "base/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINE_LEAST = 4096, /* bytes of the longest line that is read; two numbers need fifty */
    CELL_MAX = 64,     /* bytes of a cell with its comma, where there are many */
    QUOTED_MAX = 24,   /* bytes of a cell shown in a message */
    EXPECTED_MAX = 96
};

struct csv {
    struct data_file *file;
    size_t line;    /* number of the current line, from 1 */
    size_t blank;   /* line number of the first of the blank lines just passed; 0 if none */
    size_t columns; /* of every line; 0: not yet known */
    size_t longest; /* bytes of text[] and whole[] */
    char *text, *whole;
};

enum status csv_create(struct data_file *file, size_t columns, struct csv **csv)
{
    size_t longest = columns < CSV_COLUMNS_MOST ? columns * CELL_MAX : CSV_COLUMNS_MOST * CELL_MAX;
    if (longest < LINE_LEAST)
        longest = LINE_LEAST;
    struct csv *made = calloc(1, sizeof *made + 2 * longest);
    if (!made)
        return status_fail(NO_MEMORY, "%s: lines of %zu bytes", data_file_path(file), longest);
    made->file = file;
    made->longest = longest;
    made->text = (char *)(made + 1);
    made->whole = made->text + longest;
    *csv = made;
    return OK;
}

void csv_free(struct csv *csv)
{
    free(csv);
}

size_t csv_columns(const struct csv *csv)
{
    return csv->columns;
}

size_t csv_line_number(const struct csv *csv)
{
    return csv->line;
}

/* ---- messages ---- */

enum status csv_fail(const struct csv *csv, const char *what)
{
    return status_fail(BAD_DATA, "%s:%zu: %s", data_file_path(csv->file), csv->line, what);
}

static size_t cells_of(const char *text)
{
    size_t count = 1;
    for (; *text; text++)
        count += *text == ',';
    return count;
}

enum status csv_fail_columns(const struct csv *csv, const char *expected)
{
    const size_t count = cells_of(csv->text);
    const char *hint = "";
    if (strchr(csv->text, ';'))
        hint = " (separate them by a comma, not by ';')";
    else if (strchr(csv->text, '\t'))
        hint = " (separate them by a comma, not by a tab)";
    return status_fail(BAD_DATA, "%s:%zu: %zu column%s; expected %s%s", data_file_path(csv->file),
                       csv->line, count, count == 1 ? "" : "s", expected, hint);
}

static enum status cell_fail(const struct csv *csv, const char *cell)
{
    if (strchr(cell, '"') || strchr(cell, '\''))
        return csv_fail(csv, "a quoted cell; expected a plain number such as 0.25 or -1/2");
    return status_fail(BAD_DATA, "%s:%zu: '%.*s%s' is not a finite number",
                       data_file_path(csv->file), csv->line, QUOTED_MAX, cell,
                       strlen(cell) > QUOTED_MAX ? "..." : "");
}

/* ---- lines ---- */

/* Reads one line without its end into text[]; *more is false at the end of the file. */
static enum status line_read(struct csv *csv, bool *more)
{
    size_t length = 0;
    int byte;
    csv->line++;
    while ((byte = data_file_byte(csv->file)) >= 0 && byte != '\n') {
        if (byte == '\0')
            return csv_fail(csv, "a zero byte; expected text, numbers separated by commas");
        if (length == csv->longest - 1)
            return status_fail(BAD_DATA, "%s:%zu: the line is longer than %zu bytes",
                               data_file_path(csv->file), csv->line, csv->longest - 1);
        csv->text[length++] = (char)byte;
    }
    TRY(data_file_check(csv->file));
    if (length > 0 && csv->text[length - 1] == '\r')
        length--;
    csv->text[length] = '\0';
    *more = byte >= 0 || length > 0;
    return OK;
}

/* The cell from `start` to `end` without the blanks at its ends, copied to `to` with its end. */
static char *cell_copy(const char *start, const char *end, char *to)
{
    static const char BLANKS[] = " \t";
    while (start < end && strchr(BLANKS, *start))
        start++;
    while (end > start && strchr(BLANKS, end[-1]))
        end--;
    const size_t length = (size_t)(end - start);
    memcpy(to, start, length);
    to[length] = '\0';
    return to + length + 1;
}

static void cells_split(const struct csv *csv, const char *text)
{
    char *to = csv->whole;
    for (const char *start = text; start;) {
        const char *comma = strchr(start, ',');
        to = cell_copy(start, comma ? comma : start + strlen(start), to);
        start = comma ? comma + 1 : NULL;
    }
}

static enum status line_take(struct csv *csv, const char *text)
{
    char expected[EXPECTED_MAX];
    if (csv->blank) {
        csv->line = csv->blank;
        return csv_fail(csv, "a blank line before the end; expected a sample");
    }
    const size_t columns = cells_of(text);
    if (csv->columns == 0)
        csv->columns = columns;
    snprintf(expected, sizeof expected, "%zu columns as above", csv->columns);
    if (columns != csv->columns)
        return csv_fail_columns(csv, expected);
    cells_split(csv, text);
    return OK;
}

enum status csv_line(struct csv *csv, bool *more)
{
    static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF";
    for (;;) {
        TRY(line_read(csv, more));
        if (!*more)
            return OK;
        const char *text = csv->text;
        if (csv->line == 1 && !strncmp(text, BYTE_ORDER_MARK, sizeof BYTE_ORDER_MARK - 1))
            text += sizeof BYTE_ORDER_MARK - 1;
        if (text[strspn(text, " \t")])
            return line_take(csv, text);
        if (!csv->blank)
            csv->blank = csv->line;
    }
}

/* ---- cells ---- */

/* Text that cannot have been meant as a number: `nan`, `inf` and 1.2.3 are not titles. */
static bool is_title(const char *cell)
{
    char *end;
    strtod(cell, &end);
    return *cell && end == cell && !strchr("+-./", *cell);
}

bool csv_is_header(const struct csv *csv)
{
    const char *cell = csv->whole;
    if (csv->line != 1)
        return false;
    for (size_t k = 0; k < csv->columns; k++) {
        if (!is_title(cell))
            return false;
        cell += strlen(cell) + 1;
    }
    return true;
}

enum status csv_numbers(const struct csv *csv, size_t first, size_t count, double *value)
{
    const char *cell = csv->whole;
    for (size_t k = 0; k < first; k++)
        cell += strlen(cell) + 1;
    for (size_t k = 0; k < count; k++) {
        if (number_parse(cell, &value[k]) != OK)
            return cell_fail(csv, cell);
        cell += strlen(cell) + 1;
    }
    return OK;
}
