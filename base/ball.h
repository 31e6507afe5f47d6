/* Balls in double-double arithmetic: hi + lo +- radius.
 *
 * Every operation returns a ball that contains the exact result for all points of its operands; the
 * radius grows by a bound on what was actually dropped, so it stays exactly 0 while the result is
 * representable in 106 bits.  That makes exact statements possible ("G(1) = 0") without rationals.
 * About 1e-32 relative.  A NaN or an overflow gives the whole line (centre NaN, radius infinite),
 * whose sign is undecided; so does any operation on it.
 * Method: error-free transformations (two-sum, FMA two-product; Dekker 1971, Shewchuk 1997).
 * Rejected: directed rounding modes, which C compilers do not honour portably.
 * Quotients, roots, exponentials and logarithms (ball_functions.c) are never exact, but for
 * exp 0 = 1.
 * Requires -ffp-contract=off.  Memory: none.  Errors: none. */
#ifndef BASE_BALL_H
#define BASE_BALL_H

#include <stdbool.h>

struct ball {
    double hi, lo; /* centre hi + lo, |lo| <= ulp(hi)/2 */
    double radius; /* >= 0 */
};

struct ball ball_of(double exact);
struct ball ball_between(double low, double high); /* the interval [low, high], low <= high */
struct ball ball_ratio_small(double numerator, double denominator); /* of x/0: the whole line */
struct ball ball_add(struct ball a, struct ball b);
struct ball ball_sub(struct ball a, struct ball b);
struct ball ball_mul(struct ball a, struct ball b);
struct ball ball_half(struct ball a);
struct ball ball_div(struct ball a, struct ball b); /* the whole line if b may be 0 */
struct ball ball_sqrt(struct ball a);               /* the whole line if a may be negative */
struct ball ball_exp(struct ball a);                /* exactly 1 at 0 */
struct ball ball_log(struct ball a);                /* the whole line if a may not be positive */
/* a^p; multiplied out for whole p from 0 to 64, else the whole line if a may not be positive, but
 * for 0^p = 0, p > 0 */
struct ball ball_power(struct ball a, struct ball p);
struct ball ball_negated(struct ball a);
int ball_sign(struct ball a);         /* +1 or -1 if proved, 0 if undecided (or exactly zero) */
bool ball_is_zero(struct ball a);     /* proved to be exactly 0 */
double ball_magnitude(struct ball a); /* upper bound of |x| over the ball */
double ball_centre(struct ball a);    /* hi + lo rounded */

#endif
