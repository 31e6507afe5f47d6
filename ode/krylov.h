/* Linear systems by GMRES: the adapter to SUNDIALS' SPGMR, without a matrix.
 *
 * From the start at zero the solution lies in span{b, A b, A^2 b, ...}: for a singular A and b in
 * its range that is the solution in the range.
 * Shapes: b[n], d[n].  Memory: one object per trajectory.  Errors: NO_MEMORY; SOLVER_FAILED where
 * the residual is not even reduced. */
#ifndef ODE_KRYLOV_H
#define ODE_KRYLOV_H

#include "base/status.h"

#include <stddef.h>

struct krylov; /* opaque */

/* Av = A v; returns OK or why not. */
typedef enum status krylov_apply(void *data, const double *v, double *Av);

struct krylov *krylov_create(size_t n, krylov_apply *apply, void *data);
void krylov_free(struct krylov *krylov); /* NULL is allowed */

/* A d = b to |A d - b| <= tolerance, or as far as it gets. */
enum status krylov_solve(struct krylov *krylov, const double *b, double tolerance,
                         double *d) MUST_CHECK;

#endif
