/* What values a formula can take, whatever the unknowns are: an interval for each node.
 *
 * Tells places where something is not smooth from places that no state reaches: 1 + x^2 has no
 * zero, nor has 1 + exp(-x).  Intervals are widened by the rounding of their ends; dependence
 * between parts is not seen, but for u u.
 *
 * Shapes: range[expression_count()].  Units: those of the formulas.  Memory: the caller's.
 * Errors: none; where nothing is known it is the whole line. */
#ifndef EQUATIONS_RANGE_H
#define EQUATIONS_RANGE_H

#include "equations/expression.h"

struct range {
    double low, high;
};

/* For the nodes with wanted[node], whose parts are wanted, too. */
void range_compute(const struct expressions *arena, const double *parameters, const bool *wanted,
                   struct range *range);

bool range_is_positive(const struct range *range);
bool range_is_negative(const struct range *range);

#endif
