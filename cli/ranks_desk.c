/* A ring of parcels and a place for one run, under one lock.
 *
 * Both threads take the lock for moments only: pieces are copied into the ring, and saved or sent
 * from it, by the one side that owns their place just then.  Rejected: letting the thread that
 * computes communicate, too.  Then rank 0 answers nobody while it computes, and what all others do
 * meanwhile is wait. */
#include "cli/ranks_desk.h"

#include "base/progress.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PARCELS_MOST = 8 };
static const long NAP_NANOSECONDS = 1000000, SECOND_NANOSECONDS = 1000000000;

struct ranks_desk {
    const struct ranks_task *task;
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t turned;
    bool has_run, is_closed, is_through;
    struct ranks_run run;
    double pace;
    size_t taken, laid;        /* parcels since the beginning */
    size_t size[PARCELS_MOST]; /* of parcel k at k % PARCELS_MOST */
    unsigned char *parcels;
    size_t parcel_bytes;
    enum status status;
    char message[STATUS_MESSAGE_MAX];
};

static struct ranks_parcel *parcel_at(struct ranks_desk *desk, size_t k)
{
    return (struct ranks_parcel *)(desk->parcels + k % PARCELS_MOST * desk->parcel_bytes);
}

/* ---- the side that computes ---- */

static enum status parcel_lay(void *context, size_t piece, size_t size, const void *bytes)
{
    struct ranks_desk *desk = context;
    (void)pthread_mutex_lock(&desk->lock);
    while (desk->laid - desk->taken == PARCELS_MOST)
        (void)pthread_cond_wait(&desk->turned, &desk->lock);
    const size_t at = desk->laid;
    (void)pthread_mutex_unlock(&desk->lock);
    struct ranks_parcel *parcel = parcel_at(desk, at); /* nobody else's before it is counted */
    parcel->piece = piece;
    memcpy(parcel->bytes, bytes, size);
    (void)pthread_mutex_lock(&desk->lock);
    desk->size[at % PARCELS_MOST] = size;
    desk->laid++;
    (void)pthread_cond_broadcast(&desk->turned);
    (void)pthread_mutex_unlock(&desk->lock);
    return OK;
}

/* false: there will be none. */
static bool run_take(struct ranks_desk *desk, struct ranks_run *run)
{
    (void)pthread_mutex_lock(&desk->lock);
    while (!desk->has_run && !desk->is_closed)
        (void)pthread_cond_wait(&desk->turned, &desk->lock);
    const bool has_run = desk->has_run;
    *run = desk->run;
    desk->has_run = false;
    desk->is_through = !has_run;
    (void)pthread_cond_broadcast(&desk->turned);
    (void)pthread_mutex_unlock(&desk->lock);
    return has_run;
}

static void run_note(struct ranks_desk *desk, enum status status, double pace)
{
    (void)pthread_mutex_lock(&desk->lock);
    desk->pace = pace;
    if (status != OK) {
        desk->status = status;
        strncpy(desk->message, status_message(), sizeof desk->message - 1);
        desk->has_run = false;
        desk->is_closed = desk->is_through = true;
    }
    (void)pthread_cond_broadcast(&desk->turned);
    (void)pthread_mutex_unlock(&desk->lock);
}

static void *runs_compute(void *context)
{
    struct ranks_desk *desk = context;
    const struct ranks_task *task = desk->task;
    const struct ranks_sink sink = {.take = parcel_lay, .context = desk};
    struct ranks_run run;
    enum status status = OK;
    while (status == OK && run_take(desk, &run)) {
        const double begun = progress_clock();
        status = task->compute(task->context, &run, &sink);
        run_note(desk, status, (progress_clock() - begun) / (double)(run.end - run.first));
    }
    return NULL;
}

/* ---- the other side ---- */

static enum status desk_start(struct ranks_desk *desk)
{
    desk->parcels = calloc(PARCELS_MOST, desk->parcel_bytes);
    if (!desk->parcels)
        return status_fail(NO_MEMORY, "pieces of %zu bytes", desk->parcel_bytes);
    if (pthread_mutex_init(&desk->lock, NULL) != 0)
        return status_fail(NO_MEMORY, "a lock");
    if (pthread_cond_init(&desk->turned, NULL) == 0) {
        if (pthread_create(&desk->thread, NULL, runs_compute, desk) == 0)
            return OK;
        pthread_cond_destroy(&desk->turned);
    }
    pthread_mutex_destroy(&desk->lock);
    return status_fail(NO_MEMORY, "a thread");
}

enum status ranks_desk_open(const struct ranks_task *task, struct ranks_desk **desk)
{
    struct ranks_desk *made = calloc(1, sizeof *made);
    if (!made)
        return status_fail(NO_MEMORY, "a desk");
    made->task = task;
    made->status = OK;
    const size_t words = (task->bytes_most + sizeof(size_t) - 1) / sizeof(size_t); /* aligned */
    made->parcel_bytes = sizeof(struct ranks_parcel) + words * sizeof(size_t);
    const enum status status = desk_start(made);
    if (status != OK) {
        free(made->parcels);
        free(made);
        return status;
    }
    *desk = made;
    return OK;
}

void ranks_desk_free(struct ranks_desk *desk)
{
    if (!desk)
        return;
    (void)pthread_join(desk->thread, NULL);
    pthread_cond_destroy(&desk->turned);
    pthread_mutex_destroy(&desk->lock);
    free(desk->parcels);
    free(desk);
}

bool ranks_desk_wants(struct ranks_desk *desk)
{
    (void)pthread_mutex_lock(&desk->lock);
    const bool wants = !desk->has_run && !desk->is_closed;
    (void)pthread_mutex_unlock(&desk->lock);
    return wants;
}

void ranks_desk_put(struct ranks_desk *desk, const struct ranks_run *run)
{
    (void)pthread_mutex_lock(&desk->lock);
    desk->run = *run;
    desk->has_run = !desk->is_closed;
    (void)pthread_cond_broadcast(&desk->turned);
    (void)pthread_mutex_unlock(&desk->lock);
}

void ranks_desk_close(struct ranks_desk *desk)
{
    (void)pthread_mutex_lock(&desk->lock);
    desk->is_closed = true;
    (void)pthread_cond_broadcast(&desk->turned);
    (void)pthread_mutex_unlock(&desk->lock);
}

const struct ranks_parcel *ranks_desk_parcel(struct ranks_desk *desk, size_t *size)
{
    const struct ranks_parcel *parcel = NULL;
    (void)pthread_mutex_lock(&desk->lock);
    if (desk->taken < desk->laid) {
        parcel = parcel_at(desk, desk->taken);
        *size = desk->size[desk->taken % PARCELS_MOST];
    }
    (void)pthread_mutex_unlock(&desk->lock);
    return parcel;
}

void ranks_desk_drop(struct ranks_desk *desk)
{
    (void)pthread_mutex_lock(&desk->lock);
    desk->taken++;
    (void)pthread_cond_broadcast(&desk->turned);
    (void)pthread_mutex_unlock(&desk->lock);
}

bool ranks_desk_is_done(struct ranks_desk *desk)
{
    (void)pthread_mutex_lock(&desk->lock);
    const bool is_done = desk->is_through && desk->taken == desk->laid;
    (void)pthread_mutex_unlock(&desk->lock);
    return is_done;
}

enum status ranks_desk_status(struct ranks_desk *desk)
{
    (void)pthread_mutex_lock(&desk->lock);
    enum status status = desk->status;
    if (status != OK)
        status = status_fail(status, "%s", desk->message);
    (void)pthread_mutex_unlock(&desk->lock);
    return status;
}

double ranks_desk_pace(struct ranks_desk *desk)
{
    (void)pthread_mutex_lock(&desk->lock);
    const double pace = desk->pace;
    (void)pthread_mutex_unlock(&desk->lock);
    return pace;
}

void ranks_desk_wait(struct ranks_desk *desk)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += NAP_NANOSECONDS;
    until.tv_sec += until.tv_nsec / SECOND_NANOSECONDS;
    until.tv_nsec %= SECOND_NANOSECONDS;
    (void)pthread_mutex_lock(&desk->lock);
    (void)pthread_cond_timedwait(&desk->turned, &desk->lock, &until);
    (void)pthread_mutex_unlock(&desk->lock);
}
