/* What theory says of the steps at time T: covariance of minibatches, error of Euler's method, drift
 * of the mean.
 *
 *   P' = f' P + P f'^T + Sigma/B,     Sigma = covariance of the samples' fields,     P(0) = 0
 *   E' = f' E - f' f / 2,   m' = f' m + f'' : P / 2,                          E(0) = m(0) = 0
 *
 *   Cov theta_n = eta P + O(eta^2),     mean theta_n = theta(t_n) + eta (E + m) + O(eta^2)
 *
 * for batches of B samples drawn independently with replacement; a full batch has m = 0.
 * Shapes: mean[dim] = theta(T), P[dim*dim], E[dim], m[dim].
 * Memory: one object, freed by comparison_noise_free() (NULL is allowed).
 * Errors: BAD_ARGUMENT above COMPARISON_NOISE_MOST unknowns, NO_MEMORY, SOLVER_FAILED.
 * Source: Kurtz (1971); Li, Tai, E (2019); notes/minibatch.md, (MB74). */
#ifndef PROOFS_CHECK_COMPARISON_NOISE_H
#define PROOFS_CHECK_COMPARISON_NOISE_H

#include "proofs-check/comparison_system.h"

enum { COMPARISON_NOISE_MOST = 16 }; /* unknowns: 300 equations with a field for each sample */

struct comparison_noise {
    size_t dim;
    double *mean, *P, *E, *m;
};

struct comparison_noise_plan {
    double horizon;
    size_t steps, batch;
};

enum status comparison_noise_create(const struct comparison_system *system,
                                    const struct comparison_noise_plan *plan, const double *x0,
                                    struct comparison_noise **noise) MUST_CHECK;
void comparison_noise_free(struct comparison_noise *noise);

#endif
