/* Chains A[1,...,1] whose hidden layers have activations, O = a_L f_(L-1)(... f_1(a_1 I)).
 *
 *   h_0 = I,  u_i = a_i h_(i-1),  h_i = f_i(u_i),  O = u_L,  e = T - O for every sample;
 *   a_i' = eta_i E[s_i h_(i-1)] - lambda_i a_i,   s_L = e,  and below the top
 *   layered  s_i = f_i'(u_i) C_i s_(i+1),   skipped  s_i = f_i'(u_i) C_i e,
 *   adaptive C_i' = rho_i E[h_i s_(i+1)] - lambda C_i   (skipped: e for s_(i+1)),
 *   mirror   C_i' = sigma^2 a_(i+1) - lambda C_i,
 *
 * with C_i fixed, an unknown, a_(i+1) (sbp: a_(i+1) ... a_L) or sgn a_(i+1), as the rule says;
 * without derivatives the factors f' are left out.  With identities it is the chain of
 * linear/chain.h.  Statements and proofs: notes/nonlinear.md.
 *
 * Shapes: the state holds a_1, ..., a_L and then the C_1, ..., C_(L-1) that are unknowns.  Where an
 * f_i is a power below 2 trajectories are integrated in y_i of (X6) instead: flow->regular.
 * Units: those of the data.  Memory: the flow owns its data.
 * Errors: BAD_ARGUMENT for rules with a product channel or without targets, for lists of the wrong
 * length; those of data_create(). */
#ifndef NONLINEAR_NONLINEAR_CHAIN_H
#define NONLINEAR_NONLINEAR_CHAIN_H

#include "linear/problem.h"

/* The flow of a chain with activations; also without any, where it is linear. */
enum status nonlinear_chain_flow(const struct problem *problem, struct flow **flow) MUST_CHECK;

#endif
