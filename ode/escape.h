/* Is it a blow-up?  Follows a growing solution in its own time, where the singularity is at
 * infinity.
 *
 * With d sigma = (|f|/|x|) dt the solution obeys dx/dsigma = f |x|/|f|, so |x| grows like
 * exp(sigma) at most and nothing is singular; dt/dsigma = |x|/|f| gives the time.  A blow-up is
 * believed only when |x| has grown by ESCAPE_GROWTH under one power law (notes/endings.md, (E4));
 * in plain time that is out of reach, because the time to go falls below the resolution of t long
 * before, like |x|^(1-n) for a field of degree n.
 * Shapes: x[dim].  Memory: allocated and freed inside.  Errors: NO_MEMORY; "no" is an answer. */
#ifndef ODE_ESCAPE_H
#define ODE_ESCAPE_H

#include "ode/flow.h"

struct escape {
    bool confirmed;
    double time_to_go; /* from x to the singularity */
    double error;      /* of time_to_go: extrapolation and quadrature */
};

enum status escape_confirm(const struct flow *flow, const double *x,
                           struct escape *escape) MUST_CHECK;

#endif
