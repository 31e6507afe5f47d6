/* How many equilibria lie on a leaf of A[1,1,1]: the bifurcation curve, for all parameters.
 *
 * On the leaf K = c_1 a_2 - a_1^2/2 the flow is a_1' = Q(a_1), Q = c_1 alpha - beta K x - beta
 * x^3/2, and disc_x Q = -2 beta^4 K^3 - (27/4) c_1^2 alpha^2 beta^2 tells: three simple zeros if
 * it is positive, one if it is negative, a multiple zero where it vanishes; beta != 0.
 *
 * Units: as in notes/conventions.md, c_2 = 1.  Memory: discriminant_point_init(), _clear().
 * Errors: counts are -1 where beta = 0.  Source: notes/universal.md, (UN5). */
#ifndef EXACT_DISCRIMINANT_H
#define EXACT_DISCRIMINANT_H

#include "exact/library.h"

#include <stdbool.h>

/* One step of the proof, for all c_1, alpha, beta, K. */
struct discriminant_step {
    const char *claim;
    bool holds;
};

enum { DISCRIMINANT_STEPS = 5 };

/* Runs the proof; all must hold. */
void discriminant_prove(struct discriminant_step step[DISCRIMINANT_STEPS]);

/* The parameters of a leaf. */
struct discriminant_point {
    fmpq_t c1, alpha, beta, K;
};

void discriminant_point_init(struct discriminant_point *point); /* all 0 */
void discriminant_point_clear(struct discriminant_point *point);

/* The sign of disc_x Q by its closed form. */
int discriminant_sign(const struct discriminant_point *point);

/* Distinct equilibria on the leaf: by the closed form, and by isolating the real zeros of Q. */
int discriminant_equilibria(const struct discriminant_point *point);
int discriminant_equilibria_by_zeros(const struct discriminant_point *point);

#endif
