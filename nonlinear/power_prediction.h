/* Where chains of homogeneous neurons go, without integrating them.
 *
 *   power_predict        A[1,1,1], fixed feedback, with the derivative: Theorem 11, (X13)
 *   power_tied_predict   A[1,1,1] under bp and adaptive feedback, (X17)
 *   power_deep_predict   A[1,...,1], layered fixed feedback with all derivatives, (X18)
 *
 * Shapes: a0 and limit hold the weights a1..aL, then the adaptive feedback weight.
 * Memory: none.  Errors: those of power_data_read().
 * Source: Baldi, Sadowski, Lu (2018), section 7; notes/nonlinear.md. */
#ifndef NONLINEAR_POWER_PREDICTION_H
#define NONLINEAR_POWER_PREDICTION_H

#include "linear/problem.h"

enum status power_predict(const struct problem *problem, const double *a0, double *limit,
                          struct prediction *prediction) MUST_CHECK;
enum status power_tied_predict(const struct problem *problem, const double *a0, double *limit,
                               struct prediction *prediction) MUST_CHECK;
enum status power_deep_predict(const struct problem *problem, const double *a0, double *limit,
                               struct prediction *prediction) MUST_CHECK;

#endif
