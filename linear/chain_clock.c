/* A chain in its clock, notes/chains.md, (C2): with w_1 = s,
 *     a_i(s) = a_i(0) + c_i w_i,     w_{i+1} = w_i (a_i(0) + c_i w_i / 2),
 * a composition of quadratics without any division, so that zero feedback weights need no special
 * case and dyadic data stay exact.  G(s) = alpha - beta prod a_i(s) has degree 2^L - 1 when no c_i
 * vanishes; its Taylor coefficients cost O(L order^2), not 2^L. */
#include "linear/chain.h"

#include <assert.h>
#include <math.h>

enum { DEGREE_MOST = 1 << 30 }; /* larger degrees are reported as this: nothing depends on more */

/* r = a b, truncated after `order`; r must not be a or b. */
static void jet_mul(const struct ball *a, const struct ball *b, int order, struct ball *r)
{
    for (int k = 0; k <= order; k++) {
        r[k] = ball_of(0);
        for (int j = 0; j <= k; j++)
            r[k] = ball_add(r[k], ball_mul(a[j], b[k - j]));
    }
}

/* r = constant + factor a */
static void jet_affine(double constant, struct ball factor, const struct ball *a, int order,
                       struct ball *r)
{
    for (int k = 0; k <= order; k++)
        r[k] = ball_mul(factor, a[k]);
    r[0] = ball_add(ball_of(constant), r[0]);
}

static void jet_copy(const struct ball *from, int order, struct ball *to)
{
    for (int k = 0; k <= order; k++)
        to[k] = from[k];
}

static void chain_jet(const void *self, struct ball s, int order, struct ball *g)
{
    const struct chain_clock *clock = self;
    const size_t L = clock->flow->dim;
    const double *c = chain_direct_weights(clock->flow);
    struct ball w[CLOCK_ORDER_MAX + 1], a[CLOCK_ORDER_MAX + 1];
    struct ball P[CLOCK_ORDER_MAX + 1], r[CLOCK_ORDER_MAX + 1];
    assert(order >= 0 && order <= CLOCK_ORDER_MAX);

    for (int k = 0; k <= order; k++)
        w[k] = P[k] = ball_of(0);
    w[0] = s;
    P[0] = ball_of(1);
    if (order > 0)
        w[1] = ball_of(1);
    for (size_t i = 0; i < L; i++) {
        jet_affine(clock->a0[i], ball_of(c[i]), w, order, a);
        jet_mul(P, a, order, r);
        jet_copy(r, order, P);
        jet_affine(clock->a0[i], ball_half(ball_of(c[i])), w, order, a);
        jet_mul(w, a, order, r);
        jet_copy(r, order, w);
    }
    jet_affine(clock->alpha, ball_negated(ball_of(clock->beta)), P, order, g);
}

void chain_at_clock(const struct chain_clock *clock, struct ball s, double *a, double *error)
{
    const double *c = chain_direct_weights(clock->flow);
    struct ball w = s;
    double worst = 0;
    for (size_t i = 0; i < clock->flow->dim; i++) {
        const struct ball change = ball_mul(ball_of(c[i]), w);
        const struct ball a_i = ball_add(ball_of(clock->a0[i]), change);
        a[i] = ball_centre(a_i);
        worst = fmax(worst, a_i.radius + fabs(a_i.lo));
        w = ball_mul(w, ball_add(ball_of(clock->a0[i]), ball_half(change)));
    }
    *error = worst;
}

/* The lemma of (C2): from S on all |w_i| grow, so every a_i keeps its sign and grows in modulus. */
static bool chain_monotone_beyond(const void *self, double S, int direction)
{
    (void)direction; /* the moduli decide, whichever way the clock runs */
    const struct chain_clock *clock = self;
    const double *c = chain_direct_weights(clock->flow);
    struct ball w = ball_of(S);
    for (size_t i = 0; i < clock->flow->dim; i++) {
        const struct ball change = ball_mul(ball_of(c[i]), w);
        const struct ball half_way = ball_add(ball_of(clock->a0[i]), ball_half(change));
        if (c[i] != 0 && ball_sign(ball_mul(change, half_way)) <= 0)
            return false;
        if (c[i] == 0 && clock->a0[i] == 0)
            return false; /* P vanishes identically: the degree says so */
        w = ball_mul(w, half_way);
    }
    return true;
}

/* The degree of P in s; -1 if P is identically zero.  *fastest is the largest degree of a weight.
 * */
static int product_degree(const struct chain_clock *clock, int *fastest)
{
    const double *c = chain_direct_weights(clock->flow);
    int w = 1, P = 0; /* degrees; w = -1: identically zero */
    bool vanishes = false;
    *fastest = 0;
    for (size_t i = 0; i < clock->flow->dim; i++) {
        const bool moves = c[i] != 0 && w > 0;
        vanishes = vanishes || (!moves && clock->a0[i] == 0);
        P += moves ? w : 0;
        if (moves) {
            *fastest = w > *fastest ? w : *fastest;
            w *= 2;
        } else if (clock->a0[i] == 0) {
            w = -1;
        }
        P = P < DEGREE_MOST ? P : DEGREE_MOST;
        w = w < DEGREE_MOST ? w : DEGREE_MOST;
    }
    return vanishes ? -1 : P;
}

void chain_clock_init(struct chain_clock *clock, const struct problem *problem,
                      const struct flow *flow, const double *a0)
{
    *clock =
        (struct chain_clock){.clock = {.jet = chain_jet, .monotone_beyond = chain_monotone_beyond},
                             .flow = flow,
                             .a0 = a0,
                             .alpha = problem->alpha,
                             .beta = problem->beta};
    clock->clock.self = clock;
    const int degree = product_degree(clock, &clock->fastest);
    if (problem->beta != 0 && degree >= 0)
        clock->clock.degree = degree;
    else
        clock->clock.degree = problem->alpha != 0 ? 0 : -1;
}
