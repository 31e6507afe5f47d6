/* Learning rules: the field of each registered rule against its definition, written again with
 * plain loops in long double; determinism; scaling; streams; and the flows of nonlinear/ and
 * linear/, which have the same equations over full data in another form. */
#include "linear/registry.h"
#include "nonlinear/activation.h"
#include "nonlinear/system.h"
#include "tests/lessons.h"

enum { LAYERS = 5, UNITS = 8, SAMPLES = 7, STATES = 3 };

/* Sums of up to 100 products of numbers around 1 in another order. */
static const double ROUNDING = 1e-13;

/* ---- the definitions, by plain loops ------------------------------------------------------- */

/* One evaluation: X, f', P, D and M_l of P_l = from M_l'. */
struct plain {
    long double X[LAYERS + 1][SAMPLES][UNITS], slope[LAYERS + 1][SAMPLES][UNITS];
    long double P[LAYERS + 1][SAMPLES][UNITS], D[LAYERS + 1][SAMPLES][UNITS];
    long double M[LAYERS + 1][UNITS][UNITS];
};

static long double plain_neuron(enum neuron_kind kind, long double s, long double *slope)
{
    switch (kind) {
    case NEURON_IDENTITY:
        *slope = 1;
        return s;
    case NEURON_LOGISTIC:
        *slope = 1 / ((1 + expl(s)) * (1 + expl(-s)));
        return 1 / (1 + expl(-s));
    case NEURON_RELU:
        *slope = s > 0;
        return s > 0 ? s : 0;
    case NEURON_SHIFTED_LOGISTIC:
        *slope = 1 / ((1 + expl(s)) * (1 + expl(-s)));
        return 1 / (1 + expl(-s)) - 0.5L;
    case NEURON_TANH:
        break;
    }
    *slope = 1 / (coshl(s) * coshl(s));
    return tanhl(s);
}

static void plain_top(enum loss loss, size_t count, long double *o)
{
    long double sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += expl(o[k]);
    for (size_t k = 0; k < count; k++)
        if (loss == LOSS_CROSS_ENTROPY)
            o[k] = expl(o[k]) / sum;
        else if (loss == LOSS_LOGISTIC)
            o[k] = 1 / (1 + expl(-o[k]));
}

static void plain_forward(const struct lesson *lesson, size_t s, struct plain *plain)
{
    const struct learner *learner = lesson->learner;
    const size_t L = learner->plan.layers, *N = learner->plan.sizes;
    for (size_t j = 0; j < N[0]; j++)
        plain->X[0][s][j] = lesson_at(&lesson->inputs, s, j);
    for (size_t l = 1; l <= L; l++)
        for (size_t i = 0; i < N[l]; i++) {
            long double S = learner->plan.biases ? array_at(&learner->bias[l], i) : 0;
            for (size_t j = 0; j < N[l - 1]; j++)
                S += lesson_at(&learner->weight[l], i, j) * plain->X[l - 1][s][j];
            plain->X[l][s][i] =
                l == L ? S : plain_neuron(learner->plan.neuron->kind, S, &plain->slope[l][s][i]);
        }
    plain_top(learner->plan.loss, N[L], plain->X[L][s]);
    for (size_t k = 0; k < N[L]; k++)
        plain->D[L][s][k] = lesson_at(&lesson->targets, s, k) - plain->X[L][s][k];
}

static bool is(const struct learner *learner, const char *name)
{
    return strcmp(learner->plan.rule->name, name) == 0;
}

/* Entry number `at` of `count` normal numbers, after `skipped` that were drawn together before. */
struct draw {
    const char *key;
    uint64_t index;
    size_t skipped, count, at;
};

static double drawn_normal(uint64_t seed, const struct draw *draw)
{
    struct stream stream = stream_at(seed, stream_key(draw->key), draw->index);
    struct array skipped = lesson_array(draw->skipped, 1), z = lesson_array(draw->count, 1);
    array_normals(&stream, 1, &skipped);
    array_normals(&stream, 1, &z);
    const double number = array_at(&z, draw->at);
    free(skipped.values);
    free(z.values);
    return number;
}

/* Entry number `at` of a feedback matrix, from the stream that the rule documents. */
static long double drawn(const struct learner *learner, size_t l, bool each_step, size_t at)
{
    const size_t rows = learner->feedback[l].rows, columns = learner->feedback[l].columns;
    const struct draw draw = {.key = each_step ? "network feedback redrawn" : "network feedback",
                              .index = each_step ? 64 * learner->step + l : l,
                              .count = rows * columns,
                              .at = at};
    return drawn_normal(learner->plan.seed, &draw) * sqrtl(2 / (long double)(rows + columns));
}

static long double sign_of(double w)
{
    return (w > 0) - (w < 0);
}

/* B_l of pfa, entry k m: the path C_l B_l' where C_l has a single entry, 1 at row 0, column m. */
static double fixed_of_product(struct learner *learner, size_t l, size_t k, size_t m)
{
    struct array kept = lesson_array(learner->feedback[l].rows, learner->feedback[l].columns);
    struct array path = lesson_array(learner->plan.sizes[l], learner->plan.sizes[l + 1]);
    array_copy(&learner->feedback[l], &kept);
    array_fill(0, &learner->feedback[l]);
    array_put(&learner->feedback[l], m, 1);
    learner->plan.rule->path(learner, l, &path);
    const double B = array_at(&path, k);
    array_copy(&kept, &learner->feedback[l]);
    free(kept.values);
    free(path.values);
    return B;
}

/* Entry i k of M_l. */
static long double plain_matrix(struct learner *learner, const struct plain *plain, size_t l,
                                const size_t at[2])
{
    const size_t i = at[0], k = at[1], columns = learner->feedback[l].columns;
    const double above = k < learner->plan.sizes[l + 1] && i < learner->plan.sizes[l]
                             ? lesson_at(&learner->weight[l + 1], k, i)
                             : 0;
    long double sum = 0;
    if (is(learner, "bp"))
        return above;
    if (is(learner, "sbp")) {
        if (l + 1 == learner->plan.layers)
            return above;
        for (size_t j = 0; j < learner->plan.sizes[l + 1]; j++)
            sum += lesson_at(&learner->weight[l + 1], j, i) * plain->M[l + 1][j][k];
        return sum;
    }
    if (is(learner, "sign-symmetry"))
        return sign_of(above) * sqrtl(2 / (long double)(learner->feedback[l].rows + columns));
    if (is(learner, "fixed-sign-symmetry"))
        return sign_of(above) * fabsl(drawn(learner, l, false, i * columns + k));
    if (is(learner, "sign-redraw"))
        return sign_of(above) * fabsl(drawn(learner, l, true, i * columns + k));
    if (is(learner, "redraw"))
        return drawn(learner, l, true, i * columns + k);
    if (is(learner, "pfa")) {
        for (size_t m = 0; m < columns; m++)
            sum += lesson_at(&learner->feedback[l], i, m) *
                   (long double)fixed_of_product(learner, l, k, m);
        return sum;
    }
    return lesson_at(&learner->feedback[l], i, k);
}

static bool has_matrix(const struct learner *learner)
{
    return !is(learner, "per-weight") && !is(learner, "top-layer");
}

static size_t from_of(const struct learner *learner, size_t l)
{
    return learner->plan.rule->topology == LEARNING_SKIPPED ? learner->plan.layers : l + 1;
}

static void plain_matrices(struct learner *learner, struct plain *plain)
{
    const size_t *N = learner->plan.sizes;
    for (size_t l = learner->plan.layers; has_matrix(learner) && l-- > 1;)
        for (size_t i = 0; i < N[l]; i++)
            for (size_t k = 0; k < N[from_of(learner, l)]; k++)
                plain->M[l][i][k] = plain_matrix(learner, plain, l, (size_t[]){i, k});
}

static void plain_backward(const struct learner *learner, size_t s, struct plain *plain)
{
    const size_t *N = learner->plan.sizes;
    for (size_t l = learner->plan.layers; l-- > 1;)
        for (size_t i = 0; i < N[l]; i++) {
            const size_t from = from_of(learner, l);
            long double P = 0;
            for (size_t k = 0; k < N[from] && has_matrix(learner); k++)
                P += plain->D[from][s][k] * plain->M[l][i][k];
            if (is(learner, "sign-only"))
                P = sign_of((double)P) / 8;
            if (is(learner, "magnitude-only"))
                P = fabsl(P);
            plain->P[l][s][i] = P;
            plain->D[l][s][i] = learner->plan.no_derivative ? P : P * plain->slope[l][s][i];
        }
}

/* c_ijk of per-weight, j = N_(l-1) for the bias */
static long double vector_of_weight(const struct learner *learner, size_t l, const size_t at[3])
{
    const size_t *N = learner->plan.sizes, top = N[learner->plan.layers];
    const size_t i = at[0], j = at[1], k = at[2], weights = top * N[l] * N[l - 1];
    const bool bias = j == N[l - 1];
    const struct draw draw = {.key = "network feedback",
                              .index = l,
                              .skipped = bias ? weights : 0,
                              .count = bias ? top * N[l] : weights,
                              .at = bias ? k * N[l] + i : (k * N[l] + i) * N[l - 1] + j};
    return drawn_normal(learner->plan.seed, &draw) * sqrtl(2 / (long double)(N[l] + top));
}

/* F of the weight i j of layer l; j = N_(l-1): of the bias, whose input is 1 */
static long double plain_weight(const struct learner *learner, const struct plain *plain, size_t l,
                                const size_t at[2])
{
    const size_t i = at[0], j = at[1], L = learner->plan.layers, *N = learner->plan.sizes;
    const bool per_weight = is(learner, "per-weight") && l < L;
    long double sum = 0;
    for (size_t s = 0; s < SAMPLES; s++) {
        const long double x = j == N[l - 1] ? 1 : plain->X[l - 1][s][j];
        if (!per_weight)
            sum += plain->D[l][s][i] * x;
        const long double slope = learner->plan.no_derivative ? 1 : plain->slope[l][s][i];
        for (size_t k = 0; k < N[L] && per_weight; k++)
            sum +=
                slope * x * plain->D[L][s][k] * vector_of_weight(learner, l, (size_t[]){i, j, k});
    }
    const double w = j == N[l - 1] ? 0 : lesson_at(&learner->weight[l], i, j);
    return sum / SAMPLES - learner->plan.decay * w;
}

/* F of C_l, entry i k */
static long double plain_feedback(struct learner *learner, const struct plain *plain, size_t l,
                                  const size_t at[2])
{
    const size_t i = at[0], k = at[1], above = learner->plan.sizes[l + 1];
    const double C = lesson_at(&learner->feedback[l], i, k);
    long double sum = 0;
    if (is(learner, "weight-mirror"))
        return learner->plan.mirror * (lesson_at(&learner->weight[l + 1], k, i) - (long double)C);
    for (size_t s = 0; s < SAMPLES; s++) {
        long double from = plain->D[from_of(learner, l)][s][k < above ? k : 0];
        if (is(learner, "pfa")) {
            from = 0;
            for (size_t j = 0; j < above; j++)
                from += plain->D[l + 1][s][j] * (long double)fixed_of_product(learner, l, j, k);
        }
        sum += plain->X[l][s][i] * from;
    }
    return sum / SAMPLES - learner->plan.decay * C;
}

static void expect(const struct learner *learner, const char *what, size_t l, double found,
                   long double defined)
{
    if (!(fabsl(found - defined) <= ROUNDING))
        fail_msg("%s, layer %zu: F(%s) = %.17g, by the definition %.17Lg", learner->plan.rule->name,
                 l, what, found, defined);
}

static void check_definition(const struct lesson *lesson)
{
    static struct plain plain;
    struct learner *learner = lesson->learner;
    const size_t L = learner->plan.layers, *N = learner->plan.sizes;
    lesson_field(lesson);
    for (size_t s = 0; s < SAMPLES; s++)
        plain_forward(lesson, s, &plain);
    plain_matrices(learner, &plain);
    for (size_t s = 0; s < SAMPLES; s++)
        plain_backward(learner, s, &plain);
    for (size_t l = 1; l <= L; l++)
        for (size_t i = 0; i < N[l]; i++) {
            for (size_t j = 0; j < N[l - 1]; j++)
                expect(learner, "W", l, lesson_at(&learner->weight_field[l], i, j),
                       plain_weight(learner, &plain, l, (size_t[]){i, j}));
            if (learner->plan.biases)
                expect(learner, "b", l, array_at(&learner->bias_field[l], i),
                       plain_weight(learner, &plain, l, (size_t[]){i, N[l - 1]}));
        }
    for (size_t l = 1; l < L && learner->plan.rule->feedback_learns; l++)
        for (size_t i = 0; i < N[l]; i++)
            for (size_t k = 0; k < learner->feedback[l].columns; k++)
                expect(learner, "C", l, lesson_at(&learner->feedback_field[l], i, k),
                       plain_feedback(learner, &plain, l, (size_t[]){i, k}));
}

static const enum neuron_kind kinds[] = {NEURON_TANH, NEURON_LOGISTIC, NEURON_RELU,
                                         NEURON_IDENTITY};
static const enum loss losses[] = {LOSS_CROSS_ENTROPY, LOSS_LOGISTIC, LOSS_SQUARED};

static const struct neuron *neuron_of(enum neuron_kind kind)
{
    for (size_t k = 0; neuron_registry[k]; k++)
        if (neuron_registry[k]->kind == kind)
            return neuron_registry[k];
    return NULL;
}

/* Every rule at states along a short run, each with other neurons, loss and switches. */
static void fields_are_as_defined(void **state)
{
    (void)state;
    for (size_t r = 0; learning_registry[r]; r++)
        for (size_t k = 0; k < COUNT(kinds) * COUNT(losses); k++) {
            struct learner_plan plan = plan_of(learning_registry[r]->name, SIZES(5, 4, 6, 3));
            plan.neuron = neuron_of(kinds[k % COUNT(kinds)]);
            plan.loss = losses[k / COUNT(kinds)];
            plan.biases = k % 5 != 1;
            plan.no_derivative = k % 5 == 2;
            plan.decay = k % 3 == 1 ? 0.37 : plan.decay;
            plan.product_ratio = 1 + k % 2;
            plan.mirror_samples = 0;
            plan.seed = k;
            struct lesson lesson = lesson_of(&plan, k);
            for (int step = 0; step < STATES; step++) {
                check_definition(&lesson);
                learner_step(lesson.learner, 0.07);
            }
            lesson_free(&lesson);
        }
}

/* ---- one seed, one result; a mean, not a sum ------------------------------------------------ */

static void run(struct lesson *lesson, size_t steps)
{
    for (size_t k = 0; k < steps; k++) {
        lesson_field(lesson);
        learner_step(lesson->learner, 0.1);
    }
}

static void runs_repeat_themselves(void **state)
{
    (void)state;
    for (size_t r = 0; learning_registry[r]; r++) {
        struct learner_plan plan = plan_of(learning_registry[r]->name, SIZES(5, 4, 6, 3));
        plan.biases = false;
        if (!plan.rule->weight_field) {
            plan.channel_dropout = 0.2;
            plan.channel_quantiser = (struct quantiser){ROUNDING_STOCHASTIC, 4, 1};
        }
        struct lesson one = lesson_of(&plan, 1), two = lesson_of(&plan, 1);
        run(&one, 5);
        run(&two, 2);
        assert_false(lesson_same(&one.learner->state, &two.learner->state));
        learner_initialise(two.learner);
        run(&two, 5);
        assert_true(lesson_same(&one.learner->state, &two.learner->state));
        plan.seed++;
        struct lesson other = lesson_of(&plan, 1);
        run(&other, 5);
        assert_false(lesson_same(&one.learner->state, &other.learner->state));
        lesson_free(&one);
        lesson_free(&two);
        lesson_free(&other);
    }
}

/* F(C_l) of a mirror with noise, by loops over the noise of its stream. */
static void mirrors_see_noise_through_the_weights(void **state)
{
    (void)state;
    enum { NOISE = 11 };
    struct learner_plan plan = plan_of("weight-mirror", SIZES(5, 4, 6, 3));
    plan.mirror = 0.7;
    plan.mirror_samples = NOISE;
    struct lesson lesson = lesson_of(&plan, 1);
    struct learner *learner = lesson.learner;
    run(&lesson, 2);
    lesson_field(&lesson);
    for (size_t l = 1; l < 3; l++) {
        struct array xi = lesson_array(NOISE, plan.sizes[l]);
        struct stream stream = stream_at(plan.seed, stream_key("network mirror"), 64 * 2 + l);
        array_normals(&stream, 1, &xi);
        for (size_t i = 0; i < plan.sizes[l]; i++)
            for (size_t k = 0; k < plan.sizes[l + 1]; k++) {
                long double sum = 0;
                for (size_t s = 0; s < NOISE; s++)
                    for (size_t j = 0; j < plan.sizes[l]; j++)
                        sum += lesson_at(&xi, s, i) * lesson_at(&xi, s, j) *
                               (long double)lesson_at(&learner->weight[l + 1], k, j);
                expect(learner, "C", l, lesson_at(&learner->feedback_field[l], i, k),
                       plan.mirror *
                           (sum / NOISE - (long double)lesson_at(&learner->feedback[l], i, k)));
            }
        free(xi.values);
    }
    lesson_free(&lesson);
}

/* Each sample twice in a batch: the same mean. */
static void fields_are_means(void **state)
{
    (void)state;
    for (size_t r = 0; learning_registry[r]; r++) {
        struct learner_plan plan = plan_of(learning_registry[r]->name, SIZES(5, 4, 6, 3));
        struct lesson once = lesson_of(&plan, 1);
        plan.batch *= 2;
        struct lesson twice = lesson_of(&plan, 1);
        array_copy(&once.learner->state, &twice.learner->state);
        for (size_t k = 0; k < 2; k++) {
            struct array half = array_rows(&twice.inputs, k * SAMPLES, SAMPLES);
            array_copy(&once.inputs, &half);
            half = array_rows(&twice.targets, k * SAMPLES, SAMPLES);
            array_copy(&once.targets, &half);
        }
        const double loss = lesson_field(&once);
        assert_true(fabs(lesson_field(&twice) - 2 * loss) < ROUNDING);
        assert_true(lesson_distance(&once.learner->field, &twice.learner->field) < ROUNDING);
        /* and a batch smaller than the plan's is a batch */
        assert_true(fabs(learner_field(twice.learner, &once.inputs, &once.targets) - loss) <
                    ROUNDING);
        assert_true(lesson_distance(&once.learner->field, &twice.learner->field) < ROUNDING);
        lesson_free(&once);
        lesson_free(&twice);
    }
}

/* Twice the feedback is twice the learning rate of the hidden layers that it feeds directly. */
static void feedback_scales_the_hidden_field(void **state)
{
    (void)state;
    static const char *const linear[] = {
        "rbp",    "srbp",       "per-weight", "sign-symmetry", "fixed-sign-symmetry",
        "redraw", "sign-redraw"};
    for (size_t r = 0; r < COUNT(linear); r++) {
        struct learner_plan plan = plan_of(linear[r], SIZES(5, 4, 6, 3));
        struct lesson one = lesson_of(&plan, 1);
        plan.feedback_scale = 2;
        struct lesson two = lesson_of(&plan, 1);
        const bool layered = plan.rule->topology == LEARNING_LAYERED;
        lesson_field(&one);
        lesson_field(&two);
        for (size_t l = 1; l <= plan.layers; l++) {
            const double factor = l == plan.layers ? 1 : layered ? ldexp(1, (int)(3 - l)) : 2;
            array_scale(factor, &one.learner->weight_field[l]);
            assert_true(lesson_same(&one.learner->weight_field[l], &two.learner->weight_field[l]));
        }
        lesson_free(&one);
        lesson_free(&two);
    }
}

/* Rules with one seed start from the same W, and feedback is independent of W: the angle between
 * them at the start is that of independent vectors, 90 degrees with s.d. 180/pi/sqrt(2500). */
static void feedback_has_streams_of_its_own(void **state)
{
    (void)state;
    const struct learner_plan first = plan_of("bp", SIZES(50, 50, 50, 50));
    struct learner *bp = learner_of(&first);
    size_t drawn_rules = 0;
    for (size_t r = 0; learning_registry[r]; r++) {
        const struct learner_plan plan = plan_of(learning_registry[r]->name, SIZES(50, 50, 50, 50));
        struct learner *learner = learner_of(&plan);
        for (size_t l = 1; l <= plan.layers; l++)
            assert_true(lesson_same(&learner->weight[l], &bp->weight[l]));
        for (size_t l = 1; l < plan.layers && plan.rule->feedback_drawn; l++)
            for (size_t k = 1; k <= plan.layers; k++) {
                struct array turned = lesson_array(50, 50);
                array_transpose(&learner->weight[k], &turned);
                assert_true(fabs(array_angle(&learner->feedback[l], &turned) - 90) < 5);
                assert_true(fabs(array_angle(&learner->feedback[l], &learner->weight[k]) - 90) < 5);
                free(turned.values);
                drawn_rules++;
            }
        learner_free(learner);
    }
    assert_true(drawn_rules > 50);
    learner_free(bp);
}

/* Rules that draw for each batch: once for a batch, anew for the next. */
static void redraws_follow_the_step(void **state)
{
    (void)state;
    for (size_t r = 0; r < 2; r++) {
        const struct learner_plan plan = plan_of(r ? "redraw" : "sign-redraw", SIZES(5, 4, 6, 3));
        struct lesson lesson = lesson_of(&plan, 1);
        struct array before = lesson_array(4, 6), *C = &lesson.learner->feedback[1];
        lesson_field(&lesson);
        array_copy(C, &before);
        lesson_field(&lesson);
        assert_true(lesson_same(C, &before));
        learner_step(lesson.learner, 0.1);
        lesson_field(&lesson);
        assert_true(lesson_distance(C, &before) > 0.1);
        free(before.values);
        lesson_free(&lesson);
    }
}

static void names_find_rules(void **state)
{
    (void)state;
    assert_ptr_equal(learning_named("fa"), &learning_rbp);
    assert_ptr_equal(learning_named("dfa"), &learning_srbp);
    assert_null(learning_named("no such rule"));
    size_t count = 0;
    for (; learning_registry[count]; count++) {
        const struct learning_rule *rule = learning_registry[count];
        assert_ptr_equal(learning_named(rule->name), rule);
        assert_true(rule->title && rule->equation && rule->source && rule->label);
        if (count > 0)
            assert_true(strcmp(learning_registry[count - 1]->name, rule->name) < 0);
    }
    assert_int_equal(count, 17);
}

/* ---- the flows of nonlinear/ and linear/ --------------------------------------------------- */

static void list(const struct array *x, struct entries *entries)
{
    entries->count = array_count(x);
    assert_true(entries->count <= PROBLEM_LIST_MAX);
    array_store(x, entries->near);
}

/* The same problem in the words of linear/problem.h. */
static struct problem problem_of(const struct lesson *lesson, const struct system *system)
{
    struct learner *learner = lesson->learner;
    const struct learner_plan *plan = &learner->plan;
    struct problem problem = problem_defaults(system, registry_rule(plan->rule->name));
    assert_non_null(problem.rule);
    problem.size_count = plan->layers + 1;
    memcpy(problem.sizes, plan->sizes, problem.size_count * sizeof *problem.sizes);
    problem.neuron_count = 1;
    problem.neurons[0] = (struct neurons){activation_named(plan->neuron->name), 0};
    problem.biases = plan->biases;
    problem.no_derivative = plan->no_derivative;
    problem.lambda = plan->rule->mirrors ? plan->mirror : plan->decay;
    problem.mirror = plan->mirror;
    for (size_t l = 1; l < plan->layers && !plan->rule->feedback_learns; l++)
        for (size_t k = 0; k < array_count(&learner->feedback[l]) && plan->rule->feedback_drawn;
             k++)
            problem.c[problem.c_count++] = array_at(&learner->feedback[l], k);
    if (plan->rule->product)
        for (size_t m = 0; m < learner->feedback[1].columns; m++) /* R = B_1' */
            for (size_t k = 0; k < plan->sizes[2]; k++)
                problem.c[problem.c_count++] = fixed_of_product(learner, 1, k, m);
    return problem;
}

/* A_l = (W_l, b_l) row by row, then the C_l: from the learner's vector to the flow's. */
static void rearrange(const struct learner_plan *plan, const double *from, double *to)
{
    for (size_t l = 1; l <= plan->layers; l++) {
        const size_t rows = plan->sizes[l], columns = plan->sizes[l - 1];
        const double *bias = from + rows * columns;
        for (size_t i = 0; i < rows; i++) {
            for (size_t j = 0; j < columns; j++)
                *to++ = from[i * columns + j];
            if (plan->biases)
                *to++ = bias[i];
        }
        from = bias + (plan->biases ? rows : 0);
    }
    for (size_t l = 1; l < plan->layers && plan->rule->feedback_learns; l++) {
        const size_t above = plan->rule->topology == LEARNING_SKIPPED
                                 ? plan->sizes[plan->layers]
                                 : plan->sizes[l + 1] * plan->product_ratio;
        memcpy(to, from, plan->sizes[l] * above * sizeof *to);
        to += plan->sizes[l] * above;
        from += plan->sizes[l] * above;
    }
}

enum { DIM_MOST = 500 };

static void check_flow(const struct lesson *lesson, const struct problem *problem)
{
    struct learner *learner = lesson->learner;
    double numbers[DIM_MOST] = {0}, x[DIM_MOST] = {0}, f[DIM_MOST] = {0}, field[DIM_MOST] = {0};
    struct flow *flow = NULL;
    if (problem_flow(problem, &flow) != OK)
        fail_msg("%s: %s", learner->plan.rule->name, status_message());
    assert_int_equal(flow->dim, learner->dim);
    assert_true(flow->dim <= DIM_MOST);
    array_store(&learner->state, numbers);
    rearrange(&learner->plan, numbers, x);
    lesson_field(lesson);
    array_store(&learner->field, numbers);
    rearrange(&learner->plan, numbers, field);
    assert_int_equal(flow->field(flow, 1, x, f), OK);
    for (size_t k = 0; k < flow->dim; k++)
        if (!(fabs(f[k] - field[k]) <= ROUNDING))
            fail_msg("%s: the learner has %.17g at %zu, the flow %.17g", flow->title, field[k], k,
                     f[k]);
    flow_free(flow);
}

static const char *const rules_with_flows[] = {"arbp", "asrbp",        "bp",  "kolen-pollack",
                                               "pfa",  "rbp",          "sbp", "sign-symmetry",
                                               "srbp", "weight-mirror"};

/* Sizes with N_l + N_(l+1) = 6, so that one scale makes all moduli of sign symmetry 1; pfa has one
 * matrix in the flow, and two layers here. */
static struct learner_plan plan_with_flow(const char *rule)
{
    struct learner_plan plan =
        strcmp(rule, "pfa") == 0 ? plan_of(rule, SIZES(3, 4, 2)) : plan_of(rule, SIZES(3, 4, 2, 4));
    plan.loss = LOSS_SQUARED;
    plan.mirror_samples = 0;
    if (strcmp(rule, "sign-symmetry") == 0)
        plan.feedback_scale = sqrt(3);
    return plan;
}

static void flows_over_samples_agree(void **state)
{
    (void)state;
    for (size_t r = 0; r < COUNT(rules_with_flows); r++)
        for (uint64_t k = 0; k < 8; k++) {
            struct learner_plan plan = plan_with_flow(rules_with_flows[r]);
            plan.seed = k;
            plan.neuron = neuron_of(kinds[k % COUNT(kinds)]);
            plan.no_derivative = k >= 6;
            plan.product_ratio = 1 + k / 4;
            plan.biases = plan.decay == 0 && k % 3 > 0; /* there biases decay, here they do not */
            struct lesson lesson = lesson_of(&plan, k);
            struct problem problem = problem_of(&lesson, &system_nonlinear_deep);
            list(&lesson.inputs, &problem.inputs);
            list(&lesson.targets, &problem.targets);
            check_flow(&lesson, &problem);
            run(&lesson, 3);
            check_flow(&lesson, &problem);
            lesson_free(&lesson);
        }
}

/* entries = A' B / samples */
static void moments(const struct array *A, const struct array *B, struct entries *entries)
{
    entries->count = A->columns * B->columns;
    for (size_t i = 0; i < A->columns; i++)
        for (size_t j = 0; j < B->columns; j++) {
            double *sum = &entries->near[i * B->columns + j];
            *sum = 0;
            for (size_t s = 0; s < A->rows; s++)
                *sum += lesson_at(A, s, i) * lesson_at(B, s, j) / (double)A->rows;
        }
}

static void flows_of_moments_agree(void **state)
{
    (void)state;
    for (size_t r = 0; r < COUNT(rules_with_flows); r++)
        for (uint64_t k = 0; k < 4; k++) {
            struct learner_plan plan = plan_with_flow(rules_with_flows[r]);
            plan.seed = k;
            plan.neuron = neuron_of(NEURON_IDENTITY);
            plan.biases = false;
            plan.product_ratio = 1 + k % 2;
            struct lesson lesson = lesson_of(&plan, k);
            struct problem problem = problem_of(&lesson, &system_deep);
            problem.neuron_count = 0;
            moments(&lesson.inputs, &lesson.inputs, &problem.sigma_ii);
            moments(&lesson.targets, &lesson.inputs, &problem.sigma_ti);
            check_flow(&lesson, &problem);
            lesson_free(&lesson);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_find_rules),
        cmocka_unit_test(fields_are_as_defined),
        cmocka_unit_test(runs_repeat_themselves),
        cmocka_unit_test(mirrors_see_noise_through_the_weights),
        cmocka_unit_test(fields_are_means),
        cmocka_unit_test(feedback_scales_the_hidden_field),
        cmocka_unit_test(feedback_has_streams_of_its_own),
        cmocka_unit_test(redraws_follow_the_step),
        cmocka_unit_test(flows_over_samples_agree),
        cmocka_unit_test(flows_of_moments_agree),
    };
    return cmocka_run_group_tests(tests, lesson_begin, NULL);
}
