/* The coefficients of the explicit Runge-Kutta method for lanes that need many digits.
 *
 * Shapes: a[i][j], j < i < stages; b[stages]; estimate[m][stages].  Units: none.  Memory: constant.
 * Errors: none.  tests/test_sweep_wide.c holds the table to the order conditions, one for each rooted
 * tree. */
#ifndef ODE_SWEEP_WIDE_TABLE_H
#define ODE_SWEEP_WIDE_TABLE_H

#include <stddef.h>

enum { SWEEP_WIDE_STAGES = 12, SWEEP_WIDE_ESTIMATES = 2 };

struct sweep_wide_table {
    size_t stages, order;
    /* orders of the solutions whose differences from the result are the estimates */
    size_t embedded[SWEEP_WIDE_ESTIMATES];
    double a[SWEEP_WIDE_STAGES][SWEEP_WIDE_STAGES]; /* k_i = f(x + h sum_j a_ij k_j) */
    double b[SWEEP_WIDE_STAGES];                    /* x + h sum b_i k_i is of order `order` */
    double estimate[SWEEP_WIDE_ESTIMATES][SWEEP_WIDE_STAGES];
};

extern const struct sweep_wide_table sweep_wide_table;

#endif
