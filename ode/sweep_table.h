/* The coefficients of the explicit Runge-Kutta methods of sweeps, for autonomous fields.
 *
 * Shapes: a[i][j], j < i < stages; b[stages]; estimate[m][stages], m < estimates; what is beyond is
 * 0.  Units: none.  Memory: constant.  Errors: none.  tests/test_sweep.c holds each table to the
 * order conditions, one for each rooted tree. */
#ifndef ODE_SWEEP_TABLE_H
#define ODE_SWEEP_TABLE_H

#include <stddef.h>

enum { SWEEP_STAGES_MOST = 12, SWEEP_ESTIMATES_MOST = 2 };

struct sweep_table {
    size_t stages, order, estimates;
    /* orders of the solutions whose differences from the result are the estimates */
    size_t embedded[SWEEP_ESTIMATES_MOST];
    double a[SWEEP_STAGES_MOST][SWEEP_STAGES_MOST]; /* k_i = f(x + h sum_j a_ij k_j) */
    double b[SWEEP_STAGES_MOST];                    /* x + h sum b_i k_i is of order `order` */
    double estimate[SWEEP_ESTIMATES_MOST][SWEEP_STAGES_MOST];
};

/* Of order 5, for lanes that need their basin; b is the last row of a: the last stage is taken there. */
extern const struct sweep_table sweep_table_tsitouras;

/* Of order 8, for lanes that need many digits. */
extern const struct sweep_table sweep_table_dormand_prince;

/* sum over the terms of weight k_stage, without zeros */
struct sweep_sum {
    size_t count;
    struct {
        size_t offset; /* of k_stage */
        double weight;
    } term[SWEEP_STAGES_MOST];
};

/* For stages that stand `slab` numbers apart; weight[SWEEP_STAGES_MOST]. */
struct sweep_sum sweep_sum_of(const double *weight, size_t slab);

#endif
