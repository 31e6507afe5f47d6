/* A whole leaf: every zero of the error of a chain along its orbit in residual time.
 *
 * On a leaf the state is a function of residual time s, and s' = e(s): a flow on a line, whose fixed
 * points are the real zeros of e.  They are isolated with their multiplicities, so that which of
 * them attract, and from which side, is proved.  A scalar polynomial flow x' = Q(x) is its own leaf.
 *
 * Shapes: zero[count] by growing s; state[dim], dim = 0 for a polynomial flow.  Units: residual time
 * from the start of the statement.  Memory: zeros_create(), zeros_free(); a leaf copies its numbers.
 * Errors: NO_MEMORY; BAD_ARGUMENT for other families than chains under fixed feedback, where e does not vary
 * along the orbit, and beyond ZEROS_DEGREE_MOST.  Source: notes/exact.md, (EX1), (EX26). */
#ifndef EXACT_ZEROS_H
#define EXACT_ZEROS_H

#include "exact/curve_chain.h"

enum { ZEROS_DEGREE_MOST = 127 }; /* seven layers */

struct zeros_zero {
    double s; /* to the last bits */
    slong multiplicity;
    int before, after; /* the signs of e on either side */
};

struct zeros {
    slong degree;
    size_t count, dim;
    struct zeros_zero *zero;
    fmpq_poly_t e;             /* e(s), exactly */
    struct curve_chain *chain; /* NULL: a polynomial flow */
};

enum status zeros_create(const struct statement *statement, struct zeros **leaf) MUST_CHECK;

/* s is x itself; coefficient[count] of 1, x, x^2, ... */
enum status zeros_of_polynomial(size_t count, const double *coefficient,
                                struct zeros **leaf) MUST_CHECK;
void zeros_free(struct zeros *leaf);

/* e(s), evaluated exactly and rounded. */
double zeros_error(const struct zeros *leaf, double s);
void zeros_state(const struct zeros *leaf, double s, double *state);

/* The real zeros of a polynomial, each once, by growing value, to the last bits of doubles:
 * zero[degree], and their number.  p != 0. */
size_t zeros_real(const fmpz_poly_t p, double *zero);

#endif
