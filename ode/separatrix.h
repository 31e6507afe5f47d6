/* The stable and unstable manifolds of a saddle with one direction of either kind: where to start
 * so that integration traces them.
 *
 * The manifold of an eigenvalue lambda is tangent to its eigenvector v, and a start x + h v is off
 * it by O(h^2), which shrinks along the way: forwards on the unstable manifold, backwards on the
 * stable one, notes/cycles.md, (Z3).
 *
 * Shapes: saddle[dim], start[k*dim + i].  Memory: freed by separatrix_free().
 * Errors: NO_MEMORY, those of the field and of GSL. */
#ifndef ODE_SEPARATRIX_H
#define ODE_SEPARATRIX_H

#include "ode/flow.h"

enum separatrix_kind { SEPARATRIX_STABLE, SEPARATRIX_UNSTABLE, SEPARATRIX_KINDS };

struct separatrix {
    bool has[SEPARATRIX_KINDS]; /* exactly one real direction of that kind */
    double rate[SEPARATRIX_KINDS];
    double *start[SEPARATRIX_KINDS]; /* [2*dim]: one on each side of the saddle */
    double storage[];
};

/* `step`: how far from the saddle the starts are. */
enum status separatrix_create(const struct flow *flow, const double *saddle, double step,
                              struct separatrix **separatrix) MUST_CHECK;
void separatrix_free(struct separatrix *separatrix); /* NULL is allowed */

#endif
