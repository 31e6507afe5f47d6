/* settle report: one page of a directory of results.
 *
 * Steps: read the manifest, compare the files with it, tell what the kind of command has found,
 * then its tables and figures, write.  A kind is a row of `kinds`; of other commands figures and
 * tables are told.  The page is a function of the directory: it has no date of its own. */
#include "cli/command.h"

#include "base/draft.h"
#include "base/folder.h"
#include "cli/digest.h"
#include "cli/options.h"
#include "cli/report_basin.h"
#include "cli/report_claims.h"
#include "cli/report_compare.h"
#include "cli/report_figures.h"
#include "cli/report_hunt.h"
#include "cli/report_prove.h"
#include "cli/report_train.h"
#include "cli/terminal.h"
#include "cli/versions.h"
#include "plots/report_asset.h"

#include <ctype.h>
#include <string.h>

struct kind {
    const char *command, *file; /* what it must have written, or NULL */
    enum status (*tell)(const struct report_manifest *manifest, struct report *report);
};

static const struct kind kinds[] = {
    {"basin", "classes.tsv", report_basin}, {"compare", "verdicts.tsv", report_compare},
    {"hunt", "hunt.json", report_hunt},     {"prove", NULL, report_prove},
    {"train", "epochs.tsv", report_train},  {"verify", "store.sqlite", report_claims},
};

static const struct kind *kind_of(const struct report_manifest *manifest)
{
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (strcmp(kinds[k].command, report_manifest_kind(manifest)) == 0 &&
            (!kinds[k].file || report_manifest_lists(manifest, kinds[k].file)))
            return &kinds[k];
    return NULL;
}

/* ---- telling ---- */

static enum status contents_tell(const struct report_manifest *manifest, struct report *report)
{
    const struct kind *kind = kind_of(manifest);
    TRY(kind ? kind->tell(manifest, report) : report_figures_tables(manifest, report));
    return report_figures(manifest, report);
}

static enum status report_fill(const struct report_manifest *manifest, struct report *report)
{
    struct version version[VERSIONS_COUNT];
    char digest[DIGEST_TEXT];
    versions_loaded(version);
    digest_bytes(report_asset_script, strlen(report_asset_script), digest);
    report->version = report_copy(report, version[0].number);
    report->script_digest = report_copy(report, digest);
    report->command = report_manifest_kind(manifest);
    report->title = report_text(report, "Results of settle %s", report->command);
    report->lead = "Figures and tables as the command has left them";
    TRY(report_manifest_tell(manifest, report));
    TRY(contents_tell(manifest, report));
    return report_status(report);
}

/* ---- writing ---- */

static void warnings_print(const struct report *report)
{
    for (size_t k = 0; k < report->warnings; k++) {
        fputs("settle report: warning: ", stderr);
        for (const char *c = report->warning[k]; *c; c++)
            fputc(iscntrl((unsigned char)*c) ? '?' : *c, stderr);
        fputc('\n', stderr);
    }
}

static enum status report_save(const struct report *report, const char *directory, const char *name,
                               enum status (*write)(const struct report *report, FILE *file))
{
    struct draft *draft;
    TRY(draft_open(directory, name, &draft));
    const enum status status = write(report, draft_file(draft));
    if (status == OK)
        return draft_keep(draft);
    draft_discard(draft);
    return status;
}

static const char *folder_of(const struct options *options)
{
    return options_given(options, OPTION_out) ? options->text[OPTION_out] : options->word[0];
}

/* What the user can mend: a folder that cannot be written, or in which a process is at work. */
static enum status elsewhere(enum status status)
{
    char message[STATUS_MESSAGE_MAX];
    if (status == OK)
        return OK;
    snprintf(message, sizeof message, "%s", status_message());
    return status_fail(BAD_ARGUMENT, "%s; --out DIR writes elsewhere", message);
}

/* One that was not there before the report was made is made now, and locked. */
static enum status folder_open(const char *directory, int *lock)
{
    TRY(elsewhere(folder_create(directory)));
    return *lock == FOLDER_UNLOCKED ? elsewhere(folder_lock(directory, lock)) : OK;
}

static enum status report_write(const struct options *options, const struct report *report,
                                int *lock)
{
    const bool latex = options_given(options, OPTION_latex);
    const char *name = latex ? "report.tex" : "report.html";
    const char *directory = folder_of(options);
    TRY(folder_open(directory, lock));
    TRY(report_save(report, directory, name, latex ? report_paper : report_page));
    warnings_print(report);
    printf("%s/%s: ", directory, name);
    if (report->claims > 0)
        printf("%zu claim%s, ", report->claims, report->claims == 1 ? "" : "s");
    printf("%zu figure%s, %zu table%s, %zu file%s, %zu warning%s\n", report->figures,
           report->figures == 1 ? "" : "s", report->tables, report->tables == 1 ? "" : "s",
           report->files, report->files == 1 ? "" : "s", report->warnings,
           report->warnings == 1 ? "" : "s");
    return OK;
}

static enum status report_make(const struct options *options,
                               const struct report_manifest *manifest, int *lock)
{
    struct report *report = report_create();
    if (!report)
        return status_fail(NO_MEMORY, "no memory for the report");
    struct progress *progress = terminal_wait_begin(options, options->word[0]);
    enum status status = report_fill(manifest, report);
    terminal_wait_end(progress);
    if (status == OK)
        status = report_write(options, report, lock);
    report_free(report);
    return status;
}

static enum status report_read_and_make(const struct options *options, int *lock)
{
    struct report_manifest manifest;
    TRY(report_manifest_read(options->word[0], &manifest));
    const enum status status = report_make(options, &manifest, lock);
    report_manifest_free(&manifest);
    return status;
}

/* The folder is locked before it is read, if it is there, and stays so until the report is in it. */
static enum status report_run(const struct options *options, enum exit_code *exit_code)
{
    int lock = FOLDER_UNLOCKED;
    TRY(elsewhere(folder_lock(folder_of(options), &lock)));
    const enum status status = report_read_and_make(options, &lock);
    folder_unlock(lock);
    *exit_code = EXIT_HOLDS;
    return status;
}

const struct command command_report = {
    .name = "report",
    .title = "one page of a directory of results: claims, figures, environment, hashes",
    .arguments = "DIR",
    .help =
        "Writes DIR/report.html, a page that holds everything it shows and loads nothing: of a\n"
        "verification every claim with its statement, hypotheses, evidence, worst case, witness,\n"
        "control and proof, to be filtered by verdict, source, system, chapter and words; of a\n"
        "map of basins the shares of its classes with bounds, proved ones too; of a training what\n"
        "every rule has come to; of a comparison its verdict and its orders with theirs; of "
        "proofs\n"
        "their steps and the claims of their certificates; of a hunt its witness, or what was "
        "tried;\n"
        "of every command its figures, small tables, command line, parameters, versions and files\n"
        "with their SHA-256.\n"
        "#t2-converges at the end of the page's address is that claim.  The files are compared\n"
        "with the manifest; one that differs is a warning, on the page and on stderr.\n"
        "--latex writes report.tex instead, for a paper's supplement (pdflatex report.tex in\n"
        "DIR, where the figures are).  --out writes into another folder.  Made twice, a report\n"
        "has the same bytes.  A later command that writes its results into DIR removes it.\n"
        "Exit status: 0 written, 2 DIR does not hold the whole results of a command.\n"
        "\n"
        "example: every claim on one page, and as a supplement\n"
        "  settle verify --out verify-results\n"
        "  settle report verify-results\n"
        "  settle report verify-results --latex\n",
    .options = "latex out quiet",
    .least = 1,
    .most = 1,
    .run = report_run,
};
