/* The clock reduction: z' = G(s) V, s' = G(s), so the limit is the next real root of G.
 *
 * Statement and proof: notes/chains.md, (C1).  A clock is a scalar function G that can be
 * evaluated with its Taylor coefficients on balls; nothing is ever expanded into powers of s.
 * clock_first_root() is a rigorous search: left to right, Taylor enclosures of order 4 exclude
 * roots, a sign change on a monotone piece isolates a simple root, exact zeros of the Taylor
 * coefficients at a dyadic point prove a multiple one, and whatever is left is inconclusive.
 * Rejected: expanding G and calling a companion-matrix solver, which loses all digits at L = 6 and
 * cannot tell a double root from a near pair. */
#ifndef LINEAR_CLOCK_H
#define LINEAR_CLOCK_H

#include "base/ball.h"
#include "base/status.h"

#include <stdbool.h>

enum { CLOCK_ORDER_MAX = 64 }; /* highest Taylor order, and multiplicity, that can be asked for */

struct clock {
    /* Taylor coefficients g[0..order] of G at every point of the ball s. */
    void (*jet)(const void *self, struct ball s, int order, struct ball *g);
    /* Proved: |G - G(S)| grows strictly monotonically from S to direction*infinity. */
    bool (*monotone_beyond)(const void *self, double S, int direction);
    /* Proved otherwise: G has no zero from S to direction*infinity.  NULL where the above
     * suffices. */
    bool (*rootless_beyond)(const void *self, double S, int direction);
    int degree; /* of G; 0: constant; -1: identically zero; any positive number if not polynomial */
    const void *self;
};

enum clock_verdict {
    CLOCK_REST,         /* G(0) = 0 */
    CLOCK_ROOT,         /* a first root in the direction of motion */
    CLOCK_NO_ROOT,      /* none up to infinity */
    CLOCK_INCONCLUSIVE, /* the balls cannot decide */
};

struct clock_root {
    enum clock_verdict verdict;
    int direction;          /* sign of G(0) */
    struct ball s;          /* the root */
    int multiplicity;       /* >= 1 for CLOCK_REST and CLOCK_ROOT */
    struct ball derivative; /* G^(m)(s)/m! of the multiplicity m */
};

void clock_first_root(const struct clock *clock, struct clock_root *root);

/* Number of sign changes of G' strictly between 0 and `end`; -1 if inconclusive. */
int clock_turning_points(const struct clock *clock, double end);

/* The time oracle t(s) = integral of 1/G from 0 to s (s before the first root).  Relative error
 * about 1e-12. */
enum status clock_time(const struct clock *clock, double s, double *t) MUST_CHECK;

/* Time to reach direction*infinity when there is no root: finite (blow-up) iff the degree is >= 2.
 * */
enum status clock_escape_time(const struct clock *clock, int direction, double *t) MUST_CHECK;

#endif
