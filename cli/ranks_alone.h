/* The work of all ranks by one: what both forms of ranks.h do where there are no others.
 *
 * Errors: those of the callbacks. */
#ifndef CLI_RANKS_ALONE_H
#define CLI_RANKS_ALONE_H

#include "cli/ranks.h"

enum status ranks_alone_compute(const struct ranks_task *task) MUST_CHECK;

#endif
