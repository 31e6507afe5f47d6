/* What the files of the flow of one hidden layer share: its terms, its claims, its scratch.
 *
 * Private to linear/hidden*.c.  Memory: everything stands in the block of the flow.
 * Shapes: as in hidden.h; scratch holds LANES_BLOCK states side by side, or one state. */
#ifndef LINEAR_HIDDEN_DATA_H
#define LINEAR_HIDDEN_DATA_H

#include "linear/hidden.h"
#include "ode/lanes.h"

enum hidden_claim_kind {
    HIDDEN_FROZEN,  /* u_p' A1 e_q, u_p outside the range of C */
    HIDDEN_KERNEL,  /* u_p' A1 n_q, n_q in the kernel of Sigma_II */
    HIDDEN_COUPLED, /* u_p' K u_q, u_p in the range */
    HIDDEN_LYAPUNOV
};

struct hidden_claim {
    enum hidden_claim_kind kind;
    size_t p, q;
};

/* Numbers of one state or of LANES_BLOCK states side by side. */
struct hidden_scratch {
    double *x, *dx, *turned, *X;
    double *E;
};

struct hidden_data {
    struct hidden_terms terms;
    size_t lanes;
    struct hidden_scratch at, along;
    double *product; /* [N1*N1]: C A2 */
    double *CT;      /* [2*N0]: C Sigma_TI of one hidden unit, and |C| |Sigma_TI| */
    double *moduli;  /* constants and state of the rounding bound */
    const struct hidden_claim *claim;
};

static inline const struct hidden_data *hidden_data_of(const struct flow *flow)
{
    return flow->data;
}

/* f = factor f + linear x */
LANES_INLINE void hidden_combine(size_t count, double factor, double linear, const double *x,
                                 double *f)
{
    for (size_t i = 0; i < count; i++)
        f[i] = factor * f[i] + linear * x[i];
}

/* ---- hidden_field.c ---- */
enum status hidden_field(const struct flow *flow, size_t n, const double *x, double *dx);
void hidden_rounding(const struct flow *flow, const double *x, double *bound);
void hidden_output(const struct flow *flow, const double *x, double *P);
double hidden_loss(const struct flow *flow, const double *x);
size_t hidden_transverse(const struct flow *flow, const double *x, double *lambda);
/* C = A B of one state. */
void hidden_multiply(size_t rows, size_t inner, size_t columns, const double *A, const double *B,
                     double *C);
/* X = A1 Sigma_II and E at x, into the scratch; returns A1 turned. */
const double *hidden_error_at(const struct hidden_data *d, const double *x);

/* ---- hidden_jacobian.c ---- */
enum status hidden_jacobian_times(const struct flow *flow, const double *x, const double *v,
                                  double *Jv);
/* Up to FLOW_DENSE_MOST unknowns. */
enum status hidden_jacobian(const struct flow *flow, const double *x, double *J);
/* What drives the flow, ode/flow.h: how many errors, or 0 where other things do. */
size_t hidden_errors(const struct hidden_terms *t);
double hidden_error(const struct flow *flow, const double *x, double *e);
void hidden_drive(const struct flow *flow, const double *x, const double *z, double *dx);
double hidden_response(const struct flow *flow, const double *x, double *M);

/* ---- hidden_claims.c ---- */
/* Writes the claims, or only counts them where `claim` is NULL. */
size_t hidden_claims_list(const struct hidden_terms *t, struct hidden_claim *claim);
void hidden_claim_name(const struct hidden_terms *t, const struct hidden_claim *c,
                       struct claim *claim);
double hidden_observe(const struct flow *flow, size_t claim, const double *x);
void hidden_gradient(const struct flow *flow, size_t claim, const double *x, double *g);

#endif
