/* Random traps: chains with dyadic data at, and near, ties, double roots and fixed points.
 *
 * Every draw is a chain of depth 1 to 4 under bp, rbp or srbp, with unequal rates and vanishing
 * feedback weights among them, moved off a degenerate case by delta = 0 or +-2^-4 ... 2^-51.
 * Shapes: start[depth].  Memory: none.  Errors: those of problem_flow(). */
#ifndef SELFTEST_SELFTEST_CHAINS_H
#define SELFTEST_SELFTEST_CHAINS_H

#include "base/stream.h"
#include "linear/problem.h"
#include "ode/plan.h"
#include "selftest/selftest.h"

enum { SELFTEST_CHAIN_DEPTH_MOST = 4 };

enum selftest_chain_kind {
    CHAIN_GENERIC,
    CHAIN_DOUBLE_ROOT,
    CHAIN_TIE,
    CHAIN_FIXED_POINT,
    CHAIN_KINDS
};

struct selftest_chain {
    struct problem problem;
    double start[SELFTEST_CHAIN_DEPTH_MOST], delta;
    enum selftest_chain_kind kind;
};

/* Trap number `index`, of the kind index % CHAIN_KINDS. */
enum status selftest_chains_draw(uint64_t index, struct selftest_chain *chain) MUST_CHECK;

/* Runs it and judges its ending by the prediction, which integrates nothing. */
enum status selftest_chains_try(uint64_t index, const struct plan *plan,
                                struct selftest_finding *finding) MUST_CHECK;

/* The plan of trap `index`, which another method and tolerance each. */
struct plan selftest_chains_plan(uint64_t index);

/* A multiple of 1/8 in [-most/8, most/8]: products of a few are exact. */
double selftest_chains_eighths(struct stream *stream, int most);

#endif
