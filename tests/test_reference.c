/* Chains and polynomials against limits and times that are known to 16 digits and more.
 *
 * Every case is decided three times by integration (two methods of the referee, the second
 * integrator) and once by algebra, and all four are held to the same digits.  The time oracle is
 * tried in both orders: the time at which the clock reads s, and the clock at the time t. */
#include "nonlinear/activation.h"
#include "nonlinear/system.h"
#include "tests/chains.h"
#include "tests/reference_cases.h"

/* digits of the requirement: a prediction is the exact limit but for a few roundings */
static const double PREDICTION_RELATIVE = 1e-14;
/* a component that is exactly zero at an irrational root: the resolution of double-double balls */
static const double PREDICTION_ZERO = 0x1p-100;
/* an integrated limit; it is polished on its leaf, so this leaves room for the drift of free
 * methods */
static const double LIMIT_ABSOLUTE = 1e-10;
static const double RATE_RELATIVE = 1e-9; /* an eigenvalue at a limit with error 1e-10 */
static const double DRIFT = 1e-12;        /* of first integrals, relative, with projection */
static const double TIME = 1e-10;         /* of the time oracle */

static const enum method methods[] = {METHOD_BDF, METHOD_ADAMS, METHOD_RK8PD};

static struct problem problem_of(const struct reference_case *reference)
{
    struct problem problem = reference->rule ? chain_of(reference->rule, reference->depth)
                                             : polynomial_of(reference->q, reference->q_count);
    memcpy(problem.c, reference->c, sizeof reference->c);
    memcpy(problem.rates, reference->rates, sizeof reference->rates);
    problem.c_count = reference->c_count;
    problem.rate_count = reference->rate_count;
    problem.lambda = reference->lambda;
    if (reference->activation) {
        problem.system = system_with_activation(problem.system);
        problem.neuron_count = 1;
        problem.neurons[0] = (struct neurons){.activation = activation_named(reference->activation),
                                              .parameter = reference->parameter};
    }
    if (reference->rule) {
        problem.alpha = reference->alpha;
        problem.beta = reference->beta;
    }
    return problem;
}

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* ---- predictions -------------------------------------------------------------------------- */

static void check_prediction(const struct reference_case *reference, double *worst)
{
    const struct problem problem = problem_of(reference);
    double limit[REFERENCE_DEPTH_MAX];
    const struct prediction p = prediction_of(&problem, reference->init, limit);
    if (p.ending != reference->ending)
        fail_msg("%s: predicted %s", reference->id, ending_name(p.ending));
    if (!same(p.global_minimum, reference->global_minimum))
        fail_msg("%s: global minimum %g", reference->id, p.global_minimum);
    if (reference->multiplicity > 0 && p.multiplicity != reference->multiplicity)
        fail_msg("%s: multiplicity %u", reference->id, p.multiplicity);
    if (!isnan(reference->rate) &&
        !(fabs(p.rate - reference->rate) <= RATE_RELATIVE * fabs(reference->rate)))
        fail_msg("%s: rate %.17g", reference->id, p.rate);
    if (reference->ending == ENDING_CREEPING && p.exponent != -1) /* all of them are double roots */
        fail_msg("%s: exponent %g", reference->id, p.exponent);
    for (size_t i = 0; i < reference->depth && !isnan(reference->limit[i]); i++) {
        const double off = fabs(limit[i] - reference->limit[i]);
        if (!(off <= fmax(PREDICTION_RELATIVE * fabs(reference->limit[i]), PREDICTION_ZERO)))
            fail_msg("%s: component %zu is %.17g, off by %g", reference->id, i + 1, limit[i], off);
        if (off > PREDICTION_ZERO)
            *worst = fmax(*worst, off / fabs(reference->limit[i]));
    }
}

static void predictions_have_fourteen_digits(void **state)
{
    (void)state;
    double worst = 0;
    for (size_t k = 0; k < COUNT(reference_cases); k++)
        check_prediction(&reference_cases[k], &worst);
    print_message("# predictions: worst relative error %.2g\n", worst);
}

/* ---- integrations ------------------------------------------------------------------------- */

/* The worst numbers seen of one method. */
struct worst {
    double limit, rate, drift;
};

static void check_limit(const struct reference_case *reference, const struct trial *trial,
                        const char *method, struct worst *worst)
{
    const struct outcome *outcome = trial->outcome;
    assert_true(outcome->has_limit);
    const double off =
        matrix_largest_difference(reference->depth, outcome->limit, reference->limit);
    if (!(off <= LIMIT_ABSOLUTE))
        fail_msg("%s, %s: limit off by %g", reference->id, method, off);
    worst->limit = fmax(worst->limit, off);
    if (!isnan(reference->rate)) {
        const double miss = fabs(outcome->transverse_rate / reference->rate - 1);
        if (!(miss <= RATE_RELATIVE))
            fail_msg("%s, %s: rate %.17g", reference->id, method, outcome->transverse_rate);
        worst->rate = fmax(worst->rate, miss);
    }
    if (trial->flow->loss && !isnan(reference->global_minimum)) {
        /* e^2/(2 beta) of a limit with error 1e-10 times slopes below 300, or of another point */
        const bool minimal = trial->flow->loss(trial->flow, outcome->limit) < 1e-14;
        if (minimal != (reference->global_minimum == 1))
            fail_msg("%s, %s: global minimum %d", reference->id, method, minimal);
    }
}

static void check_integration(const struct reference_case *reference, enum method method,
                              struct worst *worst)
{
    const struct problem problem = problem_of(reference);
    struct plan plan = plan_defaults();
    plan.method = method;
    struct trial trial = trial_run(&problem, &plan, reference->init);
    assert_ending(trial.outcome, reference->ending, "%s, %s", reference->id, method_name(method));
    const bool exponential =
        reference->ending == ENDING_SETTLED || reference->ending == ENDING_SADDLE;
    if (exponential)
        check_limit(reference, &trial, method_name(method), worst);
    for (size_t k = 0; k < trial.flow->conserved; k++)
        worst->drift = fmax(worst->drift, trial.outcome->drift[k]);
    trial_free(&trial);
}

static void check_method(enum method method)
{
    struct worst worst = {0};
    for (size_t k = 0; k < COUNT(reference_cases); k++)
        check_integration(&reference_cases[k], method, &worst);
    print_message("# %s: worst limit %.2g, rate %.2g, drift %.2g\n", method_name(method),
                  worst.limit, worst.rate, worst.drift);
    if (method == METHOD_BDF)
        assert_true(worst.drift <= DRIFT);
    else /* no projection: a drift of the size of the tolerance must be visible, or none is measured
          */
        assert_true(worst.drift > DRIFT);
}

static void the_referee_finds_every_limit(void **state)
{
    (void)state;
    check_method(METHOD_BDF);
}

static void adams_finds_every_limit(void **state)
{
    (void)state;
    check_method(METHOD_ADAMS);
}

static void the_second_integrator_finds_every_limit(void **state)
{
    (void)state;
    check_method(METHOD_RK8PD);
}

/* The control of the drift: BDF without projection leaves the leaf by far more. */
static void without_projection_the_integrals_drift(void **state)
{
    (void)state;
    struct plan plan = plan_defaults();
    plan.free_integrals = true;
    size_t drifted = 0, tried = 0;
    for (size_t k = 0; k < COUNT(reference_cases); k++) {
        const struct problem problem = problem_of(&reference_cases[k]);
        struct trial trial = trial_run(&problem, &plan, reference_cases[k].init);
        if (trial.flow->conserved > 0 && reference_cases[k].ending == ENDING_SETTLED) {
            tried++;
            drifted += trial.outcome->drift[0] > DRIFT;
        }
        trial_free(&trial);
    }
    assert_true(tried > 0 && drifted > tried / 2);
}

/* Algebraic approach: the exponent and the limit, which is known to the reported bound only. */
static void creeping_has_its_exponent_and_bound(void **state)
{
    (void)state;
    static const double LAW = 0.02; /* the agreement that the law must show before it is believed */
    size_t tried = 0;
    for (size_t k = 0; k < COUNT(reference_cases); k++) {
        const struct reference_case *reference = &reference_cases[k];
        if (reference->ending != ENDING_CREEPING)
            continue;
        tried++;
        const struct problem problem = problem_of(reference);
        const struct plan plan = plan_defaults();
        struct trial trial = trial_run(&problem, &plan, reference->init);
        const struct outcome *outcome = trial.outcome;
        assert_ending(outcome, ENDING_CREEPING, "%s", reference->id);
        assert_true(fabs(outcome->exponent + 1) <= LAW);
        double squares = 0;
        for (size_t i = 0; i < reference->depth; i++)
            squares += pow(outcome->last[i] - reference->limit[i], 2);
        if (!(sqrt(squares) <= outcome->distance_bound && outcome->distance_bound < 1e-2))
            fail_msg("%s: bound %g, distance %g", reference->id, outcome->distance_bound,
                     sqrt(squares));
        trial_free(&trial);
    }
    assert_true(tried >= 3);
}

/* ---- the time oracle ---------------------------------------------------------------------- */

/* t(s) by partial fractions over all complex roots, 18 digits. */
struct instant {
    double s, t;
};
static const struct instant two_layers[] = {/* s = a1 + 2 from (-2, 1) */
                                            {0.5, 0.270616236185051466},
                                            {2.0, 2.67562015435060097},
                                            {3.0, 3.41523329190754449},
                                            {3.7, 4.24240167495584295}};
static const struct instant three_layers[] = {/* s = a1 - 1/2 from (1/2, 1/2, 1/2) */
                                              {0.25, 0.312440607645870891},
                                              {0.5, 0.788135124386791659},
                                              {0.6, 1.33186920789955233}};

struct oracle_case {
    size_t depth, count;
    double start[3];
    const struct instant *instants;
};
static const struct oracle_case oracle_cases[] = {
    {.depth = 2, .start = {-2, 1}, .instants = two_layers, .count = COUNT(two_layers)},
    {.depth = 3, .start = {0.5, 0.5, 0.5}, .instants = three_layers, .count = COUNT(three_layers)},
};

/* Clock to time. */
static void the_clock_reads_s_at_the_known_time(void **state)
{
    (void)state;
    double worst = 0;
    for (size_t k = 0; k < COUNT(oracle_cases); k++) {
        const struct oracle_case *oracle = &oracle_cases[k];
        const struct problem problem = chain_of("srbp", oracle->depth);
        struct flow *flow = flow_of(&problem);
        struct chain_clock clock;
        chain_clock_init(&clock, &problem, flow, oracle->start);
        for (size_t i = 0; i < oracle->count; i++) {
            double t = NAN;
            assert_int_equal(clock_time(&clock.clock, oracle->instants[i].s, &t), OK);
            worst = fmax(worst, fabs(t - oracle->instants[i].t));
        }
        flow_free(flow);
    }
    print_message("# time oracle: worst error %.2g\n", worst);
    assert_true(worst <= TIME);
}

/* Time to clock: the referee runs to that very time and must be where the clock says. */
static double state_error(const struct oracle_case *oracle, enum method method,
                          const struct instant *instant)
{
    const struct problem problem = chain_of("srbp", oracle->depth);
    struct plan plan = plan_defaults();
    plan.method = method;
    plan.rtol = 1e-13; /* local errors add up to about 1e-11 */
    plan.atol = 1e-15;
    plan.horizon = instant->t;
    plan.no_endings = true;
    struct trial trial = trial_run(&problem, &plan, oracle->start);
    assert_true(trial.outcome->t == instant->t);

    struct chain_clock clock;
    double expected[3], error;
    chain_clock_init(&clock, &problem, trial.flow, oracle->start);
    chain_at_clock(&clock, ball_of(instant->s), expected, &error);
    const double off = matrix_largest_difference(oracle->depth, trial.outcome->last, expected);
    trial_free(&trial);
    return off;
}

static void the_integrators_are_where_the_clock_says(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        double worst = 0;
        for (size_t k = 0; k < COUNT(oracle_cases); k++)
            for (size_t i = 0; i < oracle_cases[k].count; i++)
                worst = fmax(
                    worst, state_error(&oracle_cases[k], methods[m], &oracle_cases[k].instants[i]));
        print_message("# time oracle, %s: worst error of the state %.2g\n", method_name(methods[m]),
                      worst);
        assert_true(worst <= TIME);
    }
}

/* The published claim that dP/dt changes sign once, refuted twice over: by events and by the clock.
 */
static double sensitivity(const void *context, const double *x)
{
    return chain_sensitivity(context, x);
}

static void check_sign_changes(const struct problem *problem, const double *start, size_t expected)
{
    struct flow *flow = flow_of(problem);
    struct plan plan = plan_defaults();
    plan.event = sensitivity;
    plan.context = flow;
    for (size_t m = 0; m < COUNT(methods); m++) {
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(flow, &plan, start);
        assert_ending(outcome, ENDING_SETTLED, "%s", flow->title);
        if (outcome->events != expected)
            fail_msg("%s, %s: %zu events", flow->title, method_name(methods[m]), outcome->events);
        outcome_free(outcome);
    }
    flow_free(flow);
}

static void events_count_the_sign_changes_of_the_sensitivity(void **state)
{
    (void)state;
    struct problem problem = chain_of("srbp", 2);
    check_sign_changes(&problem, (const double[]){-2, 1}, 2);
    check_sign_changes(&problem, (const double[]){0.5, 0.5}, 0);
    problem = chain_of("srbp", 3);
    problem.alpha = 7;
    check_sign_changes(&problem, (const double[]){-33.0 / 10, 489.0 / 200, 39121.0 / 80000}, 6);
}

/* A small value that rounds to zero: the event is zero on an interval, and CVODE stands in it. */
static double rounded_event(const void *context, const double *x)
{
    const double off = x[0] - *(const double *)context;
    return fabs(off) < 1e-6 ? 0 : off;
}

static void an_event_that_stays_zero_is_one_event(void **state)
{
    (void)state;
    const struct problem problem = chain_of("rbp", 2);
    struct flow *flow = flow_of(&problem);
    double level = 0.5;
    struct plan plan = plan_defaults();
    plan.event = rounded_event;
    plan.context = &level;
    for (size_t m = 0; m < COUNT(methods); m++) {
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(flow, &plan, (const double[]){0.25, 0.5});
        assert_ending(outcome, ENDING_SETTLED, "%s", method_name(methods[m]));
        assert_true(outcome->limit[0] > level);
        if (outcome->events != 1)
            fail_msg("%s: %zu events", method_name(methods[m]), outcome->events);
        outcome_free(outcome);
    }
    flow_free(flow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(predictions_have_fourteen_digits),
        cmocka_unit_test(the_referee_finds_every_limit),
        cmocka_unit_test(an_event_that_stays_zero_is_one_event),
        cmocka_unit_test(adams_finds_every_limit),
        cmocka_unit_test(the_second_integrator_finds_every_limit),
        cmocka_unit_test(without_projection_the_integrals_drift),
        cmocka_unit_test(creeping_has_its_exponent_and_bound),
        cmocka_unit_test(the_clock_reads_s_at_the_known_time),
        cmocka_unit_test(the_integrators_are_where_the_clock_says),
        cmocka_unit_test(events_count_the_sign_changes_of_the_sensitivity),
    };
    return cmocka_run_group_tests_name("reference", tests, NULL, NULL);
}
