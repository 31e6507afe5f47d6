/* The time of a blow-up, an integral over the whole half line in residual time: notes/exact.md, (EX5).
 *
 * Units: those of time.  Memory: none.  Errors: false where the integral cannot be enclosed. */
#ifndef EXACT_BLOWUP_H
#define EXACT_BLOWUP_H

#include "exact/curve.h"

/* The integral of ds/e(s) from 0 to direction infinity, e without a zero there, of degree 2 or more:
 * to about `bits` bits, if that is possible. */
bool blowup_time(const struct curve *curve, int direction, slong bits, arb_t time);

#endif
