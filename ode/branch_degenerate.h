/* Where a branch is none: continua at one value of p, and branches too near to be told apart.
 *
 * A continuum at p = p0 is a curve of fixed points like a branch, but along it p stands still, and
 * every rounding of p would be a fold.  A determinant that changes its sign is a crossing only if a
 * singular value vanishes between; else the corrector has jumped to another branch.  Part of
 * branch.h; notes/equilibria.md, (B17).
 *
 * Shapes: y[dim + 1].  Memory: none kept.  Errors: NO_MEMORY, those of the family. */
#ifndef ODE_BRANCH_DEGENERATE_H
#define ODE_BRANCH_DEGENERATE_H

#include "ode/branch_locate.h"

/* Does a curve of fixed points with the same p pass the fixed point y? */
enum status branch_degenerate_level(struct branch_curve *curve, const double *y,
                                    bool *level) MUST_CHECK;

/* Is J singular at the fixed point y? */
enum status branch_degenerate_singular(struct branch_curve *curve, const double *y,
                                       bool *singular) MUST_CHECK;

/* A point of the branch that crosses the one with tangent at->t at at->y, beside that on the side
 * `side`, +1 or -1: seed[dim+1]; found is false: there is none near. */
enum status branch_degenerate_beside(struct branch_curve *curve, const struct branch_step *at,
                                     double side, double *seed, bool *found) MUST_CHECK;

/* Does [J f_q] lose rank between the steps, and another branch pass there? */
enum status branch_degenerate_crossing(struct branch_curve *curve, const struct branch_step *a,
                                       const struct branch_step *b, bool *crossing) MUST_CHECK;

#endif
