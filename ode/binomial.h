/* Exact confidence bounds on a probability of which so many independent trials are known.
 *
 * Clopper and Pearson (1934): an interval covers the probability with at least the confidence asked
 * for, whatever the probability is.  notes/basins.md, (T1).
 *
 * Shapes: hits <= trials; 0 < confidence < 1.  Units: none.  Memory: none.  Errors: none; without
 * trials nothing is known, and the bounds are 0 and 1. */
#ifndef ODE_BINOMIAL_H
#define ODE_BINOMIAL_H

#include <stddef.h>

struct binomial_interval {
    double low, high;
};

/* One-sided: the probability is below, or above, this with the confidence. */
double binomial_upper_bound(size_t hits, size_t trials, double confidence);
double binomial_lower_bound(size_t hits, size_t trials, double confidence);

/* Two-sided: both ends miss with at most half of 1 - confidence. */
struct binomial_interval binomial_interval(size_t hits, size_t trials, double confidence);

#endif
