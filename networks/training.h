/* Training a learner by minibatches, with what is measured on the way.
 *
 *   state <- state + eta_n field(batch n),      t_n = eta_1 + ... + eta_n
 *
 * Batches come from epochs that are shuffled anew, in file order, drawn independently with
 * replacement, or are all samples.  The square-root law of fluctuations holds for independent
 * batches only: notes/minibatch.md.
 *
 * A run is a value: all of its randomness is keyed by (seed, step), and training_save() after any
 * step and training_load() go on with the same bits.
 * Memory: training_create() and training_free() (NULL is allowed).
 * Errors: BAD_ARGUMENT, NO_MEMORY, CANNOT_WRITE, CANNOT_READ, BAD_DATA (a checkpoint of another run, or
 * damaged); a loss that is not finite ends the run and is no error: training->diverged. */
#ifndef NETWORKS_TRAINING_H
#define NETWORKS_TRAINING_H

#include "networks/dataset.h"
#include "networks/learner.h"

enum sampling { SAMPLING_RESHUFFLED, SAMPLING_ORDERED, SAMPLING_INDEPENDENT, SAMPLING_ALL };
enum schedule { SCHEDULE_GEOMETRIC, SCHEDULE_HYPERBOLIC }; /* eta (1 - d)^n, eta / (1 + d n) */

struct training_plan {
    struct learner_plan learner;
    size_t epochs, batch;
    enum sampling sampling;
    double rate; /* eta */
    enum schedule schedule;
    double drop;          /* d */
    double momentum;      /* heavy ball; 0: none */
    size_t noise_batches; /* of pretraining on noise inputs and random labels, before epoch 1 */
};

/* One epoch, or one moment within the first. Angles in degrees, NAN where undefined. */
enum { TRAINING_MEASURES = 10 };
struct training_layer {
    double weight_norm, feedback_norm;
    double weight_angle; /* of C_l and W_(l+1)', or of the path and the product of transposes */
    double delta_angle;  /* of D_l and what backpropagation has at the same weights, whole batch */
    double gradient_angle; /* of the fields of W_l */
    double norm_ratio, sign_concordance, saturated;
    double invariant; /* what the rule conserves, relative to its start; NAN: nothing */
};
struct training_record {
    size_t epoch, steps;
    double time, rate;           /* t_n, eta_n */
    double loss[2], accuracy[2]; /* of each enum dataset_part; accuracy as a share, NAN: none */
    double total_gradient_angle;
    struct training_layer layer[LEARNER_LAYERS_MAX + 1]; /* 1..L */
};

struct training {
    struct training_plan plan;
    const struct dataset *train, *test;
    struct learner *learner;
    size_t epoch, steps; /* finished */
    double time;
    bool diverged;
    struct training_record last;
    void *work; /* private */
};

enum status training_create(const struct training_plan *plan, const struct dataset *train,
                            const struct dataset *test, struct training **training) MUST_CHECK;
void training_free(struct training *training);

/* One batch; at the end of an epoch training->epoch goes up. */
void training_step(struct training *training);
/* All batches up to the end of the epoch; `stop` not NULL is looked at between batches. */
enum status training_epoch(struct training *training, bool (*stop)(void)) MUST_CHECK;

/* Measures at the state at hand: losses and accuracies of both parts, angles on a probe batch (the
 * first samples of the training set). */
void training_measure(struct training *training, struct training_record *record);

/* A checkpoint beside and renamed; refused by training_load() unless its plan and data are the same. */
enum status training_save(const struct training *training, const char *directory,
                          const char *name) MUST_CHECK;
enum status training_load(struct training *training, const char *directory,
                          const char *name) MUST_CHECK;

#endif
