/* The data of systems with activations: weighted samples, finite or standing for a Gaussian.
 *
 *     E[g(I, T)] = sum_k weight_k g(I_k, T_k)
 *
 * Finite data: the samples of the problem with their weights (1/count where none are given);
 * targets as given or from the teacher.  A problem of one input with neither samples nor a
 * Gaussian has the moments alpha and beta only: one sample I = 1 of weight beta, T = alpha/beta,
 * which gives E[T f(a I)] = alpha f(a) and E[f(a I)^2] = beta f(a)^2: all there is for powers.
 * Gaussian inputs (one input): nodes and weights of quadrature.h, whose error data_error() bounds, as
 * long as the integrand is no steeper than said: notes/quadrature.md.
 *
 * Shapes: input[count*inputs], target[count*outputs], weight[count].
 * Memory: one block, freed by data_free(); nothing is allocated by data_samples().
 * Errors: BAD_ARGUMENT (lists of the wrong length, weights that are not positive, no targets;
 * Gaussian inputs with kinks that move, by biases), NO_MEMORY. */
#ifndef NONLINEAR_DATA_H
#define NONLINEAR_DATA_H

#include "linear/problem.h"

struct samples {
    size_t count, inputs, outputs;
    const double *input, *target, *weight;
};

struct data; /* opaque */

/* For a network of so many inputs and outputs. */
enum status data_create(const struct problem *problem, size_t inputs, size_t outputs,
                        struct data **data) MUST_CHECK;
void data_free(struct data *data); /* NULL is allowed */

/* The samples to sum over where the weights below the top multiply to `steepness` in size (the
 * largest |a_1 ... a_i| over the hidden layers, more exactly data_steepness()); finite data are the
 * same for all.  Gaussian ones are symmetric and fall: input[k] = -input[count-1-k], and so are
 * their weights. */
const struct samples *data_samples(const struct data *data, double steepness);

/* A bound on what data_samples() leaves out of E[g], relative to E|g|; rounding comes on top.
 * 0 for finite data; INFINITY where no set bears the steepness. */
double data_error(const struct data *data, double steepness);

/* Of the weights a[L-1] below the top of a chain with Gaussian inputs; 0 for finite data. */
double data_steepness(const struct data *data, const double *a);

bool data_is_gaussian(const struct data *data);
double data_sigma(const struct data *data); /* of Gaussian inputs; else NAN */

#endif
