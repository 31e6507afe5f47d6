/* The evidence of sweep_rest.h for many states at once, where leaves are curves and the flow has
 * callbacks for many states.
 *
 * Shapes: what is known of state k stands in column k of each row: x[i][k], K[i*dim + j][k].  The
 * caller fills the columns that are given; those of no state are copies of others.  Memory: one
 * block for each thread.  Errors: NO_MEMORY, failures of the field. */
#ifndef ODE_SWEEP_CURVE_H
#define ODE_SWEEP_CURVE_H

#include "ode/lanes.h"
#include "ode/sweep_rest.h"

enum { SWEEP_WIDTH = 2 * LANES_BLOCK }; /* states at a time: two registers hide their latency */

typedef double sweep_row[SWEEP_WIDTH]; /* one number of each state */

struct sweep_curve {
    const struct flow *flow;
    size_t n, r;

    sweep_row *x0, *x, *f; /* [n] given: the start, the state, and the field there */
    sweep_row rtol, atol;  /* given: the tolerances of the state */

    enum sweep_verdict verdict[SWEEP_WIDTH];
    sweep_row *root;       /* [n] the limit, where it settles, ... */
    sweep_row rate, bound; /* ... the rate there, and the bound on the distance from it */

    /* Of the leaf: values of the integrals, sizes of their terms, and 1/|gradient|, at the start. */
    sweep_row *I0, *terms, *per_gradient; /* [r] */
    sweep_row *I, *G;                     /* [r], [r*n] at the place in question */
    sweep_row *K, *J;                     /* [n*n] at the state, and at the root */
    sweep_row *f_root, *rounding, *probe; /* [n] */
    sweep_row *A, *b;                     /* [n*n], [n] */
    sweep_row radius, pick, per_row; /* capture radius; row of J, and 1/its norm at the state */
    sweep_row regular, going, done, found; /* 1 or 0 */
    sweep_row before, correction, away, residual, floor, position, lipschitz;
    sweep_row kept, settled, doubtful, delta, off, slope, K_size, f_size;
    sweep_row storage[];
};

/* NULL where the flow has no callbacks for many states, or its leaves are no curves. */
enum status sweep_curve_create(const struct flow *flow, struct sweep_curve **curve) MUST_CHECK;
void sweep_curve_free(struct sweep_curve *curve); /* NULL is allowed */

/* Fills verdict and, for those that settle, root, rate and bound. */
enum status sweep_curve_judge(struct sweep_curve *curve) MUST_CHECK;

#endif
