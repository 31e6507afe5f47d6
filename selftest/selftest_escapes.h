/* Systems that blow up, with their times: what says "settled" whatever happens would pass all other
 * tests.
 *
 * Shapes: start[depth].  Memory: none.  Errors: those of problem_flow(). */
#ifndef SELFTEST_SELFTEST_ESCAPES_H
#define SELFTEST_SELFTEST_ESCAPES_H

#include "ode/plan.h"
#include "selftest/selftest.h"

size_t selftest_escapes_count(void);

/* Runs case `index` by a method, and predicts it; `worst`: the relative error of the time. */
enum status selftest_escapes_try(size_t index, const struct plan *plan,
                                 struct selftest_finding *finding) MUST_CHECK;

#endif
