/* A number as a fraction: the least denominator that makes it one.
 *
 * Exponents of these pages have denominators of at most 2^L - 2; others are no fractions but numbers
 * that were measured, and are written with decimals.  Rejected: continued fractions, which find a
 * fraction for every number. */
#include "plots/fraction.h"

#include <math.h>
#include <stdio.h>

enum { DENOMINATOR_MOST = 64 };

static const double ROUNDING = 1e-12; /* of a numerator, relative to its denominator */

const char *fraction_write(double value, char *text)
{
    for (int denominator = 1; denominator <= DENOMINATOR_MOST; denominator++) {
        const double numerator = value * denominator, whole = round(numerator) + 0.0;
        if (!(fabs(numerator - whole) <= ROUNDING * denominator))
            continue;
        if (denominator == 1)
            snprintf(text, FRACTION_TEXT, "%.5g", whole);
        else
            snprintf(text, FRACTION_TEXT, "%.0f/%d", whole, denominator);
        return text;
    }
    snprintf(text, FRACTION_TEXT, "%.5g", value);
    return text;
}
