/* A theorem: a statement made checkable.
 *
 * A record carries its source, statement, hypotheses and note label; a sampler of instances that
 * meet the hypotheses (boundary cases first); the conclusion as a query on one trial; the verdict
 * that is on record; and a control, in which a hypothesis is dropped and which must fail. 
 * Published and corrected statements are separate records: a published one may be on record as
 * refuted.
 *
 * A record may have an exact proof, too.  Trials are run all the same and must not contradict it.
 *
 * Shapes: instance.x0[dim].  Memory: records are constants; a trial owns flow and outcome.
 * Errors: samplers and conclusions return a status only for failures of the machine, never for a
 * conclusion that does not hold. */
#ifndef PROOFS_CHECK_THEOREM_H
#define PROOFS_CHECK_THEOREM_H

#include "base/stream.h"
#include "proofs-check/instance.h"
#include "proofs-check/proof.h"
#include "proofs-check/trial.h"
#include "proofs-check/verdict.h"

/* A sampler fills instance number `index`; its first `corners` instances are the boundary cases and
 * witnesses, the rest are drawn from the stream.  It returns false if that index has no instance.
 * */
typedef bool sampler(struct stream *stream, size_t index, struct instance *instance);
typedef enum status conclusion(struct trial *trial, enum finding *finding);

struct control {
    const char *what; /* the hypothesis that is dropped, or the false conclusion that is tried */
    sampler *sample;
    conclusion *conclude;
};

/* What the numbers `measured` and `expected` of a record's trials are, for the figures. */
enum theorem_measures {
    THEOREM_MEASURES_OTHER, /* or nothing, or rates, which are told by their transverse eigenvalue */
    THEOREM_MEASURES_EXPONENTS /* of powers of t: of algebraic approach or growth */
};

struct theorem {
    const char *id;     /* "t2-converges" */
    const char *source; /* paper, theorem, equation; or the note that corrects it */
    /* What is assumed, plain mathematics: "none: holds for all ..." if nothing is.  Every instance
     * of the sampler meets it; what is tried of a wider claim follows "tried:". */
    const char *hypotheses;
    const char *statement; /* what follows, plain mathematics */
    const char *label;     /* of its proof (or refutation) in notes/ */
    enum verdict recorded; /* the verdict that is on record */
    size_t trials;         /* default number of instances */
    size_t corners; /* of these, the first so many are boundary cases and witnesses: not drawn */
    size_t sweep; /* instances that the sweeper follows, for each trial; 0: none.  For records that
                     * ask of a trajectory only how and where it ends, notes/sweeper.md, (J9) */
    double bound; /* deviation allowed in one trial, with its reason in the record's file */
    enum theorem_measures measures; /* what its trials measure against an expected number */
    sampler *sample;
    conclusion *conclude;
    struct control control;
    const struct proof_method *proof; /* exact; NULL: trials are all there is */
};

/* A chapter: the records of one file. */
struct chapter {
    const char *title;
    const struct theorem *theorem; /* theorem[theorems] */
    size_t theorems;
};

/* One alphabetical list of words. */
#define CHAPTERS(X)                                                                                \
    X(adaptive)                                                                                    \
    X(backprop)                                                                                    \
    X(channel_neurons)                                                                             \
    X(channel_rules)                                                                               \
    X(decay)                                                                                       \
    X(deep)                                                                                        \
    X(deep_backprop)                                                                               \
    X(hopf)                                                                                        \
    X(kolen_pollack)                                                                               \
    X(limit_cycles)                                                                                \
    X(matrix_channels)                                                                             \
    X(negative_controls)                                                                           \
    X(nonlinear_chains)                                                                            \
    X(theorem_1)                                                                                   \
    X(theorem_11)                                                                                  \
    X(theorem_2)                                                                                   \
    X(theorem_3)                                                                                   \
    X(theorem_4)                                                                                   \
    X(theorem_5)                                                                                   \
    X(theorem_6)                                                                                   \
    X(theorem_7)                                                                                   \
    X(theorem_9)
#define X(name) extern const struct chapter chapter_##name;
CHAPTERS(X)
#undef X
extern const struct chapter *const theorem_chapters[]; /* NULL-terminated */

const struct theorem *theorem_by_id(const char *id); /* NULL if unknown */

#endif
