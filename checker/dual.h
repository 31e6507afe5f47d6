/* Balls with their derivatives by all unknowns: a ring for network.h.  Evaluated over a box it encloses values and
 * derivatives at all points of the box.
 *
 * Memory: memory.h.  Errors: none; balls that are unbounded. */
#ifndef CHECKER_DUAL_H
#define CHECKER_DUAL_H

#include "checker/ball.h"
#include "checker/ring.h"

#include <stdbool.h>

struct dual {
    struct ball value;
    bool varies;        /* else all derivatives are 0 */
    struct ball *slope; /* slope[n]; NULL until it varies first */
};

struct dual_context {
    struct ball_context *balls;
    size_t n;
    struct ball *box; /* box[n]: the unknowns */
};

struct ring dual_ring(struct dual_context *context);

/* slope[j], or 0. */
void dual_slope(const struct dual *x, size_t j, struct ball *slope);

#endif
