/* Tab-separated tables: what gnuplot, awk, R and a spreadsheet all read.
 *
 * Numbers are printed with %.17g, the shortest fixed precision from which every double is read back
 * exactly, and NaN always as `nan`, whatever its sign bit.  A failed write is remembered with its
 * reason and reported once, by table_close(), so that the loops that fill a table need no error
 * handling. Rejected: a shortest-representation printer, which saves bytes and costs a dependency.
 */
#include "base/table.h"
#include "base/draft.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

struct table {
    struct draft *draft;
    bool in_row; /* the current row has a cell already */
};

static void put(struct table *table, const char *text)
{
    if (fputs(text, draft_file(table->draft)) == EOF)
        draft_failed(table->draft);
}

static void put_character(struct table *table, char c)
{
    if (fputc(c, draft_file(table->draft)) == EOF)
        draft_failed(table->draft);
}

static void put_heading(struct table *table, const char *columns)
{
    put(table, "# ");
    for (const char *c = columns; *c; c++)
        put_character(table, *c == ' ' ? '\t' : *c);
    put(table, "\n");
}

enum status table_open(const char *directory, const char *name, const char *columns,
                       struct table **table)
{
    struct draft *draft;
    TRY(draft_open(directory, name, &draft));
    struct table *made = calloc(1, sizeof *made);
    if (!made) {
        draft_discard(draft);
        return status_fail(NO_MEMORY, "out of memory for the table %s", name);
    }
    made->draft = draft;
    put_heading(made, columns);
    *table = made;
    return OK;
}

static void begin_cell(struct table *table)
{
    if (table->in_row)
        put(table, "\t");
    table->in_row = true;
}

/* A tab or a line end inside a cell would break the row: they become blanks. */
void table_text(struct table *table, const char *cell)
{
    begin_cell(table);
    for (const char *c = cell; *c; c++)
        put_character(table, *c == '\t' || *c == '\n' || *c == '\r' ? ' ' : *c);
}

void table_number(struct table *table, double value)
{
    begin_cell(table);
    if (isnan(value))
        put(table, "nan");
    else if (fprintf(draft_file(table->draft), "%.17g", value) < 0)
        draft_failed(table->draft);
}

void table_end_row(struct table *table)
{
    put(table, "\n");
    table->in_row = false;
}

void table_row(struct table *table, size_t count, const double *values)
{
    for (size_t i = 0; i < count; i++)
        table_number(table, values[i]);
    table_end_row(table);
}

void table_blank(struct table *table)
{
    put(table, "\n");
}

enum status table_close(struct table *table)
{
    if (!table)
        return OK;
    struct draft *draft = table->draft;
    free(table);
    return draft_keep(draft);
}

void table_discard(struct table *table)
{
    if (!table)
        return;
    draft_discard(table->draft);
    free(table);
}
