/* Data moments of a scalar regression problem.
 *
 *     alpha = E[TI] = (1/n) sum_k t_k x_k,      beta = E[I^2] = (1/n) sum_k x_k^2
 *
 * Every linear system with one scalar error sees its data through these two numbers only
 * (notes/conventions.md), so a file of any length is read in one pass and nothing of it is kept.
 * The sums are compensated (Neumaier 1974): |error| <= 2u |sum| + O(n u^2) sum |terms|, so the
 * moments of a million samples have the accuracy of one product.  Rejected: a CSV library, which
 * would accept what this file must refuse (quotes, ragged rows, text in place of numbers). */
#include "linear/moments.h"

#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 2, QUOTED_MAX = 24 }; /* columns of a sample; bytes of a cell shown in a message */

/* A compensated sum: value + lost. */
struct sum {
    double value, lost;
};

/* A file being read. */
struct reading {
    const char *path;
    size_t line;  /* number of the current line, from 1 */
    size_t blank; /* line number of the first of the blank lines just passed; 0 if none */
    size_t count; /* samples so far */
    struct sum product, square;
};

static void sum_add(struct sum *sum, double x)
{
    double total = sum->value + x;
    if (fabs(sum->value) >= fabs(x))
        sum->lost += (sum->value - total) + x;
    else
        sum->lost += (x - total) + sum->value;
    sum->value = total;
}

static enum status line_fail(const struct reading *reading, const char *what)
{
    return status_fail(BAD_DATA, "%s:%zu: %s", reading->path, reading->line, what);
}

/* Reads one line without its end into text[MOMENTS_LINE_MAX]; *more is false at the end of the
 * file. */
static enum status line_read(struct reading *reading, FILE *file, char *text, bool *more)
{
    size_t length = 0;
    int byte;
    reading->line++;
    while ((byte = getc(file)) != EOF && byte != '\n') {
        if (byte == '\0')
            return line_fail(reading, "a zero byte; expected text with two numbers, input,target");
        if (length == MOMENTS_LINE_MAX - 1)
            return status_fail(BAD_DATA,
                               "%s:%zu: the line is longer than %d bytes; expected two "
                               "numbers, input,target",
                               reading->path, reading->line, MOMENTS_LINE_MAX - 1);
        text[length++] = (char)byte;
    }
    if (ferror(file))
        return status_fail(CANNOT_READ, "%s: %s", reading->path, strerror(errno));
    if (length > 0 && text[length - 1] == '\r')
        length--;
    text[length] = '\0';
    *more = byte != EOF || length > 0;
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

/* Splits a line at its commas; returns the number of cells, of which the first COLUMNS are in cell.
 */
static size_t cells_of(char *text, char *cell[COLUMNS])
{
    size_t count = 0;
    for (char *start = text; start;) {
        char *comma = strchr(start, ',');
        if (comma)
            *comma = '\0';
        if (count < COLUMNS)
            cell[count] = trimmed(start);
        count++;
        start = comma ? comma + 1 : NULL;
    }
    return count;
}

static enum status columns_fail(const struct reading *reading, const char *text, size_t count)
{
    const char *hint = "";
    if (strchr(text, ';'))
        hint = " (separate them by a comma, not by ';')";
    else if (strchr(text, '\t'))
        hint = " (separate them by a comma, not by a tab)";
    return status_fail(BAD_DATA, "%s:%zu: %zu column%s; expected 2 columns, input,target%s",
                       reading->path, reading->line, count, count == 1 ? "" : "s", hint);
}

static enum status cell_fail(const struct reading *reading, const char *cell)
{
    if (strchr(cell, '"') || strchr(cell, '\''))
        return line_fail(reading, "a quoted cell; expected a plain number such as 0.25 or -1/2");
    return status_fail(BAD_DATA, "%s:%zu: '%.*s%s' is not a finite number", reading->path,
                       reading->line, QUOTED_MAX, cell, strlen(cell) > QUOTED_MAX ? "..." : "");
}

/* Text that cannot have been meant as a number: `nan`, `inf` and 1.2.3 are not titles. */
static bool is_title(const char *cell)
{
    char *end;
    strtod(cell, &end);
    return *cell && end == cell && !strchr("+-./", *cell);
}

static enum status sample_add(struct reading *reading, double input, double target)
{
    sum_add(&reading->product, target * input);
    sum_add(&reading->square, input * input);
    if (!isfinite(reading->product.value) || !isfinite(reading->square.value))
        return line_fail(reading, "the moments overflow; scale the data");
    reading->count++;
    return OK;
}

static enum status line_take(struct reading *reading, char *text)
{
    char whole[MOMENTS_LINE_MAX], *cell[COLUMNS];
    double value[COLUMNS];
    memcpy(whole, text, strlen(text) + 1);
    size_t columns = cells_of(text, cell);
    if (columns != COLUMNS)
        return columns_fail(reading, whole, columns);
    bool numeric[COLUMNS];
    for (size_t k = 0; k < COLUMNS; k++)
        numeric[k] = number_parse(cell[k], &value[k]) == OK;
    if (reading->line == 1 && is_title(cell[0]) && is_title(cell[1]))
        return OK;
    for (size_t k = 0; k < COLUMNS; k++)
        if (!numeric[k])
            return cell_fail(reading, cell[k]);
    return sample_add(reading, value[0], value[1]);
}

static enum status lines_read(struct reading *reading, FILE *file)
{
    static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF";
    char text[MOMENTS_LINE_MAX];
    for (bool more = true;;) {
        TRY(line_read(reading, file, text, &more));
        if (!more)
            return OK;
        char *start = text;
        if (reading->line == 1 && !strncmp(text, BYTE_ORDER_MARK, sizeof BYTE_ORDER_MARK - 1))
            start += sizeof BYTE_ORDER_MARK - 1;
        if (!*trimmed(start)) {
            reading->blank = reading->blank ? reading->blank : reading->line;
            continue;
        }
        if (reading->blank) {
            reading->line = reading->blank;
            return line_fail(reading, "a blank line before the end; expected input,target");
        }
        TRY(line_take(reading, start));
    }
}

enum status moments_read(const char *path, struct moments *moments)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return status_fail(CANNOT_READ, "%s: %s", path, strerror(errno));
    struct reading reading = {.path = path};
    enum status status = lines_read(&reading, file);
    fclose(file);
    TRY(status);
    if (reading.count == 0)
        return status_fail(BAD_DATA, "%s: no samples; expected lines of two numbers, input,target",
                           path);
    double n = (double)reading.count;
    *moments = (struct moments){.alpha = (reading.product.value + reading.product.lost) / n,
                                .beta = (reading.square.value + reading.square.lost) / n,
                                .count = reading.count};
    return OK;
}
