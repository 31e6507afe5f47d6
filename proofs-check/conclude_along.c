/* Conclusions about the way to the limit, not only about the limit. */
#include "proofs-check/conclude.h"

#include <math.h>

static double sensitivity_event(const void *context, const double *x)
{
    return chain_sensitivity(context, x);
}

enum status conclude_count_sign_changes(struct trial *trial, size_t *changes, bool *counted,
                                        enum finding *finding)
{
    const struct prediction *prediction;
    bool rests;
    trial->plan.event = sensitivity_event;
    trial->plan.context = trial->flow;
    *counted = false;
    TRY(trial_prediction(trial, &prediction));
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    if (prediction->ending != ENDING_SETTLED)
        return conclude_undecided(trial, finding, "no simple root to count up to");
    struct chain_clock clock;
    chain_clock_init(&clock, &trial->instance->problem, trial->flow, trial->instance->x0);
    const int turning =
        prediction->clock == 0 ? 0 : clock_turning_points(&clock.clock, prediction->clock);
    *changes = trial->outcome->events;
    trial->measured = (double)*changes;
    trial->expected = turning;
    if (turning < 0 || (size_t)turning != *changes)
        return conclude_undecided(
            trial, finding, "%zu sign changes along the trajectory, %d turning points of P(s)",
            *changes, turning);
    *counted = true;
    trial->deviation = (double)*changes;
    return OK;
}

enum status conclude_sign_changes_bounded(struct trial *trial, enum finding *finding)
{
    size_t changes = 0;
    bool counted;
    TRY(conclude_count_sign_changes(trial, &changes, &counted, finding));
    if (!counted)
        return OK;
    if (!((double)changes <= trial->theorem->bound))
        return conclude_fails(trial, finding, "dP/dt changes sign %zu times", changes);
    return conclude_holds(finding);
}

enum status conclude_sensitivity_positive(struct trial *trial, enum finding *finding)
{
    const double S = chain_sensitivity(trial->flow, trial->instance->x0);
    if (!(S > 0))
        return conclude_fails(trial, finding, "S = %.6g: dP/dt opposes alpha - beta P", S);
    trial->deviation = 0;
    return conclude_holds(finding);
}

enum status conclude_stays_near(struct trial *trial, enum finding *finding)
{
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    trial->deviation = 0;
    for (size_t i = 0; i < trial->flow->dim; i++)
        trial->deviation =
            fmax(trial->deviation, fabs(trial->outcome->limit[i] - trial->instance->x0[i]));
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "leaves: the limit is %.4g away", trial->deviation);
    return conclude_holds(finding);
}

/* Largest rise of the excess loss between two visited states. */
struct loss_watch {
    const struct flow *flow;
    double last, rise;
};

static void watch_loss(void *context, double t, const double *x)
{
    (void)t;
    struct loss_watch *watch = context;
    const double loss = watch->flow->loss(watch->flow, x);
    watch->rise = fmax(watch->rise, loss - watch->last);
    watch->last = loss;
}

enum status conclude_loss_never_rises(struct trial *trial, enum finding *finding)
{
    struct loss_watch watch = {.flow = trial->flow, .last = INFINITY};
    const struct outcome *outcome;
    if (!trial->flow->loss)
        return conclude_undecided(trial, finding, "there is no loss");
    trial->plan.visit = watch_loss;
    trial->plan.context = &watch;
    TRY(trial_outcome(trial, &outcome));
    trial->deviation = watch.rise;
    if (!(watch.rise <= trial->theorem->bound))
        return conclude_fails(trial, finding, "the loss rises by %.6g in one step", watch.rise);
    return conclude_holds(finding);
}

/* The range that each quantity has gone back over: max over the way of |reversal|. */
struct monotone_watch {
    const struct flow *flow;
    double low[INSTANCE_DIM_MAX + 1], high[INSTANCE_DIM_MAX + 1]; /* extremes so far */
    double up[INSTANCE_DIM_MAX + 1], down[INSTANCE_DIM_MAX + 1];  /* largest rise, largest fall */
    bool started;
};

static void watch_monotone(void *context, double t, const double *x)
{
    (void)t;
    struct monotone_watch *watch = context;
    for (size_t i = 0; i <= watch->flow->dim; i++) {
        const double q = i < watch->flow->dim ? x[i] : chain_product(watch->flow, x);
        if (!watch->started)
            watch->low[i] = watch->high[i] = q;
        watch->up[i] = fmax(watch->up[i], q - watch->low[i]);
        watch->down[i] = fmax(watch->down[i], watch->high[i] - q);
        watch->low[i] = fmin(watch->low[i], q);
        watch->high[i] = fmax(watch->high[i], q);
    }
    watch->started = true;
}

enum status conclude_weights_monotone(struct trial *trial, enum finding *finding)
{
    struct monotone_watch watch = {.flow = trial->flow};
    const struct outcome *outcome;
    trial->plan.visit = watch_monotone;
    trial->plan.context = &watch;
    TRY(trial_outcome(trial, &outcome));
    trial->deviation = 0;
    for (size_t i = 0; i <= trial->flow->dim; i++)
        trial->deviation = fmax(trial->deviation, fmin(watch.up[i], watch.down[i]));
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "a weight or P turns back by %.4g", trial->deviation);
    return conclude_holds(finding);
}

enum status conclude_rate_of_top_layer(struct trial *trial, enum finding *finding)
{
    const struct prediction *prediction;
    TRY(trial_prediction(trial, &prediction));
    double below = 1; /* the product of all weights but the last */
    for (size_t i = 0; i + 1 < trial->flow->dim; i++)
        below *= trial->limit[i];
    trial->prediction.rate = -trial->instance->problem.beta * below * below;
    return conclude_predicted_rate(trial, finding);
}
