/* A few threads that work off a queue.
 *
 * A ring of jobs, one lock and one condition: requests come a few at a time and last milliseconds. */
#include "cli/explore_pool.h"

#include <pthread.h>
#include <stdlib.h>

struct job {
    void (*work)(void *job);
    void *job;
};

struct explore_pool {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool ends;
    size_t threads, most, first, count;
    pthread_t *thread;
    struct job job[];
};

/* The next job; false: there will be none. */
static bool job_take(struct explore_pool *pool, struct job *job)
{
    pthread_mutex_lock(&pool->lock);
    while (pool->count == 0 && !pool->ends)
        pthread_cond_wait(&pool->changed, &pool->lock);
    const bool any = pool->count > 0;
    if (any) {
        *job = pool->job[pool->first];
        pool->first = (pool->first + 1) % pool->most;
        pool->count--;
    }
    pthread_mutex_unlock(&pool->lock);
    return any;
}

static void *thread_run(void *context)
{
    struct job job;
    while (job_take(context, &job))
        job.work(job.job);
    return NULL;
}

static enum status threads_start(struct explore_pool *pool, size_t threads)
{
    pool->thread = calloc(threads, sizeof *pool->thread);
    if (!pool->thread)
        return status_fail(NO_MEMORY, "no memory for %zu threads", threads);
    for (; pool->threads < threads; pool->threads++)
        if (pthread_create(&pool->thread[pool->threads], NULL, thread_run, pool) != 0)
            return status_fail(NO_MEMORY, "no more than %zu threads", pool->threads);
    return OK;
}

enum status explore_pool_create(size_t threads, size_t most, struct explore_pool **pool)
{
    struct explore_pool *made = calloc(1, sizeof *made + most * sizeof made->job[0]);
    if (!made)
        return status_fail(NO_MEMORY, "no memory for a queue");
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->changed, NULL);
    made->most = most;
    const enum status status = threads_start(made, threads);
    if (status == OK)
        *pool = made;
    else
        explore_pool_free(made);
    return status;
}

bool explore_pool_add(struct explore_pool *pool, void (*work)(void *job), void *job)
{
    pthread_mutex_lock(&pool->lock);
    const bool room = pool->count < pool->most && !pool->ends;
    if (room)
        pool->job[(pool->first + pool->count++) % pool->most] =
            (struct job){.work = work, .job = job};
    pthread_cond_signal(&pool->changed);
    pthread_mutex_unlock(&pool->lock);
    return room;
}

void explore_pool_end(struct explore_pool *pool)
{
    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->ends = true;
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->lock);
    for (; pool->threads > 0; pool->threads--)
        pthread_join(pool->thread[pool->threads - 1], NULL);
}

void explore_pool_free(struct explore_pool *pool)
{
    if (!pool)
        return;
    explore_pool_end(pool);
    pthread_cond_destroy(&pool->changed);
    pthread_mutex_destroy(&pool->lock);
    free(pool->thread);
    free(pool);
}
