/* Margins: how far one instance is from violating a conclusion.
 *
 * A margin is a number for an instance on which the conclusion holds, positive, and the smaller the
 * nearer a violation; the optimiser makes it small.  What fails has a margin <= 0.
 *
 * Units: none.  Memory: records are constants.  Errors: none; NAN where it cannot be told. */
#ifndef PROOFS_CHECK_HUNT_MARGIN_H
#define PROOFS_CHECK_HUNT_MARGIN_H

#include "proofs-check/trial.h"

/* How nearly a trajectory comes back: the least |x - r| over the largest |x - r| before it, r a state
 * that is replaced after 1, 2, 4, 8, ... steps (Brent's way to find a cycle). */
struct hunt_recurrence {
    size_t dim, step, next;
    double reference[INSTANCE_DIM_MAX];
    double far, least; /* largest distance from r so far; the least ratio of all: 1 if none */
};
void hunt_margin_watch(void *recurrence, double t, const double *x); /* struct plan's `visit` */

struct hunt_margin {
    const char *says;
    bool recurs; /* reads the recurrence */
    double (*of)(const struct trial *trial, const struct hunt_recurrence *recurrence);
    /* Of a fixed point x[dim], without a trajectory: how far it is from where the claim may fail beside
     * it.  Not negative; NULL: nothing is known.  hunt_foresight.h. */
    double (*at)(const struct flow *flow, const double *x);
};

/* 1 - deviation/bound: for conclusions that compare numbers. */
extern const struct hunt_margin hunt_margin_deviation;
/* Of convergence: the least of what the largest transverse eigenvalue, the settling time, the
 * distance to the predicted set and the recurrence leave. */
extern const struct hunt_margin hunt_margin_convergence;
/* Of chains: the smallest extremum of |S| along the orbit, over the largest |S|: where it is zero,
 * dP/dt gains two changes of sign. */
extern const struct hunt_margin hunt_margin_turns;
/* Of chains: S at the start over the sum of its terms. */
extern const struct hunt_margin hunt_margin_sensitivity;
/* The largest eigenvalue of the loss's descent at the limit, with the other sign: zero where a limit
 * ceases to be a minimum of the loss. */
extern const struct hunt_margin hunt_margin_curvature;

/* Of cycles: where it settles at a focus, the damping |Re|/|lambda| of the pair of eigenvalues next to
 * the imaginary axis, and how far the first Lyapunov coefficient is from negative.  It is small where a
 * fixed point is about to give birth to a cycle that attracts, and only there. */
extern const struct hunt_margin hunt_margin_cycle;

/* The largest real part of the spectrum of gradient descent, A' = -dE/dA, at the state x[dim] of the
 * trial; NAN where the problem has no bp. */
double hunt_margin_descent_rate(const struct trial *trial, const double *x);

#endif
