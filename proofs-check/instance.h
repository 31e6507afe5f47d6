/* One concrete case of a statement: a problem and a start.
 * Shapes: x0[dim].  Memory: plain data, copied freely. */
#ifndef PROOFS_CHECK_INSTANCE_H
#define PROOFS_CHECK_INSTANCE_H

#include "linear/problem.h"

enum { INSTANCE_DIM_MAX = 64 }; /* unknowns, and outputs, of a sampled instance */

/* One concrete case: a problem and a start. */
struct instance {
    struct problem problem;
    double x0[INSTANCE_DIM_MAX];
    size_t dim;
};

/* The one command that reproduces it, in text[size]: "settle run chain --depth 2 ... --init -2,1".
 * BAD_ARGUMENT if it does not fit. */
enum status instance_command(const struct instance *instance, size_t size, char *text) MUST_CHECK;

#endif
