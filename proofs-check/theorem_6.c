/* Theorem 6: the autoencoder with one hidden unit, A[N,1,N], and A[N0,1,N2].
 *
 *   A' = C E, B' = E A',  E = Sigma_TI - B A Sigma_II,   K = C B - |A|^2/2,   G = C W.
 *
 * Published, for white inputs: the weights converge, A -> beta C with beta the positive root of a
 * cubic, P -> C'C/|C|^2.  True for P; for A up to an exceptional set of starts on the line of C,
 * where beta is negative (notes/autoencoder.md, (U2)).  The remark that the same holds for diagonal
 * Sigma_II is true of A only: P -> W Sigma G'G/(G Sigma G'), (U3), which is not PCA unless C lies
 * in the top eigenspace. */
#include "proofs-check/hidden_case.h"
#include "proofs-check/sample.h"

#include "linear/matrix.h"
#include "linear/registry.h"

#include <math.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const double LIMIT_BOUND =
    1e-9; /* of limits whose root is known to 1e-10, conditions of 10 */
static const double DRIFT_BOUND = 1e-7; /* local errors of 1e-10 over a few hundred steps */
/* Where the rate is read, the second mode is a per cent of the first at most. */
static const double RATE_BOUND = 5e-3;
/* On a continuum of limits the errors of the way stay: 1e-10 per step, and a condition. */
static const double CONTINUUM_BOUND = 1e-7;
static const double EXPONENT_BOUND = 5e-3; /* the law holds to O(1/t) */
static const double GAP = 1e-6;            /* loss over PCA that is seen: far above rounding */

/* ---- instances ---- */

static const double C_OF_1[] = {1, -2, .5}, START_OF_1[] = {.3, .1, -.4, .2, -.1, .6};

static struct instance case_1(const double *sigma)
{
    struct instance instance = hidden_case_of(&system_autoencoder, 3, 1, 3);
    hidden_case_set_feedback(C_OF_1, &instance);
    hidden_case_set_start(START_OF_1, &instance);
    if (sigma)
        hidden_case_set_inputs(sigma, &instance);
    return instance;
}

/* On the line of C, K = -3 < -3/2, x0 = -2: A -> -2.26... C. */
static struct instance on_the_line(void)
{
    struct instance instance = hidden_case_of(&system_autoencoder, 2, 1, 2);
    hidden_case_set_feedback((double[]){1, 0}, &instance);
    hidden_case_set_start((double[]){-2, 0, -1, .7}, &instance);
    return instance;
}

static struct instance draw_white(struct stream *stream)
{
    const size_t N = 2 + stream_below(stream, 4);
    struct instance instance = hidden_case_of(&system_autoencoder, N, 1, N);
    hidden_case_draw_feedback(stream, &instance);
    hidden_case_draw_start(stream, 1 + (double)stream_below(stream, 2), &instance);
    return instance;
}

static bool sample_white(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = index == 0 ? case_1(NULL) : draw_white(stream);
    return true;
}

static bool sample_all_white(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = index == 0 ? on_the_line() : draw_white(stream);
    return true;
}

static const double DIAGONAL[] = {3, 0, 0, 0, 2, 0, 0, 0, 1};
static const double COUPLED[] = {2, .5, .3, .5, 1.5, -.2, .3, -.2, 1};

static bool sample_diagonal(struct stream *stream, size_t index, struct instance *instance)
{
    if (index == 0) {
        *instance = case_1(DIAGONAL);
        return true;
    }
    *instance = draw_white(stream);
    const size_t n = instance->problem.sizes[0];
    double sigma[INSTANCE_DIM_MAX] = {0};
    for (size_t i = 0; i < n; i++)
        sigma[i * n + i] = stream_between(stream, 0.5, 3);
    hidden_case_set_inputs(sigma, instance);
    return true;
}

/* Largest entry of C Sigma_TI = G Sigma: what drives A. */
static double drive(const struct instance *instance)
{
    const struct problem *p = &instance->problem;
    const double *ti = problem_entries(&p->sigma_ti);
    const size_t inputs = p->sizes[0], outputs = p->sizes[2];
    double most = 0;
    for (size_t j = 0; j < inputs; j++) {
        double sum = 0;
        for (size_t o = 0; o < outputs; o++)
            sum += p->c[o] * ti[o * inputs + j];
        most = fmax(most, fabs(sum));
    }
    return most;
}

/* Any sizes, inputs and targets, but for those that hardly drive A: |A| grows like 1/|G|. */
static bool sample_any(struct stream *stream, size_t index, struct instance *instance)
{
    if (index < 2) {
        *instance = case_1(index == 0 ? DIAGONAL : COUPLED);
        return true;
    }
    *instance = hidden_case_of(&system_autoencoder, 1 + stream_below(stream, 4), 1,
                               2 + stream_below(stream, 4));
    hidden_case_draw_inputs(stream, instance);
    do {
        hidden_case_draw_targets(stream, instance);
        hidden_case_draw_feedback(stream, instance);
    } while (drive(instance) < sample_least);
    hidden_case_draw_start(stream, 1 + (double)stream_below(stream, 2), instance);
    return true;
}

/* ---- conclusions ---- */

/* A -> beta G with beta > 0 the root of |G|^2 x^3/2 + K x - 1. */
static enum status conclude_positive_root(struct trial *trial, enum finding *finding)
{
    const struct hidden_terms *t = hidden_case_terms(trial);
    bool rests = false;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    const double *A = trial->outcome->limit, *x0 = trial->instance->x0;
    double along = 0, c = 0, K = 0, off = 0;
    for (size_t j = 0; j < t->N0; j++) {
        along += A[j] * t->G[j];
        c += t->G[j] * t->G[j];
        K -= x0[j] * x0[j] / 2;
    }
    for (size_t o = 0; o < t->N2; o++)
        K += t->C[o] * x0[t->N0 + o];
    const double beta = along / c;
    for (size_t j = 0; j < t->N0; j++)
        off = fmax(off, fabs(A[j] - beta * t->G[j]));
    const double terms = c * fabs(beta * beta * beta) / 2 + fabs(K * beta) + 1;
    trial->deviation = fmax(off, fabs(c / 2 * beta * beta * beta + K * beta - 1) / terms);
    if (!(beta > 0 && trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "A -> %.10g C, off by %.3g", beta, trial->deviation);
    return conclude_holds(finding);
}

/* P -> C'C/|C|^2 */
static enum status conclude_projection(struct trial *trial, enum finding *finding)
{
    const struct hidden_terms *t = hidden_case_terms(trial);
    double map[INSTANCE_DIM_MAX], square = 0;
    for (size_t o = 0; o < t->N2; o++)
        square += t->C[o] * t->C[o];
    for (size_t o = 0; o < t->N2; o++)
        for (size_t j = 0; j < t->N0; j++)
            map[o * t->N0 + j] = t->C[o] * t->C[j] / square;
    return conclude_network_reaches(trial, map, finding);
}

/* P -> W Sigma G'G/(G Sigma G') */
static enum status conclude_oblique(struct trial *trial, enum finding *finding)
{
    const struct hidden_terms *t = hidden_case_terms(trial);
    const size_t n = t->N0;
    double driven[INSTANCE_DIM_MAX], map[INSTANCE_DIM_MAX], square = 0;
    matrix_multiply(n, n, 1, t->sigma, t->G, driven);
    for (size_t j = 0; j < n; j++)
        square += driven[j] * t->G[j];
    for (size_t o = 0; o < t->N2; o++) {
        double out = 0;
        for (size_t j = 0; j < n; j++)
            out += t->W[o * n + j] * driven[j];
        for (size_t j = 0; j < n; j++)
            map[o * n + j] = out * t->G[j] / square;
    }
    return conclude_network_reaches(trial, map, finding);
}

static enum status conclude_conserved(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    const struct hidden_terms *t = hidden_case_terms(trial);
    trial->plan.free_integrals = true;
    TRY(trial_outcome(trial, &outcome));
    double K[2] = {0};
    for (int end = 0; end < 2; end++) {
        const double *x = end ? outcome->last : trial->instance->x0;
        for (size_t j = 0; j < t->N0; j++)
            K[end] -= x[j] * x[j] / 2;
        for (size_t o = 0; o < t->N2; o++)
            K[end] += t->C[o] * x[t->N0 + o];
    }
    return conclude_close(trial, "C B - |A|^2/2", K[1], K[0], finding);
}

/* ---- PCA ---- */

/* C in the top eigenspace of Sigma_II, or in none. */
static bool sample_top(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = case_1(DIAGONAL);
    (void)index;
    hidden_case_set_feedback((double[]){stream_between(stream, 0.5, 2), 0, 0}, instance);
    hidden_case_draw_start(stream, 1, instance);
    return true;
}

static bool sample_second(struct stream *stream, size_t index, struct instance *instance)
{
    sample_top(stream, index, instance);
    hidden_case_set_feedback((double[]){0, stream_between(stream, 0.5, 2), 0}, instance);
    return true;
}

static bool sample_oblique(struct stream *stream, size_t index, struct instance *instance)
{
    sample_top(stream, index, instance);
    hidden_case_set_feedback((double[]){stream_between(stream, 0.5, 2),
                                        stream_between(stream, 0.5, 2),
                                        stream_between(stream, -2, 2)},
                             instance);
    return true;
}

static enum status conclude_above_pca(struct trial *trial, enum finding *finding)
{
    bool rests = false;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    trial->measured = trial->flow->loss(trial->flow, trial->outcome->limit);
    trial->deviation = 0;
    if (!(trial->measured > GAP))
        return conclude_fails(trial, finding, "the loss is that of PCA, to %.3g", trial->measured);
    return conclude_holds(finding);
}

/* ---- rates ---- */

/* With two slowest rates that can be told apart. */
static bool sample_gap(struct stream *stream, size_t index, struct instance *instance)
{
    enum { TRIES = 200 };
    for (int i = 0; i < TRIES; i++) {
        sample_any(stream, index, instance);
        if (hidden_case_has_gap(instance))
            return true;
        index = 2;
    }
    return false;
}

static enum status conclude_rate(struct trial *trial, enum finding *finding)
{
    const struct prediction *prediction;
    TRY(trial_prediction(trial, &prediction));
    return hidden_case_rate_is(trial, trial->limit, prediction->rate, finding);
}

/* False: B relaxes at beta^2 G Sigma G', and A with it. */
static enum status conclude_rate_of_B(struct trial *trial, enum finding *finding)
{
    const struct hidden_terms *t = hidden_case_terms(trial);
    const struct prediction *prediction;
    double driven[INSTANCE_DIM_MAX], rate = 0;
    TRY(trial_prediction(trial, &prediction));
    matrix_multiply(t->N0, t->N0, 1, t->sigma, trial->limit, driven);
    for (size_t j = 0; j < t->N0; j++)
        rate -= driven[j] * trial->limit[j];
    return hidden_case_rate_is(trial, trial->limit, rate, finding);
}

/* ---- C W = 0 ---- */

/* W = (0 0; 1 2), C = (c, 0): the feedback does not see what there is to learn. */
static struct instance undriven(double c, const double *x0)
{
    struct instance instance = hidden_case_of(&system_autoencoder, 2, 1, 2);
    hidden_case_set_targets((double[]){0, 0, 1, 2}, &instance);
    hidden_case_set_feedback((double[]){c, 0}, &instance);
    hidden_case_set_start(x0, &instance);
    return instance;
}

/* K > 0, K < 0, and C = 0 with any targets. */
static bool sample_undriven(struct stream *stream, size_t index, struct instance *instance)
{
    double x0[4];
    for (size_t i = 0; i < COUNT(x0); i++)
        x0[i] = sample_nonzero(stream);
    const double side = copysign(stream_between(stream, 0.3, 2), index % 2 ? 1 : -1);
    x0[2] = (x0[0] * x0[0] + x0[1] * x0[1]) / 2 + side; /* K = side */
    *instance = undriven(index % 5 == 0 ? 0 : 1, x0);
    if (index % 5 == 0)
        hidden_case_draw_targets(stream, instance);
    return true;
}

/* K = 0 exactly: numbers of few bits. */
static bool sample_critical(struct stream *stream, size_t index, struct instance *instance)
{
    static const double GRID = 0.25;
    double x0[4];
    (void)index;
    x0[0] = GRID * (double)(1 + stream_below(stream, 6));
    x0[1] = GRID * (double)(1 + stream_below(stream, 6));
    x0[2] = (x0[0] * x0[0] + x0[1] * x0[1]) / 2;
    x0[3] = GRID * (double)stream_below(stream, 6);
    *instance = undriven(1, x0);
    return true;
}

static bool sample_supercritical(struct stream *stream, size_t index, struct instance *instance)
{
    sample_critical(stream, index, instance);
    instance->x0[2] += 1;
    return true;
}

static enum status conclude_square_root(struct trial *trial, enum finding *finding)
{
    return hidden_case_growth_is(trial, 1.0 / 2, finding);
}

/* ---- controls ---- */

static bool sample_decaying(struct stream *stream, size_t index, struct instance *instance)
{
    sample_white(stream, index, instance);
    instance->problem.lambda = 0.1;
    return true;
}

static const struct theorem records[] = {
    {
        .id = "t6-invariant",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 6 (proof)",
        .hypotheses = "A[N0,1,N2] under rbp, equal rates, no decay; any data, C and start",
        .statement = "C B - |A|^2/2 is conserved",
        .label = "U1",
        .recorded = VERDICT_PROVED,
        .trials = 100,
        .corners = 2,
        .bound = DRIFT_BOUND,
        .sample = sample_any,
        .conclude = conclude_conserved,
        .control = {.what = "weight decay", .sample = sample_decaying},
        .proof = &proof_conserved_unit,
    },
    {
        .id = "t6-positive-root",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 6",
        .hypotheses = "A[N,1,N] under rbp, targets equal to the inputs, Sigma_II = I, C != 0; any "
                      "start, K = C B - |A|^2/2 there",
        .statement =
            "from every start A -> beta C with beta the positive root of |C|^2 x^3/2 + K x - 1",
        .label = "U2",
        .recorded = VERDICT_REFUTED,
        .trials = 200,
        .corners = 1,
        .bound = LIMIT_BOUND,
        .sample = sample_all_white,
        .conclude = conclude_positive_root,
        .control = {.what = "weight decay", .sample = sample_decaying},
    },
    {
        .id = "t6-limit",
        .source = "corrects Baldi, Sadowski, Lu (2018), Theorem 6; notes/autoencoder.md",
        .hypotheses = "A[N,1,N] under rbp, targets equal to the inputs, Sigma_II = I, C != 0; any "
                      "start, K = C B - |A|^2/2 there; beta a root of |C|^2 x^3/2 + K x - 1",
        .statement = "A -> beta C with the positive root, unless A(0) = x0 C, K < -3/2 |C|^(2/3) "
                     "and x0 lies below the middle root: then with the least one",
        .label = "U2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 200,
        .corners = 1,
        .bound = LIMIT_BOUND,
        .sample = sample_all_white,
        .conclude = hidden_case_predicted,
        .control = {.what = "on the exceptional set, judged by the positive root",
                    .sample = sample_all_white,
                    .conclude = conclude_positive_root},
    },
    {
        .id = "t6-map",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 6",
        .hypotheses =
            "A[N,1,N] under rbp, targets equal to the inputs, Sigma_II = I, C != 0; any start",
        .statement = "from every start P -> C'C/|C|^2",
        .label = "U3",
        .recorded = VERDICT_SUPPORTED,
        .trials = 200,
        .corners = 1,
        .bound = LIMIT_BOUND,
        .sample = sample_all_white,
        .conclude = conclude_projection,
        .control = {.what = "inputs of unequal variances", .sample = sample_diagonal},
    },
    {
        .id = "t6-diagonal",
        .source = "Baldi, Sadowski, Lu (2018), remark after Theorem 6",
        .hypotheses = "A[N,1,N] under rbp, targets equal to the inputs, Sigma_II diagonal and "
                      "positive, C != 0; any start",
        .statement = "P -> C'C/|C|^2 as for white inputs",
        .label = "U3",
        .recorded = VERDICT_REFUTED,
        .trials = 100,
        .corners = 1,
        .bound = LIMIT_BOUND,
        .sample = sample_diagonal,
        .conclude = conclude_projection,
        .control = {.what = "coupled inputs", .sample = sample_any},
    },
    {
        .id = "t6-oblique",
        .source = "corrects Baldi, Sadowski, Lu (2018), remark after Theorem 6; "
                  "notes/autoencoder.md",
        .hypotheses = "A[N0,1,N2] under rbp, Sigma_II > 0, Sigma_TI = W Sigma_II with any W, G = C "
                      "W != 0; any start",
        .statement = "P -> W Sigma G'G/(G Sigma G')",
        .label = "U3",
        .recorded = VERDICT_SUPPORTED,
        .trials = 200,
        .corners = 2,
        .bound = LIMIT_BOUND,
        .sample = sample_any,
        .conclude = conclude_oblique,
        .control = {.what = "judged by C'C/|C|^2",
                    .sample = sample_diagonal,
                    .conclude = conclude_projection},
    },
    {
        .id = "t6-pca",
        .source = "notes/autoencoder.md",
        .hypotheses = "A[N,1,N] under rbp, targets equal to the inputs, C != 0 in the top "
                      "eigenspace of Sigma_II > 0; any start; tried: Sigma_II = diag(3, 2, 1)",
        .statement = "P goes to that of PCA",
        .label = "U3",
        .recorded = VERDICT_SUPPORTED,
        .trials = 50,
        .bound = LIMIT_BOUND,
        .sample = sample_top,
        .conclude = conclude_network_optimum,
        .control = {.what = "C in the second eigenspace", .sample = sample_second},
    },
    {
        .id = "t6-not-pca",
        .source = "notes/autoencoder.md",
        .hypotheses = "A[N,1,N] under rbp, targets equal to the inputs, Sigma_II > 0, C not in the "
                      "top eigenspace of Sigma_II; any start; tried: Sigma_II = diag(3, 2, 1)",
        .statement = "the limit stays above the loss of PCA",
        .label = "U3",
        .recorded = VERDICT_SUPPORTED,
        .trials = 50,
        .bound = 0,
        .sample = sample_oblique,
        .conclude = conclude_above_pca,
        .control = {.what = "C in the top eigenspace", .sample = sample_top},
    },
    {
        .id = "t6-rate",
        .source = "notes/autoencoder.md",
        .hypotheses = "A[N0,1,N2] under rbp, Sigma_II > 0, G = C W != 0; a start off null sets, A "
                      "-> beta G; tried: the two slowest rates differ by half or more",
        .statement = "the weights approach their limit at the slowest of spec((I/beta + beta^2 "
                     "G'G) Sigma) and beta^2 G Sigma G'",
        .label = "U4",
        .recorded = VERDICT_SUPPORTED,
        .trials = 100,
        .corners = 2,
        .bound = RATE_BOUND,
        .sample = sample_gap,
        .conclude = conclude_rate,
        .control = {.what = "the rate of B alone",
                    .sample = sample_gap,
                    .conclude = conclude_rate_of_B},
    },
    {
        .id = "t6-undriven",
        .source = "notes/autoencoder.md",
        .hypotheses = "A[N0,1,N2] under rbp, Sigma_II = I, C W = 0, A(0) != 0; K = C B - |A|^2/2 "
                      "at the start, not 0 unless C = 0; tried: A[2,1,2]",
        .statement = "A -> 0 for C != 0 and K > 0, |A|^2 -> -2K for K < 0; where C = 0, A is "
                     "frozen and B solves least squares; all limits in closed form",
        .label = "U5",
        .recorded = VERDICT_SUPPORTED,
        .trials = 100,
        .bound = CONTINUUM_BOUND,
        .sample = sample_undriven,
        .conclude = hidden_case_predicted,
        .control = {.what = "judged by the global minimum",
                    .sample = sample_undriven,
                    .conclude = conclude_network_optimum},
    },
    {
        .id = "t6-critical",
        .source = "notes/autoencoder.md",
        .hypotheses = "A[N0,1,N2] under rbp, Sigma_II = I, C != 0, C W = 0; a start with K = C B - "
                      "|A|^2/2 = 0, W A' != 0; tried: A[2,1,2]",
        .statement = "B grows like sqrt t",
        .label = "U5",
        .recorded = VERDICT_SUPPORTED,
        .trials = 20,
        .bound = EXPONENT_BOUND,
        .sample = sample_critical,
        .conclude = conclude_square_root,
        .control = {.what = "K = 1", .sample = sample_supercritical},
    },
};

const struct chapter chapter_theorem_6 = {
    .title = "Theorem 6: A[N,1,N]",
    .theorem = records,
    .theorems = COUNT(records),
};
