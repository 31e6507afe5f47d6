/* Manifolds of fixed points: where a trajectory arrives on one, and whether it stays.
 *
 * Where J has a kernel, the spectrum alone decides nothing: the fixed point may be degenerate, or
 * one of a continuum.  Here the kernel is found by a rank with a gap, the spectrum transverse to it
 * is taken on the range of J, notes/endings.md, (E10), the limit is the asymptotic phase of the
 * present state, (E12): not the nearest fixed point, but the one that the linearised flow arrives
 * at; and the kernel is confirmed by following fixed points along it, (E11).  All this is done in
 * the whole space, so that leaves may be singular: conserved claims only explain a part of the
 * kernel.
 *
 * Shapes: x[dim], limit[dim], spectrum[dim].  Memory: one block per search, made when needed.
 * Errors: those of the field; "no manifold" is an answer. */
#ifndef ODE_MANIFOLD_H
#define ODE_MANIFOLD_H

#include "ode/fixed_point.h"

struct manifold {
    bool regular;       /* J has no kernel: the fixed point is isolated, and not for this file */
    bool reached;       /* limit, point and spectrum are those of the phase of x */
    size_t kernel;      /* dimension of the kernel of J; 0 also where there is no clear gap */
    size_t integrals;   /* of these, explained by conserved claims, */
    size_t fixed;       /* and by fixed points within the leaf, once confirmed */
    double phase_error; /* of the limit, (E12) */
};

struct manifold_search; /* opaque */

struct manifold_search *manifold_search_create(struct fixed_point_work *work,
                                               const struct flow *flow);
void manifold_search_free(struct manifold_search *search); /* NULL is allowed */

/* From the state x to the manifold that the flow would reach; where manifold->reached, limit, point
 * and spectrum[point->count] (real parts, decreasing) are filled.  point->simple: (E2). */
enum status manifold_seek(struct manifold_search *search, const double *x, double *limit,
                          double *spectrum, struct fixed_point *point,
                          struct manifold *manifold) MUST_CHECK;

/* After manifold_seek at the same limit: is all of the kernel tangent to fixed points?  Sets
 * manifold->fixed. */
enum status manifold_confirm(struct manifold_search *search, const double *limit,
                             const struct fixed_point *point, struct manifold *manifold,
                             bool *confirmed) MUST_CHECK;

#endif
