/* Backpropagation on chains, the comparison: a_i' = eta_i (prod_{k!=i} a_k) e.
 *
 * Gradient descent fails on a null set where random backpropagation does not fail at all: ties of
 * the smallest |a_i|/sqrt(eta_i) with the wrong sign of the product end at saddles
 * (notes/chains.md, (B1)-(B4)). Drawn starts never meet a tie, so the samplers of ties build them.
 * */
#include "linear/registry.h"
#include "proofs-check/conclude.h"
#include "proofs-check/sample.h"

#include <math.h>

enum { DEPTH_MOST = 5 };

static const double LIMIT_BOUND = 1e-10; /* the promise of the project for limits */
static const double ERROR_BOUND = 1e-10; /* of alpha - beta P at a limit */
static const double RATE_BOUND = 5e-3;   /* the tail is linear to 1e-3 where the rate is measured */
static const double EXPONENT_BOUND = 0.02; /* of an algebraic approach over ten doublings */
static const double LOSS_ROUNDING = 1e-8;  /* a hundred local errors of the referee */

/* ---- samplers ---- */

static bool sample_drawn(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_drawn_gradient(stream, 2 + stream_below(stream, DEPTH_MOST - 1));
    return true;
}

/* The claim "from every start", with the tie that refutes it first. */
static bool sample_every_start(struct stream *stream, size_t index, struct instance *instance)
{
    if (index > 0)
        return sample_drawn(stream, index, instance);
    *instance = sample_chain(&rule_bp, 2, NULL, (double[]){0.5, -0.5});
    return true;
}

static bool sample_unequal_rates(struct stream *stream, size_t index, struct instance *instance)
{
    (void)sample_drawn(stream, index, instance);
    instance->problem.rate_count = instance->dim;
    for (size_t i = 0; i < instance->dim; i++)
        instance->problem.rates[i] = sample_positive(stream);
    return true;
}

/* `tied` weights share the smallest modulus m, the rest are larger; sign of P(0) rho as asked. */
static struct instance tie(struct stream *stream, size_t L, size_t tied, int sign)
{
    double x0[DEPTH_MOST], P = 1;
    const double m = stream_between(stream, 0.25, 0.75);
    for (size_t i = 0; i < L; i++) {
        x0[i] = (i < tied ? m : m + stream_between(stream, 0.25, 1)) *
                (stream_below(stream, 2) ? 1 : -1);
        P *= x0[i];
    }
    struct instance instance = sample_chain(&rule_bp, L, NULL, x0);
    instance.problem.alpha = copysign(stream_between(stream, 0.5, 2), sign * P);
    instance.problem.beta = stream_between(stream, 0.5, 2);
    return instance;
}

static bool sample_bad_pair(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = tie(stream, 2 + index % 3, 2, -1);
    return true;
}

static bool sample_good_tie(struct stream *stream, size_t index, struct instance *instance)
{
    const size_t L = 2 + index % 3;
    *instance = tie(stream, L, 2 + stream_below(stream, L - 1), 1);
    /* at P(0) = rho exactly nothing would be tested; keep away from it */
    instance->problem.alpha *= 4;
    return true;
}

static bool sample_bad_triple(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = tie(stream, 3 + index % 2, 3 + stream_below(stream, 1 + index % 2), -1);
    return true;
}

static bool sample_broken_tie(struct stream *stream, size_t index, struct instance *instance)
{
    static const double OFFSET = 1e-6;
    (void)sample_bad_pair(stream, index, instance);
    instance->x0[0] *= 1 + OFFSET;
    return true;
}

/* Two zero weights: every update vanishes. */
static bool sample_two_zeros(struct stream *stream, size_t index, struct instance *instance)
{
    (void)sample_drawn(stream, index, instance);
    instance->problem.alpha = sample_nonzero(stream);
    instance->x0[0] = instance->x0[1] = 0;
    return true;
}

static bool sample_one_zero(struct stream *stream, size_t index, struct instance *instance)
{
    (void)sample_two_zeros(stream, index, instance);
    instance->x0[1] = sample_nonzero(stream);
    for (size_t i = 2; i < instance->dim; i++)
        instance->x0[i] = sample_nonzero(stream);
    return true;
}

static bool sample_random_feedback(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = index == 0 ? sample_chain(&rule_srbp, 2, (double[]){1, 1}, (double[]){-2, 1})
                           : sample_drawn_chain(stream, 2);
    return true;
}

static bool sample_ascent(struct stream *stream, size_t index, struct instance *instance)
{
    (void)sample_drawn(stream, index, instance);
    instance->problem.rate_count = instance->dim;
    for (size_t i = 0; i < instance->dim; i++)
        instance->problem.rates[i] = -1;
    return true;
}

/* ---- conclusions ---- */

/* Ends at the saddle of the prediction, away from the minimum. */
static enum status ends_at_saddle(struct trial *trial, enum finding *finding)
{
    TRY(conclude_predicted_limit(trial, finding));
    if (*finding == FINDING_HOLDS && trial->outcome->ending != ENDING_SADDLE)
        return conclude_fails(trial, finding, "ends %s", ending_name(trial->outcome->ending));
    return OK;
}

/* The approach to the saddle has the rate -|alpha| prod |rest| (with rates, (B4)). */
static enum status saddle_rate(struct trial *trial, enum finding *finding)
{
    TRY(ends_at_saddle(trial, finding));
    if (*finding != FINDING_HOLDS)
        return OK;
    return conclude_close(trial, "rate of approach", trial->outcome->measured_rate,
                          -trial->prediction.rate, finding);
}

static enum status stays_at_start(struct trial *trial, enum finding *finding)
{
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (rests && trial->outcome->t > 0)
        return conclude_fails(trial, finding, "it moves, and ends %s at t = %.6g",
                              ending_name(trial->outcome->ending), trial->outcome->t);
    trial->deviation = 0;
    return rests ? conclude_holds(finding) : OK;
}

/* ---- the records ---- */

static const struct theorem records[] = {
    {
        .id = "bp-every-start",
        .source = "Baldi, Sadowski, Lu (2018), Eqs. 51-53, comparison",
        .hypotheses = "A[1,...,1] under bp, beta > 0; any start; tried: L = 2, ..., 5",
        .statement = "from every start the weights converge to a global minimum",
        .label = "B2",
        .recorded = VERDICT_REFUTED,
        .trials = 500,
        .corners = 1,
        .bound = ERROR_BOUND,
        .sample = sample_every_start,
        .conclude = conclude_global_minimum,
        .control = {.what = "ties with P(0) rho < 0", .sample = sample_bad_pair},
    },
    {
        .id = "bp-unique-minimum",
        .source = "notes/chains.md",
        .hypotheses = "A[1,...,1] under bp, beta > 0; a start with a unique smallest "
                      "|a_i|/sqrt(eta_i); tried: L = 2, ..., 5, unit rates",
        .statement = "the weights converge to a global minimum",
        .label = "B1, F2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 750,
        .corners = 0,
        .sweep = 40,
        .bound = ERROR_BOUND,
        .sample = sample_drawn,
        .conclude = conclude_global_minimum,
        .control = {.what = "ties with P(0) rho < 0", .sample = sample_bad_pair},
    },
    {
        .id = "bp-limit",
        .source = "notes/chains.md",
        .hypotheses = "A[1,...,1] under bp, beta > 0, unit rates; a start with a unique smallest "
                      "|a_i|; k_j = a_j(0)^2 - min a_i(0)^2; tried: L = 2, ..., 5",
        .statement = "the limit has a_j^2 = y + k_j, prod (y + k_j) = rho^2, and only the smallest "
                     "weight can change sign",
        .label = "B1",
        .recorded = VERDICT_SUPPORTED,
        .trials = 750,
        .corners = 0,
        .sweep = 20,
        .bound = LIMIT_BOUND,
        .sample = sample_drawn,
        .conclude = conclude_predicted_limit,
        .control = {.what = "gradient ascent, judged by convergence",
                    .sample = sample_ascent,
                    .conclude = conclude_converges},
    },
    {
        .id = "bp-unequal-rates",
        .source = "notes/chains.md",
        .hypotheses = "A[1,...,1] under bp, beta > 0, positive rates eta_i; a start with a unique "
                      "smallest b_i = |a_i|/sqrt(eta_i); k_j = b_j(0)^2 - min b_i(0)^2, H = prod "
                      "eta_i; tried: L = 2, ..., 5",
        .statement = "the same for b = a/sqrt(eta): b_j^2 = y + k_j, prod (y + k_j) = rho^2/H",
        .label = "B4",
        .recorded = VERDICT_SUPPORTED,
        .trials = 800,
        .corners = 0,
        .sweep = 10,
        .bound = LIMIT_BOUND,
        .sample = sample_unequal_rates,
        .conclude = conclude_predicted_limit,
        .control = {.what = "gradient ascent, judged by convergence",
                    .sample = sample_ascent,
                    .conclude = conclude_converges},
    },
    {
        .id = "bp-rate",
        .source = "notes/chains.md",
        .hypotheses = "A[1,...,1] under bp, beta > 0; a start with a unique smallest "
                      "|a_i|/sqrt(eta_i) that is no fixed point; tried: L = 2, ..., 5, unit rates",
        .statement =
            "the approach to the minimum has the rate beta sum_i eta_i (prod_{k!=i} a_k)^2",
        .label = "H2, B1",
        .recorded = VERDICT_SUPPORTED,
        .trials = 800,
        .corners = 0,
        .bound = RATE_BOUND,
        .sample = sample_drawn,
        .conclude = conclude_predicted_rate,
        .control = {.what = "the rate of the top layer alone",
                    .sample = sample_drawn,
                    .conclude = conclude_rate_of_top_layer},
    },
    {
        .id = "bp-tie-saddle",
        .source = "notes/chains.md",
        .hypotheses = "A[1,...,1] under bp, beta > 0, unit rates; a start where exactly two "
                      "weights tie for the smallest modulus, P(0) rho < 0; tried: L = 2, 3, 4",
        .statement = "both go to zero, a saddle",
        .label = "B2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 300,
        .corners = 0,
        .bound = LIMIT_BOUND,
        .sample = sample_bad_pair,
        .conclude = ends_at_saddle,
        .control = {.what = "the tie broken by one part in a million", .sample = sample_broken_tie},
    },
    {
        .id = "bp-tie-saddle-rate",
        .source = "notes/chains.md",
        .hypotheses = "A[1,...,1] under bp, beta > 0, unit rates; a start where exactly two "
                      "weights tie for the smallest modulus, P(0) rho < 0; tried: L = 2, 3, 4",
        .statement = "the saddle is approached with the rate |alpha| prod of the other |a_j| there",
        .label = "B2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 200,
        .corners = 0,
        .bound = RATE_BOUND,
        .sample = sample_bad_pair,
        .conclude = saddle_rate,
        .control = {.what = "the tie broken by one part in a million", .sample = sample_broken_tie},
    },
    {
        .id = "bp-tie-minimum",
        .source = "notes/chains.md",
        .hypotheses = "A[1,...,1] under bp, beta > 0, unit rates; a start where two weights or "
                      "more tie for the smallest modulus, P(0) rho > 0; tried: L = 2, 3, 4",
        .statement = "the weights converge to a global minimum",
        .label = "B2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 300,
        .corners = 0,
        .sweep = 20,
        .bound = LIMIT_BOUND,
        .sample = sample_good_tie,
        .conclude = conclude_predicted_limit,
        .control = {.what = "ties with P(0) rho < 0, judged by the minimum",
                    .sample = sample_bad_pair,
                    .conclude = conclude_global_minimum},
    },
    {
        .id = "bp-tie-algebraic",
        .source = "notes/chains.md",
        .hypotheses = "A[1,...,1] under bp, beta > 0, unit rates; a start where exactly r >= 3 "
                      "weights tie for the smallest modulus, P(0) rho < 0; tried: L = 3, 4",
        .statement = "they go to zero like t^(-1/(r-2))",
        .label = "B2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 60,
        .corners = 0,
        .bound = EXPONENT_BOUND,
        .measures = THEOREM_MEASURES_EXPONENTS,
        .sample = sample_bad_triple,
        .conclude = conclude_predicted_exponent,
        .control = {.what = "two tied weights: exponential, no power law",
                    .sample = sample_bad_pair},
    },
    {
        .id = "bp-two-zeros",
        .source = "notes/chains.md",
        .hypotheses =
            "A[1,...,1] under bp, L >= 2; a start with two zero weights; tried: L = 2, ..., 5",
        .statement = "every update vanishes, and the chain stays where it is",
        .label = "B2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 200,
        .corners = 0,
        .bound = 0,
        .sample = sample_two_zeros,
        .conclude = stays_at_start,
        .control = {.what = "one zero weight", .sample = sample_one_zero},
    },
    {
        .id = "bp-loss-monotone",
        .source = "Baldi, Sadowski, Lu (2018), Eqs. 51-53",
        .hypotheses = "A[1,...,1] under bp, beta > 0, positive rates; any start; tried: L = 2, "
                      "..., 5, unit rates",
        .statement = "the loss never increases",
        .label = "B3",
        .recorded = VERDICT_SUPPORTED,
        .trials = 800,
        .corners = 0,
        .bound = LOSS_ROUNDING,
        .sample = sample_drawn,
        .conclude = conclude_loss_never_rises,
        .control = {.what = "random feedback from (-2, 1)", .sample = sample_random_feedback},
    },
    {
        .id = "rbp-loss-monotone",
        .source = "notes/chains.md",
        .hypotheses = "A[1,1,1] under rbp (= srbp), beta > 0, c1 != 0; any start",
        .statement = "the loss never increases (it does, on the way)",
        .label = "B3",
        .recorded = VERDICT_REFUTED,
        .trials = 300,
        .corners = 1,
        .bound = LOSS_ROUNDING,
        .sample = sample_random_feedback,
        .conclude = conclude_loss_never_rises,
        .control = {.what = "gradient ascent", .sample = sample_ascent},
    },
};

const struct chapter chapter_backprop = {
    .title = "Backpropagation on chains, the comparison",
    .theorem = records,
    .theorems = sizeof records / sizeof *records,
};
