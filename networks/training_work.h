/* What the files of training share and nobody else sees: batches, measures, invariants.
 *
 * Memory: struct training_work belongs to training_create(); `index` and the batch arrays are as long
 * as `capacity`.  Shapes: inputs[capacity x N_0], targets[capacity x N_L], order[count of samples].
 * Errors: NO_MEMORY. */
#ifndef NETWORKS_TRAINING_WORK_H
#define NETWORKS_TRAINING_WORK_H

#include "networks/alignment.h"
#include "networks/training.h"

/* A batch as a learner takes it: views of the work's arrays, or of the data set itself. */
struct training_batch {
    struct array inputs, targets;
};

struct training_work {
    size_t capacity; /* rows of the batch arrays, samples of an evaluation */
    size_t probe;    /* samples of the probe batch */
    struct array inputs, targets;
    size_t *index;           /* samples of a batch */
    size_t *order;           /* permutation of the samples, of the epoch `ordered` */
    size_t ordered;          /* SIZE_MAX: none yet */
    struct array velocity;   /* dim x 1; no values without momentum */
    double kept, kept_speed; /* k_n and its velocity, (MB66) */
    struct array first[LEARNER_LAYERS_MAX + 1]; /* K(0) of each layer, without values where none */
    struct array now;                           /* room for the largest of them */
    struct alignment *alignment;
    uint64_t data; /* digest of both data sets; 0: not yet computed */
};

/* The samples of batch `position` of an epoch, or of step `step` where they are independent; returns
 * how many.  index[capacity]. */
size_t training_batch_indices(struct training *training, size_t position, size_t *index);
/* The batch of the next step, noise or data. */
struct training_batch training_batch_next(struct training *training);
/* Samples first, ..., first + count - 1, as they are. */
struct training_batch training_batch_of(struct training *training, const struct dataset *data,
                                        size_t first, size_t count);

/* K of layer l, of the shape training_invariant_shape(), into `now`. */
struct array training_invariant_shape(const struct learner *learner, size_t layer); /* no values */
void training_invariant_start(struct training *training); /* K(0) from the state at hand */
void training_invariant_step(struct training *training, double rate);
/* |K - k K(0)| / |K(0)|; NAN where layer l conserves nothing. */
double training_invariant(struct training *training, size_t layer);

#endif
