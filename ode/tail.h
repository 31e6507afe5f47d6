/* The tail of a trajectory: log |f| against t, for the exponential rate that is seen along it.
 * Memory: plain data, {0} to begin; the last TAIL_LENGTH steps are kept.  Errors: none; NAN where
 * there is too little to measure. */
#ifndef ODE_TAIL_H
#define ODE_TAIL_H

#include <stddef.h>

enum { TAIL_LENGTH = 128 };

struct tail {
    size_t count;
    double t[TAIL_LENGTH], log_f[TAIL_LENGTH]; /* of step k at k % TAIL_LENGTH */
};

void tail_step(struct tail *tail, double t, double size_f);

/* The slope of log |f|, as far back as it falls steadily between |f| = least and |f| = most. */
double tail_rate(const struct tail *tail, double least, double most);

#endif
