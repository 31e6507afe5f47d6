/* The limit of A[N0,1,N2] under fixed feedback: notes/autoencoder.md, (U2)-(U6).
 * Shapes: as in problem.h; x0 and limit hold A[N0], B[N2], or the map P[N2*N0] where only that is
 * known (prediction->about).  Errors: NO_MEMORY, and those of the problem. */
#ifndef LINEAR_AUTOENCODER_H
#define LINEAR_AUTOENCODER_H

#include "linear/problem.h"

enum status autoencoder_predict(const struct problem *problem, const double *x0, double *limit,
                                struct prediction *prediction) MUST_CHECK;

#endif
