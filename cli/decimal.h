/* Decimals that bound: what is printed as "at least" or "at most" must be so as printed.
 *
 * The nearest decimal of an upper bound may lie below it.  These functions round exact numbers
 * towards the side that is claimed, in integers.
 * Shapes: text[DECIMAL_TEXT_MAX]; places <= 300; what is longer becomes -inf or inf, bounds still.
 * Errors: none; a number that is not finite is no argument. */
#ifndef CLI_DECIMAL_H
#define CLI_DECIMAL_H

#include "exact/library.h"

#include <stddef.h>

enum { DECIMAL_TEXT_MAX = 400 };

enum decimal_side { DECIMAL_BELOW, DECIMAL_ABOVE };

struct decimal_ends {
    char low[DECIMAL_TEXT_MAX], high[DECIMAL_TEXT_MAX];
};

/* "-1.250000": the nearest multiple of 10^-places on that side of x. */
const char *decimal_places(const fmpq_t x, slong places, enum decimal_side side, char *text);

/* "0.11", "2.7e-111": as many significant digits. */
const char *decimal_digits(const fmpq_t x, slong digits, enum decimal_side side, char *text);
const char *decimal_digits_of_double(double x, slong digits, enum decimal_side side, char *text);

/* Of an interval, outwards. */
struct decimal_ends decimal_ends(const arb_t ball, slong places);

/* The largest of the radii x[n], from above. */
const char *decimal_radius(arb_srcptr x, size_t n, slong digits, char *text);

#endif
