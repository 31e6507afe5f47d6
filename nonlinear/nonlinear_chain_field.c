/* The field of a chain with activations, and its linearisation.
 *
 * Term by term a pass forward, h and f' of every layer, and a pass backward, the factor g_i of the
 * learning channel between the error and layer i; then
 *     a_i' = sum over terms of g_i h_(i-1) (mean error of layer i).
 * The linearisation differentiates both passes, one product rule at a time.  Lanes are taken one
 * after the other: the time goes into f and f', which are no vector functions, and sums over
 * samples have the same order in every lane. */
#include "nonlinear/nonlinear_chain_data.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

/* The signals of one term; layers as in nonlinear_chain_data.h. */
struct signals {
    double h[PROBLEM_LIST_MAX + 1];
    struct nonlinear_point f[PROBLEM_LIST_MAX];
    double carried[PROBLEM_LIST_MAX]; /* what reaches layer i from above, before f_i' */
    double g[PROBLEM_LIST_MAX];       /* what it passes on */
    double O;
};

static bool is_adaptive(const struct nonlinear_chain_data *d)
{
    return d->rule->feedback == FEEDBACK_ADAPTIVE;
}

/* Does the channel go through all layers (for sbp without their f')? */
static bool descends(const struct nonlinear_chain_data *d)
{
    return d->rule->channel == CHANNEL_LAYERED || d->rule->feedback == FEEDBACK_TRANSPOSED;
}

/* C_i, the weight by which the channel enters layer i */
static double feedback_at(const struct nonlinear_chain_data *d, const double *w, size_t i)
{
    switch (d->rule->feedback) {
    case FEEDBACK_TRANSPOSED:
        return w[i + 1];
    case FEEDBACK_SIGNS:
        return nonlinear_chain_neuron_sign(d, i + 1, w[i + 1]);
    case FEEDBACK_ADAPTIVE:
    case FEEDBACK_MIRROR:
        return w[d->depth + i];
    case FEEDBACK_DIRECT:
    case FEEDBACK_FIXED:
        break;
    }
    return d->c[i];
}

static void pass_forward(const struct nonlinear_chain_data *d, const double *w, double input,
                         struct signals *s)
{
    const size_t top = d->depth - 1;
    struct nonlinear_signal signal = nonlinear_chain_neuron_input(input);
    s->h[0] = input;
    for (size_t i = 0; i < top; i++) {
        nonlinear_chain_neuron_at(d, i, w[i], signal, &s->f[i]);
        signal = nonlinear_chain_neuron_signal(&s->f[i]);
        s->h[i + 1] = signal.h;
    }
    s->O = w[top] * s->h[top];
}

static void pass_backward(const struct nonlinear_chain_data *d, const double *w, struct signals *s)
{
    const size_t top = d->depth - 1;
    const bool slopes = nonlinear_chain_passes_slopes(d);
    s->carried[top] = s->g[top] = d->c[top];
    s->f[top] = (struct nonlinear_point){.own = 1};
    for (size_t i = top; i-- > 0;) {
        const double C = feedback_at(d, w, i);
        s->carried[i] = descends(d) ? C * s->g[i + 1] : C;
        s->g[i] = slopes ? s->f[i].slope * s->carried[i] : s->carried[i];
    }
}

double nonlinear_chain_output(const struct nonlinear_chain_data *d, const double *w, double input)
{
    const size_t top = d->depth - 1;
    struct nonlinear_point point;
    struct nonlinear_signal signal = nonlinear_chain_neuron_input(input);
    for (size_t i = 0; i < top; i++) {
        nonlinear_chain_neuron_at(d, i, w[i], signal, &point);
        signal = nonlinear_chain_neuron_signal(&point);
    }
    return w[top] * signal.h;
}

/* The layer whose moments C_i's error has: E[h_i s_(i+1)], or E[h_i e] where the channel skips. */
static size_t layer_of_channel(const struct nonlinear_chain_data *d, size_t i)
{
    return d->rule->channel == CHANNEL_SKIPPED && d->derivative ? i : i + 1;
}

static double channel_gain(const struct nonlinear_chain_data *d, const struct signals *s, size_t i)
{
    return d->rule->channel == CHANNEL_SKIPPED ? 1 : s->g[i + 1];
}

static void add_term(const struct nonlinear_chain_data *d, const struct nonlinear_term *term,
                     const struct signals *s, double *change)
{
    for (size_t i = 0; i < d->depth; i++)
        change[i] += s->f[i].own * s->carried[i] * s->h[i] * nonlinear_chain_drive(term, i, s->O);
    for (size_t i = 0; i + 1 < d->depth && is_adaptive(d); i++)
        change[d->depth + i] += channel_gain(d, s, i) * s->h[i + 1] *
                                nonlinear_chain_drive(term, layer_of_channel(d, i), s->O);
}

/* Rates, decays, mirrored weights; y decays at 2 - mu times the rate of a. */
static double finish(const struct nonlinear_chain_data *d, size_t i, const double *w, double x,
                     double sum)
{
    assert(d->depth > 0 && i < d->dim);
    if (i >= d->depth && d->rule->feedback == FEEDBACK_MIRROR)
        sum = d->mirror * w[i - d->depth + 1];
    const double chart = i + 1 < d->depth ? d->neuron[i].chart : 0;
    return d->rate[i] * sum - (chart != 0 ? chart * d->decay[i] : d->decay[i]) * x;
}

static void change_at(const struct nonlinear_chain_data *d, const double *w, double *change)
{
    struct signals s;
    const struct nonlinear_terms terms = nonlinear_chain_terms_at(d, w);
    memset(change, 0, d->dim * sizeof *change);
    for (size_t k = 0; k < terms.count; k++) {
        const struct nonlinear_term term = nonlinear_chain_term_of(&terms, k);
        pass_forward(d, w, term.input, &s);
        pass_backward(d, w, &s);
        add_term(d, &term, &s, change);
    }
    for (size_t i = 0; i < d->dim && isinf(terms.error); i++) /* no nodes for such steep neurons */
        change[i] = (double)NAN;
}

enum status nonlinear_chain_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    const struct nonlinear_chain_data *d = nonlinear_chain_data_of(flow);
    double w[NONLINEAR_WEIGHTS_MAX] = {0}, change[NONLINEAR_WEIGHTS_MAX] = {0};
    for (size_t k = 0; k < n; k++) {
        nonlinear_chain_neuron_weights(d, x + k, n, w);
        change_at(d, w, change);
        for (size_t i = 0; i < d->dim; i++)
            dx[i * n + k] = finish(d, i, w, x[i * n + k], change[i]);
    }
    return OK;
}

/* ---- linearisation ---- */

/* What changes with the weights along one direction. */
struct tangents {
    double h[PROBLEM_LIST_MAX + 1], slope[PROBLEM_LIST_MAX], own[PROBLEM_LIST_MAX];
    double carried[PROBLEM_LIST_MAX], g[PROBLEM_LIST_MAX];
    double O;
};

/* dC_i; sgn a does not change on a piece */
static double feedback_along(const struct nonlinear_chain_data *d, const double *dw, size_t i)
{
    if (d->rule->feedback == FEEDBACK_TRANSPOSED)
        return dw[i + 1];
    return problem_feedback_learns(d->rule) ? dw[d->depth + i] : 0;
}

static void turn_forward(const struct nonlinear_chain_data *d, const double *w, double input,
                         struct signals *s)
{
    struct nonlinear_signal signal = nonlinear_chain_neuron_input(input);
    for (size_t i = 0; i + 1 < d->depth; i++) {
        nonlinear_chain_neuron_turn(d, i, w[i], signal, &s->f[i]);
        signal = nonlinear_chain_neuron_signal(&s->f[i]);
    }
}

static void tangent_forward(const struct nonlinear_chain_data *d, const double *w, const double *dw,
                            const struct signals *s, struct tangents *t)
{
    const size_t top = d->depth - 1;
    t->h[0] = 0;
    for (size_t i = 0; i < top; i++) {
        const struct nonlinear_neuron *neuron = &d->neuron[i];
        const bool charted = neuron->chart != 0; /* then f'(u) = |a|^(mu-1) own */
        const double du = dw[i] * s->h[i] + w[i] * t->h[i];
        t->h[i + 1] =
            (charted ? s->f[i].own * nonlinear_chain_neuron_stretch(neuron, w[i]) : s->f[i].slope) *
            du;
        t->slope[i] = s->f[i].curvature * du;
        t->own[i] = charted ? s->f[i].own_turn * t->h[i] : d->derivative ? t->slope[i] : 0;
    }
    t->own[top] = 0;
    t->O = dw[top] * s->h[top] + w[top] * t->h[top];
}

static void tangent_backward(const struct nonlinear_chain_data *d, const double *w,
                             const double *dw, const struct signals *s, struct tangents *t)
{
    const size_t top = d->depth - 1;
    const bool slopes = nonlinear_chain_passes_slopes(d);
    t->carried[top] = t->g[top] = 0;
    for (size_t i = top; i-- > 0;) {
        t->carried[i] = feedback_along(d, dw, i);
        if (descends(d))
            t->carried[i] = t->carried[i] * s->g[i + 1] + feedback_at(d, w, i) * t->g[i + 1];
        t->g[i] =
            slopes ? t->slope[i] * s->carried[i] + s->f[i].slope * t->carried[i] : t->carried[i];
    }
}

/* The change of a mean error with O. */
static double drive_slope(const struct nonlinear_term *term, size_t layer)
{
    return term->moment ? -term->moment[layer].beta : -term->weight;
}

static void add_tangent(const struct nonlinear_chain_data *d, const struct nonlinear_term *term,
                        const struct signals *s, const struct tangents *t, double *Jv)
{
    for (size_t i = 0; i < d->depth; i++) {
        const double g = s->f[i].own * s->carried[i], e = nonlinear_chain_drive(term, i, s->O);
        const double dg = t->own[i] * s->carried[i] + s->f[i].own * t->carried[i];
        Jv[i] += (dg * s->h[i] + g * t->h[i]) * e + g * s->h[i] * drive_slope(term, i) * t->O;
    }
    for (size_t i = 0; i + 1 < d->depth && is_adaptive(d); i++) {
        const size_t layer = layer_of_channel(d, i);
        const double g = channel_gain(d, s, i), e = nonlinear_chain_drive(term, layer, s->O);
        const double dg = d->rule->channel == CHANNEL_SKIPPED ? 0 : t->g[i + 1];
        Jv[d->depth + i] += (dg * s->h[i + 1] + g * t->h[i + 1]) * e +
                            g * s->h[i + 1] * drive_slope(term, layer) * t->O;
    }
}

/* dw of a direction in the unknowns */
static void weights_along(const struct nonlinear_chain_data *d, const double *w, const double *v,
                          double *dw)
{
    for (size_t i = 0; i < d->dim; i++)
        dw[i] = i + 1 < d->depth && v[i] != 0
                    ? v[i] * nonlinear_chain_neuron_stretch(&d->neuron[i], w[i])
                    : v[i];
}

enum status nonlinear_chain_jacobian_times(const struct flow *flow, const double *x,
                                           const double *v, double *Jv)
{
    const struct nonlinear_chain_data *d = nonlinear_chain_data_of(flow);
    double w[NONLINEAR_WEIGHTS_MAX] = {0}, dw[NONLINEAR_WEIGHTS_MAX] = {0};
    double sum[NONLINEAR_WEIGHTS_MAX] = {0};
    struct signals s;
    struct tangents t;
    nonlinear_chain_neuron_weights(d, x, 1, w);
    weights_along(d, w, v, dw);
    const struct nonlinear_terms terms = nonlinear_chain_terms_at(d, w);
    for (size_t k = 0; k < terms.count; k++) {
        const struct nonlinear_term term = nonlinear_chain_term_of(&terms, k);
        pass_forward(d, w, term.input, &s);
        pass_backward(d, w, &s);
        turn_forward(d, w, term.input, &s);
        tangent_forward(d, w, dw, &s, &t);
        tangent_backward(d, w, dw, &s, &t);
        add_tangent(d, &term, &s, &t, sum);
    }
    for (size_t i = 0; i < d->dim; i++)
        Jv[i] = finish(d, i, dw, v[i], sum[i]);
    return OK;
}

/* Room for one direction after the other. */
struct direction {
    double v[NONLINEAR_WEIGHTS_MAX], dw[NONLINEAR_WEIGHTS_MAX], column[NONLINEAR_WEIGHTS_MAX];
};

/* The unit vector j, and what it is in the weights. */
static void turn_to(const struct nonlinear_chain_data *d, const double *w, size_t j,
                    struct direction *direction)
{
    memset(direction->v, 0, d->dim * sizeof(double));
    memset(direction->column, 0, d->dim * sizeof(double));
    direction->v[j] = 1;
    weights_along(d, w, direction->v, direction->dw);
}

struct columns {
    const double *w;
    double *J;
    struct direction along;
};

/* Adds what one term does to all columns. */
static void add_columns(const struct nonlinear_chain_data *d, const struct nonlinear_term *term,
                        const struct signals *s, struct columns *columns)
{
    struct direction *along = &columns->along;
    struct tangents t;
    for (size_t j = 0; j < d->dim; j++) {
        turn_to(d, columns->w, j, along);
        tangent_forward(d, columns->w, along->dw, s, &t);
        tangent_backward(d, columns->w, along->dw, s, &t);
        add_tangent(d, term, s, &t, along->column);
        for (size_t i = 0; i < d->dim; i++)
            columns->J[i * d->dim + j] += along->column[i];
    }
}

/* Signals once for every term, then a pass for every direction. */
enum status nonlinear_chain_jacobian(const struct flow *flow, const double *x, double *J)
{
    const struct nonlinear_chain_data *d = nonlinear_chain_data_of(flow);
    const size_t n = d->dim;
    double w[NONLINEAR_WEIGHTS_MAX] = {0};
    struct columns columns = {.w = w, .J = J};
    struct signals s;
    memset(J, 0, n * n * sizeof *J);
    nonlinear_chain_neuron_weights(d, x, 1, w);
    const struct nonlinear_terms terms = nonlinear_chain_terms_at(d, w);
    for (size_t k = 0; k < terms.count; k++) {
        const struct nonlinear_term term = nonlinear_chain_term_of(&terms, k);
        pass_forward(d, w, term.input, &s);
        pass_backward(d, w, &s);
        turn_forward(d, w, term.input, &s);
        add_columns(d, &term, &s, &columns);
    }
    for (size_t j = 0; j < n; j++) {
        turn_to(d, w, j, &columns.along);
        for (size_t i = 0; i < n; i++)
            J[i * n + j] = finish(d, i, columns.along.dw, columns.along.v[i], J[i * n + j]);
    }
    return OK;
}

/* ---- what drives it: the weighted errors of the samples, fewer than unknowns, (J12) ---- */

size_t nonlinear_chain_errors(const struct nonlinear_chain_data *d)
{
    if (d->decays || d->rule->feedback == FEEDBACK_MIRROR || d->collapse.applies ||
        data_is_gaussian(d->samples))
        return 0;
    for (size_t i = 0; i + 1 < d->depth; i++)
        if (d->neuron[i].chart != 0)
            return 0;
    const size_t count = data_samples(d->samples, 1)->count;
    return count < d->dim ? count : 0;
}

double nonlinear_chain_error(const struct flow *flow, const double *w, double *e)
{
    const struct nonlinear_chain_data *d = nonlinear_chain_data_of(flow);
    const struct nonlinear_terms terms = nonlinear_chain_terms_at(d, w);
    double sum = 0;
    for (size_t k = 0; k < terms.count; k++) {
        const struct nonlinear_term term = nonlinear_chain_term_of(&terms, k);
        e[k] = nonlinear_chain_drive(&term, 0, nonlinear_chain_output(d, w, term.input));
        const double rounding =
            term.weight * (nonlinear_chain_output_rounding(d, w, term.input) + fabs(term.target)) +
            fabs(e[k]);
        sum += rounding * rounding;
    }
    return DBL_EPSILON * sqrt(sum);
}

/* What the error of one sample does: B[dim], of the passes at the weights. */
static void column_of(const struct nonlinear_chain_data *d, const struct signals *s, double *B)
{
    for (size_t i = 0; i < d->depth; i++)
        B[i] = d->rate[i] * s->f[i].own * s->carried[i] * s->h[i];
    for (size_t i = d->depth; i < d->dim; i++)
        B[i] = d->rate[i] * channel_gain(d, s, i - d->depth) * s->h[i - d->depth + 1];
}

static void passes_at(const struct nonlinear_chain_data *d, const double *w, double input,
                      struct signals *s)
{
    pass_forward(d, w, input, s);
    pass_backward(d, w, s);
}

void nonlinear_chain_driven(const struct flow *flow, const double *w, const double *z, double *dx)
{
    const struct nonlinear_chain_data *d = nonlinear_chain_data_of(flow);
    const struct nonlinear_terms terms = nonlinear_chain_terms_at(d, w);
    double B[NONLINEAR_WEIGHTS_MAX];
    struct signals s;
    memset(dx, 0, d->dim * sizeof *dx);
    for (size_t k = 0; k < terms.count; k++) {
        passes_at(d, w, nonlinear_chain_term_of(&terms, k).input, &s);
        column_of(d, &s, B);
        for (size_t i = 0; i < d->dim; i++)
            dx[i] += B[i] * z[k];
    }
}

/* M = -diag(weights) DO B: e_k changes by the change of its output along the columns of B. */
double nonlinear_chain_response(const struct flow *flow, const double *w, double *M)
{
    const struct nonlinear_chain_data *d = nonlinear_chain_data_of(flow);
    const struct nonlinear_terms terms = nonlinear_chain_terms_at(d, w);
    double B[NONLINEAR_WEIGHTS_MAX], sum = 0;
    struct signals s;
    struct tangents t;
    for (size_t j = 0; j < terms.count; j++) {
        passes_at(d, w, nonlinear_chain_term_of(&terms, j).input, &s);
        column_of(d, &s, B);
        for (size_t i = 0; i < d->dim; i++)
            sum += B[i] * B[i];
        for (size_t k = 0; k < terms.count; k++) {
            const struct nonlinear_term term = nonlinear_chain_term_of(&terms, k);
            pass_forward(d, w, term.input, &s);
            turn_forward(d, w, term.input, &s);
            tangent_forward(d, w, B, &s, &t);
            M[k * terms.count + j] = -term.weight * t.O;
        }
    }
    return sqrt(sum);
}
