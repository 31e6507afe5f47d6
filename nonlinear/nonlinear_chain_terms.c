/* The data of a chain with activations: sample by sample, or two terms and their moments.
 *
 * Homogeneous activations of degrees mu_1, ..., mu_(L-1): with M_i = mu_1 ... mu_i,
 *     h_i(I) = |I|^M_i h_i(sgn I),   f_i'(u_i(I)) = |I|^(M_i - M_(i-1)) f_i'(u_i(sgn I)),
 * so that all samples of one sign enter layer i by E[T |I|^q] and E[|I|^(q + M_(L-1))] alone, (X3):
 * q = M_(L-1) where the channel passes all factors f', M_i where only its own, M_(i-1) where none.
 * Moments are summed in extended precision, once: 10^5 samples cost no more than two. */
#include "nonlinear/nonlinear_chain_data.h"

#include <math.h>
#include <string.h>

/* Patterns of signs of the hidden weights that are tried for the best fit: 2^12. */
enum { PATTERN_LAYERS_MOST = 12 };

struct nonlinear_terms nonlinear_chain_terms_at(const struct nonlinear_chain_data *d,
                                                const double *a)
{
    if (d->collapse.applies)
        return (struct nonlinear_terms){.count = NONLINEAR_SIGNS, .d = d};
    const double steepness = data_steepness(d->samples, a);
    const struct samples *samples = data_samples(d->samples, steepness);
    return (struct nonlinear_terms){.count = samples->count,
                                    .d = d,
                                    .samples = samples,
                                    .error = data_error(d->samples, steepness)};
}

struct nonlinear_term nonlinear_chain_term_of(const struct nonlinear_terms *terms, size_t k)
{
    const struct samples *samples = terms->samples;
    if (!samples)
        return (struct nonlinear_term){.input = k == 0 ? 1 : -1,
                                       .moment = terms->d->collapse.moment + k * terms->d->depth};
    return (struct nonlinear_term){
        .input = samples->input[k], .target = samples->target[k], .weight = samples->weight[k]};
}

/* M_0 = 1, ..., M_(L-1) into degree[depth]; false if one activation is not homogeneous. */
static bool degrees_of(const struct nonlinear_chain_data *d, double *degree)
{
    degree[0] = 1;
    for (size_t i = 0; i + 1 < d->depth; i++)
        degree[i + 1] = degree[i] * d->neuron[i].degree;
    return degree[d->depth - 1] > 0; /* false for NAN */
}

/* q of layer i */
static double exponent_of(const struct nonlinear_chain_data *d, const double *degree, size_t i)
{
    const size_t top = d->depth - 1;
    if (i == top || nonlinear_chain_passes_slopes(d))
        return degree[top];
    return d->derivative ? degree[i + 1] : degree[i];
}

/* E[T |I|^q] and E[|I|^(q+m)] over the samples of one sign */
static struct nonlinear_moment moment_of(const struct samples *samples, double sign, double q,
                                         double m)
{
    long double alpha = 0, beta = 0, size = 0;
    for (size_t k = 0; k < samples->count; k++) {
        const long double I = sign * samples->input[k], w = samples->weight[k];
        if (!(I > 0))
            continue;
        const long double power = powl(I, (long double)q), target = samples->target[k];
        alpha += w * target * power;
        size += w * fabsl(target) * power;
        beta += w * powl(I, (long double)(q + m));
    }
    return (struct nonlinear_moment){(double)alpha, (double)beta, (double)size};
}

/* What weights of this pattern of signs explain: alpha^2/beta along (O(1), O(-1)) = t phi. */
static double explained_by(const struct nonlinear_chain_data *d, const double *signs)
{
    const size_t top = d->depth - 1;
    const struct nonlinear_moment *moment = d->collapse.moment;
    double alpha = 0, beta = 0;
    for (size_t k = 0; k < NONLINEAR_SIGNS; k++) {
        const double phi = nonlinear_chain_output(d, signs, k == 0 ? 1 : -1);
        alpha += moment[k * d->depth + top].alpha * phi;
        beta += moment[k * d->depth + top].beta * phi * phi;
    }
    return beta > 0 ? alpha * alpha / beta : 0;
}

/* The most over all patterns of signs; NAN where they are too many. */
static double most_explained(const struct nonlinear_chain_data *d)
{
    const size_t hidden = d->depth - 1;
    double signs[NONLINEAR_WEIGHTS_MAX] = {0}, most = 0;
    if (hidden > PATTERN_LAYERS_MOST)
        return (double)NAN;
    signs[hidden] = 1;
    for (size_t pattern = 0; pattern < (size_t)1 << hidden; pattern++) {
        for (size_t i = 0; i < hidden; i++)
            signs[i] = pattern >> i & 1 ? -1 : 1;
        most = fmax(most, explained_by(d, signs));
    }
    return most;
}

enum status nonlinear_chain_terms_collapse(struct nonlinear_chain_data *d,
                                           struct nonlinear_moment *moment)
{
    double degree[PROBLEM_LIST_MAX];
    d->collapse.applies = degrees_of(d, degree);
    if (!d->collapse.applies)
        return OK;
    const struct samples *samples = data_samples(d->samples, 1);
    const double m = degree[d->depth - 1];
    long double square = 0;
    for (size_t i = 0; i < d->depth; i++)
        for (size_t k = 0; k < NONLINEAR_SIGNS; k++) {
            struct nonlinear_moment *to = &moment[k * d->depth + i];
            *to = moment_of(samples, k == 0 ? 1 : -1, exponent_of(d, degree, i), m);
            if (!isfinite(to->size) || !isfinite(to->beta))
                return status_fail(BAD_ARGUMENT,
                                   "the moments of degree %g overflow; scale the data",
                                   exponent_of(d, degree, i) + m);
        }
    for (size_t k = 0; k < samples->count; k++)
        square += (long double)samples->weight[k] * samples->target[k] * samples->target[k];
    d->collapse.target_square = (double)square;
    d->collapse.moment = moment;
    d->collapse.explained = most_explained(d);
    return OK;
}
