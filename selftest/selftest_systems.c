/* Every system of the registry under every rule that it takes, from dyadic starts.
 *
 * A run and a prediction, and a run and the exact engine, must not contradict each other; `settled`
 * must be at a zero with nothing on the right.  Pairs that a system refuses are not counted; one that
 * refused all would be seen. */
#include "base/stream.h"
#include "linear/registry.h"
#include "nonlinear/activation.h"
#include "nonlinear/system.h"
#include "proofs-check/agreement.h"
#include "selftest/selftest_chains.h"
#include "selftest/selftest_run.h"

#include <string.h>

enum { SEED = 1137, TRIALS = 1, STEPS_MOST = 3000, RULES_MOST = 64, START = 12 };

static const double DECAY = 0.125;

/* A system, linear or with neurons, and a rule. */
struct pair {
    const struct system *system;
    const struct rule *rule;
};

struct pairs {
    size_t count;
    struct pair pair[RULES_MOST * RULES_MOST];
};

/* ---- drawing ---- */

/* A[2,1,2], A[1,3,1], A[2,3,2] and A[2,2,1,2]; others take what they are given. */
static void put_sizes(struct problem *problem)
{
    static const struct {
        const char *system;
        size_t count, sizes[4];
    } known[] = {{"autoencoder", 3, {2, 1, 2}},
                 {"fan", 3, {1, 3, 1}},
                 {"hidden", 3, {2, 3, 2}},
                 {"deep", 4, {2, 2, 1, 2}}};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if (strcmp(problem->system->name, known[k].system) == 0) {
            problem->size_count = known[k].count;
            memcpy(problem->sizes, known[k].sizes, known[k].count * sizeof *known[k].sizes);
        }
}

/* x' = 1/2 + x - x^3 */
static void put_polynomial(struct problem *problem)
{
    static const double q[] = {0.5, 1, 0, -1};
    problem->q_count = sizeof q / sizeof *q;
    memcpy(problem->q, q, sizeof q);
}

/* tanh, and three samples of as many inputs and targets as the sizes have. */
static void put_neurons(struct problem *problem)
{
    enum { SAMPLES = 3 };
    static const double input[] = {1, -0.5, 0.25, 2, -1, 0.75},
                        target[] = {0.5, 1, -0.25, -1, 0.5, 0.125};
    const size_t last = problem->size_count > 0 ? problem->size_count - 1 : 0;
    const size_t inputs = last > 0 ? problem->sizes[0] : 1,
                 outputs = last > 0 ? problem->sizes[last] : 1;
    problem->neuron_count = 1;
    problem->neurons[0].activation = activation_named("tanh");
    problem->inputs.count = SAMPLES * inputs;
    problem->targets.count = SAMPLES * outputs;
    memcpy(problem->inputs.near, input, SAMPLES * inputs * sizeof *input);
    memcpy(problem->targets.near, target, SAMPLES * outputs * sizeof *target);
}

static struct problem problem_of(const struct pair *pair)
{
    struct problem problem = problem_defaults(pair->system, pair->rule);
    problem.depth = 3;
    put_sizes(&problem);
    if (!pair->system->takes_rule)
        put_polynomial(&problem);
    if (pair->rule && pair->rule->needs_decay)
        problem.lambda = DECAY;
    if (pair->system->linear)
        put_neurons(&problem);
    return problem;
}

/* ---- judging ---- */

static enum status judge_prediction(const struct problem *problem, const double *x0,
                                    const struct selftest_run *run,
                                    struct selftest_finding *finding)
{
    double limit[SELFTEST_DIM_MOST], at_limit[SELFTEST_DIM_MOST], at_last[SELFTEST_DIM_MOST];
    struct prediction prediction = prediction_none(NULL, NULL);
    const struct outcome *outcome = run->outcome;
    TRY(problem_predict(problem, x0, limit, &prediction));
    struct agreement_case both = {
        .flow = run->flow, .outcome = outcome, .prediction = &prediction, .predicted = limit};
    if (run->flow->outputs > 0 && outcome->has_limit) {
        run->flow->output(run->flow, outcome->limit, at_limit);
        run->flow->output(run->flow, outcome->last, at_last);
        both.output = at_limit;
        both.output_last = at_last;
    }
    const struct agreement agreement = agreement_of(&both);
    finding->judged |= agreement.kind != AGREEMENT_NONE;
    finding->agreed = agreement.kind == AGREEMENT_HOLDS;
    if (agreement.kind == AGREEMENT_FAILS)
        selftest_complain(finding, "%s: %s, predicted %s: %s, off by %g", run->flow->title,
                          ending_name(outcome->ending), ending_name(prediction.ending),
                          agreement.reason ? agreement.reason : "", agreement.deviation);
    return OK;
}

static enum status judge(const struct problem *problem, const double *x0,
                         const struct selftest_run *run, struct selftest_finding *finding)
{
    selftest_run_record(run, finding);
    if (run->outcome->ending == ENDING_SETTLED)
        TRY(selftest_run_judge_spectrum(run, finding));
    return judge_prediction(problem, x0, run, finding);
}

/* ---- the test ---- */

static enum status try_pair(const void *context, uint64_t index, struct selftest_finding *finding)
{
    const struct pairs *pairs = context;
    struct stream stream = stream_at(SEED, stream_key("systems"), index);
    const struct problem problem = problem_of(&pairs->pair[index % pairs->count]);
    double x0[SELFTEST_DIM_MOST];
    struct selftest_run run;
    struct plan plan = plan_defaults();
    plan.steps_most = STEPS_MOST;
    for (size_t i = 0; i < SELFTEST_DIM_MOST; i++)
        x0[i] = selftest_chains_eighths(&stream, START);
    enum status status = selftest_run_make(&problem, &plan, x0, &run);
    if (status == OK)
        status = judge(&problem, x0, &run, finding);
    selftest_run_free(&run);
    return status;
}

/* Is there such a flow?  A rule may be for other systems. */
static bool is_possible(const struct pair *pair)
{
    const struct problem problem = problem_of(pair);
    struct flow *flow = NULL;
    if (problem_flow(&problem, &flow) != OK)
        return false;
    const bool fits = flow->dim <= SELFTEST_DIM_MOST;
    flow_free(flow);
    return fits;
}

static void offer(struct pairs *pairs, const struct system *system, const struct rule *rule)
{
    const struct pair pair = {.system = system, .rule = rule};
    if (is_possible(&pair))
        pairs->pair[pairs->count++] = pair;
}

/* Every system must be among the pairs. */
static void offer_rules(struct pairs *pairs, const struct system *system,
                        struct selftest_tally *tally)
{
    const size_t before = pairs->count;
    for (const struct rule *const *rule = registry_rules; system->takes_rule && *rule; rule++)
        offer(pairs, system, *rule);
    if (!system->takes_rule)
        offer(pairs, system, NULL);
    if (pairs->count == before)
        selftest_blame(tally, "%s can be run under no rule", system->name);
}

/* And so must every rule. */
static void look_for_rules(const struct pairs *pairs, struct selftest_tally *tally)
{
    for (const struct rule *const *rule = registry_rules; *rule; rule++) {
        bool found = false;
        for (size_t k = 0; k < pairs->count; k++)
            found |= pairs->pair[k].rule == *rule;
        if (!found)
            selftest_blame(tally, "%s can be run by no system", (*rule)->name);
    }
}

static enum status run(const struct selftest_plan *plan, struct selftest_tally *tally)
{
    struct pairs pairs = {.count = 0};
    char endings[SELFTEST_TEXT_MAX];
    for (const struct system *const *system = registry_systems; *system; system++)
        offer_rules(&pairs, *system, tally);
    for (const struct system *const *system = system_registry; *system; system++)
        offer_rules(&pairs, *system, tally);
    const struct selftest_work work = {
        .count = pairs.count * selftest_trials(plan, TRIALS), .one = try_pair, .context = &pairs};
    look_for_rules(&pairs, tally);
    TRY(selftest_try(plan, &work, tally));
    selftest_tell(tally, "%zu pairs, %zu judged, %zu agree with theory: %s", pairs.count,
                  tally->judged, tally->agreed, selftest_endings(tally, sizeof endings, endings));
    return OK;
}

const struct selftest selftest_systems = {
    .name = "systems",
    .title = "every system under every rule that it takes, against theory where there is some",
    .run = run,
};
