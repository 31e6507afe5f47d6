/* Noise for pretraining: fresh inputs and labels for every batch.  A set of noise that is used again
 * would be learned by heart, and what pretraining does to the weights would be lost. */
#include "networks/learner_noise.h"

void learner_noise(uint64_t seed, uint64_t index, struct array *inputs, struct array *targets)
{
    struct stream stream = stream_at(seed, stream_key("network noise"), index);
    array_normals(&stream, 1, inputs);
    array_fill(0, targets);
    for (size_t s = 0; s < targets->rows; s++)
        array_put(targets, s * targets->columns + stream_below(&stream, targets->columns), 1);
}
