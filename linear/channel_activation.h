/* Activations of the neurons of a learning channel: odd, increasing, differentiable, with slope at
 * most that at zero.  The identity is NULL: a linear channel.
 *
 * Shapes: scalars.  Units: none.  Memory: records are constants.  Errors: an unknown name gives
 * NULL. Source: notes/channel-neurons.md, (Q1). */
#ifndef LINEAR_CHANNEL_ACTIVATION_H
#define LINEAR_CHANNEL_ACTIVATION_H

struct channel_activation {
    const char *name, *title;
    double (*value)(double x); /* g(x), within four units in the last place */
    double (*slope)(double x); /* g'(x) > 0 */
};

/* NULL-terminated. */
extern const struct channel_activation *const channel_activations[];

const struct channel_activation *channel_activation_named(const char *name);

#endif
