/* Growth across fast relaxation: laws known by theory, and traps that grow as they do and then end.
 *
 * On y = h(x), which attracts at the rate x^2, x' = y is slow; whether it goes on for ever is in h.
 * `Unbounded` where it does not is the one forbidden word, by any method; undecided is allowed
 * there for explicit methods, whose steps shrink like x^-2. */
#include "linear/autoencoder.h"
#include "linear/channel_activation.h"
#include "linear/network.h"
#include "ode/escape_slow.h"
#include "ode/escape_stiff.h"
#include "tests/chains.h"
#include "tests/model_flows.h"

enum { METHODS = 3, STEPS_MOST = 20000 };

/* ---- laws ------------------------------------------------------------------------------------ */

static const double LAW_AGREES = 1e-3; /* of exponents, at the end of a way of 10^6 at least */

static void check_growth(const char *name, const struct problem *problem, const double *start,
                         double exponent)
{
    const struct plan plan = plan_defaults();
    struct trial trial = trial_run(problem, &plan, start);
    assert_ending(trial.outcome, ENDING_UNBOUNDED, "%s", name);
    if (!(fabs(trial.outcome->exponent / exponent - 1) <= LAW_AGREES))
        fail_msg("%s: exponent %.6g, not %g", name, trial.outcome->exponent, exponent);
    trial_free(&trial);
}

/* Linear layers above one unit that the channel cannot train: notes/networks.md, (M12). */
static void bottlenecks_of_skipped_channels_grow_like_t(void **state)
{
    (void)state;
    struct problem problem = problem_defaults(&system_deep, registry_rule("srbp"));
    problem.size_count = 4;
    memcpy(problem.sizes, (const size_t[]){2, 2, 1, 2}, 4 * sizeof *problem.sizes);
    problem.sigma_ti = (struct entries){.count = 4, .near = {2, 0, 0, 1}};
    memcpy(problem.c, (const double[]){1, .5, -.5, 1, .7, .3}, 6 * sizeof *problem.c);
    problem.c_count = 6;
    check_growth("bottleneck", &problem, (const double[]){.3, .1, -.1, .2, .4, -.2, .1, .3}, 1);
}

/* C W = 0 and K = 0: |B| ~ t^(1/2) exactly, but with K > 0 the layer A dies and with K < 0 it comes
 * to rest on a sphere, and |A|^2 ~ 1/t falls below what is known of K. */
static void borders_between_laws_are_undecided(void **state)
{
    (void)state;
    struct problem problem = problem_defaults(&system_autoencoder, registry_rule("rbp"));
    problem.size_count = 3;
    memcpy(problem.sizes, (const size_t[]){2, 1, 2}, 3 * sizeof *problem.sizes);
    problem.sigma_ti = (struct entries){.count = 4, .near = {0, 0, 1, 2}};
    memcpy(problem.c, (const double[]){1, 0}, 2 * sizeof *problem.c);
    problem.c_count = 2;
    const struct plan plan = plan_defaults();
    struct trial trial = trial_run(&problem, &plan, (const double[]){.6, .8, .5, .3});
    assert_ending(trial.outcome, ENDING_HORIZON, "autoencoder");
    assert_non_null(strstr(trial.outcome->reason, "errors"));
    trial_free(&trial);
}

/* Decay with the wrong sign: e ~ -1/a1^2, a1 ~ exp(t).  At a1 = 1e15 a Newton correction is below
 * the resolution of doubles and |J| times that resolution explains |f|, although nothing rests. */
static void negative_decay_grows(void **state)
{
    (void)state;
    const struct plan plan = plan_defaults();
    struct problem problem = chain_of("rbp", 2);
    for (int k = 1; k <= 4; k++) {
        problem.lambda = -k / 2.0;
        struct trial trial = trial_run(&problem, &plan, (const double[]){0.5, 0.5});
        assert_ending(trial.outcome, ENDING_UNBOUNDED, "lambda = %g", problem.lambda);
        trial_free(&trial);
    }
}

/* notes/channel-neurons.md, (Q5): (A), a1 ~ t, and (B), a2 ~ t^(1/2) */
static void noise_in_the_channel_grows_by_either_law(void **state)
{
    (void)state;
    struct problem problem = chain_of("rbp", 2);
    problem.channel_activation = channel_activation_named("tanh");
    problem.inputs = (struct entries){.count = 3, .near = {1, 2, -1}};
    problem.targets = (struct entries){.count = 3, .near = {1, 0.5, 1}};
    check_growth("noise, (A)", &problem, (const double[]){0.5, 0.5}, 1);
    problem.inputs = (struct entries){.count = 3, .near = {1, 1, 1}};
    problem.targets = (struct entries){.count = 3, .near = {0.2, 0.2, 3}};
    problem.c[0] = 3;
    problem.c_count = 1;
    check_growth("noise, (B)", &problem, (const double[]){0.5, 0.5}, 1.0 / 2);
    check_growth("noise, (A) backwards", &problem, (const double[]){-2, -0.5}, 1);
}

/* ---- traps ----------------------------------------------------------------------------------- */

/* x' = y, y' = x^2 (h(x) - y), with h and its slope by `way`. */
struct slow {
    double (*way)(double x, double far, double *slope);
    double far;
};

static enum status slow_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    const struct slow *slow = flow->data;
    for (size_t k = 0; k < n; k++) {
        double slope;
        dx[k] = x[n + k];
        dx[n + k] = x[k] * x[k] * (slow->way(x[k], slow->far, &slope) - x[n + k]);
    }
    return OK;
}

static enum status slow_jacobian(const struct flow *flow, const double *x, double *J)
{
    const struct slow *slow = flow->data;
    double slope;
    const double h = slow->way(x[0], slow->far, &slope);
    J[0] = 0;
    J[1] = 1;
    J[2] = 2 * x[0] * (h - x[1]) + x[0] * x[0] * slope;
    J[3] = -x[0] * x[0];
    return OK;
}

static struct flow slow_flow(const struct slow *slow)
{
    return (struct flow){.dim = 2,
                         .title = "slow way",
                         .names = model_names,
                         .field = slow_field,
                         .jacobian = slow_jacobian,
                         .data = slow};
}

/* x ~ t for ever */
static double steady(double x, double far, double *slope)
{
    (void)x, (void)far;
    *slope = 0;
    return 1;
}

/* x ~ t^(1/4) for ever */
static double slowing(double x, double far, double *slope)
{
    (void)far;
    *slope = -3 / (x * x * x * x);
    return 1 / (x * x * x);
}

/* to `far` exponentially */
static double saturating(double x, double far, double *slope)
{
    *slope = -1 / far;
    return 1 - x / far;
}

/* to `far` like 1/t: a double root */
static double semistable(double x, double far, double *slope)
{
    *slope = -2 / far * (1 - x / far);
    return (1 - x / far) * (1 - x / far);
}

/* x ~ t^(1/2) up to `far`, which is reached like t^(-1/6) */
static double degenerate(double x, double far, double *slope)
{
    const double u = 1 - x / far, cube = u * u * u;
    *slope = -(cube * cube * u) / (x * x) - 7 / far * cube * cube / x;
    return cube * cube * u / x;
}

/* a plateau of six decades, then to `far` */
static double plateau(double x, double far, double *slope)
{
    const double low = 1e-6, v = x - 10;
    *slope = 2 * v * (1 - x / far) - (low + v * v) / far;
    return (low + v * v) * (1 - x / far);
}

static const double FARS[] = {1e2, 1e4, 1e6, 1e9, 1e12, 1e18};

static struct outcome *follow_slow(const struct slow *slow, enum method method)
{
    const struct flow flow = slow_flow(slow);
    struct plan plan = plan_defaults();
    plan.method = method;
    plan.steps_most = STEPS_MOST;
    plan.horizon = 1e30;
    return outcome_of(&flow, &plan, (const double[]){1, 0.5});
}

static void ways_that_end_are_never_unbounded(void **state)
{
    (void)state;
    static double (*const ways[])(double, double, double *) = {saturating, semistable, degenerate,
                                                               plateau};
    size_t settled = 0;
    for (size_t w = 0; w < COUNT(ways); w++)
        for (size_t k = 0; k < COUNT(FARS); k++)
            for (int m = 0; m < METHODS; m++) {
                const struct slow slow = {ways[w], FARS[k]};
                struct outcome *outcome = follow_slow(&slow, m);
                if (outcome->ending == ENDING_UNBOUNDED || outcome->ending == ENDING_ESCAPED)
                    fail_msg("way %zu to %g, %s: FALSE %s", w, FARS[k], method_name(m),
                             ending_name(outcome->ending));
                if (outcome->ending == ENDING_SETTLED &&
                    !(fabs(outcome->limit[0] / FARS[k] - 1) <= 1e-6)) /* no rest before, (E30) */
                    fail_msg("way %zu to %g, %s: FALSE rest at %.10g", w, FARS[k], method_name(m),
                             outcome->limit[0]);
                settled += outcome->ending == ENDING_SETTLED;
                outcome_free(outcome);
            }
    print_message("# ways that end: %zu settled\n", settled);
    assert_true(settled > 0);
}

static void ways_that_go_on_are(void **state)
{
    (void)state;
    const struct {
        struct slow slow;
        double exponent;
    } cases[] = {{{steady, 0}, 1}, {{slowing, 0}, 1.0 / 4}};
    for (size_t k = 0; k < COUNT(cases); k++) {
        struct outcome *outcome = follow_slow(&cases[k].slow, METHOD_BDF);
        assert_ending(outcome, ENDING_UNBOUNDED, "way %zu", k);
        assert_true(fabs(outcome->exponent / cases[k].exponent - 1) <= LAW_AGREES);
        outcome_free(outcome);
    }
}

/* The confirmation alone, from every decade before and after the suspicion. */
static void no_start_confirms_what_ends(void **state)
{
    (void)state;
    static double (*const ways[])(double, double, double *) = {saturating, semistable, degenerate,
                                                               plateau};
    for (size_t w = 0; w < COUNT(ways); w++)
        for (size_t k = 0; k < COUNT(FARS); k++)
            for (int decade = 0; 20 * pow(10, decade) < FARS[k]; decade++) {
                double x = 20 * pow(10, decade);
                const struct slow slow = {ways[w], FARS[k]};
                const struct flow flow = slow_flow(&slow);
                double slope;
                const double at[2] = {x, slow.way(x, slow.far, &slope)};
                const struct escape_law unknown = {NAN, x};
                struct escape_patience patience = {.steps = SIZE_MAX};
                struct escape escape;
                assert_int_equal(escape_stiff_confirm(&flow, at, &unknown, &patience, &escape), OK);
                if (escape.verdict != ESCAPE_NEITHER)
                    fail_msg("way %zu to %g, from %g: FALSE growth, exponent %g", w, FARS[k], x,
                             escape.exponent);
            }
}

/* ---- patience ---- */

/* A user who stops what is followed after so many questions. */
struct user {
    size_t asked, most;
    double t;
};

static bool lose_patience(void *context, double t)
{
    struct user *user = context;
    user->t = t;
    return user->asked++ >= user->most;
}

enum { CONFIRMATIONS = 3 };

/* x' = x by the explicit method, which does not get through the others; x ~ t^(1/4) from x = 20 by
 * the implicit ones. */
static enum escape_verdict confirm_with(size_t which, struct escape_patience *patience)
{
    static const double x = 20, q[] = {0, 1};
    const struct problem line = polynomial_of(q, COUNT(q));
    const struct slow slow = {slowing, 0};
    const struct flow flow = slow_flow(&slow);
    struct flow *linear = flow_of(&line);
    double slope;
    const double at[2] = {x, slowing(x, 0, &slope)};
    const struct escape_law unknown = {NAN, x};
    struct escape escape;
    const enum status status = which == 0 ? escape_confirm(linear, at, patience, &escape)
                               : which == 1
                                   ? escape_stiff_confirm(&flow, at, &unknown, patience, &escape)
                                   : escape_slow_confirm(&flow, at, x, patience, &escape);
    assert_int_equal(status, OK);
    flow_free(linear);
    return escape.verdict;
}

/* One step less than is needed: nothing is known. */
static void growth_is_followed_for_so_many_steps(void **state)
{
    (void)state;
    for (size_t which = 1; which < CONFIRMATIONS; which++) {
        struct escape_patience patience = {.steps = SIZE_MAX};
        assert_int_equal(confirm_with(which, &patience), ESCAPE_GROWS);
        const size_t needed = SIZE_MAX - patience.steps;
        print_message("# %zu steps\n", needed);
        assert_true(needed > 10 && !patience.over);
        patience.steps = needed;
        assert_int_equal(confirm_with(which, &patience), ESCAPE_GROWS);
        patience.steps = needed - 1;
        assert_int_equal(confirm_with(which, &patience), ESCAPE_NEITHER);
        assert_true(patience.over && patience.steps == 0);
    }
}

static void growth_is_followed_until_the_user_stops_it(void **state)
{
    (void)state;
    for (size_t which = 0; which < CONFIRMATIONS; which++) {
        struct user user = {.most = SIZE_MAX};
        struct escape_patience patience = {
            .steps = SIZE_MAX, .stop = lose_patience, .context = &user, .t = 2.385};
        assert_int_equal(confirm_with(which, &patience), ESCAPE_GROWS);
        assert_true(user.asked > 10 && user.t == 2.385);
        user = (struct user){.most = user.asked / 2};
        patience.over = false;
        assert_int_equal(confirm_with(which, &patience), ESCAPE_NEITHER);
        assert_true(patience.over);
        assert_true(user.asked < user.most + 10); /* asked again at each new beginning at most */
    }
}

/* A user who stops a run when time stands still, since growth is followed, and asks no more. */
struct witness {
    size_t steps, standing;
    double t;
};

static bool sees_time_stand_still(void *context, double t)
{
    struct witness *witness = context;
    witness->standing = t > witness->t ? 0 : witness->standing + 1;
    witness->t = t;
    witness->steps++;
    return witness->standing > 10;
}

static void a_run_ends_where_growth_is_stopped(void **state)
{
    (void)state;
    const struct slow slow = {slowing, 0};
    const struct flow flow = slow_flow(&slow);
    struct witness witness = {.t = -1};
    struct plan plan = plan_defaults();
    plan.stop = sees_time_stand_still;
    plan.context = &witness;
    struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){1, 0.5});
    assert_ending(outcome, ENDING_HORIZON, "stopped");
    assert_non_null(strstr(outcome->reason, "stopped"));
    assert_true(witness.standing == 11 && witness.steps < outcome->steps + 20);
    outcome_free(outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bottlenecks_of_skipped_channels_grow_like_t),
        cmocka_unit_test(borders_between_laws_are_undecided),
        cmocka_unit_test(negative_decay_grows),
        cmocka_unit_test(noise_in_the_channel_grows_by_either_law),
        cmocka_unit_test(ways_that_end_are_never_unbounded),
        cmocka_unit_test(ways_that_go_on_are),
        cmocka_unit_test(no_start_confirms_what_ends),
        cmocka_unit_test(growth_is_followed_for_so_many_steps),
        cmocka_unit_test(growth_is_followed_until_the_user_stops_it),
        cmocka_unit_test(a_run_ends_where_growth_is_stopped),
    };
    return cmocka_run_group_tests_name("escape", tests, NULL, NULL);
}
