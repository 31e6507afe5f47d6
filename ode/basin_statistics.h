/* The statistics of a map of labels: shares of the classes, basin entropy, boundary dimension.
 *
 * Labels are fed in the order of the cells, in pieces of any size, and are read once.  A label is a
 * class 0, 1, ..., or BASIN_UNDECIDED, which is not a class: each number is given for the decided
 * cells alone and with the undecided ones as what they are, cells that could be anything.
 * Definitions, and what the bounds mean: notes/basins.md, (T1)-(T5).
 *
 * Shapes: share[classes].  Units: shares of all cells; entropies in nats; lengths in cells.
 * Memory: some rows of a plane, some layers of a box, whatever the number of cells; freed by
 * basin_statistics_free().  Errors: BAD_ARGUMENT, NO_MEMORY.
 * Sources: Clopper and Pearson (1934); Daza et al. (2016); McDonald et al. (1985). */
#ifndef ODE_BASIN_STATISTICS_H
#define ODE_BASIN_STATISTICS_H

#include "ode/basin.h"
#include "ode/basin_entropy.h"
#include "ode/basin_exponent.h"

struct basin_lattice {
    size_t axes;                  /* 1: a line, 2: a plane, 3: a box; 0: random starts */
    size_t size[BASIN_AXES_MOST]; /* 1 beyond `axes`; of random starts size[0] */
    size_t classes;               /* labels are below this */
};

/* Of a class: how many cells, and bounds on the share of the measure.  Of random starts they hold
 * with the confidence asked for, (T1); of a grid for certain if basins are not thinner than its
 * cells, (T2). */
struct basin_share {
    size_t cells;
    double fraction, low, high;                         /* of everything */
    double decided_fraction, decided_low, decided_high; /* of what is decided; NAN: nothing is */
};

struct basin_summary {
    size_t cells, undecided;
    size_t boundary_cells; /* of a grid: those with a decided neighbour of another class */
    struct basin_entropy entropy;
    struct basin_exponent exponent;          /* of pairs of decided cells */
    struct basin_exponent exponent_with_all; /* an undecided end makes a pair uncertain */
};

struct basin_statistics; /* opaque */

enum status basin_statistics_create(const struct basin_lattice *lattice, double confidence,
                                    struct basin_statistics **statistics) MUST_CHECK;
void basin_statistics_free(struct basin_statistics *statistics); /* NULL is allowed */

/* The labels of the next `count` cells. */
enum status basin_statistics_add(struct basin_statistics *statistics, size_t count,
                                 const uint16_t *label) MUST_CHECK;

/* After all cells: share[classes]. */
enum status basin_statistics_finish(const struct basin_statistics *statistics,
                                    struct basin_summary *summary,
                                    struct basin_share *share) MUST_CHECK;

#endif
