/* Right-hand sides that jump: which smooth piece holds, and what happens where it ends.
 *
 * A flow with switches is smooth where no switching function vanishes.  An integrator follows one
 * piece, named by flow->side, to the zero of a switching function; there the field decides.  If it
 * crosses with the same sign on the pieces on both sides, the state goes over to the next one.  If
 * not, it is a Filippov point: the solution slides, (E20), or is not unique.  notes/endings.md,
 * (E16).  Switching functions are scaled like unknowns: |grad g| is about 1.
 *
 * Shapes: x[dim].  Memory: three states and a list per call, freed.  Errors: NO_MEMORY, those of
 * the field. */
#ifndef ODE_SWITCH_H
#define ODE_SWITCH_H

#include "ode/flow.h"

enum { SWITCH_NONE = -1 };

/* What becomes of a state on a surface. */
enum switch_verdict {
    SWITCH_CROSSES, /* it goes over to the next piece, or stays on its own */
    SWITCH_SLIDES,  /* both sides push onto the surface */
    SWITCH_HALTS,   /* one side pushes onto it, and on the other the field is zero */
    SWITCH_PARTS,   /* both sides push away from it: two solutions leave, others stay for a while */
    SWITCH_GRAZES,  /* a normal speed is zero to rounding */
    SWITCH_MEETS,   /* several surfaces at once, and the pieces do not agree */
    SWITCH_RESTS,   /* the flow declares SWITCH_NOT_UNIQUE, or SWITCH_MAY_REST where it can leave */
    SWITCH_LEAVES,  /* the flow ends there, SWITCH_HANDS_OVER */
};

struct switch_fate {
    enum switch_verdict verdict;
    size_t at;      /* the surface that decides; not of SWITCH_CROSSES */
    size_t crossed; /* surfaces whose side has changed */
};

/* Sides at the start. */
enum status switch_begin(const struct flow *flow, const double *x0,
                         struct switch_fate *fate) MUST_CHECK;

/* At x, where the switches k with at_zero[k] != 0 vanish: the sides of the next piece, or why there
 * is none; then they are as before. */
enum status switch_cross(const struct flow *flow, const double *x, const int *at_zero,
                         struct switch_fate *fate) MUST_CHECK;

/* "a1 = 0", or "switch 3" where the flow does not name it. */
enum { SURFACE_TEXT = UNKNOWN_NAME_MAX + 8 };
const char *switch_name(const struct flow *flow, size_t k, char text[SURFACE_TEXT]);

/* Why the run cannot go on: one clause; of SWITCH_SLIDES and SWITCH_LEAVES, what it does next. */
void switch_reason(const struct flow *flow, const struct switch_fate *fate, size_t size,
                   char *reason);

/* May slide_run.h know how to go on?  It looks again at surfaces that jump where they meet, and at
 * tangents, (E28). */
bool switch_goes_on(const struct flow *flow, const struct switch_fate *fate);

/* Does x lie in the interior of the piece that the sides name?  True without switches. */
bool switch_holds(const struct flow *flow, const double *x);

/* Does it, and farther than `radius` from every surface where solutions are declared not to be
 * unique?  Rest at such a surface is no evidence. */
bool switch_holds_clear(const struct flow *flow, const double *x, double radius);

/* at_zero[k] = 1 where x is on the other side of switch k or on it; returns how many. */
size_t switch_left(const struct flow *flow, const double *x, int *at_zero);

#endif
