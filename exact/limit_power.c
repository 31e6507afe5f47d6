/* Chains of powers under layered feedback: the recursion of a plain chain, slowed down, (EX4).
 *
 *     ds/dt = F e,   F = const prod_(j < L) a_j^(m_j - 1),   m_j = mu_j ... mu_(L-1),
 *
 * so that the limit is the first zero of e or of a weight with m_j > 1, whichever comes first.  The
 * curve of the march is the product of all these factors; which of them vanishes is what the balls
 * say, and the order of the zero of F e follows from the exponents. */
#include "exact/curve_chain.h"
#include "exact/limit_parts.h"

enum { DOUBLINGS = 8 };

struct question {
    const struct statement *statement;
    const struct curve_chain *chain;
    slong digits;
    struct limit *limit;
};

/* prod_(1 < j < L) mu_j prod_(j != left_out) a_j^(m_j - 1) */
static void slowness(const struct question *q, arb_srcptr a, slong prec, size_t left_out, arb_t F)
{
    const size_t L = q->chain->L;
    arb_t power;
    arb_init(power);
    arb_one(F);
    for (size_t j = 0; j < L; j++) {
        if (j > 0 && j + 1 < L)
            arb_mul_ui(F, F, q->statement->mu[j], prec);
        if (j == left_out)
            continue;
        arb_pow_ui(power, a + j, q->chain->m[j] - 1, prec);
        arb_mul(F, F, power, prec);
    }
    arb_clear(power);
}

/* Times e without the power of the weight left out: e itself if alpha != 0. */
static void error_factor(const struct question *q, arb_srcptr a, slong prec, size_t left_out,
                         arb_t F)
{
    const struct curve_chain *chain = q->chain;
    arb_t number;
    arb_init(number);
    if (chain->has_error) { /* P = 0 there */
        arb_set_fmpq(number, &chain->alpha, prec);
    } else {
        arb_set_fmpq(number, &chain->beta, prec);
        arb_neg(number, number);
    }
    arb_mul(F, F, number, prec);
    for (size_t j = 0; j < chain->L && !chain->has_error; j++)
        if (j != left_out) {
            arb_pow_ui(number, a + j, chain->m[j], prec);
            arb_mul(F, F, number, prec);
        }
    arb_clear(number);
}

/* The one factor that vanishes at s: a weight, L: e, L + 1: more than one, or none is proved. */
static size_t vanishing_factor(const struct question *q, const arb_t s, slong prec)
{
    const struct curve_chain *chain = q->chain;
    size_t which = chain->L + 1, count = 0;
    arb_ptr jet = _arb_vec_init(2);
    for (size_t j = 0; j <= chain->L; j++) {
        if (j < chain->L ? !chain->stops[j] : !chain->has_error)
            continue;
        curve_chain_factor(chain, j, s, prec, jet);
        if (!arb_is_positive(jet) && !arb_is_negative(jet)) {
            which = j;
            count++;
        }
    }
    _arb_vec_clear(jet, 2);
    return count == 1 ? which : chain->L + 1;
}

/* The order of the zero of F e where the factor has one of order `multiplicity`. */
static ulong order_of(const struct question *q, size_t factor, ulong multiplicity)
{
    const struct curve_chain *chain = q->chain;
    if (factor == chain->L)
        return multiplicity;
    const ulong m = chain->m[factor];
    return multiplicity * (chain->has_error ? m - 1 : 2 * m - 1);
}

/* d(F e)/ds at a zero of order one of F e. */
static void rate_at(const struct question *q, const arb_t s, slong prec, size_t factor)
{
    arb_ptr a = q->limit->x, jet = _arb_vec_init(2);
    curve_chain_factor(q->chain, factor, s, prec, jet);
    slowness(q, a, prec, factor, q->limit->rate);
    if (factor < q->chain->L)
        error_factor(q, a, prec, factor, q->limit->rate);
    arb_mul(q->limit->rate, q->limit->rate, jet + 1, prec);
    _arb_vec_clear(jet, 2);
}

static bool place(struct question *q, const struct root *root, size_t *factor)
{
    struct limit *limit = q->limit;
    const slong wanted = limit_bits(q->digits);
    slong bits = wanted;
    for (int k = 0; k < DOUBLINGS; k++, bits *= 2) {
        if (!root_refine(&q->chain->curve, root, bits, limit->clock))
            return false;
        *factor = vanishing_factor(q, limit->clock, 2 * bits);
        if (*factor > q->chain->L)
            continue;
        curve_chain_state(q->chain, limit->clock, 2 * bits, limit->x);
        if (*factor < q->chain->L)
            arb_zero(limit->x + *factor);
        const bool simple = order_of(q, *factor, root->multiplicity) == 1;
        if (simple)
            rate_at(q, limit->clock, 2 * bits, *factor);
        if (limit_is_accurate(limit, wanted) &&
            (!simple || arb_rel_accuracy_bits(limit->rate) >= wanted))
            return true;
    }
    return false;
}

static void approach(struct question *q, const struct root *root)
{
    size_t factor = 0;
    struct limit *limit = q->limit;
    if (!place(q, root, &factor)) {
        limit_undecided("several factors vanish together, or the digits take too much precision",
                        limit);
        return;
    }
    limit->direction = root->direction;
    limit_approach(order_of(q, factor, root->multiplicity), limit);
    limit->minimum = factor == q->chain->L || !q->chain->has_error;
    limit->has_rate = true;
    if (limit->multiplicity > 1)
        arb_zero(limit->rate);
    if (!limit->minimum)
        limit->reason = "a weight vanishes, and with it every update: not a global minimum";
}

/* ---- at rest ---- */

/* On e = 0 or where a weight with m_j > 1 vanishes. */
static void rest(struct question *q)
{
    struct limit *limit = q->limit;
    const slong prec = 2 * limit_bits(q->digits);
    arb_t zero;
    arb_init(zero);
    limit_at_start(q->statement, limit);
    const size_t factor = vanishing_factor(q, zero, prec);
    arb_ptr jet = _arb_vec_init(2);
    if (factor <= q->chain->L)
        curve_chain_factor(q->chain, factor, zero, prec, jet);
    const bool moves = arb_is_positive(jet + 1) || arb_is_negative(jet + 1);
    limit->reason = "starts on a fixed point; whether it attracts is not decided";
    if (factor <= q->chain->L && moves) {
        const slong order = (slong)order_of(q, factor, 1);
        rate_at(q, zero, prec, factor);
        const int slope = arb_is_positive(jet + 1) ? 1 : -1;
        const int sign = arb_is_positive(limit->rate) ? 1 : -1;
        limit_rest(order, order % 2 ? sign : sign * slope, limit);
        limit->has_rate = true;
        if (order > 1)
            arb_zero(limit->rate);
        limit->minimum = factor == q->chain->L || !q->chain->has_error;
    }
    _arb_vec_clear(jet, 2);
    arb_clear(zero);
}

/* ---- */

/* The signs of F e and of the curve at the start; false: at rest. */
static bool starts_moving(const struct question *q, struct root_start *start)
{
    fmpq_t e;
    fmpq_init(e);
    statement_error(q->statement, e);
    start->direction = fmpq_sgn(e);
    start->sign = q->chain->has_error ? fmpq_sgn(e) : 1;
    fmpq_clear(e);
    for (size_t j = 0; j < q->chain->L; j++) {
        const int sign = fmpq_sgn(q->chain->a + j);
        if (q->chain->m[j] > 1)
            start->direction *= q->chain->m[j] % 2 ? sign * sign : sign;
        if (q->chain->stops[j])
            start->sign *= sign;
    }
    return start->direction != 0 && start->sign != 0;
}

static void follow(struct question *q, struct root_start start)
{
    struct root root;
    root_init(&root);
    root_first(&q->chain->curve, start, &root);
    switch (root.verdict) {
    case ROOT_FOUND:
        approach(q, &root);
        break;
    case ROOT_NONE:
        limit_undecided("no zero ahead: how powers grow then is not decided", q->limit);
        break;
    case ROOT_UNDECIDED:
        limit_undecided(root.reason, q->limit);
    }
    root_clear(&root);
}

enum status limit_power_decide(const struct statement *statement, slong digits, struct limit *limit)
{
    struct curve_chain *chain;
    struct root_start start;
    TRY(curve_chain_create(statement, &chain));
    struct question q = {.statement = statement, .chain = chain, .digits = digits, .limit = limit};
    limit->theorem = "EX4";
    limit->reason = NULL;
    if (!starts_moving(&q, &start))
        rest(&q);
    else if (chain->fastest == 0)
        limit_undecided("nothing moves although the error does not vanish", limit);
    else
        follow(&q, start);
    curve_chain_free(chain);
    return OK;
}

slong limit_power_index(const struct statement *statement, const struct limit *limit)
{
    struct curve_chain *chain;
    struct root_start start;
    (void)limit;
    if (curve_chain_create(statement, &chain) != OK)
        return 0;
    const struct question q = {.statement = statement, .chain = chain};
    const slong index = starts_moving(&q, &start) ? root_index(&chain->curve, start) : 0;
    curve_chain_free(chain);
    return index;
}
