/* One instance being tried: its flow, and the outcome and the prediction when asked for.  The outcome
 * is the referee's, unless the sweeper has settled the instance first.
 * Memory: trial_begin() acquires, trial_end() frees.  Errors: failures of the machine only. */
#ifndef PROOFS_CHECK_TRIAL_H
#define PROOFS_CHECK_TRIAL_H

#include "linear/prediction.h"
#include "ode/trajectory.h"
#include "proofs-check/instance.h"

struct theorem;

/* What one trial found. */
enum finding { FINDING_HOLDS, FINDING_FAILS, FINDING_UNDECIDED };

/* An instance being tried.  The parts are computed when first asked for and at most once. */
struct trial {
    const struct theorem *theorem; /* its bound */
    const struct instance *instance;
    struct flow *flow;
    struct plan plan;        /* a conclusion may alter it before trial_outcome() */
    struct outcome *outcome; /* NULL until asked for */
    bool by_sweeper;         /* the outcome is the sweeper's */
    struct prediction prediction;
    double limit[INSTANCE_DIM_MAX]; /* of the prediction: state or output, see its `about` */
    bool predicted;
    double deviation; /* set by the conclusion: size of the discrepancy, for the record's `worst` */
    double measured, expected; /* set by conclusions that compare two numbers; NAN otherwise */
    char reason[REASON_MAX];   /* set with FAILS and UNDECIDED */
};

enum status trial_begin(struct trial *trial, const struct theorem *theorem,
                        const struct instance *instance, const struct plan *plan) MUST_CHECK;
void trial_end(struct trial *trial); /* frees the parts */

/* Gives the trial the sweeper's outcome, if the sweeper settles it: ending, limit, transverse rate,
 * distance bound, residual, t, steps and the last state; everything else is NAN.  Else trial_outcome()
 * asks the referee.  Tests put methods that err in its place. */
typedef enum status trial_method(struct trial *trial, bool *settled);
trial_method trial_sweep;

/* BAD_ARGUMENT where the plan asks the sweeper for what only the referee can tell. */
enum status trial_outcome(struct trial *trial, const struct outcome **outcome) MUST_CHECK;
enum status trial_prediction(struct trial *trial, const struct prediction **prediction) MUST_CHECK;

#endif
