/* The flow on a line: the rate over the position, its zeros, and the intervals that go to each.
 *
 * Table in the directory, tab-separated: NAME.tsv with s and the rate.  Zeros and intervals come with the
 * figure.  Everything that is drawn has an entry in the legend.
 * Shapes: window {x0, x1, y0, y1}; zero[zeros] by growing s; label: what stands over a zero, or NULL.
 * Memory: borrowed.  Errors: as figure_draw(). */
#ifndef PLOTS_PHASE_LINE_H
#define PLOTS_PHASE_LINE_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* The signs of the rate on either side say what a zero does. */
struct phase_zero {
    double s;
    int before, after;
};

enum { PHASE_CAPTIONS = 3 };

struct phase_line_figure {
    const char *directory, *name, *title, *caption[PHASE_CAPTIONS]; /* plain text; may be NULL */
    const char *axis[2];                                            /* position and rate */
    double window[4];
    size_t zeros;
    const struct phase_zero *zero;
    bool has_start; /* a mark at this position: */
    double start;
};

enum status phase_line_draw(const struct phase_line_figure *figure) MUST_CHECK;

#endif
