/* A command: a record of data and one function, registered by one word.
 *
 * A command returns OK and sets the exit code to its verdict, or fails with a status whose message
 * main.c prints as one line.  command_exit() maps failures: what the user can mend on the command
 * line or in the input is EXIT_USAGE, everything else EXIT_FAILED.  A command checks all of its
 * input and makes its output directory before it computes anything.
 *
 * Memory: records are constants.  Errors: as above. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* The exit status is the verdict. */
enum exit_code {
    EXIT_HOLDS = 0,
    EXIT_REFUTED = 1,
    EXIT_USAGE = 2,
    EXIT_UNDECIDED = 3,
    EXIT_FAILED = 4, /* the computation, or writing its results, failed */
};

struct options;

struct command {
    const char *name, *title;
    const char *arguments; /* "SYSTEM", "[THEOREM ...]" */
    const char *help;      /* what it does, and a worked example */
    const char *options;   /* the options of options.h that it takes, separated by blanks */
    size_t least, most;    /* number of arguments that are not options */
    bool on_all_ranks;     /* of mpirun, as in ranks.h; else rank 0 does it alone */
    bool keeps_samples; /* takes samples for all networks and keeps them, where moments would do */
    enum status (*run)(const struct options *options, enum exit_code *exit_code);
};

/* One alphabetical list of words. */
#define COMMANDS(X)                                                                                \
    X(basin)                                                                                       \
    X(compare)                                                                                     \
    X(explore)                                                                                     \
    X(export)                                                                                      \
    X(hunt)                                                                                        \
    X(list)                                                                                        \
    X(portrait)                                                                                    \
    X(prove)                                                                                       \
    X(report)                                                                                      \
    X(run)                                                                                         \
    X(selftest)                                                                                    \
    X(sweep)                                                                                       \
    X(train)                                                                                       \
    X(verify)
#define X(name) extern const struct command command_##name;
COMMANDS(X)
#undef X
extern const struct command *const command_registry[]; /* NULL-terminated */

/* UNKNOWN_NAME with the nearest known name. */
enum status command_by_name(const char *name, const struct command **command) MUST_CHECK;

enum exit_code command_exit(enum status status); /* of a failure */

#endif
