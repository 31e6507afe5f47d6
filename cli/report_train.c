/* What training has come to.
 *
 * A run is a rule and a seed; its rows follow each other, and those of its last measurement are the ones
 * with as many steps as its last row. */
#include "cli/report_train.h"

#include "cli/report_sheet.h"

#include <string.h>

static const size_t ROWS_MOST = 1000000;

static bool is_same(const struct report_table *table, size_t a, size_t b, size_t column)
{
    return strcmp(report_sheet_cell(table, a, column), report_sheet_cell(table, b, column)) == 0;
}

/* The rows of the last measurements, moved to the front. */
static void last_keep(struct report_table *table)
{
    const size_t rule = report_sheet_column(table, "rule"),
                 seed = report_sheet_column(table, "seed"),
                 steps = report_sheet_column(table, "steps");
    size_t kept = 0, last = 0;
    for (size_t row = 0; row < table->rows; row++) {
        if (last < row || row == 0)
            for (last = row; last + 1 < table->rows && is_same(table, last + 1, row, rule) &&
                             is_same(table, last + 1, row, seed);)
                last++;
        if (!is_same(table, row, last, steps))
            continue;
        /* an array of pointers; NOLINTNEXTLINE(bugprone-sizeof-expression) */
        memmove(table->cell + (kept + 1) * table->columns, table->cell + (row + 1) * table->columns,
                /* NOLINTNEXTLINE(bugprone-sizeof-expression) */
                table->columns * sizeof *table->cell);
        kept++;
    }
    table->rows = kept;
}

static enum status last_tell(const struct report_manifest *manifest, struct report *report,
                             const char *name, const char *title)
{
    static const char *const wanted[] = {"rule", "seed", "steps"};
    struct report_table table = {.columns = 0};
    if (!report_manifest_lists(manifest, name))
        return OK;
    TRY(report_sheet_take(manifest, report,
                          &(struct report_sheet_wanted){.name = name,
                                                        .most = ROWS_MOST,
                                                        .columns = sizeof wanted / sizeof *wanted,
                                                        .column = wanted},
                          &table));
    last_keep(&table);
    struct report_table *kept = report_table_add(report);
    if (!kept)
        return report_status(report);
    table.title = title;
    *kept = table;
    return OK;
}

enum status report_train(const struct report_manifest *manifest, struct report *report)
{
    report->title = "Training";
    report->lead = "The last measurement of every run; learning curves and angles";
    TRY(last_tell(manifest, report, "epochs.tsv", "Every run at its end"));
    return last_tell(manifest, report, "layers.tsv", "Its layers: norms, angles in degrees");
}
