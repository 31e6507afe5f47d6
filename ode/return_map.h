/* The first return of a planar flow to a line that it crosses.
 *
 *     s -> point + s tangent, followed until it crosses the line again in the same direction
 *
 * by GSL's rk8pd, which shares nothing with the referee.  With each return come its time and the
 * integral of div f along the way, whose exponential is the derivative of the map at a fixed point
 * (Liouville): notes/cycles.md, (Z1).
 *
 * Shapes: point[2], tangent[2] (unit).  Units: time of the flow.  Memory: a few blocks per call.
 * Errors: NO_MEMORY; SOLVER_FAILED where there is no return within the given time. */
#ifndef ODE_RETURN_MAP_H
#define ODE_RETURN_MAP_H

#include "ode/flow.h"

struct return_map {
    const struct flow *flow; /* dim 2 */
    double point[2], tangent[2];
    double rtol;
    double longest; /* give up after this time, */
    /* or, where they are not 0, after so many steps, at this speed, and so far from `point` */
    size_t steps;
    double slowest, farthest;
};

struct return_crossing {
    double s, time, divergence; /* where it returns, after which time, the integral of div f */
    double low[2], high[2];     /* of the states on the way, one a step: within some percent */
};

/* The line through `point` across the flow; BAD_ARGUMENT unless the flow has two unknowns and moves
 * there. */
enum status return_map_across(const struct flow *flow, const double *point,
                              struct return_map *map) MUST_CHECK;

enum status return_map_at(const struct return_map *map, double s,
                          struct return_crossing *crossing) MUST_CHECK;

#endif
