/* Conclusions for systems with one output P: chains and fans.
 *
 * P is read off the flow, whatever its unknowns are, and e = alpha - beta P is the one error.  The
 * prediction decides which quantity is compared: state, output, period, time or exponent. */
#include "proofs-check/conclude_output.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

double conclude_output(const struct trial *trial, const double *x)
{
    double P[INSTANCE_DIM_MAX];
    assert(trial->flow->outputs == 1);
    trial->flow->output(trial->flow, x, P);
    return P[0];
}

double conclude_output_error(const struct trial *trial, const double *x)
{
    const struct problem *problem = &trial->instance->problem;
    return problem->alpha - problem->beta * conclude_output(trial, x);
}

enum status conclude_output_learned(struct trial *trial, enum finding *finding)
{
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    const double e = conclude_output_error(trial, trial->outcome->limit);
    trial->deviation = fabs(e);
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "rests at a fixed point with error e = %.10g", e);
    return conclude_holds(finding);
}

enum status conclude_output_stuck(struct trial *trial, enum finding *finding)
{
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    const double e = conclude_output_error(trial, trial->outcome->limit);
    trial->deviation = 0;
    if (!(fabs(e) > trial->theorem->bound))
        return conclude_fails(trial, finding, "learns: e = %.3g at the limit", e);
    return conclude_holds(finding);
}

static enum status compare_outputs(struct trial *trial, enum finding *finding)
{
    const double P = conclude_output(trial, trial->outcome->limit);
    return conclude_close(trial, "the output", P, trial->limit[0], finding);
}

enum status conclude_as_theory_says(struct trial *trial, enum finding *finding)
{
    const struct prediction *prediction;
    TRY(trial_prediction(trial, &prediction));
    switch (prediction->ending) {
    case ENDING_ESCAPED:
        TRY(conclude_blowup_time(trial, finding));
        trial->deviation = NAN; /* a time has its own error estimate, measured and expected tell */
        return OK;
    case ENDING_UNBOUNDED:
        return conclude_predicted_exponent(trial, finding);
    case ENDING_CYCLING:
        TRY(conclude_predicted_ending(trial, finding));
        return *finding == FINDING_HOLDS ? conclude_ratio(trial, "period", trial->outcome->period,
                                                          trial->prediction.period, finding)
                                         : OK;
    default:
        break;
    }
    if (prediction->about == PREDICTION_STATE)
        return conclude_predicted_limit(trial, finding);
    TRY(conclude_predicted_ending(trial, finding));
    return *finding == FINDING_HOLDS ? compare_outputs(trial, finding) : OK;
}

enum status conclude_claims_kept(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    trial->plan.free_integrals = true;
    TRY(trial_outcome(trial, &outcome));
    if (outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED)
        return conclude_undecided(trial, finding, "%s: %s", ending_name(outcome->ending),
                                  outcome->reason);
    trial->deviation = 0;
    for (size_t k = 0; k < trial->flow->conserved; k++)
        trial->deviation = fmax(trial->deviation, outcome->drift[k]);
    if (trial->flow->conserved == 0 || !(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "a first integral drifts by %.3g", trial->deviation);
    return conclude_holds(finding);
}

enum status conclude_share(struct trial *trial, size_t hits, size_t draws, double expected,
                           enum finding *finding)
{
    static const double TAIL = 5e-4; /* on each side: one false alarm in a thousand */
    const unsigned k = (unsigned)hits, n = (unsigned)draws;
    const double at_most = gsl_cdf_binomial_P(k, expected, n);
    const double at_least = hits > 0 ? gsl_cdf_binomial_Q(k - 1, expected, n) : 1;
    trial->measured = (double)hits / (double)draws;
    trial->expected = expected;
    trial->deviation = fabs(trial->measured - expected);
    if (!(at_most > TAIL && at_least > TAIL))
        return conclude_fails(trial, finding, "%zu of %zu, a share of %.5g; expected %.5g", hits,
                              draws, trial->measured, expected);
    return conclude_holds(finding);
}
