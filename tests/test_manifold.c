/* Manifolds of fixed points within a leaf: found where they are, with their phase; not found where
 * they are not.
 *
 * Models with a known asymptotic phase, hidden layers with known limits and rates, and controls:
 * degenerate isolated roots of every order, crossing lines, a nilpotent linearisation, saddles that
 * are passed. */
#include "tests/chains.h"
#include "tests/deep_flows.h"
#include "tests/model_flows.h"

static const enum method methods[] = {METHOD_BDF, METHOD_ADAMS, METHOD_RK8PD};

static struct outcome *end_of(const struct flow *flow, enum method method, const double *start)
{
    struct plan plan = plan_defaults();
    plan.method = method;
    return outcome_of(flow, &plan, start);
}

static struct outcome *end_of_model(const struct model *model, enum method method,
                                    const double *start)
{
    const struct flow flow = model_flow(model);
    return end_of(&flow, method, start);
}

/* ---- the phase ------------------------------------------------------------------------------- */

/* v = y - x^2, v' = -v, x' = -3 v (1 + v): x tends to x - 3 v - 3 v^2/2, y to its square. */
static void oblique(const double *x, double *f, double *J)
{
    const double v = x[1] - x[0] * x[0], s = -3 * v * (1 + v), ds = -3 * (1 + 2 * v);
    const double dv[2] = {-2 * x[0], 1};
    f[0] = s;
    f[1] = -v + 2 * x[0] * s;
    for (int j = 0; j < 2; j++) {
        J[j] = ds * dv[j];
        J[2 + j] = -dv[j] + 2 * x[0] * ds * dv[j] + (j == 0 ? 2 * s : 0);
    }
}

static void limits_are_phases(void **state)
{
    (void)state;
    const struct model model = {2, oblique};
    const double starts[][2] = {{0.3, 0.5}, {-1.2, 2.385}, {1, 0.2}, {0.1, -0.7}};
    double worst = 0;
    for (size_t m = 0; m < COUNT(methods); m++)
        for (size_t k = 0; k < COUNT(starts); k++) {
            struct outcome *outcome = end_of_model(&model, methods[m], starts[k]);
            const double v = starts[k][1] - starts[k][0] * starts[k][0];
            const double x = starts[k][0] - 3 * v - 1.5 * v * v, limit[2] = {x, x * x};
            assert_ending(outcome, ENDING_SETTLED, "oblique %zu, %s", k, method_name(methods[m]));
            assert_int_equal(outcome->transverse_count, 1);
            assert_true(fabs(outcome->transverse_rate + 1) <= 1e-9);
            assert_int_equal(outcome->neutral_integrals, 0);
            assert_int_equal(outcome->neutral_fixed, 1);
            assert_int_equal(outcome->neutral_unexplained, 0);
            /* local errors of 1e-10 along the manifold stay and add up; CVODE's have one sign */
            const double allowed = methods[m] == METHOD_RK8PD ? 5e-9 : 2e-7;
            const double off =
                matrix_distance(2, outcome->limit, limit) / (1 + matrix_norm(2, limit));
            worst = fmax(worst, off);
            if (!(off <= allowed))
                fail_msg("oblique %zu, %s: off by %g", k, method_name(methods[m]), off);
            assert_true(matrix_distance(2, outcome->last, limit) <=
                        outcome->distance_bound + allowed * (1 + matrix_norm(2, limit)));
            outcome_free(outcome);
        }
    print_message("# phases: off by at most %.2g\n", worst);
}

/* The nearest fixed point is another one: at |v| = 1e-6 they are 3e-6 apart, so the limit would be
 * wrong in the sixth digit.  At a tolerance of 1e-13 what is left is the error of the phase. */
static void phases_are_good_to_ten_digits(void **state)
{
    (void)state;
    const struct model model = {2, oblique};
    const struct flow flow = model_flow(&model);
    struct plan plan = plan_defaults();
    plan.method = METHOD_RK8PD;
    plan.rtol = 1e-13;
    plan.atol = 1e-15;
    struct outcome *outcome = outcome_of(&flow, &plan, (double[]){0.3, 0.5});
    const double v = 0.5 - 0.09, x = 0.3 - 3 * v - 1.5 * v * v;
    assert_ending(outcome, ENDING_SETTLED, "oblique");
    assert_true(fabs(outcome->limit[0] - x) <= 1e-10 * (1 + fabs(x)));
    assert_true(fabs(outcome->last[0] - x) >= 1e-8); /* the control: the state is not yet there */
    outcome_free(outcome);
}

/* ---- hidden layers --------------------------------------------------------------------------- */

static const double R1_START[8] = {0.5, -0.2, 0.1, 0.3, 0.1, 0.4, -0.3, 0.2};
/* 17 digits, certified: settle prove hidden --sizes 2,2,2 --init ... --digits 22 */
static const double R1_LIMIT[8] = {1.1731911396310654,   -0.46073260870872206, 0.37985043531268339,
                                   1.0847145719132890,   0.74932599341819123,  0.31827628083935797,
                                   -0.26240249016748900, 0.81044602786413249};

static void hidden_layers_settle_at_their_limit(void **state)
{
    (void)state;
    const struct deep deep = deep_network(DEEP_RBP, 2, (const size_t[]){2, 2, 2});
    const struct flow flow = deep_flow(&deep);
    /* -(s_i^2 + mu_j), spectrum of A_1 A_1' and C_1 A_2 at the limit */
    const double rates[4] = {-2.090250650834936, -2.090250650834936, -2.379065413012609,
                             -2.379065413012609};
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct outcome *outcome = end_of(&flow, methods[m], R1_START);
        assert_ending(outcome, ENDING_SETTLED, "A[2,2,2], %s", method_name(methods[m]));
        assert_int_equal(outcome->transverse_count, 4);
        assert_int_equal(outcome->neutral_integrals, 3);
        assert_int_equal(outcome->neutral_fixed, 1);
        assert_int_equal(outcome->neutral_unexplained, 0);
        assert_true(matrix_largest_difference(4, outcome->spectrum, rates) <= 1e-9);
        const double off = matrix_largest_difference(8, outcome->limit, R1_LIMIT);
        print_message("# A[2,2,2], %s: limit off by %.2g\n", method_name(methods[m]), off);
        assert_true(off <= 2e-10); /* 340 local errors of 1e-10, mostly contracted */
        outcome_free(outcome);
    }
}

/* Random networks of three units: N1(N1-1)/2 neutral directions, none unexplained, E = 0. */
static void random_networks_settle(void **state)
{
    (void)state;
    enum { TRIALS = 40 };
    static const size_t sizes[][3] = {{2, 2, 2}, {3, 3, 3}, {3, 2, 2}, {2, 3, 2}, {4, 3, 3}};
    size_t settled = 0, trials = 0;
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(2018, stream_key("hidden layers"), i);
        const size_t *N = sizes[i % COUNT(sizes)];
        struct deep deep = deep_network(i % 2 ? DEEP_RBP : DEEP_BP, 2, N);
        double start[FLOW_DENSE_MOST];
        for (size_t k = 0; k < DEEP_SIDE; k++)
            deep.W[k] += 0.3 * stream_normal(&stream);
        for (size_t k = 0; k < FLOW_DENSE_MOST; k++)
            start[k] = 0.6 * stream_normal(&stream);
        const struct flow flow = deep_flow(&deep);
        struct outcome *outcome = end_of(&flow, METHOD_BDF, start);
        trials++;
        settled += outcome->ending == ENDING_SETTLED;
        if (outcome->ending == ENDING_SETTLED) {
            double f[FLOW_DENSE_MOST];
            deep_apply(&deep, outcome->limit, NULL, f);
            assert_true(matrix_norm(flow.dim, f) <= outcome->residual_floor);
            assert_int_equal(outcome->neutral_unexplained, 0);
            assert_int_equal(outcome->transverse_count + outcome->neutral_fixed +
                                 outcome->neutral_integrals,
                             flow.dim);
        } else if (outcome->ending != ENDING_HORIZON) {
            fail_msg("network %d: %s (%s)", (int)i, ending_name(outcome->ending), outcome->reason);
        }
        outcome_free(outcome);
    }
    print_message("# %zu of %zu random networks settle\n", settled, trials);
    assert_true(settled >= trials * 9 / 10);
}

/* A start at a minimum stays there; at (0, 0), a saddle of gradient descent, likewise. */
static void starts_on_manifolds_are_judged(void **state)
{
    (void)state;
    const struct deep rbp = deep_network(DEEP_RBP, 2, (const size_t[]){2, 2, 2});
    const struct deep bp = deep_network(DEEP_BP, 2, (const size_t[]){2, 2, 2});
    const struct flow hidden = deep_flow(&rbp), gradient = deep_flow(&bp);
    const double minimum[8] = {2, 0.5, 0, 1, 0.5, -0.25, 0, 1}, zero[8] = {0};
    struct outcome *outcome = end_of(&hidden, METHOD_BDF, minimum);
    assert_ending(outcome, ENDING_SETTLED, "a minimum of A[2,2,2]");
    assert_int_equal(outcome->neutral_fixed, 1);
    outcome_free(outcome);
    outcome = end_of(&gradient, METHOD_BDF, zero);
    assert_ending(outcome, ENDING_SADDLE, "the origin of gradient descent");
    outcome_free(outcome);
}

/* ---- controls: no manifold ------------------------------------------------------------------- */

#define POWER(name, k, sign)                                                                       \
    static void name(const double *x, double *f, double *J)                                        \
    {                                                                                              \
        f[0] = -x[0] + x[1] * x[1];                                                                \
        f[1] = (sign)*pow(x[1], k);                                                                \
        J[0] = -1;                                                                                 \
        J[1] = 2 * x[1];                                                                           \
        J[3] = (sign) * (k)*pow(x[1], (k)-1);                                                      \
    }
POWER(double_root, 2, -1)
POWER(triple_root, 3, -1)
POWER(repelling_cube, 3, 1)
POWER(fifth_root, 5, -1)
POWER(repelling_fifth, 5, 1)
POWER(seventh_root, 7, -1)

/* Fixed points on two lines that cross at the origin: x y = 0. */
static void crossing(const double *x, double *f, double *J)
{
    f[0] = -x[0] * x[1];
    f[1] = 0;
    f[2] = -x[2];
    J[0] = -x[1];
    J[1] = -x[0];
    J[8] = -1;
}

/* x' = y, y' = 0: every point of y = 0 is fixed and none attracts. */
static void shear(const double *x, double *f, double *J)
{
    f[0] = x[1];
    f[1] = 0;
    f[2] = -x[2];
    J[1] = 1;
    J[8] = -1;
}

static void degenerate_points_are_no_manifolds(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct model model;
        double start[3];
    } points[] = {
        {"double root", {2, double_root}, {0.3, 0.5, 0}},
        {"triple root", {2, triple_root}, {0.3, 0.5, 0}},
        {"repelling cube", {2, repelling_cube}, {0.3, 1e-7, 0}},
        {"fifth root", {2, fifth_root}, {0.3, 0.5, 0}},
        {"repelling fifth", {2, repelling_fifth}, {0.3, 1e-4, 0}},
        {"seventh root", {2, seventh_root}, {0.3, 0.5, 0}},
        {"crossing lines", {3, crossing}, {0, 0, 0.4}},
        {"shear at rest", {3, shear}, {0.2, 0, 0.4}},
    };
    for (size_t m = 0; m < COUNT(methods); m++)
        for (size_t k = 0; k < COUNT(points); k++) {
            struct outcome *outcome = end_of_model(&points[k].model, methods[m], points[k].start);
            if (outcome->ending == ENDING_SETTLED || outcome->ending == ENDING_SADDLE)
                fail_msg("%s, %s: %s (%s)", points[k].name, method_name(methods[m]),
                         ending_name(outcome->ending), outcome->reason);
            if (outcome->ending == ENDING_CREEPING || outcome->t == 0)
                if (outcome->neutral_unexplained < 1)
                    fail_msg("%s, %s: %s, all neutral directions explained (%s)", points[k].name,
                             method_name(methods[m]), ending_name(outcome->ending),
                             outcome->reason);
            outcome_free(outcome);
        }
}

/* ---- saddles that are passed ----------------------------------------------------------------- */

/* x' = -x, y' = y (1 - y^2), z' = 0 where z is neutral: a line of saddles at y = 0. */
static void saddles(const double *x, double *f, double *J)
{
    f[0] = -x[0];
    f[1] = x[1] * (1 - x[1] * x[1]);
    f[2] = 2 * x[0];
    J[0] = -1;
    J[4] = 1 - 3 * x[1] * x[1];
    J[6] = 2;
}

/* The same without the neutral direction: an isolated saddle on a leaf of two dimensions. */
static void saddle(const double *x, double *f, double *J)
{
    f[0] = -x[0];
    f[1] = x[1] * (1 - x[1] * x[1]);
    J[0] = -1;
    J[3] = 1 - 3 * x[1] * x[1];
}

static void passed_saddles_are_passed(void **state)
{
    (void)state;
    const struct model models[] = {{3, saddles}, {2, saddle}};
    enum { KNOWN = 8, CLOSEST = 15 };
    for (size_t m = 0; m < COUNT(methods); m++)
        for (size_t i = 0; i < COUNT(models); i++)
            for (int k = 1; k <= CLOSEST; k++) {
                /* the side is that of x[1], of which steps with atol = 1e-12 know a tenth to k =
                 * 8 */
                const double start[3] = {1, pow(10, -k), 0.5};
                struct outcome *outcome = end_of_model(&models[i], methods[m], start);
                if (k <= KNOWN || outcome->ending != ENDING_HORIZON) {
                    assert_ending(outcome, ENDING_SETTLED, "passes 1e-%d from a saddle, %s", k,
                                  method_name(methods[m]));
                    assert_true(fabs(outcome->limit[1] - 1) <= 1e-12);
                }
                outcome_free(outcome);
            }
}

static void saddles_that_are_reached_are_saddles(void **state)
{
    (void)state;
    const struct model models[] = {{3, saddles}, {2, saddle}};
    for (size_t m = 0; m < COUNT(methods); m++)
        for (size_t i = 0; i < COUNT(models); i++) {
            struct outcome *outcome =
                end_of_model(&models[i], methods[m], (const double[]){1, 0, 0.5});
            assert_ending(outcome, ENDING_SADDLE, "on the stable manifold, %s",
                          method_name(methods[m]));
            assert_true(fabs(outcome->transverse_rate - 1) <= 1e-9);
            assert_int_equal(outcome->neutral_fixed, models[i].dim - 2);
            if (models[i].dim == 3)
                assert_true(fabs(outcome->limit[2] - 2.5) <= 1e-8);
            outcome_free(outcome);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_are_phases),
        cmocka_unit_test(phases_are_good_to_ten_digits),
        cmocka_unit_test(hidden_layers_settle_at_their_limit),
        cmocka_unit_test(random_networks_settle),
        cmocka_unit_test(starts_on_manifolds_are_judged),
        cmocka_unit_test(degenerate_points_are_no_manifolds),
        cmocka_unit_test(passed_saddles_are_passed),
        cmocka_unit_test(saddles_that_are_reached_are_saddles),
    };
    return cmocka_run_group_tests_name("manifold", tests, NULL, NULL);
}
