/* What a record of training says: losses and accuracies of whole sets, angles on a probe batch.
 *
 * Sets are evaluated in batches of one size in the order of the file, and sums are taken in double in
 * that order: the figures are the same in every run and do not depend on the batches of training.
 * The probe is the first samples of the training set, the same in every record.  Nothing that later
 * steps read is changed: field and signals are computed anew by each step, and random channels are
 * keyed by the step.
 * A sample counts as right if the first largest output is that of its label; outputs that are not
 * numbers are never right: (MB67). */
#include "networks/training_work.h"

#include "networks/learning.h"

#include <math.h>

struct tally {
    double loss;
    size_t right;
};

static bool is_right(const struct array *output, size_t row, unsigned char label)
{
    const size_t columns = output->columns, first = row * columns;
    if (label >= columns)
        return false;
    const double given = array_at(output, first + label);
    bool right = true;
    for (size_t k = 0; k < columns && right; k++) {
        const double other = array_at(output, first + k);
        right = k < label ? other < given : other <= given; /* NaN: false, if only for k = label */
    }
    return right;
}

static struct tally tally_of(struct training *training, const struct dataset *data, size_t first,
                             size_t count)
{
    struct learner *learner = training->learner;
    const struct training_batch batch = training_batch_of(training, data, first, count);
    learner_forward(learner, &batch.inputs);
    struct tally tally = {.loss = learner_loss(learner, &batch.targets)};
    for (size_t i = 0; i < count && data->label; i++)
        tally.right += is_right(&learner->output[learner->plan.layers], i, data->label[first + i]);
    return tally;
}

static void evaluate(struct training *training, enum dataset_part part,
                     struct training_record *record)
{
    const struct dataset *data = part == DATASET_TRAIN ? training->train : training->test;
    const size_t most = training->work->capacity;
    struct tally sum = {0};
    record->loss[part] = record->accuracy[part] = NAN;
    if (!data || data->count == 0)
        return;
    for (size_t first = 0; first < data->count; first += most) {
        const size_t left = data->count - first;
        const struct tally tally = tally_of(training, data, first, left < most ? left : most);
        sum.loss += tally.loss;
        sum.right += tally.right;
    }
    record->loss[part] = sum.loss / (double)data->count;
    if (data->label)
        record->accuracy[part] = (double)sum.right / (double)data->count;
}

static void measure_layers(struct training *training, struct training_record *record)
{
    struct learner *learner = training->learner;
    struct alignment_layer measured[LEARNER_LAYERS_MAX + 1];
    const struct training_batch probe =
        training_batch_of(training, training->train, 0, training->work->probe);
    record->total_gradient_angle = alignment_measure(training->work->alignment, learner,
                                                     &probe.inputs, &probe.targets, measured);
    for (size_t l = 1; l <= learner->plan.layers; l++) {
        const struct array *C = &learner->feedback[l];
        const struct alignment_layer *m = &measured[l];
        record->layer[l] = (struct training_layer){
            .weight_norm = array_norm(&learner->weight[l]),
            .feedback_norm = l < learner->plan.layers && C->values ? array_norm(C) : NAN,
            .weight_angle = m->weight_angle,
            .delta_angle = m->delta_angle,
            .gradient_angle = m->gradient_angle,
            .norm_ratio = m->norm_ratio,
            .sign_concordance = m->sign_concordance,
            .saturated = m->saturated,
            .invariant = training_invariant(training, l),
            .kept = training->work->kept,
        };
    }
}

void training_measure(struct training *training, struct training_record *record)
{
    struct training_record made = {.epoch = training->epoch,
                                   .steps = training->steps,
                                   .time = training->time,
                                   .rate = training_rate(&training->plan, training->steps)};
    evaluate(training, DATASET_TRAIN, &made);
    evaluate(training, DATASET_TEST, &made);
    measure_layers(training, &made);
    training->last = made;
    *record = made;
}
