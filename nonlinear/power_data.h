/* What the data are to a chain of two layers whose neurons are homogeneous: f(a x) = a^mu f(x) for
 * a > 0, as powers, roots, ReLUs and the identity are.
 *
 * On the half line of sign s, a1 = s y with y > 0, the output is a2 y^mu f(s I), so that all that
 * learning sees of the data are, (X10),
 *     alpha_s = E[T f(s I)],  beta_s = E[f(s I)^2],  and without derivatives
 *     gamma = E[T I],         delta_s = E[I f(s I)].
 *
 * Shapes: pairs are [0] for s = +1, [1] for s = -1.  Units: those of the data.  Memory: plain data.
 * Errors: those of data_create(); BAD_ARGUMENT for rates or feedback weights of the wrong length.
 * Source: notes/nonlinear.md, (X10). */
#ifndef NONLINEAR_POWER_DATA_H
#define NONLINEAR_POWER_DATA_H

#include "base/ball.h"
#include "linear/problem.h"

enum { POWER_SIDES = 2 };

struct power_data {
    struct ball mu; /* the degree of f */
    struct ball alpha[POWER_SIDES], beta[POWER_SIDES], delta[POWER_SIDES], gamma;
    bool realizable; /* proved: T = rho f(I) for every sample, and f(-x) = +-f(x) */
};

/* For the activation of the first hidden layer, which must have a degree. */
enum status power_data_read(const struct problem *problem, struct power_data *data) MUST_CHECK;

/* Can the moments be those of data: beta_s > 0, or beta_s = alpha_s = 0, not on both sides? */
bool power_data_is_real(const struct power_data *data);

/* The degree of an activation that has one. */
struct ball power_data_degree(const struct neurons *neurons);

/* mu if it is proved to be a whole number from 1 to 64; else 0. */
int power_data_whole(struct ball mu);

/* The direct weights b[depth] of fixed feedback, with the learning rates in them; under other rules
 * the rates. */
enum status power_data_direct(const struct problem *problem, struct ball *b) MUST_CHECK;

/* E[T I^m] and E[I^(2 m)] where all hidden layers are powers; m = the product of their degrees. */
enum status power_data_deep(const struct problem *problem, struct ball *alpha,
                            struct ball *beta) MUST_CHECK;

#endif
