/* The systems with activations, and which one a linear system becomes with --activation.
 * A record here has the name of its linear counterpart: a user says `chain --activation tanh`. */
#ifndef NONLINEAR_SYSTEM_H
#define NONLINEAR_SYSTEM_H

#include "linear/problem.h"

/* One alphabetical list of words. */
#define NONLINEAR_SYSTEMS(X)                                                                       \
    X(nonlinear_autoencoder)                                                                       \
    X(nonlinear_chain)                                                                             \
    X(nonlinear_deep)                                                                              \
    X(nonlinear_fan)                                                                               \
    X(nonlinear_hidden)

#define X(name) extern const struct system system_##name;
NONLINEAR_SYSTEMS(X)
#undef X

extern const struct system *const system_registry[]; /* NULL-terminated */

/* The record of the same name with activations; NULL if there is none. */
const struct system *system_with_activation(const struct system *linear);

#endif
