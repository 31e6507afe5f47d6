/* The basin entropy of Daza, Wagemakers, Georgeot, Guery-Odelin and Sanjuan (2016).
 *
 * The map is cut into boxes of BASIN_BOX_SIDE cells along each axis; a box where class j has the
 * share p_j of the decided cells has the entropy -sum p_j log p_j.  S_b is its mean over the boxes,
 * S_bb over those with more than one class.  notes/basins.md, (T3).
 *
 * Shapes: label[count].  Units: nats.  Memory: none.  Errors: none. */
#ifndef ODE_BASIN_ENTROPY_H
#define ODE_BASIN_ENTROPY_H

#include "ode/basin_label.h"

#include <stdbool.h>

enum {
    BASIN_BOX_SIDE = 5, /* 25 trajectories in a plane, as in the paper */
    BASIN_BOX_CELLS_MOST = BASIN_BOX_SIDE * BASIN_BOX_SIDE * BASIN_BOX_SIDE,
};

/* NAN: there is no such box; of errors: there are too few, or all alike.  Errors are half the width of the confidence interval of the mean, as
 * if the boxes had been thrown at random. */
struct basin_entropy {
    size_t boxes, boundary_boxes;    /* with a decided cell; with two classes */
    double entropy, error;           /* S_b, of the decided cells */
    double boundary, boundary_error; /* S_bb */
    double low, high;                /* of S_b over all boxes, whatever the undecided cells are */
};

/* Sums over boxes; begins as {0}. */
struct basin_boxes {
    size_t all, decided, boundary;
    double sum, squares; /* of the entropies of decided cells */
    double low, high;    /* sums of the least and greatest entropies */
};

/* Adds a box of count <= BASIN_BOX_CELLS_MOST cells, whose labels are sorted in place; undecided
 * ones could be any of so many classes. */
void basin_entropy_add(struct basin_boxes *boxes, size_t count, uint16_t *label, size_t classes);

struct basin_entropy basin_entropy_of(const struct basin_boxes *boxes, double confidence);

/* S_bb beyond ln 2 by more than its error: on ever finer grids no smooth boundary has that, on one
 * grid boundaries that touch can, (T3). */
bool basin_entropy_is_fractal(const struct basin_entropy *entropy);

#endif
