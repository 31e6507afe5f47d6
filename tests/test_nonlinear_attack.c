/* An attack on the endings and predictions of chains with activations: problems drawn where
 * integrators go wrong, each judged by what is known without them.  No ending may be wrong; it may
 * be undecided.
 *
 * corners      two switching surfaces met nearly at once: selftest/selftest_neurons.h.
 * predictions  homogeneous neurons, two layers and deeper, under every rule that has a theory, under
 *              tolerances of all sizes and powers close to 1, 2: an ending and a prediction that
 *              contradict each other are a mistake of one of them.
 * witnesses    runs that have once ended wrongly. */
#include "nonlinear/activation.h"
#include "nonlinear/system.h"
#include "proofs-check/agreement.h"
#include "selftest/selftest_neurons.h"
#include "tests/chains.h"

enum { SEED = 1618, CORNERS = 1000, SHALLOW = 600, DEEP = 500, STEPS_MOST = 6000, DIM_MOST = 16 };

static const double APART = 0.05; /* of limits, relative: another basin, not an error */

static size_t counts[ENDING_COUNT], judged, wrong;

static void begin(void)
{
    memset(counts, 0, sizeof counts);
    judged = wrong = 0;
}

static void report(const char *name)
{
    char text[256] = "";
    for (int k = 0; k < ENDING_COUNT; k++)
        if (counts[k])
            snprintf(text + strlen(text), sizeof text - strlen(text), " %s %zu",
                     ending_name((enum ending)k), counts[k]);
    print_message("# %s: %zu judged;%s\n", name, judged, text);
    assert_true(judged > 0 && counts[ENDING_SETTLED] > 0);
    if (wrong > 0)
        fail_msg("%s: %zu wrong", name, wrong);
}

static struct plan plan_of(struct stream *stream)
{
    struct plan plan = plan_defaults();
    plan.method = (enum method)stream_below(stream, METHOD_RK8PD + 1);
    plan.rtol = pow(10, -3 - (double)stream_below(stream, 9));
    plan.atol = stream_below(stream, 2) ? plan.rtol / 100 : plan.rtol;
    plan.steps_most = STEPS_MOST;
    return plan;
}

static struct problem chain_with_neurons(const char *rule, size_t depth, const char *name,
                                         double parameter)
{
    struct problem problem = chain_of(rule, depth);
    problem.system = &system_nonlinear_chain;
    problem.neuron_count = 1;
    problem.neurons[0] = (struct neurons){activation_named(name), parameter};
    assert_non_null(problem.neurons[0].activation);
    return problem;
}

static void put_samples(struct problem *problem, size_t count, const double *input,
                        const double *target)
{
    problem->inputs.count = problem->targets.count = count;
    memcpy(problem->inputs.near, input, count * sizeof *input);
    memcpy(problem->targets.near, target, count * sizeof *target);
}

static void print_trial(const struct problem *p, const struct plan *plan, const double *x)
{
    char text[ACTIVATION_TEXT_MAX];
    print_message("#   %s L=%zu %s, %s, rtol %g, atol %g; start", p->rule->name, p->depth,
                  activation_list_text(p, sizeof text, text), method_name(plan->method), plan->rtol,
                  plan->atol);
    for (size_t i = 0; i < p->depth; i++)
        print_message(" %.17g", x[i]);
    for (size_t i = 0; i < p->c_count; i++)
        print_message("%s %.17g", i ? "" : "; c", p->c[i]);
    for (size_t i = 0; i < p->inputs.count; i++)
        print_message("%s (%.17g, %.17g)", i ? "" : "; samples", p->inputs.near[i],
                      p->targets.near[i]);
    print_message("\n");
}

/* ---- corners ---- */

static enum status try_corner(const void *context, uint64_t index, struct selftest_finding *finding)
{
    (void)context;
    return selftest_neurons_try(index, finding);
}

static void corners(void **state)
{
    (void)state;
    const struct selftest_plan plan = {.trials = 0};
    const struct selftest_work work = {.count = CORNERS, .one = try_corner};
    struct selftest_tally tally = {.tried = 0};
    char endings[SELFTEST_TEXT_MAX];
    assert_int_equal(selftest_try(&plan, &work, &tally), OK);
    print_message("# corners: %zu judged; %s\n", tally.judged,
                  selftest_endings(&tally, sizeof endings, endings));
    if (tally.failed > 0)
        fail_msg("%zu wrong: %s", tally.failed, tally.first);
    assert_true(tally.judged > 0 && tally.endings[ENDING_SETTLED] > 0);
}

/* ---- predictions ---- */

/* Do they say the same, as far as both say something? */
static bool agrees(const struct flow *flow, const struct outcome *outcome,
                   const struct prediction *prediction, const double *limit)
{
    const struct agreement_case pair = {
        .flow = flow, .outcome = outcome, .prediction = prediction, .predicted = limit};
    const struct agreement agreement = agreement_of(&pair);
    judged += agreement.kind != AGREEMENT_NONE;
    if (agreement.kind != AGREEMENT_FAILS)
        return true;
    /* coarse tolerances leave more in the limit than agreement_of() allows, but not another one */
    return outcome->ending == prediction->ending && outcome->has_limit &&
           matrix_distance(flow->dim, outcome->limit, limit) <=
               APART * (1 + matrix_norm(flow->dim, limit));
}

static void draw_samples(struct stream *stream, struct problem *problem)
{
    double input[3], target[3];
    const size_t count = 1 + stream_below(stream, 3);
    for (size_t i = 0; i < count; i++) {
        input[i] = stream_below(stream, 8) ? 1.3 * stream_normal(stream) : 0;
        target[i] = stream_below(stream, 8) ? 1.3 * stream_normal(stream) : 0;
    }
    put_samples(problem, count, input, target);
}

static struct neurons draw_neurons(struct stream *stream)
{
    static const double exponents[] = {1, 1.5, 2, 2, 2.001, 2.5, 3, 3, 4, 7};
    static const char *const names[] = {"power", "odd-power", "relu", "leaky-relu"};
    const size_t k = stream_below(stream, COUNT(names));
    return (struct neurons){activation_named(names[k]),
                            k < 2 ? exponents[stream_below(stream, COUNT(exponents))] : 0.25};
}

static void draw_chain(struct stream *stream, size_t depth, struct problem *problem)
{
    static const char *const rules[] = {"rbp", "srbp", "bp", "sbp", "asrbp", "arbp"};
    const char *rule = rules[stream_below(stream, depth > 2 ? 1 : COUNT(rules))];
    *problem = chain_with_neurons(rule, depth, "relu", 0);
    problem->neuron_count = depth - 1;
    for (size_t i = 0; i + 1 < depth; i++)
        problem->neurons[i] = draw_neurons(stream);
    problem->c_count = problem->rule->direct ? depth - 1 : 0;
    for (size_t i = 0; i < problem->c_count; i++)
        problem->c[i] = 1.3 * stream_normal(stream);
    draw_samples(stream, problem);
}

/* Does this run contradict the theory? */
static bool contradicts(const struct problem *problem, const struct plan *plan, const double *x0)
{
    double limit[DIM_MOST];
    struct trial trial = trial_run(problem, plan, x0);
    const struct prediction prediction = prediction_of(problem, x0, limit);
    counts[trial.outcome->ending]++;
    const bool bad = !agrees(trial.flow, trial.outcome, &prediction, limit);
    if (bad) {
        print_message("# %s, but predicted %s\n", ending_name(trial.outcome->ending),
                      ending_name(prediction.ending));
        print_trial(problem, plan, x0);
    }
    trial_free(&trial);
    return bad;
}

static void predictions_of(const char *name, size_t trials, size_t least_depth, size_t depths)
{
    begin();
    for (uint64_t t = 0; t < trials; t++) {
        struct stream stream = stream_at(SEED, stream_key(name), t);
        struct problem problem;
        double x0[DIM_MOST];
        draw_chain(&stream, least_depth + stream_below(&stream, depths), &problem);
        for (size_t i = 0; i < DIM_MOST; i++)
            x0[i] = stream_normal(&stream);
        const struct plan plan = plan_of(&stream);
        wrong += contradicts(&problem, &plan, x0);
    }
    report(name);
}

static void shallow(void **state)
{
    (void)state;
    predictions_of("shallow", SHALLOW, 2, 1);
}

static void deep(void **state)
{
    (void)state;
    predictions_of("deep", DEEP, 3, 3);
}

/* ---- witnesses ---- */

/* With a2 and a3 positive; or it ends as `otherwise`. */
static void ends_positive(const struct problem *problem, const struct plan *plan, const double *x0,
                          enum ending otherwise)
{
    struct trial trial = trial_run(problem, plan, x0);
    if (trial.outcome->ending == ENDING_SETTLED)
        assert_true(trial.outcome->limit[1] > 0 && trial.outcome->limit[2] > 0);
    else
        assert_ending(trial.outcome, otherwise, "rtol %g", plan->rtol);
    trial_free(&trial);
}

/* The exact way comes within 1e-10 of a2 = a3 = 0 and ends where both are positive. */
static void two_surfaces_nearly_at_once(void **state)
{
    (void)state;
    struct problem problem = chain_with_neurons("sign-symmetry", 3, "erf", 0);
    static const double rates[] = {1.0415999265618632, 0.36348282939224169, 4.1910902753777606};
    problem.rate_count = COUNT(rates);
    memcpy(problem.rates, rates, sizeof rates);
    put_samples(&problem, 3, (const double[]){-0.5, 1.5, 0},
                (const double[]){-0.016989776004871327, 0.048953171699698719, 0});
    const double x0[] = {2.30421996007323, 0.23906207652060907, -0.33225785274404046};
    for (int digits = 6; digits <= 12; digits++)
        for (int m = METHOD_BDF; m <= METHOD_RK8PD; m++)
            for (int k = 0; k < 3; k++) {
                static const double absolute[] = {1, 1e-2, 1e-10};
                struct plan plan = plan_defaults();
                plan.method = (enum method)m;
                plan.rtol = pow(10, -digits);
                plan.atol = plan.rtol * absolute[k];
                ends_positive(&problem, &plan, x0, ENDING_HORIZON);
            }
    /* a3 = 0 is crossed earlier: nothing is in doubt */
    const struct plan plan = plan_defaults();
    ends_positive(&problem, &plan, (const double[]){x0[0], x0[1], x0[2] + 1e-3}, ENDING_SETTLED);
}

/* a1 = 0 attracts from above, like 1/t, and repels below: steps of 1e-3 fall through. */
static void a_half_stable_point_under_coarse_steps(void **state)
{
    (void)state;
    struct problem problem = chain_with_neurons("bp", 2, "power", 3);
    put_samples(&problem, 3, (const double[]){-1.3546740460898639, 0, 1.0369991850355511},
                (const double[]){1.5925696472258153, -0.056060092546731402, 0.19432673437783862});
    const double x0[] = {0.75994810202370422, 2.1103167186994272};
    for (int m = METHOD_BDF; m <= METHOD_RK8PD; m++)
        for (int k = 2; k <= 20; k++) {
            struct plan plan = plan_defaults();
            plan.method = (enum method)m;
            plan.rtol = plan.atol = 1e-4 * k;
            assert_false(contradicts(&problem, &plan, x0));
        }
}

/* y' = -k y^1.001 is not exponential: nothing settles at its zero, whatever doubles say of J. */
static void a_power_just_above_two(void **state)
{
    (void)state;
    struct problem problem = chain_with_neurons("rbp", 2, "odd-power", 2.001);
    problem.c_count = 1;
    problem.c[0] = -2.4;
    put_samples(&problem, 1, (const double[]){-0.3}, (const double[]){-0.6});
    for (int m = METHOD_BDF; m <= METHOD_RK8PD; m++)
        for (int digits = 4; digits <= 10; digits++) {
            struct plan plan = plan_defaults();
            plan.method = (enum method)m;
            plan.rtol = plan.atol = pow(10, -digits);
            assert_false(contradicts(&problem, &plan, (const double[]){1.26, -0.14}));
        }
}

/* ---- controls ---- */

/* A limit on the other side, and an ending of another name, are seen. */
static void the_judges_see_wrong_endings(void **state)
{
    (void)state;
    struct problem problem = chain_with_neurons("rbp", 2, "power", 3);
    put_samples(&problem, 1, (const double[]){1.2}, (const double[]){0.7});
    const double x0[] = {0.6, 0.4};
    double limit[DIM_MOST];
    const struct plan plan = plan_defaults();
    struct trial trial = trial_run(&problem, &plan, x0);
    const struct prediction prediction = prediction_of(&problem, x0, limit);
    assert_ending(trial.outcome, ENDING_SETTLED, "control");
    assert_true(agrees(trial.flow, trial.outcome, &prediction, limit));
    assert_true(selftest_neurons_right(trial.outcome, -1));
    assert_false(selftest_neurons_right(trial.outcome, 1));
    trial.outcome->limit[0] *= -1;
    assert_false(agrees(trial.flow, trial.outcome, &prediction, limit));
    trial.outcome->limit[0] *= -1;
    trial.outcome->ending = ENDING_CREEPING;
    assert_false(agrees(trial.flow, trial.outcome, &prediction, limit));
    trial_free(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(corners),
        cmocka_unit_test(shallow),
        cmocka_unit_test(deep),
        cmocka_unit_test(two_surfaces_nearly_at_once),
        cmocka_unit_test(a_half_stable_point_under_coarse_steps),
        cmocka_unit_test(a_power_just_above_two),
        cmocka_unit_test(the_judges_see_wrong_endings),
    };
    return cmocka_run_group_tests_name("nonlinear_attack", tests, NULL, NULL);
}
