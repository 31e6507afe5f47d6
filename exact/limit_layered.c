/* Layered adaptive feedback, three layers and more: validated integration in residual time, (EX11).
 *
 *     a_i' = A_(i-1) B_i,  c_i' = A_i B_(i+1),  A_i = a_1..a_i,  B_i = c_i..c_(L-1),  B_L = 1 .
 *
 * No closed form is known.  The first zero of e is certified where it is simple.  With three layers some orbits
 * are closed, (G5): if e has no zero on a whole turn, the solution cycles for ever. */
#include "exact/limit_parts.h"
#include "exact/taylor.h"

#include <stdlib.h>

enum { TRAPPED_LAYERS = 3, TURN = 3 }; /* crossings of a_1 = 0 that make a whole turn */

struct layered {
    const struct statement *statement;
    size_t L;
    slong digits;
    struct limit *limit;
};

/* ---- the series ---- */

struct rows {
    slong stride, prec;
    arb_ptr x, e, A, B; /* rows of `stride`; A_0..A_L, B_1..B_L */
};

/* to = coefficient k of the product of two rows */
static void convolve(const struct rows *r, arb_srcptr f, arb_srcptr g, slong k, arb_t to)
{
    arb_dot(to, NULL, 0, f, 1, g + k, -1, k + 1, r->prec);
}

/* Coefficient k of all products. */
static void products(const struct layered *p, const struct rows *r, slong k)
{
    const slong L = (slong)p->L, n = r->stride;
    arb_set_ui(r->A + k, k == 0);
    for (slong i = 1; i <= L; i++)
        convolve(r, r->A + (i - 1) * n, r->x + (i - 1) * n, k, r->A + i * n + k);
    arb_set_ui(r->B + L * n + k, k == 0);
    for (slong i = L - 1; i >= 1; i--)
        convolve(r, r->B + (i + 1) * n, r->x + (L + i - 1) * n, k, r->B + i * n + k);
}

/* Coefficient k + 1 of the unknowns: a_(i+1)' = c_i' = A_i B_(i+1) */
static void next_coefficients(const struct layered *p, const struct rows *r, slong k, int direction)
{
    const slong L = (slong)p->L, n = r->stride;
    for (slong i = 0; i < L; i++) {
        arb_ptr to = r->x + i * n + k + 1;
        convolve(r, r->A + i * n, r->B + (i + 1) * n, k, to);
        arb_mul_si(to, to, direction, r->prec);
        arb_div_ui(to, to, (ulong)k + 1, r->prec);
        if (i > 0)
            arb_set(r->x + (L + i - 1) * n + k + 1, to);
    }
}

static void errors(const struct layered *p, const struct rows *r, slong order)
{
    arb_t number;
    arb_init(number);
    arb_set_fmpq(number, &p->statement->beta, r->prec);
    _arb_vec_scalar_mul(r->e, r->A + (slong)p->L * r->stride, order + 1, number, r->prec);
    _arb_vec_neg(r->e, r->e, order + 1);
    arb_set_fmpq(number, &p->statement->alpha, r->prec);
    arb_add(r->e, r->e, number, r->prec);
    arb_clear(number);
}

static void series(const struct taylor_field *field, arb_srcptr x, slong order,
                   const struct taylor_rows *rows)
{
    const struct layered *p = field->self;
    const slong n = rows->stride, L = (slong)p->L;
    struct rows r = {
        .stride = n, .prec = rows->prec, .x = rows->at, .e = rows->at + (slong)field->n * n};
    r.A = _arb_vec_init((L + 1) * n);
    r.B = _arb_vec_init((L + 1) * n);
    for (size_t j = 0; j < field->n; j++)
        arb_set(r.x + (slong)j * n, x + j);
    for (slong k = 0; k <= order; k++) {
        products(p, &r, k);
        if (k < order)
            next_coefficients(p, &r, k, field->direction);
    }
    errors(p, &r, order);
    _arb_vec_clear(r.A, (L + 1) * n);
    _arb_vec_clear(r.B, (L + 1) * n);
}

/* ---- the orbit ---- */

enum fate { FATE_ZERO, FATE_CYCLE, FATE_STUCK, FATE_LONG };

/* |a_1| < |c_1|, |c_2| < |a_2|, c_1 a_2 < 0, three layers: (G5). */
static bool is_trapped(const struct layered *p)
{
    const fmpq *a = p->statement->x0, *c = a + p->L;
    fmpq_t x, y;
    if (p->L != TRAPPED_LAYERS || fmpq_sgn(c) * fmpq_sgn(a + 1) >= 0)
        return false;
    fmpq_init(x);
    fmpq_init(y);
    fmpq_abs(x, a);
    fmpq_abs(y, c);
    bool trapped = fmpq_cmp(x, y) < 0;
    fmpq_abs(x, c + 1);
    fmpq_abs(y, a + 1);
    trapped = trapped && fmpq_cmp(x, y) < 0;
    fmpq_clear(x);
    fmpq_clear(y);
    return trapped;
}

/* A step costs n order^2 products twice: some seconds in all. */
static slong steps_most(const struct taylor *taylor)
{
    enum { PRODUCTS_MOST = 40000000, STEPS_MOST = 2000 };
    const slong step = (slong)taylor->field->n * taylor->order * taylor->order;
    return step > PRODUCTS_MOST / STEPS_MOST ? 1 + PRODUCTS_MOST / step : STEPS_MOST;
}

static enum fate follow(const struct layered *p, struct taylor *taylor)
{
    const bool trapped = is_trapped(p);
    const slong most = steps_most(taylor);
    int side = 0, crossings = 0;
    for (slong k = 0; k < most; k++) {
        const enum taylor_verdict verdict = taylor_step(taylor);
        if (verdict != TAYLOR_GOES_ON)
            return verdict == TAYLOR_ZERO ? FATE_ZERO : FATE_STUCK;
        const int now = arb_is_positive(taylor->x) - arb_is_negative(taylor->x);
        crossings += now * side < 0;
        side = now != 0 ? now : side;
        if (trapped && crossings >= TURN)
            return FATE_CYCLE;
    }
    return FATE_LONG;
}

static bool settle(struct layered *p, struct taylor *taylor, slong bits)
{
    struct limit *limit = p->limit;
    if (!taylor_at_zero(taylor, bits, limit->x, limit->rate) || !limit_is_accurate(limit, bits) ||
        arb_rel_accuracy_bits(limit->rate) < bits) {
        limit_undecided("the digits of the limit take too much precision", limit);
        return false;
    }
    limit_approach(1, limit);
    limit->reason = NULL;
    limit->has_rate = true;
    limit->minimum = true;
    return true;
}

/* With so much precision: true if that decides it. */
static bool attempt(struct layered *p, const struct taylor_field *field, struct taylor *taylor)
{
    struct limit *limit = p->limit;
    const enum fate fate = follow(p, taylor);
    limit->direction = field->direction;
    switch (fate) {
    case FATE_ZERO:
        return settle(p, taylor, limit_bits(p->digits));
    case FATE_CYCLE:
        limit->ending = ENDING_CYCLING;
        limit->has_limit = false;
        limit->reason = "the orbit is closed, and the error has no zero on it";
        return true;
    case FATE_LONG:
        limit_undecided("too many steps along the orbit without a zero of the error", limit);
        return true;
    case FATE_STUCK:
        break;
    }
    limit_undecided("a multiple zero of the error, zeros too near each other, or a blow-up of the "
                    "orbit: not decided for this rule",
                    limit);
    return false;
}

static enum status run(struct layered *p, const struct taylor_field *field)
{
    enum { GUARD = 64, TRIES = 3 };
    slong prec = limit_bits(p->digits) + GUARD;
    arb_ptr x = _arb_vec_init((slong)field->n);
    enum status status = OK;
    bool decided = false;
    for (int k = 0; k < TRIES && status == OK && !decided; k++, prec *= 2) {
        struct taylor *taylor;
        for (size_t j = 0; j < field->n; j++)
            arb_set_fmpq(x + j, p->statement->x0 + j, prec);
        status = taylor_create(field, prec, field->direction, x, &taylor);
        if (status != OK)
            break;
        decided = attempt(p, field, taylor);
        taylor_free(taylor);
    }
    _arb_vec_clear(x, (slong)field->n);
    return status;
}

/* ---- at rest ---- */

/* a_p = 0 = c_q with p <= q: every update vanishes, (G4). */
static bool is_frozen(const struct layered *p)
{
    const fmpq *a = p->statement->x0, *c = a + p->L;
    size_t first = p->L, last = 0; /* of a; of c, counted from 1 */
    for (size_t i = 0; i < p->L; i++) {
        if (fmpq_is_zero(a + i) && first == p->L)
            first = i;
        if (i + 1 < p->L && fmpq_is_zero(c + i))
            last = i + 1;
    }
    return first < last;
}

static void rest(struct layered *p, const struct taylor_field *field, int sign_e)
{
    struct limit *limit = p->limit;
    const slong prec = 2 * limit_bits(p->digits);
    struct taylor_rows rows = {.stride = 2, .prec = prec};
    limit_at_start(p->statement, limit);
    rows.at = _arb_vec_init((slong)(field->n + 1) * 2);
    field->series(field, limit->x, 1, &rows);
    arb_set(limit->rate, rows.at + (slong)field->n * 2 + 1);
    limit->reason = "starts on a fixed point; whether it attracts is not decided";
    if (sign_e == 0 && (arb_is_positive(limit->rate) || arb_is_negative(limit->rate))) {
        limit_rest(1, arb_is_positive(limit->rate) ? 1 : -1, limit);
        limit->has_rate = true;
    }
    limit->minimum = sign_e == 0;
    _arb_vec_clear(rows.at, (slong)(field->n + 1) * 2);
}

enum status limit_layered_decide(const struct statement *statement, slong digits,
                                 struct limit *limit)
{
    struct layered p = {
        .statement = statement, .L = statement->size, .digits = digits, .limit = limit};
    struct taylor_field field = {.n = statement->dim, .series = series, .self = &p};
    fmpq_t e;
    limit->theorem = "EX11";
    if (!statement_rates_are_one(statement, 0)) {
        limit_undecided("decided for unit learning rates only", limit);
        return OK;
    }
    limit->reason = NULL;
    fmpq_init(e);
    statement_error(statement, e);
    const int sign = fmpq_sgn(e);
    fmpq_clear(e);
    field.direction = sign == 0 ? 1 : sign;
    if (sign != 0 && !is_frozen(&p))
        return run(&p, &field);
    rest(&p, &field, sign);
    return OK;
}
