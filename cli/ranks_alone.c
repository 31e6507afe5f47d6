/* One rank: runs as long as they are, one after the other, saved as they come.
 *
 * A run of all that is missing lets the sweeper fill its batches; pieces go to the ledger in the
 * thread that computes, which then has the disk for itself. */
#include "cli/ranks_alone.h"

#include "cli/interrupt.h"

#include <stdint.h>

enum status ranks_alone_compute(const struct ranks_task *task)
{
    const struct ranks_sink sink = {.take = task->save, .context = task->context};
    for (;;) {
        struct ranks_run run = {0};
        if (*interrupt_flag())
            return OK;
        TRY(task->next(task->context, SIZE_MAX, &run));
        if (run.first == run.end)
            return OK;
        TRY(task->compute(task->context, &run, &sink));
    }
}
