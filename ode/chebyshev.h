/* Chebyshev polynomials of a matrix that is known by its products, one at the origin and small on an
 * ellipse in the left half-plane.
 *
 *     g_m(z) = T_m((z - c)/d) / T_m(-c/d),     c < 0, d^2 < c^2 real, negative where the foci are
 *                                              complex
 * For all such polynomials |g_m| has a bound from below on half-planes Re z >= -s, so that a small
 * |g_m(J) u| bears witness against eigenvalues there: notes/endings.md, (E41), (E42).
 *
 * Shapes: points[count].  Memory: the caller's.  Errors: none. */
#ifndef ODE_CHEBYSHEV_H
#define ODE_CHEBYSHEV_H

#include "ode/ritz.h"

struct chebyshev {
    double c, dd;  /* centre, and d^2 of the foci c +- d */
    double factor; /* the points fall by it with each degree, at least */
    double tau;    /* of the recurrence */
    size_t degree;
};

/* The ellipse on which the points, all with a negative real part, fall fastest; degree 0. */
struct chebyshev chebyshev_around(size_t count, const struct ritz_value *points);

/* A lower bound of |g_m(z)| on Re z >= -s, 0 <= s; 0 where it has none. */
double chebyshev_least(const struct chebyshev *g, double s);

/* From now = g_m(J) u and its product J now to g_(m+1)(J) u; before = g_(m-1)(J) u becomes now. */
void chebyshev_step(struct chebyshev *g, size_t n, const double *product, double *now,
                    double *before);

#endif
