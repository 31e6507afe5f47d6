/* One hidden layer, A[N0,N1,N2], under fixed feedback (rbp = srbp here, and noise pretraining).
 *
 *   A1' = C E - lambda_1 A1,   A2' = eta_2 E A1' - lambda_2 A2,   E = Sigma_TI - A2 A1 Sigma_II,
 *
 * with C = eta_1 C1, and with ' for the transpose where it follows a matrix.  The autoencoder
 * A[N,1,N] is the case N1 = 1.  notes/hidden.md, (S1)-(S7).
 * Shapes: A1[N1*N0], A2[N2*N1], C[N1*N2], row by row; the state is A1, A2.
 * Memory: hidden_terms are one block, freed by free(); a flow keeps a copy in its own.
 * Errors: BAD_ARGUMENT for rates or feedback of a wrong length. */
#ifndef LINEAR_HIDDEN_H
#define LINEAR_HIDDEN_H

#include "linear/problem.h"

/* What the data and the feedback say before any trajectory: notes/hidden.md, (S1), (S4). */
struct hidden_terms {
    size_t N0, N1, N2, dim;
    double eta_2, decay[2];
    bool spherical;      /* Sigma_II = sphere I */
    double sphere;       /* the factor */
    bool decomposed;     /* W, F, kernel, Q are known: sizes up to HIDDEN_DECOMPOSE_MOST */
    bool consistent;     /* Sigma_TI = W Sigma_II */
    bool kernel_frozen;  /* C Sigma_TI = 0 on the kernel: A1 does not move there */
    size_t rank, inputs; /* of C; of Sigma_II */
    double loss_floor;   /* least excess loss of a map of rank N1; NAN if unknown */
    double *sigma, *targets, *C, *W, *G; /* [N0*N0], [N2*N0], [N1*N2], [N2*N0], C W [N1*N0] */
    double
        *F; /* [N0*N0]: Sigma_II = F F', the first `inputs` columns; then the kernel, orthonormal */
    double *Q; /* [N1*N1]: orthonormal, the first `rank` columns span the range of C */
};

/* Larger matrices are not decomposed: flows without loss, claims and spectrum in closed form. */
enum { HIDDEN_DECOMPOSE_MOST = 256 };

enum status hidden_terms_of(const struct problem *problem, struct hidden_terms **terms) MUST_CHECK;
/* For a copy: how many numbers the matrices hold together, and where they stand in storage[]. */
size_t hidden_terms_doubles(const struct hidden_terms *terms);
void hidden_terms_place(struct hidden_terms *terms, double *storage);

/* The flow; letters as in struct system, or NULL. */
enum status hidden_flow_of(const struct problem *problem, struct flow **flow) MUST_CHECK;

/* The terms of a flow that hidden_flow_of() made; they belong to it. */
const struct hidden_terms *hidden_terms_of_flow(const struct flow *flow);

/* The spectrum transverse to the fixed points, decreasing real parts, at a fixed point x[dim]:
 * lambda[dim], of which *count are written; (S6).  0 where it does not apply. */
enum status hidden_spectrum(const struct hidden_terms *terms, const double *x, double *lambda,
                            size_t *count) MUST_CHECK;

/* Excess loss of the map P[N2*N0] over the best map of rank N1; NAN if unknown. */
double hidden_loss_of(const struct hidden_terms *terms, const double *P);

/* ---- predictions ---- */

/* Terms that no prediction covers: decay, a top layer that does not learn, large matrices,
 * targets that no data have.  Then *said is true and the prediction is made. */
void hidden_predict_unusual(const struct hidden_terms *terms, struct prediction *prediction,
                            bool *said);
/* Ending, rate, loss and error of a known limit x[dim] of the weights; settled or saddle. */
enum status hidden_predict_state(const struct hidden_terms *terms, const double *x,
                                 struct prediction *prediction) MUST_CHECK;
/* The same of a known map P[N2*N0]; its rate is not known. */
void hidden_predict_output(const struct hidden_terms *terms, const double *P,
                           struct prediction *prediction);
/* One unit whose a -> 0 by a' = -(k + a^2)/2 a, k > 0, on a unit input v with Wv: where its
 * outgoing weight y' = W v a - y a^2 ends; (U5). */
double hidden_weight_left(double k, double a, double y, double Wv);

enum status hidden_predict(const struct problem *problem, const double *x0, double *limit,
                           struct prediction *prediction) MUST_CHECK;

/* Is the rule one of fixed feedback, so that hidden_flow_of() applies? */
bool hidden_is_fixed(const struct problem *problem);

#endif
