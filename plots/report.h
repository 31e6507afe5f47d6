/* A report: what is to be said of a directory of results, before it becomes a page or a paper.
 *
 * Whoever knows the results fills it in; report_page() and report_paper() write it and know nothing
 * of where it came from.  All texts are plain and are escaped when they are written; those of the form
 * REPORT_FORMULA have their mathematics set, plots/formula.h.
 *
 * Memory: report_create() .. report_free() own all that is added; texts made by report_text() and
 * report_copy() live as long.  Errors: running out of memory is remembered and given by
 * report_status(), so that a report can be filled in without checks; texts are then "". */
#ifndef PLOTS_REPORT_H
#define PLOTS_REPORT_H

#include "base/status.h"
#include "plots/svg.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum report_form {
    REPORT_PLAIN,
    REPORT_FORMULA, /* running text with mathematics in it */
    REPORT_COMMAND, /* to be typed */
    REPORT_CODE     /* a name, a number, a hash */
};

/* A term and what is said of it. */
struct report_fact {
    const char *term, *text;
    enum report_form form;
};

struct report_facts {
    size_t count;
    struct report_fact *fact;
};

struct report_claim {
    const char *id; /* letters, digits and dashes */
    const char *verdict, *recorded, *control;
    const char *statement;
    const char *chapter, *source, *work; /* work: the paper or page of the source */
    const char *systems;                 /* separated by bars, one at both ends: "|chain|fan|" */
    const char *by, *trials, *worst, *bound, *measure; /* cells of the table of claims */
    bool as_recorded;
    struct report_facts facts;
    const char *steps; /* of its proof, a line each; or NULL */
};

struct report_figure {
    const char *name, *title;
    bool is_vector;
    struct svg svg; /* if it is one */
    size_t length;  /* else PNG, bytes[length] */
    const unsigned char *bytes;
    const char *pdf; /* its file for a paper; or NULL */
};

/* cell[(rows + 1) * columns], the head first. */
struct report_table {
    const char *id, *title, *note; /* note may be NULL */
    size_t columns, rows, left_out;
    bool has_gaps; /* empty lines between its rows, as curves have */
    const char **cell;
};

struct report_file {
    const char *name, *digest;
    unsigned long long bytes;
    bool as_recorded;
};

struct report_kept; /* opaque: the list of what is to be freed */

struct report {
    const char *command; /* "verify" */
    const char *title, *lead;
    const char *version;       /* of settle */
    const char *script_digest; /* SHA-256 of report_asset_script in hexadecimal */
    struct report_facts summary, parameters, environment;
    size_t warnings, claims, figures, tables, files;
    const char **warning;
    struct report_claim *claim;
    struct report_figure *figure;
    struct report_table *table;
    struct report_file *file;
    struct report_kept *kept;
    bool failed;
};

enum { REPORT_VERDICTS = 5 };
extern const char *const report_verdicts[REPORT_VERDICTS]; /* the strongest first */

struct report *report_create(void); /* NULL if out of memory */
void report_free(struct report *report);
enum status report_status(const struct report *report) MUST_CHECK;

const char *report_text(struct report *report, const char *format, ...) PRINTF_LIKE(2, 3);
const char *report_copy(struct report *report, const char *text);
void *report_block(struct report *report, size_t size); /* zeroed; NULL if out of memory */

/* A fact without a text is left out. */
void report_fact(struct report *report, struct report_facts *facts, struct report_fact fact);
void report_warn(struct report *report, const char *text);

/* A new one at the end of its list, zeroed; valid until the next.  NULL if out of memory. */
struct report_claim *report_claim_add(struct report *report);
struct report_figure *report_figure_add(struct report *report);
struct report_table *report_table_add(struct report *report);
struct report_file *report_file_add(struct report *report);

/* The table of a file of tab-separated values, at most `most` rows; none if it has no head or rows of
 * other lengths.  Errors: CANNOT_READ, NO_MEMORY. */
enum status report_sheet(struct report *report, const char *directory, const char *name,
                         size_t most) MUST_CHECK;

enum status report_page(const struct report *report, FILE *file) MUST_CHECK;  /* HTML */
enum status report_paper(const struct report *report, FILE *file) MUST_CHECK; /* LaTeX */

#endif
