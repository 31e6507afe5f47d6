/* For how large an eta full-batch steps end where the flow ends.
 *
 * The ending survives at eta if steps from the start come to rest, with the loss of the flow's limit
 * and nearer to that limit than the start is: rest moves with eta, since what the flow conserves
 * drifts, so the point itself is not asked for.  Where the flow settles, (MB78).
 * From a start in a trap of adaptive feedback comparison_ending_escape() counts the steps until
 * rounding lets the network out, (MB79).
 * Units: eta in learning time.  Memory: none kept.  Errors: NO_MEMORY, those of trajectory_run(). */
#ifndef PROOFS_CHECK_COMPARISON_ENDING_H
#define PROOFS_CHECK_COMPARISON_ENDING_H

#include "ode/ending.h"
#include "proofs-check/comparison_system.h"

#include <stdbool.h>

struct comparison_ending {
    enum ending flow;
    double largest,
        fails;          /* the ending survives at the first and not at the second; NAN: unknown */
    double linear;      /* 2/|lambda| of the fastest direction at the limit; NAN: unknown */
    double shift;       /* |rest - limit| at `largest` */
    const char *reason; /* why `largest` is unknown; NULL */
};

/* `stop` not NULL is asked in every step: then what is found is of no use.  Flows of more than
 * FLOW_DENSE_MOST unknowns are left alone: their endings may take hours. */
enum status comparison_ending_find(const struct comparison_system *system, const double *x0,
                                   bool (*stop)(void), struct comparison_ending *ending) MUST_CHECK;

/* The first layer i with |a_i| < |c_i|, |c_(i+1)| < |a_(i+1)|, c_i a_(i+1) < 0 of a linear chain under
 * arbp without decay or biases, which the flow keeps for ever: (MB79).  0: there is none, or the system
 * is another one. */
size_t comparison_ending_trap(const struct comparison_system *system, const double *x0);

struct comparison_escape {
    double eta;
    size_t steps, most; /* steps = most: not within so many */
    bool diverged;      /* after `steps` steps the weights are infinite, or as good as that */
};

/* Steps of size escape->eta until the loss is a thousandth of its start, or escape->most of them. */
enum status comparison_ending_escape(const struct comparison_system *system, const double *x0,
                                     struct comparison_escape *escape) MUST_CHECK;

#endif
