/* Networks A[N0,...,NL] with activations over finitely many samples (I_k, T_k) of weight w_k.
 *
 *   h_0 = I,  u_i = A_i h_(i-1),  h_i = f_i(u_i) for i < L,  O = u_L,  E = T - O  (each sample),
 *   A_i' = eta_i E[S_i h_(i-1)'] - lambda_i A_i,            E[g] = sum_k w_k g_k,
 *   S_L = E,  S_i = f_i'(u_i) .* R_i,
 *   layered  R_i = C_i S_(i+1),   skipped  R_i = C_i E  (sbp: R_i = A_(i+1)' R_(i+1), R_L = E),
 *   adaptive C_i' = rho_i E[h_i S_(i+1)'] - lambda C_i  (skipped: E for S_(i+1)),
 *   mirror   C_i' = sigma^2 A_(i+1)' - lambda C_i,
 *
 * with C_i fixed, an unknown, A_(i+1)' or sgn A_(i+1)', as the rule says; a product channel has R E
 * in the place of E.  Without derivatives S_i = R_i.  With biases every layer has one more input,
 * which is 1: A_i is N_i x (N_(i-1) + 1), and the feedback matrices are what they are without.
 * With f(x) = x it is the flow of linear/network.h for the moments of the samples.
 * Source: Baldi, Sadowski, Lu, AIJ 260 (2018), sections 2 and 7; notes/nonlinear-networks.md.
 * Shapes: the state holds A_1, ..., A_L and then the C_i that are unknowns, row by row.
 * Errors: BAD_ARGUMENT for what has no unique solutions in these unknowns (powers that are not
 * whole), for data or lists of a wrong length; NO_MEMORY. */
#ifndef NONLINEAR_NONLINEAR_NETWORK_H
#define NONLINEAR_NONLINEAR_NETWORK_H

#include "linear/problem.h"

/* For the records of systems. */
enum status nonlinear_network_dim(const struct problem *problem, size_t *dim) MUST_CHECK;
enum status nonlinear_network_flow(const struct problem *problem, struct flow **flow) MUST_CHECK;
enum status nonlinear_network_predict(const struct problem *problem, const double *x0,
                                      double *limit, struct prediction *prediction) MUST_CHECK;

#endif
