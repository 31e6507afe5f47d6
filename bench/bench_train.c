/* What a training step costs beside its products of matrices, and beside PyTorch.
 *
 *   784-100-100-100-100-10, tanh, softmax, batches of 100, floats, rule rbp
 *   peak        sgemm of PEAK x PEAK matrices: what this machine's BLAS can do at most
 *   products    the 14 products of one step alone, by sgemm, on memory that they share as a step
 *               does and that stays in the cache: the roofline of a step, which cannot do fewer
 *   step        training_step(): a batch gathered from shuffled samples, field, step
 *   share       products/step; the bar is SHARE_LEAST
 *   PyTorch     bench/train_pytorch.py, where python3-torch is installed: its best setting for the
 *               same rule against our best number of threads, by turns with this program, which
 *               then answers it
 *
 * All in one run, by turns, and the best of many rounds each: rounds are shorter than a turn of the
 * scheduler, so that on a busy machine some of them run undisturbed.  To be run in the folder of
 * the sources, for the script. */
#include "bench/timing.h"
#include "networks/blas.h"
#include "networks/learning.h"
#include "networks/training.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LAYERS = 5, BATCH = 100, SAMPLES = 10000, CLASSES = 10, PEAK = 1024 };
enum { ROUNDS = 300, STEPS = 3, STEPS_BY_TURNS = 30, PEAK_EACH = 20, THREADS_MOST = 2, LINE = 256 };
static const size_t SIZES[LAYERS + 1] = {784, 100, 100, 100, 100, CLASSES};
static const double SHARE_LEAST = 0.7;
static const double INK = 0.2; /* share of pixels that are not 0, as in MNIST */
static const double GIGA = 1e9, MEGA = 1e6, MILLI = 1e-3, PERCENT = 100;

/* ---- the products of a step ---- */

struct product {
    struct array a, b, c;
    enum array_form form_a, form_b;
};

static struct array numbers(size_t rows, size_t columns)
{
    float *values = calloc(rows * columns, sizeof *values);
    if (!values)
        exit(EXIT_FAILURE);
    struct array x = array_view(&array_float, rows, columns, values);
    struct stream stream = stream_at(1, stream_key("bench"), rows * columns);
    array_normals(&stream, 1, &x);
    return x;
}

static double operations(const struct product *product)
{
    const double inner =
        (double)(product->form_a == ARRAY_PLAIN ? product->a.columns : product->a.rows);
    return 2 * inner * (double)array_count(&product->c);
}

static struct array_factor plain(const struct array *x)
{
    return (struct array_factor){x, ARRAY_PLAIN};
}

static struct array_factor transposed(const struct array *x)
{
    return (struct array_factor){x, ARRAY_TRANSPOSED};
}

static void multiply(struct product *product)
{
    array_product((struct array_factor){&product->a, product->form_a},
                  (struct array_factor){&product->b, product->form_b}, 1, 0, &product->c);
}

struct roofline {
    struct product product[3 * LAYERS];
    size_t count;
    double operations; /* of a step */
};

static void list_one(struct roofline *roofline, struct array_factor a, struct array_factor b,
                     struct array c)
{
    struct product *product = &roofline->product[roofline->count++];
    *product = (struct product){*a.array, *b.array, c, a.form, b.form};
    roofline->operations += operations(product);
}

/* S = X W', P = D C', F = D' X, layer by layer, on memory of the size and sharing of a learner */
static void list_products(struct roofline *roofline)
{
    struct array X[LAYERS + 1], W[LAYERS + 1], C[LAYERS + 1], D[LAYERS + 1], F[LAYERS + 1];
    for (size_t l = 0; l <= LAYERS; l++) {
        X[l] = numbers(BATCH, SIZES[l]);
        D[l] = numbers(BATCH, SIZES[l]);
        W[l] = numbers(SIZES[l], SIZES[l > 0 ? l - 1 : 0]);
        F[l] = numbers(SIZES[l], SIZES[l > 0 ? l - 1 : 0]);
        C[l] = numbers(SIZES[l], SIZES[l < LAYERS ? l + 1 : l]);
    }
    for (size_t l = 1; l <= LAYERS; l++)
        list_one(roofline, plain(&X[l - 1]), transposed(&W[l]), X[l]);
    for (size_t l = LAYERS; l-- > 1;)
        list_one(roofline, plain(&D[l + 1]), transposed(&C[l]), D[l]);
    for (size_t l = 1; l <= LAYERS; l++)
        list_one(roofline, transposed(&D[l]), plain(&X[l - 1]), F[l]);
}

/* seconds for the products of one step */
static double products_seconds(clockid_t clock, struct roofline *roofline)
{
    const double begin = timing_seconds(clock);
    for (size_t step = 0; step < STEPS; step++)
        for (size_t k = 0; k < roofline->count; k++)
            multiply(&roofline->product[k]);
    return (timing_seconds(clock) - begin) / STEPS;
}

/* operations per second */
static double peak_rate(clockid_t clock)
{
    static struct product square;
    if (!square.a.values)
        square = (struct product){
            .a = numbers(PEAK, PEAK), .b = numbers(PEAK, PEAK), .c = numbers(PEAK, PEAK)};
    const double begin = timing_seconds(clock);
    multiply(&square);
    return operations(&square) / (timing_seconds(clock) - begin);
}

/* ---- training ---- */

static void make_data(struct dataset *data)
{
    struct stream stream = stream_at(1, stream_key("bench data"), 0);
    *data = (struct dataset){.count = SAMPLES, .inputs = SIZES[0], .outputs = CLASSES};
    data->input = calloc(SAMPLES * SIZES[0], sizeof *data->input);
    data->target = calloc(SAMPLES * (size_t)CLASSES, sizeof *data->target);
    data->label = calloc(SAMPLES, 1);
    if (!data->input || !data->target || !data->label)
        exit(EXIT_FAILURE);
    for (size_t i = 0; i < SAMPLES * SIZES[0]; i++)
        data->input[i] = stream_uniform(&stream) < INK ? (float)stream_uniform(&stream) : 0;
    for (size_t i = 0; i < SAMPLES; i++) {
        data->label[i] = (unsigned char)stream_below(&stream, CLASSES);
        data->target[i * CLASSES + data->label[i]] = 1;
    }
}

static struct training *start(const char *rule, const struct dataset *data)
{
    struct training_plan plan = training_defaults(learning_named(rule));
    struct training *training = NULL;
    plan.batch = BATCH;
    plan.learner.layers = LAYERS;
    memcpy(plan.learner.sizes, SIZES, sizeof SIZES);
    if (training_create(&plan, data, NULL, &training) != OK) {
        fprintf(stderr, "%s\n", status_message());
        exit(EXIT_FAILURE);
    }
    return training;
}

static double step_seconds(clockid_t clock, size_t steps, struct training *training)
{
    const double begin = timing_seconds(clock);
    for (size_t step = 0; step < steps; step++)
        training_step(training);
    return (timing_seconds(clock) - begin) / (double)steps;
}

/* ---- by turns ---- */

struct measured {
    double peak;                    /* operations per second */
    double products, step, redrawn; /* seconds */
};

static double least(double a, double b)
{
    return a < b ? a : b;
}

static void measure_round(clockid_t clock, struct roofline *roofline, struct training *const *rules,
                          struct measured *m)
{
    m->products = least(m->products, products_seconds(clock, roofline));
    m->step = least(m->step, step_seconds(clock, STEPS, rules[0]));
    m->redrawn = least(m->redrawn, step_seconds(clock, STEPS, rules[1]));
}

/* CPU time with one thread, which others on the machine do not lengthen; else the wall's clock. */
static clockid_t clock_of(size_t threads)
{
    return threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC;
}

static struct measured measure(size_t threads, struct roofline *roofline,
                               const struct dataset *data)
{
    const clockid_t clock = clock_of(threads);
    struct training *rules[] = {start("rbp", data), start("redraw", data)};
    struct measured m = {0, HUGE_VAL, HUGE_VAL, HUGE_VAL};
    blas_threads(threads);
    for (size_t round = 0; round < ROUNDS; round++) {
        measure_round(clock, roofline, rules, &m);
        if (round % PEAK_EACH == 0)
            m.peak = -least(-m.peak, -peak_rate(clock));
    }
    training_free(rules[0]);
    training_free(rules[1]);
    return m;
}

static void print(size_t threads, const struct roofline *roofline, const struct measured *m)
{
    const double rate = roofline->operations / m->products, share = m->products / m->step;
    printf("%zu thread%s: peak %.0f Gflop/s; products %.3f ms, %.0f Gflop/s, %.0f %% of the peak\n",
           threads, threads > 1 ? "s" : "", m->peak / GIGA, m->products / MILLI, rate / GIGA,
           PERCENT * rate / m->peak);
    printf("    step of rbp %.3f ms, %.0f Gflop/s: %.0f %% of the roofline, bar %.0f %%: %s\n",
           m->step / MILLI, roofline->operations / m->step / GIGA, PERCENT * share,
           PERCENT * SHARE_LEAST, share >= SHARE_LEAST ? "met" : "MISSED");
    printf("    step with feedback redrawn %.3f ms\n", m->redrawn / MILLI);
}

/* ---- PyTorch ---- */

/* For each number of threads that is read, the seconds of a step of rbp. */
static int answer(const struct dataset *data)
{
    struct training *training = start("rbp", data);
    enum { TEN = 10 }; /* the base */
    char line[LINE];
    while (fgets(line, sizeof line, stdin)) {
        const size_t threads = strtoul(line, NULL, TEN);
        if (threads == 0)
            break;
        blas_threads(threads);
        printf("%.9f\n", step_seconds(clock_of(threads), STEPS_BY_TURNS, training));
        fflush(stdout);
    }
    training_free(training);
    return 0;
}

/* Debian's own Python where the first one in the path has no PyTorch; false: neither has. */
static bool run_script(const char *self)
{
    static const char *const PYTHONS[] = {"python3", "/usr/bin/python3"};
    for (size_t k = 0; k < sizeof PYTHONS / sizeof *PYTHONS; k++) {
        char command[LINE], line[LINE];
        size_t lines = 0;
        snprintf(command, sizeof command, "%s bench/train_pytorch.py %s 2> /dev/null", PYTHONS[k],
                 self);
        FILE *script = popen(command, "r");
        while (script && fgets(line, sizeof line, script)) {
            fputs(line, stdout);
            lines++;
        }
        if (script)
            pclose(script);
        if (lines > 0)
            return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    static struct roofline roofline;
    static struct dataset data;
    if (blas_open() != OK) {
        printf("skipped: %s\n", status_message());
        return 0;
    }
    make_data(&data);
    if (argc > 1)
        return answer(&data);
    list_products(&roofline);
    printf("%s as %s: %.1f Mflop in the products of a step\n", blas_version(), blas_core(),
           roofline.operations / MEGA);
    for (size_t threads = 1; threads <= THREADS_MOST; threads++) {
        const struct measured m = measure(threads, &roofline, &data);
        print(threads, &roofline, &m);
    }
    printf("beside PyTorch:\n");
    fflush(stdout);
    if (!run_script(argv[0]))
        printf("    skipped, python3-torch is not installed\n");
    return 0;
}
