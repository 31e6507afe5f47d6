/* L_V p = k p as linear equations in the coefficients of p, in blocks that share no unknown.
 *
 *     L_V x^e = sum_v e_v x^(e - 1_v) V_v
 *
 * is a short sum over the terms of V, so that a column costs no polynomial arithmetic.  A row is a
 * monomial of one of the fields' equations.  Rows and columns that hang together form a block: a
 * field with symmetries, like that of gradient descent under changes of sign, falls into many.
 *
 * Shapes: entry[entries], those of one block one after the other, block b at first[b]..first[b +
 * 1]; columns[blocks], rows[blocks]: how many each has; column[...]: the columns of block 0, of
 * block 1, ..., ascending in each.  Memory: integral_equations_create(), integral_equations_free();
 * fields and monomials are borrowed.  Errors: NO_MEMORY, INTERRUPTED. */
#ifndef EXACT_INTEGRAL_EQUATIONS_H
#define EXACT_INTEGRAL_EQUATIONS_H

#include "exact/integral.h"
#include "exact/integral_monomials.h"

/* At (row, column) of its block: times the coefficient of a term. */
struct integral_entry {
    size_t row, column, term;
    slong times;
};

struct integral_equations {
    const struct integral_fields *fields;
    const struct integral_monomials *monomials;
    size_t total; /* rows of all blocks */
    size_t entries, blocks;
    struct integral_entry *entry;
    size_t *first, *rows, *columns, *column;
    size_t terms;
    fmpq *coefficient; /* [terms] */
    ulong *residue;    /* [terms] */
};

enum status integral_equations_create(const struct integral_fields *fields,
                                      const struct integral_monomials *monomials,
                                      struct integral_equations **equations) MUST_CHECK;
void integral_equations_free(struct integral_equations *equations);

/* Fills the residues; false: the prime divides a denominator. */
bool integral_equations_reduce(struct integral_equations *equations, nmod_t modulus);

#endif
