/* From the command line to a problem and its start.
 *
 * Defaults: rule rbp; depth as --init has it, else one more than --c, else 2; feedback weights and
 * rates 1; alpha = beta = 1; every unknown starts at 1/2.  --data replaces --alpha and --beta.
 * An option that the system does not read is an error.
 *
 * Shapes: x0[dim].  Memory: the flow is freed by problem_given_free(); options must outlive it.
 * Errors: BAD_ARGUMENT, UNKNOWN_NAME, CANNOT_READ, BAD_DATA, NO_MEMORY. */
#ifndef CLI_PROBLEM_FROM_OPTIONS_H
#define CLI_PROBLEM_FROM_OPTIONS_H

#include "cli/options.h"
#include "linear/moments.h"

enum { PROBLEM_TEXT_MAX = 1024 };

struct problem_given {
    struct problem problem;
    struct flow *flow;
    size_t dim;
    double x0[PROBLEM_LIST_MAX];
    struct moments moments; /* count 0: alpha and beta were not read from a file */
};

enum status problem_from_options(const struct options *options,
                                 struct problem_given *given) MUST_CHECK;
void problem_given_free(struct problem_given *given);

/* "c = (1, 1), alpha = 1, beta = 1": the parameters that the system reads; text[size]. */
const char *problem_parameters(const struct problem_given *given, size_t size, char *text);

/* "(1, 0.5)"; text[size].  Lists that do not fit end in "...". */
const char *problem_list(size_t count, const double *values, size_t size, char *text);

#endif
