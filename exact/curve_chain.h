/* A chain in residual time, with exponents: notes/exact.md, (EX1) and (EX4).
 *
 *     U_1 = s,  a_i = a_i(0) + c_i U_i,  U_(i+1) = U_i (a_i(0) + c_i U_i/2),  e = alpha - beta prod a_i^(m_i)
 *
 * divides by nothing and is never expanded.  Plain chains have all m_i = 1.  Chains of powers stop
 * where a weight with m_i > 1 vanishes, too: their curve is the product of e and these weights.
 *
 * Shapes: a[L], c[L], m[L].  Memory: curve_chain_create() copies its numbers; one free.
 * Errors: NO_MEMORY. */
#ifndef EXACT_CURVE_CHAIN_H
#define EXACT_CURVE_CHAIN_H

#include "base/status.h"
#include "exact/curve.h"
#include "exact/statement.h"

/* What the curve is made of besides e. */
struct curve_chain {
    struct curve curve;
    size_t L;
    fmpq *a, *c;    /* at the start; the weights of the recursion */
    ulong *m;       /* exponents in P */
    bool *stops;    /* this weight is a factor of the curve */
    bool has_error; /* e is a factor of the curve */
    fmpq alpha, beta;
    int fastest; /* the largest degree in s of a weight; 0: nothing moves */
};

/* For the families chain and power, fixed feedback. */
enum status curve_chain_create(const struct statement *statement,
                               struct curve_chain **chain) MUST_CHECK;
void curve_chain_free(struct curve_chain *chain);

/* a[L] at s, and e if it is wanted (else NULL). */
void curve_chain_state(const struct curve_chain *chain, const arb_t s, slong prec, arb_ptr a);

/* The Taylor coefficients at s of one factor: weight `which`, or L: e. */
void curve_chain_factor(const struct curve_chain *chain, size_t which, const arb_t s, slong prec,
                        arb_ptr jet);

#endif
