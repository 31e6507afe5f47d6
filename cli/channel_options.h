/* The options of a learning channel with neurons: --channel-activation, --inputs, --targets, and
 * the samples of --data, which are kept for it.
 *
 * Memory: samples from a file belong to `given`, lists to `options`, which must outlive it.
 * Errors: BAD_ARGUMENT, UNKNOWN_NAME with the nearest name, NO_MEMORY. */
#ifndef CLI_CHANNEL_OPTIONS_H
#define CLI_CHANNEL_OPTIONS_H

#include "cli/problem_from_options.h"

/* Tells the reader of --data to keep its samples, if a channel activation is given. */
void channel_options_keep(const struct options *options, struct problem_given *given);

/* After the moments were taken. */
enum status channel_options_take(const struct options *options,
                                 struct problem_given *given) MUST_CHECK;

#endif
