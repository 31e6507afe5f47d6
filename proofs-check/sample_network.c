/* Networks for samplers.
 *
 * Feedback matrices are near the (rectangular) identity: far enough from it to have nothing in
 * common with the forward weights, near enough to have moderate condition numbers.  Orthonormal
 * columns are made by Gram and Schmidt's process, twice, which is orthogonal to rounding. */
#include "proofs-check/sample_network.h"

#include "linear/matrix.h"
#include "linear/registry.h"

#include <assert.h>
#include <math.h>
#include <string.h>

const double sample_network_spread = 0.5;

struct instance sample_network(const struct rule *rule, const struct sample_network_sizes *sizes)
{
    struct instance instance = {.problem = problem_defaults(&system_deep, rule)};
    instance.problem.size_count = sizes->count;
    memcpy(instance.problem.sizes, sizes->sizes, sizes->count * sizeof *sizes->sizes);
    const enum status status = problem_dim(&instance.problem, &instance.dim);
    assert(status == OK && instance.dim <= INSTANCE_DIM_MAX);
    (void)status;
    return instance;
}

static struct network_shape shape_of(const struct instance *instance)
{
    struct network_shape shape;
    const enum status status = network_shape_of(&instance->problem, &shape);
    assert(status == OK);
    (void)status;
    return shape;
}

/* M[rows*columns] = I + spread * normal */
static void draw_near_identity(struct stream *stream, double spread, size_t rows, size_t columns,
                               double *M)
{
    stream_normals(stream, rows * columns, spread, M);
    for (size_t k = 0; k < rows && k < columns; k++)
        M[k * columns + k] += 1;
}

void sample_network_set_target(struct instance *instance, const double *W)
{
    const struct network_shape shape = shape_of(instance);
    struct entries *target = &instance->problem.sigma_ti;
    target->count = shape.sizes[shape.layers] * shape.sizes[0];
    memcpy(target->near, W, target->count * sizeof *W);
}

void sample_network_draw_target(struct stream *stream, struct instance *instance)
{
    double W[INSTANCE_DIM_MAX];
    const struct network_shape shape = shape_of(instance);
    stream_normals(stream, shape.sizes[shape.layers] * shape.sizes[0], 1, W);
    sample_network_set_target(instance, W);
}

void sample_network_draw_data(struct stream *stream, struct instance *instance)
{
    const struct network_shape shape = shape_of(instance);
    const size_t n = shape.sizes[0], m = shape.sizes[shape.layers];
    double M[INSTANCE_DIM_MAX], W[INSTANCE_DIM_MAX];
    struct entries *inputs = &instance->problem.sigma_ii, *targets = &instance->problem.sigma_ti;
    stream_normals(stream, n * n, 1, M);
    stream_normals(stream, m * n, 1, W);
    inputs->count = n * n;
    matrix_multiply_second_transposed(n, n, n, M, M, inputs->near);
    for (size_t k = 0; k < n * n; k++)
        inputs->near[k] = (inputs->near[k] + (k % (n + 1) == 0)) / 2;
    targets->count = m * n;
    matrix_multiply(m, n, n, W, inputs->near, targets->near);
}

void sample_network_draw_feedback(struct stream *stream, double spread, struct instance *instance)
{
    const struct network_shape shape = shape_of(instance);
    instance->problem.c_count = shape.channel_count;
    for (size_t i = 1; i < shape.layers; i++)
        draw_near_identity(stream, spread, shape.sizes[i], shape.columns[i],
                           instance->problem.c + shape.channel[i]);
}

void sample_network_draw_nested(struct stream *stream, double spread, struct instance *instance)
{
    const struct network_shape shape = shape_of(instance);
    const size_t m = shape.sizes[shape.layers];
    double R[INSTANCE_DIM_MAX], *c = instance->problem.c;
    instance->problem.c_count = shape.channel_count;
    for (size_t i = shape.layers - 1; i > 0; i--) {
        draw_near_identity(stream, spread, shape.sizes[i], shape.sizes[i + 1], R);
        if (i + 1 == shape.layers)
            memcpy(c + shape.channel[i], R, shape.sizes[i] * m * sizeof *R);
        else
            matrix_multiply(shape.sizes[i], shape.sizes[i + 1], m, R, c + shape.channel[i + 1],
                            c + shape.channel[i]);
    }
}

static void orthogonalise(size_t rows, size_t columns, size_t at, double *Q)
{
    double square = 0;
    for (size_t b = 0; b < at; b++) {
        double along = 0;
        for (size_t i = 0; i < rows; i++)
            along += Q[i * columns + b] * Q[i * columns + at];
        for (size_t i = 0; i < rows; i++)
            Q[i * columns + at] -= along * Q[i * columns + b];
    }
    for (size_t i = 0; i < rows; i++)
        square += Q[i * columns + at] * Q[i * columns + at];
    for (size_t i = 0; i < rows; i++)
        Q[i * columns + at] /= sqrt(square);
}

void sample_network_orthonormal(struct stream *stream, size_t rows, size_t columns, double *Q)
{
    assert(rows >= columns);
    stream_normals(stream, rows * columns, 1, Q);
    for (size_t at = 0; at < columns; at++)
        for (int pass = 0; pass < 2; pass++)
            orthogonalise(rows, columns, at, Q);
}

void sample_network_draw_orthonormal(struct stream *stream, struct instance *instance)
{
    const struct network_shape shape = shape_of(instance);
    instance->problem.c_count = shape.channel_count;
    for (size_t i = 1; i < shape.layers; i++)
        sample_network_orthonormal(stream, shape.sizes[i], shape.columns[i],
                                   instance->problem.c + shape.channel[i]);
}

void sample_network_draw_start(struct stream *stream, double spread, struct instance *instance)
{
    stream_normals(stream, instance->dim, spread, instance->x0);
}

void sample_network_draw_rates(struct stream *stream, struct instance *instance)
{
    const struct network_shape shape = shape_of(instance);
    const bool adapts = shape.dim > shape.forward_count;
    instance->problem.rate_count = adapts ? 2 * shape.layers - 1 : shape.layers;
    for (size_t k = 0; k < instance->problem.rate_count; k++)
        instance->problem.rates[k] = stream_between(stream, 0.5, 2);
}
