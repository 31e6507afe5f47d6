/* Networks for samplers: sizes and a rule first, then data, feedback and a start.
 *
 * Each function adds one thing to an instance of `system_deep`; what is not added keeps its
 * default: Sigma_II = I, W = I, C_i = I, unit rates, zero weights.  Matrices are drawn so that
 * condition numbers stay moderate: an ill-conditioned channel is slow, not false.
 * Memory: none.  Errors: none (sizes are asserted to fit). */
#ifndef PROOFS_CHECK_SAMPLE_NETWORK_H
#define PROOFS_CHECK_SAMPLE_NETWORK_H

#include "base/stream.h"
#include "linear/network.h"
#include "proofs-check/instance.h"

/* The sizes N0, ..., NL of a network; count = L + 1. */
struct sample_network_sizes {
    size_t count;
    size_t sizes[PROBLEM_SIZES_MAX];
};

/* The usual spread of starts and of feedback about the identity: far from linear, near enough to
 * settle in milliseconds. */
extern const double sample_network_spread;

struct instance sample_network(const struct rule *rule, const struct sample_network_sizes *sizes);

/* Sigma_II = I, W[N_L*N_0] as given: Sigma_TI = W. */
void sample_network_set_target(struct instance *instance, const double *W);

/* Entries of W normal, Sigma_II = I. */
void sample_network_draw_target(struct stream *stream, struct instance *instance);

/* The same with Sigma_II = (I + M M')/2, entries of M normal. */
void sample_network_draw_data(struct stream *stream, struct instance *instance);

/* C_i = I + spread * normal, rectangular. */
void sample_network_draw_feedback(struct stream *stream, double spread, struct instance *instance);

/* A skipped channel with C_i = R_i C_(i+1), R_i = I + spread * normal. */
void sample_network_draw_nested(struct stream *stream, double spread, struct instance *instance);

/* C_i'C_i = I; every layer at least as wide as the next one. */
void sample_network_draw_orthonormal(struct stream *stream, struct instance *instance);

/* All unknowns normal with this standard deviation. */
void sample_network_draw_start(struct stream *stream, double spread, struct instance *instance);

/* Rates of all layers (and adaptive channels) between 1/2 and 2. */
void sample_network_draw_rates(struct stream *stream, struct instance *instance);

/* Q[rows*columns], rows >= columns, orthonormal columns. */
void sample_network_orthonormal(struct stream *stream, size_t rows, size_t columns, double *Q);

#endif
