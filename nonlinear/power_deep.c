/* A[1,...,1] with whole powers under layered fixed feedback that keeps every derivative:
 *
 *     a_i' = b_i (mu_i/a_i) ... (mu_(L-1)/a_(L-1)) A e,   A = prod a_j^(M_j),
 *     e = alpha - beta a_L A,   M_j = mu_j ... mu_(L-1).
 *
 * There is one error, and b_i mu_i a_(i+1) - b_(i+1) a_i^2/2 is conserved, so all weights are
 * polynomials in x = a_1, and x' = V(x) e(x) with V = b_1 mu_1 ... mu_(L-1) prod a_j^(M_j - 1):
 * (X18).  The limit is the next zero of e or of a weight with M_j > 1, where every update
 * vanishes short of the minimum.  Each of these zeros is simple in e prod_(M_j > 1) a_j unless two
 * fall together, so that one clock finds the first of them. */
#include "nonlinear/power_prediction.h"

#include "linear/clock.h"
#include "linear/prediction_clock.h"
#include "nonlinear/activation.h"
#include "nonlinear/power_data.h"
#include "nonlinear/power_series.h"

#include <math.h>
#include <string.h>

static const char SOURCE[] = "notes/nonlinear.md, (X18)";

enum { DEPTH_MOST = 8 }; /* polynomials of degree 2^7 in x; deeper chains are left open */

struct deep {
    size_t L;
    int mu[DEPTH_MOST], M[DEPTH_MOST]; /* of the hidden layers */
    struct ball b[PROBLEM_LIST_MAX], alpha, beta;
    const double *a0;
    int turn; /* makes the clock start in the direction of motion */
    struct clock clock;
};

typedef struct ball series[CLOCK_ORDER_MAX + 1];

static void product_into(int order, series product, const series factor)
{
    series left;
    memcpy(left, product, (size_t)(order + 1) * sizeof *left);
    power_series_product(order, left, factor, product);
}

/* a_(i+1) = a_(i+1)(0) + b_(i+1) (a_i^2 - a_i(0)^2)/(2 b_i mu_i) */
static void next_weight(const struct deep *d, size_t i, int order, const series a, series next)
{
    const struct ball scale =
        ball_div(d->b[i + 1], ball_mul(ball_of(2 * (double)d->mu[i]), d->b[i]));
    const struct ball start = ball_of(d->a0[i]);
    power_series_product(order, a, a, next);
    next[0] = ball_sub(next[0], ball_mul(start, start));
    for (int k = 0; k <= order; k++)
        next[k] = ball_mul(scale, next[k]);
    next[0] = ball_add(next[0], ball_of(d->a0[i + 1]));
}

/* All weights at a_1(0) + s, and e. */
static void weights_at(const struct deep *d, struct ball s, int order, series a[DEPTH_MOST],
                       series e)
{
    for (int k = 0; k <= order; k++)
        a[0][k] = ball_of(k == 1 ? 1 : 0);
    a[0][0] = ball_add(ball_of(d->a0[0]), s);
    for (size_t i = 0; i + 1 < d->L; i++)
        next_weight(d, i, order, a[i], a[i + 1]);
    memcpy(e, a[d->L - 1], (size_t)(order + 1) * sizeof *e);
    for (size_t i = 0; i + 1 < d->L; i++) {
        series power;
        power_series_power(order, a[i], ball_of(d->M[i]), power);
        product_into(order, e, power);
    }
    for (int k = 0; k <= order; k++)
        e[k] = ball_negated(ball_mul(d->beta, e[k]));
    e[0] = ball_add(d->alpha, e[0]);
}

/* turn e prod_(M_j > 1) a_j */
static void jet_of_factors(const void *self, struct ball s, int order, struct ball *g)
{
    const struct deep *d = self;
    series a[DEPTH_MOST], e;
    weights_at(d, s, order, a, e);
    for (size_t i = 0; i + 1 < d->L; i++)
        if (d->M[i] > 1)
            product_into(order, e, a[i]);
    for (int k = 0; k <= order; k++)
        g[k] = ball_mul(ball_of(d->turn), e[k]);
}

static bool never_monotone(const void *self, double S, int direction)
{
    (void)self, (void)S, (void)direction;
    return false;
}

/* b_1 mu_1 ... prod a_j^(M_j - 1) without the weight `left_out` (depth: with all). */
static struct ball direction_at(const struct deep *d, series a[DEPTH_MOST], size_t left_out)
{
    struct ball V = d->b[0];
    for (size_t i = 0; i + 1 < d->L; i++) {
        V = ball_mul(V, ball_of(d->mu[i]));
        for (int k = 1; k < d->M[i] && i != left_out; k++)
            V = ball_mul(V, a[i][0]);
    }
    return V;
}

static void put_state(const struct deep *d, series a[DEPTH_MOST], double *limit,
                      struct prediction *out)
{
    out->error = 0;
    for (size_t i = 0; i < d->L; i++) {
        limit[i] = ball_centre(a[i][0]);
        out->error = fmax(out->error, a[i][0].radius + fabs(a[i][0].lo));
    }
}

static void end_at_minimum(const struct deep *d, const struct clock_root *root, double *limit,
                           struct prediction *out)
{
    series a[DEPTH_MOST], e;
    weights_at(d, root->s, 1, a, e);
    const struct ball V = direction_at(d, a, d->L);
    put_state(d, a, limit, out);
    prediction_of_root(root, ball_centre(ball_mul(V, e[1])), out);
    out->clock = ball_centre(root->s);
}

/* The weight j vanishes, and with it every update: x' ~ (s - s*)^(M_j - 1). */
static void end_short(const struct deep *d, const struct clock_root *root, size_t j, double *limit,
                      struct prediction *out)
{
    series a[DEPTH_MOST], e;
    weights_at(d, root->s, 1, a, e);
    const struct ball rest = ball_mul(direction_at(d, a, j), d->alpha);
    const struct ball square = ball_mul(d->alpha, d->alpha);
    a[j][0] = ball_of(0);
    put_state(d, a, limit, out);
    out->ending = d->M[j] == 2 ? ENDING_SETTLED : ENDING_CREEPING;
    out->multiplicity = (unsigned)(d->M[j] - 1);
    out->rate = d->M[j] == 2 ? ball_centre(ball_mul(rest, a[j][1])) : 0;
    out->exponent = d->M[j] == 2 ? NAN : -1.0 / (d->M[j] - 2);
    out->clock = ball_centre(root->s);
    out->global_minimum = 0;
    out->loss = ball_centre(ball_half(ball_div(square, d->beta)));
}

/* The one factor that may vanish at the root: a weight, L for e; L + 1: more than one. */
static size_t vanishing_factor(const struct deep *d, struct ball s)
{
    series a[DEPTH_MOST], e;
    weights_at(d, s, 0, a, e);
    size_t which = d->L, count = ball_sign(e[0]) == 0 ? 1 : 0;
    for (size_t i = 0; i + 1 < d->L; i++)
        if (d->M[i] > 1 && ball_sign(a[i][0]) == 0) {
            which = i;
            count++;
        }
    return count == 1 ? which : d->L + 1;
}

static void follow(struct deep *d, double *limit, struct prediction *out)
{
    struct clock_root root;
    d->clock = (struct clock){.jet = jet_of_factors,
                              .monotone_beyond = never_monotone,
                              .degree = CLOCK_ORDER_MAX,
                              .self = d};
    clock_first_root(&d->clock, &root);
    const size_t factor = root.verdict == CLOCK_ROOT ? vanishing_factor(d, root.s) : d->L + 1;
    if (factor == d->L)
        end_at_minimum(d, &root, limit, out);
    else if (factor < d->L && root.multiplicity == 1)
        end_short(d, &root, factor, limit, out);
    else
        out->reason = prediction_undecided;
}

/* The exponent of x^mu, mu whole, which is analytic at zero; 0 for other neurons of that degree, as
 * |x|^3, ReLUs and leaky ReLUs. */
static int whole_power(const struct neurons *neurons)
{
    const int mu = power_data_whole(power_data_degree(neurons));
    return activation_value(neurons, -1) == (mu % 2 ? -1 : 1) ? mu : 0;
}

/* Whole powers, weights and moments that none of the theory excludes. */
static const char *why_not(const struct deep *d)
{
    bool driven = ball_sign(d->beta) > 0 && ball_sign(d->b[d->L - 1]) > 0;
    for (size_t i = 0; i + 1 < d->L; i++) {
        driven = driven && ball_sign(d->b[i]) != 0;
        if (d->mu[i] == 0)
            return "deep chains: whole powers only, that multiply to 64 at most";
    }
    return driven ? NULL : "needs beta > 0, no feedback weight zero, and a top layer that learns";
}

static enum status read_problem(const struct problem *problem, struct deep *d)
{
    TRY(power_data_deep(problem, &d->alpha, &d->beta));
    TRY(power_data_direct(problem, d->b));
    for (size_t i = d->L - 1; i-- > 0;) {
        const struct neurons neurons = activation_of_layer(problem, i);
        d->mu[i] = whole_power(&neurons);
        d->M[i] = d->mu[i] * (i + 2 < d->L ? d->M[i + 1] : 1);
        if (power_data_whole(ball_of(d->M[i])) == 0)
            d->mu[i] = d->M[i] = 0; /* too high a power to multiply out */
    }
    return OK;
}

enum status power_deep_predict(const struct problem *problem, const double *a0, double *limit,
                               struct prediction *prediction)
{
    struct deep d = {.L = problem->depth, .a0 = a0, .turn = 1};
    *prediction = prediction_none(SOURCE, "a chain of powers of more than eight layers");
    if (d.L > DEPTH_MOST)
        return OK;
    TRY(read_problem(problem, &d));
    prediction->reason = why_not(&d);
    if (prediction->reason)
        return OK;
    series a[DEPTH_MOST], e;
    weights_at(&d, ball_of(0), 0, a, e);
    const struct ball V = direction_at(&d, a, d.L), speed = ball_mul(V, e[0]);
    struct ball factors[1];
    jet_of_factors(&d, ball_of(0), 0, factors);
    d.turn = ball_sign(speed) * ball_sign(factors[0]);
    if (d.turn == 0)
        prediction->reason = "starts on a fixed point, or rounding hides that it does not";
    else if (ball_sign(d.alpha) == 0)
        prediction->reason = "alpha = E[T I^m] vanishes: all zeros fall together";
    else
        follow(&d, limit, prediction);
    return OK;
}
