/* What the files of the learner share and nobody else sees.
 *
 * Memory: struct learner_parts is the one block that learner_create() makes; the public learner is
 * its first member.  Errors: none here. */
#ifndef NETWORKS_LEARNER_PARTS_H
#define NETWORKS_LEARNER_PARTS_H

#include "networks/learning.h"

struct learner_parts {
    struct learner learner;
    const struct neuron *identity; /* of the top layer, for its bias */
    struct array outer;            /* D' X of one sample, where updates are quantised */
    double *norm; /* |w_i(0)| of all rows, layer by layer, where weights are normalised; or NULL */
};

struct learner_parts *learner_parts_of(struct learner *learner);

static inline struct array_factor learner_plain(const struct array *array)
{
    return (struct array_factor){array, ARRAY_PLAIN};
}

static inline struct array_factor learner_transposed(const struct array *array)
{
    return (struct array_factor){array, ARRAY_TRANSPOSED};
}

/* The random numbers of one layer in one step, and those of one layer for the whole run. */
struct stream learner_stream_of_step(const struct learner *learner, const char *what, size_t layer);
struct stream learner_stream(const struct learner *learner, const char *what, size_t layer);

/* Standard deviation of the weights between populations of these sizes, sqrt(2 / (in + out)). */
double learner_deviation(size_t in, size_t out);
/* C by plan.law, entries of standard deviation `deviation` under FEEDBACK_NORMAL. */
void learner_draw(const struct learner_plan *plan, double deviation, struct stream *stream,
                  struct array *C);
/* C_l as learner_initialise() draws it, from this stream. */
void learner_draw_feedback(const struct learner *learner, size_t layer, struct stream *stream,
                           struct array *C);
/* Orthonormal rows where C is wide, columns where it is tall, times `scale`. */
void learner_orthonormalise(double scale, struct array *C);

/* C = sgn(W_(l+1))' */
void learner_signs(const struct learner *learner, size_t layer, struct array *C);

/* In place: channel neuron, dropout, quantiser of P_l. */
void learner_channel(struct learner *learner, size_t layer);
/* In place: q(x), with the stream for stochastic rounding. */
void learner_quantise(const struct quantiser *quantiser, struct stream *stream, struct array *x);

/* weight_field[l] and bias_field[l] with each sample's share quantised. */
void learner_quantised_field(struct learner *learner, size_t layer);

void learner_keep_norms(struct learner *learner);
void learner_normalise(struct learner *learner);

#endif
