/* A run across pieces and surfaces: an integrator follows one flow at a time, and here is decided
 * which is next.
 *
 * On a smooth piece that is the flow itself; where it comes to slide, the flow of slide.h takes
 * over, until a side lets go of it; where surfaces meet, that of corner.h.  Each stretch is a run
 * of its own for the integrator and the watch; times, counts, first integrals and errors are
 * carried from one to the next.
 * notes/endings.md, (E20)-(E29).
 *
 * Shapes: x0[dim].  Memory: an outcome and a sliding flow per stretch, freed.
 * Errors: NO_MEMORY and BAD_ARGUMENT; all else is an ending. */
#ifndef ODE_SLIDE_RUN_H
#define ODE_SLIDE_RUN_H

#include "ode/outcome.h"
#include "ode/plan.h"

/* An integrator, as trajectory_run() but on a flow that does not slide. */
typedef enum status slide_integrator(const struct flow *flow, const struct plan *plan,
                                     const double *x0, struct outcome *outcome);

enum status slide_run(const struct flow *flow, const struct plan *plan, const double *x0,
                      slide_integrator *integrate, struct outcome *outcome) MUST_CHECK;

#endif
