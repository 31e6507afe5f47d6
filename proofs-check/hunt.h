/* The hunt for a counterexample to one claim.
 *
 * Phases, each with its share of the budget: a sweep (quasi-random and independent points), boundary
 * cases, one hypothesis dropped at a time, and an optimiser that makes the margin small.  A candidate is
 * confirmed by both integrators and, where it can be asked, by exact algebra; the first confirmed one is
 * shrunk, and the hunt ends.  With a hypothesis dropped a violation is no refutation: it is reported as
 * what the hypothesis is needed for.  Method and meaning: notes/hunter.md, (HU1)-(HU6).
 *
 * With a number of evaluations for a budget the result is the same, bit by bit, for every number of
 * threads; with seconds for a budget it depends on the machine.
 * Memory: hunt_create(), hunt_free().  Errors: failures of the machine; BAD_ARGUMENT for a record that
 * cannot be hunted; nothing found is a result. */
#ifndef PROOFS_CHECK_HUNT_H
#define PROOFS_CHECK_HUNT_H

#include "proofs-check/hunt_shrink.h"

#include <signal.h>

enum { HUNT_LISTED_MOST = 8, HUNT_HYPOTHESES_MOST = 16 };

struct hunt_plan {
    uint64_t seed;
    double seconds; /* budget, if evaluations is 0 */
    size_t
        evaluations; /* of instances, in all phases together; confirming and shrinking are extra */
    int threads;     /* 0: all */
    double confidence;
    struct plan plan;                                   /* of the search */
    const volatile sig_atomic_t *stop;                  /* set by SIGINT; NULL if none */
    void (*advance)(void *context, size_t evaluations); /* progress; may be NULL; any thread */
    void (*enter)(void *context, const char *phase);    /* may be NULL */
    void *context;
};

struct hunt_plan hunt_defaults(void); /* 60 s, two threads */

enum hunt_phase_name { HUNT_SWEEP, HUNT_BOUNDARY, HUNT_DROP, HUNT_OPTIMISE, HUNT_PHASES };
const char *hunt_phase_title(enum hunt_phase_name phase);

/* What one phase has seen. */
struct hunt_phase {
    size_t evaluations;
    size_t undecided;  /* of these, at the plan's tolerance and horizon */
    size_t candidates; /* that seemed to fail */
    double seconds;
};

/* A candidate that was not confirmed, and why. */
struct hunt_listed {
    struct instance instance;
    enum hunt_doubt doubt;
    enum ending ending;
};

/* A hypothesis left out: what it is needed for. */
struct hunt_dropped {
    const char *says;
    size_t evaluations, undecided;
    bool found;
    struct hunt_violation violation; /* shrunk */
};

enum hunt_verdict { HUNT_NOTHING, HUNT_FOUND, HUNT_ONLY_CANDIDATES };

struct hunted {
    struct hunt_claim made; /* of a record without a space */
    const struct hunt_claim *claim;
    enum hunt_kind kind;
    struct hunt_question question;
    bool drawn; /* by the record's own sampler: sweep only */
    enum hunt_verdict verdict;

    struct hunt_phase phase[HUNT_PHASES];
    size_t evaluations; /* of instances that meet all hypotheses */
    double seconds;

    /* found */
    enum hunt_phase_name by;
    size_t found_after; /* evaluations */
    double found_seconds;
    struct hunt_violation first, violation; /* as found, and shrunk */
    struct hunt_shrinking shrinking;

    /* not found */
    size_t undecided, pursued; /* instances that the search could not tell; confirmed or not */
    size_t resolved;           /* candidates that hold after all, or fail by rounding only */
    size_t open;               /* candidates that stay undecided */
    struct hunt_listed listed[HUNT_LISTED_MOST]; /* the first ones of these */
    size_t listed_count;
    size_t independent, independent_open; /* drawn independently; of these not seen to hold */
    double measure_below; /* (HU4): Clopper-Pearson of the measure of violations; NAN: none drawn */
    double least_margin;
    struct instance nearest; /* where the margin was least */
    bool has_nearest;

    size_t drops;
    struct hunt_dropped drop[HUNT_HYPOTHESES_MOST];
};

/* NULL: out of memory. */
struct hunted *hunt_create(void);
void hunt_free(struct hunted *hunted);

/* The claim is looked up by name.  UNKNOWN_NAME if there is none. */
enum status hunt(const char *id, const struct hunt_plan *plan, struct hunted *hunted) MUST_CHECK;

/* A claim of the caller's, which must outlive the result, whose `kind` is the caller's, too. */
enum status hunt_claim(const struct hunt_claim *claim, const struct hunt_plan *plan,
                       struct hunted *hunted) MUST_CHECK;

#endif
