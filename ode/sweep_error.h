/* The errors that lanes gather, (E17), side by side; and which lanes are worth a closer look.
 *
 * d of each lane obeys the linearised flow, over every accepted step, and grows by the tolerances:
 * ode/global_error.h in lanes, with products J d by differences.
 * Shapes: x[dim*stride], f, y, d, first, second alike; all else [stride].  Memory: one block.
 * Errors: none; NaN in a lane makes it worth a look. */
#ifndef ODE_SWEEP_ERROR_H
#define ODE_SWEEP_ERROR_H

#include "ode/lanes.h"

#include <stddef.h>

enum { SWEEP_ERROR_BLOCK = LANES_BLOCK }; /* lanes at a time; stride is a multiple */

struct sweep_error {
    size_t n, stride;
    double reach;               /* distance to rest, over 1 + |x|, that is worth a look */
    double *d, *first, *second; /* the error; h J d; h J h J d */
    double *shift;              /* of a difference, in units of what it is taken along */
    double *h, *accepted;       /* of the last step; 1 or 0 */
    double *growth, *decides;   /* by the flow alone; 1 where the error decides, (E17) */
    double *size, *speed;       /* |d|^2; |d| |d|' h */
    double *before, *now;       /* |f| a step ago, and now */
    double *wait;               /* no look before |f| is below this */
    double *lowest;             /* |f| over 1 + |x|, so far */
    double *noise;              /* |f| over 1 + |x| that is looked at in any case */
    double *phase;              /* the least angle of weights without symmetry: [dim] */
    double storage[];
};

struct sweep_error *sweep_error_create(size_t n, size_t stride, double reach); /* or NULL */
void sweep_error_free(struct sweep_error *error);                              /* NULL is allowed */

/* Lane k starts anew where |f| is `size`, with steps of the tolerance rtol. */
void sweep_error_begin(struct sweep_error *error, size_t k, double size, double rtol);

/* |d| of lane k. */
double sweep_error_of(const struct sweep_error *error, size_t k);

/* The step just tried: its length, 0 where it was not accepted, and accept[stride], 1 or 0. */
void sweep_error_note(struct sweep_error *error, const double *h, const double *accept);

/* y = x + shift along, by a small distance. */
void sweep_error_shift(struct sweep_error *error, const double *x, const double *along, double *y);

/* to = h J along, from f at y and at x. */
void sweep_error_multiply(struct sweep_error *error, const double *fy, const double *f, double *to);

/* d over the step from first and second, and the errors of the step. */
void sweep_error_carry(struct sweep_error *error, const double *x, const double *rtol,
                       const double *atol);

/* Does the error decide?  Then the distance to rest, as |f| falls: go[stride] = 1 where nothing is
 * to be looked at.  far[stride]: |x|^2 at most. */
void sweep_error_screen(struct sweep_error *error, const double *x, const double *f,
                        const double *far, double *go);

#endif
