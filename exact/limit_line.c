/* The next zero of e in the direction of e(0); or rest; or growth.
 *
 * Steps: the sign of e at the start, exactly; the first zero; its multiplicity and place; or, without
 * a zero, how the weights grow: not at all where every update vanishes, like a power of t where e is
 * constant, exponentially where it is linear, else in finite time. */
#include "exact/limit_line.h"

#include "exact/blowup.h"

enum { ORDER_MOST = 64, DOUBLINGS = 8 };

/* ---- at rest ---- */

/* The rate e'(0); false if it is not proved to be nonzero. */
static bool rest_is_simple(const struct limit_line *line, struct limit *limit)
{
    arb_ptr jet = _arb_vec_init(2);
    arb_t zero;
    arb_init(zero);
    line->curve->jet(line->curve->self, zero, 1, 2 * limit_bits(line->digits), jet);
    arb_set(limit->rate, jet + 1);
    limit->has_rate = arb_is_positive(limit->rate) || arb_is_negative(limit->rate);
    arb_clear(zero);
    _arb_vec_clear(jet, 2);
    return limit->has_rate;
}

static void rest_on_error(const struct limit_line *line, struct limit *limit)
{
    int sign = 0;
    limit->minimum = true;
    if (rest_is_simple(line, limit)) {
        limit_rest(1, arb_is_positive(limit->rate) ? 1 : -1, limit);
        return;
    }
    const slong order = curve_order_at_start(line->curve, ORDER_MOST, &sign);
    limit_rest(order, sign, limit);
    if (order < 0 && line->curve->degree >= 0)
        limit->reason = "starts where alpha = beta P; whether it attracts is not decided";
    arb_zero(limit->rate);
    limit->has_rate = order > 0;
}

/* Do all starts rest? */
static bool never_moves(const struct statement *s)
{
    if (s->family != STATEMENT_CHAIN || s->rule != STATEMENT_DIRECT)
        return false;
    for (size_t i = 0; i < s->c_count; i++)
        if (!fmpq_is_zero(s->c + i))
            return false;
    return true;
}

/* e != 0, but every update vanishes: also nearby, (E26), or only here, and the neighbours leave. */
static void rest_frozen(const struct limit_line *line, struct limit *limit)
{
    limit_at_start(line->statement, limit);
    if (never_moves(line->statement)) {
        limit->ending = ENDING_SETTLED;
        limit->reason = "all feedback vanishes: nothing moves, here and nearby";
        return;
    }
    limit->ending = ENDING_SADDLE;
    limit->reason = "every update vanishes although the error does not: frozen";
    arb_zero(limit->rate);
    limit->has_rate = true;
}

/* ---- without a zero ---- */

static void grow(const struct limit_line *line, int direction, struct limit *limit)
{
    const slong degree = line->curve->degree;
    limit->direction = direction;
    limit->has_limit = false;
    if (degree < 2) {
        limit->ending = ENDING_UNBOUNDED;
        limit->exponent = degree == 0 ? (struct limit_exponent){line->fastest, 1, false}
                                      : (struct limit_exponent){0, 0, true};
        return;
    }
    limit->ending = ENDING_ESCAPED;
    limit->has_time = blowup_time(line->curve, direction, limit_bits(line->digits), limit->time);
    if (!limit->has_time)
        limit->reason = "the blow-up is certain, the integral for its time was not enclosed";
}

/* ---- at a zero ---- */

/* The limit and the rate to the digits asked for. */
static bool place(const struct limit_line *line, const struct root *root, struct limit *limit)
{
    const slong wanted = limit_bits(line->digits);
    slong bits = wanted;
    bool good = false;
    arb_ptr jet = _arb_vec_init(2);
    for (int k = 0; k < DOUBLINGS && !good; k++, bits *= 2) {
        if (!root_refine(line->curve, root, bits, limit->clock))
            break;
        line->state(line->self, limit->clock, 2 * bits, limit->x);
        line->curve->jet(line->curve->self, limit->clock, 1, 2 * bits, jet);
        arb_set(limit->rate, jet + 1);
        good = limit_is_accurate(limit, wanted) &&
               (root->multiplicity > 1 || arb_rel_accuracy_bits(limit->rate) >= wanted);
    }
    _arb_vec_clear(jet, 2);
    return good;
}

/* Where P = 0 at a simple zero, exactly one weight of a chain vanishes, and all the others have balls
 * without 0. */
static void set_vanishing_weight(const struct limit_line *line, struct limit *limit)
{
    size_t zeros = 0, which = 0;
    if (line->statement->family != STATEMENT_CHAIN || limit->multiplicity != 1 ||
        !fmpq_is_zero(&line->statement->alpha))
        return;
    for (size_t i = 0; i < line->statement->size; i++)
        if (arb_contains_zero(limit->x + i)) {
            zeros++;
            which = i;
        }
    if (zeros == 1)
        arb_zero(limit->x + which);
}

static void approach(const struct limit_line *line, const struct root *root, struct limit *limit)
{
    if (!place(line, root, limit)) {
        limit_undecided("the limit is isolated, but its digits take too much precision", limit);
        return;
    }
    limit->direction = root->direction;
    limit_approach(root->multiplicity, limit);
    limit->minimum = true;
    limit->has_rate = true;
    if (root->multiplicity > 1) {
        arb_zero(limit->rate);
        limit->theorem = "EX3";
    }
    set_vanishing_weight(line, limit);
}

/* ---- */

static void follow(const struct limit_line *line, int sign, struct limit *limit)
{
    struct root root;
    if (line->curve->degree == 0) {
        grow(line, sign, limit);
        return;
    }
    root_init(&root);
    root_first(line->curve, (struct root_start){sign, sign}, &root);
    switch (root.verdict) {
    case ROOT_FOUND:
        approach(line, &root, limit);
        break;
    case ROOT_NONE:
        grow(line, sign, limit);
        break;
    case ROOT_UNDECIDED:
        limit_undecided(root.reason, limit);
    }
    root_clear(&root);
}

void limit_line_decide(const struct limit_line *line, struct limit *limit)
{
    fmpq_t e;
    fmpq_init(e);
    limit->reason = NULL;
    statement_error(line->statement, e);
    const int sign = fmpq_sgn(e);
    fmpq_clear(e);
    if (sign == 0) {
        limit_at_start(line->statement, limit);
        rest_on_error(line, limit);
    } else if (line->fastest == 0) {
        rest_frozen(line, limit);
    } else {
        follow(line, sign, limit);
    }
}

enum status limit_line_answer(const struct limit_line *line, void *question)
{
    const struct limit_line_question *asked = question;
    struct limit_line with_digits = *line;
    with_digits.digits = asked->digits;
    limit_line_decide(&with_digits, asked->limit);
    return OK;
}

slong limit_line_index(const struct curve *curve, int direction)
{
    return root_index(curve, (struct root_start){direction, direction});
}
