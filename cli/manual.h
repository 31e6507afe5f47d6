/* The manual page and the shell's completion, made from the tables that --help prints.
 *
 * Nothing is written twice: commands come from the registry of command.h, options from that of
 * options.h, the values of options from the registries of what they name.
 * Memory: none is kept.  Errors: NO_MEMORY; whether the file took what was written is the caller's
 * to check. */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

#include "base/status.h"

#include <stdio.h>

/* settle(1), in the macros of man(7). */
void manual_print(FILE *file);

/* A completion function for bash: commands, the options of each, and what is known of their values. */
void manual_completion_print(FILE *file);

#endif
