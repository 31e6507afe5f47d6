/* Instances and conclusions of A[N0,N1,N2].
 *
 * Samplers set or draw one ingredient after the other: inputs, targets, feedback, start; targets
 * are given as the map W, so that Sigma_TI = W Sigma_II holds by construction.  Rates and exponents
 * are measured on the trajectory between two distances (or times) that are far enough apart to
 * leave the transient behind and far enough from rounding, and never taken from the spectrum. */
#include "proofs-check/hidden_case.h"

#include "linear/matrix.h"
#include "linear/registry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const double hidden_case_condition = 20;

struct instance hidden_case_of(const struct system *system, size_t N0, size_t N1, size_t N2)
{
    struct instance instance = {.problem = problem_defaults(system, &rule_rbp),
                                .dim = N1 * (N0 + N2)};
    const size_t sizes[] = {N0, N1, N2};
    instance.problem.size_count = sizeof sizes / sizeof *sizes;
    memcpy(instance.problem.sizes, sizes, sizeof sizes);
    return instance;
}

/* ---- given ---- */

void hidden_case_set_inputs(const double *sigma, struct instance *instance)
{
    const size_t n = instance->problem.sizes[0];
    instance->problem.sigma_ii.count = n * n;
    memcpy(instance->problem.sigma_ii.near, sigma, n * n * sizeof *sigma);
}

void hidden_case_set_targets(const double *W, struct instance *instance)
{
    struct problem *p = &instance->problem;
    const size_t n = p->sizes[0], m = p->sizes[2];
    p->sigma_ti.count = m * n;
    if (p->sigma_ii.count > 0)
        matrix_multiply(m, n, n, W, p->sigma_ii.near, p->sigma_ti.near);
    else
        memcpy(p->sigma_ti.near, W, m * n * sizeof *W);
}

void hidden_case_set_feedback(const double *C, struct instance *instance)
{
    struct problem *p = &instance->problem;
    p->c_count = p->sizes[1] * p->sizes[2];
    memcpy(p->c, C, p->c_count * sizeof *C);
}

void hidden_case_set_start(const double *x0, struct instance *instance)
{
    memcpy(instance->x0, x0, instance->dim * sizeof *x0);
}

/* ---- drawn ---- */

void hidden_case_draw_inputs(struct stream *stream, struct instance *instance)
{
    const size_t n = instance->problem.sizes[0];
    double M[INSTANCE_DIM_MAX], sigma[INSTANCE_DIM_MAX];
    if (stream_below(stream, 2))
        return;
    stream_normals(stream, n * n, 1 / sqrt((double)(2 * n)), M);
    matrix_multiply_second_transposed(n, n, n, M, M, sigma);
    for (size_t i = 0; i < n; i++)
        sigma[i * n + i] += 1.0 / 2;
    hidden_case_set_inputs(sigma, instance);
}

void hidden_case_draw_targets(struct stream *stream, struct instance *instance)
{
    const struct problem *p = &instance->problem;
    double W[INSTANCE_DIM_MAX];
    stream_normals(stream, p->sizes[2] * p->sizes[0], 1, W);
    hidden_case_set_targets(W, instance);
}

void hidden_case_draw_feedback(struct stream *stream, struct instance *instance)
{
    enum { TRIES = 100 };
    const size_t rows = instance->problem.sizes[1], columns = instance->problem.sizes[2];
    const size_t least = rows < columns ? rows : columns;
    double C[INSTANCE_DIM_MAX], s[INSTANCE_DIM_MAX];
    for (int i = 0; i < TRIES; i++) {
        stream_normals(stream, rows * columns, 1, C);
        if (matrix_singular_values(rows, columns, C, s, NULL, NULL) == OK &&
            s[least - 1] * hidden_case_condition >= s[0])
            break;
    }
    hidden_case_set_feedback(C, instance);
}

void hidden_case_draw_start(struct stream *stream, double scale, struct instance *instance)
{
    stream_normals(stream, instance->dim, scale, instance->x0);
}

bool hidden_case_sample_inconsistent(struct stream *stream, size_t index, struct instance *instance)
{
    static const double one_input[] = {1, 0, 0, 0}, both_inputs[] = {1, 0.2, 0.5, 0};
    (void)index;
    *instance = hidden_case_of(&system_hidden, 2, 2, 2);
    hidden_case_draw_start(stream, 1, instance);
    hidden_case_set_inputs(one_input, instance);
    instance->problem.sigma_ti.count = sizeof both_inputs / sizeof *both_inputs;
    memcpy(instance->problem.sigma_ti.near, both_inputs, sizeof both_inputs);
    return true;
}

/* ---- conclusions ---- */

const struct hidden_terms *hidden_case_terms(const struct trial *trial)
{
    return hidden_terms_of_flow(trial->flow);
}

enum status hidden_case_predicted(struct trial *trial, enum finding *finding)
{
    const struct prediction *prediction;
    TRY(trial_prediction(trial, &prediction));
    if (prediction->ending == ENDING_HORIZON)
        return conclude_undecided(trial, finding, "prediction: %s", prediction->reason);
    return prediction->about == PREDICTION_OUTPUT
               ? conclude_network_reaches(trial, trial->limit, finding)
               : conclude_predicted_limit(trial, finding);
}

/* ---- laws of approach and of growth ---- */

static const double FAR = 1e-5, NEAR = 1e-8; /* relative distances between which a rate is read */
static const double TIGHT = 1e-12;           /* rtol: errors are 1e-3 of NEAR */
static const double GAP = 1.5;               /* so the second mode is below 1e-2 at FAR */

/* Times and logarithms of the distance where it passes FAR and NEAR. */
struct approach {
    size_t dim;
    const double *limit;
    double size, t[2], log[2];
    bool passed[2];
};

static void visit_approach(void *context, double t, const double *x)
{
    struct approach *a = context;
    const double d = matrix_distance(a->dim, x, a->limit);
    for (int k = 0; k < 2; k++)
        if (!a->passed[k] && d <= (k ? NEAR : FAR) * a->size) {
            a->passed[k] = true;
            a->t[k] = t;
            a->log[k] = log(d);
        }
}

enum status hidden_case_rate_is(struct trial *trial, const double *limit, double expected,
                                enum finding *finding)
{
    static const double HORIZON = 40; /* in units of the slowest time */
    const struct outcome *outcome;
    struct approach a = {
        .dim = trial->flow->dim, .limit = limit, .size = matrix_norm(trial->flow->dim, limit)};
    trial->plan.visit = visit_approach;
    trial->plan.context = &a;
    trial->plan.rtol = TIGHT;
    trial->plan.atol = TIGHT / 10;
    trial->plan.no_endings = true;
    trial->plan.horizon = HORIZON / fabs(expected);
    TRY(trial_outcome(trial, &outcome));
    if (!a.passed[0] || !a.passed[1] || !(a.t[1] > a.t[0]))
        return conclude_undecided(trial, finding, "the tail is too short to measure a rate");
    return conclude_ratio(trial, "rate along the trajectory",
                          (a.log[1] - a.log[0]) / (a.t[1] - a.t[0]), expected, finding);
}

bool hidden_case_has_gap(const struct instance *instance)
{
    double limit[INSTANCE_DIM_MAX], lambda[INSTANCE_DIM_MAX];
    struct prediction prediction;
    struct hidden_terms *terms;
    if (problem_predict(&instance->problem, instance->x0, limit, &prediction) != OK ||
        prediction.about != PREDICTION_STATE || prediction.ending != ENDING_SETTLED ||
        hidden_terms_of(&instance->problem, &terms) != OK)
        return false;
    size_t count = 0;
    const enum status status = hidden_spectrum(terms, limit, lambda, &count);
    free(terms);
    return status == OK && count > 0 && (count == 1 || lambda[1] <= GAP * lambda[0]);
}

/* |x| at the first step after EARLY, and at the end. */
struct growth {
    size_t dim;
    double t, size;
};
static const double EARLY = 1e5, LATE = 1e7;

static void visit_growth(void *context, double t, const double *x)
{
    struct growth *g = context;
    if (g->t > 0 || t < EARLY)
        return;
    g->t = t;
    g->size = matrix_norm(g->dim, x);
}

enum status hidden_case_growth_is(struct trial *trial, double exponent, enum finding *finding)
{
    const struct outcome *outcome;
    struct growth g = {.dim = trial->flow->dim};
    trial->plan.visit = visit_growth;
    trial->plan.context = &g;
    trial->plan.no_endings = true;
    trial->plan.horizon = LATE;
    TRY(trial_outcome(trial, &outcome));
    if (!(outcome->t >= LATE) || g.t == 0)
        return conclude_undecided(trial, finding, "stopped at t = %.3g: %s", outcome->t,
                                  outcome->reason);
    const double size = matrix_norm(g.dim, outcome->last);
    return conclude_close(trial, "exponent of growth", log(size / g.size) / log(outcome->t / g.t),
                          exponent, finding);
}
