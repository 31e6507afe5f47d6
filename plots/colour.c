/* Colours of maps.
 *
 * Classes: Okabe and Ito (2008), without black, whose light shades are grey; the order keeps the
 * first four apart when each is shaded, for every common kind of colour vision: the light shade of
 * blue is near sky blue, that of vermillion near orange, so these pairs stand far apart.
 * Scale: the dark four fifths of viridis (Smith, van der Walt 2015; CC0), interpolated between
 * nine of its colours. */
#include "plots/colour.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

const struct colour colour_undecided = {0xb4, 0xb4, 0xb4}, colour_unbounded = {0xff, 0xff, 0xff};
const struct colour colour_others = {0x22, 0x22, 0x22};

static const struct colour classes[COLOUR_CLASSES] = {
    {0x00, 0x72, 0xb2}, /* blue */
    {0xe6, 0x9f, 0x00}, /* orange */
    {0x00, 0x9e, 0x73}, /* bluish green */
    {0xcc, 0x79, 0xa7}, /* reddish purple */
    {0xd5, 0x5e, 0x00}, /* vermillion */
    {0x56, 0xb4, 0xe9}, /* sky blue */
    {0xf0, 0xe4, 0x42}, /* yellow */
};

static const struct colour scale[] = {
    {0x44, 0x01, 0x54}, {0x48, 0x24, 0x75}, {0x41, 0x44, 0x87},
    {0x35, 0x5f, 0x8d}, {0x2a, 0x78, 0x8e}, {0x21, 0x91, 0x8c},
    {0x22, 0xa8, 0x84}, {0x44, 0xbf, 0x70}, {0x7a, 0xd1, 0x51},
};

/* Parts of black at u = 0 and of white at u = 1: the lightest shade of yellow is still yellow. */
static const double DARKEST = 0.28, LIGHTEST = 0.55;
static const double STRIPE =
    0.45;                     /* part of black, in dark ones white, in stripes of hatched regions */
static const int DARK = 0x80; /* sum of the three: too dark for black stripes */

static struct colour mixed(struct colour a, struct colour b, double share)
{
    return (struct colour){.red = (unsigned char)lround(a.red + share * (b.red - a.red)),
                           .green = (unsigned char)lround(a.green + share * (b.green - a.green)),
                           .blue = (unsigned char)lround(a.blue + share * (b.blue - a.blue))};
}

static double cut(double u)
{
    return fmin(fmax(u, 0), 1);
}

struct colour colour_of_class(size_t k)
{
    return classes[k];
}

struct colour colour_shade(struct colour colour, double u)
{
    static const struct colour black = {0, 0, 0}, white = {0xff, 0xff, 0xff};
    const double middle = DARKEST / (DARKEST + LIGHTEST); /* where it is the colour itself */
    const double at = cut(u) - middle;
    return at < 0 ? mixed(colour, black, -at * (DARKEST + LIGHTEST))
                  : mixed(colour, white, at * (DARKEST + LIGHTEST));
}

struct colour colour_stripe(struct colour colour)
{
    static const struct colour black = {0, 0, 0}, white = {0xff, 0xff, 0xff};
    const bool is_dark = colour.red + colour.green + colour.blue < DARK;
    return mixed(colour, is_dark ? white : black, STRIPE);
}

struct colour colour_on_scale(double u)
{
    const size_t last = sizeof scale / sizeof *scale - 1;
    const double at = cut(u) * (double)last;
    const size_t k = at < (double)last ? (size_t)at : last - 1;
    return mixed(scale[k], scale[k + 1], at - (double)k);
}

const char *colour_text(struct colour colour, char *text)
{
    snprintf(text, COLOUR_TEXT, "#%02x%02x%02x", colour.red, colour.green, colour.blue);
    return text;
}
