/* What the environment tells of the launcher, before any library of it is asked.
 *
 * mpirun of Open MPI, and srun by its plugins for PMIx and PMI, tell each copy of a program its
 * number and how many there are.  Errors: none. */
#ifndef CLI_RANKS_LAUNCH_H
#define CLI_RANKS_LAUNCH_H

#include <stdbool.h>
#include <stddef.h>

bool ranks_launch_found(void);    /* was this program started by one? */
size_t ranks_launch_number(void); /* 0 if not */
size_t ranks_launch_count(void);  /* 1 if not, or not told */
/* How many tasks srun started with this one, with or without such a plugin; 1: none other. */
size_t ranks_launch_tasks(void);

#endif
