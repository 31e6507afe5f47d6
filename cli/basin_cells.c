/* Trajectories or predictions of the cells that the ledger has not.
 *
 * Runs of missing pieces are given out to the ranks, of which there may be one, and are worked off
 * there in spans, of which the sweeper takes most: between spans an interrupt is asked for, so they
 * are grown or cut to last about a second; within one it stops the referee, and the cells at work
 * are dropped.  Nothing depends on the length of runs and spans.  Where values need the way and not
 * only its end, the referee runs every cell, in parallel; predictions are made in parallel, too,
 * with one prediction at a time for each thread.  Cells come in the order of their numbers, and go
 * to rank 0 piece by piece, which saves them in the order in which they come. */
#include "cli/basin.h"

#include "base/progress.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "linear/chain.h"
#include "ode/trajectory.h"
#include "ode/vector.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double SPAN_SECONDS = 1; /* what an interrupt may wait for */
enum { SPAN_FIRST = 16, SPAN_GROWTH = 4, SPAN_MOST = 1 << 17, SPAN_ARRAYS_MOST = 4096 };

/* Of cells done here, for one line to whoever waits without a progress line. */
struct pace {
    size_t total, done, by_referee; /* total 0: nobody is told */
    double begun;
};
static const double PACE_AFTER = 4, PACE_LONG = 60; /* s: when it is known; what is worth a word */

struct work {
    struct basin_map *map;
    struct basin_record *record;   /* of the piece that fills */
    double *column;                /* [columns] of one cell */
    size_t first, span;            /* cells at work: first, first + 1, ... */
    const double *point;           /* [span*axes] where they start; NULL: where the grid says */
    size_t span_next;              /* how many are to follow */
    const struct ranks_sink *sink; /* of full pieces */
    size_t threads;
    struct progress *progress; /* of cells; NULL: only pieces are seen, which come from all ranks */
    struct ranks_run gap;      /* of the ledger, so far as it has not been given out */
    struct pace pace;
};

/* Struct plan's `stop`. */
static bool is_interrupted(void *context, double t)
{
    (void)context, (void)t;
    return *interrupt_flag() != 0;
}

static void work_start(const struct work *work, size_t k, double *x0)
{
    const struct basin_grid *grid = &work->map->basin.grid;
    if (work->point)
        basin_grid_place(grid, work->point + k * grid->axes, x0);
    else
        basin_grid_start(grid, work->first + k, x0);
}

/* ---- pieces ---- */

static void record_fill(struct work *work, size_t at, const struct basin_cell *cell)
{
    const struct basin_map *map = work->map;
    struct basin_record *record = work->record;
    const struct sweep_result *result = cell->result;
    basin_values_fill(map, cell, work->column);
    for (size_t k = 0; k < map->columns; k++)
        *basin_record_at(record, k, at) = work->column[k];
    record->ending[at] = (unsigned char)result->ending;
    record->flags[at] = (unsigned char)((result->by_referee ? BASIN_BY_REFEREE : 0) |
                                        (result->has_limit ? BASIN_HAS_LIMIT : 0));
    record->minimum[at] = (unsigned char)basin_classes_minimum(
        map->given.flow, cell->x0, result->has_limit ? result->limit : NULL);
    basin_values_root(map, result, &record->root[at], &record->roots[at]);
}

/* Once, when it is known how long the map will take, if that is long. */
static void pace_tell(struct work *work, const struct sweep_result *result)
{
    enum { PERCENT = 100 };
    struct pace *pace = &work->pace;
    const double seconds = progress_clock() - pace->begun;
    pace->done++;
    pace->by_referee += result->by_referee;
    if (pace->total == 0 || seconds < PACE_AFTER)
        return;
    const double left = seconds * (double)(pace->total - pace->done) / (double)pace->done;
    if (left > PACE_LONG)
        (void)fprintf(
            stderr,
            "%ssettle basin: %zu cells will take some %.0f s at the pace of the first %zu, "
            "of which the referee decides %zu %%; --help says what is fast\n",
            progress_is_visible(work->progress) ? terminal_erase : "", pace->total, seconds + left,
            pace->done, PERCENT * pace->by_referee / pace->done);
    pace->total = 0;
}

/* Cell `number`, after all others of its piece before it. */
static enum status cell_take(struct work *work, size_t number, const struct basin_cell *cell)
{
    struct basin_map *map = work->map;
    struct basin_record *record = work->record;
    const size_t piece = number / map->piece, at = number % map->piece;
    if (*interrupt_flag()) /* its way may have been cut short */
        return status_fail(INTERRUPTED, "interrupted");
    if (work->point) {
        record_fill(work, number, cell);
        return OK;
    }
    pace_tell(work, cell->result);
    if (at == 0)
        basin_record_lay(record, basin_map_piece_count(map, piece));
    record_fill(work, at, cell);
    if (at + 1 < record->count)
        return OK;
    return work->sink->take(work->sink->context, piece, basin_record_size(record),
                            basin_record_bytes(record));
}

/* On rank 0. */
static enum status piece_save(void *context, size_t piece, size_t size, const void *bytes)
{
    const struct work *work = context;
    const size_t cells = basin_map_piece_count(work->map, piece);
    work->map->trajectories += cells;
    if (!work->progress) /* who sees cells has counted them */
        progress_advance(work->map->progress, cells);
    return basin_ledger_save(work->map->ledger, piece, size, bytes);
}

/* ---- by the sweeper ---- */

static enum status flow_make(void *context, struct flow **flow)
{
    const struct work *work = context;
    return problem_flow(&work->map->given.problem, flow);
}

static void start_make(const void *context, size_t k, double *x0)
{
    work_start(context, k, x0);
}

static enum status result_take(void *context, size_t k, const double *x0,
                               const struct sweep_result *result)
{
    struct work *work = context;
    const struct basin_cell cell = {.x0 = x0, .result = result};
    return cell_take(work, work->first + k, &cell);
}

static enum status span_sweep(struct work *work)
{
    struct sweep_plan plan = sweep_plan_defaults();
    plan.threads = work->threads;
    plan.referee = work->map->plan;
    if (!plan.referee.stop)
        plan.referee.stop = is_interrupted;
    plan.progress = work->progress;
    plan.observes = basin_values_observe(work->map);
    if (options_given(work->map->options, OPTION_rtol))
        plan.fine.rtol = plan.referee.rtol;
    if (options_given(work->map->options, OPTION_atol))
        plan.fine.atol = plan.referee.atol;
    if (options_given(work->map->options, OPTION_rtol) ||
        options_given(work->map->options, OPTION_atol))
        plan.observed = plan.fine;
    plan.coarse.rtol = fmax(plan.coarse.rtol, plan.fine.rtol);
    plan.coarse.atol = fmax(plan.coarse.atol, plan.fine.atol);
    const struct sweep_task task = {.count = work->span,
                                    .flow = flow_make,
                                    .start = start_make,
                                    .result = result_take,
                                    .context = work};
    return sweep_run(&plan, &task, NULL);
}

/* ---- by prediction ---- */

/* Of one thread. */
struct hand {
    struct flow *flow;
    double *predicted; /* [max(dim, outputs)] */
};

struct batch {
    struct work *work;
    struct hand *hand;  /* [threads] */
    double *x0, *limit; /* [span*dim] */
    struct sweep_result *result;
    enum status failed;
    char message[STATUS_MESSAGE_MAX];
};

static enum status predict_cell(struct batch *batch, struct hand *hand, size_t k)
{
    const size_t n = hand->flow->dim;
    struct prediction prediction;
    TRY(problem_predict(&batch->work->map->given.problem, batch->x0 + k * n, hand->predicted,
                        &prediction));
    const bool has_limit =
        prediction.about == PREDICTION_STATE &&
        (prediction.ending == ENDING_SETTLED || prediction.ending == ENDING_SADDLE ||
         prediction.ending == ENDING_CREEPING);
    memcpy(batch->limit + k * n, hand->predicted, n * sizeof(double));
    struct sweep_result *result = &batch->result[k];
    *result = sweep_result_unknown;
    result->ending = prediction.ending;
    result->by_referee = false;
    result->has_limit = has_limit;
    result->t = NAN;
    result->transverse_rate = prediction.rate;
    result->distance_bound = prediction.error;
    result->limit = batch->limit + k * n;
    return OK;
}

/* Keeps the first failure, whichever thread it is of. */
static void note_failure(struct batch *batch, enum status status)
{
    if (status == OK)
        return;
#pragma omp critical(basin_failure)
    if (batch->failed == OK) {
        batch->failed = status;
        strncpy(batch->message, status_message(), sizeof batch->message - 1);
    }
}

static void cell_run(struct batch *batch, struct hand *hand, size_t k)
{
    if (*interrupt_flag())
        return; /* nobody takes the cells of this span */
    work_start(batch->work, k, batch->x0 + k * batch->work->map->given.dim);
    note_failure(batch, predict_cell(batch, hand, k));
    progress_advance(batch->work->progress, 1);
}

static enum status batch_run(struct batch *batch)
{
    struct work *work = batch->work;
    const size_t n = work->map->given.dim;
#pragma omp parallel for schedule(dynamic, 1) num_threads((int)work->threads)
    for (long k = 0; k < (long)work->span; k++)
        cell_run(batch, &batch->hand[omp_get_thread_num()], (size_t)k);
    if (batch->failed != OK)
        return status_fail(batch->failed, "%s", batch->message);
    for (size_t k = 0; k < work->span; k++) {
        const struct basin_cell cell = {.x0 = batch->x0 + k * n, .result = &batch->result[k]};
        TRY(cell_take(work, work->first + k, &cell));
    }
    return OK;
}

static enum status hand_open(struct hand *hand, const struct basin_map *map)
{
    const struct problem_given *given = &map->given;
    TRY(problem_flow(&given->problem, &hand->flow));
    const size_t n = given->dim, outputs = hand->flow->outputs;
    hand->predicted = calloc(n > outputs ? n : outputs, sizeof *hand->predicted);
    if (!hand->predicted)
        return status_fail(NO_MEMORY, "a prediction of %zu unknowns", n);
    return OK;
}

static enum status batch_open(struct batch *batch)
{
    const struct work *work = batch->work;
    const size_t n = work->map->given.dim;
    batch->hand = calloc(work->threads, sizeof *batch->hand);
    batch->x0 = calloc(2 * work->span * n, sizeof *batch->x0);
    batch->result = calloc(work->span, sizeof *batch->result);
    if (!batch->hand || !batch->x0 || !batch->result)
        return status_fail(NO_MEMORY, "%zu cells at once", work->span);
    batch->limit = batch->x0 + work->span * n;
    for (size_t k = 0; k < work->threads; k++)
        TRY(hand_open(&batch->hand[k], work->map));
    return batch_run(batch);
}

static enum status span_predict(struct work *work)
{
    struct batch batch = {.work = work};
    const enum status status = batch_open(&batch);
    for (size_t k = 0; batch.hand && k < work->threads; k++) {
        flow_free(batch.hand[k].flow);
        free(batch.hand[k].predicted);
    }
    free(batch.hand);
    free(batch.x0);
    free(batch.result);
    return status;
}

/* ---- spans ---- */

static bool by_sweeper(const struct work *work)
{
    return !work->map->predicts;
}

/* The next span takes about SPAN_SECONDS. */
static size_t span_next(const struct work *work, size_t span, double seconds)
{
    const size_t most = by_sweeper(work) ? SPAN_MOST : SPAN_ARRAYS_MOST;
    if (seconds > SPAN_SECONDS && span > work->threads)
        return span / 2;
    if (SPAN_GROWTH * seconds < SPAN_SECONDS && span * SPAN_GROWTH <= most)
        return span * SPAN_GROWTH;
    return span;
}

static enum status span_compute(struct work *work)
{
    const double begun = progress_clock();
    const enum status status = by_sweeper(work) ? span_sweep(work) : span_predict(work);
    if (*interrupt_flag())
        return OK;
    work->span_next = span_next(work, work->span_next, progress_clock() - begun);
    return status;
}

/* Struct ranks_task's `compute`. */
static enum status run_compute(void *context, const struct ranks_run *run,
                               const struct ranks_sink *sink)
{
    struct work *work = context;
    const size_t piece = work->map->piece, cells = basin_grid_cells(&work->map->basin.grid);
    const size_t end = run->end * piece < cells ? run->end * piece : cells;
    work->sink = sink;
    for (work->first = run->first * piece; work->first < end && !*interrupt_flag();
         work->first += work->span) {
        work->span = end - work->first < work->span_next ? end - work->first : work->span_next;
        TRY(span_compute(work));
    }
    return OK;
}

/* Struct ranks_task's `next`: from the gaps of the ledger, what the part has of them. */
static enum status run_next(void *context, size_t most, struct ranks_run *run)
{
    struct work *work = context;
    struct basin_map *map = work->map;
    *run = (struct ranks_run){0};
    while (run->first == run->end) {
        if (work->gap.first == work->gap.end)
            TRY(basin_ledger_gap(map->ledger, basin_map_pieces(map), &work->gap.first,
                                 &work->gap.end));
        if (work->gap.first == work->gap.end)
            return OK;
        *run = work->gap;
        basin_part_cut(&map->own_part, run);
        if (run->end - run->first > most)
            run->end = run->first + most;
        work->gap.first = run->end;
    }
    return OK;
}

static size_t fewer(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Rank 0 has the ledger, and so knows what there is to do. */
static enum status missing_compute(struct work *work)
{
    struct basin_map *map = work->map;
    struct ranks_task task = {
        .next = run_next, .compute = run_compute, .save = piece_save, .context = work};
    size_t done = 0;
    if (map->ledger)
        TRY(basin_ledger_count(map->ledger, &done));
    const size_t pieces = basin_part_count(&map->own_part);
    task.missing = pieces > done ? pieces - done : 0;
    basin_record_lay(work->record, map->piece);
    task.bytes_most = basin_record_size(work->record);
    if (ranks_count() == 1 && !options_given(map->options, OPTION_quiet))
        work->pace = (struct pace){
            .total = fewer(task.missing * map->piece, basin_grid_cells(&map->basin.grid)),
            .begun = progress_clock()};
    progress_begin(map->progress, map->given.flow->title, task.missing * map->piece);
    const enum status status = ranks_compute(&task);
    progress_end(map->progress);
    return status;
}

static enum status work_open(struct work *work, struct basin_map *map, size_t threads)
{
    *work = (struct work){.map = map, .threads = threads, .span_next = SPAN_FIRST};
    if (map->options->threads > 0)
        work->threads = (size_t)map->options->threads;
    work->column = calloc(map->columns, sizeof *work->column);
    if (!work->column)
        return status_fail(NO_MEMORY, "cells of %zu columns", map->columns);
    return OK;
}

enum status basin_cells_at(struct basin_map *map, size_t count, const double *point,
                           struct basin_record *record)
{
    struct work work;
    TRY(work_open(&work, map, (size_t)omp_get_max_threads()));
    work.record = record;
    work.point = point;
    work.span = count;
    basin_record_lay(record, count);
    const enum status status = by_sweeper(&work) ? span_sweep(&work) : span_predict(&work);
    free(work.column);
    return status;
}

enum status basin_cells_compute(struct basin_map *map)
{
    struct work work;
    enum status status = work_open(&work, map, ranks_threads());
    work.progress = ranks_count() == 1 ? map->progress : NULL;
    work.record = basin_record_create(map->columns);
    if (status == OK && !work.record)
        status = status_fail(NO_MEMORY, "tiles of %zu columns", map->columns);
    status = ranks_agree(status);
    const double begun = progress_clock();
    if (status == OK)
        status = missing_compute(&work);
    map->seconds = progress_clock() - begun;
    map->interrupted = *interrupt_flag() != 0;
    basin_record_free(work.record);
    free(work.column);
    return status;
}
