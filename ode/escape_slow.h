/* Growth like a small power of the time, or like its logarithm: followed decade by decade of t.
 *
 * With the displacements D_k = x(10^(k+1) t) - x(10^k t) a power law |x| ~ t^p has
 * |D_k+1| = 10^p |D_k|, a logarithm p = 0, and an approach to a limit like t^-q has p = -q:
 * notes/endings.md, (E32).  Nothing is read off the speeds, which are noise where the way attracts
 * strongly.  The law has to hold to where the field is lost in its rounding, (E30).
 * Shapes: x[dim].  Memory: allocated and freed inside.  Errors: NO_MEMORY and those of the field;
 * "neither" is an answer, and the only one for flows without a dense Jacobian. */
#ifndef ODE_ESCAPE_SLOW_H
#define ODE_ESCAPE_SLOW_H

#include "ode/escape.h"

/* From x at the time t > 0; exponent 0 with escape->log_slope: |x| ~ log_slope ln t. */
enum status escape_slow_confirm(const struct flow *flow, const double *x, double t,
                                struct escape_patience *patience, struct escape *escape) MUST_CHECK;

#endif
