/* Points of a space, one after the other: a quasi-random sweep, an independent one, boundary cases.
 *
 * What point `index` is depends on the seed, on the place and on `index` alone, so that no result
 * depends on threads, nor on when a search ends.
 * Shapes: value[count] of each point.  Memory: hunt_points_create(), hunt_points_free().
 * Errors: NO_MEMORY; BAD_ARGUMENT for a space that does not fit. */
#ifndef PROOFS_CHECK_HUNT_POINTS_H
#define PROOFS_CHECK_HUNT_POINTS_H

#include "proofs-check/hunt_space.h"

struct hunt_point {
    struct hunt_place place;
    size_t count;
    double value[HUNT_NUMBERS_MOST];
    bool independent; /* drawn, independently of all others: it counts for the confidence bound */
};

struct hunt_points; /* opaque */

/* With a hypothesis dropped, only points that violate it are given. */
enum status hunt_points_create(const struct hunt_space *space, int dropped, uint64_t seed,
                               struct hunt_points **points) MUST_CHECK;
void hunt_points_free(struct hunt_points *points);

/* The next point of the sweep: every other one quasi-random, the rest independent.  *exists is false
 * where a predicate leaves it out. */
enum status hunt_points_sweep(struct hunt_points *points, struct hunt_point *point,
                              bool *exists) MUST_CHECK;

/* The next boundary case: a start among small rationals, then the same with one number zero, with two
 * zero, equal or opposite, with a whole group zero. */
enum status hunt_points_boundary(struct hunt_points *points, struct hunt_point *point,
                                 bool *exists) MUST_CHECK;

#endif
