/* Gradient descent on networks, the comparison: A_i' = eta_i (A_L ... A_(i+1))' E Q_(i-1)'.
 *
 * The loss falls and eta_i A_(i+1)'A_(i+1) - eta_(i+1) A_i A_i' stays (M4), (M8), so that every
 * start converges to a critical point (M16).  Which one is certain from low loss, or where one
 * hidden layer starts unbalanced; with one hidden layer almost every start ends at the global
 * minimum (M17), and starts without one of the target's modes end at saddles.
 * Closed forms in time are oracles for the integrators (M15): modes of aligned starts, balanced
 * starts in any directions, and the Riccati equation of A[1,N,1]. */
#include "linear/matrix.h"
#include "linear/registry.h"
#include "proofs-check/conclude_network.h"
#include "proofs-check/sample_network.h"

#include <gsl/gsl_integration.h>
#include <math.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define NOTES       "notes/networks.md "

static const double DRIFT_BOUND = 1e-9; /* a thousand local errors of the explicit integrator */
static const double TIME_BOUND = 1e-9;  /* the same, on P at a given time */
static const double LIMIT_BOUND = 1e-9; /* P at a polished limit: rounding times conditions */
static const double SHORT = 5;

typedef struct sample_network_sizes shape;

/* ---- what stays, what falls: (M4), (M8) ---- */

static bool sample_any(struct stream *stream, size_t index, struct instance *instance)
{
    static const shape any[] = {
        {4, {2, 2, 2, 2}}, {4, {3, 4, 2, 3}}, {5, {2, 3, 1, 2, 2}}, {3, {3, 2, 3}}, {3, {1, 4, 1}}};
    *instance = sample_network(&rule_bp, &any[index % COUNT(any)]);
    sample_network_draw_data(stream, instance);
    sample_network_draw_rates(stream, instance);
    sample_network_draw_start(stream, sample_network_spread, instance);
    return true;
}

static bool sample_random_feedback(struct stream *stream, size_t index, struct instance *instance)
{
    sample_any(stream, index, instance);
    instance->problem.rule = &rule_rbp;
    sample_network_draw_feedback(stream, 1, instance);
    return true;
}

static bool sample_opposed_feedback(struct stream *stream, size_t index, struct instance *instance)
{
    sample_random_feedback(stream, index, instance);
    for (size_t k = 0; k < instance->problem.c_count; k++)
        instance->problem.c[k] *= -1;
    return true;
}

/* K[n*n] = eta_i A_(i+1)'A_(i+1) - eta_(i+1) A_i A_i' */
static void balance_of(const struct conclude_matrices *m, size_t i, double *K)
{
    const size_t n = m->shape.sizes[i];
    double gram[INSTANCE_DIM_MAX];
    matrix_multiply_first_transposed(n, m->shape.sizes[i + 1], n, m->A[i + 1], m->A[i + 1], K);
    matrix_multiply_second_transposed(n, m->shape.sizes[i - 1], n, m->A[i], m->A[i], gram);
    for (size_t k = 0; k < n * n; k++)
        K[k] = m->rate[i] * K[k] - m->rate[i + 1] * gram[k];
}

static double balance_drift(const struct trial *trial, double t, const double *x)
{
    (void)t;
    struct conclude_matrices now, start;
    double at_now[INSTANCE_DIM_MAX], at_start[INSTANCE_DIM_MAX], worst = 0;
    if (conclude_matrices_at(trial->instance, x, &now) != OK ||
        conclude_matrices_at(trial->instance, trial->instance->x0, &start) != OK)
        return NAN;
    for (size_t i = 1; i < now.layers; i++) {
        const size_t n = now.shape.sizes[i];
        balance_of(&now, i, at_now);
        balance_of(&start, i, at_start);
        worst = fmax(worst, conclude_network_distance(n * n, at_now, at_start));
    }
    return worst;
}

static enum status conclude_balanced(struct trial *trial, enum finding *finding)
{
    return conclude_network_along(trial, SHORT, balance_drift, "balance of layers", finding);
}

/* ---- modes in time, (M15) ---- */

/* A_1 = diag(a) V', A_i = diag(a_i), A_L = U diag(a_L) for W = U diag(s) V' of N x N, where
 * a_i of mode k is weight[i-1][k]. */
enum { ORDER = 2, DEEPEST = 4 };

static void set_aligned(struct stream *stream, size_t L, double weight[DEEPEST][ORDER],
                        struct instance *instance)
{
    shape sizes = {.count = L + 1};
    double U[ORDER * ORDER], V[ORDER * ORDER], W[ORDER * ORDER] = {0};
    for (size_t i = 0; i <= L; i++)
        sizes.sizes[i] = ORDER;
    *instance = sample_network(&rule_bp, &sizes);
    sample_network_orthonormal(stream, ORDER, ORDER, U);
    sample_network_orthonormal(stream, ORDER, ORDER, V);
    for (size_t k = 0; k < ORDER; k++) {
        const double s = stream_between(stream, 0.5, 2) + (double)k;
        for (size_t p = 0; p < ORDER; p++)
            for (size_t q = 0; q < ORDER; q++) {
                const size_t at = p * ORDER + q;
                W[at] += U[p * ORDER + k] * s * V[q * ORDER + k];
                if (p == k)
                    instance->x0[at] = weight[0][k] * V[q * ORDER + k];
                if (q == k)
                    instance->x0[(L - 1) * ORDER * ORDER + at] = U[at] * weight[L - 1][k];
            }
        for (size_t i = 1; i + 1 < L; i++)
            instance->x0[i * ORDER * ORDER + k * ORDER + k] = weight[i][k];
    }
    sample_network_set_target(instance, W);
}

static bool sample_balanced_modes(struct stream *stream, size_t index, struct instance *instance)
{
    double weight[DEEPEST][ORDER];
    for (size_t k = 0; k < ORDER; k++)
        weight[0][k] = weight[1][k] = stream_between(stream, 0.05, 0.3);
    set_aligned(stream, 2, weight, instance);
    (void)index;
    return true;
}

static bool sample_unbalanced_modes(struct stream *stream, size_t index, struct instance *instance)
{
    double weight[DEEPEST][ORDER];
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < ORDER; k++)
            weight[i][k] = stream_between(stream, 0.1, 1);
    set_aligned(stream, 2, weight, instance);
    (void)index;
    return true;
}

static bool sample_deep_modes(struct stream *stream, size_t index, struct instance *instance)
{
    const size_t L = 3 + index % 2;
    double weight[DEEPEST][ORDER];
    for (size_t k = 0; k < ORDER; k++) {
        const double a = stream_between(stream, 0.3, 0.6);
        for (size_t i = 0; i < L; i++)
            weight[i][k] = a;
    }
    set_aligned(stream, L, weight, instance);
    return true;
}

static bool sample_deep_unbalanced(struct stream *stream, size_t index, struct instance *instance)
{
    const size_t L = 3 + index % 2;
    double weight[DEEPEST][ORDER];
    for (size_t i = 0; i < L; i++)
        for (size_t k = 0; k < ORDER; k++)
            weight[i][k] = stream_between(stream, 0.2, 1);
    set_aligned(stream, L, weight, instance);
    return true;
}

static bool sample_any_directions(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_network(&rule_bp, &(shape){3, {ORDER, ORDER, ORDER}});
    sample_network_draw_target(stream, instance);
    sample_network_draw_start(stream, 0.4, instance);
    return true;
}

/* The modes s_k, u_k(t) = u_k'P v_k and the weights of the start that they are made of. */
struct modes {
    double s[ORDER], u[ORDER], start[ORDER];
    double first[ORDER], second[ORDER]; /* |A_1(0) v_k|, |A_2(0)'u_k|, two layers */
};

static bool find_modes(const struct trial *trial, const double *x, struct modes *modes)
{
    struct conclude_matrices now, start;
    double U[ORDER * ORDER], V[ORDER * ORDER], E[ORDER * ORDER], P[ORDER * ORDER];
    double P0[ORDER * ORDER];
    if (conclude_matrices_at(trial->instance, x, &now) != OK ||
        conclude_matrices_at(trial->instance, trial->instance->x0, &start) != OK ||
        matrix_singular_values(ORDER, ORDER, now.W, modes->s, U, V) != OK)
        return false;
    conclude_network_error(&now, E, P);
    conclude_network_error(&start, E, P0);
    for (size_t k = 0; k < ORDER; k++) {
        double first[ORDER] = {0}, second[ORDER] = {0};
        modes->u[k] = modes->start[k] = 0;
        for (size_t p = 0; p < ORDER; p++)
            for (size_t q = 0; q < ORDER; q++) {
                const double both = U[p * ORDER + k] * V[q * ORDER + k];
                modes->u[k] += both * P[p * ORDER + q];
                modes->start[k] += both * P0[p * ORDER + q];
                first[p] += start.A[1][p * ORDER + q] * V[q * ORDER + k];
                second[q] += start.A[2][p * ORDER + q] * U[p * ORDER + k];
            }
        modes->first[k] = hypot(first[0], first[1]);
        modes->second[k] = hypot(second[0], second[1]);
    }
    return true;
}

/* u = s e^(2st)/(e^(2st) - 1 + s/u_0), the published form for small balanced weights */
static double saxe_offset(const struct trial *trial, double t, const double *x)
{
    struct modes modes;
    double worst = 0;
    if (!find_modes(trial, x, &modes))
        return NAN;
    for (size_t k = 0; k < ORDER; k++) {
        const double s = modes.s[k], grown = exp(2 * s * t);
        const double u = s * grown / (grown - 1 + s / modes.start[k]);
        worst = fmax(worst, fabs(modes.u[k] - u));
    }
    return worst;
}

static double length(double u, double c)
{
    return hypot(c, 2 * u);
}

/* The time at which u is reached, up to a constant: ln((Q q(u) + c^2 + 4 s u)/(s - u))/Q. */
static double unbalanced_clock(double u, double s, double c)
{
    static const double FOUR = 4;
    const double Q = length(s, c);
    return log((Q * length(u, c) + c * c + FOUR * s * u) / (s - u)) / Q;
}

/* The time that the formula gives, less t, as an error of u */
static double unbalanced_offset(const struct trial *trial, double t, const double *x)
{
    struct modes modes;
    double worst = 0;
    if (!find_modes(trial, x, &modes))
        return NAN;
    for (size_t k = 0; k < ORDER; k++) {
        const double s = modes.s[k], u = modes.u[k];
        const double c = modes.first[k] * modes.first[k] - modes.second[k] * modes.second[k];
        const double by_formula =
            unbalanced_clock(u, s, c) - unbalanced_clock(modes.start[k], s, c);
        worst = fmax(worst, fabs(by_formula - t) * length(u, c) * fabs(s - u));
    }
    return worst;
}

struct deep_mode {
    double s, layers;
};

/* dt/du of u' = L u^(2 - 2/L) (s - u) */
static double deep_slowness(double u, void *context)
{
    const struct deep_mode *mode = context;
    return 1 / (mode->layers * pow(u, 2 - 2 / mode->layers) * (mode->s - u));
}

static double deep_offset(const struct trial *trial, double t, const double *x)
{
    static const double QUADRATURE = 1e-12; /* relative */
    enum { GAUSS_61 = 6, INTERVALS = 200 };
    struct modes modes;
    double worst = 0, time = 0, error = 0;
    if (!find_modes(trial, x, &modes))
        return NAN;
    gsl_integration_workspace *work = gsl_integration_workspace_alloc(INTERVALS);
    if (!work)
        return NAN;
    for (size_t k = 0; k < ORDER; k++) {
        struct deep_mode mode = {modes.s[k], (double)trial->instance->problem.size_count - 1};
        gsl_function slowness = {deep_slowness, &mode};
        const int code = gsl_integration_qag(&slowness, modes.start[k], modes.u[k], QUADRATURE,
                                             QUADRATURE, INTERVALS, GAUSS_61, work, &time, &error);
        const double off = fabs(time - t) / deep_slowness(modes.u[k], &mode);
        worst = code ? NAN : fmax(worst, fabs(off));
    }
    gsl_integration_workspace_free(work);
    return worst;
}

static const double MODES_TIME = 3; /* the modes are then at all stages, and s - u keeps digits */

static enum status conclude_saxe(struct trial *trial, enum finding *finding)
{
    return conclude_network_along(trial, MODES_TIME, saxe_offset, "u(t)", finding);
}

static enum status conclude_unbalanced(struct trial *trial, enum finding *finding)
{
    return conclude_network_along(trial, MODES_TIME, unbalanced_offset, "t(u)", finding);
}

static enum status conclude_deep_modes(struct trial *trial, enum finding *finding)
{
    return conclude_network_along(trial, MODES_TIME / 2, deep_offset, "t(u)", finding);
}

/* ---- balanced, any directions, (M15) ---- */

/* A_2 = U diag(d), A_1 = diag(d) V' with U, V unrelated to W: A_2'A_2 = A_1 A_1'. */
static bool sample_balanced(struct stream *stream, size_t index, struct instance *instance)
{
    double U[ORDER * ORDER], V[ORDER * ORDER];
    (void)index;
    *instance = sample_network(&rule_bp, &(shape){3, {ORDER, ORDER, ORDER}});
    sample_network_draw_target(stream, instance);
    sample_network_orthonormal(stream, ORDER, ORDER, U);
    sample_network_orthonormal(stream, ORDER, ORDER, V);
    for (size_t k = 0; k < ORDER; k++) {
        const double d = stream_between(stream, 0.2, 1);
        for (size_t p = 0; p < ORDER; p++) {
            instance->x0[k * ORDER + p] = d * V[p * ORDER + k];
            instance->x0[ORDER * ORDER + p * ORDER + k] = U[p * ORDER + k] * d;
        }
    }
    return true;
}

enum { DOUBLE = 2 * ORDER };

/* grown = e^(Ft) Q_0, middle = I + Q_0' (int_0^t e^(2Fs) ds) Q_0 for F = (0 W'; W 0) */
static bool grow(const double *W, const double *Q, double t, double *grown, double *middle)
{
    double F[DOUBLE * DOUBLE] = {0}, value[DOUBLE], S[DOUBLE * DOUBLE], along[DOUBLE * ORDER];
    for (size_t p = 0; p < ORDER; p++)
        for (size_t q = 0; q < ORDER; q++)
            F[(ORDER + p) * DOUBLE + q] = F[q * DOUBLE + ORDER + p] = W[p * ORDER + q];
    if (matrix_symmetric_eigenvalues(DOUBLE, F, value, S) != OK)
        return false;
    matrix_multiply_first_transposed(DOUBLE, DOUBLE, ORDER, S, Q, along);
    for (size_t k = 0; k < ORDER * ORDER; k++)
        middle[k] = k % (ORDER + 1) == 0;
    memset(grown, 0, DOUBLE * ORDER * sizeof *grown);
    for (size_t k = 0; k < DOUBLE; k++) {
        const double f = value[k], integral = f != 0 ? expm1(2 * f * t) / (2 * f) : t;
        for (size_t q = 0; q < ORDER; q++) {
            for (size_t p = 0; p < DOUBLE; p++)
                grown[p * ORDER + q] += S[p * DOUBLE + k] * exp(f * t) * along[k * ORDER + q];
            for (size_t p = 0; p < ORDER; p++)
                middle[p * ORDER + q] += along[k * ORDER + p] * integral * along[k * ORDER + q];
        }
    }
    return true;
}

/* P against the lower left block of grown middle^-1 grown' */
static double riccati_offset(const struct trial *trial, double t, const double *x)
{
    struct conclude_matrices now, start;
    double Q[DOUBLE * ORDER], grown[DOUBLE * ORDER], middle[ORDER * ORDER];
    double turned[ORDER * DOUBLE], solved[ORDER * DOUBLE], square[DOUBLE * DOUBLE];
    double E[ORDER * ORDER], P[ORDER * ORDER], expected[ORDER * ORDER];
    if (conclude_matrices_at(trial->instance, x, &now) != OK ||
        conclude_matrices_at(trial->instance, trial->instance->x0, &start) != OK)
        return NAN;
    for (size_t p = 0; p < ORDER; p++)
        for (size_t q = 0; q < ORDER; q++) {
            Q[p * ORDER + q] = start.A[1][q * ORDER + p];
            Q[(ORDER + p) * ORDER + q] = start.A[2][p * ORDER + q];
        }
    if (!grow(now.W, Q, t, grown, middle))
        return NAN;
    for (size_t p = 0; p < DOUBLE; p++)
        for (size_t q = 0; q < ORDER; q++)
            turned[q * DOUBLE + p] = grown[p * ORDER + q];
    if (matrix_solve(ORDER, DOUBLE, middle, turned, solved) != OK)
        return NAN;
    matrix_multiply(DOUBLE, ORDER, DOUBLE, grown, solved, square);
    for (size_t p = 0; p < ORDER; p++)
        for (size_t q = 0; q < ORDER; q++)
            expected[p * ORDER + q] = square[(ORDER + p) * DOUBLE + q];
    conclude_network_error(&now, E, P);
    return conclude_network_distance(ORDER * ORDER, P, expected);
}

static enum status conclude_riccati(struct trial *trial, enum finding *finding)
{
    return conclude_network_along(trial, MODES_TIME, riccati_offset, "P(t)", finding);
}

/* ---- A[1,N,1], (M15) ---- */

static bool sample_fan(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = sample_network(&rule_bp, &(shape){3, {1, 1 + index % 4, 1}});
    sample_network_draw_data(stream, instance);
    sample_network_draw_start(stream, 0.7, instance);
    return true;
}

static bool sample_unequal_fan(struct stream *stream, size_t index, struct instance *instance)
{
    sample_fan(stream, index, instance);
    instance->problem.rate_count = 2;
    instance->problem.rates[0] = 1;
    instance->problem.rates[1] = 2;
    return true;
}

/* y = e^(2s) solves y' = -(beta U/2) y^2 + 2 alpha y + beta V/2, y(0) = 1, with U = |a + b|^2 and
 * V = |a - b|^2 at the start; P = (U y - V/y)/4. */
static double fan_offset(const struct trial *trial, double t, const double *x)
{
    static const double FOUR = 4;
    struct conclude_matrices start, now;
    double U = 0, V = 0, E, P;
    if (conclude_matrices_at(trial->instance, x, &now) != OK ||
        conclude_matrices_at(trial->instance, trial->instance->x0, &start) != OK)
        return NAN;
    for (size_t k = 0; k < start.shape.sizes[1]; k++) {
        const double sum = start.A[1][k] + start.A[2][k], gap = start.A[1][k] - start.A[2][k];
        U += sum * sum;
        V += gap * gap;
    }
    const double alpha = start.sigma_ti[0], beta = start.sigma_ii[0];
    const double kappa = sqrt(FOUR * alpha * alpha + beta * beta * U * V);
    const double high = (2 * alpha + kappa) / (beta * U), low = (2 * alpha - kappa) / (beta * U);
    const double ratio = (1 - high) / (1 - low) * exp(-kappa * t);
    const double y = (high - low * ratio) / (1 - ratio);
    conclude_network_error(&now, &E, &P);
    return fabs(P - (U * y - V / y) / FOUR);
}

static enum status conclude_fan(struct trial *trial, enum finding *finding)
{
    return conclude_network_along(trial, MODES_TIME, fan_offset, "P(t)", finding);
}

/* ---- limits, (M16), (M17) ---- */

/* P(0) at a third of the way from W that the theorem allows, made by full matrices. */
static bool sample_low_loss(struct stream *stream, size_t index, struct instance *instance)
{
    static const shape square[] = {{4, {2, 2, 2, 2}}, {3, {2, 2, 2}}, {5, {2, 2, 2, 2, 2}}};
    double W[ORDER * ORDER], U[ORDER * ORDER], V[ORDER * ORDER], s[ORDER];
    const size_t L = square[index % COUNT(square)].count - 1;
    *instance = sample_network(&rule_bp, &square[index % COUNT(square)]);
    sample_network_draw_target(stream, instance);
    memcpy(W, instance->problem.sigma_ti.near, sizeof W);
    for (size_t k = 0; k < ORDER; k++)
        W[k * ORDER + k] += copysign(1, W[k * ORDER + k]);
    sample_network_set_target(instance, W);
    if (matrix_singular_values(ORDER, ORDER, W, s, U, V) != OK)
        return false;
    for (size_t i = 0; i < L; i++) /* A_L = W + something small, the others I + nothing */
        for (size_t k = 0; k < ORDER * ORDER; k++)
            instance->x0[i * ORDER * ORDER + k] =
                i + 1 == L ? W[k] + s[ORDER - 1] / 3 * stream_between(stream, -1, 1)
                           : k % (ORDER + 1) == 0;
    return true;
}

/* One mode of the target is missing for good: a_2 and a_1 vanish on it. */
static bool sample_missing_mode(struct stream *stream, size_t index, struct instance *instance)
{
    double weight[DEEPEST][ORDER] = {{0}};
    (void)index;
    weight[0][0] = weight[1][0] = stream_between(stream, 0.3, 1);
    set_aligned(stream, 2, weight, instance);
    return true;
}

/* The same along the axes, where the missing mode stays zero in doubles, too. */
static bool sample_missing_axis(struct stream *stream, size_t index, struct instance *instance)
{
    const double W[] = {stream_between(stream, 0.5, 2), 0, 0, stream_between(stream, 0.5, 2)};
    (void)index;
    *instance = sample_network(&rule_bp, &(shape){3, {ORDER, ORDER, ORDER}});
    sample_network_set_target(instance, W);
    instance->x0[0] = instance->x0[ORDER * ORDER] = stream_between(stream, 0.3, 1);
    return true;
}

static bool sample_hidden(struct stream *stream, size_t index, struct instance *instance)
{
    static const shape hidden[] = {
        {3, {2, 2, 2}}, {3, {3, 2, 2}}, {3, {2, 4, 2}}, {3, {3, 2, 3}}, {3, {3, 1, 2}}};
    *instance = sample_network(&rule_bp, &hidden[index % COUNT(hidden)]);
    sample_network_draw_data(stream, instance);
    sample_network_draw_start(stream, 1, instance);
    return true;
}

static bool sample_ascent(struct stream *stream, size_t index, struct instance *instance)
{
    sample_any(stream, index, instance);
    for (size_t i = 0; i < instance->problem.rate_count; i++)
        instance->problem.rates[i] *= -1;
    return true;
}

/* A start that is nowhere near: the low loss is dropped. */
static bool sample_high_loss(struct stream *stream, size_t index, struct instance *instance)
{
    return sample_missing_mode(stream, index, instance);
}

static enum status conclude_target(struct trial *trial, enum finding *finding)
{
    struct conclude_matrices m;
    TRY(conclude_matrices_at(trial->instance, trial->instance->x0, &m));
    return conclude_network_reaches(trial, m.W, finding);
}

/* It ends at a saddle. */
static enum status conclude_saddle(struct trial *trial, enum finding *finding)
{
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    trial->deviation = trial->outcome->residual;
    if (trial->outcome->ending != ENDING_SADDLE)
        return conclude_fails(trial, finding, "ends %s", ending_name(trial->outcome->ending));
    return conclude_holds(finding);
}

/* ---- the records ---- */

static const struct theorem records[] = {
    {
        .id = "networks-bp-balanced",
        .source = "Saxe et al. (2013); " NOTES "(M4)",
        .hypotheses =
            "A[N_0,...,N_L] under bp, all sizes, rates eta_i, no decay; any data, any start; i < L",
        .statement = "eta_i A_(i+1)'A_(i+1) - eta_(i+1) A_i A_i' is conserved",
        .label = "M4",
        .recorded = VERDICT_PROVED,
        .trials = 100,
        .bound = DRIFT_BOUND,
        .sample = sample_any,
        .conclude = conclude_balanced,
        .control = {.what = "random feedback", .sample = sample_random_feedback},
        .proof = &proof_conserved_balance,
    },
    {
        .id = "networks-bp-loss",
        .source = NOTES "(M8)",
        .hypotheses =
            "A[N_0,...,N_L] under bp, all sizes, positive rates, no decay; any data, any start",
        .statement = "the loss never rises",
        .label = "M8",
        .recorded = VERDICT_SUPPORTED,
        .trials = 40,
        .bound = 1e-8, /* a hundred local errors of the referee */
        .sample = sample_any,
        .conclude = conclude_loss_never_rises,
        .control = {.what = "fixed feedback that opposes the forward weights",
                    .sample = sample_opposed_feedback},
    },
    {
        .id = "networks-bp-modes",
        .source = "Saxe et al. (2013)",
        .hypotheses =
            "A[n,n,n] under bp, Sigma_II = I, W = U s V' (singular values); an aligned balanced "
            "start, A_1 = a V', A_2 = U a, a diagonal, u_0 = a^2; tried: n = 2, 0.05 <= a <= 0.3",
        .statement = "each mode is u(t) = s e^(2st)/(e^(2st) - 1 + s/u_0)",
        .label = "M15",
        .recorded = VERDICT_SUPPORTED,
        .trials = 60,
        .bound = TIME_BOUND,
        .sample = sample_balanced_modes,
        .conclude = conclude_saxe,
        .control = {.what = "unbalanced starts", .sample = sample_unbalanced_modes},
    },
    {
        .id = "networks-bp-unbalanced-modes",
        .source = NOTES "(M15)",
        .hypotheses =
            "A[n,n,n] under bp, Sigma_II = I, W = U s V' (singular values); an aligned start, A_1 "
            "= a V', A_2 = U b, a and b diagonal and positive, c = a^2 - b^2; tried: n = 2",
        .statement = "t = [ln((Q q(u) + c^2 + 4 s u)/(s - u))]/Q from u_0 to u, q(u) = sqrt(c^2 + "
                     "4u^2), Q = q(s)",
        .label = "M15",
        .recorded = VERDICT_SUPPORTED,
        .trials = 60,
        .bound = TIME_BOUND,
        .sample = sample_unbalanced_modes,
        .conclude = conclude_unbalanced,
        .control = {.what = "starts in any directions", .sample = sample_any_directions},
    },
    {
        .id = "networks-bp-deep-modes",
        .source = "Saxe et al. (2013); " NOTES "(M15)",
        .hypotheses = "A[n,...,n] under bp, Sigma_II = I, W = U s V' (singular values); an aligned "
                      "balanced start, A_1 = a V', A_L = U a, the others a, a diagonal and "
                      "positive; tried: n = 2, L = 3, 4",
        .statement = "u' = L u^(2 - 2/L) (s - u)",
        .label = "M15",
        .recorded = VERDICT_SUPPORTED,
        .trials = 40,
        .bound = TIME_BOUND,
        .sample = sample_deep_modes,
        .conclude = conclude_deep_modes,
        .control = {.what = "unbalanced starts", .sample = sample_deep_unbalanced},
    },
    {
        .id = "networks-bp-riccati",
        .source = NOTES "(M15)",
        .hypotheses = "A[n,n,n] under bp, Sigma_II = I; a balanced start in any directions, "
                      "A_2'A_2 = A_1 A_1'; Q = (A_1'; A_2), F = (0 W'; W 0); tried: n = 2",
        .statement = "Q Q' = e^(Ft) Q_0 (I + Q_0' int_0^t e^(2Fs) ds Q_0)^-1 Q_0' e^(Ft)",
        .label = "M15",
        .recorded = VERDICT_SUPPORTED,
        .trials = 60,
        .bound = TIME_BOUND,
        .sample = sample_balanced,
        .conclude = conclude_riccati,
        .control = {.what = "unbalanced starts", .sample = sample_any_directions},
    },
    {
        .id = "networks-bp-fan-riccati",
        .source = "Baldi, Sadowski, Lu (2018), Eqs. 51-53, for A[1,N,1]; " NOTES "(M15)",
        .hypotheses = "A[1,N,1] under bp, beta > 0, equal rates; any start, U = |a + b|^2, V = |a "
                      "- b|^2 there; tried: N = 1, ..., 4",
        .statement = "P = (U y - V/y)/4 with y' = -(beta U/2) y^2 + 2 alpha y + beta V/2, y(0) = 1",
        .label = "M15",
        .recorded = VERDICT_SUPPORTED,
        .trials = 60,
        .bound = TIME_BOUND,
        .sample = sample_fan,
        .conclude = conclude_fan,
        .control = {.what = "unequal rates", .sample = sample_unequal_fan},
    },
    {
        .id = "networks-bp-converges",
        .source = NOTES "(M16)",
        .hypotheses = "A[N_0,...,N_L] under bp, all sizes, Sigma_II > 0, positive rates; any start",
        .statement = "every start converges to a critical point",
        .label = "M16",
        .recorded = VERDICT_SUPPORTED,
        .trials = 40,
        .bound = LIMIT_BOUND,
        .sample = sample_any,
        .conclude = conclude_converges,
        .control = {.what = "gradient ascent", .sample = sample_ascent},
    },
    {
        .id = "networks-bp-low-loss",
        .source = NOTES "(M16)",
        .hypotheses =
            "A[N_0,...,N_L] under bp, Sigma_II > 0, no layer narrower than the target; a start "
            "with "
            "an excess loss < sigma_min(W Sigma_II^(1/2))^2/2; tried: 2 x 2, Sigma_II = I",
        .statement = "P -> W",
        .label = "M16",
        .recorded = VERDICT_SUPPORTED,
        .trials = 40,
        .bound = LIMIT_BOUND,
        .sample = sample_low_loss,
        .conclude = conclude_target,
        .control = {.what = "a start without one of the modes", .sample = sample_high_loss},
    },
    {
        .id = "networks-bp-hidden",
        .source = "after Baldi and Hornik (1989); " NOTES "(M17)",
        .hypotheses = "A[N0,N1,N2] under bp, Sigma_II > 0; almost any start",
        .statement = "almost every start converges to a global minimum",
        .label = "M17",
        .recorded = VERDICT_SUPPORTED,
        .trials = 60,
        .bound = LIMIT_BOUND,
        .sample = sample_hidden,
        .conclude = conclude_network_optimum,
        .control = {.what = "starts without one of the modes", .sample = sample_missing_mode},
    },
    {
        .id = "networks-bp-saddles",
        .source = NOTES "(M17)",
        .hypotheses = "A[n,n,n] under bp, Sigma_II = I; an aligned start without one of the "
                      "target's modes; tried: n = 2, along the axes",
        .statement = "it ends at a saddle",
        .label = "M17",
        .recorded = VERDICT_SUPPORTED,
        .trials = 30,
        .bound = LIMIT_BOUND,
        .sample = sample_missing_axis,
        .conclude = conclude_saddle,
        .control = {.what = "all modes present", .sample = sample_balanced_modes},
    },
};

const struct chapter chapter_deep_backprop = {
    .title = "Gradient descent on networks, the comparison",
    .theorem = records,
    .theorems = COUNT(records),
};
