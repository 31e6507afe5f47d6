/* Kolen and Pollack's rule: arbp with the same decay lambda on both channels (notes/rules.md).
 *
 * The two channels become symmetric, c_i - a_(i+1) like exp(-lambda t) and a_i^2 - c_i^2 like
 * exp(-2 lambda t), exactly; so in the limit all moduli agree.  With two layers of any width there
 * is a pitchfork at lambda = |alpha|; with three or more, zero attracts for every lambda > 0, the
 * other limits are born in a fold, and which of them is reached is decided by theorem in some cases
 * only. The minimum is biased: |e| = lambda m^(2-L) at the limit. */
#include "linear/matrix.h"
#include "linear/registry.h"
#include "proofs-check/conclude_output.h"
#include "proofs-check/sample_rule.h"

#include <math.h>

static const double LIMIT_BOUND = 1e-9;
static const double LAW_BOUND = 1e-7; /* of D and H along a trajectory: thousands of local errors */
static const double LEAST_DECAY = 0.05, MOST_DECAY = 3;

#define COUNT(array) (sizeof(array) / sizeof *(array))

static double draw_decay(struct stream *stream)
{
    return exp(stream_between(stream, log(LEAST_DECAY), log(MOST_DECAY)));
}

/* ---- the laws ---- */

static bool sample_any(struct stream *stream, size_t index, struct instance *instance)
{
    enum { DEPTHS = 4 };
    *instance = sample_drawn_rule_chain(stream, &rule_kolen_pollack, 2 + index % DEPTHS, 1);
    instance->problem.lambda = draw_decay(stream);
    return true;
}

static bool sample_skipped(struct stream *stream, size_t index, struct instance *instance)
{
    sample_any(stream, 1 + 2 * (index % 2), instance); /* three or five layers */
    instance->problem.rule = &rule_asrbp;
    return true;
}

struct laws {
    const struct instance *instance;
    double worst;
};

static void watch_laws(void *context, double t, const double *x)
{
    struct laws *laws = context;
    const double *x0 = laws->instance->x0, decay = exp(-laws->instance->problem.lambda * t);
    const size_t L = laws->instance->problem.depth;
    for (size_t i = 0; i + 1 < L; i++) {
        const double D = x[L + i] - x[i + 1], D_start = x0[L + i] - x0[i + 1];
        const double H = x[i] * x[i] - x[L + i] * x[L + i];
        const double H_start = x0[i] * x0[i] - x0[L + i] * x0[L + i];
        const double size = 1 + fabs(D_start) + fabs(H_start) + x[i] * x[i];
        laws->worst = fmax(laws->worst, fabs(D - D_start * decay) / size);
        laws->worst = fmax(laws->worst, fabs(H - H_start * decay * decay) / size);
    }
}

static enum status conclude_laws(struct trial *trial, enum finding *finding)
{
    struct laws laws = {trial->instance, 0};
    const struct outcome *outcome;
    trial->plan.visit = watch_laws;
    trial->plan.context = &laws;
    TRY(trial_outcome(trial, &outcome));
    trial->deviation = laws.worst;
    if (!(laws.worst <= trial->theorem->bound))
        return conclude_fails(trial, finding, "off the exponential laws by %.3g", laws.worst);
    return conclude_holds(finding);
}

/* ---- two layers ---- */

/* Ordinary ones; below, above and at the pitchfork; u = 0, the saddle's set. */
static const struct kp_case {
    double lambda, alpha, x0[3];
} pair_corners[] = {
    {0.125, 1, {0.5, 0.25, -0.125}}, {0.125, 1, {-0.5, 0.25, -0.125}},
    {1.5, 1, {0.5, 0.25, -0.125}},   {1, 1, {0.5, 0.25, -0.125}},
    {0.5, -1, {0.5, 1, 2}},
};

static bool sample_pitchfork(struct stream *stream, size_t index, struct instance *instance)
{
    enum { WIDTHS = 3 };
    if (index < COUNT(pair_corners)) {
        *instance = sample_rule_chain(&rule_kolen_pollack, 2, 3, pair_corners[index].x0);
        instance->problem.lambda = pair_corners[index].lambda;
        instance->problem.alpha = pair_corners[index].alpha;
        return true;
    }
    *instance = sample_drawn_rule_fan(stream, &rule_kolen_pollack, 1 + index % WIDTHS, 1);
    instance->problem.lambda = draw_decay(stream);
    return true;
}

/* u = a + sgn(alpha) c = 0, lambda < |alpha|.  Only an explicit method keeps a + c = 0 to the last
 * bit; an implicit one leaves this set, which is as unstable as the saddle. */
static bool sample_even_pair(struct stream *stream, size_t index, struct instance *instance)
{
    sample_pitchfork(stream, 3 * (COUNT(pair_corners) + index), instance); /* N = 1 */
    const double alpha = instance->problem.alpha;
    instance->problem.lambda = fabs(alpha) * stream_between(stream, LEAST_DECAY, 1.0 / 2);
    instance->x0[2] = -copysign(1, alpha) * instance->x0[0];
    return fabs(alpha) > 0;
}

static bool sample_odd_pair(struct stream *stream, size_t index, struct instance *instance)
{
    sample_even_pair(stream, index, instance);
    instance->x0[0] += 1;
    return true;
}

static enum status conclude_saddle(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    trial->plan.method = METHOD_RK8PD;
    TRY(trial_outcome(trial, &outcome));
    if (outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED)
        return conclude_undecided(trial, finding, "%s: %s", ending_name(outcome->ending),
                                  outcome->reason);
    if (outcome->ending != ENDING_SADDLE)
        return conclude_fails(trial, finding, "ends %s", ending_name(outcome->ending));
    return conclude_as_theory_says(trial, finding);
}

/* False on purpose: the limits for half the decay. */
static enum status conclude_without_decay(struct trial *trial, enum finding *finding)
{
    struct problem other = trial->instance->problem;
    other.lambda /= 2;
    TRY(problem_predict(&other, trial->instance->x0, trial->limit, &trial->prediction));
    trial->predicted = true;
    return conclude_as_theory_says(trial, finding);
}

/* ---- the bias ---- */

/* Balanced weights above the threshold: alpha = beta = 1, all equal to m0, L = 2 ... 5. */
static bool sample_balanced(struct stream *stream, size_t index, struct instance *instance)
{
    enum { DEPTHS = 4 };
    static const double MOST =
        0.35; /* below the fold, which is at 0.46 for L = 3, 0.43 for L = 5 */
    const size_t L = 2 + index % DEPTHS;
    *instance = sample_drawn_rule_chain(stream, &rule_kolen_pollack, L, 1);
    instance->problem.alpha = instance->problem.beta = 1;
    instance->problem.lambda = stream_between(stream, LEAST_DECAY, MOST);
    const double m0 = stream_between(stream, 1, 2);
    for (size_t i = 0; i < instance->dim; i++)
        instance->x0[i] = m0;
    return true;
}

static enum status conclude_biased(struct trial *trial, enum finding *finding)
{
    TRY(conclude_as_theory_says(trial, finding));
    if (*finding != FINDING_HOLDS)
        return OK;
    const struct problem *p = &trial->instance->problem;
    const double *x = trial->outcome->limit;
    const double e = conclude_output_error(trial, x);
    return conclude_close(trial, "e", e, p->lambda * pow(fabs(x[0]), 2 - (double)p->depth),
                          finding);
}

/* ---- three layers and more ---- */

/* lambda_c = L |alpha| m^(L-2) / (2L-2), m^L = (L-2) |alpha| / ((2L-2) beta) */
static double fold(const struct problem *p)
{
    const double L = (double)p->depth, share = (L - 2) / (2 * L - 2);
    const double m = pow(share * fabs(p->alpha) / p->beta, 1 / L);
    return L * fabs(p->alpha) * pow(m, L - 2) / (2 * L - 2);
}

static bool sample_beyond_fold(struct stream *stream, size_t index, struct instance *instance)
{
    enum { DEPTHS = 3 };
    *instance = sample_drawn_rule_chain(stream, &rule_kolen_pollack, 3 + index % DEPTHS, 2);
    instance->problem.lambda = fold(&instance->problem) * stream_between(stream, 1.1, 3);
    return instance->problem.lambda > 0;
}

/* lambda below the fold, and large balanced weights: they do not vanish. */
static bool sample_before_fold(struct stream *stream, size_t index, struct instance *instance)
{
    sample_beyond_fold(stream, index, instance);
    instance->problem.lambda = fold(&instance->problem) / 2;
    const double P = fabs(instance->problem.alpha) / instance->problem.beta;
    const double m = pow(P, 1 / (double)instance->problem.depth);
    for (size_t i = 0; i < instance->dim; i++)
        instance->x0[i] = m;
    instance->x0[0] = copysign(m, instance->problem.alpha);
    return true;
}

static enum status conclude_vanishes(struct trial *trial, enum finding *finding)
{
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    trial->deviation = 0;
    for (size_t i = 0; i < trial->flow->dim; i++)
        trial->deviation = fmax(trial->deviation, fabs(trial->outcome->limit[i]));
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "a weight goes to %.6g", trial->deviation);
    return conclude_holds(finding);
}

/* All moduli at most M with M^(L-2) (|alpha| + beta M^L) < lambda. */
static bool sample_small(struct stream *stream, size_t index, struct instance *instance)
{
    enum { DEPTHS = 3 };
    *instance = sample_drawn_rule_chain(stream, &rule_kolen_pollack, 3 + index % DEPTHS, 1);
    const struct problem *p = &instance->problem;
    const double L = (double)p->depth, M = stream_between(stream, LEAST_DECAY, 1);
    const double pull = pow(M, L - 2) * (fabs(p->alpha) + p->beta * pow(M, L));
    instance->problem.lambda = pull * stream_between(stream, 1.01, 2) + LEAST_DECAY;
    for (size_t i = 0; i < instance->dim; i++)
        instance->x0[i] = M * stream_between(stream, -1, 1);
    return true;
}

static bool sample_small_pair(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_drawn_rule_chain(stream, &rule_kolen_pollack, 2, LEAST_DECAY);
    instance->problem.lambda = fabs(instance->problem.alpha) / 2 + LEAST_DECAY;
    return true;
}

/* lambda_c for L = 3, alpha = beta = 1, by maximising m (1 - m^3) as 10^5 values of m. */
static bool sample_fold(struct stream *stream, size_t index, struct instance *instance)
{
    enum { DEPTHS = 4 };
    if (index >= DEPTHS)
        return false;
    *instance = sample_drawn_rule_chain(stream, &rule_kolen_pollack, 3 + index, 1);
    instance->problem.alpha = instance->problem.beta = 1;
    instance->problem.lambda = 1;
    return true;
}

static enum status compare_fold(struct trial *trial, double factor, enum finding *finding)
{
    static const double THREE_LAYERS = 0.472470393710577437;
    enum { POINTS = 100000 };
    const struct problem *p = &trial->instance->problem;
    const double L = (double)p->depth;
    double most = 0;
    for (int i = 1; i <= POINTS; i++) {
        const double m = (double)i / POINTS;
        most = fmax(most, pow(m, L - 2) * (1 - pow(m, L)));
    }
    TRY(conclude_close(trial, "lambda_c", most, factor * fold(p), finding));
    if (*finding != FINDING_HOLDS || p->depth != 3)
        return OK;
    return conclude_close(trial, "lambda_c, L = 3", factor * fold(p), THREE_LAYERS, finding);
}

static enum status conclude_fold(struct trial *trial, enum finding *finding)
{
    return compare_fold(trial, 1, finding);
}

static enum status conclude_other_fold(struct trial *trial, enum finding *finding)
{
    return compare_fold(trial, 1 + LAW_BOUND, finding);
}

/* lambda = 1/5, alpha = beta = 1, L = 3: balanced starts on both sides of the threshold. */
static const double THRESHOLD = 0.2016536, UPPER = 0.9217;

static bool sample_bistable(struct stream *stream, size_t index, struct instance *instance)
{
    static const double starts[] = {0.2, 0.3, 0.2016, 0.2017};
    *instance = sample_drawn_rule_chain(stream, &rule_kolen_pollack, 3, 1);
    instance->problem.alpha = instance->problem.beta = 1;
    instance->problem.lambda = 1.0 / 5;
    const double m0 = index < COUNT(starts) ? starts[index] : stream_between(stream, 0, 1);
    for (size_t i = 0; i < instance->dim; i++)
        instance->x0[i] = m0;
    return true;
}

static enum status compare_sides(struct trial *trial, double threshold, enum finding *finding)
{
    static const double DIGITS = 1e-4; /* of UPPER */
    const double m0 = trial->instance->x0[0], expected = m0 < threshold ? 0 : UPPER;
    TRY(conclude_as_theory_says(trial, finding));
    if (*finding != FINDING_HOLDS)
        return OK;
    const double m = trial->outcome->limit[0];
    if (!(fabs(m - expected) <= DIGITS))
        return conclude_fails(trial, finding, "from %.6g to %.6g", m0, m);
    return conclude_holds(finding);
}

static enum status conclude_bistable(struct trial *trial, enum finding *finding)
{
    return compare_sides(trial, THRESHOLD, finding);
}

static enum status conclude_never_vanishes(struct trial *trial, enum finding *finding)
{
    return compare_sides(trial, 0, finding);
}

static bool sample_trapped_start(struct stream *stream, size_t index, struct instance *instance)
{
    static const double decays[] = {0.02, 0.1, 0.5};
    *instance = sample_trapped(stream, 3 + index % 2, 1);
    instance->problem.rule = &rule_kolen_pollack;
    instance->problem.lambda = decays[index % COUNT(decays)];
    return true;
}

/* ---- decays that differ ---- */

/* A[1,1,1]: lambda1, lambda2, lambda3 on a1, a2, c1; |alpha| on the given side of sqrt(l1 l3). */
static struct instance draw_decoupled(struct stream *stream, double low, double high)
{
    struct instance instance = sample_drawn_rule_chain(stream, &rule_arbp, 2, 1);
    instance.problem.decay_count = 3;
    for (size_t i = 0; i < 3; i++)
        instance.problem.decays[i] = exp(stream_between(stream, log(1.0 / 5), log(2)));
    const double edge = sqrt(instance.problem.decays[0] * instance.problem.decays[2]);
    instance.problem.alpha =
        copysign(edge * stream_between(stream, low, high), instance.problem.alpha);
    return instance;
}

static bool sample_weak(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = draw_decoupled(stream, 0.1, 0.9);
    return true;
}

static bool sample_strong(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = draw_decoupled(stream, 1.2, 4);
    return true;
}

/* At the limit e = sgn(alpha) sqrt(l1 l3), a2 = l3/l2 c1, a1 = c1 e/l1, none of them zero. */
static enum status conclude_decoupled(struct trial *trial, enum finding *finding)
{
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    const struct problem *p = &trial->instance->problem;
    const double *l = p->decays, *x = trial->outcome->limit;
    const double e = copysign(sqrt(l[0] * l[2]), p->alpha);
    trial->deviation = fabs(conclude_output_error(trial, x) - e);
    trial->deviation = fmax(trial->deviation, fabs(x[1] - l[2] / l[1] * x[2]));
    trial->deviation = fmax(trial->deviation, fabs(x[0] - x[2] * e / l[0]));
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "off the equilibrium by %.3g", trial->deviation);
    return conclude_holds(finding);
}

/* The origin's spectrum: -l2 and the two roots of (mu + l1)(mu + l3) = alpha^2. */
static enum status conclude_origin(struct trial *trial, enum finding *finding)
{
    enum { DIM = 3 };
    const double zero[DIM] = {0}, *l = trial->instance->problem.decays;
    double J[DIM * DIM], re[DIM], alpha = trial->instance->problem.alpha;
    TRY(trial->flow->jacobian(trial->flow, zero, J));
    TRY(matrix_eigenvalues(DIM, J, re, NULL));
    const double half = (l[0] - l[2]) / 2;
    const double largest = -(l[0] + l[2]) / 2 + sqrt(half * half + alpha * alpha);
    TRY(conclude_close(trial, "largest eigenvalue", re[0], fmax(largest, -l[1]), finding));
    if (*finding == FINDING_HOLDS && !(re[0] < 0))
        return conclude_fails(trial, finding, "the origin repels: eigenvalue %.6g", re[0]);
    return OK;
}

#define NOTES "notes/rules.md, "

static const struct theorem records[] = {
    {
        .id = "kp-laws",
        .source = "Kolen and Pollack (1994); " NOTES "(R10)",
        .hypotheses = "A[1,...,1] under kolen-pollack, lambda > 0; any start; tried: L = 2, ..., 5",
        .statement = "c_i - a_(i+1) decays exactly like exp(-lambda t), and a_i^2 - c_i^2 like "
                     "exp(-2 lambda t).",
        .label = "R10",
        .recorded = VERDICT_SUPPORTED,
        .trials = 150,
        .corners = 0,
        .bound = LAW_BOUND,
        .sample = sample_any,
        .conclude = conclude_laws,
        .control = {.what = "asrbp with decay, three layers or more", .sample = sample_skipped},
    },
    {
        .id = "kp-pitchfork",
        .source = NOTES "(R11)",
        .hypotheses = "A[1,N,1] under kolen-pollack, beta > 0, lambda > 0; any start, u = a + "
                      "sgn(alpha) c there; tried: N = 1, 2, 3",
        .statement = "For lambda >= |alpha| everything goes to zero, like t^(-1/2) at equality; "
                     "for lambda < |alpha|, off u = 0, to a = sgn(alpha) c = m u/|u|, b = c, m^2 = "
                     "(|alpha| - lambda)/beta.",
        .label = "R11",
        .recorded = VERDICT_SUPPORTED,
        .trials = 200,
        .corners = COUNT(pair_corners),
        .bound = LIMIT_BOUND,
        .sample = sample_pitchfork,
        .conclude = conclude_as_theory_says,
        .control = {.what = "false conclusion: the limit for half the decay",
                    .sample = sample_pitchfork,
                    .conclude = conclude_without_decay},
    },
    {
        .id = "kp-saddle",
        .source = NOTES "(R11)",
        .hypotheses = "A[1,1,1] under kolen-pollack, beta > 0, 0 < lambda < |alpha|; a start with "
                      "a1 = -sgn(alpha) c1",
        .statement = "It goes to zero, a saddle.",
        .label = "R11",
        .recorded = VERDICT_SUPPORTED,
        .trials = 30,
        .corners = 0,
        .bound = LIMIT_BOUND,
        .sample = sample_even_pair,
        .conclude = conclude_saddle,
        .control = {.what = "a1 + sgn(alpha) c1 = 1", .sample = sample_odd_pair},
    },
    {
        .id = "kp-bias",
        .source = NOTES "(R10), (R12)",
        .hypotheses = "A[1,...,1] under kolen-pollack, beta > 0, lambda > 0; a limit with |a_i| = "
                      "|c_i| = m > 0; tried: L = 2, ..., 5, alpha = beta = 1, balanced starts",
        .statement = "The error is not zero there: |e| = lambda m^(2-L).",
        .label = "R10, R12",
        .recorded = VERDICT_SUPPORTED,
        .trials = 100,
        .corners = 0,
        .bound = LIMIT_BOUND,
        .sample = sample_balanced,
        .conclude = conclude_biased,
        .control = {.what = "false conclusion: a global minimum",
                    .sample = sample_balanced,
                    .conclude = conclude_output_learned},
    },
    {
        .id = "kp-fold",
        .source = NOTES "(R12)",
        .hypotheses = "A[1,...,1] under kolen-pollack, L >= 3, alpha != 0, beta > 0; tried: L = 3, "
                      "..., 6, alpha = beta = 1",
        .statement =
            "The fold is at lambda_c = L |alpha| m^(L-2)/(2L-2), m^L = (L-2)|alpha|/((2L-2) beta); "
            "0.472470393710577437 for L = 3, alpha = beta = 1.",
        .label = "R12",
        .recorded = VERDICT_SUPPORTED,
        .trials = 4,
        .corners = 4,
        .bound = 1e-8, /* of a maximum found on a grid of 1e-5: the square of that, times slopes */
        .sample = sample_fold,
        .conclude = conclude_fold,
        .control = {.what = "false conclusion: 1e-7 farther",
                    .sample = sample_fold,
                    .conclude = conclude_other_fold},
    },
    {
        .id = "kp-beyond-fold",
        .source = NOTES "(R12)",
        .hypotheses = "A[1,...,1] under kolen-pollack, L >= 3, beta > 0, lambda > lambda_c of "
                      "kp-fold; any start; tried: L = 3, 4, 5",
        .statement = "Every start goes to zero.",
        .label = "R12",
        .recorded = VERDICT_SUPPORTED,
        .trials = 100,
        .corners = 0,
        .bound = LIMIT_BOUND,
        .sample = sample_beyond_fold,
        .conclude = conclude_vanishes,
        .control = {.what = "lambda = lambda_c/2, large balanced weights",
                    .sample = sample_before_fold},
    },
    {
        .id = "kp-small-starts",
        .source = NOTES "(R12)",
        .hypotheses =
            "A[1,...,1] under kolen-pollack, L >= 3, beta > 0, lambda > 0; a start with all moduli "
            "at most M, M^(L-2) (|alpha| + beta M^L) < lambda; tried: L = 3, 4, 5",
        .statement = "The weights go to zero, which so attracts for every lambda > 0.",
        .label = "R12",
        .recorded = VERDICT_SUPPORTED,
        .trials = 100,
        .corners = 0,
        .bound = LIMIT_BOUND,
        .sample = sample_small,
        .conclude = conclude_vanishes,
        .control = {.what = "L = 2, lambda < |alpha|", .sample = sample_small_pair},
    },
    {
        .id = "kp-bistable",
        .source = NOTES "(R12)",
        .hypotheses = "A[1,1,1,1] under kolen-pollack, lambda = 1/5, alpha = beta = 1; a balanced "
                      "start, all five weights equal and positive",
        .statement = "Starts below 0.2016536 go to zero, those above to 0.9217.",
        .label = "R12",
        .recorded = VERDICT_SUPPORTED,
        .trials = 50,
        .corners = 4,
        .bound = LIMIT_BOUND,
        .sample = sample_bistable,
        .conclude = conclude_bistable,
        .control = {.what = "false conclusion: none goes to zero",
                    .sample = sample_bistable,
                    .conclude = conclude_never_vanishes},
    },
    {
        .id = "kp-trap-collapses",
        .source = NOTES "(R12)",
        .hypotheses = "A[1,...,1] under kolen-pollack, L >= 3, beta > 0, lambda > 0; a start with "
                      "|a1| < |c1|, |c2| < |a2|, c1 a2 < 0; tried: L = 3, 4, lambda = 0.02, 0.1, "
                      "0.5, alpha = beta = 1",
        .statement = "A start with a trapped bond goes to zero, however weak the decay.",
        .label = "R12",
        .recorded = VERDICT_SUPPORTED,
        .trials = 60,
        .corners = 0,
        .bound = LIMIT_BOUND,
        .sample = sample_trapped_start,
        .conclude = conclude_vanishes,
        .control = {.what = "large balanced weights", .sample = sample_before_fold},
    },
    {
        .id = "decoupled-equilibria",
        .source = NOTES "(R16)",
        .hypotheses = "A[1,1,1] under arbp with decays l1, l2, l3 > 0 on a1, a2, c1, beta > 0, "
                      "|alpha| > sqrt(l1 l3); drawn starts",
        .statement = "Conjecture: drawn starts go to e = sgn(alpha) sqrt(l1 l3), a2 = (l3/l2) c1, "
                     "a1 = c1 e/l1.",
        .label = "R16",
        .recorded = VERDICT_SUPPORTED,
        .trials = 100,
        .corners = 0,
        .bound = LIMIT_BOUND,
        .sample = sample_strong,
        .conclude = conclude_decoupled,
        .control = {.what = "|alpha| < sqrt(l1 l3)", .sample = sample_weak},
    },
    {
        .id = "decoupled-origin",
        .source = NOTES "(R16)",
        .hypotheses = "A[1,1,1] under arbp with decays l1, l2, l3 > 0 on a1, a2, c1",
        .statement = "The origin is stable if and only if |alpha| < sqrt(l1 l3).",
        .label = "R16",
        .recorded = VERDICT_SUPPORTED,
        .trials = 100,
        .corners = 0,
        .bound = LIMIT_BOUND,
        .sample = sample_weak,
        .conclude = conclude_origin,
        .control = {.what = "|alpha| > sqrt(l1 l3)", .sample = sample_strong},
    },
};

const struct chapter chapter_kolen_pollack = {.title =
                                                  "Kolen-Pollack: adaptive feedback with decay",
                                              .theorem = records,
                                              .theorems = COUNT(records)};
