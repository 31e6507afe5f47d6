/* A trajectory in pieces, to many digits and without proof: polynomials with integer coefficients.
 *
 * Nobody has to trust it: trap_walk.h bounds the defect of every piece.  A piece of the length
 * h = 2^-shift in time is x_i = 2^-scale sum_j c[i*(order + 1) + j] v^j, time = h v, 0 <= v <= 1, and
 * begins where the last one ends, to the last bit.
 *
 * Shapes: c[n*(order + 1)].  Units: time.  Memory: trap_orbit_create(), trap_orbit_free(); a piece is its
 * owner's.  Errors: NO_MEMORY. */
#ifndef EXACT_TRAP_ORBIT_H
#define EXACT_TRAP_ORBIT_H

#include "exact/program.h"

enum { TRAP_ORBIT_ORDER_MOST = 64, TRAP_ORBIT_SCALE_MOST = 4096, TRAP_ORBIT_SHIFT_MOST = 64 };

struct trap_orbit;

/* From x0[n], with this many bits behind the point. */
enum status trap_orbit_create(const struct program *program, const fmpq *x0, slong scale,
                              slong order, struct trap_orbit **orbit) MUST_CHECK;
void trap_orbit_free(struct trap_orbit *orbit);

/* Expands the solution at the end of the last piece.  The result is the shift of a step whose last
 * terms are below the resolution; it is beyond TRAP_ORBIT_SHIFT_MOST where there is none. */
slong trap_orbit_expand(struct trap_orbit *orbit);

/* The piece of that expansion, c[n*(order + 1)], shift at least the one that was proposed. */
void trap_orbit_piece(const struct trap_orbit *orbit, slong shift, fmpz *c);

/* To the end of the piece. */
void trap_orbit_move(struct trap_orbit *orbit, const fmpz *c);

/* An order that makes the work for a unit of time about least. */
slong trap_orbit_order(slong scale);

#endif
