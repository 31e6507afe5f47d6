/* Fixed points of flows with many unknowns: everything from products J v, no matrix.
 *
 * Newton's iteration with GMRES from zero moves within the range of J, so that its result is the
 * phase of the state, notes/endings.md, (E12), and stays on the leaf to second order, (E15).  The
 * spectrum is the flow's closed form; up to LARGE_SPECTRUM unknowns it is taken once, at the end,
 * from a matrix that is made of columns J e_j; beyond it is estimated, rightmost.h, and the kernel
 * tested by following fixed points along random directions of it.
 *
 * Shapes: x[dim], limit[dim], spectrum[dim].  Memory: one block and GMRES' vectors.
 * Errors: NO_MEMORY, those of the field. */
#ifndef ODE_LARGE_H
#define ODE_LARGE_H

#include "ode/manifold.h"

/* Unknowns up to which a spectrum is taken at the end of a run: two seconds and 10 MB at 240. */
enum { LARGE_SPECTRUM = 256 };

struct large; /* opaque */

struct large *large_create(const struct flow *flow);
void large_free(struct large *large); /* NULL is allowed */
enum status large_set_leaf(struct large *large, const double *x0) MUST_CHECK;

/* The Frobenius norm of J(x), to a third or so. */
enum status large_norm(struct large *large, const double *x, double *norm) MUST_CHECK;

/* |f(x)| and its rounding error. */
enum status large_residual(struct large *large, const double *x, double *residual,
                           double *floor) MUST_CHECK;

/* May a fixed point be sought again after so many steps?  Else the search would cost more than the
 * trajectory. */
bool large_is_affordable(const struct large *large, size_t steps);

/* From x to limit; point->found, residual, residual_floor, position_error.  Given up where it leads
 * farther than `reach`. */
enum status large_polish(struct large *large, const double *x, double reach, double *limit,
                         struct fixed_point *point) MUST_CHECK;

/* Is there a spectrum to be had, and its kernel explained?  At a limit that was found only. */
bool large_has_spectrum(const struct large *large, const double *limit);

/* Where the spectrum was estimated: what was found, or why nothing is decided; else empty. */
const char *large_evidence(const struct large *large);

/* The spectrum at the limit of x, which it may improve; point->simple tells whether it is
 * certified, and the kernel explained. */
enum status large_spectrum(struct large *large, const double *x, double *limit, double *spectrum,
                           struct fixed_point *point, struct manifold *manifold) MUST_CHECK;

/* fixed_point_unstable_part; infinite where it is not known. */
enum status large_unstable_part(struct large *large, const double *x, const double *limit,
                                double *part) MUST_CHECK;

#endif
