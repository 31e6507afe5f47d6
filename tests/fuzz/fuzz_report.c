/* Any bytes as a directory of results: a page is made of it, or it is refused in one line.
 *
 * The files of the input are the manifest, the tables of a basin, of a comparison and of a training,
 * a figure, the steps of a proof and the result of a hunt; the manifest's `command` says which of them matter.  The store
 * of a verification is SQLite's own format, and is damaged in tests/e2e/report.sh. */
#include "cli/command.h"
#include "cli/options.h"
#include "tests/fuzz/fuzz.h"

enum { FILES = 7, ARGUMENTS = 4 };

static const char *const names[FILES] = {"manifest.json", "classes.tsv", "verdicts.tsv",
                                         "epochs.tsv",    "figure.svg",  "steps.proof",
                                         "hunt.json"};

size_t fuzz_accepted, fuzz_refused;

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    return fuzz_folder_create();
}

/* What no page may have, whatever the files say. */
static void page_look(const char *name)
{
    enum { PAGE_MOST = 1 << 22 };
    static char page[PAGE_MOST];
    FILE *file = fopen(fuzz_path(name), "rb");
    fuzz_must(file != NULL);
    const size_t length = fread(page, 1, sizeof page - 1, file);
    fclose(file);
    page[length] = '\0';
    fuzz_must(strlen(page) == length);
    const char *script = strstr(page, "<script"); /* one, the page's own */
    fuzz_must(!script || !strstr(script + 1, "<script"));
    fuzz_must(!strstr(page, "<iframe"));
    fuzz_must(!strstr(page, "=\"javascript:") &&
              !strstr(page, "='javascript:")); /* as text it does nothing */
}

static void make_report(bool latex)
{
    static struct options options;
    enum exit_code exit_code;
    char *argv[ARGUMENTS + 1] = {"settle", "report", fuzz_folder, latex ? "--latex" : NULL};
    fuzz_must(options_parse(latex ? ARGUMENTS : ARGUMENTS - 1, argv, &command_report, &options) ==
              OK);
    const enum status status = command_report.run(&options, &exit_code);
    fuzz_judge(status);
    options_free(&options);
    if (status == OK && !latex)
        page_look("report.html");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0)
        return 0;
    fuzz_files_write(FILES, names, bytes + 1, bytes + length);
    make_report(bytes[0] % 2 == 1);
    for (size_t k = 0; k < FILES; k++)
        remove(fuzz_path(names[k]));
    remove(fuzz_path("report.html"));
    remove(fuzz_path("report.tex"));
    return 0;
}
