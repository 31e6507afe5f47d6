/* Chains A[1,1,1] of saturating neurons whose data have no best weights: where they grow to.
 *
 * Shapes: a0[2] holds the weights.  Memory: none.  Errors: those of data_create().
 * Source: notes/nonlinear.md, (X19)-(X21). */
#ifndef NONLINEAR_SATURATING_PREDICTION_H
#define NONLINEAR_SATURATING_PREDICTION_H

#include "linear/problem.h"

/* tanh or erf neurons under fixed feedback or bp; inconclusive for data that no theorem covers. */
enum status saturating_predict(const struct problem *problem, const double *a0, double *limit,
                               struct prediction *prediction) MUST_CHECK;

/* Does (X19) hold for this activation? */
bool saturating_covers(const struct neurons *neurons);

#endif
