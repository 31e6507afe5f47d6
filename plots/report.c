/* What is to be said of a directory of results.
 *
 * Everything that is added hangs on one chain and is freed with it; lists grow by doubling, and what
 * they have outgrown is freed at the end, too. */
#include "plots/report.h"

#include "plots/content.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const size_t SHEET_MOST = 4000000; /* bytes; a larger table is data and no reading */

const char *const report_verdicts[REPORT_VERDICTS] = {"proved", "certified", "supported",
                                                      "undecided", "refuted"};

struct report_kept {
    struct report_kept *next;
    max_align_t block[]; /* what was asked for */
};

struct report *report_create(void)
{
    return calloc(1, sizeof(struct report));
}

void report_free(struct report *report)
{
    if (!report)
        return;
    for (size_t k = 0; k < report->figures; k++)
        svg_free(&report->figure[k].svg);
    while (report->kept) {
        struct report_kept *next = report->kept->next;
        free(report->kept);
        report->kept = next;
    }
    free(report);
}

enum status report_status(const struct report *report)
{
    return report->failed ? status_fail(NO_MEMORY, "no memory for the report") : OK;
}

void *report_block(struct report *report, size_t size)
{
    struct report_kept *kept = calloc(1, sizeof *kept + size);
    if (!kept) {
        report->failed = true;
        return NULL;
    }
    kept->next = report->kept;
    report->kept = kept;
    return kept->block;
}

const char *report_text(struct report *report, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = length < 0 ? NULL : report_block(report, (size_t)length + 1);
    if (!text)
        return "";
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

const char *report_copy(struct report *report, const char *text)
{
    return report_text(report, "%s", text);
}

/* ---- lists ---- */

/* list[count] of `size` bytes each, with room for one more: itself, or twice as large at 0, 1, 2, 4 ... */
static void *list_room(struct report *report, void *list, size_t count, size_t size)
{
    if (count > 0 && (count & (count - 1)) != 0)
        return list;
    void *larger = report_block(report, (count > 0 ? 2 * count : 1) * size);
    if (larger && count > 0)
        memcpy(larger, list, count * size);
    return larger;
}

void report_fact(struct report *report, struct report_facts *facts, struct report_fact fact)
{
    if (!fact.text || !*fact.text)
        return;
    struct report_fact *list = list_room(report, facts->fact, facts->count, sizeof *list);
    if (!list)
        return;
    facts->fact = list;
    facts->fact[facts->count++] = fact;
}

void report_warn(struct report *report, const char *text)
{
    /* an array of pointers; NOLINTNEXTLINE(bugprone-sizeof-expression) */
    const char **list = list_room(report, report->warning, report->warnings, sizeof *list);
    if (!list)
        return;
    report->warning = list;
    report->warning[report->warnings++] = text;
}

struct report_claim *report_claim_add(struct report *report)
{
    struct report_claim *list = list_room(report, report->claim, report->claims, sizeof *list);
    if (!list)
        return NULL;
    report->claim = list;
    return &list[report->claims++];
}

struct report_figure *report_figure_add(struct report *report)
{
    struct report_figure *list = list_room(report, report->figure, report->figures, sizeof *list);
    if (!list)
        return NULL;
    report->figure = list;
    return &list[report->figures++];
}

struct report_table *report_table_add(struct report *report)
{
    struct report_table *list = list_room(report, report->table, report->tables, sizeof *list);
    if (!list)
        return NULL;
    report->table = list;
    return &list[report->tables++];
}

struct report_file *report_file_add(struct report *report)
{
    struct report_file *list = list_room(report, report->file, report->files, sizeof *list);
    if (!list)
        return NULL;
    report->file = list;
    return &list[report->files++];
}

/* ---- tables from files ---- */

static size_t count_of(const char *text, size_t length, char c)
{
    size_t count = 0;
    for (size_t k = 0; k < length; k++)
        count += text[k] == c;
    return count;
}

/* The cells of a line, cut in place; those that are missing are "". */
static void row_cut(char *line, size_t columns, const char **cell)
{
    for (size_t k = 0; k < columns; k++) {
        char *end = strchr(line, '\t');
        cell[k] = line;
        if (!end) {
            line += strlen(line);
            continue;
        }
        *end = '\0';
        line = end + 1;
    }
}

/* Empty lines are passed. */
static char *line_next(char **at)
{
    char *line = *at + strspn(*at, "\n"), *end = strchr(line, '\n');
    if (!*line)
        return NULL;
    *at = end ? end + 1 : line + strlen(line);
    if (end)
        *end = '\0';
    return line;
}

/* Six digits are enough to be read; what is no number, or a short one, stays. */
static const char *rounded(struct report *report, const char *text)
{
    enum { SHORT = 9, TEXT = 32 };
    char digits[TEXT], *end;
    if (strlen(text) <= SHORT || strspn(text, "0123456789.-+e") != strlen(text))
        return text;
    const double value = strtod(text, &end);
    snprintf(digits, sizeof digits, "%.6g", value);
    return *end ? text : report_copy(report, digits);
}

static void table_fill(struct report *report, struct report_table *table, char *text)
{
    char *line = line_next(&text);
    row_cut(line + strspn(line, "# "), table->columns, table->cell);
    for (size_t k = 1; k <= table->rows && (line = line_next(&text)); k++)
        row_cut(line, table->columns, table->cell + k * table->columns);
    for (size_t k = table->columns; k < (table->rows + 1) * table->columns; k++)
        if (table->cell[k])
            table->cell[k] = rounded(report, table->cell[k]);
}

struct shape {
    size_t columns, rows, gaps; /* columns 0: it is no table */
};

/* A head, and every line but the empty ones as long as it. */
static struct shape shape_of(const char *text)
{
    const size_t tabs = count_of(text, strcspn(text, "\n"), '\t');
    struct shape shape = {.columns = *text == '#' && tabs > 0 ? tabs + 1 : 0};
    for (const char *at = text; *at; at += strcspn(at, "\n"), at += *at == '\n') {
        if (*at != '\n' && count_of(at, strcspn(at, "\n"), '\t') != tabs)
            return (struct shape){.columns = 0};
        shape.rows += *at != '\n';
        shape.gaps += *at == '\n';
    }
    shape.rows -= shape.rows > 0;
    return shape;
}

static void table_add(struct report *report, const char *name, const char *text, size_t most)
{
    const struct shape shape = shape_of(text);
    const size_t rows = shape.rows;
    struct report_table *table = shape.columns > 0 ? report_table_add(report) : NULL;
    if (!table)
        return;
    *table = (struct report_table){.id = name,
                                   .title = name,
                                   .note = "Numbers are rounded to six digits",
                                   .columns = shape.columns,
                                   .has_gaps = shape.gaps > 0,
                                   .rows = rows < most ? rows : most,
                                   .left_out = rows < most ? 0 : rows - most};
    /* an array of pointers; NOLINTNEXTLINE(bugprone-sizeof-expression) */
    table->cell = report_block(report, (table->rows + 1) * table->columns * sizeof *table->cell);
    if (table->cell)
        table_fill(report, table, (char *)text);
    else
        report->tables--;
}

enum status report_sheet(struct report *report, const char *directory, const char *name,
                         size_t most)
{
    struct content content;
    const enum status status = content_read(directory, name, SHEET_MOST, &content);
    if (status == BAD_DATA)
        return OK; /* too large */
    TRY(status);
    if (strlen(content.text) == content.length)
        table_add(report, report_copy(report, name), report_copy(report, content.text), most);
    content_free(&content);
    return OK;
}
