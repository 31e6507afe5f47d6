/* One trajectory and its prediction, for the cases of a self-test.
 *
 * Shapes: limit[SELFTEST_DIM_MOST].  Memory: selftest_run_make() .. selftest_run_free(), also after
 * a failure.  Errors: those of problem_flow(), trajectory_run(), problem_predict(). */
#ifndef SELFTEST_SELFTEST_RUN_H
#define SELFTEST_SELFTEST_RUN_H

#include "linear/problem.h"
#include "ode/trajectory.h"
#include "selftest/selftest.h"

enum { SELFTEST_DIM_MOST = FLOW_DENSE_MOST };

/* Of a limit polished on its leaf, relative to 1 + |x|: room for the conditioning of near-double
 * roots. */
static const double SELFTEST_LIMIT_AGREES = 1e-7;

struct selftest_run {
    struct flow *flow;
    struct outcome *outcome;
};

enum status selftest_run_make(const struct problem *problem, const struct plan *plan,
                              const double *x0, struct selftest_run *run) MUST_CHECK;
/* The same of a flow that is there already. */
enum status selftest_run_again(const struct plan *plan, const double *x0,
                               struct selftest_run *run) MUST_CHECK;
void selftest_run_free(struct selftest_run *run);

/* Ending, steps and the bits of its last state and limit. */
void selftest_run_record(const struct selftest_run *run, struct selftest_finding *finding);

/* A settled outcome must be where the prediction says, with evidence that adds up; others pass.
 * limit[dim] is the prediction's. */
void selftest_run_judge(const struct selftest_run *run, const struct prediction *prediction,
                        const double *limit, struct selftest_finding *finding);

/* A settled outcome: the limit is a zero of the field, and no eigenvalue of the whole Jacobian there
 * has a positive real part. */
enum status selftest_run_judge_spectrum(const struct selftest_run *run,
                                        struct selftest_finding *finding) MUST_CHECK;

struct plan selftest_run_plan(enum method method, double rtol); /* atol = rtol/100 */

const char *selftest_run_method(enum method method); /* "bdf", "adams", "rk8pd" */

#endif
