/* Where A[1,N,1] goes, without integrating it.
 *
 * Fixed feedback: in the clock a = a0 + c s and b = b0 + eta (a0 s + c s^2/2), so that P is a cubic
 * whose coefficients are scalar products, exact for dyadic data (notes/fan.md, (W1)); the limit is
 * its next root (W4), or nothing moves where c = 0 = a0 (W5).  The other rules are those of
 * linear/adaptive.h with N neurons. */
#include "linear/fan.h"

#include "linear/adaptive.h"
#include "linear/prediction_clock.h"

#include <math.h>
#include <stdlib.h>

/* A start of (F). */
struct fan_start {
    size_t N;
    const double *a, *b;
    double *c;
    double top;
};

static struct ball inner(size_t N, const double *x, const double *y)
{
    struct ball sum = ball_of(0);
    for (size_t i = 0; i < N; i++)
        sum = ball_add(sum, ball_mul(ball_of(x[i]), ball_of(y[i])));
    return sum;
}

/* P = a.b + (eta |a|^2 + c.b) s + (3/2) eta (c.a) s^2 + (1/2) eta |c|^2 s^3 at the start's a, b. */
static void product_in_clock(const struct fan_start *start, struct ball *P)
{
    const struct ball eta = ball_of(start->top);
    const size_t N = start->N;
    P[0] = inner(N, start->a, start->b);
    P[1] = ball_add(ball_mul(eta, inner(N, start->a, start->a)), inner(N, start->c, start->b));
    P[2] = ball_half(ball_mul(ball_mul(ball_of(3), eta), inner(N, start->c, start->a)));
    P[3] = ball_half(ball_mul(eta, inner(N, start->c, start->c)));
}

static void clock_of(const struct problem *problem, const struct fan_start *start,
                     struct clock_polynomial *clock)
{
    struct ball P[FAN_DEGREE + 1];
    product_in_clock(start, P);
    clock->origin = 0;
    for (int k = 0; k <= FAN_DEGREE; k++)
        clock->g[k] = ball_mul(ball_of(-problem->beta), P[k]);
    clock->g[0] = ball_add(ball_of(problem->alpha), clock->g[0]);
    clock_polynomial_init(clock, FAN_DEGREE);
}

static enum status start_create(const struct problem *problem, const double *x0,
                                struct fan_start *start)
{
    *start = (struct fan_start){.a = x0};
    TRY(fan_width(problem, &start->N));
    start->b = x0 + start->N;
    start->c = malloc(start->N * sizeof *start->c);
    if (!start->c)
        return status_fail(NO_MEMORY, "prediction for a fan of width %zu", start->N);
    const enum status status = fan_feedback(problem, start->N, start->c, &start->top);
    if (status != OK)
        free(start->c);
    return status;
}

enum status fan_clock(const struct problem *problem, const double *x0,
                      struct clock_polynomial *clock)
{
    struct fan_start start;
    TRY(start_create(problem, x0, &start));
    clock_of(problem, &start, clock);
    free(start.c);
    return OK;
}

/* a(s), b(s), and a bound on their error. */
static void state_at(const struct fan_start *start, struct ball s, double *x, double *error)
{
    double worst = 0;
    for (size_t i = 0; i < start->N; i++) {
        const struct ball a0 = ball_of(start->a[i]), change = ball_mul(ball_of(start->c[i]), s);
        const struct ball half_way = ball_add(a0, ball_half(change));
        const struct ball climb = ball_mul(ball_of(start->top), ball_mul(s, half_way));
        const struct ball state[] = {ball_add(a0, change), ball_add(ball_of(start->b[i]), climb)};
        for (size_t j = 0; j < 2; j++) {
            x[j * start->N + i] = ball_centre(state[j]);
            worst = fmax(worst, state[j].radius + fabs(state[j].lo));
        }
    }
    *error = worst;
}

static bool all_zero(size_t n, const double *x)
{
    for (size_t i = 0; i < n; i++)
        if (x[i] != 0)
            return false;
    return true;
}

static void predict_direct(const struct problem *problem, const struct fan_start *start,
                           double *limit, struct prediction *out)
{
    struct clock_polynomial clock;
    struct clock_root root;
    clock_of(problem, start, &clock);
    clock_first_root(&clock.clock, &root);
    *out = prediction_none("Baldi, Sadowski, Lu (2018), Theorem 5; notes/fan.md, (W1), (W4)", NULL);
    const bool silent = all_zero(start->N, start->c) || start->top == 0;
    const bool frozen = all_zero(start->N, start->c) && all_zero(start->N, start->a);
    state_at(start, root.verdict == CLOCK_ROOT ? root.s : ball_of(0), limit, &out->error);
    switch (root.verdict) {
    case CLOCK_REST:
        prediction_of_rest(&root, out);
        return;
    case CLOCK_ROOT:
        prediction_of_root(&root, ball_centre(root.derivative), out);
        out->clock = ball_centre(root.s);
        return;
    case CLOCK_NO_ROOT:
        if (frozen)
            prediction_of_frozen(0, out);
        else
            prediction_of_growth(&clock.clock, root.direction, silent ? 1 : 2, out);
        if (!frozen)
            out->clock = root.direction * INFINITY;
        return;
    case CLOCK_INCONCLUSIVE:
        out->reason = prediction_undecided;
    }
}

enum status fan_predict(const struct problem *problem, const double *x0, double *limit,
                        struct prediction *prediction)
{
    if (!fan_is_direct(problem)) {
        struct adaptive_network network = {.problem = problem, .layers = 2};
        TRY(fan_width(problem, &network.width));
        return adaptive_predict(&network, x0, limit, prediction);
    }
    struct fan_start start;
    TRY(start_create(problem, x0, &start));
    predict_direct(problem, &start, limit, prediction);
    free(start.c);
    return OK;
}
