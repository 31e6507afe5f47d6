/* One trial: acquire, ask, free. */
#include "proofs-check/trial.h"

#include "proofs-check/theorem.h"

#include <math.h>

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

enum status trial_outcome(struct trial *trial, const struct outcome **outcome)
{
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
