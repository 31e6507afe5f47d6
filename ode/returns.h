/* A few returns to a section, followed far more exactly than a run is, notes/endings.md, (E7).
 *
 * Shapes: x[dim], anchor[dim], normal[dim]; the section is (y - anchor).normal = 0, crossed upwards,
 * and x lies on it.  Units: those of the flow.  Memory: some blocks per call.  Errors: NO_MEMORY;
 * returns that cannot be followed are an answer, as where they slide.  The sides of a flow with switches are
 * those of x, before and after. */
#ifndef ODE_RETURNS_H
#define ODE_RETURNS_H

#include "ode/flow.h"

/* What is followed. */
struct returns_plan {
    const struct flow *flow;
    const double *anchor, *normal;
    double period; /* as it was seen */
    double radius; /* how near to the anchor a crossing is a return */
    double extent; /* of the orbit: errors are measured by it */
};

/* D_k is the displacement of return k from the one before. */
struct returns {
    bool followed, stiff; /* stiff: not followed, as that would have taken too long */
    double last, before;  /* |D_k| of the last turn and of the one before it */
    double change;        /* |D_k - D_(k-1)| of these */
    double error;         /* of a D_k, by its change with the tolerance */
};

enum status returns_follow(const struct returns_plan *plan, const double *x,
                           struct returns *returns) MUST_CHECK;

/* Do the returns come from a cycle within the radius? */
bool returns_close(const struct returns *returns, double radius);

#endif
