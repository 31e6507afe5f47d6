/* Conclusions that several records share.
 *
 * Each asks the trial for what it needs, so that the trajectory is integrated, and the prediction
 * made, at most once, and only if the question comes up.  The order is always the same: undecided
 * if the trajectory cannot tell, fails with the numbers if it contradicts, holds otherwise; and
 * comparisons are written !(deviation <= bound), which NaN does not pass. */
#include "proofs-check/conclude.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

static void explain(struct trial *trial, const char *format, va_list arguments)
{
    vsnprintf(trial->reason, sizeof trial->reason, format, arguments);
}

enum status conclude_fails(struct trial *trial, enum finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    explain(trial, format, arguments);
    va_end(arguments);
    *finding = FINDING_FAILS;
    return OK;
}

enum status conclude_undecided(struct trial *trial, enum finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    explain(trial, format, arguments);
    va_end(arguments);
    *finding = FINDING_UNDECIDED;
    return OK;
}

enum status conclude_holds(enum finding *finding)
{
    *finding = FINDING_HOLDS;
    return OK;
}

enum status conclude_close(struct trial *trial, const char *what, double measured, double expected,
                           enum finding *finding)
{
    trial->measured = measured;
    trial->expected = expected;
    trial->deviation = fabs(measured - expected) / fmax(1, fabs(expected));
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "%s: measured %.10g, expected %.10g", what, measured,
                              expected);
    return conclude_holds(finding);
}

enum status conclude_ratio(struct trial *trial, const char *what, double measured, double expected,
                           enum finding *finding)
{
    trial->measured = measured;
    trial->expected = expected;
    trial->deviation = fabs(measured / expected - 1);
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "%s: measured %.10g, expected %.10g", what, measured,
                              expected);
    return conclude_holds(finding);
}

enum status conclude_came_to_rest(struct trial *trial, bool *rests, enum finding *finding)
{
    const struct outcome *outcome;
    TRY(trial_outcome(trial, &outcome));
    *rests = false;
    switch (outcome->ending) {
    case ENDING_SETTLED:
    case ENDING_SADDLE:
    case ENDING_CREEPING:
        *rests = true;
        return OK;
    case ENDING_ESCAPED:
        return conclude_fails(trial, finding, "blows up at t = %.10g", outcome->blowup_time);
    case ENDING_UNBOUNDED:
        return conclude_fails(trial, finding, "grows without bound, %s = %.3g at t = %.6g",
                              trial->flow->names[0], outcome->last[0], outcome->t);
    case ENDING_CYCLING:
        return conclude_fails(trial, finding, "cycles with period %.10g", outcome->period);
    default:
        return conclude_undecided(trial, finding, "%s: %s", ending_name(outcome->ending),
                                  outcome->reason);
    }
}

enum status conclude_converges(struct trial *trial, enum finding *finding)
{
    bool rests = false;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    trial->deviation = trial->outcome->residual;
    return conclude_holds(finding);
}

enum status conclude_global_minimum(struct trial *trial, enum finding *finding)
{
    bool rests = false;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    trial->deviation = fabs(chain_error(trial->flow, trial->outcome->limit));
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "rests at a fixed point with error e = %.10g",
                              chain_error(trial->flow, trial->outcome->limit));
    return conclude_holds(finding);
}

/* The pair (outcome, conclusive prediction), or a finding. */
static enum status compare_endings(struct trial *trial, bool *same, enum finding *finding)
{
    const struct outcome *outcome;
    const struct prediction *prediction;
    TRY(trial_prediction(trial, &prediction));
    TRY(trial_outcome(trial, &outcome));
    *same = false;
    if (prediction->ending == ENDING_HORIZON)
        return conclude_undecided(trial, finding, "prediction: %s",
                                  prediction->reason ? prediction->reason : "inconclusive");
    if (outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED)
        return conclude_undecided(trial, finding, "%s: %s", ending_name(outcome->ending),
                                  outcome->reason);
    if (outcome->ending != prediction->ending)
        return conclude_fails(trial, finding, "ends %s, predicted %s", ending_name(outcome->ending),
                              ending_name(prediction->ending));
    *same = true;
    return OK;
}

enum status conclude_predicted_ending(struct trial *trial, enum finding *finding)
{
    bool same = false;
    TRY(compare_endings(trial, &same, finding));
    return same ? conclude_holds(finding) : OK;
}

enum status conclude_predicted_limit(struct trial *trial, enum finding *finding)
{
    bool same = false;
    TRY(compare_endings(trial, &same, finding));
    if (!same)
        return OK;
    double size = 1;
    trial->deviation = 0;
    for (size_t i = 0; i < trial->flow->dim && trial->outcome->has_limit; i++) {
        size = fmax(size, fabs(trial->limit[i]));
        trial->deviation = fmax(trial->deviation, fabs(trial->outcome->limit[i] - trial->limit[i]));
    }
    trial->deviation /= size;
    /* a degenerate limit is only known to within the distance still to go */
    const double allowed = trial->outcome->ending == ENDING_CREEPING
                               ? fmax(trial->theorem->bound, trial->outcome->distance_bound / size)
                               : trial->theorem->bound;
    const bool close = trial->deviation <= allowed;
    if (close && allowed > trial->theorem->bound)
        trial->deviation *= trial->theorem->bound / allowed; /* in units of what is allowed */
    if (!close)
        return conclude_fails(trial, finding,
                              "limit differs from the prediction by %.3g (relative)",
                              trial->deviation);
    return conclude_holds(finding);
}

enum status conclude_predicted_rate(struct trial *trial, enum finding *finding)
{
    bool same = false;
    TRY(compare_endings(trial, &same, finding));
    if (!same)
        return OK;
    trial->measured = trial->outcome->measured_rate;
    trial->expected = trial->prediction.rate;
    if (trial->outcome->ending != ENDING_SETTLED || !isfinite(trial->measured))
        return conclude_undecided(trial, finding, "the tail is too short to measure a rate");
    return conclude_ratio(trial, "rate along the trajectory", trial->measured, trial->expected,
                          finding);
}

enum status conclude_predicted_exponent(struct trial *trial, enum finding *finding)
{
    bool same = false;
    TRY(compare_endings(trial, &same, finding));
    if (!same)
        return OK;
    trial->measured = trial->outcome->exponent;
    trial->expected = trial->prediction.exponent;
    if (isinf(trial->expected) && isinf(trial->measured)) /* both exponential */
        return conclude_holds(finding);
    if (!isfinite(trial->expected) || !isfinite(trial->measured))
        return conclude_fails(trial, finding, "ends %s: no power law",
                              ending_name(trial->outcome->ending));
    return conclude_ratio(trial, "exponent", trial->measured, trial->expected, finding);
}

enum status conclude_blowup_time(struct trial *trial, enum finding *finding)
{
    bool same = false;
    TRY(compare_endings(trial, &same, finding));
    if (!same)
        return OK;
    if (trial->outcome->ending != ENDING_ESCAPED)
        return conclude_fails(trial, finding, "ends %s: no blow-up",
                              ending_name(trial->outcome->ending));
    trial->measured = trial->outcome->blowup_time;
    trial->expected = trial->prediction.escape_time;
    trial->deviation = fabs(trial->measured / trial->expected - 1);
    if (!(fabs(trial->measured - trial->expected) <= trial->outcome->blowup_error))
        return conclude_fails(trial, finding, "blow-up at %.12g +- %.1e, predicted %.12g",
                              trial->measured, trial->outcome->blowup_error, trial->expected);
    return conclude_holds(finding);
}

enum status conclude_no_cycle(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    TRY(trial_outcome(trial, &outcome));
    if (outcome->ending == ENDING_CYCLING)
        return conclude_fails(trial, finding, "cycles with period %.10g", outcome->period);
    if (outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED)
        return conclude_undecided(trial, finding, "%s: %s", ending_name(outcome->ending),
                                  outcome->reason);
    return conclude_holds(finding);
}
