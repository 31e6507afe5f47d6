/* From the command line to an exact premise: the texts of the options, read as rationals.
 *
 * What is no number of the command line, as random:7, @FILE or a default, enters as the double that
 * the problem has, exactly; diag:... is read entry by entry.
 * Memory: *premise is the caller's, premise_free().  Errors: NOT_A_NUMBER, BAD_ARGUMENT, NO_MEMORY;
 * what is no linear network gives *premise = NULL and *why_not. */
#ifndef CLI_PREMISE_FROM_OPTIONS_H
#define CLI_PREMISE_FROM_OPTIONS_H

#include "cli/problem_from_options.h"
#include "exact/premise.h"

enum status premise_from_options(const struct options *options, const struct problem_given *given,
                                 struct premise **premise, const char **why_not) MUST_CHECK;

#endif
