/* What learning rules conserve, and what their angles become: exactly in every step, by slopes in
 * the step size where only the flow conserves it, and by formulas for mirrors, products and
 * prescribed signals.  Each law has a control that must break it. */
#include "networks/learner_parts.h"
#include "tests/lessons.h"

static const double DEGREES = 57.29577951308232; /* of a radian */

/* ---- steps --------------------------------------------------------------------------------- */

static void euler(struct lesson *lesson, double h)
{
    lesson_field(lesson);
    learner_step(lesson->learner, h);
}

/* Runge and Kutta's method of order 4. */
static void rk4(struct lesson *lesson, double h)
{
    static const double before[] = {0, 0.5, 0.5, 1}, weight[] = {1, 2, 2, 1};
    struct learner *learner = lesson->learner;
    struct array start = lesson_array(learner->dim, 1), end = lesson_array(learner->dim, 1);
    array_copy(&learner->state, &start);
    array_copy(&learner->state, &end);
    array_fill(0, &learner->field);
    for (size_t k = 0; k < COUNT(weight); k++) {
        array_copy(&start, &learner->state);
        array_add(before[k] * h, &learner->field, &learner->state);
        lesson_field(lesson);
        array_add(weight[k] * h / 6, &learner->field, &end);
    }
    array_copy(&end, &learner->state);
    free(start.values);
    free(end.values);
}

/* A step on samples of its own. */
static void minibatch(struct lesson *lesson, double h, uint64_t step)
{
    struct stream stream = stream_at(1, stream_key("minibatch"), step);
    array_normals(&stream, 1, &lesson->inputs);
    array_fill(0, &lesson->targets);
    lesson_targets(lesson->learner->plan.loss, &stream, &lesson->targets);
    euler(lesson, h);
}

/* ---- exact in every step: (MB45), (MB40), (MB41) -------------------------------------------- */

/* 1' W_L and 1' b_L */
static void top_sums(const struct learner *learner, double *sums)
{
    const size_t L = learner->plan.layers, columns = learner->plan.sizes[L - 1];
    memset(sums, 0, (columns + 1) * sizeof *sums);
    for (size_t k = 0; k < learner->plan.sizes[L]; k++) {
        for (size_t j = 0; j < columns; j++)
            sums[j] += lesson_at(&learner->weight[L], k, j);
        sums[columns] += array_at(&learner->bias[L], k);
    }
}

static void softmax_keeps_the_sums_of_the_top_layer(void **state)
{
    (void)state;
    for (size_t r = 0; learning_registry[r]; r++)
        for (size_t squared = 0; squared < 2; squared++) {
            struct learner_plan plan = plan_of(learning_registry[r]->name, SIZES(5, 4, 6, 3));
            plan.decay = 0;
            plan.loss = squared ? LOSS_SQUARED : LOSS_CROSS_ENTROPY;
            struct lesson lesson = lesson_of(&plan, 1);
            double start[7], end[7], moved = 0;
            top_sums(lesson.learner, start);
            for (uint64_t k = 0; k < 200; k++)
                minibatch(&lesson, 0.1, k);
            top_sums(lesson.learner, end);
            for (size_t j = 0; j < COUNT(end); j++)
                moved = fmax(moved, fabs(end[j] - start[j]));
            /* 200 roundings of sums of three */
            assert_true(squared ? moved > 0.01 : moved < 200 * 8 * array_double.epsilon);
            lesson_free(&lesson);
        }
}

/* K_l = C_l - W_(l+1)' B_l, with B_l = 1 but for pfa. */
static struct array mismatch(const struct learner *learner, size_t l, const struct array *B)
{
    const struct array *C = &learner->feedback[l];
    struct array K = lesson_array(C->rows, C->columns), turned = lesson_array(C->rows, C->columns);
    array_copy(C, &K);
    if (B)
        array_product(learner_transposed(&learner->weight[l + 1]), learner_plain(B), -1, 1, &K);
    else {
        array_transpose(&learner->weight[l + 1], &turned);
        array_add(-1, &turned, &K);
    }
    free(turned.values);
    return K;
}

/* B_l of pfa: row i of the path C_l B_l' is column m of B_l where C_l has one 1 in row i, at m. */
static struct array product_matrix(struct learner *learner, size_t l)
{
    struct array *C = &learner->feedback[l];
    struct array B = lesson_array(learner->plan.sizes[l + 1], C->columns);
    struct array kept = lesson_array(C->rows, C->columns);
    struct array path = lesson_array(C->rows, B.rows);
    array_copy(C, &kept);
    for (size_t first = 0; first < C->columns; first += C->rows) {
        array_fill(0, C);
        for (size_t i = 0; i < C->rows && first + i < C->columns; i++)
            array_put(C, i * C->columns + first + i, 1);
        learner->plan.rule->path(learner, l, &path);
        for (size_t i = 0; i < C->rows && first + i < C->columns; i++)
            for (size_t k = 0; k < B.rows; k++)
                array_put(&B, k * B.columns + first + i, lesson_at(&path, i, k));
    }
    array_copy(&kept, C);
    free(kept.values);
    free(path.values);
    return B;
}

struct exact_case {
    const char *rule;
    double decay, momentum;
    size_t ratio;
    size_t first; /* layer from which on it holds */
};

/* Velocity v <- mu v + field in the place of the field. */
static void with_momentum(struct learner *learner, double mu, struct array *velocity)
{
    array_scale(mu, velocity);
    array_add(1, &learner->field, velocity);
    array_copy(velocity, &learner->field);
}

/* Largest |K_l(n) - q K_l(0)| / |K_l(0)| over layers; q by the scalar recursion that K obeys:
 * v <- mu v - lambda q, q <- q + eta v. */
static double worst_mismatch(const struct exact_case *c, size_t layer)
{
    struct learner_plan plan = plan_of(c->rule, SIZES(5, 4, 6, 6));
    plan.decay = c->decay;
    plan.product_ratio = c->ratio;
    struct lesson lesson = lesson_of(&plan, 1);
    struct learner *learner = lesson.learner;
    struct array B = plan.rule->product ? product_matrix(learner, layer) : (struct array){0};
    struct array velocity = lesson_array(learner->dim, 1);
    struct array start = mismatch(learner, layer, plan.rule->product ? &B : NULL);
    double q = 1, v = 0;
    for (uint64_t k = 0; k < 1000; k++) {
        const double eta = 0.05 / (1 + 0.001 * (double)k);
        struct stream stream = stream_at(1, stream_key("minibatch"), k);
        array_normals(&stream, 1, &lesson.inputs);
        lesson_field(&lesson);
        with_momentum(learner, c->momentum, &velocity);
        learner_step(learner, eta);
        v = c->momentum * v - c->decay * q;
        q += eta * v;
    }
    struct array end = mismatch(learner, layer, plan.rule->product ? &B : NULL);
    const double size = array_norm(&start);
    array_add(-q, &start, &end);
    const double worst = array_norm(&end) / size;
    free(start.values);
    free(end.values);
    free(velocity.values);
    free(B.values);
    lesson_free(&lesson);
    return worst;
}

static void feedback_that_learns_keeps_its_distance(void **state)
{
    (void)state;
    static const struct exact_case cases[] = {
        {"arbp", 0, 0, 1, 1},    {"arbp", 0, 0.9, 1, 1},
        {"asrbp", 0, 0, 1, 2},   {"kolen-pollack", 0.02, 0, 1, 1},
        {"pfa", 0, 0, 1, 1},     {"kolen-pollack", 0.02, 0.9, 1, 1},
        {"pfa", 0.02, 0, 1, 1},  {"pfa", 0.02, 0, 3, 1},
        {"pfa", 0.02, 0.9, 2, 1}};
    for (size_t k = 0; k < COUNT(cases); k++)
        for (size_t l = 1; l < 3; l++) {
            const double worst = worst_mismatch(&cases[k], l);
            if (l >= cases[k].first ? !(worst < 1e-12) : !(worst > 0.01))
                fail_msg("%s, layer %zu: distance moved by %g", cases[k].rule, l, worst);
        }
}

/* ---- conserved by flows ---------------------------------------------------------------------- */

/* What is conserved at a state: a list of numbers. */
enum { NUMBERS_MOST = 100 };
typedef size_t quantity(const struct learner *learner, double *numbers);

/* H_i of all hidden layers, (MB46): |w_i|^2/2 + b_i^2/2 minus what the channel has for it. */
static size_t balances(const struct learner *learner, double *numbers)
{
    const struct learner_plan *plan = &learner->plan;
    const char *rule = plan->rule->name;
    size_t count = 0;
    for (size_t l = 1; l < plan->layers; l++)
        for (size_t i = 0; i < plan->sizes[l]; i++) {
            double H = 0;
            for (size_t j = 0; j < plan->sizes[l - 1]; j++)
                H += pow(lesson_at(&learner->weight[l], i, j), 2) / 2;
            H += pow(array_at(&learner->bias[l], i), 2) / 2;
            for (size_t k = 0; k < plan->sizes[l + 1]; k++) {
                const double w = lesson_at(&learner->weight[l + 1], k, i);
                if (strcmp(rule, "bp") == 0)
                    H -= w * w / 2;
                else if (strcmp(rule, "arbp") == 0)
                    H -= pow(lesson_at(&learner->feedback[l], i, k), 2) / 2;
                else
                    H -= w * lesson_at(&learner->feedback[l], i, k);
            }
            numbers[count++] = H;
        }
    return count;
}

/* (MB47): A_1 A_1' - C A_2 - (C A_2)', A_1 A_1' - A_2' A_2, A_1 A_1' - C C'. */
static size_t matrices(const struct learner *learner, double *numbers)
{
    const size_t N = learner->plan.sizes[1];
    const char *rule = learner->plan.rule->name;
    const struct array *A = &learner->weight[1], *W = &learner->weight[2];
    const struct array *C = &learner->feedback[1];
    struct array M = array_view(&array_double, N, N, numbers);
    struct array path = lesson_array(N, N), turned = lesson_array(N, N);
    array_product(learner_plain(A), learner_transposed(A), 1, 0, &M);
    if (strcmp(rule, "bp") == 0) {
        array_product(learner_transposed(W), learner_plain(W), -1, 1, &M);
    } else if (strcmp(rule, "arbp") == 0) {
        array_product(learner_plain(C), learner_transposed(C), -1, 1, &M);
    } else {
        array_product(learner_plain(C), learner_plain(W), 1, 0, &path);
        array_transpose(&path, &turned);
        array_add(-1, &path, &M);
        array_add(-1, &turned, &M);
    }
    free(path.values);
    free(turned.values);
    return N * N;
}

/* Linear chain under srbp, (MB47): a_(i+1) - c_(i+1) a_i^2 / (2 c_i), c_L = 1. */
static size_t parabolas(const struct learner *learner, double *numbers)
{
    const size_t L = learner->plan.layers;
    for (size_t i = 1; i < L; i++) {
        const double a = array_at(&learner->weight[i], 0);
        const double c = array_at(&learner->feedback[i], 0);
        const double above = i + 1 < L ? array_at(&learner->feedback[i + 1], 0) : 1;
        numbers[i - 1] = array_at(&learner->weight[i + 1], 0) - above * a * a / (2 * c);
    }
    return L - 1;
}

/* A conservation law under steps of one kind. */
struct drift_case {
    const struct learner_plan *plan;
    quantity *of;
    void (*step)(struct lesson *lesson, double h);
    double horizon;
};

/* Largest change of the quantity at the horizon, in `steps` steps. */
static double drift(const struct drift_case *c, size_t steps)
{
    double start[NUMBERS_MOST], end[NUMBERS_MOST], most = 0;
    struct lesson lesson = lesson_of(c->plan, 1);
    const size_t count = c->of(lesson.learner, start);
    assert_true(count > 0 && count <= NUMBERS_MOST);
    for (size_t k = 0; k < steps; k++)
        c->step(&lesson, c->horizon / (double)steps);
    c->of(lesson.learner, end);
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs(end[i] - start[i]));
    lesson_free(&lesson);
    return most;
}

/* Least squares of log2 drift on log2 h over five halvings. */
static double order_of(const struct drift_case *c, size_t steps)
{
    enum { HALVINGS = 5 };
    double sum_xy = 0, sum_xx = 0;
    for (int k = 0; k < HALVINGS; k++) {
        const double x = 2 - k; /* -log2 of the number of steps, centred */
        sum_xy += x * log2(drift(c, steps << k));
        sum_xx += x * x;
    }
    return sum_xy / sum_xx;
}

/* The control: what moves by steps of half the size moves by as much. */
static void assert_not_conserved(const struct drift_case *c)
{
    const double moved = drift(c, 512);
    assert_true(moved > 1e-5);
    assert_true(fabs(drift(c, 256) / moved - 1) < 0.02);
}

static const char *const balanced[] = {"rbp", "bp", "arbp"};

static void homogeneous_neurons_keep_their_balance(void **state)
{
    (void)state;
    for (size_t r = 0; r < COUNT(balanced); r++)
        for (size_t linear = 0; linear < 2; linear++) {
            struct learner_plan plan = plan_of(balanced[r], SIZES(9, 6, 5, 4));
            plan.neuron = neuron_named(linear ? "identity" : "relu");
            plan.batch = 40;
            const struct drift_case c = {&plan, balances, euler, 4};
            const double order = order_of(&c, 64);
            if (!(fabs(order - 1) < 0.05))
                fail_msg("%s, %s: order %g", balanced[r], plan.neuron->name, order);
            /* tanh: s f'(s) is not f(s), and the balance moves however small the steps are */
            plan.neuron = neuron_named("tanh");
            assert_not_conserved(&c);
        }
}

static void linear_networks_keep_matrices(void **state)
{
    (void)state;
    for (size_t r = 0; r < COUNT(balanced); r++) {
        struct learner_plan plan = plan_of(balanced[r], SIZES(5, 4, 3));
        plan.neuron = neuron_named("identity");
        plan.loss = LOSS_SQUARED;
        plan.biases = false;
        plan.batch = 20;
        struct drift_case c = {&plan, matrices, euler, 3};
        double order = order_of(&c, 64);
        if (!(fabs(order - 1) < 0.05))
            fail_msg("%s: Euler's order %g", balanced[r], order);
        c.step = rk4;
        order = order_of(&c, 32);
        if (!(fabs(order - 4) < 0.2))
            fail_msg("%s: Runge and Kutta's order %g", balanced[r], order);
        plan.neuron = neuron_named("tanh");
        assert_not_conserved(&c);
    }
}

static void linear_chains_keep_parabolas(void **state)
{
    (void)state;
    struct learner_plan plan = plan_of("srbp", SIZES(1, 1, 1, 1, 1));
    plan.neuron = neuron_named("identity");
    plan.loss = LOSS_SQUARED;
    plan.biases = false;
    const struct drift_case c = {&plan, parabolas, rk4, 2};
    const double order = order_of(&c, 64);
    if (!(fabs(order - 4) < 0.2))
        fail_msg("order %g", order);
    plan.neuron = neuron_named("tanh");
    assert_not_conserved(&c);
}

/* ---- angles ---------------------------------------------------------------------------------- */

/* (MB43): weights at rest, as E = 0; tan of the angle is sqrt((N_l + 1) / (n (2 - mu) / mu)). */
static void mirrors_settle_at_their_angle(void **state)
{
    (void)state;
    struct learner_plan plan = plan_of("weight-mirror", SIZES(3, 60, 50, 40));
    plan.loss = LOSS_SQUARED;
    plan.mirror_samples = 50;
    struct lesson lesson = lesson_of(&plan, 1);
    struct learner *learner = lesson.learner;
    for (size_t l = 1; l < 3; l++)
        array_scale(0, &learner->feedback[l]);
    const double mu = 0.05;
    double angle[3] = {0};
    for (int k = 1; k <= 600; k++) {
        learner_forward(learner, &lesson.inputs);
        array_copy(&learner->output[3], &lesson.targets);
        euler(&lesson, mu / plan.mirror);
        for (size_t l = 1; l < 3 && k > 300; l++) {
            struct array turned = lesson_array(plan.sizes[l], plan.sizes[l + 1]);
            array_transpose(&learner->weight[l + 1], &turned);
            angle[l] += array_angle(&turned, &learner->feedback[l]) / 300;
            free(turned.values);
        }
    }
    for (size_t l = 1; l < 3; l++) {
        const double kept = 50 * (2 - mu) / mu;
        const double floor = atan(sqrt((double)(plan.sizes[l] + 1) / kept)) * DEGREES;
        if (!(fabs(angle[l] - floor) < 0.02 * floor))
            fail_msg("layer %zu: %g degrees, by the formula %g", l, angle[l], floor);
    }
    lesson_free(&lesson);
}

/* (MB41): C = W' B from the start, as both are 0, so the path is W' B B'; for Gaussian B and W that
 * is not special cos = sqrt(M / (M + N + 1)).  For r = 1 B is orthogonal and the angle 0. */
static void products_align_by_their_width(void **state)
{
    (void)state;
    enum { N = 100 };
    static const size_t ratios[] = {1, 10, 40};
    for (size_t k = 0; k < COUNT(ratios); k++) {
        struct learner_plan plan = plan_of("pfa", SIZES(60, 50, N));
        plan.product_ratio = ratios[k];
        plan.loss = LOSS_SQUARED;
        plan.batch = 200;
        struct lesson lesson = lesson_of(&plan, 1);
        struct learner *learner = lesson.learner;
        struct array B = product_matrix(learner, 1);
        /* E B B' = 1: |B|^2 = N, s.d. of a sum of N M squares of variance 1/M sqrt(2 N / M) */
        assert_true(fabs(pow(array_norm(&B), 2) - N) < 5 * sqrt(2 / (double)ratios[k]));
        free(B.values);
        array_fill(0, &learner->weight[2]);
        array_fill(0, &learner->feedback[1]);
        for (int step = 0; step < 5; step++)
            euler(&lesson, 0.1);
        struct array turned = lesson_array(50, N), path = lesson_array(50, N);
        array_transpose(&learner->weight[2], &turned);
        plan.rule->path(learner, 1, &path);
        const double M = (double)(ratios[k] * N);
        const double angle = array_angle(&turned, &path);
        const double expected = ratios[k] == 1 ? 0 : acos(sqrt(M / (M + N + 1))) * DEGREES;
        if (!(fabs(angle - expected) < (ratios[k] == 1 ? 1e-5 : 1))) /* acos near 1: sqrt(eps) */
            fail_msg("ratio %zu: %g degrees, by the formula %g", ratios[k], angle, expected);
        free(turned.values);
        free(path.values);
        lesson_free(&lesson);
    }
}

/* ---- prescribed signals: (MB42) -------------------------------------------------------------- */

enum { TIMES = 60, IN = 6, HIDDEN = 20, OUT = 4 };

struct signals {
    double y[TIMES][IN], d[TIMES][OUT];
};

/* AR(1) of coefficient a and variance 1. */
static void draw_signals(double a, uint64_t index, struct signals *signals)
{
    struct stream stream = stream_at(2018, stream_key("signals"), index);
    const double fresh = sqrt(1 - a * a);
    for (size_t t = 0; t < TIMES; t++) {
        for (size_t j = 0; j < IN; j++)
            signals->y[t][j] = t > 0 ? a * signals->y[t - 1][j] + fresh * stream_normal(&stream)
                                     : stream_normal(&stream);
        for (size_t k = 0; k < OUT; k++)
            signals->d[t][k] = t > 0 ? a * signals->d[t - 1][k] + fresh * stream_normal(&stream)
                                     : stream_normal(&stream);
    }
}

/* A_T = sum_t sum_(s<t) (y_s . y_t) d_t d_s' */
static void double_sum(const struct signals *signals, double A[OUT][OUT])
{
    memset(A, 0, sizeof(double[OUT][OUT]));
    for (size_t t = 0; t < TIMES; t++)
        for (size_t s = 0; s < t; s++) {
            double dot = 0;
            for (size_t j = 0; j < IN; j++)
                dot += signals->y[s][j] * signals->y[t][j];
            for (size_t k = 0; k < OUT; k++)
                for (size_t m = 0; m < OUT; m++)
                    A[k][m] += dot * signals->d[t][k] * signals->d[s][m];
        }
}

/* One step with input y and error d, whatever the output is. */
static void prescribed_step(struct lesson *lesson, const double *y, const double *d, double eta)
{
    struct learner *learner = lesson->learner;
    array_load(y, &lesson->inputs);
    learner_forward(learner, &lesson->inputs);
    array_load(d, &lesson->targets);
    array_add(1, &learner->output[2], &lesson->targets);
    euler(lesson, eta);
}

/* The angle of W_2(T) - W_2(0) and C', after the comparison with eta^2 A_T C'. */
static double angle_after(const struct signals *signals)
{
    const double eta = 0.03;
    double A[OUT][OUT];
    struct learner_plan plan = plan_of("rbp", SIZES(IN, HIDDEN, OUT));
    plan.neuron = neuron_named("identity");
    plan.loss = LOSS_SQUARED;
    plan.biases = false;
    plan.batch = 1;
    struct lesson lesson = lesson_of(&plan, 1);
    struct learner *learner = lesson.learner;
    struct array change = lesson_array(OUT, HIDDEN), turned = lesson_array(OUT, HIDDEN);
    array_fill(0, &learner->weight[1]);
    array_add(-1, &learner->weight[2], &change);
    for (size_t t = 0; t < TIMES; t++)
        prescribed_step(&lesson, signals->y[t], signals->d[t], eta);
    array_add(1, &learner->weight[2], &change);
    double_sum(signals, A);
    for (size_t k = 0; k < OUT; k++)
        for (size_t i = 0; i < HIDDEN; i++) {
            double sum = 0;
            for (size_t m = 0; m < OUT; m++)
                sum += eta * eta * A[k][m] * lesson_at(&learner->feedback[1], i, m);
            assert_true(fabs(sum - lesson_at(&change, k, i)) < 1e-12);
        }
    array_transpose(&learner->feedback[1], &turned);
    const double angle = array_angle(&turned, &change);
    free(change.values);
    free(turned.values);
    lesson_free(&lesson);
    return angle;
}

static void correlated_signals_align_without_learning(void **state)
{
    (void)state;
    static const double coefficients[] = {0, 0.5, 0.9};
    double angle[3] = {0};
    struct signals signals;
    for (size_t a = 0; a < COUNT(coefficients); a++)
        for (uint64_t k = 0; k < 20; k++) {
            draw_signals(coefficients[a], k, &signals);
            angle[a] += angle_after(&signals) / 20;
        }
    if (!(angle[0] > angle[1] + 5 && angle[1] > angle[2] + 5))
        fail_msg("angles %g %g %g", angle[0], angle[1], angle[2]);
}

/* ---- noise pretraining as a flow: (MB38) ----------------------------------------------------- */

enum { SEEDS = 20 };

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *list, size_t count)
{
    qsort(list, count, sizeof *list, ascending);
    return (list[(count - 1) / 2] + list[count / 2]) / 2;
}

static double angle_of_top(const struct learner *learner)
{
    struct array turned = lesson_array(learner->plan.sizes[1], learner->plan.sizes[2]);
    array_transpose(&learner->weight[2], &turned);
    const double angle = array_angle(&turned, &learner->feedback[1]);
    free(turned.values);
    return angle;
}

/* Inputs +- sqrt(N_0) e_j have E x x' = 1 exactly, and targets 0: S_TI = 0. */
static void noise_aligns_the_top_layer(void **state)
{
    (void)state;
    enum { INPUTS = 20, STEPS = 2000 };
    double start[SEEDS], end[SEEDS], kept[900], now[900];
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct learner_plan plan = plan_of("rbp", SIZES(INPUTS, 30, 10));
        plan.neuron = neuron_named("identity");
        plan.loss = LOSS_SQUARED;
        plan.biases = false;
        plan.batch = INPUTS;
        plan.seed = seed;
        struct lesson lesson = lesson_of(&plan, 1);
        array_fill(0, &lesson.inputs);
        array_fill(0, &lesson.targets);
        for (size_t j = 0; j < INPUTS; j++)
            array_put(&lesson.inputs, j * INPUTS + j, sqrt(INPUTS));
        start[seed] = angle_of_top(lesson.learner);
        matrices(lesson.learner, kept);
        for (int k = 0; k < STEPS; k++)
            rk4(&lesson, 0.05);
        end[seed] = angle_of_top(lesson.learner);
        matrices(lesson.learner, now);
        for (size_t k = 0; k < COUNT(now); k++)
            assert_true(fabs(now[k] - kept[k]) < 1e-5); /* 2e-6 here: h^4 */
        lesson_free(&lesson);
    }
    const double before = median(start, SEEDS), after = median(end, SEEDS);
    if (!(fabs(before - 90) < 2 && fabs(after - 75) < 2))
        fail_msg("median angle %g, then %g", before, after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(softmax_keeps_the_sums_of_the_top_layer),
        cmocka_unit_test(feedback_that_learns_keeps_its_distance),
        cmocka_unit_test(homogeneous_neurons_keep_their_balance),
        cmocka_unit_test(linear_networks_keep_matrices),
        cmocka_unit_test(linear_chains_keep_parabolas),
        cmocka_unit_test(mirrors_settle_at_their_angle),
        cmocka_unit_test(products_align_by_their_width),
        cmocka_unit_test(correlated_signals_align_without_learning),
        cmocka_unit_test(noise_aligns_the_top_layer),
    };
    return cmocka_run_group_tests(tests, lesson_begin, NULL);
}
