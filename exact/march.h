/* The march along an orbit: from zero to zero of e without missing one, notes/exact.md, (EX2).
 *
 * A march stands at a modulus t of residual time and has proved what e does up to t.  A step of length h is
 * free of zeros if 0 is not in the enclosure of e on [t, t + h], natural or of second order; it is a
 * bracket, of exactly one zero, simple, if e' has one sign there and e changes its own.  Steps
 * double and halve.  Every decision asks a ball to be positive; a ball that is not finite is not.
 *
 * Memory: march_init(), march_clear().  Errors: none, see enum march_verdict. */
#ifndef EXACT_MARCH_H
#define EXACT_MARCH_H

#include "exact/curve.h"

#include <stddef.h>

enum march_verdict {
    MARCH_BRACKET,  /* exactly one zero, simple, in [t, t + h] */
    MARCH_NONE,     /* no zero from t to the end of the orbit */
    MARCH_STUCK,    /* the step has fallen to the resolution of `prec` */
    MARCH_EXHAUSTED /* too many steps */
};

struct march {
    const struct curve *curve;
    int direction; /* of residual time, s = direction t */
    int sign;      /* of e at t */
    slong prec;
    size_t steps, steps_most; /* taken so far; allowed */
    arf_t t, h;               /* t >= 0 */
    arf_t far, asked, point;  /* t + h; where the fate of the rest was last asked for; room */
    arb_ptr over, at;         /* jets over the step and in its middle */
    arb_t X, number, form;
};

void march_init(struct march *march, const struct curve *curve, int direction, int sign);
void march_clear(struct march *march);

/* Goes on from t until something is decided; march->prec may be raised in between. */
enum march_verdict march_run(struct march *march);

/* Past the bracket, where e has the other sign. */
void march_pass(struct march *march);

/* The signed jet at the modulus ball t: that of sign e(direction t) in t. */
void march_jet(const struct march *march, const arb_t t, slong order, slong prec, arb_ptr g);

#endif
