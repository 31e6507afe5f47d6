/* A few threads that work off a queue of bounded length.
 *
 * Memory: explore_pool_free().  Errors: NO_MEMORY. */
#ifndef CLI_EXPLORE_POOL_H
#define CLI_EXPLORE_POOL_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

struct explore_pool; /* opaque */

enum status explore_pool_create(size_t threads, size_t most, struct explore_pool **pool) MUST_CHECK;

/* work(job) by one of the threads, later; false: the queue is full, or at its end. */
bool explore_pool_add(struct explore_pool *pool, void (*work)(void *job), void *job);

/* Waits until the queue is empty, and takes no more; NULL is allowed, here and below. */
void explore_pool_end(struct explore_pool *pool);
void explore_pool_free(struct explore_pool *pool);

#endif
