/* What happens to a signal on the learning channel, in this order: channel neuron, dropout,
 * quantiser; and updates that are quantised sample by sample.
 *
 * Quantisers, for values in [-alpha, alpha] and b bits:
 *   mid-rise   n = 2^b - 1,    k = round((x/alpha + 1) n / 2) in 0..n,   q = alpha (2 k - n)/n
 *   mid-tread  m = 2^(b-1),    k = round(x m / alpha) in -m..m,          q = alpha k/m
 *   stochastic: k is the integer below or above x m / alpha, with probabilities that make E q = x
 *              for |x| <= alpha
 * Mid-rise has 2^b levels and no zero, so that it moves weights where nothing is wrong; one bit of it
 * is alpha sgn x.  Mid-tread has q(0) = 0: (MB35).
 *
 * Neurons g have g(0) = 0, or they push where nothing is wrong: (MB33).
 * Dropout leaves a unit of the channel out with probability p and divides the others by 1 - p; each
 * sample, unit and layer has its own, keyed by the step, so that the mean is the rule without it:
 * (MB37).
 * Source: Baldi, Sadowski, Lu, AIJ 260 (2018); Hubara et al., arXiv 1609.07061. */
#include "networks/learner_parts.h"

#include <math.h>

/* ---- dropout ---- */

struct dropout {
    struct stream *stream;
    double probability;
};

static double drop(const void *context, double x)
{
    const struct dropout *dropout = context;
    return stream_uniform(dropout->stream) < dropout->probability ? 0
                                                                  : x / (1 - dropout->probability);
}

/* ---- quantisers ---- */

struct levels {
    struct stream *stream;
    double alpha, count; /* n or m */
    double scale;        /* k per x */
};

static double clipped(double k, double low, double high)
{
    return k < low ? low : k > high ? high : k;
}

/* The whole number nearest to k, |k| < 2^31, the even one of two: the last place of the constant's
 * neighbourhood is 1.  Without a call, for there are a hundred thousand of them in a sample. */
static double nearest(double k)
{
    static const double UNITS = 6755399441055744; /* 3 2^51 */
    return (k + UNITS) - UNITS;
}

static double mid_rise(const void *context, double x)
{
    const struct levels *levels = context;
    const double n = levels->count;
    const double k = nearest(clipped(x * levels->scale + n / 2, 0, n));
    return levels->alpha * (2 * k - n) / n;
}

static double mid_tread(const void *context, double x)
{
    const struct levels *levels = context;
    const double m = levels->count;
    return levels->alpha * nearest(clipped(x * levels->scale, -m, m)) / m;
}

static double stochastic(const void *context, double x)
{
    const struct levels *levels = context;
    const double m = levels->count;
    const double k = floor(x * levels->scale + stream_uniform(levels->stream));
    return levels->alpha * clipped(k, -m, m) / m;
}

void learner_quantise(const struct quantiser *quantiser, struct stream *stream, struct array *x)
{
    const double m = ldexp(1, (int)quantiser->bits - 1), alpha = quantiser->range;
    struct levels levels = {.stream = stream, .alpha = alpha, .count = m, .scale = m / alpha};
    switch (quantiser->rounding) {
    case ROUNDING_NONE:
        break;
    case ROUNDING_MID_RISE:
        levels.count = 2 * m - 1;
        levels.scale = levels.count / 2 / alpha;
        array_map(mid_rise, &levels, x);
        break;
    case ROUNDING_MID_TREAD:
        array_map(mid_tread, &levels, x);
        break;
    case ROUNDING_STOCHASTIC:
        array_map(stochastic, &levels, x);
        break;
    }
}

/* ---- the channel ---- */

void learner_channel(struct learner *learner, size_t layer)
{
    const struct learner_plan *plan = &learner->plan;
    struct array *P = &learner->signal[layer];
    if (plan->channel_neuron)
        array_activate(plan->channel_neuron, NULL, P);
    if (plan->channel_dropout > 0) {
        struct stream stream = learner_stream_of_step(learner, "network channel dropout", layer);
        array_map(drop, &(struct dropout){&stream, plan->channel_dropout}, P);
    }
    if (plan->channel_quantiser.rounding != ROUNDING_NONE) {
        struct stream stream = learner_stream_of_step(learner, "network channel rounding", layer);
        learner_quantise(&plan->channel_quantiser, &stream, P);
    }
}

/* ---- quantised updates ---- */

/* field += q(D_s' X_s) / B of sample s */
static void add_quantised(struct learner *learner, const struct array *d, const struct array *x,
                          struct stream *stream, struct array *field)
{
    struct array outer = learner_parts_of(learner)->outer;
    outer.rows = d->columns;
    outer.columns = x ? x->columns : 1;
    if (x)
        array_product(learner_transposed(d), learner_plain(x), 1, 0, &outer);
    else
        array_transpose(d, &outer);
    learner_quantise(&learner->plan.update_quantiser, stream, &outer);
    outer.rows = field->rows;
    outer.columns = field->columns;
    array_add(1 / (double)learner->samples, &outer, field);
}

void learner_quantised_field(struct learner *learner, size_t layer)
{
    struct stream stream = learner_stream_of_step(learner, "network update rounding", layer);
    array_fill(0, &learner->weight_field[layer]);
    if (learner->plan.biases)
        array_fill(0, &learner->bias_field[layer]);
    for (size_t s = 0; s < learner->samples; s++) {
        const struct array d = array_rows(&learner->signal[layer], s, 1);
        const struct array x = array_rows(&learner->output[layer - 1], s, 1);
        add_quantised(learner, &d, &x, &stream, &learner->weight_field[layer]);
        if (learner->plan.biases)
            add_quantised(learner, &d, NULL, &stream, &learner->bias_field[layer]);
    }
}
