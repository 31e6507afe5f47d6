/* Lanes of one thread for flows whose leaves are no curves: refilled as they finish.
 *
 * Memory: one block for each thread, and its parts.  Errors: NO_MEMORY, and failures of the field
 * other than leaving its domain.  Source: notes/sweeper.md, (J6)-(J8). */
#ifndef ODE_SWEEP_WIDE_LANES_H
#define ODE_SWEEP_WIDE_LANES_H

#include "ode/sweep_lanes.h"

struct sweep_wide_lanes; /* opaque */

struct sweep_wide_lanes *sweep_wide_lanes_create(const struct flow *flow,
                                                 const struct sweep_plan *plan);
void sweep_wide_lanes_free(struct sweep_wide_lanes *lanes); /* NULL is allowed */

/* Follows starts until there are no more; counts the tried steps.  What is neither settled nor lost
 * is left with by_referee = true. */
enum status sweep_wide_lanes_run(struct sweep_wide_lanes *lanes, struct sweep_batch *batch,
                                 size_t *attempts) MUST_CHECK;

#endif
