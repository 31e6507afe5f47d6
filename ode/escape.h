/* Does it blow up, or grow for ever?  Follows a growing solution in its own time, where infinity
 * is far.
 *
 * With d sigma = (|f|/|x|) dt the solution obeys dx/dsigma = f |x|/|f|, so |x| grows like
 * exp(sigma) at most and nothing is singular; dt/dsigma = |x|/|f| gives the time.  The solution is
 * followed to |x| = 1e100, or as far as the field can be evaluated, and the growth law must be one
 * and the same at the end (notes/endings.md, (E4)).  A fixed point on the way stops it: the answer
 * is then "neither".
 * Shapes: x[dim].  Memory: allocated and freed inside.  Errors: NO_MEMORY; "neither" is an answer.
 * */
#ifndef ODE_ESCAPE_H
#define ODE_ESCAPE_H

#include "ode/flow.h"

enum escape_verdict { ESCAPE_NEITHER, ESCAPE_BLOWS_UP, ESCAPE_GROWS };

struct escape {
    enum escape_verdict verdict;
    double time_to_go; /* blow-up: from x to the singularity */
    double error;      /* of time_to_go: extrapolation and quadrature */
    double exponent;   /* growth: |x| ~ t^exponent, INFINITY: exponential, 0: logarithmic, ... */
    double log_slope;  /* ... |x| ~ log_slope ln t; else NAN */
};

/* How long growth may be followed; one for a whole run, whatever it follows. */
struct escape_patience {
    size_t steps; /* that implicit methods may still take */
    /* As in struct plan, asked after every step with the time from which growth is followed. */
    bool (*stop)(void *context, double t);
    void *context;
    double t;
    bool stopped; /* it was, ... */
    bool over;    /* ... or there were no steps left: of the way nothing is known then */
};

/* Counts a step; false: it is not to be taken. */
bool escape_may_step(struct escape_patience *patience);
/* Asks whether the user stops it. */
bool escape_is_stopped(struct escape_patience *patience);

enum status escape_confirm(const struct flow *flow, const double *x,
                           struct escape_patience *patience, struct escape *escape) MUST_CHECK;

#endif
