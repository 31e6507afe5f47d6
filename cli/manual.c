/* The manual page: every command as --help has it, in the macros of man(7).
 *
 * The help texts are plain text of a few shapes, so the page needs no markup of its own: a line that
 * begins with blanks is shown as it stands, as are the lines after "example:" that are commands; an
 * empty line parts paragraphs; the rest is filled to the width of the terminal.  Rejected: help2man,
 * which knows of one command only and would be one more tool to build with. */
#include "cli/manual.h"

#include "cli/command.h"
#include "cli/options.h"
#include "cli/versions.h"

#include <stdbool.h>
#include <string.h>

/* A text in which roff sees nothing of its own: backslashes and hyphens are printed, and no line
 * begins with a request. */
static void text_print(const char *text, size_t length, FILE *file)
{
    if (length > 0 && (*text == '.' || *text == '\''))
        fputs("\\&", file);
    for (size_t k = 0; k < length; k++)
        if (text[k] == '\\')
            fputs("\\e", file);
        else if (text[k] == '-')
            fputs("\\-", file);
        else if (text[k] == '^' || text[k] == '~')
            fprintf(file, "\\(%s", text[k] == '^' ? "ha" : "ti");
        else
            fputc(text[k], file);
}

static void word_print(const char *text, FILE *file)
{
    text_print(text, strlen(text), file);
}

/* Does the line begin a paragraph, though no empty line is before it?  An option may come first only
 * because the line before was full. */
static bool begins_paragraph(const char *help, const char *line)
{
    static const char *const beginnings[] = {"--", "example:", "Exit status:", "With --out:"};
    for (size_t k = 0; k < sizeof beginnings / sizeof *beginnings; k++)
        if (strncmp(line, beginnings[k], strlen(beginnings[k])) == 0)
            return *line == 'e' || (line - help >= 2 && strchr(".:", line[-2]));
    return false;
}

/* What begins with blanks stands as it is. */
static void help_print(const char *help, FILE *file)
{
    bool shown = false;
    for (const char *line = help; *line;) {
        const size_t length = strcspn(line, "\n");
        const bool shows = *line == ' ';
        if (shows != shown)
            fputs(shows ? ".RS 4\n.nf\n" : ".fi\n.RE\n", file);
        shown = shows;
        if (length == 0 || begins_paragraph(help, line))
            fputs(".PP\n", file);
        if (length > 0) {
            text_print(line, length, file);
            fputc('\n', file);
        }
        line += length + (line[length] == '\n');
    }
    if (shown)
        fputs(".fi\n.RE\n", file);
}

static void options_print(const struct command *command, FILE *file)
{
    struct option_text text;
    for (size_t k = 0; k < OPTION_COUNT; k++) {
        if (!options_describe(command, (enum option_word)k, &text))
            continue;
        fputs(".TP\n\\fB\\-\\-", file);
        word_print(text.name, file);
        fputs("\\fR", file);
        if (text.metavar) {
            fputs(" \\fI", file);
            word_print(text.metavar, file);
            fputs("\\fR", file);
        }
        fputc('\n', file);
        word_print(text.help, file);
        fputc('\n', file);
    }
}

static void command_print(const struct command *command, FILE *file)
{
    fputs(".SS settle ", file);
    word_print(command->name, file);
    fputc(' ', file);
    word_print(command->arguments, file);
    fputs("\n", file);
    word_print(command->title, file);
    fputs(".\n.PP\n", file);
    help_print(command->help, file);
    fputs(".PP\nOptions:\n", file);
    options_print(command, file);
}

static void overview_print(FILE *file)
{
    for (size_t k = 0; command_registry[k]; k++) {
        fputs(".TP\n\\fBsettle ", file);
        word_print(command_registry[k]->name, file);
        fputs("\\fR ", file);
        word_print(command_registry[k]->arguments, file);
        fputc('\n', file);
        word_print(command_registry[k]->title, file);
        fputc('\n', file);
    }
}

void manual_print(FILE *file)
{
    struct version version[VERSIONS_COUNT];
    versions_loaded(version);
    fprintf(file,
            ".TH SETTLE 1 \"\" \"settle %s\" \"User Commands\"\n.nh\n.ad l\n.SH NAME\n"
            "settle \\- do the weights settle, and where?\n.SH SYNOPSIS\n"
            ".B settle\n.I COMMAND\n[ARGUMENTS] [OPTIONS]\n.SH DESCRIPTION\n"
            "Integrates the continuous\\-time equations of learning rules, predicts their limits,\n"
            "verifies and proves what is claimed of them, maps basins, and draws.\n",
            version[0].number);
    overview_print(file);
    fputs(
        ".PP\nNumbers may be written as rationals (\\-1/2), decimals or in scientific notation;\n"
        "lists are separated by commas.  \\fBsettle \\fICOMMAND\\fB \\-\\-help\\fR prints the part "
        "of\nthis page that is about one command, \\fBsettle \\-\\-version\\fR the versions of "
        "the\nprogram and its libraries.\n.SH COMMANDS\n",
        file);
    for (size_t k = 0; command_registry[k]; k++)
        command_print(command_registry[k], file);
    fputs(".SH EXIT STATUS\n.TP\n0\nholds, or done\n.TP\n1\nrefuted (\\fBverify\\fR: differs from "
          "the record)\n.TP\n2\nusage: the command line or a file cannot be used; nothing is "
          "written\n.TP\n3\nundecided\n.TP\n4\nthe computation, or writing its results, "
          "failed\n"
          ".SH ENVIRONMENT\n.TP\n\\fBSETTLE_DATA\\fR\na folder of images and labels for "
          "\\fBsettle train\\fR\n.TP\n\\fBNO_COLOR\\fR\nif not empty: no colours on the "
          "terminal\n.TP\n\\fBOMP_NUM_THREADS\\fR\nhow many threads, where \\-\\-threads does "
          "not say; results do not depend on it\n"
          ".SH SEE ALSO\n.BR settle\\-check (1)\n",
          file);
}
