/* Weight mirrors and sign symmetry on chains (notes/rules.md).
 *
 * The mirror's feedback follows the forward weights, c_i' = sigma^2 a_(i+1) - lambda c_i; that it
 * always converges to c_i = (sigma^2/lambda) a_(i+1), P = rho is a conjecture.  Under sign symmetry
 * the field jumps where a weight above the first layer changes its sign; what is conserved, and the
 * loss, do not, and with two layers the limit is a root of a cubic and a rule for the signs. */
#include "linear/matrix.h"
#include "linear/registry.h"
#include "proofs-check/conclude_output.h"
#include "proofs-check/sample_rule.h"

#include <math.h>

static const double LIMIT_BOUND = 1e-9;
static const double KEPT = 1e-7; /* of integrals across a few jumps, without projection */

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- the weight mirror ---- */

static bool sample_mirror(struct stream *stream, size_t index, struct instance *instance)
{
    static const double x0[] = {0.5, 0.25, -0.125};
    static const double LEAST = 0.2, MOST = 2;
    *instance = index == 0 ? sample_rule_chain(&rule_weight_mirror, 2, 3, x0)
                           : sample_drawn_rule_chain(stream, &rule_weight_mirror, 2 + index % 2, 1);
    instance->problem.lambda = index == 0 ? 0.5 : stream_between(stream, LEAST, MOST);
    instance->problem.mirror = index == 0 ? 1 : stream_between(stream, LEAST, MOST);
    if (index > 0)
        instance->problem.alpha =
            copysign(fmax(0.5, fabs(instance->problem.alpha)), instance->problem.alpha);
    return true;
}

/* c_i = kappa a_(i+1) and e = 0 at the limit. */
static enum status compare_mirror(struct trial *trial, double kappa, enum finding *finding)
{
    static const double known[] = {0.94036294816238, 1.06341918506483, 2.12683837012964};
    TRY(conclude_output_learned(trial, finding));
    if (*finding != FINDING_HOLDS)
        return OK;
    const size_t L = trial->instance->problem.depth;
    const double *x = trial->outcome->limit;
    for (size_t i = 0; i + 1 < L; i++)
        trial->deviation = fmax(trial->deviation, fabs(x[L + i] - kappa * x[i + 1]));
    for (size_t i = 0; i < COUNT(known) && trial->instance->x0[2] == -0.125; i++)
        trial->deviation = fmax(trial->deviation, fabs(x[i] - known[i]));
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "c is off kappa a by %.3g", trial->deviation);
    return conclude_holds(finding);
}

static enum status conclude_mirror(struct trial *trial, enum finding *finding)
{
    const struct problem *p = &trial->instance->problem;
    return compare_mirror(trial, p->mirror / p->lambda, finding);
}

static enum status conclude_plain_mirror(struct trial *trial, enum finding *finding)
{
    return compare_mirror(trial, 1, finding);
}

/* A fixed point c = kappa a2, a1 a2 = rho with two layers. */
static bool sample_mirrored(struct stream *stream, size_t index, struct instance *instance)
{
    sample_mirror(stream, 2 + 2 * index, instance);
    double *x = instance->x0;
    const struct problem *p = &instance->problem;
    x[1] = sample_nonzero(stream);
    x[0] = p->alpha / p->beta / x[1];
    x[2] = p->mirror / p->lambda * x[1];
    return true;
}

/* -lambda, -beta (a1^2 + kappa a2^2) and 0; `with_mirror` 0: kappa = 1. */
static enum status compare_spectrum(struct trial *trial, double kappa, enum finding *finding)
{
    enum { DIM = 3 };
    const struct problem *p = &trial->instance->problem;
    const double *x = trial->instance->x0;
    double J[DIM * DIM], re[DIM];
    TRY(trial->flow->jacobian(trial->flow, x, J));
    TRY(matrix_eigenvalues(DIM, J, re, NULL));
    const double fast = -p->beta * (x[0] * x[0] + kappa * x[1] * x[1]);
    TRY(conclude_close(trial, "eigenvalue", re[1], fmax(-p->lambda, fast), finding));
    return *finding == FINDING_HOLDS
               ? conclude_close(trial, "eigenvalue", re[2], fmin(-p->lambda, fast), finding)
               : OK;
}

static enum status conclude_spectrum(struct trial *trial, enum finding *finding)
{
    const struct problem *p = &trial->instance->problem;
    return compare_spectrum(trial, p->mirror / p->lambda, finding);
}

static enum status conclude_plain_spectrum(struct trial *trial, enum finding *finding)
{
    return compare_spectrum(trial, 1, finding);
}

/* ---- sign symmetry ---- */

static const struct sign_case {
    double x0[2], limit[2];
} sign_cases[] = {
    {{0.5, 0.25}, {1.19384327669616230, 0.837630884656314768}},
    {{-0.5, 0.25}, {1.19384327669616230, 0.837630884656314768}},
    {{1, -0.25}, {1.39176877223552784, 0.718510157684994283}},
    {{2, 3}, {0.770916997059248101, 1.29715650817742437}},
};

static bool sample_signs(struct stream *stream, size_t index, struct instance *instance)
{
    if (index < COUNT(sign_cases)) {
        *instance = sample_rule_chain(&rule_sign_symmetry, 2, 2, sign_cases[index].x0);
        return true;
    }
    *instance = sample_drawn_rule_chain(stream, &rule_sign_symmetry, 2, 1);
    instance->problem.alpha = sample_nonzero(stream);
    return true;
}

static enum status conclude_signs(struct trial *trial, enum finding *finding)
{
    TRY(conclude_as_theory_says(trial, finding));
    for (size_t k = 0; k < COUNT(sign_cases) && *finding == FINDING_HOLDS; k++) {
        const struct instance *instance = trial->instance;
        const double *x0 = sign_cases[k].x0;
        if (instance->x0[0] != x0[0] || instance->x0[1] != x0[1] || instance->problem.alpha != 1 ||
            instance->problem.beta != 1) /* the cases are those of alpha = beta = 1 */
            continue;
        TRY(conclude_close(trial, "a1", trial->limit[0], sign_cases[k].limit[0], finding));
        if (*finding == FINDING_HOLDS)
            TRY(conclude_close(trial, "a2", trial->limit[1], sign_cases[k].limit[1], finding));
    }
    return OK;
}

/* False on purpose: both weights keep the signs of the start. */
static enum status conclude_signs_kept(struct trial *trial, enum finding *finding)
{
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    trial->deviation = 0;
    for (size_t i = 0; i < 2 && rests; i++)
        if (!(trial->outcome->limit[i] * trial->instance->x0[i] >= 0))
            return conclude_fails(trial, finding, "weight %zu changes its sign", i + 1);
    return OK;
}

static bool sample_deep_signs(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = sample_drawn_rule_chain(stream, &rule_sign_symmetry, 2 + index % 3, 1);
    instance->problem.alpha = sample_nonzero(stream);
    return true;
}

static bool sample_decaying_signs(struct stream *stream, size_t index, struct instance *instance)
{
    sample_deep_signs(stream, index, instance);
    instance->problem.lambda = 1.0 / 2;
    return true;
}

/* Random backpropagation, whose loss may rise: Theorem 2's witness. */
static bool sample_fixed_feedback(struct stream *stream, size_t index, struct instance *instance)
{
    static const double x0[] = {-2, 1};
    (void)stream;
    *instance = sample_chain(&rule_srbp, 2, (double[]){1, 1}, x0);
    return index == 0;
}

/* |a2| = a1^2/2 with the wrong sign: the field that leads into the origin in finite time. */
static bool sample_origin(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = sample_drawn_rule_chain(stream, &rule_sign_symmetry, 2, 1);
    const double a1 = ldexp((double)(1 + stream_below(stream, 16)), -3);
    instance->problem.alpha = instance->problem.beta = 1;
    instance->x0[0] = index % 2 ? a1 : -a1;
    instance->x0[1] = index % 2 ? -a1 * a1 / 2 : a1 * a1 / 2;
    return true;
}

static bool sample_beside_origin(struct stream *stream, size_t index, struct instance *instance)
{
    sample_origin(stream, index, instance);
    instance->x0[1] *= 1.25;
    return true;
}

/* Not unique, so not predicted: the prediction says so and names the reason. */
static enum status conclude_not_predicted(struct trial *trial, enum finding *finding)
{
    const struct prediction *prediction;
    TRY(trial_prediction(trial, &prediction));
    trial->deviation = 0;
    if (prediction->ending != ENDING_HORIZON)
        return conclude_fails(trial, finding, "predicted %s", ending_name(prediction->ending));
    const double *x = trial->instance->x0;
    const double turn = trial->instance->problem.alpha * x[0] * x[1];
    if (!(fabs(x[1]) == x[0] * x[0] / 2 && turn < 0))
        return conclude_undecided(trial, finding, "%s", prediction->reason);
    return conclude_holds(finding);
}

#define NOTES "notes/rules.md, "

static const struct theorem records[] = {
    {
        .id = "mirror-converges",
        .source = "Akrout et al. (2019); " NOTES "(R13)",
        .hypotheses = "A[1,...,1] under the weight mirror, lambda > 0, sigma^2 > 0, alpha != 0, "
                      "beta > 0; drawn starts; tried: L = 2, 3, lambda and sigma^2 from 1/5 to 2",
        .statement = "Conjecture: the weights converge to c_i = kappa a_(i+1), kappa = "
                     "sigma^2/lambda, and P = rho, from all drawn starts.",
        .label = "R13",
        .recorded = VERDICT_SUPPORTED,
        .trials = 120,
        .corners = 1,
        .bound = LIMIT_BOUND,
        .sample = sample_mirror,
        .conclude = conclude_mirror,
        .control = {.what = "false conclusion: kappa = 1",
                    .sample = sample_mirror,
                    .conclude = conclude_plain_mirror},
    },
    {
        .id = "mirror-spectrum",
        .source = NOTES "(R13)",
        .hypotheses = "A[1,1,1] under the weight mirror, lambda > 0, sigma^2 > 0, beta > 0; a "
                      "state with c = kappa a2, kappa = sigma^2/lambda, P = rho",
        .statement = "The spectrum is -lambda, -beta (a1^2 + kappa a2^2) and 0, so every global "
                     "minimum attracts.",
        .label = "R13",
        .recorded = VERDICT_SUPPORTED,
        .trials = 200,
        .corners = 0,
        .bound = LIMIT_BOUND,
        .sample = sample_mirrored,
        .conclude = conclude_spectrum,
        .control = {.what = "false conclusion: kappa = 1",
                    .sample = sample_mirrored,
                    .conclude = conclude_plain_spectrum},
    },
    {
        .id = "signs-limit",
        .source = NOTES "(R15)",
        .hypotheses = "A[1,1,1] under sign symmetry, alpha != 0, beta > 0, equal rates; a start "
                      "with I = |a2| - a1^2/2 not 0",
        .statement = "|a1| is the root y of y^3/2 + I y = |rho| with y^2/2 + I > 0; where P rho < "
                     "0, I > 0 keeps the sign of a2, I < 0 that of a1.",
        .label = "R15",
        .recorded = VERDICT_SUPPORTED,
        .trials = 300,
        .corners = COUNT(sign_cases),
        .bound = LIMIT_BOUND,
        .sample = sample_signs,
        .conclude = conclude_signs,
        .control = {.what = "false conclusion: both signs are kept",
                    .sample = sample_signs,
                    .conclude = conclude_signs_kept},
    },
    {
        .id = "signs-origin",
        .source = NOTES "(R15)",
        .hypotheses = "A[1,1,1] under sign symmetry, alpha = beta = 1; a start with |a2| = a1^2/2 "
                      "and P rho < 0",
        .statement = "The origin is reached in finite time, where solutions are not unique: there "
                     "is no limit to predict.",
        .label = "R15",
        .recorded = VERDICT_SUPPORTED,
        .trials = 50,
        .corners = 0,
        .bound = 0, /* not used: exact arithmetic decides */
        .sample = sample_origin,
        .conclude = conclude_not_predicted,
        .control = {.what = "|a2| = (5/4) a1^2/2", .sample = sample_beside_origin},
    },
    {
        .id = "signs-integrals",
        .source = NOTES "(R14)",
        .hypotheses =
            "A[1,...,1] under sign symmetry, equal rates, no decay; any start; tried: L = 2, 3, 4",
        .statement = "|a_(i+1)| - a_i^2/2 is conserved through the jumps.",
        .label = "R14",
        .recorded = VERDICT_SUPPORTED,
        .trials = 100,
        .corners = 0,
        .bound = KEPT,
        .sample = sample_deep_signs,
        .conclude = conclude_claims_kept,
        .control = {.what = "with weight decay", .sample = sample_decaying_signs},
    },
    {
        .id = "signs-loss",
        .source = NOTES "(R14)",
        .hypotheses =
            "A[1,...,1] under sign symmetry, beta > 0, no decay; any start; tried: L = 2, 3, 4",
        .statement = "The loss never rises.",
        .label = "R14",
        .recorded = VERDICT_SUPPORTED,
        .trials = 100,
        .corners = 0,
        .bound = 1e-9, /* local errors of the loss per step */
        .sample = sample_deep_signs,
        .conclude = conclude_loss_never_rises,
        .control = {.what = "fixed feedback", .sample = sample_fixed_feedback},
    },
    {
        .id = "signs-deep",
        .source = NOTES "(R14)",
        .hypotheses = "A[1,...,1] under sign symmetry, alpha != 0, beta > 0, no decay; drawn "
                      "starts; tried: L = 2, 3, 4",
        .statement = "Conjecture: the weights converge to a global minimum from drawn starts.",
        .label = "R14",
        .recorded = VERDICT_SUPPORTED,
        .trials = 100,
        .corners = 0,
        .bound = LIMIT_BOUND,
        .sample = sample_deep_signs,
        .conclude = conclude_output_learned,
        .control = {.what = "with weight decay", .sample = sample_decaying_signs},
    },
};

const struct chapter chapter_channel_rules = {
    .title = "Weight mirrors and sign symmetry", .theorem = records, .theorems = COUNT(records)};
