/* Running and judging the trajectories of a self-test.
 *
 * The judge of `settled` knows the limit by prediction, which integrates nothing; where no theory
 * says anything, it looks at what `settled` means: a zero of the field whose spectrum, by another
 * library call than the referee's, has nothing on the right: (HD2). */
#include "selftest/selftest_run.h"

#include "linear/matrix.h"

#include <math.h>

/* Of the integrals that define a leaf, relative to 1 + |x|. */
static const double LEAF_ROUNDING = 1e-14;

static const double RESIDUAL = 1e-9; /* of the field at a limit, relative to its terms */
static const double NEUTRAL = 1e-6;  /* real part, relative to |J|: zeros of a continuum, which
                                        have nilpotent blocks, are known to sqrt(eps) only */
static const double ATOL_SHARE = 100;

enum status selftest_run_again(const struct plan *plan, const double *x0, struct selftest_run *run)
{
    run->outcome = outcome_create(run->flow);
    if (!run->outcome)
        return status_fail(NO_MEMORY, "no memory for a trajectory");
    return trajectory_run(run->flow, plan, x0, run->outcome);
}

enum status selftest_run_make(const struct problem *problem, const struct plan *plan,
                              const double *x0, struct selftest_run *run)
{
    *run = (struct selftest_run){.flow = NULL};
    TRY(problem_flow(problem, &run->flow));
    return selftest_run_again(plan, x0, run);
}

void selftest_run_free(struct selftest_run *run)
{
    outcome_free(run->outcome);
    flow_free(run->flow);
    *run = (struct selftest_run){.flow = NULL};
}

void selftest_run_record(const struct selftest_run *run, struct selftest_finding *finding)
{
    const struct outcome *outcome = run->outcome;
    finding->ending = outcome->ending;
    finding->steps = outcome->steps;
    selftest_digest(finding, 1, &outcome->t);
    selftest_digest(finding, run->flow->dim, outcome->last);
    if (outcome->has_limit)
        selftest_digest(finding, run->flow->dim, outcome->limit);
}

static void judge_evidence(const struct selftest_run *run, const struct prediction *prediction,
                           const double *limit, struct selftest_finding *finding)
{
    const struct outcome *outcome = run->outcome;
    const size_t dim = run->flow->dim;
    const double to_go = matrix_distance(dim, outcome->last, limit),
                 rounding = LEAF_ROUNDING * (1 + matrix_norm(dim, limit)) + 2 * prediction->error;
    if (!(outcome->transverse_rate < 0))
        selftest_complain(finding, "%s: settled with the rate %g", run->flow->title,
                          outcome->transverse_rate);
    if (!(outcome->residual <= outcome->residual_floor))
        selftest_complain(finding, "%s: settled where |f| = %g", run->flow->title,
                          outcome->residual);
    if (!(to_go <= outcome->distance_bound + rounding))
        selftest_complain(finding, "%s: the limit is %g away, beyond its bound %g",
                          run->flow->title, to_go, outcome->distance_bound);
}

void selftest_run_judge(const struct selftest_run *run, const struct prediction *prediction,
                        const double *limit, struct selftest_finding *finding)
{
    const struct outcome *outcome = run->outcome;
    if (outcome->ending != ENDING_SETTLED)
        return;
    const double off = matrix_distance(run->flow->dim, outcome->limit, limit),
                 allowed = SELFTEST_LIMIT_AGREES * (1 + matrix_norm(run->flow->dim, limit)) +
                           prediction->error;
    finding->judged = true;
    if (prediction->ending != ENDING_SETTLED || !(off <= allowed))
        selftest_complain(finding, "FALSE SETTLED: %s: off by %g, predicted %s", run->flow->title,
                          off, ending_name(prediction->ending));
    judge_evidence(run, prediction, limit, finding);
}

enum status selftest_run_judge_spectrum(const struct selftest_run *run,
                                        struct selftest_finding *finding)
{
    double f[SELFTEST_DIM_MOST], re[SELFTEST_DIM_MOST], J[SELFTEST_DIM_MOST * SELFTEST_DIM_MOST];
    const struct flow *flow = run->flow;
    const size_t dim = flow->dim;
    const double *limit = run->outcome->limit;
    TRY(flow->field(flow, 1, limit, f));
    TRY(flow->jacobian(flow, limit, J));
    TRY(matrix_eigenvalues(dim, J, re, NULL));
    finding->judged = true;
    if (!(matrix_norm(dim, f) <= RESIDUAL * (1 + matrix_norm(dim, limit))))
        selftest_complain(finding, "FALSE SETTLED: %s where |f| = %g", flow->title,
                          matrix_norm(dim, f));
    if (!(re[0] <= NEUTRAL * matrix_norm(dim * dim, J)))
        selftest_complain(finding, "FALSE SETTLED: %s beside an eigenvalue %g", flow->title, re[0]);
    return OK;
}

struct plan selftest_run_plan(enum method method, double rtol)
{
    struct plan plan = plan_defaults();
    plan.method = method;
    plan.rtol = rtol;
    plan.atol = rtol / ATOL_SHARE;
    return plan;
}

const char *selftest_run_method(enum method method)
{
    return method == METHOD_BDF ? "bdf" : method == METHOD_ADAMS ? "adams" : "rk8pd";
}
