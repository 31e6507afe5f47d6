/* Where, between two neighbouring points of a branch, something happens.  Part of branch.h.
 *
 * Memory: none kept.  Errors: those of the family. */
#ifndef ODE_BRANCH_LOCATE_H
#define ODE_BRANCH_LOCATE_H

#include "ode/branch_curve.h"

/* A point of a branch while it is followed. */
struct branch_step {
    double *y, *t; /* [dim + 1] each */
    int sign;      /* of the bordered determinant */
    struct branch_spectrum spectrum;
    struct branch_pairs pairs;
};

/* Tangent, spectrum and pairs at step->y; the tangent points along before[dim + 1]. */
enum status branch_locate_measure(struct branch_curve *curve, const double *before,
                                  struct branch_step *step) MUST_CHECK;

/* Is there a crossing, a Hopf point or a fold between the steps?  Two real eigenvalues that become
 * opposite are no Hopf point, which only locating tells. */
bool branch_locate_crossing(const struct branch_step *a, const struct branch_step *b);
bool branch_locate_fold(const struct branch_curve *curve, const struct branch_step *a,
                        const struct branch_step *b);
bool branch_locate_pair(const struct branch_step *a, const struct branch_step *b);

/* Bisection of a step of the given length from a: y[dim+1] is the last point, *error how far in p
 * the two last ones are apart, *pairs those there. */
struct branch_place {
    double *y, error;
    struct branch_pairs pairs;
};
enum status branch_locate(struct branch_curve *curve, enum branch_kind kind,
                          const struct branch_step *a, const struct branch_step *b,
                          struct branch_place *place) MUST_CHECK;

#endif
