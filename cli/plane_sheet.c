/* The tables of a picture in memory.
 *
 * Rows are doubles next to each other, which both a file and a browser want; empty lines are kept by
 * the row that they stand before, so that a table on disk is the same to the byte as one written row
 * by row.  Rejected: a table with two kinds of output, which would make every write ask where to. */
#include "cli/plane_sheet.h"

#include "base/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_FIRST = 256, CUTS_FIRST = 16 };

enum status plane_sheet_open(struct plane_sheets *sheets, const char *name, const char *columns,
                             struct plane_sheet **sheet)
{
    if (sheets->count == PLANE_SHEETS_MOST)
        return status_fail(NO_MEMORY, "more than %d tables of one picture", PLANE_SHEETS_MOST);
    struct plane_sheet *made = calloc(1, sizeof *made);
    if (!made)
        return status_fail(NO_MEMORY, "no memory for the table %s", name);
    snprintf(made->name, sizeof made->name, "%s", name);
    made->columns = columns;
    made->width = 1;
    for (const char *c = columns; *c; c++)
        made->width += *c == ' ';
    sheets->sheet[sheets->count++] = made;
    *sheet = made;
    return OK;
}

/* Room for one more element of `size` bytes; the array, moved or not, or NULL. */
static void *array_grow(void *array, size_t *room, size_t first, size_t size)
{
    const size_t wanted = *room ? 2 * *room : first;
    void *grown = realloc(array, wanted * size);
    if (grown)
        *room = wanted;
    return grown;
}

void plane_sheet_row(struct plane_sheet *sheet, size_t count, const double *values)
{
    if (sheet->failed)
        return;
    if (sheet->rows == sheet->room) {
        double *grown =
            array_grow(sheet->value, &sheet->room, ROWS_FIRST, sheet->width * sizeof *sheet->value);
        sheet->failed = !grown;
        if (!grown)
            return;
        sheet->value = grown;
    }
    memcpy(sheet->value + sheet->rows * sheet->width, values, count * sizeof *values);
    sheet->rows++;
}

void plane_sheet_blank(struct plane_sheet *sheet)
{
    if (sheet->failed)
        return;
    if (sheet->cuts == sheet->cut_room) {
        size_t *grown = array_grow(sheet->cut, &sheet->cut_room, CUTS_FIRST, sizeof *sheet->cut);
        sheet->failed = !grown;
        if (!grown)
            return;
        sheet->cut = grown;
    }
    sheet->cut[sheet->cuts++] = sheet->rows;
}

enum status plane_sheet_check(const struct plane_sheet *sheet)
{
    if (sheet->failed)
        return status_fail(NO_MEMORY, "no memory for the table %s of more than %zu rows",
                           sheet->name, sheet->rows);
    return OK;
}

const struct plane_sheet *plane_sheet_named(const struct plane_sheets *sheets, const char *name)
{
    for (size_t k = 0; k < sheets->count; k++)
        if (strcmp(sheets->sheet[k]->name, name) == 0)
            return sheets->sheet[k];
    return NULL;
}

static void rows_write(const struct plane_sheet *sheet, struct table *table)
{
    size_t cut = 0;
    for (size_t k = 0; k <= sheet->rows; k++) {
        for (; cut < sheet->cuts && sheet->cut[cut] == k; cut++)
            table_blank(table);
        if (k < sheet->rows)
            table_row(table, sheet->width, sheet->value + k * sheet->width);
    }
}

enum status plane_sheets_save(const struct plane_sheets *sheets, const char *directory)
{
    for (size_t k = 0; k < sheets->count; k++) {
        struct table *table;
        const struct plane_sheet *sheet = sheets->sheet[k];
        TRY(plane_sheet_check(sheet));
        TRY(table_open(directory, sheet->name, sheet->columns, &table));
        rows_write(sheet, table);
        TRY(table_close(table));
    }
    return OK;
}

void plane_sheets_free(struct plane_sheets *sheets)
{
    for (size_t k = 0; k < sheets->count; k++) {
        free(sheets->sheet[k]->value);
        free(sheets->sheet[k]->cut);
        free(sheets->sheet[k]);
    }
    sheets->count = 0;
}
