/* The adapter to GSL's rk8pd: an explicit method that shares nothing with the referee but the
 * field and the watch.  Switches and sections are found by bisecting a step.  No projection and no
 * Jacobian in the stepping: agreement of the two is evidence.
 * Source: Prince and Dormand, J. Comp. Appl. Math. 7 (1981); GSL 2.7 manual, chapter 27. */
#include "ode/rk8pd.h"

#include "ode/switch.h"
#include "ode/watch.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <gsl/gsl_vector.h>
#include <math.h>
#include <stdlib.h>
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
    double *x, *before; /* the state, and at the last step; behind that an error and a copy */
    int *at_zero;       /* [switches] */
};

/* The state `h` after `before`, by one step of that size, into x. */
static bool redo_step(struct apparatus *a, const gsl_odeiv2_system *system, double t, double h)
{
    double *error = a->before + system->dimension;
    memcpy(a->x, a->before, system->dimension * sizeof *a->x);
    return gsl_odeiv2_step_apply(a->step, t, h, a->x, error, NULL, NULL, system) == GSL_SUCCESS;
}

/* The step from t to *end leaves the smooth piece: bisects its size to where it does so first, and
 * puts time and state just behind. */
static bool locate_switch(const struct flow *flow, struct apparatus *a,
                          const gsl_odeiv2_system *system, double t, double *end)
{
    double inside = 0, outside = *end - t;
    for (;;) {
        const double h = inside + (outside - inside) / 2;
        if (!(h > inside && h < outside) || t + h == t + inside || t + h == t + outside)
            break;
        if (!redo_step(a, system, t, h))
            return false;
        if (switch_holds(flow, a->x))
            inside = h;
        else
            outside = h;
    }
    *end = t + outside;
    return redo_step(a, system, t, outside);
}

/* The section that a cycle would return to, +1 beyond it and -1 before: 0 if there is none. */
static int section_side(const struct watch *watch, const double *x)
{
    return watch_wants_section(watch) ? watch_section(watch, x) >= 0 ? 1 : -1 : 0;
}

/* The step from t to *end crosses the section upwards: bisects its size as above, tells the watch
 * of the crossing, and puts the state back where the step ended. */
static enum status pass_section(struct apparatus *a, const gsl_odeiv2_system *system, double t,
                                double end, struct outcome *outcome, bool *ended)
{
    double before = 0, behind = end - t;
    double *after = a->before + 2 * system->dimension;
    memcpy(after, a->x, system->dimension * sizeof *after);
    for (;;) {
        const double h = before + (behind - before) / 2;
        if (!(h > before && h < behind) || t + h == t + before || t + h == t + behind)
            break;
        if (!redo_step(a, system, t, h))
            return status_fail(SOLVER_FAILED, "GSL: no step to a section");
        if (watch_section(a->watch, a->x) < 0)
            before = h;
        else
            behind = h;
    }
    if (!redo_step(a, system, t, behind))
        return status_fail(SOLVER_FAILED, "GSL: no step to a section");
    TRY(watch_crossing(a->watch, t + behind, a->x, outcome, ended));
    memcpy(a->x, after, system->dimension * sizeof *after);
    return OK;
}

/* Goes to where the piece ends, and over to the next one. */
static enum status pass_switch(const struct flow *flow, struct apparatus *a,
                               const gsl_odeiv2_system *system, double before, double *t,
                               struct outcome *outcome, bool *ended)
{
    if (!locate_switch(flow, a, system, before, t))
        return status_fail(SOLVER_FAILED, "GSL: no step to a switch");
    switch_left(flow, a->x, a->at_zero);
    TRY(watch_switch(a->watch, *t, a->x, a->at_zero, outcome, ended));
    gsl_odeiv2_step_reset(a->step); /* neither keeps anything of the old piece */
    gsl_odeiv2_evolve_reset(a->evolve);
    return OK;
}

static enum status follow(const struct flow *flow, const struct plan *plan, struct apparatus *a,
                          gsl_odeiv2_system *system, struct outcome *outcome)
{
    double t = 0, h = FIRST_STEP;
    bool ended;
    double event = plan->event ? plan->event(plan->context, a->x) : 0;
    if (plan->visit)
        plan->visit(plan->context, 0, a->x);
    TRY(watch_begin(a->watch, a->x, outcome, &ended));
    while (!ended && t < plan->horizon && outcome->steps < plan->steps_most) {
        const double before = t;
        const int side = section_side(a->watch, a->x);
        memcpy(a->before, a->x, system->dimension * sizeof *a->x);
        const int code = gsl_odeiv2_evolve_apply(a->evolve, a->control, a->step, system, &t,
                                                 plan->horizon, &h, a->x);
        if (code != GSL_SUCCESS || !(t > before)) {
            watch_stuck(a->watch, "GSL: the step size collapsed", outcome);
            return OK;
        }
        if (!switch_holds(flow, a->x)) {
            TRY(pass_switch(flow, a, system, before, &t, outcome, &ended));
            if (ended)
                return OK;
        }
        if (side < 0 && section_side(a->watch, a->x) > 0) {
            TRY(pass_section(a, system, before, t, outcome, &ended));
            if (ended)
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
                          .x = state ? state->data : NULL,
                          .before = calloc(3 * n + flow->switches, sizeof(double))};
    enum status status = NO_MEMORY;
    if (a.step && a.control && a.evolve && a.watch && a.x && a.before) {
        a.at_zero = (int *)(void *)(a.before + 3 * n);
        memcpy(a.x, x0, n * sizeof *x0);
        status = follow(flow, plan, &a, &system, outcome);
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
    free(a.before);
    return status == NO_MEMORY ? status_fail(NO_MEMORY, "rk8pd: %s", flow->title) : status;
}
