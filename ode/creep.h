/* The law of an algebraic approach, read off the decay of |f|.
 *
 * With nu = -f.J f/|f|^2, an approach |x - x*| ~ t^(-p) has 1/nu = (t + t0)/q, q = 1 + p: the
 * slope of t against 1/nu gives q without knowing t0, notes/endings.md, (E3).  It is sampled
 * whenever 1/nu has doubled, and counts when it has been steady for doublings of its own time;
 * exponential decay never doubles 1/nu.
 * Memory: plain data, {0} to begin.  Errors: none. */
#ifndef ODE_CREEP_H
#define ODE_CREEP_H

#include <stdbool.h>
#include <stddef.h>

enum { CREEP_STEADY = 4 }; /* samples that must agree */

struct creep {
    double t, u; /* last sample; u = 1/nu */
    double q[CREEP_STEADY];
    size_t samples;
};

/* After a step: returns true when a new sample makes the law steady. */
bool creep_step(struct creep *creep, double t, double u);

double creep_exponent(const struct creep *creep); /* of |x - x*|: -(q - 1) */

/* The distance still to go by the law, for |f| of this size. */
double creep_distance(const struct creep *creep, double size_f);

#endif
