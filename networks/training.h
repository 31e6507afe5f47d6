/* Training a learner by minibatches, with what is measured on the way.
 *
 *   state <- state + eta_n v_n,   v_n = mu v_(n-1) + field(batch n),   t_(n+1) = t_n + eta_n
 *
 * Batches come from epochs that are shuffled anew, in file order, drawn independently with
 * replacement, or are all samples.  The square-root law of fluctuations holds for independent
 * batches only: notes/minibatch.md, (MB60)-(MB62).  Steps count from 0; the first `noise_batches` of
 * them see noise with random labels, before the first epoch, and are steps like all others.
 *
 * A run is a value: all of its randomness is keyed by (seed, step) or (seed, epoch), and
 * training_save() after any step and training_load() go on with the same bits (MB64).
 * Memory: training_create() and training_free() (NULL is allowed); data sets are borrowed.
 * Errors: BAD_ARGUMENT, NO_MEMORY, INTERRUPTED, CANNOT_WRITE, CANNOT_READ, BAD_DATA (a checkpoint of
 * another run, or damaged); a loss that is not finite ends the run and is no error:
 * training->diverged. */
#ifndef NETWORKS_TRAINING_H
#define NETWORKS_TRAINING_H

#include "networks/dataset.h"
#include "networks/learner.h"

enum sampling { SAMPLING_RESHUFFLED, SAMPLING_ORDERED, SAMPLING_INDEPENDENT, SAMPLING_ALL };
enum schedule { SCHEDULE_GEOMETRIC, SCHEDULE_HYPERBOLIC }; /* eta (1 - d)^n, eta / (1 + d n) */

struct training_work; /* opaque */

struct training_plan {
    struct learner_plan learner; /* its `batch` is raised to what training needs */
    size_t epochs;               /* for who trains; nothing here depends on it */
    size_t batch;                /* the last batch of an epoch may be smaller */
    enum sampling sampling;
    double rate; /* eta */
    enum schedule schedule;
    double drop;          /* d */
    double momentum;      /* heavy ball; 0: none */
    size_t noise_batches; /* of pretraining on noise inputs and random labels, before epoch 1 */
};

/* Numbers of steps after which alignment is worth a record, beside 0 and the ends of epochs: most of
 * it happens in the first epoch. */
enum { TRAINING_MEASURES = 9 };
extern const size_t training_measures[TRAINING_MEASURES];

/* The state after so many steps.  Angles in degrees, NAN where undefined. */
struct training_layer {
    double weight_norm, feedback_norm;
    double weight_angle; /* of C_l and W_(l+1)', or of the path and the product of transposes */
    double delta_angle;  /* of D_l and what backpropagation has at the same weights, whole batch */
    double gradient_angle; /* of the fields of W_l */
    double norm_ratio, sign_concordance, saturated;
    double invariant; /* |K - k K(0)| / |K(0)|, K what the rule conserves but for the factor k that
                       * decay predicts, (MB66); NAN: nothing */
    double kept;      /* k */
};
struct training_record {
    size_t epoch, steps;
    double time, rate;           /* t_n, eta_n */
    double loss[2], accuracy[2]; /* of each enum dataset_part; accuracy as a share, NAN: none */
    double total_gradient_angle;
    struct training_layer layer[LEARNER_LAYERS_MAX + 1]; /* 1..L */
};

/* With the rates and batches of the papers: eta = 0.1 (1 - 1e-6)^n, batches of 100, reshuffled. */
struct training_plan training_defaults(const struct learning_rule *rule);

struct training {
    struct training_plan plan;
    const struct dataset *train, *test;
    struct learner *learner; /* drawn; a caller may put another state before the first step */
    size_t epoch, steps;     /* finished */
    double time;             /* t */
    bool diverged;
    struct training_record last; /* of training_measure() */
    struct training_work *work;  /* private */
};

/* test: NULL or empty is allowed, and measures of it are NAN. */
enum status training_create(const struct training_plan *plan, const struct dataset *train,
                            const struct dataset *test, struct training **training) MUST_CHECK;
void training_free(struct training *training);

size_t training_batches(const struct training *training);              /* of an epoch */
double training_rate(const struct training_plan *plan, uint64_t step); /* eta_n */

/* One batch; at the end of an epoch training->epoch goes up.  Does nothing once diverged. */
void training_step(struct training *training);
/* All batches up to the end of the epoch, or until diverged; `stop` not NULL is asked before each
 * batch and ends it with INTERRUPTED, after a whole step. */
enum status training_epoch(struct training *training, bool (*stop)(void)) MUST_CHECK;

/* Measures at the state at hand: losses and accuracies of both parts, angles on a probe batch (the
 * first samples of the training set).  Changes nothing but training->last. */
void training_measure(struct training *training, struct training_record *record);

/* Of all inputs, targets and labels of both parts, by which a checkpoint knows its data; it finds other
 * and damaged data, not forged ones. */
uint64_t training_digest_of_data(const struct dataset *train, const struct dataset *test);

/* A checkpoint beside and renamed; refused by training_load() unless its plan (but for `epochs`) and
 * data are the same, and then `training` is as it was.  For the machine and the BLAS that wrote it: on
 * others the steps that follow may round differently. */
enum status training_save(const struct training *training, const char *directory,
                          const char *name) MUST_CHECK;
enum status training_load(struct training *training, const char *directory,
                          const char *name) MUST_CHECK;

#endif
