/* Problems and trajectories in a line, for the test programs.
 *
 * Shapes: lists are LISTed with their count.  Memory: trial_run() makes a flow and an outcome;
 * trial_free() frees them.  Errors: a status other than OK fails the running test. */
#ifndef TESTS_CHAINS_H
#define TESTS_CHAINS_H

#include "base/stream.h"
#include "linear/chain.h"
#include "linear/matrix.h"
#include "linear/polynomial.h"
#include "linear/registry.h"
#include "ode/trajectory.h"
#include "selftest/selftest_run.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define LIST(...)                                                                                  \
    (const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double)

/* A chain of depth `depth` with alpha = beta = 1 and unit feedback. */
static inline struct problem chain_of(const char *rule, size_t depth)
{
    struct problem problem = problem_defaults(&system_chain, registry_rule(rule));
    problem.depth = depth;
    return problem;
}

static inline struct problem chain_with(const char *rule, size_t depth, const double *c,
                                        size_t count)
{
    struct problem problem = chain_of(rule, depth);
    memcpy(problem.c, c, count * sizeof *c);
    problem.c_count = count;
    return problem;
}

static inline struct problem polynomial_of(const double *q, size_t count)
{
    struct problem problem = problem_defaults(&system_polynomial, NULL);
    memcpy(problem.q, q, count * sizeof *q);
    problem.q_count = count;
    return problem;
}

static inline struct flow *flow_of(const struct problem *problem)
{
    struct flow *flow = NULL;
    if (problem_flow(problem, &flow) != OK)
        fail_msg("problem_flow: %s", status_message());
    return flow;
}

static inline struct prediction prediction_of(const struct problem *problem, const double *x0,
                                              double *limit)
{
    struct prediction prediction = prediction_none(NULL, NULL);
    if (problem_predict(problem, x0, limit, &prediction) != OK)
        fail_msg("problem_predict: %s", status_message());
    return prediction;
}

/* A flow followed once. */
struct trial {
    struct flow *flow;
    struct outcome *outcome;
};

static inline struct outcome *outcome_of(const struct flow *flow, const struct plan *plan,
                                         const double *x0)
{
    struct outcome *outcome = outcome_create(flow);
    assert_non_null(outcome);
    if (trajectory_run(flow, plan, x0, outcome) != OK)
        fail_msg("trajectory_run: %s", status_message());
    return outcome;
}

static inline struct trial trial_run(const struct problem *problem, const struct plan *plan,
                                     const double *x0)
{
    struct trial trial = {.flow = flow_of(problem)};
    trial.outcome = outcome_of(trial.flow, plan, x0);
    return trial;
}

static inline void trial_free(struct trial *trial)
{
    outcome_free(trial->outcome);
    flow_free(trial->flow);
}

/* A settled outcome must be where the prediction says, with evidence that adds up; others pass. */
static inline void check_not_false_settled(const char *name, const struct flow *flow,
                                           const struct outcome *outcome,
                                           const struct prediction *prediction, const double *limit)
{
    const struct selftest_run run = {.flow = (struct flow *)(uintptr_t)flow,
                                     .outcome = (struct outcome *)(uintptr_t)outcome};
    struct selftest_finding finding = {.failed = false};
    selftest_run_judge(&run, prediction, limit, &finding);
    if (finding.failed)
        fail_msg("%s: %s", name, finding.what);
}

/* Fails unless a trajectory ended as expected; tells how it did. */
#define assert_ending(outcome, expected, ...)                                                      \
    do {                                                                                           \
        if ((outcome)->ending != (expected)) {                                                     \
            print_error(__VA_ARGS__);                                                              \
            fail_msg(": %s at t = %.10g after %zu steps (%s), expected %s",                        \
                     ending_name((outcome)->ending), (outcome)->t, (outcome)->steps,               \
                     (outcome)->reason, ending_name(expected));                                    \
        }                                                                                          \
    } while (0)

static inline const char *method_name(enum method method)
{
    return selftest_run_method(method);
}

#endif
