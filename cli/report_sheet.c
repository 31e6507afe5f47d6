/* The tables of a directory of results. */
#include "cli/report_sheet.h"

#include <string.h>

size_t report_sheet_column(const struct report_table *table, const char *name)
{
    size_t k = 0;
    while (k < table->columns && strcmp(table->cell[k], name) != 0)
        k++;
    return k;
}

const char *report_sheet_cell(const struct report_table *table, size_t row, size_t column)
{
    return table->cell[(row + 1) * table->columns + column];
}

/* The report's last table, which is taken back out of it. */
enum status report_sheet_take(const struct report_manifest *manifest, struct report *report,
                              const struct report_sheet_wanted *wanted, struct report_table *table)
{
    const size_t before = report->tables;
    TRY(report_sheet(report, manifest->directory, wanted->name, wanted->most));
    TRY(report_status(report));
    if (report->tables == before)
        return status_fail(BAD_DATA, "%s/%s is no table of settle %s", manifest->directory,
                           wanted->name, report_manifest_kind(manifest));
    const struct report_table *last = &report->table[--report->tables];
    for (size_t k = 0; k < wanted->columns; k++)
        if (report_sheet_column(last, wanted->column[k]) == last->columns)
            return status_fail(BAD_DATA, "%s/%s has no column %s", manifest->directory,
                               wanted->name, wanted->column[k]);
    *table = *last;
    return OK;
}
