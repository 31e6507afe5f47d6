/* Skipped adaptive feedback, three layers and more: nested exponentials in residual time, (EX10) with (G9).
 *
 *     d_1 = s,  a_i = (u_i e^d_i + v_i e^-d_i)/2,  d_(i+1) = (u_i e^d_i - v_i e^-d_i)/2 - c_i(0),
 *     u_i = a_i(0) + c_i(0),  v_i = a_i(0) - c_i(0),  a_L = a_L(0) + d_L .
 *
 * No polynomial, so that simple zeros are decided and multiple ones are not; but every ball is
 * rigorous, and where no a_i^2(0) = c_i^2(0) there is a zero ahead. */
#include "exact/limit_line.h"

struct skipped {
    struct curve curve;
    const struct statement *statement;
    size_t L;
    const fmpq *a, *c;
};

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

/* to = exp(d) (x +- y)/2 with the sign of `half` */
static void grown(struct layer *layer, const fmpq *x, const fmpq *y, arb_ptr to)
{
    fmpq_t half;
    fmpq_init(half);
    fmpq_add(half, x, y);
    fmpq_div_2exp(half, half, 1);
    arb_set_fmpq(layer->number, half, layer->prec);
    _arb_poly_exp_series(to, layer->d, layer->length, layer->length, layer->prec);
    _arb_vec_scalar_mul(to, to, layer->length, layer->number, layer->prec);
    fmpq_clear(half);
}

/* a_i, and d of the next layer */
static void layer_next(struct layer *layer, const fmpq *a0, const fmpq *c0)
{
    const slong n = layer->length;
    fmpq_t minus;
    fmpq_init(minus);
    fmpq_neg(minus, c0);
    grown(layer, a0, c0, layer->up);
    _arb_vec_neg(layer->d, layer->d, n);
    grown(layer, a0, minus, layer->down);
    _arb_vec_add(layer->a, layer->up, layer->down, n, layer->prec);
    _arb_vec_sub(layer->d, layer->up, layer->down, n, layer->prec);
    arb_set_fmpq(layer->number, minus, layer->prec);
    arb_add(layer->d, layer->d, layer->number, layer->prec);
    fmpq_clear(minus);
}

/* a_L = a_L(0) + d_L */
static void layer_last(struct layer *layer, const fmpq *a0)
{
    _arb_vec_set(layer->a, layer->d, layer->length);
    arb_set_fmpq(layer->number, a0, layer->prec);
    arb_add(layer->a, layer->a, layer->number, layer->prec);
}

static void skipped_jet(const void *self, const arb_t s, slong order, slong prec, arb_ptr e)
{
    const struct skipped *p = self;
    const slong n = order + 1;
    struct layer layer;
    arb_ptr room = _arb_vec_init(n);
    layer_begin(&layer, s, n, prec);
    _arb_vec_zero(e, n);
    arb_one(e);
    for (size_t i = 0; i < p->L; i++) {
        if (i + 1 < p->L)
            layer_next(&layer, p->a + i, p->c + i);
        else
            layer_last(&layer, p->a + i);
        _arb_poly_mullow(room, e, n, layer.a, n, n, prec);
        _arb_vec_set(e, room, n);
    }
    arb_set_fmpq(layer.number, &p->statement->beta, prec);
    _arb_vec_scalar_mul(e, e, n, layer.number, prec);
    _arb_vec_neg(e, e, n);
    arb_set_fmpq(layer.number, &p->statement->alpha, prec);
    arb_add(e, e, layer.number, prec);
    layer_end(&layer);
    _arb_vec_clear(room, n);
}

static void state(const void *self, const arb_t s, slong prec, arb_ptr x)
{
    const struct skipped *p = self;
    struct layer layer;
    layer_begin(&layer, s, 1, prec);
    for (size_t i = 0; i + 1 < p->L; i++) {
        layer_next(&layer, p->a + i, p->c + i);
        arb_set(x + i, layer.a);
        arb_set_fmpq(x + p->L + i, p->c + i, prec);
        arb_add(x + p->L + i, x + p->L + i, layer.d, prec);
    }
    layer_last(&layer, p->a + p->L - 1);
    arb_set(x + p->L - 1, layer.a);
    layer_end(&layer);
}

/* Does the existence of a zero ahead follow from (G9)? */
static bool has_zero_ahead(const struct skipped *p)
{
    fmpq_t sum, difference;
    bool free = fmpq_sgn(&p->statement->beta) > 0;
    fmpq_init(sum);
    fmpq_init(difference);
    for (size_t i = 0; i + 1 < p->L; i++) {
        fmpq_add(sum, p->a + i, p->c + i);
        fmpq_sub(difference, p->a + i, p->c + i);
        free = free && !fmpq_is_zero(sum) && !fmpq_is_zero(difference);
    }
    fmpq_clear(sum);
    fmpq_clear(difference);
    return free;
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
                                    .fastest = -1,
                                    .statement = statement,
                                    .digits = digits};
    limit->theorem = "EX10";
    if (!statement_rates_are_one(statement, 0)) {
        limit_undecided("decided for unit learning rates only", limit);
        return OK;
    }
    if (!has_zero_ahead(&p)) {
        limit_undecided("needs beta > 0 and a_i^2 != c_i^2 for all i at the start", limit);
        return OK;
    }
    limit_line_decide(&line, limit);
    return OK;
}
