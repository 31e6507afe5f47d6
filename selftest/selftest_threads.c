/* Determinism: the same bits whatever the number of threads.
 *
 * Traps are run by one thread and by several, and a sweep in lanes by one and by several, with
 * different batches; the digests of all states must be equal.  Several threads are tried even where
 * there is one processor: (HD4); `make races` runs this under the thread sanitizer, (HD8). */
#include "base/stream.h"
#include "linear/registry.h"
#include "ode/sweep.h"
#include "selftest/selftest_chains.h"
#include "selftest/selftest_run.h"

#include <string.h>

enum { SEVERAL = 4, TRAPS = 100, STARTS = 500, SEED = 271, LANES = 7, BATCH = 64 };

/* ---- traps ---- */

static enum status try_trap(const void *context, uint64_t index, struct selftest_finding *finding)
{
    const struct plan plan = selftest_chains_plan(index);
    (void)context;
    return selftest_chains_try(index, &plan, finding);
}

static enum status traps_by(int threads, const struct selftest_plan *plan,
                            struct selftest_tally *tally)
{
    const struct selftest_plan with = {.threads = threads, .stop = plan->stop};
    const struct selftest_work work = {.count = TRAPS, .one = try_trap};
    return selftest_try(&with, &work, tally);
}

/* ---- a sweep ---- */

struct swept {
    struct problem problem;
    struct selftest_finding finding;
};

static enum status swept_flow(void *context, struct flow **flow)
{
    const struct swept *swept = context;
    return problem_flow(&swept->problem, flow);
}

static void swept_start(const void *context, size_t k, double *x0)
{
    const struct swept *swept = context;
    struct stream stream = stream_at(SEED, stream_key("threads"), k);
    for (size_t i = 0; i < swept->problem.depth; i++)
        x0[i] = stream_normal(&stream);
}

static enum status swept_result(void *context, size_t k, const double *x0,
                                const struct sweep_result *result)
{
    struct swept *swept = context;
    const double ending = (double)result->ending + (double)k;
    (void)x0;
    selftest_digest(&swept->finding, 1, &ending);
    selftest_digest(&swept->finding, 1, &result->t);
    selftest_digest(&swept->finding, swept->problem.depth, result->last);
    selftest_digest(&swept->finding, swept->problem.depth, result->limit);
    return OK;
}

static enum status sweep_by(size_t threads, size_t batch, uint64_t *digest)
{
    enum { DEPTH = 3 };
    struct swept swept = {.problem = problem_defaults(&system_chain, registry_rule("srbp"))};
    struct sweep_plan plan = sweep_plan_defaults();
    const struct sweep_task task = {.count = STARTS,
                                    .flow = swept_flow,
                                    .start = swept_start,
                                    .result = swept_result,
                                    .context = &swept};
    swept.problem.depth = DEPTH;
    plan.threads = threads;
    if (batch > 0) {
        plan.batch = batch;
        plan.lanes = LANES;
    }
    TRY(sweep_run(&plan, &task, NULL));
    *digest = swept.finding.digest;
    return OK;
}

/* ---- the test ---- */

static enum status compare_sweeps(struct selftest_tally *tally)
{
    uint64_t one = 0, several = 1, otherwise = 2;
    TRY(sweep_by(1, 0, &one));
    TRY(sweep_by(SEVERAL, 0, &several));
    TRY(sweep_by(SEVERAL - 1, BATCH, &otherwise));
    tally->tried += 3 * STARTS;
    if (one != several || one != otherwise)
        selftest_blame(tally, "a sweep has other bits with %d threads, or with other batches",
                       SEVERAL);
    return OK;
}

static enum status run(const struct selftest_plan *plan, struct selftest_tally *tally)
{
    struct selftest_tally several = {.tried = 0};
    TRY(traps_by(1, plan, tally));
    TRY(traps_by(SEVERAL, plan, &several));
    tally->tried += several.tried;
    if (tally->digest != several.digest)
        selftest_blame(tally, "trajectories have other bits with %d threads than with one",
                       SEVERAL);
    TRY(compare_sweeps(tally));
    selftest_tell(tally, "the same bits with one thread and with %d", SEVERAL);
    return OK;
}

const struct selftest selftest_threads = {
    .name = "threads",
    .title = "determinism: trajectories and sweeps, bit by bit",
    .run = run,
};
