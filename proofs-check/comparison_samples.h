/* A finite data set with given moments, for batches to be drawn from.
 *
 *   (1/M) sum I I' = Sigma_II,   (1/M) sum T I' = Sigma_TI,   T = W I + residual
 *
 * Full batches see the moments alone; what batches see beyond them is chosen: inputs that are random
 * in the metric of Sigma_II, and residuals as large as the part that is explained, (MB72).
 * Shapes: sigma_ii[inputs*inputs], sigma_ti[outputs*inputs], input[count*inputs],
 * target[count*outputs]; count >= inputs + outputs.  Memory: the caller's.
 * Errors: BAD_ARGUMENT where no data have these moments, NO_MEMORY. */
#ifndef PROOFS_CHECK_COMPARISON_SAMPLES_H
#define PROOFS_CHECK_COMPARISON_SAMPLES_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

struct comparison_moments {
    size_t inputs, outputs;
    const double *sigma_ii, *sigma_ti;
};

struct comparison_samples {
    size_t count;
    uint64_t seed;
    double *input, *target;
};

enum status comparison_samples_fill(const struct comparison_moments *moments,
                                    const struct comparison_samples *samples) MUST_CHECK;

#endif
