/* What a map of basins says.
 *
 * A proved cell of level l has the share 4^-l of the window, a double without rounding for every
 * level that there is, and so are the sums while they have at most 53 bits: 26 levels. */
#include "cli/report_basin.h"

#include "base/number.h"
#include "cli/report_sheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHARE_COLUMNS = 5, PROVED_COLUMNS = 4, CLASSES_MOST = 4096 };

static const size_t LEAVES_MOST = 10000000;
static const size_t CONTRADICTIONS_SHOWN = 50;
static const double PERCENT = 100;
static const unsigned long long LEVEL_MOST = 26;

static const char *percent_text(struct report *report, double share)
{
    return isfinite(share) ? report_text(report, "%.4g %%", PERCENT * share) : "-";
}

static double share_of(const char *text)
{
    double value;
    return number_parse(text, &value) == OK ? value : NAN;
}

/* ---- shares of the classes ---- */

static void row_tell(struct report *report, const struct report_table *from, size_t row,
                     const char **cell)
{
    cell[0] = report_sheet_cell(from, row, report_sheet_column(from, "label"));
    cell[1] = report_sheet_cell(from, row, report_sheet_column(from, "ending"));
    cell[2] = report_sheet_cell(from, row, report_sheet_column(from, "cells"));
    cell[3] = percent_text(
        report, share_of(report_sheet_cell(from, row, report_sheet_column(from, "fraction"))));
    const double low = share_of(report_sheet_cell(from, row, report_sheet_column(from, "low")));
    const double high = share_of(report_sheet_cell(from, row, report_sheet_column(from, "high")));
    cell[4] =
        report_text(report, "%s to %s", percent_text(report, low), percent_text(report, high));
}

static enum status classes_tell(const struct report_manifest *manifest, struct report *report)
{
    static const char *const wanted[] = {"label", "ending", "cells", "fraction", "low", "high"};
    static const char *const heads[SHARE_COLUMNS] = {"class", "ending", "cells", "share",
                                                     "bounds of the share"};
    struct report_table from = {.columns = 0};
    TRY(report_sheet_take(manifest, report,
                          &(struct report_sheet_wanted){.name = "classes.tsv",
                                                        .most = CLASSES_MOST,
                                                        .columns = sizeof wanted / sizeof *wanted,
                                                        .column = wanted},
                          &from));
    /* an array of pointers; NOLINTNEXTLINE(bugprone-sizeof-expression) */
    const char **cell = report_block(report, (from.rows + 1) * SHARE_COLUMNS * sizeof *cell);
    struct report_table *table = cell ? report_table_add(report) : NULL;
    if (!table)
        return report_status(report);
    for (size_t k = 0; k < SHARE_COLUMNS; k++)
        cell[k] = heads[k];
    for (size_t row = 0; row < from.rows; row++)
        row_tell(report, &from, row, cell + (row + 1) * SHARE_COLUMNS);
    *table = (struct report_table){.id = "classes",
                                   .title = "Shares of the starts by class",
                                   .note = "The bounds count what lies at boundaries and what is "
                                           "undecided for and against",
                                   .columns = SHARE_COLUMNS,
                                   .rows = from.rows,
                                   .left_out = from.left_out,
                                   .cell = cell};
    return OK;
}

/* ---- proved shares ---- */

struct proved {
    size_t classes;
    struct {
        const char *label, *ending;
        double share;
        size_t cells;
    } class[CLASSES_MOST];
};

static enum status leaf_add(const struct report_table *leaves, size_t row, struct proved *proved)
{
    const char *label = report_sheet_cell(leaves, row, report_sheet_column(leaves, "class"));
    unsigned long long level = 0;
    size_t k = 0;
    TRY(number_parse_whole(report_sheet_cell(leaves, row, report_sheet_column(leaves, "level")), 0,
                           LEVEL_MOST, &level));
    while (k < proved->classes && strcmp(proved->class[k].label, label) != 0)
        k++;
    if (k == CLASSES_MOST)
        return status_fail(BAD_DATA, "more than %d classes", CLASSES_MOST);
    if (k == proved->classes) {
        proved->classes++;
        proved->class[k].label = label;
        proved->class[k].ending =
            report_sheet_cell(leaves, row, report_sheet_column(leaves, "ending"));
    }
    proved->class[k].cells++;
    proved->class[k].share += ldexp(1, -2 * (int)level);
    return OK;
}

/* Bounds of what is proved, rounded outwards to DIGITS; a product of doubles is off by less than
 * SLACK of itself. */
static const double DIGITS = 1e6, SLACK = 1e-15;

static const char *low_text(struct report *report, double share)
{
    return report_text(report, "%.4f %%", floor(share * DIGITS * (1 - SLACK)) / (DIGITS / PERCENT));
}

static const char *high_text(struct report *report, double share)
{
    return report_text(report, "%.4f %%", ceil(share * DIGITS * (1 + SLACK)) / (DIGITS / PERCENT));
}

static double undecided_share(const struct proved *proved)
{
    for (size_t k = 0; k < proved->classes; k++)
        if (strcmp(proved->class[k].label, "undecided") == 0)
            return proved->class[k].share;
    return 0;
}

static enum status proved_table(struct report *report, const struct proved *proved)
{
    static const char *const heads[PROVED_COLUMNS] = {"class", "ending", "cells",
                                                      "share of the area"};
    const double open = undecided_share(proved);
    /* an array of pointers; NOLINTNEXTLINE(bugprone-sizeof-expression) */
    const char **cell = report_block(report, (proved->classes + 1) * PROVED_COLUMNS * sizeof *cell);
    struct report_table *table = cell ? report_table_add(report) : NULL;
    if (!table)
        return report_status(report);
    for (size_t k = 0; k < PROVED_COLUMNS; k++)
        cell[k] = heads[k];
    for (size_t k = 0; k < proved->classes; k++) {
        const bool is_open = strcmp(proved->class[k].label, "undecided") == 0;
        const double share = proved->class[k].share;
        const char **row = cell + (k + 1) * PROVED_COLUMNS;
        row[0] = is_open ? "not proved" : proved->class[k].label;
        row[1] = is_open ? "-" : proved->class[k].ending;
        row[2] = report_text(report, "%zu", proved->class[k].cells);
        row[3] = is_open ? high_text(report, share)
                         : report_text(report, "%s to %s", low_text(report, share),
                                       high_text(report, share + open));
    }
    *table = (struct report_table){
        .id = "proved",
        .title = "Proved shares of the area",
        .note = "Every start of a proved cell ends as its class says; "
                "the upper bounds add all that is not proved; both are rounded outwards",
        .columns = PROVED_COLUMNS,
        .rows = proved->classes,
        .cell = cell};
    return OK;
}

static enum status leaves_add(const struct report_manifest *manifest, struct report *report,
                              struct proved *proved)
{
    static const char *const wanted[] = {"level", "ending", "class"};
    struct report_table leaves = {.columns = 0};
    TRY(report_sheet_take(manifest, report,
                          &(struct report_sheet_wanted){.name = "certified.tsv",
                                                        .most = LEAVES_MOST,
                                                        .columns = sizeof wanted / sizeof *wanted,
                                                        .column = wanted},
                          &leaves));
    for (size_t row = 0; row < leaves.rows; row++)
        TRY(leaf_add(&leaves, row, proved));
    return proved_table(report, proved);
}

static enum status proved_tell(const struct report_manifest *manifest, struct report *report)
{
    struct proved *proved = report_block(report, sizeof *proved);
    return proved ? leaves_add(manifest, report, proved) : report_status(report);
}

/* ---- what is compared ---- */

/* The rows of a table that is empty where all is well. */
static enum status comparison_tell(const struct report_manifest *manifest, struct report *report,
                                   const char *name, const char *term)
{
    struct report_table table = {.columns = 0};
    if (!report_manifest_lists(manifest, name))
        return OK;
    TRY(report_sheet_take(manifest, report,
                          &(struct report_sheet_wanted){.name = name, .most = CONTRADICTIONS_SHOWN},
                          &table));
    const size_t rows = table.rows + table.left_out;
    report_fact(report, &report->summary,
                (struct report_fact){
                    term, rows == 0 ? "none" : report_text(report, "%zu, see the table", rows),
                    REPORT_PLAIN});
    if (rows > 0) {
        struct report_table *kept = report_table_add(report);
        if (kept)
            *kept = table;
    }
    return report_status(report);
}

static const char *word_of(const struct report_manifest *manifest, const char *key)
{
    const char *word = json_string_value(json_object_get(manifest->parameters, key));
    return word ? word : "";
}

static void heading_tell(const struct report_manifest *manifest, struct report *report)
{
    const char *rule = word_of(manifest, "rule");
    report->title = report_text(report, "Basins of %s%s%s", word_of(manifest, "system"),
                                *rule ? " under " : "", rule);
    report->lead = "Where the starts of the map end, class by class";
    if (report_manifest_lists(manifest, "basin.certificate"))
        report_fact(
            report, &report->summary,
            (struct report_fact){"Certificate", "settle-check basin.certificate", REPORT_COMMAND});
}

enum status report_basin(const struct report_manifest *manifest, struct report *report)
{
    heading_tell(manifest, report);
    TRY(classes_tell(manifest, report));
    if (report_manifest_lists(manifest, "certified.tsv")) {
        TRY(proved_tell(manifest, report));
        TRY(comparison_tell(manifest, report, "contradictions.tsv",
                            "Starts that contradict a proof"));
    }
    return comparison_tell(manifest, report, "check.tsv", "Cells that contradict their prediction");
}
