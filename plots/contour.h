/* The curves value(x, y) = 0 in a window, as polylines.
 *
 * Method: marching squares on a grid of width times height cells; crossings of cell edges are
 * refined by bisection, so every point of a curve is on it to rounding; a cell crossed twice is
 * decided by its centre.  The deviation between points is O(cell^2).  Curves that live inside one
 * cell are missed.
 *
 * Shapes: window {x0, x1, y0, y1}; curve k has points start[k]..start[k+1]-1 of x[], y[].
 * Memory: one object, freed by contour_free() (NULL is allowed).  Errors: NO_MEMORY. */
#ifndef PLOTS_CONTOUR_H
#define PLOTS_CONTOUR_H

#include "base/status.h"

#include <stddef.h>

struct contour_plan {
    double window[4];     /* x0, x1, y0, y1 */
    size_t width, height; /* cells */
    double (*value)(const void *context, double x, double y);
    const void *context;
};

struct contour {
    size_t curves, points;
    size_t *start; /* start[curves + 1] */
    double *x, *y; /* of points */
};

enum status contour_trace(const struct contour_plan *plan, struct contour **contour) MUST_CHECK;
void contour_free(struct contour *contour);

#endif
