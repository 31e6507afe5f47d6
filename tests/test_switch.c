/* Right-hand sides that jump, with crossings known in closed form, for both integrators.
 *
 * A jump inside a step costs an integrator its order, and what it reports as an error is then
 * none.  So each crossing must be found, the step must end there, and the far side must begin with
 * the new field: limits and times are compared with closed forms. */
#include "linear/network.h"
#include "ode/switch.h"
#include "tests/chains.h"
#include "tests/model_flows.h"

#include <float.h>

/* A piecewise model: f on the piece that the sides name. */
struct pieces {
    void (*at)(const signed char *side, const double *x, double *f, double *J);
    void (*g)(const double *x, double *g);
    size_t dim, switches;
    signed char side[2];
};

static enum status pieces_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    const struct pieces *p = flow->data;
    double J[MODEL_MOST * MODEL_MOST] = {0};
    assert_int_equal(n, 1);
    p->at(flow->side, x, dx, J);
    return OK;
}

static enum status pieces_jacobian(const struct flow *flow, const double *x, double *J)
{
    const struct pieces *p = flow->data;
    double f[MODEL_MOST];
    memset(J, 0, flow->dim * flow->dim * sizeof *J);
    p->at(flow->side, x, f, J);
    return OK;
}

static void pieces_switching(const struct flow *flow, const double *x, double *g)
{
    const struct pieces *p = flow->data;
    p->g(x, g);
}

static struct flow pieces_flow(struct pieces *p)
{
    return (struct flow){.dim = p->dim,
                         .title = "pieces",
                         .names = model_names,
                         .field = pieces_field,
                         .jacobian = pieces_jacobian,
                         .switches = p->switches,
                         .switching = pieces_switching,
                         .side = p->side,
                         .data = p};
}

static void first(const double *x, double *g)
{
    g[0] = x[0];
}

static void second(const double *x, double *g)
{
    g[0] = x[1];
}

static void both(const double *x, double *g)
{
    g[0] = x[0];
    g[1] = x[1];
}

static const enum method methods[] = {METHOD_BDF, METHOD_ADAMS, METHOD_RK8PD};

/* ---- crossings ------------------------------------------------------------------------------- */

/* x' = y, y' = -sgn x: arcs of parabolas; |x| + y^2/2 is conserved, the period of (1, 0) 4 sqrt
 * 2 */
static void parabolas(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = x[1];
    f[1] = -side[0];
    J[1] = 1;
}

static double parabola_energy(const struct flow *flow, size_t claim, const double *x)
{
    (void)claim;
    return flow->side[0] * x[0] + x[1] * x[1] / 2;
}

static void parabola_gradient(const struct flow *flow, size_t claim, const double *x, double *g)
{
    (void)claim;
    g[0] = flow->side[0];
    g[1] = x[1];
}

static const struct claim energy = {.kind = CLAIM_CONSERVED, .name = "|x| + y^2/2", .label = "E16"};

static struct flow parabola_flow(struct pieces *p)
{
    *p = (struct pieces){.at = parabolas, .g = first, .dim = 2, .switches = 1};
    struct flow flow = pieces_flow(p);
    flow.claims = flow.conserved = 1;
    flow.claim = &energy;
    flow.observe = parabola_energy;
    flow.gradient = parabola_gradient;
    return flow;
}

static void crossings_are_on_time(void **state)
{
    (void)state;
    enum { PERIODS = 25 };
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces p;
        const struct flow flow = parabola_flow(&p);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        plan.no_endings = true;
        plan.horizon = PERIODS * 4 * sqrt(2);
        const double start[2] = {1, 0};
        struct outcome *outcome = outcome_of(&flow, &plan, start);
        const double off = matrix_distance(2, outcome->last, start);
        print_message("# %s: %zu crossings, off by %.2g after %d periods, energy by %.2g\n",
                      method_name(methods[m]), outcome->crossings, off, PERIODS, outcome->drift[0]);
        assert_int_equal(outcome->crossings, 2 * PERIODS);
        assert_true(off <= 1e-6); /* without location of the crossings: 1e-2 */
        assert_true(outcome->drift[0] <= 1e-8);
        outcome_free(outcome);
    }
}

static void periods_are_found_across_switches(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces p;
        const struct flow flow = parabola_flow(&p);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){1, 0});
        assert_ending(outcome, ENDING_CYCLING, "parabolas, %s", method_name(methods[m]));
        assert_true(fabs(outcome->period - 4 * sqrt(2)) <= 1e-7);
        outcome_free(outcome);
    }
}

/* x' = y' = 1, z' = sgn x + 2 sgn y: both cross at t = 1. */
static void together(const signed char *side, const double *x, double *f, double *J)
{
    (void)x, (void)J;
    f[0] = f[1] = 1;
    f[2] = side[0] + 2 * side[1];
}

static void crossings_at_once_are_two(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces p = {.at = together, .g = both, .dim = 3, .switches = 2};
        const struct flow flow = pieces_flow(&p);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        plan.no_endings = true;
        plan.horizon = 3;
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){-1, -1, 0});
        assert_int_equal(outcome->crossings, 2);
        if (!(fabs(outcome->last[2] - 3) <= 1e-9)) /* -3 + 6 */
            fail_msg("%s: z = %.12g", method_name(methods[m]), outcome->last[2]);
        outcome_free(outcome);
    }
}

/* ---- where it ends --------------------------------------------------------------------------- */

/* x' = -x + sgn(y)/2, y' = 1 - y: crosses at t = log 2, ends at (1/2, 1) */
static void settling(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = -x[0] + side[0] / 2.0;
    f[1] = 1 - x[1];
    J[0] = J[3] = -1;
}

static void runs_settle_on_the_last_piece(void **state)
{
    (void)state;
    const double starts[][2] = {{0, -1}, {0.3, 0}, {2.385, 0.4}}; /* the second on the switch */
    const double limit[2] = {0.5, 1};
    for (size_t m = 0; m < COUNT(methods); m++)
        for (size_t k = 0; k < COUNT(starts); k++) {
            struct pieces p = {.at = settling, .g = second, .dim = 2, .switches = 1};
            const struct flow flow = pieces_flow(&p);
            struct plan plan = plan_defaults();
            plan.method = methods[m];
            struct outcome *outcome = outcome_of(&flow, &plan, starts[k]);
            assert_ending(outcome, ENDING_SETTLED, "start %zu, %s", k, method_name(methods[m]));
            assert_int_equal(outcome->crossings, k == 0);
            assert_true(matrix_largest_difference(2, outcome->limit, limit) <= 1e-14);
            outcome_free(outcome);
        }
}

/* x' = 1 - x below the switch, 2 - x above it, which is 1e-7 before the zero of the lower piece:
 * the root that polishing finds from below is none. */
static const double VIRTUAL = 1e-7;

static void virtual_root(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = (side[0] < 0 ? 1 : 2) - x[0];
    J[0] = -1;
}

static void before_one(const double *x, double *g)
{
    g[0] = x[0] - (1 - VIRTUAL);
}

static void roots_beyond_a_switch_are_none(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces p = {.at = virtual_root, .g = before_one, .dim = 1, .switches = 1};
        const struct flow flow = pieces_flow(&p);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){0});
        assert_ending(outcome, ENDING_SETTLED, "virtual root, %s", method_name(methods[m]));
        assert_true(fabs(outcome->limit[0] - 2) <= 1e-14);
        outcome_free(outcome);
    }
}

/* x' = 0.3 - sgn x, y' = 1: slides on x = 0, reached at t = x0/0.7 */
static void sliding(const signed char *side, const double *x, double *f, double *J)
{
    (void)x, (void)J;
    f[0] = 0.3 - side[0];
    f[1] = 1;
}

/* x' = sgn x, y' = 1: two solutions leave x = 0 */
static void leaving(const signed char *side, const double *x, double *f, double *J)
{
    (void)x, (void)J;
    f[0] = side[0];
    f[1] = 1;
}

static void filippov_points_are_reported(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces slides = {.at = sliding, .g = first, .dim = 2, .switches = 1};
        struct pieces leaves = {.at = leaving, .g = first, .dim = 2, .switches = 1};
        struct flow flow = pieces_flow(&slides);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){1, 0});
        assert_ending(outcome, ENDING_HORIZON, "sliding, %s", method_name(methods[m]));
        assert_non_null(strstr(outcome->reason, "Filippov"));
        assert_true(fabs(outcome->t - 1 / 0.7) <= 1e-9);
        assert_true(fabs(outcome->last[0]) <= 1e-9);
        assert_int_equal(outcome->crossings, 0);
        outcome_free(outcome);
        flow = pieces_flow(&leaves);
        outcome = outcome_of(&flow, &plan, (const double[]){0, 0});
        assert_ending(outcome, ENDING_HORIZON, "not unique, %s", method_name(methods[m]));
        assert_non_null(strstr(outcome->reason, "Filippov"));
        assert_true(outcome->t == 0);
        outcome_free(outcome);
    }
}

/* ---- sign symmetry --------------------------------------------------------------------------- */

/* A weight changes its sign at t = 0.0096; the claims hold |weight|, and an integrator looks at
 * them on both sides of the switch before it turns back to it. */
static void claims_are_smooth_across_a_sign_change(void **state)
{
    (void)state;
    static const double AGREES = 1e-8; /* of limits: a hundred tolerances */
    const double start[] = {-0.6660662158935147, -0.5184437663790289, -0.3794367084692688,
                            -0.02092320460423764};
    struct problem problem = problem_defaults(&system_deep, registry_rule("sign-symmetry"));
    problem.size_count = 3;
    problem.sizes[0] = problem.sizes[2] = 1;
    problem.sizes[1] = 2;
    problem.sigma_ii = (struct entries){.count = 1, .near = {2.358036611688272}};
    problem.sigma_ti = (struct entries){.count = 1, .near = {-3.7200685052604636}};
    double limit[COUNT(methods)][4];
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct trial trial = trial_run(&problem, &plan, start);
        assert_ending(trial.outcome, ENDING_SETTLED, "sign symmetry, %s", method_name(methods[m]));
        assert_int_equal(trial.outcome->crossings, 1);
        for (size_t k = 0; k < trial.flow->conserved; k++)
            assert_true(trial.outcome->drift[k] <= 1e-9); /* at fabs in the claim: 1e-4 */
        memcpy(limit[m], trial.outcome->limit, sizeof limit[m]);
        assert_true(matrix_largest_difference(4, limit[m], limit[0]) <= AGREES);
        trial_free(&trial);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crossings_are_on_time),
        cmocka_unit_test(periods_are_found_across_switches),
        cmocka_unit_test(crossings_at_once_are_two),
        cmocka_unit_test(runs_settle_on_the_last_piece),
        cmocka_unit_test(roots_beyond_a_switch_are_none),
        cmocka_unit_test(filippov_points_are_reported),
        cmocka_unit_test(claims_are_smooth_across_a_sign_change),
    };
    return cmocka_run_group_tests_name("switch", tests, NULL, NULL);
}
