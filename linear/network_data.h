/* What the files of the generic network share: its parameters, its claims, its scratch.
 *
 * Private to linear/network*.c.  Memory: everything stands in the block of the flow.
 * Shapes: as in network.h; scratch holds LANES_BLOCK states side by side, or one state where the
 * network is large. */
#ifndef LINEAR_NETWORK_DATA_H
#define LINEAR_NETWORK_DATA_H

#include "linear/network.h"

/* A claimed first integral, a number made of the matrices of layers i and i + 1; notes/networks.md
 * proves each.  u and v are vectors of N_i, p and q indices. */
enum network_claim_kind {
    NETWORK_FROZEN,      /* u' A_i e_q */
    NETWORK_COUPLED,     /* u' (eta_i (R A_(i+1) + its transpose) - eta_(i+1) A_i A_i') v */
    NETWORK_BALANCED,    /* eta_i A_(i+1)' A_(i+1) - eta_(i+1) A_i A_i', entry p q */
    NETWORK_DIFFERENCE,  /* eta_(i+1) C_i - rho_i (R A_(i+1))', entry p q */
    NETWORK_GRAM,        /* rho_i A_i A_i' - eta_i C_i C_i', entry p q */
    NETWORK_SIGNED,      /* eta_(i+1) |row p of A_i|^2/2 - eta_i |column p of A_(i+1)|_1 */
    NETWORK_EXPONENTIAL, /* chains: (a_(i+1) + w c_(i+1)) exp(-w c_i), w = 1 or -1 as q = 0 or 1 */
    NETWORK_LOSS         /* the excess loss: never increases */
};

struct network_claim {
    enum network_claim_kind kind;
    size_t layer, p, q;
    const double *u, *v;
    const double *R; /* COUPLED: N_i x N_(i+1) */
};

/* The signals of one evaluation for `lanes` states side by side. */
struct network_signals {
    double *forward[PROBLEM_SIZES_MAX];  /* Q_i, N_i x N_0 */
    double *driven[PROBLEM_SIZES_MAX];   /* Q_i Sigma_II, N_i x N_0 */
    double *backward[PROBLEM_SIZES_MAX]; /* S_i, N_i x N_0; S_L = E */
    double *product;                     /* R E */
    double *turned;                      /* a transposed signal or feedback matrix */
};

struct network_data {
    struct network_shape shape;
    const struct rule *rule;
    double mirror;
    bool white;   /* Sigma_II is the identity */
    bool decays;  /* some weight decays */
    size_t lanes; /* of scratch: LANES_BLOCK, or 1 for large networks */
    const double *sigma_ii, *sigma_ti;
    const double *c;            /* fixed feedback matrices, then R */
    const double *R;            /* of a product channel, or NULL */
    const double *rate, *decay; /* [L + 1 + L]: of A_i at i, of C_i at L + i */
    const double *inverse;      /* pseudo-inverse of Sigma_II, or NULL */
    double unreachable;         /* loss that the narrowest layer costs at least */
    const struct network_claim *claim;
    struct network_signals at, along; /* at the state, along a direction */
    double *state, *change;           /* LANES_BLOCK states gathered from a wider array */
    double *magnitude;                /* moduli of state and constants, for rounding bounds */
    signed char *side;
};

static inline const struct network_data *network_data_of(const struct flow *flow)
{
    return flow->data;
}

/* rate or decay of A_i, of C_i */
static inline size_t network_of_layer(size_t i)
{
    return i;
}
static inline size_t network_of_channel(const struct network_shape *shape, size_t i)
{
    return shape->layers + i;
}

/* ---- network.c ---- */
/* Is every layer one neuron? */
bool network_is_chain(const struct network_shape *shape);
/* Do all layers, and all layers of the channel, learn at rate 1? */
bool network_has_unit_rates(const struct network_data *data);

/* ---- network_field.c ---- */
enum status network_field(const struct flow *flow, size_t n, const double *x, double *dx);
enum status network_jacobian(const struct flow *flow, const double *x, double *J);
enum status network_jacobian_times(const struct flow *flow, const double *x, const double *v,
                                   double *Jv);
void network_rounding(const struct flow *flow, const double *x, double *bound);
void network_output(const struct flow *flow, const double *x, double *P);
/* E at one state, in the flow's scratch. */
const double *network_error(const struct flow *flow, const double *x);
/* g[dim] of the loss, in all unknowns */
void network_loss_gradient(const struct flow *flow, const double *x, double *g);
/* dx[dim] that the errors z, in place of E, would make, without decay. */
void network_change_by(const struct flow *flow, const double *x, const double *z, double *dx);
/* M_ij: the change of E_i by the change of forward weights that a unit error j makes, at x. */
void network_map_errors(const struct flow *flow, const double *x, double *M);
void network_switching(const struct flow *flow, const double *x, double *switching);

/* ---- network_claims.c ---- */
/* Writes at most `most` claims (or only counts where claim is NULL); basis[] takes vectors. */
struct network_claims {
    struct network_claim *claim;
    size_t count, conserved;
    double *basis; /* storage of u, v and R */
    size_t basis_count;
};
enum status network_claims_make(const struct network_data *data, struct network_claims *claims);
void network_claims_name(const struct network_data *data, const struct network_claim *claim,
                         struct claim *out);
/* R[N_i * N_(i+1)] with C_i = R C_(i+1) in a skipped channel of fixed feedback, C_i itself in a
 * layered one or next to the top; *nested tells whether there is one. */
enum status network_nesting(const struct network_data *data, size_t i, double *R, bool *nested);
double network_observe(const struct flow *flow, size_t claim, const double *x);
void network_gradient(const struct flow *flow, size_t claim, const double *x, double *g);
double network_loss(const struct flow *flow, const double *x);

/* ---- network_errors.c ---- */
/* What drives the flow, ode/flow.h; `errors` is 0 where other things do. */
size_t network_errors(const struct network_data *data);
double network_error_at(const struct flow *flow, const double *x, double *e);
void network_drive(const struct flow *flow, const double *x, const double *z, double *dx);
double network_response(const struct flow *flow, const double *x, double *M);

/* ---- network_transverse.c ---- */
size_t network_transverse(const struct flow *flow, const double *x, double *lambda);

#endif
