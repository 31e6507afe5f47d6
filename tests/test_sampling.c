/* How far training is from the flow, by the rate eta: the exponent tells how batches are drawn.
 *
 *   independent batches    distance and spread over seeds go as eta^(1/2)                 (MB61)
 *   reshuffled epochs      distance as eta, spread as eta^(3/2): noise cancels in an epoch (MB62)
 *   file order             distance as eta, no spread
 *   feedback drawn anew    the mean field is that of top-layer, the distance from its flow eta^(1/2)
 *   channel dropout        the mean field is that without, the distance from its flow eta^(1/2)
 *                                                                                         (MB63)
 * The flow is followed by Runge and Kutta's method of order 4 on the same field, with an error below
 * any distance here.  Runs of all seeds have the same start and, where it is fixed, the same feedback.
 * Slopes are least squares of log2 over five halvings of eta; with other seeds they
 * vary by 0.02 about 1/2 and 3/2, and distances that go as eta have slopes up to 1.03, the next order. */
#include "tests/small_data.h"

enum { SAMPLES = 64, RATES = 6, SEEDS = 40, FLOW_STEPS = 256, DIM_MOST = 200 };

static const double TIME = 4, FASTEST = 1.0 / 8; /* the weights move by about 1 */

/* 5-6-4-3 and softmax; momentum and drop are 0. */
static struct training_plan plan_of(const struct learning_rule *rule, enum sampling sampling)
{
    struct training_plan plan = small_plan(rule);
    plan.sampling = sampling;
    plan.batch = SAMPLES / 4;
    plan.drop = 0;
    return plan;
}

static struct training *train(const struct training_plan *plan, const struct dataset *data)
{
    struct training *training = NULL;
    assert_int_equal(training_create(plan, data, NULL, &training), OK);
    assert_true(training->learner->forward_dim <= DIM_MOST);
    return training;
}

/* Start and fixed feedback of all seeds. */
static void begin_like(const struct training *origin, struct training *training)
{
    struct learner *learner = training->learner;
    const struct learner *from = origin->learner;
    assert_int_equal(learner->dim, from->dim);
    array_copy(&from->state, &learner->state);
    for (size_t l = 1; l < learner->plan.layers; l++)
        if (learner->feedback[l].values && from->feedback[l].values)
            array_copy(&from->feedback[l], &learner->feedback[l]);
}

/* ---- the flow ---- */

static void slope_at(struct learner *learner, const struct array *inputs,
                     const struct array *targets, const double *x, double *f)
{
    array_load(x, &learner->state);
    learner_field(learner, inputs, targets);
    array_store(&learner->field, f);
}

static void runge_kutta(struct learner *learner, const struct array *inputs,
                        const struct array *targets, double h, double *x)
{
    static const double AT[] = {0, 0.5, 0.5, 1}, WEIGHT[] = {1, 2, 2, 1}, SUM = 6;
    double k[DIM_MOST] = {0}, y[DIM_MOST], next[DIM_MOST];
    memcpy(next, x, learner->dim * sizeof *x);
    for (size_t stage = 0; stage < 4; stage++) {
        for (size_t i = 0; i < learner->dim; i++)
            y[i] = x[i] + AT[stage] * h * k[i];
        slope_at(learner, inputs, targets, y, k);
        for (size_t i = 0; i < learner->dim; i++)
            next[i] += h * WEIGHT[stage] / SUM * k[i];
    }
    memcpy(x, next, learner->dim * sizeof *x);
}

/* The state of the flow of this rule at TIME. */
static void flow(const struct training *origin, const struct learning_rule *rule,
                 const struct dataset *data, double *x)
{
    const struct training_plan plan = plan_of(rule, SAMPLING_ALL);
    struct training *training = train(&plan, data);
    begin_like(origin, training);
    double inputs[SAMPLES * SMALL_INPUTS], targets[SAMPLES * SMALL_OUTPUTS];
    for (size_t i = 0; i < SAMPLES * SMALL_INPUTS; i++)
        inputs[i] = (double)data->input[i];
    for (size_t i = 0; i < SAMPLES * SMALL_OUTPUTS; i++)
        targets[i] = (double)data->target[i];
    const struct array I = array_view(&array_double, SAMPLES, SMALL_INPUTS, inputs),
                       T = array_view(&array_double, SAMPLES, SMALL_OUTPUTS, targets);
    array_store(&training->learner->state, x);
    for (size_t n = 0; n < FLOW_STEPS; n++)
        runge_kutta(training->learner, &I, &T, TIME / FLOW_STEPS, x);
    training_free(training);
}

/* ---- spread and distance ---- */

struct scatter {
    double distance, spread; /* root mean squares over seeds: from the flow, from their mean */
};

static void run(const struct training *origin, const struct training_plan *plan,
                const struct dataset *data, double *x)
{
    struct training *training = train(plan, data);
    begin_like(origin, training);
    while (training->time < TIME)
        training_step(training);
    assert_true(training->time == TIME); /* rates are powers of 2 */
    array_store(&training->learner->state, x);
    training_free(training);
}

static struct scatter scatter_of(const struct training *origin, struct training_plan plan,
                                 const struct dataset *data, const double *limit)
{
    static double x[SEEDS][DIM_MOST];
    const size_t dim = origin->learner->dim;
    double distance = 0, spread = 0;
    for (size_t k = 0; k < SEEDS; k++) {
        plan.learner.seed = SMALL_SEED + 1 + k;
        run(origin, &plan, data, x[k]);
    }
    for (size_t i = 0; i < dim; i++) {
        double mean = 0;
        for (size_t k = 0; k < SEEDS; k++)
            mean += x[k][i] / SEEDS;
        for (size_t k = 0; k < SEEDS; k++) {
            distance += (x[k][i] - limit[i]) * (x[k][i] - limit[i]) / SEEDS;
            spread += (x[k][i] - mean) * (x[k][i] - mean) / (SEEDS - 1);
        }
    }
    return (struct scatter){sqrt(distance), sqrt(spread)};
}

struct exponents {
    struct scatter slope, last; /* in eta; at the least eta */
};

static struct exponents exponents(struct training_plan plan, const struct learning_rule *limit_rule)
{
    const struct dataset data = small_data(SAMPLES);
    struct training *origin = train(&plan, &data);
    double limit[DIM_MOST], n = RATES, sum = 0, squares = 0;
    struct scatter sums = {0}, cross = {0};
    struct exponents made = {0};
    flow(origin, limit_rule, &data, limit);
    plan.rate = FASTEST;
    for (size_t k = 0; k < RATES; k++, plan.rate /= 2) {
        const struct scatter at = scatter_of(origin, plan, &data, limit);
        const double x = log2(plan.rate), y = log2(at.distance), z = log2(at.spread);
        sum += x;
        squares += x * x;
        sums.distance += y;
        sums.spread += z;
        cross.distance += x * y;
        cross.spread += x * z;
        made.last = at;
    }
    training_free(origin);
    small_free(data);
    const double below = n * squares - sum * sum;
    made.slope.distance = (n * cross.distance - sum * sums.distance) / below;
    made.slope.spread = (n * cross.spread - sum * sums.spread) / below;
    return made;
}

static bool near(double x, double y, double most)
{
    return fabs(x - y) <= most;
}

static void test_independent(void **state)
{
    (void)state;
    const struct exponents found =
        exponents(plan_of(&learning_rbp, SAMPLING_INDEPENDENT), &learning_rbp);
    assert_true(near(found.slope.distance, 0.5, 0.06));
    assert_true(near(found.slope.spread, 0.5, 0.06));
}

static void test_reshuffled(void **state)
{
    (void)state;
    const struct exponents found =
        exponents(plan_of(&learning_rbp, SAMPLING_RESHUFFLED), &learning_rbp);
    assert_true(near(found.slope.distance, 1, 0.1));
    assert_true(near(found.slope.spread, 1.5, 0.1));
}

static void test_ordered(void **state)
{
    (void)state;
    const struct exponents found =
        exponents(plan_of(&learning_rbp, SAMPLING_ORDERED), &learning_rbp);
    assert_true(near(found.slope.distance, 1, 0.05));
    assert_true(found.last.spread < 1e-13); /* rounding of the mean; the distance is 1e-3 */
}

static void test_redrawn_feedback(void **state)
{
    (void)state;
    const struct exponents found =
        exponents(plan_of(&learning_redraw, SAMPLING_ALL), &learning_top_layer);
    assert_true(near(found.slope.distance, 0.5, 0.06));
    assert_true(near(found.slope.spread, 0.5, 0.06));
}

static void test_dropout(void **state)
{
    (void)state;
    struct training_plan plan = plan_of(&learning_rbp, SAMPLING_ALL);
    plan.learner.channel_dropout = 0.5;
    const struct exponents found = exponents(plan, &learning_rbp);
    assert_true(near(found.slope.distance, 0.5, 0.06));
    assert_true(near(found.slope.spread, 0.5, 0.06));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_independent), cmocka_unit_test(test_reshuffled),
        cmocka_unit_test(test_ordered),     cmocka_unit_test(test_redrawn_feedback),
        cmocka_unit_test(test_dropout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
