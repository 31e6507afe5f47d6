/* Conclusions about explicit steps of A[1,1,1] under rbp beside its flow: which branch of the hyperbola
 * of fixed points they lead to.
 *
 *     a1+ = a1 + eta c1 e,  a2+ = a2 + eta a1 e,  e = alpha - beta a1 a2,  g = c1 alpha/beta
 *
 * The branch is `far` where a1/g^(1/3) < -1, beyond the point at which fixed points are semistable, and
 * `near` where a1/g^(1/3) > 0.  eta is a tenth of what is stable anywhere on the way.  What is known:
 * notes/open-questions.md, (HU9).
 * Memory: none.  Errors: as conclude.h; steps that do not arrive leave a trial undecided. */
#ifndef PROOFS_CHECK_HUNT_STEPS_H
#define PROOFS_CHECK_HUNT_STEPS_H

#include "proofs-check/conclude.h"
#include "proofs-check/hunt_margin.h"

/* Steps lead to the branch to which the flow leads. */
conclusion hunt_steps_same_branch;
/* ... if the flow leads to the far one. */
conclusion hunt_steps_stay_far;
/* How near K = c1 a2 - a1^2/2 came to the value at which the two branches part. */
extern const struct hunt_margin hunt_steps_margin;

#endif
