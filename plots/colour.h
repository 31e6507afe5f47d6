/* Colours of maps: of classes, of what is undecided or unbounded, and a scale for numbers.
 *
 * Grey means undecided and white unbounded; no class that has a colour of its own, and no shade of
 * one, is grey or white; the other classes are nearly black.
 * Units: u from 0 to 1, else cut.  Memory: plain data.  Errors: none. */
#ifndef PLOTS_COLOUR_H
#define PLOTS_COLOUR_H

#include <stddef.h>

struct colour {
    unsigned char red, green, blue;
};

enum { COLOUR_CLASSES = 7, COLOUR_TEXT = 8 };

extern const struct colour colour_undecided, colour_unbounded;
extern const struct colour colour_others; /* of the classes that have no colour of their own */

struct colour colour_of_class(size_t k); /* k < COLOUR_CLASSES */

/* Dark at u = 0, light at u = 1. */
struct colour colour_shade(struct colour colour, double u);

/* The other stripe of a hatched region. */
struct colour colour_stripe(struct colour colour);

/* Perceptually uniform, the scale of figure_style(). */
struct colour colour_on_scale(double u);

/* "#rrggbb"; text[COLOUR_TEXT] */
const char *colour_text(struct colour colour, char *text);

#endif
