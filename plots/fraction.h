/* A number as a fraction, where it is one: exponents read better as -1/6 than as -0.1666667.
 *
 * Shapes: text[FRACTION_TEXT].  Memory: none.  Errors: none. */
#ifndef PLOTS_FRACTION_H
#define PLOTS_FRACTION_H

enum { FRACTION_TEXT = 32 };

/* "-1/6", "2", or five digits where no denominator up to 64 makes the number to rounding. */
const char *fraction_write(double value, char *text);

#endif
