/* Sharpness: the largest eigenvalue of the Hessian of the loss, at a limit.
 *
 * Shapes: x[dim].  Units: loss over squared unknowns.  Memory: one block, freed.
 * Errors: NO_MEMORY, those of eigenvalues; NAN where the loss is not finite around x.
 * Source: notes/basins.md, (T9). */
#ifndef ODE_BASIN_SHARPNESS_H
#define ODE_BASIN_SHARPNESS_H

#include "ode/flow.h"

enum { BASIN_SHARPNESS_MOST = 64 }; /* unknowns: 8 dim^2 losses a cell */

/* A smooth loss of at most BASIN_SHARPNESS_MOST unknowns. */
enum status basin_sharpness(const struct flow *flow, const double *x, double *sharpness) MUST_CHECK;

#endif
