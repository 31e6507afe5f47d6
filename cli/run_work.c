/* One run in memory.
 *
 * Predict first, without integration; then integrate; then compare. */
#include "cli/run_work.h"

#include "base/progress.h"
#include "linear/chain.h"

#include <stdlib.h>

static bool is_chain(const struct run_work *run)
{
    return chain_is_scalar(&run->given->problem);
}

/* Every accepted step: struct plan's `visit`. */
static void on_step(void *context, double t, const double *x)
{
    struct run_work *run = context;
    sweep_trail_visit(run->trail, t, x);
    if (run->plan.visit)
        run->plan.visit(run->plan.context, t, x);
    if (!is_chain(run))
        return;
    double S = chain_sensitivity(run->given->flow, x);
    run->sign_changes += S * run->last_sensitivity < 0;
    run->last_sensitivity = S != 0 ? S : run->last_sensitivity;
}

static bool on_stop(void *context, double t)
{
    const struct run_work *run = context;
    return run->plan.stop && run->plan.stop(run->plan.context, t);
}

/* P and what the equations define beside it, where the run ended. */
static void outputs_compute(struct run_work *run)
{
    const struct flow *flow = run->given->flow;
    const struct outcome *outcome = run->outcome;
    const double *end = outcome->has_limit ? outcome->limit : outcome->last;
    if (run->auxiliaries)
        code_run(run->auxiliaries, 1, end, run->auxiliary);
    if (!flow->output)
        return;
    flow->output(flow, outcome->last, run->output_end);
    flow->output(flow, end, run->output);
}

static enum status auxiliaries_open(struct run_work *run)
{
    const struct equations *equations = run->given->equations;
    TRY(equations_auxiliaries(&run->given->problem, &run->auxiliaries));
    if (!run->auxiliaries)
        return OK;
    run->auxiliary = calloc(equations->auxiliaries, sizeof *run->auxiliary);
    return run->auxiliary ? OK
                          : status_fail(NO_MEMORY, "no memory for %zu auxiliary quantities",
                                        equations->auxiliaries);
}

enum status run_work_open(struct run_work *run)
{
    const struct flow *flow = run->given->flow;
    const size_t most = flow->outputs > flow->dim ? flow->outputs : flow->dim;
    run->outcome = outcome_create(flow);
    run->limit = calloc(most + 2 * flow->outputs, sizeof *run->limit);
    run->trail = sweep_trail_create(flow, &run->plan);
    if (!run->outcome || !run->limit || !run->trail)
        return status_fail(NO_MEMORY, "no memory for %zu unknowns", flow->dim);
    run->output = flow->output ? run->limit + most : NULL;
    run->output_end = flow->output ? run->output + flow->outputs : NULL;
    return auxiliaries_open(run);
}

enum status run_work_compute(struct run_work *run)
{
    const struct problem_given *given = run->given;
    struct plan plan = run->plan;
    plan.visit = on_step;
    plan.stop = on_stop;
    plan.context = run;
    TRY(problem_predict(&given->problem, given->x0, run->limit, &run->prediction));
    const double begun = progress_clock();
    sweep_trail_begin(run->trail, given->x0);
    TRY(trajectory_run(given->flow, &plan, given->x0, run->outcome));
    run->seconds = progress_clock() - begun;
    sweep_trail_finish(run->trail, run->outcome, &run->way);
    outputs_compute(run);
    return OK;
}

struct agreement run_work_agreement(const struct run_work *run)
{
    const struct agreement_case pair = {.flow = run->given->flow,
                                        .outcome = run->outcome,
                                        .prediction = &run->prediction,
                                        .predicted = run->limit,
                                        .output = run->output,
                                        .output_last = run->output_end};
    return agreement_of(&pair);
}

struct run_result run_work_result(const struct run_work *run)
{
    struct run_result result = {.given = run->given,
                                .plan = &run->plan,
                                .outcome = run->outcome,
                                .way = &run->way,
                                .prediction = &run->prediction,
                                .predicted_limit = run->limit,
                                .output = run->output,
                                .auxiliary = run->auxiliary,
                                .has_sensitivity = is_chain(run) && run->given->problem.lambda == 0,
                                .sign_changes = run->sign_changes,
                                .seconds = run->seconds};
    result.agreement = run_work_agreement(run);
    if (result.has_sensitivity)
        result.start_sensitivity = chain_sensitivity(run->given->flow, run->given->x0);
    return result;
}

void run_work_close(struct run_work *run)
{
    outcome_free(run->outcome);
    sweep_trail_free(run->trail);
    free(run->limit);
    code_free(run->auxiliaries);
    free(run->auxiliary);
    run->outcome = NULL;
    run->trail = NULL;
    run->limit = NULL;
    run->auxiliaries = NULL;
    run->auxiliary = NULL;
}
