/* Endings in terms of zeros, and the choice of the method by family and rule.
 *
 * A zero of multiplicity one is approached exponentially and attracts from both sides; a multiple one is
 * approached algebraically, like t^(-1/(m-1)): creeping.  At rest on a zero, the order and the sign
 * of the first coefficient tell whether the neighbours come back. */
#include "exact/limit_parts.h"

#include <stdlib.h>

slong limit_bits(slong digits)
{
    /* log2(10) < 3.33; a few bits for the last digit and the recursion */
    enum { NUMERATOR = 333, DENOMINATOR = 100, GUARD = 16 };
    return digits * NUMERATOR / DENOMINATOR + GUARD;
}

struct limit *limit_create(const struct statement *statement)
{
    struct limit *limit = calloc(1, sizeof *limit);
    if (!limit)
        return NULL;
    limit->dim = statement->dim;
    limit->x = _arb_vec_init((slong)limit->dim);
    arb_init(limit->clock);
    arb_init(limit->rate);
    arb_init(limit->time);
    limit->ending = ENDING_HORIZON;
    return limit;
}

void limit_free(struct limit *limit)
{
    if (!limit)
        return;
    _arb_vec_clear(limit->x, (slong)limit->dim);
    arb_clear(limit->clock);
    arb_clear(limit->rate);
    arb_clear(limit->time);
    free(limit);
}

void limit_undecided(const char *reason, struct limit *limit)
{
    limit->ending = ENDING_HORIZON;
    limit->has_limit = false;
    limit->reason = reason;
}

void limit_at_start(const struct statement *statement, struct limit *limit)
{
    enum { PREC = 4 * LIMIT_DIGITS_MOST };
    for (size_t i = 0; i < limit->dim; i++)
        arb_set_fmpq(limit->x + i, statement->x0 + i, PREC);
    limit->has_limit = true;
    limit->direction = 0;
}

void limit_rest(slong order, int sign, struct limit *limit)
{
    limit->reason = "starts on a fixed point";
    limit->multiplicity = order > 0 ? (ulong)order : 0;
    if (order <= 0) {
        limit->ending = ENDING_HORIZON;
        limit->reason = "starts on a fixed point, all of whose leaf is fixed: whether this set "
                        "attracts is not decided";
    } else if (order % 2 == 0 || sign > 0) {
        limit->ending = ENDING_SADDLE;
    } else {
        limit->ending = order == 1 ? ENDING_SETTLED : ENDING_CREEPING;
    }
}

void limit_approach(ulong multiplicity, struct limit *limit)
{
    limit->multiplicity = multiplicity;
    limit->has_limit = true;
    limit->ending = multiplicity == 1 ? ENDING_SETTLED : ENDING_CREEPING;
    if (multiplicity > 1)
        limit->exponent =
            (struct limit_exponent){.numerator = -1, .denominator = (slong)multiplicity - 1};
}

/* The largest component in modulus, or 1 where no component is proved not to be 0. */
static void scale_of(const struct limit *limit, mag_t scale)
{
    mag_t size;
    bool nonzero = false;
    mag_init(size);
    mag_zero(scale);
    for (size_t i = 0; i < limit->dim; i++) {
        arb_get_mag(size, limit->x + i);
        mag_max(scale, scale, size);
        nonzero = nonzero || arb_is_positive(limit->x + i) || arb_is_negative(limit->x + i);
    }
    if (!nonzero)
        mag_one(scale);
    mag_clear(size);
}

bool limit_is_accurate(const struct limit *limit, slong bits)
{
    mag_t least;
    mag_init(least);
    scale_of(limit, least);
    mag_mul_2exp_si(least, least, -bits);
    bool accurate = true;
    for (size_t i = 0; i < limit->dim; i++)
        accurate =
            accurate && arb_is_finite(limit->x + i) &&
            (arb_rel_accuracy_bits(limit->x + i) >= bits ||
             (arb_contains_zero(limit->x + i) && mag_cmp(arb_radref(limit->x + i), least) <= 0));
    mag_clear(least);
    return accurate;
}

double limit_radius(const struct limit *limit)
{
    mag_t radius;
    mag_init(radius);
    for (size_t i = 0; i < limit->dim; i++)
        mag_max(radius, radius, arb_radref(limit->x + i));
    const double value = mag_get_d(radius);
    mag_clear(radius);
    return value;
}

char *limit_text(const arb_t value, slong digits)
{
    return arb_get_str(value, digits, ARB_STR_NO_RADIUS);
}

/* How one family is decided under one rule. */
struct method {
    enum status (*decide)(const struct statement *statement, slong digits, struct limit *limit);
    slong (*index)(const struct statement *statement, const struct limit *limit);
};

static const struct method by_chain = {limit_chain_decide, limit_chain_index},
                           by_power = {limit_power_decide, limit_power_index},
                           by_fan = {limit_fan_decide, limit_fan_index},
                           by_pair = {limit_pair_decide, limit_pair_index},
                           by_gradient = {limit_gradient_decide, NULL},
                           by_skipped = {limit_skipped_decide, NULL},
                           by_layered = {limit_layered_decide, NULL},
                           by_autoencoder = {limit_autoencoder_decide, limit_autoencoder_index};

/* NULL: none.  One layer has no feedback to adapt. */
static const struct method *chain_method(const struct statement *s)
{
    enum { PAIR = 2 };
    if (s->rule == STATEMENT_DIRECT || s->size == 1)
        return &by_chain;
    if (s->rule == STATEMENT_BP)
        return &by_gradient;
    if (s->size == PAIR)
        return &by_pair;
    return s->rule == STATEMENT_ARBP ? &by_layered : &by_skipped;
}

static const struct method *method_of(const struct statement *s)
{
    switch (s->family) {
    case STATEMENT_CHAIN:
        return chain_method(s);
    case STATEMENT_POWER:
        return s->rule == STATEMENT_DIRECT ? &by_power : NULL;
    case STATEMENT_FAN:
        return s->rule == STATEMENT_DIRECT ? &by_fan : &by_pair;
    case STATEMENT_AUTOENCODER:
        return s->rule == STATEMENT_DIRECT ? &by_autoencoder : NULL;
    case STATEMENT_FAMILIES:
        break;
    }
    return NULL;
}

enum status limit_decide(const struct statement *statement, slong digits, struct limit *limit)
{
    if (digits < 1 || digits > LIMIT_DIGITS_MOST)
        return status_fail(BAD_ARGUMENT, "exact: 1..%d digits, not %ld", LIMIT_DIGITS_MOST,
                           (long)digits);
    limit_undecided("no theorem of notes/exact.md covers this system and rule", limit);
    limit->theorem = NULL;
    const struct method *method = method_of(statement);
    return method ? method->decide(statement, digits, limit) : OK;
}

bool limit_has_formula(const struct statement *statement)
{
    const struct method *method = method_of(statement);
    return method && method != &by_layered;
}

slong limit_index(const struct statement *statement, const struct limit *limit)
{
    if (!limit->has_limit || limit->direction == 0)
        return 0;
    const struct method *method = method_of(statement);
    return method && method->index ? method->index(statement, limit) : 0;
}
