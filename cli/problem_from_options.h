/* From the command line to a problem and its start.
 *
 * Defaults: rule rbp; depth as --init has it, else one more than --c, else 2; feedback weights and
 * rates 1; alpha = beta = 1, Sigma_II = identity, targets T = I.  Every unknown starts at 1/2, but
 * networks with matrices start at random:1, since equal entries are a matrix of rank one, which the
 * flow would never leave.  --data replaces the moments.  An option that the system does not read is
 * an error.  In the place of SYSTEM may stand an .ode file, or with --plugin a shared object, whose start and
 * parameters --init and --par replace.
 *
 * Shapes: x0[dim].  Memory: freed by problem_given_free(); options must outlive it.
 * Errors: BAD_ARGUMENT, UNKNOWN_NAME, CANNOT_READ, BAD_DATA, NO_MEMORY. */
#ifndef CLI_PROBLEM_FROM_OPTIONS_H
#define CLI_PROBLEM_FROM_OPTIONS_H

#include "cli/options.h"
#include "equations/equations.h"
#include "linear/moments.h"

enum { PROBLEM_TEXT_MAX = 1024 };

struct problem_given {
    struct problem problem; /* its long lists are the arrays below */
    struct flow *flow;
    size_t dim;
    double *x0;
    bool start_random; /* x0 was drawn: */
    uint64_t start_seed;
    double start_scale;
    struct moments_source source; /* what moments were read from */
    struct moments moments;       /* count 0: the moments were not read from a file */
    /* Kept for systems with neurons: [sample_count] of the sizes in `source`. */
    double *sample_inputs, *sample_targets;
    size_t sample_count, sample_room;
    struct equations *equations;     /* of an .ode file or a plug-in; or NULL */
    double *c, *sigma_ii, *sigma_ti; /* NULL: the list is short and inside the problem */
};

enum status problem_from_options(const struct options *options,
                                 struct problem_given *given) MUST_CHECK;
void problem_given_free(struct problem_given *given);

/* Is the first word a file with equations of one's own, and not the name of a system? */
bool problem_is_file(const struct options *options);

/* Has it --sizes and matrices of moments? */
bool problem_is_network(const struct problem *problem);

/* "c = (1, 1), alpha = 1, beta = 1": the parameters that the system reads; text[size]. */
const char *problem_parameters(const struct problem_given *given, size_t size, char *text);

/* "FILE: 60000 images of 28 x 28, 16 principal components ...": text[size]; "" if none were
 * read. */
const char *problem_data(const struct problem_given *given, size_t size, char *text);

/* "(1, 0.5)"; text[size].  Lists that do not fit end in "...", long ones in their number. */
const char *problem_list(size_t count, const double *values, size_t size, char *text);

#endif
