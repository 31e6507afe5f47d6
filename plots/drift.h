/* The drift of conserved quantities along a trajectory, on a logarithmic axis.
 *
 * Each has its values as dots and, as a line, the largest drift so far; exact zeros stand at the bottom.
 * Table drift.tsv in the directory: t, then a column for each.  Errors: as figure_draw(). */
#ifndef PLOTS_DRIFT_H
#define PLOTS_DRIFT_H

#include "base/status.h"

#include <stddef.h>

enum { DRIFT_CAPTIONS = 3, DRIFT_MOST = 7 };

struct drift_figure {
    const char *directory;
    const char *title, *caption[DRIFT_CAPTIONS]; /* plain text, broken into lines; may be NULL */
    size_t count;
    const char *const *name; /* name[count], count <= DRIFT_MOST */
    double largest;          /* of all drifts */
    double time[2];          /* from, to; on a logarithmic axis if from is positive */
    double tolerance;        /* relative, of the integrator: a dashed line */
};

/* Below this a drift is drawn as zero: less than the rounding of a number of size one. */
extern const double drift_least;

enum status drift_draw(const struct drift_figure *figure) MUST_CHECK;

#endif
