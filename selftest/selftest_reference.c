/* The reference cases, decided by all engines.
 *
 * The tolerances are those of the requirement and of the arithmetic: a prediction is the exact limit
 * but for a few roundings; an integrated limit is polished on its leaf. */
#include "selftest/selftest_reference.h"

#include "exact/limit.h"
#include "exact/statement_problem.h"
#include "linear/matrix.h"
#include "linear/polynomial.h"
#include "linear/registry.h"
#include "nonlinear/activation.h"
#include "nonlinear/system.h"
#include "ode/sweep.h"
#include "selftest/reference_cases.h"
#include "selftest/selftest_run.h"

#include <math.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const double PREDICTION_RELATIVE = 1e-14;
/* a component that is exactly zero at an irrational root: the resolution of double-double balls */
static const double PREDICTION_ZERO = 0x1p-100;
/* leaves room for the drift of free methods */
static const double LIMIT_ABSOLUTE = 1e-10;
static const double RATE_RELATIVE = 1e-9; /* an eigenvalue at a limit with error 1e-10 */
/* e^2/(2 beta) of a limit with error 1e-10 times slopes below 300, or of another point */
static const double LOSS_IS_ZERO = 1e-14;
static const double LAW = 0.02; /* the agreement that a law must show before it is believed */
static const double CREEPING_NEAR = 1e-2; /* a bound on the distance that says something */
static const double SOURCE = 2e-15;       /* the sources have 16 digits or more */

size_t selftest_reference_count(void)
{
    return COUNT(reference_cases);
}

const struct reference_case *selftest_reference_at(size_t index)
{
    return &reference_cases[index];
}

static struct problem problem_of_polynomial(const struct reference_case *reference)
{
    struct problem problem = problem_defaults(&system_polynomial, NULL);
    memcpy(problem.q, reference->q, sizeof reference->q);
    problem.q_count = reference->q_count;
    problem.lambda = reference->lambda;
    return problem;
}

struct problem selftest_reference_problem(const struct reference_case *reference)
{
    if (!reference->rule)
        return problem_of_polynomial(reference);
    struct problem problem = problem_defaults(&system_chain, registry_rule(reference->rule));
    problem.depth = reference->depth;
    memcpy(problem.c, reference->c, sizeof reference->c);
    memcpy(problem.rates, reference->rates, sizeof reference->rates);
    problem.c_count = reference->c_count;
    problem.rate_count = reference->rate_count;
    problem.lambda = reference->lambda;
    problem.alpha = reference->alpha;
    problem.beta = reference->beta;
    if (reference->activation) {
        problem.system = system_with_activation(problem.system);
        problem.neuron_count = 1;
        problem.neurons[0] = (struct neurons){.activation = activation_named(reference->activation),
                                              .parameter = reference->parameter};
    }
    return problem;
}

/* ---- predictions ---- */

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void check_words(const struct reference_case *reference, const struct prediction *p,
                        struct selftest_finding *finding)
{
    if (p->ending != reference->ending)
        selftest_complain(finding, "%s: predicted %s", reference->id, ending_name(p->ending));
    if (!same(p->global_minimum, reference->global_minimum))
        selftest_complain(finding, "%s: global minimum %g", reference->id, p->global_minimum);
    if (reference->multiplicity > 0 && p->multiplicity != reference->multiplicity)
        selftest_complain(finding, "%s: multiplicity %u", reference->id, p->multiplicity);
    if (!isnan(reference->rate) &&
        !(fabs(p->rate - reference->rate) <= RATE_RELATIVE * fabs(reference->rate)))
        selftest_complain(finding, "%s: rate %.17g", reference->id, p->rate);
    if (reference->ending == ENDING_CREEPING && p->exponent != -1) /* all are double roots */
        selftest_complain(finding, "%s: exponent %g", reference->id, p->exponent);
}

static void check_digits(const struct reference_case *reference, const double *limit,
                         struct selftest_finding *finding)
{
    for (size_t i = 0; i < reference->depth && !isnan(reference->limit[i]); i++) {
        const double known = reference->limit[i], off = fabs(limit[i] - known);
        if (!(off <= fmax(PREDICTION_RELATIVE * fabs(known), PREDICTION_ZERO)))
            selftest_complain(finding, "%s: component %zu is %.17g, off by %g", reference->id,
                              i + 1, limit[i], off);
        if (off > PREDICTION_ZERO)
            finding->worst = fmax(finding->worst, off / fabs(known));
    }
}

enum status selftest_reference_predict(const struct reference_case *reference,
                                       struct selftest_finding *finding)
{
    const struct problem problem = selftest_reference_problem(reference);
    double limit[REFERENCE_DEPTH_MAX];
    struct prediction p = prediction_none(NULL, NULL);
    TRY(problem_predict(&problem, reference->init, limit, &p));
    check_words(reference, &p, finding);
    check_digits(reference, limit, finding);
    return OK;
}

/* ---- integrations ---- */

static void check_rate(const struct reference_case *reference, const struct outcome *outcome,
                       struct selftest_errors *errors, struct selftest_finding *finding)
{
    if (isnan(reference->rate))
        return;
    const double miss = fabs(outcome->transverse_rate / reference->rate - 1);
    if (!(miss <= RATE_RELATIVE))
        selftest_complain(finding, "%s: rate %.17g", reference->id, outcome->transverse_rate);
    errors->rate = fmax(errors->rate, miss);
}

static void check_limit(const struct reference_case *reference, const struct selftest_run *run,
                        struct selftest_errors *errors, struct selftest_finding *finding)
{
    const struct outcome *outcome = run->outcome;
    if (!outcome->has_limit) {
        selftest_complain(finding, "%s: no limit", reference->id);
        return;
    }
    const double off =
        matrix_largest_difference(reference->depth, outcome->limit, reference->limit);
    if (!(off <= LIMIT_ABSOLUTE))
        selftest_complain(finding, "%s: limit off by %g", reference->id, off);
    errors->limit = fmax(errors->limit, off);
    check_rate(reference, outcome, errors, finding);
    if (run->flow->loss && !isnan(reference->global_minimum)) {
        const bool minimal = run->flow->loss(run->flow, outcome->limit) < LOSS_IS_ZERO;
        if (minimal != (reference->global_minimum == 1))
            selftest_complain(finding, "%s: global minimum %d", reference->id, minimal);
    }
}

/* Algebraic approach: the exponent and the limit, which is known to the reported bound only. */
static void check_creeping(const struct reference_case *reference, const struct outcome *outcome,
                           struct selftest_finding *finding)
{
    if (!(fabs(outcome->exponent + 1) <= LAW))
        selftest_complain(finding, "%s: exponent %g", reference->id, outcome->exponent);
    const double off = matrix_distance(reference->depth, outcome->last, reference->limit);
    if (!(off <= outcome->distance_bound && outcome->distance_bound < CREEPING_NEAR))
        selftest_complain(finding, "%s: bound %g, distance %g", reference->id,
                          outcome->distance_bound, off);
}

static void check_outcome(const struct reference_case *reference, const struct selftest_run *run,
                          struct selftest_errors *errors, struct selftest_finding *finding)
{
    const struct outcome *outcome = run->outcome;
    if (outcome->ending != reference->ending)
        selftest_complain(finding, "%s: %s at t = %g (%s), expected %s", reference->id,
                          ending_name(outcome->ending), outcome->t, outcome->reason,
                          ending_name(reference->ending));
    else if (reference->ending == ENDING_SETTLED || reference->ending == ENDING_SADDLE)
        check_limit(reference, run, errors, finding);
    else if (reference->ending == ENDING_CREEPING)
        check_creeping(reference, outcome, finding);
    for (size_t k = 0; k < run->flow->conserved; k++)
        errors->drift = fmax(errors->drift, outcome->drift[k]);
}

enum status selftest_reference_integrate(const struct reference_case *reference,
                                         const struct plan *plan, struct selftest_errors *errors,
                                         struct selftest_finding *finding)
{
    const struct problem problem = selftest_reference_problem(reference);
    struct selftest_run run;
    *errors = (struct selftest_errors){.limit = 0};
    const enum status status = selftest_run_make(&problem, plan, reference->init, &run);
    if (status == OK) {
        selftest_run_record(&run, finding);
        check_outcome(reference, &run, errors, finding);
    }
    selftest_run_free(&run);
    return status;
}

/* ---- the exact engine ---- */

static void check_exact(const struct reference_case *reference, const struct limit *limit,
                        struct selftest_finding *finding)
{
    finding->judged = true;
    if (limit->ending != reference->ending)
        selftest_complain(finding, "%s: exactly %s (%s)", reference->id, ending_name(limit->ending),
                          limit->reason ? limit->reason : "");
    for (size_t i = 0; i < reference->depth && limit->has_limit; i++) {
        const double off =
            fabs(arf_get_d(arb_midref(limit->x + i), ARF_RND_NEAR) - reference->limit[i]);
        if (!(off <= SOURCE * (1 + fabs(reference->limit[i]))))
            selftest_complain(finding, "%s: the exact component %zu is off by %g", reference->id,
                              i + 1, off);
        finding->worst = fmax(finding->worst, off);
    }
}

static enum status decide(const struct reference_case *reference, struct statement *statement,
                          struct selftest_finding *finding)
{
    enum { DIGITS = 40 };
    struct limit *limit = limit_create(statement);
    if (!limit)
        return status_fail(NO_MEMORY, "no memory for an exact limit");
    const enum status status = limit_decide(statement, DIGITS, limit);
    if (status == OK)
        check_exact(reference, limit, finding);
    limit_free(limit);
    return status;
}

enum status selftest_reference_decide(const struct reference_case *reference,
                                      struct selftest_finding *finding)
{
    const struct problem problem = selftest_reference_problem(reference);
    struct statement_numbers numbers;
    struct statement *statement = NULL;
    const char *why_not = NULL;
    if (!reference->rule || reference->lambda != 0)
        return OK;
    statement_problem_numbers(&problem, reference->init, reference->depth, &numbers);
    enum status status = statement_problem_make(&problem, &numbers, &statement, &why_not);
    statement_problem_free(&numbers);
    if (status == OK && statement)
        status = decide(reference, statement, finding);
    statement_free(statement);
    return status;
}

/* ---- the tests ---- */

static enum status try_prediction(const void *context, uint64_t index,
                                  struct selftest_finding *finding)
{
    (void)context;
    return selftest_reference_predict(&reference_cases[index], finding);
}

static enum status predictions(const struct selftest_plan *plan, struct selftest_tally *tally)
{
    const struct selftest_work work = {.count = COUNT(reference_cases), .one = try_prediction};
    TRY(selftest_try(plan, &work, tally));
    selftest_tell(tally, "limits at most %.1e off, relatively", tally->worst);
    return OK;
}

static const enum method methods[] = {METHOD_BDF, METHOD_ADAMS, METHOD_RK8PD};

/* By three methods; only the first one projects on the first integrals. */
static enum status try_integration(const void *context, uint64_t index,
                                   struct selftest_finding *finding)
{
    struct plan plan = plan_defaults();
    struct selftest_errors errors;
    (void)context;
    plan.method = methods[index % COUNT(methods)];
    TRY(selftest_reference_integrate(&reference_cases[index / COUNT(methods)], &plan, &errors,
                                     finding));
    if (plan.method == METHOD_BDF && !(errors.drift <= SELFTEST_DRIFT))
        selftest_complain(finding, "%s: first integrals drift by %g",
                          reference_cases[index / COUNT(methods)].id, errors.drift);
    finding->worst = errors.limit;
    return OK;
}

static enum status integrators(const struct selftest_plan *plan, struct selftest_tally *tally)
{
    const struct selftest_work work = {.count = COUNT(methods) * COUNT(reference_cases),
                                       .one = try_integration};
    char endings[SELFTEST_TEXT_MAX];
    TRY(selftest_try(plan, &work, tally));
    selftest_tell(tally, "limits at most %.1e off: %s", tally->worst,
                  selftest_endings(tally, sizeof endings, endings));
    return OK;
}

static enum status try_exactly(const void *context, uint64_t index,
                               struct selftest_finding *finding)
{
    (void)context;
    return selftest_reference_decide(&reference_cases[index], finding);
}

static enum status exactly(const struct selftest_plan *plan, struct selftest_tally *tally)
{
    enum { LEAST = 25 };
    const struct selftest_work work = {.count = COUNT(reference_cases), .one = try_exactly};
    TRY(selftest_try(plan, &work, tally));
    if (tally->judged < LEAST)
        selftest_blame(tally, "only %zu of %zu cases are decided", tally->judged, tally->tried);
    selftest_tell(tally, "%zu decided exactly, limits at most %.1e off", tally->judged,
                  tally->worst);
    return OK;
}

/* ---- the lanes of a sweep ---- */

struct swept {
    const struct reference_case *reference;
    struct problem problem;
    struct selftest_finding *finding;
};

static enum status swept_flow(void *context, struct flow **flow)
{
    const struct swept *swept = context;
    return problem_flow(&swept->problem, flow);
}

static void swept_start(const void *context, size_t k, double *x0)
{
    const struct swept *swept = context;
    (void)k;
    memcpy(x0, swept->reference->init, swept->reference->depth * sizeof *x0);
}

static enum status swept_result(void *context, size_t k, const double *x0,
                                const struct sweep_result *result)
{
    const struct swept *swept = context;
    const struct reference_case *reference = swept->reference;
    struct selftest_finding *finding = swept->finding;
    (void)k, (void)x0;
    finding->ending = result->ending;
    finding->judged = !result->by_referee;
    if (result->ending != reference->ending)
        selftest_complain(finding, "%s: %s in a sweep", reference->id, ending_name(result->ending));
    if (result->ending == ENDING_SETTLED) {
        const double off =
            matrix_largest_difference(reference->depth, result->limit, reference->limit);
        finding->worst = off;
        if (!(off <= LIMIT_ABSOLUTE))
            selftest_complain(finding, "%s: limit off by %g in a sweep", reference->id, off);
    }
    return OK;
}

static enum status try_swept(const void *context, uint64_t index, struct selftest_finding *finding)
{
    struct swept swept = {.reference = &reference_cases[index], .finding = finding};
    (void)context;
    swept.problem = selftest_reference_problem(swept.reference);
    struct sweep_plan plan = sweep_plan_defaults();
    plan.threads = 1;
    const struct sweep_task task = {.count = 1,
                                    .flow = swept_flow,
                                    .start = swept_start,
                                    .result = swept_result,
                                    .context = &swept};
    return sweep_run(&plan, &task, NULL);
}

static enum status sweeper(const struct selftest_plan *plan, struct selftest_tally *tally)
{
    enum { LEAST = 10 };
    const struct selftest_work work = {.count = COUNT(reference_cases), .one = try_swept};
    TRY(selftest_try(plan, &work, tally));
    if (tally->judged < LEAST)
        selftest_blame(tally, "only %zu of %zu settle in lanes", tally->judged, tally->tried);
    selftest_tell(tally, "%zu settle in lanes, limits at most %.1e off", tally->judged,
                  tally->worst);
    return OK;
}

const struct selftest selftest_predictions = {
    .name = "predictions",
    .title = "limits by algebra against numbers of 16 to 25 digits",
    .run = predictions,
};

const struct selftest selftest_integrators = {
    .name = "integrators",
    .title = "the same by integration: CVODE BDF, CVODE Adams, Prince-Dormand",
    .run = integrators,
};

const struct selftest selftest_exact = {
    .name = "exact",
    .title = "the same by exact algebra",
    .run = exactly,
};

const struct selftest selftest_sweeper = {
    .name = "sweeper",
    .title = "the same in the lanes of a sweep",
    .run = sweeper,
};
