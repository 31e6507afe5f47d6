/* Instances with activations for samplers: chains, and the data of one input that drive them.
 * Memory: none.  Errors: none (sizes are asserted). */
#ifndef PROOFS_CHECK_SAMPLE_NEURONS_H
#define PROOFS_CHECK_SAMPLE_NEURONS_H

#include "nonlinear/activation.h"
#include "proofs-check/theorem.h"

/* A[1,1,1] with the neurons f under rbp, alpha = beta = 1. */
struct instance sample_neurons(const struct activation *f, double parameter, double c1,
                               const double x0[2]);

/* The same of depth L, all c = 1, each hidden layer with its own parameter. */
struct instance sample_neurons_deep(const struct activation *f, const double *parameter, size_t L,
                                    const double *x0);

/* Equally weighted samples in the place of alpha and beta. */
void sample_neurons_data(struct problem *problem, size_t count, const double *input,
                         const double *target);

/* Three to six of them, inputs of both signs away from zero, targets normal. */
void sample_neurons_drawn_data(struct stream *stream, struct problem *problem);

/* T = scale g(argument I), of Gaussian inputs with unit variance where there are none. */
void sample_neurons_teacher(struct problem *problem, const struct activation *g, double argument,
                            double scale);

/* Is x[dim] the start of the trial, bit by bit but for the sign of zero? */
bool sample_neurons_unmoved(const struct trial *trial, const double *x);

/* Excess loss of a limit as a distance of outputs, sqrt(2 (E - E_min)) <= bound, at a point where
 * it comes to rest and that does not repel. */
conclusion sample_neurons_learns;

#endif
