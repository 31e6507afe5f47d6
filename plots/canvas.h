/* A canvas with one plot, a column wide: the title above, the names of the axes, the legend and the
 * captions below.
 *
 * Who draws on it fills in title, legend and captions, calls canvas_compose() for the heights, then
 * canvas_settings() for everything but what is plotted.  Lengths are in cm, from the lower left corner;
 * the plot reaches from CANVAS_LEFT to CANVAS_RIGHT before the edge. */
#ifndef PLOTS_CANVAS_H
#define PLOTS_CANVAS_H

#include "plots/legend.h"
#include "plots/script.h"

struct canvas {
    double width, height, bottom, plot; /* the whole; below the plot; the height of the plot */
    const double *window;               /* [4]: x from, to, y from, to */
    const char *const *axis;            /* [2]: names, in the notation of script_formula() */
    struct lines title, caption;
    struct legend legend;
};

/* cm at the sides of a plot. */
extern const double canvas_left, canvas_right;

/* Width, height and bottom, from the rest. */
void canvas_compose(struct canvas *canvas);

/* Axes, ticks, title, legend, captions. */
void canvas_settings(struct script *script, const struct canvas *canvas);

#endif
