/* The limit cycles of a planar flow that cross a segment.
 *
 * Many starts on the segment are followed until they come back to it, forwards and backwards; where
 * neighbours come back on opposite sides of where they started, by more than the error, there is a
 * cycle between them or a place where the map jumps: it is halved, and cycle.h brackets what is
 * there.  So nested cycles are all found, but for pairs between neighbouring starts, cycles that
 * attract on one side and repel on the other, and what does not cross the segment.
 *
 * Shapes: from[2], to[2].  Units: time of the flow.  Memory: none kept.
 * Errors: NO_MEMORY, those of the field.  A cycle that cannot be bracketed is not reported. */
#ifndef ODE_SECTION_H
#define ODE_SECTION_H

#include "ode/cycle.h"

enum { SECTION_STARTS = 48 };

struct section {
    const struct flow *flow;
    double from[2], to[2]; /* `from` is a fixed point as a rule: starts are densest there */
    bool (*stop)(void *context, double t); /* true: nothing more is found; NULL: never */
    void *context;
};

/* take() is called for each cycle that is bracketed; for one and the same perhaps twice. */
typedef enum status section_taker(void *context, const struct cycle *cycle);
enum status section_cycles(const struct section *section, section_taker *take,
                           void *context) MUST_CHECK;

#endif
