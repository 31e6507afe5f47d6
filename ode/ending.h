/* The words for how a trajectory ends; what each needs as evidence: notes/endings.md. */
#ifndef ODE_ENDING_H
#define ODE_ENDING_H

/* How a trajectory ends.  None of these is an error; `failed` carries the integrator's reason. */
enum ending {
    ENDING_SETTLED,   /* converged to an attracting fixed point (or point of an attracting set) */
    ENDING_SADDLE,    /* stopped at a fixed point with an unstable direction */
    ENDING_CREEPING,  /* algebraic approach to a degenerate fixed point */
    ENDING_ESCAPED,   /* finite-time blow-up */
    ENDING_UNBOUNDED, /* growth without blow-up */
    ENDING_CYCLING,   /* returns to itself */
    ENDING_HORIZON,   /* undecided */
    ENDING_FAILED,    /* the integrator could not go on */
    ENDING_COUNT
};

const char *ending_name(enum ending ending); /* "settled", ... as in the JSON contract */

#endif
