/* Does a trajectory end as theory says?
 *
 * The prediction never integrates and the integrator never predicts, so their agreement is evidence
 * for both.  The allowance of 1e-8 (1 + |x|) is a hundred times the global error that CVODE's
 * default tolerances leave on an orbit of this kind, and far below the distance of different fixed
 * points. */
#include "proofs-check/agreement.h"

#include <math.h>
#include <stdlib.h>

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

/* What the trajectory still had to go in component k when it stopped. */
static double still_to_go(const struct agreement_case *pair, size_t k)
{
    return pair->prediction->about == PREDICTION_OUTPUT
               ? fabs(pair->output[k] - pair->output_last[k])
               : or_zero(pair->outcome->distance_bound);
}

/* Compares the limits component by component; keeps the worst in units of what is allowed. */
static void limits_compare(const struct agreement_case *pair, struct agreement *agreement)
{
    const bool of_output = pair->prediction->about == PREDICTION_OUTPUT;
    const size_t count = of_output ? pair->flow->outputs : pair->flow->dim;
    const double *reached = of_output ? pair->output : pair->outcome->limit;
    double worst = -1;
    agreement->deviation = 0;
    for (size_t k = 0; k < count; k++) {
        double deviation = fabs(reached[k] - pair->predicted[k]);
        double allowed = or_zero(pair->prediction->error) + still_to_go(pair, k) +
                         INTEGRATION_ALLOWANCE * (1 + fabs(pair->predicted[k]));
        agreement->deviation = fmax(agreement->deviation, deviation);
        if (!(deviation / allowed <= worst)) {
            worst = deviation / allowed;
            agreement->allowed = allowed;
        }
        if (isnan(worst)) { /* nothing larger will hide it */
            agreement->deviation = NAN;
            break;
        }
    }
    if (!(worst <= 1)) {
        agreement->kind = AGREEMENT_FAILS;
        agreement->reason = of_output ? "the outputs differ" : "the limits differ";
    }
}

struct agreement agreement_of(const struct agreement_case *pair)
{
    const struct prediction *prediction = pair->prediction;
    const struct outcome *outcome = pair->outcome;
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
        limits_compare(pair, &agreement);
    if (outcome->ending != prediction->ending) {
        agreement.kind = AGREEMENT_FAILS;
        agreement.reason = "the endings differ";
    }
    return agreement;
}

struct agreement agreement_with_exact(const struct limit *limit, const struct flow *flow,
                                      const struct outcome *outcome)
{
    struct prediction prediction = prediction_none("notes/exact.md", "undecided");
    double *middle = calloc(flow->dim, sizeof *middle);
    if (!middle)
        return (struct agreement){.kind = AGREEMENT_NONE, .reason = "out of memory"};
    prediction.ending = limit->ending;
    prediction.error = limit->has_limit ? limit_radius(limit) : NAN;
    for (size_t i = 0; i < flow->dim; i++)
        middle[i] = arf_get_d(arb_midref(limit->x + i), ARF_RND_NEAR);
    const struct agreement_case pair = {
        .flow = flow, .outcome = outcome, .prediction = &prediction, .predicted = middle};
    const struct agreement agreement = agreement_of(&pair);
    free(middle);
    return agreement;
}
