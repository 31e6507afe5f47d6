/* A learner with something to learn, for the test programs: random state, random samples.
 *
 * Shapes: sizes N_0..N_L, inputs[samples x N_0], targets[samples x N_L].  Arithmetic: double.
 * Memory: lesson_of() makes the learner and the samples, lesson_free() frees them.
 * Errors: a status other than OK fails the running test. */
#ifndef TESTS_LESSONS_H
#define TESTS_LESSONS_H

#include "networks/blas.h"
#include "networks/learning.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define SIZES(...)   (const size_t[]){__VA_ARGS__}, COUNT(((const size_t[]){__VA_ARGS__}))

struct lesson {
    struct learner *learner;
    struct array inputs, targets;
};

/* Defaults in double; count = L + 1. */
static inline struct learner_plan plan_of(const char *rule, const size_t *sizes, size_t count)
{
    struct learner_plan plan = learner_defaults(learning_named(rule));
    plan.arithmetic = &array_double;
    plan.layers = count - 1;
    memcpy(plan.sizes, sizes, count * sizeof *sizes);
    plan.batch = 7;
    plan.seed = 2018;
    return plan;
}

static inline struct array lesson_array(size_t rows, size_t columns)
{
    double *values = calloc(rows * columns + 1, sizeof *values);
    assert_non_null(values);
    return array_view(&array_double, rows, columns, values);
}

/* Labels, or numbers where the loss is of numbers. */
static inline void lesson_targets(enum loss loss, struct stream *stream, struct array *targets)
{
    for (size_t k = 0; k < array_count(targets) && loss == LOSS_SQUARED; k++)
        array_put(targets, k, stream_normal(stream));
    for (size_t k = 0; k < array_count(targets) && loss == LOSS_LOGISTIC; k++)
        array_put(targets, k, (double)stream_below(stream, 2));
    for (size_t s = 0; s < targets->rows && loss == LOSS_CROSS_ENTROPY; s++)
        array_put(targets, s * targets->columns + stream_below(stream, targets->columns), 1);
}

static inline struct learner *learner_of(const struct learner_plan *plan)
{
    struct learner *learner = NULL;
    if (learner_create(plan, &learner) != OK)
        fail_msg("learner_create: %s", status_message());
    learner_initialise(learner);
    return learner;
}

/* Samples of a full batch, and biases that are not zero. */
static inline struct lesson lesson_of(const struct learner_plan *plan, uint64_t index)
{
    struct stream stream = stream_at(plan->seed, stream_key("lesson"), index);
    struct lesson lesson = {learner_of(plan), lesson_array(plan->batch, plan->sizes[0]),
                            lesson_array(plan->batch, plan->sizes[plan->layers])};
    array_normals(&stream, 1, &lesson.inputs);
    lesson_targets(plan->loss, &stream, &lesson.targets);
    for (size_t l = 1; l <= plan->layers && plan->biases; l++)
        array_normals(&stream, 0.3, &lesson.learner->bias[l]);
    return lesson;
}

static inline double lesson_field(const struct lesson *lesson)
{
    return learner_field(lesson->learner, &lesson->inputs, &lesson->targets);
}

static inline void lesson_free(struct lesson *lesson)
{
    learner_free(lesson->learner);
    free(lesson->inputs.values);
    free(lesson->targets.values);
}

static inline double lesson_at(const struct array *x, size_t i, size_t j)
{
    return array_at(x, i * x->columns + j);
}

/* Largest distance of two arrays' entries. */
static inline double lesson_distance(const struct array *x, const struct array *y)
{
    double most = 0;
    assert_int_equal(array_count(x), array_count(y));
    for (size_t k = 0; k < array_count(x); k++) {
        const double distance = fabs(array_at(x, k) - array_at(y, k));
        most = distance > most || isnan(distance) ? distance : most;
    }
    return most;
}

static inline bool lesson_same(const struct array *x, const struct array *y)
{
    return array_count(x) == array_count(y) &&
           memcmp(x->values, y->values, array_count(x) * x->arithmetic->bytes) == 0;
}

/* All programs that use learners: BLAS is open, on one thread. */
static inline int lesson_begin(void **state)
{
    (void)state;
    if (blas_open() != OK)
        return 1;
    blas_threads(1);
    return 0;
}

#endif
