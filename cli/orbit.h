/* An orbit: the states that an integrator visited, kept for tables and pictures.
 *
 * Shapes: t[count], x[k*dim + i] unknown i of state k.
 * Memory: grows as states come; orbit_free() empties it.  Errors: running out of memory is
 * remembered and reported by orbit_check(). */
#ifndef CLI_ORBIT_H
#define CLI_ORBIT_H

#include "ode/trajectory.h"

#include <stdbool.h>
#include <stddef.h>

struct orbit {
    size_t dim, count, capacity;
    double *t, *x;
    bool failed;
};

/* An empty orbit of `dim` unknowns is {.dim = dim}. */
void orbit_visit(void *orbit, double t, const double *x); /* struct plan's `visit` */
enum status orbit_check(const struct orbit *orbit) MUST_CHECK;
void orbit_free(struct orbit *orbit);

/* A trajectory with its states, in an orbit made here; empty after a failure. */
enum status orbit_run(const struct flow *flow, const struct plan *plan, const double *start,
                      struct orbit *orbit, struct outcome *outcome) MUST_CHECK;

/* The time at which a share of the length of the orbit's path, in its first `unknowns` numbers, was
 * behind it. */
double orbit_share_time(const struct orbit *orbit, size_t unknowns, double share);

#endif
