/* Bounds in print, rounded in integers.
 *
 * x 10^places is divided with remainder towards the side that is asked for, so that the decimal is a bound
 * of x by construction; printf() rounds to nearest, which turns the upper bound 0.1042 into 0.1. */
#include "cli/decimal.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
    DECIMAL = 10,
    LENGTH_MOST = 390,                 /* with signs and point within DECIMAL_TEXT_MAX */
    PLAIN_ROOM = DECIMAL_TEXT_MAX - 1, /* digits_of() may begin behind a sign */
    ROOM_BITS = 128,                   /* an interval is widened by less than 2^-128 of itself */
    PLAIN_LEAST = -4,                  /* exponents that are written out, as printf("%g") does it */
    PLAIN_MOST = 5
};

/* floor or ceiling of x 10^power */
static void scaled_set(fmpz_t scaled, const fmpq_t x, slong power, enum decimal_side side)
{
    fmpz_t ten;
    fmpq_t product;
    fmpz_init(ten);
    fmpq_init(product);
    fmpz_set_ui(ten, DECIMAL);
    fmpz_pow_ui(ten, ten, (ulong)(power < 0 ? -power : power));
    if (power < 0)
        fmpq_div_fmpz(product, x, ten);
    else
        fmpq_mul_fmpz(product, x, ten);
    if (side == DECIMAL_BELOW)
        fmpz_fdiv_q(scaled, fmpq_numref(product), fmpq_denref(product));
    else
        fmpz_cdiv_q(scaled, fmpq_numref(product), fmpq_denref(product));
    fmpq_clear(product);
    fmpz_clear(ten);
}

const char *decimal_places(const fmpq_t x, slong places, enum decimal_side side, char *text)
{
    fmpz_t scaled;
    fmpz_init(scaled);
    scaled_set(scaled, x, places, side);
    const bool negative = fmpz_sgn(scaled) < 0;
    fmpz_abs(scaled, scaled);
    char *digits = fmpz_get_str(NULL, DECIMAL, scaled);
    if (strlen(digits) > LENGTH_MOST) {
        flint_free(digits);
        fmpz_clear(scaled);
        snprintf(text, PLAIN_ROOM, "%s", side == DECIMAL_BELOW ? "-inf" : "inf");
        return text;
    }
    const slong length = (slong)strlen(digits), zeros = length > places ? 0 : places + 1 - length;
    char padded[DECIMAL_TEXT_MAX];
    memset(padded, '0', (size_t)zeros);
    snprintf(padded + zeros, sizeof padded - (size_t)zeros, "%s", digits);
    const slong whole = zeros + length - places;
    snprintf(text, PLAIN_ROOM, "%s%.*s%s%s", negative ? "-" : "", (int)whole, padded,
             places > 0 ? "." : "", padded + whole);
    flint_free(digits);
    fmpz_clear(scaled);
    return text;
}

/* 10^e <= x < 10^(e + 1), x > 0 */
static slong exponent_of(const fmpq_t x)
{
    fmpz_t scaled;
    fmpz_init(scaled);
    slong e = (slong)fmpz_sizeinbase(fmpq_numref(x), DECIMAL) -
              (slong)fmpz_sizeinbase(fmpq_denref(x), DECIMAL);
    for (scaled_set(scaled, x, -e, DECIMAL_BELOW); fmpz_is_zero(scaled);
         scaled_set(scaled, x, -e, DECIMAL_BELOW))
        e--;
    for (scaled_set(scaled, x, -e - 1, DECIMAL_BELOW); !fmpz_is_zero(scaled);
         scaled_set(scaled, x, -e - 1, DECIMAL_BELOW))
        e++;
    fmpz_clear(scaled);
    return e;
}

/* x > 0 */
static const char *digits_of(const fmpq_t x, slong digits, enum decimal_side side, char *text)
{
    const slong e = exponent_of(x), places = digits - 1 - e;
    if (e >= PLAIN_LEAST && e <= PLAIN_MOST && places >= 0)
        return decimal_places(x, places, side, text);
    fmpz_t mantissa;
    fmpz_init(mantissa);
    scaled_set(mantissa, x, places, side);
    char *all = fmpz_get_str(NULL, DECIMAL, mantissa); /* 9.99 rounds up to a digit more */
    const slong more = (slong)strlen(all) - digits;
    snprintf(text, PLAIN_ROOM, "%.1s%s%.*se%+03ld", all, digits > 1 ? "." : "", (int)(digits - 1),
             all + 1, (long)(e + more));
    flint_free(all);
    fmpz_clear(mantissa);
    return text;
}

const char *decimal_digits(const fmpq_t x, slong digits, enum decimal_side side, char *text)
{
    if (fmpq_is_zero(x)) {
        snprintf(text, DECIMAL_TEXT_MAX, "0");
        return text;
    }
    if (fmpq_sgn(x) > 0)
        return digits_of(x, digits, side, text);
    fmpq_t opposite;
    fmpq_init(opposite);
    fmpq_neg(opposite, x);
    *text = '-';
    digits_of(opposite, digits, side == DECIMAL_BELOW ? DECIMAL_ABOVE : DECIMAL_BELOW, text + 1);
    fmpq_clear(opposite);
    return text;
}

const char *decimal_digits_of_double(double x, slong digits, enum decimal_side side, char *text)
{
    arf_t value;
    fmpq_t exact;
    arf_init(value);
    fmpq_init(exact);
    arf_set_d(value, x);
    arf_get_fmpq(exact, value);
    decimal_digits(exact, digits, side, text);
    fmpq_clear(exact);
    arf_clear(value);
    return text;
}

struct decimal_ends decimal_ends(const arb_t ball, slong places)
{
    struct decimal_ends ends;
    arf_t low, high;
    fmpq_t end;
    arf_init(low);
    arf_init(high);
    fmpq_init(end);
    arb_get_interval_arf(low, high, ball, ROOM_BITS);
    arf_get_fmpq(end, low);
    decimal_places(end, places, DECIMAL_BELOW, ends.low);
    arf_get_fmpq(end, high);
    decimal_places(end, places, DECIMAL_ABOVE, ends.high);
    fmpq_clear(end);
    arf_clear(high);
    arf_clear(low);
    return ends;
}

const char *decimal_radius(arb_srcptr x, size_t n, slong digits, char *text)
{
    mag_t radius;
    fmpq_t exact;
    mag_init(radius);
    fmpq_init(exact);
    for (size_t i = 0; i < n; i++)
        mag_max(radius, radius, arb_radref(x + i));
    mag_get_fmpq(exact, radius);
    decimal_digits(exact, digits, DECIMAL_ABOVE, text);
    fmpq_clear(exact);
    mag_clear(radius);
    return text;
}
