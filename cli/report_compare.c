/* What a comparison has come to.
 *
 * The last row of the table of verdicts is the one on the whole; it becomes a fact of the summary, the
 * others are a table, numbers with as many digits as anybody reads. */
#include "cli/report_compare.h"

#include "base/number.h"
#include "cli/report_sheet.h"

#include <math.h>
#include <string.h>

static const size_t ROWS_MOST = 100000;
static const char WHOLE[] = "comparison";

enum { DISTANCE, ORDER, INTERVAL, EXPECTED, VERDICT, REASON, COLUMNS };

static const char *number_text(struct report *report, const char *format, const char *text)
{
    double value;
    return number_parse(text, &value) == OK && isfinite(value) ? report_text(report, format, value)
                                                               : "-";
}

static const char *cell_of(const struct report_table *from, size_t row, const char *name)
{
    return report_sheet_cell(from, row, report_sheet_column(from, name));
}

static void row_tell(struct report *report, const struct report_table *from, size_t row,
                     const char **cell)
{
    const char *low = number_text(report, "%.3f", cell_of(from, row, "low")),
               *high = number_text(report, "%.3f", cell_of(from, row, "high"));
    cell[DISTANCE] = cell_of(from, row, "distance");
    cell[ORDER] = number_text(report, "%.3f", cell_of(from, row, "order"));
    cell[INTERVAL] = strcmp(low, "-") == 0 ? "-" : report_text(report, "%s to %s", low, high);
    cell[EXPECTED] = number_text(report, "%g", cell_of(from, row, "expected"));
    cell[VERDICT] = cell_of(from, row, "verdict");
    cell[REASON] = cell_of(from, row, "reason");
}

static void whole_tell(struct report *report, const struct report_table *from)
{
    const size_t last = from->rows - 1;
    report_fact(report, &report->summary,
                (struct report_fact){"Verdict", cell_of(from, last, "verdict"), REPORT_PLAIN});
}

/* All rows of `from` but the last. */
static enum status orders_tell(struct report *report, const struct report_table *from)
{
    static const char *const heads[COLUMNS] = {"distance", "order",   "95 % interval",
                                               "expected", "verdict", "reason"};
    /* an array of pointers; NOLINTNEXTLINE(bugprone-sizeof-expression) */
    const char **cell = report_block(report, from->rows * COLUMNS * sizeof *cell);
    struct report_table *table = cell ? report_table_add(report) : NULL;
    if (!table)
        return report_status(report);
    for (size_t k = 0; k < COLUMNS; k++)
        cell[k] = heads[k];
    for (size_t row = 0; row + 1 < from->rows; row++)
        row_tell(report, from, row, cell + (row + 1) * COLUMNS);
    *table = (struct report_table){.id = "verdicts",
                                   .title = "Orders in the learning rate, and their verdicts",
                                   .columns = COLUMNS,
                                   .rows = from->rows - 1,
                                   .cell = cell};
    return OK;
}

static enum status distances_tell(const struct report_manifest *manifest, struct report *report)
{
    static const char *const wanted[] = {"eta", "flow", "modified"};
    struct report_table from = {.columns = 0};
    if (!report_manifest_lists(manifest, "orders.tsv"))
        return OK;
    TRY(report_sheet_take(manifest, report,
                          &(struct report_sheet_wanted){.name = "orders.tsv",
                                                        .most = ROWS_MOST,
                                                        .columns = sizeof wanted / sizeof *wanted,
                                                        .column = wanted},
                          &from));
    struct report_table *table = report_table_add(report);
    if (!table)
        return report_status(report);
    *table = from;
    table->title = "Distances, with standard errors";
    table->note = "flow, modified and rms: the largest along the path; deviation and bias: at T";
    return OK;
}

enum status report_compare(const struct report_manifest *manifest, struct report *report)
{
    static const char *const wanted[] = {"distance", "order",   "low",   "high",
                                         "expected", "verdict", "reason"};
    struct report_table from = {.columns = 0};
    report->title = "Steps against their flow";
    report->lead =
        "At which order in the learning rate steps agree with their differential equation";
    TRY(report_sheet_take(manifest, report,
                          &(struct report_sheet_wanted){.name = "verdicts.tsv",
                                                        .most = ROWS_MOST,
                                                        .columns = sizeof wanted / sizeof *wanted,
                                                        .column = wanted},
                          &from));
    if (from.rows == 0 || strcmp(cell_of(&from, from.rows - 1, "distance"), WHOLE) != 0)
        return status_fail(BAD_DATA, "%s/verdicts.tsv does not end with the verdict on the whole",
                           manifest->directory);
    whole_tell(report, &from);
    TRY(orders_tell(report, &from));
    return distances_tell(manifest, report);
}
