/* Evidence of growth, (E4): suspicions of growth.h, followed by escape.h and escape_stiff.h. */
#include "ode/watch_work.h"

#include "ode/escape.h"
#include "ode/escape_slow.h"
#include "ode/escape_stiff.h"
#include "ode/vector.h"

#include <math.h>

static const double TIME_KNOWN = 0.1; /* relative error of a blow-up time worth reporting */
/* Of a blow-up time, in units of the local errors: measured at most 1.3 */
static const double TIME_ERROR = 10;

/* A blow-up whose time is not even known to this share is no blow-up to report. */
static bool time_is_known(const struct watch *watch, const struct escape *escape)
{
    return TIME_ERROR * watch->time_error + escape->error <=
           TIME_KNOWN * (watch->t + escape->time_to_go);
}

static void close_unbounded(struct watch *watch, const struct escape *escape,
                            struct outcome *outcome)
{
    watch_close(watch, ENDING_UNBOUNDED, "one growth law as far as it can be followed", outcome);
    if (outcome->ending != ENDING_UNBOUNDED)
        return;
    outcome->exponent = escape->exponent;
    outcome->log_slope = escape->log_slope;
}

static void close_escaped(struct watch *watch, const struct escape *escape, struct outcome *outcome)
{
    if (!time_is_known(watch, escape)) {
        watch_close(watch, ENDING_HORIZON,
                    "grows, but its error hides from where; try smaller tolerances", outcome);
        return;
    }
    watch_close(watch, ENDING_ESCAPED, "blow-up: one power law as far as it can be followed",
                outcome);
    if (outcome->ending != ENDING_ESCAPED)
        return;
    outcome->blowup_time = watch->t + escape->time_to_go;
    outcome->blowup_error = TIME_ERROR * watch->time_error + escape->error;
}

/* Ends the run, if growth was confirmed, or the user stopped it there. */
static bool close_growth(struct watch *watch, const struct escape *escape, struct outcome *outcome)
{
    if (watch->patience.stopped)
        watch_close(watch, ENDING_HORIZON, STOPPED, outcome);
    else if (escape->verdict == ESCAPE_GROWS)
        close_unbounded(watch, escape, outcome);
    else if (escape->verdict == ESCAPE_BLOWS_UP)
        close_escaped(watch, escape, outcome);
    return watch->patience.stopped || escape->verdict != ESCAPE_NEITHER;
}

/* Follows growth, by an explicit method first: that is more exact. */
static enum status confirm_growth(struct watch *watch, const struct escape_law *before,
                                  struct escape *escape)
{
    watch->patience.t = watch->t;
    TRY(escape_confirm(watch->flow, watch->x, &watch->patience, escape));
    if (escape->verdict != ESCAPE_NEITHER)
        return OK;
    return escape_stiff_confirm(watch->flow, watch->x, before, &watch->patience, escape);
}

/* Follows growth that only its slope speaks of. */
static enum status check_stiff_growth(struct watch *watch, struct outcome *outcome, bool *ended)
{
    const struct escape_law by_slope = {watch->growth.slope.m, watch->growth.slope.steady_size};
    struct escape escape;
    TRY(confirm_growth(watch, &by_slope, &escape));
    *ended = close_growth(watch, &escape, outcome);
    if (!*ended)
        growth_dismiss_slope(&watch->growth);
    return OK;
}

enum status watch_check_escape(struct watch *watch, struct outcome *outcome, bool *ended)
{
    struct escape escape;
    const struct escape_law by_jacobian = {watch->growth.m, watch->growth.steady_size};
    TRY(confirm_growth(watch, &by_jacobian, &escape));
    *ended = close_growth(watch, &escape, outcome);
    if (!*ended)
        growth_dismiss(&watch->growth);
    return OK;
}

/* Follows slow growth, (E32). */
static enum status check_slow_growth(struct watch *watch, struct outcome *outcome, bool *ended)
{
    struct escape escape;
    watch->patience.t = watch->t;
    TRY(escape_slow_confirm(watch->flow, watch->x, watch->t, &watch->patience, &escape));
    *ended = close_growth(watch, &escape, outcome);
    if (!*ended)
        slow_dismiss(&watch->slow);
    return OK;
}

enum status watch_last_look(struct watch *watch, struct outcome *outcome, bool *ended)
{
    *ended = false;
    if (watch->doubtful > 0)
        return OK;
    if (growth_is_steep(&watch->growth) && watch->growth.m > -INFINITY) {
        /* by the implicit method alone: the explicit one had its steps */
        const struct escape_law by_slope = {watch->growth.slope.m, watch->growth.slope.steady_size};
        struct escape escape;
        watch->patience.t = watch->t;
        TRY(escape_stiff_confirm(watch->flow, watch->x, &by_slope, &watch->patience, &escape));
        *ended = close_growth(watch, &escape, outcome);
    }
    if (!*ended && slow_is_steady(&watch->slow))
        TRY(check_slow_growth(watch, outcome, ended));
    return OK;
}

enum status watch_check_growth(struct watch *watch, struct outcome *outcome, bool *ended)
{
    const size_t n = watch->flow->dim;
    struct growth_state state = {.size = vector_norm(n, watch->x),
                                 .speed = vector_norm(n, watch->f)};
    for (size_t i = 0; i < n; i++) {
        const double unit = watch->x[i] / state.size;
        state.along += unit * (watch->f[i] / state.speed);
        state.stretch += unit * (watch->Jf[i] / state.speed);
    }
    const enum growth_verdict verdict = growth_step(&watch->growth, &state);
    if (verdict == GROWTH_SUSPICIOUS)
        return watch_check_escape(watch, outcome, ended);
    if (verdict == GROWTH_STIFF)
        TRY(check_stiff_growth(watch, outcome, ended));
    if (!*ended && slow_step(&watch->slow, n, watch->t, watch->x))
        TRY(check_slow_growth(watch, outcome, ended));
    return OK;
}
