/* The exact engine beside the referee: where does this very start go?
 *
 * The numbers of an instance are doubles, so rationals: the exact engine is asked about the same start of the
 * same flow, and the trajectory must end there, notes/exact.md.  It knows nothing of the theorem that
 * is on trial.  Asked are instances that the referee has run, of chains, fans, powers and autoencoders whose orbit
 * has a formula; validated integrations are too slow for samples.
 *
 * Memory: none.  Errors: NO_MEMORY. */
#ifndef PROOFS_CHECK_ORACLE_H
#define PROOFS_CHECK_ORACLE_H

#include "proofs-check/trial.h"

enum oracle_answer {
    ORACLE_NOT_ASKED, /* no theorem covers the instance, or there is no trajectory */
    ORACLE_OPEN,      /* one of the two is undecided */
    ORACLE_AGREES,
    ORACLE_DISAGREES,
};

struct oracle_finding {
    enum oracle_answer answer;
    enum ending ending; /* the exact one */
    double distance;    /* of both limits; NAN: there are not two */
};

/* Tests put methods that err in its place. */
typedef enum status oracle_method(const struct trial *trial, struct oracle_finding *finding);
oracle_method oracle_ask;

#endif
