/* What was proved: the answer, the claims of certificates, and the steps of proofs.
 *
 * Both of the latter are texts of lines that begin with a word.  Of a certificate the claim is told, and where its
 * limit lies, to as many digits as doubles have: the box itself is of rationals and stays in the file.
 * What makes a claim certain is settle-check, not this page, so its command is told, too. */
#include "cli/report_prove.h"

#include "plots/content.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const size_t FILE_LARGE = 20000000; /* bytes */

enum { CERTIFICATE_COLUMNS = 3, PROOF_COLUMNS = 2, DIGITS_SAID = 12 };

static const char CERTIFICATE[] = ".certificate", PROOF[] = ".proof", ANSWER[] = "answer.json";

static bool ends_with(const char *name, const char *end)
{
    return strlen(name) > strlen(end) && strcmp(name + strlen(name) - strlen(end), end) == 0;
}

static size_t count_of(const struct report_manifest *manifest, const char *end)
{
    size_t count = 0;
    const char *name;
    json_t *value;
    json_object_foreach(manifest->outputs, name, value)
    {
        count += ends_with(name, end);
    }
    return count;
}

static enum status text_take(const struct report_manifest *manifest, const char *name,
                             struct report *report, const char **text)
{
    struct content content;
    TRY(content_read(manifest->directory, name, FILE_LARGE, &content));
    *text = report_copy(report, content.text);
    content_free(&content);
    return report_status(report);
}

/* What follows the first line's word `word`, or NULL. */
static const char *line_of(struct report *report, const char *text, const char *word)
{
    const size_t length = strlen(word);
    for (const char *at = text; *at; at += strcspn(at, "\n"), at += *at == '\n')
        if (strncmp(at, word, length) == 0 && at[length] == ' ')
            return report_text(report, "%.*s", (int)(strcspn(at, "\n") - length - 1),
                               at + length + 1);
    return NULL;
}

/* ---- certificates ---- */

/* P/Q or P; NAN: too large for doubles. */
static double rational_at(const char *text, const char **end)
{
    char *after = NULL;
    double x = strtod(text, &after);
    if (*after == '/')
        x /= strtod(after + 1, &after);
    *end = after;
    return x;
}

/* "2, 0.5": the middles of the intervals "A:B C:D"; "" where doubles cannot say it. */
static const char *middles_text(struct report *report, const char *box)
{
    const char *text = "", *at = box;
    while (*at) {
        const char *from = at;
        const double a = rational_at(at, &at);
        const double b = *at == ':' ? rational_at(at + 1, &at) : a;
        if (at == from || !isfinite(a) || !isfinite(b) || (*at != ' ' && *at != '\0'))
            return "";
        text =
            report_text(report, "%s%s%.*g", text, *text ? ", " : "", DIGITS_SAID, a + (b - a) / 2);
        at += *at == ' ';
    }
    return text;
}

static enum status certificate_tell(const struct report_manifest *manifest, const char *name,
                                    struct report *report, const char **cell)
{
    const char *text = NULL;
    TRY(text_take(manifest, name, report, &text));
    const char *claim = line_of(report, text, "claim"), *box = line_of(report, text, "limit");
    if (!claim)
        return status_fail(BAD_DATA, "%s/%s has no line \"claim ...\"", manifest->directory, name);
    cell[0] = report_copy(report, name);
    cell[1] = claim;
    cell[2] = box ? middles_text(report, box) : "";
    return OK;
}

static enum status certificates_tell(const struct report_manifest *manifest, struct report *report)
{
    static const char *const heads[CERTIFICATE_COLUMNS] = {"File", "Claim", "Limit, about"};
    const size_t rows = count_of(manifest, CERTIFICATE);
    if (rows == 0)
        return OK;
    /* an array of pointers; NOLINTNEXTLINE(bugprone-sizeof-expression) */
    const char **cell = report_block(report, (rows + 1) * CERTIFICATE_COLUMNS * sizeof *cell);
    struct report_table *table = report_table_add(report);
    if (!cell || !table)
        return report_status(report);
    *table = (struct report_table){.id = "certificates",
                                   .title = "What is proved: the claims of the certificates",
                                   .columns = CERTIFICATE_COLUMNS,
                                   .rows = rows,
                                   .cell = cell};
    memcpy(cell, heads, sizeof heads);
    const char *name, *first = NULL;
    json_t *value;
    json_object_foreach(manifest->outputs, name, value)
    {
        if (!ends_with(name, CERTIFICATE))
            continue;
        cell += CERTIFICATE_COLUMNS;
        TRY(certificate_tell(manifest, name, report, cell));
        first = first ? first : name;
    }
    report_fact(report, &report->summary,
                (struct report_fact){.term = "To prove it again",
                                     .text = rows == 1
                                                 ? report_text(report, "settle-check %s", first)
                                                 : "settle-check *.certificate",
                                     .form = REPORT_COMMAND});
    return OK;
}

/* ---- proofs ---- */

static size_t lines_of(const char *text)
{
    size_t count = 0;
    for (const char *at = text; *at; at += strcspn(at, "\n"), at += *at == '\n')
        count++;
    return count;
}

/* A line "word rest" is a row. */
static void steps_fill(struct report *report, const char *text, const char **cell)
{
    for (const char *at = text; *at; at += strcspn(at, "\n"), at += *at == '\n') {
        const size_t word = strcspn(at, " \n"), length = strcspn(at, "\n");
        cell += PROOF_COLUMNS;
        cell[0] = report_text(report, "%.*s", (int)word, at);
        cell[1] = report_text(report, "%.*s", (int)(length - word), at + word);
        cell[1] += *cell[1] == ' ';
    }
}

static enum status proof_tell(const struct report_manifest *manifest, const char *name,
                              struct report *report)
{
    static const char *const heads[PROOF_COLUMNS] = {"", "Step"};
    const char *text = NULL;
    TRY(text_take(manifest, name, report, &text));
    const size_t rows = lines_of(text);
    /* an array of pointers; NOLINTNEXTLINE(bugprone-sizeof-expression) */
    const char **cell = report_block(report, (rows + 1) * PROOF_COLUMNS * sizeof *cell);
    struct report_table *table = report_table_add(report);
    if (!cell || !table)
        return report_status(report);
    memcpy(cell, heads, sizeof heads);
    steps_fill(report, text, cell);
    *table = (struct report_table){.id = "proof",
                                   .title = report_text(report, "The proof, %s", name),
                                   .columns = PROOF_COLUMNS,
                                   .rows = rows,
                                   .cell = cell};
    return report_status(report);
}

/* ---- the answer ---- */

/* "2, 1/2" of a list of texts, a text as it is; NULL of anything else. */
static const char *answer_text(struct report *report, const json_t *value)
{
    if (json_is_string(value))
        return report_copy(report, json_string_value(value));
    const char *text = NULL;
    for (size_t k = 0; k < json_array_size(value); k++)
        if (json_is_string(json_array_get(value, k)))
            text = report_text(report, "%s%s%s", text ? text : "", text ? ", " : "",
                               json_string_value(json_array_get(value, k)));
    return text;
}

static void answer_facts(const json_t *answer, struct report *report)
{
    static const struct {
        const char *key, *term;
        enum report_form form;
    } told[] = {{"ending", "Answer", REPORT_PLAIN},
                {"verdict", "Answer", REPORT_PLAIN},
                {"limit", "Limit", REPORT_CODE},
                {"reason", "Because", REPORT_PLAIN}};
    for (size_t k = 0; k < sizeof told / sizeof *told; k++) {
        const char *text = answer_text(report, json_object_get(answer, told[k].key));
        if (text)
            report_fact(
                report, &report->summary,
                (struct report_fact){.term = told[k].term, .text = text, .form = told[k].form});
    }
}

static enum status answer_tell(const struct report_manifest *manifest, struct report *report)
{
    const char *text = NULL;
    if (!report_manifest_lists(manifest, ANSWER))
        return OK;
    TRY(text_take(manifest, ANSWER, report, &text));
    json_t *answer = json_loads(text, 0, NULL);
    if (!json_is_object(answer)) {
        json_decref(answer);
        return status_fail(BAD_DATA, "%s/%s is no object of JSON", manifest->directory, ANSWER);
    }
    answer_facts(answer, report);
    json_decref(answer);
    return report_status(report);
}

enum status report_prove(const struct report_manifest *manifest, struct report *report)
{
    const char *name;
    json_t *value;
    report->title = "Proofs";
    report->lead = "What was proved, in exact numbers and with bounds on every error";
    TRY(answer_tell(manifest, report));
    json_object_foreach(manifest->outputs, name, value)
    {
        if (ends_with(name, PROOF))
            TRY(proof_tell(manifest, name, report));
    }
    return certificates_tell(manifest, report);
}
