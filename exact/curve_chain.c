/* The recursion of a chain on balls, on rational polynomials, and turned inside out.
 *
 * Each costs L products: on balls of a jet of a few coefficients, on rationals of polynomials that
 * are cut off where the caller says, and at infinity, u = 1/(1 + |s|), of the homogeneous forms
 *     A_i = u^(d_i) a_i,  d_i = deg U_i,
 * whose product with u^degree alpha is finite at u = 0: no expansion, no cancellation. */
#include "exact/curve_chain.h"

#include <stdlib.h>
#include <string.h>

/* ---- on balls ---- */

/* Layer by layer: `a` and U with their Taylor coefficients, [length] each. */
struct step {
    slong length, prec;
    arb_ptr U, a, next, product;
    arb_t c, start;
};

static void step_begin(struct step *step, const arb_t s, slong length, slong prec)
{
    *step = (struct step){.length = length, .prec = prec};
    step->U = _arb_vec_init(length);
    step->a = _arb_vec_init(length);
    step->next = _arb_vec_init(length);
    step->product = _arb_vec_init(length);
    arb_init(step->c);
    arb_init(step->start);
    arb_set(step->U, s);
    if (length > 1)
        arb_one(step->U + 1);
}

static void step_end(struct step *step)
{
    _arb_vec_clear(step->U, step->length);
    _arb_vec_clear(step->a, step->length);
    _arb_vec_clear(step->next, step->length);
    _arb_vec_clear(step->product, step->length);
    arb_clear(step->c);
    arb_clear(step->start);
}

/* a = start + c U into step->a, and U (start + c U/2), the U of the next layer. */
static void step_layer(struct step *step, const arb_t start, const fmpq *c)
{
    const slong n = step->length;
    arb_set_fmpq(step->c, c, step->prec);
    _arb_vec_scalar_mul(step->a, step->U, n, step->c, step->prec);
    _arb_vec_scalar_mul_2exp_si(step->next, step->a, n, -1);
    arb_add(step->a, step->a, start, step->prec);
    arb_add(step->next, step->next, start, step->prec);
    _arb_poly_mullow(step->product, step->U, n, step->next, n, n, step->prec);
    _arb_vec_swap(step->U, step->product, n);
}

void curve_chain_state(const struct curve_chain *chain, const arb_t s, slong prec, arb_ptr a)
{
    struct step step;
    step_begin(&step, s, 1, prec);
    for (size_t i = 0; i < chain->L; i++) {
        arb_set_fmpq(step.start, chain->a + i, prec);
        step_layer(&step, step.start, chain->c + i);
        arb_set(a + i, step.a);
    }
    step_end(&step);
}

/* The state in the middle of s, and s less its middle: the recursion started from there is sharp on
 * wide balls, since what cancels has cancelled already. */
static arb_ptr recentre(const struct curve_chain *chain, const arb_t s, slong prec, arb_t rest)
{
    arb_ptr start = _arb_vec_init((slong)chain->L);
    arb_get_mid_arb(rest, s);
    curve_chain_state(chain, rest, prec, start);
    arb_sub(rest, s, rest, prec);
    return start;
}

/* P := P a^m, cut off; `room` has [length]. */
static void multiply_in(arb_ptr P, const struct step *step, ulong m, arb_ptr room)
{
    const slong n = step->length;
    arb_ptr power = _arb_vec_init(n);
    if (m == 1)
        _arb_vec_set(power, step->a, n);
    else
        _arb_poly_pow_ui_trunc_binexp(power, step->a, n, m, n, step->prec);
    _arb_poly_mullow(room, P, n, power, n, n, step->prec);
    _arb_vec_set(P, room, n);
    _arb_vec_clear(power, n);
}

/* e = alpha - beta P, in place of P */
static void error_of(const struct curve_chain *chain, slong length, slong prec, arb_ptr P)
{
    arb_t number;
    arb_init(number);
    arb_set_fmpq(number, &chain->beta, prec);
    _arb_vec_scalar_mul(P, P, length, number, prec);
    _arb_vec_neg(P, P, length);
    arb_set_fmpq(number, &chain->alpha, prec);
    arb_add(P, P, number, prec);
    arb_clear(number);
}

/* The factors of the curve: e (or 1), and the product of the weights at which it stops. */
static void factors_at(const struct curve_chain *chain, struct step *step, arb_srcptr start,
                       arb_ptr e, arb_ptr stops)
{
    const slong n = step->length;
    arb_ptr room = _arb_vec_init(n);
    _arb_vec_zero(e, n);
    _arb_vec_zero(stops, n);
    arb_one(e);
    arb_one(stops);
    for (size_t i = 0; i < chain->L; i++) {
        step_layer(step, start + i, chain->c + i);
        if (chain->has_error)
            multiply_in(e, step, chain->m[i], room);
        if (chain->stops[i])
            multiply_in(stops, step, 1, room);
    }
    if (chain->has_error)
        error_of(chain, n, step->prec, e);
    _arb_vec_clear(room, n);
}

static void chain_jet(const void *self, const arb_t s, slong order, slong prec, arb_ptr e)
{
    const struct curve_chain *chain = self;
    const slong n = order + 1;
    struct step step;
    arb_t rest;
    arb_init(rest);
    arb_ptr stops = _arb_vec_init(n), factor = _arb_vec_init(n);
    arb_ptr start = recentre(chain, s, prec, rest);
    step_begin(&step, rest, n, prec);
    factors_at(chain, &step, start, factor, stops);
    _arb_poly_mullow(e, factor, n, stops, n, n, prec);
    step_end(&step);
    _arb_vec_clear(stops, n);
    _arb_vec_clear(factor, n);
    _arb_vec_clear(start, (slong)chain->L);
    arb_clear(rest);
}

void curve_chain_factor(const struct curve_chain *chain, size_t which, const arb_t s, slong prec,
                        arb_ptr jet)
{
    struct step step;
    arb_t rest;
    arb_init(rest);
    arb_ptr room = _arb_vec_init(2), start = recentre(chain, s, prec, rest);
    step_begin(&step, rest, 2, prec);
    _arb_vec_zero(jet, 2);
    arb_one(jet);
    for (size_t i = 0; i < chain->L; i++) {
        step_layer(&step, start + i, chain->c + i);
        if (which == i)
            _arb_vec_set(jet, step.a, 2);
        if (which == chain->L)
            multiply_in(jet, &step, chain->m[i], room);
    }
    if (which == chain->L)
        error_of(chain, 2, prec, jet);
    step_end(&step);
    _arb_vec_clear(room, 2);
    _arb_vec_clear(start, (slong)chain->L);
    arb_clear(rest);
}

/* ---- from s outwards, (C2) ---- */

/* The sign of a_i from s outwards if |a_i| never shrinks there; 0: not proved. */
static int sign_beyond(const fmpq *a0, const fmpq *c, const struct step *step)
{
    arb_t moved, way;
    int sign = fmpq_sgn(a0);
    if (fmpq_is_zero(c))
        return sign;
    arb_init(moved);
    arb_init(way);
    arb_set_fmpq(moved, c, step->prec);
    arb_mul(moved, moved, step->U, step->prec);
    arb_mul_2exp_si(way, moved, -1);
    arb_t start;
    arb_init(start);
    arb_set_fmpq(start, a0, step->prec);
    arb_add(way, way, start, step->prec);
    const int u = arb_is_positive(moved) ? 1 : arb_is_negative(moved) ? -1 : 0;
    const int v = arb_is_positive(way) ? 1 : arb_is_negative(way) ? -1 : 0;
    sign = u * v > 0 ? u : 0;
    arb_clear(start);
    arb_clear(moved);
    arb_clear(way);
    return sign;
}

static enum curve_fate chain_beyond(const void *self, const arb_t s, slong prec)
{
    const struct curve_chain *chain = self;
    struct step step;
    int stops = 1, P = 1;
    bool moves = false;
    step_begin(&step, s, 1, prec);
    for (size_t i = 0; i < chain->L && P != 0; i++) {
        const int sign = sign_beyond(chain->a + i, chain->c + i, &step);
        moves = moves || !fmpq_is_zero(chain->c + i);
        P *= sign == 0 ? 0 : chain->m[i] % 2 ? sign : 1;
        stops *= chain->stops[i] ? sign : 1;
        arb_set_fmpq(step.start, chain->a + i, prec);
        step_layer(&step, step.start, chain->c + i);
    }
    step_end(&step);
    if (P == 0)
        return CURVE_UNKNOWN;
    const int slope = -fmpq_sgn(&chain->beta) * P * stops;
    if (!chain->has_error || slope == 0 || !moves)
        return CURVE_FREE;
    return slope > 0 ? CURVE_RISES : CURVE_FALLS;
}

/* ---- in exact rationals ---- */

struct exact_step {
    slong length;
    fmpq_poly_t U, a, half, product;
};

static void exact_layer(struct exact_step *step, const fmpq *a0, const fmpq *c)
{
    fmpq_t number, start;
    fmpq_init(number);
    fmpq_init(start);
    fmpq_poly_scalar_mul_fmpq(step->a, step->U, c);
    fmpq_poly_scalar_div_si(step->half, step->a, 2);
    fmpq_poly_set_fmpq(step->product, a0);
    fmpq_poly_add(step->a, step->a, step->product);
    fmpq_poly_add(step->half, step->half, step->product);
    fmpq_poly_mullow(step->product, step->U, step->half, step->length);
    fmpq_poly_swap(step->U, step->product);
    fmpq_clear(number);
    fmpq_clear(start);
}

static void exact_factors(const struct curve_chain *chain, struct exact_step *step, fmpq_poly_t e,
                          fmpq_poly_t stops)
{
    fmpq_poly_set_coeff_si(step->U, 1, 1);
    fmpq_poly_truncate(step->U, step->length);
    fmpq_poly_set_si(e, 1);
    fmpq_poly_set_si(stops, 1);
    for (size_t i = 0; i < chain->L; i++) {
        exact_layer(step, chain->a + i, chain->c + i);
        for (ulong k = 0; chain->has_error && k < chain->m[i]; k++)
            fmpq_poly_mullow(e, e, step->a, step->length);
        if (chain->stops[i])
            fmpq_poly_mullow(stops, stops, step->a, step->length);
    }
}

static void chain_expand(const void *self, slong length, fmpq_poly_t e)
{
    const struct curve_chain *chain = self;
    struct exact_step step = {.length = length};
    fmpq_poly_t stops;
    fmpq_poly_init(step.U);
    fmpq_poly_init(step.a);
    fmpq_poly_init(step.half);
    fmpq_poly_init(step.product);
    fmpq_poly_init(stops);
    exact_factors(chain, &step, e, stops);
    if (chain->has_error) {
        fmpq_poly_scalar_mul_fmpq(e, e, &chain->beta);
        fmpq_poly_neg(e, e);
        fmpq_poly_set_fmpq(step.a, &chain->alpha);
        fmpq_poly_add(e, e, step.a);
    }
    fmpq_poly_mullow(e, e, stops, length);
    fmpq_poly_clear(step.U);
    fmpq_poly_clear(step.a);
    fmpq_poly_clear(step.half);
    fmpq_poly_clear(step.product);
    fmpq_poly_clear(stops);
}

/* ---- at infinity ---- */

struct far_step {
    slong prec;
    acb_t W, power, A, half, start; /* u^d U, u^d, u^d a, and room */
};

/* Layer i: A, and W and u^d of the next one. */
static void far_layer(struct far_step *step, const fmpq *a0, const fmpq *c)
{
    arb_t number;
    arb_init(number);
    arb_set_fmpq(number, a0, step->prec);
    if (fmpq_is_zero(c)) { /* the degree stays */
        acb_set_arb(step->A, number);
        acb_mul_arb(step->W, step->W, number, step->prec);
        arb_clear(number);
        return;
    }
    acb_mul_arb(step->start, step->power, number, step->prec);
    arb_set_fmpq(number, c, step->prec);
    acb_mul_arb(step->A, step->W, number, step->prec);
    acb_mul_2exp_si(step->half, step->A, -1);
    acb_add(step->A, step->A, step->start, step->prec);
    acb_add(step->half, step->half, step->start, step->prec);
    acb_mul(step->W, step->W, step->half, step->prec);
    acb_mul(step->power, step->power, step->power, step->prec);
    arb_clear(number);
}

/* For plain chains without dead layers: u^degree alpha - beta prod A_i. */
static void chain_inverted(const void *self, const acb_t u, slong direction, slong prec, acb_t R)
{
    const struct curve_chain *chain = self;
    struct far_step step = {.prec = prec};
    arb_t number;
    acb_t P;
    arb_init(number);
    acb_init(P);
    acb_init(step.W);
    acb_init(step.power);
    acb_init(step.A);
    acb_init(step.half);
    acb_init(step.start);
    acb_sub_ui(step.W, u, 1, prec);
    acb_mul_si(step.W, step.W, -direction, prec);
    acb_set(step.power, u);
    acb_one(P);
    for (size_t i = 0; i < chain->L; i++) {
        far_layer(&step, chain->a + i, chain->c + i);
        acb_mul(P, P, step.A, prec);
    }
    arb_set_fmpq(number, &chain->beta, prec);
    acb_mul_arb(P, P, number, prec);
    acb_pow_ui(R, u, (ulong)chain->curve.degree, prec);
    arb_set_fmpq(number, &chain->alpha, prec);
    acb_mul_arb(R, R, number, prec);
    acb_sub(R, R, P, prec);
    acb_clear(P);
    acb_clear(step.W);
    acb_clear(step.power);
    acb_clear(step.A);
    acb_clear(step.half);
    acb_clear(step.start);
    arb_clear(number);
}

/* ---- from a statement ---- */

static slong bounded(slong degree)
{
    return degree < CURVE_DEGREE_MOST ? degree : CURVE_DEGREE_MOST;
}

/* Degrees, (C2), and how fast the weights grow. */
static void set_degree(struct curve_chain *chain)
{
    slong w = 1, P = 0, stops = 0;
    bool P_vanishes = false, stops_vanish = false;
    for (size_t i = 0; i < chain->L; i++) {
        const bool moves = !fmpq_is_zero(chain->c + i) && w > 0;
        const bool dead = !moves && fmpq_is_zero(chain->a + i);
        P = bounded(P + (moves ? w * (slong)chain->m[i] : 0));
        stops = bounded(stops + (moves && chain->stops[i] ? w : 0));
        P_vanishes = P_vanishes || dead;
        stops_vanish = stops_vanish || (dead && chain->stops[i]);
        chain->fastest = moves && w > chain->fastest ? (int)w : chain->fastest;
        w = moves ? bounded(2 * w) : dead ? -1 : w;
    }
    slong degree = P_vanishes || fmpq_is_zero(&chain->beta) ? 0 : P;
    if (degree == 0 && P_vanishes && fmpq_is_zero(&chain->alpha))
        degree = -1;
    if (degree == 0 && fmpq_is_zero(&chain->beta) && fmpq_is_zero(&chain->alpha))
        degree = -1;
    if (!chain->has_error)
        degree = 0;
    chain->curve.degree = degree < 0 || stops_vanish ? -1 : bounded(degree + stops);
}

/* Powers: the weights of (EX4), and where the chain stops. */
static void set_powers(struct curve_chain *chain, const struct statement *s)
{
    ulong above = 1;
    for (size_t i = s->size - 1; i-- > 0;)
        chain->m[i] = above *= s->mu[i];
    for (size_t i = 0; i + 1 < s->size; i++)
        chain->stops[i] = chain->m[i] > 1;
    fmpq_mul_ui(chain->c, chain->c, s->size > 1 ? s->mu[0] : 1);
    fmpz_t below;
    fmpz_init_set_ui(below, 1);
    for (size_t i = 2; i < s->size; i++) {
        fmpz_mul_ui(below, below, s->mu[i - 1]);
        fmpq_div_fmpz(chain->c + i, chain->c + i, below);
    }
    fmpz_clear(below);
    chain->has_error = !fmpq_is_zero(&s->alpha);
    for (size_t i = 0; i < s->size && !chain->has_error; i++)
        chain->stops[i] = true;
}

enum status curve_chain_create(const struct statement *s, struct curve_chain **out)
{
    const size_t L = s->size;
    struct curve_chain *chain =
        calloc(1, sizeof *chain + L * (sizeof *chain->m + sizeof *chain->stops));
    if (!chain)
        return status_fail(NO_MEMORY, "an exact chain of %zu layers", L);
    chain->L = L;
    chain->m = (ulong *)(chain + 1);
    chain->stops = (bool *)(chain->m + L);
    chain->a = _fmpq_vec_init((slong)L);
    chain->c = _fmpq_vec_init((slong)L);
    chain->has_error = true;
    fmpq_init(&chain->alpha);
    fmpq_init(&chain->beta);
    fmpq_set(&chain->alpha, &s->alpha);
    fmpq_set(&chain->beta, &s->beta);
    for (size_t i = 0; i < L; i++) {
        fmpq_set(chain->a + i, s->x0 + i);
        fmpq_set(chain->c + i, s->c + i);
        chain->m[i] = 1;
    }
    chain->curve = (struct curve){.jet = chain_jet,
                                  .beyond = chain_beyond,
                                  .expand = chain_expand,
                                  .inverted = chain_inverted,
                                  .self = chain};
    if (s->family == STATEMENT_POWER)
        set_powers(chain, s);
    set_degree(chain);
    *out = chain;
    return OK;
}

void curve_chain_free(struct curve_chain *chain)
{
    if (!chain)
        return;
    _fmpq_vec_clear(chain->a, (slong)chain->L);
    _fmpq_vec_clear(chain->c, (slong)chain->L);
    fmpq_clear(&chain->alpha);
    fmpq_clear(&chain->beta);
    free(chain);
}
