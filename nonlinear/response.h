/* The response of one hidden neuron to the data: the two functions that drive A[1,1,1].
 *
 *     M1(a) = E[T f(a I)],   M2(a) = E[f(a I)^2],   R = M1^2/M2,
 *     a1' = c1 (M1' - a2 M2'/2),   a2' = M1 - a2 M2           (derivatives by a, at a = a1)
 *
 * Over finite data these are sums; over Gaussian inputs closed forms where they are known (erf,
 * powers, ReLU) and else the quadrature of data.h.  Statements: notes/nonlinear.md,
 * notes/quadrature.md.
 * Shapes: scalars.  Units: those of the data.  Memory: freed by response_free().
 * Errors: those of data_create(); BAD_ARGUMENT for a problem that is not A[1,1,1]. */
#ifndef NONLINEAR_RESPONSE_H
#define NONLINEAR_RESPONSE_H

#include "linear/problem.h"

enum { RESPONSE_ORDERS = 4 }; /* value and three derivatives by a */

struct response; /* opaque */

/* M1 and M2 with their derivatives: m1[k] = d^k M1/da^k.  All are made of
 * derivatives of f, never of differences of moments. */
struct response_values {
    double m1[RESPONSE_ORDERS], m2[RESPONSE_ORDERS];
    /* Of m1[0] and m2[0], relative: the quadrature's bound and an estimate of rounding; INFINITY
     * where M1 = 0. */
    double error;
};

enum status response_create(const struct problem *problem, struct response **response) MUST_CHECK;
void response_free(struct response *response); /* NULL is allowed */
void response_at(const struct response *response, double a, struct response_values *values);

double response_target_square(const struct response *response); /* E[T^2]; NAN if unknown */

#endif
