/* Numbers as the user writes them: -1/2, 0.25, 1e-3; lists are separated by commas.
 *
 * A rational p/q (p, q decimals without exponent, the sign in front) is read as the rounded
 * quotient of the doubles p and q: exact when p, q and the quotient are doubles, relative error
 * <= 3.01 2^-53 always. The text itself is what the exact paths read, so callers keep it. Errors:
 * NOT_A_NUMBER (empty, blanks, trailing characters, q = 0, not finite, overflow, a nonzero number
 * that a double would read as 0), BAD_ARGUMENT (too many entries, a whole number out of range); the
 * message quotes the text and names what was expected. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include "base/status.h"

#include <stddef.h>

enum status number_parse(const char *text, double *value) MUST_CHECK;

/* Reads a comma-separated list of 1..most numbers into values[most]; *count tells how many. */
enum status number_parse_list(const char *text, size_t most, double *values,
                              size_t *count) MUST_CHECK;

/* A whole number in [least, most]. */
enum status number_parse_whole(const char *text, unsigned long long least, unsigned long long most,
                               unsigned long long *value) MUST_CHECK;

enum { NUMBER_TEXT_MAX = 32 };

/* The shortest decimal that reads back as the same double; text[NUMBER_TEXT_MAX]. */
const char *number_shortest(double value, char *text);

#endif
