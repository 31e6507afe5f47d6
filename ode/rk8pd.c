/* The adapter to GSL's rk8pd: an explicit method that shares nothing with the referee but the
 * field and the watch.  No projection and no Jacobian in the stepping: agreement of the two is
 * evidence.
 * Source: Prince and Dormand, J. Comp. Appl. Math. 7 (1981); GSL 2.7 manual, chapter 27. */
#include "ode/rk8pd.h"

#include "ode/watch.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <gsl/gsl_vector.h>
#include <math.h>
#include <string.h>

/* First step: far below any time scale of a normalised problem; the controller grows it fivefold a
 * step. */
static const double FIRST_STEP = 1e-6;

struct stepping {
    const struct flow *flow;
    size_t evaluations;
};

static int rhs(double t, const double x[], double dx[], void *user)
{
    (void)t;
    struct stepping *s = user;
    s->evaluations++;
    if (s->flow->field(s->flow, 1, x, dx) != OK)
        return GSL_FAILURE;
    for (size_t i = 0; i < s->flow->dim; i++)
        if (!isfinite(dx[i]))
            return GSL_FAILURE; /* the evolution halves the step and tries again */
    return GSL_SUCCESS;
}

/* The objects of one run. */
struct apparatus {
    gsl_odeiv2_step *step;
    gsl_odeiv2_control *control;
    gsl_odeiv2_evolve *evolve;
    struct watch *watch;
    double *x;
};

static enum status follow(const struct plan *plan, struct apparatus *a, gsl_odeiv2_system *system,
                          struct outcome *outcome)
{
    double t = 0, h = FIRST_STEP;
    bool ended;
    double event = plan->event ? plan->event(plan->context, a->x) : 0;
    if (plan->visit)
        plan->visit(plan->context, 0, a->x);
    TRY(watch_begin(a->watch, a->x, outcome, &ended));
    while (!ended && t < plan->horizon && outcome->steps < plan->steps_most) {
        const double before = t;
        const int code = gsl_odeiv2_evolve_apply(a->evolve, a->control, a->step, system, &t,
                                                 plan->horizon, &h, a->x);
        if (code != GSL_SUCCESS || !(t > before)) {
            watch_stuck(a->watch, "GSL: the step size collapsed", outcome);
            return OK;
        }
        outcome->steps++;
        if (plan->visit)
            plan->visit(plan->context, t, a->x);
        if (plan->event) {
            const double now = plan->event(plan->context, a->x);
            outcome->events += now * event < 0;
            event = now != 0 ? now : event;
        }
        TRY(watch_step(a->watch, t, a->x, outcome, &ended));
    }
    if (!ended)
        watch_horizon(a->watch, "undecided at the horizon or after the allowed steps", outcome);
    return OK;
}

enum status rk8pd_run(const struct flow *flow, const struct plan *plan, const double *x0,
                      struct outcome *outcome)
{
    gsl_set_error_handler_off(); /* GSL's default handler aborts; codes are looked at here */
    const size_t n = flow->dim;
    struct stepping stepping = {.flow = flow};
    gsl_odeiv2_system system = {.function = rhs, .dimension = n, .params = &stepping};
    gsl_vector *state = gsl_vector_alloc(n);
    struct apparatus a = {.step = gsl_odeiv2_step_alloc(gsl_odeiv2_step_rk8pd, n),
                          .control = gsl_odeiv2_control_y_new(plan->atol, plan->rtol),
                          .evolve = gsl_odeiv2_evolve_alloc(n),
                          .watch = watch_create(flow, plan),
                          .x = state ? state->data : NULL};
    enum status status = NO_MEMORY;
    if (a.step && a.control && a.evolve && a.watch && a.x) {
        memcpy(a.x, x0, n * sizeof *x0);
        status = follow(plan, &a, &system, outcome);
        if (status != OK && status != NO_MEMORY && status != BAD_ARGUMENT) {
            watch_stuck(a.watch, status_message(), outcome);
            status = OK;
        }
    }
    outcome->evaluations = stepping.evaluations;
    watch_free(a.watch);
    gsl_odeiv2_evolve_free(a.evolve);
    gsl_odeiv2_control_free(a.control);
    gsl_odeiv2_step_free(a.step);
    gsl_vector_free(state);
    return status == NO_MEMORY ? status_fail(NO_MEMORY, "rk8pd: %s", flow->title) : status;
}
