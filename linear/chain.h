/* Linear chains A[1,...,1]: P = a1 a2 ... aL, e = alpha - beta P.
 *
 *   fixed direct feedback (rbp, srbp):  a_i' = c_i (prod_{k<i} a_k) e - lambda a_i     (D)
 *   gradient descent (bp):              a_i' = eta_i (prod_{k!=i} a_k) e - lambda a_i  (B)
 *
 * with the learning rates eta_i folded into c_i for (D); the moments alpha and beta are those of
 * (N1), the decay lambda that of (N4).  Source: Baldi, Sadowski, Lu, AIJ 260 (2018), Eqs. 23, 36,
 * 44, 51; statements and proofs: notes/chains.md.
 * Shapes: a[L], c[L].  The functions below take the flow of a chain and nothing else. */
#ifndef LINEAR_CHAIN_H
#define LINEAR_CHAIN_H

#include "linear/clock.h"
#include "linear/problem.h"

double chain_product(const struct flow *flow, const double *a);     /* P */
double chain_error(const struct flow *flow, const double *a);       /* e = alpha - beta P */
double chain_sensitivity(const struct flow *flow, const double *a); /* S = dP/ds = P'/e, (H2) */
bool chain_is_gradient(const struct flow *flow);                    /* the rule is bp */
const double *chain_direct_weights(const struct flow *flow);        /* c[L] of (D), eta[L] of (B) */

/* The rules that have a field of their own here, (D) and (B); under the others a chain is a network
 * with sizes 1, network.h, and none of the functions above applies. */
bool chain_is_special(const struct rule *rule);

/* A chain with a field of its own whose layers are all driven by the one number e, so that the
 * functions above apply: its channel has no neurons, channel_neurons.h. */
bool chain_is_scalar(const struct problem *problem);

/* Where the chain goes from a0[L], without integrating it: system_chain's `predict`. */
enum status chain_predict(const struct problem *problem, const double *a0, double *limit,
                          struct prediction *prediction) MUST_CHECK;

/* The clock of a direct chain without decay from a0[L], (C2).  It points to itself, to the flow
 * and to a0: they must stay where they are. */
struct chain_clock {
    struct clock clock;
    const struct flow *flow;
    const double *a0;
    double alpha, beta;
    int fastest; /* the largest degree in s of a weight; 0: nothing moves */
};
void chain_clock_init(struct chain_clock *clock, const struct problem *problem,
                      const struct flow *flow, const double *a0);

/* The state a(s)[L] at clock s, and a bound on its error. */
void chain_at_clock(const struct chain_clock *clock, struct ball s, double *a, double *error);

#endif
