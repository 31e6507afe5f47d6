/* Ranks: the pieces of a large computation on many machines, as mpirun starts the program there.
 *
 * Rank 0 leads: it gives out runs of pieces on demand, saves what comes back, and alone reads and
 * writes files; the others help.  What a piece holds depends on its number alone, so results do not
 * depend on how many ranks there are, which of them computes what, or what ended before its time.
 * Built with MPI=1 these functions are those of ranks_mpi.c, which is the only file that knows of
 * MPI; otherwise those of ranks_one.c, where one rank does everything.  A program with MPI that is
 * not started by mpirun (or srun) starts no MPI, and is one rank, too.
 *
 * Shapes: pieces are numbered from 0.  Memory: a few pieces for each rank.  Errors: those of the
 * callbacks, on whichever rank; NO_MEMORY; SOLVER_FAILED where ranks do not belong together. */
#ifndef CLI_RANKS_H
#define CLI_RANKS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* Joins the other ranks, if there are any: before anything that fails on one of them alone. */
enum status ranks_begin(void) MUST_CHECK;
/* Leaves them; from then on rank 0 is alone, and the others have nothing to do but end. */
void ranks_end(void);

size_t ranks_count(void);   /* 1 before ranks_begin() */
bool ranks_is_helper(void); /* is this a rank other than 0? also before ranks_begin() */
size_t ranks_idle(void);    /* helpers that a command does not use which is for one rank */
void ranks_library(size_t size, char *text); /* "Open MPI v4.1.4"; "none": built without */

/* Threads of this rank, where the user does not say: its share of the cores that it may use. */
size_t ranks_threads(void);

/* All ranks call it.  OK if all of them bring OK; else one failure, which on rank 0 has its message
 * with the name of the rank. */
enum status ranks_agree(enum status status) MUST_CHECK;
/* Are these bytes the same on all ranks?  If not, a failure that says that `what` differs. */
enum status ranks_agree_on(const char *what, size_t size, const void *bytes) MUST_CHECK;

struct ranks_run {
    size_t first, end; /* pieces first, ..., end - 1 */
};

/* Where computed pieces go: from any rank to rank 0. */
struct ranks_sink {
    enum status (*take)(void *context, size_t piece, size_t size, const void *bytes);
    void *context;
};

/* `context` is given to the callbacks. */
struct ranks_task {
    size_t missing;    /* pieces that are to be computed; of rank 0 */
    size_t bytes_most; /* of a piece */
    /* Rank 0: the next run, of at most `most` pieces; first = end: there is none. */
    enum status (*next)(void *context, size_t most, struct ranks_run *run);
    /* Every rank, in a thread of its own: computes a run, each piece to the sink.  Returns early,
     * with OK, once interrupt_flag() is set. */
    enum status (*compute)(void *context, const struct ranks_run *run,
                           const struct ranks_sink *sink);
    /* Rank 0, in the calling thread: in any order. */
    enum status (*save)(void *context, size_t piece, size_t size, const void *bytes);
    void *context;
};

/* All ranks call it.  Ends when all pieces are saved, one rank has failed, or rank 0 is interrupted
 * (which is no failure). */
enum status ranks_compute(const struct ranks_task *task) MUST_CHECK;

#endif
