/* From a violation to a small one: the simplest architecture, then the simplest numbers.
 *
 * Every step is confirmed like the violation itself (hunt_score.h).  Numbers become dyadic rationals,
 * p/2^k, which doubles, the command line and exact algebra read as the same number.
 * Memory: plain data.  Errors: those of scores. */
#ifndef PROOFS_CHECK_HUNT_SHRINK_H
#define PROOFS_CHECK_HUNT_SHRINK_H

#include "proofs-check/hunt_points.h"
#include "proofs-check/hunt_score.h"

#include <signal.h>

/* A violation and where it is. */
struct hunt_violation {
    struct hunt_point point;
    struct instance instance;
    struct hunt_confirmation confirmation;
};

struct hunt_shrinking {
    const struct hunt_question *question;
    const struct plan *plan;
    uint64_t seed;
    const volatile sig_atomic_t *stop; /* as of struct hunt_plan */
    size_t trials;                     /* used so far */
    size_t trials_most;                /* of quick looks and confirmations */
    size_t steps;                      /* that made it simpler */
};

enum status hunt_shrink(struct hunt_shrinking *shrinking,
                        struct hunt_violation *violation) MUST_CHECK;

/* How complicated a number is: 0 for zero, then by the bits of p and 2^k. */
double hunt_shrink_cost(double value);

#endif
