/* A program over the rationals, at one point.
 *
 * Shapes: f[n], y[k].  Memory: program_exact_init(), program_exact_clear(). */
#ifndef EXACT_PROGRAM_EXACT_H
#define EXACT_PROGRAM_EXACT_H

#include "exact/program.h"

struct program_exact {
    fmpq *values; /* [nodes] */
    fmpq *f, *y;
};

void program_exact_init(const struct program *program, const fmpq *x, struct program_exact *at);
void program_exact_clear(const struct program *program, struct program_exact *at);

enum program_matrix {
    PROGRAM_DF,     /* n x n */
    PROGRAM_MINUS_K /* Dy S, k x k */
};

void program_exact_matrix(const struct program *program, const struct program_exact *at,
                          enum program_matrix which, fmpq_mat_t A);

#endif
