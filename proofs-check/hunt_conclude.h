/* Conclusions of conjectures and of planted statements, which no record asks for.
 * As conclude.h: each sets the trial's deviation and a reason where it does not hold. */
#ifndef PROOFS_CHECK_HUNT_CONCLUDE_H
#define PROOFS_CHECK_HUNT_CONCLUDE_H

#include "proofs-check/conclude.h"

/* conclude_sign_changes_bounded, which holds as well where the two counts differ and neither is above
 * the bound, or where roots cannot be isolated, as at a start where S = 0, and the way shows no more. */
conclusion hunt_conclude_turns;
/* Where it settles, the loss has no direction of descent: it is no saddle of the loss. */
conclusion hunt_conclude_minimum;
/* Of tanh neurons: the data and c1 have at most one fixed point that attracts and is no minimum. */
conclusion hunt_conclude_one_wrong;
/* Of arbp on chains: it cycles only if its start has a trapped bond, notes/adaptive.md, (G8). */
conclusion hunt_conclude_bonded;
/* ... or a long one: |a_p| <= |c_p|, |c_q| <= |a_q|, prod_(p<=j<q) c_j a_(j+1) < 0, p < q < L. */
conclusion hunt_conclude_long_bonded;
/* It grows at most linearly, if it grows for ever. */
conclusion hunt_conclude_linear_growth;
/* Of tanh neurons: what grows for ever grows like log t, t^(1/4) or t^(1/6), (HU8). */
conclusion hunt_conclude_growth_laws;
/* Its limit is not in a certain small window. */
conclusion hunt_conclude_off_window;

#endif
