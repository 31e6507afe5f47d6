/* A[1,1,1] whose learning channel leaves out the derivative: where it goes, without integrating it.
 *
 * Shapes: a0[2], limit[2] hold the weights.  Memory: none.  Errors: those of power_data_read().
 * Source: Baldi, Sadowski, Lu (2018), section 7, remark; notes/nonlinear.md, (X14)-(X16). */
#ifndef NONLINEAR_UNDERIVED_PREDICTION_H
#define NONLINEAR_UNDERIVED_PREDICTION_H

#include "linear/problem.h"

/* Homogeneous neurons under fixed feedback. */
enum status underived_predict(const struct problem *problem, const double *a0, double *limit,
                              struct prediction *prediction) MUST_CHECK;

/* What the two layers want, P_1 = gamma/delta and P_2 = alpha/beta, and how fast the law grows that
 * (X16) proves for this start: a1' -> growth where exponent = 1, (a2^2)' -> growth where it is 1/2;
 * exponent 0: no law is proved. */
struct underived_law {
    double P_1, P_2, exponent, growth;
};
enum status underived_law(const struct problem *problem, const double *a0,
                          struct underived_law *law) MUST_CHECK;

#endif
