/* Where the samples come from: given, made by a teacher, standing for two moments, or Gaussian.
 *
 * All are copied into one block behind the struct, so that a problem may go before its data do. */
#include "nonlinear/data.h"

#include "nonlinear/activation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct data {
    struct samples samples;
    double store[];
};

/* One block for so many samples; the arrays of its `samples` point into it. */
static enum status block_create(struct samples shape, struct data **data, double *arrays[])
{
    const size_t inputs = shape.count * shape.inputs, targets = shape.count * shape.outputs;
    struct data *made = malloc(sizeof *made + (inputs + targets + shape.count) * sizeof(double));
    if (!made)
        return status_fail(NO_MEMORY, "%zu samples", shape.count);
    arrays[0] = made->store;
    arrays[1] = made->store + inputs;
    arrays[2] = made->store + inputs + targets;
    made->samples = shape;
    made->samples.input = arrays[0];
    made->samples.target = arrays[1];
    made->samples.weight = arrays[2];
    *data = made;
    return OK;
}

static double teacher_target(const struct teacher *teacher, double input)
{
    return teacher->scale * activation_value(&teacher->neurons, teacher->argument * input);
}

static enum status check_finite(const char *what, const struct entries *entries)
{
    const double *entry = problem_entries(entries);
    for (size_t k = 0; k < entries->count; k++)
        if (!isfinite(entry[k]))
            return status_fail(BAD_ARGUMENT, "%s: entry %zu is %g", what, k + 1, entry[k]);
    return OK;
}

static enum status check_weights(const struct entries *weights, size_t count)
{
    const double *weight = problem_entries(weights);
    if (weights->count != 0 && weights->count != count)
        return status_fail(BAD_ARGUMENT, "%zu sample weights for %zu samples", weights->count,
                           count);
    for (size_t k = 0; k < weights->count; k++)
        if (!(weight[k] > 0 && isfinite(weight[k])))
            return status_fail(BAD_ARGUMENT, "the weight of sample %zu is %g; expected > 0", k + 1,
                               weight[k]);
    return OK;
}

static enum status check_teacher(const struct problem *problem, size_t inputs, size_t outputs)
{
    const struct teacher *teacher = &problem->teacher;
    if (inputs != outputs)
        return status_fail(BAD_ARGUMENT,
                           "a teacher makes as many targets as there are inputs: %zu, not %zu",
                           inputs, outputs);
    if (problem->targets.count > 0)
        return status_fail(BAD_ARGUMENT, "targets are given, and a teacher who makes them");
    if (!isfinite(teacher->argument) || !isfinite(teacher->scale))
        return status_fail(BAD_ARGUMENT, "teacher: argument = %g, scale = %g", teacher->argument,
                           teacher->scale);
    return OK;
}

static enum status check_samples(const struct problem *problem, size_t inputs, size_t outputs)
{
    const size_t count = problem->inputs.count / inputs;
    if (count * inputs != problem->inputs.count)
        return status_fail(BAD_ARGUMENT, "%zu numbers are no samples of %zu inputs",
                           problem->inputs.count, inputs);
    if (problem->teacher.neurons.activation)
        TRY(check_teacher(problem, inputs, outputs));
    else if (problem->targets.count != count * outputs)
        return status_fail(BAD_ARGUMENT, "%zu targets for %zu samples of %zu outputs",
                           problem->targets.count, count, outputs);
    TRY(check_finite("inputs", &problem->inputs));
    TRY(check_finite("targets", &problem->targets));
    return check_weights(&problem->sample_weights, count);
}

static enum status samples_create(const struct problem *problem, size_t inputs, size_t outputs,
                                  struct data **data)
{
    TRY(check_samples(problem, inputs, outputs));
    const size_t count = problem->inputs.count / inputs;
    const double *input = problem_entries(&problem->inputs);
    const double *weight = problem_entries(&problem->sample_weights);
    double *array[2 + 1];
    TRY(block_create((struct samples){.count = count, .inputs = inputs, .outputs = outputs}, data,
                     array));
    memcpy(array[0], input, count * inputs * sizeof *input);
    if (problem->teacher.neurons.activation)
        for (size_t k = 0; k < count * outputs; k++)
            array[1][k] = teacher_target(&problem->teacher, input[k]);
    else
        memcpy(array[1], problem_entries(&problem->targets), count * outputs * sizeof(double));
    for (size_t k = 0; k < count; k++)
        array[2][k] = problem->sample_weights.count > 0 ? weight[k] : 1 / (double)count;
    return OK;
}

/* One sample I = 1, T = alpha/beta, of weight beta. */
static enum status moments_create(const struct problem *problem, struct data **data)
{
    if (!(problem->beta > 0) || !isfinite(problem->alpha / problem->beta))
        return status_fail(BAD_ARGUMENT, "alpha = %g, beta = %g; expected beta > 0", problem->alpha,
                           problem->beta);
    double *array[2 + 1];
    TRY(block_create((struct samples){.count = 1, .inputs = 1, .outputs = 1}, data, array));
    array[0][0] = 1;
    array[1][0] = problem->alpha / problem->beta;
    array[2][0] = problem->beta;
    return OK;
}

enum status data_create(const struct problem *problem, size_t inputs, size_t outputs,
                        struct data **data)
{
    if (problem->inputs.count > 0)
        return samples_create(problem, inputs, outputs, data);
    if (problem->targets.count > 0 || problem->sample_weights.count > 0)
        return status_fail(BAD_ARGUMENT, "targets or sample weights without inputs");
    if (problem->teacher.neurons.activation)
        return status_fail(BAD_ARGUMENT, "a teacher needs inputs");
    if (inputs != 1 || outputs != 1)
        return status_fail(BAD_ARGUMENT, "%zu inputs and %zu outputs need samples", inputs,
                           outputs);
    return moments_create(problem, data);
}

void data_free(struct data *data)
{
    free(data);
}

const struct samples *data_samples(const struct data *data, double steepness)
{
    (void)steepness;
    return &data->samples;
}

bool data_is_gaussian(const struct data *data)
{
    (void)data;
    return false;
}

double data_sigma(const struct data *data)
{
    (void)data;
    return NAN;
}
