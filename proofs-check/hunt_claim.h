/* A claim to hunt: a statement, the space of its hypotheses, and its margin.
 *
 * Claims are the records of theorem.h with a space stated for them, conjectures (open questions, put so
 * that a counterexample would answer them), and planted statements: false on purpose, for tests.
 * Of a record the hunter is given its words, its bound and its conclusion (hunt_claim_question);
 * samplers, boundary cases, witnesses, controls and proofs are not, so that what it finds follows from
 * the statement alone.  Records without a space are hunted with their own sampler, past its boundary
 * cases, and the report says so: `drawn`.
 *
 * Memory: records are constants.  Errors: none; an unknown name gives NULL. */
#ifndef PROOFS_CHECK_HUNT_CLAIM_H
#define PROOFS_CHECK_HUNT_CLAIM_H

#include "proofs-check/hunt_margin.h"
#include "proofs-check/hunt_space.h"
#include "proofs-check/theorem.h"

enum hunt_kind {
    HUNT_THEOREM,    /* a record; its space below or its own sampler */
    HUNT_CONJECTURE, /* an open question */
    HUNT_PLANTED,    /* false on purpose */
    HUNT_EQUATIONS   /* of equations of one's own, hunt_equations.h */
};

struct hunt_claim {
    const char *id; /* of the record, or its own */
    /* What a claim that is no record says. */
    const char *source, *statement, *label;
    const char *hypotheses; /* NULL: those of the space */
    double bound;
    conclusion *conclude; /* of a record: in the place of its own; NULL: its own */

    struct hunt_space space;          /* architectures 0: the record's sampler */
    const struct hunt_margin *margin; /* NULL: hunt_margin_deviation */
    bool swept;  /* asks of a trajectory only how and where it ends: the sweeper may answer */
    bool almost; /* "almost every": fails only where all neighbours do, too */
};

/* A list of claims of one kind. */
struct hunt_chapter {
    enum hunt_kind kind;
    const struct hunt_claim *claim; /* claim[claims] */
    size_t claims;
};

/* One alphabetical list of words. */
#define HUNT_CHAPTERS(X)                                                                           \
    X(adaptive)                                                                                    \
    X(chains)                                                                                      \
    X(conjectures)                                                                                 \
    X(networks)                                                                                    \
    X(neurons)                                                                                     \
    X(planted)
#define X(name) extern const struct hunt_chapter hunt_chapter_##name;
HUNT_CHAPTERS(X)
#undef X
extern const struct hunt_chapter *const hunt_claim_chapters[]; /* NULL-terminated */

/* A claim by its name, and its kind.  A record without a space gets a claim made here, in *made. */
const struct hunt_claim *hunt_claim_named(const char *id, struct hunt_claim *made,
                                          enum hunt_kind *kind);

/* What the hunter may know of it: words, bound, conclusion; no sampler, no corners, no control. */
struct theorem hunt_claim_question(const struct hunt_claim *claim);

/* The sampler of a record that has no space stated, and its number of boundary cases, which are not
 * drawn; NULL where there is a space. */
sampler *hunt_claim_sampler(const struct hunt_claim *claim, size_t *corners);

#endif
