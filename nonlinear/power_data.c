/* Moments of homogeneous neurons, summed in balls over the samples that the flow sums over: what is
 * predicted is the flow of these numbers, so their own rounding does not matter.
 *
 * A homogeneous f is |x|^mu with the factor f(1) = 1 on one side and f(-1) on the other, which is
 * exact for all of ours.  Without samples alpha and beta are given and stand for one sample I = 1
 * (data.h); its target alpha/beta is then never formed. */
#include "nonlinear/power_data.h"

#include "nonlinear/activation.h"
#include "nonlinear/data.h"

#include <math.h>

int power_data_whole(struct ball mu)
{
    enum { WHOLE_MOST = 64 };
    const bool whole = mu.lo == 0 && mu.radius == 0 && mu.hi == floor(mu.hi);
    return whole && mu.hi >= 1 && mu.hi <= WHOLE_MOST ? (int)mu.hi : 0;
}

bool power_data_is_real(const struct power_data *data)
{
    bool real = true, any = false;
    for (int s = 0; s < POWER_SIDES; s++) {
        const int sign = ball_sign(data->beta[s]);
        const bool dead = ball_is_zero(data->beta[s]) && ball_is_zero(data->alpha[s]);
        real = real && (sign > 0 || dead);
        any = any || sign > 0;
    }
    return real && any;
}

struct ball power_data_degree(const struct neurons *neurons)
{
    if (neurons->activation == &activation_odd_root)
        return ball_ratio_small(1, neurons->parameter);
    return ball_of(neurons->activation->degree(neurons->parameter));
}

/* f(x) */
static struct ball value_of(const struct neurons *neurons, struct ball mu, double x)
{
    const double factor = x < 0 ? activation_value(neurons, -1) : 1;
    if (x == 0)
        return ball_of(0);
    return ball_mul(ball_of(factor), ball_power(ball_of(fabs(x)), mu));
}

static void add_product(struct ball *sum, double weight, struct ball a, struct ball b)
{
    *sum = ball_add(*sum, ball_mul(ball_of(weight), ball_mul(a, b)));
}

static void add_sample(const struct samples *samples, size_t k, const struct neurons *neurons,
                       struct power_data *data)
{
    const double w = samples->weight[k], x = samples->input[k];
    const struct ball T = ball_of(samples->target[k]), I = ball_of(x);
    add_product(&data->gamma, w, T, I);
    for (int s = 0; s < POWER_SIDES; s++) {
        const struct ball f = value_of(neurons, data->mu, s == 0 ? x : -x);
        add_product(&data->alpha[s], w, T, f);
        add_product(&data->beta[s], w, f, f);
        add_product(&data->delta[s], w, I, f);
    }
}

/* T_k f(I_n) = T_n f(I_k) for one n with f(I_n) != 0 and every k, exactly. */
static bool are_proportional(const struct samples *samples, const struct neurons *neurons,
                             struct ball mu)
{
    size_t n = 0;
    while (n < samples->count && samples->input[n] == 0)
        n++;
    if (n == samples->count)
        return false;
    const struct ball T_n = ball_of(samples->target[n]);
    const struct ball f_n = value_of(neurons, mu, samples->input[n]);
    bool same = true;
    for (size_t k = 0; k < samples->count && same; k++) {
        const struct ball f_k = value_of(neurons, mu, samples->input[k]);
        const struct ball left = ball_mul(ball_of(samples->target[k]), f_n);
        same = k == n || ball_is_zero(ball_sub(left, ball_mul(T_n, f_k)));
    }
    return same;
}

/* f(-x) = +-f(x) */
static bool has_parity(const struct neurons *neurons)
{
    return fabs(activation_value(neurons, -1)) == 1;
}

static bool teaches_itself(const struct problem *problem, const struct neurons *neurons)
{
    const struct neurons *g = &problem->teacher.neurons;
    return g->activation == neurons->activation && g->parameter == neurons->parameter;
}

static void read_samples(const struct problem *problem, const struct samples *samples,
                         const struct neurons *neurons, struct power_data *data)
{
    for (size_t k = 0; k < samples->count; k++)
        add_sample(samples, k, neurons, data);
    data->realizable = has_parity(neurons) && (teaches_itself(problem, neurons) ||
                                               are_proportional(samples, neurons, data->mu));
}

/* One sample I = 1 of weight beta with the target alpha/beta. */
static void read_moments(const struct problem *problem, const struct neurons *neurons,
                         struct power_data *data)
{
    for (int s = 0; s < POWER_SIDES; s++) {
        const double f = activation_value(neurons, s == 0 ? 1 : -1);
        data->alpha[s] = ball_mul(ball_of(f), ball_of(problem->alpha));
        data->beta[s] = ball_mul(ball_of(f * f), ball_of(problem->beta));
        data->delta[s] = ball_mul(ball_of(f), ball_of(problem->beta));
    }
    data->gamma = ball_of(problem->alpha);
    data->realizable = has_parity(neurons);
}

static bool has_moments_only(const struct problem *problem)
{
    return problem->inputs.count == 0 && problem->gaussian == 0;
}

enum status power_data_read(const struct problem *problem, struct power_data *out)
{
    const struct neurons neurons = activation_of_layer(problem, 0);
    struct power_data data = {.mu = power_data_degree(&neurons)};
    if (has_moments_only(problem)) {
        read_moments(problem, &neurons, &data);
    } else {
        struct data *samples;
        TRY(data_create(problem, 1, 1, &samples));
        read_samples(problem, data_samples(samples, 1), &neurons, &data);
        data_free(samples);
    }
    *out = data;
    return OK;
}

/* f_(L-1)(... f_1(x)) = g |x|^m, g = +-1 or 0 */
static struct ball through_all_layers(const struct problem *problem, double x)
{
    struct ball h = ball_of(fabs(x));
    double sign = x < 0 ? -1 : 1;
    for (size_t i = 0; i + 1 < problem->depth; i++) {
        const struct neurons neurons = activation_of_layer(problem, i);
        h = ball_power(h, power_data_degree(&neurons));
        sign = activation_value(&neurons, sign);
    }
    return ball_mul(ball_of(sign), h);
}

enum status power_data_deep(const struct problem *problem, struct ball *alpha, struct ball *beta)
{
    if (has_moments_only(problem)) {
        *alpha = ball_of(problem->alpha);
        *beta = ball_of(problem->beta);
        return OK;
    }
    struct data *data;
    TRY(data_create(problem, 1, 1, &data));
    const struct samples *samples = data_samples(data, 1);
    *alpha = *beta = ball_of(0);
    for (size_t k = 0; k < samples->count; k++) {
        const struct ball f = through_all_layers(problem, samples->input[k]);
        add_product(alpha, samples->weight[k], ball_of(samples->target[k]), f);
        add_product(beta, samples->weight[k], f, f);
    }
    data_free(data);
    return OK;
}

enum status power_data_direct(const struct problem *problem, struct ball *b)
{
    double direct[PROBLEM_LIST_MAX];
    for (size_t i = 0; i < problem->depth && i < PROBLEM_LIST_MAX; i++)
        direct[i] = 1;
    if (problem->rule->direct)
        TRY(problem->rule->direct(problem, direct));
    if (problem->rate_count != 0 && problem->rate_count != problem->depth)
        return status_fail(BAD_ARGUMENT,
                           "--rates has %zu numbers; a chain of depth %zu has %zu layers",
                           problem->rate_count, problem->depth, problem->depth);
    for (size_t i = 0; i < problem->depth; i++)
        b[i] =
            ball_mul(ball_of(direct[i]), ball_of(problem->rate_count > 0 ? problem->rates[i] : 1));
    return OK;
}
