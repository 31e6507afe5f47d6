/* Steps of learning against their differential equation: at which order in eta they agree.
 *
 * For each eta = T/n from the same start up to the same time T: full batches against the flow
 * (order 1), against the modified equation (order 2); minibatches, over many trials: their scatter
 * (order 1/2 for independent batches, 3/2 for epochs that are reshuffled), and their mean; drifts of
 * what the flow conserves.  What each order should be, and why: notes/minibatch.md, (MB70)-(MB77).
 * The reference is comparison_path.h, checked at T against GSL's rk8pd, and must be RATIO times more
 * accurate than the smallest distance that is fitted: else a row is undecided.
 * Shapes: step[etas], eta decreasing; drift[etas*conserved].  Units: eta and T in learning time.
 * Memory: one object, freed by comparison_free() (NULL is allowed); it borrows the system.
 * Errors: BAD_ARGUMENT, NO_MEMORY, NO_PROGRAM (no OpenBLAS), SOLVER_FAILED (the flow blows up
 * before T).  Not for two threads at once: it sets the threads of OpenBLAS. */
#ifndef PROOFS_CHECK_COMPARISON_H
#define PROOFS_CHECK_COMPARISON_H

#include "proofs-check/comparison_noise.h"
#include "proofs-check/comparison_order.h"
#include "proofs-check/comparison_steps.h"

enum { COMPARISON_ETAS_MOST = 24 };

struct comparison_plan {
    double horizon;
    size_t etas, steps[COMPARISON_ETAS_MOST]; /* n, increasing */
    struct comparison_trials trials;          /* sampling SAMPLING_ALL: no minibatches */
    /* Told what is being done, if not NULL. */
    void (*note)(void *context, const char *what);
    void *context;
};

/* What is fitted. */
enum comparison_row {
    COMPARISON_FLOW,      /* full batch, distance to the flow */
    COMPARISON_MODIFIED,  /* full batch, distance to the modified equation */
    COMPARISON_DEVIATION, /* minibatch, standard deviation at T */
    COMPARISON_BIAS,      /* minibatch, distance of the mean at T */
    COMPARISON_RMS,       /* minibatch, root mean square of the largest distance */
    COMPARISON_ROWS
};

struct comparison_step {
    double eta;
    size_t steps;
    struct comparison_full full;
    struct comparison_spread spread;                       /* trials 0: no minibatches */
    double value[COMPARISON_ROWS], error[COMPARISON_ROWS]; /* what is fitted; NAN: not measured */
};

/* The drift of one conserved claim. */
struct comparison_invariant {
    const char *name, *label;
    bool exact;                    /* conserved by every step, to rounding */
    double identity;               /* as in struct comparison_drift, the worst of all etas */
    struct comparison_order order; /* of the drift; meaningless where exact */
};

struct comparison {
    const struct comparison_system *system;
    struct comparison_plan plan;
    bool smooth;               /* no neurons with kinks, no right-hand side that jumps */
    double moved;              /* |theta(T) - theta(0)| */
    double reference_error;    /* largest sum of local estimates of any path; a rounding at least */
    double reference_distance; /* at T, from GSL's rk8pd */
    struct comparison_step *step;
    struct comparison_drift *drift;
    size_t invariants;
    struct comparison_invariant *invariant;
    struct comparison_noise *noise; /* what theory says of minibatches at T; NULL: not computed */
    bool measured[COMPARISON_ROWS];
    struct comparison_order row[COMPARISON_ROWS];
};

enum status comparison_run(const struct comparison_system *system,
                           const struct comparison_plan *plan, const double *x0,
                           struct comparison **comparison) MUST_CHECK;
void comparison_free(struct comparison *comparison);

/* Holds if all rows and drifts that are judged hold; refuted if one is; else undecided. */
enum comparison_verdict comparison_verdict(const struct comparison *comparison);

const char *comparison_row_name(enum comparison_row row); /* "flow", ..., of JSON and tables */

#endif
