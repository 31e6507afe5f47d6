/* The modified equation of Euler's method: what steps of size eta really follow.
 *
 *   theta' = f(theta) - (eta/2) f'(theta) f(theta),      steps stay within O(eta^2) of it
 *
 * For gradient flows this is -grad(L + (eta/4) |grad L|^2); the form with f' f needs no gradient and
 * holds for random backpropagation, too, (MB73).
 * Memory: one block, freed by flow_free(); the base flow is borrowed and must outlive it.
 * Errors: NO_MEMORY. */
#ifndef PROOFS_CHECK_COMPARISON_MODIFIED_H
#define PROOFS_CHECK_COMPARISON_MODIFIED_H

#include "ode/flow.h"

enum status comparison_modified_create(const struct flow *base, double eta,
                                       struct flow **flow) MUST_CHECK;

#endif
