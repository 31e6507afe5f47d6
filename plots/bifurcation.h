/* A bifurcation curve in a plane of two parameters, with counts of equilibria at points.
 *
 * Tables in the directory, tab-separated:
 *   discriminant.tsv         x y_low y_high        the curve, from left to its cusp
 *   discriminant-points.tsv  x y equilibria        1, 2 (on the curve) or 3
 * Everything that is drawn has an entry in the legend.  Errors: as figure_draw(). */
#ifndef PLOTS_BIFURCATION_H
#define PLOTS_BIFURCATION_H

#include "base/status.h"

struct bifurcation_figure {
    const char *directory;
    const char *title, *caption; /* plain text */
    double window[4];            /* x0, x1, y0, y1 */
    const char *axis[2];
};

enum status bifurcation_draw(const struct bifurcation_figure *figure) MUST_CHECK;

#endif
