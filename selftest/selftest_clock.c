/* The time oracle, in both orders: the time at which the clock reads s, and the clock at the time t.
 *
 * t(s) was found by partial fractions over all complex roots, 18 digits: notes/chains.md, (C2). */
#include "linear/chain.h"
#include "linear/matrix.h"
#include "linear/registry.h"
#include "selftest/selftest_reference.h"
#include "selftest/selftest_run.h"

#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct selftest_instant two_layers[] = {/* s = a1 + 2 from (-2, 1) */
                                                     {0.5, 0.270616236185051466},
                                                     {2.0, 2.67562015435060097},
                                                     {3.0, 3.41523329190754449},
                                                     {3.7, 4.24240167495584295}};
static const struct selftest_instant three_layers[] = {/* s = a1 - 1/2 from (1/2, 1/2, 1/2) */
                                                       {0.25, 0.312440607645870891},
                                                       {0.5, 0.788135124386791659},
                                                       {0.6, 1.33186920789955233}};

static const struct selftest_oracle oracles[] = {
    {.depth = 2, .start = {-2, 1}, .instant = two_layers, .count = COUNT(two_layers)},
    {.depth = 3, .start = {0.5, 0.5, 0.5}, .instant = three_layers, .count = COUNT(three_layers)},
};
enum { ORACLES = COUNT(oracles), METHODS = 3, DEPTH_MOST = 3 };

size_t selftest_clock_count(void)
{
    return ORACLES;
}

const struct selftest_oracle *selftest_clock_at(size_t index)
{
    return &oracles[index];
}

static struct problem problem_of(const struct selftest_oracle *oracle)
{
    struct problem problem = problem_defaults(&system_chain, registry_rule("srbp"));
    problem.depth = oracle->depth;
    return problem;
}

enum status selftest_clock_read(const struct selftest_oracle *oracle, double *worst)
{
    const struct problem problem = problem_of(oracle);
    struct flow *flow = NULL;
    struct chain_clock clock;
    enum status status = OK;
    TRY(problem_flow(&problem, &flow));
    chain_clock_init(&clock, &problem, flow, oracle->start);
    for (size_t i = 0; i < oracle->count && status == OK; i++) {
        double t = NAN;
        status = clock_time(&clock.clock, oracle->instant[i].s, &t);
        if (!(fabs(t - oracle->instant[i].t) <= *worst)) /* NAN, too */
            *worst = fabs(t - oracle->instant[i].t);
    }
    flow_free(flow);
    return status;
}

/* Runs to the very time and compares with the state that the clock tells. */
static enum status state_error(const struct selftest_oracle *oracle, const struct plan *plan,
                               double s, double *worst)
{
    const struct problem problem = problem_of(oracle);
    struct selftest_run run;
    struct chain_clock clock;
    double expected[DEPTH_MOST], error;
    const enum status status = selftest_run_make(&problem, plan, oracle->start, &run);
    if (status == OK) {
        chain_clock_init(&clock, &problem, run.flow, oracle->start);
        chain_at_clock(&clock, ball_of(s), expected, &error);
        const double off =
            run.outcome->t == plan->horizon
                ? matrix_largest_difference(oracle->depth, run.outcome->last, expected)
                : INFINITY;
        if (!(off <= *worst))
            *worst = off;
    }
    selftest_run_free(&run);
    return status;
}

enum status selftest_clock_state(const struct selftest_oracle *oracle, enum method method,
                                 double *worst)
{
    static const double RTOL = 1e-13; /* local errors add up to about 1e-11 */
    struct plan plan = selftest_run_plan(method, RTOL);
    plan.no_endings = true;
    for (size_t i = 0; i < oracle->count; i++) {
        plan.horizon = oracle->instant[i].t;
        TRY(state_error(oracle, &plan, oracle->instant[i].s, worst));
    }
    return OK;
}

static enum status try_clock(const void *context, uint64_t index, struct selftest_finding *finding)
{
    const struct selftest_oracle *oracle = &oracles[index % ORACLES];
    const size_t way = index / ORACLES;
    (void)context;
    if (way < METHODS)
        TRY(selftest_clock_state(oracle, (enum method)way, &finding->worst));
    else
        TRY(selftest_clock_read(oracle, &finding->worst));
    if (!(finding->worst <= SELFTEST_TIME))
        selftest_complain(finding, "%zu layers, %s: off by %g", oracle->depth,
                          way < METHODS ? selftest_run_method((enum method)way) : "quadrature",
                          finding->worst);
    return OK;
}

static enum status run(const struct selftest_plan *plan, struct selftest_tally *tally)
{
    const struct selftest_work work = {.count = ORACLES * (METHODS + 1), .one = try_clock};
    TRY(selftest_try(plan, &work, tally));
    selftest_tell(tally, "at most %.1e off", tally->worst);
    return OK;
}

const struct selftest selftest_clock = {
    .name = "clock",
    .title = "times along a trajectory, by quadrature and by integration, against 18 digits",
    .run = run,
};
