/* Where a descent begins: at a fixed point beside which the claim may fail, found without trajectories.
 *
 * A margin that can be told of a fixed point alone costs a Jacobian, not a trajectory, so thousands of
 * places are looked at in the time of one instance.  What is found there is no instance that was looked
 * at and proves nothing: it is a place from which the optimiser starts.
 * Shapes: as hunt_points.h.  Memory: freed before returning.  Errors: NO_MEMORY. */
#ifndef PROOFS_CHECK_HUNT_FORESIGHT_H
#define PROOFS_CHECK_HUNT_FORESIGHT_H

#include "proofs-check/hunt_points.h"
#include "proofs-check/hunt_score.h"

/* Moves the point to where margin->at is least, and its start beside the fixed point there: *found; else
 * leaves it alone. */
enum status hunt_foresee(const struct hunt_margin *margin, struct hunt_point *point,
                         bool *found) MUST_CHECK;

#endif
