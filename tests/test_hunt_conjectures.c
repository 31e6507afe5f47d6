/* Conjectures: does each tell an instance that obeys it from one that does not, and do margins and
 * foresight lead from the first to the second?
 *
 * Cases are those of notes/equilibria.md, (B14)-(B16), notes/chains.md, (D2), and
 * notes/open-questions.md, (HU8), (HU9). */
#include "linear/registry.h"
#include "nonlinear/activation.h"
#include "nonlinear/system.h"
#include "proofs-check/hunt_foresight.h"
#include "proofs-check/sample.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct hunt_score score_of(const char *id, const struct instance *instance)
{
    struct hunt_claim made;
    enum hunt_kind kind;
    struct hunt_score score;
    const struct hunt_claim *claim = hunt_claim_named(id, &made, &kind);
    assert_non_null(claim);
    const struct hunt_question question = {.claim = claim, .theorem = hunt_claim_question(claim)};
    const struct plan plan = plan_defaults();
    assert_int_equal(hunt_score(&question, instance, &plan, &score), OK);
    assert_true(score.exists);
    return score;
}

/* ---- tanh neurons ---- */

struct data {
    size_t count;
    const double *inputs, *targets;
};
/* (B15): a supercritical Hopf point at c1 = -4.67159; (B14): a subcritical one at c1 = 0.98328. */
static const struct data supercritical = {3, (const double[]){-12, 0.928, -2.08},
                                          (const double[]){6.4, -4.2, 3.1}};
static const struct data subcritical = {3, (const double[]){0.61, 3.21, 3.91},
                                        (const double[]){-1.47, 0.86, -1.63}};

static struct instance saturating(const struct data *data, double c1, double a1, double a2)
{
    struct instance instance = {.dim = 2, .x0 = {a1, a2}};
    struct problem *p = &instance.problem;
    *p = problem_defaults(system_with_activation(&system_chain), &rule_rbp);
    p->depth = 2;
    p->c_count = 1;
    p->c[0] = c1;
    p->neuron_count = 1;
    p->neurons[0] = (struct neurons){.activation = &activation_tanh};
    p->inputs.count = p->targets.count = data->count;
    memcpy(p->inputs.near, data->inputs, data->count * sizeof(double));
    memcpy(p->targets.near, data->targets, data->count * sizeof(double));
    return instance;
}

static void test_cycles_of_tanh(void **state)
{
    (void)state;
    const struct instance still = saturating(&supercritical, -4.6, -0.92, 5.13);
    const struct instance cycling = saturating(&supercritical, -4.75, -0.92, 5.13);
    const struct instance below = saturating(&subcritical, 0.95, 0.304, -0.759);
    const struct hunt_score near = score_of("o3-no-stable-cycle", &still);
    const struct hunt_score wrong = score_of("o3-no-stable-cycle", &below);
    assert_int_equal(near.finding, FINDING_HOLDS);
    assert_int_equal(wrong.finding, FINDING_HOLDS);
    assert_true(near.margin > 0 && near.margin < 0.1); /* Re/|lambda| is a few percent there */
    assert_true(wrong.margin > 3 * near.margin);       /* nearer to its Hopf point, of a bad kind */
    assert_int_equal(score_of("o3-no-stable-cycle", &cycling).finding, FINDING_FAILS);
}

static double birth_at(const struct data *data, double c1, double a1, double a2)
{
    const struct instance instance = saturating(data, c1, a1, a2);
    struct flow *flow = NULL;
    assert_int_equal(problem_flow(&instance.problem, &flow), OK);
    const double value = hunt_margin_cycle.at(flow, instance.x0);
    flow_free(flow);
    return value;
}

/* Fixed points do not depend on c1. */
static void test_births_are_told_from_fixed_points(void **state)
{
    (void)state;
    const double good = birth_at(&supercritical, -4.69, -0.9114107555, 5.132030239);
    const double bad = birth_at(&subcritical, 0.99, 0.303618942742, -0.759198639486);
    const double far = birth_at(&subcritical, 0.1, 0.303618942742, -0.759198639486);
    assert_true(good >= 0 && good < 0.01);
    assert_true(bad > 0.1 && bad < 0.5 && far > bad);
}

/* What grows like t^(1/4), and like t where the learning rule leaves out the derivative. */
static void test_growth_laws(void **state)
{
    (void)state;
    static const double inputs[] = {1, 2}, targets[] = {0, 1};
    const struct data data = {COUNT(inputs), inputs, targets};
    struct instance instance = saturating(&data, 1, 0.5, 1);
    const struct hunt_score quarter = score_of("o8-growth-laws", &instance);
    assert_int_equal(quarter.finding, FINDING_HOLDS);
    assert_int_equal(quarter.ending, ENDING_UNBOUNDED);
    assert_true(quarter.deviation < 1e-4);
    /* (HU8): a2^4 ~ (8/3) rho^3 (tau - rho kappa) t, with 0.4, 4 and 8.5; 1/log t of it at 1e4 */
    assert_true(fabs(pow(quarter.limit[1], 4) / (0.1024 * quarter.t) - 1) < 0.05);
    instance.problem.no_derivative = true;
    const struct hunt_score linear = score_of("o8-growth-laws", &instance);
    assert_int_equal(linear.ending, ENDING_UNBOUNDED);
    assert_int_equal(linear.finding, FINDING_FAILS);
}

/* ---- explicit steps ---- */

/* alpha = beta = c1 = 1: K* = -3/2, and (HU9) gives 0.3125 eta from a1 = -2, eta = 1/75: 0.0042. */
static void test_steps_drift(void **state)
{
    (void)state;
    static const struct {
        double above; /* K - K* */
        enum finding same, far;
    } cases[] = {{0.02, FINDING_HOLDS, FINDING_HOLDS},
                 {0.0055, FINDING_HOLDS, FINDING_HOLDS},
                 {0.0035, FINDING_FAILS, FINDING_HOLDS},
                 {-0.001, FINDING_HOLDS, FINDING_HOLDS}};
    double before = 1;
    for (size_t k = 0; k < COUNT(cases); k++) {
        const double c[] = {1, 1}, x0[] = {-2, 0.5 + cases[k].above};
        const struct instance instance = sample_chain(&rule_rbp, 2, c, x0);
        const struct hunt_score same = score_of("o11-same-branch", &instance);
        assert_int_equal(same.finding, cases[k].same);
        assert_int_equal(score_of("o11-stay-far", &instance).finding, cases[k].far);
        assert_true(same.margin < before); /* on the way to the violation it falls */
        before = same.margin > 0 ? same.margin : 1;
    }
}

/* ---- foresight ---- */

/* Ten layers with decay have cycles, (D2); from random places foresight comes to one. */
static void test_foresight_finds_a_cycle(void **state)
{
    (void)state;
    struct hunt_claim made;
    enum hunt_kind kind;
    const struct hunt_claim *claim = hunt_claim_named("o5-ten-layers", &made, &kind);
    struct hunt_points *points = NULL;
    bool found = false, exists;
    struct hunt_point point;
    assert_int_equal(hunt_points_create(&claim->space, HUNT_NONE_DROPPED, 1, &points), OK);
    for (int k = 0; k < 8 && !found; k++) {
        assert_int_equal(hunt_points_sweep(points, &point, &exists), OK);
        const struct hunt_point before = point;
        assert_int_equal(hunt_foresee(claim->margin, &point, &found), OK);
        if (!found)
            assert_memory_equal(before.value, point.value, point.count * sizeof *point.value);
    }
    hunt_points_free(points);
    assert_true(found);
    struct instance instance;
    assert_int_equal(hunt_space_instance(&point.place, point.value, &instance), OK);
    assert_true(hunt_space_meets(&point.place, &instance));
    const struct hunt_score score = score_of("o5-ten-layers", &instance);
    assert_int_equal(score.finding, FINDING_FAILS);
    assert_int_equal(score.ending, ENDING_CYCLING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cycles_of_tanh),
        cmocka_unit_test(test_births_are_told_from_fixed_points),
        cmocka_unit_test(test_growth_laws),
        cmocka_unit_test(test_steps_drift),
        cmocka_unit_test(test_foresight_finds_a_cycle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
