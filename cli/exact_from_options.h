/* From the command line to an exact statement: the texts of the options, read as rationals.
 *
 * What is no number of the command line, as random:7, @FILE or a default, enters as the double that
 * the problem has, exactly.  Memory: *statement is the caller's, statement_free().
 * Errors: NOT_A_NUMBER, BAD_ARGUMENT, NO_MEMORY; what no theorem covers gives *statement = NULL and
 * *why_not. */
#ifndef CLI_EXACT_FROM_OPTIONS_H
#define CLI_EXACT_FROM_OPTIONS_H

#include "cli/problem_from_options.h"
#include "exact/statement.h"

enum status exact_from_options(const struct options *options, const struct problem_given *given,
                               struct statement **statement, const char **why_not) MUST_CHECK;

#endif
