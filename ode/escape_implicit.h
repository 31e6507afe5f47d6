/* CVODE's BDF for following growth: with the flow's Jacobian and the projection on its first
 * integrals, in the time t or in tau, d tau = |x|^k dt, in which blow-up is not singular.
 *
 * Any k above the law's own m will do, (E33): |x| then grows like a power of tau.  Nothing is
 * divided by |f|, which is noise where the way to infinity attracts strongly.
 * Shapes: x[dim].  Memory: one object, several starts.  Errors: NO_MEMORY; only dense Jacobians. */
#ifndef ODE_ESCAPE_IMPLICIT_H
#define ODE_ESCAPE_IMPLICIT_H

#include "ode/escape.h"

struct escape_implicit; /* opaque */

/* `power` is k; 0: the time itself.  The patience belongs to the caller. */
enum status escape_implicit_create(const struct flow *flow, double power,
                                   struct escape_patience *patience,
                                   struct escape_implicit **implicit) MUST_CHECK;
void escape_implicit_free(struct escape_implicit *implicit); /* NULL is allowed */

/* From x, at t = 0, with this relative tolerance; on the leaf of x. */
enum status escape_implicit_start(struct escape_implicit *implicit, const double *x,
                                  double rtol) MUST_CHECK;

/* One step; `scale`: of the first one, in tau.  False where no step succeeds, or the field changes
 * to another piece, or patience is over: then *broken. */
bool escape_implicit_step(struct escape_implicit *implicit, double scale, bool *broken);

const double *escape_implicit_state(const struct escape_implicit *implicit);
double escape_implicit_time(const struct escape_implicit *implicit); /* t */

/* x at the time t within the last step; only for power 0. */
bool escape_implicit_at(const struct escape_implicit *implicit, double t, double *x);

/* x.f/|x|^2, NAN where it is not positive. */
double escape_implicit_rate(struct escape_implicit *implicit, const double *x);

#endif
