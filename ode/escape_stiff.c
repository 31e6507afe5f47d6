/* CVODE's BDF in time, decade by decade of |x|.
 *
 * Time itself is the variable.  In that of escape.c, d sigma = (|f|/|x|) dt, no explicit step fits
 * (where weights grow like t the rates across the way grow like t^2), and an implicit one fails,
 * too: |f| there is what the least offset from the way makes of it, so that Newton's iteration has
 * to know the offset better than doubles do.  Without blow-up nothing forbids t: it goes as
 * |x|^(-m).
 *
 * The exponent is not read off J: the tiny speeds across the way, which are rounding, meet the
 * large rates there.  As nu = x.f/|x|^2 is proportional to |x|^m under the law, m is the slope of
 * log nu over log |x| from one decade to the next. */
#include "ode/escape_stiff.h"

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

enum { RECOVERABLE = 1, STEPS_MOST = 20000 };
/* Of |x|, or of the time where that is longer: from where the law set in, and followed here */
static const double DECADES_LEAST = 6, DECADES_HERE = 3;
enum { SLOPES_LEAST = 2 }; /* decades of |x| at least: a drift of m needs two of them */
static const double DECADE = 10;
static const double FAR = 1e100;  /* of |x|: fixed points beyond are not seen */
static const double LATE = 1e250; /* of t: at rest; h grows without bound there */
/* Tolerances, in turn: the finer one follows where weights cancel least, the coarser one passes
 * the noise of cancelling weights */
static const double RELATIVE[] = {1e-8, 1e-6};
enum { TOLERANCES = sizeof RELATIVE / sizeof *RELATIVE };
static const double ABSOLUTE = 1e-30;    /* so that weights that vanish like powers count, too */
static const double LAW_DRIFT = 0.02;    /* of m over the last decade, ... */
static const double SMALL_POWER = 0.5;   /* ... absolutely for smaller |m| */
static const double SAME_LAW = 0.1;      /* of m, against the run so far: it is younger there */
static const double LEAST_POWER = 0.05;  /* m above: blow-up */
static const double EXPONENTIAL = 0.001; /* |m| below: exponential growth */
/* |x| is looked at whenever it has grown by this: then a fixed point is not farther than that from
 * the last look, and takes nu there below the law by ... */
static const double LOOK = 1.1;
static const double LAST_FACTOR = 2; /* ... more than this, if nu falls like 1 - (|x|/X)^k, k < 7 */

struct stiff {
    const struct flow *flow;
    struct plan plan;
    struct projection *projection;
    SUNContext context;
    N_Vector state;
    SUNMatrix matrix;
    SUNLinearSolver solver;
    void *cvode;
    double *f, *J; /* f[n], J[n*n] */
};

static int rhs(realtype t, N_Vector x, N_Vector dx, void *user)
{
    (void)t;
    const struct stiff *s = user;
    double *out = N_VGetArrayPointer(dx);
    const bool good = s->flow->field(s->flow, 1, N_VGetArrayPointer(x), out) == OK;
    return good && isfinite(vector_norm(s->flow->dim, out)) ? 0 : RECOVERABLE;
}

/* CVODE's signature.  NOLINTNEXTLINE(readability-function-size) */
static int jacobian(realtype t, N_Vector x, N_Vector fx, SUNMatrix matrix, void *user,
                    N_Vector tmp1, N_Vector tmp2, N_Vector tmp3)
{
    (void)t, (void)fx, (void)tmp1, (void)tmp2, (void)tmp3;
    const struct stiff *s = user;
    const size_t n = s->flow->dim;
    if (s->flow->jacobian(s->flow, N_VGetArrayPointer(x), s->J) != OK)
        return RECOVERABLE;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            SM_ELEMENT_D(matrix, (sunindextype)i, (sunindextype)j) = s->J[i * n + j];
    return 0;
}

static int project(realtype t, N_Vector state, N_Vector correction, realtype tolerance,
                   N_Vector error, void *user)
{
    (void)t, (void)tolerance, (void)error;
    const struct stiff *s = user;
    return projection_correct(s->projection, N_VGetArrayPointer(state),
                              N_VGetArrayPointer(correction))
               ? 0
               : RECOVERABLE;
}

static void say_nothing(int code, const char *module, const char *function, char *message,
                        void *user)
{
    (void)code, (void)module, (void)function, (void)message, (void)user;
}

/* ---- the law ---- */

/* x.f/|x|^2, NAN where it cannot be told. */
static double growth_rate(const struct stiff *s, const double *x)
{
    const size_t n = s->flow->dim;
    const double size = vector_norm(n, x);
    double rate = 0;
    if (s->flow->field(s->flow, 1, x, s->f) != OK)
        return NAN;
    for (size_t i = 0; i < n; i++)
        rate += x[i] / size * (s->f[i] / size);
    return rate > 0 ? rate : NAN;
}

/* What was seen on the way. */
struct way {
    int decades;
    double size, rate; /* |x| and nu at the last decade, */
    double m, drift;   /* the slope of that decade, and its change from the one before */
};

static void note_decade(struct way *way, double size, double rate)
{
    const double m = log(rate / way->rate) / log(size / way->size);
    *way = (struct way){
        .decades = way->decades + 1, .size = size, .rate = rate, .m = m, .drift = fabs(m - way->m)};
}

/* One law: kept by m at every decade. */
static bool keeps_law(const struct way *way)
{
    return way->decades < SLOPES_LEAST || way->drift <= LAW_DRIFT * fmax(fabs(way->m), SMALL_POWER);
}

/* Follows x as far as it grows under one law, or can be followed; false if the law ended. */
static bool follow(struct stiff *s, struct way *way)
{
    const double *x = N_VGetArrayPointer(s->state);
    const size_t n = s->flow->dim;
    double t = 0, rate = growth_rate(s, x), size = vector_norm(n, x);
    const double scale = 1 / rate;
    *way = (struct way){.size = size, .rate = rate, .m = NAN};
    for (int step = 0; step < STEPS_MOST && t < LATE && way->size < FAR; step++) {
        if (CVode(s->cvode, t + scale, s->state, &t, CV_ONE_STEP) < 0)
            break;
        if (!switch_holds(s->flow, x)) /* another law from here on */
            return false;
        const double now = vector_norm(n, x);
        if (now < LOOK * size)
            continue;
        size = now;
        rate = growth_rate(s, x);
        if (size >= DECADE * way->size)
            note_decade(way, size, rate);
        if (way->decades > 0 && !(way->m <= LEAST_POWER))
            return false;
    }
    return fabs(log(rate / way->rate) - way->m * log(size / way->size)) <= log(LAST_FACTOR);
}

/* Is what was seen from |x| = size on, and before that since |x| = since, one law for long? */
static bool is_evidence(const struct way *way, double size, const struct escape_law *before)
{
    const double length = fmax(1, -way->m);
    const bool same = fabs(way->m - before->m) <= SAME_LAW * fmax(fabs(way->m), SMALL_POWER);
    const double since = same ? fmin(size, before->since) : size;
    return way->decades >= SLOPES_LEAST && keeps_law(way) &&
           log10(way->size / size) * length >= DECADES_HERE &&
           log10(way->size / since) * length >= DECADES_LEAST;
}

static void confirm(struct stiff *s, const struct escape_law *before, struct escape *escape)
{
    struct way way;
    const double size = vector_norm(s->flow->dim, N_VGetArrayPointer(s->state));
    if (follow(s, &way) && is_evidence(&way, size, before))
        *escape = (struct escape){.verdict = ESCAPE_GROWS,
                                  .time_to_go = NAN,
                                  .error = NAN,
                                  .exponent = fabs(way.m) < EXPONENTIAL ? INFINITY : -1 / way.m};
}

/* ---- set-up ---- */

static enum status prepare(struct stiff *s, const double *x)
{
    const sunindextype n = (sunindextype)s->flow->dim;
    if (SUNContext_Create(NULL, &s->context) || !(s->state = N_VNew_Serial(n, s->context)) ||
        !(s->matrix = SUNDenseMatrix(n, n, s->context)) ||
        !(s->solver = SUNLinSol_Dense(s->state, s->matrix, s->context)) ||
        !(s->cvode = CVodeCreate(CV_BDF, s->context)) ||
        !(s->projection = projection_create(s->flow, &s->plan)))
        return status_fail(NO_MEMORY, "growth of %s", s->flow->title);
    projection_set_leaf(s->projection, x);
    int code = CVodeSetErrHandlerFn(s->cvode, say_nothing, NULL);
    code |= CVodeInit(s->cvode, rhs, 0, s->state);
    code |= CVodeSetUserData(s->cvode, s);
    code |= CVodeSetLinearSolver(s->cvode, s->solver, s->matrix);
    code |= CVodeSetJacFn(s->cvode, jacobian);
    if (s->flow->conserved > 0)
        code |= CVodeSetProjFn(s->cvode, project) | CVodeSetProjErrEst(s->cvode, SUNFALSE);
    return code ? status_fail(NO_MEMORY, "growth of %s: CVODE", s->flow->title) : OK;
}

/* From x once more, with this tolerance. */
static enum status restart(struct stiff *s, const double *x, double rtol)
{
    s->plan.rtol = rtol;
    memcpy(N_VGetArrayPointer(s->state), x, s->flow->dim * sizeof *x);
    return CVodeSStolerances(s->cvode, rtol, s->plan.atol) || CVodeReInit(s->cvode, 0, s->state)
               ? status_fail(NO_MEMORY, "growth of %s: CVODE", s->flow->title)
               : OK;
}

static void release(struct stiff *s)
{
    CVodeFree(&s->cvode);
    if (s->solver)
        SUNLinSolFree(s->solver);
    if (s->matrix)
        SUNMatDestroy(s->matrix);
    if (s->state)
        N_VDestroy(s->state);
    if (s->context)
        SUNContext_Free(&s->context);
    projection_free(s->projection);
    free(s->f);
}

enum status escape_stiff_confirm(const struct flow *flow, const double *x,
                                 const struct escape_law *before, struct escape *escape)
{
    const size_t n = flow->dim;
    *escape = (struct escape){.verdict = ESCAPE_NEITHER};
    if (flow_is_large(flow))
        return OK;
    struct stiff s = {.flow = flow, .plan = plan_defaults()};
    s.plan.atol = ABSOLUTE;
    s.f = calloc(n + n * n, sizeof *s.f);
    if (!s.f)
        return status_fail(NO_MEMORY, "growth of %s", flow->title);
    s.J = s.f + n;
    enum status status = prepare(&s, x);
    for (int k = 0; k < TOLERANCES && status == OK && escape->verdict == ESCAPE_NEITHER; k++) {
        status = restart(&s, x, RELATIVE[k]);
        if (status == OK)
            confirm(&s, before, escape);
    }
    release(&s);
    return status;
}
