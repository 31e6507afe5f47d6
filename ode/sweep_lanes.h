/* Many lanes of an explicit integrator, each with its own step size, refilled as they finish.
 *
 * Shapes: a batch holds x0[count*dim], limit[count*dim], last[count*dim], result[count].
 * Memory: one block for each thread.  Errors: NO_MEMORY, and failures of the field other than
 * leaving its domain. */
#ifndef ODE_SWEEP_LANES_H
#define ODE_SWEEP_LANES_H

#include "ode/sweep.h"

struct sweep_lanes; /* opaque */

/* Starts next to each other, and what became of them: a start that was not settled is left with
 * by_referee = true, for the referee. */
struct sweep_batch {
    double *x0, *limit, *last;
    struct sweep_result *result;
    /* The next starts for a thread, made into x0, from `first` to before `end`; false: there are no
     * more.  Called by many threads at once. */
    bool (*take)(struct sweep_batch *batch, size_t *first, size_t *end);
    void *context;
};

struct sweep_lanes *sweep_lanes_create(const struct flow *flow, const struct sweep_plan *plan);
void sweep_lanes_free(struct sweep_lanes *lanes); /* NULL is allowed */

/* Follows starts until there are no more; counts the tried steps. */
enum status sweep_lanes_run(struct sweep_lanes *lanes, struct sweep_batch *batch,
                            size_t *attempts) MUST_CHECK;

#endif
