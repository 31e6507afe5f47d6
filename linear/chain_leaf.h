/* The leaf of a linear chain with fixed direct feedback, as polynomials in its clock, in doubles.
 *
 * On the leaf through a point the weights are polynomials in the clock s, (C2), and with them
 * P(s), S(s) = P'(s) and e(s) = alpha - beta P(s).  Fixed points are the roots of e, turns of P the
 * sign changes of S.  Both are counted by subdivision of Bernstein coefficients with their rounding
 * errors: a count is proved, or it is not given.  clock.h does the same in double-double balls,
 * finds the roots themselves, and is some hundred times slower.
 *
 * Shapes: a[L], the flow that of a chain with (D) and no decay.  Memory: the stack.
 * Errors: CHAIN_LEAF_UNKNOWN, where rounding hides the count, or the degree is too high.  Source: notes/chains.md, (C2), (H2); notes/basins.md, (T8). */
#ifndef LINEAR_CHAIN_LEAF_H
#define LINEAR_CHAIN_LEAF_H

#include "linear/chain.h"

enum {
    CHAIN_LEAF_DEGREE_MOST = 63, /* six layers; deeper chains turn only in balls */
    CHAIN_LEAF_ROOTS_MOST = 7,   /* three layers: with four, one random leaf in eight is too
                                  * ill-conditioned for doubles */
    CHAIN_LEAF_UNKNOWN = -1
};

/* Which of the fixed points on the leaf of `a` the fixed point a is, counted from 1 in the
 * direction of growing s, that of the feedback weights, and how many there are. */
struct chain_leaf_root {
    int index, count; /* both CHAIN_LEAF_UNKNOWN, or neither */
};
struct chain_leaf_root chain_leaf_root(const struct problem *problem, const struct flow *flow,
                                       const double *a);

/* How often dP/dt changes sign along the trajectory from a0 to its limit, or CHAIN_LEAF_UNKNOWN. */
int chain_leaf_turns(const struct problem *problem, const struct flow *flow, const double *a0,
                     const double *limit);

#endif
