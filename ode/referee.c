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

#include "ode/watch.h"

#include <cvode/cvode.h>
#include <cvode/cvode_proj.h>
#include <float.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sundials/sundials_version.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>

enum { RECOVERABLE = 1, FATAL = -1 }; /* what CVODE's callbacks return */
enum { STALLED_MOST = 10 };           /* steps in a row at the resolution of time */
enum { PROJECTION_MOST = 4 };         /* Newton iterations: quadratic from a local error of 1e-10 */
enum { ROOT_EVENT, ROOT_SECTION, ROOTS }; /* the root functions */

/* Of the tolerance: noise that the error test lets pass; 1 does, too */
static const double NOISE_SHARE = 0.3;
/* Of time, for the first step; normalised problems live on it */
static const double FIRST_SCALE = 1;

/* What the callbacks need. */
struct referee {
    const struct flow *flow;
    const struct plan *plan;
    struct watch *watch;
    size_t evaluations;
    char message[REASON_MAX]; /* CVODE's last words */
    double *I0, *I, *G, *gram, *y, *J;
    SUNContext context;
    N_Vector state;
    SUNMatrix matrix;
    SUNLinearSolver solver;
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

static int roots(realtype t, N_Vector x, realtype *g, void *user)
{
    (void)t;
    struct referee *r = user;
    const double *state = N_VGetArrayPointer(x);
    g[ROOT_EVENT] = r->plan->event ? r->plan->event(r->plan->context, state) : 1;
    g[ROOT_SECTION] = watch_wants_section(r->watch) ? watch_section(r->watch, state) : 1;
    return 0;
}

/* ---- projection on the first integrals ---- */

/* Gradients G[k*n + j] at y and offsets I - I0; returns the largest offset. */
static double leaf_offset(struct referee *r, const double *y)
{
    double worst = 0;
    flow_integrals(r->flow, y, r->I);
    for (size_t k = 0; k < r->flow->conserved; k++) {
        r->flow->gradient(r->flow, k, y, r->G + k * r->flow->dim);
        r->I[k] -= r->I0[k];
        worst = fmax(worst, fabs(r->I[k]));
    }
    return worst;
}

/* The Cholesky factor of G G'; false where the gradients are dependent. */
static bool factor_gram(struct referee *r)
{
    const size_t n = r->flow->dim, m = r->flow->conserved;
    for (size_t a = 0; a < m; a++)
        for (size_t b = 0; b < m; b++) {
            double sum = 0;
            for (size_t j = 0; j < n; j++)
                sum += r->G[a * n + j] * r->G[b * n + j];
            if (!isfinite(sum))
                return false;
            r->gram[a * m + b] = sum;
        }
    gsl_matrix_view A = gsl_matrix_view_array(r->gram, m, m);
    return gsl_linalg_cholesky_decomp1(&A.matrix) == GSL_SUCCESS;
}

/* Square of the error of component j of a correction: rounding in I, eps times its terms, carried
 * over by G' (G G')^-1; r->gram holds the inverse. */
static double correction_noise(const struct referee *r, const double *terms, size_t j)
{
    const size_t n = r->flow->dim, m = r->flow->conserved;
    double squares = 0;
    for (size_t k = 0; k < m; k++) {
        double share = 0;
        for (size_t a = 0; a < m; a++)
            share += r->G[a * n + j] * r->gram[a * m + k];
        squares += share * share * terms[k] * terms[k];
    }
    return DBL_EPSILON * DBL_EPSILON * squares;
}

/* Where gradients become dependent, as at a saddle of gradient descent, a correction of rounding
 * is a jump above the tolerance, and the steps would collapse: there the state is left alone. */
static bool is_well_conditioned(struct referee *r, const double *y)
{
    const size_t n = r->flow->dim, m = r->flow->conserved;
    leaf_offset(r, y);
    if (!factor_gram(r))
        return false;
    gsl_matrix_view A = gsl_matrix_view_array(r->gram, m, m);
    gsl_linalg_cholesky_invert(&A.matrix);
    for (size_t k = 0; k < m; k++) {
        r->I[k] = fabs(r->I0[k]);
        for (size_t j = 0; j < n; j++)
            r->I[k] += fabs(r->G[k * n + j] * y[j]);
    }
    double squares = 0; /* in CVODE's norm, where 1 is the tolerance */
    for (size_t j = 0; j < n; j++) {
        const double tolerance = r->plan->rtol * fabs(y[j]) + r->plan->atol;
        squares += correction_noise(r, r->I, j) / (tolerance * tolerance);
    }
    return squares <= NOISE_SHARE * NOISE_SHARE * (double)n;
}

/* to[n] -= G' (G G')^-1 right[m] (destroyed) */
static void subtract_normal_part(struct referee *r, double *right, double *to)
{
    const size_t n = r->flow->dim, m = r->flow->conserved;
    gsl_matrix_view A = gsl_matrix_view_array(r->gram, m, m);
    gsl_vector_view b = gsl_vector_view_array(right, m);
    gsl_linalg_cholesky_svx(&A.matrix, &b.vector);
    for (size_t k = 0; k < m; k++)
        for (size_t j = 0; j < n; j++)
            to[j] -= right[k] * r->G[k * n + j];
}

static int project(realtype t, N_Vector state, N_Vector correction, realtype tolerance,
                   N_Vector error, void *user)
{
    (void)t, (void)tolerance, (void)error;
    struct referee *r = user;
    const size_t n = r->flow->dim;
    const double *x = N_VGetArrayPointer(state);
    double *d = N_VGetArrayPointer(correction);
    memset(d, 0, n * sizeof *d);
    if (!is_well_conditioned(r, x))
        return 0;
    for (int i = 0; i < PROJECTION_MOST; i++) {
        for (size_t j = 0; j < n; j++)
            r->y[j] = x[j] + d[j];
        const double worst = leaf_offset(r, r->y);
        if (!isfinite(worst))
            return RECOVERABLE;
        if (worst == 0 || !factor_gram(r))
            break;
        subtract_normal_part(r, r->I, d);
    }
    return 0;
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
    const size_t n = flow->dim, m = flow->conserved;
    struct referee *r = calloc(1, sizeof *r + (2 * m + m * n + m * m + n + n * n) * sizeof(double));
    if (!r)
        return NULL;
    r->flow = flow;
    r->plan = plan;
    r->I0 = r->storage;
    r->I = r->I0 + m;
    r->G = r->I + m;
    r->gram = r->G + m * n;
    r->y = r->gram + m * m;
    r->J = r->y + n;
    return r;
}

static void referee_free(struct referee *r)
{
    CVodeFree(&r->cvode);
    if (r->solver)
        SUNLinSolFree(r->solver);
    if (r->matrix)
        SUNMatDestroy(r->matrix);
    if (r->state)
        N_VDestroy(r->state);
    if (r->context)
        SUNContext_Free(&r->context);
    watch_free(r->watch);
    free(r);
}

/* CVODE for this plan, ready to step from x0. */
static enum status prepare(struct referee *r, const double *x0)
{
    const struct plan *plan = r->plan;
    const sunindextype n = (sunindextype)r->flow->dim;
    if (SUNContext_Create(NULL, &r->context) || !(r->state = N_VNew_Serial(n, r->context)) ||
        !(r->matrix = SUNDenseMatrix(n, n, r->context)) ||
        !(r->solver = SUNLinSol_Dense(r->state, r->matrix, r->context)) ||
        !(r->cvode = CVodeCreate(plan->method == METHOD_ADAMS ? CV_ADAMS : CV_BDF, r->context)) ||
        !(r->watch = watch_create(r->flow, plan)))
        return status_fail(NO_MEMORY, "referee: %s", r->flow->title);
    memcpy(N_VGetArrayPointer(r->state), x0, r->flow->dim * sizeof *x0);
    flow_integrals(r->flow, x0, r->I0);

    int code = CVodeSetErrHandlerFn(r->cvode, keep_message, r);
    code |= CVodeInit(r->cvode, rhs, 0, r->state);
    code |= CVodeSStolerances(r->cvode, plan->rtol, plan->atol);
    code |= CVodeSetUserData(r->cvode, r);
    code |= CVodeSetLinearSolver(r->cvode, r->solver, r->matrix);
    code |= CVodeSetJacFn(r->cvode, jacobian);
    code |= CVodeSetStopTime(r->cvode, plan->horizon);
    if (plan->event || r->flow->dim > 1) {
        int rising[ROOTS] = {[ROOT_EVENT] = 0, [ROOT_SECTION] = 1};
        code |= CVodeRootInit(r->cvode, ROOTS, roots);
        code |= CVodeSetRootDirection(r->cvode, rising);
        code |= CVodeSetNoInactiveRootWarn(r->cvode);
    }
    if (plan->method == METHOD_BDF && r->flow->conserved > 0 && !plan->free_integrals)
        code |= CVodeSetProjFn(r->cvode, project) | CVodeSetProjErrEst(r->cvode, SUNFALSE);
    return code ? status_fail(SOLVER_FAILED, "referee: %s", r->message) : OK;
}

/* ---- stepping ---- */

static enum status after_step(struct referee *r, int code, double t, struct outcome *outcome,
                              bool *ended)
{
    const double *x = N_VGetArrayPointer(r->state);
    if (code == CV_ROOT_RETURN) {
        int found[ROOTS] = {0};
        CVodeGetRootInfo(r->cvode, found);
        outcome->events += found[ROOT_EVENT] != 0;
        return found[ROOT_SECTION] ? watch_crossing(r->watch, t, x, outcome, ended) : OK;
    }
    outcome->steps++;
    if (r->plan->visit)
        r->plan->visit(r->plan->context, t, x);
    return watch_step(r->watch, t, x, outcome, ended);
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
    /* In one-step mode CVODE takes tout for the scale of its first step only; the horizon is the
     * stop time.  A far tout would forbid first steps below 100 eps tout. */
    const double scale = fmin(r->plan->horizon, FIRST_SCALE);
    bool ended;
    unsigned stalled = 0;
    double t = 0;
    if (r->plan->visit)
        r->plan->visit(r->plan->context, 0, x0);
    TRY(watch_begin(r->watch, x0, outcome, &ended));
    while (!ended) {
        const double before = t;
        const int code = CVode(r->cvode, scale, r->state, &t, CV_ONE_STEP);
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
