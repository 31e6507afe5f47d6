/* Predictions for networks: against conditions that the limits must satisfy, against reference
 * numbers, and at the edges of what is known.
 *
 * A condition is independent of the formula: the projection of a narrow layer leaves an error that
 * is orthogonal to its rows, a soft threshold satisfies the subgradient inequalities of the nuclear
 * norm, a limit of the weights is a zero of the field.  Reference numbers: numpy's decompositions,
 * 15 digits. */
#include "linear/matrix.h"
#include "linear/network.h"
#include "proofs-check/sample_network.h"

#include "tests/chains.h"

enum { SEED = 1706, TRIALS = 60, ENTRIES = INSTANCE_DIM_MAX };

typedef struct sample_network_sizes shape;

static const double ROUNDING = 1e-11; /* of small matrices with condition numbers below a hundred */
static const double DIGITS = 1e-13;   /* reference numbers have 15 */

static struct prediction predict(const struct instance *instance, double *limit)
{
    struct prediction prediction;
    if (problem_predict(&instance->problem, instance->x0, limit, &prediction) != OK)
        fail_msg("%s", status_message());
    return prediction;
}

static void assert_near(size_t count, const double *a, const double *b, double bound)
{
    for (size_t k = 0; k < count; k++)
        if (!(fabs(a[k] - b[k]) <= bound * (1 + fabs(b[k]))))
            fail_msg("entry %zu: %.17g, expected %.17g", k, a[k], b[k]);
}

static void assert_silent(const struct instance *instance, const char *word)
{
    double limit[ENTRIES];
    const struct prediction prediction = predict(instance, limit);
    assert_int_equal(prediction.ending, ENDING_HORIZON);
    assert_non_null(prediction.reason);
    if (!strstr(prediction.reason, word))
        fail_msg("\"%s\" does not speak of \"%s\"", prediction.reason, word);
}

static void set_entries(struct entries *entries, const double *value, size_t count)
{
    entries->count = count;
    memcpy(entries->near, value, count * sizeof *value);
}

static void set_feedback(struct instance *instance, const double *value, size_t count)
{
    instance->problem.c_count = count;
    memcpy(instance->problem.c, value, count * sizeof *value);
}

/* ---- fixed feedback ---- */

/* Any start, any data: P -> W = Sigma_TI Sigma_II^-1, told as an output, with its caveat. */
static void test_injective_feedback(void **state)
{
    (void)state;
    static const shape shapes[] = {{4, {2, 3, 3, 2}}, {3, {3, 2, 1}}, {5, {2, 2, 2, 2, 2}}};
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, 1, i);
        struct instance instance =
            sample_network(registry_rule(i % 2 ? "rbp" : "srbp"), &shapes[i % COUNT(shapes)]);
        sample_network_draw_data(&stream, &instance);
        sample_network_draw_nested(&stream, 0.2, &instance);
        if (i % 2)
            sample_network_draw_feedback(&stream, 0.2, &instance);
        sample_network_draw_start(&stream, 1, &instance);
        double P[ENTRIES], back[ENTRIES];
        const struct prediction prediction = predict(&instance, P);
        const size_t n = instance.problem.sizes[0];
        const size_t m = instance.problem.sizes[instance.problem.size_count - 1];
        assert_int_equal(prediction.ending, ENDING_SETTLED);
        assert_int_equal(prediction.about, PREDICTION_OUTPUT);
        assert_true(prediction.global_minimum == 1 && prediction.error < ROUNDING);
        matrix_multiply(m, n, n, P, instance.problem.sigma_ii.near, back);
        assert_near(m * n, back, instance.problem.sigma_ti.near, ROUNDING);
    }
}

/* A[3,2,3], a drawn start: (W - P) Sigma R' = 0 and P = P R^+ R for R = C_1 W, found by the
 * pseudo-inverse and not by a basis. */
static void test_narrow_layer(void **state)
{
    (void)state;
    enum { N = 3, K = 2 };
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, 2, i);
        struct instance instance = sample_network(registry_rule("rbp"), &(shape){3, {N, K, N}});
        sample_network_draw_data(&stream, &instance);
        sample_network_draw_feedback(&stream, 0.3, &instance);
        sample_network_draw_start(&stream, 1, &instance);
        const double *sigma = instance.problem.sigma_ii.near;
        double P[ENTRIES], W[ENTRIES], R[ENTRIES], off[ENTRIES], gap[ENTRIES], inverse[ENTRIES];
        double back[ENTRIES], zero[ENTRIES] = {0};
        size_t rank;
        assert_true(predict(&instance, P).global_minimum == 0);
        assert_int_equal(matrix_pseudo_inverse(N, N, sigma, inverse, &rank), OK);
        matrix_multiply(N, N, N, instance.problem.sigma_ti.near, inverse, W);
        matrix_multiply(K, N, N, instance.problem.c, W, R);
        for (size_t k = 0; k < (size_t)N * N; k++)
            off[k] = W[k] - P[k];
        matrix_multiply(N, N, N, off, sigma, gap);
        matrix_multiply_second_transposed(N, N, K, gap, R, back);
        assert_near((size_t)N * K, back, zero, ROUNDING);
        assert_int_equal(matrix_pseudo_inverse(K, N, R, inverse, &rank), OK);
        matrix_multiply(N, N, K, P, inverse, gap);
        matrix_multiply(N, K, N, gap, R, back);
        assert_near((size_t)N * N, back, P, ROUNDING);
    }
}

/* A[3,2,2] with C_1 of rank one: the frozen row of A_1 counts; reference by numpy. */
static void test_frozen_row(void **state)
{
    (void)state;
    struct instance instance = sample_network(registry_rule("rbp"), &(shape){3, {3, 2, 2}});
    static const double x0[] = {0.5, -0.3, 0.2, 0.1, 0.4, -0.6, 0.2, -0.1, 0.3, 0.5};
    static const double limit[] = {0.9958084745024602,  0.5241910900143708,  -0.13652832818011584,
                                   0.29790423725123016, -0.9879044549928144, 0.8317358359099419};
    double P[ENTRIES];
    set_entries(&instance.problem.sigma_ii, LIST(2, 0, 0, 0, 1, 0, 0, 0, 0.5));
    set_entries(&instance.problem.sigma_ti, LIST(2, 0.5, -0.1, 0.6, -1, 0.4));
    set_feedback(&instance, LIST(0.5, -1, 1, -2));
    memcpy(instance.x0, x0, sizeof x0);
    assert_int_equal(predict(&instance, P).about, PREDICTION_OUTPUT);
    assert_near(COUNT(limit), P, limit, DIGITS);
    set_feedback(&instance, LIST(0, 0, 0, 0)); /* then both rows stay: a fixed first layer */
    assert_int_equal(predict(&instance, P).ending, ENDING_SETTLED);
    memset(instance.x0, 0, sizeof instance.x0);
    instance.x0[0] = 1; /* one row stays, one is zero for ever */
    assert_silent(&instance, "rank");
}

/* The closed form from zero is a zero of the field with P = W, at every depth. */
static void test_from_zero(void **state)
{
    (void)state;
    static const shape shapes[] = {{3, {3, 3, 2}}, {4, {2, 4, 3, 2}}, {5, {2, 2, 2, 2, 2}}};
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, 3, i);
        struct instance instance =
            sample_network(registry_rule(i % 2 ? "rbp" : "srbp"), &shapes[i % COUNT(shapes)]);
        sample_network_draw_target(&stream, &instance);
        sample_network_draw_orthonormal(&stream, &instance);
        double x[ENTRIES], P[ENTRIES], f[ENTRIES], zero[ENTRIES] = {0};
        struct flow *flow;
        const struct prediction prediction = predict(&instance, x);
        assert_int_equal(prediction.about, PREDICTION_STATE);
        assert_true(prediction.rate < 0);
        assert_int_equal(problem_flow(&instance.problem, &flow), OK);
        flow->output(flow, x, P);
        assert_near(flow->outputs, P, instance.problem.sigma_ti.near, ROUNDING);
        assert_int_equal(flow->field(flow, 1, x, f), OK);
        assert_near(flow->dim, f, zero, ROUNDING);
        flow_free(flow);
    }
}

/* z for W = diag(2, 1/2), three layers of identities; reference by numpy. */
static void test_from_zero_reference(void **state)
{
    (void)state;
    double x[ENTRIES];
    struct instance instance = sample_network(registry_rule("rbp"), &(shape){4, {2, 2, 2, 2}});
    sample_network_set_target(&instance, (double[]){2, 0, 0, 0.5});
    assert_int_equal(predict(&instance, x).ending, ENDING_SETTLED);
    assert_near(1, x, (double[]){1.640670712015276}, DIGITS);
    assert_near(1, x + 3, (double[]){1.345900192632356}, DIGITS);
    set_feedback(&instance, LIST(1, 0, 0, 1, 1, 0, 0, 1.1)); /* then no closed form is known */
    assert_int_equal(predict(&instance, x).about, PREDICTION_OUTPUT);
}

/* rank (C_1 W) against the narrowest layer decides between growth and silence. */
static void test_skipped_channel(void **state)
{
    (void)state;
    double limit[ENTRIES];
    struct instance instance = sample_network(registry_rule("srbp"), &(shape){4, {2, 2, 1, 2}});
    instance.x0[0] = 1;
    sample_network_set_target(&instance, (double[]){2, 0, 0, 1});
    set_feedback(&instance, LIST(1, 0.5, -0.5, 1, 0.7, 0.3));
    struct prediction prediction = predict(&instance, limit);
    assert_int_equal(prediction.ending, ENDING_UNBOUNDED);
    assert_true(prediction.exponent == 1);
    set_feedback(&instance, LIST(1, 0.5, 2, 1, 0.7, 0.3)); /* C_1 of rank one, not nested */
    assert_silent(&instance, "nested");
    set_feedback(&instance, LIST(0.7, 0.3, -0.35, -0.15, 0.7, 0.3)); /* nested */
    prediction = predict(&instance, limit);
    assert_int_equal(prediction.ending, ENDING_SETTLED);
    assert_near(1, limit, (double[]){1.9121951219512195}, DIGITS);
}

/* ---- gradient descent ---- */

static void test_gradient_descent(void **state)
{
    (void)state;
    double limit[ENTRIES];
    struct instance instance = sample_network(registry_rule("bp"), &(shape){3, {2, 2, 2}});
    sample_network_set_target(&instance, (double[]){2, 0, 0, 1});
    assert_int_equal(predict(&instance, limit).ending, ENDING_SADDLE); /* zero weights */
    instance.x0[0] = instance.x0[4] = 1;
    instance.x0[3] = instance.x0[7] = 0.1;
    struct prediction prediction = predict(&instance, limit); /* loss 1 > 1/2, balanced */
    assert_string_equal(prediction.source, "notes/networks.md, (M17)");
    assert_non_null(prediction.reason);
    instance.x0[7] = instance.x0[3] = 1; /* P = I, loss 1/2: at the bound, not below */
    assert_string_equal(predict(&instance, limit).source, "notes/networks.md, (M17)");
    instance.x0[0] = 1.1; /* below */
    prediction = predict(&instance, limit);
    assert_string_equal(prediction.source, "notes/networks.md, (M16)");
    assert_null(prediction.reason);
    memset(instance.x0, 0, sizeof instance.x0);
    instance.x0[4] = instance.x0[7] = 0.3; /* A_2 onto for ever: certain */
    prediction = predict(&instance, limit);
    assert_string_equal(prediction.source, "notes/networks.md, (M17)");
    assert_null(prediction.reason);
}

static void test_gradient_descent_deep_and_narrow(void **state)
{
    (void)state;
    double limit[ENTRIES];
    struct instance deep = sample_network(registry_rule("bp"), &(shape){4, {2, 2, 2, 2}});
    sample_network_set_target(&deep, (double[]){2, 0, 0, 1});
    assert_int_equal(predict(&deep, limit).ending, ENDING_SADDLE);
    deep.x0[0] = 0.1;
    deep.x0[4] = 0.1;
    assert_silent(&deep, "saddle");
    struct instance narrow = sample_network(registry_rule("bp"), &(shape){3, {2, 1, 2}});
    sample_network_set_target(&narrow, (double[]){2, 0, 0, 1});
    narrow.x0[0] = narrow.x0[1] = narrow.x0[2] = 0.3;
    const struct prediction prediction = predict(&narrow, limit);
    assert_near(4, limit, (double[]){2, 0, 0, 0}, DIGITS);
    assert_true(prediction.global_minimum == 1);
    sample_network_set_target(&narrow, (double[]){1, 0, 0, 1});
    assert_silent(&narrow, "unique");
}

/* ---- decay ---- */

/* E = W - P is lambda times a subgradient of the nuclear norm at P: sigma(E) <= lambda, <E, P> =
 * lambda |P|_*. */
static void test_soft_threshold(void **state)
{
    (void)state;
    enum { N = 3, SQUARE = N * N };
    static const double LAMBDA = 0.385;
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, 4, i);
        struct instance instance =
            sample_network(registry_rule("kolen-pollack"), &(shape){3, {N, N, N}});
        sample_network_draw_target(&stream, &instance);
        sample_network_draw_start(&stream, 1, &instance);
        instance.problem.lambda = LAMBDA;
        double P[ENTRIES], E[SQUARE], s[N], along = 0, norm = 0;
        assert_int_equal(predict(&instance, P).about, PREDICTION_OUTPUT);
        for (size_t k = 0; k < SQUARE; k++) {
            E[k] = instance.problem.sigma_ti.near[k] - P[k];
            along += E[k] * P[k];
        }
        assert_int_equal(matrix_singular_values(N, N, P, s, NULL, NULL), OK);
        for (size_t k = 0; k < N; k++)
            norm += s[k];
        assert_true(fabs(along - LAMBDA * norm) <= ROUNDING);
        assert_int_equal(matrix_singular_values(N, N, E, s, NULL, NULL), OK);
        assert_true(s[0] <= LAMBDA + ROUNDING && norm > 0);
    }
}

/* Reference by numpy. */
static void test_soft_threshold_reference(void **state)
{
    (void)state;
    double P[ENTRIES];
    struct instance instance = sample_network(registry_rule("pfa"), &(shape){3, {3, 3, 3}});
    instance.problem.lambda = 0.3;
    sample_network_set_target(&instance, (double[]){2, 0.5, 0, -0.5, 1, 0.3, 0.2, 0, 0.4});
    set_feedback(&instance, LIST(1, 0, 0, 0, 2, 0, 0, 0, 1, 1, 1, 0));
    instance.x0[0] = 1;
    predict(&instance, P);
    assert_near(1, P, (double[]){1.781084089254841}, DIGITS);
    assert_near(1, P + 4, (double[]){0.880281306465444}, DIGITS);
    assert_near(1, P + 8, (double[]){0.10997363634777628}, DIGITS);
    set_feedback(&instance, LIST(1, 0, 0, 0, 2, 0)); /* a product that loses an output */
    assert_silent(&instance, "injective");
}

static void test_edges_of_decay(void **state)
{
    (void)state;
    double limit[ENTRIES];
    struct instance instance =
        sample_network(registry_rule("kolen-pollack"), &(shape){3, {2, 1, 2}});
    sample_network_set_target(&instance, (double[]){2, 0, 0, 1});
    instance.x0[0] = 1;
    instance.problem.lambda = 3;
    struct prediction prediction = predict(&instance, limit);
    assert_int_equal(prediction.about, PREDICTION_STATE);
    assert_true(prediction.rate == -1); /* 2 - 3 */
    instance.problem.lambda = 2;
    assert_silent(&instance, "equals");
    instance.problem.lambda = 0.5;
    predict(&instance, limit);
    assert_near(4, limit, (double[]){1.5, 0, 0, 0}, DIGITS);
    sample_network_set_target(&instance, (double[]){2, 0, 0, 2});
    assert_silent(&instance, "choose");
    instance.problem.decay_count = 3;
    instance.problem.decays[2] = 0.5;
    assert_silent(&instance, "decay");
}

/* Almost every start: not the one that lacks a mode, nor one whose weights oppose each other. */
static void test_missing_modes(void **state)
{
    (void)state;
    double limit[ENTRIES];
    static const char *const rules[] = {"bp", "kolen-pollack", "pfa"};
    for (size_t k = 0; k < COUNT(rules); k++) {
        struct instance instance = sample_network(registry_rule(rules[k]), &(shape){3, {2, 2, 2}});
        sample_network_set_target(&instance, (double[]){2, 0, 0, 1});
        instance.problem.lambda = k > 0 ? 0.25 : 0;
        instance.x0[0] = instance.x0[4] = 0.3; /* A_1, A_2 without the second mode */
        if (k > 0)
            instance.x0[8] = 0.3;
        assert_silent(&instance, "lacks");
        instance.x0[3] = 0.3;
        if (k == 0)
            instance.x0[7] = 0.2;
        assert_int_equal(predict(&instance, limit).ending, ENDING_SETTLED);
        instance.x0[k == 0 ? 7 : 11] = -0.3;
        assert_silent(&instance, "lacks");
    }
}

/* ---- where nothing is said ---- */

static void test_silence(void **state)
{
    (void)state;
    struct instance instance = sample_network(registry_rule("rbp"), &(shape){3, {2, 2, 2}});
    instance.x0[0] = 0.5;
    set_entries(&instance.problem.sigma_ii, LIST(1, 0, 0, 0));
    set_entries(&instance.problem.sigma_ti, LIST(1, 0, 0, 0));
    assert_silent(&instance, "singular");
    set_entries(&instance.problem.sigma_ti, LIST(1, 0, 0, 1));
    assert_silent(&instance, "W Sigma_II");
    instance.problem.sigma_ii.count = 0;
    instance.problem.rate_count = 2;
    instance.problem.rates[0] = 1;
    instance.problem.rates[1] = -1;
    assert_silent(&instance, "rate");
    static const char *const open_rules[] = {"arbp", "asrbp", "sign-symmetry", "weight-mirror"};
    for (size_t k = 0; k < COUNT(open_rules); k++) {
        struct instance open = sample_network(registry_rule(open_rules[k]), &(shape){3, {2, 2, 2}});
        for (size_t i = 0; i < open.dim; i++)
            open.x0[i] = 0.1 * (double)(i + 1);
        open.problem.lambda = k == 3 ? 1 : 0;
        open.problem.mirror = 1;
        assert_silent(&open, k < 2 ? "adaptive" : "conjectured");
    }
}

/* One layer: W, with the rate of the slowest input. */
static void test_one_layer(void **state)
{
    (void)state;
    double limit[ENTRIES];
    struct instance instance = sample_network(registry_rule("rbp"), &(shape){2, {2, 1}});
    set_entries(&instance.problem.sigma_ii, LIST(2, 0, 0, 0.5));
    set_entries(&instance.problem.sigma_ti, LIST(3, -1));
    const struct prediction prediction = predict(&instance, limit);
    assert_near(2, limit, (double[]){1.5, -2}, DIGITS);
    assert_near(1, &prediction.rate, (double[]){-0.5}, DIGITS);
}

/* At rest: the zero of rbp without a target has no direction to go, a learnt target attracts. */
static void test_rest(void **state)
{
    (void)state;
    double limit[ENTRIES];
    struct instance instance = sample_network(registry_rule("rbp"), &(shape){3, {2, 2, 2}});
    sample_network_set_target(&instance, (double[]){0, 0, 0, 0});
    assert_silent(&instance, "rest");
    sample_network_set_target(&instance, (double[]){1, 0, 0, 1});
    instance.x0[0] = instance.x0[3] = instance.x0[4] = instance.x0[7] = 1;
    assert_true(predict(&instance, limit).rate == -2); /* A_1'A_1 + A_2 C_1 = 2 I */
    assert_near(instance.dim, limit, instance.x0, 0);
    instance.x0[0] = instance.x0[3] = instance.x0[4] = instance.x0[7] = -1;
    set_feedback(&instance, LIST(2, 0, 0, 2));
    assert_int_equal(predict(&instance, limit).ending, ENDING_SADDLE); /* 1 - 2 < 0 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_injective_feedback),
        cmocka_unit_test(test_narrow_layer),
        cmocka_unit_test(test_frozen_row),
        cmocka_unit_test(test_from_zero),
        cmocka_unit_test(test_from_zero_reference),
        cmocka_unit_test(test_skipped_channel),
        cmocka_unit_test(test_gradient_descent),
        cmocka_unit_test(test_gradient_descent_deep_and_narrow),
        cmocka_unit_test(test_soft_threshold),
        cmocka_unit_test(test_soft_threshold_reference),
        cmocka_unit_test(test_edges_of_decay),
        cmocka_unit_test(test_missing_modes),
        cmocka_unit_test(test_silence),
        cmocka_unit_test(test_one_layer),
        cmocka_unit_test(test_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
