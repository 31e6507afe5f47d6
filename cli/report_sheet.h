/* The tables of a directory of results, read to be told otherwise.
 *
 * Shapes: rows are counted from 0, without the head.  Memory: the report's.
 * Errors: CANNOT_READ, BAD_DATA with what is expected; NO_MEMORY. */
#ifndef CLI_REPORT_SHEET_H
#define CLI_REPORT_SHEET_H

#include "cli/report_manifest.h"

/* The first `most` rows of a file, which must be a table with these columns. */
struct report_sheet_wanted {
    const char *name;
    size_t most, columns;
    const char *const *column; /* [columns] */
};
enum status report_sheet_take(const struct report_manifest *manifest, struct report *report,
                              const struct report_sheet_wanted *wanted,
                              struct report_table *table) MUST_CHECK;

/* The column of that name, or table->columns. */
size_t report_sheet_column(const struct report_table *table, const char *name);

const char *report_sheet_cell(const struct report_table *table, size_t row, size_t column);

#endif
