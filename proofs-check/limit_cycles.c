/* Limit cycles of A[1,1,1] with saturating neurons under random backpropagation.
 *
 * For powers the remark that limit cycles are not possible is true, since their flow is one-
 * dimensional on each leaf (notes/nonlinear.md).  With tanh neurons it is not: where c1 a2 < 0 a
 * saddle of the loss attracts, it loses its stability in a Hopf point, and on the stable side of
 * that a cycle repels, which bounds the basin of the wrong limit.  The data are three samples on
 * which this happens; c1 is drawn between where the cycle has become large and the Hopf point at
 * c1 = .98328.
 *
 * Two integrators: the referee finds the cycle backwards, GSL's rk8pd brackets it on a section
 * forwards (notes/cycles.md, (Z2)), and the multiplier comes by differences and by Liouville. */
#include "linear/registry.h"
#include "nonlinear/activation.h"
#include "nonlinear/system.h"
#include "ode/cycle.h"
#include "proofs-check/conclude.h"
#include "proofs-check/sample.h"

#include <math.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const double INPUTS[] = {.61, 3.21, 3.91};
static const double TARGETS[] = {-1.47, .86, -1.63};
static const double FOCUS[] = {.303618942742, -.759198639486}; /* both numbers to 12 digits */
static const double BESIDE = 1e-3;                             /* of the focus: starts */
static const double HOPF = .98328;

static const double LIOUVILLE_BOUND = 1e-3; /* difference quotients over the bracket */

/* The problem at c1, from beside its focus. */
static struct instance instance_at(double c_1)
{
    struct instance instance = {
        .problem = problem_defaults(system_with_activation(registry_system("chain")), &rule_rbp)};
    struct problem *problem = &instance.problem;
    problem->neuron_count = 1;
    problem->neurons[0].activation = activation_named("tanh");
    problem->inputs.count = problem->targets.count = COUNT(INPUTS);
    memcpy(problem->inputs.near, INPUTS, sizeof INPUTS);
    memcpy(problem->targets.near, TARGETS, sizeof TARGETS);
    problem->c_count = 1;
    problem->c[0] = c_1;
    instance.dim = COUNT(FOCUS);
    memcpy(instance.x0, FOCUS, sizeof FOCUS);
    instance.x0[0] += BESIDE;
    return instance;
}

/* ---- samplers ---- */

static bool sample_below_hopf(struct stream *stream, size_t index, struct instance *instance)
{
    static const double LEAST = .72, MOST = .96, WITNESS = .8;
    const double c_1 = LEAST + (MOST - LEAST) * stream_uniform(stream);
    *instance = instance_at(index == 0 ? WITNESS : c_1);
    return true;
}

static bool sample_beyond_hopf(struct stream *stream, size_t index, struct instance *instance)
{
    static const double BEYOND = .02, WIDTH = .3;
    (void)index;
    *instance = instance_at(HOPF + BEYOND + WIDTH * stream_uniform(stream));
    return true;
}

/* ---- conclusions ---- */

static enum status conclude_repelling_cycle(struct trial *trial, enum finding *finding)
{
    struct cycle cycle;
    TRY(cycle_behind(trial->flow, &trial->plan, trial->instance->x0, &cycle));
    if (!cycle.found || !cycle.certified)
        return conclude_fails(trial, finding, "no limit cycle round the focus");
    if (cycle.attracts)
        return conclude_fails(trial, finding, "the cycle attracts: multiplier %g",
                              cycle.multiplier);
    if (!(fabs(log(cycle.multiplier / cycle.liouville)) <=
          LIOUVILLE_BOUND * (1 + fabs(log(cycle.liouville)))))
        return conclude_fails(trial, finding, "multiplier %g by differences, %g by Liouville",
                              cycle.multiplier, cycle.liouville);
    return conclude_ratio(trial, "period", cycle.seen, cycle.period, finding);
}

/* It is the boundary of the basin: inside it the focus is the limit. */
static enum status conclude_bounds_basin(struct trial *trial, enum finding *finding)
{
    static const double CLOSE = .02; /* of the way between focus and cycle */
    struct cycle cycle;
    TRY(cycle_behind(trial->flow, &trial->plan, trial->instance->x0, &cycle));
    if (!cycle.found)
        return conclude_fails(trial, finding, "no limit cycle round the focus");
    for (int side = -1; side <= 1; side += 2) {
        struct outcome *outcome = outcome_create(trial->flow);
        double start[COUNT(FOCUS)];
        if (!outcome)
            return status_fail(NO_MEMORY, "an outcome");
        for (size_t i = 0; i < COUNT(FOCUS); i++)
            start[i] = cycle.point[i] + side * CLOSE * (cycle.point[i] - FOCUS[i]);
        const enum status status = trajectory_run(trial->flow, &trial->plan, start, outcome);
        const bool inside = outcome->has_limit && hypot(outcome->limit[0] - FOCUS[0],
                                                        outcome->limit[1] - FOCUS[1]) < BESIDE;
        outcome_free(outcome);
        TRY(status);
        if (inside != (side < 0))
            return conclude_fails(trial, finding, "a start %s the cycle %s the focus",
                                  side < 0 ? "inside" : "outside", inside ? "reaches" : "misses");
    }
    return conclude_holds(finding);
}

static const struct theorem theorems[] = {
    {.id = "cycle-tanh",
     .source = "notes/cycles.md (Z2)",
     .hypotheses = "A[1,1,1] of tanh under rbp, inputs (.61, 3.21, 3.91), targets (-1.47, .86, "
                   "-1.63), .72 <= c1 <= .96",
     .statement =
         "a limit cycle surrounds the wrong equilibrium and repels (period 18.2518828 at c1 = .8)",
     .label = "Z2",
     .recorded = VERDICT_SUPPORTED,
     .trials = 24,
     .corners = 1,
     .bound = 1e-6, /* of the referee's period, at rtol 1e-10 */
     .sample = sample_below_hopf,
     .conclude = conclude_repelling_cycle,
     .control = {.what = "c1 beyond the Hopf point",
                 .sample = sample_beyond_hopf,
                 .conclude = conclude_repelling_cycle}},
    {.id = "cycle-bounds-basin",
     .source = "notes/cycles.md (Z2)",
     .hypotheses = "A[1,1,1] of tanh under rbp, inputs (.61, 3.21, 3.91), targets (-1.47, .86, "
                   "-1.63), .72 <= c1 <= .96",
     .statement = "starts just inside the repelling cycle end at the wrong equilibrium, starts "
                  "just outside it do not",
     .label = "Z2",
     .recorded = VERDICT_SUPPORTED,
     .trials = 24,
     .corners = 1,
     .bound = 1,
     .sample = sample_below_hopf,
     .conclude = conclude_bounds_basin,
     .control = {.what = "c1 beyond the Hopf point",
                 .sample = sample_beyond_hopf,
                 .conclude = conclude_bounds_basin}},
};

const struct chapter chapter_limit_cycles = {
    .title = "limit cycles of tanh chains", .theorem = theorems, .theorems = COUNT(theorems)};
