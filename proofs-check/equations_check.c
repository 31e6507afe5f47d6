/* Checks as a table: what is asked at one state, and whether the control is tried.
 *
 * The control of a check changes what is checked by a thousandth and must be found: a Jacobian with
 * one entry off, an integral with a foreign term, the second integrator on 1.001 f + 0.001, a limit that
 * is moved.  Differences are trusted where two step sizes agree; elsewhere the trial is undecided. */
#include "proofs-check/equations_check.h"

#include "base/progress.h"
#include "base/stream.h"
#include "ode/binomial.h"
#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double CHANGE = 1e-3; /* of controls: far above every bound, far below 1 */
static const double PATH_TIME = 1; /* both integrators are compared there */

enum mode { MODE_CHECK, MODE_CONTROL };

/* One trial. */
struct question {
    const struct equations_check_plan *plan;
    enum mode mode;
    struct stream stream;
    double x[INSTANCE_DIM_MAX];
    double bound;
    enum finding finding;
    bool beside; /* it does not meet the hypothesis, and is no trial */
    double deviation;
    size_t trajectories;
    char reason[REASON_MAX];
};

static void find(struct question *q, enum finding finding, const char *reason)
{
    q->finding = finding;
    snprintf(q->reason, sizeof q->reason, "%s", reason);
}

/* Small enough, or not. */
static void judge(struct question *q, double deviation, const char *what)
{
    q->deviation = deviation;
    if (deviation <= q->bound) {
        q->finding = FINDING_HOLDS;
        return;
    }
    q->finding = isnan(deviation) ? FINDING_UNDECIDED : FINDING_FAILS;
    snprintf(q->reason, sizeof q->reason, "%s by %.2e (bound %.1e)", what, deviation, q->bound);
}

static bool is_finite(size_t n, const double *x)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i]))
            return false;
    return true;
}

/* The smooth piece at the state: differences do not cross to another one. */
static void sides_set(const struct flow *flow, const double *x)
{
    double g[FLOW_DENSE_MOST * FLOW_DENSE_MOST];
    if (flow->switches == 0 || flow->switches > sizeof g / sizeof *g)
        return;
    flow->switching(flow, x, g);
    for (size_t k = 0; k < flow->switches; k++)
        flow->side[k] = g[k] < 0 ? -1 : 1;
}

/* ---- the Jacobian ---- */

/* (8 (f(x+h v) - f(x-h v)) - (f(x+2h v) - f(x-2h v)))/(12 h): an error of h^4 */
static enum status slope(const struct flow *flow, const double *x, const double *v, double h,
                         double *df)
{
    static const double WEIGHT[] = {8.0 / 12, -1.0 / 12};
    double at[INSTANCE_DIM_MAX], f[INSTANCE_DIM_MAX] = {0};
    memset(df, 0, flow->dim * sizeof *df);
    for (int side = -2; side <= 2; side++) {
        if (side == 0)
            continue;
        for (size_t i = 0; i < flow->dim; i++)
            at[i] = x[i] + side * h * v[i];
        TRY(flow->field(flow, 1, at, f));
        for (size_t i = 0; i < flow->dim; i++)
            df[i] += (side > 0 ? 1 : -1) * WEIGHT[abs(side) - 1] * f[i] / h;
    }
    return OK;
}

static double largest_of(size_t n, const double *x)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(x[i]));
    return largest;
}

static double distance_of(size_t n, const double *x, const double *y)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(x[i] - y[i]));
    return largest;
}

static enum status ask_jacobian(struct question *q)
{
    static const double WORTH = 0.1; /* of the bound: what differences may be off by */
    const struct flow *flow = q->plan->flow;
    const size_t n = flow->dim;
    double v[INSTANCE_DIM_MAX], Jv[INSTANCE_DIM_MAX], coarse[INSTANCE_DIM_MAX];
    double fine[INSTANCE_DIM_MAX], J[FLOW_DENSE_MOST * FLOW_DENSE_MOST] = {0};
    const double h = pow(DBL_EPSILON, 1.0 / 5) * (1 + largest_of(n, q->x)) / 2;
    stream_normals(&q->stream, n, 1, v);
    sides_set(flow, q->x);
    TRY(flow->jacobian(flow, q->x, J));
    if (q->mode == MODE_CONTROL)
        J[0] += CHANGE * (1 + fabs(J[0]));
    for (size_t i = 0; i < n; i++) {
        Jv[i] = 0;
        for (size_t j = 0; j < n; j++)
            Jv[i] += J[i * n + j] * v[j];
    }
    TRY(slope(flow, q->x, v, h, coarse));
    TRY(slope(flow, q->x, v, h / 2, fine));
    const double size = 1 + largest_of(n * n, J);
    if (!is_finite(n, fine) || !is_finite(n, Jv))
        find(q, FINDING_UNDECIDED, "the right-hand side is not finite there");
    else if (!(distance_of(n, coarse, fine) <= WORTH * q->bound * size))
        find(q, FINDING_UNDECIDED, "differences are too coarse there");
    else
        judge(q, distance_of(n, Jv, fine) / size, "the Jacobian differs from differences");
    return OK;
}

/* ---- first integrals ---- */

static enum status ask_integrals(struct question *q)
{
    const struct flow *flow = q->plan->flow;
    double f[INSTANCE_DIM_MAX] = {0}, g[INSTANCE_DIM_MAX] = {0}, worst = 0;
    TRY(flow->field(flow, 1, q->x, f));
    for (size_t claim = 0; claim < flow->conserved; claim++) {
        double along = 0, terms = DBL_MIN;
        flow->gradient(flow, claim, q->x, g);
        if (q->mode == MODE_CONTROL)
            g[0] += CHANGE * (1 + largest_of(flow->dim, g));
        for (size_t j = 0; j < flow->dim; j++) {
            along += g[j] * f[j];
            terms += fabs(g[j] * f[j]);
        }
        worst = fmax(worst, fabs(along) / terms);
    }
    judge(q, worst, "a first integral changes");
    return OK;
}

/* ---- two integrators ---- */

/* 1.001 f + 0.001 of another flow: the control's. */
static const struct flow *base_of(const struct flow *flow)
{
    return flow->data;
}

static enum status changed_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    TRY(base_of(flow)->field(base_of(flow), n, x, dx));
    for (size_t k = 0; k < n * flow->dim; k++)
        dx[k] += CHANGE * (dx[k] + 1);
    return OK;
}

static enum status changed_jacobian(const struct flow *flow, const double *x, double *J)
{
    TRY(base_of(flow)->jacobian(base_of(flow), x, J));
    for (size_t k = 0; k < flow->dim * flow->dim; k++)
        J[k] *= 1 + CHANGE;
    return OK;
}

static void changed_switching(const struct flow *flow, const double *x, double *g)
{
    base_of(flow)->switching(base_of(flow), x, g);
}

static struct flow changed_flow(const struct flow *base)
{
    return (struct flow){.dim = base->dim,
                         .title = base->title,
                         .names = base->names,
                         .field = changed_field,
                         .jacobian = changed_jacobian,
                         .switches = base->switches,
                         .surface = base->surface,
                         .switching = base->switches ? changed_switching : NULL,
                         .side = base->side,
                         .data = base};
}

struct both {
    struct outcome *first, *second;
};

/* By BDF, and by the explicit method, which the control gives another field. */
static enum status run_both(struct question *q, struct plan plan, struct both *both)
{
    const struct flow *flow = q->plan->flow;
    const struct flow changed = changed_flow(flow);
    both->first = outcome_create(flow);
    both->second = outcome_create(flow);
    if (!both->first || !both->second)
        return status_fail(NO_MEMORY, "outcomes of %zu unknowns", flow->dim);
    plan.method = METHOD_BDF;
    plan.visit = NULL;
    TRY(trajectory_run(flow, &plan, q->x, both->first));
    plan.method = METHOD_RK8PD;
    q->trajectories = 2;
    return trajectory_run(q->mode == MODE_CONTROL ? &changed : flow, &plan, q->x, both->second);
}

static void both_free(struct both *both)
{
    outcome_free(both->first);
    outcome_free(both->second);
}

static double relative(double a, double b)
{
    return fabs(a - b) / (1 + fmax(fabs(a), fabs(b)));
}

static void compare_paths(struct question *q, const struct both *both)
{
    const size_t n = q->plan->flow->dim;
    const struct outcome *a = both->first, *b = both->second;
    if (a->t < PATH_TIME && b->t < PATH_TIME) {
        find(q, FINDING_UNDECIDED, "the solution does not exist so long");
        return;
    }
    if (a->t < PATH_TIME || b->t < PATH_TIME) {
        find(q, FINDING_UNDECIDED, "one integrator stops before t = 1");
        return;
    }
    judge(q, distance_of(n, a->last, b->last) / (1 + largest_of(n, a->last)),
          "two integrators differ at t = 1");
}

static enum status ask_path(struct question *q)
{
    struct both both = {NULL, NULL};
    struct plan plan = q->plan->plan;
    plan.horizon = PATH_TIME;
    plan.no_endings = true;
    const enum status status = run_both(q, plan, &both);
    if (status == OK)
        compare_paths(q, &both);
    both_free(&both);
    return status;
}

static bool is_open(const struct outcome *outcome)
{
    return outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED;
}

/* What two endings of one kind have to agree on; algebraic approach stops far from its limit. */
static void compare_evidence(struct question *q, const struct both *both)
{
    const size_t n = q->plan->flow->dim;
    const struct outcome *a = both->first, *b = both->second;
    switch (a->ending) {
    case ENDING_SETTLED:
    case ENDING_SADDLE:
        judge(q, distance_of(n, a->limit, b->limit) / (1 + largest_of(n, a->limit)),
              "limits of two integrators differ");
        break;
    case ENDING_CYCLING:
        judge(q, relative(a->period, b->period), "periods of two integrators differ");
        break;
    case ENDING_ESCAPED:
        judge(q, relative(a->blowup_time, b->blowup_time), "blow-up times differ");
        break;
    default:
        q->finding = FINDING_HOLDS;
        break;
    }
}

static void compare_endings(struct question *q, const struct both *both)
{
    const struct outcome *a = both->first, *b = both->second;
    if (is_open(a) || is_open(b)) {
        snprintf(q->reason, sizeof q->reason, "%s by BDF, %s by rk8pd", ending_name(a->ending),
                 ending_name(b->ending));
        q->finding = FINDING_UNDECIDED;
    } else if (a->ending != b->ending) {
        snprintf(q->reason, sizeof q->reason, "%s by BDF, %s by rk8pd", ending_name(a->ending),
                 ending_name(b->ending));
        q->finding = FINDING_FAILS;
        q->deviation = 1;
    } else {
        compare_evidence(q, both);
    }
}

static enum status ask_endings(struct question *q)
{
    struct both both = {NULL, NULL};
    const enum status status = run_both(q, q->plan->plan, &both);
    if (status == OK)
        compare_endings(q, &both);
    both_free(&both);
    return status;
}

/* ---- limits ---- */

static enum status ask_fixed_point(struct question *q, struct outcome *outcome)
{
    const struct flow *flow = q->plan->flow;
    const size_t n = flow->dim;
    double f[INSTANCE_DIM_MAX], J[FLOW_DENSE_MOST * FLOW_DENSE_MOST], move[INSTANCE_DIM_MAX];
    struct plan plan = q->plan->plan;
    plan.method = METHOD_BDF;
    plan.visit = NULL;
    TRY(trajectory_run(flow, &plan, q->x, outcome));
    q->trajectories = 1;
    if (outcome->ending != ENDING_SETTLED || outcome->slides) {
        q->beside = true; /* nothing is said of it */
        return OK;
    }
    sides_set(flow, outcome->limit);
    stream_normals(&q->stream, n, CHANGE, move);
    for (size_t i = 0; i < n && q->mode == MODE_CONTROL; i++)
        outcome->limit[i] += move[i] * (1 + fabs(outcome->limit[i]));
    TRY(flow->field(flow, 1, outcome->limit, f));
    TRY(flow->jacobian(flow, outcome->limit, J));
    const double size = (1 + largest_of(n * n, J)) * (1 + largest_of(n, outcome->limit));
    judge(q, largest_of(n, f) / size, "the field at a limit is not zero");
    return OK;
}

static enum status ask_limits(struct question *q)
{
    struct outcome *outcome = outcome_create(q->plan->flow);
    if (!outcome)
        return status_fail(NO_MEMORY, "an outcome");
    const enum status status = ask_fixed_point(q, outcome);
    outcome_free(outcome);
    return status;
}

/* ---- the table ---- */

static const struct theorem records[EQUATIONS_CHECKS] = {
    {.id = "jacobian",
     .source = "notes/own-flows.md, (OD7)",
     .statement = "the Jacobian is the derivative of the right-hand sides",
     .label = "OD4",
     .recorded = VERDICT_SUPPORTED,
     .bound = 1e-6, /* differences with two steps of 1e-3 agree to a tenth of it */
     .control = {.what = "one entry is off by a thousandth"}},
    {.id = "first-integrals",
     .source = "notes/integrals.md, (FI1)",
     .statement = "the derivative of each claimed first integral along the field is zero",
     .label = "OD6",
     .recorded = VERDICT_SUPPORTED,
     .bound = 1e-10, /* rounding of sums of some hundred terms, with room */
     .control = {.what = "a thousandth of the first unknown is added"}},
    {.id = "same-path",
     .source = "notes/own-flows.md, (OD7)",
     .statement = "BDF and the explicit method of order eight give the same state at t = 1",
     .label = "OD7",
     .recorded = VERDICT_SUPPORTED,
     .bound = 1e-6, /* local errors of 1e-10 in some hundred steps, amplified by 100 */
     .control = {.what = "the second integrates 1.001 f + 0.001"}},
    {.id = "same-endings",
     .source = "notes/own-flows.md, (OD7)",
     .statement = "both integrators end alike: same ending, limit, period, blow-up time",
     .label = "OD7",
     .recorded = VERDICT_SUPPORTED,
     .bound = 1e-6, /* limits on continua carry errors of integration */
     .control = {.what = "the second integrates 1.001 f + 0.001"}},
    {.id = "limits-are-fixed-points",
     .source = "notes/endings.md, (E6)",
     .statement = "the right-hand side vanishes at every limit that a run has settled at",
     .label = "OD7",
     .recorded = VERDICT_SUPPORTED,
     .bound = 1e-10, /* polished to rounding, relative to |J| |x| */
     .control = {.what = "the limit is moved by a thousandth"}}};

static enum status (*const asks[EQUATIONS_CHECKS])(struct question *) = {
    ask_jacobian, ask_integrals, ask_path, ask_endings, ask_limits};

/* The state of the file first, then normal numbers around it. */
static struct question question_of(const struct equations_check_plan *plan, size_t check,
                                   size_t trial, enum mode mode)
{
    struct question q = {.plan = plan, .mode = mode, .bound = records[check].bound};
    q.stream = stream_at(plan->seed, stream_key(records[check].id), trial);
    for (size_t i = 0; i < plan->flow->dim; i++)
        q.x[i] = plan->x0[i] + (trial ? stream_normal(&q.stream) : 0);
    return q;
}

static void count(struct equations_check *check, const struct question *q)
{
    check->trajectories += q->trajectories;
    if (q->beside)
        return;
    check->trials++;
    check->undecided += q->finding == FINDING_UNDECIDED;
    if (q->finding == FINDING_HOLDS)
        check->worst = fmax(check->worst, q->deviation);
    if (q->finding == FINDING_FAILS && check->failures++ == 0) {
        check->has_witness = true;
        memcpy(check->witness, q->x, sizeof check->witness);
        snprintf(check->reason, sizeof check->reason, "%s", q->reason);
    }
    if (q->finding == FINDING_UNDECIDED && !*check->reason)
        snprintf(check->reason, sizeof check->reason, "%s", q->reason);
}

static bool is_stopped(const struct equations_check_plan *plan)
{
    return plan->stop && *plan->stop;
}

static enum status try_all(const struct equations_check_plan *plan, size_t at,
                           struct equations_check *check)
{
    for (size_t trial = 0; trial < plan->trials; trial++) {
        if (is_stopped(plan))
            return status_fail(INTERRUPTED, "interrupted in %s", records[at].id);
        struct question q = question_of(plan, at, trial, MODE_CHECK);
        TRY(asks[at](&q));
        count(check, &q);
        if (plan->advance)
            plan->advance(plan->context, 1);
    }
    return OK;
}

/* One trial that fails is what a control is for. */
static enum status try_control(const struct equations_check_plan *plan, size_t at,
                               struct equations_check *check)
{
    check->control = VERDICT_UNDECIDED;
    for (size_t trial = 0; trial < plan->trials && check->control != VERDICT_REFUTED; trial++) {
        if (is_stopped(plan))
            return status_fail(INTERRUPTED, "interrupted in %s", records[at].id);
        struct question q = question_of(plan, at, trial, MODE_CONTROL);
        TRY(asks[at](&q));
        if (q.finding == FINDING_FAILS && !q.beside)
            check->control = VERDICT_REFUTED;
        if (q.finding == FINDING_HOLDS && !q.beside)
            check->control = VERDICT_SUPPORTED; /* so far */
        snprintf(check->control_reason, sizeof check->control_reason, "%s", q.reason);
    }
    return OK;
}

/* Undecided: no trial is decided, or nothing could have failed. */
static void conclude(const struct equations_check_plan *plan, struct equations_check *check)
{
    const size_t drawn = check->trials > 0 ? check->trials - 1 : 0; /* all but the first */
    check->failure_measure_below =
        check->failures ? NAN : binomial_upper_bound(check->undecided, drawn, plan->confidence);
    if (check->failures)
        check->verdict = VERDICT_REFUTED;
    else if (check->undecided == check->trials || check->control != VERDICT_REFUTED)
        check->verdict = VERDICT_UNDECIDED;
    else
        check->verdict = VERDICT_SUPPORTED;
}

static enum status run_one(const struct equations_check_plan *plan, size_t at,
                           struct equations_check *check)
{
    enum { INTEGRALS = 1 };
    const double begun = progress_clock();
    *check = (struct equations_check){.theorem = &records[at]};
    check->asked = at != INTEGRALS || plan->flow->conserved > 0;
    if (!check->asked)
        return OK;
    TRY(try_all(plan, at, check));
    check->asked = check->trials > 0; /* none settles */
    if (!check->asked)
        return OK;
    TRY(try_control(plan, at, check));
    conclude(plan, check);
    check->seconds = progress_clock() - begun;
    return OK;
}

enum status equations_check_run(const struct equations_check_plan *plan,
                                struct equations_check check[EQUATIONS_CHECKS])
{
    for (size_t at = 0; at < EQUATIONS_CHECKS; at++)
        TRY(run_one(plan, at, &check[at]));
    return OK;
}
