/* Projection of a state on the first integrals of its start: the least-norm solution of
 * I(x + d) = I(x0), left out where it would be noise.
 *
 * Shapes: x[dim], d[dim].  Memory: one block per trajectory.  Errors: none; false where I is not
 * finite, and d = 0 where no correction is to be trusted. */
#ifndef ODE_PROJECTION_H
#define ODE_PROJECTION_H

#include "ode/plan.h"

#include "ode/flow.h"

struct projection; /* opaque */

struct projection *projection_create(const struct flow *flow, const struct plan *plan);
void projection_free(struct projection *projection); /* NULL is allowed */
void projection_set_leaf(struct projection *projection, const double *x0);
bool projection_correct(struct projection *projection, const double *x, double *d);

#endif
