/* Sweeps: the endings of very many starts, of which the referee sees only the doubtful ones.
 *
 * Starts are asked for by number, results are given out in the order of the numbers.  Where the
 * leaves of a flow are regular curves, many lanes of an explicit integrator follow the starts, and
 * one that settles is decided by the evidence of the referee, (E1), (E2), (E9); whatever is not
 * settled in that sense is run by the referee from its start.  notes/sweeper.md, (J1)-(J3).
 *
 * Shapes: x0[dim], limit[dim].  Units: t in learning time.  Memory: batches of a fixed size,
 * whatever the number of starts; one flow for each thread, made and freed here.
 * Errors: BAD_ARGUMENT, NO_MEMORY, those of the callbacks; how a trajectory ends is no error.
 * Results are the same to the last bit for any number of threads and lanes and any batch. */
#ifndef ODE_SWEEP_H
#define ODE_SWEEP_H

#include "base/progress.h"
#include "ode/flow.h"
#include "ode/plan.h"

struct sweep_result {
    enum ending ending;
    bool by_referee, has_limit;
    double t;               /* when it was decided */
    double transverse_rate; /* at the limit; NAN: there is none */
    double distance_bound;  /* on |x(t) - limit| then */
    /* What the steps before have gathered, to first order, (E17): of the limit, too, where it is
     * one of a continuum.  NAN where the limit does not depend on it. */
    double integration_error;
    size_t steps;        /* accepted ones */
    const double *limit; /* [dim]; NAN where there is none */
    const double *last;  /* [dim] the state when it was decided */
    /* Where the plan observes, of what has a limit; else NAN: the time from which |x - limit| stays
     * below 1e-6 (1 + |limit|), the length of the way to the limit, and estimates of their errors,
     * sweep_path.h */
    double settling, settling_error, path, path_error;
};

/* Of a start of which nothing is known yet: the referee has to say. */
extern const struct sweep_result sweep_result_unknown;

/* Coarser tolerances would outgrow the distance at which states are looked at, (J1). */
static const double SWEEP_COARSEST = 5e-4;

/* The local error per step is below rtol |x_i| + atol. */
struct sweep_tolerance {
    double rtol, atol;
};

struct sweep_plan {
    /* Of the lanes: they only have to keep the basin, (J1).  A start in doubt with the coarse ones
     * is followed again with the fine ones. */
    struct sweep_tolerance coarse, fine;
    bool observes;                   /* settling times and paths: lanes begin with ... */
    struct sweep_tolerance observed; /* ... these, on which the errors of both depend */
    size_t attempts_most;            /* steps that a lane may try */
    size_t lanes, threads;           /* lanes of each thread; threads 0: as OpenMP has it */
    size_t batch;        /* starts next to each other; three times as many are in memory */
    struct plan referee; /* of the starts handed over; of its callbacks only `stop` is asked */
    struct progress *progress; /* advanced by the starts; or NULL */
};

/* What is swept; `context` is given to all three. */
struct sweep_task {
    size_t count;
    enum status (*flow)(void *context, struct flow **flow); /* a new one for each thread */
    /* Start number k; called by many threads at once, also while results are given out. */
    void (*start)(const void *context, size_t k, double *x0);
    /* Result number k = 0, 1, ..., by the calling thread; a status other than OK ends the sweep. */
    enum status (*result)(void *context, size_t k, const double *x0,
                          const struct sweep_result *result);
    void *context;
};

struct sweep_tally {
    size_t starts, by_referee, attempts; /* tried steps of lanes */
    size_t endings[ENDING_COUNT];
};

struct sweep_plan sweep_plan_defaults(void);

/* tally: NULL, or what was done. */
enum status sweep_run(const struct sweep_plan *plan, const struct sweep_task *task,
                      struct sweep_tally *tally) MUST_CHECK;

#endif
