/* Two layers whose learning channel learns, for any width N and without decay:
 *
 *   a' = eta1 c e,  b' = eta2 a e,  c' = rho a e,  e = alpha - beta a.b          (bp: c = b)
 *
 * With eta1 rho > 0, scaled weights x = a/p, y = c/q (p^2 = |eta1|, q^2 = |rho|; p = q = 1 if the
 * two agree) and w the exponential of the clock, x + y = u w and x - y = v/w, and P is a Laurent
 * polynomial in w.  In the units of (G2), D = y - b rho/(eta2 q):
 *
 *   w^2 G = -(beta/4) u.u w^4 + (beta/2) D.u w^3 + alpha w^2 + (beta/2) D.v w + (beta/4) v.v .
 *
 * Its next root from w = 1 is the limit; if G < 0 at the start the roles of u and v, and the signs
 * of D and alpha, change places, so that the search always runs upwards.  For beta > 0 there is no
 * root only where u = 0 (G3): then a and c go to zero, a saddle unless alpha = 0.  With equal rates
 * and dyadic data all coefficients are exact.
 * Rejected: Newton's iteration from w = 1, which need not find the first root. */
#include "linear/adaptive.h"
#include "linear/clock_polynomial.h"
#include "linear/prediction_clock.h"

#include <math.h>
#include <stddef.h>

enum { QUARTIC = 4 };

/* What the quartic is made of, and what leads back from w to the weights. */
struct pair {
    size_t N;
    const double *a, *b, *c; /* c = b under bp */
    bool gradient;
    struct ball p, q;           /* scales of a and c */
    struct ball ratio;          /* eta2/rho */
    struct ball alpha, beta;    /* of the scaled equations, with their speed */
    struct ball uu, vv, Du, Dv; /* scalar products at the start */
    int direction;              /* of the clock: the sign of G(0); 0: at rest or undecided */
};

static const char *const SOURCE = "notes/adaptive.md, (G2), (G3)";

/* a/b, exact where b = 1 */
static struct ball quotient(struct ball a, struct ball b)
{
    return ball_is_zero(ball_sub(b, ball_of(1))) ? a : ball_div(a, b);
}

static void add_neuron(struct pair *pair, size_t i)
{
    const struct ball x = quotient(ball_of(pair->a[i]), pair->p);
    const struct ball y = quotient(ball_of(pair->c[i]), pair->q);
    const struct ball u = ball_add(x, y), v = ball_sub(x, y);
    const struct ball backward = quotient(quotient(ball_of(pair->b[i]), pair->ratio), pair->q);
    const struct ball D = pair->gradient ? ball_of(0) : ball_sub(y, backward);
    pair->uu = ball_add(pair->uu, ball_mul(u, u));
    pair->vv = ball_add(pair->vv, ball_mul(v, v));
    pair->Du = ball_add(pair->Du, ball_mul(D, u));
    pair->Dv = ball_add(pair->Dv, ball_mul(D, v));
}

/* The rates eta1, eta2, rho of one sign in eta1 and rho. */
static void set_scales(const struct problem *problem, const double eta[2], double rho,
                       struct pair *pair)
{
    const bool equal = eta[0] == rho;
    pair->p = equal ? ball_of(1) : ball_sqrt(ball_of(fabs(eta[0])));
    pair->q = equal ? ball_of(1) : ball_sqrt(ball_of(fabs(rho)));
    pair->ratio = eta[1] == rho ? ball_of(1) : ball_div(ball_of(eta[1]), ball_of(rho));
    const struct ball pq = ball_mul(pair->p, pair->q);
    const struct ball speed =
        equal ? ball_of(rho) : ball_mul(ball_of(copysign(1, rho)), pq); /* x' = speed y e */
    pair->alpha = ball_mul(speed, ball_of(problem->alpha));
    pair->beta = ball_mul(ball_mul(speed, ball_of(problem->beta)), ball_mul(pq, pair->ratio));
}

/* P = (uu - vv)/4 - (Du + Dv)/2 at the start, and the sign of G there. */
static struct ball error_at_start(const struct pair *pair)
{
    const struct ball squares = ball_half(ball_half(ball_sub(pair->uu, pair->vv)));
    const struct ball P = ball_sub(squares, ball_half(ball_add(pair->Du, pair->Dv)));
    return ball_sub(pair->alpha, ball_mul(pair->beta, P));
}

/* G < 0: the clock runs backwards, which exchanges u and v. */
static void turn_upwards(struct pair *pair)
{
    const struct ball uu = pair->uu, Du = pair->Du;
    pair->uu = pair->vv;
    pair->vv = uu;
    pair->Du = ball_negated(pair->Dv);
    pair->Dv = ball_negated(Du);
    pair->alpha = ball_negated(pair->alpha);
}

static void pair_init(const struct adaptive_network *network, const double *x0, struct pair *pair)
{
    const struct problem *problem = network->problem;
    const size_t N = network->width;
    const bool gradient = problem->rule->feedback == FEEDBACK_TRANSPOSED;
    *pair = (struct pair){.N = N,
                          .a = x0,
                          .b = x0 + N,
                          .c = gradient ? x0 + N : x0 + 2 * N,
                          .gradient = gradient,
                          .uu = ball_of(0),
                          .vv = ball_of(0),
                          .Du = ball_of(0),
                          .Dv = ball_of(0)};
    const double eta[] = {adaptive_rate(problem, 0), adaptive_rate(problem, 1)};
    set_scales(problem, eta, gradient ? eta[1] : adaptive_rate(problem, 2), pair);
    for (size_t i = 0; i < N; i++)
        add_neuron(pair, i);
    pair->direction = ball_sign(error_at_start(pair));
    if (pair->direction < 0)
        turn_upwards(pair);
}

/* G in terms of r = w - 1 >= 0, times w^2. */
static void quartic_init(const struct pair *pair, struct clock_polynomial *clock)
{
    const struct ball half = ball_half(pair->beta), quarter = ball_half(half);
    clock->origin = 1;
    clock->g[4] = ball_negated(ball_mul(quarter, pair->uu));
    clock->g[3] = ball_mul(half, pair->Du);
    clock->g[2] = pair->alpha;
    clock->g[1] = ball_mul(half, pair->Dv);
    clock->g[0] = ball_mul(quarter, pair->vv);
    clock_polynomial_init(clock, QUARTIC);
}

/* ---- back to the weights ---- */

struct worst {
    double error;
};

static void put(struct ball value, double *limit, struct worst *worst)
{
    *limit = ball_centre(value);
    worst->error = fmax(worst->error, value.radius + fabs(value.lo));
}

/* The state where x + y is `grown` times, and x - y `shrunk` times, what it is at the start. */
static double state_at(const struct pair *pair, struct ball grown, struct ball shrunk,
                       double *limit)
{
    struct worst worst = {0};
    for (size_t i = 0; i < pair->N; i++) {
        const struct ball x = quotient(ball_of(pair->a[i]), pair->p);
        const struct ball y = quotient(ball_of(pair->c[i]), pair->q);
        const struct ball u = ball_mul(ball_add(x, y), grown);
        const struct ball v = ball_mul(ball_sub(x, y), shrunk);
        const struct ball a = ball_mul(pair->p, ball_half(ball_add(u, v)));
        const struct ball c = ball_mul(pair->q, ball_half(ball_sub(u, v)));
        const struct ball climb = ball_mul(pair->ratio, ball_sub(c, ball_of(pair->c[i])));
        put(a, &limit[i], &worst);
        put(ball_add(ball_of(pair->b[i]), climb), &limit[pair->N + i], &worst);
        if (!pair->gradient)
            put(c, &limit[2 * pair->N + i], &worst);
    }
    return worst.error;
}

static double state_at_root(const struct pair *pair, struct ball w, double *limit)
{
    const struct ball shrunk = ball_div(ball_of(1), w);
    return pair->direction > 0 ? state_at(pair, w, shrunk, limit)
                               : state_at(pair, shrunk, w, limit);
}

/* ---- endings ---- */

static void copy_start(const struct pair *pair, double *limit)
{
    for (size_t i = 0; i < pair->N; i++) {
        limit[i] = pair->a[i];
        limit[pair->N + i] = pair->b[i];
        if (!pair->gradient)
            limit[2 * pair->N + i] = pair->c[i];
    }
}

/* ds/dt = G, dw/ds = w, so that time is the integral of w/(w^2 G) dw. */
struct escape {
    struct clock clock;
    const struct clock_polynomial *quartic;
};

static void escape_jet(const void *self, struct ball r, int order, struct ball *g)
{
    const struct escape *escape = self;
    struct ball value[1];
    escape->quartic->clock.jet(escape->quartic, r, 0, value);
    g[0] = ball_div(value[0], ball_add(ball_of(1), r));
    for (int k = 1; k <= order; k++)
        g[k] = ball_of(NAN); /* times are integrals of values: nobody asks */
}

static void predict_escape(const struct clock_polynomial *quartic, struct prediction *out)
{
    struct escape escape = {.clock = {.jet = escape_jet, .degree = QUARTIC}, .quartic = quartic};
    escape.clock.self = &escape;
    out->ending = ENDING_ESCAPED;
    if (clock_escape_time(&escape.clock, 1, &out->escape_time) != OK)
        out->reason = PREDICTION_NO_TIME;
}

/* u = 0: a = c = 0 in the limit, where e = alpha. */
static void predict_vanishing(const struct pair *pair, double *limit, struct prediction *out)
{
    const struct ball zero = ball_of(0);
    out->error = state_at(pair, zero, zero, limit);
    out->rate = fabs(ball_centre(pair->alpha));
    out->ending = ENDING_SADDLE;
    out->global_minimum = 0;
    if (!ball_is_zero(pair->alpha))
        return;
    const bool cubic = ball_is_zero(pair->Dv); /* |v|' = -(beta/4) |v|^3, else of second order */
    if (!cubic && ball_sign(pair->Dv) == 0) {
        out->ending = ENDING_HORIZON;
        out->reason = prediction_undecided;
        return;
    }
    out->ending = ENDING_CREEPING;
    out->rate = 0;
    out->multiplicity = cubic ? 3 : 2;
    out->exponent = -1.0 / (out->multiplicity - 1);
    out->global_minimum = 1;
    out->loss = 0;
}

static void predict_no_root(const struct pair *pair, const struct clock_polynomial *quartic,
                            double *limit, struct prediction *out)
{
    if (ball_is_zero(pair->uu))
        predict_vanishing(pair, limit, out);
    else if (quartic->clock.degree == QUARTIC)
        predict_escape(quartic, out);
    else {
        out->ending = ENDING_UNBOUNDED; /* beta = 0: G is alpha for ever */
        out->exponent = INFINITY;
    }
    out->clock = pair->direction * INFINITY;
}

/* a = c = 0: at rest, whatever b is. */
static bool is_frozen(const struct pair *pair)
{
    return ball_is_zero(pair->uu) && ball_is_zero(pair->vv);
}

static void predict_moving(const struct pair *pair, double *limit, struct prediction *out)
{
    struct clock_polynomial quartic;
    struct clock_root root;
    quartic_init(pair, &quartic);
    clock_first_root(&quartic.clock, &root);
    const struct ball w = ball_add(ball_of(1), root.s);
    switch (root.verdict) {
    case CLOCK_REST:
        prediction_of_rest(&root, out);
        return;
    case CLOCK_ROOT:
        prediction_of_root(&root, ball_centre(quotient(root.derivative, w)), out);
        out->error = state_at_root(pair, w, limit);
        out->clock = pair->direction * log(ball_centre(w));
        return;
    case CLOCK_NO_ROOT:
        predict_no_root(pair, &quartic, limit, out);
        return;
    case CLOCK_INCONCLUSIVE:
        out->reason = prediction_undecided;
    }
}

enum status adaptive_predict_pair(const struct adaptive_network *network, const double *x0,
                                  double *limit, struct prediction *prediction)
{
    struct pair pair;
    *prediction = prediction_none(SOURCE, NULL);
    pair_init(network, x0, &pair);
    copy_start(&pair, limit);
    if (is_frozen(&pair) && pair.direction != 0)
        prediction_of_frozen(fabs(ball_centre(pair.alpha)), prediction);
    else if (is_frozen(&pair))
        prediction->reason = "a = c = 0 and alpha = 0: at rest where the Jacobian vanishes";
    else
        predict_moving(&pair, limit, prediction);
    return OK;
}
