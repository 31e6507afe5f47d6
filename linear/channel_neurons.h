/* Linear chains A[1,...,1] whose learning channel has non-linear neurons.
 *
 *   O = P I,  P = a_1 ... a_L,  delta = T - O;   s_L = c_L delta, and below the top
 *   s_i = g(c_i s_(i+1)) (layered: rbp)   or   s_i = g(c_i delta) (skipped: srbp);
 *   a_i' = eta_i A_(i-1) m_i(P) - lambda a_i,   m_i(P) = E[s_i I],
 *
 * the mean over a finite set of samples with equal weights: two moments of the data are not enough.
 * Source: Baldi, Sadowski, Lu, AIJ 260 (2018), where the channel's neurons are linear; statements
 * and proofs: notes/channel-neurons.md.
 *
 * Shapes: state a[L]; inputs and targets, one number per sample, from the problem.
 * Units: those of the data.  Memory: the flow copies its samples.
 * Errors: BAD_ARGUMENT for a rule without fixed feedback, for missing or unequal lists. */
#ifndef LINEAR_CHANNEL_NEURONS_H
#define LINEAR_CHANNEL_NEURONS_H

#include "linear/channel_activation.h"
#include "linear/problem.h"

/* The flow of a chain where problem->channel_activation is not NULL. */
enum status channel_neurons_flow(const struct problem *problem, struct flow **flow) MUST_CHECK;

/* alpha = E[TI] and beta = E[I^2] of the samples, which take the place of the problem's. */
enum status channel_neurons_moments(const struct problem *problem, double *alpha,
                                    double *beta) MUST_CHECK;

/* What is proved of its end, channel_prediction.c: the limit of P, never that of the weights. */
enum status channel_neurons_predict(const struct problem *problem, const double *a0, double *limit,
                                    struct prediction *prediction) MUST_CHECK;

/* What drives layer i < L at P: m_i(P), its derivative by P, and a bound on the rounding error of
 * m_i in units of DBL_EPSILON, given that P has `roundings` of half an epsilon. */
struct channel_drive {
    double mean, slope, rounding;
};
void channel_neurons_drive(const struct flow *flow, size_t layer, double P, double roundings,
                           struct channel_drive *drive);

/* The root of m_i: the P that layer i < L wants; within [low, high], found by bisection of the sign
 * of m_i where rounding leaves it beyond doubt.  BAD_ARGUMENT where m_i vanishes identically. */
enum status channel_neurons_wanted(const struct flow *flow, size_t layer, double *low,
                                   double *high) MUST_CHECK;

/* T_k I_j = T_j I_k for all samples, exactly: T = rho I without noise. */
bool channel_neurons_realizable(const struct flow *flow);

#endif
