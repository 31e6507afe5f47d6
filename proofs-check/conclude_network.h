/* Conclusions on networks: where P goes, and what holds along the way.
 *
 * Shapes: as in linear/network.h; matrices row by row, at most INSTANCE_DIM_MAX entries each. */
#ifndef PROOFS_CHECK_CONCLUDE_NETWORK_H
#define PROOFS_CHECK_CONCLUDE_NETWORK_H

#include "linear/network.h"
#include "proofs-check/conclude.h"

/* The matrices of an instance at one state; C[i] where there is feedback, fixed or not.  Not to be
 * copied: C may point into `feedback`. */
struct conclude_matrices {
    struct network_shape shape;
    size_t layers, inputs, outputs;
    const double *A[PROBLEM_SIZES_MAX], *C[PROBLEM_SIZES_MAX];
    double rate[PROBLEM_SIZES_MAX], channel_rate[PROBLEM_SIZES_MAX];
    double sigma_ii[INSTANCE_DIM_MAX], sigma_ti[INSTANCE_DIM_MAX], W[INSTANCE_DIM_MAX];
    double feedback[INSTANCE_DIM_MAX]; /* C_1, C_2, ..., where they are fixed; then R */
};
enum status conclude_matrices_at(const struct instance *instance, const double *x,
                                 struct conclude_matrices *matrices) MUST_CHECK;

/* Q[N_last * N_(first-1)] = A_last ... A_first, first <= last; the identity if first = last + 1. */
void conclude_network_product(const struct conclude_matrices *matrices, size_t first, size_t last,
                              double *Q);
/* E = Sigma_TI - P Sigma_II and P at these matrices; P may be NULL. */
void conclude_network_error(const struct conclude_matrices *matrices, double *E, double *P);

/* max |a_k - b_k| / (1 + max |b|) */
double conclude_network_distance(size_t count, const double *a, const double *b);

/* ---- along the way ---- */

/* The discrepancy of a statement at one state; NAN: cannot be told. */
typedef double conclude_offset(const struct trial *trial, double t, const double *x);

/* Follows the trajectory to `horizon` with the explicit integrator, unprojected and to 1e-12, and
 * wants every offset within the bound. */
enum status conclude_network_along(struct trial *trial, double horizon, conclude_offset *offset,
                                   const char *what, enum finding *finding) MUST_CHECK;

/* ---- the limit ---- */

/* It comes to rest (or P does), and P there is what is predicted, to `bound`. */
conclusion conclude_network_output;
/* P there is given, P[N_L*N_0]. */
enum status conclude_network_reaches(struct trial *trial, const double *P,
                                     enum finding *finding) MUST_CHECK;
/* It comes to rest with an excess loss of at most `bound`. */
conclusion conclude_network_optimum;

#endif
