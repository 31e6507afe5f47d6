/* The learning equations as a polynomial field: network.h over sparse polynomials.
 *
 *     x' = f(x) = S(x) y(x),   y' = -K(x) y,   K = -Dy S
 *
 * Shapes: f[n], y[k], K[u*k + v]; all in premise_variables() variables, of which the unknowns
 * come first.  Memory: memory.h.  Errors: rejections. */
#ifndef CHECKER_FIELD_H
#define CHECKER_FIELD_H

#include "checker/network.h"
#include "checker/polynomial.h"

struct field {
    size_t n, k, variables;
    struct polynomial *f, *y, *K;
    struct ring ring;
    struct network network;
};

/* f and y; lists of the premise that are `any` become variables. */
void field_build(const struct premise *premise, struct field *field);

/* K, after field_build(). */
void field_response(struct field *field);

#endif
