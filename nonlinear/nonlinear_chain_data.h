/* What the files of a chain with activations share: its parameters and its data, as terms.
 *
 * A term is what one sample adds to the field, or all samples of one sign where every activation
 * is homogeneous: there h_i(I) = |I|^M_i h_i(sgn I), M_i the product of the degrees up to layer i,
 * so that two terms, I = 1 and I = -1, and one pair of moments for each layer are enough, (X3).
 *
 * Private to nonlinear/nonlinear_chain*.c.  Layers are counted from 0 here: h[0] is the input,
 * u[i] = a[i] h[i], h[i+1] = f_i(u[i]), the output is u[depth-1].
 * Memory: everything stands in the block of the flow but `samples`. */
#ifndef NONLINEAR_NONLINEAR_CHAIN_DATA_H
#define NONLINEAR_NONLINEAR_CHAIN_DATA_H

#include "nonlinear/activation.h"
#include "nonlinear/data.h"

enum {
    NONLINEAR_SIGNS = 2, /* I > 0 and I < 0 */
    NONLINEAR_WEIGHTS_MAX = 2 * PROBLEM_LIST_MAX
};

/* E[T |I|^q] and E[|I|^(q+M)] over the samples of one sign; the moduli of the first's terms. */
struct nonlinear_moment {
    double alpha, beta, size;
};

/* All that homogeneous activations need of the data. */
struct nonlinear_collapse {
    bool applies;
    double target_square;            /* E[T^2] */
    double explained;                /* the most of E[T^2] that any weights explain; or NAN */
    struct nonlinear_moment *moment; /* moment[sign*depth + layer] */
};

/* A hidden layer: what happens at a_i = 0, and which unknown stands for a_i. */
struct nonlinear_neuron {
    struct neurons f;
    double degree;       /* of a homogeneous f; else NAN */
    double local;        /* f(x) ~ |x|^local near zero; 0: f(0) is not zero */
    double chart;        /* 2 - degree where the unknown is y_i, (X6); else 0 */
    bool kinked;         /* f' jumps at zero */
    double sign[2];      /* of f left and right of zero, and just there: */
    double slope[2];     /* f' */
    double curvature[2]; /* f'' */
};

/* A claimed observable; notes/nonlinear.md proves each. */
enum nonlinear_claim_kind {
    NONLINEAR_FROZEN,     /* a_i */
    NONLINEAR_COUPLED,    /* eta_i mu_i C_i a_(i+1) - eta_(i+1) a_i^2/2: fixed feedback */
    NONLINEAR_BALANCED,   /* eta_(i+1) a_i^2 - eta_i mu_i a_(i+1)^2 */
    NONLINEAR_SIGNED,     /* eta_(i+1) a_i^2/2 - eta_i mu_i |a_(i+1)| */
    NONLINEAR_DIFFERENCE, /* eta_(i+1) c_i - rho_i a_(i+1) */
    NONLINEAR_GRAM,       /* rho_i a_i^2 - eta_i mu_i c_i^2 */
    NONLINEAR_REALIZABLE, /* c_1 delta a_2 - beta a_1^(mu+1)/(mu+1), (X5) */
    NONLINEAR_LOSS        /* never increases */
};
struct nonlinear_claim {
    enum nonlinear_claim_kind kind;
    size_t layer;
    double slope[2]; /* REALIZABLE: coefficients of a_1^(mu+1) left and right of zero */
    double delta;    /* and of a_2 */
};

struct nonlinear_chain_data {
    size_t depth, dim;
    const struct rule *rule;
    bool derivative; /* the learning channel has the factors f' */
    bool decays;     /* some weight decays */
    double mirror;
    const struct nonlinear_neuron *neuron; /* [depth - 1] */
    const double *c;                       /* [depth] fixed feedback weights, c_L last */
    const double *rate, *decay;            /* [2 depth - 1]: of the a_i, then of the C_i */
    struct nonlinear_collapse collapse;
    struct data *samples;
    const struct nonlinear_claim *claim;
    const size_t *switch_of; /* [depth]: 1 + the switch at a_i = 0, or 0 */
    signed char *side;       /* [switches] */
};

static inline const struct nonlinear_chain_data *nonlinear_chain_data_of(const struct flow *flow)
{
    return flow->data;
}

/* Do the factors f' of the layers above reach a layer? */
static inline bool nonlinear_chain_passes_slopes(const struct nonlinear_chain_data *d)
{
    return d->derivative && d->rule->channel == CHANNEL_LAYERED;
}

/* ---- nonlinear_chain_terms.c ---- */

struct nonlinear_term {
    double input, target, weight;
    const struct nonlinear_moment *moment; /* [depth] or NULL: of one sample */
};

struct nonlinear_terms {
    size_t count;
    const struct nonlinear_chain_data *d;
    const struct samples *samples; /* NULL: collapsed */
    double error;                  /* of quadrature, relative to the moduli of the terms */
};

/* The terms for the weights a[depth]; a Gaussian has as many as they need. */
struct nonlinear_terms nonlinear_chain_terms_at(const struct nonlinear_chain_data *d,
                                                const double *a);
struct nonlinear_term nonlinear_chain_term_of(const struct nonlinear_terms *terms, size_t k);

/* The mean of (T - O) and all powers of |I| that layer i multiplies it with. */
static inline double nonlinear_chain_drive(const struct nonlinear_term *term, size_t layer,
                                           double O)
{
    if (term->moment)
        return term->moment[layer].alpha - term->moment[layer].beta * O;
    return term->weight * (term->target - O);
}

/* Are all activations homogeneous?  Then fills the moments and what they explain. */
enum status nonlinear_chain_terms_collapse(struct nonlinear_chain_data *d,
                                           struct nonlinear_moment *moment) MUST_CHECK;

/* ---- nonlinear_chain_neuron.c ---- */

/* A neuron at u = a h on the piece that is held, on which h has the sign `sign`: past the end of
 * the piece f goes on as the Taylor polynomial there.  `sign` of the point is that of the value on
 * the piece.  `own` is f'(u) as its own layer's unknown meets it, without the factor
 * |a|^(degree - 1) where that is y; `own_turn` is its derivative by h. */
struct nonlinear_point {
    double value, sign, slope, curvature, own, own_turn;
};
struct nonlinear_signal {
    double h, sign;
};
void nonlinear_chain_neuron_at(const struct nonlinear_chain_data *d, size_t layer, double a,
                               struct nonlinear_signal signal, struct nonlinear_point *point);
/* The rest of it: curvature and own_turn, which no field needs. */
void nonlinear_chain_neuron_turn(const struct nonlinear_chain_data *d, size_t layer, double a,
                                 struct nonlinear_signal signal, struct nonlinear_point *point);
/* Of an input, the layer 0. */
static inline struct nonlinear_signal nonlinear_chain_neuron_input(double input)
{
    return (struct nonlinear_signal){input, (input > 0) - (input < 0)};
}
/* What the layer above a neuron gets. */
static inline struct nonlinear_signal nonlinear_chain_neuron_signal(
    const struct nonlinear_point *point)
{
    return (struct nonlinear_signal){point->value, point->sign};
}
/* The records of all hidden layers, neuron[depth - 1]. */
void nonlinear_chain_neuron_fill(const struct problem *problem, struct nonlinear_neuron *neuron);
/* Is the field not smooth at a_layer = 0?  Layers as here, the top one last. */
bool nonlinear_chain_neuron_switches(const struct nonlinear_chain_data *d, size_t layer);
enum switch_kind nonlinear_chain_neuron_switch(const struct nonlinear_chain_data *d, size_t layer);

/* The sign that layer i's weight counts as: the side held, else its own (0 where it is 0). */
double nonlinear_chain_neuron_sign(const struct nonlinear_chain_data *d, size_t layer, double a);

/* a of the unknown y, and da/dy. */
double nonlinear_chain_neuron_weight(const struct nonlinear_neuron *neuron, double y);
double nonlinear_chain_neuron_unknown(const struct nonlinear_neuron *neuron, double a);
double nonlinear_chain_neuron_stretch(const struct nonlinear_neuron *neuron, double a);

/* w[dim] of one state, x[i*stride]. */
void nonlinear_chain_neuron_weights(const struct nonlinear_chain_data *d, const double *x,
                                    size_t stride, double *w);

/* ---- nonlinear_chain_field.c ---- */
enum status nonlinear_chain_field(const struct flow *flow, size_t n, const double *x, double *dx);
enum status nonlinear_chain_jacobian(const struct flow *flow, const double *x, double *J);
enum status nonlinear_chain_jacobian_times(const struct flow *flow, const double *x,
                                           const double *v, double *Jv);
/* O of one term. */
double nonlinear_chain_output(const struct nonlinear_chain_data *d, const double *w, double input);

/* What `struct flow` calls errors, error, drive and response: of chains whose unknowns are weights,
 * with fewer samples than these.  0: none are known. */
size_t nonlinear_chain_errors(const struct nonlinear_chain_data *d);
double nonlinear_chain_error(const struct flow *flow, const double *w, double *e);
void nonlinear_chain_driven(const struct flow *flow, const double *w, const double *z, double *dx);
double nonlinear_chain_response(const struct flow *flow, const double *w, double *M);

/* ---- nonlinear_chain_rounding.c ---- */

/* Of O, in units of DBL_EPSILON. */
double nonlinear_chain_output_rounding(const struct nonlinear_chain_data *d, const double *w,
                                       double input);
void nonlinear_chain_rounding(const struct flow *flow, const double *x, double *bound);

/* ---- nonlinear_chain_claims.c ---- */

/* Writes at most 2 depth + 1 claims; returns how many, the conserved ones first. */
size_t nonlinear_chain_claims_make(const struct nonlinear_chain_data *d,
                                   struct nonlinear_claim *claim);
void nonlinear_chain_claims_name(const struct nonlinear_chain_data *d,
                                 const struct nonlinear_claim *claim, struct claim *out);
double nonlinear_chain_observe(const struct flow *flow, size_t claim, const double *x);
void nonlinear_chain_gradient(const struct flow *flow, size_t claim, const double *x, double *g);
double nonlinear_chain_loss(const struct flow *flow, const double *x);

#endif
