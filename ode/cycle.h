/* Limit cycles of planar flows, stable and unstable, with evidence.
 *
 * A cycle is found by integrating until it attracts: forwards, or backwards (reverse.h) where it
 * repels.  It is then a fixed point of the first return map across it (return_map.h), bracketed: on
 * one side of it the map moves outwards, on the other inwards, each time by more than the error of
 * the map, so that by the intermediate value theorem a cycle crosses the line in between.  The bracket
 * is narrow beside the turn: round a fixed point, where the map has the same signs without any
 * cycle, nothing is certified.
 * Statement: notes/cycles.md, (Z2).
 *
 * Shapes: start[2], cycle point[2].  Units: time of the flow.  Memory: none kept.
 * Errors: NO_MEMORY; "there is none" is an answer: cycle->found is false. */
#ifndef ODE_CYCLE_H
#define ODE_CYCLE_H

#include "ode/outcome.h"
#include "ode/plan.h"
#include "ode/return_map.h"

struct cycle {
    bool found, certified;
    bool attracts;             /* multiplier below 1 */
    double point[2];           /* on the cycle */
    double period, multiplier; /* derivative of the return map */
    double liouville;          /* the multiplier once more, exp of the integral of div f */
    double seen;               /* the period as the integrator saw it that found the cycle */
    double width;              /* of the bracket on the section, in which a cycle lies */
    double error;              /* of the return map there, estimated */
    double low[2], high[2];    /* of the unknowns on it, within some percent */
    char ended[REASON_MAX];    /* found is false: why the search ended */
};

/* The cycle that attracts `start` forwards, */
enum status cycle_ahead(const struct flow *flow, const struct plan *plan, const double *start,
                        struct cycle *cycle) MUST_CHECK;
/* or backwards. */
enum status cycle_behind(const struct flow *flow, const struct plan *plan, const double *start,
                         struct cycle *cycle) MUST_CHECK;

/* The cycle of about this period that passes beside `point`, whether it attracts or repels:
 * bracketed as those above, or cycle->certified is false. */
enum status cycle_near(const struct flow *flow, const double *point, double period,
                       struct cycle *cycle) MUST_CHECK;

#endif
