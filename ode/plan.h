/* The plan of a trajectory: method, tolerances, when to give up, what to watch.
 *
 * Units: horizon in learning time; tolerances bound the local error per step, rtol |x_i| + atol.
 * Memory: plain data; `context` belongs to the caller. */
#ifndef ODE_PLAN_H
#define ODE_PLAN_H

#include <stdbool.h>
#include <stddef.h>

enum method {
    METHOD_BDF,   /* CVODE, BDF with the analytic Jacobian: the referee */
    METHOD_ADAMS, /* CVODE, Adams-Moulton with Newton iterations */
    METHOD_RK8PD, /* GSL, explicit Prince-Dormand 8(9): the second, independent integrator */
};

struct plan {
    enum method method;
    double rtol, atol;   /* local error per step: rtol |x_i| + atol */
    double horizon;      /* give up at this time */
    size_t steps_most;   /* give up after this many steps */
    bool free_integrals; /* true: do not project on the first integrals (to measure the drift) */
    bool no_endings;     /* true: run to the horizon, whatever happens (portraits, time oracles) */

    /* Called after every accepted step and at the start, if not NULL. */
    void (*visit)(void *context, double t, const double *x);
    /* Its sign changes along the trajectory are counted, if not NULL (CVODE root finding). */
    double (*event)(const void *context, const double *x);
    /* Asked after every accepted step, if not NULL: true ends the run as undecided. */
    bool (*stop)(void *context, double t);
    void *context;

    /* [dim] The error of the start, (E17); NULL: none.  Of a run that goes on from another one. */
    const double *start_error;
};

struct plan plan_defaults(void);

#endif
