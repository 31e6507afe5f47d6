/* Full batches and minibatches, step by step beside a path.
 *
 * A trial is a learner of its own thread, placed at the start, with a stream keyed by the number of
 * steps and of the trial.  What is kept of a trial is its largest distance and its last state; the
 * statistics are summed afterwards in the order of the trials.
 * Standard errors are those of the delta method: of sqrt(mean Y) that is s(Y)/(2 sqrt(K mean Y)),
 * where Y are the K squared distances, from the path or from the mean. */
#include "proofs-check/comparison_steps.h"

#include "base/stream.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 80, STEP_BITS = 32 };

static const double ROUNDINGS = 16;    /* of the size of a state, in sums over trials */
static const double QUADRATIC = 1e-11; /* third differences, relative: rounding of ten operations */

static double distance(size_t n, const double *x, const double *y)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (x[i] - y[i]) * (x[i] - y[i]);
    return sqrt(sum);
}

/* fmax() would hide states that are no numbers. */
static double larger(double a, double b)
{
    return b > a || isnan(b) ? (isnan(b) ? INFINITY : b) : a;
}

/* ---- invariants ---- */

/* Work of the full batch: the state, the state before, the field, a point. */
struct full_work {
    double *x, *before, *f, *point;
};

static double observe_at(const struct flow *flow, size_t claim, double scale, const double *v,
                         double *point)
{
    for (size_t i = 0; i < flow->dim; i++)
        point[i] = scale * v[i];
    return flow->observe(flow, claim, point);
}

/* Third differences of I along v vanish. */
static bool is_quadratic(const struct flow *flow, size_t claim, const double *v, double *point)
{
    double I[4], size = 0;
    for (size_t k = 0; k < 4; k++) {
        I[k] = observe_at(flow, claim, (double)k, v, point);
        size += fabs(I[k]);
    }
    return fabs(I[3] - 3 * I[2] + 3 * I[1] - I[0]) <= QUADRATIC * size;
}

/* Q(v) = (I(v) + I(-v))/2 - I(0) */
static double quadratic_part(const struct flow *flow, size_t claim, const double *v, double *point)
{
    return (observe_at(flow, claim, 1, v, point) + observe_at(flow, claim, -1, v, point)) / 2 -
           observe_at(flow, claim, 0, v, point);
}

/* Size of the terms of I at x. */
static double terms_size(const struct flow *flow, size_t claim, const double *x, double *gradient)
{
    double size = DBL_MIN;
    flow->gradient(flow, claim, x, gradient);
    for (size_t i = 0; i < flow->dim; i++)
        size += fabs(gradient[i] * x[i]);
    return size;
}

static void drift_begin(const struct flow *flow, const struct full_work *work, size_t claim,
                        struct comparison_drift *drift)
{
    *drift = (struct comparison_drift){.identity = NAN};
    if (is_quadratic(flow, claim, work->x, work->point) &&
        is_quadratic(flow, claim, work->f, work->point))
        drift->identity = 0;
}

/* After the step from `before` to x along f. */
static void drift_step(const struct flow *flow, const struct full_work *work, size_t claim,
                       const double at[2], struct comparison_drift *drift)
{
    const double eta = at[0], I0 = at[1];
    const double I = flow->observe(flow, claim, work->x);
    const double step = I - flow->observe(flow, claim, work->before);
    const double scale = terms_size(flow, claim, work->x, work->point);
    drift->largest = larger(drift->largest, fabs(I - I0));
    drift->step = larger(drift->step, fabs(step));
    drift->scale = larger(drift->scale, scale);
    if (isnan(drift->identity))
        return;
    const double law = eta * eta * quadratic_part(flow, claim, work->f, work->point);
    drift->identity = larger(drift->identity, fabs(step - law) / scale);
}

/* ---- full batches ---- */

static void full_step(struct comparison_walker *walker, double eta, struct full_work *work)
{
    memcpy(work->before, work->x, walker->system->flow->dim * sizeof *work->x);
    comparison_walker_whole(walker);
    comparison_walker_field(walker, work->f);
    learner_step(walker->learner, eta);
    comparison_walker_state(walker, work->x);
}

static void full_walk(struct comparison_walker *walker, const struct comparison_path *path,
                      const struct comparison_path *modified, struct full_work *work,
                      struct comparison_full *full)
{
    const struct flow *flow = walker->system->flow;
    const double *x0 = path->x;
    const double eta = path->horizon / (double)path->steps;
    comparison_walker_place(walker, x0);
    memcpy(work->x, x0, flow->dim * sizeof *x0);
    comparison_walker_whole(walker);
    comparison_walker_field(walker, work->f);
    for (size_t c = 0; c < flow->conserved; c++)
        drift_begin(flow, work, c, &full->drift[c]);
    for (size_t n = 1; n <= path->steps; n++) {
        full_step(walker, eta, work);
        full->flow = larger(full->flow, distance(flow->dim, work->x, path->x + n * flow->dim));
        if (modified)
            full->modified =
                larger(full->modified, distance(flow->dim, work->x, modified->x + n * flow->dim));
        for (size_t c = 0; c < flow->conserved; c++) {
            const double at[2] = {eta, flow->observe(flow, c, x0)};
            drift_step(flow, work, c, at, &full->drift[c]);
        }
    }
}

enum status comparison_steps_full(const struct comparison_system *system,
                                  const struct comparison_path *path,
                                  const struct comparison_path *modified,
                                  struct comparison_full *full)
{
    const size_t dim = system->flow->dim;
    struct comparison_walker *walker = NULL;
    double *memory = malloc(4 * dim * sizeof *memory);
    if (!memory)
        return status_fail(NO_MEMORY, "%zu unknowns", dim);
    const enum status status = comparison_walker_create(system, 0, &walker);
    if (status == OK) {
        struct full_work work = {memory, memory + dim, memory + 2 * dim, memory + 3 * dim};
        full->flow = 0;
        full->modified = modified ? 0 : NAN;
        full_walk(walker, path, modified, &work, full);
    }
    comparison_walker_free(walker);
    free(memory);
    return status;
}

/* ---- one trial ---- */

size_t comparison_steps_epoch(const struct comparison_system *system,
                              const struct comparison_trials *trials)
{
    return trials->sampling == SAMPLING_INDEPENDENT ? 1 : system->count / trials->batch;
}

/* A thread's learner, and the order of its samples. */
struct lane {
    struct comparison_walker *walker;
    size_t *order; /* [count] */
    double *x;     /* [dim] */
    double *trace; /* [(steps + 1)*dim] of the caller, all states; NULL: they are not kept */
};

static void shuffle(struct stream *stream, size_t count, size_t *order)
{
    for (size_t k = count; k > 1; k--) {
        const size_t other = (size_t)stream_below(stream, k), kept = order[k - 1];
        order[k - 1] = order[other];
        order[other] = kept;
    }
}

/* The samples of step n, counted from 0. */
static const size_t *batch_of(const struct comparison_trials *trials, struct lane *lane,
                              struct stream *stream, size_t n)
{
    const size_t count = lane->walker->system->count;
    if (trials->sampling == SAMPLING_INDEPENDENT) {
        for (size_t k = 0; k < trials->batch; k++)
            lane->order[k] = (size_t)stream_below(stream, count);
        return lane->order;
    }
    const size_t place = n % (count / trials->batch);
    if (place == 0 && trials->sampling == SAMPLING_RESHUFFLED)
        shuffle(stream, count, lane->order);
    return lane->order + place * trials->batch;
}

/* Returns the largest distance; the last state is left in end. */
static double trial_run(const struct comparison_trials *trials, const struct comparison_path *path,
                        struct lane *lane, size_t trial, double *end)
{
    char key[KEY_MAX];
    struct comparison_walker *walker = lane->walker;
    assert(walker && trials->batch > 0);
    const size_t epoch = comparison_steps_epoch(walker->system, trials);
    const double eta = path->horizon / (double)path->steps;
    double most = 0;
    assert(epoch > 0);
    snprintf(key, sizeof key, "comparison batches, %zu steps", path->steps);
    struct stream stream = stream_at(trials->seed, stream_key(key), trial);
    for (size_t k = 0; k < walker->system->count; k++)
        lane->order[k] = k;
    comparison_walker_place(walker, path->x);
    walker->learner->step = (uint64_t)trial << STEP_BITS; /* random channels are keyed by it */
    for (size_t n = 1; n <= path->steps; n++) {
        comparison_walker_batch(walker, trials->batch, batch_of(trials, lane, &stream, n - 1));
        learner_step(walker->learner, eta);
        if (lane->trace)
            comparison_walker_state(walker, lane->trace + n * path->dim);
        if (n % epoch != 0)
            continue;
        comparison_walker_state(walker, lane->x);
        most = larger(most, distance(path->dim, lane->x, path->x + n * path->dim));
    }
    comparison_walker_state(walker, end);
    return most;
}

/* ---- all trials ---- */

/* Mean of `count` numbers and the standard error of its square root. */
static double root_mean(size_t count, const double *squares, double *error)
{
    double mean = 0, variance = 0;
    for (size_t k = 0; k < count; k++)
        mean += squares[k] / (double)count;
    for (size_t k = 0; k < count; k++)
        variance += (squares[k] - mean) * (squares[k] - mean) / ((double)count - 1);
    *error = count > 1 ? sqrt(variance / (double)count / mean) / 2 : NAN;
    return sqrt(mean);
}

/* A scatter or a mean of the size of rounding is none. */
static void forget_rounding(const struct comparison_path *path, struct comparison_spread *spread)
{
    const double *end = path->x + path->steps * path->dim;
    double size = 0;
    for (size_t i = 0; i < path->dim; i++)
        size += fabs(end[i]);
    if (spread->deviation <= ROUNDINGS * DBL_EPSILON * size)
        spread->deviation = spread->deviation_error = 0;
    if (spread->bias <= ROUNDINGS * DBL_EPSILON * size)
        spread->bias = 0;
}

/* most[trials]: largest distances; then scratch. */
static void spread_compute(const struct comparison_path *path, double *most, double *mean,
                           struct comparison_spread *spread)
{
    const size_t dim = path->dim, trials = spread->trials;
    const double K = (double)trials;
    for (size_t k = 0; k < trials; k++)
        most[k] *= most[k];
    spread->rms = root_mean(trials, most, &spread->rms_error);
    memset(mean, 0, dim * sizeof *mean);
    for (size_t k = 0; k < trials; k++)
        for (size_t i = 0; i < dim; i++)
            mean[i] += spread->end[k * dim + i] / K;
    for (size_t k = 0; k < trials; k++) {
        const double off = distance(dim, mean, spread->end + k * dim);
        most[k] = off * off * K / (K - 1);
    }
    spread->deviation = trials > 1 ? root_mean(trials, most, &spread->deviation_error) : NAN;
    spread->bias = distance(dim, mean, path->x + path->steps * dim);
    spread->bias_error = spread->deviation / sqrt(K);
    forget_rounding(path, spread);
}

static void lanes_free(size_t threads, struct lane *lanes)
{
    for (size_t k = 0; lanes && k < threads; k++) {
        comparison_walker_free(lanes[k].walker);
        free(lanes[k].order);
        free(lanes[k].x);
    }
    free(lanes);
}

static enum status lane_fill(const struct comparison_system *system, size_t batch,
                             struct lane *lane)
{
    const size_t places = system->count > batch ? system->count : batch;
    lane->order = malloc(places * sizeof *lane->order);
    lane->x = malloc(system->flow->dim * sizeof *lane->x);
    if (!lane->order || !lane->x)
        return status_fail(NO_MEMORY, "%zu samples", system->count);
    return comparison_walker_create(system, batch, &lane->walker);
}

static enum status lanes_create(const struct comparison_system *system,
                                const struct comparison_trials *trials, struct lane **lanes)
{
    struct lane *made = calloc(trials->threads, sizeof *made);
    enum status status = OK;
    if (!made)
        return status_fail(NO_MEMORY, "%zu threads", trials->threads);
    for (size_t k = 0; k < trials->threads && status == OK; k++)
        status = lane_fill(system, trials->batch, &made[k]);
    if (status == OK)
        *lanes = made;
    else
        lanes_free(trials->threads, made);
    return status;
}

/* Trial k goes to thread k mod threads; most[trials]. */
static void trials_run(const struct comparison_trials *trials, const struct comparison_path *path,
                       struct lane *lanes, double *most, double *end)
{
    const int threads = (int)trials->threads;
    assert(lanes);
#pragma omp parallel for num_threads(threads) schedule(static, 1)
    for (int lane = 0; lane < threads; lane++)
        for (size_t k = (size_t)lane; k < trials->trials; k += trials->threads) {
            const bool stopped = trials->stop && trials->stop();
            most[k] = stopped ? NAN : trial_run(trials, path, &lanes[lane], k, end + k * path->dim);
        }
}

/* An interruption leaves gaps: the trials before the first one count. */
static size_t trials_whole(size_t trials, const double *most)
{
    size_t whole = 0;
    while (whole < trials && !isnan(most[whole]))
        whole++;
    return whole;
}

static enum status trials_check(const struct comparison_system *system,
                                const struct comparison_path *path,
                                const struct comparison_trials *trials)
{
    const bool whole = trials->sampling == SAMPLING_INDEPENDENT ||
                       (trials->batch > 0 && system->count % trials->batch == 0);
    if (!whole || trials->batch == 0)
        return status_fail(BAD_ARGUMENT, "a batch of %zu does not divide %zu samples",
                           trials->batch, system->count);
    if (trials->threads == 0 || trials->trials == 0)
        return status_fail(BAD_ARGUMENT, "minibatches need trials and a thread");
    const size_t epoch = comparison_steps_epoch(system, trials);
    if (path->steps % epoch != 0)
        return status_fail(BAD_ARGUMENT, "%zu steps are no whole number of epochs of %zu",
                           path->steps, epoch);
    return OK;
}

void comparison_spread_clear(struct comparison_spread *spread)
{
    free(spread->end);
    *spread = (struct comparison_spread){.trials = 0};
}

enum status comparison_steps_trials(const struct comparison_system *system,
                                    const struct comparison_path *path,
                                    const struct comparison_trials *trials,
                                    struct comparison_spread *spread)
{
    TRY(trials_check(system, path, trials));
    double *most = malloc((trials->trials + path->dim) * sizeof *most);
    double *end = malloc(trials->trials * path->dim * sizeof *end);
    struct lane *lanes = NULL;
    if (!most || !end) {
        free(most);
        free(end);
        return status_fail(NO_MEMORY, "%zu trials", trials->trials);
    }
    const enum status status = lanes_create(system, trials, &lanes);
    if (status == OK) {
        trials_run(trials, path, lanes, most, end);
        *spread =
            (struct comparison_spread){.trials = trials_whole(trials->trials, most), .end = end};
        spread_compute(path, most, most + trials->trials, spread);
        if (trials->sampling != SAMPLING_ORDERED && spread->trials < COMPARISON_TRIALS_LEAST)
            spread->rms_error = spread->deviation_error = spread->bias_error = 0;
        lanes_free(trials->threads, lanes);
    } else {
        free(end);
    }
    free(most);
    return status;
}

/* ---- one walk, state by state ---- */

static enum status trace_full(const struct comparison_system *system,
                              const struct comparison_path *path, double *x)
{
    struct comparison_walker *walker = NULL;
    TRY(comparison_walker_create(system, 0, &walker));
    comparison_walker_place(walker, path->x);
    for (size_t n = 1; n <= path->steps; n++) {
        comparison_walker_whole(walker);
        learner_step(walker->learner, path->horizon / (double)path->steps);
        comparison_walker_state(walker, x + n * path->dim);
    }
    comparison_walker_free(walker);
    return OK;
}

enum status comparison_steps_trace(const struct comparison_system *system,
                                   const struct comparison_path *path,
                                   const struct comparison_trials *trials, size_t trial, double *x)
{
    struct lane *lane = NULL;
    struct comparison_trials one = *trials;
    memcpy(x, path->x, path->dim * sizeof *x);
    if (trials->sampling == SAMPLING_ALL)
        return trace_full(system, path, x);
    one.threads = 1;
    TRY(trials_check(system, path, &one));
    TRY(lanes_create(system, &one, &lane));
    assert(lane);
    lane->trace = x;
    double *end = malloc(path->dim * sizeof *end);
    const enum status status = end ? OK : status_fail(NO_MEMORY, "%zu unknowns", path->dim);
    if (end)
        trial_run(&one, path, lane, trial, end);
    free(end);
    lanes_free(1, lane);
    return status;
}
