/* Theorem 4, A[1,...,1] of any length L: a_i' = c_i (prod_{k<i} a_k) e.
 *
 * Depths are drawn from 1 to DEPTH_MOST: the clock polynomial then has degree up to 63, where
 * expanding it would already have lost all digits.  Statements: notes/chains.md, (L1)-(L14). */
#include "linear/registry.h"
#include "proofs-check/conclude.h"
#include "proofs-check/sample.h"

#include <math.h>

enum { DEPTH_MOST = 6, DEPTH_CHEBYSHEV = 4, DEPTH_CREEPING = 4 };

static const double LIMIT_BOUND = 1e-10; /* the promise of the project for limits */
/* Of alpha - beta P: slope (up to 1e3 at L = 6) times rounding */
static const double ERROR_BOUND = 1e-9;
static const double RATE_BOUND = 5e-3; /* the tail is linear to 1e-3 where the rate is measured */
/* L = 4: x ~ t^(-1/14) leaves terms x^2 ~ 0.04 at t = 1e10 */
static const double EXPONENT_BOUND = 0.08;
static const double GROWTH_BOUND = 1e-3;  /* of the exponent at |x| = 1e9 */
static const double LEADING_BOUND = 1e-6; /* at |a1| = 1e5: the lower terms are K/a1^2 */
static const double NEAR = 0.25;          /* "stays near": displacements are at most an eighth */

/* ---- samplers ---- */

static size_t drawn_depth(struct stream *stream, size_t least)
{
    return least + stream_below(stream, DEPTH_MOST + 1 - least);
}

enum { ALL_CORNERS = 5 };

/* Every depth; the first instances have one layer, equal weights, zeros, and a degenerate limit. */
static bool sample_all(struct stream *stream, size_t index, struct instance *instance)
{
    static const double ones[DEPTH_MOST] = {1, 1, 1, 1, 1, 1};
    static const double halves[DEPTH_MOST] = {0.5, 0.5, 0.5, 0.5, 0.5, 0.5};
    static const double zeros[DEPTH_MOST] = {0};
    if (index == 0)
        *instance = sample_chain(&rule_srbp, 1, ones, halves);
    else if (index == 1)
        *instance = sample_chain(&rule_srbp, 4, ones, halves);
    else if (index == 2)
        *instance = sample_chain(&rule_srbp, DEPTH_MOST, ones, halves);
    else if (index == 3)
        *instance = sample_chain(&rule_srbp, 5, ones, zeros);
    else if (index == 4)
        *instance = sample_chain(&rule_srbp, 2, ones, (double[]){-2, 0.5});
    else
        *instance = sample_drawn_chain(stream, drawn_depth(stream, 1));
    if (index >= ALL_CORNERS && stream_below(stream, 2)) { /* half of them layer by layer */
        instance->problem.rule = &rule_rbp;
        instance->problem.c_count = instance->problem.depth - 1;
    }
    return true;
}

static bool sample_drawn(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_drawn_chain(stream, drawn_depth(stream, 2));
    return true;
}

static bool sample_wrong_top(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = sample_drawn_chain(stream, 2 + index % 2);
    instance->problem.c[instance->dim - 1] = -1;
    return true;
}

static bool sample_unequal_rates(struct stream *stream, size_t index, struct instance *instance)
{
    enum { REFERENCE_DEPTH = 3 };
    if (index == 0) {
        *instance = sample_chain(&rule_srbp, REFERENCE_DEPTH, (double[]){1.5, -0.5, 1},
                                 (double[]){-1, 0.5, 0.75});
        instance->problem.alpha = 2;
        instance->problem.beta = 0.5;
    } else {
        *instance = sample_drawn_chain(stream, drawn_depth(stream, 2));
    }
    instance->problem.rate_count = instance->dim;
    for (size_t i = 0; i < instance->dim; i++)
        instance->problem.rates[i] = sample_positive(stream);
    return true;
}

static bool sample_negative_top_rate(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = sample_drawn_chain(stream, 2 + index % 2);
    instance->problem.rate_count = instance->dim;
    for (size_t i = 0; i < instance->dim; i++)
        instance->problem.rates[i] = i + 1 < instance->dim ? 1 : -1;
    return true;
}

/* Feedback weights and starts that vanish here and there: all cases of (L3). */
static bool sample_zeros(struct stream *stream, size_t index, struct instance *instance)
{
    enum { ONE_IN = 3 };
    (void)index;
    *instance = sample_drawn_chain(stream, 2 + stream_below(stream, 3));
    for (size_t i = 0; i + 1 < instance->dim; i++) {
        if (stream_below(stream, ONE_IN) == 0)
            instance->problem.c[i] = 0;
        if (stream_below(stream, ONE_IN) == 0)
            instance->x0[i] = 0;
    }
    return true;
}

/* c_p = 0 = a_p(0) for one p > 1, all feedback weights below p not zero. */
static bool sample_polynomial_growth(struct stream *stream, size_t index, struct instance *instance)
{
    const size_t L = 3 + index % 3, p = 2 + stream_below(stream, L - 2);
    *instance = sample_drawn_chain(stream, L);
    instance->problem.alpha = sample_nonzero(stream);
    instance->problem.c[p - 1] = instance->x0[p - 1] = 0;
    return true;
}

/* A start where one update vanishes; the first is (0, 0), where a2' = 0 and a1' = 1. */
static bool sample_vanishing_update(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = index == 0 ? sample_chain(&rule_srbp, 2, (double[]){1, 1}, (double[]){0, 0})
                           : sample_drawn_chain(stream, drawn_depth(stream, 2));
    if (index > 0)
        instance->x0[stream_below(stream, instance->dim - 1)] = 0;
    return true;
}

/* Starts on alpha = beta P: there a1' = 0, and so is everything else. */
static bool sample_first_update_zero(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_drawn_chain(stream, drawn_depth(stream, 2));
    for (size_t i = 0; i < instance->dim; i++) /* dyadic, so that alpha = beta P is exact */
        instance->x0[i] = (double)(1 + stream_below(stream, 7)) / 4;
    double P = 1;
    for (size_t i = 0; i < instance->dim; i++)
        P *= instance->x0[i];
    instance->problem.beta = 1;
    instance->problem.alpha = P;
    return true;
}

/* A fixed point with |S| >= LEAST_S of the wanted sign, displaced a little along a1. */
static bool sample_beside_fixed_point(struct stream *stream, int sign, struct instance *instance)
{
    enum { TRIES = 2000 };
    static const double LEAST_S = 0.5, DISPLACEMENT = 1e-4;
    for (int i = 0; i < TRIES; i++) {
        *instance = sample_drawn_chain(stream, 2 + stream_below(stream, 3));
        double lower = 1, S = 0, P = 1;
        for (size_t k = 0; k < instance->dim; k++)
            instance->x0[k] = sample_nonzero(stream), P *= instance->x0[k];
        for (size_t k = 0; k < instance->dim; k++) {
            S += instance->problem.c[k] * lower * P / instance->x0[k];
            lower *= instance->x0[k];
        }
        instance->problem.alpha = instance->problem.beta * P;
        instance->x0[0] += DISPLACEMENT;
        if (sign * S >= LEAST_S)
            return true;
    }
    return false;
}

static bool sample_positive_side(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    return sample_beside_fixed_point(stream, 1, instance);
}

static bool sample_negative_side(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    return sample_beside_fixed_point(stream, -1, instance);
}

/* "c small": the first instance is the counterexample of (L9). */
static bool sample_small_feedback(struct stream *stream, size_t index, struct instance *instance)
{
    static const double SMALL = 0.02;
    *instance = index == 0
                    ? sample_chain(&rule_srbp, 3, (double[]){0.01, -1, 1}, (double[]){0.01, 1, -1})
                    : sample_drawn_chain(stream, 3);
    if (index > 0) /* c1 small and c2 congruent with a3 */
        instance->problem.c[0] = stream_between(stream, -SMALL, SMALL),
        instance->problem.c[1] = copysign(instance->problem.c[1], instance->x0[2]);
    return true;
}

/* |c1 a2 a3| < a1^2 (a2^2 + c2 a3), the second factor positive. */
static bool sample_dominated(struct stream *stream, size_t index, struct instance *instance)
{
    enum { TRIES = 1000 };
    (void)index;
    for (int i = 0; i < TRIES; i++) {
        *instance = sample_drawn_chain(stream, 3);
        const double *a = instance->x0, *c = instance->problem.c;
        if (fabs(c[0] * a[1] * a[2]) < a[0] * a[0] * (a[1] * a[1] + c[1] * a[2]))
            return true;
    }
    return false;
}

/* sign c_i = sign a_{i+1}; the first instance shows that this is not enough for srbp. */
static bool sample_next_weight_sign(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = index == 0
                    ? sample_chain(&rule_srbp, 3, (double[]){1, -1, 1}, (double[]){0.5, 1, -1})
                    : sample_drawn_chain(stream, 3 + stream_below(stream, 3));
    for (size_t i = 0; i + 1 < instance->dim; i++)
        instance->problem.c[i] = copysign(instance->problem.c[i], instance->x0[i + 1]);
    return true;
}

static bool sample_congruent_rbp(struct stream *stream, size_t index, struct instance *instance)
{
    (void)sample_next_weight_sign(stream, index + 1, instance);
    instance->problem.rule = &rule_rbp;
    instance->problem.c_count = instance->dim - 1;
    return true;
}

/* sign c_i = sign prod_{k>i} a_k */
static bool sample_congruent_srbp(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_drawn_chain(stream, drawn_depth(stream, 2));
    double above = 1;
    for (size_t i = instance->dim - 1; i-- > 0;) {
        above *= instance->x0[i + 1];
        instance->problem.c[i] = copysign(instance->problem.c[i], above);
    }
    return true;
}

static bool sample_incongruent(struct stream *stream, size_t index, struct instance *instance)
{
    (void)sample_congruent_srbp(stream, index, instance);
    for (size_t i = 0; i + 1 < instance->dim; i++)
        instance->problem.c[i] *= -1;
    return true;
}

/* Chebyshev leaves of (L5), (L6): c = 1, a_{i+1} = a_i^2/2 - 4. */
static struct instance chebyshev(size_t L, double alpha)
{
    static const double ones[DEPTH_MOST] = {1, 1, 1, 1, 1, 1};
    double x0[DEPTH_MOST] = {-4};
    for (size_t i = 1; i < L; i++)
        x0[i] = 4;
    struct instance instance = sample_chain(&rule_srbp, L, ones, x0);
    instance.problem.alpha = alpha;
    return instance;
}

/* alpha > 4^L: all 2^L - 2 turning points are crossed. */
static bool sample_all_turning(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    const size_t L = 2 + index;
    *instance = chebyshev(L < DEPTH_MOST ? L : 2, 1.5 * ldexp(1, 2 * (int)L));
    if (L == DEPTH_CHEBYSHEV + 1)
        *instance = sample_six_changes();
    return L <= DEPTH_CHEBYSHEV + 1;
}

/* |rho| < 2^L: the leaf holds 2^L - 1 fixed points. */
static bool sample_all_roots(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    const size_t L = 2 + index;
    *instance = chebyshev(L < DEPTH_MOST ? L : 2, 0.3);
    if (L == DEPTH_CHEBYSHEV + 1) { /* the seven roots of the literature of this case */
        *instance = sample_chain(&rule_srbp, 3, (double[]){1, 1, 1}, (double[]){-3, 1.5, -1.375});
        instance->problem.alpha = 0.1;
    }
    return L <= DEPTH_CHEBYSHEV + 1;
}

static bool sample_one_root(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    *instance = chebyshev(2 + index % 2, 1e3);
    return true;
}

/* alpha = 0 and all K_i = 0: a_{i+1} = c_{i+1} a_i^2 / (2 c_i), with dyadic c and a1. */
static bool sample_null_leaf(struct stream *stream, size_t index, struct instance *instance)
{
    const size_t L = 2 + index % (DEPTH_CREEPING - 1);
    double c[DEPTH_CREEPING], x0[DEPTH_CREEPING];
    for (size_t i = 0; i < L; i++)
        c[i] = i + 1 < L ? ldexp(1, (int)stream_below(stream, 3) - 1) : 1;
    x0[0] = index < DEPTH_CREEPING - 1 ? 1 : (double)(2 + stream_below(stream, 3)) / 2;
    for (size_t i = 1; i < L; i++)
        x0[i] = c[i] / (2 * c[i - 1]) * x0[i - 1] * x0[i - 1];
    *instance = sample_chain(&rule_srbp, L, c, x0);
    instance->problem.alpha = 0;
    return true;
}

static bool sample_cycling(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    *instance = sample_cycling_chain();
    return index == 0;
}

/* ---- conclusions ---- */

/* Frozen chains rest away from the minimum; what else (L3) says is in the prediction. */
static enum status ends_as_zeros_say(struct trial *trial, enum finding *finding)
{
    const struct prediction *prediction;
    TRY(trial_prediction(trial, &prediction));
    if (prediction->ending == ENDING_HORIZON || prediction->multiplicity == 0)
        return conclude_predicted_ending(trial, finding);
    return conclude_predicted_limit(trial, finding);
}

/* False on purpose: zero feedback weights do no harm. */
static enum status zeros_are_harmless(struct trial *trial, enum finding *finding)
{
    return conclude_global_minimum(trial, finding);
}

/* Power laws take their time: x ~ t^(-1/14), or |x| ~ t with a small constant. */
static enum status exponent_in_the_long_run(struct trial *trial, enum finding *finding)
{
    static const double LONG_RUN = 1e20;
    trial->plan.horizon = LONG_RUN;
    return conclude_predicted_exponent(trial, finding);
}

/* False on purpose: exponents that grow with L, not with 2^L. */
static enum status exponent_of_L(struct trial *trial, enum finding *finding)
{
    const struct prediction *prediction;
    TRY(trial_prediction(trial, &prediction));
    trial->prediction.exponent = -1 / (2 * (double)trial->flow->dim - 1);
    return exponent_in_the_long_run(trial, finding);
}

/* If one update of the start vanishes, all do. */
static enum status updates_vanish_together(struct trial *trial, enum finding *finding)
{
    double f[INSTANCE_DIM_MAX];
    size_t zero = 0;
    TRY(trial->flow->field(trial->flow, 1, trial->instance->x0, f));
    for (size_t i = 0; i < trial->flow->dim; i++)
        zero += f[i] == 0;
    trial->deviation = 0;
    if (zero > 0 && zero < trial->flow->dim)
        return conclude_fails(trial, finding, "%zu of %zu updates vanish", zero, trial->flow->dim);
    return conclude_holds(finding);
}

/* False on purpose. */
static enum status no_update_vanishes(struct trial *trial, enum finding *finding)
{
    double f[INSTANCE_DIM_MAX];
    TRY(trial->flow->field(trial->flow, 1, trial->instance->x0, f));
    for (size_t i = 0; i < trial->flow->dim; i++)
        if (f[i] == 0)
            return conclude_fails(trial, finding, "update %zu vanishes", i + 1);
    return conclude_holds(finding);
}

static enum status at_most_2_to_L_minus_2(struct trial *trial, enum finding *finding)
{
    size_t changes = 0;
    bool counted;
    TRY(conclude_count_sign_changes(trial, &changes, &counted, finding));
    const size_t most = ((size_t)1 << trial->flow->dim) - 2;
    trial->deviation = changes > most ? (double)(changes - most) : 0;
    if (counted && changes > most)
        return conclude_fails(trial, finding, "%zu sign changes", changes);
    return counted ? conclude_holds(finding) : OK;
}

static enum status exactly_2_to_L_minus_2(struct trial *trial, enum finding *finding)
{
    size_t changes = 0;
    bool counted;
    TRY(conclude_count_sign_changes(trial, &changes, &counted, finding));
    if (!counted)
        return OK;
    const double expected = ldexp(1, (int)trial->flow->dim) - 2;
    return conclude_close(trial, "sign changes", (double)changes, expected, finding);
}

/* Sign changes of e, and of those the falling ones (attractors), on a fine grid of the clock. */
static void count_fixed_points(const struct trial *trial, size_t *points, size_t *attractors)
{
    enum { GRID = 20000 }; /* spacing 0.003: roots of the Chebyshev leaves lie 0.04 apart or more */
    static const double RANGE = 32; /* |s| beyond which no root of the instances lies */
    struct chain_clock clock;
    double a[INSTANCE_DIM_MAX], error, before = NAN;
    chain_clock_init(&clock, &trial->instance->problem, trial->flow, trial->instance->x0);
    *points = *attractors = 0;
    for (size_t i = 0; i <= GRID; i++) {
        chain_at_clock(&clock, ball_of(RANGE * (2.0 * (double)i / GRID - 1)), a, &error);
        const double e = chain_error(trial->flow, a);
        *points += before * e < 0;
        *attractors += before > 0 && e < 0;
        before = e;
    }
}

static enum status at_most_2_to_L_minus_1_points(struct trial *trial, enum finding *finding)
{
    size_t points, attractors;
    count_fixed_points(trial, &points, &attractors);
    const size_t most = ((size_t)1 << trial->flow->dim) - 1;
    trial->deviation = points > most ? (double)(points - most) : 0;
    if (points > most)
        return conclude_fails(trial, finding, "%zu fixed points", points);
    return conclude_holds(finding);
}

static enum status all_fixed_points_occur(struct trial *trial, enum finding *finding)
{
    size_t points, attractors;
    count_fixed_points(trial, &points, &attractors);
    const double half = ldexp(1, (int)trial->flow->dim - 1);
    TRY(conclude_close(trial, "fixed points", (double)points, 2 * half - 1, finding));
    if (*finding != FINDING_HOLDS)
        return OK;
    return conclude_close(trial, "attractors", (double)attractors, half, finding);
}

/* False on purpose: never more than one fixed point, resp. one sign change. */
static enum status one_fixed_point(struct trial *trial, enum finding *finding)
{
    size_t points, attractors;
    count_fixed_points(trial, &points, &attractors);
    return conclude_close(trial, "fixed points", (double)points, 1, finding);
}

static enum status one_sign_change(struct trial *trial, enum finding *finding)
{
    size_t changes = 0;
    bool counted;
    TRY(conclude_count_sign_changes(trial, &changes, &counted, finding));
    if (counted && changes > 1)
        return conclude_fails(trial, finding, "%zu sign changes", changes);
    return counted ? conclude_holds(finding) : OK;
}

/* P / a1^power far out on the leaf, at a1 = FAR. */
static double far_ratio(const struct trial *trial, double power)
{
    static const double FAR = 1e5;
    struct chain_clock clock;
    double a[INSTANCE_DIM_MAX], error;
    const double c1 = trial->instance->problem.c[0], a1 = trial->instance->x0[0];
    chain_clock_init(&clock, &trial->instance->problem, trial->flow, trial->instance->x0);
    chain_at_clock(&clock, ball_of((FAR - a1) / c1), a, &error);
    return chain_product(trial->flow, a) / pow(a[0], power);
}

/* c1^(1-2^(L-1)) prod_{j>=2} c_j^(2^(L-j)) / 2^(2^L-1-L) */
static enum status leading_coefficient(struct trial *trial, enum finding *finding)
{
    const int L = (int)trial->flow->dim;
    const double *c = chain_direct_weights(trial->flow);
    double expected = pow(c[0], 1 - ldexp(1, L - 1)) / pow(2, ldexp(1, L) - 1 - L);
    for (int j = 2; j <= L; j++)
        expected *= pow(c[j - 1], ldexp(1, L - j));
    const double measured = far_ratio(trial, ldexp(1, L) - 1);
    return conclude_close(trial, "leading coefficient ratio", measured / expected, 1, finding);
}

/* The degree as printed in places, 2L - 1: only right for L = 1, 2. */
static enum status degree_2L_minus_1(struct trial *trial, enum finding *finding)
{
    const double ratio = far_ratio(trial, 2 * (double)trial->flow->dim - 1);
    return conclude_close(trial, "leading coefficient of degree 2L-1", ratio, 0, finding);
}

/* Away from zero feedback the lower terms must be small at FAR: moderate ratios only. */
static bool sample_moderate(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_drawn_chain(stream, drawn_depth(stream, 2) - 1);
    for (size_t i = 0; i + 1 < instance->dim; i++)
        instance->problem.c[i] = copysign(stream_between(stream, 0.5, 2), instance->problem.c[i]);
    return true;
}

static bool sample_moderate_deep(struct stream *stream, size_t index, struct instance *instance)
{
    (void)sample_moderate(stream, index, instance);
    return instance->dim > 2 || sample_moderate_deep(stream, index, instance);
}

/* ---- the records ---- */

static const struct theorem records[] = {
    {
        .id = "t4-converges",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 4",
        .hypotheses = "A[1,...,1] under rbp or srbp, beta > 0, all c_i != 0; any depth, any start",
        .statement = "From every start the weights converge to a global minimum",
        .label = "L1",
        .recorded = VERDICT_PROVED,
        .trials = 2000,
        .corners = ALL_CORNERS,
        .sweep = 40,
        .bound = ERROR_BOUND,
        .sample = sample_all,
        .conclude = conclude_global_minimum,
        .control = {.what = "the top layer learns with the wrong sign", .sample = sample_wrong_top},
        .proof = &proof_chain_converges,
    },
    {
        .id = "t4-limit",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 4, Eqs. 47-50",
        .hypotheses = "A[1,...,1] under rbp or srbp, beta > 0, all c_i != 0; any depth, any start",
        .statement = "the limit is the next real root of the clock polynomial of degree 2^L - 1",
        .label = "L1, C2",
        .recorded = VERDICT_PROVED,
        .trials = 1500,
        .corners = ALL_CORNERS,
        .sweep = 10,
        .bound = LIMIT_BOUND,
        .sample = sample_all,
        .conclude = conclude_predicted_limit,
        .control = {.what = "the top layer learns with the wrong sign, judged by convergence",
                    .sample = sample_wrong_top,
                    .conclude = conclude_converges},
        .proof = &proof_chain_zero_ahead,
    },
    {
        .id = "t4-rate",
        .source = "notes/chains.md",
        .hypotheses =
            "A[1,...,1] under srbp, beta > 0, all c_i != 0; a start that is no fixed point and "
            "whose limit has S > 0 (all starts but a null set); tried: L = 2, ..., 6",
        .statement = "the approach is exponential with rate beta S, S = sum_i c_i (prod_{k<i} "
                     "a_k)^2 prod_{k>i} a_k",
        .label = "H2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1500,
        .corners = 0,
        .bound = RATE_BOUND,
        .sample = sample_drawn,
        .conclude = conclude_predicted_rate,
        .control = {.what = "the rate of the top layer alone",
                    .sample = sample_drawn,
                    .conclude = conclude_rate_of_top_layer},
    },
    {
        .id = "t4-unequal-rates",
        .source = "notes/chains.md",
        .hypotheses = "A[1,...,1] under srbp, beta > 0, all c_i != 0, positive learning rates, one "
                      "a layer; any start",
        .statement = "Theorem 4 holds: from every start the weights converge to a global minimum",
        .label = "L11",
        .recorded = VERDICT_PROVED,
        .trials = 750,
        .corners = 1,
        .sweep = 20,
        .bound = ERROR_BOUND,
        .sample = sample_unequal_rates,
        .conclude = conclude_global_minimum,
        .control = {.what = "a negative rate in the top layer", .sample = sample_negative_top_rate},
        .proof = &proof_chain_zero_ahead,
    },
    {
        .id = "t4-zero-feedback",
        .source = "notes/chains.md",
        .hypotheses =
            "A[1,...,1] under srbp, beta > 0, c_L = 1, any other c_i, zeros included; any start",
        .statement = "the chain converges, freezes or diverges exactly as the first p with c_p = 0 "
                     "= a_p(0) says",
        .label = "L3",
        .recorded = VERDICT_PROVED,
        .trials = 1000,
        .corners = 0,
        .sweep = 3,
        .bound = LIMIT_BOUND,
        .sample = sample_zeros,
        .conclude = ends_as_zeros_say,
        .control = {.what = "zero feedback weights do no harm",
                    .sample = sample_zeros,
                    .conclude = zeros_are_harmless},
        .proof = &proof_chain_zeros,
    },
    {
        .id = "t4-polynomial-divergence",
        .source = "notes/chains.md",
        .hypotheses =
            "A[1,...,1] under srbp, 1 < p < L, alpha, c_1, ..., c_(p-1) != 0, c_p = 0 = a_p(0)",
        .statement = "a_j ~ t^(2^(j-1)) for j < p",
        .label = "L4",
        .recorded = VERDICT_PROVED,
        .trials = 300,
        .corners = 0,
        .bound = GROWTH_BOUND,
        .measures = THEOREM_MEASURES_EXPONENTS,
        .sample = sample_polynomial_growth,
        .conclude = exponent_in_the_long_run,
        .control = {.what = "all feedback weights differ from zero", .sample = sample_drawn},
        .proof = &proof_chain_growth,
    },
    {
        .id = "t4-vanishing-update-published",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 4, proof",
        .hypotheses = "A[1,...,1] under srbp, all c_i != 0; any state",
        .statement = "if one of the da_i/dt is zero, they are all zero",
        .label = "L7",
        .recorded = VERDICT_REFUTED,
        .trials = 300,
        .corners = 1,
        .bound = 0,
        .sample = sample_vanishing_update,
        .conclude = updates_vanish_together,
        .control = {.what = "no update ever vanishes",
                    .sample = sample_first_update_zero,
                    .conclude = no_update_vanishes},
        .proof = &proof_witness_update,
    },
    {
        .id = "t4-vanishing-update",
        .source = "corrects Baldi, Sadowski, Lu (2018); notes/chains.md",
        .hypotheses = "A[1,...,1] under srbp, c_1 != 0; a state with da_1/dt = 0",
        .statement = "all da_i/dt are zero",
        .label = "L7",
        .recorded = VERDICT_SUPPORTED,
        .trials = 300,
        .corners = 0,
        .bound = 0,
        .sample = sample_first_update_zero,
        .conclude = updates_vanish_together,
        .control = {.what = "another update vanishes", .sample = sample_vanishing_update},
    },
    {
        .id = "t4-no-limit-cycles",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 4",
        .hypotheses = "A[1,...,1] under rbp or srbp, any c_i, no decay; any start; tried: beta > "
                      "0, all c_i != 0, L = 1, ..., 6",
        .statement = "no trajectory is a limit cycle",
        .label = "L14",
        .recorded = VERDICT_PROVED,
        .trials = 600,
        .corners = ALL_CORNERS,
        .sweep = 20,
        .bound = 0,
        .sample = sample_all,
        .conclude = conclude_no_cycle,
        .control = {.what = "ten layers with weight decay", .sample = sample_cycling},
        .proof = &proof_chain_cycles,
    },
    {
        .id = "t4-critical-surface",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 4, discussion",
        .hypotheses = "A[1,...,1] under srbp, beta > 0, all c_i != 0; a fixed point off the "
                      "P-critical surface S = 0, starts beside it; tried: |S| >= 1/2, L = 2, 3, 4",
        .statement = "fixed points with S > 0 attract along their leaf",
        .label = "L13",
        .recorded = VERDICT_SUPPORTED,
        .trials = 800,
        .corners = 0,
        .sweep = 20,
        .bound = NEAR,
        .sample = sample_positive_side,
        .conclude = conclude_stays_near,
        .control = {.what = "fixed points with S < 0", .sample = sample_negative_side},
    },
    {
        .id = "t4-small-feedback-published",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 3, discussion",
        .hypotheses = "A[1,1,1,1] under srbp, beta > 0, c1 small, of either sign, c2 a3 > 0 "
                      "(congruent); tried: |c1| <= 0.02",
        .statement = "dP/dt has the sign of alpha - beta P",
        .label = "L9",
        .recorded = VERDICT_REFUTED,
        .trials = 2000,
        .corners = 1,
        .bound = 0,
        .sample = sample_small_feedback,
        .conclude = conclude_sensitivity_positive,
        .control = {.what = "incongruent feedback", .sample = sample_incongruent},
        .proof = &proof_witness_small_chain,
    },
    {
        .id = "t4-small-feedback",
        .source = "corrects Baldi, Sadowski, Lu (2018); notes/chains.md",
        .hypotheses =
            "A[1,1,1,1] under srbp, beta > 0; a state with |c1 a2 a3| < a1^2 (a2^2 + c2 a3)",
        .statement = "dP/dt has the sign of alpha - beta P",
        .label = "L9",
        .recorded = VERDICT_PROVED,
        .trials = 2000,
        .corners = 0,
        .bound = 0,
        .sample = sample_dominated,
        .conclude = conclude_sensitivity_positive,
        .control = {.what = "incongruent feedback", .sample = sample_incongruent},
        .proof = &proof_slope_small,
    },
    {
        .id = "t4-congruent-published",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 4, discussion",
        .hypotheses =
            "A[1,...,1] under srbp, beta > 0; a state with sign c_i = sign a_(i+1), i < L",
        .statement = "dP/dt has the sign of alpha - beta P",
        .label = "L8",
        .recorded = VERDICT_REFUTED,
        .trials = 2000,
        .corners = 1,
        .bound = 0,
        .sample = sample_next_weight_sign,
        .conclude = conclude_sensitivity_positive,
        .control = {.what = "incongruent feedback", .sample = sample_incongruent},
        .proof = &proof_witness_congruent_chain,
    },
    {
        .id = "t4-congruent-rbp",
        .source = "corrects Baldi, Sadowski, Lu (2018); notes/chains.md",
        .hypotheses = "A[1,...,1] under rbp, beta > 0; a state with sign c_i = sign a_(i+1), i < L",
        .statement = "dP/dt has the sign of alpha - beta P",
        .label = "L8",
        .recorded = VERDICT_PROVED,
        .trials = 2000,
        .corners = 0,
        .bound = 0,
        .sample = sample_congruent_rbp,
        .conclude = conclude_sensitivity_positive,
        .control = {.what = "the same signs under srbp", .sample = sample_next_weight_sign},
        .proof = &proof_slope_layered,
    },
    {
        .id = "t4-congruent-srbp",
        .source = "corrects Baldi, Sadowski, Lu (2018); notes/chains.md",
        .hypotheses =
            "A[1,...,1] under srbp, beta > 0; a state with sign c_i = sign prod_{k>i} a_k, i < L",
        .statement = "dP/dt has the sign of alpha - beta P",
        .label = "L8",
        .recorded = VERDICT_PROVED,
        .trials = 2000,
        .corners = 0,
        .bound = 0,
        .sample = sample_congruent_srbp,
        .conclude = conclude_sensitivity_positive,
        .control = {.what = "incongruent feedback", .sample = sample_incongruent},
        .proof = &proof_slope_direct,
    },
    {
        .id = "t4-sign-changes",
        .source = "notes/chains.md",
        .hypotheses = "A[1,...,1] under srbp, all c_i != 0; any depth, any start",
        .statement = "dP/dt changes sign at most 2^L - 2 times",
        .label = "L5, C4",
        .recorded = VERDICT_PROVED,
        .trials = 1500,
        .corners = 0,
        .bound = 0,
        .sample = sample_drawn,
        .conclude = at_most_2_to_L_minus_2,
        .control = {.what = "at most one sign change",
                    .sample = sample_all_turning,
                    .conclude = one_sign_change},
        .proof = &proof_chain_degree,
    },
    {
        .id = "t4-sign-changes-sharp",
        .source = "notes/chains.md",
        .hypotheses =
            "A[1,...,1] under srbp, beta = 1, c = 1, L = 2, 3, 4: from a(0) = (-4, 4, ..., 4) with "
            "alpha = (3/2) 4^L, and with L = 3 also from (-3.3, 2.445, 0.4890125) with alpha = 7",
        .statement = "dP/dt changes sign exactly 2^L - 2 times",
        .label = "L5",
        .recorded = VERDICT_CERTIFIED,
        .trials = 4,
        .corners = 4,
        .bound = 0,
        .sample = sample_all_turning,
        .conclude = exactly_2_to_L_minus_2,
        .control = {.what = "drawn chains", .sample = sample_drawn},
        .proof = &proof_instances_turns,
    },
    {
        .id = "t4-fixed-points",
        .source = "notes/chains.md",
        .hypotheses = "A[1,...,1] under srbp, beta != 0, all c_i != 0; any leaf",
        .statement = "the leaf holds at most 2^L - 1 fixed points",
        .label = "L6",
        .recorded = VERDICT_PROVED,
        .trials = 60,
        .corners = 0,
        .bound = 0,
        .sample = sample_drawn,
        .conclude = at_most_2_to_L_minus_1_points,
        .control = {.what = "at most one", .sample = sample_all_roots, .conclude = one_fixed_point},
        .proof = &proof_chain_degree,
    },
    {
        .id = "t4-fixed-points-sharp",
        .source = "notes/chains.md",
        .hypotheses =
            "A[1,...,1] under srbp, beta = 1, c = 1, L = 2, 3, 4: on the leaf of (-4, 4, ..., 4) "
            "with alpha = 0.3, and with L = 3 also on that of (-3, 1.5, -1.375) with alpha = 0.1",
        .statement = "2^L - 1 fixed points, 2^(L-1) of them attractors, occur",
        .label = "L6",
        .recorded = VERDICT_CERTIFIED,
        .trials = 4,
        .corners = 4,
        .bound = 0,
        .sample = sample_all_roots,
        .conclude = all_fixed_points_occur,
        .control = {.what = "a leaf with a single root", .sample = sample_one_root},
        .proof = &proof_instances_points,
    },
    {
        .id = "t4-leading-coefficient",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 4, Eq. 50",
        .hypotheses = "A[1,...,1] under srbp, all c_i != 0; any leaf",
        .statement = "P(a1) has degree 2^L - 1 and leading coefficient c1^(1-2^(L-1)) prod_(j>1) "
                     "c_j^(2^(L-j)) / 2^(2^L-1-L)",
        .label = "L2",
        .recorded = VERDICT_PROVED,
        .trials = 500,
        .corners = 0,
        .bound = LEADING_BOUND,
        .sample = sample_moderate,
        .conclude = leading_coefficient,
        .control = {.what = "degree 2L - 1, L > 2",
                    .sample = sample_moderate_deep,
                    .conclude = degree_2L_minus_1},
        .proof = &proof_chain_leading,
    },
    {
        .id = "t4-algebraic",
        .source = "notes/chains.md",
        .hypotheses =
            "A[1,...,1] under srbp, L >= 2, alpha = 0, beta > 0, all c_i != 0; a start with a1 != "
            "0 and all K_i = 0, that is a_(i+1) = c_(i+1) a_i^2/(2 c_i); tried: L = 2, 3, 4",
        .statement = "the weights approach 0 with exponent -1/(2^L - 2)",
        .label = "L10, E3",
        .recorded = VERDICT_SUPPORTED,
        .trials = 60,
        .corners = 3,
        .bound = EXPONENT_BOUND,
        .measures = THEOREM_MEASURES_EXPONENTS,
        .sample = sample_null_leaf,
        .conclude = exponent_in_the_long_run,
        .control = {.what = "the exponent -1/(2L - 1)",
                    .sample = sample_null_leaf,
                    .conclude = exponent_of_L},
    },
};

const struct chapter chapter_theorem_4 = {
    .title = "Theorem 4: chains A[1,...,1]",
    .theorem = records,
    .theorems = sizeof records / sizeof *records,
};
