/* The way of a trajectory that the referee follows: its length, and when it came close to its limit
 * for good.
 *
 * The limit is known at the end only, so that the last states are kept.  Between two of them the way
 * is the cubic that has the states and fields of both; its length is Simpson's, and the time at which
 * it enters the ball about the limit is found by bisection.  A run that ends outside of the ball goes
 * on at its transverse rate. */
#include "ode/sweep_path.h"

#include "ode/vector.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 64, BISECTIONS = 60 }; /* states; halvings of a step, down to rounding */

/* The slope of a cubic in its middle: 3/2 of that of its chord less 1/4 of those at its ends; and
 * the weight of the middle in Simpson's rule, of all three 4 + 1 + 1. */
static const double CHORD = 1.5, END = 0.25, MIDDLE = 4, WEIGHTS = 6, CUBIC = 3;
static const double STEP_ERROR = 100; /* tolerances, as of lanes */

struct sweep_trail {
    const struct flow *flow;
    size_t visits;
    double path, t[KEPT];
    double *x, *f, *work; /* [KEPT*n], [KEPT*n], [n] */
    double storage[];
};

struct sweep_trail *sweep_trail_create(const struct flow *flow)
{
    const size_t n = flow->dim;
    struct sweep_trail *trail =
        calloc(1, sizeof *trail + (2 * KEPT + 1) * n * sizeof *trail->storage);
    if (!trail)
        return NULL;
    trail->flow = flow;
    trail->x = trail->storage;
    trail->f = trail->x + KEPT * n;
    trail->work = trail->f + KEPT * n;
    return trail;
}

void sweep_trail_free(struct sweep_trail *trail)
{
    free(trail);
}

void sweep_trail_begin(struct sweep_trail *trail)
{
    trail->visits = 0;
    trail->path = 0;
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
    result->settling_error += fabs(eps) / gamma;
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
        result->settling = entry(trail, inside - 1, limit, threshold);
    else if (first == 0)
        result->settling = 0;
}

void sweep_trail_finish(struct sweep_trail *trail, const struct outcome *outcome,
                        const struct sweep_tolerance *tolerance, struct sweep_result *result)
{
    result->settling = result->path = result->path_error = NAN;
    if (!outcome->has_limit || trail->visits == 0)
        return;
    const size_t n = trail->flow->dim, last = trail->visits - 1;
    const double size = vector_norm(n, outcome->limit);
    const double local = STEP_ERROR * (tolerance->rtol * size + tolerance->atol);
    result->path = trail->path + vector_distance(n, state(trail, last), outcome->limit);
    result->path_error = local * sqrt((double)trail->visits);
    result->settling_error =
        local / fmax(SWEEP_SETTLED * (1 + size) * fabs(outcome->transverse_rate), local);
    settling_find(trail, outcome, result);
    if (isnan(result->settling))
        result->settling_error = NAN;
    if (result->settling == 0)
        result->settling_error = 0;
}
