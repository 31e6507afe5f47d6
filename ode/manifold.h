/* Manifolds of fixed points inside a leaf: where a trajectory arrives on one, and whether it stays.
 *
 * Where J restricted to the leaf has a kernel, the spectrum alone decides nothing: the fixed point
 * may be degenerate, or one of a continuum.  Here the kernel is found by a rank with a gap, fixed
 * points are continued along it (notes/endings.md, (E11)), the spectrum transverse to them is taken
 * on the range of J, (E10), and the limit is the asymptotic phase of the present state, (E12): not
 * the nearest fixed point, but the one that the linearised flow arrives at.
 *
 * Shapes: x[dim], limit[dim], spectrum[dim].  Memory: one block per call, freed.
 * Errors: NO_MEMORY, those of the field and of GSL; "no manifold" is an answer. */
#ifndef ODE_MANIFOLD_H
#define ODE_MANIFOLD_H

#include "ode/fixed_point.h"

struct manifold {
    bool regular;       /* J has no kernel on the leaf: the fixed point is isolated there */
    size_t kernel;      /* its dimension; 0 also where there is no clear gap */
    size_t fixed;       /* of these, explained by fixed points that were followed */
    double phase_error; /* of the limit, (E12) */
    bool attained;      /* all of the kernel is explained, and the limit was reached */
};

/* From the state x, with a fixed point of its leaf in limit[]: replaces limit, point and spectrum
 * (real parts, decreasing, [point->count]) by those of the manifold, if *manifold says attained. */
enum status manifold_seek(struct fixed_point_work *work, const struct flow *flow, const double *x,
                          double *limit, double *spectrum, struct fixed_point *point,
                          struct manifold *manifold) MUST_CHECK;

#endif
