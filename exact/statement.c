/* A question in exact rationals: memory, the feedback of (N3), and the error at the start. */
#include "exact/statement.h"

#include <stdlib.h>

static bool adapts(enum statement_rule rule)
{
    return rule == STATEMENT_ARBP || rule == STATEMENT_ASRBP;
}

static void count_numbers(struct statement *s)
{
    const size_t n = s->size;
    switch (s->family) {
    case STATEMENT_CHAIN:
    case STATEMENT_POWER:
        s->dim = n + (adapts(s->rule) ? n - 1 : 0);
        s->c_count = n;
        return;
    case STATEMENT_FAN:
        s->dim = 2 * n + (adapts(s->rule) ? n : 0);
        s->c_count = n + 1;
        return;
    case STATEMENT_AUTOENCODER:
    case STATEMENT_FAMILIES:
        s->dim = 2 * n;
        s->c_count = n;
    }
}

enum status statement_create(enum statement_family family, enum statement_rule rule, size_t size,
                             struct statement **statement)
{
    if (size < 1 || size > STATEMENT_SIZE_MOST)
        return status_fail(BAD_ARGUMENT, "exact: a size of 1..%d, not %zu", STATEMENT_SIZE_MOST,
                           size);
    struct statement *s = calloc(1, sizeof *s + size * sizeof *s->mu);
    if (!s)
        return status_fail(NO_MEMORY, "an exact statement of size %zu", size);
    s->family = family;
    s->rule = rule;
    s->size = size;
    s->mu = (ulong *)(s + 1);
    count_numbers(s);
    s->x0 = _fmpq_vec_init((slong)s->dim);
    s->c = _fmpq_vec_init((slong)s->c_count);
    fmpq_init(&s->alpha);
    fmpq_init(&s->beta);
    *statement = s;
    return OK;
}

void statement_free(struct statement *s)
{
    if (!s)
        return;
    _fmpq_vec_clear(s->x0, (slong)s->dim);
    _fmpq_vec_clear(s->c, (slong)s->c_count);
    fmpq_clear(&s->alpha);
    fmpq_clear(&s->beta);
    free(s);
}

void statement_direct_of_layered(fmpq *c, size_t layers)
{
    for (size_t i = layers; i-- > 1;)
        fmpq_mul(c + i - 1, c + i - 1, c + i);
}

/* P at the start. */
static void product_of(const struct statement *s, fmpq_t P)
{
    if (s->family == STATEMENT_FAN) {
        fmpq_zero(P);
        for (size_t i = 0; i < s->size; i++)
            fmpq_addmul(P, s->x0 + i, s->x0 + s->size + i);
        return;
    }
    slong power = 1;
    fmpq_t factor;
    fmpq_init(factor);
    fmpq_one(P);
    for (size_t i = s->size; i-- > 0;) {
        if (s->family == STATEMENT_POWER && i + 1 < s->size)
            power *= (slong)s->mu[i];
        fmpq_pow_si(factor, s->x0 + i, power);
        fmpq_mul(P, P, factor);
    }
    fmpq_clear(factor);
}

void statement_error(const struct statement *s, fmpq_t e)
{
    product_of(s, e);
    fmpq_mul(e, e, &s->beta);
    fmpq_sub(e, &s->alpha, e);
}

bool statement_rates_are_one(const struct statement *s, size_t from)
{
    for (size_t i = from; i < s->c_count; i++)
        if (!fmpq_is_one(s->c + i))
            return false;
    return true;
}
