/* Ranks of a program without MPI: there is one.
 *
 * Several copies of it by mpirun, each of which takes itself for the only one, would spoil each
 * other's files.  Copies that srun starts without MPI are left alone: each may have a part. */
#include "cli/ranks.h"

#include "cli/ranks_alone.h"
#include "cli/ranks_launch.h"

#include <omp.h>
#include <stdio.h>

enum status ranks_begin(void)
{
    if (ranks_launch_count() == 1)
        return OK;
    return status_fail(BAD_ARGUMENT,
                       "one of %zu copies that mpirun has started, and built without MPI (`make "
                       "MPI=1` builds with it)",
                       ranks_launch_count());
}

void ranks_end(void)
{
}

size_t ranks_count(void)
{
    return 1;
}

bool ranks_is_helper(void)
{
    return false;
}

size_t ranks_idle(void)
{
    return 0;
}

void ranks_library(size_t size, char *text)
{
    snprintf(text, size, "none");
}

size_t ranks_threads(void)
{
    return (size_t)omp_get_max_threads();
}

enum status ranks_agree(enum status status)
{
    return status;
}

enum status ranks_agree_on(const char *what, size_t size, const void *bytes)
{
    (void)what, (void)size, (void)bytes;
    return OK;
}

enum status ranks_compute(const struct ranks_task *task)
{
    return ranks_alone_compute(task);
}
