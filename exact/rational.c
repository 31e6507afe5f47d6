/* Reading exact rationals.
 *
 *     number   = [sign] decimal [exponent]  |  [sign] decimal "/" decimal
 *
 * as in base/number.c, which has checked the same text before it comes here from the command line;
 * this reader checks again, because its callers may have the text from elsewhere.  A decimal is its
 * digits as one integer, divided by a power of ten. */
#include "exact/rational.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { TEN = 10, QUOTED = 60 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* digits [. digits] into mantissa 10^-places; NULL if there is none. */
static const char *read_decimal(const char *at, fmpz_t mantissa, slong *places)
{
    bool point = false;
    size_t digits = 0;
    fmpz_zero(mantissa);
    *places = 0;
    for (; is_digit(*at) || (*at == '.' && !point); at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        fmpz_mul_ui(mantissa, mantissa, TEN);
        fmpz_add_ui(mantissa, mantissa, (ulong)(*at - '0'));
        *places += point;
        digits++;
    }
    return digits ? at : NULL;
}

/* Past [e[sign]digits]; NULL if it is broken; exponents too large for us saturate. */
static const char *read_exponent(const char *at, slong *exponent)
{
    *exponent = 0;
    if (*at != 'e' && *at != 'E')
        return at;
    at++;
    const bool negative = *at == '-';
    at += *at == '-' || *at == '+';
    if (!is_digit(*at))
        return NULL;
    for (; is_digit(*at); at++)
        if (*exponent <= RATIONAL_EXPONENT_MOST)
            *exponent = TEN * *exponent + (*at - '0');
    *exponent = negative ? -*exponent : *exponent;
    return at;
}

/* value *= 10^n */
static void scale_by_ten(fmpq_t value, slong n)
{
    fmpz_t power;
    fmpz_init(power);
    fmpz_ui_pow_ui(power, TEN, (ulong)(n < 0 ? -n : n));
    if (n < 0)
        fmpq_div_fmpz(value, value, power);
    else
        fmpq_mul_fmpz(value, value, power);
    fmpz_clear(power);
}

/* The unsigned number at the start of the text; the end of it, or NULL. */
static const char *read_unsigned(const char *at, fmpq_t value, fmpz_t mantissa, bool *large)
{
    slong places, exponent = 0;
    const char *end = read_decimal(at, mantissa, &places);
    if (!end)
        return NULL;
    fmpq_set_fmpz(value, mantissa);
    if (*end == '/') {
        slong below;
        end = read_decimal(end + 1, mantissa, &below);
        if (!end || fmpz_is_zero(mantissa))
            return NULL;
        fmpq_div_fmpz(value, value, mantissa);
        exponent = below;
    } else {
        end = read_exponent(end, &exponent);
    }
    *large = exponent > RATIONAL_EXPONENT_MOST || exponent < -RATIONAL_EXPONENT_MOST;
    if (end && !*large)
        scale_by_ten(value, exponent - places);
    return end;
}

/* Reads text[length] whole. */
static enum status read_whole(const char *text, size_t length, fmpq_t value)
{
    fmpz_t mantissa;
    bool large = false;
    if (length > RATIONAL_LENGTH_MOST)
        return status_fail(BAD_ARGUMENT, "a number of %zu characters; at most %d are read", length,
                           RATIONAL_LENGTH_MOST);
    fmpz_init(mantissa);
    const char *first = text + (*text == '-' || *text == '+');
    const char *end = read_unsigned(first, value, mantissa, &large);
    fmpz_clear(mantissa);
    if (end != text + length)
        return status_fail(NOT_A_NUMBER,
                           "\"%.*s\" is not a finite number (write -1/2, 0.25 or 1e-3)",
                           (int)(length < QUOTED ? length : QUOTED), text);
    if (large)
        return status_fail(BAD_ARGUMENT, "\"%.*s\" has an exponent beyond %d",
                           (int)(length < QUOTED ? length : QUOTED), text, RATIONAL_EXPONENT_MOST);
    if (*text == '-')
        fmpq_neg(value, value);
    return OK;
}

enum status rational_read(const char *text, fmpq_t value)
{
    fmpq_t read;
    fmpq_init(read);
    const enum status status = read_whole(text, strlen(text), read);
    if (status == OK)
        fmpq_swap(value, read);
    fmpq_clear(read);
    return status;
}

static enum status read_entries(const char *text, size_t entries, fmpq *list)
{
    for (size_t k = 0; k < entries; k++) {
        const size_t length = strcspn(text, ",");
        TRY(read_whole(text, length, list + k));
        text += length + 1;
    }
    return OK;
}

enum status rational_read_list(const char *text, size_t most, fmpq **values, size_t *count)
{
    size_t entries = 1;
    for (const char *at = text; *at; at++)
        entries += *at == ',';
    if (entries > most)
        return status_fail(BAD_ARGUMENT, "%zu numbers; at most %zu are expected", entries, most);
    fmpq *list = _fmpq_vec_init((slong)entries);
    const enum status status = read_entries(text, entries, list);
    if (status != OK) {
        _fmpq_vec_clear(list, (slong)entries);
        return status;
    }
    *values = list;
    *count = entries;
    return OK;
}
