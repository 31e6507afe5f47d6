/* A trajectory at equal times, far more accurate than steps of learning are near to it.
 *
 *   x(t_n),  t_n = n T/steps,  n = 0..steps
 *
 * Steps of Gragg's method, extrapolated to order up to 12 (Bulirsch and Stoer), halved until the last two
 * columns agree; the time that training counts is hit without interpolation.
 * Shapes: x[(steps + 1)*dim], state n at n*dim.  `error`: the sum of the local estimates.
 * Memory: one object, freed by comparison_path_free() (NULL is allowed).
 * Errors: SOLVER_FAILED where halving does not help (blow-up, kinks), NO_MEMORY.
 * Source: Hairer, Norsett, Wanner, Solving ODEs I (1993), II.9. */
#ifndef PROOFS_CHECK_COMPARISON_PATH_H
#define PROOFS_CHECK_COMPARISON_PATH_H

#include "ode/flow.h"

struct comparison_path {
    size_t steps, dim;
    double horizon, error;
    double *x;
};

struct comparison_path_plan {
    double horizon;
    size_t steps;
    double tolerance; /* of the local error, relative to the largest of |x| and 1 */
};

enum status comparison_path_follow(const struct flow *flow, const struct comparison_path_plan *plan,
                                   const double *x0, struct comparison_path **path) MUST_CHECK;
void comparison_path_free(struct comparison_path *path);

#endif
