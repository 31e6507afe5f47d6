/* Fixed points on a leaf, and the spectrum that decides their stability.
 *
 * Learning flows have continua of fixed points, so "f(x) = 0 nearby" says little.  The conserved
 * claims of a flow cut the continuum down to the leaf I(x) = I(x0) of one trajectory; here the
 * pair of equations f = 0, I = I0 is solved to rounding, and the Jacobian is restricted to the
 * leaf's tangent space (notes/endings.md, (E1), (E2)).
 *
 * Shapes: I0[conserved], x[dim].  Memory: a workspace is one block (plus GSL's), made once per
 * trajectory.  Errors: failures of the field only; "no fixed point here" is an answer. */
#ifndef ODE_FIXED_POINT_H
#define ODE_FIXED_POINT_H

#include "ode/flow.h"

struct fixed_point {
    bool found; /* f and I - I0 are below their rounding floors */
    size_t iterations;
    double residual;       /* |f(x)| */
    double residual_floor; /* rounding error of |f(x)| as it is evaluated */
    double position_error; /* of x: the last correction, at least the resolution of doubles */
    double rate;           /* largest real part of the transverse spectrum */
    size_t count;          /* of the transverse spectrum */
    size_t leaf;           /* dimension of the leaf's tangent space */
    double norm;           /* Frobenius norm of the transverse matrix */
    double lipschitz;      /* of the Jacobian, sampled at `radius` round x */
    double
        jacobian_error; /* |J(x + t) - J(x)|, |t| = position_error: J need not be Lipschitz at x */
    bool simple;        /* rate != 0 is certified against rounding, (E2) */
};

struct fixed_point_work; /* opaque */

struct fixed_point_work *fixed_point_work_create(const struct flow *flow);
void fixed_point_work_free(struct fixed_point_work *work);

/* Scales that tell a vanishing gradient of a conserved claim from a small one: taken at the start.
 * */
void fixed_point_set_leaf(struct fixed_point_work *work, const double *x0, const double *I0);

/* To the leaf of another start.  Where the claims are known to be independent at one point in
 * general position, they are not tried again. */
void fixed_point_move_leaf(struct fixed_point_work *work, const double *x0, const double *I0);

/* The dimension of the leaf at a generic point. */
size_t fixed_point_leaf_dimension(const struct fixed_point_work *work);

/* |f(x)| and the rounding error in it. */
enum status fixed_point_residual(struct fixed_point_work *work, const double *x, double *residual,
                                 double *floor) MUST_CHECK;

/* After fixed_point_residual at x: how far the rounding of f and of x reaches into f_i, (E30), at
 * the terms as they are at x. */
double fixed_point_row_rounding(const struct fixed_point_work *work, const double *x, size_t i);

/* After fixed_point_residual at x: is every f_i zero to its own rounding, (E30)?  Row by row: where
 * weights of very different size meet, the rounding of one f_i exceeds the value of another. */
bool fixed_point_is_zero(const struct fixed_point_work *work, const double *x);

/* After fixed_point_residual at x: is every f_i zero to its own rounding, or well below first[n], f
 * where an iteration began?  On a growing solution some f_i does not fall, however large the
 * rounding of a huge Jacobian. */
bool fixed_point_has_fallen(const struct fixed_point_work *work, const double *first,
                            const double *x);

/* Is every f_i no more than moving the unknowns by their resolution makes it?  Row by row: where
 * weights of very different size meet, |J| |x| would explain anything.  f[n], J[n*n]. */
bool fixed_point_is_explained(size_t n, const double *f, const double *J, double resolution);

/* Gauss-Newton from x[dim], in place, on f = 0 and I = I0; then point->found tells. */
enum status fixed_point_polish(struct fixed_point_work *work, double *x,
                               struct fixed_point *point) MUST_CHECK;

/* Is the leaf of the start a regular curve, cut out by all its claims?  Then a quick polish: the
 * same equations and the same tests of their floors, by a square system, (J2).  It gives up where
 * a correction exceeds `reach`, and wherever it is not quick; x is then of no use. */
bool fixed_point_has_curve(const struct fixed_point_work *work);
enum status fixed_point_polish_curve(struct fixed_point_work *work, double reach, double *x,
                                     struct fixed_point *point) MUST_CHECK;
/* The spectrum, one number, at the x that the quick polish has just found; rate[dim].  The
 * Lipschitz constant is that between x and where the polish began, `away` from it. */
enum status fixed_point_spectrum_curve(struct fixed_point_work *work, const double *x, double away,
                                       double *rate, struct fixed_point *point) MUST_CHECK;

/* The transverse spectrum at x: closed form if the flow has one, else GSL eigenvalues of T' J T.
 * Real parts, decreasing, into spectrum[dim]; `radius`: where the Lipschitz constant is sampled. */
enum status fixed_point_spectrum(struct fixed_point_work *work, const double *x, double radius,
                                 double *spectrum, struct fixed_point *point) MUST_CHECK;

/* The same without the closed form (the tests compare both). */
enum status fixed_point_eigenvalues(struct fixed_point_work *work, const double *x,
                                    double *spectrum, size_t *count, double *norm) MUST_CHECK;

/* (E2), from rate, count, lipschitz, residual_floor, position_error and jacobian_error. */
bool fixed_point_is_simple(const struct fixed_point *point);

/* Orthonormal basis of the leaf's tangent space at x: T[dim * *columns], room for dim*dim. */
enum status fixed_point_tangent(struct fixed_point_work *work, const double *x, double *T,
                                size_t *columns) MUST_CHECK;

/* How far x is, to first order, from where nothing leads away from the fixed
 * point: the part of x - point along the unstable directions, at least. */
enum status fixed_point_unstable_part(struct fixed_point_work *work, const double *x,
                                      const double *point, double *part) MUST_CHECK;

/* That part, if it is more than the rounding of its own terms, and than what the rounding of f makes
 * of them within 1/rate; else 0. */
enum status fixed_point_unstable_beyond(struct fixed_point_work *work, const double *x,
                                        const double *point, double rate, double *part) MUST_CHECK;

/* The part of x - point along the directions that do not clearly contract, at least. */
enum status fixed_point_standing_part(struct fixed_point_work *work, const double *x,
                                      const double *point, double *part) MUST_CHECK;

/* A unit vector along the leaf at x, where the leaf is a curve (returns false elsewhere). */
enum status fixed_point_along_leaf(struct fixed_point_work *work, const double *x,
                                   double *direction, bool *curve) MUST_CHECK;

/* A bound on the distance of x from the leaf, to first order and with the rounding of I; infinite
 * where the gradients are dependent. */
double fixed_point_off_leaf(struct fixed_point_work *work, const double *x);

/* Moves x[dim] onto the leaf by the least correction. */
enum status fixed_point_to_leaf(struct fixed_point_work *work, double *x) MUST_CHECK;

#endif
