/* Chains with activations where integrators go wrong: two switching surfaces nearly at once.
 *
 * Sign symmetry on two layers: a start with a1 < 0 < a2 and P < rho runs to the origin along
 * a1^2/2 - a2 = u, which is conserved.  If u > 0, a2 = 0 is crossed, and both weights end negative;
 * if u < 0, a1 = 0, and both end positive.  u is exact.
 * Memory: none.  Errors: those of problem_flow(). */
#ifndef SELFTEST_SELFTEST_NEURONS_H
#define SELFTEST_SELFTEST_NEURONS_H

#include "ode/outcome.h"
#include "selftest/selftest.h"

/* Is an ending compatible with u? */
bool selftest_neurons_right(const struct outcome *outcome, double u);

/* judged: it is not undecided. */
enum status selftest_neurons_try(uint64_t index, struct selftest_finding *finding) MUST_CHECK;

#endif
