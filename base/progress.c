/* A progress line that costs nothing when nobody looks.
 *
 * Any thread may advance: the count is atomic, and the line is drawn by whichever thread comes
 * first after a tenth of a second, under a lock that the others do not wait for.  The rate is the
 * mean since the start; the time left is what remains at that rate.  No result ever depends on any
 * of this. The line goes to stderr and only to a terminal, so that logs and pipes stay clean; where
 * a launcher stands between, whole lines go there, fewer and fewer.
 *
 * On a terminal a thread of its own draws the line again where nothing advances for a while, so
 * that long single steps are seen to live; it sleeps otherwise, and gets no signals.  A line is cut
 * to the width that the terminal has at that moment: one that wraps cannot be erased. */
#include "base/progress.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum {
    LINE_MOST = 512,
    NOTE_MOST = 256,
    WIDTH_STANDARD = 80 /* of a terminal that does not say */
};

static const double UPDATE_INTERVAL = 0.1;              /* seconds between updates of the line */
static const double TICK = 0.5;                         /* the same where nothing advances */
static const double LOG_INTERVAL = 10, LOG_SHARE = 0.1; /* seconds; of those since the start */
static const double NANOSECOND = 1e-9;                  /* seconds */
static const double PERCENT = 100;
static const char ERASE_LINE[] = "\r\033[K"; /* ECMA-48: to column 1, erase to the end */

struct progress {
    bool visible, is_log, ticking;
    const char *what;
    size_t total, width; /* columns of a terminal that does not say */
    atomic_size_t done;
    pthread_t ticker;
    pthread_mutex_t drawing; /* guards what follows */
    pthread_cond_t over;
    bool active, is_over;
    char note[NOTE_MOST];
    double started, drawn; /* seconds of the monotonic clock */
};

double progress_clock(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + NANOSECOND * (double)t.tv_nsec;
}

/* ---- the line; called with the lock held ---- */

static size_t terminal_width(const struct progress *progress)
{
    struct winsize size = {0};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return progress->width;
}

/* Cuts a UTF-8 text to so many characters. */
static void cut(char *text, size_t characters)
{
    for (; *text; text++)
        if (((unsigned char)*text & 0xC0) != 0x80 && characters-- == 0) /* 10xxxxxx: within one */
            break;
    *text = '\0';
}

static void line_put(struct progress *progress, char *text, double time)
{
    if (progress->is_log) {
        (void)fprintf(stderr, "%s\n", text);
    } else {
        cut(text, terminal_width(progress) - 1); /* the last column may wrap */
        (void)fprintf(stderr, "%s%s", ERASE_LINE, text);
    }
    (void)fflush(stderr);
    progress->drawn = time;
}

static void draw_count(struct progress *progress, double time)
{
    const double done = (double)atomic_load(&progress->done), total = (double)progress->total;
    const double rate = time > progress->started ? done / (time - progress->started) : 0;
    char text[LINE_MOST], left[NOTE_MOST] = "";
    if (rate > 0 && total >= done)
        (void)snprintf(left, sizeof left, "  %.0f s left", (total - done) / rate);
    (void)snprintf(text, sizeof text, "%s   %.0f/%.0f  %.0f %%  %.0f/s%s", progress->what, done,
                   total, PERCENT * done / total, rate, left);
    line_put(progress, text, time);
}

static void draw_note(struct progress *progress, double time)
{
    char text[LINE_MOST];
    (void)snprintf(text, sizeof text, "%s   %s%s%.1f s", progress->what, progress->note,
                   *progress->note ? "  " : "", time - progress->started);
    line_put(progress, text, time);
}

static void draw(struct progress *progress, double time)
{
    if (progress->total > 0)
        draw_count(progress, time);
    else
        draw_note(progress, time);
}

/* ---- the thread that draws where nothing advances ---- */

static void tick_wait(struct progress *progress)
{
    struct timespec until = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    const double seconds = (double)until.tv_nsec * NANOSECOND + TICK;
    until.tv_sec += (time_t)seconds;
    until.tv_nsec = (long)((seconds - floor(seconds)) / NANOSECOND);
    (void)pthread_cond_timedwait(&progress->over, &progress->drawing, &until);
}

static void *tick(void *context)
{
    struct progress *progress = context;
    (void)pthread_mutex_lock(&progress->drawing);
    while (!progress->is_over) {
        tick_wait(progress);
        const double time = progress_clock();
        if (!progress->is_over && progress->active && time - progress->drawn >= TICK)
            draw(progress, time);
    }
    (void)pthread_mutex_unlock(&progress->drawing);
    return NULL;
}

/* Without it the line stands still at times: a failure is none. */
static bool ticker_begin(struct progress *progress)
{
    sigset_t all, old;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &old);
    const bool begun = pthread_create(&progress->ticker, NULL, tick, progress) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &old, NULL);
    return begun;
}

/* ---- what others see ---- */

static struct progress *create(bool visible, bool is_log)
{
    struct progress *progress = calloc(1, sizeof *progress);
    if (!progress)
        return NULL;
    if (pthread_mutex_init(&progress->drawing, NULL) != 0) {
        free(progress);
        return NULL;
    }
    const bool is_terminal = isatty(STDERR_FILENO);
    pthread_condattr_t steady; /* on Linux these never fail */
    (void)pthread_condattr_init(&steady);
    (void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&progress->over, &steady);
    (void)pthread_condattr_destroy(&steady);
    progress->width = WIDTH_STANDARD;
    progress->what = "";
    progress->visible = visible && (is_terminal || is_log);
    progress->is_log = visible && !is_terminal && is_log;
    progress->ticking = progress->visible && !progress->is_log && ticker_begin(progress);
    return progress;
}

struct progress *progress_create(bool visible)
{
    return create(visible, false);
}

struct progress *progress_create_log(bool visible)
{
    return create(visible, true);
}

void progress_columns(struct progress *progress, size_t columns)
{
    if (progress && columns > 0)
        progress->width = columns;
}

void progress_begin(struct progress *progress, const char *what, size_t total)
{
    if (!progress || !progress->visible)
        return;
    (void)pthread_mutex_lock(&progress->drawing);
    progress->what = what;
    progress->total = total;
    progress->active = true;
    *progress->note = '\0';
    atomic_store(&progress->done, 0);
    progress->started = progress->drawn = progress_clock();
    (void)pthread_mutex_unlock(&progress->drawing);
}

/* Called with the lock held. */
static bool is_due(const struct progress *progress, double time)
{
    const double log = fmax(LOG_INTERVAL, LOG_SHARE * (time - progress->started));
    return time - progress->drawn >= (progress->is_log ? log : UPDATE_INTERVAL);
}

void progress_advance(struct progress *progress, size_t count)
{
    if (!progress || !progress->visible)
        return;
    atomic_fetch_add(&progress->done, count);
    if (pthread_mutex_trylock(&progress->drawing) != 0)
        return; /* another thread is drawing */
    const double time = progress_clock();
    if (progress->active && is_due(progress, time))
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
    (void)snprintf(progress->note, sizeof progress->note, "%s", text);
    if (progress->active && is_due(progress, time))
        draw_note(progress, time);
    (void)pthread_mutex_unlock(&progress->drawing);
}

void progress_end(struct progress *progress)
{
    if (!progress || !progress->visible)
        return;
    (void)pthread_mutex_lock(&progress->drawing);
    if (progress->active && !progress->is_log) {
        (void)fputs(ERASE_LINE, stderr);
        (void)fflush(stderr);
    }
    progress->active = false;
    (void)pthread_mutex_unlock(&progress->drawing);
}

void progress_free(struct progress *progress)
{
    if (!progress)
        return;
    if (progress->ticking) {
        (void)pthread_mutex_lock(&progress->drawing);
        progress->is_over = true;
        (void)pthread_cond_signal(&progress->over);
        (void)pthread_mutex_unlock(&progress->drawing);
        (void)pthread_join(progress->ticker, NULL);
    }
    (void)pthread_cond_destroy(&progress->over);
    (void)pthread_mutex_destroy(&progress->drawing);
    free(progress);
}
