/* Numbers of the runs of a rule over its seeds.
 *
 * Mean and squares are updated one value at a time (Welford 1962), in the order of the seeds, so
 * that nothing is stored and the result does not depend on threads.  What is not a finite number is
 * left out, and `count` says what is left. */
#include "cli/train.h"

#include <math.h>

static const double PERCENT = 100;

static const struct training_record *record_of(const struct train_run *run, size_t k)
{
    if (k != TRAIN_LAST)
        return k < run->records ? &run->record[k] : NULL;
    return run->diverged || run->records == 0 ? NULL : &run->record[run->records - 1];
}

struct train_spread train_spread(const struct train *train, size_t rule, size_t k,
                                 train_number *number, size_t layer)
{
    struct train_spread spread = {.mean = NAN, .deviation = NAN, .least = NAN, .most = NAN};
    double squares = 0;
    for (size_t j = 0; j < train->trials; j++) {
        const struct training_record *record = record_of(&train->run[rule * train->trials + j], k);
        const double x = record ? number(record, layer) : NAN;
        if (!isfinite(x))
            continue;
        const double before = spread.count++ == 0 ? x : spread.mean;
        spread.mean = before + (x - before) / (double)spread.count;
        squares += (x - before) * (x - spread.mean);
        spread.least = spread.count == 1 ? x : fmin(spread.least, x);
        spread.most = spread.count == 1 ? x : fmax(spread.most, x);
    }
    if (spread.count > 1)
        spread.deviation = sqrt(squares / (double)(spread.count - 1));
    return spread;
}

size_t train_diverged(const struct train *train, size_t rule)
{
    size_t count = 0;
    for (size_t j = 0; j < train->trials; j++)
        count += train->run[rule * train->trials + j].diverged;
    return count;
}

double train_test_error(const struct training_record *record, size_t layer)
{
    (void)layer;
    return PERCENT * (1 - record->accuracy[DATASET_TEST]);
}

double train_test_percent(const struct training_record *record, size_t layer)
{
    (void)layer;
    return PERCENT * record->accuracy[DATASET_TEST];
}

double train_percent(const struct training_record *record, size_t layer)
{
    (void)layer;
    return PERCENT * record->accuracy[DATASET_TRAIN];
}

double train_loss(const struct training_record *record, size_t layer)
{
    (void)layer;
    return record->loss[DATASET_TRAIN];
}

double train_test_loss(const struct training_record *record, size_t layer)
{
    (void)layer;
    return record->loss[DATASET_TEST];
}

double train_weight_angle(const struct training_record *record, size_t layer)
{
    return record->layer[layer].weight_angle;
}

double train_delta_angle(const struct training_record *record, size_t layer)
{
    return record->layer[layer].delta_angle;
}
