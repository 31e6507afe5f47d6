/* Does a trajectory end as theory says?
 *
 * The endings must be the same, and where both have a limit each component must agree within
 *     prediction error + distance bound + 1e-8 (1 + |x|),
 * the last term for what the integration itself has lost.  Memory: none.  Errors: none. */
#ifndef CLI_AGREEMENT_H
#define CLI_AGREEMENT_H

#include "linear/prediction.h"
#include "ode/trajectory.h"

enum agreement_kind {
    AGREEMENT_NONE, /* no conclusive prediction, or an undecided trajectory: nothing to compare */
    AGREEMENT_HOLDS,
    AGREEMENT_FAILS,
};

struct agreement {
    enum agreement_kind kind;
    double deviation;   /* max |limit - predicted limit|; NAN if one of them has none */
    double allowed;     /* at the component where the deviation comes closest to it */
    const char *reason; /* static text: why it fails, or why there is nothing to compare */
};

/* limit[dim] belongs to the prediction. */
struct agreement agreement_of(size_t dim, const struct outcome *outcome,
                              const struct prediction *prediction, const double *limit);

/* Does the prediction say where the trajectory ends? */
bool agreement_is_conclusive(const struct prediction *prediction);

/* Does the predicted ending have a limit? */
bool agreement_has_limit(const struct prediction *prediction);

#endif
