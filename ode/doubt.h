/* Could the error of one step have carried the state across a fixed point?
 *
 * On a leaf that is a curve the exact trajectory never crosses a zero of the field, but the error
 * of a step can: where two roots are nearer to each other than that error, or a passage is too
 * narrow.  With the error delta of a step and the distance from the leaf known, a zero within reach
 * needs |f| <= delta sup |phi'| + |J| (distance from the leaf),     phi the field along the leaf,
 * so where this fails at every step, none was crossed: notes/endings.md, (E9).  On
 * leaves of more dimensions global_error.h takes its place.
 * Shapes: x[dim],
 * f[dim], Jf[dim] = J f, work[dim*dim + dim], or [5*dim] for a large flow.  Memory: the caller's.
 * Errors: none; a probe outside the field's domain tells nothing. */
#ifndef ODE_DOUBT_H
#define ODE_DOUBT_H

#include "ode/fixed_point.h"

struct doubt_state {
    const double *x, *f, *Jf;
    double J_size;                 /* Frobenius norm of J */
    double step_error;             /* of one step, |x| at that accuracy */
    struct fixed_point_work *work; /* knows the leaf of the start; NULL: not looked at */
};

/* Is a zero of the field within reach of the error? */
bool doubt_applies(const struct flow *flow, const struct doubt_state *state, double *work);

#endif
