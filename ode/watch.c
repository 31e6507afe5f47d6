/* Endings: the watch puts the questions, the files watch_*.c answer them.
 *
 * After every step: has the run lost its leaf, or is it in doubt?  Does it grow without bound?  Has
 * |f| fallen by ATTEMPT since a fixed point was last sought, or does it creep?  Each answer needs
 * its own evidence: watch_rest.c, watch_start.c (at rest from the start), watch_growth.c,
 * watch_section.c (cycling), watch_doubt.c, watch_switch.c; they close the run by watch_close.c.
 *
 * The capture radius never sits below the integrator's noise: a threshold below the local error
 * would never trigger, since |f| then stops falling at the noise floor. */
#include "ode/watch_work.h"

#include "ode/vector.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double ATTEMPT = 0.25; /* fall of |f| between two attempts */

/* Steps in which growth is followed: as many as a run has if nothing is said, of which blow-up on
 * power chains has needed 105000, unless the run has more; and, where it has few, so many times as
 * many, since a way is followed up to four times, and again from where it has become clearer. */
enum { GROWTH_MOST = 200000, GROWTH_SHARE = 8 };

enum { LOOKS = 16 }; /* steps of a large flow between two looks at its norm and its integrals */

/* Implicit steps in which a run may follow growth, all together. */
static size_t growth_steps(size_t steps_most)
{
    const size_t most = steps_most > GROWTH_MOST ? steps_most : GROWTH_MOST;
    return steps_most < most / GROWTH_SHARE ? GROWTH_SHARE * steps_most : most;
}

struct watch *watch_create(const struct flow *flow, const struct plan *plan)
{
    const bool large = flow_is_large(flow);
    const size_t n = flow->dim, r = flow->conserved, matrix = large ? 4 * n : n * n;
    const size_t m = flow->switches;
    struct watch *watch =
        calloc(1, sizeof *watch + (4 * matrix + 17 * n + r + 2 * m) * sizeof(double));
    if (!watch)
        return NULL;
    double *next = watch->storage;
    struct {
        double **array;
        size_t size;
    } const arrays[] = {
        {&watch->x, n},
        {&watch->f, n},
        {&watch->J, matrix},
        {&watch->Jf, n},
        {&watch->candidate, n},
        {&watch->spectrum, n},
        {&watch->gradient, n},
        {&watch->I0, r},
        {&watch->anchor, n},
        {&watch->normal, n},
        {&watch->first, n},
        {&watch->previous, n},
        {&watch->slow.before, n},
        {&watch->slow.moved, n},
        {&watch->doubt, n},
        {&watch->probe, matrix + n},
        {&watch->g, m},
        {&watch->g_speed, m},
        {&watch->powers, 2 * matrix + 2 * n},
    };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i].array = next;
        next += arrays[i].size;
    }
    watch->flow = flow;
    watch->plan = plan;
    watch->patience = (struct escape_patience){
        .steps = growth_steps(plan->steps_most), .stop = plan->stop, .context = plan->context};
    if (large)
        watch->large = large_create(flow);
    else
        watch->work = fixed_point_work_create(flow);
    if (watch->work || watch->large)
        return watch;
    free(watch);
    return NULL;
}

void watch_free(struct watch *watch)
{
    if (!watch)
        return;
    global_error_free(watch->error);
    fixed_point_work_free(watch->work);
    manifold_search_free(watch->search);
    large_free(watch->large);
    free(watch);
}

/* How far the conserved claims are from their start. */
static void look_at_integrals(struct watch *watch, struct outcome *outcome)
{
    const struct flow *flow = watch->flow;
    for (size_t k = 0; k < flow->conserved; k++) {
        flow->gradient(flow, k, watch->x, watch->gradient);
        double terms = 1;
        for (size_t i = 0; i < flow->dim; i++)
            terms = fmax(terms, fabs(watch->gradient[i] * watch->x[i]));
        const double offset = fabs(flow->observe(flow, k, watch->x) - watch->I0[k]);
        outcome->drift[k] = fmax(outcome->drift[k], offset / terms);
    }
}

enum status watch_look(struct watch *watch, struct outcome *outcome)
{
    const struct flow *flow = watch->flow;
    const size_t n = flow->dim;
    TRY(flow->field(flow, 1, watch->x, watch->f));
    if (watch->large) {
        TRY(flow_jacobian_times(flow, watch->x, watch->f, watch->Jf, watch->J));
        if (watch->looks++ % LOOKS == 0) {
            TRY(large_norm(watch->large, watch->x, &watch->J_size));
            look_at_integrals(watch, outcome);
        }
    } else {
        TRY(flow->jacobian(flow, watch->x, watch->J));
        for (size_t i = 0; i < n; i++)
            watch->Jf[i] = vector_dot(n, watch->J + i * n, watch->f);
        look_at_integrals(watch, outcome);
    }
    if (!isfinite(vector_norm(n, watch->f) + vector_norm(n, watch->x)))
        return status_fail(NOT_FINITE, "the field is not finite at t = %.6g", watch->t);
    return OK;
}

/* The leaf of the start, and |f| there with its rounding error. */
static enum status begin_leaf(struct watch *watch, const double *x0, double *residual,
                              double *floor)
{
    if (watch->large) {
        TRY(large_set_leaf(watch->large, x0));
        return large_residual(watch->large, x0, residual, floor);
    }
    fixed_point_set_leaf(watch->work, x0, watch->I0);
    if (fixed_point_leaf_dimension(watch->work) > 1 &&
        !(watch->error = global_error_create(watch->flow->dim)))
        return status_fail(NO_MEMORY, "watch: %s", watch->flow->title);
    if (watch->error && watch->plan->start_error)
        global_error_start(watch->error, watch->plan->start_error);
    return fixed_point_residual(watch->work, x0, residual, floor);
}

static double least_entry(size_t n, const double *x)
{
    double least = INFINITY;
    for (size_t i = 0; i < n; i++)
        if (x[i] != 0)
            least = fmin(least, fabs(x[i]));
    return least;
}

enum status watch_begin(struct watch *watch, const double *x0, struct outcome *outcome, bool *ended)
{
    const struct flow *flow = watch->flow;
    memcpy(watch->x, x0, flow->dim * sizeof(double));
    watch->least_start = least_entry(flow->dim, x0);
    watch->t = 0;
    flow_integrals(flow, x0, watch->I0);
    growth_begin(&watch->growth,
                 vector_norm(flow->dim, x0)); /* first: a field that fails here did not blow up */
    slow_begin(&watch->slow, flow->dim, x0);
    TRY(watch_look(watch, outcome));
    watch->section = (struct section){.wait = 1};
    *ended = false;
    if (watch->plan->no_endings)
        return OK;

    double residual = INFINITY, floor = 0;
    TRY(begin_leaf(watch, x0, &residual, &floor));
    if (residual <= floor) {
        TRY(watch_end_at_rest(watch, residual, floor, outcome));
        *ended = true;
        return OK;
    }
    watch->next_attempt = residual;
    tail_step(&watch->tail, 0, residual);
    TRY(watch_attempt(watch, outcome, ended));
    watch->next_attempt = ATTEMPT * residual;
    return OK;
}

enum status watch_step(struct watch *watch, double t, const double *x, struct outcome *outcome,
                       bool *ended)
{
    const size_t n = watch->flow->dim;
    watch->h = t - watch->t;
    memcpy(watch->x, x, n * sizeof(double));
    watch->t = t;
    *ended = watch->plan->stop && watch->plan->stop(watch->plan->context, t);
    TRY(watch_look(watch, outcome));
    if (*ended) {
        watch_close(watch, ENDING_HORIZON, STOPPED, outcome);
        return OK;
    }
    if (watch->error)
        global_error_step(watch->error, &(struct global_error_state){.x = x,
                                                                     .f = watch->f,
                                                                     .J = watch->J,
                                                                     .h = watch->h,
                                                                     .rtol = watch->plan->rtol,
                                                                     .atol = watch->plan->atol});
    watch_section_step(watch);
    watch->time_error += watch_local_error(watch, vector_norm(n, x)) / vector_norm(n, watch->f);
    if (watch->plan->no_endings)
        return OK;
    *ended = watch_has_lost_leaf(watch, outcome) || watch_leaves_doubt(watch, outcome);
    if (!*ended)
        TRY(watch_has_grazed(watch, outcome, ended));
    if (!*ended)
        TRY(watch_check_growth(watch, outcome, ended));
    const double ff = vector_dot(n, watch->f, watch->f), size_f = vector_norm(n, watch->f);
    if (*ended)
        return OK;
    if (size_f > 0)
        tail_step(&watch->tail, t, size_f);
    const bool affordable =
        !watch->large || large_is_affordable(watch->large, watch->section.steps);
    const bool fallen = affordable && size_f <= watch->next_attempt;
    /* raised again when |f| grows: the noise of |f| may lie above the |f| of the start */
    watch->next_attempt = fallen ? ATTEMPT * size_f : fmax(watch->next_attempt, ATTEMPT * size_f);
    if (fallen)
        TRY(watch_attempt(watch, outcome, ended));
    const bool creeps =
        !*ended && creep_step(&watch->creep, t, -ff / vector_dot(n, watch->f, watch->Jf));
    if (creeps && affordable)
        TRY(watch_attempt_creeping(watch, size_f, outcome, ended));
    return OK;
}

void watch_stuck(struct watch *watch, const char *reason, struct outcome *outcome)
{
    bool escapes = false;
    const bool checked =
        growth_is_steep(&watch->growth) && watch_check_escape(watch, outcome, &escapes) == OK;
    if (checked && escapes)
        return;
    if (watch->doubtful > 0) /* CVODE gives up where it steps about in its own noise */
        watch_close(watch, ENDING_HORIZON, LOST, outcome);
    else
        watch_close(watch, ENDING_FAILED, reason, outcome);
}

void watch_horizon(struct watch *watch, const char *reason, struct outcome *outcome)
{
    bool ended = false;
    if (!watch->plan->no_endings && watch_last_look(watch, outcome, &ended) == OK && ended)
        return;
    watch_close(watch, ENDING_HORIZON, reason, outcome);
}
