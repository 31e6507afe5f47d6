/* A[1,N,1] under fixed feedback: a cubic for every N, (EX2) with (W1). */
#include "exact/limit_line.h"

enum { FAN_DEGREE = 3 };

struct fan {
    const struct statement *statement;
    const fmpq *a, *b, *c, *top;
    fmpq_poly_t e;
    struct curve curve;
};

/* a = a0 + c s, b = b0 + top (a0 s + c s^2/2) */
static void state(const void *self, const arb_t s, slong prec, arb_ptr x)
{
    const struct fan *fan = self;
    const size_t N = fan->statement->size;
    arb_t a, change, top;
    arb_init(a);
    arb_init(change);
    arb_init(top);
    arb_set_fmpq(top, fan->top, prec);
    for (size_t i = 0; i < N; i++) {
        arb_set_fmpq(a, fan->a + i, prec);
        arb_set_fmpq(change, fan->c + i, prec);
        arb_mul(change, change, s, prec);
        arb_add(x + i, a, change, prec);
        arb_mul_2exp_si(change, change, -1);
        arb_add(change, a, change, prec);
        arb_mul(change, change, s, prec);
        arb_mul(change, change, top, prec);
        arb_set_fmpq(a, fan->b + i, prec);
        arb_add(x + N + i, a, change, prec);
    }
    arb_clear(a);
    arb_clear(change);
    arb_clear(top);
}

/* P = a.b + (top |a|^2 + c.b) s + (3/2) top (c.a) s^2 + (1/2) top |c|^2 s^3 */
static void set_product(struct fan *fan)
{
    const slong N = (slong)fan->statement->size;
    fmpq_t value, other;
    fmpq_init(value);
    fmpq_init(other);
    _fmpq_vec_dot(value, fan->a, fan->b, N);
    fmpq_poly_set_coeff_fmpq(fan->e, 0, value);
    _fmpq_vec_dot(value, fan->a, fan->a, N);
    fmpq_mul(value, value, fan->top);
    _fmpq_vec_dot(other, fan->c, fan->b, N);
    fmpq_add(value, value, other);
    fmpq_poly_set_coeff_fmpq(fan->e, 1, value);
    _fmpq_vec_dot(value, fan->c, fan->a, N);
    fmpq_mul(value, value, fan->top);
    fmpq_div_2exp(value, value, 1);
    fmpq_add(other, value, value);
    fmpq_add(value, value, other);
    fmpq_poly_set_coeff_fmpq(fan->e, 2, value);
    _fmpq_vec_dot(value, fan->c, fan->c, N);
    fmpq_mul(value, value, fan->top);
    fmpq_div_2exp(value, value, 1);
    fmpq_poly_set_coeff_fmpq(fan->e, FAN_DEGREE, value);
    fmpq_clear(value);
    fmpq_clear(other);
}

static void fan_begin(const struct statement *s, struct fan *fan)
{
    const size_t N = s->size;
    *fan = (struct fan){.statement = s, .a = s->x0, .b = s->x0 + N, .c = s->c, .top = s->c + N};
    fmpq_poly_t alpha;
    fmpq_poly_init(alpha);
    fmpq_poly_init(fan->e);
    set_product(fan);
    fmpq_poly_scalar_mul_fmpq(fan->e, fan->e, &s->beta);
    fmpq_poly_neg(fan->e, fan->e);
    fmpq_poly_set_fmpq(alpha, &s->alpha);
    fmpq_poly_add(fan->e, fan->e, alpha);
    fmpq_poly_clear(alpha);
    curve_of_polynomial(fan->e, &fan->curve);
}

static bool all_zero(const fmpq *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!fmpq_is_zero(x + i))
            return false;
    return true;
}

/* The largest degree in s of a weight. */
static slong fastest_of(const struct fan *fan)
{
    const size_t N = fan->statement->size;
    const bool upper = !fmpq_is_zero(fan->top);
    if (all_zero(fan->c, N))
        return upper && !all_zero(fan->a, N) ? 1 : 0;
    return upper ? 2 : 1;
}

enum status limit_fan_line(const struct statement *statement, limit_line_use *use, void *context)
{
    struct fan fan;
    fan_begin(statement, &fan);
    const struct limit_line line = {.curve = &fan.curve,
                                    .self = &fan,
                                    .state = state,
                                    .fastest = fastest_of(&fan),
                                    .statement = statement};
    const enum status status = use(&line, context);
    fmpq_poly_clear(fan.e);
    return status;
}

enum status limit_fan_decide(const struct statement *statement, slong digits, struct limit *limit)
{
    struct limit_line_question question = {.digits = digits, .limit = limit};
    limit->theorem = "EX2";
    return limit_fan_line(statement, limit_line_answer, &question);
}

slong limit_fan_index(const struct statement *statement, const struct limit *limit)
{
    struct fan fan;
    fan_begin(statement, &fan);
    const slong index = limit_line_index(&fan.curve, limit->direction);
    fmpq_poly_clear(fan.e);
    return index;
}
