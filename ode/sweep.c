/* Ensembles: batches of starts, two parallel loops for each.
 *
 * First the lanes of all threads take chunks of the batch; then the starts that they left go to the
 * referee, one by one, since one of them costs as much as hundreds in lanes.  Results are kept by
 * number and given out in its order when the batch is through, so that nothing depends on which
 * thread did what.  Memory is that of one batch.
 * Rejected: one queue for both kinds of work, which keeps threads a little busier at the end of a
 * batch, and makes the order of results a matter of locks. */
#include "ode/sweep.h"

#include "ode/fixed_point.h"
#include "ode/sweep_lanes.h"
#include "ode/sweep_path.h"
#include "ode/trajectory.h"

#include <assert.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 128 }; /* starts that a thread takes at once */

/* One thread's own. */
struct worker {
    struct flow *flow;
    struct sweep_lanes *lanes; /* NULL: all to the referee */
    struct outcome *outcome;
    struct sweep_trail *trail;  /* NULL: not observed */
    const struct plan *referee; /* the caller's */
    size_t attempts;
};

struct sweep {
    const struct sweep_plan *plan;
    const struct sweep_task *task;
    struct plan referee;
    size_t threads, n;
    struct worker *worker;       /* [threads] */
    double *x0, *limit, *last;   /* [batch*n] */
    struct sweep_result *result; /* [batch] */
    size_t *left;                /* [batch] those for the referee */
    size_t first, count, taken;  /* of the batch: its first start, how many, and how many begun */
    enum status failed;          /* the first failure of any thread, and its message */
    char message[STATUS_MESSAGE_MAX];
};

struct sweep_plan sweep_plan_defaults(void)
{
    struct sweep_plan plan = {
        .coarse = {1e-3, 1e-5}, /* the fastest, notes/sweeper.md; no limit depends on it */
        .fine = {1e-10, 1e-12}, /* the referee's */
        .attempts_most = 400, /* ten times what is usual; the referee costs as much as a thousand */
        .observed = {1e-8, 1e-10}, /* errors of times: 1e-2/rate stated, 1e-4 measured */
        .lanes = 64,
        .batch = 16384,
        .referee = plan_defaults(),
    };
    return plan;
}

static bool is_for_lanes(const struct flow *flow)
{
    return flow->switches == 0 && !flow->regular && !flow_is_large(flow);
}

static enum status worker_open(struct worker *worker, const struct sweep *sweep)
{
    TRY(sweep->task->flow(sweep->task->context, &worker->flow));
    if (!worker->flow)
        return status_fail(BAD_ARGUMENT, "sweep: no flow");
    worker->outcome = outcome_create(worker->flow);
    if (worker->outcome && is_for_lanes(worker->flow))
        worker->lanes = sweep_lanes_create(worker->flow, sweep->plan);
    worker->referee = &sweep->plan->referee;
    if (sweep->plan->observes && !(worker->trail = sweep_trail_create(worker->flow)))
        return status_fail(NO_MEMORY, "sweep of %s", worker->flow->title);
    if (!worker->outcome || (is_for_lanes(worker->flow) && !worker->lanes))
        return status_fail(NO_MEMORY, "sweep of %s", worker->flow->title);
    return OK;
}

static void worker_close(struct worker *worker)
{
    sweep_lanes_free(worker->lanes);
    sweep_trail_free(worker->trail);
    outcome_free(worker->outcome);
    flow_free(worker->flow);
}

/* Keeps the first failure, whichever thread it is of. */
static void note_failure(struct sweep *sweep, enum status status)
{
    if (status == OK)
        return;
#pragma omp critical(sweep_failure)
    if (sweep->failed == OK) {
        sweep->failed = status;
        strncpy(sweep->message, status_message(), sizeof sweep->message - 1);
    }
}

/* ---- one batch ---- */

/* The next starts for a thread. */
static bool take_chunk(struct sweep_batch *batch, size_t *first, size_t *end)
{
    struct sweep *sweep = batch->context;
    const struct sweep_task *task = sweep->task;
    size_t begin;
#pragma omp atomic capture
    {
        begin = sweep->taken;
        sweep->taken += CHUNK;
    }
    if (begin >= sweep->count)
        return false;
    *first = begin;
    *end = sweep->count - begin < CHUNK ? sweep->count : begin + CHUNK;
    for (size_t k = *first; k < *end; k++)
        task->start(task->context, sweep->first + k, sweep->x0 + k * sweep->n);
    return true;
}

static void follow(struct sweep *sweep, struct worker *worker)
{
    struct sweep_batch batch = {.x0 = sweep->x0,
                                .limit = sweep->limit,
                                .last = sweep->last,
                                .result = sweep->result,
                                .take = take_chunk,
                                .context = sweep};
    if (worker->lanes) {
        note_failure(sweep, sweep_lanes_run(worker->lanes, &batch, &worker->attempts));
        return;
    }
    for (size_t k = 0, end = 0; take_chunk(&batch, &k, &end);)
        for (; k < end; k++)
            sweep->result[k].by_referee = true;
}

static void run_lanes(struct sweep *sweep, size_t first, size_t count)
{
    sweep->first = first;
    sweep->count = count;
    sweep->taken = 0;
#pragma omp parallel num_threads((int)sweep->threads)
    follow(sweep, &sweep->worker[omp_get_thread_num()]);
}

static void trail_visit(void *context, double t, const double *x)
{
    const struct worker *worker = context;
    sweep_trail_visit(worker->trail, t, x);
}

static bool trail_stop(void *context, double t)
{
    const struct plan *referee = ((const struct worker *)context)->referee;
    return referee->stop(referee->context, t);
}

static void ask_referee(struct sweep *sweep, struct worker *worker, size_t k)
{
    const size_t at = k * sweep->n;
    struct outcome *outcome = worker->outcome;
    struct plan referee = sweep->referee;
    if (worker->trail) {
        referee.visit = trail_visit;
        referee.stop = referee.stop ? trail_stop : NULL;
        referee.context = worker;
        sweep_trail_begin(worker->trail);
    }
    const enum status status = trajectory_run(worker->flow, &referee, sweep->x0 + at, outcome);
    note_failure(sweep, status);
    if (status != OK)
        return;
    sweep->result[k] = (struct sweep_result){.ending = outcome->ending,
                                             .by_referee = true,
                                             .has_limit = outcome->has_limit,
                                             .t = outcome->t,
                                             .transverse_rate = outcome->transverse_rate,
                                             .distance_bound = outcome->distance_bound,
                                             .steps = outcome->steps,
                                             .settling = NAN,
                                             .settling_error = NAN,
                                             .path = NAN,
                                             .path_error = NAN};
    if (worker->trail)
        sweep_trail_finish(worker->trail, outcome,
                           &(struct sweep_tolerance){referee.rtol, referee.atol},
                           &sweep->result[k]);
    memcpy(sweep->last + at, outcome->last, sweep->n * sizeof(double));
    memcpy(sweep->limit + at, outcome->limit, sweep->n * sizeof(double));
}

static void run_referee(struct sweep *sweep, size_t count)
{
    size_t left = 0;
    for (size_t k = 0; k < count; k++)
        if (sweep->result[k].by_referee)
            sweep->left[left++] = k;
#pragma omp parallel for schedule(dynamic, 1) num_threads((int)sweep->threads)
    for (long m = 0; m < (long)left; m++)
        ask_referee(sweep, &sweep->worker[omp_get_thread_num()], sweep->left[m]);
}

static enum status give_out(struct sweep *sweep, size_t first, size_t count,
                            struct sweep_tally *tally)
{
    for (size_t k = 0; k < count; k++) {
        struct sweep_result *result = &sweep->result[k];
        double *limit = sweep->limit + k * sweep->n;
        for (size_t i = 0; i < sweep->n && !result->has_limit; i++)
            limit[i] = NAN;
        result->limit = limit;
        result->last = sweep->last + k * sweep->n;
        tally->endings[result->ending]++;
        tally->by_referee += result->by_referee;
        TRY(sweep->task->result(sweep->task->context, first + k, sweep->x0 + k * sweep->n, result));
    }
    tally->starts += count;
    return OK;
}

static enum status run_batches(struct sweep *sweep, struct sweep_tally *tally)
{
    for (size_t first = 0; first < sweep->task->count; first += sweep->plan->batch) {
        const size_t rest = sweep->task->count - first;
        const size_t count = rest < sweep->plan->batch ? rest : sweep->plan->batch;
        run_lanes(sweep, first, count);
        if (sweep->failed == OK)
            run_referee(sweep, count);
        if (sweep->failed != OK)
            return status_fail(sweep->failed, "%s", sweep->message);
        TRY(give_out(sweep, first, count, tally));
        if (sweep->plan->progress)
            progress_advance(sweep->plan->progress, count);
    }
    for (size_t k = 0; k < sweep->threads; k++)
        tally->attempts += sweep->worker[k].attempts;
    return OK;
}

/* ---- set-up ---- */

static enum status check_tolerance(const struct sweep_tolerance *tolerance)
{
    if (tolerance->rtol > 0 && tolerance->rtol <= SWEEP_COARSEST && tolerance->atol > 0 &&
        tolerance->atol <= SWEEP_COARSEST)
        return OK;
    return status_fail(BAD_ARGUMENT,
                       "sweep: rtol = %g, atol = %g (want both above 0 and at most %g)",
                       tolerance->rtol, tolerance->atol, SWEEP_COARSEST);
}

static enum status check(const struct sweep_plan *plan)
{
    TRY(check_tolerance(&plan->coarse));
    TRY(check_tolerance(&plan->fine));
    TRY(check_tolerance(&plan->observed));
    if (plan->lanes == 0 || plan->batch == 0)
        return status_fail(BAD_ARGUMENT, "sweep: %zu lanes, batches of %zu (want 1 at least)",
                           plan->lanes, plan->batch);
    return OK;
}

static enum status reserve(struct sweep *sweep)
{
    const size_t batch =
        sweep->plan->batch < sweep->task->count ? sweep->plan->batch : sweep->task->count;
    sweep->x0 = calloc(3 * batch * sweep->n + 1, sizeof *sweep->x0);
    sweep->result = calloc(batch + 1, sizeof *sweep->result);
    sweep->left = calloc(batch + 1, sizeof *sweep->left);
    if (!sweep->x0 || !sweep->result || !sweep->left)
        return status_fail(NO_MEMORY, "sweep: batches of %zu starts", batch);
    sweep->limit = sweep->x0 + batch * sweep->n;
    sweep->last = sweep->limit + batch * sweep->n;
    return OK;
}

static enum status run(struct sweep *sweep, struct sweep_tally *tally)
{
    sweep->worker = calloc(sweep->threads, sizeof *sweep->worker);
    if (!sweep->worker)
        return status_fail(NO_MEMORY, "sweep: %zu threads", sweep->threads);
    for (size_t k = 0; k < sweep->threads; k++) {
        TRY(worker_open(&sweep->worker[k], sweep));
        sweep->n = sweep->worker[k].flow->dim;
    }
    TRY(reserve(sweep));
    return run_batches(sweep, tally);
}

enum status sweep_run(const struct sweep_plan *plan, const struct sweep_task *task,
                      struct sweep_tally *tally)
{
    TRY(check(plan));
    struct sweep_tally unwanted;
    tally = tally ? tally : &unwanted;
    *tally = (struct sweep_tally){0};
    struct sweep sweep = {.plan = plan, .task = task, .referee = plan->referee, .failed = OK};
    sweep.referee.visit = NULL;
    sweep.referee.event = NULL;
    sweep.threads = plan->threads > 0 ? plan->threads : (size_t)omp_get_max_threads();
    const enum status status = run(&sweep, tally);
    for (size_t k = 0; k < sweep.threads && sweep.worker; k++)
        worker_close(&sweep.worker[k]);
    free(sweep.worker);
    free(sweep.x0);
    free(sweep.result);
    free(sweep.left);
    return status;
}
