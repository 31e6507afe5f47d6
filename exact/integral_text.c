/* A reader by recursive descent, and a writer.
 *
 *     sum     = ["+" | "-"] product {("+" | "-") product}
 *     product = power {("*" | "/") power}
 *     power   = atom ["^" digits]
 *     atom    = number | name | "(" sum ")" | "exp" "(" sum ")"
 *
 * exp(...) is allowed where a product with it is the whole text; the reader keeps its argument
 * beside the polynomial.  Sizes are bounded while they grow, so that a short text cannot fill the
 * memory. */
#include "exact/integral_text.h"

#include "exact/rational.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    COEFFICIENT_BITS_MOST = 60000, /* less than the digits that rational_read() takes */
    NESTING_MOST = 64,
    NAMES_SHOWN = 6,
    QUOTED = 40,
    DECIMAL = 10
};

struct reader {
    const struct field *field;
    const char *text, *at;
    int depth;
    fmpq_mpoly_struct *exponent; /* NULL: exp is not allowed here */
    bool exponent_read;
    char *token; /* scratch as long as the text */
};

static enum status read_sum(struct reader *r, fmpq_mpoly_t p);

static void skip_spaces(struct reader *r)
{
    while (isspace((unsigned char)*r->at))
        r->at++;
}

static enum status complain(const struct reader *r, const char *what)
{
    return status_fail(BAD_ARGUMENT, "polynomial: %s (character %zu: \"%.*s\")", what,
                       (size_t)(r->at - r->text) + 1, QUOTED, r->at);
}

static enum status check_size(const struct reader *r, const fmpq_mpoly_t p)
{
    const fmpq_mpoly_ctx_struct *ring = r->field->ring;
    if (fmpq_mpoly_length(p, ring) > INTEGRAL_TERMS_MOST)
        return status_fail(BAD_ARGUMENT, "polynomial: more than %d terms", INTEGRAL_TERMS_MOST);
    if (!fmpq_mpoly_is_zero(p, ring) &&
        (!fmpq_mpoly_total_degree_fits_si(p, ring) ||
         fmpq_mpoly_total_degree_si(p, ring) > INTEGRAL_READ_DEGREE))
        return status_fail(BAD_ARGUMENT, "polynomial: a degree above %d", INTEGRAL_READ_DEGREE);
    if (fmpq_height_bits(p->content) > COEFFICIENT_BITS_MOST ||
        FLINT_ABS(fmpz_mpoly_max_bits(p->zpoly)) > COEFFICIENT_BITS_MOST)
        return status_fail(BAD_ARGUMENT, "polynomial: a coefficient of too many digits");
    return OK;
}

/* p := p q, where the sizes allow it. */
static enum status multiply(const struct reader *r, fmpq_mpoly_t p, const fmpq_mpoly_t q)
{
    const slong most =
        fmpq_mpoly_length(q, r->field->ring) > 0
            ? INTEGRAL_TERMS_MOST * (slong)DECIMAL / fmpq_mpoly_length(q, r->field->ring)
            : INTEGRAL_TERMS_MOST;
    if (fmpq_mpoly_length(p, r->field->ring) > most)
        return status_fail(BAD_ARGUMENT, "polynomial: a product of too many terms");
    fmpq_mpoly_mul(p, p, q, r->field->ring);
    return check_size(r, p);
}

/* ---- atoms ---- */

/* Past the digits of a number: 12, 0.25, 1e-3; a fraction is a division. */
static const char *number_end(const char *at)
{
    while (isdigit((unsigned char)*at) || *at == '.')
        at++;
    if (*at != 'e' && *at != 'E')
        return at;
    const char *exponent = at + 1 + (at[1] == '-' || at[1] == '+');
    if (!isdigit((unsigned char)*exponent))
        return at;
    while (isdigit((unsigned char)*exponent))
        exponent++;
    return exponent;
}

/* The characters up to `end`, ended by a zero. */
static const char *take_token(struct reader *r, const char *end)
{
    memcpy(r->token, r->at, (size_t)(end - r->at));
    r->token[end - r->at] = '\0';
    r->at = end;
    return r->token;
}

static enum status read_number(struct reader *r, fmpq_mpoly_t p)
{
    fmpq_t value;
    fmpq_init(value);
    const enum status status = rational_read(take_token(r, number_end(r->at)), value);
    if (status == OK)
        fmpq_mpoly_set_fmpq(p, value, r->field->ring);
    fmpq_clear(value);
    return status;
}

static enum status unknown_name(const struct reader *r, const char *name)
{
    const struct field *f = r->field;
    char known[NAMES_SHOWN * QUOTED] = "";
    size_t length = 0;
    const size_t count = f->n + f->m;
    for (size_t i = 0; i < count && i < NAMES_SHOWN; i++) {
        const size_t which = count <= NAMES_SHOWN || i < NAMES_SHOWN - 2
                                 ? i
                                 : count - (NAMES_SHOWN - i); /* the first and the last ones */
        length += (size_t)snprintf(known + length, sizeof known - length, "%s%s",
                                   i == 0                ? ""
                                   : which == i          ? ", "
                                   : i < NAMES_SHOWN - 1 ? ", ..., "
                                                         : ", ",
                                   f->names[which]);
    }
    return status_fail(UNKNOWN_NAME,
                       "polynomial: nothing is called \"%.*s\" here; the names are %s", QUOTED,
                       name, known);
}

static enum status read_parenthesis(struct reader *r, fmpq_mpoly_t p)
{
    skip_spaces(r);
    if (*r->at != '(')
        return complain(r, "expected (");
    if (r->depth == NESTING_MOST)
        return complain(r, "parentheses are nested too deeply");
    r->at++;
    r->depth++;
    TRY(read_sum(r, p));
    r->depth--;
    skip_spaces(r);
    if (*r->at != ')')
        return complain(r, "expected )");
    r->at++;
    return OK;
}

/* exp(...): the argument is kept, and the factor here is 1. */
static enum status read_exponential(struct reader *r, fmpq_mpoly_t p)
{
    if (!r->exponent || r->depth > 0 || r->exponent_read)
        return complain(r, "exp(...) is allowed once, as a factor of the whole text");
    r->exponent_read = true;
    TRY(read_parenthesis(r, r->exponent));
    fmpq_mpoly_set_ui(p, 1, r->field->ring);
    return OK;
}

static enum status read_name(struct reader *r, fmpq_mpoly_t p)
{
    const char *end = r->at;
    while (isalnum((unsigned char)*end) || *end == '_')
        end++;
    const char *name = take_token(r, end);
    if (strcmp(name, "exp") == 0)
        return read_exponential(r, p);
    for (size_t i = 0; i < r->field->n + r->field->m; i++)
        if (strcmp(name, r->field->names[i]) == 0) {
            fmpq_mpoly_gen(p, (slong)i, r->field->ring);
            return OK;
        }
    return unknown_name(r, name);
}

static enum status read_atom(struct reader *r, fmpq_mpoly_t p)
{
    skip_spaces(r);
    if (isdigit((unsigned char)*r->at) || *r->at == '.')
        return read_number(r, p);
    if (isalpha((unsigned char)*r->at) || *r->at == '_')
        return read_name(r, p);
    if (*r->at == '(')
        return read_parenthesis(r, p);
    return complain(r, *r->at ? "expected a name, a number or (" : "the text ends too early");
}

/* ---- powers, products, sums ---- */

static enum status raise_to(const struct reader *r, fmpq_mpoly_t p, unsigned long power)
{
    fmpq_mpoly_t base;
    enum status status = OK;
    fmpq_mpoly_init(base, r->field->ring);
    fmpq_mpoly_swap(base, p, r->field->ring);
    fmpq_mpoly_set_ui(p, 1, r->field->ring);
    for (unsigned long k = 0; k < power && status == OK; k++)
        status = multiply(r, p, base);
    fmpq_mpoly_clear(base, r->field->ring);
    return status;
}

static enum status read_power(struct reader *r, fmpq_mpoly_t p)
{
    TRY(read_atom(r, p));
    skip_spaces(r);
    if (*r->at != '^')
        return OK;
    r->at++;
    skip_spaces(r);
    if (!isdigit((unsigned char)*r->at))
        return complain(r, "expected a whole exponent");
    char *end = NULL;
    const unsigned long power = strtoul(r->at, &end, DECIMAL);
    if (power > INTEGRAL_READ_DEGREE) /* what is written must be read again, a1^128 too */
        return status_fail(BAD_ARGUMENT, "polynomial: an exponent above %d", INTEGRAL_READ_DEGREE);
    r->at = end;
    return raise_to(r, p, power);
}

static enum status divide(const struct reader *r, fmpq_mpoly_t p, const fmpq_mpoly_t by)
{
    fmpq_t value;
    if (!fmpq_mpoly_is_fmpq(by, r->field->ring) || fmpq_mpoly_is_zero(by, r->field->ring))
        return complain(r, "only numbers that are not 0 can be divided by");
    fmpq_init(value);
    fmpq_mpoly_get_fmpq(value, by, r->field->ring);
    fmpq_mpoly_scalar_div_fmpq(p, p, value, r->field->ring);
    fmpq_clear(value);
    return OK;
}

static enum status read_factors(struct reader *r, fmpq_mpoly_t p, fmpq_mpoly_t factor)
{
    TRY(read_power(r, p));
    for (skip_spaces(r); *r->at == '*' || *r->at == '/'; skip_spaces(r)) {
        const char sign = *r->at++;
        TRY(read_power(r, factor));
        TRY(sign == '*' ? multiply(r, p, factor) : divide(r, p, factor));
    }
    return OK;
}

static enum status read_product(struct reader *r, fmpq_mpoly_t p)
{
    fmpq_mpoly_t factor;
    fmpq_mpoly_init(factor, r->field->ring);
    const enum status status = read_factors(r, p, factor);
    fmpq_mpoly_clear(factor, r->field->ring);
    return status;
}

static enum status read_terms(struct reader *r, fmpq_mpoly_t p, fmpq_mpoly_t term)
{
    skip_spaces(r);
    const bool negative = *r->at == '-';
    r->at += *r->at == '-' || *r->at == '+';
    TRY(read_product(r, p));
    if (negative)
        fmpq_mpoly_neg(p, p, r->field->ring);
    for (skip_spaces(r); *r->at == '+' || *r->at == '-'; skip_spaces(r)) {
        if (r->exponent_read && r->depth == 0)
            return complain(r, "exp(...) is allowed only as a factor of the whole text");
        const char sign = *r->at++;
        TRY(read_product(r, term));
        if (sign == '+')
            fmpq_mpoly_add(p, p, term, r->field->ring);
        else
            fmpq_mpoly_sub(p, p, term, r->field->ring);
        TRY(check_size(r, p));
        if (r->exponent_read && r->depth == 0)
            return complain(r, "exp(...) is allowed only as a factor of the whole text");
    }
    return OK;
}

static enum status read_sum(struct reader *r, fmpq_mpoly_t p)
{
    fmpq_mpoly_t term;
    fmpq_mpoly_init(term, r->field->ring);
    const enum status status = read_terms(r, p, term);
    fmpq_mpoly_clear(term, r->field->ring);
    return status;
}

/* ---- whole texts ---- */

static enum status read_all(struct reader *r, fmpq_mpoly_t p)
{
    TRY(read_sum(r, p));
    skip_spaces(r);
    return *r->at ? complain(r, "expected + - * ^ or the end") : OK;
}

static enum status read_text(const struct field *field, const char *text, fmpq_mpoly_t p,
                             fmpq_mpoly_struct *exponent)
{
    const size_t length = strlen(text);
    if (length > INTEGRAL_TEXT_MOST)
        return status_fail(BAD_ARGUMENT, "polynomial: %zu characters; at most %d are read", length,
                           INTEGRAL_TEXT_MOST);
    struct reader r = {.field = field, .text = text, .at = text, .exponent = exponent};
    r.token = malloc(length + 1);
    if (!r.token)
        return status_fail(NO_MEMORY, "polynomial: %zu characters", length);
    const enum status status = read_all(&r, p);
    free(r.token);
    return status;
}

enum status integral_read(const struct field *field, const char *text, fmpq_mpoly_t p)
{
    return read_text(field, text, p, NULL);
}

enum status integral_read_exponential(const struct field *field, const char *text, fmpq_mpoly_t p,
                                      fmpq_mpoly_t q)
{
    fmpq_mpoly_zero(q, field->ring);
    return read_text(field, text, p, q);
}

/* One space on each side of the signs between terms, whatever the version of FLINT puts there. */
static char *spread(const char *plain)
{
    char *text = malloc(3 * strlen(plain) + 1), *to = text;
    for (const char *from = plain; *from && text; from++) {
        const bool between = (*from == '+' || *from == '-') && from > plain;
        if (*from == ' ')
            continue;
        if (between)
            *to++ = ' ';
        *to++ = *from;
        if (between)
            *to++ = ' ';
    }
    if (text)
        *to = '\0';
    return text;
}

char *integral_write(const struct field *field, const fmpq_mpoly_t p)
{
    char *plain = fmpq_mpoly_get_str_pretty(p, (const char **)field->names, field->ring);
    char *text = plain ? spread(plain) : NULL;
    flint_free(plain);
    return text;
}

char *integral_write_exponential(const struct field *field, const fmpq_mpoly_t p,
                                 const fmpq_mpoly_t q)
{
    static const char form[] = "(%s)*exp(%s)";
    char *first = integral_write(field, p), *second = integral_write(field, q);
    const size_t size = sizeof form + (first ? strlen(first) : 0) + (second ? strlen(second) : 0);
    char *text = first && second ? malloc(size) : NULL;
    if (text)
        snprintf(text, size, form, first, second);
    free(first);
    free(second);
    return text;
}
