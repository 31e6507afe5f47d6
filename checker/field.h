/* The learning equations as a polynomial field, rebuilt from the premise alone.
 *
 *     x' = f(x) = S(x) y(x),   y' = -K(x) y,   K = -Dy S,
 *
 * y the error E column by column, y[a + NL*b] = E_ab.  With T_i, Q_i and E of premise.h every rule reads
 *
 *     A_i' = r_i T_i E Q_(i-1)',   C_i' = r_(L+i) Q_i (T_(i+1) E)',   T_L = c_L,
 *
 * T_i = A_(i+1)' T_(i+1) under bp, C_i T_(i+1) under rbp and arbp, C_i c_L ... so f = S y
 * holds as an identity by construction, and y' = Dy f = (Dy S) y by the chain rule.
 *
 * Shapes: f[n], y[k], S[i*k + u], Dy[u*n + i], K[u*k + v]; all in premise_variables() variables, of which the unknowns
 * come first.  Memory: memory.h.  Errors: rejections. */
#ifndef CHECKER_FIELD_H
#define CHECKER_FIELD_H

#include "checker/polynomial.h"
#include "checker/premise.h"

struct field {
    size_t n, k, variables;
    struct polynomial *f, *y, *S, *Dy, *K;
};

/* f, y and S; lists of the premise that are `any` become variables.  No list may have intervals but `start`, which is
 * not looked at. */
void field_build(const struct premise *premise, struct field *field);

/* Dy and K, after field_build(). */
void field_response(struct field *field);

#endif
