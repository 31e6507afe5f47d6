/* Skipped adaptive feedback, three layers and more: nested exponentials in residual time, (EX10) with (G9).
 *
 *     d_1 = s,  a_i = (u_i e^d_i + v_i e^-d_i)/2,  d_(i+1) = (u_i e^d_i - v_i e^-d_i)/2 - c_i(0),
 *     u_i = a_i(0) + c_i(0),  v_i = a_i(0) - c_i(0),  a_L = a_L(0) + d_L .
 *
 * No polynomial, so that simple zeros are decided and multiple ones are not.  Where no a_i^2(0) =
 * c_i^2(0) and beta > 0 there is a zero ahead; else the march may run out of steps: undecided. */
#include "exact/limit_line.h"

struct skipped {
    struct curve curve;
    const struct statement *statement;
    size_t L;
    const fmpq *a, *c;
};

/* d and the weights with their Taylor coefficients, [length] each. */
struct layer {
    slong length, prec;
    arb_ptr d, up, down, a;
    arb_t number;
};

static void layer_begin(struct layer *layer, const arb_t s, slong length, slong prec)
{
    *layer = (struct layer){.length = length, .prec = prec};
    layer->d = _arb_vec_init(length);
    layer->up = _arb_vec_init(length);
    layer->down = _arb_vec_init(length);
    layer->a = _arb_vec_init(length);
    arb_init(layer->number);
    arb_set(layer->d, s);
    if (length > 1)
        arb_one(layer->d + 1);
}

static void layer_end(struct layer *layer)
{
    _arb_vec_clear(layer->d, layer->length);
    _arb_vec_clear(layer->up, layer->length);
    _arb_vec_clear(layer->down, layer->length);
    _arb_vec_clear(layer->a, layer->length);
    arb_clear(layer->number);
}

/* to = exp(d) layer->number/2 */
static void grown(struct layer *layer, arb_ptr to)
{
    _arb_poly_exp_series(to, layer->d, layer->length, layer->length, layer->prec);
    arb_mul_2exp_si(layer->number, layer->number, -1);
    _arb_vec_scalar_mul(to, to, layer->length, layer->number, layer->prec);
}

/* a_i, and d of the next layer, from a_i = a0 and c_i = c0 where d = 0. */
static void layer_next(struct layer *layer, const arb_t a0, const arb_t c0)
{
    const slong n = layer->length;
    arb_add(layer->number, a0, c0, layer->prec);
    grown(layer, layer->up);
    _arb_vec_neg(layer->d, layer->d, n);
    arb_sub(layer->number, a0, c0, layer->prec);
    grown(layer, layer->down);
    _arb_vec_add(layer->a, layer->up, layer->down, n, layer->prec);
    _arb_vec_sub(layer->d, layer->up, layer->down, n, layer->prec);
    arb_sub(layer->d, layer->d, c0, layer->prec);
}

/* a_L = a0 + d_L */
static void layer_last(struct layer *layer, const arb_t a0)
{
    _arb_vec_set(layer->a, layer->d, layer->length);
    arb_add(layer->a, layer->a, a0, layer->prec);
}

/* From the state x to that at s later; x and to may be the same. */
static void move(const struct skipped *p, arb_srcptr x, const arb_t s, slong prec, arb_ptr to)
{
    struct layer layer;
    layer_begin(&layer, s, 1, prec);
    for (size_t i = 0; i + 1 < p->L; i++) {
        layer_next(&layer, x + i, x + p->L + i);
        arb_set(to + i, layer.a);
        arb_add(to + p->L + i, x + p->L + i, layer.d, prec);
    }
    layer_last(&layer, x + p->L - 1);
    arb_set(to + p->L - 1, layer.a);
    layer_end(&layer);
}

static void state(const void *self, const arb_t s, slong prec, arb_ptr x)
{
    const struct skipped *p = self;
    for (size_t i = 0; i < p->statement->dim; i++)
        arb_set_fmpq(x + i, p->statement->x0 + i, prec);
    move(p, x, s, prec, x);
}

static void error_of(const struct skipped *p, slong length, slong prec, arb_ptr P)
{
    arb_t number;
    arb_init(number);
    arb_set_fmpq(number, &p->statement->beta, prec);
    _arb_vec_scalar_mul(P, P, length, number, prec);
    _arb_vec_neg(P, P, length);
    arb_set_fmpq(number, &p->statement->alpha, prec);
    arb_add(P, P, number, prec);
    arb_clear(number);
}

/* Started anew in the middle of s, so that wide balls give sharp ones. */
static void skipped_jet(const void *self, const arb_t s, slong order, slong prec, arb_ptr e)
{
    const struct skipped *p = self;
    const slong n = order + 1, dim = (slong)p->statement->dim;
    struct layer layer;
    arb_t part;
    arb_init(part);
    arb_ptr room = _arb_vec_init(n), x = _arb_vec_init(dim);
    arb_get_mid_arb(part, s);
    state(p, part, prec, x);
    arb_sub(part, s, part, prec);
    layer_begin(&layer, part, n, prec);
    _arb_vec_zero(e, n);
    arb_one(e);
    for (size_t i = 0; i < p->L; i++) {
        if (i + 1 < p->L)
            layer_next(&layer, x + i, x + p->L + i);
        else
            layer_last(&layer, x + i);
        _arb_poly_mullow(room, e, n, layer.a, n, n, prec);
        _arb_vec_set(e, room, n);
    }
    error_of(p, n, prec, e);
    layer_end(&layer);
    _arb_vec_clear(room, n);
    _arb_vec_clear(x, dim);
    arb_clear(part);
}

/* a_1 = 0 = c_1: nothing moves, (G4). */
static bool is_frozen(const struct skipped *p)
{
    return fmpq_is_zero(p->a) && fmpq_is_zero(p->c);
}

enum status limit_skipped_decide(const struct statement *statement, slong digits,
                                 struct limit *limit)
{
    struct skipped p = {.statement = statement,
                        .L = statement->size,
                        .a = statement->x0,
                        .c = statement->x0 + statement->size};
    p.curve = (struct curve){.jet = skipped_jet, .degree = CURVE_DEGREE_MOST, .self = &p};
    const struct limit_line line = {.curve = &p.curve,
                                    .self = &p,
                                    .state = state,
                                    .fastest = is_frozen(&p) ? 0 : -1,
                                    .statement = statement,
                                    .digits = digits};
    limit->theorem = "EX10";
    if (!statement_rates_are_one(statement, 0)) {
        limit_undecided("decided for unit learning rates only", limit);
        return OK;
    }
    limit_line_decide(&line, limit);
    return OK;
}
