/* The curve f(x, p) = 0 near one of its points: tangents, corrections, spectra.  Part of branch.h.
 *
 * Points y[dim + 1] = (x, q) with q = (p - from)/(to - from), so that lengths mix the state and the
 * share of the interval.
 * Memory: one block.  Errors: those of the family; "does not converge" is an answer. */
#ifndef ODE_BRANCH_CURVE_H
#define ODE_BRANCH_CURVE_H

#include "ode/branch.h"

struct branch_curve; /* opaque */

struct branch_curve *branch_curve_create(const struct branch_family *family);
void branch_curve_free(struct branch_curve *curve);

size_t branch_curve_unknowns(const struct branch_curve *curve); /* dim */
double branch_curve_value(const struct branch_curve *curve, double q);

/* Newton's method on f = 0 and normal . (y - y0) = 0 from y0 = y, in place; false: it does not
 * converge, or the field fails on the way.  normal[dim+1]; (0, ..., 0, 1) keeps p. */
bool branch_curve_correct(struct branch_curve *curve, const double *normal, double *y);

/* Newton's step d[dim] with J d = f at fixed p; false where J is singular or the field fails. */
bool branch_curve_newton(struct branch_curve *curve, const double *y, double *d);

/* The unit tangent t at y with t . before > 0, and the sign of det [J f_q; before]. */
enum status branch_curve_tangent(struct branch_curve *curve, const double *y, const double *before,
                                 double *t, int *sign) MUST_CHECK;

/* Right singular vectors of [J f_q] of the two smallest singular values, the smallest first, and
 * these over the largest; t[2*(dim+1)], share[2]. */
enum status branch_curve_kernel(struct branch_curve *curve, const double *y, double *t,
                                double share[2]) MUST_CHECK;

/* Eigenvalues of J(y), and the sign of the product of all sums of two of them: it changes at Hopf
 * points, and where two real ones are opposite. */
struct branch_pairs {
    int sign;
    bool imaginary; /* the two whose sum is smallest are complex */
    double omega;   /* and this is |Im| */
};
enum status branch_curve_spectrum(struct branch_curve *curve, const double *y,
                                  struct branch_spectrum *spectrum,
                                  struct branch_pairs *pairs) MUST_CHECK;

/* The smallest singular value over the largest, of J(y) with its rows scaled to norm 1. */
enum status branch_curve_condition(struct branch_curve *curve, const double *y,
                                   double *share) MUST_CHECK;

/* The smallest singular value of [J f_q], of rows n, at y: zero where its rank is below n. */
enum status branch_curve_rank(struct branch_curve *curve, const double *y,
                              double *least) MUST_CHECK;

/* Is y on a surface where the field is not smooth, to rounding? */
bool branch_curve_is_kinked(struct branch_curve *curve, const double *y);

enum status branch_curve_flow(struct branch_curve *curve, double q, struct flow **flow) MUST_CHECK;

#endif
