/* Two layers and fans under bp, arbp and asrbp: the Laurent polynomial of (EX7) in w = e^s, on jets.
 *
 *     u = a + c,  v = a - c,  D = c - b  at the start;  c = b under bp
 *     e = -(beta/4)|u|^2 w^2 + (beta/2) D.u w + alpha + (beta/2) D.v/w + (beta/4)|v|^2/w^2
 *
 * a = (u w + v/w)/2 and b = (u w - v/w)/2 - D.  In w itself cells beside u = 0, from where w grows like
 * 1/|u|, would need brackets of any length; in s = log w they are short, and for D = 0, beta > 0 the error falls
 * along all of them. */
#include "exact/tube.h"

enum { QUARTIC = 4, TERMS = QUARTIC + 1 };

/* u, v, D of unit i */
struct unit {
    struct jet u, v, D, a, c, room;
};

static void unit_begin(struct unit *unit)
{
    jet_init(&unit->u);
    jet_init(&unit->v);
    jet_init(&unit->D);
    jet_init(&unit->a);
    jet_init(&unit->c);
    jet_init(&unit->room);
}

static void unit_end(struct unit *unit)
{
    jet_clear(&unit->u);
    jet_clear(&unit->v);
    jet_clear(&unit->D);
    jet_clear(&unit->a);
    jet_clear(&unit->c);
    jet_clear(&unit->room);
}

static void unit_start(const struct tube *tube, const struct tube_place *at, size_t i,
                       struct unit *unit)
{
    const size_t N = tube->size, adaptive = tube->dim > 2 * N ? N : 0;
    tube_start(tube, at, i, &unit->a);
    tube_start(tube, at, N + adaptive + i, &unit->c);
    tube_start(tube, at, N + i, &unit->room);
    jet_add(&at->parts, &unit->a, &unit->c, &unit->u);
    jet_sub(&at->parts, &unit->a, &unit->c, &unit->v);
    jet_sub(&at->parts, &unit->c, &unit->room, &unit->D);
}

/* term += g h */
static void add_product(const struct tube_place *at, const struct jet *g, const struct jet *h,
                        struct jet *room, struct jet *term)
{
    jet_mul(&at->parts, g, h, room);
    jet_add(&at->parts, term, room, term);
}

/* The coefficients of w^0 ... w^4, by beta/4, beta/2, 1, beta/2, -beta/4 */
static void terms_make(const struct tube *tube, const struct tube_place *at, struct unit *unit,
                       struct jet term[TERMS])
{
    arb_t by;
    arb_init(by);
    for (int k = 0; k < TERMS; k++)
        jet_constant(k == 2 ? tube->alpha : by, &term[k]);
    for (size_t i = 0; i < tube->size; i++) {
        unit_start(tube, at, i, unit);
        add_product(at, &unit->v, &unit->v, &unit->room, &term[0]);
        add_product(at, &unit->D, &unit->v, &unit->room, &term[1]);
        add_product(at, &unit->D, &unit->u, &unit->room, &term[QUARTIC - 1]);
        add_product(at, &unit->u, &unit->u, &unit->room, &term[QUARTIC]);
    }
    arb_mul_2exp_si(by, tube->beta, -1);
    jet_scale(&at->parts, &term[1], by, &term[1]);
    jet_scale(&at->parts, &term[QUARTIC - 1], by, &term[QUARTIC - 1]);
    arb_mul_2exp_si(by, by, -1);
    jet_scale(&at->parts, &term[0], by, &term[0]);
    arb_neg(by, by);
    jet_scale(&at->parts, &term[QUARTIC], by, &term[QUARTIC]);
    arb_clear(by);
}

/* x y by the ends of both, where both have a sign: a ball around the product of the middles would lose
 * its sign where they are wide. */
static void tight_product(const arb_t x, const arb_t y, arb_t product)
{
    const int sign = tube_sign(x) * tube_sign(y);
    if (sign == 0 || !arb_is_finite(x) || !arb_is_finite(y)) {
        arb_mul(product, x, y, TUBE_PREC);
        return;
    }
    arf_t low, high, end;
    arf_init(low);
    arf_init(high);
    arf_init(end);
    arb_get_abs_lbound_arf(low, x, TUBE_PREC);
    arb_get_abs_lbound_arf(end, y, TUBE_PREC);
    arf_mul(low, low, end, TUBE_PREC, ARF_RND_FLOOR);
    arb_get_abs_ubound_arf(high, x, TUBE_PREC);
    arb_get_abs_ubound_arf(end, y, TUBE_PREC);
    arf_mul(high, high, end, TUBE_PREC, ARF_RND_CEIL);
    arb_set_interval_arf(product, low, high, TUBE_PREC);
    if (sign < 0)
        arb_neg(product, product);
    arf_clear(low);
    arf_clear(high);
    arf_clear(end);
}

/* p = u w or v/w: p_s = rate p, rate = +-1. */
static void moved(const struct jet *u, const arb_t power, int rate, struct jet *p)
{
    tight_product(u->c + JET_V, power, p->c + JET_V);
    arb_mul(p->c + JET_X, u->c + JET_X, power, TUBE_PREC);
    arb_mul(p->c + JET_Y, u->c + JET_Y, power, TUBE_PREC);
    arb_mul_si(p->c + JET_S, p->c + JET_V, rate, TUBE_PREC);
    arb_mul_2exp_si(p->c + JET_SS, p->c + JET_V, -1);
    arb_mul_si(p->c + JET_SX, p->c + JET_X, rate, TUBE_PREC);
    arb_mul_si(p->c + JET_SY, p->c + JET_Y, rate, TUBE_PREC);
}

/* p^2, with (p^2)_s = 2 rate p^2 */
static void squared(const struct jet *p, int rate, struct jet *square)
{
    tight_product(p->c + JET_V, p->c + JET_V, square->c + JET_V);
    arb_mul(square->c + JET_X, p->c + JET_V, p->c + JET_X, TUBE_PREC);
    arb_mul_2exp_si(square->c + JET_X, square->c + JET_X, 1);
    arb_mul(square->c + JET_Y, p->c + JET_V, p->c + JET_Y, TUBE_PREC);
    arb_mul_2exp_si(square->c + JET_Y, square->c + JET_Y, 1);
    arb_mul_si(square->c + JET_S, square->c + JET_V, 2 * (slong)rate, TUBE_PREC);
    arb_mul_2exp_si(square->c + JET_SS, square->c + JET_V, 1);
    arb_mul_si(square->c + JET_SX, square->c + JET_X, 2 * (slong)rate, TUBE_PREC);
    arb_mul_si(square->c + JET_SY, square->c + JET_Y, 2 * (slong)rate, TUBE_PREC);
}

/* P += a b = (p^2 - q^2)/4 - D (p + q)/2 with p = u w, q = v/w, and a, b of the last unit. */
static void unit_product(const struct tube_place *at, const arb_struct w[2], struct unit *unit,
                         struct jet *P)
{
    const struct jet_parts *parts = &at->parts;
    moved(&unit->u, &w[0], 1, &unit->a);
    moved(&unit->v, &w[1], -1, &unit->c);
    squared(&unit->a, 1, &unit->u);
    squared(&unit->c, -1, &unit->v);
    jet_sub(parts, &unit->u, &unit->v, &unit->u);
    jet_half(&unit->u, &unit->u);
    jet_add(parts, &unit->a, &unit->c, &unit->v);
    jet_sub(parts, &unit->a, &unit->c, &unit->c);
    jet_mul(parts, &unit->D, &unit->v, &unit->room);
    jet_sub(parts, &unit->u, &unit->room, &unit->u);
    jet_half(&unit->u, &unit->u);
    jet_add(parts, P, &unit->u, P);
    jet_half(&unit->v, &unit->a); /* a = (p + q)/2 */
    jet_half(&unit->c, &unit->c);
    jet_sub(parts, &unit->c, &unit->D, &unit->c); /* b = (p - q)/2 - D */
}

static void pair_error(const struct tube *tube, const struct tube_place *at, struct jet *e,
                       struct jet *weight)
{
    struct unit unit;
    arb_struct w[2]; /* w and 1/w */
    unit_begin(&unit);
    arb_init(&w[0]);
    arb_init(&w[1]);
    jet_constant(&w[0], e);
    arb_exp(&w[0], &at->s, TUBE_PREC);
    arb_neg(&w[1], &at->s);
    arb_exp(&w[1], &w[1], TUBE_PREC);
    for (size_t i = 0; i < tube->size; i++) {
        unit_start(tube, at, i, &unit);
        unit_product(at, w, &unit, e);
    }
    if (weight) { /* of a chain, which is one unit */
        jet_set(&unit.a, &weight[0]);
        jet_set(&unit.c, &weight[1]);
    }
    tube_error_of(tube, &at->parts, e);
    arb_clear(&w[0]);
    arb_clear(&w[1]);
    unit_end(&unit);
}

/* Are t4, t4 w + ..., all Taylor coefficients at w of sign (t0 + ... + t4 w^4), positive?  w^2 e then grows
 * like its leading term. */
static bool grows(const struct jet *const term[TERMS], const arb_t w, int sign, slong prec)
{
    arb_ptr t = _arb_vec_init(TERMS);
    bool all = true;
    for (int k = 0; k < TERMS; k++)
        arb_mul_si(t + k, term[k]->c + JET_V, sign, prec);
    for (int low = 0; low < TERMS; low++) /* Horner's scheme: the polynomial in w + r */
        for (int k = QUARTIC; k-- > low;)
            arb_addmul(t + k, t + k + 1, w, prec);
    for (int k = 0; k < TERMS; k++)
        all = all && arb_is_positive(t + k);
    _arb_vec_clear(t, TERMS);
    return all;
}

/* w to infinity, u not 0, or 1/w, v not 0: as w' = w e, both in finite time. */
static enum ending pair_beyond(const struct tube *tube, const struct tube_place *at, int direction)
{
    struct unit unit;
    struct jet term[TERMS];
    const struct jet *order[TERMS];
    arb_t w;
    unit_begin(&unit);
    arb_init(w);
    for (int k = 0; k < TERMS; k++) {
        jet_init(&term[k]);
        order[k] = &term[direction > 0 ? k : QUARTIC - k];
    }
    terms_make(tube, at, &unit, term);
    arb_mul_si(w, &at->s, direction, TUBE_PREC);
    arb_exp(w, w, TUBE_PREC);
    const bool escapes = grows(order, w, direction, TUBE_PREC);
    for (int k = 0; k < TERMS; k++)
        jet_clear(&term[k]);
    arb_clear(w);
    unit_end(&unit);
    return escapes ? ENDING_ESCAPED : ENDING_HORIZON;
}

void tube_pair_open(const struct statement *statement, struct tube *tube)
{
    const bool chain = statement->family == STATEMENT_CHAIN;
    tube->size = chain ? 1 : statement->size;
    tube->error = pair_error;
    tube->beyond = pair_beyond;
    tube->signs = tube->states = chain ? 2 : 0;
    tube->degree = QUARTIC;
}
