/* A small problem for tests of training: labelled points in 5 dimensions, and a network for it.
 *
 * The labels depend on the inputs, so that there is something to learn, and numbers are generic.
 * Memory: small_data() allocates, small_free() frees.  Failures end the test. */
#ifndef TESTS_SMALL_DATA_H
#define TESTS_SMALL_DATA_H

#include "base/stream.h"
#include "networks/learning.h"
#include "networks/training.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    SMALL_TRAIN = 37,
    SMALL_TEST = 23,
    SMALL_INPUTS = 5,
    SMALL_HIDDEN = 6,
    SMALL_NARROW = 4,
    SMALL_OUTPUTS = 3,
    SMALL_BATCH = 8,
    SMALL_SEED = 1618
};

static inline void small_sample(struct stream *stream, struct dataset *data, size_t i)
{
    float *x = data->input + i * SMALL_INPUTS, *t = data->target + i * SMALL_OUTPUTS;
    for (size_t j = 0; j < SMALL_INPUTS; j++)
        x[j] = (float)stream_normal(stream);
    data->label[i] = (unsigned char)((x[0] + x[1] * x[2] > 0) + (x[3] > x[4]));
    t[data->label[i]] = 1;
}

/* Different counts give different samples. */
static inline struct dataset small_data(size_t count)
{
    struct dataset data = {.count = count,
                           .inputs = SMALL_INPUTS,
                           .outputs = SMALL_OUTPUTS,
                           .input = calloc(count * SMALL_INPUTS, sizeof(float)),
                           .target = calloc(count * SMALL_OUTPUTS, sizeof(float)),
                           .label = calloc(count, 1)};
    assert_true(data.input && data.target && data.label);
    struct stream stream = stream_at(SMALL_SEED, stream_key("small data"), count);
    for (size_t i = 0; i < count; i++)
        small_sample(&stream, &data, i);
    return data;
}

static inline void small_free(struct dataset data)
{
    free(data.input);
    free(data.target);
    free(data.label);
}

/* 5-6-4-3, in double. */
static inline struct training_plan small_plan(const struct learning_rule *rule)
{
    struct training_plan plan = training_defaults(rule);
    plan.batch = SMALL_BATCH;
    plan.learner.arithmetic = &array_double;
    plan.learner.layers = 3;
    plan.learner.sizes[0] = SMALL_INPUTS;
    plan.learner.sizes[1] = SMALL_HIDDEN;
    plan.learner.sizes[2] = SMALL_NARROW;
    plan.learner.sizes[3] = SMALL_OUTPUTS;
    plan.learner.seed = SMALL_SEED;
    plan.learner.mirror_samples = SMALL_BATCH;
    return plan;
}

static inline void small_assert_same_array(const struct array *x, const struct array *y)
{
    assert_int_equal(array_count(x), array_count(y));
    if (x->values)
        assert_memory_equal(x->values, y->values, array_count(x) * x->arithmetic->bytes);
}

/* The same bits, as far as later steps see them. */
static inline void small_assert_same(const struct training *one, const struct training *two)
{
    const struct learner *a = one->learner, *b = two->learner;
    small_assert_same_array(&a->state, &b->state);
    assert_int_equal(one->steps, two->steps);
    assert_int_equal(one->epoch, two->epoch);
    assert_int_equal(one->diverged, two->diverged);
    assert_true(one->time == two->time);
    assert_int_equal(a->step, b->step);
}

#endif
