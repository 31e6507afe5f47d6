/* Tab-separated tables, written beside and renamed.
 *
 * A table appears under its name only when table_close() has flushed, checked and renamed it; a
 * crash or a full disk leaves no half table.  Doubles are printed with 17 significant digits and
 * round-trip; NaN is printed as `nan`.  First line: '#' and the column names, separated by tabs.
 * Errors: CANNOT_WRITE with the path and the system's reason, NO_MEMORY.  Write errors are
 * remembered and reported by table_close(). */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/status.h"

#include <stddef.h>

struct table; /* opaque: a file being written */

/* `columns`: names separated by spaces. */
enum status table_open(const char *directory, const char *name, const char *columns,
                       struct table **table) MUST_CHECK;
void table_row(struct table *table, size_t count, const double *values);
void table_text(struct table *table, const char *cell); /* next cell of the current row */
void table_number(struct table *table, double value);   /* next cell of the current row */
void table_end_row(struct table *table);
void table_blank(struct table *table); /* an empty line: gnuplot starts a new curve */
enum status table_close(struct table *table) MUST_CHECK; /* frees; NULL is allowed */
void table_discard(struct table *table);                 /* frees and removes the unfinished file */

#endif
