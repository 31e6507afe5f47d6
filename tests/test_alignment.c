/* Angles between a rule and backpropagation: known ones by construction, the others by plain loops.
 *
 * Feedback is set to W', -W', to a turned W' and to multiples of them, layered and skipped, so that the
 * angle is known before it is measured; the identities that rules have give zeros; what has no
 * direction has no angle. */
#include "networks/alignment.h"
#include "tests/small_data.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

static const double DEGREES = 57.29577951308232088; /* of a radian */

/* The cosine of equal directions is 1 to some roundings, and acos(1 - 4e-16) = 2.8e-8 = 1.6e-6 degrees. */
static const double ZERO = 3e-6;

struct bench {
    struct learner *learner;
    struct alignment *alignment;
    struct array inputs, targets;
    struct alignment_layer layer[LEARNER_LAYERS_MAX + 1];
    double total;
};

enum { PROBE = 11 };

static struct array list_of(size_t rows, size_t columns)
{
    void *values = calloc(rows * columns, sizeof(double));
    assert_non_null(values);
    return array_view(&array_double, rows, columns, values);
}

static struct bench bench_create(const struct learner_plan *plan)
{
    struct bench bench = {.inputs = list_of(PROBE, plan->sizes[0]),
                          .targets = list_of(PROBE, plan->sizes[plan->layers])};
    assert_int_equal(learner_create(plan, &bench.learner), OK);
    assert_int_equal(alignment_create(bench.learner, PROBE, &bench.alignment), OK);
    learner_initialise(bench.learner);
    struct stream stream = stream_at(SMALL_SEED, stream_key("probe"), 0);
    array_normals(&stream, 1, &bench.inputs);
    for (size_t i = 0; i < PROBE; i++)
        array_put(&bench.targets, i * bench.targets.columns + i % bench.targets.columns, 1);
    return bench;
}

static void bench_free(struct bench *bench)
{
    learner_free(bench->learner);
    alignment_free(bench->alignment);
    free(bench->inputs.values);
    free(bench->targets.values);
}

static void measure(struct bench *bench)
{
    bench->total = alignment_measure(bench->alignment, bench->learner, &bench->inputs,
                                     &bench->targets, bench->layer);
}

static struct learner_plan plan_of(const struct learning_rule *rule)
{
    struct learner_plan plan = small_plan(rule).learner;
    plan.batch = PROBE + 2;
    return plan;
}

static bool near(double x, double y, double most)
{
    return fabs(x - y) <= most;
}

/* W_(l+1)', or (W_L ... W_(l+1))' where feedback skips, by plain loops into C. */
static void transport_into(const struct learner *learner, size_t l, struct array *C)
{
    const size_t L = learner->plan.layers;
    const size_t top = learner->plan.rule->topology == LEARNING_SKIPPED ? L : l + 1;
    double product[SMALL_HIDDEN * SMALL_HIDDEN] = {0}, next[SMALL_HIDDEN * SMALL_HIDDEN];
    size_t rows = learner->weight[top].rows;
    for (size_t i = 0; i < rows; i++)
        product[i * SMALL_HIDDEN + i] = 1;
    for (size_t m = top; m > l; m--) { /* product W_m, rows x N_(m-1) */
        const struct array *W = &learner->weight[m];
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < W->columns; j++) {
                next[i * SMALL_HIDDEN + j] = 0;
                for (size_t k = 0; k < W->rows; k++)
                    next[i * SMALL_HIDDEN + j] +=
                        product[i * SMALL_HIDDEN + k] * array_at(W, k * W->columns + j);
            }
        memcpy(product, next, sizeof next);
    }
    for (size_t i = 0; i < C->rows; i++)
        for (size_t k = 0; k < C->columns; k++)
            array_put(C, i * C->columns + k, product[k * SMALL_HIDDEN + i]);
}

/* (x1, x2, x3, ...) -> (-x2, x1, ...): orthogonal to x if the count is even. */
static void turn(struct array *x)
{
    for (size_t i = 0; i + 1 < array_count(x); i += 2) {
        const double kept = array_at(x, i);
        array_put(x, i, -array_at(x, i + 1));
        array_put(x, i + 1, kept);
    }
}

static void known_matrices(const struct learning_rule *rule)
{
    const struct learner_plan plan = plan_of(rule);
    struct bench bench = bench_create(&plan);
    for (size_t l = 1; l < plan.layers; l++)
        assert_true(array_count(&bench.learner->feedback[l]) % 2 == 0);
    static const double FACTORS[] = {1, -1, 2.5, -0.125};
    for (size_t k = 0; k < COUNT(FACTORS); k++) {
        for (size_t l = 1; l < plan.layers; l++) {
            transport_into(bench.learner, l, &bench.learner->feedback[l]);
            array_scale(FACTORS[k], &bench.learner->feedback[l]);
        }
        measure(&bench);
        for (size_t l = 1; l < plan.layers; l++) {
            const double angle = bench.layer[l].weight_angle;
            assert_true(near(angle, FACTORS[k] > 0 ? 0 : 180, ZERO));
            assert_true(near(bench.layer[l].norm_ratio, fabs(FACTORS[k]), 1e-15));
            assert_true(bench.layer[l].sign_concordance == (FACTORS[k] > 0 ? 1 : 0));
            turn(&bench.learner->feedback[l]);
        }
        measure(&bench);
        for (size_t l = 1; l < plan.layers; l++) {
            assert_true(near(bench.layer[l].weight_angle, 90, 1e-13));
            assert_true(near(bench.layer[l].norm_ratio, fabs(FACTORS[k]), 1e-15));
        }
    }
    assert_true(isnan(bench.layer[plan.layers].weight_angle)); /* nothing learns through it */
    assert_true(isnan(bench.layer[plan.layers].norm_ratio));
    assert_true(isnan(bench.layer[plan.layers].sign_concordance));
    bench_free(&bench);
}

static void test_known_matrices(void **state)
{
    (void)state;
    known_matrices(&learning_rbp);
    known_matrices(&learning_arbp);
    known_matrices(&learning_srbp);
    known_matrices(&learning_asrbp);
}

/* 45 degrees between W' and the path where C = W' + turned W' */
static void test_half_right_angle(void **state)
{
    (void)state;
    const struct learner_plan plan = plan_of(&learning_rbp);
    struct bench bench = bench_create(&plan);
    struct array *C = &bench.learner->feedback[1], copy = list_of(C->rows, C->columns);
    transport_into(bench.learner, 1, C);
    array_copy(C, &copy);
    turn(C);
    array_add(1, &copy, C);
    measure(&bench);
    assert_true(near(bench.layer[1].weight_angle, 45, 1e-13));
    assert_true(near(bench.layer[1].norm_ratio, sqrt(2.0), 1e-15));
    free(copy.values);
    bench_free(&bench);
}

static void assert_no_angle_below(const struct bench *bench, size_t from, double most)
{
    for (size_t l = from; l <= bench->learner->plan.layers; l++) {
        assert_true(near(bench->layer[l].delta_angle, 0, most));
        assert_true(near(bench->layer[l].gradient_angle, 0, most));
    }
}

static void test_identities(void **state)
{
    (void)state;
    struct learner_plan plan = plan_of(&learning_bp);
    struct bench bench = bench_create(&plan);
    measure(&bench);
    assert_no_angle_below(&bench, 1, ZERO);
    assert_true(near(bench.total, 0, ZERO));
    for (size_t l = 1; l < plan.layers; l++)
        assert_true(near(bench.layer[l].weight_angle, 0, ZERO) && bench.layer[l].norm_ratio == 1);
    bench_free(&bench);

    /* rbp by W' is bp */
    plan = plan_of(&learning_rbp);
    bench = bench_create(&plan);
    measure(&bench);
    assert_no_angle_below(&bench, plan.layers, ZERO); /* the top layer is the same in all rules */
    assert_true(bench.layer[1].delta_angle > 10 && bench.total > 10);
    for (size_t l = 1; l < plan.layers; l++)
        transport_into(bench.learner, l, &bench.learner->feedback[l]);
    measure(&bench);
    assert_no_angle_below(&bench, 1, ZERO);
    bench_free(&bench);

    /* sbp: products of transposes; the top interface has no derivative above, lower ones have */
    plan = plan_of(&learning_sbp);
    bench = bench_create(&plan);
    measure(&bench);
    assert_no_angle_below(&bench, plan.layers - 1, ZERO);
    assert_true(bench.layer[1].delta_angle > 1);
    for (size_t l = 1; l < plan.layers; l++)
        assert_true(near(bench.layer[l].weight_angle, 0, ZERO));
    bench_free(&bench);

    /* and without derivatives it is bp */
    plan.neuron = neuron_named("identity");
    bench = bench_create(&plan);
    measure(&bench);
    assert_no_angle_below(&bench, 1, ZERO);
    bench_free(&bench);
}

/* The product of pfa's two matrices, where the inner one is orthogonal and R is what it tends to. */
static void test_path_of_a_product(void **state)
{
    (void)state;
    struct learner_plan plan = plan_of(&learning_pfa);
    plan.product_ratio = 1;
    struct bench bench = bench_create(&plan);
    for (size_t l = 1; l < plan.layers; l++)
        plan.rule->image(bench.learner, l, &bench.learner->feedback[l]);
    measure(&bench);
    assert_no_angle_below(&bench, 1, ZERO);
    for (size_t l = 1; l < plan.layers; l++)
        assert_true(near(bench.layer[l].weight_angle, 0, ZERO) &&
                    near(bench.layer[l].norm_ratio, 1, 1e-14));
    bench_free(&bench);
}

static void test_no_direction(void **state)
{
    (void)state;
    struct learner_plan plan = plan_of(&learning_rbp);
    struct bench bench = bench_create(&plan);
    array_fill(0, &bench.learner->weight[plan.layers]);
    measure(&bench);
    const struct alignment_layer *layer = &bench.layer[plan.layers - 1];
    assert_true(isnan(layer->weight_angle) && isnan(layer->norm_ratio));
    assert_true(isnan(layer->delta_angle) && isnan(layer->gradient_angle)); /* bp delivers 0 */
    assert_true(isfinite(bench.total));
    array_fill(0, &bench.inputs);
    measure(&bench);
    assert_true(isnan(bench.layer[1].gradient_angle)); /* no inputs, no field of W_1 */
    bench_free(&bench);

    plan = plan_of(&learning_top_layer);
    bench = bench_create(&plan);
    measure(&bench);
    for (size_t l = 1; l < plan.layers; l++)
        assert_true(isnan(bench.layer[l].weight_angle) && isnan(bench.layer[l].delta_angle) &&
                    isnan(bench.layer[l].gradient_angle));
    assert_no_angle_below(&bench, plan.layers, ZERO);
    bench_free(&bench);
}

/* ---- by plain loops ---- */

/* A network 5-6-4-3 with tanh under rbp, one sample at a time: D_l of both, and fields. */
struct plain {
    double x[4][SMALL_HIDDEN];                     /* outputs, 0..3 */
    double d[4][SMALL_HIDDEN], g[4][SMALL_HIDDEN]; /* D_l of rbp and bp */
};

static double entry(const struct array *A, size_t i, size_t j)
{
    return array_at(A, i * A->columns + j);
}

static void plain_sample(const struct bench *bench, size_t s, struct plain *plain)
{
    const struct learner *learner = bench->learner;
    const size_t *N = learner->plan.sizes;
    double sum = 0;
    for (size_t j = 0; j < N[0]; j++)
        plain->x[0][j] = entry(&bench->inputs, s, j);
    for (size_t l = 1; l <= 3; l++)
        for (size_t i = 0; i < N[l]; i++) {
            double S = array_at(&learner->bias[l], i);
            for (size_t j = 0; j < N[l - 1]; j++)
                S += entry(&learner->weight[l], i, j) * plain->x[l - 1][j];
            plain->x[l][i] = l < 3 ? tanh(S) : exp(S);
            sum += l < 3 ? 0 : exp(S);
        }
    for (size_t k = 0; k < N[3]; k++)
        plain->d[3][k] = plain->g[3][k] = entry(&bench->targets, s, k) - plain->x[3][k] / sum;
    for (size_t l = 2; l >= 1; l--)
        for (size_t i = 0; i < N[l]; i++) {
            plain->d[l][i] = plain->g[l][i] = 0;
            for (size_t k = 0; k < N[l + 1]; k++) {
                plain->d[l][i] += entry(&learner->feedback[l], i, k) * plain->d[l + 1][k];
                plain->g[l][i] += entry(&learner->weight[l + 1], k, i) * plain->g[l + 1][k];
            }
            plain->d[l][i] *= 1 - plain->x[l][i] * plain->x[l][i];
            plain->g[l][i] *= 1 - plain->x[l][i] * plain->x[l][i];
        }
}

struct dots {
    double dd, dg, gg;
};

static void add_dots(struct dots *dots, double d, double g)
{
    dots->dd += d * d;
    dots->dg += d * g;
    dots->gg += g * g;
}

static double angle_of(const struct dots *dots)
{
    return DEGREES * acos(dots->dg / sqrt(dots->dd * dots->gg));
}

static void plain_angles(const struct bench *bench, double *delta, double *gradient, double *total)
{
    static struct plain plain[PROBE];
    const size_t *N = bench->learner->plan.sizes;
    struct dots all = {0};
    for (size_t s = 0; s < PROBE; s++)
        plain_sample(bench, s, &plain[s]);
    for (size_t l = 1; l <= 3; l++) {
        struct dots signals = {0}, fields = {0};
        for (size_t s = 0; s < PROBE; s++)
            for (size_t i = 0; i < N[l]; i++)
                add_dots(&signals, plain[s].d[l][i], plain[s].g[l][i]);
        for (size_t i = 0; i < N[l]; i++)
            for (size_t j = 0; j < N[l - 1]; j++) {
                double F = 0, G = 0;
                for (size_t s = 0; s < PROBE; s++) {
                    F += plain[s].d[l][i] * plain[s].x[l - 1][j];
                    G += plain[s].g[l][i] * plain[s].x[l - 1][j];
                }
                add_dots(&fields, F, G);
                add_dots(&all, F, G);
            }
        delta[l] = angle_of(&signals);
        gradient[l] = angle_of(&fields);
    }
    *total = angle_of(&all);
}

static void check_by_plain_loops(double decay)
{
    struct learner_plan plan = plan_of(&learning_rbp);
    plan.decay = decay;
    struct bench bench = bench_create(&plan);
    double delta[4], gradient[4], total;
    plain_angles(&bench, delta, gradient, &total);
    measure(&bench);
    for (size_t l = 1; l < 3; l++) { /* rounding: 1e-16 of sums of a hundred terms, in degrees */
        assert_true(near(bench.layer[l].delta_angle, delta[l], 1e-11));
        assert_true(near(bench.layer[l].gradient_angle, gradient[l], 1e-11));
        assert_true(delta[l] > 10 && delta[l] < 170);
    }
    assert_true(near(bench.total, total, 1e-11));
    bench_free(&bench);
}

/* Also with decay, which is in the fields and not in the angles. */
static void test_angles_by_plain_loops(void **state)
{
    (void)state;
    check_by_plain_loops(0);
    check_by_plain_loops(0.3);
}

static void test_saturated(void **state)
{
    (void)state;
    struct learner_plan plan = plan_of(&learning_rbp);
    struct bench bench = bench_create(&plan);
    array_scale(8, &bench.learner->weight[1]);
    measure(&bench);
    const struct array *X = &bench.learner->output[1];
    double count = 0;
    for (size_t i = 0; i < array_count(X); i++)
        count += fabs(array_at(X, i)) > 0.97;
    assert_true(count > 0 && count < PROBE * SMALL_HIDDEN);
    assert_true(bench.layer[1].saturated == count / (PROBE * SMALL_HIDDEN));
    assert_true(bench.layer[2].saturated >= 0 && isnan(bench.layer[3].saturated));
    bench_free(&bench);
}

/* Fewer samples than there is room for, and more again: nothing is left from before. */
static void test_smaller_batches(void **state)
{
    (void)state;
    const struct learner_plan plan = plan_of(&learning_srbp);
    struct bench bench = bench_create(&plan);
    measure(&bench);
    const double all = bench.layer[1].delta_angle;
    const struct array inputs = array_rows(&bench.inputs, 0, 2),
                       targets = array_rows(&bench.targets, 0, 2);
    alignment_measure(bench.alignment, bench.learner, &inputs, &targets, bench.layer);
    assert_true(bench.layer[1].delta_angle != all);
    measure(&bench);
    assert_true(bench.layer[1].delta_angle == all);
    bench_free(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_matrices), cmocka_unit_test(test_half_right_angle),
        cmocka_unit_test(test_identities),     cmocka_unit_test(test_path_of_a_product),
        cmocka_unit_test(test_no_direction),   cmocka_unit_test(test_angles_by_plain_loops),
        cmocka_unit_test(test_saturated),      cmocka_unit_test(test_smaller_batches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
