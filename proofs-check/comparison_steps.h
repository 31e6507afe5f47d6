/* Steps of learning beside the trajectories that they should follow.
 *
 * comparison_steps_full(): all samples in every step, that is Euler's method.
 * comparison_steps_trials(): batches, many times over with other random numbers.
 * comparison_steps_trace(): every state of one of these walks, for pictures.
 *
 * Distances are Euclidean, of the whole state, largest over the steps; with epochs (reshuffled or
 * ordered batches) over the ends of epochs, since inside an epoch a sawtooth of the size of eta times
 * the steps of an epoch is added, (MB75).
 * Shapes: path->steps is the number of steps n, eta = horizon/n; drift[conserved];
 * end[trials*dim], states after the last step.  No result depends on the number of threads: trial k
 * with n steps has a random stream of its own.
 * Memory: the caller's; spread->end is made here, freed by comparison_spread_clear().
 * Errors: BAD_ARGUMENT (samples that a batch does not divide, where there are epochs), NO_MEMORY. */
#ifndef PROOFS_CHECK_COMPARISON_STEPS_H
#define PROOFS_CHECK_COMPARISON_STEPS_H

#include "networks/training.h"
#include "proofs-check/comparison_path.h"
#include "proofs-check/comparison_system.h"

/* What the conserved claims of the flow do under Euler's method. */
struct comparison_drift {
    double largest; /* |I(theta_n) - I(theta_0)|, over all steps */
    /* Of a quadratic I, every step adds eta^2 Q(f), Q its quadratic part: the largest deviation from
     * that, relative to the terms of I; NAN where I is not quadratic. */
    double identity;
    double step;  /* the largest |I(theta_(n+1)) - I(theta_n)|; 0: exactly conserved */
    double scale; /* largest size of the terms of I, for rounding */
};

struct comparison_full {
    double flow, modified;          /* largest distances; modified NAN where no path was given */
    struct comparison_drift *drift; /* [conserved], of the caller */
};

/* `modified` may be NULL. */
enum status comparison_steps_full(const struct comparison_system *system,
                                  const struct comparison_path *path,
                                  const struct comparison_path *modified,
                                  struct comparison_full *full) MUST_CHECK;

struct comparison_trials {
    enum sampling sampling; /* not SAMPLING_ALL */
    size_t batch, trials, threads;
    uint64_t seed;
    bool (*stop)(void); /* asked before each trial and each eta, if not NULL */
};

/* Over the trials, with standard errors; NAN where one trial says nothing.  Of fewer than
 * COMPARISON_TRIALS_LEAST random trials the scatter is a guess itself: standard errors are 0, and
 * nothing is fitted to them. */
enum { COMPARISON_TRIALS_LEAST = 3 };
struct comparison_spread {
    size_t trials;                     /* that were run */
    double rms, rms_error;             /* of the largest distance to the path */
    double deviation, deviation_error; /* sqrt(trace Cov) of the last state */
    double bias, bias_error;           /* |mean of the last state - path| */
    double *end;
};

enum status comparison_steps_trials(const struct comparison_system *system,
                                    const struct comparison_path *path,
                                    const struct comparison_trials *trials,
                                    struct comparison_spread *spread) MUST_CHECK;
void comparison_spread_clear(struct comparison_spread *spread);

/* The states of one walk, to be shown: x[(path->steps + 1)*dim], from the start of the path, with its eta.
 * Full batches where trials->sampling is SAMPLING_ALL, else trial number `trial` of
 * comparison_steps_trials(), state by state. */
enum status comparison_steps_trace(const struct comparison_system *system,
                                   const struct comparison_path *path,
                                   const struct comparison_trials *trials, size_t trial,
                                   double *x) MUST_CHECK;

/* Steps of an epoch; 1 for independent batches. */
size_t comparison_steps_epoch(const struct comparison_system *system,
                              const struct comparison_trials *trials);

#endif
