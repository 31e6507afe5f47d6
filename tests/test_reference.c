/* Chains and polynomials against limits and times that are known to 16 digits and more.
 *
 * Every case is decided three times by integration (two methods of the referee, the second
 * integrator) and once by algebra, and all four are held to the same digits.  The time oracle is
 * tried in both orders: the time at which the clock reads s, and the clock at the time t. */
#include "selftest/reference_cases.h"
#include "selftest/selftest_reference.h"
#include "tests/chains.h"

static const enum method methods[] = {METHOD_BDF, METHOD_ADAMS, METHOD_RK8PD};

/* ---- predictions -------------------------------------------------------------------------- */

static void predictions_have_fourteen_digits(void **state)
{
    (void)state;
    double worst = 0;
    for (size_t k = 0; k < selftest_reference_count(); k++) {
        struct selftest_finding finding = {.failed = false};
        assert_int_equal(selftest_reference_predict(selftest_reference_at(k), &finding), OK);
        if (finding.failed)
            fail_msg("%s", finding.what);
        worst = fmax(worst, finding.worst);
    }
    print_message("# predictions: worst relative error %.2g\n", worst);
}

/* ---- integrations ------------------------------------------------------------------------- */

static void check_method(enum method method)
{
    struct selftest_errors worst = {0};
    struct plan plan = plan_defaults();
    plan.method = method;
    for (size_t k = 0; k < selftest_reference_count(); k++) {
        struct selftest_finding finding = {.failed = false};
        struct selftest_errors errors;
        assert_int_equal(
            selftest_reference_integrate(selftest_reference_at(k), &plan, &errors, &finding), OK);
        if (finding.failed)
            fail_msg("%s: %s", method_name(method), finding.what);
        worst.limit = fmax(worst.limit, errors.limit);
        worst.rate = fmax(worst.rate, errors.rate);
        worst.drift = fmax(worst.drift, errors.drift);
    }
    print_message("# %s: worst limit %.2g, rate %.2g, drift %.2g\n", method_name(method),
                  worst.limit, worst.rate, worst.drift);
    if (method == METHOD_BDF)
        assert_true(worst.drift <= SELFTEST_DRIFT);
    else /* no projection: a drift of the size of the tolerance must be visible, or none is measured
          */
        assert_true(worst.drift > SELFTEST_DRIFT);
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
    for (size_t k = 0; k < selftest_reference_count(); k++) {
        const struct problem problem = selftest_reference_problem(&reference_cases[k]);
        struct trial trial = trial_run(&problem, &plan, reference_cases[k].init);
        if (trial.flow->conserved > 0 && reference_cases[k].ending == ENDING_SETTLED) {
            tried++;
            drifted += trial.outcome->drift[0] > SELFTEST_DRIFT;
        }
        trial_free(&trial);
    }
    assert_true(tried > 0 && drifted > tried / 2);
}

/* Algebraic approach is among them: (E8). */
static void some_cases_creep(void **state)
{
    (void)state;
    size_t creeping = 0;
    for (size_t k = 0; k < selftest_reference_count(); k++)
        creeping += selftest_reference_at(k)->ending == ENDING_CREEPING;
    assert_true(creeping >= 3);
}

/* ---- the time oracle ---------------------------------------------------------------------- */

/* Clock to time. */
static void the_clock_reads_s_at_the_known_time(void **state)
{
    (void)state;
    double worst = 0;
    for (size_t k = 0; k < selftest_clock_count(); k++)
        assert_int_equal(selftest_clock_read(selftest_clock_at(k), &worst), OK);
    print_message("# time oracle: worst error %.2g\n", worst);
    assert_true(worst <= SELFTEST_TIME);
}

/* Time to clock: the referee runs to that very time and must be where the clock says. */
static void the_integrators_are_where_the_clock_says(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        double worst = 0;
        for (size_t k = 0; k < selftest_clock_count(); k++)
            assert_int_equal(selftest_clock_state(selftest_clock_at(k), methods[m], &worst), OK);
        print_message("# time oracle, %s: worst error of the state %.2g\n", method_name(methods[m]),
                      worst);
        assert_true(worst <= SELFTEST_TIME);
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
        cmocka_unit_test(some_cases_creep),
        cmocka_unit_test(the_clock_reads_s_at_the_known_time),
        cmocka_unit_test(the_integrators_are_where_the_clock_says),
        cmocka_unit_test(events_count_the_sign_changes_of_the_sensitivity),
    };
    return cmocka_run_group_tests_name("reference", tests, NULL, NULL);
}
