/* Learning rules of minibatch networks: what the learning channel delivers to the hidden layers.
 *
 *   layered   P_l = D_(l+1) C_l'        skipped   P_l = E C_l'        none   P_l = 0
 *
 * and where C_l comes from: transport (W_(l+1)'), products of W', fixed random numbers, signs of W,
 * numbers drawn anew for each batch, or learning of its own.  A rule is a record at the bottom of
 * its own file; all else (channel neurons, dropout, quantisers, derivatives) is in the learner and
 * works with each of them.
 * Shapes: as in learner.h.  Memory: records are constants; what a rule needs for itself is made by
 * `create` and freed by `destroy`.  Errors: NO_MEMORY; an unknown name gives NULL.
 * Source: each record's own; notes/minibatch.md. */
#ifndef NETWORKS_LEARNING_H
#define NETWORKS_LEARNING_H

#include "networks/learner.h"

enum learning_topology { LEARNING_NONE, LEARNING_LAYERED, LEARNING_SKIPPED };

/* Is there a differential equation that small steps follow? */
enum learning_flow {
    LEARNING_SMOOTH,       /* yes, smooth if the neurons are */
    LEARNING_AVERAGED,     /* the mean of the random steps has one */
    LEARNING_DISCONTINUOUS /* Filippov */
};

struct learning_rule {
    const char *name, *title;
    const char *equation; /* of P_l, plain mathematics */
    const char *source, *label;
    const char *also; /* other name, e.g. "fa"; NULL: none */
    enum learning_topology topology;
    enum learning_flow flow;
    bool feedback_learns; /* C_l are part of the state */
    bool feedback_drawn;  /* C_l are drawn once by learner_initialise() */
    bool mirrors;         /* C_l forget by themselves: plan.decay leaves them alone */
    bool product;         /* C_l has product_ratio N_(l+1) columns, learning_pfa.c */
    double decay;         /* plan.decay by default */

    enum status (*create)(struct learner *learner); /* NULL: nothing to make */
    void (*destroy)(struct learner *learner);
    void (*initialise)(struct learner *learner); /* after W, b, C are drawn; NULL: nothing */
    /* Before the signals of a batch: transport, products, signs, draws.  NULL: nothing. */
    void (*refresh)(struct learner *learner);
    /* P_l into learner->signal[l], from signal[l+1] = D_(l+1) or error; NULL: by the topology with
     * feedback[l]. */
    void (*deliver)(struct learner *learner, size_t layer);
    /* Hidden layers: weight_field[l] and bias_field[l] in place of D_l' X_(l-1) / B and D_l' 1 / B. */
    void (*weight_field)(struct learner *learner, size_t layer);
    /* feedback_field[l] of feedback that learns, from signals of the same batch at the weights before
     * the step; NULL: X_l' D_(l+1) / B or X_l' E / B, by the topology. */
    void (*feedback_field)(struct learner *learner, size_t layer);
    /* M with P_l = D_(l+1) M' or E M', N_l x (N_(l+1) or N_L), for angles; NULL: feedback[l]. */
    void (*path)(struct learner *learner, size_t layer, struct array *matrix);
    /* Of feedback that learns: W_(l+1)' as C_l sees it, of the shape of feedback[l], so that the fields
     * of both are equal and C_l - it is conserved but for decay, (MB66); NULL: W_(l+1)'. */
    void (*image)(struct learner *learner, size_t layer, struct array *matrix);
};

/* One alphabetical list of words. */
#define LEARNING_RULES(X)                                                                          \
    X(arbp)                                                                                        \
    X(asrbp)                                                                                       \
    X(bp)                                                                                          \
    X(fixed_sign_symmetry)                                                                         \
    X(kolen_pollack)                                                                               \
    X(magnitude_only)                                                                              \
    X(per_weight)                                                                                  \
    X(pfa)                                                                                         \
    X(rbp)                                                                                         \
    X(redraw)                                                                                      \
    X(sbp)                                                                                         \
    X(sign_only)                                                                                   \
    X(sign_redraw)                                                                                 \
    X(sign_symmetry)                                                                               \
    X(srbp)                                                                                        \
    X(top_layer)                                                                                   \
    X(weight_mirror)
#define X(name) extern const struct learning_rule learning_##name;
LEARNING_RULES(X)
#undef X

extern const struct learning_rule *const learning_registry[]; /* NULL-terminated */

const struct learning_rule *learning_named(const char *name); /* NULL if unknown; "fa", "dfa" too */

#endif
