/* Leaves with dependent claims: ranks, least corrections, and runs that must keep them.
 *
 * The balances of A[1,N,1] are N(N+1)/2 claims of rank 2N - 1; at the origin the rank is 0, and
 * near it gradients are small.  Small weights pass one plateau after the other: a run that settles
 * has to do so at the minimum. */
#include "linear/fan.h"
#include "linear/matrix.h"
#include "ode/leaf.h"
#include "tests/chains.h"
#include "tests/deep_flows.h"

enum { UNITS_MOST = 6 };

static void fill_gradients(const struct flow *flow, const double *x, double *gradient)
{
    for (size_t k = 0; k < flow->conserved; k++)
        flow->gradient(flow, k, x, gradient + k * flow->dim);
}

static void ranks_are_those_of_the_algebra(void **state)
{
    (void)state;
    static double gradient[DEEP_CLAIMS * FLOW_DENSE_MOST];
    for (size_t N = 1; N <= UNITS_MOST; N++) {
        const struct deep deep = deep_network(DEEP_BP, 2, (const size_t[]){1, N, 1});
        const struct flow flow = deep_flow(&deep);
        struct leaf *leaf = leaf_create(&flow);
        double x[2 * UNITS_MOST], zero[2 * UNITS_MOST] = {0};
        for (size_t j = 0; j < flow.dim; j++)
            x[j] = 0.4 + sin(2.385 * (double)(j + 1));
        leaf_set(leaf, x);
        assert_int_equal(leaf->generic, 2 * N - 1);
        assert_true(leaf->redundant == (N > 2));
        fill_gradients(&flow, x, gradient);
        leaf_factor(leaf, gradient);
        assert_int_equal(leaf->rank, 2 * N - 1);
        fill_gradients(&flow, zero, gradient);
        leaf_factor(leaf, gradient);
        assert_int_equal(leaf->rank, 0);
        leaf_free(leaf);
    }
}

/* Row k of the inverse moves claim pick[k] by one and the others not; it lies in the row space. */
static void inverses_move_one_claim(void **state)
{
    (void)state;
    static double gradient[DEEP_CLAIMS * FLOW_DENSE_MOST];
    const struct deep deep = deep_network(DEEP_BP, 2, (const size_t[]){2, 4, 1});
    const struct flow flow = deep_flow(&deep);
    struct leaf *leaf = leaf_create(&flow);
    double x[FLOW_DENSE_MOST];
    for (size_t j = 0; j < flow.dim; j++)
        x[j] = 2.385 * cos(1.7 * (double)(j + 1));
    leaf_set(leaf, x);
    fill_gradients(&flow, x, gradient);
    leaf_factor(leaf, gradient);
    assert_true(leaf->rank > 0 && leaf->rank < flow.conserved);
    for (size_t k = 0; k < leaf->rank; k++)
        for (size_t l = 0; l < leaf->rank; l++) {
            double moved = 0;
            for (size_t j = 0; j < flow.dim; j++)
                moved += gradient[leaf->pick[l] * flow.dim + j] * leaf->inverse[k * flow.dim + j];
            assert_true(fabs(moved - (k == l)) <= 1e-13);
        }
    leaf_free(leaf);
}

/* Ten claims of rank seven: kept to rounding by the projection, and not without it. */
static void dependent_claims_are_kept(void **state)
{
    (void)state;
    const struct deep deep = deep_network(DEEP_BP, 2, (const size_t[]){1, 4, 1});
    const struct flow flow = deep_flow(&deep);
    const double start[8] = {0.3, -0.2, 0.7, 0.4, -0.5, 0.6, 0.1, 0.35};
    double worst[2] = {0};
    for (int free_integrals = 0; free_integrals < 2; free_integrals++) {
        struct plan plan = plan_defaults();
        plan.free_integrals = free_integrals;
        struct outcome *outcome = outcome_of(&flow, &plan, start);
        assert_ending(outcome, ENDING_SETTLED, "A[1,4,1]");
        assert_int_equal(outcome->neutral_integrals, 7);
        assert_int_equal(outcome->neutral_fixed, 0);
        assert_int_equal(outcome->neutral_unexplained, 0);
        for (size_t k = 0; k < flow.conserved; k++)
            worst[free_integrals] = fmax(worst[free_integrals], outcome->drift[k]);
        outcome_free(outcome);
    }
    print_message("# ten claims of rank seven: drift %.2g, free %.2g\n", worst[0], worst[1]);
    assert_true(worst[0] <= 1e-14);
    assert_true(worst[1] >= 1e-12);
}

/* |W - P| at the limit. */
static double error_at(const struct deep *p, const double *x)
{
    static deep_matrix Q, next;
    const size_t N0 = p->N[0], rows = p->N[p->L];
    memset(Q, 0, sizeof Q);
    for (size_t i = 0; i < N0; i++)
        Q[i * N0 + i] = 1;
    for (size_t l = 0; l < p->L; l++) {
        memset(next, 0, sizeof next);
        deep_add(p->N[l + 1], p->N[l], N0, 1, x + deep_offset(p, l), p->N[l], 1, Q, N0, 1, next);
        memcpy(Q, next, sizeof Q);
    }
    return matrix_distance(rows * N0, Q, p->W);
}

/* From 10^-k: past the origin and past the saddles where one mode of two is learnt. */
static void plateaus_are_never_settled_on(void **state)
{
    (void)state;
    enum { SMALLEST = 8, STEPS_MOST = 10000 };
    static const size_t sizes[][4] = {{2, 2, 2}, {2, 3, 2}, {1, 4, 1}, {2, 3, 1}, {2, 2, 2, 2}};
    static const enum method methods[] = {METHOD_BDF, METHOD_RK8PD};
    size_t trials = 0, settled = 0;
    for (size_t m = 0; m < COUNT(methods); m++)
        for (size_t s = 0; s < COUNT(sizes); s++)
            for (int k = 0; k <= SMALLEST; k++) {
                const size_t L = sizes[s][3] ? 3 : 2;
                struct stream stream = stream_at(2018, stream_key("plateaus"), s);
                struct deep deep = deep_network(DEEP_BP, L, sizes[s]);
                deep.W[0] = 2.385;
                double start[FLOW_DENSE_MOST];
                for (size_t j = 0; j < FLOW_DENSE_MOST; j++)
                    start[j] = pow(10, -k) * stream_normal(&stream);
                const struct flow flow = deep_flow(&deep);
                struct plan plan = plan_defaults();
                plan.method = methods[m];
                plan.steps_most = STEPS_MOST; /* the deepest plateaus stay undecided */
                struct outcome *outcome = outcome_of(&flow, &plan, start);
                if (outcome->ending == ENDING_SETTLED && !(error_at(&deep, outcome->limit) <= 1e-9))
                    fail_msg("FALSE SETTLED: network %zu from 1e-%d, %s: |E| = %g", s, k,
                             method_name(methods[m]), error_at(&deep, outcome->limit));
                if (outcome->ending != ENDING_SETTLED && outcome->ending != ENDING_HORIZON)
                    fail_msg("network %zu from 1e-%d, %s: %s (%s)", s, k, method_name(methods[m]),
                             ending_name(outcome->ending), outcome->reason);
                trials++;
                settled += outcome->ending == ENDING_SETTLED;
                outcome_free(outcome);
            }
    print_message("# %zu of %zu settle past their plateaus\n", settled, trials);
    assert_true(settled >= trials * 8 / 10);
}

/* C = -A1 for all times: on this leaf the gradients of A1 A1' - C C' have rank two, beside it
 * three. A correction in the third direction is rounding over the distance from the leaf.  To where
 * the explicit method, which corrects nothing, is at the same time. */
static void singular_leaves_are_followed(void **state)
{
    (void)state;
    static const double HORIZON = 2.385, AGREES = 1e-8; /* about a hundred tolerances */
    static const enum method methods[] = {METHOD_RK8PD, METHOD_ADAMS, METHOD_BDF};
    struct problem problem = problem_defaults(&system_fan, registry_rule("arbp"));
    problem.size_count = 3;
    problem.sizes[0] = problem.sizes[2] = 1;
    problem.sizes[1] = 2;
    const double start[6] = {0.4375, 1.0625, 0.09375, 0, -0.4375, -1.0625};
    double reached[COUNT(methods)][6];
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        plan.horizon = HORIZON;
        struct trial trial = trial_run(&problem, &plan, start);
        assert_ending(trial.outcome, ENDING_HORIZON, "singular leaf, %s", method_name(methods[m]));
        for (size_t k = 0; k < trial.flow->conserved; k++)
            assert_true(trial.outcome->drift[k] <= 1e-13); /* none, up to rounding */
        memcpy(reached[m], trial.outcome->last, sizeof reached[m]);
        assert_true(matrix_largest_difference(6, reached[m], reached[0]) <= AGREES);
        trial_free(&trial);
    }
}

/* a4 = 0 for ever, under c4 = 0; gradients become dependent as a3 grows, and a correction of the
 * others has no rounding to leave there. */
static void frozen_weights_stay_at_zero(void **state)
{
    (void)state;
    const double start[6] = {-0.9645880064599323, 1.354896612625396,   -0.4509815291210827, 0,
                             0.45798270240474975, -0.23086445379274495};
    struct problem problem = chain_with("srbp", 6,
                                        LIST(-1.2752192545019394, 0.9499635980405191,
                                             -2.4820211152696072, 0, 1.242269446430311, 1));
    problem.alpha = 0.5;
    problem.beta = 1.3926109918086964;
    const struct plan plan = plan_defaults();
    struct trial trial = trial_run(&problem, &plan, start);
    assert_ending(trial.outcome, ENDING_UNBOUNDED, "frozen weight");
    assert_true(trial.outcome->last[3] == 0);
    trial_free(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_are_those_of_the_algebra),
        cmocka_unit_test(inverses_move_one_claim),
        cmocka_unit_test(dependent_claims_are_kept),
        cmocka_unit_test(plateaus_are_never_settled_on),
        cmocka_unit_test(singular_leaves_are_followed),
        cmocka_unit_test(frozen_weights_stay_at_zero),
    };
    return cmocka_run_group_tests_name("leaf", tests, NULL, NULL);
}
