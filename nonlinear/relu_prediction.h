/* Deep chains of ReLUs: the starts from which nothing ever moves.
 *
 * Shapes: a0[L], limit[L].  Memory: none.  Errors: none.  Source: notes/nonlinear.md, (X22). */
#ifndef NONLINEAR_RELU_PREDICTION_H
#define NONLINEAR_RELU_PREDICTION_H

#include "linear/problem.h"

/* Layered fixed feedback or bp, all hidden layers ReLUs, three layers or more. */
enum status relu_predict(const struct problem *problem, const double *a0, double *limit,
                         struct prediction *prediction) MUST_CHECK;

#endif
