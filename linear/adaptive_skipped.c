/* asrbp on chains of three layers and more, in the clock:
 *
 *   a_i' = c_i A_(i-1),  c_i' = A_i (i < L),  a_L' = A_(L-1),  A_i = a_1 ... a_i ,
 *
 * is solved layer by layer by nested exponentials, notes/adaptive.md, (G9): with u = a + c, v = a -
 * c,
 *   u_1 = u_1(0) e^s, v_1 = v_1(0) e^-s,  u_(i+1) = u_(i+1)(0) e^d, v_(i+1) = v_(i+1)(0) e^-d,
 *   d = c_i - c_i(0),  a_L = a_L(0) + c_(L-1) - c_(L-1)(0) .
 * P(s) and its Taylor coefficients follow in balls; the first root of alpha - beta P is the limit.
 * If no a_i^2(0) = c_i^2(0) there is one.  Two exceptions are recognised: a layer 1 that dies out
 * (a saddle is approached), and, for L = 3, a layer 2 that does (exponential growth), (G10). */
#include "linear/adaptive.h"
#include "linear/prediction_clock.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { CHAIN_MOST = PROBLEM_SIZES_MAX, THREE = 3 };

struct skipped {
    struct clock clock;
    size_t L;
    double alpha, beta;
    const double *a, *c; /* a[L], c[L-1] at the start */
};

/* ---- jets ---- */

struct jet {
    struct ball at[CLOCK_ORDER_MAX + 1];
};

static void jet_multiply(const struct jet *x, const struct jet *y, int order, struct jet *r)
{
    struct jet product;
    for (int k = 0; k <= order; k++) {
        product.at[k] = ball_of(0);
        for (int j = 0; j <= k; j++)
            product.at[k] = ball_add(product.at[k], ball_mul(x->at[j], y->at[k - j]));
    }
    for (int k = 0; k <= order; k++)
        r->at[k] = product.at[k];
}

/* r = exp(sign d): k r_k = sum_j j (sign d_j) r_(k-j) */
static void jet_exp(const struct jet *d, int sign, int order, struct jet *r)
{
    r->at[0] = ball_exp(sign > 0 ? d->at[0] : ball_negated(d->at[0]));
    for (int k = 1; k <= order; k++) {
        struct ball sum = ball_of(0);
        for (int j = 1; j <= k; j++)
            sum = ball_add(sum, ball_mul(ball_mul(ball_of(sign * j), d->at[j]), r->at[k - j]));
        r->at[k] = k == 1 ? sum : ball_mul(sum, ball_ratio_small(1, k));
    }
}

/* From d of the layer below to a and to the next d = c - c(0). */
static void jet_layer(double a0, double c0, struct jet *d, int order, struct jet *a)
{
    const struct ball u = ball_half(ball_add(ball_of(a0), ball_of(c0)));
    const struct ball v = ball_half(ball_sub(ball_of(a0), ball_of(c0)));
    struct jet grown, shrunk;
    jet_exp(d, 1, order, &grown);
    jet_exp(d, -1, order, &shrunk);
    for (int k = 0; k <= order; k++) {
        const struct ball up = ball_mul(u, grown.at[k]), down = ball_mul(v, shrunk.at[k]);
        a->at[k] = ball_add(up, down);
        d->at[k] = ball_sub(up, down);
    }
    d->at[0] = ball_sub(d->at[0], ball_of(c0));
}

static void skipped_jet(const void *self, struct ball s, int order, struct ball *g)
{
    const struct skipped *p = self;
    struct jet d, a, P;
    for (int k = 0; k <= order; k++)
        d.at[k] = P.at[k] = ball_of(k == 1 ? 1 : 0);
    d.at[0] = s;
    P.at[0] = ball_of(1);
    if (order > 0)
        P.at[1] = ball_of(0);
    for (size_t i = 0; i + 1 < p->L; i++) {
        jet_layer(p->a[i], p->c[i], &d, order, &a);
        jet_multiply(&P, &a, order, &P);
    }
    d.at[0] = ball_add(d.at[0], ball_of(p->a[p->L - 1]));
    jet_multiply(&P, &d, order, &P);
    for (int k = 0; k <= order; k++)
        g[k] = ball_mul(ball_of(-p->beta), P.at[k]);
    g[0] = ball_add(ball_of(p->alpha), g[0]);
}

/* ---- the state ---- */

/* a[L], c[L-1] at clock s: those of the jets of order 0. */
static void state_at(const struct skipped *p, struct ball s, struct ball *a, struct ball *c)
{
    struct jet d = {.at = {s}}, here;
    for (size_t i = 0; i + 1 < p->L; i++) {
        jet_layer(p->a[i], p->c[i], &d, 0, &here);
        a[i] = here.at[0];
        c[i] = ball_add(ball_of(p->c[i]), d.at[0]);
    }
    a[p->L - 1] = ball_add(ball_of(p->a[p->L - 1]), d.at[0]);
}

static double put_state(const struct skipped *p, struct ball s, double *limit)
{
    struct ball a[CHAIN_MOST], c[CHAIN_MOST];
    double worst = 0;
    state_at(p, s, a, c);
    for (size_t i = 0; i < p->L; i++) {
        limit[i] = ball_centre(a[i]);
        worst = fmax(worst, a[i].radius + fabs(a[i].lo));
        if (i + 1 < p->L) {
            limit[p->L + i] = ball_centre(c[i]);
            worst = fmax(worst, c[i].radius + fabs(c[i].lo));
        }
    }
    return worst;
}

/* (G9): from S on every |a_i| and |c_i| grows if direction c_i A_i > 0 for i < L and direction P >
 * 0. */
static bool skipped_monotone_beyond(const void *self, double S, int direction)
{
    const struct skipped *p = self;
    struct ball a[CHAIN_MOST], c[CHAIN_MOST];
    int sign = direction; /* of direction A_i */
    state_at(p, ball_of(S), a, c);
    for (size_t i = 0; i < p->L; i++) {
        sign *= ball_sign(a[i]);
        if (i + 1 < p->L ? sign * ball_sign(c[i]) <= 0 : sign <= 0)
            return false;
    }
    return true;
}

/* ---- what may vanish, (G10) ---- */

/* Is layer i one where a + c = 0 (direction +1) or a - c = 0 (-1)? */
static bool is_null(const struct skipped *p, size_t i, int direction)
{
    return p->a[i] == -direction * p->c[i];
}

/* Layer 1 dies out: |c_1(s) - c_1(S)| <= |c_1(S)| beyond S, and so on upwards; bounds |P| there. */
static double bound_of_dying_first(const struct skipped *p, const struct ball *a,
                                   const struct ball *c)
{
    double bound = ball_magnitude(a[0]), change = ball_magnitude(c[0]);
    for (size_t i = 1; i + 1 < p->L; i++) {
        const double most =
            (ball_magnitude(a[i]) + ball_magnitude(c[i])) * exp(change) * (1 + 4 * DBL_EPSILON);
        bound *= most;
        change = most + ball_magnitude(c[i]);
    }
    return bound * (ball_magnitude(a[p->L - 1]) + change);
}

/* Layer 2 of three dies out while c_1 grows: |P| <= sqrt(c_1^2 + H) |a_2| (|a_3| + 2 |a_2|), and it
 * falls as soon as c_1^2 + H > |c_1| > 1. */
static double bound_of_dying_second(const struct ball *a, const struct ball *c, int direction)
{
    const struct ball square = ball_mul(a[0], a[0]);
    const struct ball magnitude = ball_sign(c[0]) > 0 ? c[0] : ball_negated(c[0]);
    const int way = direction * ball_sign(a[0]); /* of c_1' */
    if (way == 0 || way != ball_sign(c[0]) || ball_sign(ball_sub(magnitude, ball_of(1))) <= 0 ||
        ball_sign(ball_sub(square, magnitude)) <= 0)
        return INFINITY;
    return ball_magnitude(a[0]) * ball_magnitude(a[1]) *
           (ball_magnitude(a[2]) + 2 * ball_magnitude(a[1]));
}

/* c_1 -> way infinity, as far as layer 1 is not null; in that direction layer 2 may die out. */
static bool second_dies(const struct skipped *p, int direction)
{
    const double a = p->a[0], c = direction * p->c[0]; /* a + c grows in the direction */
    const int way = direction * ((a > -c) - (a < -c));
    return p->L == THREE && way != 0 && is_null(p, 1, way);
}

static bool skipped_rootless_beyond(const void *self, double S, int direction)
{
    const struct skipped *p = self;
    struct ball a[CHAIN_MOST], c[CHAIN_MOST];
    const bool first = is_null(p, 0, direction);
    if (!first && !second_dies(p, direction))
        return false;
    state_at(p, ball_of(S), a, c);
    const double bound =
        first ? bound_of_dying_first(p, a, c) : bound_of_dying_second(a, c, direction);
    return fabs(p->beta) * bound < fabs(p->alpha) / 2; /* far from where rounding matters */
}

/* s = infinity: c_1 = a_1 = 0, and the layers above where c_1 has come to. */
static void predict_dying_first(const struct skipped *p, double *limit, struct prediction *out)
{
    struct skipped above = *p;
    above.a++;
    above.c++;
    above.L--;
    limit[0] = 0;
    double shifted[2 * CHAIN_MOST];
    out->error = put_state(&above, ball_negated(ball_of(p->c[0])), shifted);
    for (size_t i = 0; i < above.L; i++) {
        limit[1 + i] = shifted[i];
        if (i + 1 < above.L)
            limit[p->L + 1 + i] = shifted[above.L + i];
    }
    limit[p->L] = 0;
    out->ending = ENDING_SADDLE;
    out->rate = fabs(p->alpha);
    out->global_minimum = 0;
}

static void predict_no_root(const struct skipped *p, int direction, double *limit,
                            struct prediction *out)
{
    out->clock = direction * INFINITY;
    if (is_null(p, 0, direction)) {
        predict_dying_first(p, limit, out);
        return;
    }
    if (second_dies(p, direction)) {
        out->ending = ENDING_UNBOUNDED;
        out->exponent = INFINITY;
        out->global_minimum = 0;
        return;
    }
    out->reason = "no root, and no theorem on what follows";
}

/* a_1 = c_1 = 0: every update vanishes. */
static bool is_frozen(const struct skipped *p)
{
    return p->a[0] == 0 && p->c[0] == 0;
}

static void predict(const struct skipped *p, double *limit, struct prediction *out)
{
    struct clock_root root;
    clock_first_root(&p->clock, &root);
    switch (root.verdict) {
    case CLOCK_REST:
        prediction_of_rest(&root, out);
        return;
    case CLOCK_ROOT:
        prediction_of_root(&root, ball_centre(root.derivative), out);
        out->error = put_state(p, root.s, limit);
        out->clock = ball_centre(root.s);
        return;
    case CLOCK_NO_ROOT:
        if (is_frozen(p))
            prediction_of_frozen(fabs(p->alpha), out);
        else
            predict_no_root(p, root.direction, limit, out);
        return;
    case CLOCK_INCONCLUSIVE:
        out->reason = prediction_undecided;
    }
}

enum status adaptive_predict_skipped(const struct adaptive_network *network, const double *x0,
                                     double *limit, struct prediction *prediction)
{
    const struct problem *problem = network->problem;
    struct skipped skipped = {.clock = {.jet = skipped_jet,
                                        .monotone_beyond = skipped_monotone_beyond,
                                        .rootless_beyond = skipped_rootless_beyond,
                                        .degree = 1},
                              .L = network->layers,
                              .alpha = problem->alpha,
                              .beta = problem->beta,
                              .a = x0,
                              .c = x0 + network->layers};
    skipped.clock.self = &skipped;
    if (problem->beta == 0 || is_frozen(&skipped))
        skipped.clock.degree = problem->alpha != 0 ? 0 : -1;
    *prediction = prediction_none("notes/adaptive.md, (G9), (G10)", NULL);
    for (size_t i = 0; i < 2 * network->layers - 1; i++)
        limit[i] = x0[i];
    if (network->layers > CHAIN_MOST)
        prediction->reason = "too deep for the search in balls";
    else
        predict(&skipped, limit, prediction);
    return OK;
}
