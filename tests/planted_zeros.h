/* Chains with a double zero of the error on their leaf, planted in rational numbers.
 *
 * On the curve of a chain in its time s, a_i' = c_i A_(i-1) e with ds = e dt and A_i = a_1 ... a_i, so
 * that all a_i are polynomials of s, and e = alpha - beta A_L has a double zero where A_L' = 0 = e.
 * Shapes: x0[L] of a chain of L layers, all c given.  Memory: none is kept.  Errors: of
 * rational_read(). */
#ifndef TESTS_PLANTED_ZEROS_H
#define TESTS_PLANTED_ZEROS_H

#include "exact/rational.h"
#include "exact/statement.h"

#include <stdbool.h>

/* a_L and alpha such that e = 0 = dP/ds at the start: a_L = -c_L A^2/X, X = sum_(i<L) c_i A_(i-1)^2
 * prod_(i<k<L) a_k, A = A_(L-1).  False where A or X vanishes; then nothing is changed. */
static inline bool planted_zeros_set(struct statement *s)
{
    const size_t L = s->size;
    fmpq_t A, X, term, e;
    fmpq_init(A);
    fmpq_init(X);
    fmpq_init(term);
    fmpq_init(e);
    fmpq_one(A);
    for (size_t i = 0; i + 1 < L; i++) { /* X_(i+1) = X_i a_i + c_i A_(i-1)^2, A = A_(i-1) */
        fmpq_mul(X, X, s->x0 + i);
        fmpq_mul(term, A, A);
        fmpq_mul(term, term, s->c + i);
        fmpq_add(X, X, term);
        fmpq_mul(A, A, s->x0 + i);
    }
    const bool possible = !fmpq_is_zero(X) && !fmpq_is_zero(A);
    if (possible) {
        fmpq_mul(term, A, A);
        fmpq_mul(term, term, s->c + L - 1);
        fmpq_div(term, term, X);
        fmpq_neg(s->x0 + L - 1, term);
        fmpq_zero(&s->alpha);
        statement_error(s, e); /* -beta P */
        fmpq_neg(&s->alpha, e);
    }
    fmpq_clear(A);
    fmpq_clear(X);
    fmpq_clear(term);
    fmpq_clear(e);
    return possible;
}

/* alpha (1 + nudge), nudge as text: the double zero parts, or vanishes. */
static inline enum status planted_zeros_part(struct statement *s, const char *nudge)
{
    fmpq_t factor;
    fmpq_init(factor);
    const enum status status = rational_read(nudge, factor);
    if (status == OK) {
        fmpq_add_si(factor, factor, 1);
        fmpq_mul(&s->alpha, &s->alpha, factor);
    }
    fmpq_clear(factor);
    return status;
}

/* The start goes to where the curve is at s = time from it. */
static inline void planted_zeros_move(struct statement *s, const fmpq_t time)
{
    fmpq_t U, half, a;
    fmpq_init(U);
    fmpq_init(half);
    fmpq_init(a);
    fmpq_set(U, time);
    for (size_t i = 0; i < s->size; i++) {
        fmpq_set(a, s->x0 + i);
        fmpq_mul(half, s->c + i, U);
        fmpq_add(s->x0 + i, a, half);
        fmpq_div_2exp(half, half, 1);
        fmpq_add(half, half, a);
        fmpq_mul(U, U, half);
    }
    fmpq_clear(U);
    fmpq_clear(half);
    fmpq_clear(a);
}

#endif
