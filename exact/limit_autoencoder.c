/* A[N,1,N] with white inputs: a cubic, without any integration, (EX9) with (U2)-(U4).
 *
 * K = C B - |A|^2/2 is conserved and A -> x C, B -> C'/(x |C|^2), g(x) = |C|^2 x^3/2 + K x - 1 = 0.
 * Off the line of C the limit is the one positive zero; on the line, x' = -g(x), it is the next zero
 * from the start.  Whether A(0) is parallel to C is a question about rationals. */
#include "exact/limit_parts.h"

enum { CUBIC = 3, DOUBLINGS = 8 };

struct lone {
    const struct statement *statement;
    size_t N;
    const fmpq *A, *B, *C;
    fmpq_t K, c, x0; /* c = |C|^2; x0 = A C/c, where A is on the line */
    bool on_line;
    fmpq_poly_t e; /* -g(from + s) */
    fmpq_t from;
    struct curve curve;
    slong digits;
    struct limit *limit;
};

static bool is_parallel(const struct lone *p)
{
    fmpq_t left, right;
    bool parallel = true;
    fmpq_init(left);
    fmpq_init(right);
    for (size_t i = 0; i < p->N && parallel; i++) {
        fmpq_mul(left, p->x0, p->C + i);
        parallel = fmpq_equal(left, p->A + i);
    }
    fmpq_clear(left);
    fmpq_clear(right);
    return parallel;
}

static void set_numbers(struct lone *p)
{
    fmpq_t square;
    fmpq_init(square);
    _fmpq_vec_dot(p->c, p->C, p->C, (slong)p->N);
    _fmpq_vec_dot(p->K, p->C, p->B, (slong)p->N);
    _fmpq_vec_dot(square, p->A, p->A, (slong)p->N);
    fmpq_div_2exp(square, square, 1);
    fmpq_sub(p->K, p->K, square);
    _fmpq_vec_dot(p->x0, p->A, p->C, (slong)p->N);
    if (!fmpq_is_zero(p->c))
        fmpq_div(p->x0, p->x0, p->c);
    p->on_line = is_parallel(p);
    if (p->on_line)
        fmpq_set(p->from, p->x0);
    fmpq_clear(square);
}

/* 1 - K x - c x^3/2 at x = from + s */
static void set_cubic(struct lone *p)
{
    fmpq_poly_t shift;
    fmpq_t value;
    fmpq_init(value);
    fmpq_poly_init(shift);
    fmpq_poly_set_coeff_si(p->e, 0, 1);
    fmpq_neg(value, p->K);
    fmpq_poly_set_coeff_fmpq(p->e, 1, value);
    fmpq_div_2exp(value, p->c, 1);
    fmpq_neg(value, value);
    fmpq_poly_set_coeff_fmpq(p->e, CUBIC, value);
    fmpq_poly_set_coeff_fmpq(shift, 0, p->from);
    fmpq_poly_set_coeff_si(shift, 1, 1);
    fmpq_poly_compose(p->e, p->e, shift);
    fmpq_poly_clear(shift);
    fmpq_clear(value);
    curve_of_polynomial(p->e, &p->curve);
}

/* A = x C, B = C'/(x c) */
static void state_at(const struct lone *p, const arb_t x, slong prec)
{
    arb_t scale, C;
    arb_init(scale);
    arb_init(C);
    arb_set_fmpq(scale, p->c, prec);
    arb_mul(scale, scale, x, prec);
    arb_inv(scale, scale, prec);
    for (size_t i = 0; i < p->N; i++) {
        arb_set_fmpq(C, p->C + i, prec);
        arb_mul(p->limit->x + i, C, x, prec);
        arb_mul(p->limit->x + p->N + i, C, scale, prec);
    }
    arb_clear(scale);
    arb_clear(C);
}

/* The eigenvalue nearest to instability of -g'(x) and, if N > 1, of -1/x and -c x^2. */
static void rate_at(const struct lone *p, const arb_t x, slong prec)
{
    arb_t other, square;
    arb_ptr rate = p->limit->rate;
    arb_init(other);
    arb_init(square);
    arb_sqr(square, x, prec);
    arb_set_fmpq(other, p->c, prec);
    arb_mul(square, square, other, prec); /* c x^2 */
    arb_inv(other, x, prec);
    arb_add(rate, square, other, prec); /* g'(x) = 1/x + c x^2 at a zero */
    arb_neg(rate, rate);
    if (p->N > 1) {
        arb_neg(other, other);
        arb_max(rate, rate, other, prec);
        arb_neg(square, square);
        arb_max(rate, rate, square, prec);
    }
    arb_clear(other);
    arb_clear(square);
}

/* One input and g' = 0 at the limit: the rate is 0, which no ball proves. */
static bool is_degenerate(const struct lone *p)
{
    return p->N == 1 && arb_contains_zero(p->limit->rate);
}

static bool place(struct lone *p, const struct root *root)
{
    struct limit *limit = p->limit;
    const slong wanted = limit_bits(p->digits);
    slong bits = wanted;
    bool good = false;
    arb_t from;
    arb_init(from);
    for (int k = 0; k < DOUBLINGS && !good; k++, bits *= 2) {
        arb_zero(limit->clock);
        if (root && !root_refine(&p->curve, root, bits, limit->clock))
            break;
        arb_set_fmpq(from, p->from, 4 * bits);
        arb_add(limit->clock, limit->clock, from, 4 * bits);
        state_at(p, limit->clock, 2 * bits);
        rate_at(p, limit->clock, 2 * bits);
        good = limit_is_accurate(limit, wanted) &&
               (arb_rel_accuracy_bits(limit->rate) >= wanted || is_degenerate(p));
    }
    arb_clear(from);
    return good;
}

/* With one input the line is everything; else only x > 0 attracts from beside the line. */
static void settle(struct lone *p, ulong multiplicity)
{
    struct limit *limit = p->limit;
    limit_approach(multiplicity, limit);
    limit->has_rate = true;
    if (p->N > 1 && !arb_is_positive(limit->clock))
        limit->ending = ENDING_SADDLE;
    else if (multiplicity > 1)
        arb_zero(limit->rate);
    limit->minimum = p->N == 1;
}

/* A stays on a zero of g, and B goes to its place. */
static void stay(struct lone *p)
{
    int sign = 0;
    const slong order = curve_order_at_start(&p->curve, CUBIC + 1, &sign);
    if (!place(p, NULL)) {
        limit_undecided("the digits of the limit take too much precision", p->limit);
        return;
    }
    settle(p, (ulong)order);
    if (order % 2 == 0 || sign > 0)
        p->limit->ending = ENDING_SADDLE;
    p->limit->reason = "A starts on a fixed point";
}

static void follow(struct lone *p, int sign)
{
    struct root root;
    root_init(&root);
    root_first(&p->curve, (struct root_start){sign, sign}, &root);
    p->limit->direction = sign;
    if (root.verdict == ROOT_FOUND && place(p, &root))
        settle(p, root.multiplicity);
    else
        limit_undecided("the digits of the limit take too much precision", p->limit);
    root_clear(&root);
}

/* C = 0: A stays and B' = A' - B |A|^2. */
static void without_feedback(struct lone *p)
{
    struct limit *limit = p->limit;
    const slong prec = 2 * limit_bits(p->digits);
    fmpq_t square, value;
    limit_at_start(p->statement, limit);
    fmpq_init(square);
    fmpq_init(value);
    _fmpq_vec_dot(square, p->A, p->A, (slong)p->N);
    if (fmpq_is_zero(square)) {
        limit->ending = ENDING_SADDLE; /* from A = delta, B goes to delta/|delta|^2 */
        limit->reason = "starts on a fixed point that its neighbours leave";
    } else {
        for (size_t i = 0; i < p->N; i++) {
            fmpq_div(value, p->A + i, square);
            arb_set_fmpq(limit->x + p->N + i, value, prec);
        }
        limit_approach(1, limit);
        arb_set_fmpq(limit->rate, square, prec);
        arb_neg(limit->rate, limit->rate);
        limit->has_rate = true;
        limit->minimum = p->N == 1;
    }
    fmpq_clear(square);
    fmpq_clear(value);
}

static void decide(struct lone *p)
{
    fmpq_t start;
    set_numbers(p);
    if (fmpq_is_zero(p->c)) {
        without_feedback(p);
        return;
    }
    set_cubic(p);
    fmpq_init(start);
    fmpq_poly_get_coeff_fmpq(start, p->e, 0);
    const int sign = fmpq_sgn(start);
    fmpq_clear(start);
    if (sign == 0)
        stay(p);
    else
        follow(p, sign);
}

static void lone_begin(const struct statement *s, struct lone *p)
{
    *p = (struct lone){.statement = s, .N = s->size, .A = s->x0, .C = s->c};
    p->B = p->A + p->N;
    fmpq_init(p->K);
    fmpq_init(p->c);
    fmpq_init(p->x0);
    fmpq_init(p->from);
    fmpq_poly_init(p->e);
}

static void lone_end(struct lone *p)
{
    fmpq_clear(p->K);
    fmpq_clear(p->c);
    fmpq_clear(p->x0);
    fmpq_clear(p->from);
    fmpq_poly_clear(p->e);
}

enum status limit_autoencoder_decide(const struct statement *statement, slong digits,
                                     struct limit *limit)
{
    struct lone p;
    lone_begin(statement, &p);
    p.digits = digits;
    p.limit = limit;
    limit->theorem = "EX9";
    limit->reason = NULL;
    decide(&p);
    lone_end(&p);
    return OK;
}

slong limit_autoencoder_index(const struct statement *statement, const struct limit *limit)
{
    struct lone p;
    lone_begin(statement, &p);
    set_numbers(&p);
    slong index = 0;
    if (!fmpq_is_zero(p.c)) {
        set_cubic(&p);
        index = root_index(&p.curve, (struct root_start){limit->direction, limit->direction});
    }
    lone_end(&p);
    return index;
}
