/* What an isolated fixed point of a planar flow is, as far as that can be told.
 *
 * Trace and determinant of the Jacobian decide where they are not zero to rounding.  Where the
 * eigenvalues are +-i omega, the linear part decides nothing; the point is a centre if a conserved
 * claim of the flow has a definite Hessian there, and undecided otherwise.
 * Statement: notes/cycles.md, (Z4).
 *
 * Shapes: x[2].  Units: those of the flow.  Memory: none.  Errors: those of the field. */
#ifndef ODE_PLANAR_H
#define ODE_PLANAR_H

#include "ode/flow.h"

enum planar_kind {
    PLANAR_ATTRACTS,
    PLANAR_REPELS,
    PLANAR_SADDLE,
    PLANAR_CENTRE,   /* proved by a conserved claim */
    PLANAR_UNDECIDED /* a real part, or the determinant, is zero to rounding */
};

/* The kind of the fixed point that lies within `away` of x; `flow` has two unknowns and a
 * Jacobian. */
enum status planar_kind(const struct flow *flow, const double *x, double away,
                        enum planar_kind *kind) MUST_CHECK;

#endif
