/* A program of ranks in which one fails: `failing_rank RANK`, in its third run; none if it is -1.
 *
 * Rank 0 prints how all ended, the message, and which pieces were saved how often. */
#include "cli/ranks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PIECES = 200, THIRD = 3, HELPER_NUMBER = 1 };
static const long PIECE_NANOSECONDS = 2000000; /* so long does a piece take */

struct work {
    size_t given, runs;
    bool fails;
    size_t saved[PIECES];
};

static enum status run_next(void *context, size_t most, struct ranks_run *run)
{
    struct work *work = context;
    const size_t rest = PIECES - work->given;
    run->first = work->given;
    run->end = run->first + (rest < most ? rest : most);
    work->given = run->end;
    return OK;
}

static enum status run_compute(void *context, const struct ranks_run *run,
                               const struct ranks_sink *sink)
{
    struct work *work = context;
    const struct timespec pause = {.tv_nsec = PIECE_NANOSECONDS};
    if (++work->runs == THIRD && work->fails)
        return status_fail(NO_MEMORY, "no memory for run %zu", work->runs);
    for (size_t piece = run->first; piece < run->end; piece++) {
        const size_t square = piece * piece;
        nanosleep(&pause, NULL);
        TRY(sink->take(sink->context, piece, sizeof square, &square));
    }
    return OK;
}

static enum status piece_save(void *context, size_t piece, size_t size, const void *bytes)
{
    struct work *work = context;
    size_t square;
    if (size != sizeof square || piece >= PIECES)
        return status_fail(BAD_DATA, "piece %zu has %zu bytes", piece, size);
    memcpy(&square, bytes, size);
    if (square != piece * piece)
        return status_fail(BAD_DATA, "piece %zu has %zu", piece, square);
    work->saved[piece]++;
    return OK;
}

int main(int argc, char **argv)
{
    struct work work = {.given = 0};
    if (ranks_begin() != OK || argc < 2)
        return 1;
    work.fails = atoi(argv[1]) == (ranks_is_helper() ? HELPER_NUMBER : 0);
    const struct ranks_task task = {.missing = PIECES,
                                    .bytes_most = sizeof(size_t),
                                    .next = run_next,
                                    .compute = run_compute,
                                    .save = piece_save,
                                    .context = &work};
    const enum status status = ranks_compute(&task);
    size_t once = 0;
    for (size_t piece = 0; piece < PIECES; piece++)
        once += work.saved[piece] == 1;
    if (!ranks_is_helper())
        printf("%zu ranks, %s: %s; %zu pieces saved, %zu runs here\n", ranks_count(),
               status == OK ? "ok" : "failed", status_message(), once, work.runs);
    ranks_end();
    return 0;
}
