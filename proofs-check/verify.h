/* Verifies one theorem: samples, concludes, runs the control, gives the verdict.
 *
 * The first instances are trials: the referee runs them, with all evidence.  Where the record says
 * that the sweeper can follow its flows, it follows these and many more, and each must meet the same
 * conclusion; the referee runs those that the sweeper leaves, all that fail, and a random part of
 * the others.  Both verdicts are kept, and one disagreement leaves the theorem undecided.
 * notes/sweeper.md, (J9).
 *
 * Instances are tried in parallel (OpenMP); every one is keyed by (seed, theorem, index) and results
 * are folded in the order of the index, so that nothing depends on the number of threads.
 * The exact engine is asked where each trajectory of the referee goes, oracle.h; one that ends
 * elsewhere leaves the theorem undecided.
 * An exact proof, where a record has one, is run beside the trials.  It gives the verdict, proved or
 * certified, if its control fails and no trial contradicts it; one that does leaves the theorem
 * undecided, with both shown.
 * The failure measure has the exact one-sided Clopper-Pearson bound, notes/endings.md, (V1), (V2):
 * boundary cases are not drawn and do not count, undecided instances count as failures.
 * Memory: that of the trials, of a block of instances, and of the starts that are kept. */
#ifndef PROOFS_CHECK_VERIFY_H
#define PROOFS_CHECK_VERIFY_H

#include "proofs-check/oracle.h"
#include "proofs-check/theorem.h"

#include <signal.h>

#define VERIFY_OWN SIZE_MAX /* of starts: as many as the record says */

struct verify_plan {
    uint64_t seed;
    size_t trials;  /* 0: the theorem's own number */
    size_t sweep;   /* instances that the sweeper follows, of records that have some; VERIFY_OWN */
    double recheck; /* the share of those that are no trials which the referee runs, too */
    int threads;    /* 0: all */
    double confidence;
    struct plan plan;                              /* of the referee */
    trial_method *sweeper;                         /* trial_sweep */
    oracle_method *oracle;                         /* oracle_ask */
    const volatile sig_atomic_t *stop;             /* set by SIGINT; NULL if none */
    void (*advance)(void *context, size_t trials); /* progress; may be NULL; any thread */
    void *context;
};

struct verify_plan verify_defaults(void);

/* How many instances a theorem is tried on: the larger one of trials and starts. */
size_t verify_instances(const struct theorem *theorem, const struct verify_plan *plan);

/* One row per trial, in order of the index; what the store keeps. */
struct verify_row {
    size_t index;
    enum finding finding;
    bool ran; /* the referee was run */
    enum ending ending;
    double t, deviation, measured, expected, residual, transverse_rate, distance_bound, drift,
        clock;
    size_t steps;
    struct oracle_finding exact;
    char reason[REASON_MAX];
};

enum verify_agreement {
    VERIFY_ONE_METHOD, /* the other one was not asked, or left it */
    VERIFY_AGREE,
    VERIFY_OPEN, /* the sweeper settles what is undecided for the referee */
    VERIFY_DISAGREE,
};

/* Both verdicts on one instance. */
struct verify_start {
    size_t index;
    bool swept, refereed; /* settled by the sweeper; run by the referee */
    bool chosen; /* the referee was to run it whatever the sweeper says: a trial, or drawn */
    enum ending by_sweeper, by_referee;
    enum finding sweeper_finds, referee_finds;
    enum verify_agreement agreement;
    double distance; /* of both limits, relative to 1 + |limit|; NAN: there are not two */
};

/* The large sample. */
struct verify_sample {
    size_t starts;  /* instances that the sweeper was given; 0: none */
    size_t settled; /* by the sweeper; the others were left to the referee */
    size_t both;    /* settled ones that the referee has run, too */
    size_t open, disagreements;
    double distance; /* the largest of two limits that agree */
    double
        not_agreed_below; /* (V2): the share of instances that the sweeper settles and the referee
                              * would not confirm; Clopper-Pearson */
    bool control_fails;   /* the sweep finds the control false, too */
    size_t rows;
    struct verify_start *row; /* row[rows] those that the referee has run or that do not hold */
};

/* What the exact proof of a record, and its control, have come to. */
struct verify_proof {
    enum verdict verdict; /* the method's, or undecided: none, a gap, or a control that holds */
    size_t steps;         /* that hold */
    char gap[REASON_MAX]; /* the first step that does not, or why the control is no control */
    bool control_fails;   /* as it must */
    double seconds;
};

/* The referee's trajectories against the exact engine. */
struct verify_exact {
    size_t asked, agree, disagree; /* the others are undecided for one of the two */
    double
        distance; /* the largest of two limits that are settled and agree; what creeps stops early */
};

struct verified {
    const struct theorem *theorem;
    enum verdict verdict; /* of both the trials and the proof */
    struct verify_proof proof;
    struct proof shown; /* its steps */
    bool as_recorded;
    size_t trials, instances; /* run by the referee from the outset; of both methods in all */
    size_t failures, undecided, trajectories; /* of all instances; the referee's runs */
    double worst;                             /* largest deviation of an instance that holds */
    double failure_measure_below; /* Clopper-Pearson over all drawn instances; NAN: failures */
    struct instance witness;      /* first instance that fails, or on which the methods disagree */
    bool has_witness;
    enum verdict control; /* must be refuted */
    char control_reason[REASON_MAX];
    char reason
        [REASON_MAX]; /* first disagreement of methods, else first failure, else first undecided */
    double seconds;
    size_t rows;
    struct verify_row *row; /* row[rows], freed by verify_free() */
    struct verify_sample sample;
    struct verify_exact exact;
};

/* The exact proof alone, all its steps in *proof; without one: no steps, undecided. */
enum status verify_proof(const struct theorem *theorem, struct proof *proof,
                         struct verify_proof *result) MUST_CHECK;

enum status verify_theorem(const struct theorem *theorem, const struct verify_plan *plan,
                           struct verified *result) MUST_CHECK;
void verify_free(struct verified *result); /* frees the rows */

#endif
