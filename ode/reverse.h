/* A flow run backwards: dx/dt = -f(x).  What repels attracts, so that unstable limit cycles and
 * stable manifolds of saddles are found by integration.
 *
 * Shapes: as the flow.  Units: time counts backwards.  Memory: a flow of its own, freed by
 * flow_free(); it borrows `flow`, which must outlive it and not be used meanwhile (one thread).
 * Errors: NULL, out of memory.  Claims that are not conserved, the closed form of the spectrum, the
 * loss and jumps of the field are left out. */
#ifndef ODE_REVERSE_H
#define ODE_REVERSE_H

#include "ode/flow.h"

struct flow *reverse_create(const struct flow *flow);

#endif
