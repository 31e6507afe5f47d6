/* Steps of whole networks against their flow: 49-12-8-10 with tanh and softmax, on images of digits
 * where there are some; an autoencoder whose flow knows moments only; rules with random channels
 * against what they are on average.
 *
 * SETTLE_DATA names the folder of the images (MNIST): pooled to 7 x 7 pixels.  Without it the network
 * learns from random samples, and the autoencoder is skipped. */
#include "linear/moments.h"
#include "networks/blas.h"
#include "networks/learner_flow.h"
#include "networks/learning.h"
#include "proofs-check/comparison.h"
#include "proofs-check/comparison_problem.h"
#include "tests/chains.h"

#include <stdlib.h>

enum { THREADS = 2, PIXELS = 49, DIGITS = 10, IMAGE_SIDE = 28, POOL = 4 };

static void must(enum status status)
{
    if (status != OK)
        fail_msg("%s", status_message());
}

/* ---- samples ---- */

struct lesson {
    size_t count, room;
    double *inputs, *targets; /* [room*PIXELS], [room*outputs] */
    size_t outputs;
};

static enum status keep(void *context, const double *input, const double *target)
{
    struct lesson *lesson = context;
    assert_true(lesson->count < lesson->room);
    memcpy(lesson->inputs + lesson->count * PIXELS, input, PIXELS * sizeof *input);
    memcpy(lesson->targets + lesson->count * lesson->outputs, target,
           lesson->outputs * sizeof *target);
    lesson->count++;
    return OK;
}

static struct lesson lesson_make(size_t room, size_t outputs)
{
    struct lesson lesson = {.room = room, .outputs = outputs};
    lesson.inputs = calloc(room * PIXELS, sizeof *lesson.inputs);
    lesson.targets = calloc(room * outputs, sizeof *lesson.targets);
    assert_non_null(lesson.inputs);
    assert_non_null(lesson.targets);
    return lesson;
}

static void lesson_free(struct lesson *lesson)
{
    free(lesson->inputs);
    free(lesson->targets);
}

/* Images pooled to 7 x 7; targets are labels, or the images. */
static void read_images(const char *folder, const char *labels, struct lesson *lesson,
                        struct moments *moments)
{
    char images[1024], digits[1024];
    snprintf(images, sizeof images, "%s/train-images-idx3-ubyte.gz", folder);
    snprintf(digits, sizeof digits, "%s/%s", folder, labels ? labels : "");
    const struct moments_source source = {.data = images,
                                          .labels = labels ? digits : NULL,
                                          .inputs = PIXELS,
                                          .outputs = lesson->outputs,
                                          .samples = lesson->room,
                                          .downsample = POOL,
                                          .visit = keep,
                                          .context = lesson};
    must(moments_read(&source, moments));
    assert_int_equal(lesson->count, lesson->room);
}

/* Inputs on [0, 1] and labels that depend on them. */
static void draw_images(struct lesson *lesson)
{
    struct stream stream = stream_at(1, stream_key("images"), 0);
    for (size_t k = 0; k < lesson->room; k++) {
        const size_t label = (size_t)stream_below(&stream, DIGITS);
        for (size_t i = 0; i < PIXELS; i++)
            lesson->inputs[k * PIXELS + i] =
                0.5 * stream_uniform(&stream) + 0.5 * (double)(i % DIGITS == label);
        lesson->targets[k * DIGITS + label] = 1;
    }
    lesson->count = lesson->room;
}

static struct lesson digits(size_t room)
{
    struct lesson lesson = lesson_make(room, DIGITS);
    const char *folder = getenv("SETTLE_DATA");
    struct moments moments = {.count = 0};
    if (folder) {
        read_images(folder, "train-labels-idx1-ubyte.gz", &lesson, &moments);
        moments_free(&moments);
    } else {
        draw_images(&lesson);
    }
    return lesson;
}

/* ---- networks ---- */

static struct learner_plan network_plan(const char *rule)
{
    static const size_t sizes[] = {PIXELS, 12, 8, DIGITS};
    struct learner_plan plan = learner_defaults(learning_named(rule));
    plan.arithmetic = &array_double;
    plan.layers = COUNT(sizes) - 1;
    memcpy(plan.sizes, sizes, sizeof sizes);
    plan.neuron = neuron_named("tanh");
    plan.loss = LOSS_CROSS_ENTROPY;
    plan.biases = true;
    plan.seed = 3;
    return plan;
}

struct network {
    struct flow *flow;
    struct comparison_system system;
    double *x0;
};

/* `equation` has the flow, `rule` the steps: the same, or one that is the mean of the other. */
static struct network network_of(const char *rule, const char *equation,
                                 const struct lesson *lesson)
{
    const struct learner_plan plan = network_plan(rule), mean = network_plan(equation);
    struct network network = {.flow = NULL};
    must(learner_flow_create(&mean, lesson->count, lesson->inputs, lesson->targets, &network.flow));
    network.system = (struct comparison_system){.flow = network.flow,
                                                .plan = plan,
                                                .count = lesson->count,
                                                .inputs = lesson->inputs,
                                                .targets = lesson->targets};
    network.x0 = calloc(network.flow->dim, sizeof *network.x0);
    assert_non_null(network.x0);
    array_store(&learner_flow_network(network.flow)->state, network.x0);
    return network;
}

static void network_free(struct network *network)
{
    flow_free(network->flow);
    free(network->x0);
}

static void print_row(const struct comparison_order *order)
{
    print_message("# %s: %.3f [%.3f, %.3f], last two %.3f, %s\n", order->expected.what,
                  order->order, order->low, order->high, order->last,
                  comparison_order_verdict(order->verdict));
}

static struct comparison *compare(const struct network *network, const struct comparison_plan *plan)
{
    struct comparison *comparison = NULL;
    must(comparison_run(&network->system, plan, network->x0, &comparison));
    for (size_t row = 0; row < COMPARISON_ROWS; row++)
        if (comparison->measured[row])
            print_row(&comparison->row[row]);
    print_message("# reference %.2g, %.2g at the end; moved by %.3g\n", comparison->reference_error,
                  comparison->reference_distance, comparison->moved);
    return comparison;
}

/* Euler: 1 +- 0.05 from the flow, 2 +- 0.07 from the modified equation, whether or not the rule is a
 * gradient. */
static void full_batches_of_a_network(const char *rule)
{
    struct lesson lesson = digits(64);
    struct network network = network_of(rule, rule, &lesson);
    const struct comparison_plan plan = {.horizon = 8,
                                         .etas = 5,
                                         .steps = {16, 32, 64, 128, 256},
                                         .trials = {.sampling = SAMPLING_ALL}};
    struct comparison *comparison = compare(&network, &plan);
    assert_true(fabs(comparison->row[COMPARISON_FLOW].order - 1) < 0.05);
    assert_true(fabs(comparison->row[COMPARISON_MODIFIED].order - 2) < 0.07);
    assert_true(comparison->moved > 0.5); /* the weights have moved by O(1) */
    assert_int_equal(comparison_verdict(comparison), COMPARISON_HOLDS);
    comparison_free(comparison);
    network_free(&network);
    lesson_free(&lesson);
}

static void full_batches_under_bp(void **state)
{
    (void)state;
    full_batches_of_a_network("bp");
}

static void full_batches_under_rbp(void **state)
{
    (void)state;
    full_batches_of_a_network("rbp");
}

/* Standard deviation over 48 seeds at the end, by how batches are drawn. */
static void trials_of_a_network(enum sampling sampling, double order, double bound)
{
    struct lesson lesson = digits(256);
    struct network network = network_of("rbp", "rbp", &lesson);
    const struct comparison_plan plan = {
        .horizon = 4,
        .etas = 5,
        .steps = {32, 64, 128, 256, 512},
        .trials = {.sampling = sampling, .batch = 16, .trials = 48, .threads = THREADS, .seed = 1}};
    struct comparison_spread spread[5];
    double eta[5], value[5], error[5], bias[5];
    for (size_t k = 0; k < plan.etas; k++) {
        const struct comparison_path_plan path_plan = {plan.horizon, plan.steps[k], 1e-9};
        struct comparison_path *path = NULL;
        must(comparison_path_follow(network.flow, &path_plan, network.x0, &path));
        must(comparison_steps_trials(&network.system, path, &plan.trials, &spread[k]));
        eta[k] = plan.horizon / (double)plan.steps[k];
        value[k] = spread[k].deviation;
        error[k] = spread[k].deviation_error;
        bias[k] = spread[k].bias;
        comparison_spread_clear(&spread[k]);
        comparison_path_free(path);
    }
    const struct comparison_points points = {plan.etas, eta, value, error};
    const struct comparison_expected expected = {"deviation", order, bound};
    const struct comparison_order fitted = comparison_order_fit(&points, &expected);
    print_row(&fitted);
    print_message("# bias %.3g ... %.3g, deviation %.3g ... %.3g\n", bias[0], bias[4], value[0],
                  value[4]);
    assert_true(fabs(fitted.order - order) < bound);
    network_free(&network);
    lesson_free(&lesson);
}

static void independent_batches_of_a_network(void **state)
{
    (void)state;
    trials_of_a_network(SAMPLING_INDEPENDENT, 0.5, 0.06);
}

static void reshuffled_epochs_of_a_network(void **state)
{
    (void)state;
    trials_of_a_network(SAMPLING_RESHUFFLED, 1.5, 0.1);
}

/* ---- rules with random channels ---- */

/* All samples in every batch: what is left to chance is the channel. */
static struct comparison_order channel_order(const struct network *network, const char *what)
{
    enum { ETAS = 4 };
    double eta[ETAS], value[ETAS], error[ETAS];
    for (size_t k = 0; k < ETAS; k++) {
        const struct comparison_path_plan plan = {4, 32u << k, 1e-9};
        const struct comparison_trials trials = {
            SAMPLING_ORDERED, network->system.count, 48, THREADS, 1, NULL};
        struct comparison_path *path = NULL;
        struct comparison_spread spread;
        must(comparison_path_follow(network->flow, &plan, network->x0, &path));
        must(comparison_steps_trials(&network->system, path, &trials, &spread));
        eta[k] = plan.horizon / (double)plan.steps;
        value[k] = spread.rms;
        error[k] = spread.rms_error;
        comparison_spread_clear(&spread);
        comparison_path_free(path);
    }
    const struct comparison_points points = {ETAS, eta, value, error};
    const struct comparison_expected expected = {what, 0.5, 0.06};
    const struct comparison_order order = comparison_order_fit(&points, &expected);
    print_row(&order);
    return order;
}

/* Feedback drawn anew has mean zero: the flow of its mean is that of the top layer alone. */
static void redrawn_feedback_averages_to_the_top_layer(void **state)
{
    (void)state;
    struct lesson lesson = digits(32);
    struct network network = network_of("redraw", "top-layer", &lesson);
    const struct comparison_order order = channel_order(&network, "redraw from top-layer, rms");
    assert_true(fabs(order.order - 0.5) < 0.06);
    network_free(&network);
    lesson_free(&lesson);
}

/* Units left out of the channel at random, the others louder: on average nothing is left out. */
static void dropout_averages_to_nothing_dropped(void **state)
{
    (void)state;
    struct lesson lesson = digits(32);
    struct network network = network_of("rbp", "rbp", &lesson);
    network.system.plan.channel_dropout = 0.5;
    const struct comparison_order order = channel_order(&network, "dropout from rbp, rms");
    assert_true(fabs(order.order - 0.5) < 0.06);
    network_free(&network);
    lesson_free(&lesson);
}

/* ---- an autoencoder of images ---- */

/* The flow has nothing but moments; the network has the images. */
static void moments_against_images(void **state)
{
    (void)state;
    const char *folder = getenv("SETTLE_DATA");
    if (!folder) {
        print_message("# skipped: SETTLE_DATA names no folder with images\n");
        skip();
    }
    struct lesson lesson = lesson_make(500, PIXELS);
    struct moments moments = {.count = 0};
    read_images(folder, NULL, &lesson, &moments);
    struct problem problem = problem_defaults(&system_autoencoder, registry_rule("rbp"));
    struct flow *flow = NULL;
    struct comparison_problem *network = NULL;
    double x0[2 * PIXELS];
    problem.size_count = 3;
    memcpy(problem.sizes, (size_t[]){PIXELS, 1, PIXELS}, 3 * sizeof(size_t));
    problem.sigma_ii = (struct entries){.count = PIXELS * PIXELS, .far = moments.sigma_ii};
    problem.sigma_ti = (struct entries){.count = PIXELS * PIXELS, .far = moments.sigma_ti};
    problem.inputs = (struct entries){.count = lesson.count * PIXELS, .far = lesson.inputs};
    problem.targets = (struct entries){.count = lesson.count * PIXELS, .far = lesson.targets};
    struct stream stream = stream_at(2, stream_key("autoencoder"), 0);
    stream_normals(&stream, COUNT(x0), 0.1, x0);
    problem.c_count = PIXELS;
    stream_normals(&stream, PIXELS, 0.3, problem.c);
    must(problem_flow(&problem, &flow));
    const struct comparison_problem_plan plan = {&problem, flow, 0, 1};
    must(comparison_problem_create(&plan, &network));
    struct comparison_gap gap;
    must(comparison_system_gap(&network->system, x0, 1, &gap));
    assert_true(gap.worst < 1e-12); /* sums over 500 images, in another order */
    const struct comparison_plan steps = {.horizon = 2,
                                          .etas = 5,
                                          .steps = {64, 128, 256, 512, 1024},
                                          .trials = {.sampling = SAMPLING_INDEPENDENT,
                                                     .batch = 10,
                                                     .trials = 48,
                                                     .threads = THREADS,
                                                     .seed = 1}};
    const struct network pair = {flow, network->system, x0};
    struct comparison *comparison = compare(&pair, &steps);
    assert_true(fabs(comparison->row[COMPARISON_FLOW].order - 1) < 0.05);
    assert_true(fabs(comparison->row[COMPARISON_MODIFIED].order - 2) < 0.07);
    assert_true(fabs(comparison->row[COMPARISON_DEVIATION].order - 0.5) < 0.06);
    comparison_free(comparison);
    comparison_problem_free(network);
    flow_free(flow);
    moments_free(&moments);
    lesson_free(&lesson);
}

static int open_blas(void **state)
{
    (void)state;
    must(blas_open());
    blas_threads(1);
    return 0;
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_batches_under_bp),
        cmocka_unit_test(full_batches_under_rbp),
        cmocka_unit_test(independent_batches_of_a_network),
        cmocka_unit_test(reshuffled_epochs_of_a_network),
        cmocka_unit_test(redrawn_feedback_averages_to_the_top_layer),
        cmocka_unit_test(dropout_averages_to_nothing_dropped),
        cmocka_unit_test(moments_against_images),
    };
    return cmocka_run_group_tests(tests, open_blas, NULL);
}
