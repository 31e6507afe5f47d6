/* Bounds of the eigenvalues of symmetric matrices of balls.
 *
 * Gauss's elimination runs on the midpoints, from whose diagonal the largest row sum of the radii is
 * taken off first; with balls for entries it would multiply them.  Shapes: A[n x n], symmetric.
 * Memory: none kept.  Errors: none; true is proved for every matrix in the balls. */
#ifndef EXACT_DEFINITE_H
#define EXACT_DEFINITE_H

#include "exact/library.h"

#include <stdbool.h>

bool definite_above(const arb_mat_t A, double bound); /* A - bound positive definite */
bool definite_below(const arb_mat_t A, double bound); /* bound - A positive definite */

/* The largest row sum of the radii, rounded up: no eigenvalue moves by more within the balls. */
double definite_reach(const arb_mat_t A);

/* In place: (A + A')/2. */
void definite_symmetric_part(arb_mat_t A);

/* From row by row, exactly. */
void definite_read(arb_mat_t A, const double *entries);

/* (V^-1 K V + its transpose)/2 - mu positive definite; inverse of V. */
bool definite_contracts(const arb_mat_t K, const arb_mat_t V, const arb_mat_t inverse, double mu);

#endif
