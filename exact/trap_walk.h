/* The rigorous half of a trap: bounds along the pieces of an orbit and a trap at its end, (TR2)-(TR4).
 *
 * A walk starts from the premise, crosses one piece after the other, and keeps a radius that the error
 * |x - p|_B = |B^-1 (x - p)|_2 does not exceed.  Tubes, growths, frames, V, widths and mu are claims:
 * where one of them does not hold the walk says so and stands still.
 *
 * Shapes: c[n*(order + 1)] as in trap_orbit.h; frame[n*n], V[k*k] row by row, exactly the doubles; width[n].
 * Units: growth and mu 1/time.  Memory: trap_walk_create(), trap_walk_free(); pieces are their
 * owner's.  Errors: NO_MEMORY; false: not proved. */
#ifndef EXACT_TRAP_WALK_H
#define EXACT_TRAP_WALK_H

#include "exact/program.h"

struct trap_piece {
    slong shift; /* h = 2^-shift */
    fmpz *c;
    const double *frame; /* NULL: as before */
    arf_t tube;
    double growth;
};

struct trap_end {
    double *V, *width, mu;
};

struct trap_walk {
    const struct premise *premise;
    const struct program *program;
    slong scale, order, prec;
    bool started;
    arf_t radius;        /* of the error at the end of the last piece */
    arb_ptr x;           /* [n] the end of the last piece, exactly */
    const double *frame; /* NULL: the identity */
    arb_mat_t B, inverse;
    arb_poly_struct *poly; /* [field_nodes]: along a piece, of degree `order` */
    mag_ptr size, tail;    /* [field_nodes*(order + 2)]: |coefficient j|; their sums from j on */
};

enum status trap_walk_create(const struct premise *premise, const struct program *program,
                             slong scale, slong order, struct trap_walk **walk) MUST_CHECK;
void trap_walk_free(struct trap_walk *walk);

/* To the begin of a piece: its frame, and the jump. */
bool trap_walk_join(struct trap_walk *walk, const struct trap_piece *piece);

/* |f(p) - p'|_B on the piece is at most this. */
void trap_walk_defect(struct trap_walk *walk, const struct trap_piece *piece, arf_t defect);

/* The symmetric part of B^-1 Df B in the tube of the piece: G[n x n]. */
void trap_walk_strain(const struct trap_walk *walk, const struct trap_piece *piece, arb_mat_t G);

/* Is growth - G positive definite? */
bool trap_walk_is_bound(const arb_mat_t G, double growth);

/* Over the piece, with the growth proved and the defect known: does the tube hold? */
bool trap_walk_cross(struct trap_walk *walk, const struct trap_piece *piece, const arf_t defect);

/* All of them. */
bool trap_walk_piece(struct trap_walk *walk, const struct trap_piece *piece);

/* Is every solution trapped at the end of the last piece?  far[n]: how far from x the limit is at
 * most. */
bool trap_walk_close(const struct trap_walk *walk, const struct trap_end *end, arf_struct *far);

/* The trap by parts, for whoever looks for one: bounds of the distance from x at the entry, and of
 * the way to go, with K, S over the box of these widths; false where V or mu do not do. */
struct trap_ways {
    arb_ptr entry, way; /* [n] */
    arb_ptr zeta;       /* |V^-1 y| at the entry */
};
bool trap_walk_ways(const struct trap_walk *walk, const struct trap_end *end,
                    const struct trap_ways *ways);

#endif
