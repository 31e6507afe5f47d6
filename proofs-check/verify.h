/* Verifies one theorem: samples, concludes, runs the control, gives the verdict.
 *
 * Trials run in parallel (OpenMP); every trial is keyed by (seed, theorem, index) and results are
 * folded in the order of the index, so that nothing depends on the number of threads.
 * The failure measure has the exact one-sided Clopper-Pearson bound, notes/endings.md, (V1):
 * boundary cases are not drawn and do not count, undecided trials count as failures. */
#ifndef PROOFS_CHECK_VERIFY_H
#define PROOFS_CHECK_VERIFY_H

#include "proofs-check/theorem.h"

#include <signal.h>

struct verify_plan {
    uint64_t seed;
    size_t trials; /* 0: the theorem's own number */
    int threads;   /* 0: all */
    double confidence;
    struct plan plan;                              /* of the referee */
    const volatile sig_atomic_t *stop;             /* set by SIGINT; NULL if none */
    void (*advance)(void *context, size_t trials); /* progress; may be NULL; any thread */
    void *context;
};

struct verify_plan verify_defaults(void);

/* One row per trial, in order of the index; what the store keeps. */
struct verify_row {
    size_t index;
    enum finding finding;
    bool ran; /* the referee was run */
    enum ending ending;
    double t, deviation, measured, expected, residual, transverse_rate, distance_bound, drift,
        clock;
    size_t steps;
    char reason[REASON_MAX];
};

struct verified {
    const struct theorem *theorem;
    enum verdict verdict;
    bool as_recorded;
    size_t trials, failures, undecided, trajectories;
    double worst;                 /* largest deviation of a trial that holds */
    double failure_measure_below; /* Clopper-Pearson; NAN if there were failures */
    struct instance witness;      /* first failing instance, if any failure */
    bool has_witness;
    enum verdict control; /* must be refuted */
    char control_reason[REASON_MAX];
    char reason[REASON_MAX]; /* first failure or first undecided */
    double seconds;
    size_t rows;
    struct verify_row *row; /* row[rows], freed by verify_free() */
};

enum status verify_theorem(const struct theorem *theorem, const struct verify_plan *plan,
                           struct verified *result) MUST_CHECK;
void verify_free(struct verified *result); /* frees the rows */

#endif
