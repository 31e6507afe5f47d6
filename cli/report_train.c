/* What training has come to: a line a rule.
 *
 * A run is a rule and a seed; its rows follow each other in epochs.tsv and layers.tsv, and those of its
 * last measurement are the ones with as many steps as its last row.  A rule's line has means and standard
 * deviations over its seeds, of runs that have not diverged, rounded for reading; all numbers of all runs
 * are in the files.  Means and squares are updated one value at a time (Welford 1962), so that the memory
 * needed is that of the tables. */
#include "cli/report_train.h"

#include "cli/report_sheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const size_t ROWS_MOST = 1000000;
static const double PERCENT = 100;

enum { PLACES_PERCENT = 2, PLACES_LOSS = 4 };

/* ---- the last rows ---- */

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

static enum status last_take(const struct report_manifest *manifest, struct report *report,
                             const struct report_sheet_wanted *wanted, struct report_table *table)
{
    TRY(report_sheet_take(manifest, report, wanted, table));
    last_keep(table);
    return OK;
}

/* ---- over the seeds of a rule ---- */

struct spread {
    size_t count;
    double mean, squares;
};

static double number_at(const struct report_table *table, size_t row, const char *column)
{
    return strtod(report_sheet_cell(table, row, report_sheet_column(table, column)), NULL);
}

static bool is_rule(const struct report_table *table, size_t row, const char *rule)
{
    return strcmp(report_sheet_cell(table, row, report_sheet_column(table, "rule")), rule) == 0;
}

static void spread_add(struct spread *spread, double x)
{
    if (!isfinite(x))
        return;
    const double before = spread->mean;
    spread->mean += (x - before) / (double)++spread->count;
    spread->squares += (x - before) * (x - spread->mean);
}

/* Of a column, times `unit`, over the seeds of a rule that have not diverged. */
static struct spread spread_of(const struct report_table *runs, const char *rule,
                               const char *column, double unit)
{
    struct spread spread = {.count = 0};
    for (size_t row = 0; row < runs->rows; row++)
        if (is_rule(runs, row, rule) && isfinite(number_at(runs, row, "train_loss")))
            spread_add(&spread, unit * number_at(runs, row, column));
    return spread;
}

static const double LARGE = 1e4; /* beyond, places after the point say nothing */

/* "97.26 \u00b1 0.12", "97.26", "1.2e+30", "-" */
static const char *spread_text(struct report *report, struct spread spread, int places)
{
    if (spread.count == 0)
        return "-";
    if (!(fabs(spread.mean) < LARGE))
        return report_text(report, "%.2g", spread.mean);
    if (spread.count == 1)
        return report_text(report, "%.*f", places, spread.mean);
    return report_text(report, "%.*f \u00b1 %.*f", places, spread.mean, places,
                       sqrt(spread.squares / (double)(spread.count - 1)));
}

/* "78, 80, 36": the means of the hidden layers. */
static const char *angles_text(struct report *report, const struct report_table *layers,
                               const char *rule, const char *column)
{
    const char *text = "";
    size_t most = 0;
    for (size_t row = 0; row < layers->rows; row++)
        most = (size_t)fmax((double)most, number_at(layers, row, "layer"));
    for (size_t l = 1; l < most; l++) {
        struct spread spread = {.count = 0};
        for (size_t row = 0; row < layers->rows; row++)
            if (is_rule(layers, row, rule) && number_at(layers, row, "layer") == (double)l)
                spread_add(&spread, number_at(layers, row, column));
        text = report_text(
            report, "%s%s%s", text, l > 1 ? ", " : "",
            spread_text(report, (struct spread){.count = spread.count > 0, .mean = spread.mean},
                        0));
    }
    return *text ? text : "-";
}

/* ---- the table ---- */

enum { COLUMNS = 8 };
static const char *const heads[COLUMNS] = {"Rule",
                                           "Seeds",
                                           "Diverged",
                                           "Test accuracy, %",
                                           "Training accuracy, %",
                                           "Training loss",
                                           "C and W, degrees",
                                           "D and BP, degrees"};

static void rule_line(struct report *report, const struct report_table *runs,
                      const struct report_table *layers, const char *rule, const char **cell)
{
    size_t seeds = 0, diverged = 0;
    for (size_t row = 0; row < runs->rows; row++) {
        seeds += is_rule(runs, row, rule);
        diverged += is_rule(runs, row, rule) && !isfinite(number_at(runs, row, "train_loss"));
    }
    const struct spread test = spread_of(runs, rule, "test_accuracy", PERCENT),
                        train = spread_of(runs, rule, "train_accuracy", PERCENT),
                        loss = spread_of(runs, rule, "train_loss", 1);
    const char *const line[COLUMNS] = {rule,
                                       report_text(report, "%zu", seeds),
                                       report_text(report, "%zu", diverged),
                                       spread_text(report, test, PLACES_PERCENT),
                                       spread_text(report, train, PLACES_PERCENT),
                                       spread_text(report, loss, PLACES_LOSS),
                                       angles_text(report, layers, rule, "weight_angle"),
                                       angles_text(report, layers, rule, "delta_angle")};
    memcpy(cell, line, sizeof line);
}

static enum status rules_tell(struct report *report, const struct report_table *runs,
                              const struct report_table *layers)
{
    const size_t column = report_sheet_column(runs, "rule");
    /* an array of pointers; NOLINTNEXTLINE(bugprone-sizeof-expression) */
    const char **cell = report_block(report, (runs->rows + 1) * COLUMNS * sizeof *cell);
    struct report_table *table = report_table_add(report);
    if (!cell || !table)
        return report_status(report);
    *table = (struct report_table){
        .id = "rules",
        .title = "Every rule at its end",
        .note =
            "Means over the seeds, \u00b1 their standard deviation where there are several; angles "
            "layer by layer, between feedback (C) and what backpropagation has there (W), and "
            "between the error signals of both (D, BP).  All numbers of all runs: epochs.tsv, "
            "layers.tsv",
        .columns = COLUMNS,
        .cell = cell};
    memcpy(cell, heads, sizeof heads);
    for (size_t row = 0; row < runs->rows; row++)
        if (row == 0 || !is_same(runs, row, row - 1, column)) {
            table->rows++;
            rule_line(report, runs, layers, report_sheet_cell(runs, row, column),
                      cell + table->rows * COLUMNS);
        }
    return report_status(report);
}

enum status report_train(const struct report_manifest *manifest, struct report *report)
{
    static const char *const of_run[] = {"rule",       "seed",           "steps",
                                         "train_loss", "train_accuracy", "test_accuracy"};
    static const char *const of_layer[] = {"rule",  "seed",         "steps",
                                           "layer", "weight_angle", "delta_angle"};
    struct report_table runs = {.columns = 0}, layers = {.columns = 0};
    report->title = "Training";
    report->lead = "What every rule has come to; learning curves and angles";
    TRY(last_take(manifest, report,
                  &(struct report_sheet_wanted){.name = "epochs.tsv",
                                                .most = ROWS_MOST,
                                                .columns = sizeof of_run / sizeof *of_run,
                                                .column = of_run},
                  &runs));
    if (report_manifest_lists(manifest, "layers.tsv"))
        TRY(last_take(manifest, report,
                      &(struct report_sheet_wanted){.name = "layers.tsv",
                                                    .most = ROWS_MOST,
                                                    .columns = sizeof of_layer / sizeof *of_layer,
                                                    .column = of_layer},
                      &layers));
    return rules_tell(report, &runs, &layers);
}
