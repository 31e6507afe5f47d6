/* The runs of settle train, side by side, saved as they go.
 *
 * A run measures itself at the start, at some moments within the first epoch (if there is a folder:
 * most of the alignment happens there) and at the end of each epoch.  Every quarter of a second, or
 * less often where files are large, it writes its history and then its checkpoint; a process that is
 * killed between the two leaves records of steps that are taken again, with the same bits, so what
 * lies beyond the checkpoint is dropped. */
#include "cli/train.h"

#include "base/folder.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "networks/blas.h"

#include <math.h>
#include <omp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_CAPACITY = 32, LINE = 160 };

static const double SAVE_SECONDS = 0.25; /* of work that a kill may lose, more if saving is slow */
static const double SAVE_SHARE = 20;     /* work to be done for each second of saving */

const char train_checkpoint[] = "checkpoint", train_history[] = "history";

struct work {
    struct train *train;
    struct progress *progress;
    double begun;
    atomic_size_t images;      /* by this process */
    atomic_size_t images_left; /* of them, at the start: without those of saved steps */
    atomic_size_t runs;        /* finished */
    enum status failed;        /* the first failure and its message */
    char message[STATUS_MESSAGE_MAX];
};

const char *train_file(const struct train_run *run, const char *extension, char *name)
{
    snprintf(name, TRAIN_NAME, "%s-%llu.%s", run->plan.learner.rule->name,
             (unsigned long long)run->plan.learner.seed, extension);
    return name;
}

/* --- records ----------------------------------------------------------------------------- */

static enum status record_add(struct train_run *run, struct training *training)
{
    if (run->records == run->capacity) {
        const size_t capacity = run->capacity ? 2 * run->capacity : FIRST_CAPACITY;
        struct training_record *grown = realloc(run->record, capacity * sizeof *grown);
        if (!grown)
            return status_fail(NO_MEMORY, "%zu measurements", capacity);
        run->record = grown;
        run->capacity = capacity;
    }
    training_measure(training, &run->record[run->records++]);
    return OK;
}

/* Steps of the first epoch after which a run with a folder is measured, and the end of a
 * pretraining. */
static bool is_moment(const struct train *train, size_t steps)
{
    const size_t noise = train->plan.noise_batches;
    if (noise > 0 && steps == noise)
        return true;
    for (size_t k = 0; k < TRAINING_MEASURES && train->directory && steps > noise; k++)
        if (training_measures[k] == steps - noise)
            return true;
    return false;
}

bool train_is_whole(const struct train *train, const struct training_record *record)
{
    return record->steps == train->plan.noise_batches + record->epoch * train_steps_of_epoch(train);
}

/* --- saving and going on ------------------------------------------------------------------- */

static enum status run_save(const struct train *train, const struct train_run *run,
                            const struct training *training)
{
    char name[TRAIN_NAME];
    if (!train->directory)
        return OK;
    TRY(train_history_save(train, run));
    return training_save(training, train->directory, train_file(run, train_checkpoint, name));
}

static bool is_saved(const struct train *train, const struct train_run *run)
{
    char name[TRAIN_NAME], path[FOLDER_PATH_MAX];
    if (!train->directory || !options_given(train->options, OPTION_resume))
        return false;
    return folder_join(train->directory, train_file(run, train_checkpoint, name), sizeof path,
                       path) == OK &&
           access(path, F_OK) == 0;
}

/* The checkpoint, and the history up to it. */
static enum status run_load(const struct train *train, struct train_run *run,
                            struct training *training)
{
    char name[TRAIN_NAME], message[STATUS_MESSAGE_MAX];
    const enum status status =
        training_load(training, train->directory, train_file(run, train_checkpoint, name));
    if (status == OK)
        return train_history_load(train, training->steps, run);
    snprintf(message, sizeof message, "%s", status_message());
    return status_fail(status, "%s; --replace begins anew", message);
}

static enum status run_begin(struct work *work, struct train_run *run, struct training *training)
{
    TRY(record_add(run, training));
    if (!is_saved(work->train, run))
        return OK;
    TRY(run_load(work->train, run, training));
    atomic_fetch_sub(&work->images_left, training->steps * run->plan.batch);
    return OK;
}

/* --- one run ------------------------------------------------------------------------------- */

/* "12/60 runs; rbp, seed 3: epoch 4/10, loss 0.31; 23456 images/s, 41 s left" */
static void progress_tell(struct work *work, const struct train_run *run,
                          const struct training *training)
{
    const struct train *train = work->train;
    if (!progress_is_visible(work->progress))
        return;
    char line[LINE], runs[LINE] = "", seed[LINE] = "";
    const double images = (double)atomic_load(&work->images),
                 left = (double)atomic_load(&work->images_left),
                 seconds = progress_clock() - work->begun,
                 rate = seconds > 0 ? images / seconds : 0;
    if (train->runs > 1)
        snprintf(runs, sizeof runs, "%zu/%zu runs; ", (size_t)atomic_load(&work->runs),
                 train->runs);
    if (train->trials > 1)
        snprintf(seed, sizeof seed, ", seed %llu", (unsigned long long)run->plan.learner.seed);
    snprintf(line, sizeof line,
             "%.30s%s%.30s: epoch %zu/%zu, loss %.3g; %.0f images/s, %.0f s left", runs,
             run->plan.learner.rule->name, seed, training->epoch + 1, run->plan.epochs,
             run->record[run->records - 1].loss[DATASET_TRAIN], rate,
             rate > 0 ? fmax(0, left - images) / rate : 0);
    progress_note(work->progress, line);
}

struct course {
    double saved; /* when, by progress_clock() */
    double pause; /* seconds till the next time */
};

static enum status save_in_time(struct work *work, const struct train_run *run,
                                const struct training *training, struct course *course)
{
    const double now = progress_clock();
    if (!work->train->directory || now - course->saved < course->pause)
        return OK;
    TRY(run_save(work->train, run, training));
    course->saved = progress_clock();
    course->pause = fmax(SAVE_SECONDS, SAVE_SHARE * (course->saved - now));
    return OK;
}

/* One batch, and what is measured after it. */
static enum status step_take(struct work *work, struct train_run *run, struct training *training)
{
    const size_t epoch = training->epoch;
    const double begun = progress_clock();
    training_step(training);
    run->seconds += progress_clock() - begun;
    run->seconds_steps++;
    run->steps = training->steps;
    atomic_fetch_add(&work->images, run->plan.batch);
    const bool moment = epoch == 0 && is_moment(work->train, training->steps);
    const bool known =
        run->record[run->records - 1].steps == training->steps; /* diverged at once */
    const bool due = training->epoch > epoch || training->diverged || moment;
    return due && !known ? record_add(run, training) : OK;
}

static enum status run_go(struct work *work, struct train_run *run, struct training *training)
{
    struct course course = {.saved = 0, .pause = SAVE_SECONDS}; /* the first step is saved */
    run->steps = training->steps;
    while (training->epoch < run->plan.epochs && !training->diverged && *interrupt_flag() == 0 &&
           work->failed == OK) {
        TRY(step_take(work, run, training));
        TRY(save_in_time(work, run, training, &course));
        progress_tell(work, run, training);
    }
    run->diverged = training->diverged;
    run->finished = run->diverged || training->epoch >= run->plan.epochs;
    return run_save(work->train, run, training);
}

static enum status run_compute(struct work *work, struct train_run *run)
{
    const struct train *train = work->train;
    struct training *training = NULL;
    if (*interrupt_flag() || work->failed != OK)
        return OK;
    TRY(training_create(&run->plan, &train->set[DATASET_TRAIN], &train->set[DATASET_TEST],
                        &training));
    enum status status = run_begin(work, run, training);
    if (status == OK)
        status = run_go(work, run, training);
    training_free(training);
    atomic_fetch_add(&work->runs, run->finished);
    return status;
}

/* --- all of them --------------------------------------------------------------------------- */

/* Keeps the first failure, whichever thread it is of. */
static void failure_note(struct work *work, enum status status)
{
    if (status == OK)
        return;
#pragma omp critical(train_failure)
    if (work->failed == OK) {
        snprintf(work->message, sizeof work->message, "%s", status_message());
        work->failed = status;
    }
}

static size_t threads_of(const struct train *train)
{
    const size_t given = (size_t)train->options->threads;
    const size_t all = given ? given : (size_t)omp_get_max_threads();
    return all < train->runs ? all : train->runs;
}

static void runs_compute(struct work *work)
{
    struct train *train = work->train;
    progress_begin(work->progress, "training", train->runs);
#pragma omp parallel for schedule(dynamic, 1) num_threads((int)train->threads)
    for (long k = 0; k < (long)train->runs; k++)
        failure_note(work, run_compute(work, &train->run[k]));
    progress_end(work->progress);
}

/* As run_begin() will load it; nothing is kept. */
static enum status saved_check(const struct train *train, const struct train_run *run)
{
    struct train_run read = {.plan = run->plan};
    struct training *training = NULL;
    if (!is_saved(train, run))
        return OK;
    TRY(training_create(&run->plan, &train->set[DATASET_TRAIN], &train->set[DATASET_TEST],
                        &training));
    enum status status = record_add(&read, training);
    if (status == OK)
        status = run_load(train, &read, training);
    training_free(training);
    free(read.record);
    return status;
}

enum status train_saved_check(struct train *train)
{
    struct work work = {.train = train};
    train->threads = threads_of(train);
#pragma omp parallel for schedule(dynamic, 1) num_threads((int)train->threads)
    for (long k = 0; k < (long)train->runs; k++)
        failure_note(&work, saved_check(train, &train->run[k]));
    return work.failed == OK ? OK : status_fail(work.failed, "%s", work.message);
}

enum status train_compute(struct train *train)
{
    struct work work = {.train = train, .begun = progress_clock()};
    TRY(blas_open());
    blas_threads(
        1); /* the runs are what is parallel; no sum then depends on the number of threads */
    train->threads = threads_of(train);
    work.images_left =
        train->runs * train->plan.batch *
        (train->plan.noise_batches + train->plan.epochs * train_steps_of_epoch(train));
    work.progress = terminal_progress(train->options);
    runs_compute(&work);
    progress_free(work.progress);
    train->seconds = progress_clock() - work.begun;
    for (size_t k = 0; k < train->runs; k++)
        train->interrupted |= !train->run[k].finished;
    return work.failed == OK ? OK : status_fail(work.failed, "%s", work.message);
}
