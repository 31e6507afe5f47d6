/* The way of a trajectory that the referee follows: its length, and when it came close to its limit
 * for good.
 *
 * The limit is known at the end only, so that the last states are kept.  Between two of them the way
 * is the cubic that has the states and fields of both; its length is Simpson's, and the time at which
 * it enters the ball about the limit is found by bisection.  A run that ends outside of the ball goes
 * on at its transverse rate.
 *
 * Errors on leaves that are curves: as in sweep_path.c, (J11), but the distance from the leaf is what
 * a projection finds there, once for each state; the referee's own has left little of it.  Elsewhere
 * the error of the last steps is all that is stated. */
#include "ode/sweep_path.h"

#include "ode/leaf.h"
#include "ode/projection.h"
#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 64, BISECTIONS = 60 }; /* states; halvings of a step, down to rounding */

/* The slope of a cubic in its middle: 3/2 of that of its chord less 1/4 of those at its ends; and
 * the weight of the middle in Simpson's rule, of all three 4 + 1 + 1. */
static const double CHORD = 1.5, END = 0.25, MIDDLE = 4, WEIGHTS = 6, CUBIC = 3;
static const double STEP_ERROR = 10; /* tolerances, as of lanes */
static const double LAST_ERROR =
    100; /* ... and with that of the cubic, where the ball is entered */

struct sweep_trail {
    const struct flow *flow;
    size_t visits;
    struct sweep_tolerance tolerance;
    struct leaf *leaf;             /* of flows that are not large; else NULL, ... */
    struct projection *projection; /* ... and NULL */
    bool curve;                    /* the leaf of the start is one */
    double path, share;            /* share: of delays at the last visit */
    double t[KEPT], delay[KEPT];   /* at each visit: the time, and the delay at most */
    double *x, *f, *work, *J;      /* [KEPT*n], [KEPT*n], [n], [n*n] */
    double storage[];
};

struct sweep_trail *sweep_trail_create(const struct flow *flow, const struct plan *plan)
{
    const size_t n = flow->dim, matrix = flow_is_large(flow) ? 0 : n * n;
    struct sweep_trail *trail =
        calloc(1, sizeof *trail + ((2 * KEPT + 1) * n + matrix) * sizeof *trail->storage);
    if (!trail)
        return NULL;
    trail->flow = flow;
    trail->tolerance = (struct sweep_tolerance){.rtol = plan->rtol, .atol = plan->atol};
    trail->x = trail->storage;
    trail->f = trail->x + KEPT * n;
    trail->work = trail->f + KEPT * n;
    trail->J = trail->work + n;
    if (matrix == 0 ||
        ((trail->leaf = leaf_create(flow)) && (trail->projection = projection_create(flow, plan))))
        return trail;
    sweep_trail_free(trail);
    return NULL;
}

void sweep_trail_free(struct sweep_trail *trail)
{
    if (!trail)
        return;
    leaf_free(trail->leaf);
    projection_free(trail->projection);
    free(trail);
}

void sweep_trail_begin(struct sweep_trail *trail, const double *x0)
{
    const size_t n = trail->flow->dim;
    trail->visits = 0;
    trail->path = 0;
    trail->curve = n == 1;
    if (!trail->projection || n == 1)
        return;
    leaf_set(trail->leaf, x0);
    projection_set_leaf(trail->projection, x0);
    trail->curve = trail->leaf->generic + 1 == n;
}

static const double *state(const struct sweep_trail *trail, size_t visit)
{
    return trail->x + visit % KEPT * trail->flow->dim;
}

static const double *field(const struct sweep_trail *trail, size_t visit)
{
    return trail->f + visit % KEPT * trail->flow->dim;
}

/* The length of the cubic from visit k to the next. */
static double arc(const struct sweep_trail *trail, size_t k)
{
    const size_t n = trail->flow->dim;
    const double h = trail->t[(k + 1) % KEPT] - trail->t[k % KEPT];
    const double *x = state(trail, k), *y = state(trail, k + 1);
    const double *f = field(trail, k), *g = field(trail, k + 1);
    double middle = 0;
    for (size_t i = 0; i < n; i++) {
        const double slope = CHORD * (y[i] - x[i]) / h - END * (f[i] + g[i]);
        middle += slope * slope;
    }
    return h * (vector_norm(n, f) + vector_norm(n, g) + MIDDLE * sqrt(middle)) / WEIGHTS;
}

/* 2 |J| delta/|f| at a visit, delta the distance from the leaf; INFINITY: not known. */
static double share_of(struct sweep_trail *trail, size_t visit)
{
    const size_t n = trail->flow->dim;
    if (n == 1)
        return 0;
    if (!trail->flow->jacobian ||
        trail->flow->jacobian(trail->flow, state(trail, visit), trail->J) != OK ||
        !projection_correct(trail->projection, state(trail, visit), trail->work))
        return INFINITY;
    const double rounding = DBL_EPSILON * vector_norm(n, state(trail, visit));
    const double aside = vector_norm(n, trail->work) + rounding;
    return 2 * vector_norm(n * n, trail->J) * aside / vector_norm(n, field(trail, visit));
}

/* The delay from the last visit but one to the last, (J11). */
static double delay_of(struct sweep_trail *trail, double *share)
{
    const size_t n = trail->flow->dim, last = trail->visits - 1;
    const double h = trail->t[last % KEPT] - trail->t[(last - 1) % KEPT];
    const double before = *share, size = vector_norm(n, state(trail, last));
    const double local = STEP_ERROR * (trail->tolerance.rtol * size + trail->tolerance.atol);
    *share = share_of(trail, last);
    const double worse = fmax(before, *share);
    const double speed =
        fmin(vector_norm(n, field(trail, last)), vector_norm(n, field(trail, last - 1)));
    return worse < 1 ? local / speed + h * worse / (1 - worse) : INFINITY;
}

/* What is known of the time when the last visit was made. */
static void note_delay(struct sweep_trail *trail)
{
    const size_t last = trail->visits - 1;
    if (last == 0)
        trail->share = trail->delay[0] = 0;
    else
        trail->delay[last % KEPT] =
            trail->curve ? trail->delay[(last - 1) % KEPT] + delay_of(trail, &trail->share) : 0;
}

void sweep_trail_visit(void *context, double t, const double *x)
{
    struct sweep_trail *trail = context;
    const size_t n = trail->flow->dim, at = trail->visits % KEPT;
    if (trail->visits > 0 && !(t > trail->t[(trail->visits - 1) % KEPT]))
        return;
    trail->t[at] = t;
    memcpy(trail->x + at * n, x, n * sizeof *x);
    if (trail->flow->field(trail->flow, 1, x, trail->f + at * n) != OK)
        trail->path = NAN;
    trail->visits++;
    if (trail->visits > 1)
        trail->path += arc(trail, trail->visits - 2);
    note_delay(trail);
}

/* |x - limit| on the cubic from visit k to the next, at the share u of the step. */
static double distance_on(const struct sweep_trail *trail, size_t k, double u, const double *limit)
{
    const double h = trail->t[(k + 1) % KEPT] - trail->t[k % KEPT], v = 1 - u;
    const double *x = state(trail, k), *y = state(trail, k + 1);
    const double *f = field(trail, k), *g = field(trail, k + 1);
    for (size_t i = 0; i < trail->flow->dim; i++)
        trail->work[i] = v * v * (v + CUBIC * u) * x[i] + u * u * (u + CUBIC * v) * y[i] +
                         h * u * v * (v * f[i] - u * g[i]);
    return vector_distance(trail->flow->dim, trail->work, limit);
}

/* Visit k is outside of the ball, the next one inside. */
static double entry(const struct sweep_trail *trail, size_t k, const double *limit,
                    double threshold)
{
    const double t = trail->t[k % KEPT], h = trail->t[(k + 1) % KEPT] - t;
    double out = 0, in = 1;
    for (int m = 0; m < BISECTIONS; m++) {
        const double u = (out + in) / 2;
        if (distance_on(trail, k, u, limit) > threshold)
            out = u;
        else
            in = u;
    }
    return t + in * h;
}

/* From the last visit on, outside of the ball: at the rate -gamma, and as fast as it is. */
static void go_on(const struct sweep_trail *trail, const struct outcome *outcome, double threshold,
                  struct sweep_result *result)
{
    const size_t n = trail->flow->dim, last = trail->visits - 1;
    const double gamma = -outcome->transverse_rate;
    const double away = vector_distance(n, state(trail, last), outcome->limit);
    const double eps = 1 - vector_norm(n, field(trail, last)) / (gamma * away);
    if (outcome->ending != ENDING_SETTLED || !(gamma > 0))
        return;
    const double rest = (log(away / threshold) + eps * (1 - threshold / away)) / gamma;
    result->settling = trail->t[last % KEPT] + rest;
    result->settling_error += fabs(eps) / gamma + trail->delay[last % KEPT];
}

/* Between the visit before `inside` and that one. */
static void enter(const struct sweep_trail *trail, size_t inside, const struct outcome *outcome,
                  double threshold, struct sweep_result *result)
{
    result->settling = entry(trail, inside - 1, outcome->limit, threshold);
    result->settling_error += trail->delay[inside % KEPT];
}

static void settling_find(const struct sweep_trail *trail, const struct outcome *outcome,
                          struct sweep_result *result)
{
    const size_t n = trail->flow->dim;
    const double *limit = outcome->limit;
    const double threshold = SWEEP_SETTLED * (1 + vector_norm(n, limit));
    const size_t first = trail->visits > KEPT ? trail->visits - KEPT : 0;
    size_t inside = trail->visits; /* from here on */
    while (inside > first && vector_distance(n, state(trail, inside - 1), limit) <= threshold)
        inside--;
    if (inside == trail->visits)
        go_on(trail, outcome, threshold, result);
    else if (inside > first)
        enter(trail, inside, outcome, threshold, result);
    else if (first == 0)
        result->settling = 0;
}

void sweep_trail_finish(struct sweep_trail *trail, const struct outcome *outcome,
                        struct sweep_result *result)
{
    result->settling = result->path = result->path_error = NAN;
    if (!outcome->has_limit || trail->visits == 0)
        return;
    const size_t n = trail->flow->dim, last = trail->visits - 1;
    const double size = vector_norm(n, outcome->limit);
    const double local = LAST_ERROR * (trail->tolerance.rtol * size + trail->tolerance.atol);
    result->path = trail->path + vector_distance(n, state(trail, last), outcome->limit);
    result->path_error = local * sqrt((double)trail->visits);
    result->settling_error =
        local / fmax(SWEEP_SETTLED * (1 + size) * fabs(outcome->transverse_rate), local);
    settling_find(trail, outcome, result);
    if (result->settling == 0)
        result->settling_error = 0;
    else if (!(result->settling_error < result->settling)) /* no digit is known */
        result->settling = result->settling_error = NAN;
}
