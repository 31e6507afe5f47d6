/* One instance of a theorem, or of its control, tried by the methods that it needs.
 *
 * Memory: plain data.  Errors: failures of the machine, and those of samplers and conclusions; a
 * conclusion that does not hold, or methods that disagree, are findings. */
#ifndef PROOFS_CHECK_VERIFY_ATTEMPT_H
#define PROOFS_CHECK_VERIFY_ATTEMPT_H

#include "proofs-check/verify.h"

/* What is tried: the theorem itself, or its control. */
struct verify_experiment {
    const struct theorem *theorem;
    sampler *sample;
    conclusion *conclude;
    const struct verify_plan *plan;
    uint64_t key, recheck_key; /* of the streams: instances, and which of them are run again */
    size_t trials;             /* the referee runs the numbers below this */
    size_t starts;             /* the sweeper is given the numbers below this */
};

/* `name` is that of the streams. */
struct verify_experiment verify_experiment_of(const struct theorem *theorem,
                                              const struct verify_plan *plan, const char *name);

struct verify_attempt {
    bool exists;               /* false: past the sampler's last instance */
    enum finding finding;      /* what is found in the end; undecided where the methods disagree */
    struct verify_row row;     /* of the referee if it was run, else of the sweeper */
    struct verify_start start; /* of instances that the sweeper was given */
};

enum status verify_attempt(const struct verify_experiment *experiment, size_t index,
                           struct verify_attempt *attempt) MUST_CHECK;

#endif
