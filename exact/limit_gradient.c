/* Gradient descent on a chain: exact algebra, (EX8) with (B1), (B2), (B4).
 *
 * With b_i = a_i/sqrt(eta_i) all b_i^2 grow alike, so that the smallest b_i^2 decides: the limit has
 * b_i^2 = y + k_i, k_i = b_i^2(0) - min_j b_j^2(0), where y >= 0 solves prod (y + k_i) = rho^2/H,
 * H = prod eta_i.  All k_i are rational, so ties are ties.  If the smallest is attained more than once and P(0) has
 * the wrong sign, the tied weights vanish instead: a saddle. */
#include "exact/limit_parts.h"

#include <stdlib.h>

enum { DOUBLINGS = 8 };

struct gradient {
    const struct statement *statement;
    size_t L, smallest, tied;
    fmpq *k;       /* [L] */
    fmpq_t target; /* rho^2/H */
    int sign_P, sign_e;
    fmpq_poly_t e; /* target - prod (y + k_i) */
    slong digits;
    struct limit *limit;
};

static void set_squares(struct gradient *g)
{
    const struct statement *s = g->statement;
    fmpq_t least;
    for (size_t i = 0; i < g->L; i++) {
        fmpq_mul(g->k + i, s->x0 + i, s->x0 + i);
        fmpq_div(g->k + i, g->k + i, s->c + i);
        if (fmpq_cmp(g->k + i, g->k + g->smallest) < 0)
            g->smallest = i;
    }
    fmpq_init(least);
    fmpq_set(least, g->k + g->smallest);
    for (size_t i = 0; i < g->L; i++) {
        fmpq_sub(g->k + i, g->k + i, least);
        g->tied += fmpq_is_zero(g->k + i);
    }
    fmpq_clear(least);
}

static void set_target(struct gradient *g)
{
    const struct statement *s = g->statement;
    fmpq_div(g->target, &s->alpha, &s->beta);
    fmpq_mul(g->target, g->target, g->target);
    for (size_t i = 0; i < g->L; i++)
        fmpq_div(g->target, g->target, s->c + i);
}

static void set_signs(struct gradient *g)
{
    fmpq_t e;
    fmpq_init(e);
    statement_error(g->statement, e);
    g->sign_e = fmpq_sgn(e);
    fmpq_clear(e);
    g->sign_P = 1;
    for (size_t i = 0; i < g->L; i++)
        g->sign_P *= fmpq_sgn(g->statement->x0 + i);
}

/* target - prod (y + k_i) */
static void set_polynomial(struct gradient *g)
{
    fmpq_poly_t factor;
    fmpq_poly_init(factor);
    fmpq_poly_set_si(g->e, -1);
    for (size_t i = 0; i < g->L; i++) {
        fmpq_poly_set_coeff_fmpq(factor, 0, g->k + i);
        fmpq_poly_set_coeff_si(factor, 1, 1);
        fmpq_poly_mul(g->e, g->e, factor);
    }
    fmpq_poly_set_fmpq(factor, g->target);
    fmpq_poly_add(g->e, g->e, factor);
    fmpq_poly_clear(factor);
}

/* x_i = +-sqrt(eta_i (y + k_i)), and the smallest with the sign that makes P agree with rho */
static void state_at(const struct gradient *g, const arb_t y, slong prec)
{
    const struct statement *s = g->statement;
    int sign = fmpq_sgn(&s->alpha);
    arb_t eta;
    arb_init(eta);
    for (size_t i = 0; i < g->L; i++) {
        arb_ptr x = g->limit->x + i;
        arb_set_fmpq(x, g->k + i, prec);
        arb_add(x, x, y, prec);
        arb_set_fmpq(eta, s->c + i, prec);
        arb_mul(x, x, eta, prec);
        arb_nonnegative_part(x, x);
        arb_sqrt(x, x, prec);
        if (fmpq_sgn(s->x0 + i) < 0 && i != g->smallest)
            arb_neg(x, x);
        sign *= i == g->smallest || fmpq_sgn(s->x0 + i) > 0 ? 1 : -1;
    }
    if (sign < 0)
        arb_neg(g->limit->x + g->smallest, g->limit->x + g->smallest);
    arb_clear(eta);
}

/* -beta sum eta_i (prod_(k != i) a_k)^2 */
static void rate_at(const struct gradient *g, slong prec)
{
    const struct statement *s = g->statement;
    arb_t sum, product;
    arb_init(sum);
    arb_init(product);
    for (size_t i = 0; i < g->L; i++) {
        arb_one(product);
        for (size_t j = 0; j < g->L; j++)
            if (j != i)
                arb_mul(product, product, g->limit->x + j, prec);
        arb_sqr(product, product, prec);
        arb_set_fmpq(g->limit->rate, s->c + i, prec);
        arb_addmul(sum, product, g->limit->rate, prec);
    }
    arb_set_fmpq(product, &s->beta, prec);
    arb_mul(sum, sum, product, prec);
    arb_neg(g->limit->rate, sum);
    arb_clear(sum);
    arb_clear(product);
}

/* ---- endings ---- */

/* The only zero y > 0 of the polynomial; y = 0 if the target is 0. */
static bool place(struct gradient *g, const struct root *root)
{
    const slong wanted = limit_bits(g->digits);
    slong bits = wanted;
    struct curve curve;
    curve_of_polynomial(g->e, &curve);
    for (int k = 0; k < DOUBLINGS; k++, bits *= 2) {
        if (root && !root_refine(&curve, root, bits, g->limit->clock))
            return false;
        state_at(g, g->limit->clock, 2 * bits);
        rate_at(g, 2 * bits);
        if (limit_is_accurate(g->limit, wanted) &&
            (arb_is_zero(g->limit->rate) || arb_rel_accuracy_bits(g->limit->rate) >= wanted))
            return true;
    }
    return false;
}

static void reach_minimum(struct gradient *g)
{
    struct limit *limit = g->limit;
    struct root root;
    struct curve curve;
    bool good = false;
    curve_of_polynomial(g->e, &curve);
    root_init(&root);
    if (fmpq_is_zero(g->target)) {
        good = place(g, NULL);
    } else {
        root_first(&curve, (struct root_start){1, 1}, &root);
        good = root.verdict == ROOT_FOUND && place(g, &root);
    }
    root_clear(&root);
    if (!good) {
        limit_undecided("the digits of the limit take too much precision", limit);
        return;
    }
    const bool degenerate = fmpq_is_zero(g->target) && g->tied > 1;
    limit->direction = g->sign_e;
    limit_approach(degenerate ? 2 * g->tied - 1 : 1, limit);
    limit->minimum = true;
    limit->has_rate = true;
}

/* |alpha| prod_tied sqrt(eta_j) prod_rest |a_j| */
static void saddle_rate(struct gradient *g, slong prec)
{
    arb_t factor;
    arb_init(factor);
    arb_set_fmpq(g->limit->rate, &g->statement->alpha, prec);
    for (size_t i = 0; i < g->L; i++) {
        arb_set(factor, g->limit->x + i);
        if (fmpq_is_zero(g->k + i)) {
            arb_set_fmpq(factor, g->statement->c + i, prec);
            arb_sqrt(factor, factor, prec);
        }
        arb_mul(g->limit->rate, g->limit->rate, factor, prec);
    }
    arb_abs(g->limit->rate, g->limit->rate);
    arb_clear(factor);
}

static void reach_saddle(struct gradient *g)
{
    const slong prec = 2 * limit_bits(g->digits);
    struct limit *limit = g->limit;
    arb_zero(limit->clock);
    state_at(g, limit->clock, prec);
    limit->has_limit = limit->has_rate = true;
    limit->direction = g->sign_e;
    limit->multiplicity = g->tied - 1;
    if (g->tied == 2) {
        limit->ending = ENDING_SADDLE;
        saddle_rate(g, prec);
        return;
    }
    limit_approach(g->tied - 1, limit);
    arb_zero(limit->rate);
}

static void rest(struct gradient *g)
{
    struct limit *limit = g->limit;
    const slong prec = 2 * limit_bits(g->digits);
    limit_at_start(g->statement, limit);
    limit->reason = "starts on a fixed point";
    limit->has_rate = true;
    if (g->sign_e != 0) { /* two weights or more are zero, and e = alpha */
        limit->ending = ENDING_SADDLE;
        limit->multiplicity = g->tied - 1;
        arb_zero(limit->rate);
        if (g->tied == 2)
            saddle_rate(g, prec);
        return;
    }
    rate_at(g, prec);
    limit->minimum = true;
    if (arb_is_negative(limit->rate)) {
        limit_rest(1, -1, limit);
    } else {
        limit->ending = ENDING_HORIZON;
        limit->reason = "starts on a minimum where the rate vanishes; whether it attracts is not "
                        "decided";
    }
}

/* ---- */

static void decide(struct gradient *g)
{
    set_squares(g);
    set_target(g);
    set_signs(g);
    set_polynomial(g);
    const int sign_rho = fmpq_sgn(&g->statement->alpha);
    if (g->sign_e == 0 || (g->sign_P == 0 && g->tied > 1))
        rest(g);
    else if (g->tied > 1 && g->sign_P * sign_rho < 0)
        reach_saddle(g);
    else
        reach_minimum(g);
}

static bool is_descent(const struct statement *s)
{
    bool descends = fmpq_sgn(&s->beta) > 0;
    for (size_t i = 0; i < s->size; i++)
        descends = descends && fmpq_sgn(s->c + i) > 0;
    return descends;
}

enum status limit_gradient_decide(const struct statement *statement, slong digits,
                                  struct limit *limit)
{
    struct gradient g = {
        .statement = statement, .L = statement->size, .digits = digits, .limit = limit};
    limit->theorem = "EX8";
    if (!is_descent(statement)) {
        limit_undecided("gradient descent is decided for beta > 0 and positive rates", limit);
        return OK;
    }
    limit->reason = NULL;
    g.k = _fmpq_vec_init((slong)g.L);
    fmpq_init(g.target);
    fmpq_poly_init(g.e);
    decide(&g);
    _fmpq_vec_clear(g.k, (slong)g.L);
    fmpq_clear(g.target);
    fmpq_poly_clear(g.e);
    return OK;
}
