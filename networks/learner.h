/* A network, its learning rule and the field by which they learn.
 *
 *   S_l = X_(l-1) W_l' + 1 b_l',  X_l = f_l(S_l),  X_0 = inputs,  X_L = O,  E = T - O   (B samples)
 *   D_L = E,  D_l = P_l .* f_l'(S_l)          P_l: what the learning channel delivers, learning.h
 *   F(W_l) = D_l' X_(l-1) / B - lambda W_l,  F(b_l) = D_l' 1 / B,  F(C_l) as the rule says
 *
 * One vector holds all that moves: W_1, b_1, ..., W_L, b_L and then the feedback that learns; the
 * field has the same layout.  A step of training is state += eta field, the flow is state' = field
 * over the whole data set: both call learner_field().
 * Shapes: W_l is N_l x N_(l-1), b_l is 1 x N_l, row by row; layered feedback C_l is N_l x N_(l+1),
 * skipped feedback N_l x N_L, for the hidden layers l = 1..L-1 (pfa: N_l x M_l, learning_pfa.c).
 * Signals X_l, P_l, D_l: B x N_l.
 * Units: of learning time as in notes/conventions.md, (N2); the field is the mean over the batch.
 * Memory: learner_create() makes one object, freed by learner_free() (NULL is allowed); a step
 * allocates nothing.
 * Errors: BAD_ARGUMENT (also for a modifier of the channel under a rule that has no channel,
 * top-layer or per-weight), NO_MEMORY, NO_PROGRAM (no OpenBLAS); a field that is not finite is no
 * error here: who trains looks at the loss.
 * Source: Baldi, Sadowski, Lu, AIJ 260 (2018); notes/minibatch.md. */
#ifndef NETWORKS_LEARNER_H
#define NETWORKS_LEARNER_H

#include "base/status.h"
#include "networks/array.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LEARNER_LAYERS_MAX = 32 };

struct learning_rule;

/* How the random feedback is drawn, from its own streams (never those of the weights). */
enum feedback_law {
    FEEDBACK_NORMAL,     /* N(mean, deviation^2) */
    FEEDBACK_SPARSE,     /* Bernoulli 0/1 with mean `sparse` ones a channel unit, scaled to 1 */
    FEEDBACK_ORTHOGONAL, /* with orthonormal rows or columns */
    FEEDBACK_ONES        /* all ones */
};

/* What happens to P_l on its way, in this order: channel neuron, dropout, quantiser. */
enum rounding {
    ROUNDING_NONE,
    ROUNDING_MID_RISE,  /* 2^bits levels, none of them 0 */
    ROUNDING_MID_TREAD, /* 2^bits + 1 levels with 0: odd, and no error moves no weight */
    ROUNDING_STOCHASTIC /* mid-tread, up or down at random, unbiased inside the range */
};
struct quantiser {
    enum rounding rounding;
    unsigned bits;
    double range; /* values lie in [-range, range] */
};

enum weight_normalisation { /* of the rows w_i of all W_l, after a step */
                            NORMALISATION_NONE,
                            NORMALISATION_CAP,       /* |w_i| <= rho |w_i(0)| for each row w_i */
                            NORMALISATION_PROJECTION /* |w_i| = rho |w_i(0)| */
};

struct learner_plan {
    const struct learning_rule *rule;
    const struct arithmetic *arithmetic;
    size_t layers;                        /* L */
    size_t sizes[LEARNER_LAYERS_MAX + 1]; /* N_0, ..., N_L */
    const struct neuron *neuron;          /* of the hidden layers */
    enum loss loss;
    bool biases;
    size_t batch; /* samples at most in one call of learner_field() */
    uint64_t seed;

    bool no_derivative; /* D_l = P_l everywhere */
    enum feedback_law law;
    double sparse;                       /* ones a channel unit, on average */
    double feedback_scale;               /* times the standard deviation of the law; 1 */
    double feedback_mean;                /* 0 */
    const struct neuron *channel_neuron; /* g of P = g(D C'); NULL: identity */
    double channel_dropout;              /* probability, per sample and unit */
    struct quantiser channel_quantiser;  /* of P_l */
    struct quantiser update_quantiser;   /* of each sample's D_l' X_(l-1), before the mean: a range
                                          * alpha / eta quantises steps eta D_l' X_(l-1) at alpha */
    enum weight_normalisation normalisation;
    double rho;
    double decay;  /* lambda, on W and on feedback that learns by signals; not on b */
    double mirror; /* weight mirror: rate of its exponential average, in units of 1/t: a step
                            * forgets the share eta mirror */
    size_t mirror_samples; /* of noise in a step; 0: the mean over all noise */
    size_t product_ratio;  /* pfa: units of the extra population per unit above; 1: orthogonal B */
};

struct learner_plan learner_defaults(const struct learning_rule *rule);

struct learner {
    struct learner_plan plan;
    size_t dim;                /* numbers in the state: forward, then learning feedback */
    size_t forward_dim;        /* of them W and b */
    struct array state, field; /* dim x 1, and views into both: */
    struct array weight[LEARNER_LAYERS_MAX + 1], bias[LEARNER_LAYERS_MAX + 1]; /* 1..L */
    struct array weight_field[LEARNER_LAYERS_MAX + 1], bias_field[LEARNER_LAYERS_MAX + 1];
    /* C_l, l = 1..L-1: views into the state where feedback learns, else memory of its own; without
     * values where the rule has none (bp, top-layer, per-weight). */
    struct array feedback[LEARNER_LAYERS_MAX + 1], feedback_field[LEARNER_LAYERS_MAX + 1];
    /* Signals of the batch at hand. */
    size_t samples;
    struct array output[LEARNER_LAYERS_MAX + 1]; /* X_l, 0..L; X_0 is the caller's */
    struct array signal[LEARNER_LAYERS_MAX + 1]; /* D_l, 1..L; before the gate it holds P_l */
    struct array error;                          /* E = D_L */
    void *own;     /* of the rule: what its `create` made, NULL if nothing */
    uint64_t step; /* steps taken: keys the random streams of a step */
};

enum status learner_create(const struct learner_plan *plan, struct learner **learner) MUST_CHECK;
void learner_free(struct learner *learner);

/* Draws W, b, C from their streams: W ~ N(0, 2/(N_l + N_(l-1))), b = 0, layered
 * C ~ N(0, 2/(N_l + N_(l+1))), skipped C ~ N(0, 2/(N_l + N_L)); relu: W ~ N(0, 2/N_(l-1)). */
void learner_initialise(struct learner *learner);

/* X_1..X_(L-1) for inputs[B x N_0], B <= plan.batch, and S_L (bias included) in output[L]. */
void learner_forward(struct learner *learner, const struct array *inputs);

/* After learner_forward(): O in output[L], E in error; returns the loss summed over the samples. */
double learner_loss(struct learner *learner, const struct array *targets);

/* The field on one batch, in learner->field; returns the loss summed over its samples.  It depends
 * on the state, the batch and, for random channels, on learner->step. */
double learner_field(struct learner *learner, const struct array *inputs,
                     const struct array *targets);

/* state += rate field, then the normalisation; ++step. */
void learner_step(struct learner *learner, double rate);

/* What backpropagation would do with the batch that learner_field() saw last, at the same weights:
 * D_l, 1..L, in `signal` (arrays of the caller, B x N_l). */
void learner_backpropagate(struct learner *learner, struct array *signal);

#endif
