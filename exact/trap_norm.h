/* A norm in which a matrix contracts: a proposal, made in short floating point; (TR5).
 *
 * Shapes: K[k*k], V[k*k], row by row.  Units: 1/time.  Memory: none kept.  Errors: false where K has
 * an eigenvalue with a real part that is not positive, or where nothing was found. */
#ifndef EXACT_TRAP_NORM_H
#define EXACT_TRAP_NORM_H

#include <stdbool.h>
#include <stddef.h>

/* The least real part of the eigenvalues of K, about; NAN: not found. */
double trap_norm_least(size_t k, const double *K);

/* V with V^-1 K V + (V^-1 K V)' >= 2 mu, about, for mu below trap_norm_least(). */
bool trap_norm_propose(size_t k, const double *K, double mu, double *V);

#endif
