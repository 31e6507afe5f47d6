/* The response M1, M2 of one neuron, in the cheapest way that keeps every digit.
 *
 *   homogeneous f (powers, ReLUs)   M1 = A |a|^m, M2 = B |a|^(2m), a pair A, B for each sign of a
 *                                   (I6), (I7): for any data; for Gaussian ones A, B by Gamma
 *   erf over Gaussian inputs        arcsines, where the teacher is linear, erf or sign (I8)
 *   all else                        sums over the samples of data.h
 *
 * Derivatives are sums of derivatives of f, never differences of moments: where neurons saturate,
 * M' is smaller than the rounding of M, and stability is decided by it.  Sums are compensated
 * (Neumaier 1974), so that what is lost is the rounding of the terms.
 * With odd neurons, odd targets and Gaussian inputs half of the nodes say it all. */
#include "nonlinear/response.h"

#include "nonlinear/activation.h"
#include "nonlinear/data.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static const double PI = 3.14159265358979323846;
static const double ROUNDINGS = 16; /* units of 2^-53 in a term: f, its product, its weight */

/* A and B of one sign of a. */
struct side {
    double m1, m2, size; /* size: E|T f|, by which M1's rounding is measured */
};

struct response {
    struct neurons neurons;
    struct teacher teacher;
    struct data *data;
    bool symmetric;   /* half of the samples are enough */
    bool arcsine_m1;  /* M1 of (I8) */
    bool arcsine_m2;  /* M2 of (I8) */
    bool homogeneous; /* M1, M2 of (I6) */
    double degree, variance;
    struct side right, left; /* of homogeneous f: a > 0, a < 0 */
    double target_square, closed_error;
};

struct sum {
    double value, lost;
};

static void sum_add(struct sum *sum, double term)
{
    const double total = sum->value + term;
    if (fabs(sum->value) >= fabs(term))
        sum->lost += (sum->value - total) + term;
    else
        sum->lost += (term - total) + sum->value;
    sum->value = total;
}

static double sum_total(const struct sum *sum)
{
    return sum->value + sum->lost;
}

/* ---- sums over samples -------------------------------------------------------------------- */

struct sums {
    struct sum m1[RESPONSE_ORDERS], m2[RESPONSE_ORDERS], size;
};

/* f, f', f'', f''' at x, and a factor for each: I^k. */
static void jet_at(const struct neurons *neurons, double x, double f[RESPONSE_ORDERS])
{
    const struct activation *activation = neurons->activation;
    f[0] = activation->value(neurons->parameter, x);
    f[1] = activation->slope(neurons->parameter, x);
    f[2] = activation->curvature(neurons->parameter, x);
    f[2 + 1] = activation->third(neurons->parameter, x);
}

/* The derivatives of f^2. */
static void square_jet(const double f[RESPONSE_ORDERS], double square[RESPONSE_ORDERS])
{
    square[0] = f[0] * f[0];
    square[1] = 2 * f[0] * f[1];
    square[2] = 2 * (f[1] * f[1] + f[0] * f[2]);
    square[2 + 1] = 2 * ((2 + 1) * f[1] * f[2] + f[0] * f[2 + 1]);
}

static void add_sample(struct sums *sums, double weight, double target,
                       const double f[RESPONSE_ORDERS], double input)
{
    double square[RESPONSE_ORDERS], factor = weight;
    square_jet(f, square);
    for (int k = 0; k < RESPONSE_ORDERS; k++, factor *= input) {
        if (target != 0 && factor != 0)
            sum_add(&sums->m1[k], factor * target * f[k]);
        if (factor != 0)
            sum_add(&sums->m2[k], factor * square[k]);
    }
    sum_add(&sums->size, weight * fabs(target * f[0]));
}

/* Gaussian samples are taken in pairs +-I, so that what is odd adds to zero and not to roundings. */
static size_t in_pairs(const struct samples *samples, size_t k)
{
    return k % 2 == 0 ? k / 2 : samples->count - 1 - k / 2;
}

static void sum_samples(const struct response *response, double a, struct sums *sums)
{
    const struct samples *s = data_samples(response->data, fabs(a));
    const size_t count = response->symmetric ? s->count / 2 : s->count;
    const double times = response->symmetric ? 2 : 1;
    const bool pairs = !response->symmetric && data_is_gaussian(response->data);
    *sums = (struct sums){0};
    for (size_t j = 0; j < count; j++) {
        const size_t k = pairs ? in_pairs(s, j) : j;
        double f[RESPONSE_ORDERS];
        jet_at(&response->neurons, a * s->input[k], f);
        add_sample(sums, times * s->weight[k], s->target[k], f, s->input[k]);
    }
}

static double relative(double error, double size, double value)
{
    if (error * size == 0)
        return 0;
    return value == 0 ? INFINITY : error * size / fabs(value);
}

static void by_samples(const struct response *response, double a, struct response_values *values)
{
    struct sums sums;
    sum_samples(response, a, &sums);
    for (int k = 0; k < RESPONSE_ORDERS; k++) {
        values->m1[k] = sum_total(&sums.m1[k]);
        values->m2[k] = sum_total(&sums.m2[k]);
    }
    const double error = data_error(response->data, fabs(a)) + ROUNDINGS * DBL_EPSILON / 2;
    values->error = fmax(relative(error, sum_total(&sums.size), values->m1[0]), error);
}

/* ---- homogeneous neurons ------------------------------------------------------------------ */

static void by_homogeneity(const struct response *response, double a,
                           struct response_values *values)
{
    const struct side *side = a < 0 ? &response->left : &response->right;
    double sign = 1;
    for (int k = 0; k < RESPONSE_ORDERS; k++, sign = a < 0 ? -sign : sign) {
        values->m1[k] =
            side->m1 == 0 ? 0 : sign * side->m1 * activation_monomial(response->degree, k, a);
        values->m2[k] =
            side->m2 == 0 ? 0 : sign * side->m2 * activation_monomial(2 * response->degree, k, a);
    }
    values->error =
        fmax(relative(response->closed_error, side->size, side->m1), response->closed_error);
}

/* E|t|^p of a standard normal variable. */
static double normal_moment(double p)
{
    return pow(2, p / 2) * tgamma((p + 1) / 2) / sqrt(PI);
}

/* E[g(AI) f(+-I)] and E[f(+-I)^2] for homogeneous g and f over Gaussian inputs (I6). */
static struct side side_by_gamma(const struct response *response, double sign)
{
    const struct teacher *g = &response->teacher;
    const double sigma = sqrt(response->variance), m = response->degree;
    const double n = g->neurons.activation->degree(g->neurons.parameter);
    const double up = activation_value(&response->neurons, sign);
    const double down = activation_value(&response->neurons, -sign);
    const double target_up = activation_value(&g->neurons, g->argument);
    const double target_down = activation_value(&g->neurons, -g->argument);
    const double half1 = g->scale * normal_moment(m + n) * pow(sigma, m + n) / 2;
    const double half2 = normal_moment(2 * m) * pow(sigma, 2 * m) / 2;
    return (struct side){.m1 = half1 * (target_up * up + target_down * down),
                         .m2 = half2 * (up * up + down * down),
                         .size = fabs(half1) * (fabs(target_up * up) + fabs(target_down * down))};
}

static struct side side_by_samples(const struct response *response, double sign)
{
    struct sums sums;
    sum_samples(response, sign, &sums);
    return (struct side){
        .m1 = sum_total(&sums.m1[0]), .m2 = sum_total(&sums.m2[0]), .size = sum_total(&sums.size)};
}

/* ---- erf over Gaussian inputs, (I8): s = sigma^2, X = a^2 s, q = 1 + X -------------------- */

static void arcsine_m2(double s, double a, double m2[RESPONSE_ORDERS])
{
    const double X = a * a * s, q = 1 + X, r = 1 + 2 * X, root = sqrt(r);
    m2[0] = 2 / PI * atan(X / root);
    m2[1] = 4 * s / PI * a / (q * root);
    m2[2] = 4 * s / PI * (1 - X - 4 * X * X) / (q * q * r * root);
    m2[2 + 1] =
        8 * s * s / PI * a * (-6 - 13 * X + X * X + 12 * X * X * X) / (q * q * q * r * r * root);
}

/* T = rho I */
static void arcsine_linear(double rho, double s, double a, double m1[RESPONSE_ORDERS])
{
    const double X = a * a * s, q = 1 + X, scale = rho * sqrt(2 / PI) * s / sqrt(q);
    m1[0] = scale * a;
    m1[1] = scale / q;
    m1[2] = -3 * scale * s * a / (q * q);
    m1[2 + 1] = -3 * scale * s * (1 - 4 * X) / (q * q * q);
}

/* T = erf(A I/sqrt 2) */
static void arcsine_erf(double A, double s, double a, double m1[RESPONSE_ORDERS])
{
    const double X = a * a * s, q = 1 + X, p = q + A * A * s, root = sqrt(p);
    const double scale = 2 / PI * A * s;
    m1[0] = 2 / PI * atan(a * A * s / root);
    m1[1] = scale / (q * root);
    m1[2] = -scale * a * s * (2 * p + q) / (q * q * p * root);
    m1[2 + 1] = -scale * s * ((2 * p + q) * q * p - X * (8 * p * p + 4 * p * q + 3 * q * q)) /
                (q * q * q * p * p * root);
}

/* T = sgn I: the limit of A -> infinity */
static void arcsine_sign(double s, double a, double m1[RESPONSE_ORDERS])
{
    const double X = a * a * s, q = 1 + X, sigma = sqrt(s), scale = 2 / PI * sigma;
    m1[0] = 2 / PI * atan(a * sigma);
    m1[1] = scale / q;
    m1[2] = -2 * scale * a * s / (q * q);
    m1[2 + 1] = -2 * scale * s * (1 - 3 * X) / (q * q * q);
}

static void arcsine_m1(const struct response *response, double a, double m1[RESPONSE_ORDERS])
{
    const struct teacher *teacher = &response->teacher;
    double scale = teacher->scale;
    if (teacher->neurons.activation == &activation_identity) {
        arcsine_linear(teacher->argument, response->variance, a, m1);
    } else if (teacher->neurons.activation == &activation_erf) {
        arcsine_erf(teacher->argument, response->variance, a, m1);
    } else {
        arcsine_sign(response->variance, a, m1);
        scale *= (teacher->argument > 0) - (teacher->argument < 0);
    }
    for (int k = 0; k < RESPONSE_ORDERS; k++)
        m1[k] *= scale;
}

/* ---- from outside ------------------------------------------------------------------------- */

void response_at(const struct response *response, double a, struct response_values *values)
{
    if (response->homogeneous) {
        by_homogeneity(response, a, values);
        return;
    }
    if (!response->arcsine_m1)
        by_samples(response, a, values);
    else
        arcsine_m1(response, a, values->m1);
    if (response->arcsine_m2)
        arcsine_m2(response->variance, a, values->m2);
    if (response->arcsine_m1 && response->arcsine_m2)
        values->error = response->closed_error;
}

static enum status check(const struct problem *problem)
{
    if (problem->neuron_count != 1 || problem->depth > 2 || problem->biases)
        return status_fail(BAD_ARGUMENT, "the response is that of A[1,1,1] without biases");
    return activation_check(&problem->neurons[0]);
}

/* E[T^2], by a sum over the samples; the moments alone do not tell. */
static double square_of_targets(const struct problem *problem, const struct data *data)
{
    if (problem->inputs.count == 0 && !data_is_gaussian(data))
        return NAN;
    const struct samples *s = data_samples(data, 0);
    struct sum sum = {0};
    for (size_t k = 0; k < s->count; k++)
        sum_add(&sum, s->weight[k] * s->target[k] * s->target[k]);
    return sum_total(&sum);
}

static void choose(struct response *response)
{
    const struct activation *f = response->neurons.activation;
    const struct activation *g = response->teacher.neurons.activation;
    const bool gaussian = data_is_gaussian(response->data);
    const bool erf_of_gaussian = gaussian && f == &activation_erf;
    response->symmetric = gaussian && f->odd && g->odd;
    response->arcsine_m2 = erf_of_gaussian;
    response->arcsine_m1 = erf_of_gaussian && (g == &activation_erf || g == &activation_identity ||
                                               g == &activation_sign);
    response->closed_error = ROUNDINGS * DBL_EPSILON / 2;
    response->homogeneous = f->degree != NULL;
    if (!response->homogeneous)
        return;
    response->degree = f->degree(response->neurons.parameter);
    if (gaussian && g->degree) {
        response->right = side_by_gamma(response, 1);
        response->left = side_by_gamma(response, -1);
        return;
    }
    response->right = side_by_samples(response, 1);
    response->left = side_by_samples(response, -1);
    response->closed_error += data_error(response->data, 1);
}

enum status response_create(const struct problem *problem, struct response **response)
{
    TRY(check(problem));
    struct data *data;
    TRY(data_create(problem, 1, 1, &data));
    struct response *made = calloc(1, sizeof *made);
    if (!made) {
        data_free(data);
        return status_fail(NO_MEMORY, "the response of a neuron");
    }
    made->neurons = problem->neurons[0];
    made->teacher = problem->teacher;
    made->data = data;
    made->variance = problem->gaussian * problem->gaussian;
    made->target_square = square_of_targets(problem, data);
    choose(made);
    *response = made;
    return OK;
}

void response_free(struct response *response)
{
    if (response)
        data_free(response->data);
    free(response);
}

double response_target_square(const struct response *response)
{
    return response->target_square;
}
