/* Theorem 5, A[1,N,1] under random backpropagation: a' = c e, b' = a e, e = alpha - beta a.b.
 *
 * Published for feedback weights that are all different from zero; one is enough, and c = 0 is
 * settled, too (notes/fan.md, (W4), (W5)).  Width changes nothing in kind: in the clock P is a
 * cubic, dP/dt changes sign at most twice, and up to three fixed points lie on a leaf, ever more
 * rarely as N grows (W6).  Shares are compared with shares of four million draws (standard error
 * 0.0003). */
#include "linear/fan.h"
#include "linear/matrix.h"
#include "linear/registry.h"
#include "proofs-check/conclude_output.h"
#include "proofs-check/sample_rule.h"

#include <gsl/gsl_poly.h>
#include <math.h>
#include <stdlib.h>

static const double LIMIT_BOUND = 1e-10; /* the promise of the project for limits */
static const double ERROR_BOUND = 1e-9;  /* of e at a limit: slope times LIMIT_BOUND */
static const double KEPT = 1e-8;         /* drift of a free integration, hundreds of local errors */

enum { WIDTH_MOST = 5 };

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- samplers ---- */

struct fan_case {
    size_t N;
    double c[3], x0[6];
};

/* Ordinary, three roots, a double root, symmetric, zero; then with vanishing feedback weights. */
static const struct fan_case corners[] = {
    {3, {1, -1, 0.5}, {0.5, -0.25, 0.25, 0.125, 0.75, -0.5}},
    {2, {1, 0.5}, {-1, 0.5, -3, -2}},
    {1, {1}, {-2, 0.5}},
    {2, {1, 1}, {0.5, 0.5, 0.5, 0.5}},
    {3, {1, 2, -1}, {0, 0, 0, 0, 0, 0}},
    {1, {1}, {-2, 1}},
    {3, {1, 0, 0}, {0.5, -0.25, 0.25, 0.125, 0.75, -0.5}},
    {2, {1, 0}, {1.5, 1, -1.375, 3.5}},
    {3, {0, 0, 2}, {0, 0, 0, 0, 0, 0}},
};
enum { FULL_CORNERS = 6, ALL_CORNERS = COUNT(corners) };

static struct instance corner_instance(const struct fan_case *corner)
{
    return sample_rule_fan(&rule_rbp, corner->N, corner->c, 2 * corner->N, corner->x0);
}

static struct instance draw_fan(struct stream *stream)
{
    const size_t N = 1 + stream_below(stream, WIDTH_MOST);
    const struct rule *rule = stream_below(stream, 2) ? &rule_rbp : &rule_srbp;
    return sample_drawn_rule_fan(stream, rule, N, 1);
}

static bool sample_full(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = index < FULL_CORNERS ? corner_instance(&corners[index]) : draw_fan(stream);
    return true;
}

/* Some of the c_i are zero, not all. */
static bool sample_some(struct stream *stream, size_t index, struct instance *instance)
{
    if (index < ALL_CORNERS) {
        *instance = corner_instance(&corners[index]);
        return true;
    }
    *instance = draw_fan(stream);
    for (size_t i = 1; i < instance->problem.c_count; i++)
        if (stream_below(stream, 2))
            instance->problem.c[i] = 0;
    return true;
}

static bool sample_drawn(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = draw_fan(stream);
    return true;
}

/* Control: the top layer learns against the error. */
static bool sample_wrong_top(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = draw_fan(stream);
    instance->problem.rate_count = 2;
    instance->problem.rates[0] = 1;
    instance->problem.rates[1] = -1;
    return true;
}

static void silence(struct instance *instance)
{
    for (size_t i = 0; i < instance->problem.c_count; i++)
        instance->problem.c[i] = 0;
}

/* c = 0 = a: nothing learns. */
static bool sample_frozen(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = draw_fan(stream);
    silence(instance);
    instance->problem.alpha = sample_nonzero(stream);
    for (size_t i = 0; i < instance->problem.c_count; i++)
        instance->x0[i] = 0;
    return true;
}

/* c = 0 and |a| at least sample_least. */
static bool sample_silent(struct stream *stream, size_t index, struct instance *instance)
{
    static const struct fan_case corner = {3, {0, 0, 0}, {0.5, -0.25, 0.25, 0.125, 0.75, -0.5}};
    *instance = index == 0 ? corner_instance(&corner) : draw_fan(stream);
    silence(instance);
    instance->x0[0] = copysign(fmax(fabs(instance->x0[0]), 2 * sample_least), instance->x0[0]);
    return true;
}

static bool sample_congruent(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = draw_fan(stream);
    const size_t N = instance->problem.c_count;
    for (size_t i = 0; i < N; i++)
        instance->x0[N + i] = copysign(instance->x0[N + i], instance->problem.c[i]);
    return true;
}

static bool sample_opposed(struct stream *stream, size_t index, struct instance *instance)
{
    sample_congruent(stream, index, instance);
    const size_t N = instance->problem.c_count;
    for (size_t i = 0; i < N; i++)
        instance->x0[N + i] *= -1;
    return true;
}

/* |c_i| <= 0.02, the witness first. */
static bool sample_small_feedback(struct stream *stream, size_t index, struct instance *instance)
{
    static const double SMALL = 0.02;
    static const struct fan_case witness = {2, {0.01, 0.01}, {0.05, 0, -1, -1}};
    *instance = index == 0 ? corner_instance(&witness) : draw_fan(stream);
    for (size_t i = 0; i < instance->problem.c_count && index > 0; i++)
        instance->problem.c[i] = stream_between(stream, -SMALL, SMALL);
    return true;
}

/* |c.b| < |a|^2: c is scaled until it is. */
static bool sample_dominated(struct stream *stream, size_t index, struct instance *instance)
{
    static const double SHARE = 0.99;
    (void)index;
    *instance = draw_fan(stream);
    const size_t N = instance->problem.c_count;
    double square = 0, mixed = 0;
    for (size_t i = 0; i < N; i++) {
        square += instance->x0[i] * instance->x0[i];
        mixed += instance->problem.c[i] * instance->x0[N + i];
    }
    for (size_t i = 0; i < N; i++)
        instance->problem.c[i] *= SHARE * square / fmax(fabs(mixed), square);
    return square > 0;
}

/* A chain's two sign changes, and the same with a second neuron that adds nothing to them. */
static const struct fan_case two_changes[] = {
    {1, {1}, {-2, 1}},
    {2, {1, 0}, {-2, 0.125, 1, 0.25}},
};

static bool sample_changing(struct stream *stream, size_t index, struct instance *instance)
{
    *instance =
        index < COUNT(two_changes) ? corner_instance(&two_changes[index]) : draw_fan(stream);
    return true;
}

static bool sample_two_changes(struct stream *stream, size_t index, struct instance *instance)
{
    return index < COUNT(two_changes) && sample_changing(stream, index, instance);
}

/* ---- conclusions ---- */

/* False on purpose: the limit that belongs to twice the feedback weights. */
static enum status limit_of_doubled_feedback(struct trial *trial, enum finding *finding)
{
    struct problem doubled = trial->instance->problem;
    for (size_t i = 0; i < doubled.c_count; i++)
        doubled.c[i] *= 2;
    TRY(problem_predict(&doubled, trial->instance->x0, trial->limit, &trial->prediction));
    trial->predicted = true;
    return conclude_predicted_limit(trial, finding);
}

/* b = b0 + a0 (alpha - beta P0)/(beta |a0|^power), a = a0 */
static enum status compare_correction(struct trial *trial, double power, enum finding *finding)
{
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    const struct problem *p = &trial->instance->problem;
    const double *x0 = trial->instance->x0, *limit = trial->outcome->limit;
    const size_t N = trial->flow->dim / 2;
    double length = 0;
    for (size_t i = 0; i < N; i++)
        length = hypot(length, x0[i]);
    const double step = conclude_output_error(trial, x0) / (p->beta * pow(length, power));
    trial->deviation = 0;
    for (size_t i = 0; i < N; i++) {
        const double b = x0[N + i] + x0[i] * step;
        trial->deviation = fmax(trial->deviation, fabs(limit[i] - x0[i]));
        trial->deviation = fmax(trial->deviation, fabs(limit[N + i] - b) / fmax(1, fabs(b)));
    }
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "off the least correction by %.3g", trial->deviation);
    return conclude_holds(finding);
}

static enum status conclude_least_correction(struct trial *trial, enum finding *finding)
{
    return compare_correction(trial, 2, finding);
}

static enum status conclude_unscaled_correction(struct trial *trial, enum finding *finding)
{
    return compare_correction(trial, 1, finding);
}

static enum status conclude_frozen(struct trial *trial, enum finding *finding)
{
    double f[INSTANCE_DIM_MAX], most = 0;
    TRY(trial->flow->field(trial->flow, 1, trial->instance->x0, f));
    for (size_t i = 0; i < trial->flow->dim; i++)
        most = fmax(most, fabs(f[i]));
    trial->deviation = most;
    if (most > 0)
        return conclude_fails(trial, finding, "moves: |f| = %.4g", most);
    return conclude_holds(finding);
}

static enum status conclude_sensitive(struct trial *trial, enum finding *finding)
{
    const double S = fan_sensitivity(trial->flow, trial->instance->x0);
    trial->deviation = 0;
    if (!(S >= 0))
        return conclude_fails(trial, finding, "S = %.6g: dP/dt opposes alpha - beta P", S);
    return conclude_holds(finding);
}

static double sensitivity_event(const void *context, const double *x)
{
    return fan_sensitivity(context, x);
}

/* Sign changes of dP/ds along the trajectory; the turning points of the cubic must agree. */
static enum status count_changes(struct trial *trial, double most, enum finding *finding)
{
    bool rests;
    struct clock_polynomial clock;
    const struct prediction *prediction;
    trial->plan.event = sensitivity_event;
    trial->plan.context = trial->flow;
    TRY(trial_prediction(trial, &prediction));
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    if (prediction->ending != ENDING_SETTLED)
        return conclude_undecided(trial, finding, "no simple root to count up to");
    TRY(fan_clock(&trial->instance->problem, trial->instance->x0, &clock));
    const int turning = clock_turning_points(&clock.clock, prediction->clock);
    trial->measured = trial->deviation = (double)trial->outcome->events;
    trial->expected = turning;
    if (trial->measured != trial->expected)
        return conclude_undecided(trial, finding, "%zu sign changes, %d turning points",
                                  trial->outcome->events, turning);
    if (!(trial->measured <= most))
        return conclude_fails(trial, finding, "dP/dt changes sign %zu times",
                              trial->outcome->events);
    return conclude_holds(finding);
}

static enum status conclude_two_changes_most(struct trial *trial, enum finding *finding)
{
    return count_changes(trial, 2, finding);
}

static enum status conclude_one_change_most(struct trial *trial, enum finding *finding)
{
    return count_changes(trial, 1, finding);
}

/* The matrices b c' + c b' - a a' and a c' - c a', all entries, at the limit and at the start. */
static double published_integral(const struct trial *trial, const double *x, size_t i, size_t j,
                                 bool symmetric)
{
    const double *c = trial->instance->problem.c, *a = x, *b = x + trial->flow->dim / 2;
    return symmetric ? b[i] * c[j] + c[i] * b[j] - a[i] * a[j] : a[i] * c[j] - c[i] * a[j];
}

static enum status conclude_integrals(struct trial *trial, enum finding *finding)
{
    bool rests;
    trial->plan.free_integrals = true;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    const size_t N = trial->flow->dim / 2;
    const double *now = trial->outcome->last, *then = trial->instance->x0;
    double size = 1;
    trial->deviation = 0;
    for (size_t k = 0; k < 2 * N * N; k++) {
        const size_t i = k / 2 / N, j = k / 2 % N;
        const double before = published_integral(trial, then, i, j, k % 2);
        const double after = published_integral(trial, now, i, j, k % 2);
        size = fmax(size, fabs(before));
        trial->deviation = fmax(trial->deviation, fabs(after - before));
    }
    for (size_t i = 0; i < 2 * N; i++)
        size = fmax(size, now[i] * now[i]);
    trial->deviation /= size;
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "an integral changes by %.3g", trial->deviation);
    return conclude_holds(finding);
}

/* The rank of the gradients of the claims, by singular values. */
static enum status compare_rank(struct trial *trial, double expected, enum finding *finding)
{
    const size_t dim = trial->flow->dim, count = trial->flow->conserved;
    static const double CUT = 1e-10; /* relative to the largest; rounding leaves 1e-16 */
    double *work = calloc(count * dim + dim, sizeof *work);
    if (!work)
        return status_fail(NO_MEMORY, "rank of %zu gradients", count);
    double *values = work + count * dim, rank = 0;
    for (size_t k = 0; k < count; k++)
        trial->flow->gradient(trial->flow, k, trial->instance->x0, work + k * dim);
    const enum status status = matrix_singular_values(count, dim, work, values, NULL, NULL);
    for (size_t k = 0; k < count && k < dim && status == OK; k++)
        rank += values[k] > CUT * values[0];
    free(work);
    TRY(status);
    return conclude_close(trial, "independent integrals", rank, expected, finding);
}

static enum status conclude_independent(struct trial *trial, enum finding *finding)
{
    return compare_rank(trial, (double)trial->flow->dim - 1, finding);
}

static enum status conclude_too_independent(struct trial *trial, enum finding *finding)
{
    return compare_rank(trial, (double)trial->flow->dim, finding);
}

/* ---- three fixed points on a leaf ---- */

/* Shares of 4 000 000 draws with alpha = beta = 1 and all weights standard normal. */
static const struct share {
    size_t N;
    double p;
} shares[] = {{1, 0.2534}, {2, 0.1192}, {3, 0.0731}, {5, 0.0318}};

static bool sample_shares(struct stream *stream, size_t index, struct instance *instance)
{
    if (index >= COUNT(shares))
        return false;
    *instance = sample_drawn_rule_fan(stream, &rule_rbp, shares[index].N, 1);
    instance->problem.alpha = instance->problem.beta = 1;
    return true;
}

/* Does the cubic of a drawn start have three real roots? */
static bool has_three_roots(struct stream *stream, size_t N)
{
    double aa = 0, ab = 0, ac = 0, bc = 0, cc = 0;
    for (size_t i = 0; i < N; i++) {
        const double a = stream_normal(stream), b = stream_normal(stream);
        const double c = stream_normal(stream);
        aa += a * a;
        ab += a * b;
        ac += a * c;
        bc += b * c;
        cc += c * c;
    }
    double root[3];
    return gsl_poly_solve_cubic(3 * ac / cc, 2 * (aa + bc) / cc, 2 * (ab - 1) / cc, &root[0],
                                &root[1], &root[2]) == 3;
}

static enum status compare_share(struct trial *trial, double expected, enum finding *finding)
{
    enum { DRAWS = 20000, SEED = 5 };
    const size_t N = trial->instance->problem.c_count;
    size_t hits = 0;
    for (uint64_t k = 0; k < DRAWS; k++) {
        struct stream stream = stream_at(SEED, stream_key("three roots") + N, k);
        hits += has_three_roots(&stream, N);
    }
    return conclude_share(trial, hits, DRAWS, expected, finding);
}

static enum status conclude_three_roots(struct trial *trial, enum finding *finding)
{
    size_t k = 0;
    while (shares[k].N != trial->instance->problem.c_count)
        k++;
    return compare_share(trial, shares[k].p, finding);
}

static enum status conclude_width_is_nothing(struct trial *trial, enum finding *finding)
{
    return compare_share(trial, shares[0].p, finding);
}

/* ---- backpropagation on the fan ---- */

/* A null set, u = a + sgn(alpha) b = 0, for N = 1, and draws off it. */
static bool sample_gradient(struct stream *stream, size_t index, struct instance *instance)
{
    const size_t N = 1 + index % WIDTH_MOST;
    *instance = sample_drawn_rule_fan(stream, &rule_bp, N, 1);
    if (N == 1 && index % 2 == 0)
        instance->x0[1] = -copysign(1, instance->problem.alpha) * instance->x0[0];
    return true;
}

static bool sample_gradient_generic(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = sample_drawn_rule_fan(stream, &rule_bp, 1 + index % WIDTH_MOST, 1);
    return true;
}

#define PUBLISHED "Baldi, Sadowski, Lu (2018), Theorem 5"
#define NOTES     "notes/fan.md, "

static const struct theorem records[] = {
    {
        .id = "t5-converges-published",
        .source = PUBLISHED,
        .hypotheses = "A[1,N,1] under rbp or srbp, beta > 0, all c_i != 0; any start",
        .statement = "From every start the weights converge to a global minimum.",
        .label = "W4",
        .recorded = VERDICT_PROVED,
        .trials = 200,
        .corners = FULL_CORNERS,
        .sweep = 20,
        .bound = ERROR_BOUND,
        .sample = sample_full,
        .conclude = conclude_output_learned,
        .control = {.what = "the top layer learns against the error", .sample = sample_wrong_top},
        .proof = &proof_fan_converges,
    },
    {
        .id = "t5-converges",
        .source = NOTES "(W4)",
        .hypotheses = "A[1,N,1] under rbp or srbp, beta > 0, c != 0; any start",
        .statement = "One c_i that does not vanish is enough for convergence to a global minimum "
                     "from every start.",
        .label = "W4",
        .recorded = VERDICT_PROVED,
        .trials = 200,
        .corners = ALL_CORNERS,
        .sweep = 20,
        .bound = ERROR_BOUND,
        .sample = sample_some,
        .conclude = conclude_output_learned,
        .control = {.what = "c = 0 = a(0), alpha != 0", .sample = sample_frozen},
        .proof = &proof_fan_converges,
    },
    {
        .id = "t5-limit",
        .source = NOTES "(W1), (W4)",
        .hypotheses = "A[1,N,1] under rbp or srbp, beta > 0, c != 0; any start (a0, b0), P(s) of "
                      "the state below",
        .statement = "The limit is a0 + c s, b0 + a0 s + c s^2/2 at the next root s of the cubic "
                     "alpha - beta P(s) in the direction of alpha - beta P(0).",
        .label = "W1, W4",
        .recorded = VERDICT_PROVED,
        .trials = 200,
        .corners = ALL_CORNERS,
        .sweep = 10,
        .bound = LIMIT_BOUND,
        .sample = sample_some,
        .conclude = conclude_predicted_limit,
        .control = {.what = "false conclusion: the limit for twice the feedback",
                    .sample = sample_drawn,
                    .conclude = limit_of_doubled_feedback},
        .proof = &proof_fan_converges,
    },
    {
        .id = "t5-silent",
        .source = NOTES "(W5)",
        .hypotheses = "A[1,N,1] under rbp or srbp, beta > 0, c = 0; a start with a != 0",
        .statement =
            "a stays, and b makes the least correction, b0 + a0 (alpha - beta P0)/(beta |a0|^2).",
        .label = "W5",
        .recorded = VERDICT_SUPPORTED,
        .trials = 200,
        .corners = 1,
        .sweep = 20,
        .bound = LIMIT_BOUND,
        .sample = sample_silent,
        .conclude = conclude_least_correction,
        .control = {.what = "false conclusion: |a0| for |a0|^2",
                    .sample = sample_silent,
                    .conclude = conclude_unscaled_correction},
    },
    {
        .id = "t5-frozen",
        .source = NOTES "(W5)",
        .hypotheses = "A[1,N,1] under rbp or srbp, c = 0; a start with a = 0; any b and alpha",
        .statement = "Nothing moves, whatever b and alpha are.",
        .label = "W5",
        .recorded = VERDICT_SUPPORTED,
        .trials = 50,
        .corners = 0,
        .bound = 0, /* the field vanishes exactly */
        .sample = sample_frozen,
        .conclude = conclude_frozen,
        .control = {.what = "a(0) != 0", .sample = sample_silent},
    },
    {
        .id = "t5-congruent",
        .source = PUBLISHED ", its proof",
        .hypotheses = "A[1,N,1] under rbp or srbp, beta > 0; a state with c_i b_i >= 0 for all i",
        .statement = "dP/dt has the sign of alpha - beta P, or is zero.",
        .label = "W3",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1000,
        .corners = 0,
        .bound = 0, /* not used: the sign decides */
        .sample = sample_congruent,
        .conclude = conclude_sensitive,
        .control = {.what = "c_i b_i <= 0 for all i", .sample = sample_opposed},
    },
    {
        .id = "t5-small-published",
        .source = PUBLISHED ", its proof",
        .hypotheses = "A[1,N,1] under rbp or srbp, beta > 0, all c_i small, whatever their signs; "
                      "any state; tried: |c_i| <= 0.02",
        .statement = "dP/dt has the sign of alpha - beta P.",
        .label = "W3",
        .recorded = VERDICT_REFUTED,
        .trials = 200,
        .corners = 1,
        .bound = 0, /* not used: the sign decides */
        .sample = sample_small_feedback,
        .conclude = conclude_sensitive,
        .control = {.what = "c_i b_i <= 0 and not small", .sample = sample_opposed},
        .proof = &proof_witness_small_fan,
    },
    {
        .id = "t5-small",
        .source = NOTES "(W3)",
        .hypotheses = "A[1,N,1] under rbp or srbp, beta > 0; a state with |c.b| < |a|^2",
        .statement = "dP/dt has the sign of alpha - beta P.",
        .label = "W3",
        .recorded = VERDICT_PROVED,
        .trials = 1000,
        .corners = 0,
        .bound = 0, /* not used: the sign decides */
        .sample = sample_dominated,
        .conclude = conclude_sensitive,
        .control = {.what = "c_i b_i <= 0 for all i", .sample = sample_opposed},
        .proof = &proof_slope_fan_small,
    },
    {
        .id = "t5-sign-changes",
        .source = NOTES "(W6)",
        .hypotheses = "A[1,N,1] under rbp or srbp, c != 0; any start",
        .statement = "dP/dt changes sign at most twice along a trajectory.",
        .label = "W6",
        .recorded = VERDICT_PROVED,
        .trials = 200,
        .corners = COUNT(two_changes),
        .bound = 2, /* sign changes */
        .sample = sample_changing,
        .conclude = conclude_two_changes_most,
        .control = {.what = "false conclusion: at most once",
                    .sample = sample_two_changes,
                    .conclude = conclude_one_change_most},
        .proof = &proof_fan_converges,
    },
    {
        .id = "t5-integrals",
        .source = PUBLISHED ", Eqs. 59, 60; " NOTES "(W2)",
        .hypotheses =
            "A[1,N,1] under rbp or srbp, equal rates, no decay; any c, alpha and beta, any start",
        .statement = "All entries of b c' + c b' - a a' and of a c' - c a' are conserved.",
        .label = "W2",
        .recorded = VERDICT_PROVED,
        .trials = 150,
        .corners = ALL_CORNERS,
        .bound = KEPT,
        .sample = sample_some,
        .conclude = conclude_integrals,
        .control = {.what = "the top layer learns against the error", .sample = sample_wrong_top},
        .proof = &proof_conserved_fan,
    },
    {
        .id = "t5-independent",
        .source = NOTES "(W2)",
        .hypotheses = "A[1,N,1] under rbp or srbp, c != 0; any state",
        .statement = "2 N - 1 of the entries of b c' + c b' - a a' and a c' - c a', which are "
                     "conserved, are independent; every leaf is a curve.",
        .label = "W2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 200,
        .corners = ALL_CORNERS,
        .bound = 0, /* a rank is exact */
        .sample = sample_some,
        .conclude = conclude_independent,
        .control = {.what = "false conclusion: 2 N are",
                    .sample = sample_drawn,
                    .conclude = conclude_too_independent},
    },
    {
        .id = "t5-three-roots",
        .source = NOTES "(W6)",
        .hypotheses = "A[1,N,1] under rbp, alpha = beta = 1, all a_i, b_i and c_i standard normal; "
                      "N = 1, 2, 3, 5",
        .statement = "Three fixed points lie on the leaf with probability 0.253, 0.119, 0.073, "
                     "0.032 for N = 1, 2, 3, 5.",
        .label = "W6",
        .recorded = VERDICT_SUPPORTED,
        .trials = COUNT(shares),
        .corners = COUNT(shares),
        .bound = 0, /* not used: an exact confidence interval decides */
        .sample = sample_shares,
        .conclude = conclude_three_roots,
        .control = {.what = "false conclusion: 0.253 for every N",
                    .sample = sample_shares,
                    .conclude = conclude_width_is_nothing},
    },
    {
        .id = "t5-bp-limit",
        .source = NOTES "(W7)",
        .hypotheses = "A[1,N,1] under bp, alpha != 0, beta > 0; any start",
        .statement = "Converges, to the next root of the quartic with D = 0; a global minimum "
                     "unless a + sgn(alpha) b = 0, then a saddle.",
        .label = "W7",
        .recorded = VERDICT_SUPPORTED,
        .trials = 200,
        .corners = 0,
        .bound = LIMIT_BOUND,
        .sample = sample_gradient,
        .conclude = conclude_as_theory_says,
        .control = {.what = "false conclusion: it never learns",
                    .sample = sample_gradient_generic,
                    .conclude = conclude_output_stuck},
    },
};

const struct chapter chapter_theorem_5 = {
    .title = "Theorem 5: A[1,N,1]", .theorem = records, .theorems = COUNT(records)};
