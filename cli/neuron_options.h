/* The options of systems with activations: --activation, --mu, --no-derivative, --biases,
 * --gaussian, --teacher.
 * Errors: BAD_ARGUMENT, NOT_A_NUMBER, UNKNOWN_NAME with the nearest name. */
#ifndef CLI_NEURON_OPTIONS_H
#define CLI_NEURON_OPTIONS_H

#include "cli/options.h"

/* The system that `linear` becomes with --activation; itself where that is not given. */
enum status neuron_options_system(const struct options *options, const struct system *linear,
                                  const struct system **system) MUST_CHECK;

/* Neurons, the law of the inputs, and the teacher; not the samples. */
enum status neuron_options_take(const struct options *options, struct problem *problem) MUST_CHECK;

#endif
