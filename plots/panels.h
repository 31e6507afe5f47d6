/* Phase portraits side by side: one plane at several values of a parameter.
 *
 * The tables of each panel lie in a folder of their own, NAME = "1/portrait" and so on
 * (portrait.h); axes, colours of the speed, legend and caption are common.
 * Shapes: panel[count].  Memory: borrowed.  Errors: as figure_draw(). */
#ifndef PLOTS_PANELS_H
#define PLOTS_PANELS_H

#include "plots/portrait.h"

enum { PANELS_MOST = 4 };

struct panels_figure {
    const char *directory, *name;
    const char *title, *caption[PORTRAIT_CAPTIONS];
    size_t count;
    struct portrait_figure panel[PANELS_MOST]; /* its title stands above it */
};

enum status panels_draw(const struct panels_figure *figure) MUST_CHECK;

#endif
