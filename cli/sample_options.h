/* The options that name neurons, and the samples that go with them: --channel-activation;
 * --activation, --mu, --no-derivative, --biases; --inputs, --targets, --weights, --gaussian,
 * --teacher, and the samples of --data, which are kept.
 *
 * Memory: samples from a file belong to `given`, lists to `options`, which must outlive it.
 * Errors: BAD_ARGUMENT, UNKNOWN_NAME with the nearest name, NO_MEMORY. */
#ifndef CLI_SAMPLE_OPTIONS_H
#define CLI_SAMPLE_OPTIONS_H

#include "cli/problem_from_options.h"

/* Tells the reader of --data to keep its samples, if neurons need them. */
void sample_options_keep(const struct options *options, struct problem_given *given);

/* The samples, and the neurons of a learning channel; after the moments were taken. */
enum status sample_options_take(const struct options *options,
                                struct problem_given *given) MUST_CHECK;

#endif
