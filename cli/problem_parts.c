/* The parts of a problem that depend on its shape: moments, feedback, start.
 *
 * Words of a list (identity, diag:..., random:...) become numbers here, where the shape is known.
 * Random lists are drawn from keyed streams, one for feedback and one for starts, so that the same
 * seed gives both without making them alike; a number depends on its place only. */
#include "cli/problem_parts.h"

#include "base/stream.h"
#include "cli/sample_options.h"
#include "linear/network.h"
#include "linear/registry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_HERE = 80, SHAPES_MAX = 256 };

/* Inputs or targets, row by row. */
struct moments_list {
    size_t columns;
    const double *value;
};

static const double START_STANDARD = 0.5; /* of every unknown; of matrices, its deviation */

static enum status no_memory(const char *what, size_t count)
{
    return status_fail(NO_MEMORY, "%s: %zu numbers", what, count);
}

/* Chains have a depth, polynomials have none. */
bool problem_is_network(const struct problem *problem)
{
    return problem->system->sizes && registry_system_reads(problem->system, "sizes");
}

/* ---- moments ---- */

/* One of the two matrices, as the command line says it. */
struct matrix_asked {
    const char *option; /* "--sigma-ii" */
    const struct option_list *list;
    size_t rows, columns;
};

static enum status count_fail(const struct matrix_asked *asked, size_t expected)
{
    return status_fail(BAD_ARGUMENT, "%s has %zu number%s; here it is %zu x %zu: %zu numbers",
                       asked->option, asked->list->count, asked->list->count == 1 ? "" : "s",
                       asked->rows, asked->columns, expected);
}

/* M[rows*columns], zero before. */
static enum status matrix_fill(const struct matrix_asked *asked, double *M)
{
    const struct option_list *list = asked->list;
    const size_t least = asked->rows < asked->columns ? asked->rows : asked->columns;
    const size_t count = asked->rows * asked->columns;
    if (list->form == OPTION_FORM_NUMBERS) {
        if (list->count != count)
            return count_fail(asked, count);
        memcpy(M, list->value, count * sizeof *M);
    } else if (list->form != OPTION_FORM_ZERO) {
        if (list->form == OPTION_FORM_DIAGONAL && list->count != least)
            return status_fail(BAD_ARGUMENT, "%s diag: has %zu number%s; here its diagonal has %zu",
                               asked->option, list->count, list->count == 1 ? "" : "s", least);
        for (size_t i = 0; i < least; i++)
            M[i * asked->columns + i] = list->form == OPTION_FORM_DIAGONAL ? list->value[i] : 1;
    }
    return OK;
}

/* Short lists move into the problem, long ones stay with `given`. */
static void entries_take(size_t count, double *values, struct entries *entries, double **owner)
{
    entries->count = count;
    if (count > PROBLEM_LIST_MAX) {
        entries->far = *owner = values;
        return;
    }
    memcpy(entries->near, values, count * sizeof *values);
    free(values);
}

static enum status matrix_take(const struct matrix_asked *asked, struct entries *entries,
                               double **owner)
{
    const size_t count = asked->rows * asked->columns;
    double *M = calloc(count, sizeof *M);
    if (!M)
        return no_memory(asked->option, count);
    enum status status = matrix_fill(asked, M);
    if (status == OK)
        entries_take(count, M, entries, owner);
    else
        free(M);
    return status;
}

static enum status given_moments_take(const struct options *options, size_t inputs, size_t outputs,
                                      struct problem_given *given)
{
    struct problem *problem = &given->problem;
    const struct matrix_asked ii = {"--sigma-ii", &options->sigma_ii, inputs, inputs};
    const struct matrix_asked ti = {"--sigma-ti", &options->sigma_ti, outputs, inputs};
    if (options_given(options, OPTION_sigma_ii))
        TRY(matrix_take(&ii, &problem->sigma_ii, &given->sigma_ii));
    if (options_given(options, OPTION_sigma_ti))
        TRY(matrix_take(&ti, &problem->sigma_ti, &given->sigma_ti));
    return OK;
}

/* Copies: the moments of the data stay with `given` as they were read. */
static enum status copy_take(size_t count, const double *values, struct entries *entries,
                             double **owner)
{
    double *copy = malloc(count * sizeof *copy);
    if (!copy)
        return no_memory("--data", count);
    memcpy(copy, values, count * sizeof *copy);
    entries_take(count, copy, entries, owner);
    return OK;
}

static enum status data_take(const struct options *options, size_t inputs, size_t outputs,
                             struct problem_given *given)
{
    given->source = (struct moments_source){.data = options->text[OPTION_data],
                                            .labels = options->text[OPTION_labels],
                                            .inputs = inputs,
                                            .outputs = outputs,
                                            .samples = (size_t)options->samples,
                                            .downsample = (size_t)options->downsample,
                                            .principal = (size_t)options->principal};
    sample_options_keep(options, given);
    TRY(moments_read(&given->source, &given->moments));
    given->problem.alpha = given->moments.sigma_ti[0];
    given->problem.beta = given->moments.sigma_ii[0];
    if (inputs == 1 && outputs == 1)
        return OK;
    TRY(copy_take(inputs * inputs, given->moments.sigma_ii, &given->problem.sigma_ii,
                  &given->sigma_ii));
    return copy_take(outputs * inputs, given->moments.sigma_ti, &given->problem.sigma_ti,
                     &given->sigma_ti);
}

/* problem_moments() looks at pairs of inputs only; here the whole matrix is looked at. */
static enum status covariance_check(const struct problem *problem, size_t inputs, size_t outputs)
{
    if (problem->sigma_ii.count == 0 && problem->sigma_ti.count == 0)
        return OK;
    double *sigma = malloc(inputs * (inputs + outputs) * sizeof *sigma);
    if (!sigma)
        return no_memory("the moments", inputs * (inputs + outputs));
    enum status status = problem_moments(problem, sigma, sigma + inputs * inputs);
    if (status == OK && problem->sigma_ii.count > 1)
        status = moments_check_covariance(inputs, sigma);
    free(sigma);
    return status;
}

enum status problem_moments_take(const struct options *options, struct problem_given *given)
{
    size_t count = 2, sizes[PROBLEM_SIZES_MAX] = {1, 1};
    const bool network = problem_is_network(&given->problem);
    if (network)
        TRY(problem_sizes(&given->problem, &count, sizes));
    const size_t inputs = sizes[0], outputs = sizes[count - 1];
    if (options_given(options, OPTION_data))
        return data_take(options, inputs, outputs, given);
    TRY(given_moments_take(options, inputs, outputs, given));
    return network ? covariance_check(&given->problem, inputs, outputs) : OK;
}

/* ---- moments of samples on the command line ---- */

/* sigma[columns of a * columns of b] = (1/count) sum a b' */
static void moment_sum(size_t count, const struct moments_list *a, const struct moments_list *b,
                       double *sigma)
{
    for (size_t i = 0; i < a->columns; i++)
        for (size_t j = 0; j < b->columns; j++) {
            double sum = 0;
            for (size_t k = 0; k < count; k++)
                sum += a->value[k * a->columns + i] * b->value[k * b->columns + j];
            sigma[i * b->columns + j] = sum / (double)count;
        }
}

static enum status list_moments_take(size_t count, const struct moments_list *I,
                                     const struct moments_list *T, struct problem_given *given)
{
    const size_t in = I->columns, out = T->columns;
    double *sigma = malloc(in * (in + out) * sizeof *sigma);
    if (!sigma)
        return no_memory("--inputs", count);
    moment_sum(count, I, I, sigma);
    moment_sum(count, T, I, sigma + in * in);
    given->problem.beta = sigma[0];
    given->problem.alpha = sigma[in * in];
    enum status status = OK;
    if (in > 1 || out > 1)
        status = copy_take(in * in, sigma, &given->problem.sigma_ii, &given->sigma_ii);
    if (status == OK && (in > 1 || out > 1))
        status = copy_take(out * in, sigma + in * in, &given->problem.sigma_ti, &given->sigma_ti);
    free(sigma);
    return status;
}

enum status problem_samples_take(const struct options *options, struct problem_given *given)
{
    size_t layers = 2, sizes[PROBLEM_SIZES_MAX] = {1, 1};
    if (!options_given(options, OPTION_inputs) || given->problem.neuron_count ||
        given->problem.channel_activation)
        return OK;
    if (options_given(options, OPTION_sigma_ii) || options_given(options, OPTION_sigma_ti))
        return status_fail(BAD_ARGUMENT, "--inputs and --targets give the moments; they exclude "
                                         "--sigma-ii and --sigma-ti");
    if (problem_is_network(&given->problem))
        TRY(problem_sizes(&given->problem, &layers, sizes));
    const struct moments_list I = {sizes[0], options->inputs.value},
                              T = {sizes[layers - 1], options->targets.value};
    const size_t count = options->inputs.count / I.columns;
    if (count == 0 || options->inputs.count != count * I.columns ||
        options->targets.count != count * T.columns)
        return status_fail(BAD_ARGUMENT,
                           "--inputs has %zu numbers and --targets %zu; a sample has %zu and %zu",
                           options->inputs.count, options->targets.count, I.columns, T.columns);
    return list_moments_take(count, &I, &T, given);
}

/* ---- feedback ---- */

/* C_1, C_2, ... of fixed feedback, else the R of a product channel: every matrix has the deviation
 * 1/sqrt(columns), or the given one. */
static void feedback_draw(const struct option_list *list, const struct problem *problem,
                          const struct network_shape *shape, double *c)
{
    struct stream stream = stream_at(list->seed, stream_key("feedback weights"), 0);
    const size_t outputs = shape->sizes[shape->layers];
    if (problem->rule->product) {
        stream_normals(&stream, shape->product * outputs,
                       list->scale > 0 ? list->scale : 1 / sqrt((double)outputs), c);
        return;
    }
    for (size_t i = 1; i < shape->layers; i++)
        stream_normals(&stream, shape->sizes[i] * shape->columns[i],
                       list->scale > 0 ? list->scale : 1 / sqrt((double)shape->columns[i]),
                       c + shape->channel[i]);
}

static void feedback_own(size_t count, double *values, struct problem_given *given)
{
    struct problem *problem = &given->problem;
    problem->c_count = count;
    if (count > PROBLEM_LIST_MAX) {
        problem->c_far = given->c = values;
        return;
    }
    memcpy(problem->c, values, count * sizeof *values);
    free(values);
}

/* How many numbers the rule has in fixed matrices; chains have one a layer below the top. */
static enum status feedback_shape(const struct problem *problem, struct network_shape *shape,
                                  size_t *count)
{
    *count = 0;
    if (problem->rule->feedback == FEEDBACK_FIXED && !problem_is_network(problem)) {
        *count = problem->depth - 1;
        return OK;
    }
    TRY(network_shape_of(problem, shape));
    if (problem->rule->product)
        *count = shape->product * shape->sizes[shape->layers];
    else if (problem->rule->feedback == FEEDBACK_FIXED)
        *count = shape->channel_count;
    return OK;
}

enum status problem_feedback_count(const struct problem *problem, size_t *count)
{
    struct network_shape shape;
    return feedback_shape(problem, &shape, count);
}

static enum status random_feedback_take(const struct option_list *list, struct problem_given *given)
{
    struct problem *problem = &given->problem;
    struct network_shape shape = {.layers = 0};
    size_t count = 0;
    TRY(feedback_shape(problem, &shape, &count));
    if (count == 0)
        return status_fail(BAD_ARGUMENT, "rule %s has no fixed feedback weights here for --c",
                           problem->rule->name);
    double *c = malloc(count * sizeof *c);
    if (!c)
        return no_memory("--c", count);
    struct stream stream = stream_at(list->seed, stream_key("feedback weights"), 0);
    if (shape.layers)
        feedback_draw(list, problem, &shape, c);
    else
        stream_normals(&stream, count, list->scale > 0 ? list->scale : 1, c);
    feedback_own(count, c, given);
    return OK;
}

/* How many numbers are right is the business of the flow. */
enum status problem_feedback_take(const struct options *options, struct problem_given *given)
{
    const struct option_list *list = &options->c;
    if (!options_given(options, OPTION_c))
        return OK;
    if (list->form == OPTION_FORM_RANDOM)
        return random_feedback_take(list, given);
    double *c = malloc(list->count * sizeof *c);
    if (!c)
        return no_memory("--c", list->count);
    memcpy(c, list->value, list->count * sizeof *c);
    feedback_own(list->count, c, given);
    return OK;
}

/* ---- start ---- */

bool problem_has_matrices(const struct problem *problem)
{
    size_t count = 0, sizes[PROBLEM_SIZES_MAX] = {0};
    if (!problem_is_network(problem) || problem_sizes(problem, &count, sizes) != OK)
        return false;
    bool matrices = sizes[0] > 1 || sizes[count - 1] > 1;
    for (size_t i = 1; i < count; i++)
        matrices |= sizes[i - 1] > 1 && sizes[i] > 1;
    return matrices;
}

/* "chain of depth 2 has 2 unknowns (a1, a2)" */
static enum status start_fail(const struct problem_given *given, size_t count)
{
    const struct problem *problem = &given->problem;
    char shape[NAME_MAX_HERE] = "", unknowns[SHAPES_MAX] = "";
    size_t length = 0;
    if (problem->system->takes_rule && !problem_is_network(problem))
        snprintf(shape, sizeof shape, " of depth %zu", problem->depth);
    for (size_t k = 0; k < given->dim; k++) {
        if (length + UNKNOWN_NAME_MAX + sizeof ", ..." >= sizeof unknowns) {
            snprintf(unknowns + length, sizeof unknowns - length, ", ...");
            break;
        }
        length += (size_t)snprintf(unknowns + length, sizeof unknowns - length, "%s%s",
                                   k ? ", " : "", given->flow->names[k]);
    }
    return status_fail(BAD_ARGUMENT, "--init has %zu number%s; %s%s has %zu unknown%s (%s)", count,
                       count == 1 ? "" : "s", problem->system->name, shape, given->dim,
                       given->dim == 1 ? "" : "s", unknowns);
}

static void start_draw(uint64_t seed, double scale, struct problem_given *given)
{
    struct stream stream = stream_at(seed, stream_key("start"), 0);
    given->start_random = true;
    given->start_seed = seed;
    given->start_scale = scale > 0 ? scale : START_STANDARD;
    stream_normals(&stream, given->dim, given->start_scale, given->x0);
}

/* As the file says: 0 where it says nothing. */
static enum status start_of_equations(struct problem_given *given)
{
    for (size_t k = 0; k < given->dim; k++)
        given->x0[k] = given->equations->unknown[k].value;
    return OK;
}

enum status problem_start_take(const struct options *options, struct problem_given *given)
{
    const struct option_list *init = &options->init;
    given->x0 = malloc(given->dim * sizeof *given->x0);
    if (!given->x0)
        return no_memory("the start", given->dim);
    if (!options_given(options, OPTION_init)) {
        if (given->equations)
            return start_of_equations(given);
        for (size_t k = 0; k < given->dim; k++)
            given->x0[k] = START_STANDARD;
        if (problem_has_matrices(&given->problem))
            start_draw(1, START_STANDARD, given);
        return OK;
    }
    if (init->form == OPTION_FORM_RANDOM) {
        start_draw(init->seed, init->scale, given);
        return OK;
    }
    if (init->count != given->dim)
        return start_fail(given, init->count);
    memcpy(given->x0, init->value, given->dim * sizeof *given->x0);
    return OK;
}
