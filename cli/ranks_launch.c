/* The environment of a rank.
 *
 * A variable that is no number counts as absent: the worst that can follow is that MPI is not
 * started, and then the copies find each other's lock on the ledger. */
#include "cli/ranks_launch.h"

#include <stdlib.h>

enum { DECIMAL = 10 };

/* The first of the variables that is there; false: none is. */
static bool variable_find(const char *const *names, size_t *value)
{
    for (; *names; names++) {
        const char *text = getenv(*names);
        char *end = NULL;
        const unsigned long long number = text && *text ? strtoull(text, &end, DECIMAL) : 0;
        if (end && *end == '\0') {
            *value = (size_t)number;
            return true;
        }
    }
    return false;
}

bool ranks_launch_found(void)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", NULL};
    size_t number;
    return variable_find(names, &number);
}

size_t ranks_launch_number(void)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", NULL};
    size_t number = 0;
    return variable_find(names, &number) ? number : 0;
}

size_t ranks_launch_count(void)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", NULL};
    size_t count = 1;
    return variable_find(names, &count) ? count : 1;
}

size_t ranks_launch_tasks(void)
{
    static const char *const names[] = {"SLURM_STEP_NUM_TASKS", NULL};
    size_t count = 1;
    return variable_find(names, &count) ? count : 1;
}
