/* Chains with neurons in the learning channel, as flows.
 *
 * Layer i is driven by m_i(P) = E[s_i I], a function of the single number P (notes/
 * channel-neurons.md, (Q1)); so the field costs one pass over the samples, and the Jacobian,
 *
 *   J_ij = eta_i (m_i dA_(i-1)/da_j + A_(i-1) m_i'(P) dP/da_j) - lambda delta_ij,
 *
 * one more.  The top layer is linear, m_L = c_L (alpha - beta P).  There are no first integrals:
 * the drives of two layers are not proportional, and nothing is claimed.  The error need not fall
 * either.  Rejected: tables of m_i over P, which would be faster for many samples, but whose error
 * would move the roots that decide everything. */
#include "linear/channel_neurons.h"

#include "ode/lanes.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct channel_data {
    size_t depth, samples;
    const struct channel_activation *g;
    bool skipped;
    double alpha, beta, lambda;
    const double *c;                /* [depth], c_L included */
    const double *rates;            /* [depth] */
    const double *inputs, *targets; /* [samples] */
};

/* Everything of the flow, in one block; the arrays follow. */
struct channel_block {
    struct flow flow;
    struct channel_data data;
    char title[CLAIM_NAME_MAX];
};

static const struct channel_data *data_of(const struct flow *flow)
{
    return flow->data;
}

/* ---- the field ---- */

/* drive[i*n + k] += s_i I of one sample with the input I and the errors delta[lanes]. */
static inline void sample_lanes(const struct channel_data *p, size_t n, size_t lanes, double I,
                                const double *delta, double *drive)
{
    double s[LANES_BLOCK];
    for (size_t k = 0; k < lanes; k++)
        s[k] = p->c[p->depth - 1] * delta[k];
    for (size_t i = p->depth - 1; i-- > 0;)
        for (size_t k = 0; k < lanes; k++) {
            s[k] = p->g->value(p->c[i] * (p->skipped ? delta[k] : s[k]));
            drive[i * n + k] += s[k] * I;
        }
}

/* drive[i*n + k] = m_i(P_k) for at most LANES_BLOCK lanes. */
static void drive_lanes(const struct channel_data *p, size_t n, size_t lanes, const double *P,
                        double *drive)
{
    double delta[LANES_BLOCK];
    const size_t top = p->depth - 1;
    for (size_t i = 0; i < top; i++)
        for (size_t k = 0; k < lanes; k++)
            drive[i * n + k] = 0;
    for (size_t j = 0; j < p->samples; j++) {
        for (size_t k = 0; k < lanes; k++)
            delta[k] = p->targets[j] - P[k] * p->inputs[j];
        sample_lanes(p, n, lanes, p->inputs[j], delta, drive);
    }
    for (size_t i = 0; i < top; i++)
        for (size_t k = 0; k < lanes; k++)
            drive[i * n + k] /= (double)p->samples;
    for (size_t k = 0; k < lanes; k++)
        drive[top * n + k] = p->c[top] * (p->alpha - p->beta * P[k]);
}

static void field_lanes(const struct channel_data *p, size_t n, size_t lanes, const double *x,
                        double *dx)
{
    double P[LANES_BLOCK], A[LANES_BLOCK];
    for (size_t k = 0; k < lanes; k++)
        P[k] = A[k] = 1;
    for (size_t i = 0; i < p->depth; i++)
        for (size_t k = 0; k < lanes; k++)
            P[k] *= x[i * n + k];
    drive_lanes(p, n, lanes, P, dx);
    for (size_t i = 0; i < p->depth; i++)
        for (size_t k = 0; k < lanes; k++) {
            dx[i * n + k] = p->rates[i] * (A[k] * dx[i * n + k]) - p->lambda * x[i * n + k];
            A[k] *= x[i * n + k];
        }
}

static enum status channel_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    const struct channel_data *p = data_of(flow);
    for (size_t k = 0; k < n; k += LANES_BLOCK)
        field_lanes(p, n, n - k < LANES_BLOCK ? n - k : LANES_BLOCK, x + k, dx + k);
    return OK;
}

/* ---- derivatives and rounding ---- */

/* A number, its derivative by P, and a bound on its rounding error in units of DBL_EPSILON. */
struct rounded {
    double value, slope, error;
};

/* g(c s): two roundings of c s move it by g' each, the library's g is off by four of its last
 * places. */
static struct rounded neuron(const struct channel_activation *g, double c, struct rounded s)
{
    static const double LAST_PLACES = 4;
    const double x = c * s.value, slope = g->slope(x), value = g->value(x);
    return (struct rounded){.value = value,
                            .slope = slope * c * s.slope,
                            .error =
                                slope * (fabs(c) * s.error + fabs(x)) + LAST_PLACES * fabs(value)};
}

/* s_layer of one sample. */
static struct rounded backward_signal(const struct channel_data *p, size_t layer,
                                      const struct rounded *delta)
{
    struct rounded s = *delta;
    if (p->skipped)
        return neuron(p->g, p->c[layer], s);
    const double top = p->c[p->depth - 1];
    s.value *= top;
    s.slope *= top;
    s.error = fabs(top) * s.error + fabs(s.value);
    for (size_t i = p->depth - 1; i-- > layer;)
        s = neuron(p->g, p->c[i], s);
    return s;
}

static void top_drive(const struct channel_data *p, double P, double roundings,
                      struct channel_drive *drive)
{
    const double c = p->c[p->depth - 1];
    const double terms = fabs(p->alpha) + (1 + roundings / 2) * fabs(p->beta * P);
    drive->mean = c * (p->alpha - p->beta * P);
    drive->slope = -c * p->beta;
    drive->rounding = fabs(c) * ((double)p->samples + 2) * terms; /* alpha and beta are sums, too */
}

void channel_neurons_drive(const struct flow *flow, size_t layer, double P, double roundings,
                           struct channel_drive *drive)
{
    const struct channel_data *p = data_of(flow);
    *drive = (struct channel_drive){.mean = 0};
    if (layer + 1 == p->depth) {
        top_drive(p, P, roundings, drive);
        return;
    }
    double terms = 0;
    for (size_t j = 0; j < p->samples; j++) {
        const double I = p->inputs[j], T = p->targets[j];
        const struct rounded delta = {
            .value = T - P * I, .slope = -I, .error = fabs(T) + (1 + roundings / 2) * fabs(P * I)};
        const struct rounded s = backward_signal(p, layer, &delta);
        drive->mean += s.value * I;
        drive->slope += s.slope * I;
        drive->rounding += s.error * fabs(I);
        terms += fabs(s.value * I);
    }
    const double n = (double)p->samples;
    drive->mean /= n;
    drive->slope /= n;
    drive->rounding = (drive->rounding + (n / 2 + 1) * terms) / n;
}

/* prod of a_k over k < high, k != i. */
static double product_without(const double *a, size_t high, size_t i)
{
    double product = 1;
    for (size_t k = 0; k < high; k++)
        product *= k == i ? 1 : a[k];
    return product;
}

static enum status channel_jacobian(const struct flow *flow, const double *a, double *J)
{
    const struct channel_data *p = data_of(flow);
    const size_t L = p->depth;
    const double P = product_without(a, L, L);
    for (size_t i = 0; i < L; i++) {
        struct channel_drive drive;
        channel_neurons_drive(flow, i, P, (double)L, &drive);
        const double A = product_without(a, i, i);
        for (size_t j = 0; j < L; j++) {
            const double lower = j < i ? drive.mean * product_without(a, i, j) : 0;
            J[i * L + j] = p->rates[i] * (lower + A * drive.slope * product_without(a, L, j));
        }
        J[i * L + i] -= p->lambda;
    }
    return OK;
}

static void channel_rounding(const struct flow *flow, const double *a, double *bound)
{
    const struct channel_data *p = data_of(flow);
    const double L = (double)p->depth;
    const double P = product_without(a, p->depth, p->depth);
    for (size_t i = 0; i < p->depth; i++) {
        struct channel_drive drive;
        channel_neurons_drive(flow, i, P, L, &drive);
        const double A = fabs(p->rates[i] * product_without(a, i, i));
        bound[i] = A * (drive.rounding + L * fabs(drive.mean)) + fabs(p->lambda * a[i]);
    }
}

static bool vanishes(const struct channel_drive *drive)
{
    return fabs(drive->mean) <= DBL_EPSILON * drive->rounding;
}

/* Where all drives vanish the Jacobian has rank one, and its trace is its eigenvalue, (Q3). */
static size_t spectrum_on_minimum(const struct flow *flow, const double *a, double *lambda)
{
    const struct channel_data *p = data_of(flow);
    const size_t L = p->depth;
    const double P = product_without(a, L, L);
    double trace = 0;
    for (size_t i = 0; i < L; i++) {
        struct channel_drive drive;
        channel_neurons_drive(flow, i, P, (double)L, &drive);
        if (!vanishes(&drive))
            return 0;
        trace += p->rates[i] * product_without(a, i, i) * drive.slope * product_without(a, L, i);
    }
    lambda[0] = trace;
    return 1;
}

/* Two layers, m_1(0) = 0: the fixed points a_1 = 0, away from the minimum, (Q6). */
static size_t spectrum_at_zero(const struct flow *flow, const double *a, double *lambda)
{
    const struct channel_data *p = data_of(flow);
    struct channel_drive drive;
    if (p->depth != 2 || a[0] != 0)
        return 0;
    channel_neurons_drive(flow, 0, 0, 0, &drive);
    lambda[0] = p->rates[0] * drive.slope * a[1];
    return vanishes(&drive) ? 1 : 0;
}

static size_t channel_transverse(const struct flow *flow, const double *a, double *lambda)
{
    if (data_of(flow)->lambda != 0)
        return 0;
    const size_t count = spectrum_on_minimum(flow, a, lambda);
    return count ? count : spectrum_at_zero(flow, a, lambda);
}

static double channel_excess_loss(const struct flow *flow, const double *a)
{
    const struct channel_data *p = data_of(flow);
    const double e = p->alpha - p->beta * product_without(a, p->depth, p->depth);
    return e * e / (2 * p->beta);
}

static void channel_output(const struct flow *flow, const double *a, double *P)
{
    P[0] = product_without(a, flow->dim, flow->dim);
}

/* ---- what a layer wants ---- */

/* The sign of m_layer(P), 0 within rounding. */
static int drive_sign(const struct flow *flow, size_t layer, double P)
{
    struct channel_drive drive;
    channel_neurons_drive(flow, layer, P, 0, &drive);
    if (!(fabs(drive.mean) > DBL_EPSILON * drive.rounding))
        return 0;
    return drive.mean > 0 ? 1 : -1;
}

/* With every sample's own target T/I on one side of P, all terms of m_i have one sign. */
static double farthest_target(const struct channel_data *p)
{
    double farthest = 0;
    for (size_t j = 0; j < p->samples; j++)
        if (p->inputs[j] != 0)
            farthest = fmax(farthest, fabs(p->targets[j] / p->inputs[j]));
    return 2 * farthest + 1;
}

/* Moves `end` towards the root while the sign there stays what it is; `root` is on the far side
 * or undecided. */
static double bisect(const struct flow *flow, size_t layer, double end, double root)
{
    const int sign = drive_sign(flow, layer, end);
    for (;;) {
        const double middle = end + (root - end) / 2;
        if (middle == end || middle == root)
            return end;
        if (drive_sign(flow, layer, middle) == sign)
            end = middle;
        else
            root = middle;
    }
}

enum status channel_neurons_wanted(const struct flow *flow, size_t layer, double *low, double *high)
{
    const double far = farthest_target(data_of(flow));
    const int below = drive_sign(flow, layer, -far), above = drive_sign(flow, layer, far);
    if (below == 0 || above != -below)
        return status_fail(BAD_ARGUMENT,
                           "%s: layer %zu is driven nowhere, so that it wants nothing", flow->title,
                           layer + 1);
    *low = bisect(flow, layer, -far, far);
    *high = bisect(flow, layer, far, -far);
    return OK;
}

/* a b = c d, exactly unless a product underflows. */
static bool products_agree(double a, double b, double c, double d)
{
    const double left = a * b, right = c * d;
    return left == right && fma(a, b, -left) == fma(c, d, -right);
}

bool channel_neurons_realizable(const struct flow *flow)
{
    const struct channel_data *p = data_of(flow);
    size_t largest = 0;
    for (size_t j = 1; j < p->samples; j++)
        if (fabs(p->inputs[j]) > fabs(p->inputs[largest]))
            largest = j;
    for (size_t j = 0; j < p->samples; j++)
        if (!products_agree(p->targets[j], p->inputs[largest], p->targets[largest], p->inputs[j]))
            return false;
    return true;
}

/* ---- from a problem ---- */

static enum status check_samples(const struct problem *problem)
{
    const size_t count = problem->inputs.count;
    if (count == 0 || problem->targets.count != count)
        return status_fail(BAD_ARGUMENT,
                           "a channel with neurons needs samples, one target for each input; "
                           "there are %zu inputs and %zu targets",
                           count, problem->targets.count);
    const double *I = problem_entries(&problem->inputs), *T = problem_entries(&problem->targets);
    for (size_t j = 0; j < count; j++)
        if (!isfinite(I[j]) || !isfinite(T[j]))
            return status_fail(BAD_ARGUMENT, "sample %zu is not finite", j + 1);
    return OK;
}

enum status channel_neurons_moments(const struct problem *problem, double *alpha, double *beta)
{
    TRY(check_samples(problem));
    const size_t count = problem->inputs.count;
    const double *I = problem_entries(&problem->inputs), *T = problem_entries(&problem->targets);
    double product = 0, square = 0;
    for (size_t j = 0; j < count; j++) {
        product += T[j] * I[j];
        square += I[j] * I[j];
    }
    if (!isfinite(product) || !isfinite(square))
        return status_fail(BAD_ARGUMENT, "the moments of the samples overflow; scale the data");
    *alpha = product / (double)count;
    *beta = square / (double)count;
    return OK;
}

static enum status check_problem(const struct problem *problem)
{
    const struct rule *rule = problem->rule;
    if (!rule->direct)
        return status_fail(BAD_ARGUMENT,
                           "a channel activation needs fixed feedback, rule rbp or srbp, not %s",
                           rule->name);
    if (problem->depth < 1 || problem->depth > PROBLEM_LIST_MAX)
        return status_fail(BAD_ARGUMENT, "a chain has depth 1..%d, not %zu", PROBLEM_LIST_MAX,
                           problem->depth);
    if (problem->rate_count > 0 && problem->rate_count != problem->depth)
        return status_fail(BAD_ARGUMENT,
                           "--rates has %zu numbers; a chain of depth %zu has %zu layers",
                           problem->rate_count, problem->depth, problem->depth);
    double direct[PROBLEM_LIST_MAX];
    return rule->direct(problem, direct); /* counts the feedback weights */
}

/* The arrays behind the block: c, rates, inputs, targets, names. */
static void fill_block(const struct problem *problem, struct channel_block *block)
{
    const size_t L = problem->depth, samples = problem->inputs.count;
    double *c = (double *)(block + 1), *rates = c + L, *inputs = rates + L;
    double *targets = inputs + samples;
    char(*names)[UNKNOWN_NAME_MAX] = (char(*)[UNKNOWN_NAME_MAX])(targets + samples);
    for (size_t i = 0; i < L; i++) {
        c[i] = i < problem->c_count ? problem_feedback(problem)[i] : 1;
        rates[i] = problem->rate_count ? problem->rates[i] : 1;
        snprintf(names[i], UNKNOWN_NAME_MAX, "a%zu", i + 1);
    }
    memcpy(inputs, problem_entries(&problem->inputs), samples * sizeof *inputs);
    memcpy(targets, problem_entries(&problem->targets), samples * sizeof *targets);
    snprintf(block->title, sizeof block->title, "chain L=%zu, %s, channel %s, %zu samples", L,
             problem->rule->name, problem->channel_activation->name, samples);
    block->data = (struct channel_data){.depth = L,
                                        .samples = samples,
                                        .g = problem->channel_activation,
                                        .skipped = problem->rule->channel == CHANNEL_SKIPPED,
                                        .lambda = problem->lambda,
                                        .c = c,
                                        .rates = rates,
                                        .inputs = inputs,
                                        .targets = targets};
    block->flow = (struct flow){.dim = L,
                                .title = block->title,
                                .names = (const char(*)[UNKNOWN_NAME_MAX])names,
                                .field = channel_field,
                                .jacobian = channel_jacobian,
                                .rounding = channel_rounding,
                                .transverse = channel_transverse,
                                .outputs = 1,
                                .output = channel_output,
                                .data = &block->data};
}

enum status channel_neurons_flow(const struct problem *problem, struct flow **out)
{
    double alpha = 0, beta = 0;
    TRY(check_problem(problem));
    TRY(channel_neurons_moments(problem, &alpha, &beta));
    const size_t L = problem->depth, samples = problem->inputs.count;
    struct channel_block *block =
        calloc(1, sizeof *block + 2 * (L + samples) * sizeof(double) + L * UNKNOWN_NAME_MAX);
    if (!block)
        return status_fail(NO_MEMORY, "chain of depth %zu with %zu samples", L, samples);
    fill_block(problem, block);
    block->data.alpha = alpha;
    block->data.beta = beta;
    block->flow.loss = beta > 0 ? channel_excess_loss : NULL;
    *out = &block->flow;
    return OK;
}
