/* Settling times and lengths of paths: beside the clock of chains, which knows both exactly, for the
 * lanes and for the referee; their bits; what has neither. */
#include "ode/sweep_path.h"
#include "tests/chains.h"

#include <stdlib.h>

enum { DEPTH_MOST = 3, STARTS = 400 };

/* Starts of one problem, and what came of them. */
struct ensemble {
    struct problem problem;
    double low, high; /* of each unknown */
    bool at_rest;     /* start on fixed points */
    bool beside;      /* start on leaves where two roots have just vanished, c = 1 */
    struct sweep_result result[STARTS];
    double x0[STARTS][DEPTH_MOST], limit[STARTS][DEPTH_MOST];
};

static enum status make_flow(void *context, struct flow **flow)
{
    const struct ensemble *e = context;
    return problem_flow(&e->problem, flow);
}

static void make_start(const void *context, size_t k, double *x0)
{
    const struct ensemble *e = context;
    struct stream stream = stream_at(1, stream_key("sweep path"), k);
    for (size_t i = 0; i < e->problem.depth; i++)
        x0[i] = stream_between(&stream, e->low, e->high);
    if (e->at_rest)
        x0[0] = 1 / x0[1];
    if (e->beside) { /* two roots meet at (-1, -1) on a2 = a1^2/2 - 3/2; on every other leaf they have */
        const double gap = (k % 2 ? 1 : -1) * pow(10, stream_between(&stream, -7, -3));
        x0[0] = -fabs(x0[0]) - 1;
        x0[1] = (x0[0] * x0[0] - 3) / 2 - gap;
    }
}

static enum status take_result(void *context, size_t k, const double *x0,
                               const struct sweep_result *result)
{
    struct ensemble *e = context;
    const size_t size = e->problem.depth * sizeof *x0;
    e->result[k] = *result;
    e->result[k].limit = e->result[k].last = NULL;
    memcpy(e->x0[k], x0, size);
    memcpy(e->limit[k], result->limit, size);
    return OK;
}

static struct sweep_plan observing(void)
{
    struct sweep_plan plan = sweep_plan_defaults();
    plan.observes = true;
    plan.threads = 1;
    return plan;
}

static void run(struct ensemble *e, const struct sweep_plan *plan, size_t count)
{
    const struct sweep_task task = {.count = count,
                                    .flow = make_flow,
                                    .start = make_start,
                                    .result = take_result,
                                    .context = e};
    if (sweep_run(plan, &task, NULL) != OK)
        fail_msg("sweep_run: %s", status_message());
}

/* All by the referee: lanes may not even try. */
static struct sweep_plan of_referee(void)
{
    struct sweep_plan plan = observing();
    plan.attempts_most = 0;
    return plan;
}

/* ---- the clock ---- */

static double distance_at(const struct chain_clock *clock, double s, const double *limit)
{
    double a[DEPTH_MOST], error, square = 0;
    chain_at_clock(clock, ball_of(s), a, &error);
    for (size_t i = 0; i < clock->flow->dim; i++)
        square += (a[i] - limit[i]) * (a[i] - limit[i]);
    return sqrt(square);
}

static double norm(size_t n, const double *x)
{
    double square = 0;
    for (size_t i = 0; i < n; i++)
        square += x[i] * x[i];
    return sqrt(square);
}

/* The time at which the distance falls to the threshold, on a leaf where it does so once. */
static double exact_settling(const struct ensemble *e, const struct flow *flow, size_t k)
{
    struct chain_clock clock;
    double limit[DEPTH_MOST], t;
    const struct prediction prediction = prediction_of(&e->problem, e->x0[k], limit);
    const double threshold = SWEEP_SETTLED * (1 + norm(flow->dim, limit));
    double out = 0, in = prediction.clock;
    chain_clock_init(&clock, &e->problem, flow, e->x0[k]);
    if (distance_at(&clock, 0, limit) <= threshold)
        return 0;
    out = in / 2; /* from here on the distance falls, or nearly: the last passage is sought */
    for (int m = 0; m < 60 && distance_at(&clock, out, limit) <= threshold; m++)
        out /= 2;
    for (int m = 0; m < 200; m++) {
        const double middle = (out + in) / 2;
        if (distance_at(&clock, middle, limit) > threshold)
            out = middle;
        else
            in = middle;
    }
    assert_int_equal(clock_time(&clock.clock, out, &t), OK);
    return t;
}

static void settling_is_that_of_the_clock(const struct sweep_plan *plan, const struct ensemble *of,
                                          double error_most)
{
    struct ensemble *e = malloc(sizeof *e);
    assert_non_null(e);
    *e = *of;
    run(e, plan, STARTS);
    struct flow *flow = flow_of(&e->problem);
    double worst = 0, stated = 0;
    size_t compared = 0;
    for (size_t k = 0; k < STARTS; k++) {
        const struct sweep_result *result = &e->result[k];
        if (result->ending != ENDING_SETTLED)
            continue;
        const double t = exact_settling(e, flow, k), gamma = fabs(result->transverse_rate);
        const double off = fabs(result->settling - t);
        if (!(off <= result->settling_error + 1e-11 * t)) /* of clock_time() */
            fail_msg("start %zu: %.12g, exactly %.12g, stated error %g", k, result->settling, t,
                     result->settling_error);
        worst = fmax(worst, off * gamma);
        stated = fmax(stated, result->settling_error * gamma);
        compared++;
    }
    print_message("%s L=%zu: worst %.1e/rate, stated %.1e/rate\n", e->problem.rule->name,
                  e->problem.depth, worst, stated);
    assert_true(compared > STARTS / 2);
    assert_true(worst < error_most);
    flow_free(flow);
    free(e);
}

static const struct ensemble *ensemble_of(const char *rule, size_t depth)
{
    static struct ensemble e;
    memset(&e, 0, sizeof e);
    e.problem = chain_of(rule, depth);
    e.low = -2;
    e.high = 2;
    return &e;
}

static void lanes_settle_when_the_clock_says(void **state)
{
    (void)state;
    const struct sweep_plan plan = observing();
    settling_is_that_of_the_clock(&plan, ensemble_of("rbp", 2), 1e-2);
    settling_is_that_of_the_clock(&plan, ensemble_of("srbp", 3), 1e-2);
}

static void the_referee_settles_when_the_clock_says(void **state)
{
    (void)state;
    const struct sweep_plan plan = of_referee();
    settling_is_that_of_the_clock(&plan, ensemble_of("rbp", 2), 1e-2);
    settling_is_that_of_the_clock(&plan, ensemble_of("srbp", 3), 1e-2);
}

/* Time stands nearly still between roots that have just vanished, and an error off the leaf of
 * 1e-7 changes it by days: no time may be off by more than stated. */
static void nobody_is_late_without_saying_so(void **state)
{
    (void)state;
    struct ensemble *e = malloc(sizeof *e);
    assert_non_null(e);
    for (int by_referee = 0; by_referee < 2; by_referee++) {
        const struct sweep_plan plan = by_referee ? of_referee() : observing();
        *e = *ensemble_of("rbp", 2);
        e->beside = true;
        run(e, &plan, STARTS);
        struct flow *flow = flow_of(&e->problem);
        size_t known = 0, slow = 0;
        double worst = 0;
        for (size_t k = 0; k < STARTS; k++) {
            const struct sweep_result *result = &e->result[k];
            assert_int_equal(isnan(result->settling), isnan(result->settling_error));
            if (isnan(result->settling))
                continue;
            const double t = exact_settling(e, flow, k), off = fabs(result->settling - t);
            if (!(off <= result->settling_error + 1e-11 * t))
                fail_msg("start %zu (%.17g, %.17g): %.12g, exactly %.12g, stated error %g", k,
                         e->x0[k][0], e->x0[k][1], result->settling, t, result->settling_error);
            worst = fmax(worst, off / result->settling_error);
            known += result->settling_error < 0.1 * t;
            slow += t > 300;
        }
        print_message("%s: %zu of %d known to a tenth, %zu above 300, worst %.2g of its error\n",
                      by_referee ? "referee" : "lanes", known, STARTS, slow, worst);
        assert_true(known > STARTS / 2 && slow > STARTS / 4);
        flow_free(flow);
    }
    free(e);
}

/* ---- lengths ---- */

/* Of the parabola a2 = K + a1^2/2, from 0. */
static double parabola(double a1)
{
    return (a1 * sqrt(1 + a1 * a1) + asinh(a1)) / 2;
}

static void lengths_are_arcs_of_the_leaf(void **state)
{
    (void)state;
    for (int by_referee = 0; by_referee < 2; by_referee++) {
        struct ensemble *e = malloc(sizeof *e);
        const struct sweep_plan plan = by_referee ? of_referee() : observing();
        assert_non_null(e);
        *e = *ensemble_of("rbp", 2);
        run(e, &plan, STARTS);
        double worst = 0;
        for (size_t k = 0; k < STARTS; k++) {
            const double arc = fabs(parabola(e->limit[k][0]) - parabola(e->x0[k][0]));
            const double off = fabs(e->result[k].path - arc);
            assert_int_equal(e->result[k].ending, ENDING_SETTLED);
            if (!(off <= e->result[k].path_error + 1e-14 * arc))
                fail_msg("start %zu: %.14g, exactly %.14g, stated error %g", k, e->result[k].path,
                         arc, e->result[k].path_error);
            worst = fmax(worst, off / (1 + arc));
        }
        print_message("%s: worst %.1e\n", by_referee ? "referee" : "lanes", worst);
        assert_true(worst < 1e-7);
        free(e);
    }
}

/* ---- bits, and what has no number ---- */

static void numbers_do_not_depend_on_who_made_them(void **state)
{
    (void)state;
    enum { COUNT_OF = 200 };
    struct ensemble *one = malloc(sizeof *one), *other = malloc(sizeof *other);
    assert_true(one && other);
    *one = *other = *ensemble_of("srbp", 3);
    struct sweep_plan plan = observing();
    run(one, &plan, COUNT_OF);
    plan.lanes = 3;
    plan.threads = 2;
    plan.batch = 37;
    run(other, &plan, COUNT_OF);
    for (size_t k = 0; k < COUNT_OF; k++)
        assert_memory_equal(&one->result[k].settling, &other->result[k].settling,
                            4 * sizeof(double));
    free(one);
    free(other);
}

static void what_rests_has_settled(void **state)
{
    (void)state;
    struct ensemble *e = malloc(sizeof *e);
    const struct sweep_plan plan = observing();
    assert_non_null(e);
    *e = *ensemble_of("rbp", 2);
    e->at_rest = true;
    e->low = 0.5;
    run(e, &plan, STARTS);
    for (size_t k = 0; k < STARTS; k++) {
        assert_true(e->result[k].settling == 0);
        assert_true(e->result[k].path <= 1e-14);
    }
    free(e);
}

static void what_does_not_settle_has_no_numbers(void **state)
{
    (void)state;
    struct ensemble *e = malloc(sizeof *e);
    struct sweep_plan plan = observing();
    assert_non_null(e);
    *e = *ensemble_of("rbp", 2);
    plan.referee.horizon = 1e-3;
    run(e, &plan, STARTS);
    size_t open = 0;
    for (size_t k = 0; k < STARTS; k++)
        if (e->result[k].ending == ENDING_HORIZON) {
            assert_true(isnan(e->result[k].settling) && isnan(e->result[k].path));
            open++;
        }
    assert_true(open > STARTS / 2);
    plan = sweep_plan_defaults(); /* nor does anything, unless it is asked for */
    run(e, &plan, STARTS);
    for (size_t k = 0; k < STARTS; k++)
        assert_true(isnan(e->result[k].settling) && isnan(e->result[k].path_error));
    free(e);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(lanes_settle_when_the_clock_says),
        cmocka_unit_test(the_referee_settles_when_the_clock_says),
        cmocka_unit_test(nobody_is_late_without_saying_so),
        cmocka_unit_test(lengths_are_arcs_of_the_leaf),
        cmocka_unit_test(numbers_do_not_depend_on_who_made_them),
        cmocka_unit_test(what_rests_has_settled),
        cmocka_unit_test(what_does_not_settle_has_no_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
