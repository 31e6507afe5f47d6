/* The fixed points of a whole flow that lie in a plane slice of its state space.
 *
 * Curves where the flow has continua of fixed points that the plane cuts, isolated points
 * elsewhere; each with its stability in the whole space, not in the slice.  A curve is found where
 * the field passes through zero on it; one on which the field has a double zero is missed.
 *
 * Shapes: through[dim]; window {u0, u1, v0, v1} of the unknowns axis[0], axis[1]; piece k has the
 * points start[k]..start[k+1]-1 and one kind.  Memory: one object, freed by fixed_set_free() (NULL
 * is allowed).  Errors: NO_MEMORY; where the field fails there are no fixed points. */
#ifndef CLI_FIXED_SET_H
#define CLI_FIXED_SET_H

#include "ode/flow.h"

/* By the real parts of the spectrum transverse to the set. */
enum fixed_set_kind {
    FIXED_SET_ATTRACTS, /* none positive, some negative */
    FIXED_SET_REPELS,   /* some positive, none negative */
    FIXED_SET_SADDLE,   /* both */
    FIXED_SET_NEUTRAL,  /* all zero: the linearisation says nothing */
    FIXED_SET_KINDS
};

struct fixed_set_plan {
    const struct flow *flow;
    size_t axis[2];
    double window[4];
    const double *through;                 /* the other unknowns */
    size_t cells;                          /* of the contour, along each side */
    size_t search_cells;                   /* for isolated points, along each side */
    bool (*stop)(void *context, double t); /* true: nothing more is found; NULL: never */
    void *context;
};

struct fixed_set_point {
    double u, v;
    enum fixed_set_kind kind;
};

struct fixed_set {
    size_t pieces, points;
    size_t *start;             /* start[pieces + 1] */
    enum fixed_set_kind *kind; /* of pieces */
    double *u, *v;             /* of points */
    size_t isolated_count, switch_count;
    struct fixed_set_point *isolated;
    struct fixed_set_point *change; /* where the stability along a curve changes */
};

enum status fixed_set_find(const struct fixed_set_plan *plan, struct fixed_set **set) MUST_CHECK;
void fixed_set_free(struct fixed_set *set);

#endif
