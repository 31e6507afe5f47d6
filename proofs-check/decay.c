/* Weight decay: a_i' = c_i A_{i-1} e - lambda a_i, A_i = a_1 ... a_i, e = alpha - beta A_L.
 *
 * With two layers every solution converges to the only fixed point, which decay forces to be
 * aligned, sign a2 = sign c1 (notes/chains.md, (D1)).  For any depth there is exactly one fixed
 * point, a_i = c_i epsilon A_{i-1},     lambda epsilon = alpha - beta kappa epsilon^(2^L - 1), and
 * its spectrum depends only on L, lambda and theta = beta P/e (D2).  That it attracts everything is
 * a conjecture for 3 <= L <= 9 and false for L >= 10, where cycles exist.
 *
 * Chains are drawn in two ways: by their weights, and by their equilibrium and theta, so that all
 * values of the one parameter of the spectrum are seen.  The equilibrium is computed here from the
 * equation for epsilon in logarithms: kappa has the exponent 2^(L-1), and over- or underflows for L
 * = 9. */
#include "proofs-check/conclude.h"
#include "proofs-check/sample.h"

#include "linear/registry.h"

#include <complex.h>
#include <float.h>
#include <math.h>
#include <string.h>

static const double START_SPREAD = 2;                      /* standard deviation of starts */
static const double LEAST_DECAY = 0.05, MOST_DECAY = 10;   /* lambda is log-uniform */
static const double LEAST_THETA = 1e-3, MOST_THETA = 10;   /* theta is log-uniform */
static const double LEAST_WEIGHT = 0.5, MOST_WEIGHT = 1.5; /* modulus of drawn weights */
static const double PI = 3.14159265358979323846;

#define COUNT(array) (sizeof(array) / sizeof *(array))

static double draw_log(struct stream *stream, double low, double high)
{
    return exp(stream_between(stream, log(low), log(high)));
}

static double draw_weight(struct stream *stream)
{
    const double modulus = draw_log(stream, LEAST_WEIGHT, MOST_WEIGHT);
    return stream_below(stream, 2) ? modulus : -modulus;
}

/* ---- two layers ---- */

struct pair {
    double c[2], alpha, beta, lambda, x0[2];
};

static struct instance pair_instance(const struct pair *pair)
{
    struct instance instance = sample_chain(&rule_srbp, COUNT(pair->c), pair->c, pair->x0);
    instance.problem.alpha = pair->alpha;
    instance.problem.beta = pair->beta;
    instance.problem.lambda = pair->lambda;
    return instance;
}

/* A node, its reflection, a start on the equilibrium, a focus, a misaligned start, no signal. */
static const struct pair pair_corners[] = {
    {.c = {1, 1}, .alpha = 1, .beta = 1, .lambda = 0.125, .x0 = {0.5, 0.25}},
    {.c = {-1, 1}, .alpha = 1, .beta = 1, .lambda = 0.125, .x0 = {0.5, 0.25}},
    {.c = {1, 1}, .alpha = 2, .beta = 1, .lambda = 1, .x0 = {1, 1}},
    {.c = {1, 1}, .alpha = 1, .beta = 1, .lambda = 2, .x0 = {-2, 1}},
    {.c = {1, 1}, .alpha = 1, .beta = 1, .lambda = 0.125, .x0 = {-1.5, -3}},
    {.c = {1, 1}, .alpha = 0, .beta = 1, .lambda = 0.5, .x0 = {1, -2}},
};

static struct instance draw_pair(struct stream *stream)
{
    const struct pair pair = {
        .c = {sample_nonzero(stream), sample_positive(stream)},
        .alpha = sample_nonzero(stream),
        .beta = sample_positive(stream),
        .lambda = draw_log(stream, LEAST_DECAY, MOST_DECAY),
        .x0 = {START_SPREAD * stream_normal(stream), START_SPREAD * stream_normal(stream)}};
    struct instance instance = pair_instance(&pair);
    if (stream_below(stream, 2)) { /* layer by layer: one feedback weight */
        instance.problem.rule = &rule_rbp;
        instance.problem.c_count = 1;
    }
    return instance;
}

static bool sample_pair(struct stream *stream, size_t index, struct instance *instance)
{
    *instance =
        index < COUNT(pair_corners) ? pair_instance(&pair_corners[index]) : draw_pair(stream);
    return true;
}

/* Starts on the wrong side: c1 a2 < 0. */
static bool sample_misaligned(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = draw_pair(stream);
    instance->x0[1] = -copysign(instance->x0[1], instance->problem.c[0]);
    return true;
}

static bool sample_without_decay(struct stream *stream, size_t index, struct instance *instance)
{
    sample_misaligned(stream, index, instance);
    instance->problem.lambda = 0;
    return true;
}

static enum status conclude_aligned(struct trial *trial, enum finding *finding)
{
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    const double c1 = trial->instance->problem.c[0], a2 = trial->outcome->limit[1];
    trial->deviation = 0;
    if (!(c1 * a2 > 0))
        return conclude_fails(trial, finding, "at the limit c1 = %.6g, a2 = %.10g", c1, a2);
    return conclude_holds(finding);
}

/* ---- the rate of approach with two layers ---- */

/* |w (x - x*)| along the tail, w the left eigenvector: exactly exponential, for a focus too. */
struct tail {
    double equilibrium[2], w_norm;
    double complex w[2];
    double first_t, first_log, last_t, last_log;
    bool begun;
};
static const double TAIL_FAR = 1e-4, TAIL_NEAR = 1e-9; /* distances between which it is measured */
static const double TAIL_SHARE = 0.01; /* of the distance in the slow direction: else wait */
static const double TAIL_FALL = 3;     /* least fall */
static const double TIGHT = 1e-12;     /* rtol, so that integration errors are 1e-3 of TAIL_NEAR */

static void visit_tail(void *context, double t, const double *x)
{
    struct tail *tail = context;
    const double dx = x[0] - tail->equilibrium[0], dy = x[1] - tail->equilibrium[1];
    const double distance = hypot(dx, dy);
    const double along = cabs(tail->w[0] * dx + tail->w[1] * dy) / tail->w_norm;
    if (!(distance < TAIL_FAR && distance > TAIL_NEAR && along > TAIL_SHARE * distance))
        return;
    if (!tail->begun) {
        tail->begun = true;
        tail->first_t = t;
        tail->first_log = log(along);
    }
    tail->last_t = t;
    tail->last_log = log(along);
}

/* w J = mu w with mu = rate + i frequency: w = (J21, mu - J11). */
static enum status begin_tail(struct trial *trial, struct tail *tail)
{
    double J[4];
    const struct prediction *prediction;
    TRY(trial_prediction(trial, &prediction));
    TRY(trial->flow->jacobian(trial->flow, trial->limit, J));
    const double half_trace = (J[0] + J[3]) / 2, determinant = J[0] * J[3] - J[1] * J[2];
    const double frequency = sqrt(fmax(0, determinant - half_trace * half_trace));
    *tail = (struct tail){.w = {J[2], prediction->rate - J[0] + I * frequency}};
    memcpy(tail->equilibrium, trial->limit, sizeof tail->equilibrium);
    tail->w_norm = hypot(cabs(tail->w[0]), cabs(tail->w[1]));
    trial->plan.visit = visit_tail;
    trial->plan.context = tail;
    trial->plan.rtol = TIGHT;
    trial->plan.atol = TIGHT * TIGHT;
    return OK;
}

static enum status compare_rate(struct trial *trial, double expected, enum finding *finding)
{
    struct tail tail = {.begun = false};
    TRY(begin_tail(trial, &tail));
    TRY(conclude_predicted_ending(trial, finding));
    if (*finding != FINDING_HOLDS)
        return OK;
    if (!(tail.first_log - tail.last_log > log(TAIL_FALL)))
        return conclude_undecided(trial, finding, "the tail is too short to measure a rate");
    return conclude_ratio(trial, "rate along the trajectory",
                          (tail.last_log - tail.first_log) / (tail.last_t - tail.first_t), expected,
                          finding);
}

static enum status conclude_slow_rate(struct trial *trial, enum finding *finding)
{
    const struct prediction *prediction;
    TRY(trial_prediction(trial, &prediction));
    return compare_rate(trial, prediction->rate, finding);
}

/* False: the weights approach their limit like exp(-lambda t). */
static enum status conclude_bare_rate(struct trial *trial, enum finding *finding)
{
    return compare_rate(trial, -trial->instance->problem.lambda, finding);
}

/* ---- any depth ---- */

/* log |epsilon|: the root of lambda e^u + beta kappa e^(n u) = |alpha|, increasing in u, by
 * bisection. */
static double log_epsilon(const struct problem *p, const double *c)
{
    enum { BISECTIONS = 200 };
    const size_t L = p->depth;
    const double n = ldexp(1, (int)L) - 1, half = fabs(p->alpha) / 2;
    double log_kappa = 0;
    for (size_t i = 0; i < L; i++)
        log_kappa += ldexp(log(fabs(c[i])), (int)(L - 1 - i));
    double low = fmin(log(half / p->lambda), (log(half / p->beta) - log_kappa) / n);
    double high = log(2 * half / p->lambda);
    for (int i = 0; i < BISECTIONS; i++) {
        const double u = low + (high - low) / 2;
        const bool above = p->lambda * exp(u) + p->beta * exp(log_kappa + n * u) > 2 * half;
        low = above ? low : u;
        high = above ? u : high;
    }
    return low;
}

/* The only fixed point, (D2): a[depth]; returns theta = beta P/e. */
static double equilibrium(const struct trial *trial, double *a)
{
    const struct problem *p = &trial->instance->problem;
    const double *c = chain_direct_weights(trial->flow);
    const double epsilon = copysign(exp(log_epsilon(p, c)), p->alpha);
    double A = 1;
    for (size_t i = 0; i < p->depth; i++) {
        a[i] = c[i] * epsilon * A;
        A *= a[i];
    }
    return p->beta * A / (p->lambda * epsilon);
}

static struct instance draw_by_weights(struct stream *stream, size_t L)
{
    double c[INSTANCE_DIM_MAX] = {0}, x0[INSTANCE_DIM_MAX];
    for (size_t i = 0; i < L; i++) {
        c[i] = draw_weight(stream);
        x0[i] = stream_normal(stream);
    }
    c[L - 1] = fabs(c[L - 1]);
    struct instance instance = sample_chain(&rule_srbp, L, c, x0);
    instance.problem.alpha = sample_nonzero(stream);
    instance.problem.beta = sample_positive(stream);
    instance.problem.lambda = draw_log(stream, LEAST_DECAY, MOST_DECAY);
    return instance;
}

/* e = beta P/theta and c_i = lambda a_i / (e A_{i-1}) make a[L] the equilibrium; c_L > 0. */
static struct instance draw_by_equilibrium(struct stream *stream, size_t L, double spread)
{
    double a[INSTANCE_DIM_MAX], c[INSTANCE_DIM_MAX], P = 1, A = 1;
    const double theta = draw_log(stream, LEAST_THETA, MOST_THETA);
    const double lambda = draw_log(stream, LEAST_DECAY, MOST_DECAY);
    const double beta = sample_positive(stream);
    for (size_t i = 0; i < L; i++) {
        a[i] = draw_weight(stream);
        P *= a[i];
    }
    for (size_t i = 0; i < L; A *= a[i], i++)
        c[i] = lambda * a[i] / (beta * P / theta * A);
    for (size_t i = 0; i < L; i++)
        a[i] += spread * stream_normal(stream);
    struct instance instance = sample_chain(&rule_srbp, L, c, a);
    instance.problem.alpha = beta * P / theta + beta * P;
    instance.problem.beta = beta;
    instance.problem.lambda = lambda;
    return instance;
}

static bool sample_long_chain(struct stream *stream, size_t index, struct instance *instance)
{
    enum { DEPTHS = 7 }; /* 3, ..., 9 */
    const size_t L = 3 + index % DEPTHS;
    *instance = stream_below(stream, 2) ? draw_by_weights(stream, L)
                                        : draw_by_equilibrium(stream, L, START_SPREAD / 2);
    return true;
}

static enum status conclude_equilibrium(struct trial *trial, enum finding *finding)
{
    bool rests;
    double a[INSTANCE_DIM_MAX];
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    equilibrium(trial, a);
    trial->deviation = 0;
    for (size_t i = 0; i < trial->flow->dim; i++)
        trial->deviation =
            fmax(trial->deviation, fabs(trial->outcome->limit[i] - a[i]) / fmax(1, fabs(a[i])));
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "rests %.3g away from the equilibrium",
                              trial->deviation);
    return conclude_holds(finding);
}

/* ---- the spectrum at the equilibrium ---- */

static bool sample_near_equilibrium(struct stream *stream, size_t index, struct instance *instance)
{
    enum { DEPTHS = 11 }; /* 2, ..., 12 */
    static const double NEAR = 0.01;
    *instance = draw_by_equilibrium(stream, 2 + index % DEPTHS, NEAR);
    return true;
}

/* max Re (z - 1) over omega^L = 1 - 1/theta, z = 1/(omega - 1). */
static double spectral_abscissa(size_t L, double theta)
{
    const double power = 1 - 1 / theta;
    const double modulus = pow(fabs(power), 1 / (double)L);
    double most = -INFINITY;
    for (size_t k = 0; k < L; k++) {
        const double phase = ((power < 0 ? PI : 0) + 2 * PI * (double)k) / (double)L;
        const double complex omega = modulus * (cos(phase) + I * sin(phase));
        most = fmax(most, creal(1 / (omega - 1)) - 1);
    }
    return most;
}

static enum status compare_spectrum(struct trial *trial, double expected, enum finding *finding)
{
    const struct outcome *outcome;
    TRY(trial_outcome(trial, &outcome));
    if (outcome->ending == ENDING_CYCLING && expected > 0) {
        trial->deviation = 0;
        return conclude_holds(finding);
    }
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    return rests ? conclude_close(trial, "largest real part", outcome->transverse_rate, expected,
                                  finding)
                 : OK;
}

static enum status conclude_spectrum(struct trial *trial, enum finding *finding)
{
    double a[INSTANCE_DIM_MAX];
    const double theta = equilibrium(trial, a);
    const double lambda = trial->instance->problem.lambda;
    return compare_spectrum(trial, lambda * spectral_abscissa(trial->flow->dim, theta), finding);
}

/* False: every direction relaxes like exp(-lambda t). */
static enum status conclude_bare_spectrum(struct trial *trial, enum finding *finding)
{
    return compare_spectrum(trial, -trial->instance->problem.lambda, finding);
}

/* ---- ten layers ---- */

/* c = 1, beta = 1, lambda = 30, alpha = 31: the equilibrium is (1, ..., 1), theta = 1/30. */
static struct instance deep_chain(size_t L, size_t layer, double start)
{
    static const double DECAY = 30;
    double x0[INSTANCE_DIM_MAX];
    for (size_t i = 0; i < L; i++)
        x0[i] = i == layer ? start : 1;
    struct instance instance = sample_chain(&rule_srbp, L, NULL, x0);
    instance.problem.alpha = DECAY + 1;
    instance.problem.lambda = DECAY;
    return instance;
}

/* Three starts, all witnesses. */
static const struct {
    size_t layer;
    double start;
} deep_starts[] = {
    {.layer = 2, .start = 1.2},
    {.layer = 0, .start = 0.5},
    {.layer = 0, .start = 1.001},
};

static bool sample_ten_layers(struct stream *stream, size_t index, struct instance *instance)
{
    enum { L = 10 };
    (void)stream;
    if (index >= COUNT(deep_starts))
        return false;
    *instance = deep_chain(L, deep_starts[index].layer, deep_starts[index].start);
    return true;
}

static bool sample_nine_layers(struct stream *stream, size_t index, struct instance *instance)
{
    enum { L = 9 };
    (void)stream;
    if (index >= COUNT(deep_starts))
        return false;
    *instance = deep_chain(L, deep_starts[index].layer, deep_starts[index].start);
    return true;
}

static enum status conclude_cycle(struct trial *trial, enum finding *finding)
{
    static const double PERIOD = 0.16976; /* two integrators, five digits; notes/chains.md, (D2) */
    const struct outcome *outcome;
    TRY(trial_outcome(trial, &outcome));
    if (outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED)
        return conclude_undecided(trial, finding, "%s: %s", ending_name(outcome->ending),
                                  outcome->reason);
    if (outcome->ending != ENDING_CYCLING)
        return conclude_fails(trial, finding, "ends %s", ending_name(outcome->ending));
    return conclude_close(trial, "period", outcome->period, PERIOD, finding);
}

/* ---- the records ---- */

#define NOTES "notes/chains.md, "

static const struct theorem records[] = {
    {
        .id = "decay-unique-equilibrium",
        .source = NOTES "(D1); for the system of Baldi, Sadowski, Lu (2018), Eq. 23, with decay",
        .hypotheses = "A[1,1,1] with decay, a1' = c1 e - lambda a1, a2' = c2 a1 e - lambda a2, "
                      "beta > 0, lambda > 0, c2 > 0, c1 != 0; any start",
        .statement = "Every solution converges to the only fixed point, beta c2 a1^3 + lambda a1 = "
                     "c1 alpha, a2 = c2 a1^2 / c1.",
        .label = "D1",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1200,
        .corners = COUNT(pair_corners),
        .bound = 1e-9, /* rounding of f over lambda >= 0.05, times the size of the terms */
        .sample = sample_pair,
        .conclude = conclude_predicted_limit,
        .control = {.what = "false conclusion: the limit is a global minimum",
                    .sample = sample_pair,
                    .conclude = conclude_global_minimum},
    },
    {
        .id = "decay-alignment",
        .source = NOTES "(D1)",
        .hypotheses = "A[1,1,1] with decay, under rbp or srbp, beta > 0, lambda > 0, c2 > 0, c1 != "
                      "0, alpha != 0; any start; tried: c1 a2 < 0",
        .statement = "Decay forces alignment: at the limit sign a2 = sign c1, whatever the start.",
        .label = "D1",
        .recorded = VERDICT_SUPPORTED,
        .trials = 300,
        .corners = 0,
        .bound = 0, /* not used: a question of sign */
        .sample = sample_misaligned,
        .conclude = conclude_aligned,
        .control = {.what = "lambda = 0", .sample = sample_without_decay},
    },
    {
        .id = "decay-rate",
        .source = NOTES "(D1)",
        .hypotheses = "A[1,1,1] with decay, under rbp or srbp, beta > 0, lambda > 0, c2 > 0, c1 != "
                      "0, alpha != 0; a start off null sets; tried: c1 a2 < 0",
        .statement = "The approach to the equilibrium is exponential, with the largest real part "
                     "of the roots of mu^2 + 2 (lambda + beta q) mu + lambda^2 + 3 lambda beta q = "
                     "0, q = c2 a1^2; a focus if 0 < beta q < lambda.",
        .label = "D1",
        .recorded = VERDICT_SUPPORTED,
        .trials = 300,
        .corners = 0,
        .bound = 1e-2, /* quadratic terms at TAIL_FAR, relative to lambda >= LEAST_DECAY */
        .sample = sample_misaligned,
        .conclude = conclude_slow_rate,
        .control = {.what = "false conclusion: the rate -lambda",
                    .sample = sample_misaligned,
                    .conclude = conclude_bare_rate},
    },
    {
        .id = "decay-long-chain",
        .source = NOTES "(D2), conjecture",
        .hypotheses = "A[1,...,1] with decay, under srbp, 3 <= L <= 9, alpha != 0, beta > 0, "
                      "lambda > 0, c_L > 0, all c_i != 0; any start",
        .statement = "Conjecture: every solution converges to the only fixed point, a_i = c_i "
                     "epsilon A_(i-1), lambda epsilon = e.",
        .label = "D2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 490,
        .corners = 0,
        .bound = 1e-9, /* rounding of epsilon, amplified 2^(L-1) times in a_L */
        .sample = sample_long_chain,
        .conclude = conclude_equilibrium,
        .control = {.what = "false conclusion: the limit is a global minimum",
                    .sample = sample_long_chain,
                    .conclude = conclude_global_minimum},
    },
    {
        .id = "decay-spectrum",
        .source = NOTES "(D2)",
        .hypotheses = "A[1,...,1] with decay, under srbp, alpha != 0, beta > 0, lambda > 0, c_L > "
                      "0, all c_i != 0; starts near the equilibrium; tried: L = 2, ..., 12",
        .statement = "The spectrum there is lambda (z - 1), (1 + 1/z)^L = 1 - 1/theta, theta = "
                     "beta P/e: solutions that start nearby settle there if all real parts are "
                     "negative, as they are for L <= 9, and cycle if one is positive.",
        .label = "D2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 330,
        .corners = 0,
        .bound =
            1e-9, /* roundings times the condition of a spectrum of up to twelve, measured 1e-11 */
        .sample = sample_near_equilibrium,
        .conclude = conclude_spectrum,
        .control = {.what = "false conclusion: the largest real part is -lambda",
                    .sample = sample_near_equilibrium,
                    .conclude = conclude_bare_spectrum},
    },
    {
        .id = "decay-any-depth",
        .source = NOTES "(D2), the conjecture without its bound on L",
        .hypotheses = "A[1,...,1] with decay, under srbp, alpha != 0, beta > 0, lambda > 0, c_L > "
                      "0, all c_i != 0; every depth, any start; tried: L = 10",
        .statement = "Every solution converges to the only fixed point.",
        .label = "D2",
        .recorded = VERDICT_REFUTED, /* L = 10, theta = 1/30 */
        .trials = COUNT(deep_starts),
        .corners = COUNT(deep_starts),
        .bound = 1e-9, /* as in decay-long-chain */
        .sample = sample_ten_layers,
        .conclude = conclude_equilibrium,
        .control = {.what = "false conclusion: nine layers cycle too",
                    .sample = sample_nine_layers,
                    .conclude = conclude_cycle},
    },
    {
        .id = "decay-deep-cycle",
        .source = NOTES "(D2)",
        .hypotheses = "A[1,...,1] with decay, under srbp, L = 10, c = 1, beta = 1, lambda = 30, "
                      "alpha = 31; a start near the unstable equilibrium (1, ..., 1)",
        .statement = "Solutions from there end on a cycle of period 0.16976.",
        .label = "D2",
        .recorded = VERDICT_SUPPORTED,
        .trials = COUNT(deep_starts),
        .corners = COUNT(deep_starts),
        .bound = 5e-6, /* half of the last digit on record */
        .sample = sample_ten_layers,
        .conclude = conclude_cycle,
        .control = {.what = "nine layers", .sample = sample_nine_layers},
    },
};

const struct chapter chapter_decay = {
    .title = "Weight decay",
    .theorem = records,
    .theorems = COUNT(records),
};
