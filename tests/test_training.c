/* Training by minibatches: batches, rates, momentum and records against plain loops; laws that every
 * batch keeps; divergence.
 *
 * Shuffles and draws are written a second time here, from the streams up, and their laws are tested
 * apart from that by chi-square with a fixed seed.  A network of one layer, whose field is a line of
 * algebra, is trained by plain loops; of deeper ones the learner has its own tests. */
#include "base/stream.h"
#include "networks/learning.h"
#include "networks/training_work.h"
#include "tests/small_data.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* A training that must be possible. */
static struct training *trained(const struct training_plan *plan, const struct dataset *train,
                                const struct dataset *test)
{
    struct training *training = NULL;
    assert_int_equal(training_create(plan, train, test, &training), OK);
    return training;
}

/* ---- plans ---- */

static void refused(struct training_plan plan)
{
    const struct dataset data = small_data(SMALL_TRAIN);
    struct training *training = NULL;
    assert_int_equal(training_create(&plan, &data, NULL, &training), BAD_ARGUMENT);
    assert_null(training);
    small_free(data);
}

static void test_plans_that_cannot_be(void **state)
{
    (void)state;
    struct training_plan plan = small_plan(&learning_rbp);
    plan.batch = 0;
    refused(plan);
    plan = small_plan(&learning_rbp);
    plan.rate = 0;
    refused(plan);
    plan.rate = NAN;
    refused(plan);
    plan = small_plan(&learning_rbp);
    plan.drop = 1;
    refused(plan);
    plan = small_plan(&learning_rbp);
    plan.momentum = 1;
    refused(plan);
    plan = small_plan(&learning_rbp);
    plan.learner.sizes[0]++;
    refused(plan);
    plan = small_plan(&learning_rbp);
    plan.learner.layers = LEARNER_LAYERS_MAX + 1;
    refused(plan);
    struct dataset none = {.inputs = SMALL_INPUTS, .outputs = SMALL_OUTPUTS};
    struct training *training = NULL;
    plan = small_plan(&learning_rbp);
    assert_int_equal(training_create(&plan, &none, NULL, &training), BAD_ARGUMENT);
    assert_int_equal(training_create(&plan, NULL, NULL, &training), BAD_ARGUMENT);
}

static void test_schedules(void **state)
{
    (void)state;
    struct training_plan plan = small_plan(&learning_rbp);
    plan.rate = 0.35;
    plan.drop = 0.015625; /* 1 - d is a double */
    double eta = plan.rate;
    enum { STEPS = 300 };
    for (size_t n = 0; n < STEPS; n++, eta *= 1 - plan.drop)
        /* n products round n times */
        assert_true(fabs(training_rate(&plan, n) / eta - 1) < STEPS * DBL_EPSILON);
    plan.schedule = SCHEDULE_HYPERBOLIC;
    for (size_t n = 0; n < STEPS; n++)
        assert_true(fabs(training_rate(&plan, n) * (1 + 0.015625 * (double)n) / 0.35 - 1) <
                    4 * DBL_EPSILON);
    plan.drop = 0;
    assert_true(training_rate(&plan, STEPS) == plan.rate);
}

/* ---- batches ---- */

/* Fisher and Yates again: (MB60). */
static void shuffled(uint64_t seed, size_t epoch, size_t count, size_t *order)
{
    struct stream stream = stream_at(seed, stream_key("training shuffle"), epoch);
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t left = count; left > 1; left--) {
        const size_t j = stream_below(&stream, left), last = order[left - 1];
        order[left - 1] = order[j];
        order[j] = last;
    }
}

static void test_every_sample_once_an_epoch(void **state)
{
    (void)state;
    const struct dataset data = small_data(SMALL_TRAIN);
    const struct training_plan plan = small_plan(&learning_bp);
    struct training *training = trained(&plan, &data, NULL);
    const size_t batches = training_batches(training);
    assert_int_equal(batches, (SMALL_TRAIN + plan.batch - 1) / plan.batch);
    assert_true(SMALL_TRAIN % plan.batch != 0); /* the last batch is smaller */
    size_t expected[SMALL_TRAIN], index[SMALL_TRAIN], changed = 0;
    for (size_t epoch = 0; epoch < 5; epoch++) {
        size_t seen = 0;
        training->epoch = epoch;
        shuffled(plan.learner.seed, epoch, SMALL_TRAIN, expected);
        for (size_t position = 0; position < batches; position++) {
            const size_t count = training_batch_indices(training, position, index);
            assert_int_equal(count, position + 1 < batches ? plan.batch : SMALL_TRAIN % plan.batch);
            for (size_t i = 0; i < count; i++, seen++) {
                assert_int_equal(index[i], expected[seen]);
                changed += index[i] != seen;
            }
        }
        assert_int_equal(seen, SMALL_TRAIN);
    }
    assert_true(changed > 4 * SMALL_TRAIN); /* of 5: hardly any stays in its place */
    training->epoch = 1;                    /* back: an epoch's order has no history */
    shuffled(plan.learner.seed, 1, SMALL_TRAIN, expected);
    training_batch_indices(training, 0, index);
    assert_memory_equal(index, expected, plan.batch * sizeof *index);
    training_free(training);
    small_free(data);
}

/* sum (n - m)^2 / m; a right law is above mean + 5 s.d. with a probability below 1e-4, and the seed is
 * fixed. */
static void assert_equal_shares(const size_t *counts, size_t bins, size_t trials)
{
    const double mean = (double)trials / (double)bins, freedom = (double)bins - 1;
    double chi = 0;
    for (size_t k = 0; k < bins; k++)
        chi += ((double)counts[k] - mean) * ((double)counts[k] - mean) / mean;
    assert_true(fabs(chi - freedom) < 5 * sqrt(2 * freedom));
}

static void test_all_orders_alike(void **state)
{
    (void)state;
    enum { FEW = 4, ORDERS = 256, EPOCHS = 24000 };
    struct dataset data = small_data(FEW);
    struct training_plan plan = small_plan(&learning_bp);
    plan.batch = FEW;
    struct training *training = trained(&plan, &data, NULL);
    static size_t counts[ORDERS];
    size_t index[FEW], found[ORDERS], kinds = 0;
    for (training->epoch = 0; training->epoch < EPOCHS; training->epoch++) {
        assert_int_equal(training_batch_indices(training, 0, index), FEW);
        counts[((index[0] * FEW + index[1]) * FEW + index[2]) * FEW + index[3]]++;
    }
    for (size_t k = 0; k < ORDERS; k++)
        if (counts[k] > 0)
            found[kinds++] = counts[k];
    assert_int_equal(kinds, 24); /* 4! */
    assert_equal_shares(found, kinds, EPOCHS);
    training_free(training);
    small_free(data);
}

/* Samples, pairs of places in a batch and pairs of batches that follow each other: all alike. */
static void test_independent_batches(void **state)
{
    (void)state;
    enum { FEW = 7, STEPS = 40000 };
    struct dataset data = small_data(FEW);
    struct training_plan plan = small_plan(&learning_bp);
    plan.sampling = SAMPLING_INDEPENDENT;
    plan.batch = 3;
    struct training *training = trained(&plan, &data, NULL);
    size_t single[FEW] = {0}, places[FEW * FEW] = {0}, steps[FEW * FEW] = {0};
    size_t index[FEW], before = 0;
    assert_int_equal(training_batches(training), 3); /* of an epoch: ceil(7 / 3) */
    for (training->steps = 0; training->steps < STEPS; training->steps++) {
        assert_int_equal(training_batch_indices(training, 0, index), plan.batch);
        for (size_t i = 0; i < plan.batch; i++)
            single[index[i]]++;
        places[index[0] * FEW + index[1]]++;
        if (training->steps % 2 == 1)
            steps[before * FEW + index[2]]++;
        before = index[2];
    }
    assert_equal_shares(single, FEW, STEPS * plan.batch);
    assert_equal_shares(places, FEW * FEW, STEPS);
    assert_equal_shares(steps, FEW * FEW, STEPS / 2);
    training_free(training);
    small_free(data);
}

static void test_ordered_and_all(void **state)
{
    (void)state;
    struct dataset data = small_data(SMALL_TRAIN);
    struct training_plan plan = small_plan(&learning_bp);
    plan.sampling = SAMPLING_ORDERED;
    struct training *training = trained(&plan, &data, NULL);
    size_t index[SMALL_TRAIN];
    for (training->epoch = 0; training->epoch < 2; training->epoch++)
        for (size_t position = 0, seen = 0; position < training_batches(training); position++) {
            const size_t count = training_batch_indices(training, position, index);
            for (size_t i = 0; i < count; i++)
                assert_int_equal(index[i], seen++);
        }
    training_free(training);
    plan.sampling = SAMPLING_ALL;
    training = trained(&plan, &data, NULL);
    assert_int_equal(training_batches(training), 1);
    const struct training_batch batch = training_batch_next(training);
    assert_int_equal(batch.inputs.rows, SMALL_TRAIN);
    for (size_t i = 0; i < SMALL_TRAIN * SMALL_INPUTS; i++)
        assert_true(array_at(&batch.inputs, i) == (double)data.input[i]);
    training_step(training);
    assert_int_equal(training->epoch, 1);
    training_free(training);
    small_free(data);
}

static void test_noise(void **state)
{
    (void)state;
    enum { STEPS = 4000 };
    struct dataset data = small_data(SMALL_TRAIN);
    struct training_plan plan = small_plan(&learning_rbp);
    plan.noise_batches = STEPS;
    plan.batch = 2 * SMALL_TRAIN; /* noise is not short of samples */
    struct training *training = trained(&plan, &data, NULL);
    size_t labels[SMALL_OUTPUTS] = {0};
    const double numbers = (double)(STEPS * plan.batch * SMALL_INPUTS);
    double sum = 0, squares = 0, lag = 0, before = 0;
    for (; training->steps < STEPS; training->steps++) {
        const struct training_batch batch = training_batch_next(training);
        assert_int_equal(batch.inputs.rows, plan.batch);
        for (size_t i = 0; i < array_count(&batch.inputs); i++) {
            const double x = array_at(&batch.inputs, i);
            sum += x;
            squares += x * x;
            lag += before * x;
            before = x;
        }
        for (size_t i = 0; i < plan.batch; i++) {
            double ones = 0;
            for (size_t k = 0; k < SMALL_OUTPUTS; k++) {
                const double t = array_at(&batch.targets, i * SMALL_OUTPUTS + k);
                assert_true(t == 0 || t == 1);
                ones += t;
                labels[k] += t == 1;
            }
            assert_true(ones == 1);
        }
    }
    /* standard deviations 1, sqrt 2 and 1 over sqrt n; 5 of them, and the seed is fixed */
    assert_true(fabs(sum) < 5 * sqrt(numbers));
    assert_true(fabs(squares - numbers) < 5 * sqrt(2 * numbers));
    assert_true(fabs(lag) < 5 * sqrt(numbers));
    assert_equal_shares(labels, SMALL_OUTPUTS, STEPS * plan.batch);
    training_free(training);
    small_free(data);
}

/* Noise comes first and leaves the order of the epochs alone. */
static void test_noise_then_epochs(void **state)
{
    (void)state;
    struct dataset data = small_data(SMALL_TRAIN);
    struct training_plan plan = small_plan(&learning_rbp);
    plan.noise_batches = 3;
    struct training *training = trained(&plan, &data, NULL);
    for (size_t i = 0; i < plan.noise_batches; i++)
        training_step(training);
    assert_int_equal(training->epoch, 0);
    size_t order[SMALL_TRAIN];
    shuffled(plan.learner.seed, 0, SMALL_TRAIN, order);
    const struct training_batch batch = training_batch_next(training);
    for (size_t j = 0; j < SMALL_INPUTS; j++)
        assert_true(array_at(&batch.inputs, j) == (double)data.input[order[0] * SMALL_INPUTS + j]);
    assert_int_equal(training_epoch(training, NULL), OK);
    assert_int_equal(training->epoch, 1);
    assert_int_equal(training->steps, 3 + training_batches(training));
    assert_int_equal(training_epoch(training, NULL), OK);
    assert_int_equal(training->steps, 3 + 2 * training_batches(training));
    training_free(training);
    small_free(data);
}

/* ---- steps ---- */

/* One layer, linear, squared error: v <- mu v + mean (t - W x - b) (x, 1)', by plain loops. */
struct plain {
    double W[SMALL_OUTPUTS][SMALL_INPUTS + 1], v[SMALL_OUTPUTS][SMALL_INPUTS + 1], time;
};

static void plain_step(struct plain *plain, const struct dataset *data, const size_t *index,
                       size_t count, double eta, double mu)
{
    double F[SMALL_OUTPUTS][SMALL_INPUTS + 1] = {{0}};
    for (size_t s = 0; s < count; s++) {
        const float *x = data->input + index[s] * SMALL_INPUTS;
        for (size_t i = 0; i < SMALL_OUTPUTS; i++) {
            double e =
                (double)data->target[index[s] * SMALL_OUTPUTS + i] - plain->W[i][SMALL_INPUTS];
            for (size_t j = 0; j < SMALL_INPUTS; j++)
                e -= plain->W[i][j] * (double)x[j];
            for (size_t j = 0; j <= SMALL_INPUTS; j++)
                F[i][j] += e * (j < SMALL_INPUTS ? (double)x[j] : 1) / (double)count;
        }
    }
    for (size_t i = 0; i < SMALL_OUTPUTS; i++)
        for (size_t j = 0; j <= SMALL_INPUTS; j++) {
            plain->v[i][j] = mu * plain->v[i][j] + F[i][j];
            plain->W[i][j] += eta * plain->v[i][j];
        }
    plain->time += eta;
}

static void plain_epochs(const struct training_plan *plan, const struct dataset *data,
                         size_t epochs, struct plain *plain)
{
    size_t order[SMALL_TRAIN];
    double eta = plan->rate;
    for (size_t epoch = 0; epoch < epochs; epoch++) {
        shuffled(plan->learner.seed, epoch, SMALL_TRAIN, order);
        for (size_t first = 0; first < SMALL_TRAIN; first += plan->batch, eta *= 1 - plan->drop) {
            const size_t left = SMALL_TRAIN - first;
            plain_step(plain, data, order + first, left < plan->batch ? left : plan->batch, eta,
                       plan->momentum);
        }
    }
}

static void test_steps_by_plain_loops(void **state)
{
    (void)state;
    enum { EPOCHS = 7 };
    struct dataset data = small_data(SMALL_TRAIN);
    struct training_plan plan = small_plan(&learning_bp);
    plan.learner.layers = 1;
    plan.learner.sizes[1] = SMALL_OUTPUTS;
    plan.learner.loss = LOSS_SQUARED;
    plan.momentum = 0.6;
    plan.drop = 0.01;
    struct training *training = trained(&plan, &data, NULL);
    const struct array *W = &training->learner->weight[1], *b = &training->learner->bias[1];
    struct plain plain = {0};
    for (size_t i = 0; i < SMALL_OUTPUTS; i++) {
        for (size_t j = 0; j < SMALL_INPUTS; j++)
            plain.W[i][j] = array_at(W, i * SMALL_INPUTS + j);
        plain.W[i][SMALL_INPUTS] = array_at(b, i);
    }
    const double before = plain.W[0][0];
    plain_epochs(&plan, &data, EPOCHS, &plain);
    for (size_t epoch = 0; epoch < EPOCHS; epoch++)
        assert_int_equal(training_epoch(training, NULL), OK);
    /* some hundred sums of some ten terms of size 1, contracting: far below 1e-13 */
    static const double ROUNDING = 1e-13;
    for (size_t i = 0; i < SMALL_OUTPUTS; i++) {
        for (size_t j = 0; j < SMALL_INPUTS; j++)
            assert_true(fabs(array_at(W, i * SMALL_INPUTS + j) - plain.W[i][j]) < ROUNDING);
        assert_true(fabs(array_at(b, i) - plain.W[i][SMALL_INPUTS]) < ROUNDING);
    }
    assert_true(fabs(plain.W[0][0] - before) > 0.01); /* it moved */
    assert_true(fabs(training->time - plain.time) < ROUNDING * plain.time);
    training_free(training);
    small_free(data);
}

static size_t batches_left;
static bool stop_after_some(void)
{
    return batches_left-- == 0;
}

static void test_interruption(void **state)
{
    (void)state;
    struct dataset data = small_data(SMALL_TRAIN);
    const struct training_plan plan = small_plan(&learning_rbp);
    struct training *training = trained(&plan, &data, NULL), *other = trained(&plan, &data, NULL);
    batches_left = 2;
    assert_int_equal(training_epoch(training, stop_after_some), INTERRUPTED);
    assert_int_equal(training->steps, 2);
    assert_int_equal(training->epoch, 0);
    assert_int_equal(training_epoch(training, NULL), OK); /* the rest of the epoch */
    assert_int_equal(training->epoch, 1);
    assert_int_equal(training_epoch(other, NULL), OK);
    small_assert_same(training, other);
    training_free(training);
    training_free(other);
    small_free(data);
}

/* Each kind of number and each rule: too long a step ends in a word, not in a crash. */
static void test_divergence(void **state)
{
    (void)state;
    static const double RATES[] = {1e4, 1e38};
    struct dataset data = small_data(SMALL_TRAIN);
    size_t diverged = 0;
    for (size_t r = 0; learning_registry[r]; r++)
        for (size_t k = 0; k < 2 * COUNT(RATES); k++) {
            struct training_plan plan = small_plan(learning_registry[r]);
            plan.learner.arithmetic = k % 2 ? &array_float : &array_double;
            plan.learner.loss = LOSS_SQUARED;
            plan.learner.neuron = neuron_named("relu");
            plan.rate = RATES[k / 2];
            struct training *training = trained(&plan, &data, &data);
            struct training_record record;
            for (size_t epoch = 0; epoch < 30; epoch++)
                assert_int_equal(training_epoch(training, NULL), OK);
            training_measure(training, &record);
            diverged += training->diverged;
            const size_t steps = training->steps;
            training_step(training);
            assert_int_equal(training->steps, steps + !training->diverged);
            training_free(training);
        }
    assert_true(diverged > 40); /* of 68: some rules die instead, with all neurons dead */
    small_free(data);
}

/* A neuron that saturates hides an infinite weight from the loss; the end of the epoch finds it. */
static void test_hidden_infinity(void **state)
{
    (void)state;
    float input[] = {0.5F, -2, 1.25F}, target[] = {0.1F, 0.2F, 0.3F};
    const struct dataset data = {
        .count = 3, .inputs = 1, .outputs = 1, .input = input, .target = target};
    struct training_plan plan = small_plan(&learning_rbp);
    plan.learner.layers = 2;
    plan.learner.sizes[0] = plan.learner.sizes[1] = plan.learner.sizes[2] = 1;
    plan.learner.loss = LOSS_SQUARED;
    struct training *training = trained(&plan, &data, NULL);
    struct training_record record;
    array_put(&training->learner->weight[1], 0, INFINITY);
    assert_int_equal(training_epoch(training, NULL), OK);
    training_measure(training, &record);
    assert_true(isfinite(record.loss[DATASET_TRAIN]));
    assert_true(training->diverged);
    training_step(training);
    assert_int_equal(training->steps, 1); /* the epoch was one batch, and nothing comes after */
    training_free(training);
}

/* Same plan, same bits; another seed, others; looking changes nothing. */
static void test_determinism(void **state)
{
    (void)state;
    struct dataset data = small_data(SMALL_TRAIN), test = small_data(SMALL_TEST);
    for (size_t r = 0; learning_registry[r]; r++) {
        struct training_plan plan = small_plan(learning_registry[r]);
        plan.learner.channel_dropout = learning_registry[r]->weight_field ? 0 : 0.2;
        plan.momentum = 0.3;
        struct training *one = trained(&plan, &data, &test), *two = trained(&plan, &data, &test);
        plan.learner.seed++;
        struct training *other = trained(&plan, &data, &test);
        struct training_record record;
        for (size_t n = 0; n < 20; n++) {
            training_step(one);
            training_step(two);
            training_step(other);
            training_measure(two, &record);
        }
        small_assert_same(one, two);
        assert_true(array_angle(&one->learner->state, &other->learner->state) > 1);
        training_free(one);
        training_free(two);
        training_free(other);
    }
    small_free(data);
    small_free(test);
}

/* ---- records ---- */

/* Loss and hits of the outputs o of one sample. */
static double plain_loss(enum loss loss, const double *s, const float *t, size_t *best)
{
    double sum = 0, norm = 0;
    *best = 0;
    for (size_t k = 0; k < SMALL_OUTPUTS; k++) {
        *best = s[k] > s[*best] ? k : *best;
        norm += exp(s[k]);
    }
    for (size_t k = 0; k < SMALL_OUTPUTS; k++) {
        const double T = (double)t[k], o = 1 / (1 + exp(-s[k]));
        if (loss == LOSS_CROSS_ENTROPY)
            sum -= T * log(exp(s[k]) / norm);
        else if (loss == LOSS_LOGISTIC)
            sum -= T * log(o) + (1 - T) * log(1 - o);
        else
            sum += (T - s[k]) * (T - s[k]) / 2;
    }
    return sum;
}

/* One hidden layer, by plain loops. */
static void plain_outputs(const struct learner *learner, const float *x, double *s)
{
    double hidden[SMALL_HIDDEN];
    for (size_t i = 0; i < SMALL_HIDDEN; i++) {
        hidden[i] = array_at(&learner->bias[1], i);
        for (size_t j = 0; j < SMALL_INPUTS; j++)
            hidden[i] += array_at(&learner->weight[1], i * SMALL_INPUTS + j) * (double)x[j];
        hidden[i] = tanh(hidden[i]);
    }
    for (size_t k = 0; k < SMALL_OUTPUTS; k++) {
        s[k] = array_at(&learner->bias[2], k);
        for (size_t i = 0; i < SMALL_HIDDEN; i++)
            s[k] += array_at(&learner->weight[2], k * SMALL_HIDDEN + i) * hidden[i];
    }
}

static void check_record(const struct training *training, enum dataset_part part,
                         const struct dataset *data, const struct training_record *record)
{
    double loss = 0, right = 0;
    for (size_t i = 0; i < data->count; i++) {
        double s[SMALL_OUTPUTS];
        size_t best;
        plain_outputs(training->learner, data->input + i * SMALL_INPUTS, s);
        loss += plain_loss(training->plan.learner.loss, s, data->target + i * SMALL_OUTPUTS, &best);
        right += best == data->label[i];
    }
    const double count = (double)data->count;
    /* rounding of sums of about a thousand terms */
    assert_true(fabs(record->loss[part] - loss / count) < 1e-13 * loss);
    assert_true(record->accuracy[part] == right / count);
    assert_true(right > 0 && right < count); /* a figure that can be wrong */
}

static void test_losses_and_accuracies(void **state)
{
    (void)state;
    enum { MANY = 1234 }; /* more than one batch of evaluation, and a rest */
    struct dataset train = small_data(MANY), test = small_data(SMALL_TEST);
    for (enum loss loss = LOSS_CROSS_ENTROPY; loss <= LOSS_SQUARED; loss++) {
        struct training_plan plan = small_plan(&learning_rbp);
        plan.learner.layers = 2;
        plan.learner.sizes[1] = SMALL_HIDDEN;
        plan.learner.sizes[2] = SMALL_OUTPUTS;
        plan.learner.loss = loss;
        struct training *training = trained(&plan, &train, &test);
        struct training_record record;
        for (size_t n = 0; n < 9; n++)
            training_step(training);
        training_measure(training, &record);
        check_record(training, DATASET_TRAIN, &train, &record);
        check_record(training, DATASET_TEST, &test, &record);
        assert_int_equal(record.steps, 9);
        assert_true(record.time == training->time);
        assert_true(record.rate == training_rate(&plan, 9));
        assert_true(record.loss[0] == training->last.loss[0]);
        assert_true(record.layer[2].weight_norm == array_norm(&training->learner->weight[2]));
        assert_true(record.layer[1].feedback_norm == array_norm(&training->learner->feedback[1]));
        training_free(training);
    }
    small_free(train);
    small_free(test);
}

static void test_records_without_test_or_labels(void **state)
{
    (void)state;
    struct dataset data = small_data(SMALL_TRAIN);
    free(data.label);
    data.label = NULL;
    const struct training_plan plan = small_plan(&learning_rbp);
    struct training *training = trained(&plan, &data, NULL);
    struct training_record record;
    training_measure(training, &record);
    assert_true(isfinite(record.loss[DATASET_TRAIN]));
    assert_true(isnan(record.accuracy[DATASET_TRAIN]));
    assert_true(isnan(record.loss[DATASET_TEST]) && isnan(record.accuracy[DATASET_TEST]));
    training_free(training);
    small_free(data);
}

/* The first of equal outputs counts, and what is no number never does. */
static void test_ties_and_nan(void **state)
{
    (void)state;
    struct dataset data = small_data(SMALL_TRAIN);
    struct training_plan plan = small_plan(&learning_rbp);
    struct training *training = trained(&plan, &data, NULL);
    struct training_record record;
    double zeros = 0;
    for (size_t i = 0; i < data.count; i++)
        zeros += data.label[i] == 0;
    array_fill(0, &training->learner->state);
    training_measure(training, &record);
    assert_true(record.accuracy[0] == zeros / (double)data.count);
    array_fill(NAN, &training->learner->state);
    training_measure(training, &record);
    assert_true(record.accuracy[0] == 0 && isnan(record.loss[0]));
    training_free(training);
    small_free(data);
}

/* ---- laws ---- */

/* K = C_l - W_(l+1)' now, written out */
static double mismatch(const struct learner *learner, size_t l, size_t i, size_t k)
{
    const struct array *C = &learner->feedback[l], *W = &learner->weight[l + 1];
    return array_at(C, i * C->columns + k) - array_at(W, k * W->columns + i);
}

enum { LAW_STEPS = 1000 };

/* networks of equal increments: |K - k K(0)| / |K(0)| with k by the scalar recursion, (MB66) */
static void follow_law(const struct learning_rule *rule, double momentum, double decay)
{
    struct dataset data = small_data(SMALL_TRAIN);
    struct training_plan plan = small_plan(rule);
    plan.learner.decay = decay;
    plan.learner.product_ratio = 2;
    plan.momentum = momentum;
    plan.drop = 1e-3;
    struct training *training = trained(&plan, &data, NULL);
    struct training_record record;
    const size_t l = plan.learner.layers - 1; /* top interface: also asrbp */
    const double K0 = mismatch(training->learner, l, 1, 2);
    double k = 1, v = 0;
    for (size_t n = 0; n < LAW_STEPS; n++) {
        training_step(training);
        v = momentum * v - decay * k;
        k += training_rate(&plan, n) * v;
    }
    training_measure(training, &record);
    /* a thousand roundings of numbers of the size of K(0) */
    static const double ROUNDING = 1e-12;
    assert_true(record.layer[l].invariant < ROUNDING);
    assert_true(fabs(record.layer[l].kept - k) < ROUNDING);
    if (!rule->product)
        assert_true(fabs(mismatch(training->learner, l, 1, 2) - k * K0) < ROUNDING);
    const bool all = rule->topology == LEARNING_LAYERED;
    assert_true(all ? record.layer[1].invariant < ROUNDING : isnan(record.layer[1].invariant));
    training_free(training);
    small_free(data);
}

static void test_equal_increments(void **state)
{
    (void)state;
    const struct learning_rule *const rules[] = {&learning_arbp, &learning_kolen_pollack,
                                                 &learning_pfa, &learning_asrbp, NULL};
    for (size_t r = 0; rules[r]; r++) {
        follow_law(rules[r], 0, 0);
        follow_law(rules[r], 0, 0.02);
        follow_law(rules[r], 0.8, 0.02);
    }
}

/* Rules without such a law, and modifiers that break it, have no figure. */
static void test_no_law(void **state)
{
    (void)state;
    struct dataset data = small_data(SMALL_TRAIN);
    for (size_t r = 0; learning_registry[r]; r++) {
        const struct learning_rule *rule = learning_registry[r];
        for (size_t k = 0; k < 3; k++) {
            struct training_plan plan = small_plan(rule);
            if (k == 1)
                plan.learner.normalisation = NORMALISATION_CAP;
            if (k == 2 && rule != &learning_per_weight)
                plan.learner.update_quantiser =
                    (struct quantiser){.rounding = ROUNDING_MID_TREAD, .bits = 8, .range = 1};
            struct training *training = trained(&plan, &data, NULL);
            struct training_record record;
            training_measure(training, &record);
            const bool has = k == 0 && rule->feedback_learns && !rule->mirrors;
            assert_int_equal(!isnan(record.layer[plan.learner.layers - 1].invariant), has);
            assert_true(isnan(record.layer[plan.learner.layers].invariant));
            training_free(training);
        }
    }
    small_free(data);
}

/* Drift of the scale law of relu networks over a fixed time. */
static double drift(const struct learning_rule *rule, const char *neuron, double eta)
{
    static const double TIME = 2;
    struct dataset data = small_data(SMALL_TRAIN);
    struct training_plan plan = small_plan(rule);
    plan.learner.neuron = neuron_named(neuron);
    plan.sampling = SAMPLING_ALL;
    plan.rate = eta;
    plan.drop = 0;
    struct training *training = trained(&plan, &data, NULL);
    struct training_record record;
    while (training->time < TIME)
        training_step(training);
    training_measure(training, &record);
    double worst = record.layer[1].invariant; /* NAN unless another layer has one */
    for (size_t l = 2; l < plan.learner.layers; l++)
        worst = fmax(worst, record.layer[l].invariant);
    training_free(training);
    small_free(data);
    return worst;
}

/* Each step changes it by O(eta^2), so half the step halves the drift. */
static void test_scale_law(void **state)
{
    (void)state;
    const struct learning_rule *const rules[] = {&learning_bp, &learning_rbp, NULL};
    const char *const neurons[] = {"relu", "identity", NULL};
    for (size_t r = 0; rules[r]; r++)
        for (size_t n = 0; neurons[n]; n++) {
            const double coarse = drift(rules[r], neurons[n], 1.0 / 256),
                         fine = drift(rules[r], neurons[n], 1.0 / 512);
            assert_true(coarse > 0 && coarse < 0.01);
            assert_true(fabs(log2(coarse / fine) - 1) < 0.05); /* the next order is eta: 0.004 */
            assert_true(isnan(drift(rules[r], "tanh", 1.0 / 16)));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plans_that_cannot_be),
        cmocka_unit_test(test_schedules),
        cmocka_unit_test(test_every_sample_once_an_epoch),
        cmocka_unit_test(test_all_orders_alike),
        cmocka_unit_test(test_independent_batches),
        cmocka_unit_test(test_ordered_and_all),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_noise_then_epochs),
        cmocka_unit_test(test_steps_by_plain_loops),
        cmocka_unit_test(test_interruption),
        cmocka_unit_test(test_divergence),
        cmocka_unit_test(test_hidden_infinity),
        cmocka_unit_test(test_determinism),
        cmocka_unit_test(test_losses_and_accuracies),
        cmocka_unit_test(test_records_without_test_or_labels),
        cmocka_unit_test(test_ties_and_nan),
        cmocka_unit_test(test_equal_increments),
        cmocka_unit_test(test_no_law),
        cmocka_unit_test(test_scale_law),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
