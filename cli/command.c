/* The registry of commands, and what their failures mean to the shell.
 *
 * Adding a command touches one new file, command_NAME.c, and one word of COMMANDS. */
#include "cli/command.h"

#include "base/nearest.h"

#include <string.h>

enum { HINT_MAX = 80 };

#define X(name) &command_##name,
const struct command *const command_registry[] = {COMMANDS(X) NULL};
#undef X

enum status command_by_name(const char *name, const struct command **command)
{
    struct nearest nearest = nearest_to(name);
    for (const struct command *const *each = command_registry; *each; each++) {
        if (strcmp((*each)->name, name) == 0) {
            *command = *each;
            return OK;
        }
        nearest_offer(&nearest, (*each)->name);
    }
    char hint[HINT_MAX];
    return status_fail(UNKNOWN_NAME, "there is no command '%s'%s (settle --help lists them)", name,
                       nearest_hint(&nearest, sizeof hint, hint));
}

enum exit_code command_exit(enum status status)
{
    switch (status) {
    case OK:
        return EXIT_HOLDS;
    case BAD_ARGUMENT:
    case NOT_A_NUMBER:
    case UNKNOWN_NAME:
    case CANNOT_READ:
    case BAD_DATA:
        return EXIT_USAGE;
    case INTERRUPTED:
        return EXIT_UNDECIDED;
    default:
        return EXIT_FAILED;
    }
}
