/* One instance looked at: does the conclusion hold, and by how much?
 *
 * Memory: plain data.  Errors: those of conclusions; a problem that is none (BAD_ARGUMENT) is an
 * instance that does not exist. */
#ifndef PROOFS_CHECK_HUNT_SCORE_H
#define PROOFS_CHECK_HUNT_SCORE_H

#include "proofs-check/hunt_claim.h"
#include "proofs-check/oracle.h"

struct hunt_score {
    bool exists;
    enum finding finding;
    bool integrated; /* a trajectory was asked for: its ending, time, size follow */
    bool by_sweeper;
    enum ending ending;
    double t, size;                 /* when it ended; largest modulus of an unknown there */
    double margin;                  /* <= 0 if and only if it fails */
    double deviation;               /* the conclusion's; NAN: it compares no numbers */
    double limit[INSTANCE_DIM_MAX]; /* where it ended */
    char reason[REASON_MAX];
};

/* What is asked of each instance. */
struct hunt_question {
    const struct hunt_claim *claim;
    struct theorem theorem; /* hunt_claim_question(claim) */
};

/* Quick: the sweeper where the claim allows, else the plan's integrator. */
enum status hunt_score(const struct hunt_question *question, const struct instance *instance,
                       const struct plan *plan, struct hunt_score *score) MUST_CHECK;

/* How two methods and exact algebra see an instance on which the conclusion seems to fail. */
enum hunt_doubt {
    HUNT_CONFIRMED,
    HUNT_HOLDS_AFTER_ALL,   /* for at least one method it holds: a rounding, or a tolerance */
    HUNT_STILL_UNDECIDED,   /* at least one method cannot tell */
    HUNT_METHODS_DIFFER,    /* both say it fails, with different endings or numbers */
    HUNT_TOO_SMALL,         /* by no more than rounding could explain */
    HUNT_EXACT_DIFFERS,     /* exact algebra says that the trajectory ends elsewhere */
    HUNT_NEIGHBOURS_DIFFER, /* of a statement about almost every start: neighbours obey it */
};
const char *hunt_score_doubt(enum hunt_doubt doubt);

struct hunt_confirmation {
    enum hunt_doubt doubt;
    struct hunt_score bdf, rk; /* by CVODE BDF and by GSL's rk8pd, at confirm tolerances */
    enum oracle_answer exact;  /* of the exact engine */
};

/* The tolerances of confirmations. */
extern const double hunt_score_rtol, hunt_score_atol;

/* `seed` is that of the neighbours. */
enum status hunt_score_confirm(const struct hunt_question *question,
                               const struct instance *instance, const struct plan *plan,
                               uint64_t seed, struct hunt_confirmation *confirmation) MUST_CHECK;

#endif
