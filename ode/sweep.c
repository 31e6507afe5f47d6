/* Ensembles: batches of starts, each through three stations.
 *
 * First the lanes of all threads take chunks of the batch; then the starts that they left go to the
 * referee, one by one, since one of them costs as much as thousands in lanes; then results are given
 * out in the order of their numbers, so that nothing depends on which thread did what.  At any time
 * three batches are under way, one at each station: while one thread gives out, or asks the referee,
 * the others need not wait.  Memory is that of three batches.
 * Rejected: one parallel loop for each station, in which one start of the referee's stops all other
 * threads: 1.7 times as fast with two threads. */
#include "ode/sweep.h"

#include "ode/fixed_point.h"
#include "ode/sweep_lanes.h"
#include "ode/sweep_path.h"
#include "ode/sweep_wide.h"
#include "ode/sweep_wide_lanes.h"
#include "ode/trajectory.h"

#include <assert.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 128 }; /* starts that a thread takes at once */
enum { UNDER_WAY = 3 };

/* One thread's own. */
struct worker {
    struct flow *flow;
    struct sweep_lanes *lanes;     /* of leaves that are curves, ... */
    struct sweep_wide_lanes *wide; /* ... and of others; both NULL: all to the referee */
    struct outcome *outcome;
    struct sweep_trail *trail;  /* NULL: not observed */
    const struct plan *referee; /* the caller's */
    size_t attempts;
};

struct sweep;

/* Starts first, first + 1, ... and their results. */
struct batch {
    struct sweep *sweep;
    size_t first, count;
    size_t taken;              /* how many of them lanes have taken */
    size_t left_count, asked;  /* how many are left for the referee, and how many of these he has */
    double *x0, *limit, *last; /* [count*n] */
    struct sweep_result *result; /* [count] */
    size_t *left;                /* [count] those for the referee */
};

struct sweep {
    const struct sweep_plan *plan;
    const struct sweep_task *task;
    struct sweep_tally *tally;
    struct plan referee;
    size_t threads, n;
    struct worker *worker; /* [threads] */
    struct batch batch[UNDER_WAY];
    double *numbers; /* of all batches */
    struct sweep_result *results;
    size_t *lefts;
    enum status failed; /* the first failure of any thread, and its message */
    char message[STATUS_MESSAGE_MAX];
};

const struct sweep_result sweep_result_unknown = {.ending = ENDING_HORIZON,
                                                  .by_referee = true,
                                                  .transverse_rate = NAN,
                                                  .distance_bound = NAN,
                                                  .integration_error = NAN,
                                                  .settling = NAN,
                                                  .settling_error = NAN,
                                                  .path = NAN,
                                                  .path_error = NAN};

struct sweep_plan sweep_plan_defaults(void)
{
    struct sweep_plan plan = {
        .coarse = {5e-4, 5e-6}, /* the fastest, notes/sweeper.md; no limit depends on it */
        .fine = {1e-10, 1e-12}, /* the referee's */
        .attempts_most = 400, /* ten times what is usual; the referee costs as much as a thousand */
        .observed = {1e-7, 1e-9}, /* errors of times: 0.3/rate stated, 8e-3 measured */
        .lanes = 64,
        .batch = 8192,
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
    const bool wide = sweep_wide_takes(worker->flow);
    /* off curves lanes do not observe: the referee does */
    const bool followed = is_for_lanes(worker->flow) && !(wide && sweep->plan->observes);
    if (followed && wide)
        worker->wide = sweep_wide_lanes_create(worker->flow, sweep->plan);
    if (followed && !wide)
        worker->lanes = sweep_lanes_create(worker->flow, sweep->plan);
    worker->referee = &sweep->plan->referee;
    if (sweep->plan->observes &&
        !(worker->trail = sweep_trail_create(worker->flow, worker->referee)))
        return status_fail(NO_MEMORY, "sweep of %s", worker->flow->title);
    if (!worker->outcome || (followed && !worker->lanes && !worker->wide))
        return status_fail(NO_MEMORY, "sweep of %s", worker->flow->title);
    return OK;
}

static void worker_close(struct worker *worker)
{
    sweep_lanes_free(worker->lanes);
    sweep_trail_free(worker->trail);
    sweep_wide_lanes_free(worker->wide);
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
static bool take_chunk(struct sweep_batch *lanes, size_t *first, size_t *end)
{
    struct batch *batch = lanes->context;
    const struct sweep_task *task = batch->sweep->task;
    size_t begin;
#pragma omp atomic capture
    {
        begin = batch->taken;
        batch->taken += CHUNK;
    }
    if (begin >= batch->count)
        return false;
    *first = begin;
    *end = batch->count - begin < CHUNK ? batch->count : begin + CHUNK;
    for (size_t k = *first; k < *end; k++)
        task->start(task->context, batch->first + k, batch->x0 + k * batch->sweep->n);
    return true;
}

static void follow(struct batch *batch, struct worker *worker)
{
    struct sweep_batch lanes = {.x0 = batch->x0,
                                .limit = batch->limit,
                                .last = batch->last,
                                .result = batch->result,
                                .take = take_chunk,
                                .context = batch};
    if (worker->wide) {
        note_failure(batch->sweep, sweep_wide_lanes_run(worker->wide, &lanes, &worker->attempts));
        return;
    }
    if (worker->lanes) {
        note_failure(batch->sweep, sweep_lanes_run(worker->lanes, &lanes, &worker->attempts));
        return;
    }
    for (size_t k = 0, end = 0; take_chunk(&lanes, &k, &end);)
        for (; k < end; k++)
            batch->result[k].by_referee = true;
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

static void ask_referee(struct batch *batch, struct worker *worker, size_t k)
{
    struct sweep *sweep = batch->sweep;
    const size_t at = k * sweep->n;
    struct outcome *outcome = worker->outcome;
    struct plan referee = sweep->referee;
    if (worker->trail) {
        referee.visit = trail_visit;
        referee.stop = referee.stop ? trail_stop : NULL;
        referee.context = worker;
        sweep_trail_begin(worker->trail, batch->x0 + at);
    }
    const enum status status = trajectory_run(worker->flow, &referee, batch->x0 + at, outcome);
    note_failure(sweep, status);
    if (status != OK)
        return;
    struct sweep_result *result = &batch->result[k];
    *result = sweep_result_unknown;
    result->ending = outcome->ending;
    result->has_limit = outcome->has_limit;
    result->t = outcome->t;
    result->transverse_rate = outcome->transverse_rate;
    result->distance_bound = outcome->distance_bound;
    result->integration_error = outcome->integration_error;
    result->steps = outcome->steps;
    if (worker->trail)
        sweep_trail_finish(worker->trail, outcome, result);
    memcpy(batch->last + at, outcome->last, sweep->n * sizeof(double));
    memcpy(batch->limit + at, outcome->limit, sweep->n * sizeof(double));
}

static void collect_left(struct batch *batch)
{
    batch->left_count = batch->asked = 0;
    for (size_t k = 0; k < batch->count; k++)
        if (batch->result[k].by_referee)
            batch->left[batch->left_count++] = k;
}

/* This thread's part of what was left. */
static void ask_for_left(struct batch *batch, struct worker *worker)
{
    for (;;) {
        size_t next;
#pragma omp atomic capture
        next = batch->asked++;
        if (next >= batch->left_count)
            return;
        ask_referee(batch, worker, batch->left[next]);
    }
}

static enum status give_out(struct batch *batch)
{
    struct sweep *sweep = batch->sweep;
    const struct sweep_task *task = sweep->task;
    for (size_t k = 0; k < batch->count; k++) {
        struct sweep_result *result = &batch->result[k];
        double *limit = batch->limit + k * sweep->n;
        for (size_t i = 0; i < sweep->n && !result->has_limit; i++)
            limit[i] = NAN;
        result->limit = limit;
        result->last = batch->last + k * sweep->n;
        sweep->tally->endings[result->ending]++;
        sweep->tally->by_referee += result->by_referee;
        TRY(task->result(task->context, batch->first + k, batch->x0 + k * sweep->n, result));
    }
    sweep->tally->starts += batch->count;
    if (sweep->plan->progress)
        progress_advance(sweep->plan->progress, batch->count);
    return OK;
}

/* ---- batches under way ---- */

/* One thread's part of a round; NULL: nobody is at that station. */
static void work(struct sweep *sweep, struct batch *const station[UNDER_WAY])
{
    struct worker *worker = &sweep->worker[omp_get_thread_num()];
    if (station[2] && omp_get_thread_num() == 0)
        note_failure(sweep, give_out(station[2]));
    if (station[1])
        ask_for_left(station[1], worker);
    if (station[0])
        follow(station[0], worker);
}

/* Batch number b, if there is one, at the given station. */
static struct batch *batch_at(struct sweep *sweep, size_t round, size_t station)
{
    const size_t size = sweep->plan->batch, count = sweep->task->count;
    if (round < station || (round - station) * size >= count)
        return NULL;
    struct batch *batch = &sweep->batch[(round - station) % UNDER_WAY];
    if (station > 0)
        return batch;
    batch->first = round * size;
    batch->count = count - batch->first < size ? count - batch->first : size;
    batch->taken = 0;
    return batch;
}

static enum status run_batches(struct sweep *sweep)
{
    for (size_t round = 0;; round++) {
        struct batch *station[UNDER_WAY];
        bool any = false;
        for (size_t k = 0; k < UNDER_WAY; k++) {
            station[k] = batch_at(sweep, round, k);
            any = any || station[k];
        }
        if (!any)
            break;
        if (station[1])
            collect_left(station[1]);
#pragma omp parallel num_threads((int)sweep->threads)
        work(sweep, station);
        if (sweep->failed != OK)
            return status_fail(sweep->failed, "%s", sweep->message);
    }
    for (size_t k = 0; k < sweep->threads; k++)
        sweep->tally->attempts += sweep->worker[k].attempts;
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
    const size_t n = sweep->n, wanted = sweep->plan->batch, count = sweep->task->count;
    const size_t size = wanted < count ? wanted : count, all = UNDER_WAY * size;
    sweep->numbers = calloc(3 * all * n + 1, sizeof *sweep->numbers);
    sweep->results = calloc(all + 1, sizeof *sweep->results);
    sweep->lefts = calloc(all + 1, sizeof *sweep->lefts);
    if (!sweep->numbers || !sweep->results || !sweep->lefts)
        return status_fail(NO_MEMORY, "sweep: batches of %zu starts", size);
    for (size_t b = 0; b < UNDER_WAY; b++) {
        double *numbers = sweep->numbers + 3 * b * size * n;
        sweep->batch[b] = (struct batch){.sweep = sweep,
                                         .x0 = numbers,
                                         .limit = numbers + size * n,
                                         .last = numbers + 2 * size * n,
                                         .result = sweep->results + b * size,
                                         .left = sweep->lefts + b * size};
    }
    return OK;
}

static enum status run(struct sweep *sweep)
{
    sweep->worker = calloc(sweep->threads, sizeof *sweep->worker);
    if (!sweep->worker)
        return status_fail(NO_MEMORY, "sweep: %zu threads", sweep->threads);
    for (size_t k = 0; k < sweep->threads; k++) {
        TRY(worker_open(&sweep->worker[k], sweep));
        sweep->n = sweep->worker[k].flow->dim;
    }
    TRY(reserve(sweep));
    return run_batches(sweep);
}

enum status sweep_run(const struct sweep_plan *plan, const struct sweep_task *task,
                      struct sweep_tally *tally)
{
    TRY(check(plan));
    struct sweep_tally unwanted;
    tally = tally ? tally : &unwanted;
    *tally = (struct sweep_tally){0};
    struct sweep sweep = {
        .plan = plan, .task = task, .tally = tally, .referee = plan->referee, .failed = OK};
    sweep.referee.visit = NULL;
    sweep.referee.event = NULL;
    sweep.threads = plan->threads > 0 ? plan->threads : (size_t)omp_get_max_threads();
    const enum status status = run(&sweep);
    for (size_t k = 0; k < sweep.threads && sweep.worker; k++)
        worker_close(&sweep.worker[k]);
    free(sweep.worker);
    free(sweep.numbers);
    free(sweep.results);
    free(sweep.lefts);
    return status;
}
