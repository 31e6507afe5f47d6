/* Aligned columns of text.
 *
 * Two passes: cells are kept until the widths of all columns are known, then printed with two
 * blanks between columns.  Rejected: printf widths chosen by hand, which break with the first
 * longer name, and tabs, which break with the reader's terminal. */
#include "cli/columns.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 64, CELL_MAX = 1024, COLUMNS_MAX = 16 };

static const int GAP = 2; /* blanks between columns */

struct columns {
    const char *alignment;
    size_t across; /* columns in a row */
    size_t count, capacity;
    char **cell; /* cell[count], row by row; a byte before the text is its paint */
    bool failed; /* out of memory on the way */
};

struct columns *columns_create(const char *alignment)
{
    struct columns *columns = calloc(1, sizeof *columns);
    if (!columns)
        return NULL;
    columns->alignment = alignment;
    columns->across = strlen(alignment) < COLUMNS_MAX ? strlen(alignment) : COLUMNS_MAX;
    return columns;
}

static bool has_room(struct columns *columns)
{
    if (columns->count < columns->capacity)
        return true;
    size_t capacity = columns->capacity ? 2 * columns->capacity : FIRST_CAPACITY;
    char **cell = realloc(columns->cell, capacity * sizeof *cell);
    if (!cell)
        return false;
    columns->cell = cell;
    columns->capacity = capacity;
    return true;
}

void columns_cell(struct columns *columns, const char *format, ...)
{
    if (!columns)
        return;
    char text[CELL_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    char *copy = malloc(1 + strlen(text) + 1);
    if (!copy || !has_room(columns)) {
        free(copy);
        columns->failed = true;
        return;
    }
    *copy = TERMINAL_PLAIN;
    memcpy(copy + 1, text, strlen(text) + 1);
    columns->cell[columns->count++] = copy;
}

void columns_paint(struct columns *columns, enum terminal_paint paint)
{
    if (columns && !columns->failed && columns->count > 0)
        *columns->cell[columns->count - 1] = (char)paint;
}

/* Characters of a UTF-8 text: bytes that do not continue one. */
static int width_of(const char *text)
{
    int width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xC0) != 0x80; /* 10xxxxxx continues a character */
    return width;
}

static void text_print(const char *cell, bool painted, FILE *file)
{
    const enum terminal_paint paint = (enum terminal_paint) * cell;
    if (painted && paint != TERMINAL_PLAIN)
        fprintf(file, "%s%s%s", terminal_paint_begin(paint), cell + 1, terminal_paint_end);
    else
        fputs(cell + 1, file);
}

struct place {
    char alignment;
    int width;
    bool last, painted;
};

static void cell_print(const char *cell, struct place place, FILE *file)
{
    const int padding = place.width - width_of(cell + 1);
    if (place.alignment == 'r')
        fprintf(file, "%*s", padding, "");
    text_print(cell, place.painted, file);
    if (place.alignment != 'r' && !place.last)
        fprintf(file, "%*s", padding, "");
    if (!place.last)
        fprintf(file, "%*s", GAP, "");
}

void columns_seconds(struct columns *columns, double seconds)
{
    static const double MILLI = 1e-3;
    if (seconds < 1)
        columns_cell(columns, "%.3g ms", seconds / MILLI);
    else
        columns_cell(columns, "%.3g s", seconds);
}

enum status columns_print(const struct columns *columns, FILE *file)
{
    if (!columns || columns->failed)
        return status_fail(NO_MEMORY, "no memory for a table of text");
    int width[COLUMNS_MAX] = {0};
    const bool painted = terminal_has_colours(file);
    for (size_t k = 0; k < columns->count; k++) {
        int *widest = &width[k % columns->across], w = width_of(columns->cell[k] + 1);
        *widest = w > *widest ? w : *widest;
    }
    for (size_t k = 0; k < columns->count; k++) {
        size_t column = k % columns->across;
        bool last = column + 1 == columns->across;
        cell_print(columns->cell[k],
                   (struct place){columns->alignment[column], width[column], last, painted}, file);
        if (last)
            fputc('\n', file);
    }
    return OK;
}

const char *columns_text(const struct columns *columns, size_t k)
{
    return columns && k < columns->count ? columns->cell[k] + 1 : NULL; /* behind its paint */
}

void columns_free(struct columns *columns)
{
    if (!columns)
        return;
    for (size_t k = 0; k < columns->count; k++)
        free(columns->cell[k]);
    free(columns->cell);
    free(columns);
}
