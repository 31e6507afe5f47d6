/* One linear hidden layer between scalars, A[1,N,1]: P = a.b, e = alpha - beta P.
 *
 *   fixed feedback (rbp = srbp):  a' = eta1 c e,  b' = eta2 a e                           (F)
 *   bp:                           a' = eta1 b e,  b' = eta2 a e
 *   adaptive (arbp = asrbp):      a' = eta1 c e,  b' = eta2 a e,  c' = rho a e
 *
 * (F) has a fast flow of its own; the other rules go to linear/network.h.  Source: Baldi, Sadowski,
 * Lu, AIJ 260 (2018), Eq. 57, Theorem 5; statements and proofs: notes/fan.md.
 * Shapes: x = a[N], b[N], then adaptive c[N].  The functions below take the flow of (F) alone. */
#ifndef LINEAR_FAN_H
#define LINEAR_FAN_H

#include "linear/clock_polynomial.h"
#include "linear/problem.h"

enum { FAN_DEGREE = 3 }; /* of P in the clock */

double fan_sensitivity(const struct flow *flow, const double *x); /* S = dP/ds, (W3) */

/* Does the fan of this problem have the flow (F)? */
bool fan_is_direct(const struct problem *problem);

/* Where the fan goes from x0[dim], without integrating it: system_fan's `predict`. */
enum status fan_predict(const struct problem *problem, const double *x0, double *limit,
                        struct prediction *prediction) MUST_CHECK;

/* G(s) of (F) from x0, (W1). */
enum status fan_clock(const struct problem *problem, const double *x0,
                      struct clock_polynomial *clock) MUST_CHECK;

/* The width N, and the feedback weights times eta1: c[N]; *top = eta2. */
enum status fan_width(const struct problem *problem, size_t *N) MUST_CHECK;
enum status fan_feedback(const struct problem *problem, size_t N, double *c,
                         double *top) MUST_CHECK;

#endif
