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

/* w and 1/w */
static void powers_make(const struct tube_place *at, struct jet w[2])
{
    struct jet s;
    jet_init(&s);
    jet_variable(&at->s, JET_S, &s);
    jet_exp(&at->parts, &s, &w[0]);
    arb_neg(s.c + JET_V, s.c + JET_V);
    arb_neg(s.c + JET_S, s.c + JET_S);
    jet_exp(&at->parts, &s, &w[1]);
    jet_clear(&s);
}

/* a and b of one unit */
static void weights_make(const struct tube_place *at, struct unit *unit, const struct jet w[2],
                         struct jet weight[2])
{
    jet_mul(&at->parts, &unit->u, &w[0], &unit->a);
    jet_mul(&at->parts, &unit->v, &w[1], &unit->c);
    jet_add(&at->parts, &unit->a, &unit->c, &weight[0]);
    jet_half(&weight[0], &weight[0]);
    jet_sub(&at->parts, &unit->a, &unit->c, &weight[1]);
    jet_half(&weight[1], &weight[1]);
    jet_sub(&at->parts, &weight[1], &unit->D, &weight[1]);
}

/* ((t4 w + t3) w) + t2 + (t1 + t0/w)/w, into e */
static void laurent(const struct tube_place *at, const struct jet term[TERMS],
                    const struct jet w[2], struct unit *unit, struct jet *e)
{
    enum { CUBE = 3 };
    const struct jet_parts *parts = &at->parts;
    jet_mul(parts, &term[QUARTIC], &w[0], &unit->room);
    jet_add(parts, &unit->room, &term[CUBE], &unit->room);
    jet_mul(parts, &unit->room, &w[0], e);
    jet_mul(parts, &term[0], &w[1], &unit->room);
    jet_add(parts, &unit->room, &term[1], &unit->room);
    jet_mul(parts, &unit->room, &w[1], &unit->a);
    jet_add(parts, e, &unit->a, e);
    jet_add(parts, e, &term[2], e);
}

struct pair {
    struct unit unit;
    struct jet w[2], term[TERMS];
};

static void pair_begin(const struct tube *tube, const struct tube_place *at, struct pair *pair)
{
    unit_begin(&pair->unit);
    for (int k = 0; k < TERMS; k++)
        jet_init(&pair->term[k]);
    jet_init(&pair->w[0]);
    jet_init(&pair->w[1]);
    powers_make(at, pair->w);
    terms_make(tube, at, &pair->unit, pair->term);
}

static void pair_end(struct pair *pair)
{
    for (int k = 0; k < TERMS; k++)
        jet_clear(&pair->term[k]);
    jet_clear(&pair->w[0]);
    jet_clear(&pair->w[1]);
    unit_end(&pair->unit);
}

static void pair_error(const struct tube *tube, const struct tube_place *at, struct jet *e,
                       struct jet *weight)
{
    struct pair pair;
    pair_begin(tube, at, &pair);
    if (weight) /* of a chain, which is one unit */
        weights_make(at, &pair.unit, pair.w, weight);
    laurent(at, pair.term, pair.w, &pair.unit, e);
    pair_end(&pair);
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
    struct pair pair;
    const struct jet *term[TERMS];
    pair_begin(tube, at, &pair);
    for (int k = 0; k < TERMS; k++)
        term[k] = &pair.term[direction > 0 ? k : QUARTIC - k];
    const bool escapes =
        grows(term, pair.w[direction > 0 ? 0 : 1].c + JET_V, direction, at->parts.prec);
    pair_end(&pair);
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
