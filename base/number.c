/* Reading numbers strictly.
 *
 *     number   = [sign] decimal [exponent]  |  [sign] decimal "/" decimal
 *     decimal  = digits ["." [digits]]  |  "." digits
 *     exponent = ("e" | "E") [sign] digits
 *
 * The grammar is checked here, because strtod() also takes hexadecimal, "inf", "nan" and leading
 * blanks; the conversion is strtod()'s, which is correctly rounded.  What cannot be represented is
 * refused, not approximated: overflow, and also a nonzero number that would be read as 0, since
 * zero weights are special in every theorem.  p/q is one rounded division of the rounded p and q:
 * relative error at most 2^-53 each, so 2^-53 if p and q are doubles and 3 2^-53 (1 + 2^-52)
 * otherwise.
 * Rejected: reading up to the first character that does not fit, which turns a typing error into a
 * run. */
#include "base/number.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUOTE_MAX = 60, DECIMAL_BASE = 10 }; /* characters of the input that a message repeats */

static const char EXPECTED[] = "write -1/2, 0.25 or 1e-3";

/* The input as a message may show it: one line, of bounded length. */
struct quote {
    char text[QUOTE_MAX + sizeof "..."];
};

static struct quote quote(const char *text, size_t length)
{
    struct quote q = {{0}};
    const size_t shown = length > QUOTE_MAX ? QUOTE_MAX : length;
    for (size_t i = 0; i < shown; i++)
        q.text[i] = iscntrl((unsigned char)text[i]) || text[i] == '"' ? '?' : text[i];
    if (shown < length)
        memcpy(q.text + shown, "...", sizeof "...");
    return q;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *skip_sign(const char *c)
{
    return *c == '+' || *c == '-' ? c + 1 : c;
}

static const char *skip_digits(const char *c)
{
    while (is_digit(*c))
        c++;
    return c;
}

/* Past a decimal, or NULL if there is none. */
static const char *skip_decimal(const char *c)
{
    const char *whole_end = skip_digits(c);
    if (*whole_end != '.')
        return whole_end > c ? whole_end : NULL;
    const char *end = skip_digits(whole_end + 1);
    return end - c > 1 ? end : NULL;
}

/* Past an exponent, `c` itself if there is none, NULL if it is broken. */
static const char *skip_exponent(const char *c)
{
    if (*c != 'e' && *c != 'E')
        return c;
    const char *digits = skip_sign(c + 1);
    return is_digit(*digits) ? skip_digits(digits) : NULL;
}

static bool has_nonzero_digit(const char *c)
{
    for (; is_digit(*c) || *c == '.'; c++)
        if (*c >= '1' && *c <= '9')
            return true;
    return false;
}

/* A double that stands for the unsigned text faithfully: finite, and 0 only if the text is 0. */
static bool convert(const char *text, double *value)
{
    *value = strtod(text, NULL);
    return isfinite(*value) && (*value != 0 || !has_nonzero_digit(text));
}

/* Reads the number at the start of text; NULL if there is none, else the end of it. */
static const char *read_number(const char *text, double *value)
{
    const char *first = skip_sign(text);
    const char *end = skip_decimal(first);
    double p, q = 1;
    if (!end || !convert(first, &p))
        return NULL;
    if (*end == '/') {
        const char *second = end + 1;
        end = skip_decimal(second);
        if (!end || !convert(second, &q))
            return NULL;
    } else {
        end = skip_exponent(end);
    }
    const double quotient = p / q; /* q = 0 gives an infinity or a NaN */
    if (!end || !isfinite(quotient) || (quotient == 0 && p != 0))
        return NULL;
    *value = *text == '-' ? -quotient : quotient;
    return end;
}

static enum status not_a_number(const char *text, size_t length)
{
    if (length == 0)
        return status_fail(NOT_A_NUMBER, "a number is missing (%s)", EXPECTED);
    return status_fail(NOT_A_NUMBER, "\"%s\" is not a finite number (%s)", quote(text, length).text,
                       EXPECTED);
}

enum status number_parse(const char *text, double *value)
{
    double x;
    const char *end = read_number(text, &x);
    if (!end || *end)
        return not_a_number(text, strlen(text));
    *value = x;
    return OK;
}

/* Checks a list and counts its entries; writes them only if `values` is not NULL. */
static enum status read_list(const char *text, size_t most, double *values, size_t *count)
{
    size_t entries = 0;
    for (const char *entry = text;; entry += strcspn(entry, ",") + 1) {
        const size_t length = strcspn(entry, ",");
        double x;
        if (read_number(entry, &x) != entry + length)
            return not_a_number(entry, length);
        if (values)
            values[entries] = x;
        entries++;
        if (entry[length] == '\0')
            break;
        if (entries == most)
            return status_fail(BAD_ARGUMENT, "\"%s\" has more than %zu numbers",
                               quote(text, strlen(text)).text, most);
    }
    *count = entries;
    return OK;
}

enum status number_parse_list(const char *text, size_t most, double *values, size_t *count)
{
    size_t entries;
    if (most == 0)
        return status_fail(BAD_ARGUMENT, "no numbers are expected, but \"%s\" was given",
                           quote(text, strlen(text)).text);
    TRY(read_list(text, most, NULL, &entries));
    return read_list(text, most, values, count);
}

enum status number_parse_whole(const char *text, unsigned long long least, unsigned long long most,
                               unsigned long long *value)
{
    const bool digits = is_digit(*text) && *skip_digits(text) == '\0';
    errno = 0;
    const unsigned long long number = digits ? strtoull(text, NULL, DECIMAL_BASE) : 0;
    if (!digits)
        return status_fail(NOT_A_NUMBER, "\"%s\" is not a whole number from %llu to %llu",
                           quote(text, strlen(text)).text, least, most);
    if (errno == ERANGE || number < least || number > most)
        return status_fail(BAD_ARGUMENT, "%s is outside %llu to %llu",
                           quote(text, strlen(text)).text, least, most);
    *value = number;
    return OK;
}

const char *number_shortest(double value, char *text)
{
    enum { DIGITS_MOST = 17 };
    char piece[NUMBER_TEXT_MAX];
    text[0] = '\0';
    for (int digits = 1; digits <= DIGITS_MOST; digits++) {
        snprintf(piece, sizeof piece, "%.*g", digits, value);
        if (strtod(piece, NULL) == value && (text[0] == '\0' || strlen(piece) < strlen(text)))
            memcpy(text, piece, sizeof piece); /* 30 and not 3e+01 */
    }
    return text;
}
