/* Where the samples come from: given, made by a teacher, standing for two moments, or Gaussian.
 *
 * Gaussian inputs become a ladder of node sets, each for neurons four times as steep as the last
 * (quadrature.h); a set costs of the order of log(steepness) nodes, so the ladder reaches as far as
 * anybody goes for some 4000 of them.  Which rule is used is a question of where neurons switch:
 *
 *     all at zero, and smoothly              nodes that gather at zero
 *     all at zero, some with a kink          the same on each half of the line
 *     elsewhere (biases, nested logistic)    uniform nodes, within the steepness they can bear
 *
 * Kinks that wander are refused: no fixed nodes integrate them.
 * All numbers are copied into one block behind the struct: a problem may go before its data do. */
#include "nonlinear/data.h"

#include "nonlinear/activation.h"
#include "nonlinear/quadrature_store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LEVELS_MOST = 16,      /* of the ladder: the last bears a steepness of 5e8 */
    LEVELS_OF_UNIFORM = 5, /* the last bears 128 and has some 20000 nodes */
    LEVEL_RATIO = 4        /* of steepness; costs log(4)/2 in u, a sixth of the nodes, on average */
};
static const double FIRST_STEEPNESS = 0.5; /* below, the Gaussian decides, and not the neurons */
static const double DEGREE_MOST = 32; /* of Gaussian inputs: E[I^64] = 1e44; 90 nodes a degree */

struct data {
    size_t levels;
    double sigma;                     /* NAN: finite samples */
    double teacher_steepness;         /* its argument, where that matters */
    size_t layers;                    /* hidden ones */
    double degree[PROBLEM_SIZES_MAX]; /* of layer i, or 1 */
    size_t degree_count;
    double error[LEVELS_MOST];
    struct samples samples[LEVELS_MOST];
    double store[];
};

/* Of each sample: its inputs, its targets, its weight. */
struct arrays {
    double *input, *target, *weight;
};

static size_t numbers_of(const struct samples *shape)
{
    return shape->count * (shape->inputs + shape->outputs + 1);
}

/* One block for `levels` sets of samples of the given shapes. */
static enum status block_create(const struct samples *shapes, size_t levels, struct data **data)
{
    size_t numbers = 0;
    for (size_t l = 0; l < levels; l++)
        numbers += numbers_of(&shapes[l]);
    struct data *made = calloc(1, sizeof *made + numbers * sizeof(double));
    if (!made)
        return status_fail(NO_MEMORY, "data of %zu numbers", numbers);
    made->levels = levels;
    made->sigma = NAN;
    double *at = made->store;
    for (size_t l = 0; l < levels; at += numbers_of(&shapes[l++])) {
        made->samples[l] = shapes[l];
        made->samples[l].input = at;
        made->samples[l].target = at + shapes[l].count * shapes[l].inputs;
        made->samples[l].weight = made->samples[l].target + shapes[l].count * shapes[l].outputs;
    }
    *data = made;
    return OK;
}

/* The same arrays, writable while the block is being filled. */
static struct arrays block_arrays(struct data *data, size_t level)
{
    const struct samples *s = &data->samples[level];
    double *input = data->store + (s->input - data->store);
    double *target = input + s->count * s->inputs;
    return (struct arrays){input, target, target + s->count * s->outputs};
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
    const struct samples shape = {
        problem->inputs.count / inputs, inputs, outputs, NULL, NULL, NULL};
    const double *input = problem_entries(&problem->inputs);
    const double *weight = problem_entries(&problem->sample_weights);
    TRY(block_create(&shape, 1, data));
    const struct arrays to = block_arrays(*data, 0);
    memcpy(to.input, input, shape.count * inputs * sizeof *input);
    if (problem->teacher.neurons.activation)
        for (size_t k = 0; k < shape.count * outputs; k++)
            to.target[k] = teacher_target(&problem->teacher, input[k]);
    else
        memcpy(to.target, problem_entries(&problem->targets),
               shape.count * outputs * sizeof *to.target);
    for (size_t k = 0; k < shape.count; k++)
        to.weight[k] = problem->sample_weights.count > 0 ? weight[k] : 1 / (double)shape.count;
    return OK;
}

/* One sample I = 1, T = alpha/beta, of weight beta. */
static enum status moments_create(const struct problem *problem, struct data **data)
{
    if (!(problem->beta > 0) || !isfinite(problem->alpha / problem->beta))
        return status_fail(BAD_ARGUMENT, "alpha = %g, beta = %g; expected beta > 0", problem->alpha,
                           problem->beta);
    const struct samples shape = {.count = 1, .inputs = 1, .outputs = 1};
    TRY(block_create(&shape, 1, data));
    const struct arrays to = block_arrays(*data, 0);
    to.input[0] = 1;
    to.target[0] = problem->alpha / problem->beta;
    to.weight[0] = problem->beta;
    return OK;
}

/* What the neurons of a problem are to a quadrature. */
struct survey {
    struct quadrature_need need;
    bool kinks;     /* some neuron or the teacher is not analytic at zero */
    bool astray;    /* some neuron may switch elsewhere than at input zero */
    bool scaleless; /* every neuron and the teacher is homogeneous */
};

static size_t hidden_layers(const struct problem *problem)
{
    if (problem->depth > 1)
        return problem->depth - 1;
    return problem->size_count > 2 ? problem->size_count - 2 : 1;
}

/* One more layer on top of those surveyed. */
static void survey_layer(struct survey *survey, const struct neurons *neurons, bool top)
{
    const struct activation *f = neurons->activation;
    survey->kinks |= f->at_zero(neurons->parameter) != ACTIVATION_SMOOTH;
    survey->astray |= !top && !f->odd && !f->degree;
    survey->scaleless &= f->degree != NULL;
    if (f->degree)
        survey->need.degree *= fmax(1, f->degree(neurons->parameter));
    else
        survey->need.nested++;
}

static struct survey survey_of(const struct problem *problem)
{
    const struct neurons *teacher = &problem->teacher.neurons;
    struct survey survey = {.need = {.degree = 1}, .astray = problem->biases, .scaleless = true};
    const size_t layers = problem->neuron_count > 0 ? hidden_layers(problem) : 0;
    for (size_t i = 0; i < layers; i++) {
        const struct neurons neurons = activation_of_layer(problem, i);
        survey_layer(&survey, &neurons, i + 1 == layers);
    }
    struct survey taught = {.need = {.degree = 1}, .scaleless = true};
    survey_layer(&taught, teacher, true);
    survey.kinks |= taught.kinks;
    survey.scaleless &= taught.scaleless;
    survey.need.degree = fmax(survey.need.degree, taught.need.degree);
    survey.need.nested = survey.need.nested > 1 ? survey.need.nested : 1;
    survey.need.map = survey.astray  ? QUADRATURE_UNIFORM
                      : survey.kinks ? QUADRATURE_HALVES
                                     : QUADRATURE_SINH;
    return survey;
}

static enum status check_gaussian(const struct problem *problem, size_t inputs, size_t outputs)
{
    if (inputs != 1)
        return status_fail(BAD_ARGUMENT, "Gaussian data have one input, not %zu", inputs);
    if (problem->inputs.count > 0 || problem->sample_weights.count > 0)
        return status_fail(BAD_ARGUMENT, "Gaussian inputs, and samples too");
    if (!problem->teacher.neurons.activation)
        return status_fail(BAD_ARGUMENT, "Gaussian inputs need a teacher who makes the targets");
    if (!isfinite(problem->gaussian))
        return status_fail(BAD_ARGUMENT, "standard deviation %g", problem->gaussian);
    TRY(check_teacher(problem, inputs, outputs));
    const struct survey survey = survey_of(problem);
    if (survey.astray && survey.kinks)
        return status_fail(BAD_ARGUMENT, "Gaussian inputs, and neurons that have a kink anywhere "
                                         "but at zero: no fixed nodes do; give samples");
    if (survey.need.degree > DEGREE_MOST)
        return status_fail(BAD_ARGUMENT, "powers of degree %g of Gaussian inputs; at most %g",
                           survey.need.degree, DEGREE_MOST);
    return OK;
}

/* The rules of the ladder; returns how many. */
static size_t ladder(const struct survey *survey, struct quadrature rules[LEVELS_MOST])
{
    struct quadrature_need need = survey->need;
    const size_t levels = survey->scaleless                ? 1
                          : need.map == QUADRATURE_UNIFORM ? LEVELS_OF_UNIFORM
                                                           : LEVELS_MOST;
    need.steepness = FIRST_STEEPNESS;
    for (size_t l = 0; l < levels; l++, need.steepness *= LEVEL_RATIO)
        rules[l] = quadrature_rule(&need);
    return levels;
}

static void fill_level(struct data *data, size_t level, const struct quadrature *rule,
                       const struct problem *problem)
{
    const struct teacher *teacher = &problem->teacher;
    const struct arrays to = block_arrays(data, level);
    quadrature_store_fill(problem->nodes, rule, to.input, to.weight);
    for (size_t k = 0; k < data->samples[level].count; k++) {
        to.input[k] *= data->sigma;
        to.target[k] = teacher_target(teacher, to.input[k]);
    }
    data->error[level] = quadrature_error(rule);
}

static void note_degrees(struct data *data, const struct problem *problem)
{
    data->layers = hidden_layers(problem);
    data->degree_count = problem->neuron_count;
    for (size_t i = 0; i < problem->neuron_count; i++) {
        const struct neurons *neurons = &problem->neurons[i];
        const struct activation *f = neurons->activation;
        data->degree[i] = f->degree ? f->degree(neurons->parameter) : 1;
    }
}

static enum status gaussian_create(const struct problem *problem, size_t inputs, size_t outputs,
                                   struct data **data)
{
    TRY(check_gaussian(problem, inputs, outputs));
    const struct survey survey = survey_of(problem);
    struct quadrature rules[LEVELS_MOST];
    struct samples shapes[LEVELS_MOST];
    const size_t levels = ladder(&survey, rules);
    for (size_t l = 0; l < levels; l++)
        shapes[l] =
            (struct samples){.count = quadrature_count(&rules[l]), .inputs = 1, .outputs = 1};
    TRY(block_create(shapes, levels, data));
    (*data)->sigma = problem->gaussian;
    if (!problem->teacher.neurons.activation->degree)
        (*data)->teacher_steepness = fabs(problem->teacher.argument);
    note_degrees(*data, problem);
    for (size_t l = 0; l < levels; l++)
        fill_level(*data, l, &rules[l], problem);
    return OK;
}

enum status data_create(const struct problem *problem, size_t inputs, size_t outputs,
                        struct data **data)
{
    if (problem->gaussian < 0 || isnan(problem->gaussian))
        return status_fail(BAD_ARGUMENT, "standard deviation %g", problem->gaussian);
    if (problem->gaussian > 0)
        return gaussian_create(problem, inputs, outputs, data);
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

/* The lowest level that bears the steepness; levels: none does. */
static size_t level_for(const struct data *data, double steepness)
{
    if (data->levels == 1)
        return 0;
    const double s = fmax(steepness, data->teacher_steepness) * data->sigma;
    double bears = FIRST_STEEPNESS;
    size_t level = 0;
    while (level < data->levels && !(s <= bears)) {
        level++;
        bears *= LEVEL_RATIO;
    }
    return level;
}

const struct samples *data_samples(const struct data *data, double steepness)
{
    const size_t level = level_for(data, steepness);
    return &data->samples[level < data->levels ? level : data->levels - 1];
}

double data_error(const struct data *data, double steepness)
{
    const size_t level = level_for(data, steepness);
    return level < data->levels ? data->error[level] : INFINITY;
}

/* With homogeneous layers the size of S_i at I = 1 is p_i = |a_i| p_(i-1)^m, and it reaches one at
 * |I| = p_i^(-1/e), e the product of the degrees m below: the steepness is the largest p_i^(1/e).
 * Neurons that are not homogeneous have |f(x)| <= |x|: m = 1. */
double data_steepness(const struct data *data, const double *a)
{
    double size = 1, degree = 1, steepest = 0;
    for (size_t i = 0; i < data->layers; i++) {
        if (i > 0 && data->degree_count > 0) {
            const double m = data->degree[data->degree_count > 1 ? i - 1 : 0];
            size = m == 1 ? size : pow(size, m);
            degree *= m;
        }
        size *= fabs(a[i]);
        steepest = fmax(steepest, degree == 1 ? size : pow(size, 1 / degree));
    }
    return steepest;
}

bool data_is_gaussian(const struct data *data)
{
    return !isnan(data->sigma);
}

double data_sigma(const struct data *data)
{
    return data->sigma;
}
