/* A problem: one system under one rule with its data moments, as the user or a theorem's sampler
 * states it.  Systems and rules are registered in registry.h.
 *
 * Shapes: a network A[N0,...,NL] has L layers of weights, A_i of N_i x N_(i-1); its data are
 * Sigma_II[N0*N0] and Sigma_TI[NL*N0].  All matrices are row by row.  Fixed feedback matrices
 * stand one after the other in c: C_i of N_i x N_(i+1) where the channel is layered, N_i x N_L
 * where it is skipped, i < L.  Counts 0 mean "not given" and take the defaults of the system.
 * Memory: plain data, copied freely; lists longer than PROBLEM_LIST_MAX are borrowed (`far`).
 * Errors: problem_flow() and problem_predict() return BAD_ARGUMENT with what was expected. */
#ifndef LINEAR_PROBLEM_H
#define LINEAR_PROBLEM_H

#include "linear/prediction.h"
#include "ode/flow.h"

enum {
    PROBLEM_LIST_MAX = 256,       /* longest list of coefficients; bounds the depth of a chain */
    PROBLEM_SIZES_MAX = 33,       /* N0, ..., NL */
    PROBLEM_PARAMETERS_MOST = 128 /* of equations of one's own */
};

struct activation;
struct channel_activation;
struct equations;
struct quadrature_store;
struct rule;
struct system;

/* The neurons of a layer, O_i = f(S_i): nonlinear/activation.h. */
struct neurons {
    const struct activation *activation;
    double parameter; /* of an activation that has one, e.g. the exponent of a power */
};

/* Targets made from the inputs: T = scale g(argument I), entry by entry. */
struct teacher {
    struct neurons neurons; /* g; activation NULL: no teacher */
    double argument, scale;
};

/* The entries of a matrix: few stand in `near`, many are borrowed. */
struct entries {
    size_t count;
    const double *far; /* [count], or NULL: near[count] */
    double near[PROBLEM_LIST_MAX];
};
const double *problem_entries(const struct entries *entries);

struct problem {
    const struct system *system;
    const struct rule *rule; /* NULL where the system takes none */
    size_t depth;            /* L, chains */
    size_t size_count;       /* L + 1, networks */
    size_t sizes[PROBLEM_SIZES_MAX];
    double alpha, beta;                /* E[TI], E[I^2], where they are scalars */
    struct entries sigma_ii, sigma_ti; /* else; not given: identity, and the identity's W */
    double lambda;                     /* weight decay of every unknown */
    double mirror; /* weight mirror: sigma^2, the variance of its noise times its rate */
    size_t c_count, rate_count, q_count, decay_count;
    const double *c_far;        /* c, where it is longer than PROBLEM_LIST_MAX */
    double c[PROBLEM_LIST_MAX]; /* feedback weights as given */
    double
        rates[PROBLEM_LIST_MAX]; /* learning rates: layers 1..L, then the adaptive C_1..C_(L-1) */
    double decays[PROBLEM_LIST_MAX]; /* the same for weight decays that differ; count 0: lambda */
    double q[PROBLEM_LIST_MAX];      /* polynomial: k0, k1, ... */
    const struct channel_activation *channel_activation; /* of a chain's channel; NULL: linear */
    struct entries inputs, targets; /* samples: they replace alpha and beta where they are given */

    /* What only systems with activations read, nonlinear/. */
    size_t neuron_count; /* 1: all hidden layers are alike; L - 1: one for each; 0: linear */
    struct neurons neurons[PROBLEM_SIZES_MAX];
    bool no_derivative;             /* the learning channel leaves out the factors f' */
    bool biases;                    /* every layer has one more input, which is 1 */
    struct entries sample_weights;  /* positive, of any sum; not given: equal, of sum 1 */
    double gaussian;                /* standard deviation of Gaussian inputs; 0: finite samples */
    struct quadrature_store *nodes; /* of theirs, kept from flow to flow; NULL: made for each */
    struct teacher teacher;         /* in place of targets */

    /* Equations of one's own, equations/, and the values of their parameters; else NULL. */
    const struct equations *equations;
    size_t parameter_count;
    double parameters[PROBLEM_PARAMETERS_MOST];
};

struct system {
    const char *name, *title;
    const char *equation; /* one line of plain mathematics */
    const char *unknowns; /* the order of the state vector, e.g. "a1..aL" */
    const char *options;  /* the command-line options that it reads */
    const char *source, *label;
    const struct system *linear; /* the same name without activations; or NULL */
    const char *letters; /* of A_1, A_2 and C_1 where these are vectors; NULL: A1_row_column, ... */
    bool takes_rule;
    /* N0, ..., NL of a network; NULL for other systems. */
    enum status (*sizes)(const struct problem *problem, size_t *count,
                         size_t sizes[PROBLEM_SIZES_MAX]);
    enum status (*dim)(const struct problem *problem, size_t *dim);
    enum status (*flow)(const struct problem *problem, struct flow **flow);
    enum status (*predict)(const struct problem *problem, const double *x0, double *limit,
                           struct prediction *prediction);
};

/* Where the learning channel has its weights from. */
enum feedback {
    FEEDBACK_DIRECT,     /* fixed, made by `direct`: chains only */
    FEEDBACK_FIXED,      /* fixed, as given */
    FEEDBACK_TRANSPOSED, /* the forward weights, transposed */
    FEEDBACK_SIGNS,      /* the signs of the transposed forward weights */
    FEEDBACK_ADAPTIVE,   /* unknowns: C' = forward signal times backward signal */
    FEEDBACK_MIRROR      /* unknowns that follow the transposed forward weights */
};

/* What a layer's backward signal S_i is made from. */
enum channel {
    CHANNEL_LAYERED, /* from the layer above: S_i = C_i S_(i+1), S_L = E */
    CHANNEL_SKIPPED  /* from the error directly: S_i = C_i E */
};

/* How the learning channel feeds the error back: A_i' = S_i Q_(i-1)', Q_i = A_i ... A_1. */
struct rule {
    const char *name, *title;
    const char *equation;
    const char *source, *label;
    const char *also;          /* other names, separated by spaces, or NULL */
    const char *architectures; /* of the learning channel that realise it */
    enum feedback feedback;
    enum channel channel;
    bool product;        /* the channel begins with a fixed matrix R: S = C R E below the top */
    bool needs_decay;    /* lambda > 0 is part of the rule */
    bool channel_decays; /* lambda acts on the channel only */
    bool no_targets;     /* learns on targets independent of the inputs: Sigma_TI = 0 */
    /* Fixed feedback on a chain: c_direct[L] from the given c. */
    enum status (*direct)(const struct problem *problem, double *c_direct);
};

/* Are the feedback weights unknowns of the flow? */
bool problem_feedback_learns(const struct rule *rule);

struct problem problem_defaults(const struct system *system, const struct rule *rule);
enum status problem_dim(const struct problem *problem, size_t *dim) MUST_CHECK;
enum status problem_flow(const struct problem *problem, struct flow **flow) MUST_CHECK;

/* limit[max(dim, flow->outputs)]; what it holds is prediction->about. */
enum status problem_predict(const struct problem *problem, const double *x0, double *limit,
                            struct prediction *prediction) MUST_CHECK;

/* N0, ..., NL; BAD_ARGUMENT for a system that is no network. */
enum status problem_sizes(const struct problem *problem, size_t *count,
                          size_t sizes[PROBLEM_SIZES_MAX]) MUST_CHECK;

/* Sigma_II[N0*N0] and Sigma_TI[NL*N0] of a network, defaults filled in and checked: symmetric,
 * positive semi-definite diagonal, finite. */
enum status problem_moments(const struct problem *problem, double *sigma_ii,
                            double *sigma_ti) MUST_CHECK;

/* The feedback weights as given: c[c_count]. */
const double *problem_feedback(const struct problem *problem);

#endif
