/* Adaptive feedback, arbp and asrbp: the feedback weights learn by the product of the signals at
 * both of their ends (notes/adaptive.md).
 *
 * With two layers, of any width, everything is as published: convergence from every start, to a
 * global minimum off an exact null set.  With three layers arbp fails on an open set: |a1| < |c1|,
 * |c2| < |a2|, c1 a2 < 0 is preserved for ever, and if e has no zero on the closed orbit the
 * weights go round and round, with a period that a smooth integral gives.  asrbp converges off a
 * null set of any depth, but its weights do not become symmetric.  Probabilities are shares of
 * drawn starts, compared within exact confidence intervals, and exact counts of sign patterns. */
#include "linear/adaptive.h"
#include "linear/matrix.h"
#include "linear/registry.h"
#include "proofs-check/conclude_output.h"
#include "proofs-check/sample_rule.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static const double LIMIT_BOUND = 1e-9;  /* of limits and e: small slopes cost a digit */
static const double PERIOD_BOUND = 1e-8; /* some thousand steps of local error 1e-10 */
static const double KEPT = 1e-9;         /* of quantities that the increments conserve exactly */

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- two layers ---- */

static const double pair_starts[][3] = {
    {0.5, 0.25, -0.125}, {1.0 / 64, -1.0 / 32, 3.0 / 128},
    {0.5, 0.25, -0.5},   {-4, -1, 4},
    {0.125, -4, 0.25},   {1, 1, 1},
    {0.5, -0.5, 0.5},    {-0.5, 0.25, 0.25},
};

static struct instance pair_corner(size_t index)
{
    struct instance instance = sample_rule_chain(&rule_arbp, 2, 3, pair_starts[index]);
    instance.problem.alpha = index == 4 ? 1.0 / 16 : 1;
    return instance;
}

static struct instance draw_pair(struct stream *stream)
{
    const struct rule *rule = stream_below(stream, 2) ? &rule_arbp : &rule_asrbp;
    return sample_drawn_rule_chain(stream, rule, 2, 1);
}

static bool sample_pair(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = index < COUNT(pair_starts) ? pair_corner(index) : draw_pair(stream);
    return true;
}

static bool sample_generic_pair(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = draw_pair(stream);
    return true;
}

/* a1 = -sgn(alpha) c1, where the saddle line may attract. */
static bool sample_symmetric_pair(struct stream *stream, size_t index, struct instance *instance)
{
    if (index == 2 || index == 3) {
        *instance = pair_corner(index);
        return true;
    }
    *instance = draw_pair(stream);
    instance->problem.alpha = sample_nonzero(stream);
    instance->x0[1] *= 3; /* D^2 >= 4 |rho| for a good share */
    instance->x0[2] = -copysign(1, instance->problem.alpha) * instance->x0[0];
    return true;
}

static bool sample_against(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = draw_pair(stream);
    instance->problem.rate_count = 3;
    for (size_t i = 0; i < 3; i++)
        instance->problem.rates[i] = -1;
    return true;
}

/* (G3): does a start with a1 = -sgn(alpha) c1 go to the saddle?  All v if D^2 < 4 |rho|, else those
 * on zero's side of -D + sgn(D) sqrt(D^2 - 4 |rho|). */
static bool is_excluded(const struct problem *p, const double *x)
{
    const double turn = p->alpha > 0 ? 1 : -1, rho = fabs(p->alpha) / p->beta;
    const double v = x[0] - turn * x[2], D = turn * (x[2] - x[1]);
    const double discriminant = D * D - 4 * rho;
    if (discriminant < 0)
        return true;
    const double edge = -D + copysign(sqrt(discriminant), D); /* of the two: the nearer to zero */
    return edge > 0 ? v < edge : v > edge;
}

static enum status compare_exclusion(struct trial *trial, bool excluded, enum finding *finding)
{
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    const bool saddle = trial->outcome->ending == ENDING_SADDLE;
    trial->deviation = 0;
    if (saddle != excluded)
        return conclude_fails(trial, finding, "ends %s, with %s expected",
                              ending_name(trial->outcome->ending),
                              excluded ? "saddle" : "learning");
    return saddle ? conclude_holds(finding) : conclude_output_learned(trial, finding);
}

static enum status conclude_exclusion(struct trial *trial, enum finding *finding)
{
    return compare_exclusion(trial, is_excluded(&trial->instance->problem, trial->instance->x0),
                             finding);
}

static enum status conclude_all_excluded(struct trial *trial, enum finding *finding)
{
    return compare_exclusion(trial, true, finding);
}

/* ---- the fan ---- */

static bool sample_fan(struct stream *stream, size_t index, struct instance *instance)
{
    static const double x0[] = {0.5, -0.25, 0.125, 0.25, 0.5, -0.5, -0.125, 0.375, 0.25};
    enum { WIDTHS = 4 };
    const struct rule *rule = index % 2 ? &rule_arbp : &rule_asrbp;
    *instance = index == 0 ? sample_rule_fan(rule, 3, NULL, COUNT(x0), x0)
                           : sample_drawn_rule_fan(stream, rule, 1 + index % WIDTHS, 1);
    return true;
}

/* ---- rates that differ ---- */

static void set_rates(double eta1, double eta2, double rho, struct instance *instance)
{
    instance->problem.rate_count = 3;
    instance->problem.rates[0] = eta1;
    instance->problem.rates[1] = eta2;
    instance->problem.rates[2] = rho;
}

static bool sample_rates(struct stream *stream, size_t index, struct instance *instance)
{
    static const double LEAST = 0.2, MOST = 3;
    (void)index;
    *instance = draw_pair(stream);
    set_rates(stream_between(stream, LEAST, MOST), stream_between(stream, LEAST, MOST),
              stream_between(stream, LEAST, MOST), instance);
    return true;
}

/* False on purpose: the limit for equal rates. */
static enum status limit_of_equal_rates(struct trial *trial, enum finding *finding)
{
    struct problem equal = trial->instance->problem;
    equal.rate_count = 0;
    TRY(problem_predict(&equal, trial->instance->x0, trial->limit, &trial->prediction));
    trial->predicted = true;
    return conclude_as_theory_says(trial, finding);
}

/* Feedback that learns against the forward weights; the first has a period known to 13 digits. */
static bool sample_opposed(struct stream *stream, size_t index, struct instance *instance)
{
    static const double x0[] = {0.3, 0.2, 0.4};
    *instance = index == 0 ? sample_rule_chain(&rule_arbp, 2, 3, x0)
                           : sample_drawn_rule_chain(stream, &rule_arbp, 2, 1.0 / 2);
    instance->problem.alpha =
        copysign(fmax(fabs(instance->problem.alpha), 1.0 / 2), instance->problem.alpha);
    set_rates(1, 1, index == 0 ? -2 : -stream_between(stream, 1.0 / 2, 2), instance);
    return true;
}

static bool sample_aligned(struct stream *stream, size_t index, struct instance *instance)
{
    sample_opposed(stream, index, instance);
    instance->problem.rates[2] *= -1;
    return true;
}

/* A period is the sum of many small errors; Adams takes half the steps of BDF here. */
static void be_precise(struct trial *trial)
{
    static const double RELATIVE = 1e-12, ABSOLUTE = 1e-14;
    trial->plan.method = METHOD_ADAMS;
    trial->plan.rtol = RELATIVE;
    trial->plan.atol = ABSOLUTE;
}

static enum status conclude_opposed(struct trial *trial, enum finding *finding)
{
    static const double PERIOD = 4.513302666273331;
    be_precise(trial);
    TRY(conclude_as_theory_says(trial, finding));
    if (*finding != FINDING_HOLDS || trial->instance->problem.rates[2] != -2)
        return OK;
    return conclude_close(trial, "the period", trial->prediction.period, PERIOD, finding);
}

static enum status conclude_cycles(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    TRY(trial_outcome(trial, &outcome));
    if (outcome->ending != ENDING_CYCLING)
        return conclude_fails(trial, finding, "ends %s", ending_name(outcome->ending));
    trial->deviation = 0;
    return conclude_holds(finding);
}

/* ---- blow-up against the error ---- */

static bool sample_blowups(struct stream *stream, size_t index, struct instance *instance)
{
    static const double ones[] = {1, 1, 1}, descent[] = {2, 1};
    (void)stream;
    *instance = index == 0 ? sample_rule_chain(&rule_arbp, 2, 3, ones)
                           : sample_rule_fan(&rule_bp, 1, NULL, 2, descent);
    instance->problem.alpha = index == 0 ? 0 : 1;
    instance->problem.rate_count = index == 0 ? 3 : 2;
    for (size_t i = 0; i < 3; i++)
        instance->problem.rates[i] = -1;
    return index < 2;
}

static enum status compare_blowup(struct trial *trial, double factor, enum finding *finding)
{
    static const double TIMES[] = {0.5, 0.315967271863796};
    static const double EXACT = 1e-12; /* of the predicted time, by quadrature */
    const double T = TIMES[trial->flow->dim == 2] * factor;
    TRY(conclude_blowup_time(trial, finding));
    if (*finding != FINDING_HOLDS)
        return OK;
    trial->deviation = fabs(trial->expected / T - 1);
    if (!(trial->deviation <= EXACT))
        return conclude_fails(trial, finding, "predicted at %.15g, exactly %.15g", trial->expected,
                              T);
    return conclude_holds(finding);
}

static enum status conclude_exact_blowup(struct trial *trial, enum finding *finding)
{
    return compare_blowup(trial, 1, finding);
}

static enum status conclude_shifted_blowup(struct trial *trial, enum finding *finding)
{
    static const double SHIFT = 1e-9;
    return compare_blowup(trial, 1 + SHIFT, finding);
}

/* ---- the trap ---- */

static const double trap_starts[][5] = {
    {0, -0.5, 0.3, 0.5, 0.1},   /* period 12.631561032 */
    {0.1, -0.4, 0.1, 0.3, 0.2}, /* period 19.009782245777 */
    {0.3, -0.9, 2, 0.8, 0.5},   /* P reaches rho: learns */
};

static bool sample_trap(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = index < COUNT(trap_starts) ? sample_rule_chain(&rule_arbp, 3, 5, trap_starts[index])
                                           : sample_trapped(stream, 3, index % 2 ? 1 : 1.0 / 2);
    return true;
}

/* The first of them alone: the witness against "almost any". */
static bool sample_witness(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = index == 0 ? sample_rule_chain(&rule_arbp, 3, 5, trap_starts[0])
                           : sample_drawn_rule_chain(stream, &rule_arbp, 3 + index % 2, 1.0 / 2);
    return true;
}

/* The same with c1 a2 > 0. */
static bool sample_turned_trap(struct stream *stream, size_t index, struct instance *instance)
{
    sample_trap(stream, index, instance);
    instance->x0[1] *= -1;
    return true;
}

static enum status conclude_trap(struct trial *trial, enum finding *finding)
{
    static const double PERIODS[] = {12.63156103197159, 19.00978224577711};
    const double *x0 = trial->instance->x0;
    if (!(fabs(x0[0]) < fabs(x0[3]) && fabs(x0[4]) < fabs(x0[1]) && x0[3] * x0[1] < 0))
        return conclude_fails(trial, finding, "not trapped");
    be_precise(trial);
    TRY(conclude_as_theory_says(trial, finding));
    for (size_t k = 0; k < COUNT(PERIODS) && *finding == FINDING_HOLDS; k++)
        if (x0[0] == trap_starts[k][0] && x0[1] == trap_starts[k][1])
            TRY(conclude_close(trial, "the period", trial->prediction.period, PERIODS[k], finding));
    return OK;
}

/* Off the trap with three layers: small starts learn slowly, so alpha is not small. */
static bool sample_free(struct stream *stream, size_t index, struct instance *instance)
{
    enum { TRIES = 100 };
    bool trapped = true;
    (void)index;
    for (int k = 0; k < TRIES && trapped; k++) {
        *instance = sample_drawn_rule_chain(stream, &rule_arbp, 3, 1);
        const double *x = instance->x0;
        trapped = fabs(x[0]) < fabs(x[3]) && fabs(x[4]) < fabs(x[1]) && x[3] * x[1] < 0;
    }
    instance->problem.alpha =
        copysign(1.0 / 2 + fabs(instance->problem.alpha), instance->problem.alpha);
    return !trapped;
}

/* ---- how often ---- */

/* Standard deviation of the starts, and the share that is trapped and never meets P = rho, alpha =
 * beta = 1: exactly 1/8 in the limit of small starts. */
static const double SMALL = 0.05;

static bool trapped_for_ever(struct stream *stream, struct instance *instance)
{
    double limit[INSTANCE_DIM_MAX];
    struct prediction prediction;
    *instance = sample_drawn_rule_chain(stream, &rule_arbp, 3, SMALL);
    instance->problem.alpha = instance->problem.beta = 1;
    const enum status status =
        problem_predict(&instance->problem, instance->x0, limit, &prediction);
    return status == OK && prediction.ending == ENDING_CYCLING;
}

static bool sample_once(struct stream *stream, size_t index, struct instance *instance)
{
    (void)trapped_for_ever(stream, instance);
    return index == 0;
}

static enum status compare_trapped_share(struct trial *trial, double expected,
                                         enum finding *finding)
{
    enum { DRAWS = 20000, SEED = 8 };
    size_t hits = 0;
    for (uint64_t k = 0; k < DRAWS; k++) {
        struct stream stream = stream_at(SEED, stream_key("trapped"), k);
        struct instance instance;
        hits += trapped_for_ever(&stream, &instance);
    }
    return conclude_share(trial, hits, DRAWS, expected, finding);
}

static enum status conclude_one_in_eight(struct trial *trial, enum finding *finding)
{
    return compare_trapped_share(trial, 1.0 / 8, finding);
}

static enum status conclude_one_in_nine(struct trial *trial, enum finding *finding)
{
    return compare_trapped_share(trial, 1.0 / 9, finding);
}

/* Draws of the same law with larger weights, integrated: cycling if and only if predicted. */
static bool sample_criterion(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_drawn_rule_chain(stream, &rule_arbp, 3, 1.0 / 2);
    instance->problem.alpha = instance->problem.beta = 1;
    return true;
}

static enum status compare_criterion(struct trial *trial, bool trapped, enum finding *finding)
{
    const struct prediction *prediction;
    const struct outcome *outcome;
    TRY(trial_prediction(trial, &prediction));
    TRY(trial_outcome(trial, &outcome));
    if (outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED)
        return conclude_undecided(trial, finding, "%s: %s", ending_name(outcome->ending),
                                  outcome->reason);
    trial->deviation = 0;
    if ((outcome->ending == ENDING_CYCLING) != trapped)
        return conclude_fails(trial, finding, "ends %s, predicted %s", ending_name(outcome->ending),
                              trapped ? "cycling" : "learning");
    return conclude_holds(finding);
}

static enum status conclude_criterion(struct trial *trial, enum finding *finding)
{
    const struct prediction *prediction;
    TRY(trial_prediction(trial, &prediction));
    return compare_criterion(trial, prediction->ending == ENDING_CYCLING, finding);
}

static enum status conclude_never_cycles(struct trial *trial, enum finding *finding)
{
    return compare_criterion(trial, false, finding);
}

/* Patterns of L layers without a trapped bond, of 2^(2L-3): bit i of `smaller` is |a_i| < |c_i|,
 * bit i of `opposed` is c_i a_(i+1) < 0. */
static size_t free_patterns(size_t L)
{
    size_t count = 0;
    const size_t smaller_most = (size_t)1 << (L - 1), opposed_most = (size_t)1 << (L - 2);
    for (size_t smaller = 0; smaller < smaller_most; smaller++) {
        const size_t bonds = smaller & ~(smaller >> 1) & (opposed_most - 1);
        for (size_t opposed = 0; opposed < opposed_most; opposed++)
            count += (bonds & opposed) == 0;
    }
    return count;
}

enum { PATTERN_LAYERS_LEAST = 3, PATTERN_LAYERS_MOST = 11 };

static bool sample_depths(struct stream *stream, size_t index, struct instance *instance)
{
    const size_t L = PATTERN_LAYERS_LEAST + index;
    if (L > PATTERN_LAYERS_MOST)
        return false;
    *instance = sample_drawn_rule_chain(stream, &rule_arbp, L, SMALL);
    return true;
}

/* p_0 = p_1 = 1, p_(n+1) = p_n - p_(n-1)/8: p_(L-1) is the share without a bond. */
static enum status conclude_recursion(struct trial *trial, enum finding *finding)
{
    const size_t L = trial->instance->problem.depth;
    double before = 1, p = 1;
    for (size_t n = 1; n + 1 < L; n++) {
        const double next = p - before / 8;
        before = p;
        p = next;
    }
    const double share = ldexp((double)free_patterns(L), 3 - 2 * (int)L);
    return conclude_close(trial, "share without a bond", share, p, finding);
}

/* False on purpose: bonds as if they were independent. */
static enum status conclude_independence(struct trial *trial, enum finding *finding)
{
    const size_t L = trial->instance->problem.depth;
    const double share = ldexp((double)free_patterns(L), 3 - 2 * (int)L);
    return conclude_close(trial, "share without a bond", share, pow(1 - 1.0 / 8, (double)L - 2),
                          finding);
}

/* ---- bonds in deeper chains ---- */

static const double BOND_SIZE = 0.06; /* largest modulus of a start: (3 L eps)^L < 1 up to L = 5 */

/* L = 4 or 5, |x| <= eps = rho^(1/L)/(4 L), with a bond in the first two layers. */
static bool sample_bond(struct stream *stream, size_t index, struct instance *instance)
{
    const size_t L = 4 + index % 2;
    *instance = sample_trapped(stream, L, 1);
    for (size_t i = 0; i < instance->dim; i++)
        instance->x0[i] = instance->x0[i] > 0 ? 1 : -1;
    const double sign = instance->x0[L];
    for (size_t i = 0; i < instance->dim; i++)
        instance->x0[i] *= BOND_SIZE * stream_between(stream, 1.0 / 2, 3.0 / 4);
    instance->x0[L] = sign * BOND_SIZE;
    instance->x0[1] = -sign * BOND_SIZE;
    return true;
}

/* The same with the signs of c1 and a2 equal. */
static bool sample_broken_bond(struct stream *stream, size_t index, struct instance *instance)
{
    sample_bond(stream, index, instance);
    for (size_t i = 0; i < instance->dim; i++)
        instance->x0[i] = fabs(instance->x0[i]);
    return true;
}

struct largest {
    size_t dim, L;
    double weight, bond, D;
};

static void watch_largest(void *context, double t, const double *x)
{
    struct largest *largest = context;
    (void)t;
    for (size_t i = 0; i < largest->dim; i++)
        largest->weight = fmax(largest->weight, fabs(x[i]));
    largest->bond =
        fmax(largest->bond, fabs(fabs(x[largest->L]) + fabs(x[1]) - largest->D) / largest->D);
}

/* |c1| + |a2| = |D1| for ever, and no weight beyond 3 L eps. */
static enum status conclude_bond(struct trial *trial, enum finding *finding)
{
    static const double LONG = 4000; /* balanced starts of this size learn before t = 1600 */
    const size_t L = trial->instance->problem.depth;
    const double *x0 = trial->instance->x0;
    struct largest largest = {.dim = trial->flow->dim, .L = L, .D = fabs(x0[L] - x0[1])};
    const struct outcome *outcome;
    trial->plan.visit = watch_largest;
    trial->plan.context = &largest;
    trial->plan.no_endings = true;
    trial->plan.horizon = LONG;
    TRY(trial_outcome(trial, &outcome));
    trial->deviation = largest.bond;
    trial->measured = largest.weight;
    trial->expected = 3 * (double)L * BOND_SIZE;
    if (!(largest.weight < trial->expected))
        return conclude_fails(trial, finding, "a weight grows to %.4g", largest.weight);
    if (!(largest.bond <= trial->theorem->bound))
        return conclude_fails(trial, finding, "|c1| + |a2| changes by %.3g", largest.bond);
    return conclude_holds(finding);
}

/* ---- asrbp ---- */

static const double skipped_start[] = {0.4, -0.3, 0.6, 0.2, -0.5};

static bool sample_skipped(struct stream *stream, size_t index, struct instance *instance)
{
    enum { DEPTHS = 3 };
    *instance = index == 0 ? sample_rule_chain(&rule_asrbp, 3, COUNT(skipped_start), skipped_start)
                           : sample_drawn_rule_chain(stream, &rule_asrbp, 3 + index % DEPTHS, 1);
    return true;
}

/* a1 = -sgn(alpha) c1: a null set. */
static bool sample_skipped_null(struct stream *stream, size_t index, struct instance *instance)
{
    sample_skipped(stream, 1 + index, instance);
    const size_t L = instance->problem.depth;
    instance->x0[0] = -copysign(1, instance->problem.alpha) * instance->x0[L];
    return true;
}

/* The claims are made for lambda = 0, and none for another: nothing is kept. */
static bool sample_decaying(struct stream *stream, size_t index, struct instance *instance)
{
    sample_skipped(stream, 1 + index, instance);
    instance->problem.lambda = 1.0 / 2;
    return true;
}

static const double dying_start[] = {0.5, 0.5, -0.5, 0.5, -0.5};

/* a2 = -c2 while c1 grows: (G10). */
static bool sample_dying(struct stream *stream, size_t index, struct instance *instance)
{
    if (index == 0) {
        *instance = sample_rule_chain(&rule_asrbp, 3, COUNT(dying_start), dying_start);
        return true;
    }
    *instance = sample_drawn_rule_chain(stream, &rule_asrbp, 3, 1);
    return true;
}

static bool sample_only_dying(struct stream *stream, size_t index, struct instance *instance)
{
    return index == 0 && sample_dying(stream, index, instance);
}

/* a1 exp(-alpha t) tends to a constant while t goes on: .560594 for the start on record. */
struct growth {
    double first, last; /* when it is late, and at the end */
};

static void watch_growth(void *context, double t, const double *x)
{
    static const double LATE = 2.6;
    struct growth *growth = context;
    const double scaled = x[0] * exp(-t);
    if (t >= LATE && isnan(growth->first))
        growth->first = scaled;
    growth->last = scaled;
}

static enum status conclude_exponential(struct trial *trial, enum finding *finding)
{
    /* beyond, a2 + c2 = 0 is lost: rounding errors of it grow like exp(c1), c1 = .56 e^t */
    static const double FACTOR = 0.560594, HORIZON = 3.2;
    struct growth growth = {NAN, NAN};
    const struct outcome *outcome;
    trial->plan.visit = watch_growth;
    trial->plan.context = &growth;
    trial->plan.no_endings = true;
    trial->plan.free_integrals = true;
    trial->plan.horizon = HORIZON;
    TRY(trial_outcome(trial, &outcome));
    TRY(conclude_close(trial, "a1 exp(-t) at t = 3.2", growth.last, FACTOR, finding));
    return *finding == FINDING_HOLDS
               ? conclude_close(trial, "a1 exp(-t) at t = 2.6", growth.first, FACTOR, finding)
               : OK;
}

/* What is proved to diverge is not integrated: no finite precision stays on a2 = -c2. */
static enum status conclude_converges_exactly(struct trial *trial, enum finding *finding)
{
    const struct prediction *prediction;
    TRY(trial_prediction(trial, &prediction));
    if (prediction->ending == ENDING_UNBOUNDED)
        return conclude_fails(trial, finding, "a2 = -c2 for ever, and a1 grows exponentially");
    return conclude_converges(trial, finding);
}

static bool sample_not_dying(struct stream *stream, size_t index, struct instance *instance)
{
    static const double OFF = 0.1;
    const bool exists = sample_only_dying(stream, index, instance);
    instance->x0[1] += OFF; /* a2^2 != c2^2: learns */
    return exists;
}

/* ---- symmetry ---- */

struct symmetry {
    size_t L;
    const double *x0;
    double change;
};

static void watch_symmetry(void *context, double t, const double *x)
{
    struct symmetry *symmetry = context;
    (void)t;
    for (size_t i = 0; i + 1 < symmetry->L; i++) {
        const size_t c = symmetry->L + i, a = i + 1;
        const double before = symmetry->x0[c] - symmetry->x0[a];
        symmetry->change = fmax(symmetry->change, fabs(x[c] - x[a] - before));
    }
}

static bool sample_layered(struct stream *stream, size_t index, struct instance *instance)
{
    enum { DEPTHS = 4 };
    *instance = sample_drawn_rule_chain(stream, &rule_arbp, 2 + index % DEPTHS, 1);
    return true;
}

static enum status conclude_difference_kept(struct trial *trial, enum finding *finding)
{
    static const double HORIZON = 30;
    struct symmetry symmetry = {trial->instance->problem.depth, trial->instance->x0, 0};
    const struct outcome *outcome;
    trial->plan.visit = watch_symmetry;
    trial->plan.context = &symmetry;
    trial->plan.free_integrals = true;
    trial->plan.no_endings = true;
    trial->plan.horizon = HORIZON;
    TRY(trial_outcome(trial, &outcome));
    trial->deviation = symmetry.change;
    if (!(symmetry.change <= trial->theorem->bound))
        return conclude_fails(trial, finding, "c - a changes by %.4g", symmetry.change);
    return conclude_holds(finding);
}

/* eps = 1e-2, ..., 1e-6; positive starts between eps/2 and eps; rho = 1. */
static bool sample_small(struct stream *stream, size_t index, struct instance *instance)
{
    enum { SIZES = 5 };
    const double eps = pow(10, -2 - (double)(index % SIZES));
    *instance = sample_drawn_rule_chain(stream, &rule_asrbp, 3, 1);
    instance->problem.alpha = instance->problem.beta = 1;
    for (size_t i = 0; i < instance->dim; i++)
        instance->x0[i] = eps * stream_between(stream, 1.0 / 2, 1);
    return true;
}

static bool sample_small_layered(struct stream *stream, size_t index, struct instance *instance)
{
    (void)sample_small(stream, 0, instance);
    instance->problem.rule = &rule_arbp;
    return index < 4;
}

/* c1/(a2 a3) is of the order of ln^2(1/eps)/rho: between 1/2 and 1 of it. */
static enum status conclude_asymmetric(struct trial *trial, enum finding *finding)
{
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    const double *x = trial->outcome->limit;
    double eps = DBL_MIN;
    for (size_t i = 0; i < trial->flow->dim; i++)
        eps = fmax(eps, fabs(trial->instance->x0[i]));
    trial->measured = x[3] / (x[1] * x[2]);
    trial->expected = log(eps) * log(eps);
    trial->deviation = fabs(trial->measured / trial->expected - 1);
    if (!(trial->deviation <= trial->theorem->bound && trial->measured < trial->expected))
        return conclude_fails(trial, finding, "c1/(a2 a3) = %.4g, ln^2(1/eps) = %.4g",
                              trial->measured, trial->expected);
    return conclude_holds(finding);
}

/* ---- eigenvalues ---- */

/* A fixed point a_p = 0 = c_q, p <= q < L, the others not zero; depth 2 to 5. */
static bool sample_crossing(struct stream *stream, size_t index, struct instance *instance)
{
    const size_t L = 2 + index % 4, p = 1 + stream_below(stream, L - 1);
    const size_t q = p + stream_below(stream, L - p);
    *instance = sample_drawn_rule_chain(stream, &rule_arbp, L, 1);
    for (size_t i = 0; i < instance->dim; i++)
        instance->x0[i] += copysign(1.0 / 2, instance->x0[i]);
    instance->x0[p - 1] = 0;
    instance->x0[L + q - 1] = 0;
    instance->problem.alpha = sample_nonzero(stream);
    return true;
}

/* mu^2 = alpha^2 A_(p-1)^2 B_(q+1)^2 prod_{p <= j < q} c_j a_(j+1); `with_bond` 0 leaves the last
 * out */
static double squared_eigenvalue(const struct instance *instance, bool with_bond)
{
    const size_t L = instance->problem.depth;
    const double *a = instance->x0, *c = instance->x0 + L;
    size_t p = 0, q = 0;
    while (a[p] != 0)
        p++;
    while (c[q] != 0)
        q++;
    double mu = instance->problem.alpha, bond = 1;
    for (size_t i = 0; i < p; i++)
        mu *= a[i];
    for (size_t j = q + 1; j + 1 < L; j++)
        mu *= c[j];
    for (size_t j = p; j < q && with_bond; j++)
        bond *= c[j] * a[j + 1];
    return mu * mu * bond;
}

/* tr J = 0 and tr J^2 = 2 mu^2, J^3 = mu^2 J: the spectrum is mu, -mu and zeros. */
static enum status compare_spectrum(struct trial *trial, double squared, enum finding *finding)
{
    const size_t n = trial->flow->dim;
    double J[INSTANCE_DIM_MAX * INSTANCE_DIM_MAX], re[INSTANCE_DIM_MAX], im[INSTANCE_DIM_MAX];
    TRY(trial->flow->jacobian(trial->flow, trial->instance->x0, J));
    TRY(matrix_eigenvalues(n, J, re, im));
    double real = 0, imaginary = 0;
    for (size_t i = 0; i < n; i++) {
        real = fmax(real, fabs(re[i]));
        imaginary = fmax(imaginary, fabs(im[i]));
    }
    const double measured = real * real - imaginary * imaginary;
    return conclude_close(trial, "mu^2", measured, squared, finding);
}

static enum status conclude_spectrum(struct trial *trial, enum finding *finding)
{
    return compare_spectrum(trial, squared_eigenvalue(trial->instance, true), finding);
}

static enum status conclude_spectrum_without_bond(struct trial *trial, enum finding *finding)
{
    return compare_spectrum(trial, squared_eigenvalue(trial->instance, false), finding);
}

/* ---- the records ---- */

#define SYM   "Baldi, Sadowski, Lu, Neural Networks 95 (2017)"
#define NOTES "notes/adaptive.md, "

static const struct theorem records[] = {
    {
        .id = "sym-converges",
        .source = SYM ", abstract; " NOTES "(G3)",
        .hypotheses = "A[1,1,1] under arbp (= asrbp), beta > 0, equal rates; any start",
        .statement = "Every start converges.",
        .label = "G3",
        .recorded = VERDICT_SUPPORTED,
        .trials = 250,
        .corners = COUNT(pair_starts),
        .sweep = 20,
        .bound = LIMIT_BOUND,
        .sample = sample_pair,
        .conclude = conclude_converges,
        .control = {.what = "all three learn against the error", .sample = sample_against},
    },
    {
        .id = "sym-global-published",
        .source = SYM ", abstract",
        .hypotheses = "A[1,1,1] under arbp (= asrbp), beta > 0, equal rates; almost any start",
        .statement = "The weights converge to a global minimum.",
        .label = "G3",
        .recorded = VERDICT_SUPPORTED,
        .trials = 300,
        .corners = 0,
        .bound = LIMIT_BOUND,
        .sample = sample_generic_pair,
        .conclude = conclude_output_learned,
        .control = {.what = "starts with a1 = -sgn(alpha) c1", .sample = sample_symmetric_pair},
    },
    {
        .id = "sym-excluded-set",
        .source = NOTES "(G3)",
        .hypotheses = "A[1,1,1] under arbp (= asrbp), alpha != 0, beta > 0, equal rates; tried: "
                      "starts with a1 = -sgn(alpha) c1",
        .statement = "The starts that end at a saddle are those with a1 = -sgn(alpha) c1 and v = "
                     "a1 - sgn(alpha) c1 on zero's side of -D + sgn(D) sqrt(D^2 - 4 |rho|), D = "
                     "sgn(alpha) (c1 - a2); all such v if D^2 < 4 |rho|.",
        .label = "G3",
        .recorded = VERDICT_SUPPORTED,
        .trials = 200,
        .corners = 0,
        .bound = LIMIT_BOUND,
        .sample = sample_symmetric_pair,
        .conclude = conclude_exclusion,
        .control = {.what = "false conclusion: all of them do",
                    .sample = sample_symmetric_pair,
                    .conclude = conclude_all_excluded},
    },
    {
        .id = "sym-limit",
        .source = NOTES "(G2)",
        .hypotheses = "A[1,N,1] under arbp (= asrbp), alpha != 0, beta > 0, equal rates; a start "
                      "off null sets; tried: N = 1, ..., 4",
        .statement = "The limit is given by the next positive root w of a quartic from w = 1, in "
                     "the direction of alpha - beta P.",
        .label = "G2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 150,
        .corners = 1,
        .sweep = 10,
        .bound = LIMIT_BOUND,
        .sample = sample_fan,
        .conclude = conclude_as_theory_says,
        .control = {.what = "false conclusion: it never learns",
                    .sample = sample_fan,
                    .conclude = conclude_output_stuck},
    },
    {
        .id = "sym-rates",
        .source = NOTES "(G12)",
        .hypotheses = "A[1,1,1] under arbp (= asrbp), alpha != 0, beta > 0, positive rates, one a "
                      "weight; a start off null sets; tried: rates from 1/5 to 3",
        .statement = "Rates that differ change the scales of the weights and of time, and nothing "
                     "else: the quartic of the scaled weights gives the limit.",
        .label = "G12",
        .recorded = VERDICT_SUPPORTED,
        .trials = 200,
        .corners = 0,
        .sweep = 10,
        .bound = LIMIT_BOUND,
        .sample = sample_rates,
        .conclude = conclude_as_theory_says,
        .control = {.what = "false conclusion: the limit for equal rates",
                    .sample = sample_rates,
                    .conclude = limit_of_equal_rates},
    },
    {
        .id = "sym-opposed",
        .source = NOTES "(G12)",
        .hypotheses =
            "A[1,1,1] under arbp with c learning against a (c' = -kappa a e, kappa > 0), alpha != "
            "0, beta > 0; a start that is no fixed point; tried: 1/2 <= kappa <= 2, |alpha| >= 1/2",
        .statement = "The weights oscillate for ever, with a period that is an integral, unless "
                     "the circle meets P = rho: there they stop.",
        .label = "G12",
        .recorded = VERDICT_SUPPORTED,
        .trials = 40,
        .corners = 1,
        .bound = PERIOD_BOUND,
        .sample = sample_opposed,
        .conclude = conclude_opposed,
        .control = {.what = "c learns with a",
                    .sample = sample_aligned,
                    .conclude = conclude_cycles},
    },
    {
        .id = "neg-adaptive-blowup",
        .source = NOTES "(G12); notes/fan.md, (W7)",
        .hypotheses = "A[1,1,1], beta = 1, all rates -1: under arbp with alpha = 0, and under bp "
                      "with alpha = 1",
        .statement = "Against the error arbp from (1, 1, 1) blows up at t = 1/2, and gradient "
                     "ascent from (2, 1) at t = 0.315967271863796.",
        .label = "G12, W7",
        .recorded = VERDICT_SUPPORTED,
        .trials = 2,
        .corners = 2,
        .bound = 0, /* not used: the time is compared within the estimate's own error */
        .sample = sample_blowups,
        .conclude = conclude_exact_blowup,
        .control = {.what = "false conclusion: the times are 1e-9 longer",
                    .sample = sample_blowups,
                    .conclude = conclude_shifted_blowup},
    },
    {
        .id = "arbp-deep-published",
        .source = SYM ", abstract, read for chains of any depth",
        .hypotheses = "A[1,...,1] under arbp, L >= 3, beta > 0; almost any start; tried: L = 3, 4",
        .statement = "The weights converge.",
        .label = "G5",
        .recorded = VERDICT_REFUTED,
        .trials = 20,
        .corners = 1,
        .bound = LIMIT_BOUND,
        .sample = sample_witness,
        .conclude = conclude_converges,
        .control = {.what = "all three learn against the error", .sample = sample_against},
    },
    {
        .id = "arbp-trap",
        .source = NOTES "(G5)",
        .hypotheses = "A[1,1,1,1] under arbp, beta > 0; a start with |a1| < |c1|, |c2| < |a2|, c1 "
                      "a2 < 0; tried: alpha = beta = 1",
        .statement = "The weights go round a closed curve for ever, unless e vanishes on it: there "
                     "they stop.  Periods 12.631561032 and 19.009782246 for two starts.",
        .label = "G5",
        .recorded = VERDICT_SUPPORTED,
        .trials = 30,
        .corners = COUNT(trap_starts),
        .bound = PERIOD_BOUND,
        .sample = sample_trap,
        .conclude = conclude_trap,
        .control = {.what = "c1 a2 > 0", .sample = sample_turned_trap},
    },
    {
        .id = "arbp-free",
        .source = NOTES "(G6)",
        .hypotheses = "A[1,1,1,1] under arbp, alpha != 0, beta > 0; a start off the trap and off "
                      "null sets; tried: |alpha| >= 1/2",
        .statement = "The weights converge to a global minimum.",
        .label = "G6",
        .recorded = VERDICT_SUPPORTED,
        .trials = 150,
        .corners = 0,
        .sweep = 10,
        .bound = LIMIT_BOUND,
        .sample = sample_free,
        .conclude = conclude_output_learned,
        .control = {.what = "inside the trap", .sample = sample_trap},
    },
    {
        .id = "arbp-trap-criterion",
        .source = NOTES "(G5), (G6)",
        .hypotheses = "A[1,1,1,1] under arbp, alpha = beta = 1; a start off null sets",
        .statement = "A trajectory cycles if and only if its start is trapped and P < rho on the "
                     "closed curve.",
        .label = "G5, G6",
        .recorded = VERDICT_SUPPORTED,
        .trials = 60,
        .corners = 0,
        .bound = 0, /* not used: the ending decides */
        .sample = sample_criterion,
        .conclude = conclude_criterion,
        .control = {.what = "false conclusion: none does",
                    .sample = sample_criterion,
                    .conclude = conclude_never_cycles},
    },
    {
        .id = "arbp-trap-share",
        .source = NOTES "(G8)",
        .hypotheses = "A[1,1,1,1] under arbp, alpha = beta = 1; normal starts of small standard "
                      "deviation; tried: 0.05",
        .statement = "They cycle with probability 1/8.",
        .label = "G8",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1,
        .corners = 1,
        .bound = 0, /* not used: an exact confidence interval decides */
        .sample = sample_once,
        .conclude = conclude_one_in_eight,
        .control = {.what = "false conclusion: 1/9",
                    .sample = sample_once,
                    .conclude = conclude_one_in_nine},
    },
    {
        .id = "arbp-bond-recursion",
        .source = NOTES "(G8)",
        .hypotheses =
            "A[1,...,1] under arbp; starts whose signs, and whose order of |a_i| and |c_i|, are "
            "independent and equally likely; tried: L = 3, ..., 11, by counting all patterns",
        .statement = "The share of starts without a trapped bond is p_(L-1), p_0 = p_1 = 1, "
                     "p_(n+1) = p_n - p_(n-1)/8.",
        .label = "G8",
        .recorded = VERDICT_SUPPORTED,
        .trials = PATTERN_LAYERS_MOST - PATTERN_LAYERS_LEAST + 1,
        .corners = PATTERN_LAYERS_MOST - PATTERN_LAYERS_LEAST + 1,
        .bound = 0, /* all numbers are dyadic and exact */
        .sample = sample_depths,
        .conclude = conclude_recursion,
        .control = {.what = "false conclusion: bonds are independent",
                    .sample = sample_depths,
                    .conclude = conclude_independence},
    },
    {
        .id = "arbp-bond",
        .source = NOTES "(G8)",
        .hypotheses =
            "A[1,...,1] under arbp; a start with |a1| < |c1|, |c2| < |a2|, c1 a2 < 0 and all |x| "
            "<= eps, (3 L eps)^L < |rho|; tried: L = 4, 5, eps = 0.06, alpha = beta = 1",
        .statement =
            "|c1| + |a2| is conserved and no weight reaches 3 L eps, so that P = rho is never met.",
        .label = "G8",
        .recorded = VERDICT_SUPPORTED,
        .trials = 20,
        .corners = 0,
        .bound = KEPT,
        .sample = sample_bond,
        .conclude = conclude_bond,
        .control = {.what = "c1 a2 > 0", .sample = sample_broken_bond},
    },
    {
        .id = "asrbp-limit",
        .source = NOTES "(G9)",
        .hypotheses = "A[1,...,1] under asrbp, alpha != 0, beta > 0; a start with all a_i^2 != "
                      "c_i^2; tried: L = 3, 4, 5",
        .statement =
            "Converges to a global minimum, the next root of nested exponentials in the clock.",
        .label = "G9",
        .recorded = VERDICT_SUPPORTED,
        .trials = 120,
        .corners = 1,
        .bound = LIMIT_BOUND,
        .sample = sample_skipped,
        .conclude = conclude_as_theory_says,
        .control = {.what = "a1 = -sgn(alpha) c1",
                    .sample = sample_skipped_null,
                    .conclude = conclude_output_learned},
    },
    {
        .id = "asrbp-dying",
        .source = NOTES "(G10)",
        .hypotheses = "A[1,1,1,1] under asrbp, alpha = beta = 1, from (.5, .5, -.5; .5, -.5)",
        .statement = "a2 = -c2 for ever, P -> 0 and a1 grows like .560594 e^t.",
        .label = "G10",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1,
        .corners = 1,
        .bound = 1e-5, /* the digits of the factor */
        .sample = sample_only_dying,
        .conclude = conclude_exponential,
        .control = {.what = "a2 + c2 = 0.1", .sample = sample_not_dying},
    },
    {
        .id = "asrbp-any-start",
        .source = SYM ", abstract, read for every start and depth",
        .hypotheses = "A[1,...,1] under asrbp, beta > 0; any start; tried: L = 3",
        .statement = "Every start converges.",
        .label = "G10",
        .recorded = VERDICT_REFUTED,
        .trials = 20,
        .corners = 1,
        .bound = LIMIT_BOUND,
        .sample = sample_dying,
        .conclude = conclude_converges_exactly,
        .control = {.what = "all three learn against the error", .sample = sample_against},
    },
    {
        .id = "arbp-difference",
        .source = SYM ", abstract; " NOTES "(G1)",
        .hypotheses =
            "A[1,...,1] under arbp, equal rates, no decay; any start; tried: L = 2, ..., 5",
        .statement = "c_i - a_(i+1) never changes, so small starts keep the two directions "
                     "symmetric for ever.",
        .label = "G1",
        .recorded = VERDICT_SUPPORTED,
        .trials = 100,
        .corners = 0,
        .bound = KEPT,
        .sample = sample_layered,
        .conclude = conclude_difference_kept,
        .control = {.what = "asrbp, three layers or more", .sample = sample_skipped},
    },
    {
        .id = "asrbp-asymmetric",
        .source = NOTES "(G11)",
        .hypotheses = "A[1,1,1,1] under asrbp, alpha = beta = 1; a start with all weights from "
                      "eps/2 to eps; tried: eps = 1e-2, ..., 1e-6",
        .statement = "c1/(a2 a3) is not 1, it grows like ln^2(1/eps)/rho.",
        .label = "G11",
        .recorded = VERDICT_SUPPORTED,
        .trials = 50,
        .corners = 0,
        .bound = 0.5, /* of ln^2: its corrections are ln ln/ln */
        .sample = sample_small,
        .conclude = conclude_asymmetric,
        .control = {.what = "arbp", .sample = sample_small_layered},
    },
    {
        .id = "arbp-spectrum",
        .source = NOTES "(G4)",
        .hypotheses = "A[1,...,1] under arbp, alpha != 0; a fixed point a_p = 0 = c_q, p <= q < L, "
                      "the other weights not zero; tried: L = 2, ..., 5",
        .statement = "The spectrum is mu, -mu and zeros, mu^2 = alpha^2 A_(p-1)^2 B_(q+1)^2 "
                     "prod_(p<=j<q) c_j a_(j+1): a saddle, or a center.",
        .label = "G4",
        .recorded = VERDICT_SUPPORTED,
        .trials = 200,
        .corners = 0,
        .bound = 1e-9, /* rounding of eigenvalues next to nilpotent blocks */
        .sample = sample_crossing,
        .conclude = conclude_spectrum,
        .control = {.what = "false conclusion: without the product, always a saddle",
                    .sample = sample_crossing,
                    .conclude = conclude_spectrum_without_bond},
    },
    {
        .id = "adaptive-claims",
        .source = NOTES "(G1)",
        .hypotheses = "A[1,...,1] under arbp or asrbp, unit rates, no decay; any start; tried: "
                      "asrbp, L = 3, 4, 5",
        .statement = "Under arbp c_i - a_(i+1) and a_i^2 - c_i^2 are conserved, and under asrbp "
                     "c_(L-1) - a_L, a_1^2 - c_1^2 and (a_(i+1) +- c_(i+1)) exp(-+c_i).",
        .label = "G1",
        .recorded = VERDICT_PROVED,
        .trials = 100,
        .corners = 1,
        .bound = 1e-6, /* exponentials amplify local errors a thousandfold */
        .sample = sample_skipped,
        .conclude = conclude_claims_kept,
        .control = {.what = "with weight decay", .sample = sample_decaying},
        .proof = &proof_conserved_adaptive,
    },
};

const struct chapter chapter_adaptive = {
    .title = "Adaptive feedback", .theorem = records, .theorems = COUNT(records)};
