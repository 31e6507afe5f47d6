/* Samples as text: one line each, numbers separated by commas, in UTF-8.
 *
 *   - the first line may be a header (titles only; nan, inf and 1.2.3 are not titles);
 *   - numbers are written as on the command line (base/number.h: 0.25, 1e-3, -1/2);
 *   - blanks around a number, CR LF line ends, a byte-order mark and blank lines at the end are
 *     allowed;
 *   - quotes, comments, blank lines between samples and another number of columns than in the first
 *     line are not.
 *
 * csv_line() takes the next line that is no blank one, csv_numbers() reads its cells.
 * Memory: csv_create() makes one block, of the longest line that is allowed; freed by csv_free()
 * (NULL is allowed).  The file stays the caller's.
 * Errors: BAD_DATA with the file, the line and what was expected; CANNOT_READ, NO_MEMORY. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/data_file.h"

#include <stdbool.h>
#include <stddef.h>

enum { CSV_COLUMNS_MOST = 20000 };

struct csv; /* opaque */

/* `columns`: the most that a line may have, at most CSV_COLUMNS_MOST; it bounds the bytes of a line
 * too. */
enum status csv_create(struct data_file *file, size_t columns, struct csv **csv) MUST_CHECK;
void csv_free(struct csv *csv);

/* *more is false at the end of the file. */
enum status csv_line(struct csv *csv, bool *more) MUST_CHECK;
size_t csv_columns(const struct csv *csv);     /* of every line; 0 before the first */
size_t csv_line_number(const struct csv *csv); /* from 1 */
bool csv_is_header(const struct csv *csv);     /* is this the first line, and one of titles? */

/* value[count]: the cells first, ..., first + count - 1 of the line at hand. */
enum status csv_numbers(const struct csv *csv, size_t first, size_t count,
                        double *value) MUST_CHECK;

/* BAD_DATA about the line at hand: `what`, or that it has not the columns that `expected` says. */
enum status csv_fail(const struct csv *csv, const char *what) MUST_CHECK;
enum status csv_fail_columns(const struct csv *csv, const char *expected) MUST_CHECK;

#endif
