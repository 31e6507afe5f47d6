/* Corners: on which side of the origin a trajectory leaves it is known exactly. */
#include "selftest/selftest_neurons.h"

#include "base/stream.h"
#include "linear/registry.h"
#include "nonlinear/activation.h"
#include "nonlinear/system.h"
#include "selftest/selftest_run.h"

#include <math.h>

enum { SEED = 1618, TRIALS = 150, STEPS_MOST = 6000 };

static struct plan draw_plan(struct stream *stream)
{
    enum { COARSEST = 3, TOLERANCES = 9 }; /* rtol 1e-3 ... 1e-11 */
    static const double SHARE = 100, TEN = 10;
    struct plan plan = plan_defaults();
    plan.method = (enum method)stream_below(stream, METHOD_RK8PD + 1);
    plan.rtol = pow(TEN, -COARSEST - (double)stream_below(stream, TOLERANCES));
    plan.atol = stream_below(stream, 2) ? plan.rtol / SHARE : plan.rtol;
    plan.steps_most = STEPS_MOST;
    return plan;
}

static struct problem draw_problem(struct stream *stream)
{
    static const double LEAST = 0.3; /* of a target */
    struct problem problem =
        problem_defaults(&system_nonlinear_chain, registry_rule("sign-symmetry"));
    problem.depth = 2;
    problem.neuron_count = 1;
    problem.neurons[0] = (struct neurons){
        activation_named(stream_below(stream, 2) ? "identity" : "odd-power"), .parameter = 1};
    problem.inputs.count = problem.targets.count = 1;
    problem.inputs.near[0] = 1;
    problem.targets.near[0] = stream_between(stream, LEAST, 2);
    return problem;
}

bool selftest_neurons_right(const struct outcome *outcome, double u)
{
    if (outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED)
        return true;
    return outcome->ending == ENDING_SETTLED && outcome->limit[0] * u < 0 &&
           outcome->limit[1] * u < 0;
}

enum status selftest_neurons_try(uint64_t index, struct selftest_finding *finding)
{
    enum { PLACES = 12, EIGHTHS = 8, LARGEST = 9, SIZES = 34 };
    struct stream stream = stream_at(SEED, stream_key("corners"), index);
    struct selftest_run run;
    const struct problem problem = draw_problem(&stream);
    const double p = (double)(1 + stream_below(&stream, PLACES)) / EIGHTHS,
                 u = ldexp(stream_below(&stream, 2) ? 1 : -1,
                           -LARGEST - (int)stream_below(&stream, SIZES));
    const double x0[] = {-p, p * p / 2 - u};
    const struct plan plan = draw_plan(&stream);
    if (!(x0[1] > 0))
        return OK;
    const enum status status = selftest_run_make(&problem, &plan, x0, &run);
    if (status == OK) {
        selftest_run_record(&run, finding);
        finding->judged = run.outcome->ending != ENDING_HORIZON;
        if (!selftest_neurons_right(run.outcome, u))
            selftest_complain(finding,
                              "%s: %s on the wrong side of the corner, u = %g, rtol %g, %s",
                              run.flow->title, ending_name(run.outcome->ending), u, plan.rtol,
                              selftest_run_method(plan.method));
    }
    selftest_run_free(&run);
    return status;
}

static enum status try_corner(const void *context, uint64_t index, struct selftest_finding *finding)
{
    (void)context;
    return selftest_neurons_try(index, finding);
}

static enum status run(const struct selftest_plan *plan, struct selftest_tally *tally)
{
    char endings[SELFTEST_TEXT_MAX];
    const struct selftest_work work = {.count = selftest_trials(plan, TRIALS), .one = try_corner};
    TRY(selftest_try(plan, &work, tally));
    if (tally->judged == 0)
        selftest_blame(tally, "none of %zu was decided", tally->tried);
    selftest_tell(tally, "%zu judged, none on the wrong side: %s", tally->judged,
                  selftest_endings(tally, sizeof endings, endings));
    return OK;
}

const struct selftest selftest_neurons = {
    .name = "neurons",
    .title = "switching surfaces met nearly at once, all methods and tolerances",
    .run = run,
};
