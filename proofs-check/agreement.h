/* Does a trajectory end as theory says?
 *
 * The endings must be the same, and where both have a limit each component must agree within
 *     prediction error + distance bound + 1e-8 (1 + |x|),
 * the last term for what the integration itself has lost.  Where the prediction is about the output
 * P and not about the state, P at the limit is compared, and |P(limit) - P(last state)| takes the
 * place of the distance bound.  Memory: none.  Errors: none; without memory there is nothing to compare. */
#ifndef PROOFS_CHECK_AGREEMENT_H
#define PROOFS_CHECK_AGREEMENT_H

#include "exact/limit.h"
#include "linear/prediction.h"
#include "ode/trajectory.h"

enum agreement_kind {
    AGREEMENT_NONE, /* no conclusive prediction, or an undecided trajectory: nothing to compare */
    AGREEMENT_HOLDS,
    AGREEMENT_FAILS,
};

struct agreement {
    enum agreement_kind kind;
    double deviation;   /* max |limit - predicted limit|, of state or output; NAN if none */
    double allowed;     /* at the component where the deviation comes closest to it */
    const char *reason; /* static text: why it fails, or why there is nothing to compare */
};

/* What is compared. */
struct agreement_case {
    const struct flow *flow;
    const struct outcome *outcome;
    const struct prediction *prediction;
    const double *predicted;   /* the prediction's limit, of state or output */
    const double *output;      /* [flow->outputs] at the outcome's limit; NULL without output */
    const double *output_last; /* [flow->outputs] at its last state */
};

struct agreement agreement_of(const struct agreement_case *pair);

/* With the exact limit of the same start; NONE where that is undecided. */
struct agreement agreement_with_exact(const struct limit *limit, const struct flow *flow,
                                      const struct outcome *outcome);

/* Does the prediction say where the trajectory ends? */
bool agreement_is_conclusive(const struct prediction *prediction);

/* Does the predicted ending have a limit? */
bool agreement_has_limit(const struct prediction *prediction);

#endif
