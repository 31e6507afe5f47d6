/* Labels of starts: what statistics and refinement of a map are made from.
 *
 * A label is a class 0, 1, ..., or BASIN_UNDECIDED, which is no class.
 *
 * Shapes: label[count] of point[count*axes].  Units: those of the window.  Memory: the caller's.
 * Errors: those of the labeller. */
#ifndef ODE_BASIN_LABEL_H
#define ODE_BASIN_LABEL_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

enum { BASIN_UNDECIDED = UINT16_MAX };

/* Whoever labels starts, given by their coordinates on the axes of the window; a label depends on
 * its start alone, not on the batch it comes in. */
struct basin_labeller {
    enum status (*label)(void *context, size_t count, const double *point, uint16_t *label);
    void *context;
};

#endif
