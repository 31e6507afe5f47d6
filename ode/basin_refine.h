/* Refinement of a map where its labels change: a tree of cells, fine at the boundaries only.
 *
 * A cell with a neighbour of another label is cut into 2^axes, again and again down to `depth`;
 * what is never cut is an inner cell of its class.  Also starts just outside the window are
 * labelled, so that its edge is judged like the rest.  Undecided cells next to undecided cells are
 * not cut; they belong to no class.  notes/basins.md, (T6), (T7).
 *
 * Shapes: label[size[0]*size[1]*size[2]] in the order of the cells; area[classes].  Units: those of
 * the window; areas are shares of it.  Memory: proportional to the boundary cells, at most about a
 * gigabyte; freed by basin_refine_free().  Errors: BAD_ARGUMENT, also for a boundary that would
 * take more memory; NO_MEMORY, those of the labeller.
 * The same to the last bit for any batch. */
#ifndef ODE_BASIN_REFINE_H
#define ODE_BASIN_REFINE_H

#include "ode/basin.h"
#include "ode/basin_label.h"

#include <stdbool.h>

enum { BASIN_DEPTH_MOST = 12 };

struct basin_refine_plan {
    size_t axes;                        /* 1, 2 or 3 */
    size_t size[BASIN_AXES_MOST];       /* cells of the coarse map; 1 beyond `axes` */
    double window[2 * BASIN_AXES_MOST]; /* low, high of each axis */
    const uint16_t
        *label; /* of the coarse map: the middles of its cells; read while it is refined */
    size_t classes;
    /* [classes] classes that are not decided, beside BASIN_UNDECIDED; NULL: none.  Read while
     * the map is refined: the labeller may write it together with a label. */
    const bool *undecided;
    size_t depth; /* halvings */
    size_t batch; /* starts labelled in one call */
};

/* The share of a class in the window: what its cells cover, and two-sided bounds, (T7).  What is
 * undecided has no bounds: low 0, high 1. */
struct basin_area {
    double fraction, low, high;
};

/* A cell of the last level whose neighbour has another label: there the boundary passes. */
struct basin_piece {
    double low[BASIN_AXES_MOST], high[BASIN_AXES_MOST]; /* its corners */
    uint16_t label;                                     /* of its middle */
};

struct basin_refined {
    size_t labelled;  /* starts that the labeller was asked for */
    size_t pieces;    /* of the boundary */
    double boundary;  /* the share of the window that they cover */
    double undecided; /* the share that is undecided, outside of the pieces */
};

struct basin_refine; /* opaque */

enum status basin_refine_create(const struct basin_refine_plan *plan,
                                const struct basin_labeller *labeller,
                                struct basin_refine **refine) MUST_CHECK;
void basin_refine_free(struct basin_refine *refine); /* NULL is allowed */

/* area[classes]. */
struct basin_refined basin_refine_areas(const struct basin_refine *refine, struct basin_area *area);

/* Piece k < pieces, in the order in which they were found. */
struct basin_piece basin_refine_piece(const struct basin_refine *refine, size_t k);

/* A cell of level 1 or more inside the window.  Those that are not cut and the coarse cells that
 * are not cut cover the window, each point once. */
struct basin_leaf {
    double low[BASIN_AXES_MOST], high[BASIN_AXES_MOST]; /* its corners */
    size_t level;                                       /* halvings of a coarse cell */
    uint16_t label;                                     /* of its middle */
    bool cut;
    bool boundary; /* a cell next to it has another label */
    size_t start;  /* which of the starts that the labeller was asked for, from 0 */
};

/* Calls visit(context, leaf) for each of them that is not cut, in the order of their starts. */
enum status basin_refine_each(const struct basin_refine *refine,
                              enum status (*visit)(void *context, const struct basin_leaf *leaf),
                              void *context) MUST_CHECK;

/* The smallest cell, of a level up to `level`, that holds place at[axes] of that level, counted
 * from the lower corner of the window; false: a coarse cell that is not cut. */
bool basin_refine_at(const struct basin_refine *refine, size_t level, const size_t *at,
                     struct basin_leaf *leaf);

#endif
