/* Polynomials in v, 0 <= v <= 1, whose coefficients are balls: a ring for network.h.  Its variables are the unknowns
 * along a piece of an orbit, x_i = 2^-scale sum_j c[i*(order + 1) + j] v^j.
 *
 * Memory: memory.h.  Errors: none; balls that are unbounded. */
#ifndef CHECKER_SERIES_H
#define CHECKER_SERIES_H

#include "checker/ball.h"
#include "checker/ring.h"

struct series {
    size_t length, room; /* coefficients 0 .. length - 1 */
    struct ball *c;
};

struct series_context {
    struct ball_context *balls; /* bits >= scale */
    size_t scale, order;
    mpz_t *piece;
};

struct ring series_ring(struct series_context *context);

/* z = 2^-scale c, exactly. */
void series_coefficient(const struct series_context *context, struct ball *z, const mpz_t c);

#endif
