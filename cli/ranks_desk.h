/* The desk of a rank: on one side a thread that computes, on the other the one that communicates.
 *
 * Runs are put on it, one ahead of the one at work, so that the thread never waits for the answer
 * to a question; computed pieces lie on it in their order until they are taken away.  With
 * PARCELS_MOST of them it is full, and the thread waits.
 *
 * Memory: one object.  Errors: NO_MEMORY, and those of the task.
 * Threads: all functions are for the thread that communicates. */
#ifndef CLI_RANKS_DESK_H
#define CLI_RANKS_DESK_H

#include "cli/ranks.h"

/* A piece as it travels. */
struct ranks_parcel {
    size_t piece;
    unsigned char bytes[];
};

struct ranks_desk; /* opaque */

/* Starts the thread. */
enum status ranks_desk_open(const struct ranks_task *task, struct ranks_desk **desk) MUST_CHECK;
/* After ranks_desk_is_done(). */
void ranks_desk_free(struct ranks_desk *desk);

bool ranks_desk_wants(struct ranks_desk *desk); /* is there room for a run? */
void ranks_desk_put(struct ranks_desk *desk, const struct ranks_run *run);
void ranks_desk_close(struct ranks_desk *desk); /* no run will come any more */

/* The oldest piece, until ranks_desk_drop(); *size is that of its bytes.  NULL: there is none. */
const struct ranks_parcel *ranks_desk_parcel(struct ranks_desk *desk, size_t *size);
void ranks_desk_drop(struct ranks_desk *desk);

/* Is it closed, with all computed (or a failure), and nothing on it? */
bool ranks_desk_is_done(struct ranks_desk *desk);
/* How the computing fares: a failure has its message. */
enum status ranks_desk_status(struct ranks_desk *desk) MUST_CHECK;
/* Seconds for a piece of the last run; 0: none is through. */
double ranks_desk_pace(struct ranks_desk *desk);

/* Until something changes here, but a millisecond at most. */
void ranks_desk_wait(struct ranks_desk *desk);

#endif
