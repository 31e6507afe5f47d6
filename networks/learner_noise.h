/* Batches of noise for pretraining: inputs that mean nothing and labels that do not depend on them.
 *
 * Shapes: inputs[B x N_0] of independent N(0, 1); targets[B x N_L], one 1 in each row, at a place
 * drawn uniformly.  Units: none.  Memory: of the caller.  Errors: none.
 * Batch `index` of a seed is always the same, and independent of all other batches.
 * Source: Cheon, Lee, Paik, arXiv 2405.16731; notes/minibatch.md, (MB38). */
#ifndef NETWORKS_LEARNER_NOISE_H
#define NETWORKS_LEARNER_NOISE_H

#include "networks/array.h"

#include <stdint.h>

void learner_noise(uint64_t seed, uint64_t index, struct array *inputs, struct array *targets);

#endif
