/* The answers of the explorer: what a page asks for, as JSON.
 *
 *   model       the problem in force: names, parameters that can be dragged, the command   explore_model.c
 *   portrait    what is to be seen in the plane                                  explore_portrait.c
 *   predict     what theory says of a start, without integration                explore_trajectory.c
 *   trajectory  a trajectory with its ending and the evidence                    explore_trajectory.c
 *   basin       the map of basins under the portrait                                explore_basin.c
 *
 * Answers are computed by any thread; each has flows of its own, frees all that it makes, and is
 * bounded in time: struct explore_clock.
 * Memory: answers are new references of the caller.  Errors: BAD_ARGUMENT and the like for what the
 * request is to blame for; NO_MEMORY and failures of the computation. */
#ifndef CLI_EXPLORE_ANSWER_H
#define CLI_EXPLORE_ANSWER_H

#include "cli/explore_basin.h"
#include "cli/explore_stated.h"

#include <stdatomic.h>

/* When an answer is late, and whether anybody waits for it. */
struct explore_clock {
    double begun, seconds;              /* of progress_clock(); how long it may take */
    bool (*is_abandoned)(void *waiter); /* NULL: somebody waits */
    void *waiter;
    atomic_uint asked;   /* by explore_clock_stop(), ... */
    atomic_bool is_over; /* ... which has found it over */
};
bool explore_clock_is_late(
    const struct explore_clock *clock); /* by its time, and not an interrupt */
bool explore_clock_is_over(const struct explore_clock *clock);

/* Struct plan's `stop`, with the clock as its context; by many threads at once, and not each time
 * looked at. */
bool explore_clock_stop(void *clock, double t);
double explore_clock_milliseconds(const struct explore_clock *clock);

struct explore_question {
    const struct options *start; /* those of the command line */
    const struct explore_query *query;
    const struct explore_stated *stated;
    struct explore_clock *clock;
    struct explore_maps *maps; /* maps of basins that are not complete */
    double distance;           /* of the window, between points of a trajectory; 0: the standard */
};

struct explore_kind {
    const char *name; /* "model", ... */
    const char *own;  /* keys of its query that are no options, separated by blanks */
    double seconds;   /* how long it may take */
    enum status (*answer)(const struct explore_question *question, json_t **answer);
};
extern const struct explore_kind explore_kind_basin, explore_kind_model, explore_kind_portrait,
    explore_kind_predict, explore_kind_trajectory;

/* NULL: there is no such answer. */
const struct explore_kind *explore_answer_named(const char *name);

/* Reads the query, states the problem and answers. */
struct explore_asked {
    const struct options *start;
    const char *query; /* raw */
    struct explore_maps *maps;
    double distance;
    bool (*is_abandoned)(void *waiter);
    void *waiter;
};
enum status explore_answer(const struct explore_kind *kind, const struct explore_asked *asked,
                           json_t **answer) MUST_CHECK;

#endif
