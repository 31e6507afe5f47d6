/* Theorems 7 and 8, and what they were steps to: A[N0,N1,N2] under fixed feedback.
 *
 *   A1' = C E, A2' = E A1',  M = C A2,  G = C W,  D = (G - M A1) Sigma_II,
 *   K = M + M' - A1 A1',  V = M M' - A1 G' - G A1',  V' = -2 (G - M A1) Sigma (G - M A1)'.
 *
 * Theorem 7: A1 (and M) are bounded, here by the explicit bound of notes/hidden.md, (S2).
 * Theorem 8: C A2 A1 -> C W and V -> a limit, (S3); V falls in the order of Loewner.
 * Beyond: the limit of the map in every shape and rank (S4), of the weights from zero and spectral
 * starts (S5), the rates (S6), alignment at stable limits (S8), an integral of the loss (S9), folds
 * (S10), and no cycles (S2). */
#include "proofs-check/hidden_case.h"
#include "proofs-check/sample.h"

#include "linear/matrix.h"
#include "linear/registry.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const double MAP_BOUND = 1e-8; /* outputs at limits on a continuum, conditions of 100 */
static const double BOUND_REACHED = 1 + 1e-9; /* the bound may be attained: rounding */
static const double RATE_BOUND = 5e-3;
static const double LOEWNER_BOUND = 1e-8;  /* local errors of 1e-10, and the terms of V */
static const double INTEGRAL_BOUND = 1e-7; /* Hermite's rule on the steps of the integrator */
static const double EXPONENT_BOUND = 0.02; /* of a creeping approach, read before rounding */
static const double ALIGNED_BOUND = 1e-6;  /* of Re spec A2 C1: rounding and the phase of a limit */

/* ---- instances ---- */

static const double SIGMA_R2[] = {2, .5, 0, .5, 1, .25, 0, .25, 1.5};
static const double W_R2[] = {1, .5, 0, 0, 1, -.5, .3, 0, 2};

/* A bottleneck, A[3,2,3]. */
static struct instance bottleneck(void)
{
    struct instance instance = hidden_case_of(&system_hidden, 3, 2, 3);
    hidden_case_set_inputs(SIGMA_R2, &instance);
    hidden_case_set_targets(W_R2, &instance);
    hidden_case_set_feedback((double[]){1, 0, .5, -.5, 1, 0}, &instance);
    hidden_case_set_start((double[]){.1, .2, -.1, 0, .3, .2, .2, 0, .1, -.2, 0, .3}, &instance);
    return instance;
}

/* More hidden units than outputs, A[2,3,1]. */
static struct instance overcomplete(void)
{
    struct instance instance = hidden_case_of(&system_hidden, 2, 3, 1);
    hidden_case_set_inputs((double[]){1.5, .4, .4, .8}, &instance);
    hidden_case_set_targets((double[]){.7, -1.2}, &instance);
    hidden_case_set_feedback((double[]){1, -1, .5}, &instance);
    hidden_case_set_start((double[]){.3, .1, -.2, .4, .5, -.3, .2, -.1, .3}, &instance);
    return instance;
}

/* C1 of rank one, A[3,2,2]. */
static struct instance rank_one(void)
{
    struct instance instance = hidden_case_of(&system_hidden, 3, 2, 2);
    hidden_case_set_inputs((double[]){2, 0, 0, 0, 1, 0, 0, 0, .5}, &instance);
    hidden_case_set_targets((double[]){1, .5, -.2, .3, -1, .8}, &instance);
    hidden_case_set_feedback((double[]){.5, -1, 1, -2}, &instance);
    hidden_case_set_start((double[]){.5, -.3, .2, .1, .4, -.6, .2, -.1, .3, .5}, &instance);
    return instance;
}

enum { CORNERS = 3 };

static bool corner(size_t index, struct instance *instance)
{
    if (index >= CORNERS)
        return false;
    *instance = index == 0 ? bottleneck() : index == 1 ? overcomplete() : rank_one();
    return true;
}

static struct instance draw_sizes(struct stream *stream, size_t N0, size_t N1, size_t N2)
{
    struct instance instance = hidden_case_of(&system_hidden, N0, N1, N2);
    hidden_case_draw_inputs(stream, &instance);
    hidden_case_draw_targets(stream, &instance);
    hidden_case_draw_feedback(stream, &instance);
    hidden_case_draw_start(stream, stream_below(stream, 2) ? 1 : 0.3, &instance);
    return instance;
}

static bool sample_any(struct stream *stream, size_t index, struct instance *instance)
{
    if (corner(index, instance))
        return true;
    const size_t N0 = 1 + stream_below(stream, 3), N1 = 2 + stream_below(stream, 2);
    *instance = draw_sizes(stream, N0, N1, 1 + stream_below(stream, 3));
    return true;
}

static bool sample_decaying(struct stream *stream, size_t index, struct instance *instance)
{
    sample_any(stream, index, instance);
    instance->problem.lambda = 0.5;
    return true;
}

/* ---- matrices of a state ---- */

enum { UNITS_MOST = 8 };

/* M = C A2, G - M A1, and V */
static void measure(const struct hidden_terms *t, const double *x, double *M, double *gap,
                    double *V)
{
    const size_t N0 = t->N0, N1 = t->N1;
    double AG[UNITS_MOST * UNITS_MOST];
    matrix_multiply(N1, t->N2, N1, t->C, x + N1 * N0, M);
    matrix_multiply(N1, N1, N0, M, x, gap);
    for (size_t k = 0; k < N1 * N0; k++)
        gap[k] = t->G[k] - gap[k];
    matrix_multiply_second_transposed(N1, N1, N1, M, M, V);
    matrix_multiply_second_transposed(N1, N0, N1, x, t->G, AG);
    for (size_t i = 0; i < N1; i++)
        for (size_t j = 0; j < N1; j++)
            V[i * N1 + j] -= AG[i * N1 + j] + AG[j * N1 + i];
}

/* ---- Theorem 7 ---- */

/* The largest of |M|/m* and |A1|^2/(2 sqrt(N1) m* + |tr K|) on the way, m* the bound of (S2). */
struct bounded {
    const struct hidden_terms *terms;
    double M_most, A_most, worst;
    bool begun;
};

/* The largest m with m^2/2 <= f0 + |G| sqrt(2 sqrt(N1) m + |tr K|): by fixed point from above. */
static double bound_of_M(double f0, double G, double root, double trace)
{
    enum { STEPS = 200 };
    double m = 1 + 2 * fabs(f0) + 8 * (1 + G) * (1 + G) * root + trace;
    for (int i = 0; i < STEPS; i++)
        m = sqrt(fmax(0, 2 * (f0 + G * sqrt(2 * root * m + trace))));
    return m;
}

static void visit_bounded(void *context, double time, const double *x)
{
    struct bounded *b = context;
    const struct hidden_terms *t = b->terms;
    double M[UNITS_MOST * UNITS_MOST], gap[UNITS_MOST * UNITS_MOST], V[UNITS_MOST * UNITS_MOST];
    (void)time;
    measure(t, x, M, gap, V);
    const double A = matrix_inner(t->N1 * t->N0, x, x), m = matrix_norm(t->N1 * t->N1, M);
    if (!b->begun) {
        double trace = -A;
        for (size_t i = 0; i < t->N1; i++)
            trace += 2 * M[i * t->N1 + i];
        const double f0 = m * m / 2 - matrix_inner(t->N1 * t->N0, x, t->G),
                     root = sqrt((double)t->N1);
        b->M_most = bound_of_M(f0, matrix_norm(t->N1 * t->N0, t->G), root, fabs(trace));
        b->A_most = 2 * root * b->M_most + fabs(trace);
        b->begun = true;
    }
    b->worst = fmax(b->worst, fmax(m / b->M_most, A / b->A_most));
}

static enum status conclude_bounded(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    struct bounded b = {.terms = hidden_case_terms(trial)};
    trial->plan.visit = visit_bounded;
    trial->plan.context = &b;
    trial->plan.horizon = 1e4;
    TRY(trial_outcome(trial, &outcome));
    trial->deviation = b.worst;
    if (!(b.worst <= trial->theorem->bound))
        return conclude_fails(trial, finding, "A1 or C1 A2 reaches %.4g of its bound", b.worst);
    return conclude_holds(finding);
}

/* Sigma_II of rank one or two, targets consistent: still bounded. */
static bool sample_singular_too(struct stream *stream, size_t index, struct instance *instance)
{
    sample_any(stream, index, instance);
    if (index % 3 || corner(index, instance))
        return true;
    const size_t n = instance->problem.sizes[0], m = instance->problem.sizes[2];
    double f[UNITS_MOST], W[UNITS_MOST * UNITS_MOST], sigma[UNITS_MOST * UNITS_MOST];
    for (size_t i = 0; i < n; i++)
        f[i] = sample_nonzero(stream);
    for (size_t k = 0; k < m * n; k++)
        W[k] = stream_normal(stream);
    matrix_multiply(n, 1, n, f, f, sigma);
    hidden_case_set_inputs(sigma, instance);
    hidden_case_set_targets(W, instance);
    return true;
}

/* ---- Theorem 8 ---- */

static enum status conclude_partial(struct trial *trial, enum finding *finding)
{
    const struct hidden_terms *t = hidden_case_terms(trial);
    double M[UNITS_MOST * UNITS_MOST], gap[UNITS_MOST * UNITS_MOST], V[UNITS_MOST * UNITS_MOST];
    bool rests = false;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    measure(t, trial->outcome->limit, M, gap, V);
    trial->deviation = matrix_norm(t->N1 * t->N0, gap);
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "|C1 W - C1 A2 A1| = %.6g", trial->deviation);
    return conclude_holds(finding);
}

/* False with a bottleneck: P -> W. */
static enum status conclude_least_squares(struct trial *trial, enum finding *finding)
{
    return conclude_network_reaches(trial, hidden_case_terms(trial)->W, finding);
}

/* The largest eigenvalue of V(t + h) - V(t) over the steps. */
struct loewner {
    const struct hidden_terms *terms;
    double V[UNITS_MOST * UNITS_MOST], rise;
    size_t visits;
};

static void visit_loewner(void *context, double time, const double *x)
{
    struct loewner *l = context;
    const size_t n = l->terms->N1;
    double M[UNITS_MOST * UNITS_MOST], gap[UNITS_MOST * UNITS_MOST], V[UNITS_MOST * UNITS_MOST];
    double value[UNITS_MOST];
    (void)time;
    measure(l->terms, x, M, gap, V);
    for (size_t k = 0; k < n * n; k++)
        M[k] = V[k] - l->V[k];
    if (l->visits++ > 0 && matrix_symmetric_eigenvalues(n, M, value, NULL) == OK)
        l->rise = fmax(l->rise, value[n - 1]);
    memcpy(l->V, V, n * n * sizeof *V);
}

static enum status conclude_loewner(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    struct loewner l = {.terms = hidden_case_terms(trial)};
    trial->plan.visit = visit_loewner;
    trial->plan.context = &l;
    TRY(trial_outcome(trial, &outcome));
    trial->deviation = l.rise;
    if (l.visits < 2)
        return conclude_undecided(trial, finding, "no steps to compare");
    if (!(l.rise <= trial->theorem->bound))
        return conclude_fails(trial, finding, "an eigenvalue of V rises by %.4g in a step", l.rise);
    return conclude_holds(finding);
}

/* ---- the limit of the map, and of the weights ---- */

static bool sample_bottleneck(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = draw_sizes(stream, 3, 2, 3);
    return true;
}

/* Full rank of R: no C1 W that vanishes, but every shape and rank of C1. */
static bool sample_map(struct stream *stream, size_t index, struct instance *instance)
{
    sample_any(stream, index, instance);
    struct problem *p = &instance->problem;
    if (index >= CORNERS && index % 4 == 0 && p->sizes[0] >= p->sizes[1]) /* a repeated row */
        memcpy(p->c, p->c + p->sizes[2], p->sizes[2] * sizeof *p->c);
    return true;
}

/* Sigma_II = I, square. */
static struct instance draw_square(struct stream *stream)
{
    const size_t n = 2 + stream_below(stream, 2);
    struct instance instance = hidden_case_of(&system_hidden, n, n, n);
    hidden_case_draw_targets(stream, &instance);
    hidden_case_draw_feedback(stream, &instance);
    return instance;
}

static bool sample_zero(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = draw_square(stream);
    return true;
}

/* A1 = U a V', C1 A2 = U m U' for C1 W = U g V'. */
static bool sample_spectral(struct stream *stream, size_t index, struct instance *instance)
{
    double G[UNITS_MOST * UNITS_MOST], U[UNITS_MOST * UNITS_MOST], V[UNITS_MOST * UNITS_MOST];
    double M[UNITS_MOST * UNITS_MOST] = {0}, g[UNITS_MOST];
    *instance = draw_square(stream);
    (void)index;
    const struct problem *p = &instance->problem;
    const size_t n = p->sizes[0];
    matrix_multiply(n, n, n, p->c, p->sigma_ti.near, G);
    if (matrix_singular_values(n, n, G, g, U, V) != OK)
        return false;
    for (size_t k = 0; k < n; k++) {
        const double a = stream_between(stream, 0.1, 1.5), m = stream_between(stream, -0.5, 1.5);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) {
                instance->x0[i * n + j] += U[i * n + k] * a * V[j * n + k];
                M[i * n + j] += U[i * n + k] * m * U[j * n + k];
            }
    }
    return matrix_solve(n, n, p->c, M, instance->x0 + n * n) == OK;
}

/* False: where zero weights go, from other starts. */
static enum status conclude_zero_limit(struct trial *trial, enum finding *finding)
{
    const double zero[INSTANCE_DIM_MAX] = {0};
    TRY(problem_predict(&trial->instance->problem, zero, trial->limit, &trial->prediction));
    trial->predicted = true;
    return hidden_case_predicted(trial, finding);
}

static bool sample_square_start(struct stream *stream, size_t index, struct instance *instance)
{
    sample_zero(stream, index, instance);
    hidden_case_draw_start(stream, 1, instance);
    return true;
}

/* ---- rates ---- */

static bool sample_gap(struct stream *stream, size_t index, struct instance *instance)
{
    enum { TRIES = 400 };
    for (int i = 0; i < TRIES; i++) {
        sample_zero(stream, index, instance);
        if (hidden_case_has_gap(instance))
            return true;
    }
    return false;
}

static enum status conclude_rate(struct trial *trial, enum finding *finding)
{
    const struct prediction *prediction;
    TRY(trial_prediction(trial, &prediction));
    return hidden_case_rate_is(trial, trial->limit, prediction->rate, finding);
}

/* False: the slowest is s_min^2 of A1, without the feedback. */
static enum status conclude_rate_of_features(struct trial *trial, enum finding *finding)
{
    const struct prediction *prediction;
    const struct hidden_terms *t = hidden_case_terms(trial);
    double s[UNITS_MOST];
    TRY(trial_prediction(trial, &prediction));
    TRY(matrix_singular_values(t->N1, t->N0, trial->limit, s, NULL, NULL));
    return hidden_case_rate_is(trial, trial->limit, -s[t->N1 - 1] * s[t->N1 - 1], finding);
}

/* ---- alignment ---- */

static bool sample_wide_input(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = hidden_case_of(&system_hidden, 4, 2, 3 - index % 2);
    hidden_case_draw_targets(stream, instance);
    hidden_case_draw_feedback(stream, instance);
    hidden_case_draw_start(stream, 1, instance);
    return true;
}

static bool sample_narrow_input(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = hidden_case_of(&system_hidden, 2, 3, 4);
    hidden_case_draw_targets(stream, instance);
    hidden_case_draw_feedback(stream, instance);
    hidden_case_draw_start(stream, 1, instance);
    return true;
}

/* Re spec A2 C1 >= 0 where the trajectory settles. */
static enum status conclude_aligned(struct trial *trial, enum finding *finding)
{
    const struct hidden_terms *t = hidden_case_terms(trial);
    double product[UNITS_MOST * UNITS_MOST], re[UNITS_MOST];
    bool rests = false;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    if (trial->outcome->ending != ENDING_SETTLED)
        return conclude_holds(finding);
    matrix_multiply(t->N2, t->N1, t->N2, trial->outcome->limit + t->N1 * t->N0, t->C, product);
    TRY(matrix_eigenvalues(t->N2, product, re, NULL));
    trial->deviation = fmax(0, -re[t->N2 - 1]);
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "an eigenvalue of A2 C1 has real part %.6g",
                              re[t->N2 - 1]);
    return conclude_holds(finding);
}

/* ---- the loss on the way ---- */

/* int (loss - least) dt by Hermite's rule, with d loss/dt = -<E, P'>. */
struct integral {
    const struct flow *flow;
    const struct hidden_terms *terms;
    double t, loss, slope, sum;
    size_t visits;
};

static double slope_of_loss(const struct integral *s, const double *x)
{
    const struct hidden_terms *t = s->terms;
    const size_t N0 = t->N0, N1 = t->N1, N2 = t->N2;
    double dx[INSTANCE_DIM_MAX], P[INSTANCE_DIM_MAX], E[INSTANCE_DIM_MAX];
    double first[INSTANCE_DIM_MAX], second[INSTANCE_DIM_MAX];
    if (s->flow->field(s->flow, 1, x, dx) != OK)
        return NAN;
    s->flow->output(s->flow, x, P);
    matrix_multiply(N2, N0, N0, P, t->sigma, E);
    matrix_multiply(N2, N1, N0, dx + N1 * N0, x, first);
    matrix_multiply(N2, N1, N0, x + N1 * N0, dx, second);
    double slope = 0;
    for (size_t k = 0; k < N2 * N0; k++)
        slope -= (t->targets[k] - E[k]) * (first[k] + second[k]);
    return slope;
}

static void visit_integral(void *context, double time, const double *x)
{
    struct integral *s = context;
    const double loss = s->flow->loss(s->flow, x), slope = slope_of_loss(s, x), h = time - s->t;
    if (s->visits++ > 0)
        s->sum += h / 2 * (s->loss + loss) + h * h / 12 * (s->slope - slope);
    s->t = time;
    s->loss = loss;
    s->slope = slope;
}

/* (S9): with Z = C^+ (A1 - A1(0)), int loss = (|A2(0)|^2/2 - |A2|^2/2 + <W, Z>)/2. */
static enum status conclude_integral(struct trial *trial, enum finding *finding)
{
    static const double TIGHT = 1e-12; /* short steps, for the rule */
    const struct outcome *outcome;
    const struct hidden_terms *t = hidden_case_terms(trial);
    const size_t first = t->N1 * t->N0, second = t->N2 * t->N1;
    double change[INSTANCE_DIM_MAX], inverse[INSTANCE_DIM_MAX], Z[INSTANCE_DIM_MAX];
    struct integral s = {.flow = trial->flow, .terms = t};
    size_t rank = 0;
    trial->plan.visit = visit_integral;
    trial->plan.context = &s;
    trial->plan.rtol = TIGHT;
    trial->plan.atol = TIGHT / 10;
    trial->plan.no_endings = true;
    trial->plan.horizon = 100;
    TRY(trial_outcome(trial, &outcome));
    const double *x0 = trial->instance->x0, *x = outcome->last;
    for (size_t k = 0; k < first; k++)
        change[k] = x[k] - x0[k];
    TRY(matrix_pseudo_inverse(t->N1, t->N2, t->C, inverse, &rank));
    matrix_multiply(t->N2, t->N1, t->N0, inverse, change, Z);
    const double closed =
        (matrix_inner(second, x0 + first, x0 + first) / 2 -
         matrix_inner(second, x + first, x + first) / 2 + matrix_inner(t->N2 * t->N0, t->W, Z)) /
        2;
    return conclude_close(trial, "integral of the loss", s.sum, closed, finding);
}

/* ---- folds ---- */

/* W = C1 = I: a11 -> -1, a double root of a^3 - 3 a - 2; dyadic numbers, so that it stays one. */
static bool sample_fold(struct stream *stream, size_t index, struct instance *instance)
{
    static const double GRID = 0.125;
    const double a = -1 - GRID * (double)(1 + stream_below(stream, 16));
    (void)index;
    *instance = hidden_case_of(&system_hidden, 2, 2, 2);
    hidden_case_set_start((double[]){a, 0, 0, 1.25, (a * a - 3) / 2, 0, 0, 0.5}, instance);
    return true;
}

static bool sample_beside_fold(struct stream *stream, size_t index, struct instance *instance)
{
    sample_fold(stream, index, instance);
    instance->x0[4] += 1;
    return true;
}

static enum status conclude_creeps(struct trial *trial, enum finding *finding)
{
    return conclude_predicted_exponent(trial, finding);
}

/* False for a start beside the fold. */
static enum status conclude_creeps_anyway(struct trial *trial, enum finding *finding)
{
    bool rests = false;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    return trial->outcome->ending == ENDING_CREEPING
               ? conclude_holds(finding)
               : conclude_fails(trial, finding, "ends %s", ending_name(trial->outcome->ending));
}

static bool sample_cycle(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    if (index > 0)
        return false;
    *instance = sample_cycling_chain();
    return true;
}

static const struct theorem records[] = {
    {
        .id = "t7-bounded",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 7; the bound: notes/hidden.md",
        .hypotheses =
            "A[N0,N1,N2] under rbp, Sigma_TI = W Sigma_II, Sigma_II >= 0 (it may be singular); any "
            "C1 and start; K = C1 A2 + (C1 A2)' - A1 A1', f = |C1 A2|^2/2 - <A1, C1 W>",
        .statement = "|C1 A2| <= m and |A1|^2 <= 2 sqrt(N1) m + |tr K| for ever, m^2/2 = f(0) + "
                     "|C1 W| sqrt(2 sqrt(N1) m + |tr K|)",
        .label = "S2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 60,
        .corners = CORNERS,
        .bound = BOUND_REACHED,
        .sample = sample_singular_too,
        .conclude = conclude_bounded,
        .control = {.what = "targets on an input that does not vary",
                    .sample = hidden_case_sample_inconsistent},
    },
    {
        .id = "t8-partial",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 8",
        .hypotheses =
            "A[N0,N1,N2] under rbp, Sigma_II > 0, Sigma_TI = W Sigma_II; any C1, any start",
        .statement = "C1 A2 A1 -> C1 W from every start",
        .label = "S3",
        .recorded = VERDICT_SUPPORTED,
        .trials = 80,
        .corners = CORNERS,
        .bound = MAP_BOUND,
        .sample = sample_any,
        .conclude = conclude_partial,
        .control = {.what = "a bottleneck, judged by P -> W",
                    .sample = sample_bottleneck,
                    .conclude = conclude_least_squares},
    },
    {
        .id = "t8-loewner",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 8 (proof)",
        .hypotheses =
            "A[N0,N1,N2] under rbp, Sigma_II > 0, Sigma_TI = W Sigma_II; any C1, any start",
        .statement =
            "V = C1 A2 (C1 A2)' - A1 (C1 W)' - C1 W A1' never increases in the order of Loewner",
        .label = "S2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 50,
        .corners = CORNERS,
        .bound = LOEWNER_BOUND,
        .sample = sample_any,
        .conclude = conclude_loewner,
        .control = {.what = "weight decay", .sample = sample_decaying},
    },
    {
        .id = "t8-map",
        .source = "notes/hidden.md",
        .hypotheses = "A[N0,N1,N2] under rbp, Sigma_II > 0, Sigma_TI = W Sigma_II; weights that "
                      "converge; R, the rows of C1 W within the range of C1 and those of A1(0) "
                      "outside of it, of full rank",
        .statement = "P -> W Sigma R' (R Sigma R')^+ R",
        .label = "S4",
        .recorded = VERDICT_SUPPORTED,
        .trials = 100,
        .corners = CORNERS,
        .bound = MAP_BOUND,
        .sample = sample_map,
        .conclude = hidden_case_predicted,
        .control = {.what = "a bottleneck, judged by the best map of its rank",
                    .sample = sample_bottleneck,
                    .conclude = conclude_network_optimum},
    },
    {
        .id = "t8-zero-start",
        .source = "notes/hidden.md",
        .hypotheses = "A[n,n,n] under rbp, Sigma_II = I, C1 invertible, C1 W = U g V' (singular "
                      "values); zero weights at the start; tried: n = 2, 3",
        .statement = "A1 -> U (2 g)^(1/3) V', A2 -> W A1^+",
        .label = "S5",
        .recorded = VERDICT_SUPPORTED,
        .trials = 30,
        .bound = MAP_BOUND,
        .sample = sample_zero,
        .conclude = hidden_case_predicted,
        .control = {.what = "other starts",
                    .sample = sample_square_start,
                    .conclude = conclude_zero_limit},
    },
    {
        .id = "t8-spectral-start",
        .source = "notes/hidden.md",
        .hypotheses =
            "A[n,n,n] under rbp, Sigma_II = I, C1 invertible, C1 W = U g V' (singular values); a "
            "start with A1 = U a V', C1 A2 = U m U', a and m diagonal; tried: n = 2, 3, a > 0",
        .statement = "every mode goes to the next root of a^3 + (2 m(0) - a(0)^2) a = 2 g",
        .label = "S5",
        .recorded = VERDICT_SUPPORTED,
        .trials = 30,
        .bound = MAP_BOUND,
        .sample = sample_spectral,
        .conclude = hidden_case_predicted,
        .control = {.what = "judged by where zero weights go",
                    .sample = sample_spectral,
                    .conclude = conclude_zero_limit},
    },
    {
        .id = "t8-rate",
        .source = "notes/hidden.md",
        .hypotheses = "A[n,n,n] under rbp, Sigma_II = I, C1 and W invertible; zero weights at the "
                      "start; tried: n = 2, 3, the two slowest rates differ by half or more",
        .statement =
            "the weights approach their limit at the least s_i^2 + mu_j, s of A1 and mu of C1 A2",
        .label = "S6",
        .recorded = VERDICT_SUPPORTED,
        .trials = 30,
        .bound = RATE_BOUND,
        .sample = sample_gap,
        .conclude = conclude_rate,
        .control = {.what = "the least s_i^2 alone",
                    .sample = sample_gap,
                    .conclude = conclude_rate_of_features},
    },
    {
        .id = "t8-alignment",
        .source = "notes/hidden.md",
        .hypotheses = "A[N0,N1,N2] under rbp, N0 > N1, Sigma_II = I; a start from which the "
                      "weights settle; tried: A[4,2,3], A[4,2,2]",
        .statement = "at the limit all eigenvalues of A2 C1 have non-negative real parts",
        .label = "S8",
        .recorded = VERDICT_SUPPORTED,
        .trials = 30,
        .bound = ALIGNED_BOUND,
        .sample = sample_wide_input,
        .conclude = conclude_aligned,
        .control = {.what = "N0 < N1", .sample = sample_narrow_input},
    },
    {
        .id = "t8-descent",
        .source = "a common reading of feedback alignment; notes/hidden.md refutes it",
        .hypotheses = "A[N0,N1,N2] under rbp, Sigma_II > 0; any C1, any start; tried: A[2,2,2], "
                      "A[3,3,3], Sigma_II = I",
        .statement = "the loss never rises",
        .label = "S9",
        .recorded = VERDICT_REFUTED,
        .trials = 20,
        .bound = MAP_BOUND,
        .sample = sample_square_start,
        .conclude = conclude_loss_never_rises,
        .control = {.what = "any shape", .sample = sample_any},
    },
    {
        .id = "t8-integral",
        .source = "notes/hidden.md",
        .hypotheses = "A[N0,N1,N2] under rbp, Sigma_II > 0, Sigma_TI = W Sigma_II, C1 injective; "
                      "any start; tried: A[2,2,2], A[3,3,3], Sigma_II = I",
        .statement =
            "int (loss - least) dt = (|A2(0)|^2/2 - |A2|^2/2 + <W, Z>)/2 with C1 Z = A1 - A1(0)",
        .label = "S9",
        .recorded = VERDICT_SUPPORTED,
        .trials = 20,
        .bound = INTEGRAL_BOUND,
        .sample = sample_square_start,
        .conclude = conclude_integral,
        .control = {.what = "a bottleneck, where C1 is not injective", .sample = sample_bottleneck},
    },
    {
        .id = "t8-fold",
        .source = "notes/hidden.md",
        .hypotheses = "A[2,2,2] under rbp, Sigma_II = I, W = C1 = I; a spectral start, A1 = "
                      "diag(a, 5/4), A2 = diag(m, 1/2), whose first mode meets the double root -1 "
                      "of a^3 - 3 a - 2: a < -1, 2 m - a^2 = -3",
        .statement = "the weights creep like 1/t",
        .label = "S10",
        .recorded = VERDICT_SUPPORTED,
        .trials = 16,
        .bound = EXPONENT_BOUND,
        .sample = sample_fold,
        .conclude = conclude_creeps,
        .control = {.what = "beside the fold",
                    .sample = sample_beside_fold,
                    .conclude = conclude_creeps_anyway},
    },
    {
        .id = "t8-no-cycle",
        .source = "notes/hidden.md",
        .hypotheses = "A[N0,N1,N2] under rbp, Sigma_II > 0, no decay; any C1, any start",
        .statement = "there are no periodic orbits",
        .label = "S2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 50,
        .corners = CORNERS,
        .bound = 0,
        .sample = sample_any,
        .conclude = conclude_no_cycle,
        .control = {.what = "a chain with weight decay", .sample = sample_cycle},
    },
};

const struct chapter chapter_theorem_7 = {
    .title = "Theorems 7 and 8: A[N0,N1,N2]",
    .theorem = records,
    .theorems = COUNT(records),
};
