/* What the files of networks with activations share: parameters, samples, scratch.
 *
 * Private to nonlinear/nonlinear_network*.c.  Memory: everything stands in the block of the flow.
 * Shapes: signals of a layer are N_i x m, sample beside sample; scratch holds LANES_BLOCK states
 * side by side, entry by entry, or one state where the network is large. */
#ifndef NONLINEAR_NONLINEAR_NETWORK_DATA_H
#define NONLINEAR_NONLINEAR_NETWORK_DATA_H

#include "linear/network.h"
#include "nonlinear/activation.h"

/* A factor of a product: the lanes of a state, or one matrix for all of them. */
struct nonlinear_factor {
    const double *at;
    bool common;
};

/* M[rows*width], of which the first `columns` count. */
struct nonlinear_matrix {
    size_t rows, columns, width;
    const double *at;
};

/* C = A B, with A[rows*inner], B[inner*columns] */
struct nonlinear_product {
    size_t rows, inner, columns;
    struct nonlinear_factor A, B;
    double *C;
};

/* The signals of one evaluation, 1 <= i <= L. */
struct nonlinear_signals {
    double *drive[PROBLEM_SIZES_MAX];    /* u_i */
    double *slope[PROBLEM_SIZES_MAX];    /* f_i'(u_i), i < L */
    double *bend[PROBLEM_SIZES_MAX];     /* f_i''(u_i), i < L, once a linearisation was asked for */
    double *output[PROBLEM_SIZES_MAX];   /* h_i, i < L; with biases one row more, the last */
    double *returned[PROBLEM_SIZES_MAX]; /* R_i, i < L */
    double *backward[PROBLEM_SIZES_MAX]; /* S_i; S_L = w E: every S_i carries the weight */
    double *product;                     /* R E */
    double *turned;                      /* a transposed signal or feedback matrix */
};

/* The state, and the pieces, whose passes and bends stand in `at`: products J v come in rows. */
struct nonlinear_known {
    bool valid;
    double *x;         /* [dim] */
    signed char *side; /* [switches] */
    size_t switches;
};

/* What is conserved or falls, notes/nonlinear-networks.md, (Y2)-(Y4). */
enum nonlinear_claim_kind {
    NONLINEAR_DIFFERENCE, /* eta_(i+1) C_i - rho_i A_(i+1)', entry p q */
    NONLINEAR_BALANCE,    /* of neuron p: its weights from below against those of its way back */
    NONLINEAR_LOSS        /* never increases */
};

struct nonlinear_claim {
    enum nonlinear_claim_kind kind;
    size_t layer, p, q;
};

/* A layer whose neurons have a kink at zero: f(u) = left u or right u. */
struct nonlinear_kink {
    bool has;
    size_t at; /* its first switch */
    double left, right;
};

struct nonlinear_data {
    struct network_shape shape;
    const struct rule *rule;
    size_t samples;
    bool no_derivative, decays;
    double mirror;
    size_t lanes; /* of scratch: LANES_BLOCK, or 1 */
    struct neurons neurons[PROBLEM_SIZES_MAX];
    struct nonlinear_kink kink[PROBLEM_SIZES_MAX];
    size_t signs;                     /* switches that are weights, before those that are kinks */
    double degree[PROBLEM_SIZES_MAX]; /* of f_i(a u) = a^m f_i(u); 0: not homogeneous */
    const double *input;              /* h_0: (N_0 + bias) x m */
    const double *input_turned;       /* m x (N_0 + bias) */
    const double *input_size;         /* |h_0| of each sample */
    const double *target, *weight;    /* N_L x m; m */
    const double *c, *R;              /* fixed feedback matrices; R of a product channel, or NULL */
    const double *rate, *decay;       /* of A_i at i, of C_i at L + i */
    double floor;                     /* loss of samples alike whose targets differ */
    const struct nonlinear_claim *claim;
    struct nonlinear_signals at, along, bound; /* at the state, along a direction, their errors */
    struct nonlinear_known *known;
    double *extra;                   /* a product that is added to another */
    double *state, *change;          /* LANES_BLOCK states gathered from a wider array */
    double *modulus, *modulus_other; /* moduli of two factors, for rounding bounds */
    signed char *side;
};

static inline const struct nonlinear_data *nonlinear_data_of(const struct flow *flow)
{
    return flow->data;
}

/* columns of A_i */
static inline size_t nonlinear_width(const struct network_shape *shape, size_t i)
{
    return shape->sizes[i - 1] + shape->bias;
}

/* rate or decay of A_i, of C_i */
static inline size_t nonlinear_of_layer(size_t i)
{
    return i;
}
static inline size_t nonlinear_of_channel(const struct network_shape *shape, size_t i)
{
    return shape->layers + i;
}

/* One evaluation: where, with which matrices of the channel, into which signals. */
struct nonlinear_pass {
    const struct nonlinear_data *d;
    size_t lanes;
    const double *x; /* the state; in a linearisation, the direction */
    const struct nonlinear_signals *s;
};

/* ---- nonlinear_network_field.c ---- */
void nonlinear_network_multiply(size_t lanes, const struct nonlinear_product *p);
/* At one state, in the flow's scratch. */
struct nonlinear_pass nonlinear_network_pass(const struct nonlinear_data *d, const double *x);
void nonlinear_network_forward(const struct nonlinear_pass *pass);
void nonlinear_network_backward(const struct nonlinear_pass *pass);
/* S_i h_(i-1)' of all layers, without rates and decays: what gradient descent follows. */
void nonlinear_network_gradients(const struct nonlinear_pass *pass, double *to);
void nonlinear_network_changes(const struct nonlinear_pass *pass, double *dx);
/* C_i and what it carries down, S_(i+1) or E or R E. */
struct nonlinear_factor nonlinear_network_feedback(const struct nonlinear_pass *pass, size_t i);
double *nonlinear_network_carried(const struct nonlinear_data *d, const struct nonlinear_signals *s,
                                  size_t i);
/* T[columns*rows]: the transposed matrix; returns T. */
const double *nonlinear_network_turn(size_t lanes, const struct nonlinear_matrix *M, double *T);
enum status nonlinear_network_field(const struct flow *flow, size_t n, const double *x, double *dx);
void nonlinear_network_switching(const struct flow *flow, const double *x, double *switching);

/* ---- nonlinear_network_jacobian.c ---- */
enum status nonlinear_network_jacobian(const struct flow *flow, const double *x, double *J);
enum status nonlinear_network_jacobian_times(const struct flow *flow, const double *x,
                                             const double *v, double *Jv);
/* After a forward pass at x: the change of u_L along v[dim], N_L x m, in the flow's scratch. */
const double *nonlinear_network_output_change(const struct nonlinear_data *d, const double *x,
                                              const double *v);

/* ---- nonlinear_network_rounding.c ---- */
void nonlinear_network_rounding(const struct flow *flow, const double *x, double *bound);
/* Bounds on the rounding errors of S_L, in units of DBL_EPSILON, in the flow's scratch. */
const double *nonlinear_network_error_bound(const struct nonlinear_data *d, const double *x);

/* ---- nonlinear_network_claims.c ---- */
/* Writes the claims, or only counts them where `claim` is NULL. */
size_t nonlinear_network_claims(const struct nonlinear_data *d, struct nonlinear_claim *claim,
                                size_t *conserved);
void nonlinear_network_claim_name(const struct nonlinear_data *d,
                                  const struct nonlinear_claim *claim, struct claim *out);
double nonlinear_network_observe(const struct flow *flow, size_t claim, const double *x);
void nonlinear_network_gradient(const struct flow *flow, size_t claim, const double *x, double *g);
double nonlinear_network_loss(const struct flow *flow, const double *x);

/* ---- nonlinear_network_transverse.c ---- */
size_t nonlinear_network_transverse(const struct flow *flow, const double *x, double *lambda);

#endif
