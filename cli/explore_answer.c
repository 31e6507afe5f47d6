/* The answers of the explorer: the way from a query to JSON. */
#include "cli/explore_answer.h"

#include "base/progress.h"
#include "cli/interrupt.h"

#include <string.h>

enum { STEPS_BETWEEN = 16 }; /* of an integrator: a system call costs as much as a step */

static const double MILLISECONDS = 1000; /* of a second */

static const struct explore_kind *const kinds[] = {&explore_kind_basin,      &explore_kind_model,
                                                   &explore_kind_portrait,   &explore_kind_predict,
                                                   &explore_kind_trajectory, NULL};

const struct explore_kind *explore_answer_named(const char *name)
{
    for (size_t k = 0; kinds[k]; k++)
        if (strcmp(kinds[k]->name, name) == 0)
            return kinds[k];
    return NULL;
}

bool explore_clock_is_late(const struct explore_clock *clock)
{
    return *interrupt_flag() == 0 && progress_clock() - clock->begun > clock->seconds;
}

bool explore_clock_is_over(const struct explore_clock *clock)
{
    return *interrupt_flag() != 0 || progress_clock() - clock->begun > clock->seconds ||
           (clock->is_abandoned && clock->is_abandoned(clock->waiter));
}

bool explore_clock_stop(void *clock, double t)
{
    struct explore_clock *asked = clock;
    (void)t;
    if (atomic_load(&asked->is_over))
        return true;
    if (atomic_fetch_add(&asked->asked, 1) % STEPS_BETWEEN != 0 || !explore_clock_is_over(asked))
        return false;
    atomic_store(&asked->is_over, true);
    return true;
}

double explore_clock_milliseconds(const struct explore_clock *clock)
{
    return MILLISECONDS * (progress_clock() - clock->begun);
}

static enum status answer_of(const struct explore_kind *kind, const struct explore_asked *asked,
                             const struct explore_query *query, json_t **answer)
{
    struct explore_clock clock = {.begun = progress_clock(),
                                  .seconds = kind->seconds,
                                  .is_abandoned = asked->is_abandoned,
                                  .waiter = asked->waiter};
    struct explore_stated stated;
    TRY(explore_stated_make(asked->start, query, &stated));
    const struct explore_question question = {.start = asked->start,
                                              .query = query,
                                              .stated = &stated,
                                              .clock = &clock,
                                              .maps = asked->maps,
                                              .distance = asked->distance};
    const enum status status = kind->answer(&question, answer);
    explore_stated_free(&stated);
    return status;
}

enum status explore_answer(const struct explore_kind *kind, const struct explore_asked *asked,
                           json_t **answer)
{
    struct explore_query query = {.count = 0};
    TRY(explore_query_read(asked->query, kind->own, &query));
    return answer_of(kind, asked, &query, answer);
}
