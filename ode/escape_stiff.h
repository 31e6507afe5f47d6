/* Growth that only an implicit method can follow: fast relaxation across a slow way to infinity.
 *
 * CVODE's BDF with the flow's Jacobian and the projection on the first integrals, to |x| = 1e100 or
 * as far as doubles go.  Where rounding stops it, the law must have held for decades of the time,
 * up to that point; a fixed point that stops it shows, because there the law fails.  Blow-up is not
 * declared: its time is the business of escape.c.  notes/endings.md, (E4).
 * Shapes: x[dim].  Memory: allocated and freed inside.  Errors: NO_MEMORY; "neither" is an answer,
 * and the only one for flows without a dense Jacobian. */
#ifndef ODE_ESCAPE_STIFF_H
#define ODE_ESCAPE_STIFF_H

#include "ode/escape.h"

/* The law of the run so far: nu ~ |x|^m since |x| = since. */
struct escape_law {
    double m, since;
};

enum status escape_stiff_confirm(const struct flow *flow, const double *x,
                                 const struct escape_law *before, struct escape_patience *patience,
                                 struct escape *escape) MUST_CHECK;

#endif
