/* Negative controls: systems that must not converge, with exact blow-up times and growth laws.
 *
 * A checker that says "settled" whatever happens would pass all theorems on convergence.  Here
 * learning runs against the error, in all layers or at the top alone, up the gradient, or with
 * moments that no data have; the values are closed forms or were computed to 18 digits by other
 * means, and stand in notes/chains.md, (P3), (L12), (B5), so that the comparison does not rest on
 * this program's own predictions.  Learning *against* the error means c_i -> -c_i in all layers. */
#include "proofs-check/conclude_output.h"
#include "proofs-check/proof_instances.h"
#include "proofs-check/sample.h"

#include "linear/registry.h"

#include <math.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { LIST_MOST = 5, DEPTH_MOST = 4 };

/* ---- exact blow-up times ---- */

/* Relative: what the time oracle accepts of its quadrature */
static const double PREDICTED_TIME = 1e-10;

/* A case with its blow-up time.  number[count]: q for a polynomial (rule NULL), c for srbp, rates
 * for bp. */
struct exact {
    const struct rule *rule;
    size_t count;
    double number[LIST_MOST], alpha, beta, x0[LIST_MOST], T;
};

static const struct exact exact_times[] = {
    /* x' = x^2, x^3, 1 + x^2, x^2 - 1: 1/x0, x0^-2/2, 3 pi/4, log(3)/2 */
    {.count = 3, .number = {0, 0, 1}, .x0 = {0.5}, .T = 2},
    {.count = 4, .number = {0, 0, 0, 1}, .x0 = {2}, .T = 0.125},
    {.count = 3, .number = {1, 0, 1}, .x0 = {-1}, .T = 2.356194490192344929},
    {.count = 3, .number = {-1, 0, 1}, .x0 = {2}, .T = 0.549306144334054846},
    /* against, L = 2: x' = (x^3 - 2x - 2)/2 by partial fractions; alpha = 0, K = 0: 1/(beta x0^2)
     */
    {.rule = &rule_srbp,
     .count = 2,
     .number = {-1, -1},
     .alpha = 1,
     .beta = 1,
     .x0 = {2, 1},
     .T = 0.443491217324399441},
    {.rule = &rule_srbp,
     .count = 2,
     .number = {-1, -1},
     .alpha = 0,
     .beta = 1,
     .x0 = {1, 0.5},
     .T = 1},
    /* the top layer alone: x' = x^3/2 - x + 1 */
    {.rule = &rule_srbp,
     .count = 2,
     .number = {1, -1},
     .alpha = 1,
     .beta = 1,
     .x0 = {2, -1},
     .T = 0.296121920232544084},
    /* against, alpha = 0, all I_i = 0: x' = x^7/16 and x^15/2048 */
    {.rule = &rule_srbp,
     .count = 3,
     .number = {-1, -1, -1},
     .alpha = 0,
     .beta = 1,
     .x0 = {1, 0.5, 0.125},
     .T = 8.0 / 3},
    {.rule = &rule_srbp,
     .count = 4,
     .number = {-1, -1, -1, -1},
     .alpha = 0,
     .beta = 1,
     .x0 = {1, 0.5, 0.125, 0.0078125},
     .T = 1024.0 / 7},
    /* gradient ascent: 1/(2 beta x0^2) */
    {.rule = &rule_bp,
     .count = 2,
     .number = {-1, -1},
     .alpha = 0,
     .beta = 1,
     .x0 = {1, 1},
     .T = 0.5},
    {.rule = &rule_bp,
     .count = 2,
     .number = {-1, -1},
     .alpha = 0,
     .beta = 1.25,
     .x0 = {-2, -2},
     .T = 0.1},
    /* formal beta = -1, alpha = 0, K = 0: 1/(|beta| x0^2) */
    {.rule = &rule_srbp,
     .count = 2,
     .number = {1, 1},
     .alpha = 0,
     .beta = -1,
     .x0 = {1, 0.5},
     .T = 1},
};

static struct instance exact_instance(const struct exact *exact)
{
    if (!exact->rule)
        return sample_polynomial(exact->count, exact->number, exact->x0[0]);
    const bool direct = exact->rule->direct != NULL;
    struct instance instance =
        sample_chain(exact->rule, exact->count, direct ? exact->number : NULL, exact->x0);
    instance.problem.alpha = exact->alpha;
    instance.problem.beta = exact->beta;
    if (!direct) {
        instance.problem.rate_count = exact->count;
        memcpy(instance.problem.rates, exact->number, exact->count * sizeof *exact->number);
    }
    return instance;
}

static bool sample_exact(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    if (index >= COUNT(exact_times))
        return false;
    *instance = exact_instance(&exact_times[index]);
    return true;
}

static bool same_list(size_t count, const double *x, size_t other_count, const double *y)
{
    bool same = count == other_count;
    for (size_t i = 0; i < count && same; i++)
        same = x[i] == y[i];
    return same;
}

static bool same_instance(const struct instance *a, const struct instance *b)
{
    const struct problem *p = &a->problem, *r = &b->problem;
    return p->system == r->system && p->rule == r->rule && p->alpha == r->alpha &&
           p->beta == r->beta && same_list(p->q_count, p->q, r->q_count, r->q) &&
           same_list(p->c_count, p->c, r->c_count, r->c) &&
           same_list(p->rate_count, p->rates, r->rate_count, r->rates) &&
           same_list(a->dim, a->x0, b->dim, b->x0);
}

/* The blow-up time on record; NAN for an instance that is not in the table. */
static double exact_time(const struct instance *instance)
{
    for (size_t i = 0; i < COUNT(exact_times); i++) {
        const struct instance known = exact_instance(&exact_times[i]);
        if (same_instance(instance, &known))
            return exact_times[i].T;
    }
    return NAN;
}

static enum status compare_times(struct trial *trial, double T, enum finding *finding)
{
    const struct outcome *outcome;
    const struct prediction *prediction;
    TRY(trial_outcome(trial, &outcome));
    TRY(trial_prediction(trial, &prediction));
    if (outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED)
        return conclude_undecided(trial, finding, "%s: %s", ending_name(outcome->ending),
                                  outcome->reason);
    if (outcome->ending != ENDING_ESCAPED)
        return conclude_fails(trial, finding, "ends %s", ending_name(outcome->ending));
    trial->measured = outcome->blowup_time;
    trial->expected = T;
    trial->deviation = fabs(trial->measured / T - 1);
    if (!(fabs(trial->measured - T) <= outcome->blowup_error))
        return conclude_fails(trial, finding, "blow-up at %.12g +- %.1e, exactly %.12g",
                              trial->measured, outcome->blowup_error, T);
    if (prediction->ending == ENDING_ESCAPED &&
        !(fabs(prediction->escape_time / T - 1) <= PREDICTED_TIME))
        return conclude_fails(trial, finding, "predicted blow-up at %.16g, exactly %.16g",
                              prediction->escape_time, T);
    return conclude_holds(finding);
}

static enum status conclude_exact_time(struct trial *trial, enum finding *finding)
{
    return compare_times(trial, exact_time(trial->instance), finding);
}

/* False: T off by ten parts in a million. */
static enum status conclude_shifted_time(struct trial *trial, enum finding *finding)
{
    static const double SHIFT = 1e-5; /* a hundred times the error that a blow-up time has */
    return compare_times(trial, exact_time(trial->instance) * (1 + SHIFT), finding);
}

/* Every time in a ball, which has the one on record in it, rounded as that is; `factor` is 1, or
 * false on purpose. */
static enum status enclose_times(double factor, struct proof *proof)
{
    static const double ROUNDING = 4e-16; /* of a double, relative */
    for (size_t i = 0; i < COUNT(exact_times); i++) {
        const struct instance instance = exact_instance(&exact_times[i]);
        arb_t time;
        bool enclosed;
        arb_init(time);
        const enum status status = proof_instances_blowup(&instance, time, &enclosed);
        const double T = exact_times[i].T * factor,
                     found = arf_get_d(arb_midref(time), ARF_RND_NEAR);
        proof_step(proof, enclosed && fabs(found - T) <= ROUNDING * T,
                   "system %zu of %zu: T = %.17g, enclosed to %.1e; on record %.17g", i + 1,
                   COUNT(exact_times), found, mag_get_d(arb_radref(time)), T);
        arb_clear(time);
        TRY(status);
    }
    return OK;
}

static enum status enclose_exact_times(const struct theorem *theorem, struct proof *proof)
{
    (void)theorem;
    return enclose_times(1, proof);
}

static enum status enclose_shifted_times(const struct theorem *theorem, struct proof *proof)
{
    static const double SHIFT = 1e-14;
    (void)theorem;
    return enclose_times(1 + SHIFT, proof);
}

static const struct proof_method times_enclosed = {
    .gives = VERDICT_CERTIFIED,
    .label = "UN8",
    .scope = "the twelve systems",
    .prove = enclose_exact_times,
    .without = "false conclusion: the times are 1e-14 longer, relative",
    .control = enclose_shifted_times,
};

/* ---- learning against the error ---- */

static struct instance draw_against(struct stream *stream, size_t L)
{
    struct instance instance = sample_drawn_chain(stream, L);
    for (size_t i = 0; i < L; i++)
        instance.problem.c[i] = -instance.problem.c[i];
    return instance;
}

static bool sample_against(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = draw_against(stream, 1 + index % DEPTH_MOST);
    return true;
}

/* ---- the top layer alone ---- */

/* dP/ds at s = 0 for c = (c1, -1): c1 a2 - a1^2.  P at clock s: */
static double product_at_clock(double c1, const double *a, double s)
{
    const double a1 = a[0] + c1 * s, a2 = a[1] - s * (a[0] + c1 * s / 2);
    return a1 * a2;
}

/* c = (c1, -1) with a root ahead: S(0) > 0, and alpha = beta P(s) at a clock s so small that P
 * grows. */
static struct instance draw_harmless(struct stream *stream)
{
    const double beta = sample_positive(stream), c[] = {sample_nonzero(stream), -1};
    double a[] = {stream_normal(stream), 0}, s = stream_normal(stream);
    a[1] = (a[0] * a[0] + sample_positive(stream)) / c[0];
    while (!((product_at_clock(c[0], a, s) - product_at_clock(c[0], a, 0)) * s > 0))
        s /= 2;
    struct instance instance = sample_chain(&rule_srbp, COUNT(c), c, a);
    instance.problem.beta = beta;
    instance.problem.alpha = beta * product_at_clock(c[0], a, s);
    return instance;
}

static const double harmless_start[] = {2, 1}, harmful_start[] = {2, -1}, top_against[] = {1, -1};

static bool sample_harmless(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = index == 0
                    ? sample_chain(&rule_srbp, COUNT(top_against), top_against, harmless_start)
                    : draw_harmless(stream);
    return true;
}

static bool sample_harmful(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    *instance = sample_chain(&rule_srbp, COUNT(top_against), top_against, harmful_start);
    return index == 0;
}

static enum status conclude_harmless(struct trial *trial, enum finding *finding)
{
    static const double ROOT = 0.339876886623182552; /* of x^3/2 - 3x + 1 */
    TRY(conclude_global_minimum(trial, finding));
    if (*finding != FINDING_HOLDS)
        return OK;
    const struct instance known =
        sample_chain(&rule_srbp, COUNT(top_against), top_against, harmless_start);
    if (same_instance(trial->instance, &known))
        return conclude_close(trial, "a1", trial->outcome->limit[0], ROOT, finding);
    return conclude_predicted_limit(trial, finding);
}

/* ---- growth without blow-up ---- */

/* Formal beta = 0; dead layers, c_p = 0 = a_p(0), at p = 2, 3, 4.  All with e = alpha for ever. */
static const struct exact divergent_corners[] = {
    {.count = 2, .number = {1, 1}, .alpha = 1, .beta = 0, .x0 = {0.5, 0.25}},
    {.count = 3, .number = {1, 0, 1}, .alpha = 1, .beta = 1, .x0 = {0.5, 0, 0.5}},
    {.count = 4, .number = {1, 1, 0, 1}, .alpha = 1, .beta = 1, .x0 = {0.5, 0.5, 0, 0.5}},
    {.count = 5, .number = {1, -2, 1, 0, 1}, .alpha = -1, .beta = 1, .x0 = {0.5, 0.5, 0.5, 0, 0.5}},
};

/* alpha, large enough for growth to be seen before the horizon. */
static double draw_speed(struct stream *stream)
{
    static const double LEAST = 0.5;
    const double x = stream_normal(stream);
    return copysign(fmax(fabs(x), LEAST), x);
}

/* c_1, ..., c_{p-1} != 0, c_p = 0 = a_p(0), p = 2, 3 or 4 below the top. */
static struct instance draw_dead_layer(struct stream *stream)
{
    const size_t p = 2 + stream_below(stream, DEPTH_MOST - 1);
    struct instance instance = sample_drawn_chain(stream, p + 1 + stream_below(stream, 2));
    instance.problem.c[p - 1] = instance.x0[p - 1] = 0;
    instance.problem.alpha = draw_speed(stream);
    return instance;
}

static bool sample_divergent(struct stream *stream, size_t index, struct instance *instance)
{
    if (index >= COUNT(divergent_corners)) {
        *instance = draw_dead_layer(stream);
        return true;
    }
    struct exact corner = divergent_corners[index];
    corner.rule = &rule_srbp;
    *instance = exact_instance(&corner);
    return true;
}

/* c_p = 0 but a_p(0) != 0: the layer is silent, not dead, and the chain converges. */
static bool sample_silent(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = draw_dead_layer(stream);
    for (size_t i = 0; i < instance->dim; i++)
        instance->x0[i] += copysign(1, instance->x0[i]);
    return true;
}

/* The fastest weight is that below the first dead layer p, or the top one if beta = 0: t^(2^(p-2)).
 */
static double fastest_exponent(const struct instance *instance)
{
    size_t p = 0;
    while (p < instance->dim && !(instance->problem.c[p] == 0 && instance->x0[p] == 0))
        p++;
    return ldexp(1, (int)p - 1); /* p counts from 0 here */
}

static enum status conclude_polynomial_growth(struct trial *trial, enum finding *finding)
{
    TRY(conclude_predicted_exponent(trial, finding));
    if (*finding != FINDING_HOLDS)
        return OK;
    return conclude_close(trial, "exponent", trial->outcome->exponent,
                          fastest_exponent(trial->instance), finding);
}

/* The state after three units of the clock, alpha t = 3, against a(s) of (C2) with e = alpha. */
static enum status compare_paths(struct trial *trial, double clock_speed, enum finding *finding)
{
    static const double CLOCK = 3; /* the fastest weight has grown thousandfold at p = 4 */
    const struct problem *p = &trial->instance->problem;
    const struct outcome *outcome;
    struct chain_clock clock;
    double a[INSTANCE_DIM_MAX], error, size = 1;
    chain_clock_init(&clock, p, trial->flow, trial->instance->x0);
    chain_at_clock(&clock, ball_of(copysign(CLOCK, p->alpha)), a, &error);
    trial->plan.no_endings = true;
    trial->plan.horizon = CLOCK / clock_speed;
    TRY(trial_outcome(trial, &outcome));
    trial->deviation = 0;
    for (size_t i = 0; i < trial->flow->dim; i++) {
        size = fmax(size, fabs(a[i]));
        trial->deviation = fmax(trial->deviation, fabs(outcome->last[i] - a[i]));
    }
    trial->deviation /= size;
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "off its polynomial path by %.3g (relative)",
                              trial->deviation);
    return conclude_holds(finding);
}

static enum status conclude_polynomial_path(struct trial *trial, enum finding *finding)
{
    return compare_paths(trial, fabs(trial->instance->problem.alpha), finding);
}

/* ---- the records ---- */

#define NOTES "notes/chains.md, "

static const struct theorem records[] = {
    {
        .id = "neg-blowup-times",
        .source = NOTES "(P3), (L12), (B5)",
        .hypotheses = "x' = x^2, x^3, 1 + x^2, x^2 - 1; A[1,...,1] learning against the error (all "
                      "c_i < 0, or c_L < 0) under srbp, L = 2, 3, 4; gradient ascent (bp), L = 2; "
                      "formal beta = -1: twelve systems, each with its start",
        .statement = "They blow up at the exact times on record.",
        .label = "L12, B5",
        .recorded = VERDICT_CERTIFIED,
        .trials = COUNT(exact_times),
        .corners = COUNT(exact_times),
        .bound = 0, /* not used: the time is compared within the estimate's own error */
        .sample = sample_exact,
        .conclude = conclude_exact_time,
        .control = {.what = "false conclusion: the times are 1e-5 longer",
                    .sample = sample_exact,
                    .conclude = conclude_shifted_time},
        .proof = &times_enclosed,
    },
    {
        .id = "neg-anti-learning",
        .source = NOTES "(L12); Baldi, Sadowski, Lu (2018), Theorem 4, with e -> -e",
        .hypotheses = "A[1,...,1] under srbp with all layers learning against the error (the signs "
                      "of all c_i turned, c_L = -1), beta > 0, all c_i != 0; a start off null "
                      "sets; tried: L = 1, ..., 4",
        .statement = "A solution converges to the next root of the clock polynomial or, if there "
                     "is none, blows up at its integral (grows exponentially if L = 1).",
        .label = "L12",
        .recorded = VERDICT_SUPPORTED,
        .trials = 600,
        .corners = 0,
        .bound = 1e-8, /* of limits near a turning point of the clock polynomial */
        .sample = sample_against,
        .conclude = conclude_as_theory_says,
        .control = {.what = "false conclusion: converges, as it would with the error",
                    .sample = sample_against,
                    .conclude = conclude_converges},
    },
    {
        .id = "neg-harmless",
        .source = NOTES "(L12)",
        .hypotheses = "A[1,1,1] under srbp with c = (c1, -1), c1 != 0, beta > 0; a start whose "
                      "clock polynomial has a root ahead",
        .statement = "Learning against the error at the top still converges to a global minimum; "
                     "from (2, 1) with c1 = alpha = beta = 1 to a1 = 0.339876886623182552.",
        .label = "L12",
        .recorded = VERDICT_SUPPORTED,
        .trials = 100,
        .corners = 1,
        .sweep = 20,
        .bound = 1e-9, /* rounding of e over the slope of the clock polynomial */
        .sample = sample_harmless,
        .conclude = conclude_harmless,
        .control = {.what = "no root ahead: the start (2, -1)", .sample = sample_harmful},
    },
    {
        .id = "neg-polynomial-divergence",
        .source = NOTES "(L3), (L4)",
        .hypotheses = "A[1,...,1] under srbp, c_p = 0 = a_p(0) in the first such layer, 1 < p < L, "
                      "and alpha, c_1, ..., c_(p-1) != 0; or formally beta = 0 and p = L + 1",
        .statement = "The weights grow without blow-up, the fastest like t^(2^(p-2)).",
        .label = "L3, L4",
        .recorded = VERDICT_PROVED,
        .trials = 200,
        .corners = COUNT(divergent_corners),
        .bound =
            1e-3, /* the second term below the leading one, 1/t^2, where |x| ~ t^4 has passed 1e9 */
        .measures = THEOREM_MEASURES_EXPONENTS,
        .sample = sample_divergent,
        .conclude = conclude_polynomial_growth,
        .control = {.what = "c_p = 0 but a_p(0) != 0", .sample = sample_silent},
        .proof = &proof_chain_growth,
    },
    {
        .id = "neg-polynomial-path",
        .source = NOTES "(L4), (C2)",
        .hypotheses = "A[1,...,1] under srbp, c_p = 0 = a_p(0) in the first such layer, 1 < p < L, "
                      "and alpha, c_1, ..., c_(p-1) != 0; or formally beta = 0 and p = L + 1",
        .statement = "The error is alpha for ever, and the weights are the polynomials a_i(alpha "
                     "t) of the clock: from (1/2, 1/4) with beta = 0, c = 1, alpha = 1, a1 = 1/2 + "
                     "t and a2 = 1/4 + t/2 + t^2/2.",
        .label = "L4, C2",
        .recorded = VERDICT_PROVED,
        .trials = 100,
        .corners = COUNT(divergent_corners),
        .bound = 1e-7, /* some hundred steps with a local error of 1e-10 each, with room */
        .sample = sample_divergent,
        .conclude = conclude_polynomial_path,
        .control = {.what = "c_p = 0 but a_p(0) != 0", .sample = sample_silent},
        .proof = &proof_chain_growth,
    },
};

const struct chapter chapter_negative_controls = {
    .title = "Negative controls: what must not converge",
    .theorem = records,
    .theorems = COUNT(records),
};
