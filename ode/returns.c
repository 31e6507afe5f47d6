/* Has a trajectory closed, or does it only move less between returns than its tolerance shows?
 *
 * A few turns by GSL's rk8pd at 1e-13, and one at 1e-11, whose difference tells how well the
 * displacements D_k of the turns are known; errors are relative to the size of the orbit, so that
 * a small cycle is no worse off than a large one.  If D is error, the orbit closes as far as can be
 * computed.  If it is more, one of two things is seen.  Near a cycle that attracts, the map
 * contracts, D_k = mu^(k-1) D_1, and the cycle is |D| / (1 - mu) away.  On a spiral to a weak focus,
 * a slow drift or two frequencies that nearly agree, D hardly changes, 1 - mu is D over the size
 * of the orbit or less, and that quotient is nowhere near the tolerance.
 *
 * Rejected: the trend of the run's own returns, which is the damping of its integrator. */
#include "ode/returns.h"

#include "ode/switch.h"
#include "ode/vector.h"

#include <float.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    TURNS = 6,
    HALVINGS = 200,
    STEPS_MOST = 20000 /* of all turns: more is stiff */
};
static const double TOLERANCE = 1e-13, COARSER = 100;
/* The error of the finer run: that of the coarser one over COARSER, ten times */
static const double SHARE = 0.1;
/* Of the rounding of all steps of a turn: roundings add up like a random walk, or nearly so */
static const double ROUNDINGS = 64;
/* A displacement is less than the one before by so many errors, or by half: else it only turns, as
 * on a torus */
static const double CONTRACTS = 10;
static const double FIRST_STEP = 1e-4;     /* of the period */
static const double EARLY = 0.5, LATE = 2; /* in periods: a return is not before, and not later */

struct turner {
    const struct returns_plan *plan;
    gsl_odeiv2_step *step;
    gsl_odeiv2_control *control;
    gsl_odeiv2_evolve *evolve;
    gsl_odeiv2_system system;
    double *before, *error;
    int *at_zero;      /* [switches] */
    signed char *side; /* [switches], at the start */
    size_t steps;
};

static int rhs(double t, const double x[], double dx[], void *user)
{
    (void)t;
    const struct flow *flow = user;
    if (flow->field(flow, 1, x, dx) != OK)
        return GSL_FAILURE;
    return isfinite(vector_norm(flow->dim, dx)) ? GSL_SUCCESS : GSL_FAILURE;
}

static double ahead(const struct returns_plan *plan, const double *x)
{
    double sum = 0;
    for (size_t i = 0; i < plan->flow->dim; i++)
        sum += (x[i] - plan->anchor[i]) * plan->normal[i];
    return sum;
}

static bool is_beyond_section(const struct returns_plan *plan, const double *x)
{
    return ahead(plan, x) >= 0;
}

static bool is_beyond_piece(const struct returns_plan *plan, const double *x)
{
    return !switch_holds(plan->flow, x);
}

/* x by a step h from `before` */
static bool step_to(struct turner *turner, double t, double h, double *x)
{
    memcpy(x, turner->before, turner->system.dimension * sizeof *x);
    return gsl_odeiv2_step_apply(turner->step, t, h, x, turner->error, NULL, NULL,
                                 &turner->system) == GSL_SUCCESS;
}

/* Shortens the step *h from `before` at t to where it has just come beyond, with x there; false if
 * no step gets there. */
static bool shorten(struct turner *turner,
                    bool (*beyond)(const struct returns_plan *, const double *), double t,
                    double *h, double *x)
{
    double low = 0;
    for (int k = 0; k < HALVINGS; k++) {
        const double middle = low + (*h - low) / 2;
        if (!(middle > low && middle < *h))
            break;
        if (!step_to(turner, t, middle, x))
            return false;
        if (beyond(turner->plan, x))
            *h = middle;
        else
            low = middle;
    }
    return step_to(turner, t, *h, x);
}

/* Over to the next piece, from x on a surface; false if it does not simply cross. */
static bool cross(struct turner *turner, const double *x)
{
    const struct flow *flow = turner->plan->flow;
    struct switch_fate fate;
    switch_left(flow, x, turner->at_zero);
    gsl_odeiv2_step_reset(turner->step);
    gsl_odeiv2_evolve_reset(turner->evolve);
    return switch_cross(flow, x, turner->at_zero, &fate) == OK && fate.verdict == SWITCH_CROSSES;
}

/* One step, to where it leaves its piece at the latest. */
static bool advance(struct turner *turner, double *t, double *h, double *x, bool *leaves)
{
    const struct returns_plan *plan = turner->plan;
    const double begin = *t, end = LATE * plan->period;
    memcpy(turner->before, x, turner->system.dimension * sizeof *x);
    if (gsl_odeiv2_evolve_apply(turner->evolve, turner->control, turner->step, &turner->system, t,
                                end, h, x) != GSL_SUCCESS)
        return false;
    turner->steps++;
    *leaves = !switch_holds(plan->flow, x);
    if (!*leaves)
        return true;
    double way = *t - begin;
    const bool found = shorten(turner, is_beyond_piece, begin, &way, x);
    *t = begin + way;
    return found;
}

/* Does the last step, from `begin` to t, come back to the section near the anchor?  Then x is there. */
static bool returns_in(struct turner *turner, double begin, double t, double *x, bool *fails)
{
    const struct returns_plan *plan = turner->plan;
    double way = t - begin;
    const bool crosses = !is_beyond_section(plan, turner->before) && is_beyond_section(plan, x);
    if (!crosses || t < EARLY * plan->period)
        return false;
    *fails = !shorten(turner, is_beyond_section, begin, &way, x);
    if (vector_distance(plan->flow->dim, x, plan->anchor) <= plan->radius)
        return true;
    *fails = *fails || !step_to(turner, begin, t - begin, x);
    return false;
}

/* x to its next return, in place. */
static bool turn(struct turner *turner, double *x)
{
    const double late = LATE * turner->plan->period;
    double t = 0, h = FIRST_STEP * turner->plan->period;
    gsl_odeiv2_step_reset(turner->step);
    gsl_odeiv2_evolve_reset(turner->evolve);
    while (t < late && turner->steps < STEPS_MOST) {
        const double begin = t;
        bool leaves, fails = false;
        if (!advance(turner, &t, &h, x, &leaves))
            return false;
        if (returns_in(turner, begin, t, x, &fails))
            return !fails;
        if (fails || (leaves && !cross(turner, x)))
            return false;
    }
    return false;
}

/* It would take too many steps: the flow is stiff. */
static bool is_tired(const struct turner *turner)
{
    return turner->steps >= STEPS_MOST;
}

static bool turner_make(struct turner *turner, double tolerance)
{
    const size_t n = turner->system.dimension;
    const struct returns_plan *plan = turner->plan;
    turner->step = gsl_odeiv2_step_alloc(gsl_odeiv2_step_rk8pd, n);
    turner->control = gsl_odeiv2_control_y_new(tolerance * plan->extent, tolerance);
    turner->evolve = gsl_odeiv2_evolve_alloc(n);
    return turner->step && turner->control && turner->evolve;
}

static void turner_free(struct turner *turner)
{
    if (turner->step)
        gsl_odeiv2_step_free(turner->step);
    if (turner->control)
        gsl_odeiv2_control_free(turner->control);
    if (turner->evolve)
        gsl_odeiv2_evolve_free(turner->evolve);
}

/* One turn at the coarser tolerance: how far it ends from the finer one, in y[]. */
static enum status compare_coarse(const struct turner *fine, const double *x, double *y,
                                  struct returns *returns)
{
    const size_t n = fine->system.dimension;
    struct turner coarse = *fine;
    coarse.steps = 0;
    enum status status = NO_MEMORY;
    double *end = malloc(n * sizeof *end);
    if (turner_make(&coarse, COARSER * TOLERANCE) && end) {
        memcpy(end, x, n * sizeof *end);
        returns->followed = turn(&coarse, end);
        returns->error =
            SHARE * vector_distance(n, end, y) + ROUNDINGS * DBL_EPSILON * vector_norm(n, x);
        status = OK;
    }
    turner_free(&coarse);
    free(end);
    return status;
}

/* From x[], with room for two states behind it. */
static enum status follow(struct turner *turner, double *x, struct returns *returns)
{
    const size_t n = turner->system.dimension;
    double *old = x + n, *moved = old + n;
    for (int k = 0; k < TURNS; k++) {
        memcpy(old, x, n * sizeof *x);
        returns->followed = turn(turner, x);
        returns->stiff = is_tired(turner);
        if (!returns->followed)
            return OK;
        if (k == 0)
            TRY(compare_coarse(turner, old, x, returns));
        if (!returns->followed)
            return OK;
        returns->before = returns->last;
        returns->last = returns->change = 0;
        for (size_t i = 0; i < n; i++) {
            const double now = x[i] - old[i];
            returns->last = hypot(returns->last, now);
            returns->change = hypot(returns->change, now - moved[i]);
            moved[i] = now;
        }
    }
    return OK;
}

/* From x[], and back on its own piece; storage[5*n]. */
static enum status follow_from(struct turner *turner, const double *x, double *storage,
                               struct returns *returns)
{
    const size_t n = turner->system.dimension, m = turner->plan->flow->switches;
    signed char *side = turner->plan->flow->side;
    turner->before = storage + 3 * n;
    turner->error = storage + 4 * n;
    if (!turner_make(turner, TOLERANCE))
        return NO_MEMORY;
    memcpy(storage, x, n * sizeof *x);
    if (m > 0)
        memcpy(turner->side, side, m);
    const enum status status = follow(turner, storage, returns);
    if (m > 0)
        memcpy(side, turner->side, m);
    return status;
}

enum status returns_follow(const struct returns_plan *plan, const double *x,
                           struct returns *returns)
{
    const size_t n = plan->flow->dim, m = plan->flow->switches;
    double *storage = calloc(5 * n, sizeof *storage);
    struct turner turner = {
        .plan = plan,
        .at_zero = calloc(m + 1, sizeof *turner.at_zero),
        .side = calloc(m + 1, sizeof *turner.side),
        .system = {.function = rhs, .dimension = n, .params = (void *)plan->flow}};
    *returns = (struct returns){.followed = false};
    enum status status = NO_MEMORY;
    if (storage && turner.at_zero && turner.side)
        status = follow_from(&turner, x, storage, returns);
    turner_free(&turner);
    free(turner.at_zero);
    free(turner.side);
    free(storage);
    return status == OK ? OK : status_fail(status, "returns of %s", plan->flow->title);
}

bool returns_close(const struct returns *returns, double radius)
{
    if (!returns->followed)
        return false;
    if (returns->last <= returns->error)
        return true;
    /* it contracts, beyond errors, and |D|/(1 - mu) is small */
    const bool contracts = returns->before - returns->last > CONTRACTS * returns->error ||
                           returns->last <= returns->before / 2;
    return contracts && returns->last * returns->before <= radius * returns->change;
}
