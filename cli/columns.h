/* Aligned columns of text for the terminal.
 *
 * Cells are collected row by row and printed with every column as wide as its widest cell; the last
 * column is not padded.  Width is counted in UTF-8 characters.  Paint is seen on terminals only, and
 * counts nothing.
 * Memory: an object owns copies of its cells; columns_free(NULL) is allowed.
 * Errors: running out of memory is remembered and reported by columns_print(). */
#ifndef CLI_COLUMNS_H
#define CLI_COLUMNS_H

#include "base/status.h"
#include "cli/terminal.h"

#include <stddef.h>
#include <stdio.h>

struct columns; /* opaque */

/* `alignment` has one letter per column, l or r: "lrr". */
struct columns *columns_create(const char *alignment); /* NULL (harmless below) if out of memory */
void columns_cell(struct columns *columns, const char *format, ...) PRINTF_LIKE(2, 3);
void columns_paint(struct columns *columns, enum terminal_paint paint); /* the cell before */
void columns_seconds(struct columns *columns, double seconds);          /* "1.3 ms", "2.4 s" */
enum status columns_print(const struct columns *columns, FILE *file) MUST_CHECK;
/* Cell k of those that were given, row by row; NULL: there are no more. */
const char *columns_text(const struct columns *columns, size_t k);
void columns_free(struct columns *columns);

#endif
