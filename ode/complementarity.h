/* Relays that are coupled: a box-constrained linear complementarity problem of a few unknowns.
 *
 *     theta in [0, 1]^m,  w = q + G theta,   theta_k = 1 where w_k > 0,  0 where w_k < 0,
 * and anything between where w_k = 0: what the weights of the sides of m surfaces are where these
 * meet, w being the normal speeds, notes/endings.md, (E28).  If C G is symmetric and negative
 * definite for some diagonal C > 0, there is one solution (Cottle, Pang, Stone 1992, chapter 3).
 *
 * Shapes: all matrices are [m*m] with rows of COMPLEMENTARITY_MOST.  Memory, errors: none. */
#ifndef ODE_COMPLEMENTARITY_H
#define ODE_COMPLEMENTARITY_H

#include <stdbool.h>
#include <stddef.h>

/* 3^8 patterns are tried. */
enum { COMPLEMENTARITY_MOST = 8 };

struct complementarity {
    size_t m;
    double q[COMPLEMENTARITY_MOST], G[COMPLEMENTARITY_MOST * COMPLEMENTARITY_MOST];
};

/* theta = 0, 1, or between. */
enum complementarity_role { ROLE_BELOW, ROLE_ABOVE, ROLE_SLIDES, ROLES };

/* C, c[m], with C G symmetric; its entries may have any sign.  False: there is none. */
bool complementarity_scales(const struct complementarity *p, double *c);

/* Is C > 0, and C G negative definite beyond doubt?  C G is symmetric. */
bool complementarity_is_definite(const struct complementarity *p, const double *c);

/* The inverse of A[n*n] by elimination without exchanges, which all A with C A symmetric and
 * negative definite allow, with negative pivots; false where one is none. */
bool complementarity_invert(size_t n, const double *A, double *inverse);

/* Roles number `pattern` of 3^m, and theta[m], w[m] that they imply; false: w cannot be zero on those
 * that slide. */
void complementarity_pattern(size_t m, size_t pattern, enum complementarity_role *role);
bool complementarity_solve(const struct complementarity *p, const enum complementarity_role *role,
                           double *theta, double *w);

#endif
