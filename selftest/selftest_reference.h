/* Chains and polynomials against limits and times that are known to 16 digits and more.
 *
 * Every case is decided by algebra, by integration with three methods, by the exact engine and by the
 * lanes of a sweep, and all are held to the same digits.
 * Shapes: limit[depth].  Memory: none.  Errors: those of problem_flow() and of what is tried. */
#ifndef SELFTEST_SELFTEST_REFERENCE_H
#define SELFTEST_SELFTEST_REFERENCE_H

#include "linear/problem.h"
#include "ode/plan.h"
#include "selftest/selftest.h"

struct reference_case;

/* of first integrals, relative, with projection */
static const double SELFTEST_DRIFT = 1e-12;
/* of the time oracle */
static const double SELFTEST_TIME = 1e-10;

size_t selftest_reference_count(void);
const struct reference_case *selftest_reference_at(size_t index);
struct problem selftest_reference_problem(const struct reference_case *reference);

/* `worst`: the largest relative error of a limit. */
enum status selftest_reference_predict(const struct reference_case *reference,
                                       struct selftest_finding *finding) MUST_CHECK;

/* The errors of one integration. */
struct selftest_errors {
    double limit, rate, drift;
};
enum status selftest_reference_integrate(const struct reference_case *reference,
                                         const struct plan *plan, struct selftest_errors *errors,
                                         struct selftest_finding *finding) MUST_CHECK;

/* judged: false where no theorem of the engine covers the case. */
enum status selftest_reference_decide(const struct reference_case *reference,
                                      struct selftest_finding *finding) MUST_CHECK;

/* Known times of the clock, t(s), 18 digits. */
struct selftest_instant {
    double s, t;
};
struct selftest_oracle {
    size_t depth, count;
    double start[3];
    const struct selftest_instant *instant; /* [count] */
};
size_t selftest_clock_count(void);
const struct selftest_oracle *selftest_clock_at(size_t index);

/* Clock to time, and time to clock by integration to that time: error of the state. */
enum status selftest_clock_read(const struct selftest_oracle *oracle, double *worst) MUST_CHECK;
enum status selftest_clock_state(const struct selftest_oracle *oracle, enum method method,
                                 double *worst) MUST_CHECK;

#endif
