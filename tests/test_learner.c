/* The learner: backpropagation against differences of the loss; identities between rules; the
 * learning channel, its quantisers and dropout; laws of feedback; noise; normalisation; what a plan
 * may not say; one layer; float. */
#include "networks/learner_noise.h"
#include "networks/learner_parts.h"
#include "tests/lessons.h"

static const double ROUNDING = 1e-14; /* sums of a few products of numbers around 1 */

static const char *const neurons[] = {"identity", "logistic", "relu", "tanh"};
static const enum loss losses[] = {LOSS_CROSS_ENTROPY, LOSS_LOGISTIC, LOSS_SQUARED};

static void run(struct lesson *lesson, size_t steps)
{
    for (size_t k = 0; k < steps; k++) {
        lesson_field(lesson);
        learner_step(lesson->learner, 0.1);
    }
}

/* Two lessons of one seed under two rules; the fields of both. */
struct pair {
    struct lesson one, two;
};

static struct pair pair_of(const struct learner_plan *one, const struct learner_plan *two)
{
    struct pair pair = {lesson_of(one, 1), lesson_of(two, 1)};
    lesson_field(&pair.one);
    lesson_field(&pair.two);
    return pair;
}

static double pair_distance(const struct pair *pair)
{
    return lesson_distance(&pair->one.learner->field, &pair->two.learner->field);
}

static void pair_free(struct pair *pair)
{
    lesson_free(&pair->one);
    lesson_free(&pair->two);
}

/* ---- backpropagation ----------------------------------------------------------------------- */

/* -dE/dw by a central difference: h^2 from the third derivative, eps/h from rounding of the loss,
 * both near 1e-10 for h = 1e-5 and numbers around 1. */
static double descent(const struct lesson *lesson, size_t k)
{
    const double h = 1e-5;
    struct array *x = &lesson->learner->state;
    const double w = array_at(x, k);
    array_put(x, k, w + h);
    const double up = lesson_field(lesson);
    array_put(x, k, w - h);
    const double down = lesson_field(lesson);
    array_put(x, k, w);
    return -(up - down) / (2 * h) / (double)lesson->inputs.rows;
}

static void backpropagation_descends(void **state)
{
    (void)state;
    for (size_t n = 0; n < COUNT(neurons); n++)
        for (size_t k = 0; k < COUNT(losses); k++) {
            struct learner_plan plan = plan_of("bp", SIZES(5, 4, 6, 3));
            plan.neuron = neuron_named(neurons[n]);
            plan.loss = losses[k];
            struct lesson lesson = lesson_of(&plan, 10 * n + k);
            struct array field = lesson_array(lesson.learner->dim, 1);
            lesson_field(&lesson);
            array_copy(&lesson.learner->field, &field);
            double difference = 0;
            for (size_t i = 0; i < lesson.learner->dim; i++)
                difference = fmax(difference, fabs(descent(&lesson, i) - array_at(&field, i)));
            assert_true(difference < 1e-7 * array_norm(&field));
            assert_true(array_norm(&field) > 0.01);
            free(field.values);
            lesson_free(&lesson);
        }
}

/* What learner_backpropagate() gives beside another rule is what bp has at the same weights. */
static void backpropagation_beside_another_rule(void **state)
{
    (void)state;
    const struct learner_plan plan = plan_of("rbp", SIZES(5, 4, 6, 3));
    const struct learner_plan other = plan_of("bp", SIZES(5, 4, 6, 3));
    struct pair pair = pair_of(&plan, &other);
    struct array signal[4];
    for (size_t l = 1; l < COUNT(signal); l++)
        signal[l] = lesson_array(plan.batch, plan.sizes[l]);
    learner_backpropagate(pair.one.learner, signal);
    for (size_t l = 1; l < COUNT(signal); l++) {
        assert_true(lesson_same(&signal[l], &pair.two.learner->signal[l]));
        if (l < 3)
            assert_true(lesson_distance(&signal[l], &pair.one.learner->signal[l]) > 0.01);
        free(signal[l].values);
    }
    pair_free(&pair);
}

/* ---- identities between rules, (MB44) ------------------------------------------------------ */

static void one_hidden_layer_makes_rbp_skipped(void **state)
{
    (void)state;
    const struct learner_plan rbp = plan_of("rbp", SIZES(5, 4, 3));
    const struct learner_plan srbp = plan_of("srbp", SIZES(5, 4, 3));
    struct pair pair = pair_of(&rbp, &srbp);
    run(&pair.one, 10);
    run(&pair.two, 10);
    assert_true(lesson_same(&pair.one.learner->state, &pair.two.learner->state));
    pair_free(&pair);
}

static void rbp_with_transposes_is_bp(void **state)
{
    (void)state;
    const struct learner_plan rbp = plan_of("rbp", SIZES(5, 4, 6, 3));
    const struct learner_plan bp = plan_of("bp", SIZES(5, 4, 6, 3));
    struct pair pair = pair_of(&rbp, &bp);
    assert_true(pair_distance(&pair) > 0.01);
    for (int step = 0; step < 20; step++) {
        for (size_t l = 1; l < 3; l++)
            array_transpose(&pair.one.learner->weight[l + 1], &pair.one.learner->feedback[l]);
        run(&pair.one, 1);
        run(&pair.two, 1);
    }
    assert_true(pair_distance(&pair) < ROUNDING);
    pair_free(&pair);
}

static void linear_units_have_no_derivative(void **state)
{
    (void)state;
    for (size_t r = 0; learning_registry[r]; r++) {
        struct learner_plan plan = plan_of(learning_registry[r]->name, SIZES(5, 4, 6, 3));
        plan.neuron = neuron_named("identity");
        struct learner_plan without = plan;
        without.no_derivative = true;
        struct pair pair = pair_of(&plan, &without);
        assert_true(lesson_same(&pair.one.learner->field, &pair.two.learner->field));
        pair_free(&pair);
        plan.neuron = without.neuron = neuron_named("tanh");
        pair = pair_of(&plan, &without);
        assert_true(plan.rule->topology == LEARNING_NONE || pair_distance(&pair) > 0.001);
        pair_free(&pair);
    }
}

static void linear_units_make_sbp_bp(void **state)
{
    (void)state;
    struct learner_plan sbp = plan_of("sbp", SIZES(5, 4, 6, 2, 3));
    struct learner_plan bp = plan_of("bp", SIZES(5, 4, 6, 2, 3));
    struct pair pair = pair_of(&sbp, &bp);
    assert_true(pair_distance(&pair) > 0.01); /* not with tanh */
    pair_free(&pair);
    sbp.neuron = bp.neuron = neuron_named("identity");
    pair = pair_of(&sbp, &bp);
    assert_true(pair_distance(&pair) < ROUNDING);
    pair_free(&pair);
}

/* rbp with C_l is srbp with C_l C_(l+1) ... C_(L-1). */
static void linear_units_make_rbp_skipped(void **state)
{
    (void)state;
    struct learner_plan rbp = plan_of("rbp", SIZES(5, 4, 6, 2, 3));
    struct learner_plan srbp = plan_of("srbp", SIZES(5, 4, 6, 2, 3));
    rbp.neuron = srbp.neuron = neuron_named("identity");
    struct pair pair = pair_of(&rbp, &srbp);
    struct array *C = pair.two.learner->feedback;
    array_copy(&pair.one.learner->feedback[3], &C[3]);
    for (size_t l = 2; l > 0; l--)
        array_product(learner_plain(&pair.one.learner->feedback[l]), learner_plain(&C[l + 1]), 1, 0,
                      &C[l]);
    lesson_field(&pair.two);
    assert_true(pair_distance(&pair) < ROUNDING);
    pair_free(&pair);
}

static void the_top_layer_is_the_same_in_all_rules(void **state)
{
    (void)state;
    struct learner_plan bp = plan_of("bp", SIZES(5, 4, 6, 3));
    for (size_t r = 0; learning_registry[r]; r++) {
        struct learner_plan plan = plan_of(learning_registry[r]->name, SIZES(5, 4, 6, 3));
        plan.decay = 0;
        struct pair pair = pair_of(&bp, &plan);
        assert_true(
            lesson_same(&pair.one.learner->weight_field[3], &pair.two.learner->weight_field[3]));
        assert_true(
            lesson_same(&pair.one.learner->bias_field[3], &pair.two.learner->bias_field[3]));
        const double hidden =
            lesson_distance(&pair.one.learner->weight_field[2], &pair.two.learner->weight_field[2]);
        assert_true(plan.rule == bp.rule || strcmp(plan.rule->name, "sbp") == 0 || hidden > 0.001);
        pair_free(&pair);
    }
}

/* E -> -E turns all updates, E = 0 stops them; with T = 2 O - T and T = O under squared error. */
static void updates_are_odd_in_the_error(void **state)
{
    (void)state;
    for (size_t r = 0; learning_registry[r]; r++) {
        struct learner_plan plan = plan_of(learning_registry[r]->name, SIZES(5, 4, 6, 3));
        plan.loss = LOSS_SQUARED;
        plan.decay = 0;
        struct lesson lesson = lesson_of(&plan, 1);
        struct learner *learner = lesson.learner;
        struct array field = lesson_array(learner->dim, 1);
        lesson_field(&lesson);
        array_copy(&learner->field, &field);
        array_scale(-1, &lesson.targets);
        array_add(2, &learner->output[3], &lesson.targets);
        lesson_field(&lesson);
        array_add(1, &learner->field, &field);
        field.rows = learner->forward_dim; /* a mirror's feedback does not learn by errors */
        const bool magnitude = strcmp(plan.rule->name, "magnitude-only") == 0;
        assert_true(magnitude ? array_norm(&field) > 0.1 : array_norm(&field) < ROUNDING);
        array_copy(&learner->output[3], &lesson.targets);
        lesson_field(&lesson);
        array_copy(&learner->field, &(struct array){&array_double, learner->dim, 1, field.values});
        assert_true(array_norm(&field) == 0);
        free(field.values);
        lesson_free(&lesson);
    }
}

/* Under softmax sum_k e_k = 0: feedback of ones delivers nothing, and a constant in the rows of
 * skipped feedback changes nothing; under squared error both do. */
static void softmax_is_deaf_to_constants(void **state)
{
    (void)state;
    static const char *const skipped[] = {"srbp", "rbp"}; /* rbp: the last matrix */
    for (size_t r = 0; r < COUNT(skipped); r++)
        for (size_t squared = 0; squared < 2; squared++) {
            struct learner_plan plan = plan_of(skipped[r], SIZES(5, 4, 6, 3));
            plan.loss = squared ? LOSS_SQUARED : LOSS_CROSS_ENTROPY;
            struct pair pair = pair_of(&plan, &plan);
            for (size_t l = r == 0 ? 1 : 2; l < 3; l++)
                for (size_t k = 0; k < array_count(&pair.two.learner->feedback[l]); k++) {
                    struct array *C = &pair.two.learner->feedback[l];
                    const size_t row = k / C->columns;
                    array_put(C, k, array_at(C, k) + 0.3 + (double)row);
                }
            run(&pair.one, 100);
            run(&pair.two, 100);
            const double moved =
                lesson_distance(&pair.one.learner->state, &pair.two.learner->state);
            assert_true(squared ? moved > 0.1 : moved < 1e-12); /* 100 steps of 1e-15 each */
            pair_free(&pair);
        }
}

static void feedback_of_ones_trains_the_top_layer(void **state)
{
    (void)state;
    for (size_t sparse = 0; sparse < 2; sparse++) {
        struct learner_plan plan = plan_of("srbp", SIZES(5, 4, 6, 3));
        plan.law = sparse ? FEEDBACK_SPARSE : FEEDBACK_ONES;
        plan.sparse = 3; /* of 3: all of them */
        const struct learner_plan top = plan_of("top-layer", SIZES(5, 4, 6, 3));
        struct pair pair = pair_of(&plan, &top);
        run(&pair.one, 100);
        run(&pair.two, 100);
        assert_true(lesson_distance(&pair.one.learner->state, &pair.two.learner->state) < 1e-12);
        pair_free(&pair);
    }
}

/* sign-only is the quantised channel with one bit. */
static void signs_are_one_bit(void **state)
{
    (void)state;
    struct learner_plan bit = plan_of("srbp", SIZES(5, 4, 6, 3));
    bit.channel_quantiser = (struct quantiser){ROUNDING_MID_RISE, 1, 0.125};
    const struct learner_plan sign = plan_of("sign-only", SIZES(5, 4, 6, 3));
    struct pair pair = pair_of(&bit, &sign);
    assert_true(lesson_same(&pair.one.learner->field, &pair.two.learner->field));
    pair_free(&pair);
}

static void kolen_pollack_without_decay_is_arbp(void **state)
{
    (void)state;
    struct learner_plan kp = plan_of("kolen-pollack", SIZES(5, 4, 6, 3));
    const struct learner_plan arbp = plan_of("arbp", SIZES(5, 4, 6, 3));
    struct pair pair = pair_of(&kp, &arbp);
    assert_true(pair_distance(&pair) > 1e-5);
    pair_free(&pair);
    kp.decay = 0;
    pair = pair_of(&kp, &arbp);
    assert_true(lesson_same(&pair.one.learner->field, &pair.two.learner->field));
    pair_free(&pair);
}

/* ---- the channel: neurons, dropout, quantisers ---------------------------------------------- */

/* P = g(E C') of the last hidden layer, by plain numbers. */
static void channel_neurons_act_on_what_arrives(void **state)
{
    (void)state;
    struct learner_plan plan = plan_of("srbp", SIZES(5, 4, 3));
    plan.no_derivative = true;
    plan.channel_neuron = neuron_named("tanh");
    struct lesson lesson = lesson_of(&plan, 1);
    lesson_field(&lesson);
    const struct array *E = &lesson.learner->error, *C = &lesson.learner->feedback[1];
    for (size_t s = 0; s < plan.batch; s++)
        for (size_t i = 0; i < 4; i++) {
            double P = 0;
            for (size_t k = 0; k < 3; k++)
                P += lesson_at(E, s, k) * lesson_at(C, i, k);
            assert_true(fabs(lesson_at(&lesson.learner->signal[1], s, i) - tanh(P)) < ROUNDING);
        }
    lesson_free(&lesson);
}

/* Each unit is dropped with its probability, or divided by 1 - p; layers and steps differ. */
static void dropout_keeps_the_mean(void **state)
{
    (void)state;
    struct learner_plan plan = plan_of("srbp", SIZES(5, 200, 200, 3));
    plan.batch = 100;
    plan.no_derivative = true;
    struct learner_plan dropping = plan;
    dropping.channel_dropout = 0.3;
    struct pair pair = pair_of(&plan, &dropping);
    struct array mask[3];
    for (size_t l = 1; l < 3; l++) {
        mask[l] = lesson_array(100, 200);
        size_t dropped = 0;
        for (size_t k = 0; k < array_count(&mask[l]); k++) {
            const double P = array_at(&pair.one.learner->signal[l], k);
            const double Q = array_at(&pair.two.learner->signal[l], k);
            assert_true(Q == 0 || fabs(Q - P / 0.7) < ROUNDING);
            array_put(&mask[l], k, Q == 0);
            dropped += Q == 0;
        }
        assert_true(fabs((double)dropped / 20000 - 0.3) < 5 * sqrt(0.3 * 0.7 / 20000));
    }
    assert_false(lesson_same(&mask[1], &mask[2]));
    lesson_field(&pair.two); /* the same step: the same mask */
    for (size_t k = 0; k < 20000; k++)
        assert_true((array_at(&pair.two.learner->signal[1], k) == 0) ==
                    (array_at(&mask[1], k) > 0));
    learner_step(pair.two.learner, 0);
    lesson_field(&pair.two);
    size_t changed = 0;
    for (size_t k = 0; k < 20000; k++)
        changed += (array_at(&pair.two.learner->signal[1], k) == 0) != (array_at(&mask[1], k) > 0);
    assert_true(changed > 5000);
    free(mask[1].values);
    free(mask[2].values);
    pair_free(&pair);
}

static double quantised(struct quantiser quantiser, struct stream *stream, double x)
{
    struct array one = {&array_double, 1, 1, &x};
    learner_quantise(&quantiser, stream, &one);
    return x;
}

static const enum rounding roundings[] = {ROUNDING_MID_RISE, ROUNDING_MID_TREAD};

/* (MB35): levels, oddness, idempotence, clipping; zero only where there is a level for it. */
static void quantisers_have_their_levels(void **state)
{
    (void)state;
    enum { POINTS = 20011 }; /* prime: not on the ties between levels */
    for (size_t r = 0; r < COUNT(roundings); r++)
        for (unsigned bits = 1; bits <= 6; bits++) {
            const struct quantiser q = {roundings[r], bits, 0.375};
            size_t levels = 1;
            double last = quantised(q, NULL, -1);
            assert_true(last == -0.375);
            for (int k = 0; k <= POINTS; k++) {
                const double x = 0.75 * k / POINTS - 0.375, y = quantised(q, NULL, x);
                assert_true(fabs(y - x) <= 0.375 / (ldexp(1, (int)bits) - 1) + ROUNDING);
                assert_true(quantised(q, NULL, y) == y);
                assert_true(fabs(quantised(q, NULL, -x) + y) < ROUNDING);
                levels += y != last;
                last = y;
            }
            assert_true(quantised(q, NULL, 7) == 0.375);
            assert_int_equal(levels, (1U << bits) + (roundings[r] == ROUNDING_MID_TREAD));
            assert_true((quantised(q, NULL, 0) == 0) == (roundings[r] == ROUNDING_MID_TREAD));
        }
}

/* E q(x) = x inside the range: 5 standard errors of a mean of numbers that spread over one step. */
static void stochastic_rounding_has_no_bias(void **state)
{
    (void)state;
    enum { DRAWS = 20000 };
    const struct quantiser q = {ROUNDING_STOCHASTIC, 2, 0.5};
    struct stream stream = stream_at(2018, stream_key("rounding"), 0);
    for (int k = -10; k <= 10; k++) {
        const double x = 0.05 * k;
        double sum = 0;
        for (int n = 0; n < DRAWS; n++)
            sum += quantised(q, &stream, x);
        assert_true(fabs(sum / DRAWS - x) < 5 * 0.125 / sqrt(DRAWS));
    }
    assert_true(quantised(q, &stream, 3) == 0.5 && quantised(q, &stream, 0) == 0);
}

/* Many bits: the run without them, in float to its rounding. */
static void many_bits_are_none(void **state)
{
    (void)state;
    for (size_t r = 0; r < COUNT(roundings); r++) {
        struct learner_plan plan = plan_of("rbp", SIZES(5, 4, 6, 3));
        struct learner_plan fine = plan;
        fine.channel_quantiser = fine.update_quantiser = (struct quantiser){roundings[r], 24, 8};
        struct pair pair = pair_of(&plan, &fine);
        run(&pair.one, 20);
        run(&pair.two, 20);
        /* half a step of 2^-20, through 20 steps of 0.1 */
        assert_true(lesson_distance(&pair.one.learner->state, &pair.two.learner->state) < 1e-5);
        assert_true(pair_distance(&pair) > 0);
        pair_free(&pair);
    }
}

static void errors_of_zero_move_weights_by_mid_rise(void **state)
{
    (void)state;
    for (size_t r = 0; r < COUNT(roundings); r++)
        for (size_t updates = 0; updates < 2; updates++) {
            struct learner_plan plan = plan_of("rbp", SIZES(5, 4, 6, 3));
            plan.loss = LOSS_SQUARED;
            struct quantiser *quantiser =
                updates ? &plan.update_quantiser : &plan.channel_quantiser;
            *quantiser = (struct quantiser){roundings[r], 3, 0.125};
            struct lesson lesson = lesson_of(&plan, 1);
            lesson_field(&lesson);
            array_copy(&lesson.learner->output[3], &lesson.targets);
            lesson_field(&lesson);
            const double moved = array_norm(&lesson.learner->field);
            assert_true(roundings[r] == ROUNDING_MID_RISE ? moved > 0.01 : moved == 0);
            lesson_free(&lesson);
        }
}

/* F = mean over samples of q(D_i X_j), by plain loops, and of q(D_i) for biases. */
static void updates_are_quantised_one_by_one(void **state)
{
    (void)state;
    struct learner_plan plan = plan_of("rbp", SIZES(5, 4, 6, 3));
    const struct quantiser q = plan.update_quantiser =
        (struct quantiser){ROUNDING_MID_TREAD, 3, 0.2};
    struct lesson lesson = lesson_of(&plan, 1);
    struct learner *learner = lesson.learner;
    lesson_field(&lesson);
    for (size_t l = 1; l <= 3; l++)
        for (size_t i = 0; i < plan.sizes[l]; i++)
            for (size_t j = 0; j <= plan.sizes[l - 1]; j++) {
                const bool bias = j == plan.sizes[l - 1];
                double mean = 0;
                for (size_t s = 0; s < plan.batch; s++) {
                    const double x = bias ? 1 : lesson_at(&learner->output[l - 1], s, j);
                    mean += quantised(q, NULL, lesson_at(&learner->signal[l], s, i) * x) /
                            (double)plan.batch;
                }
                const double F = bias ? array_at(&learner->bias_field[l], i)
                                      : lesson_at(&learner->weight_field[l], i, j);
                assert_true(fabs(F - mean) < ROUNDING);
            }
    lesson_free(&lesson);
}

/* ---- laws ---------------------------------------------------------------------------------- */

/* Glorot's standard deviations, zero biases; He's for relu.  s.d. of a sample s.d.: s/sqrt(2 n). */
static void starts_follow_their_laws(void **state)
{
    (void)state;
    for (size_t relu = 0; relu < 2; relu++) {
        struct learner_plan plan = plan_of("rbp", SIZES(80, 120, 60, 20));
        plan.neuron = neuron_named(relu ? "relu" : "tanh");
        struct learner *learner = learner_of(&plan);
        for (size_t l = 1; l <= 3; l++) {
            const double in = (double)plan.sizes[l - 1], out = (double)plan.sizes[l];
            const double s = sqrt(2 / (in + (relu ? 0 : out)));
            const double rms = array_norm(&learner->weight[l]) / sqrt(in * out);
            assert_true(fabs(rms - s) < 5 * s / sqrt(2 * in * out));
            assert_true(array_norm(&learner->bias[l]) == 0);
            if (l == 3)
                continue;
            const double above = (double)plan.sizes[l + 1], c = sqrt(2 / (out + above));
            const double spread = array_norm(&learner->feedback[l]) / sqrt(out * above);
            assert_true(fabs(spread - c) < 5 * c / sqrt(2 * out * above));
        }
        learner_free(learner);
    }
}

static void feedback_follows_its_law(void **state)
{
    (void)state;
    struct learner_plan plan = plan_of("srbp", SIZES(3, 90, 40));
    plan.feedback_mean = 0.5;
    struct learner *learner = learner_of(&plan);
    struct array sums = lesson_array(1, 40);
    array_column_sums(1, &learner->feedback[1], &sums);
    double mean = 0;
    for (size_t k = 0; k < 40; k++)
        mean += array_at(&sums, k) / 3600;
    assert_true(fabs(mean - 0.5) < 5 * sqrt(2 / 130.0) / 60);
    learner_free(learner);
    free(sums.values);

    plan.feedback_mean = 0;
    plan.law = FEEDBACK_SPARSE;
    plan.sparse = 8;
    plan.feedback_scale = 0.5;
    learner = learner_of(&plan);
    size_t ones = 0;
    for (size_t k = 0; k < 3600; k++) {
        const double c = array_at(&learner->feedback[1], k);
        assert_true(c == 0 || c == 0.5);
        ones += c > 0;
    }
    /* 8 of 40 in each of 90 units */
    assert_true(fabs((double)ones - 720) < 5 * sqrt(3600 * 0.2 * 0.8));
    learner_free(learner);
}

static void orthogonal_feedback_is(void **state)
{
    (void)state;
    static const size_t shapes[][2] = {{30, 20}, {20, 30}, {20, 20}};
    for (size_t k = 0; k < COUNT(shapes); k++) {
        struct learner_plan plan = plan_of("srbp", SIZES(3, shapes[k][0], shapes[k][1]));
        plan.law = FEEDBACK_ORTHOGONAL;
        plan.feedback_scale = 3;
        struct learner *learner = learner_of(&plan);
        const struct array *C = &learner->feedback[1];
        struct array gram = lesson_array(20, 20);
        if (C->rows > C->columns)
            array_product(learner_transposed(C), learner_plain(C), 1, 0, &gram);
        else
            array_product(learner_plain(C), learner_transposed(C), 1, 0, &gram);
        for (size_t i = 0; i < 20; i++)
            for (size_t j = 0; j < 20; j++)
                assert_true(fabs(lesson_at(&gram, i, j) - (i == j ? 9 : 0)) < 9 * ROUNDING);
        free(gram.values);
        learner_free(learner);
    }
}

/* Rows that differ by 1e-6: one pass of the method leaves errors of 1e-10. */
static void nearly_dependent_rows_become_orthogonal(void **state)
{
    (void)state;
    struct array C = lesson_array(6, 9);
    struct stream stream = stream_at(2018, stream_key("rows"), 0);
    array_normals(&stream, 1e-6, &C);
    for (size_t k = 0; k < array_count(&C); k++)
        array_put(&C, k, array_at(&C, k) + (double)(k % 9));
    learner_orthonormalise(1, &C);
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < 6; j++) {
            const struct array a = array_rows(&C, i, 1), b = array_rows(&C, j, 1);
            assert_true(fabs(array_dot(&a, &b) - (i == j)) < ROUNDING);
        }
    free(C.values);
}

/* ---- normalisation, (MB36) ------------------------------------------------------------------ */

static void rows_keep_their_norms(void **state)
{
    (void)state;
    for (size_t projection = 0; projection < 2; projection++) {
        struct learner_plan plan = plan_of("rbp", SIZES(5, 4, 6, 3));
        plan.normalisation = projection ? NORMALISATION_PROJECTION : NORMALISATION_CAP;
        plan.rho = 1.25;
        struct lesson lesson = lesson_of(&plan, 1);
        double norm[3][6];
        for (size_t l = 1; l <= 3; l++)
            for (size_t i = 0; i < plan.sizes[l]; i++) {
                const struct array row = array_rows(&lesson.learner->weight[l], i, 1);
                norm[l - 1][i] = plan.rho * array_norm(&row);
            }
        run(&lesson, 200);
        size_t below = 0, at = 0;
        for (size_t l = 1; l <= 3; l++)
            for (size_t i = 0; i < plan.sizes[l]; i++) {
                const struct array row = array_rows(&lesson.learner->weight[l], i, 1);
                const double now = array_norm(&row);
                assert_true(now <= norm[l - 1][i] * (1 + ROUNDING));
                at += now >= norm[l - 1][i] * (1 - ROUNDING);
                below += now < norm[l - 1][i] * (1 - 1e-3);
            }
        assert_true(at > 0 && (projection ? below == 0 : below > 0));
        lesson_free(&lesson);
    }
}

/* ---- plans, memory, arithmetic -------------------------------------------------------------- */

struct refusal {
    const char *why;
    void (*spoil)(struct learner_plan *plan);
};

#define SPOIL(name, statement)                                                                     \
    static void name(struct learner_plan *plan)                                                    \
    {                                                                                              \
        statement;                                                                                 \
    }
SPOIL(no_rule, plan->rule = NULL)
SPOIL(no_neuron, plan->neuron = NULL)
SPOIL(no_layers, plan->layers = 0)
SPOIL(many_layers, plan->layers = LEARNER_LAYERS_MAX + 1)
SPOIL(no_units, plan->sizes[1] = 0)
SPOIL(huge, plan->sizes[0] = plan->sizes[1] = (size_t)1 << 40)
SPOIL(no_batch, plan->batch = 0)
SPOIL(no_ratio, plan->product_ratio = 0)
SPOIL(certain_dropout, plan->channel_dropout = 1)
SPOIL(undefined_dropout, plan->channel_dropout = NAN)
SPOIL(growth, plan->decay = -1)
SPOIL(backward_mirror, plan->mirror = -1)
SPOIL(no_ones, plan->sparse = 0)
SPOIL(infinite_scale, plan->feedback_scale = INFINITY)
SPOIL(no_bits, plan->channel_quantiser = ((struct quantiser){ROUNDING_MID_RISE, 0, 1}))
SPOIL(no_range, plan->update_quantiser = ((struct quantiser){ROUNDING_MID_TREAD, 3, 0}))
SPOIL(no_norm, plan->normalisation = NORMALISATION_CAP; plan->rho = 0)

static void plans_are_checked(void **state)
{
    (void)state;
    static void (*const spoil[])(struct learner_plan *) = {
        no_rule,         no_neuron,         no_layers, many_layers,     no_units, huge,
        no_batch,        no_ratio,          growth,    certain_dropout, no_ones,  infinite_scale,
        backward_mirror, undefined_dropout, no_bits,   no_range,        no_norm};
    for (size_t k = 0; k < COUNT(spoil); k++) {
        struct learner_plan plan = plan_of("pfa", SIZES(5, 4, 3));
        struct learner *learner = NULL;
        spoil[k](&plan);
        assert_int_equal(learner_create(&plan, &learner), BAD_ARGUMENT);
        assert_null(learner);
        assert_true(strlen(status_message()) > 10);
    }
    learner_free(NULL);
}

/* What a rule without a channel could not follow. */
static void modifiers_that_do_not_act_are_refused(void **state)
{
    (void)state;
    for (size_t r = 0; learning_registry[r]; r++)
        for (size_t k = 0; k < 5; k++) {
            const struct learning_rule *rule = learning_registry[r];
            const bool top = rule == &learning_top_layer, each = rule == &learning_per_weight;
            const struct quantiser bits = {ROUNDING_MID_TREAD, 3, 1};
            struct learner_plan plan = plan_of(rule->name, SIZES(5, 4, 3));
            struct learner *learner = NULL;
            plan.channel_neuron = k == 1 ? neuron_named("tanh") : NULL;
            plan.channel_dropout = k == 2 ? 0.5 : 0;
            if (k > 2)
                *(k == 3 ? &plan.channel_quantiser : &plan.update_quantiser) = bits;
            const bool refused = k > 0 && ((top && k < 4) || each);
            assert_int_equal(learner_create(&plan, &learner), refused ? BAD_ARGUMENT : OK);
            learner_free(learner);
        }
}

/* One layer of weights is a network, without hidden layers or feedback. */
static void one_layer_is_a_network(void **state)
{
    (void)state;
    for (size_t r = 0; learning_registry[r]; r++) {
        const struct learner_plan plan = plan_of(learning_registry[r]->name, SIZES(5, 3));
        struct lesson lesson = lesson_of(&plan, 1);
        const double before = lesson_field(&lesson);
        run(&lesson, 10);
        assert_true(lesson_field(&lesson) < before);
        lesson_free(&lesson);
    }
}

/* The same field in float, to its rounding. */
static void float_is_double_rounded(void **state)
{
    (void)state;
    for (size_t r = 0; learning_registry[r]; r++) {
        struct learner_plan plan = plan_of(learning_registry[r]->name, SIZES(5, 4, 6, 3));
        struct lesson lesson = lesson_of(&plan, 1);
        plan.arithmetic = &array_float;
        struct learner *learner = learner_of(&plan);
        double numbers[300];
        float inputs[35], targets[21];
        struct array x = array_view(&array_float, 7, 5, inputs);
        struct array t = array_view(&array_float, 7, 3, targets);
        array_store(&lesson.inputs, numbers);
        array_load(numbers, &x);
        array_store(&lesson.targets, numbers);
        array_load(numbers, &t);
        assert_true(learner->dim <= COUNT(numbers));
        array_store(&lesson.learner->state, numbers);
        array_load(numbers, &learner->state);
        lesson_field(&lesson);
        learner_field(learner, &x, &t);
        for (size_t k = 0; k < learner->dim; k++)
            assert_true(fabs(array_at(&learner->field, k) - array_at(&lesson.learner->field, k)) <
                        100 * array_float.epsilon);
        learner_free(learner);
        lesson_free(&lesson);
    }
}

static void noise_is_fresh_and_keyed(void **state)
{
    (void)state;
    enum { ROWS = 500, OUTPUTS = 4 };
    struct array x = lesson_array(ROWS, 20), t = lesson_array(ROWS, OUTPUTS);
    struct array y = lesson_array(ROWS, 20), u = lesson_array(ROWS, OUTPUTS);
    struct array sums = lesson_array(1, OUTPUTS);
    learner_noise(1, 7, &x, &t);
    learner_noise(1, 7, &y, &u);
    assert_true(lesson_same(&x, &y) && lesson_same(&t, &u));
    learner_noise(1, 8, &y, &u);
    assert_true(fabs(array_angle(&x, &y) - 90) < 5 * 57.3 / sqrt(ROWS * 20.0));
    assert_false(lesson_same(&t, &u));
    assert_true(fabs(array_norm(&x) / sqrt(ROWS * 20.0) - 1) < 5 / sqrt(2 * ROWS * 20.0));
    array_column_sums(1, &t, &sums);
    for (size_t k = 0; k < OUTPUTS; k++)
        assert_true(fabs(array_at(&sums, k) - 125) < 5 * sqrt(ROWS * 0.25 * 0.75));
    for (size_t s = 0; s < ROWS; s++) {
        const struct array row = array_rows(&t, s, 1);
        assert_true(array_norm(&row) == 1);
    }
    free(x.values);
    free(t.values);
    free(y.values);
    free(u.values);
    free(sums.values);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(backpropagation_descends),
        cmocka_unit_test(backpropagation_beside_another_rule),
        cmocka_unit_test(one_hidden_layer_makes_rbp_skipped),
        cmocka_unit_test(rbp_with_transposes_is_bp),
        cmocka_unit_test(linear_units_have_no_derivative),
        cmocka_unit_test(linear_units_make_sbp_bp),
        cmocka_unit_test(linear_units_make_rbp_skipped),
        cmocka_unit_test(the_top_layer_is_the_same_in_all_rules),
        cmocka_unit_test(updates_are_odd_in_the_error),
        cmocka_unit_test(softmax_is_deaf_to_constants),
        cmocka_unit_test(feedback_of_ones_trains_the_top_layer),
        cmocka_unit_test(signs_are_one_bit),
        cmocka_unit_test(kolen_pollack_without_decay_is_arbp),
        cmocka_unit_test(channel_neurons_act_on_what_arrives),
        cmocka_unit_test(dropout_keeps_the_mean),
        cmocka_unit_test(quantisers_have_their_levels),
        cmocka_unit_test(stochastic_rounding_has_no_bias),
        cmocka_unit_test(many_bits_are_none),
        cmocka_unit_test(errors_of_zero_move_weights_by_mid_rise),
        cmocka_unit_test(updates_are_quantised_one_by_one),
        cmocka_unit_test(starts_follow_their_laws),
        cmocka_unit_test(feedback_follows_its_law),
        cmocka_unit_test(orthogonal_feedback_is),
        cmocka_unit_test(nearly_dependent_rows_become_orthogonal),
        cmocka_unit_test(noise_is_fresh_and_keyed),
        cmocka_unit_test(rows_keep_their_norms),
        cmocka_unit_test(plans_are_checked),
        cmocka_unit_test(modifiers_that_do_not_act_are_refused),
        cmocka_unit_test(one_layer_is_a_network),
        cmocka_unit_test(float_is_double_rounded),
    };
    return cmocka_run_group_tests(tests, lesson_begin, NULL);
}
