/* The coefficients of the sweeper's explicit Runge-Kutta method, for autonomous fields.
 *
 * Shapes: a[i][j], j < i < stages; b[stages]; estimate[m][stages].  Units: none.  Memory: constant.
 * Errors: none.  tests/test_sweep.c holds the table to the order conditions, one for each rooted
 * tree. */
#ifndef ODE_SWEEP_TABLE_H
#define ODE_SWEEP_TABLE_H

#include <stddef.h>

enum { SWEEP_STAGES = 7, SWEEP_ESTIMATES = 1 };

struct sweep_table {
    size_t stages, order;
    /* orders of the solutions whose differences from the result are the estimates */
    size_t embedded[SWEEP_ESTIMATES];
    double a[SWEEP_STAGES][SWEEP_STAGES]; /* k_i = f(x + h sum_j a_ij k_j) */
    /* x + h sum b_i k_i is of order `order`; b is the last row of a: the last stage is taken there */
    double b[SWEEP_STAGES];
    double estimate[SWEEP_ESTIMATES][SWEEP_STAGES];
};

extern const struct sweep_table sweep_table;

#endif
