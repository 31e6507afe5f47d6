/* The neurons of a minibatch network: f, and f' as a function of the output x = f(s).
 *
 *   identity x = s, f' = 1;  tanh x = tanh s, f' = 1 - x^2;  logistic x = 1/(1 + e^-s), f' = x (1 - x);
 *   relu x = max(s, 0), f' = [x > 0];
 *   shifted logistic x = 1/(1 + e^-s) - 1/2, f' = 1/4 - x^2: odd, for the neurons of the learning channel.
 *
 * All of them have f' as a function of x, so a layer keeps X and never S.
 * Errors: an unknown name gives NULL.  Memory: records are constants. */
#ifndef NETWORKS_NEURON_H
#define NETWORKS_NEURON_H

enum neuron_kind {
    NEURON_IDENTITY,
    NEURON_LOGISTIC,
    NEURON_RELU,
    NEURON_SHIFTED_LOGISTIC, /* of the channel: g(0) = 0 */
    NEURON_TANH
};

struct neuron {
    enum neuron_kind kind;
    const char *name, *title;
};

extern const struct neuron *const neuron_registry[]; /* NULL-terminated, alphabetical */

const struct neuron *neuron_named(const char *name); /* NULL if unknown */

/* The pairs of top neurons and loss for which E = T - O is minus the derivative of the loss by S_L. */
enum loss {
    LOSS_CROSS_ENTROPY, /* softmax:  -sum_k t_k log o_k */
    LOSS_LOGISTIC,      /* logistic: -sum_k t_k log o_k + (1 - t_k) log(1 - o_k) */
    LOSS_SQUARED        /* linear:   |t - o|^2 / 2 */
};

#endif
