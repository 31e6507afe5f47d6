/* A progress line that costs nothing when nobody looks.
 *
 * Any thread may advance: the count is atomic, and the line is drawn by whichever thread comes
 * first after a tenth of a second, under a lock that the others do not wait for.  The rate is the
 * mean since the start; the time left is what remains at that rate.  No result ever depends on any
 * of this. The line goes to stderr and only to a terminal, so that logs and pipes stay clean; where
 * a launcher stands between, whole lines go there, fewer and fewer. */
#include "base/progress.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const double UPDATE_INTERVAL = 0.1;              /* seconds between updates of the line */
static const double LOG_INTERVAL = 10, LOG_SHARE = 0.1; /* seconds; of those since the start */
static const double NANOSECOND = 1e-9;                  /* seconds */
static const double PERCENT = 100;
static const char ERASE_LINE[] = "\r\033[K"; /* ECMA-48: to column 1, erase to the end */

struct progress {
    bool visible, is_log;
    const char *what;
    size_t total;
    atomic_size_t done;
    pthread_mutex_t drawing; /* guards what follows */
    double started, drawn;   /* seconds of the monotonic clock */
};

double progress_clock(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + NANOSECOND * (double)t.tv_nsec;
}

struct progress *progress_create(bool visible)
{
    struct progress *progress = calloc(1, sizeof *progress);
    if (!progress)
        return NULL;
    if (pthread_mutex_init(&progress->drawing, NULL) != 0) {
        free(progress);
        return NULL;
    }
    progress->visible = visible && isatty(STDERR_FILENO);
    return progress;
}

struct progress *progress_create_log(bool visible)
{
    struct progress *progress = progress_create(visible);
    if (progress && !progress->visible)
        progress->visible = progress->is_log = visible;
    return progress;
}

void progress_begin(struct progress *progress, const char *what, size_t total)
{
    if (!progress || !progress->visible)
        return;
    (void)pthread_mutex_lock(&progress->drawing);
    progress->what = what;
    progress->total = total;
    atomic_store(&progress->done, 0);
    progress->started = progress->drawn = progress_clock();
    (void)pthread_mutex_unlock(&progress->drawing);
}

static bool is_due(const struct progress *progress, double time)
{
    const double log = fmax(LOG_INTERVAL, LOG_SHARE * (time - progress->started));
    return time - progress->drawn >= (progress->is_log ? log : UPDATE_INTERVAL);
}

/* What stands before a line and after it. */
static const char *line_begin(const struct progress *progress)
{
    return progress->is_log ? "" : ERASE_LINE;
}

static const char *line_end(const struct progress *progress)
{
    return progress->is_log ? "\n" : "";
}

/* Called with the lock held. */
static void draw(struct progress *progress, double time)
{
    const double done = (double)atomic_load(&progress->done), total = (double)progress->total;
    const double rate = time > progress->started ? done / (time - progress->started) : 0;
    const double percent = total > 0 ? PERCENT * done / total : PERCENT;
    (void)fprintf(stderr, "%s%s   %.0f/%.0f  %.0f %%  %.0f/s", line_begin(progress), progress->what,
                  done, total, percent, rate);
    if (rate > 0 && total >= done)
        (void)fprintf(stderr, "  %.0f s left", (total - done) / rate);
    (void)fputs(line_end(progress), stderr);
    (void)fflush(stderr);
    progress->drawn = time;
}

void progress_advance(struct progress *progress, size_t count)
{
    if (!progress || !progress->visible)
        return;
    atomic_fetch_add(&progress->done, count);
    if (pthread_mutex_trylock(&progress->drawing) != 0)
        return; /* another thread is drawing */
    const double time = progress_clock();
    if (is_due(progress, time))
        draw(progress, time);
    (void)pthread_mutex_unlock(&progress->drawing);
}

bool progress_is_visible(const struct progress *progress)
{
    return progress && progress->visible;
}

void progress_note(struct progress *progress, const char *text)
{
    if (!progress || !progress->visible)
        return;
    (void)pthread_mutex_lock(&progress->drawing);
    const double time = progress_clock();
    if (is_due(progress, time)) {
        (void)fprintf(stderr, "%s%s   %s  %.1f s%s", line_begin(progress), progress->what, text,
                      time - progress->started, line_end(progress));
        (void)fflush(stderr);
        progress->drawn = time;
    }
    (void)pthread_mutex_unlock(&progress->drawing);
}

void progress_end(struct progress *progress)
{
    if (!progress || !progress->visible)
        return;
    (void)pthread_mutex_lock(&progress->drawing);
    (void)fputs(line_begin(progress), stderr);
    (void)fflush(stderr);
    (void)pthread_mutex_unlock(&progress->drawing);
}

void progress_free(struct progress *progress)
{
    if (!progress)
        return;
    (void)pthread_mutex_destroy(&progress->drawing);
    free(progress);
}
