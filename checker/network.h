/* The learning equations, rebuilt from the premise alone, over any ring.
 *
 * With y = E column by column, y[a + NL*b] = E_ab, every rule of premise.h reads x' = f(x) = S(x) y(x):
 *
 *     A_i' = r_i (T_i E) Q_(i-1)',   C_i' = r_(L+i) Q_i (T_(i+1) E)'  (arbp),   r_(L+i) Q_i E'  (asrbp),
 *
 * Q_i = A_i ... A_1, S_i = T_i E; T_L is the identity, or c_L of a chain under rbp and srbp, and below
 * T_i = A_(i+1)' T_(i+1) under bp, C_i T_(i+1) under rbp and arbp, C_i under srbp and asrbp.
 *
 * Shapes: f[n], y[k], S[i*k + u]; network_element() finds the element.  Memory: memory.h.
 * Errors: rejections.  Lists of the premise with intervals must not be used but `start`, which
 * is not looked at. */
#ifndef CHECKER_NETWORK_H
#define CHECKER_NETWORK_H

#include "checker/premise.h"
#include "checker/ring.h"

struct network_matrix {
    size_t rows, columns, row_step, column_step;
    char *entries;
};

struct network {
    const struct premise *premise;
    const struct ring *ring;
    size_t n, k;
    struct network_matrix A[PREMISE_SIZES_MAX]; /* A[1..L] */
    struct network_matrix C[PREMISE_SIZES_MAX]; /* C[1..L-1] of rules that have them */
    struct network_matrix Q[PREMISE_SIZES_MAX]; /* Q[0..L] */
    struct network_matrix T[PREMISE_SIZES_MAX]; /* T[1..L] */
    struct network_matrix G[PREMISE_SIZES_MAX]; /* T_i E */
    struct network_matrix sigma_ii, sigma_ti, map, E;
    char *rates, *minus_one, *room; /* elements */
    char *f, *S;
};

void network_make(struct network *network, const struct premise *premise, const struct ring *ring);

/* Evaluates E and f, or S after them, at what the ring's variables are now. */
void network_evaluate(struct network *network);
void network_evaluate_drive(struct network *network);

void *network_f(const struct network *network, size_t i);
void *network_y(const struct network *network, size_t u);
void *network_S(const struct network *network, size_t i, size_t u);

#endif
