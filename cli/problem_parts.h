/* The parts of a problem that depend on its shape.  Internal to the files problem_*.c.
 *
 * Each takes one part from the options and puts it into the problem; what is long is owned by
 * `given`.  Errors: BAD_ARGUMENT with what was expected, CANNOT_READ, BAD_DATA, NO_MEMORY. */
#ifndef CLI_PROBLEM_PARTS_H
#define CLI_PROBLEM_PARTS_H

#include "cli/problem_from_options.h"

/* Is it a network of matrices, and not one of vectors and scalars between one input and one output?
 */
bool problem_has_matrices(const struct problem *problem);

enum status problem_moments_take(const struct options *options,
                                 struct problem_given *given) MUST_CHECK;
/* Moments from --inputs and --targets, where a system without neurons was given samples. */
enum status problem_samples_take(const struct options *options,
                                 struct problem_given *given) MUST_CHECK;
enum status problem_feedback_take(const struct options *options,
                                  struct problem_given *given) MUST_CHECK;

/* How many fixed feedback weights the rule has in this problem. */
enum status problem_feedback_count(const struct problem *problem, size_t *count) MUST_CHECK;

/* After the flow is made: its dim and names. */
enum status problem_start_take(const struct options *options,
                               struct problem_given *given) MUST_CHECK;

#endif
