/* Leaves whose claims may be dependent: which of the gradients are independent at a point, and the
 * least step that changes them as wanted.
 *
 * A matrix of conserved quantities has more entries than independent ones (the balances of A[1,N,1]
 * are N(N+1)/2 of rank 2N - 1), and the rank may change along an orbit.  Here the gradients, each
 * scaled by its size at a generic point, are factored by QR with column pivoting; the first `rank`
 * of the pivot order stand for all.  notes/endings.md, (E14).
 *
 * Shapes: x[dim], gradient[conserved*dim], inverse[rank*dim]: row k moves claim pick[k] by one, the
 * other picked ones not at all, to first order.  Memory: one block (plus GSL's) per trajectory.
 * Errors: none while in use; a gradient that is not finite gives rank 0. */
#ifndef ODE_LEAF_H
#define ODE_LEAF_H

#include "ode/flow.h"

struct leaf {
    size_t n, r;
    bool redundant; /* dependent wherever one looks, or a leaf that is no curve: use this file */
    double *scale;  /* [r] of the gradients */
    size_t generic; /* rank at a generic point */
    size_t rank;    /* where it was last factored */
    const size_t *pick; /* [rank] */
    double *inverse;    /* [rank*n] */
};

struct leaf *leaf_create(const struct flow *flow);
void leaf_free(struct leaf *leaf); /* NULL is allowed */

/* Looks at a generic point of the size of x0: scales, and `redundant`. */
void leaf_set(struct leaf *leaf, const double *x0);

/* Sets rank, pick and inverse. */
void leaf_factor(struct leaf *leaf, const double *gradient);

/* The same factorisation with fewer claims; rank <= leaf->rank. */
void leaf_reduce(struct leaf *leaf, size_t rank);

#endif
