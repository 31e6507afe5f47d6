/* Does a trajectory end as theory says?
 *
 * The prediction never integrates and the integrator never predicts, so their agreement is evidence
 * for both.  The allowance of 1e-8 (1 + |x|) is a hundred times the global error that CVODE's
 * default tolerances leave on an orbit of this kind, and far below the distance of different fixed
 * points. */
#include "cli/agreement.h"

#include <math.h>

static const double INTEGRATION_ALLOWANCE = 1e-8; /* relative to 1 + |x|; see above */

bool agreement_is_conclusive(const struct prediction *prediction)
{
    return prediction->ending != ENDING_HORIZON;
}

bool agreement_has_limit(const struct prediction *prediction)
{
    return prediction->ending == ENDING_SETTLED || prediction->ending == ENDING_SADDLE ||
           prediction->ending == ENDING_CREEPING;
}

static double or_zero(double x)
{
    return isnan(x) ? 0 : x;
}

/* Compares the limits component by component; keeps the worst in units of what is allowed. */
static void limits_compare(size_t dim, const struct outcome *outcome,
                           const struct prediction *prediction, const double *limit,
                           struct agreement *agreement)
{
    double worst = -1;
    agreement->deviation = 0;
    for (size_t k = 0; k < dim; k++) {
        double deviation = fabs(outcome->limit[k] - limit[k]);
        double allowed = or_zero(prediction->error) + or_zero(outcome->distance_bound) +
                         INTEGRATION_ALLOWANCE * (1 + fabs(limit[k]));
        agreement->deviation = fmax(agreement->deviation, deviation);
        if (deviation / allowed > worst) {
            worst = deviation / allowed;
            agreement->allowed = allowed;
        }
    }
    if (!(worst <= 1)) {
        agreement->kind = AGREEMENT_FAILS;
        agreement->reason = "the limits differ";
    }
}

struct agreement agreement_of(size_t dim, const struct outcome *outcome,
                              const struct prediction *prediction, const double *limit)
{
    struct agreement agreement = {.kind = AGREEMENT_NONE, .deviation = NAN, .allowed = NAN};
    if (!agreement_is_conclusive(prediction)) {
        agreement.reason = "the prediction is inconclusive";
        return agreement;
    }
    if (outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED) {
        agreement.reason = "the trajectory is undecided";
        return agreement;
    }
    agreement.kind = AGREEMENT_HOLDS;
    if (agreement_has_limit(prediction) && outcome->has_limit)
        limits_compare(dim, outcome, prediction, limit, &agreement);
    if (outcome->ending != prediction->ending) {
        agreement.kind = AGREEMENT_FAILS;
        agreement.reason = "the endings differ";
    }
    return agreement;
}
