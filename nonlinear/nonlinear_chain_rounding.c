/* What rounding leaves uncertain in the field of a chain with activations.
 *
 * The passes of nonlinear_chain_field.c once more, every number with a bound on its error in units
 * of DBL_EPSILON: a product adds its own size to what its factors bring, f adds f' times the error
 * of its argument and a few of its own last places.  Sums over samples add half their number of
 * epsilons of their terms. */
#include "nonlinear/nonlinear_chain_data.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double LAST_PLACES = 8; /* errors of f and f' and of the power in a(y) */

struct bounded {
    double value, error;
};

static struct bounded times(struct bounded a, struct bounded b)
{
    const double value = a.value * b.value;
    return (struct bounded){value, fabs(a.value) * b.error + fabs(b.value) * a.error + fabs(value)};
}

struct bounded_signals {
    struct bounded h[PROBLEM_LIST_MAX + 1], slope[PROBLEM_LIST_MAX], own[PROBLEM_LIST_MAX];
    struct bounded carried[PROBLEM_LIST_MAX], g[PROBLEM_LIST_MAX];
    struct bounded O;
};

static struct bounded weight_at(const struct nonlinear_chain_data *d, const double *w, size_t i)
{
    const bool power = i + 1 < d->depth && d->neuron[i].chart != 0;
    return (struct bounded){w[i], power ? LAST_PLACES * fabs(w[i]) : 0};
}

static void bound_forward(const struct nonlinear_chain_data *d, const double *w, double input,
                          struct bounded_signals *s)
{
    const size_t top = d->depth - 1;
    struct nonlinear_signal signal = nonlinear_chain_neuron_input(input);
    s->h[0] = (struct bounded){input, 0};
    for (size_t i = 0; i < top; i++) {
        struct nonlinear_point f;
        const struct bounded h = s->h[i], u = times(weight_at(d, w, i), h);
        nonlinear_chain_neuron_at(d, i, w[i], signal, &f);
        nonlinear_chain_neuron_turn(d, i, w[i], signal, &f);
        signal = nonlinear_chain_neuron_signal(&f);
        s->h[i + 1] =
            (struct bounded){f.value, fabs(f.slope) * u.error + LAST_PLACES * fabs(f.value)};
        s->slope[i] =
            (struct bounded){f.slope, fabs(f.curvature) * u.error + LAST_PLACES * fabs(f.slope)};
        s->own[i] = (struct bounded){f.own, s->slope[i].error};
        if (!d->derivative || d->neuron[i].chart != 0)
            s->own[i].error = fabs(f.own_turn) * h.error + LAST_PLACES * fabs(f.own);
    }
    s->own[top] = (struct bounded){1, 0};
    s->O = times(weight_at(d, w, top), s->h[top]);
}

double nonlinear_chain_output_rounding(const struct nonlinear_chain_data *d, const double *w,
                                       double input)
{
    struct bounded_signals s;
    bound_forward(d, w, input, &s);
    return s.O.error;
}

/* C_i; of a fixed one, the weight alone */
static struct bounded feedback_at(const struct nonlinear_chain_data *d, const double *w, size_t i)
{
    switch (d->rule->feedback) {
    case FEEDBACK_TRANSPOSED:
        return weight_at(d, w, i + 1);
    case FEEDBACK_SIGNS:
        return (struct bounded){nonlinear_chain_neuron_sign(d, i + 1, w[i + 1]), 0};
    case FEEDBACK_ADAPTIVE:
    case FEEDBACK_MIRROR:
        return (struct bounded){w[d->depth + i], 0};
    case FEEDBACK_DIRECT:
    case FEEDBACK_FIXED:
        break;
    }
    return (struct bounded){d->c[i], 0};
}

static void bound_backward(const struct nonlinear_chain_data *d, const double *w,
                           struct bounded_signals *s)
{
    const size_t top = d->depth - 1;
    const bool descends =
        d->rule->channel == CHANNEL_LAYERED || d->rule->feedback == FEEDBACK_TRANSPOSED;
    s->carried[top] = s->g[top] = (struct bounded){d->c[top], 0};
    for (size_t i = top; i-- > 0;) {
        const struct bounded C = feedback_at(d, w, i);
        s->carried[i] = descends ? times(C, s->g[i + 1]) : C;
        s->g[i] =
            nonlinear_chain_passes_slopes(d) ? times(s->slope[i], s->carried[i]) : s->carried[i];
    }
}

/* Data made by a teacher, and moments, are rounded themselves. */
static struct bounded drive_at(const struct nonlinear_term *term, size_t i, struct bounded O)
{
    const struct nonlinear_moment *m = term->moment ? &term->moment[i] : NULL;
    const double beta = m ? m->beta : term->weight;
    const double size = m ? m->size : term->weight * fabs(term->target);
    return (struct bounded){nonlinear_chain_drive(term, i, O.value),
                            LAST_PLACES * (size + fabs(beta * O.value)) + fabs(beta) * O.error};
}

struct bounded_sum {
    double error, terms;
};

static void add(struct bounded_sum *sum, struct bounded term)
{
    sum->error += term.error;
    sum->terms += fabs(term.value);
}

static void bound_term(const struct nonlinear_chain_data *d, const struct nonlinear_term *term,
                       const struct bounded_signals *s, struct bounded_sum *sum)
{
    const bool skips = d->rule->channel == CHANNEL_SKIPPED;
    for (size_t i = 0; i < d->depth; i++)
        add(&sum[i],
            times(times(times(s->own[i], s->carried[i]), s->h[i]), drive_at(term, i, s->O)));
    for (size_t i = 0; i + 1 < d->depth && d->rule->feedback == FEEDBACK_ADAPTIVE; i++) {
        const struct bounded e = drive_at(term, skips && d->derivative ? i : i + 1, s->O);
        const struct bounded signal = skips ? s->h[i + 1] : times(s->g[i + 1], s->h[i + 1]);
        add(&sum[d->depth + i], times(signal, e));
    }
}

void nonlinear_chain_rounding(const struct flow *flow, const double *x, double *bound)
{
    const struct nonlinear_chain_data *d = nonlinear_chain_data_of(flow);
    double w[NONLINEAR_WEIGHTS_MAX];
    struct bounded_signals s;
    struct bounded_sum sum[NONLINEAR_WEIGHTS_MAX];
    memset(sum, 0, sizeof sum);
    nonlinear_chain_neuron_weights(d, x, 1, w);
    const struct nonlinear_terms terms = nonlinear_chain_terms_at(d, w);
    for (size_t k = 0; k < terms.count; k++) {
        const struct nonlinear_term term = nonlinear_chain_term_of(&terms, k);
        bound_forward(d, w, term.input, &s);
        bound_backward(d, w, &s);
        bound_term(d, &term, &s, sum);
    }
    const double additions = (double)terms.count / 2 + 2 + terms.error / DBL_EPSILON;
    for (size_t i = 0; i < d->dim; i++) {
        if (i >= d->depth && d->rule->feedback == FEEDBACK_MIRROR)
            sum[i].terms = fabs(d->mirror * w[i - d->depth + 1]);
        bound[i] = fabs(d->rate[i]) * (sum[i].error + additions * sum[i].terms) +
                   2 * fabs(d->decay[i] * x[i]);
    }
}
