/* Two adaptive layers, and gradient descent on a fan: a quartic in w = e^s, (EX7) with (G2).
 *
 *     u = a + c = u0 w,  v = a - c = v0/w,  b = c - D,
 *     w^2 e = -(beta/4)|u0|^2 w^4 + (beta/2) D.u0 w^3 + alpha w^2 + (beta/2) D.v0 w + (beta/4)|v0|^2,
 *
 * and w' = w e.  From w = 1 the next positive zero is the limit.  Without one w runs to infinity or
 * to 0: where that part of the weights is absent (u0 = 0, or v0 = 0) the weights converge, to the
 * saddle a = c = 0.  Chains of two layers are N = 1; gradient descent has c = b. */
#include "exact/limit_parts.h"

enum { QUARTIC = 4, DOUBLINGS = 8 };

struct pair {
    const struct statement *statement;
    size_t N;
    fmpq *u, *v, *D; /* at the start */
    fmpq_poly_t e;   /* w^(2 - stripped) e in the variable w - 1 */
    slong stripped;
    struct curve curve;
    arf_t one;
    slong digits;
    struct limit *limit;
};

static void pair_start(const struct statement *s, struct pair *p)
{
    const size_t N = p->N;
    const fmpq *a = s->x0, *b = a + N, *c = s->rule == STATEMENT_BP ? b : b + N;
    for (size_t i = 0; i < N; i++) {
        fmpq_add(p->u + i, a + i, c + i);
        fmpq_sub(p->v + i, a + i, c + i);
        fmpq_sub(p->D + i, c + i, b + i);
    }
}

/* Coefficient k := factor x.y 2^-halvings */
static void put(struct pair *p, slong k, const fmpq *x, const fmpq *y, slong halvings)
{
    fmpq_t value;
    fmpq_init(value);
    _fmpq_vec_dot(value, x, y, (slong)p->N);
    fmpq_mul(value, value, &p->statement->beta);
    fmpq_div_2exp(value, value, (flint_bitcnt_t)halvings);
    if (k == QUARTIC)
        fmpq_neg(value, value);
    fmpq_poly_set_coeff_fmpq(p->e, k, value);
    fmpq_clear(value);
}

static void pair_quartic(struct pair *p)
{
    fmpq_poly_t shift;
    put(p, 0, p->v, p->v, 2);
    put(p, 1, p->D, p->v, 1);
    fmpq_poly_set_coeff_fmpq(p->e, 2, &p->statement->alpha);
    put(p, QUARTIC - 1, p->D, p->u, 1);
    put(p, QUARTIC, p->u, p->u, 2);
    p->stripped = 0;
    fmpq_t lowest;
    fmpq_init(lowest);
    while (!fmpq_poly_is_zero(p->e)) {
        fmpq_poly_get_coeff_fmpq(lowest, p->e, 0);
        if (!fmpq_is_zero(lowest))
            break;
        fmpq_poly_shift_right(p->e, p->e, 1);
        p->stripped++;
    }
    fmpq_clear(lowest);
    fmpq_poly_init(shift);
    fmpq_poly_set_coeff_si(shift, 0, 1);
    fmpq_poly_set_coeff_si(shift, 1, 1);
    fmpq_poly_compose(p->e, p->e, shift);
    fmpq_poly_clear(shift);
}

static void pair_begin(const struct statement *s, struct pair *p)
{
    *p = (struct pair){.statement = s, .N = s->family == STATEMENT_FAN ? s->size : 1};
    p->u = _fmpq_vec_init((slong)p->N);
    p->v = _fmpq_vec_init((slong)p->N);
    p->D = _fmpq_vec_init((slong)p->N);
    fmpq_poly_init(p->e);
    arf_init(p->one);
    arf_one(p->one);
    pair_start(s, p);
    pair_quartic(p);
    curve_of_polynomial(p->e, &p->curve);
    p->curve.end[0] = p->one; /* w = 0, where the stripped polynomial does not vanish */
}

static void pair_end(struct pair *p)
{
    _fmpq_vec_clear(p->u, (slong)p->N);
    _fmpq_vec_clear(p->v, (slong)p->N);
    _fmpq_vec_clear(p->D, (slong)p->N);
    fmpq_poly_clear(p->e);
    arf_clear(p->one);
}

/* ---- states ---- */

static void state_at(const struct pair *p, const arb_t w, slong prec)
{
    arb_t up, down, D;
    arb_ptr x = p->limit->x;
    arb_init(up);
    arb_init(down);
    arb_init(D);
    for (size_t i = 0; i < p->N; i++) {
        arb_set_fmpq(up, p->u + i, prec);
        arb_mul(up, up, w, prec);
        arb_set_fmpq(down, p->v + i, prec);
        arb_div(down, down, w, prec);
        arb_add(x + i, up, down, prec);
        arb_mul_2exp_si(x + i, x + i, -1);
        arb_sub(up, up, down, prec);
        arb_mul_2exp_si(up, up, -1); /* c */
        arb_set_fmpq(D, p->D + i, prec);
        arb_sub(x + p->N + i, up, D, prec);
        if (p->limit->dim > 2 * p->N)
            arb_set(x + 2 * p->N + i, up);
    }
    arb_clear(up);
    arb_clear(down);
    arb_clear(D);
}

/* a = c = 0, b = -D */
static void saddle_state(const struct pair *p)
{
    const slong prec = 2 * limit_bits(p->digits);
    _arb_vec_zero(p->limit->x, (slong)p->limit->dim);
    for (size_t i = 0; i < p->N; i++) {
        arb_set_fmpq(p->limit->x + p->N + i, p->D + i, prec);
        arb_neg(p->limit->x + p->N + i, p->limit->x + p->N + i);
    }
    p->limit->has_limit = true;
}

/* ---- endings ---- */

/* dw'/dw = w^(stripped - 1) q'(w) at a zero of q = w^(2 - stripped) e */
static void rate_at(const struct pair *p, const arb_t s, const arb_t w, slong prec)
{
    arb_ptr jet = _arb_vec_init(2);
    p->curve.jet(p->e, s, 1, prec, jet);
    arb_pow_ui(p->limit->rate, w, (ulong)p->stripped, prec);
    arb_div(p->limit->rate, p->limit->rate, w, prec);
    arb_mul(p->limit->rate, p->limit->rate, jet + 1, prec);
    _arb_vec_clear(jet, 2);
}

static bool place(struct pair *p, const struct root *root)
{
    struct limit *limit = p->limit;
    const slong wanted = limit_bits(p->digits);
    slong bits = wanted;
    bool good = false;
    arb_t s;
    arb_init(s);
    for (int k = 0; k < DOUBLINGS && !good; k++, bits *= 2) {
        if (!root_refine(&p->curve, root, bits, s))
            break;
        arb_add_ui(limit->clock, s, 1, 2 * bits);
        state_at(p, limit->clock, 2 * bits);
        rate_at(p, s, limit->clock, 2 * bits);
        good = limit_is_accurate(limit, wanted) &&
               (root->multiplicity > 1 || arb_rel_accuracy_bits(limit->rate) >= wanted);
    }
    arb_clear(s);
    return good;
}

static void approach(struct pair *p, const struct root *root)
{
    struct limit *limit = p->limit;
    if (!place(p, root)) {
        limit_undecided("the limit is isolated, but its digits take too much precision", limit);
        return;
    }
    limit->direction = root->direction;
    limit_approach(root->multiplicity, limit);
    limit->minimum = true;
    limit->has_rate = true;
    if (root->multiplicity > 1)
        arb_zero(limit->rate);
}

/* w -> infinity with u0 = 0, or w -> 0 with v0 = 0: a = c = 0.  There e = alpha; if alpha = 0, the
 * first term that is left tells how slow it is, w' ~ w^(1 -+ k). */
static void vanish(struct pair *p, int direction)
{
    struct limit *limit = p->limit;
    limit->direction = direction;
    saddle_state(p);
    limit->has_rate = true;
    if (!fmpq_is_zero(&p->statement->alpha)) {
        limit->ending = ENDING_SADDLE;
        limit->multiplicity = 1;
        fmpq_t size;
        fmpq_init(size);
        fmpq_abs(size, &p->statement->alpha);
        arb_set_fmpq(limit->rate, size, 2 * limit_bits(p->digits));
        fmpq_clear(size);
        return;
    }
    /* w^2 e has only the powers 0, 1 (u0 = 0) or 3, 4 (v0 = 0): e ~ w^-1, w^-2, w, w^2 */
    const slong top = p->stripped + fmpq_poly_degree(p->e);
    const slong k = direction > 0 ? 2 - top : p->stripped - 2;
    limit_approach((ulong)k + 1, limit);
    limit->minimum = true;
}

static void without_zero(struct pair *p, int direction)
{
    const fmpq *driven = direction > 0 ? p->u : p->v;
    bool absent = true;
    for (size_t i = 0; i < p->N; i++)
        absent = absent && fmpq_is_zero(driven + i);
    if (absent) {
        vanish(p, direction);
        return;
    }
    /* e ~ w^2 or w^-2: w' = w e blows up, or 1/w does; if beta = 0, e is constant */
    p->limit->direction = direction;
    p->limit->has_limit = false;
    if (fmpq_is_zero(&p->statement->beta)) {
        p->limit->ending = ENDING_UNBOUNDED;
        p->limit->exponent = (struct limit_exponent){0, 0, true};
        return;
    }
    p->limit->ending = ENDING_ESCAPED;
    p->limit->reason = "the blow-up is certain; its time is not computed for this rule";
}

/* ---- */

static void rest(struct pair *p)
{
    int sign = 0;
    const slong order = curve_order_at_start(&p->curve, QUARTIC + 1, &sign);
    limit_at_start(p->statement, p->limit);
    limit_rest(order, sign, p->limit);
    p->limit->minimum = true;
    p->limit->has_rate = order > 0;
    if (order == 1) {
        arb_t s, w;
        arb_init(s);
        arb_init(w);
        arb_one(w);
        rate_at(p, s, w, 2 * limit_bits(p->digits));
        arb_clear(s);
        arb_clear(w);
    } else {
        arb_zero(p->limit->rate);
    }
}

static bool is_frozen(const struct pair *p)
{
    bool frozen = true;
    for (size_t i = 0; i < p->N; i++)
        frozen = frozen && fmpq_is_zero(p->u + i) && fmpq_is_zero(p->v + i);
    return frozen;
}

static void follow(struct pair *p, int sign)
{
    struct root root;
    if (is_frozen(p)) { /* a = c = 0, and e = alpha */
        vanish(p, 0);
        limit_at_start(p->statement, p->limit);
        p->limit->reason = "starts on a fixed point";
        return;
    }
    root_init(&root);
    root_first(&p->curve, (struct root_start){sign, sign}, &root);
    switch (root.verdict) {
    case ROOT_FOUND:
        approach(p, &root);
        break;
    case ROOT_NONE:
        without_zero(p, sign);
        break;
    case ROOT_UNDECIDED:
        limit_undecided(root.reason, p->limit);
    }
    root_clear(&root);
}

enum status limit_pair_decide(const struct statement *statement, slong digits, struct limit *limit)
{
    struct pair p;
    fmpq_t e;
    limit->theorem = "EX7";
    if (!statement_rates_are_one(statement, 0)) {
        limit_undecided("decided for unit learning rates only", limit);
        return OK;
    }
    pair_begin(statement, &p);
    p.digits = digits;
    p.limit = limit;
    limit->reason = NULL;
    fmpq_init(e);
    statement_error(statement, e);
    if (fmpq_is_zero(e))
        rest(&p);
    else
        follow(&p, fmpq_sgn(e));
    fmpq_clear(e);
    pair_end(&p);
    return OK;
}

slong limit_pair_index(const struct statement *statement, const struct limit *limit)
{
    struct pair p;
    if (!limit->minimum)
        return 0;
    pair_begin(statement, &p);
    const slong index =
        root_index(&p.curve, (struct root_start){limit->direction, limit->direction});
    pair_end(&p);
    return index;
}
