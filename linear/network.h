/* Linear networks A[N0,...,NL] under any rule: the one generic flow.
 *
 *   Q_0 = I, Q_i = A_i Q_(i-1), P = Q_L,  E = Sigma_TI - P Sigma_II,
 *   A_i' = eta_i S_i Q_(i-1)' - lambda_i A_i,   S_L = E,
 *   layered  S_i = C_i S_(i+1),  skipped  S_i = C_i E,
 *   adaptive C_i' = rho_i Q_i S_(i+1)' - lambda C_i (skipped: S_L for S_(i+1)),
 *   mirror   C_i' = sigma^2 A_(i+1)' - lambda C_i,
 *
 * where C_i is fixed, an unknown, A_(i+1)' or sgn A_(i+1)', as the rule says.  With a product
 * channel (pfa) R E takes the place of E in the channel.  Specialised flows (chain.c, fan.c,
 * autoencoder.c, hidden.c) are faster and must agree with this one.
 * Source: Baldi, Sadowski, Lu, AIJ 260 (2018), sections 4-6; notes/networks.md.
 * Shapes: the state holds A_1, ..., A_L and then the C_i that are unknowns, row by row. */
#ifndef LINEAR_NETWORK_H
#define LINEAR_NETWORK_H

#include "linear/problem.h"

/* Where the matrices stand. */
struct network_shape {
    size_t layers; /* L */
    size_t bias; /* 1 where every layer has one more input, which is 1: A_i is N_i x (N_(i-1)+1) */
    size_t sizes[PROBLEM_SIZES_MAX];   /* N0, ..., NL */
    size_t forward[PROBLEM_SIZES_MAX]; /* forward[i]: offset of A_i in the state, 1 <= i <= L */
    size_t channel[PROBLEM_SIZES_MAX]; /* channel[i]: offset of C_i, in the state or in c, i < L */
    size_t columns[PROBLEM_SIZES_MAX]; /* of C_i; its rows are N_i */
    size_t product;                    /* rows of R of a product channel; 0: none */
    size_t forward_count, channel_count; /* numbers in all A_i, in all C_i */
    size_t dim;
};

enum status network_shape_of(const struct problem *problem, struct network_shape *shape) MUST_CHECK;

/* Fixed feedback matrices and R as one list c[channel_count + product*N_L]: as given, or identities
 * (rectangular) where nothing is given. */
enum status network_feedback(const struct problem *problem, const struct network_shape *shape,
                             double *c) MUST_CHECK;

/* Learning rates and weight decays, full[2L] each: of A_i at i, of C_i at L + i. */
enum status network_rates(const struct problem *problem, const struct network_shape *shape,
                          double *rate, double *decay) MUST_CHECK;

/* "hidden A[3,4,1], rbp" */
void network_title(const struct problem *problem, const struct network_shape *shape, size_t size,
                   char *title);
/* names[dim]: A1_row_column, the entries of a bias A1_row_bias, then C1_row_column where they are
 * unknowns; letters as in struct system; a1, c1 where all layers are one neuron. */
void network_names(const struct problem *problem, const struct network_shape *shape,
                   char (*names)[UNKNOWN_NAME_MAX]);

/* For the records of systems. */
enum status network_dim(const struct problem *problem, size_t *dim) MUST_CHECK;
enum status network_flow(const struct problem *problem, struct flow **flow) MUST_CHECK;
enum status network_predict(const struct problem *problem, const double *x0, double *limit,
                            struct prediction *prediction) MUST_CHECK;

#endif
