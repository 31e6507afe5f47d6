/* What drives a network: the errors E = Sigma_TI - P Sigma_II, notes/sweeper.md, (J6).
 *
 * The field is B(x) E with the channel for B, whatever the feedback, unless weights decay, mirror
 * each other or jump; so E' = M(x) E along solutions, M being the map of errors of
 * network_transverse.c, which makes sense anywhere.  |B|^2 is at most the sum over the layers of
 * what a unit error can do there: |A_i'| <= eta_i |S_i| |Q_(i-1)|, both for a unit E. */
#include "linear/network_data.h"

#include "linear/matrix.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Numbers in the matrix of layer i, or of what feeds it back. */
static size_t count_of(const struct network_shape *shape, size_t i)
{
    return shape->sizes[i] * shape->sizes[i - 1];
}

static bool is_narrow(const struct network_shape *shape)
{
    const size_t inputs = shape->sizes[0], outputs = shape->sizes[shape->layers];
    const size_t least = inputs < outputs ? inputs : outputs;
    for (size_t i = 1; i < shape->layers; i++)
        if (shape->sizes[i] < least)
            return true;
    return false;
}

size_t network_errors(const struct network_data *d)
{
    const struct network_shape *shape = &d->shape;
    const size_t count = shape->sizes[0] * shape->sizes[shape->layers];
    const enum feedback feedback = d->rule->feedback;
    const bool driven = !d->decays && feedback != FEEDBACK_MIRROR && feedback != FEEDBACK_SIGNS;
    return driven && !d->R && count <= shape->dim && !is_narrow(shape) ? count : 0;
}

double network_error_at(const struct flow *flow, const double *x, double *e)
{
    const struct network_data *d = network_data_of(flow);
    const struct network_shape *shape = &d->shape;
    memcpy(e, network_error(flow, x), flow->errors * sizeof *e);
    double weights = matrix_norm(shape->sizes[0] * shape->sizes[0], d->sigma_ii), sums = 0;
    for (size_t i = 1; i <= shape->layers; i++) {
        weights *= matrix_norm(count_of(shape, i), x + shape->forward[i]);
        sums += (double)shape->sizes[i - 1] + 1;
    }
    return DBL_EPSILON * sums * (weights + matrix_norm(flow->errors, d->sigma_ti));
}

void network_drive(const struct flow *flow, const double *x, const double *z, double *dx)
{
    network_change_by(flow, x, z, dx);
}

/* |B_i|, S_i = B_i E, from below: products of the norms along the channel. */
static double norm_of_channel(const struct network_data *d, const double *x, size_t i)
{
    const struct network_shape *shape = &d->shape;
    const size_t L = shape->layers;
    if (i == L)
        return 1;
    const bool transposed = d->rule->feedback == FEEDBACK_TRANSPOSED;
    const bool learns = problem_feedback_learns(d->rule);
    const double *C = transposed ? x + shape->forward[i + 1]
                      : learns   ? x + shape->channel[i]
                                 : d->c + shape->channel[i];
    const size_t count = transposed ? count_of(shape, i + 1) : shape->sizes[i] * shape->columns[i];
    const bool layered = d->rule->channel == CHANNEL_LAYERED || transposed;
    return matrix_norm(count, C) * (layered ? norm_of_channel(d, x, i + 1) : 1);
}

double network_response(const struct flow *flow, const double *x, double *M)
{
    const struct network_data *d = network_data_of(flow);
    const struct network_shape *shape = &d->shape;
    const bool learns = problem_feedback_learns(d->rule);
    double square = 0, reach = 1; /* |Q_(i-1)| */
    network_map_errors(flow, x, M);
    for (size_t i = 1; i <= shape->layers; i++) {
        const double rate = d->rate[network_of_layer(i)];
        const double change = rate * norm_of_channel(d, x, i) * reach;
        square += change * change;
        reach *= matrix_norm(count_of(shape, i), x + shape->forward[i]);
        if (learns && i < shape->layers) { /* C_i' = Q_i (what C_i carries)' */
            const double channel =
                d->rate[network_of_channel(shape, i)] * reach *
                (d->rule->channel == CHANNEL_LAYERED ? norm_of_channel(d, x, i + 1) : 1);
            square += channel * channel;
        }
    }
    return sqrt(square);
}
