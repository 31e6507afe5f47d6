/* What part of an orbit its picture against time shows, and on which axes.
 *
 * Memory: none.  Errors: none. */
#ifndef CLI_ORBIT_VIEW_H
#define CLI_ORBIT_VIEW_H

#include "cli/orbit.h"
#include "plots/trajectory.h"

/* Fills times, scales and the range of the first `unknowns` columns: logarithmic times where half of the path
 * takes a hundredth of the time, and for growth; four periods of a cycle; a blow-up up to some size. */
void orbit_view(const struct orbit *orbit, const struct outcome *outcome, size_t unknowns,
                struct trajectory_figure *figure);

/* The least and the largest of the columns from column[0] to column[1] - 1: of their moduli above `least`, or
 * of all where that is -INFINITY; 0, 0: there are none. */
void orbit_range(const struct orbit *orbit, const size_t column[2], double least, double range[2]);

#endif
