/* Where a chain with activations goes, as far as theory says, without integrating it.
 *
 * Shapes: a0 and limit hold the weights a1..aL, then the feedback weights that are unknowns.
 * Units: time as in notes/conventions.md, (N2).  Memory: none.  Errors: those of data_create(); a
 * case without theory is no error but an inconclusive prediction with a reason.
 * Source: notes/nonlinear.md, (X10)-(X22). */
#ifndef NONLINEAR_NONLINEAR_PREDICTION_H
#define NONLINEAR_NONLINEAR_PREDICTION_H

#include "linear/problem.h"

enum status nonlinear_chain_predict(const struct problem *problem, const double *a0, double *limit,
                                    struct prediction *prediction) MUST_CHECK;

#endif
