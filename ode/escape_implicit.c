/* x' = f |x|^-k, t' = |x|^-k in tau.
 *
 * The time is an unknown of its own only where k > 0.  Absolute tolerances are below everything, so
 * that weights that vanish like powers count, too. */
#include "ode/escape_implicit.h"

#include "ode/projection.h"
#include "ode/switch.h"
#include "ode/vector.h"

#include <cvode/cvode.h>
#include <cvode/cvode_proj.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <stdlib.h>
#include <string.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>

enum { RECOVERABLE = 1 };
static const double ABSOLUTE = 1e-30;      /* in time */
static const double ABSOLUTE_FAR = 1e-100; /* in tau: weights fall like powers of 1e10 and more */

static const double LATE = 1e250; /* of tau: at rest; steps grow until they overflow */

struct escape_implicit {
    const struct flow *flow;
    struct escape_patience *patience;
    double power, tau;
    size_t dim; /* of the system: with t where power > 0 */
    struct plan plan;
    struct projection *projection;
    SUNContext context;
    N_Vector state, between;
    SUNMatrix matrix;
    SUNLinearSolver solver;
    void *cvode;
    double *f, *J; /* f[n], J[n*n] */
    double storage[];
};

/* |x|^-k */
static double slowness(const struct escape_implicit *e, const double *x)
{
    return e->power > 0 ? pow(vector_norm(e->flow->dim, x), -e->power) : 1;
}

static int rhs(realtype tau, N_Vector state, N_Vector speed, void *user)
{
    (void)tau;
    const struct escape_implicit *e = user;
    const double *x = N_VGetArrayPointer(state);
    double *out = N_VGetArrayPointer(speed);
    if (e->flow->field(e->flow, 1, x, out) != OK)
        return RECOVERABLE;
    const double slow = slowness(e, x);
    for (size_t i = 0; i < e->flow->dim && e->power > 0; i++)
        out[i] *= slow;
    if (e->dim > e->flow->dim)
        out[e->flow->dim] = slow;
    return isfinite(vector_norm(e->dim, out)) ? 0 : RECOVERABLE;
}

/* J s - k s f x'/|x|^2 and, for t, -k s x'/|x|^2, s = |x|^-k.
 * CVODE's signature.  NOLINTNEXTLINE(readability-function-size) */
static int jacobian(realtype tau, N_Vector state, N_Vector speed, SUNMatrix matrix, void *user,
                    N_Vector tmp1, N_Vector tmp2, N_Vector tmp3)
{
    (void)tau, (void)tmp1, (void)tmp2, (void)tmp3;
    const struct escape_implicit *e = user;
    const size_t n = e->flow->dim;
    const double *x = N_VGetArrayPointer(state), *scaled = N_VGetArrayPointer(speed);
    if (e->flow->jacobian(e->flow, x, e->J) != OK)
        return RECOVERABLE;
    const double slow = slowness(e, x), size = vector_norm(n, x);
    for (size_t j = 0; j < n; j++) {
        const double turn = e->power > 0 ? e->power * (x[j] / size) / size : 0;
        for (size_t i = 0; i < n; i++)
            SM_ELEMENT_D(matrix, (sunindextype)i, (sunindextype)j) =
                e->J[i * n + j] * slow - scaled[i] * turn;
        if (e->dim > n)
            SM_ELEMENT_D(matrix, (sunindextype)n, (sunindextype)j) = -slow * turn;
    }
    for (size_t i = 0; i < e->dim && e->dim > n; i++)
        SM_ELEMENT_D(matrix, (sunindextype)i, (sunindextype)n) = 0;
    return 0;
}

static int project(realtype tau, N_Vector state, N_Vector correction, realtype tolerance,
                   N_Vector error, void *user)
{
    (void)tau, (void)tolerance, (void)error;
    const struct escape_implicit *e = user;
    double *out = N_VGetArrayPointer(correction);
    if (e->dim > e->flow->dim)
        out[e->flow->dim] = 0;
    return projection_correct(e->projection, N_VGetArrayPointer(state), out) ? 0 : RECOVERABLE;
}

static void say_nothing(int code, const char *module, const char *function, char *message,
                        void *user)
{
    (void)code, (void)module, (void)function, (void)message, (void)user;
}

/* ---- set-up ---- */

static enum status prepare(struct escape_implicit *e)
{
    const sunindextype dim = (sunindextype)e->dim;
    if (SUNContext_Create(NULL, &e->context) || !(e->state = N_VNew_Serial(dim, e->context)) ||
        !(e->between = N_VNew_Serial(dim, e->context)) ||
        !(e->matrix = SUNDenseMatrix(dim, dim, e->context)) ||
        !(e->solver = SUNLinSol_Dense(e->state, e->matrix, e->context)) ||
        !(e->cvode = CVodeCreate(CV_BDF, e->context)) ||
        !(e->projection = projection_create(e->flow, &e->plan)))
        return status_fail(NO_MEMORY, "growth of %s", e->flow->title);
    N_VConst(1, e->state);
    int code = CVodeSetErrHandlerFn(e->cvode, say_nothing, NULL);
    code |= CVodeInit(e->cvode, rhs, 0, e->state);
    code |= CVodeSetUserData(e->cvode, e);
    code |= CVodeSetLinearSolver(e->cvode, e->solver, e->matrix);
    code |= CVodeSetJacFn(e->cvode, jacobian);
    if (e->flow->conserved > 0)
        code |= CVodeSetProjFn(e->cvode, project) | CVodeSetProjErrEst(e->cvode, SUNFALSE);
    return code ? status_fail(NO_MEMORY, "growth of %s: CVODE", e->flow->title) : OK;
}

enum status escape_implicit_create(const struct flow *flow, double power,
                                   struct escape_patience *patience,
                                   struct escape_implicit **implicit)
{
    const size_t n = flow->dim;
    struct escape_implicit *e = calloc(1, sizeof *e + (n + n * n) * sizeof(double));
    if (!e)
        return status_fail(NO_MEMORY, "growth of %s", flow->title);
    e->flow = flow;
    e->patience = patience;
    e->power = power;
    e->dim = n + (power > 0);
    e->plan = plan_defaults();
    e->plan.atol = power > 0 ? ABSOLUTE_FAR : ABSOLUTE;
    e->f = e->storage;
    e->J = e->f + n;
    const enum status status = prepare(e);
    if (status != OK)
        escape_implicit_free(e);
    else
        *implicit = e;
    return status;
}

void escape_implicit_free(struct escape_implicit *e)
{
    if (!e)
        return;
    CVodeFree(&e->cvode);
    if (e->solver)
        SUNLinSolFree(e->solver);
    if (e->matrix)
        SUNMatDestroy(e->matrix);
    if (e->between)
        N_VDestroy(e->between);
    if (e->state)
        N_VDestroy(e->state);
    if (e->context)
        SUNContext_Free(&e->context);
    projection_free(e->projection);
    free(e);
}

enum status escape_implicit_start(struct escape_implicit *e, const double *x, double rtol)
{
    double *state = N_VGetArrayPointer(e->state);
    e->plan.rtol = rtol;
    e->tau = 0;
    memcpy(state, x, e->flow->dim * sizeof *x);
    if (e->dim > e->flow->dim)
        state[e->flow->dim] = 0;
    projection_set_leaf(e->projection, x);
    return CVodeSStolerances(e->cvode, rtol, e->plan.atol) || CVodeReInit(e->cvode, 0, e->state)
               ? status_fail(NO_MEMORY, "growth of %s: CVODE", e->flow->title)
               : OK;
}

/* ---- stepping ---- */

bool escape_implicit_step(struct escape_implicit *e, double scale, bool *broken)
{
    *broken = !escape_may_step(e->patience);
    if (*broken || e->tau >= LATE ||
        CVode(e->cvode, e->tau + scale, e->state, &e->tau, CV_ONE_STEP) < 0)
        return false;
    *broken = !switch_holds(e->flow, N_VGetArrayPointer(e->state));
    return !*broken;
}

const double *escape_implicit_state(const struct escape_implicit *e)
{
    return N_VGetArrayPointer(e->state);
}

double escape_implicit_time(const struct escape_implicit *e)
{
    return e->power > 0 ? N_VGetArrayPointer(e->state)[e->flow->dim] : e->tau;
}

bool escape_implicit_at(const struct escape_implicit *e, double t, double *x)
{
    if (CVodeGetDky(e->cvode, t, 0, e->between) != CV_SUCCESS)
        return false;
    memcpy(x, N_VGetArrayPointer(e->between), e->flow->dim * sizeof *x);
    return true;
}

double escape_implicit_rate(struct escape_implicit *e, const double *x)
{
    const size_t n = e->flow->dim;
    const double size = vector_norm(n, x);
    double rate = 0;
    if (e->flow->field(e->flow, 1, x, e->f) != OK)
        return NAN;
    for (size_t i = 0; i < n; i++)
        rate += x[i] / size * (e->f[i] / size);
    return rate > 0 ? rate : NAN;
}
