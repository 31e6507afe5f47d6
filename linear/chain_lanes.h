/* Chains for many states at once, for sweeps: what chain.c says of one state, with the same bits.
 *
 * Shapes: those of struct flow_lanes; x[depth*n], dx[depth*n].  Units: learning time.  Memory: the
 * caller's.  Errors: none. */
#ifndef LINEAR_CHAIN_LANES_H
#define LINEAR_CHAIN_LANES_H

#include "ode/flow.h"

/* A first integral of (D): a_j itself (from == to), or the one that couples layers from < to. */
struct coupling {
    size_t from, to;
};

/* What flow->data of a chain is. */
struct chain_data {
    size_t depth;
    double alpha, beta, lambda;
    bool gradient;
    const double *c; /* c[depth] of (D), eta[depth] of (B) */
    const struct coupling *coupling;
};

extern const struct flow_lanes chain_lanes;

void chain_direct_lanes(const struct chain_data *p, size_t n, const double *x, double *dx);
void chain_gradient_lanes(const struct chain_data *p, size_t n, const double *x, double *dx);

#endif
