/* Doubling eta until the ending is lost, then bisection between the last two.
 *
 * At the limit steps are stable along an eigenvalue lambda iff |1 + eta lambda| < 1: 2/|lambda| is
 * where the search expects its answer, and a thirty-second of it where it begins.  Whether steps from
 * far away come there at all is another matter, and not monotone in eta near the end; what is found
 * is a boundary, not the supremum. */
#include "proofs-check/comparison_ending.h"

#include "base/stream.h"
#include "networks/learning.h"
#include "ode/trajectory.h"

#include <math.h>

#include <stdlib.h>
#include <string.h>

enum { STEPS_MOST = 200000, DOUBLINGS_MOST = 16, BISECTIONS = 20, POWERS = 400 };

static const double AT_REST = 1e-9;         /* of |f|, relative to the start */
static const double SAME_LOSS = 1e-6;       /* of the start's */
static const double FAR = 1e8;              /* |x| from which no step returns */
static const double FIRST_SHARE = 1.0 / 32; /* of 2/|lambda| */
static const double FIRST_BLIND = 1e-3;     /* where lambda is unknown */
static const double CONVERGED = 1e-6;       /* power iteration, relative */
static const double ESCAPED_SHARE = 1e-3;   /* of the loss */
static const double AT_LIMIT = 1e-5; /* |x0 - limit| below which rest, AT_REST |f|, is rounding */

static double norm(size_t n, const double *x)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sqrt(sum);
}

static double distance(size_t n, const double *x, const double *y)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (x[i] - y[i]) * (x[i] - y[i]);
    return sqrt(sum);
}

/* Scratch: x[dim], f[dim], work[3*dim]. */
struct search {
    const struct flow *flow;
    const double *x0, *limit;
    bool (*stop)(void); /* NULL: never */
    double *x, *f, *work;
    double rest; /* |f| that counts as rest */
};

static double loss_at(const struct search *s, const double *x)
{
    return s->flow->loss ? s->flow->loss(s->flow, x) : 0;
}

/* Is the state where steps came to rest the limit's? */
static bool is_same_ending(const struct search *s)
{
    const size_t dim = s->flow->dim;
    const double slack = SAME_LOSS * fmax(loss_at(s, s->x0), loss_at(s, s->limit));
    return fabs(loss_at(s, s->x) - loss_at(s, s->limit)) <= slack &&
           distance(dim, s->x, s->limit) < distance(dim, s->x0, s->limit);
}

static enum status survives(const struct search *s, double eta, bool *answer)
{
    const size_t dim = s->flow->dim;
    memcpy(s->x, s->x0, dim * sizeof *s->x);
    *answer = false;
    for (size_t n = 0; n < STEPS_MOST && !(s->stop && s->stop()); n++) {
        TRY(s->flow->field(s->flow, 1, s->x, s->f));
        if (norm(dim, s->f) <= s->rest) {
            *answer = is_same_ending(s);
            return OK;
        }
        for (size_t i = 0; i < dim; i++)
            s->x[i] += eta * s->f[i];
        if (!(norm(dim, s->x) < FAR))
            return OK;
    }
    return OK;
}

/* 2/|lambda| by power iteration at the limit; NAN where it does not converge. */
static enum status linear_bound(const struct search *s, double *bound)
{
    const size_t dim = s->flow->dim;
    struct stream stream = stream_at(1, stream_key("power iteration"), 0);
    double before = 0, now = NAN;
    *bound = NAN;
    stream_normals(&stream, dim, 1, s->x);
    for (size_t k = 0; k < POWERS; k++) {
        const double size = norm(dim, s->x);
        for (size_t i = 0; i < dim; i++)
            s->x[i] /= size;
        TRY(flow_jacobian_times(s->flow, s->limit, s->x, s->f, s->work));
        before = now;
        now = norm(dim, s->f);
        memcpy(s->x, s->f, dim * sizeof *s->x);
        if (!(now > 0))
            return OK;
    }
    if (fabs(now - before) <= CONVERGED * now)
        *bound = 2 / now;
    return OK;
}

static enum status bisect(const struct search *s, struct comparison_ending *ending)
{
    for (size_t k = 0; k < BISECTIONS; k++) {
        const double middle = (ending->largest + ending->fails) / 2;
        bool holds = false;
        TRY(survives(s, middle, &holds));
        *(holds ? &ending->largest : &ending->fails) = middle;
    }
    bool holds = false;
    TRY(survives(s, ending->largest, &holds));
    ending->shift = distance(s->flow->dim, s->x, s->limit);
    return OK;
}

/* Why a start has no way to go on which its ending could be lost; NULL. */
static const char *at_rest(const struct search *s)
{
    const size_t dim = s->flow->dim;
    if (!(s->rest > 0))
        return "it starts there: the field is zero, and no step moves";
    if (distance(dim, s->x0, s->limit) <= AT_LIMIT)
        return "it starts within 1e-5 of it, too near to tell whether steps come to rest";
    return NULL;
}

static enum status search(const struct search *s, struct comparison_ending *ending)
{
    TRY(linear_bound(s, &ending->linear));
    ending->reason = at_rest(s);
    if (ending->reason)
        return OK;
    double eta = isnan(ending->linear) ? FIRST_BLIND : FIRST_SHARE * ending->linear;
    for (size_t k = 0; k < DOUBLINGS_MOST; k++, eta *= 2) {
        bool holds = false;
        TRY(survives(s, eta, &holds));
        if (!holds && k == 0) {
            ending->reason = "the smallest eta that was tried does not end there";
            return OK;
        }
        if (!holds) {
            ending->fails = eta;
            return bisect(s, ending);
        }
        ending->largest = eta;
    }
    ending->reason = "every eta that was tried ends there";
    return OK;
}

static enum status search_from(const struct flow *flow, const double *x0, const double *limit,
                               bool (*stop)(void), struct comparison_ending *ending)
{
    enum { SCRATCH = 5 };
    double *memory = malloc(SCRATCH * flow->dim * sizeof *memory);
    if (!memory)
        return status_fail(NO_MEMORY, "%zu unknowns", flow->dim);
    struct search s = {.flow = flow,
                       .x0 = x0,
                       .limit = limit,
                       .stop = stop,
                       .x = memory,
                       .f = memory + flow->dim,
                       .work = memory + 2 * flow->dim};
    enum status status = flow->field(flow, 1, x0, s.f);
    s.rest = AT_REST * norm(flow->dim, s.f);
    if (status == OK)
        status = search(&s, ending);
    free(memory);
    return status;
}

/* struct plan's `stop`, which has a context and a time. */
static bool stop_of_plan(void *context, double t)
{
    bool (*const *stop)(void) = context;
    (void)t;
    return *stop && (*stop)();
}

enum status comparison_ending_find(const struct comparison_system *system, const double *x0,
                                   bool (*stop)(void), struct comparison_ending *ending)
{
    const struct flow *flow = system->flow;
    struct plan plan = plan_defaults();
    *ending = (struct comparison_ending){.flow = ENDING_HORIZON,
                                         .largest = NAN,
                                         .fails = NAN,
                                         .linear = NAN,
                                         .shift = NAN,
                                         .reason = "not looked for above 64 unknowns"};
    if (flow->dim > FLOW_DENSE_MOST)
        return OK;
    plan.stop = stop_of_plan;
    plan.context = (void *)&stop;
    struct outcome *outcome = outcome_create(flow);
    if (!outcome)
        return status_fail(NO_MEMORY, "%zu unknowns", flow->dim);
    enum status status = trajectory_run(flow, &plan, x0, outcome);
    ending->flow = outcome->ending;
    ending->reason = outcome->ending == ENDING_HORIZON ? "where the flow ends is undecided"
                                                       : "the flow does not settle";
    if (status == OK && outcome->ending == ENDING_SETTLED && outcome->has_limit) {
        ending->reason = NULL;
        status = search_from(flow, x0, outcome->limit, stop, ending);
    }
    outcome_free(outcome);
    return status;
}

/* ---- out of a trap ---- */

/* Does the flow have the traps of (G5), (G8)? */
static bool has_traps(const struct comparison_system *system)
{
    const struct learner_plan *plan = &system->plan;
    if (strcmp(plan->rule->name, "arbp") != 0 || plan->neuron->kind != NEURON_IDENTITY ||
        plan->biases || plan->decay > 0)
        return false;
    for (size_t l = 0; l <= plan->layers; l++)
        if (plan->sizes[l] != 1)
            return false;
    return system->flow->dim == 2 * plan->layers - 1;
}

size_t comparison_ending_trap(const struct comparison_system *system, const double *x0)
{
    const size_t layers = system->plan.layers;
    if (!has_traps(system))
        return 0;
    const double *a = x0, *c = x0 + layers;
    for (size_t i = 0; i + 2 < layers; i++)
        if (fabs(a[i]) < fabs(c[i]) && fabs(c[i + 1]) < fabs(a[i + 1]) && c[i] * a[i + 1] < 0)
            return i + 1;
    return 0;
}

static void escape_walk(const struct flow *flow, struct comparison_walker *walker, double *x,
                        double learned, struct comparison_escape *escape)
{
    for (escape->steps = 0; escape->steps < escape->most; escape->steps++) {
        comparison_walker_state(walker, x);
        escape->diverged = !(norm(flow->dim, x) < FAR);
        if (escape->diverged || flow->loss(flow, x) <= learned)
            return;
        comparison_walker_whole(walker);
        learner_step(walker->learner, escape->eta);
    }
}

enum status comparison_ending_escape(const struct comparison_system *system, const double *x0,
                                     struct comparison_escape *escape)
{
    const struct flow *flow = system->flow;
    struct comparison_walker *walker = NULL;
    double *x = malloc(flow->dim * sizeof *x);
    escape->diverged = false;
    if (!x || !flow->loss) {
        free(x);
        return status_fail(BAD_ARGUMENT, "%s has no loss to leave a trap with", flow->title);
    }
    const enum status status = comparison_walker_create(system, 0, &walker);
    if (status == OK) {
        comparison_walker_place(walker, x0);
        escape_walk(flow, walker, x, ESCAPED_SHARE * flow->loss(flow, x0), escape);
    }
    comparison_walker_free(walker);
    free(x);
    return status;
}
