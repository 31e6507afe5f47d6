/* The settings that all figures share.
 *
 * Colours: Okabe and Ito (2008), told apart by every common kind of colour vision; the palette is
 * the dark four fifths of viridis (Smith, van der Walt 2015; CC0), perceptually uniform and legible
 * on white. The text is compiled in, so the installed program draws from anywhere. */
#include "plots/figure.h"

static const char STYLE[] =
    "set encoding utf8\n"
    "set minussign\n"
    "set border 31 lw 0.6 lc rgb '#333333'\n"
    "set tics scale 0.5 nomirror out\n"
    "set style fill solid 1 noborder\n"
    "set key samplen 2.2 spacing 1.1\n"
    "set clip two\n"
    "# Okabe and Ito: vermillion, blue, bluish green, orange, sky blue, reddish purple, yellow, "
    "black\n"
    "vermillion = '#D55E00'; blue = '#0072B2'; green = '#009E73'; orange = '#E69F00'\n"
    "sky = '#56B4E9'; purple = '#CC79A7'; yellow = '#F0E442'; ink = '#000000'; grey = '#B4B4B4'\n"
    "array colour[8] = [blue, vermillion, green, orange, purple, sky, ink, yellow]\n"
    "set palette defined (0 '#440154', 1 '#482475', 2 '#414487', 3 '#355f8d', 4 '#2a788e', "
    "5 '#21918c', 6 '#22a884', 7 '#44bf70', 8 '#7ad151')\n";

const char *figure_style(void)
{
    return STYLE;
}
