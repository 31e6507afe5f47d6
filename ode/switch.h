/* Right-hand sides that jump: which smooth piece holds, and what happens where it ends.
 *
 * A flow with switches is smooth where no switching function vanishes.  An integrator follows one
 * piece, named by flow->side, to the zero of a switching function; there the field decides.  If it
 * crosses with the same sign on the pieces on both sides, the state goes over to the next one.  If
 * not, it is a Filippov point: the solution slides, or is not unique, and the run ends there.
 * notes/endings.md, (E16).  Switching functions are scaled like unknowns: |grad g| is about 1.
 *
 * Shapes: x[dim].  Memory: three states and a list per call, freed.  Errors: NO_MEMORY, those of
 * the field. */
#ifndef ODE_SWITCH_H
#define ODE_SWITCH_H

#include "ode/flow.h"

enum { SWITCH_NONE = -1 };

/* Sides at the start.  *filippov: the first switch that leaves the start without a piece, or
 * SWITCH_NONE. */
enum status switch_begin(const struct flow *flow, const double *x0, long *filippov) MUST_CHECK;

/* At x, where the switches k with at_zero[k] != 0 vanish: sets the sides of the next piece and
 * counts those that changed, or tells the first Filippov switch. */
enum status switch_cross(const struct flow *flow, const double *x, const int *at_zero,
                         size_t *crossed, long *filippov) MUST_CHECK;

/* Does x lie in the interior of the piece that the sides name?  True without switches. */
bool switch_holds(const struct flow *flow, const double *x);

/* at_zero[k] = 1 where x is on the other side of switch k or on it; returns how many. */
size_t switch_left(const struct flow *flow, const double *x, int *at_zero);

#endif
