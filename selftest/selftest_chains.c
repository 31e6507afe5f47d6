/* Chains where stopping rules go wrong, judged by algebra.
 *
 * The prediction, which integrates nothing, is the judge: `settled` anywhere else is a false one, and
 * none is allowed, by any method at any tolerance.  A wrong word of another kind is allowed only
 * where delta is rounding. */
#include "selftest/selftest_chains.h"

#include "linear/chain.h"
#include "linear/registry.h"
#include "selftest/selftest_run.h"

#include <math.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { SEED = 2018, TRIALS = 150, UNIT = 8 /* of dyadic numbers */ };

/* delta below this, relative to 1 + |alpha|: doubles cannot tell the case from delta = 0 */
static const double ROUNDING_DELTA = 0x1p-40;
static const double LEAST = 1.0 / UNIT; /* of what must not be zero */

double selftest_chains_eighths(struct stream *stream, int most)
{
    return ((double)stream_below(stream, 2 * (uint64_t)most + 1) - most) / UNIT;
}

/* ---- drawing ---- */

static double draw_delta(struct stream *stream)
{
    enum { LARGEST = 4, SIZES = 48, SIGNS = 9, POSITIVE = 5 };
    const double size = ldexp(1, -LARGEST - (int)stream_below(stream, SIZES));
    const uint64_t sign = stream_below(stream, SIGNS);
    return sign == 0 ? 0 : sign < POSITIVE ? size : -size;
}

static void draw_feedback(struct stream *stream, struct problem *problem)
{
    enum { MOST = 16 };
    const size_t L = problem->depth;
    problem->c_count = L;
    for (size_t i = 0; i < L; i++)
        problem->c[i] = selftest_chains_eighths(stream, MOST);
    problem->c[L - 1] = LEAST + fabs(problem->c[L - 1]);
}

static void draw_rates(struct stream *stream, struct problem *problem)
{
    enum { RATES = 3 }; /* 1/4, 1, 4: of roots that are exact */
    problem->rate_count = problem->depth;
    for (size_t i = 0; i < problem->depth; i++)
        problem->rates[i] = ldexp(1, 2 * (int)stream_below(stream, RATES) - 2);
}

static void draw_chain(struct stream *stream, struct selftest_chain *chain, const char *rule)
{
    enum { ALPHA = 24, START = 16, BETAS = 3, UNEQUAL = 3, DEPTHS = 4 };
    const bool from_one = chain->kind == CHAIN_GENERIC || chain->kind == CHAIN_FIXED_POINT;
    const size_t L = (from_one ? 1 : 2) +
                     stream_below(stream, chain->kind == CHAIN_GENERIC ? DEPTHS : DEPTHS - 1);
    struct problem *problem = &chain->problem;
    *problem = problem_defaults(&system_chain, registry_rule(rule));
    problem->depth = L;
    problem->alpha = selftest_chains_eighths(stream, ALPHA);
    problem->beta = ldexp(1, (int)stream_below(stream, BETAS) - 1);
    for (size_t i = 0; i < L; i++)
        chain->start[i] = selftest_chains_eighths(stream, START);
    if (strcmp(rule, "bp") != 0)
        draw_feedback(stream, problem);
    if (stream_below(stream, UNEQUAL) == 0)
        draw_rates(stream, problem);
}

/* P along the clock in one direction. */
struct walk {
    struct chain_clock clock;
    const struct flow *flow;
    double direction; /* 1: ahead, -1: behind */
    double a[SELFTEST_CHAIN_DEPTH_MOST];
};

static double walk_sensitivity(struct walk *walk, double s)
{
    double error;
    chain_at_clock(&walk->clock, ball_of(walk->direction * s), walk->a, &error);
    return chain_sensitivity(walk->flow, walk->a);
}

/* Goes to the turning point of P between low and high, to the last bit. */
static void walk_to_turn(struct walk *walk, double low, double high, double before)
{
    for (double middle; (middle = low + (high - low) / 2) > low && middle < high;) {
        if (walk_sensitivity(walk, middle) * before > 0)
            low = middle;
        else
            high = middle;
    }
}

/* Goes to a turning point; false if there is none near. */
static bool walk_find_turn(struct walk *walk, uint64_t skipped)
{
    enum { STEPS = 384 }; /* up to 6 */
    static const double STEP = 1.0 / 64;
    double before = chain_sensitivity(walk->flow, walk->clock.a0);
    for (int k = 1; k < STEPS; k++) {
        const double s = k * STEP; /* exact */
        const double here = walk_sensitivity(walk, s);
        if (here * before >= 0 || skipped-- > 0) {
            before = here;
            continue;
        }
        walk_to_turn(walk, s - STEP, s, before);
        return true;
    }
    return false;
}

/* alpha = beta P + delta at a turning point of P ahead or behind. */
static enum status aim_at_double_root(struct stream *stream, struct selftest_chain *chain,
                                      bool *found)
{
    struct flow *flow = NULL;
    TRY(problem_flow(&chain->problem, &flow));
    struct walk walk = {.flow = flow, .direction = stream_below(stream, 2) ? 1 : -1};
    chain_clock_init(&walk.clock, &chain->problem, flow, chain->start);
    *found = walk_find_turn(&walk, stream_below(stream, 2));
    if (*found)
        chain->problem.alpha = chain->problem.beta * chain_product(flow, walk.a) + chain->delta;
    flow_free(flow);
    return OK;
}

/* All |a_i|/sqrt(eta_i) equal, but some, and one moved by delta. */
static void aim_at_tie(struct stream *stream, struct selftest_chain *chain)
{
    enum { MOST = 16, TIED = 4 };
    const double b = LEAST + fabs(selftest_chains_eighths(stream, MOST));
    const size_t L = chain->problem.depth;
    for (size_t i = 0; i < L; i++) {
        const double scale = chain->problem.rate_count > 0 ? sqrt(chain->problem.rates[i]) : 1;
        if (stream_below(stream, TIED) > 0)
            chain->start[i] = (stream_below(stream, 2) ? b : -b) * scale;
    }
    chain->start[stream_below(stream, L)] += chain->delta;
}

static void aim_at_fixed_point(struct selftest_chain *chain)
{
    double P = 1;
    for (size_t i = 0; i < chain->problem.depth; i++)
        P *= chain->start[i];
    chain->problem.alpha = chain->problem.beta * P + chain->delta;
}

/* Ties are of gradient descent, double roots of feedback. */
static const char *draw_rule(struct stream *stream, enum selftest_chain_kind kind)
{
    static const char *const rules[] = {"bp", "rbp", "srbp"};
    return kind == CHAIN_TIE           ? rules[0]
           : kind == CHAIN_DOUBLE_ROOT ? rules[1 + stream_below(stream, 2)]
                                       : rules[stream_below(stream, COUNT(rules))];
}

enum status selftest_chains_draw(uint64_t index, struct selftest_chain *chain)
{
    struct stream stream = stream_at(SEED, stream_key("traps"), index);
    *chain = (struct selftest_chain){.kind = (enum selftest_chain_kind)(index % CHAIN_KINDS)};
    bool found = true;
    do {
        chain->delta = draw_delta(&stream);
        draw_chain(&stream, chain, draw_rule(&stream, chain->kind));
        if (chain->kind == CHAIN_DOUBLE_ROOT)
            TRY(aim_at_double_root(&stream, chain, &found));
    } while (!found);
    if (chain->kind == CHAIN_TIE)
        aim_at_tie(&stream, chain);
    if (chain->kind == CHAIN_FIXED_POINT)
        aim_at_fixed_point(chain);
    return OK;
}

/* ---- judgement ---- */

/* A word that the prediction contradicts. */
static bool is_wrong_word(const struct selftest_chain *chain, enum ending ending,
                          enum ending predicted)
{
    if (ending == predicted || ending == ENDING_HORIZON || predicted == ENDING_HORIZON)
        return false;
    const bool rounding = chain->kind != CHAIN_GENERIC &&
                          fabs(chain->delta) <= ROUNDING_DELTA * (1 + fabs(chain->problem.alpha));
    return !(rounding && (ending == ENDING_SADDLE || ending == ENDING_CREEPING));
}

static void judge(const struct selftest_chain *chain, const struct selftest_run *run,
                  const struct prediction *prediction, const double *limit,
                  struct selftest_finding *finding)
{
    const enum ending ending = run->outcome->ending;
    selftest_run_record(run, finding);
    selftest_run_judge(run, prediction, limit, finding);
    finding->judged = true;
    finding->agreed = ending == prediction->ending;
    if (is_wrong_word(chain, ending, prediction->ending))
        selftest_complain(finding, "%s: %s at t = %g (%s), predicted %s, delta %g",
                          run->flow->title, ending_name(ending), run->outcome->t,
                          run->outcome->reason, ending_name(prediction->ending), chain->delta);
}

enum status selftest_chains_try(uint64_t index, const struct plan *plan,
                                struct selftest_finding *finding)
{
    struct selftest_chain chain;
    struct selftest_run run;
    struct prediction prediction = prediction_none(NULL, NULL);
    double limit[SELFTEST_CHAIN_DEPTH_MOST];
    TRY(selftest_chains_draw(index, &chain));
    enum status status = problem_predict(&chain.problem, chain.start, limit, &prediction);
    if (status != OK)
        return status;
    status = selftest_run_make(&chain.problem, plan, chain.start, &run);
    if (status == OK)
        judge(&chain, &run, &prediction, limit, finding);
    selftest_run_free(&run);
    return status;
}

struct plan selftest_chains_plan(uint64_t index)
{
    static const enum method methods[] = {METHOD_BDF, METHOD_ADAMS, METHOD_RK8PD};
    static const double tolerances[] = {1e-4, 1e-6, 1e-8, 1e-10, 1e-12};
    const uint64_t k = index / CHAIN_KINDS;
    return selftest_run_plan(methods[k % COUNT(methods)],
                             tolerances[k / COUNT(methods) % COUNT(tolerances)]);
}

/* ---- the test ---- */

/* By the referee as users have it, and by turns with all methods and tolerances. */
static enum status try_chain(const void *context, uint64_t index, struct selftest_finding *finding)
{
    const size_t half = *(const size_t *)context;
    const struct plan plan = index < half ? plan_defaults() : selftest_chains_plan(index - half);
    return selftest_chains_try(index < half ? index : index - half, &plan, finding);
}

static enum status run(const struct selftest_plan *plan, struct selftest_tally *tally)
{
    enum { CAUTION = 80 }; /* per cent that must agree: caution must not be silence */
    static const size_t HUNDRED = 100;
    const size_t half = CHAIN_KINDS * selftest_trials(plan, TRIALS);
    const struct selftest_work work = {.count = 2 * half, .one = try_chain, .context = &half};
    TRY(selftest_try(plan, &work, tally));
    if (tally->agreed * HUNDRED < tally->tried * CAUTION)
        selftest_blame(tally, "%zu of %zu end as predicted: the others are undecided",
                       tally->agreed, tally->tried);
    selftest_tell(tally, "none ends falsely; %zu end as predicted, the others are undecided",
                  tally->agreed);
    return OK;
}

const struct selftest selftest_chains = {
    .name = "chains",
    .title = "chains at and near ties, double roots and fixed points, all methods and tolerances",
    .run = run,
};
