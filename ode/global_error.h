/* The error that integration has gathered, by the linearised flow; and whether it decides where the
 * trajectory goes.
 *
 * The errors of the steps obey, to first order, d' = J d between steps, and each step adds one of
 * the size of the tolerances.  Where |d| grows at a share of the speed of the state, what follows
 * belongs to another start as much as to this one, and an ending reached from there tells nothing:
 * notes/endings.md, (E17).  It is on leaves of more than one dimension what (E9) is on curves.
 * Shapes: x[dim], f[dim], J[dim*dim].  Memory: one block.  Errors: NO_MEMORY by NULL; a singular
 * step leaves d as it is. */
#ifndef ODE_GLOBAL_ERROR_H
#define ODE_GLOBAL_ERROR_H

#include <stdbool.h>
#include <stddef.h>

struct global_error; /* opaque */

struct global_error *global_error_create(size_t dim);
void global_error_free(struct global_error *error); /* NULL is allowed */

/* The end of a step of length h. */
struct global_error_state {
    const double *x, *f, *J;
    double h, rtol, atol;
};
void global_error_step(struct global_error *error, const struct global_error_state *state);

/* Has it grown to where it decides?  Once true, always true. */
bool global_error_decides(const struct global_error *error);

/* The state where it began to decide: the last one that was judged. */
const double *global_error_place(const struct global_error *error);

/* d[dim]; and what it is before the first step, where the start has an error. */
const double *global_error_vector(const struct global_error *error);
void global_error_start(struct global_error *error, const double *d);

/* |d| */
double global_error_size(const struct global_error *error);

#endif
