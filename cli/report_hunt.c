/* What a hunt says: the question, the verdict, the witness as one line to be typed again, how far it
 * is from doubt, and what was tried.
 *
 * hunt.json holds all of it, as `settle hunt --json` prints it, hunt_print.h.  Texts and numbers that
 * are not there, as in a file that was changed, are left out; a file without a claim is refused. */
#include "cli/report_hunt.h"

#include "plots/content.h"

#include <math.h>
#include <string.h>

static const char HUNT[] = "hunt.json";
static const size_t FILE_LARGE = 20000000; /* bytes */

/* ---- what the file holds ---- */

/* json_object_get() of NULL is NULL, and so on. */
static const char *text_at(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static const char *count_at(struct report *report, const json_t *object, const char *name)
{
    const json_t *count = json_object_get(object, name);
    return json_is_integer(count)
               ? report_text(report, "%" JSON_INTEGER_FORMAT, json_integer_value(count))
               : "-";
}

static const char *number_at(struct report *report, const char *format, const json_t *object,
                             const char *name)
{
    enum { SHOWN = 40 };
    char text[SHOWN];
    const json_t *number = json_object_get(object, name);
    if (!json_is_number(number))
        return "-";
    snprintf(text, sizeof text, format, json_number_value(number));
    return report_copy(report, text);
}

static void tell(struct report *report, const char *term, enum report_form form, const char *text)
{
    report_fact(report, &report->summary,
                (struct report_fact){.term = term, .form = form, .text = text});
}

static void question_tell(const json_t *hunt, struct report *report)
{
    tell(report, "Statement", REPORT_FORMULA, text_at(hunt, "statement"));
    tell(report, "Hypotheses", REPORT_FORMULA, text_at(hunt, "hypotheses"));
    tell(report, "Source", REPORT_PLAIN, text_at(hunt, "source"));
    tell(report, "Verdict of the hunt", REPORT_PLAIN, text_at(hunt, "verdict"));
}

/* ---- a violation ---- */

static const char *margin_text(const json_t *witness, struct report *report)
{
    const json_t *bdf = json_object_get(witness, "bdf"), *rk = json_object_get(witness, "rk8pd");
    const char *is = text_at(witness, "margin_is");
    return report_text(report, "%s by BDF, %s by rk8pd; below 0 the conclusion fails%s%s",
                       number_at(report, "%.4g", bdf, "margin"),
                       number_at(report, "%.4g", rk, "margin"), is ? ".  It is the " : "",
                       is ? is : "");
}

static const char *confirmed_text(const json_t *witness, struct report *report)
{
    const json_t *at = json_object_get(witness, "confirmed_at");
    const char *exact = text_at(witness, "exact");
    return report_text(report, "CVODE BDF and GSL rk8pd at rtol %s; exact algebra: %s",
                       number_at(report, "%g", at, "rtol"), exact ? exact : "-");
}

static void witness_tell(const json_t *hunt, struct report *report)
{
    const json_t *witness = json_object_get(hunt, "witness");
    const json_t *bdf = json_object_get(witness, "bdf");
    const char *certificate = text_at(hunt, "certificate"), *phase = text_at(witness, "phase");
    if (!json_is_object(witness))
        return;
    tell(report, "Witness", REPORT_COMMAND, text_at(witness, "command"));
    tell(report, "What fails", REPORT_FORMULA, text_at(bdf, "reason"));
    tell(report, "Ending", REPORT_PLAIN, text_at(bdf, "ending"));
    tell(report, "Margin", REPORT_PLAIN, margin_text(witness, report));
    tell(report, "Confirmed by", REPORT_PLAIN, confirmed_text(witness, report));
    tell(report, "Found by", REPORT_PLAIN,
         report_text(report, "%s, after %s instances, and made smaller in %s steps",
                     phase ? phase : "-", count_at(report, witness, "found_after"),
                     count_at(report, witness, "shrinking_steps")));
    tell(report, "As found", REPORT_COMMAND,
         text_at(json_object_get(witness, "as_found"), "command"));
    if (certificate)
        tell(report, "Certificate", REPORT_COMMAND,
             report_text(report, "settle-check %s", certificate));
}

/* ---- no violation ---- */

static void nothing_tell(const json_t *hunt, struct report *report)
{
    const json_t *search = json_object_get(hunt, "search");
    if (json_is_object(json_object_get(hunt, "witness")))
        return;
    if (json_is_number(json_object_get(search, "failure_measure_below")))
        tell(report, "That means", REPORT_PLAIN,
             report_text(report,
                         "%s instances, of which %s drawn independently: with confidence %s "
                         "violations have measure below %s among what is drawn",
                         count_at(report, search, "instances"),
                         count_at(report, search, "independent"),
                         number_at(report, "%.2g", search, "confidence"),
                         number_at(report, "%.3g", search, "failure_measure_below")));
    if (json_is_number(json_object_get(search, "least_margin")))
        tell(report, "Least margin", REPORT_PLAIN,
             report_text(report, "%s, at:", number_at(report, "%.3g", search, "least_margin")));
    tell(report, "Nearest", REPORT_COMMAND, text_at(search, "nearest"));
}

/* Where the conclusion fails without a hypothesis, and what stays undecided: commands, which tables
 * would set as mathematics. */
static void instances_tell(const json_t *hunt, struct report *report)
{
    const json_t *drop, *candidate;
    size_t k;
    json_array_foreach(json_object_get(hunt, "dropped"), k, drop)
    {
        const char *says = text_at(drop, "hypothesis");
        tell(report, report_text(report, "Without %s", says ? says : "-"), REPORT_COMMAND,
             text_at(json_object_get(drop, "fails_at"), "command"));
    }
    json_array_foreach(json_object_get(hunt, "candidates"), k, candidate)
    {
        const char *why = text_at(candidate, "why");
        tell(report, report_text(report, "Undecided: %s", why ? why : "-"), REPORT_COMMAND,
             text_at(candidate, "command"));
    }
}

/* ---- what was tried ---- */

enum { PHASE_COLUMNS = 5, DROP_COLUMNS = 4 };

static void phase_row(struct report *report, const json_t *phase, const char **cell)
{
    cell[0] = text_at(phase, "phase");
    cell[1] = count_at(report, phase, "instances");
    cell[2] = count_at(report, phase, "undecided");
    cell[3] = count_at(report, phase, "candidates");
    cell[4] = number_at(report, "%.2f", phase, "seconds");
}

static void drop_row(struct report *report, const json_t *drop, const char **cell)
{
    const json_t *fails = json_object_get(drop, "fails_at");
    cell[0] = text_at(drop, "hypothesis");
    cell[1] = count_at(report, drop, "instances");
    cell[2] = count_at(report, drop, "undecided");
    cell[3] = json_is_object(fails) ? text_at(json_object_get(fails, "bdf"), "reason") : "nothing";
}

struct listing {
    const char *id, *title, *note;
    size_t columns;
    const char *head[PHASE_COLUMNS];
    void (*row)(struct report *report, const json_t *entry, const char **cell);
};

static const struct listing phases = {
    .id = "phases",
    .title = "What was tried",
    .columns = PHASE_COLUMNS,
    .head = {"phase", "instances", "undecided", "candidates", "seconds"},
    .row = phase_row,
};

static const struct listing drops = {
    .id = "dropped",
    .title = "One hypothesis dropped at a time",
    .note = "Where the conclusion fails without it, the hypothesis is needed",
    .columns = DROP_COLUMNS,
    .head = {"without", "instances", "undecided", "what fails"},
    .row = drop_row,
};

static enum status list_tell(const json_t *list, const struct listing *listing,
                             struct report *report)
{
    const size_t rows = json_array_size(list), columns = listing->columns;
    if (rows == 0)
        return OK;
    /* an array of pointers; NOLINTNEXTLINE(bugprone-sizeof-expression) */
    const char **cell = report_block(report, (rows + 1) * columns * sizeof *cell);
    struct report_table *table = cell ? report_table_add(report) : NULL;
    if (!table)
        return report_status(report);
    memcpy(cell, listing->head, columns * sizeof *listing->head);
    for (size_t row = 0; row < rows; row++)
        listing->row(report, json_array_get(list, row), cell + (row + 1) * columns);
    for (size_t k = columns; k < (rows + 1) * columns; k++)
        cell[k] = cell[k] ? cell[k] : "-";
    *table = (struct report_table){.id = listing->id,
                                   .title = listing->title,
                                   .note = listing->note,
                                   .columns = columns,
                                   .rows = rows,
                                   .cell = cell};
    return OK;
}

static const char *lead_of(const json_t *hunt)
{
    const char *verdict = text_at(hunt, "verdict");
    if (json_is_object(json_object_get(hunt, "witness")))
        return "A counterexample was found, confirmed and made as small as it goes";
    return verdict && strcmp(verdict, "undecided") == 0
               ? "No counterexample was confirmed; some candidates stay undecided"
               : "A counterexample was looked for, and none was found, which is no proof";
}

static enum status hunt_tell(const json_t *hunt, const struct report_manifest *manifest,
                             struct report *report)
{
    const char *claim = text_at(hunt, "claim");
    if (!claim)
        return status_fail(BAD_DATA, "%s/%s names no claim", manifest->directory, HUNT);
    report->title = report_text(report, "Hunt for a counterexample to %s", claim);
    report->lead = lead_of(hunt);
    question_tell(hunt, report);
    witness_tell(hunt, report);
    nothing_tell(hunt, report);
    instances_tell(hunt, report);
    TRY(list_tell(json_object_get(json_object_get(hunt, "search"), "phases"), &phases, report));
    TRY(list_tell(json_object_get(hunt, "dropped"), &drops, report));
    return OK;
}

/* The texts stay in the report, and so they are copied: the file's go with it. */
static void texts_keep(struct report *report, size_t fact, size_t table)
{
    for (; fact < report->summary.count; fact++)
        report->summary.fact[fact].text = report_copy(report, report->summary.fact[fact].text);
    for (; table < report->tables; table++) {
        const struct report_table *t = &report->table[table];
        for (size_t k = 0; k < (t->rows + 1) * t->columns; k++)
            t->cell[k] = report_copy(report, t->cell[k]);
    }
}

enum status report_hunt(const struct report_manifest *manifest, struct report *report)
{
    struct content content;
    json_error_t where;
    const size_t fact = report->summary.count, table = report->tables;
    TRY(content_read(manifest->directory, HUNT, FILE_LARGE, &content));
    json_t *hunt = json_loadb(content.text, content.length, 0, &where);
    content_free(&content);
    if (!hunt)
        return status_fail(BAD_DATA, "%s/%s is no JSON: line %d: %s", manifest->directory, HUNT,
                           where.line, where.text);
    const enum status status = hunt_tell(hunt, manifest, report);
    if (status == OK)
        texts_keep(report, fact, table);
    json_decref(hunt);
    return status == OK ? report_status(report) : status;
}
