/* The adapter to SUNDIALS CVODE 6.4.
 *
 * BDF with Newton's method and the flow's own Jacobian (dense), or Adams.  Where the flow declares
 * first integrals, CVODE's projection keeps every BDF step on them (CVodeSetProjFn): the
 * correction is the least-norm solution of I(y + d) = I(x0).  The error estimate is not projected,
 * as it could be (Eich 1993): on a circle that kept CVODE at order 1, with a hundred times the
 * steps.  Two root functions: the plan's event, and the section on which a cycle would return.  A
 * state where the field is not finite is a recoverable failure: CVODE shortens the step.
 * Source: Hindmarsh et al., ACM TOMS 31 (2005); SUNDIALS 6.4 user guide, sections 4.5 and 4.6. */
#include "ode/referee.h"

#include "ode/projection.h"
#include "ode/watch.h"

#include <cvode/cvode.h>
#include <cvode/cvode_proj.h>
#include <float.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sundials/sundials_version.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunlinsol/sunlinsol_spgmr.h>
#include <sunmatrix/sunmatrix_dense.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>

enum { RECOVERABLE = 1, FATAL = -1 }; /* what CVODE's callbacks return */
enum { GMRES_VECTORS = 20 };          /* of large flows: iterations of a step, without restarts */
enum { ACCELERATION = 2 };            /* Anderson's, of the fixed-point iteration of large flows */
enum { STALLED_MOST = 10 };           /* steps in a row at the resolution of time */
enum { ROOT_EVENT, ROOT_SECTION, ROOTS }; /* the root functions; then the switches */

/* Of time, for the first step; normalised problems live on it */
static const double FIRST_SCALE = 1;

/* What the callbacks need. */
struct referee {
    const struct flow *flow;
    const struct plan *plan;
    struct watch *watch;
    size_t evaluations;
    char message[REASON_MAX]; /* CVODE's last words */
    struct projection *projection;
    double *J;  /* [dim*dim], or work[3*dim] for large flows */
    int *found; /* [ROOTS + switches] root functions that vanish */
    SUNContext context;
    N_Vector state;
    SUNMatrix matrix;
    SUNLinearSolver solver;
    SUNNonlinearSolver iteration; /* of Adams, for large flows */
    void *cvode;
    double storage[];
};

static int rhs(realtype t, N_Vector x, N_Vector dx, void *user)
{
    (void)t;
    struct referee *r = user;
    double *out = N_VGetArrayPointer(dx);
    r->evaluations++;
    const enum status status = r->flow->field(r->flow, 1, N_VGetArrayPointer(x), out);
    if (status != OK)
        return status == RETRY_SHORTER ? RECOVERABLE : FATAL;
    for (size_t i = 0; i < r->flow->dim; i++)
        if (!isfinite(out[i]))
            return RECOVERABLE;
    return 0;
}

/* CVODE's signature.  NOLINTNEXTLINE(readability-function-size) */
static int jacobian(realtype t, N_Vector x, N_Vector fx, SUNMatrix J, void *user, N_Vector tmp1,
                    N_Vector tmp2, N_Vector tmp3)
{
    (void)t, (void)fx, (void)tmp1, (void)tmp2, (void)tmp3;
    struct referee *r = user;
    const size_t n = r->flow->dim;
    if (r->flow->jacobian(r->flow, N_VGetArrayPointer(x), r->J) != OK)
        return RECOVERABLE;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            SM_ELEMENT_D(J, (sunindextype)i, (sunindextype)j) = r->J[i * n + j];
    return 0;
}

/* Large flows: CVODE's signature.  NOLINTNEXTLINE(readability-function-size) */
static int jacobian_times(N_Vector v, N_Vector Jv, realtype t, N_Vector x, N_Vector fx, void *user,
                          N_Vector tmp)
{
    (void)t, (void)fx, (void)tmp;
    struct referee *r = user;
    return flow_jacobian_times(r->flow, N_VGetArrayPointer(x), N_VGetArrayPointer(v),
                               N_VGetArrayPointer(Jv), r->J) == OK
               ? 0
               : RECOVERABLE;
}

static int roots(realtype t, N_Vector x, realtype *g, void *user)
{
    (void)t;
    struct referee *r = user;
    const double *state = N_VGetArrayPointer(x);
    g[ROOT_EVENT] = r->plan->event ? r->plan->event(r->plan->context, state) : 1;
    if (r->flow->switches > 0)
        r->flow->switching(r->flow, state, g + ROOTS);
    g[ROOT_SECTION] = watch_wants_section(r->watch) ? watch_section(r->watch, state) : 1;
    return 0;
}

static int project(realtype t, N_Vector state, N_Vector correction, realtype tolerance,
                   N_Vector error, void *user)
{
    (void)t, (void)tolerance, (void)error;
    struct referee *r = user;
    return projection_correct(r->projection, N_VGetArrayPointer(state),
                              N_VGetArrayPointer(correction))
               ? 0
               : RECOVERABLE;
}

/* ---- set-up ---- */

static void keep_message(int code, const char *module, const char *function, char *message,
                         void *user)
{
    (void)module, (void)function;
    struct referee *r = user;
    if (code < 0)
        snprintf(r->message, sizeof r->message, "CVODE: %.*s", (int)strcspn(message, "\n"),
                 message);
}

static struct referee *referee_create(const struct flow *flow, const struct plan *plan)
{
    const size_t n = flow->dim, matrix = flow_is_large(flow) ? 3 * n : n * n;
    struct referee *r =
        calloc(1, sizeof *r + matrix * sizeof(double) + (ROOTS + flow->switches) * sizeof(int));
    if (!r)
        return NULL;
    r->flow = flow;
    r->plan = plan;
    r->J = r->storage;
    r->found = (int *)(void *)(r->J + matrix);
    return r;
}

static void referee_free(struct referee *r)
{
    CVodeFree(&r->cvode);
    if (r->solver)
        SUNLinSolFree(r->solver);
    if (r->iteration)
        SUNNonlinSolFree(r->iteration);
    if (r->matrix)
        SUNMatDestroy(r->matrix);
    if (r->state)
        N_VDestroy(r->state);
    if (r->context)
        SUNContext_Free(&r->context);
    watch_free(r->watch);
    projection_free(r->projection);
    free(r);
}

/* Newton with a dense matrix; for large flows GMRES with BDF, and no matrix at all with Adams. */
static bool make_solver(struct referee *r)
{
    const sunindextype n = (sunindextype)r->flow->dim;
    if (!flow_is_large(r->flow))
        return (r->matrix = SUNDenseMatrix(n, n, r->context)) &&
               (r->solver = SUNLinSol_Dense(r->state, r->matrix, r->context));
    if (r->plan->method == METHOD_ADAMS)
        return (r->iteration = SUNNonlinSol_FixedPoint(r->state, ACCELERATION, r->context));
    return (r->solver = SUNLinSol_SPGMR(r->state, SUN_PREC_NONE, GMRES_VECTORS, r->context));
}

static int attach_solver(struct referee *r)
{
    if (r->iteration)
        return CVodeSetNonlinearSolver(r->cvode, r->iteration);
    const int code = CVodeSetLinearSolver(r->cvode, r->solver, r->matrix);
    return code | (r->matrix ? CVodeSetJacFn(r->cvode, jacobian)
                             : CVodeSetJacTimes(r->cvode, NULL, jacobian_times));
}

/* The section counts in one direction only. */
static int set_roots(struct referee *r)
{
    const int count = ROOTS + (int)r->flow->switches;
    memset(r->found, 0, (size_t)count * sizeof *r->found);
    r->found[ROOT_SECTION] = 1;
    int code = CVodeRootInit(r->cvode, count, roots);
    code |= CVodeSetRootDirection(r->cvode, r->found);
    return code | CVodeSetNoInactiveRootWarn(r->cvode);
}

/* CVODE for this plan, ready to step from x0. */
static enum status prepare(struct referee *r, const double *x0)
{
    const struct plan *plan = r->plan;
    const sunindextype n = (sunindextype)r->flow->dim;
    if (SUNContext_Create(NULL, &r->context) || !(r->state = N_VNew_Serial(n, r->context)) ||
        !make_solver(r) ||
        !(r->cvode = CVodeCreate(plan->method == METHOD_ADAMS ? CV_ADAMS : CV_BDF, r->context)) ||
        !(r->watch = watch_create(r->flow, plan)) ||
        (!flow_is_large(r->flow) && !(r->projection = projection_create(r->flow, plan))))
        return status_fail(NO_MEMORY, "referee: %s", r->flow->title);
    memcpy(N_VGetArrayPointer(r->state), x0, r->flow->dim * sizeof *x0);
    if (r->projection)
        projection_set_leaf(r->projection, x0);

    int code = CVodeSetErrHandlerFn(r->cvode, keep_message, r);
    code |= CVodeInit(r->cvode, rhs, 0, r->state);
    code |= CVodeSStolerances(r->cvode, plan->rtol, plan->atol);
    code |= CVodeSetUserData(r->cvode, r);
    code |= attach_solver(r);
    code |= CVodeSetStopTime(r->cvode, plan->horizon);
    if (plan->event || r->flow->dim > 1 || r->flow->switches > 0)
        code |= set_roots(r);
    if (plan->method == METHOD_BDF && r->projection && r->flow->conserved > 0 &&
        !plan->free_integrals)
        code |= CVodeSetProjFn(r->cvode, project) | CVodeSetProjErrEst(r->cvode, SUNFALSE);
    return code ? status_fail(SOLVER_FAILED, "referee: %s", r->message) : OK;
}

/* ---- stepping ---- */

/* CVODE stands where a root function vanishes. */
static enum status after_root(struct referee *r, double t, struct outcome *outcome, bool *ended,
                              bool *switches)
{
    const double *x = N_VGetArrayPointer(r->state);
    CVodeGetRootInfo(r->cvode, r->found);
    outcome->events += r->found[ROOT_EVENT] != 0;
    *switches = false;
    for (size_t k = 0; k < r->flow->switches; k++)
        *switches = *switches || r->found[ROOTS + k] != 0;
    if (*switches)
        return watch_switch(r->watch, t, x, r->found + ROOTS, outcome, ended);
    return r->found[ROOT_SECTION] ? watch_crossing(r->watch, t, x, outcome, ended) : OK;
}

static enum status after_step(struct referee *r, int code, double t, struct outcome *outcome,
                              bool *ended)
{
    if (code == CV_ROOT_RETURN) {
        bool switches;
        const size_t before = outcome->crossings;
        TRY(after_root(r, t, outcome, ended, &switches));
        if (!switches || *ended)
            return OK;
        if (outcome->crossings > before && CVodeReInit(r->cvode, t, r->state))
            return status_fail(SOLVER_FAILED, "referee: %s", r->message);
    }
    const double *x = N_VGetArrayPointer(r->state);
    outcome->steps++;
    if (r->plan->visit)
        r->plan->visit(r->plan->context, t, x);
    return watch_step(r->watch, t, x, outcome, ended);
}

/* A step.  CVODE refuses to go on from a root where the function is still zero a hundred roundings of
 * time later: a small value that rounds to zero, which is no error.  Begun anew there, it waits until
 * the function has left zero, and does not count the root twice. */
static int step_once(struct referee *r, double scale, double *t, int before)
{
    const int code = CVode(r->cvode, *t + scale, r->state, t, CV_ONE_STEP);
    if (code != CV_ILL_INPUT || before != CV_ROOT_RETURN)
        return code;
    const int begun = CVodeReInit(r->cvode, *t, r->state);
    return begun ? begun : CVode(r->cvode, *t + scale, r->state, t, CV_ONE_STEP);
}

/* Counts steps that hardly move the time: CVODE goes on with them for ever, at a singularity or at
 * the border of the field's domain. */
static bool has_stalled(double before, double t, unsigned *stalled)
{
    *stalled = t - before <= 2 * DBL_EPSILON * t ? *stalled + 1 : 0;
    return *stalled >= STALLED_MOST;
}

static enum status follow(struct referee *r, const double *x0, struct outcome *outcome)
{
    /* In one-step mode CVODE takes tout for the scale of a first step only; the horizon is the
     * stop time.  A far tout would forbid first steps below 100 eps tout. */
    const double scale = fmin(r->plan->horizon, FIRST_SCALE);
    bool ended;
    unsigned stalled = 0;
    int code = CV_SUCCESS;
    double t = 0;
    if (r->plan->visit)
        r->plan->visit(r->plan->context, 0, x0);
    TRY(watch_begin(r->watch, x0, outcome, &ended));
    while (!ended) {
        const double before = t;
        code = step_once(r, scale, &t, code);
        if (code < 0) {
            watch_stuck(r->watch, r->message, outcome);
            return OK;
        }
        TRY(after_step(r, code, t, outcome, &ended));
        if (!ended && code == CV_SUCCESS && has_stalled(before, t, &stalled)) {
            watch_stuck(r->watch, "the step size fell to the resolution of time", outcome);
            return OK;
        }
        if (!ended && code == CV_TSTOP_RETURN) {
            watch_horizon(r->watch, "undecided at the horizon; try a longer --horizon", outcome);
            return OK;
        }
        if (!ended && outcome->steps >= r->plan->steps_most) {
            watch_horizon(r->watch, "undecided after the allowed steps; try more --steps", outcome);
            return OK;
        }
    }
    return OK;
}

/* A failure of the field is an ending; only lack of memory and bad arguments are not. */
static enum status as_ending(enum status status, struct referee *r, struct outcome *outcome)
{
    if (status == OK || status == NO_MEMORY || status == BAD_ARGUMENT)
        return status;
    watch_stuck(r->watch, status_message(), outcome);
    return OK;
}

enum status referee_run(const struct flow *flow, const struct plan *plan, const double *x0,
                        struct outcome *outcome)
{
    gsl_set_error_handler_off(); /* GSL's default handler aborts; codes are looked at here */
    struct referee *r = referee_create(flow, plan);
    if (!r)
        return status_fail(NO_MEMORY, "referee: %s", flow->title);
    enum status status = prepare(r, x0);
    if (status == OK)
        status = as_ending(follow(r, x0, outcome), r, outcome);
    outcome->evaluations = r->evaluations;
    referee_free(r);
    return status;
}

const char *referee_version(void)
{
    static _Thread_local char version[32];
    return SUNDIALSGetVersion(version, sizeof version) == 0 ? version : "unknown";
}

const char *referee_version_built(void)
{
    return SUNDIALS_VERSION;
}
