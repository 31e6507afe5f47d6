/* settle: do the weights settle, and where?
 *
 *     settle COMMAND [ARGUMENTS] [OPTIONS]
 *
 * Everything is in the commands (command.h); this file finds the command, prints help and versions,
 * and turns failures into one line on stderr and an exit code.  Standard output is closed and
 * checked at the end, so that a full disk is never taken for success. */
#include "cli/command.h"

#include "cli/columns.h"
#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/options.h"
#include "cli/ranks.h"
#include "cli/versions.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { RANKS_TEXT = 64 };

/* One line on stderr: control characters, which may come from the command line, and what is not UTF-8,
 * which may come from a damaged file, become '?'.  Of many ranks one has the word. */
static void complain(const struct command *command, const char *message)
{
    if (ranks_is_helper())
        return;
    fputs("settle", stderr);
    if (command)
        fprintf(stderr, " %s", command->name);
    fputs(": ", stderr);
    json_t *text = json_text(message);
    for (const char *c = text ? json_string_value(text) : message; *c; c++)
        fputc(iscntrl((unsigned char)*c) ? '?' : *c, stderr);
    fputc('\n', stderr);
    json_decref(text);
}

static enum exit_code fail(const struct command *command, enum status status)
{
    complain(command, *status_message() ? status_message() : status_sentence(status));
    return command_exit(status);
}

static enum status overview_print(FILE *file)
{
    fputs("settle - do the weights settle, and where?\n\n"
          "usage: settle COMMAND [ARGUMENTS] [OPTIONS]\n\n",
          file);
    struct columns *lines = columns_create("ll");
    for (const struct command *const *each = command_registry; *each; each++) {
        columns_cell(lines, "  %s %s", (*each)->name, (*each)->arguments);
        columns_cell(lines, "%s", (*each)->title);
    }
    columns_cell(lines, "  COMMAND --help");
    columns_cell(lines, "options of a command, with a worked example");
    columns_cell(lines, "  --version");
    columns_cell(lines, "versions of this program and its libraries");
    enum status status = columns_print(lines, file);
    columns_free(lines);
    fputs("\nexit status: 0 holds, 1 refuted (verify: differs from the record), 2 usage, 3 "
          "undecided,\n"
          "4 the computation failed\n",
          file);
    return status;
}

static enum status versions_print(FILE *file)
{
    struct version version[VERSIONS_COUNT];
    char ranks[RANKS_TEXT];
    versions_loaded(version);
    for (size_t k = 0; k < VERSIONS_COUNT; k++)
        fprintf(file, "%s %s\n", version[k].name, version[k].number);
    ranks_library(sizeof ranks, ranks);
    fprintf(file, "MPI %s\n", ranks);
    return OK;
}

static enum status help_print(const struct command *command, FILE *file)
{
    const char *gap = *command->arguments ? " " : "";
    fprintf(file, "settle %s - %s\n\nusage: settle %s%s%s [OPTIONS]\n\n%s\noptions:\n",
            command->name, command->title, command->name, gap, command->arguments, command->help);
    return options_help(command, file);
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static bool asks_help(int argc, char **argv)
{
    for (int k = 2; k < argc && strcmp(argv[k], "--") != 0; k++)
        if (is_help(argv[k]))
            return true;
    return false;
}

static enum exit_code command_run_named(const struct command *command, int argc, char **argv)
{
    enum exit_code exit_code = EXIT_HOLDS;
    struct options options;
    enum status status;
    if (asks_help(argc, argv)) {
        status = help_print(command, stdout);
    } else {
        status = options_parse(argc, argv, command, &options);
        if (command->on_all_ranks)
            status = ranks_agree(status);
        if (status == OK)
            status = command->run(&options, &exit_code);
        options_free(&options);
    }
    return status == OK ? exit_code : fail(command, status);
}

static enum exit_code command_run_on_ranks(const struct command *command, int argc, char **argv)
{
    const enum status status = ranks_begin();
    const enum exit_code exit_code =
        status == OK ? command_run_named(command, argc, argv) : fail(command, status);
    ranks_end();
    return exit_code;
}

static enum exit_code command_run_alone(const struct command *command, int argc, char **argv)
{
    if (ranks_idle() > 0 && !asks_help(argc, argv))
        fprintf(stderr, "settle %s: not parallel over ranks, %zu of them idle\n", command->name,
                ranks_idle());
    return command_run_named(command, argc, argv);
}

/* Rank 0 does alone what is not for all, and the others have nothing to say. */
static bool is_for_this_rank(int argc, char **argv)
{
    const struct command *command;
    if (!ranks_is_helper())
        return true;
    return argc > 1 && command_by_name(argv[1], &command) == OK && command->on_all_ranks &&
           !asks_help(argc, argv);
}

static enum exit_code dispatch(int argc, char **argv)
{
    const struct command *command;
    if (argc < 2) {
        complain(NULL, "no command; settle --help lists them");
        return EXIT_USAGE;
    }
    enum status status;
    if (is_help(argv[1]) || strcmp(argv[1], "help") == 0)
        status = overview_print(stdout);
    else if (strcmp(argv[1], "--version") == 0)
        status = versions_print(stdout);
    else if ((status = command_by_name(argv[1], &command)) == OK)
        return command->on_all_ranks && !asks_help(argc, argv)
                   ? command_run_on_ranks(command, argc, argv)
                   : command_run_alone(command, argc, argv);
    return status == OK ? EXIT_HOLDS : fail(NULL, status);
}

int main(int argc, char **argv)
{
    interrupt_writes_fail();
    if (!is_for_this_rank(argc, argv))
        return EXIT_HOLDS;
    enum exit_code exit_code = dispatch(argc, argv);
    errno = 0;
    if (ferror(stdout) || fclose(stdout) != 0) {
        char message[STATUS_MESSAGE_MAX];
        snprintf(message, sizeof message, "standard output: %s",
                 errno ? strerror(errno) : "a write failed");
        if (exit_code == EXIT_HOLDS || exit_code == EXIT_REFUTED || exit_code == EXIT_UNDECIDED)
            complain(NULL, message);
        return EXIT_FAILED;
    }
    return exit_code;
}
