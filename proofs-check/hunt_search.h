/* The phases of a hunt.
 *
 * Blocks of instances are looked at in parallel and taken in their order, so that the first candidate
 * is the same for any number of threads.
 * Memory: what a search keeps between phases is in struct hunt_search, made by hunt.c.
 * Errors: as hunt.h. */
#ifndef PROOFS_CHECK_HUNT_SEARCH_H
#define PROOFS_CHECK_HUNT_SEARCH_H

#include "proofs-check/hunt.h"

enum { HUNT_BEST_MOST = 32, HUNT_BLOCK = 64 };

/* A place from which the optimiser starts. */
struct hunt_best {
    struct hunt_point point;
    double margin;
};

/* One instance in work. */
struct hunt_case {
    bool exists;
    struct hunt_point point;
    struct instance instance;
    struct hunt_score score;
};

struct hunt_search {
    const struct hunt_plan *plan;
    struct hunted *hunted;
    double begun;
    enum hunt_phase_name phase;
    struct hunt_best best[HUNT_BEST_MOST]; /* smallest margin first */
    size_t bests;
    size_t restarts; /* of the optimiser, so far */
    struct hunt_case block[HUNT_BLOCK];
};

/* What is left of the budget for a phase: a number of evaluations, or a time at which it ends. */
struct hunt_share {
    size_t evaluations; /* 0 in a budget of seconds: no limit */
    double until;       /* on the search's clock; INFINITY in a budget of evaluations */
};

/* Each returns as soon as a violation is confirmed, which is then in *violation. */
enum status hunt_search_sweep(struct hunt_search *search, struct hunt_points *points,
                              const struct hunt_share *share, struct hunt_violation *violation,
                              bool *found) MUST_CHECK;
enum status hunt_search_boundary(struct hunt_search *search, struct hunt_points *points,
                                 const struct hunt_share *share, struct hunt_violation *violation,
                                 bool *found) MUST_CHECK;
/* Boundary cases and sweep in turn: for a dropped hypothesis. */
enum status hunt_search_both(struct hunt_search *search, struct hunt_points *points,
                             const struct hunt_share *share, struct hunt_violation *violation,
                             bool *found) MUST_CHECK;
/* The record's own sampler, past its boundary cases. */
enum status hunt_search_sampler(struct hunt_search *search, const struct hunt_share *share,
                                struct hunt_violation *violation, bool *found) MUST_CHECK;
/* Nelder and Mead's simplex from the places of least margin, then from random ones. */
enum status hunt_search_optimise(struct hunt_search *search, const struct hunt_share *share,
                                 struct hunt_violation *violation, bool *found) MUST_CHECK;

/* ---- shared by the phases ---- */

bool hunt_search_is_over(const struct hunt_search *search, const struct hunt_share *share,
                         size_t used);
/* Is the whole budget of seconds used up, or the hunt stopped?  Never by time with a budget of
 * evaluations. */
bool hunt_search_is_late(const struct hunt_search *search);

/* Counts one instance, keeps its margin, and confirms it if it seems to fail. */
enum status hunt_search_take(struct hunt_search *search, const struct hunt_case *one,
                             struct hunt_violation *violation, bool *found) MUST_CHECK;

#endif
