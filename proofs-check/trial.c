/* One trial: acquire, ask, free.
 *
 * Every trial has a problem of its own, so that the sweeper is given one start at a time: its lanes
 * are empty but for one, and still it takes a fiftieth of the referee's time.  What it does not
 * settle is left without an outcome, and is run when the outcome is asked for. */
#include "proofs-check/trial.h"

#include "ode/sweep.h"
#include "proofs-check/theorem.h"

#include <math.h>
#include <string.h>

enum status trial_begin(struct trial *trial, const struct theorem *theorem,
                        const struct instance *instance, const struct plan *plan)
{
    *trial = (struct trial){.theorem = theorem,
                            .instance = instance,
                            .plan = *plan,
                            .deviation = NAN,
                            .measured = NAN,
                            .expected = NAN};
    TRY(problem_flow(&instance->problem, &trial->flow));
    if (trial->flow->dim == instance->dim && trial->flow->outputs <= INSTANCE_DIM_MAX)
        return OK;
    const size_t dim = trial->flow->dim, outputs = trial->flow->outputs;
    flow_free(trial->flow);
    trial->flow = NULL;
    return status_fail(BAD_ARGUMENT,
                       "an instance of %zu unknowns; its flow has %zu, and %zu outputs",
                       instance->dim, dim, outputs);
}

void trial_end(struct trial *trial)
{
    outcome_free(trial->outcome);
    flow_free(trial->flow);
}

/* ---- the sweeper's word ---- */

static enum status one_flow(void *context, struct flow **flow)
{
    const struct trial *trial = context;
    return problem_flow(&trial->instance->problem, flow);
}

static void one_start(const void *context, size_t k, double *x0)
{
    (void)k;
    const struct instance *instance = ((const struct trial *)context)->instance;
    memcpy(x0, instance->x0, instance->dim * sizeof *x0);
}

/* |f(x)|; NAN: x has left the domain. */
static double speed_at(const struct flow *flow, const double *x)
{
    double f[INSTANCE_DIM_MAX], sum = 0;
    if (flow->field(flow, 1, x, f) != OK)
        return NAN;
    for (size_t i = 0; i < flow->dim; i++)
        sum += f[i] * f[i];
    return sqrt(sum);
}

static enum status one_result(void *context, size_t k, const double *x0,
                              const struct sweep_result *result)
{
    (void)k;
    struct trial *trial = context;
    if (result->by_referee) /* a short run, whose evidence is not given out here */
        return OK;
    struct outcome *outcome = outcome_create(trial->flow);
    if (!outcome)
        return status_fail(NO_MEMORY, "trial of %s", trial->theorem->id);
    outcome_clear(trial->flow, x0, outcome);
    outcome->ending = result->ending;
    outcome->has_limit = result->has_limit;
    outcome->t = result->t;
    outcome->transverse_rate = result->transverse_rate;
    outcome->distance_bound = result->distance_bound;
    outcome->steps = result->steps;
    memcpy(outcome->limit, result->limit, trial->flow->dim * sizeof *outcome->limit);
    memcpy(outcome->last, result->last, trial->flow->dim * sizeof *outcome->last);
    outcome->residual = speed_at(trial->flow, outcome->limit);
    for (size_t i = 0; i < trial->flow->conserved; i++)
        outcome->drift[i] = NAN;
    trial->outcome = outcome;
    trial->by_sweeper = true;
    return OK;
}

enum status trial_sweep(struct trial *trial, bool *settled)
{
    const struct sweep_task task = {
        .count = 1, .flow = one_flow, .start = one_start, .result = one_result, .context = trial};
    struct sweep_plan plan = sweep_plan_defaults();
    plan.threads = 1; /* trials are what runs in parallel */
    plan.lanes = 1;
    plan.referee.steps_most = 1; /* the whole run is made by trial_outcome(), with all evidence */
    TRY(sweep_run(&plan, &task, NULL));
    *settled = trial->by_sweeper;
    return OK;
}

/* Does the plan ask for more than how and where the trajectory ends? */
static bool asks_for_the_way(const struct plan *plan)
{
    return plan->visit || plan->event || plan->stop || plan->no_endings || plan->free_integrals;
}

enum status trial_outcome(struct trial *trial, const struct outcome **outcome)
{
    if (trial->by_sweeper && asks_for_the_way(&trial->plan))
        return status_fail(BAD_ARGUMENT, "%s asks the sweeper for the way to the limit",
                           trial->theorem->id);
    if (!trial->outcome) {
        trial->outcome = outcome_create(trial->flow);
        if (!trial->outcome)
            return status_fail(NO_MEMORY, "trial of %s", trial->theorem->id);
        TRY(trajectory_run(trial->flow, &trial->plan, trial->instance->x0, trial->outcome));
    }
    *outcome = trial->outcome;
    return OK;
}

enum status trial_prediction(struct trial *trial, const struct prediction **prediction)
{
    if (!trial->predicted) {
        TRY(problem_predict(&trial->instance->problem, trial->instance->x0, trial->limit,
                            &trial->prediction));
        trial->predicted = true;
    }
    *prediction = &trial->prediction;
    return OK;
}
