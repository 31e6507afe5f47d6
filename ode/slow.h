/* Does a trajectory seem to move on by a slow law, like a small power or the logarithm of t?
 *
 * Its displacements are compared from one quadrupling of the time to the next; a suspicion only,
 * confirmed by escape_slow.h: notes/endings.md, (E32).
 * Shapes: x[dim], before[dim], moved[dim].  Memory: the caller's arrays.  Errors: none. */
#ifndef ODE_SLOW_H
#define ODE_SLOW_H

#include <stdbool.h>
#include <stddef.h>

enum { SLOW_KEPT = 3 };

struct slow {
    double *before, *moved; /* the state at the last sample, and its displacement to there */
    double t, next, size;   /* of the last sample; of the next one; |moved| */
    double p[SLOW_KEPT];    /* the last exponents of |moved| */
    size_t parallel;        /* of these, how many without turning */
    double dismissed;       /* no suspicion before this time */
};

void slow_begin(struct slow *slow, size_t n, const double *x);

/* After a step: true when a new sample makes the law steady. */
bool slow_step(struct slow *slow, size_t n, double t, const double *x);

/* Is it steady now? */
bool slow_is_steady(const struct slow *slow);

/* Not confirmed: the next suspicion needs decades again. */
void slow_dismiss(struct slow *slow);

#endif
