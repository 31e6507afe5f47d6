/* What is asked, in exact rationals: one system under one rule from one start.
 *
 * Shapes, for the families
 *   chain        L layers; x0 = a_1..a_L, then c_1..c_(L-1) where the rule adapts them;
 *                c[L]: direct feedback weights with the rates in them, under bp the rates
 *   power        the same with hidden neurons x^mu[i], mu[L-1], layered feedback, derivatives kept
 *   fan          A[1,N,1]; x0 = a_1..a_N, b_1..b_N, then adaptive c_1..c_N; c[N + 1]: feedback, then
 *                the rate of the upper layer
 *   autoencoder  A[N,1,N], white inputs, targets T = I; x0 = A, B; c[N] = C
 * Units: as in notes/conventions.md.  Memory: statement_create() gives numbers that are 0, freed by
 * statement_free().  Errors: NO_MEMORY, BAD_ARGUMENT. */
#ifndef EXACT_STATEMENT_H
#define EXACT_STATEMENT_H

#include "base/status.h"
#include "exact/library.h"

#include <stdbool.h>
#include <stddef.h>

enum statement_family {
    STATEMENT_CHAIN,
    STATEMENT_POWER,
    STATEMENT_FAN,
    STATEMENT_AUTOENCODER,
    STATEMENT_FAMILIES
};

enum statement_rule {
    STATEMENT_DIRECT, /* rbp, srbp: fixed feedback */
    STATEMENT_BP,
    STATEMENT_ARBP,
    STATEMENT_ASRBP
};

struct statement {
    enum statement_family family;
    enum statement_rule rule;
    size_t size;      /* L of a chain, N of a fan and an autoencoder */
    size_t dim;       /* of x0 */
    size_t c_count;   /* of c */
    fmpq *x0, *c;     /* [dim], [c_count] */
    ulong *mu;        /* [size - 1] of a power chain */
    fmpq alpha, beta; /* E[TI], E[I^2]; of powers E[T I^m], E[I^(2m)], m the product of mu */
};

enum { STATEMENT_SIZE_MOST = 1024 };

enum status statement_create(enum statement_family family, enum statement_rule rule, size_t size,
                             struct statement **statement) MUST_CHECK;
void statement_free(struct statement *statement);

/* From layer-to-layer weights to direct ones, in place: c_i := c_i c_(i+1) ... c_(L-1), (N3). */
void statement_direct_of_layered(fmpq *c, size_t layers);

/* e = alpha - beta P at the start; not for the autoencoder. */
void statement_error(const struct statement *statement, fmpq_t e);

/* Are all given numbers c[from..] one? */
bool statement_rates_are_one(const struct statement *statement, size_t from);

#endif
