/* Data files: moments against sums written out here, and every kind of broken file.
 *
 * Samples are drawn, written as CSV, as IDX and compressed, and read back; the matrices are
 * compared with plain sums over the samples kept in memory.  Broken files are made from good ones,
 * by hand with the message that must come, and by the thousand at random, where only crashes and
 * wrong dimensions count.  Where SETTLE_DATA names a folder with the MNIST files, two published
 * numbers of that data set are compared. */
#include "base/folder.h"
#include "base/stream.h"
#include "linear/matrix.h"
#include "linear/moments.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

enum { INPUTS = 3, TARGETS = 2, SAMPLES = 57, BYTES = 65536, PATH = 4096, SEED = 41 };
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- files ---- */

static char folder[] = "/tmp/settle-moments-XXXXXX";

static int folder_make(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int folder_remove(void **state)
{
    char command[PATH];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

/* Writes bytes to a file of the folder; one of two places, so that two files may be named. */
static const char *file_of(const char *name, size_t size, const void *bytes)
{
    static char path[2][PATH];
    static int turn;
    turn = !turn;
    snprintf(path[turn], PATH, "%s/%s", folder, name);
    FILE *file = fopen(path[turn], "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return path[turn];
}

static const char *compressed(const char *name, size_t size, const void *bytes)
{
    const char *path = file_of(name, 0, "");
    gzFile file = gzopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(gzwrite(file, bytes, (unsigned)size), (int)size);
    assert_int_equal(gzclose(file), Z_OK);
    return path;
}

static struct moments read_good(const struct moments_source *source)
{
    struct moments moments;
    if (moments_read(source, &moments) != OK)
        fail_msg("%s", status_message());
    return moments;
}

static void assert_close(size_t count, const double *x, const double *y, double relative)
{
    double size = 0;
    for (size_t k = 0; k < count; k++)
        size = fmax(size, fabs(y[k]));
    for (size_t k = 0; k < count; k++)
        if (!(fabs(x[k] - y[k]) <= relative * size))
            fail_msg("entry %zu: %.17g, expected %.17g", k, x[k], y[k]);
}

/* M = (1/n) sum_k left_k right_k' */
static void mean_of_products(size_t rows, size_t columns, size_t n, const double *left,
                             const double *right, double *M)
{
    memset(M, 0, rows * columns * sizeof *M);
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < columns; j++)
                M[i * columns + j] += left[k * rows + i] * right[k * columns + j] / (double)n;
}

/* Sums of a few dozen products, here without compensation: some roundings of them. */
static const double SUM_ROUNDING = 1e-14;

/* ---- CSV ---- */

struct samples {
    double x[SAMPLES * INPUTS], t[SAMPLES * TARGETS];
    char text[BYTES];
    size_t length;
};

static void append(struct samples *samples, const char *format, double value)
{
    samples->length +=
        (size_t)snprintf(samples->text + samples->length, BYTES - samples->length, format, value);
}

static void draw_samples(struct samples *samples)
{
    struct stream stream = stream_at(SEED, stream_key("test moments"), 0);
    samples->length = (size_t)snprintf(samples->text, BYTES, "u,v,w,s,t\r\n");
    for (size_t k = 0; k < SAMPLES; k++) {
        for (size_t i = 0; i < INPUTS; i++)
            append(samples, "%.17g,", samples->x[k * INPUTS + i] = stream_normal(&stream));
        for (size_t i = 0; i < TARGETS; i++)
            append(samples, i ? " %.17g\r\n" : "%.17g ,",
                   samples->t[k * TARGETS + i] = stream_normal(&stream));
    }
}

static void check_against(const struct samples *samples, const struct moments *moments, size_t n)
{
    double ii[INPUTS * INPUTS], ti[TARGETS * INPUTS];
    mean_of_products(INPUTS, INPUTS, n, samples->x, samples->x, ii);
    mean_of_products(TARGETS, INPUTS, n, samples->t, samples->x, ti);
    assert_int_equal(moments->count, n);
    assert_int_equal(moments->inputs, INPUTS);
    assert_int_equal(moments->outputs, TARGETS);
    assert_close(COUNT(ii), moments->sigma_ii, ii, SUM_ROUNDING);
    assert_close(COUNT(ti), moments->sigma_ti, ti, SUM_ROUNDING);
}

static void text_gives_the_moments(void **state)
{
    (void)state;
    struct samples samples;
    draw_samples(&samples);
    struct moments_source source = {.inputs = INPUTS, .outputs = TARGETS};
    source.data = file_of("good.csv", samples.length, samples.text);
    struct moments moments = read_good(&source);
    check_against(&samples, &moments, SAMPLES);
    moments_free(&moments);
    source.samples = SAMPLES - 20;
    moments = read_good(&source);
    check_against(&samples, &moments, SAMPLES - 20);
    moments_free(&moments);
    source.data = compressed("good.csv.gz", samples.length, samples.text);
    moments = read_good(&source);
    check_against(&samples, &moments, SAMPLES - 20);
    moments_free(&moments);
}

/* 2^53 + 1 - 2^53, twenty thousand times: plain sums lose every 1. */
static void long_sums_are_compensated(void **state)
{
    (void)state;
    enum { LINES = 20000, LINE = 32 };
    char *text = malloc((size_t)LINES * 3 * LINE);
    assert_non_null(text);
    size_t length = 0;
    for (size_t k = 0; k < LINES; k++)
        length += (size_t)snprintf(text + length, 3 * LINE,
                                   "1,9007199254740992\n1,1\n1,-9007199254740992\n");
    const struct moments_source source = {
        .data = file_of("long.csv", length, text), .inputs = 1, .outputs = 1};
    struct moments moments = read_good(&source);
    assert_true(fabs(moments.sigma_ti[0] - 1 / 3.) <= 1e-16);
    moments_free(&moments);
    free(text);
}

static void targets_may_be_the_inputs(void **state)
{
    (void)state;
    const char text[] = "1,2\n-1/2,3\n";
    const struct moments_source source = {
        .data = file_of("own.csv", strlen(text), text), .inputs = 2, .outputs = 2};
    const double ii[] = {0.625, 0.25, 0.25, 6.5};
    struct moments moments = read_good(&source);
    assert_true(moments.own_targets);
    assert_close(COUNT(ii), moments.sigma_ii, ii, 0);
    assert_close(COUNT(ii), moments.sigma_ti, ii, 0);
    moments_free(&moments);
}

/* ---- IDX ---- */

enum { IMAGES = 29, ROWS = 4, COLUMNS = 6, PIXELS = ROWS * COLUMNS, CLASSES = 5 };
enum { IMAGES_HEADER = 16, LABELS_HEADER = 8 };

struct images {
    unsigned char file[IMAGES_HEADER + IMAGES * PIXELS], labels[LABELS_HEADER + IMAGES];
    double x[IMAGES * PIXELS], t[IMAGES * CLASSES];
};

static void draw_images(struct images *images)
{
    static const unsigned char header[] = {0, 0, 8, 3,    0, 0, 0, IMAGES,
                                           0, 0, 0, ROWS, 0, 0, 0, COLUMNS};
    static const unsigned char labels_header[] = {0, 0, 8, 1, 0, 0, 0, IMAGES};
    struct stream stream = stream_at(SEED, stream_key("test images"), 0);
    memset(images, 0, sizeof *images);
    memcpy(images->file, header, sizeof header);
    memcpy(images->labels, labels_header, sizeof labels_header);
    for (size_t k = 0; k < IMAGES * PIXELS; k++) {
        images->file[IMAGES_HEADER + k] = (unsigned char)stream_below(&stream, 256);
        images->x[k] = images->file[IMAGES_HEADER + k] / 255.;
    }
    for (size_t k = 0; k < IMAGES; k++) {
        const size_t label = stream_below(&stream, CLASSES);
        images->labels[LABELS_HEADER + k] = (unsigned char)label;
        images->t[k * CLASSES + label] = 1;
    }
}

static struct moments_source source_of(const struct images *images)
{
    return (struct moments_source){.data = file_of("images", sizeof images->file, images->file),
                                   .labels =
                                       file_of("labels", sizeof images->labels, images->labels),
                                   .inputs = PIXELS,
                                   .outputs = CLASSES};
}

static void images_give_the_moments(void **state)
{
    (void)state;
    struct images images;
    double ii[PIXELS * PIXELS], ti[CLASSES * PIXELS];
    draw_images(&images);
    mean_of_products(PIXELS, PIXELS, IMAGES, images.x, images.x, ii);
    mean_of_products(CLASSES, PIXELS, IMAGES, images.t, images.x, ti);
    struct moments_source source = source_of(&images);
    struct moments moments = read_good(&source);
    assert_int_equal(moments.count, IMAGES);
    assert_close(COUNT(ii), moments.sigma_ii, ii, SUM_ROUNDING);
    assert_close(COUNT(ti), moments.sigma_ti, ti, SUM_ROUNDING);
    moments_free(&moments);
    source = (struct moments_source){.data = compressed("i.gz", sizeof images.file, images.file),
                                     .inputs = PIXELS,
                                     .outputs = PIXELS};
    moments = read_good(&source);
    assert_true(moments.own_targets);
    assert_close(COUNT(ii), moments.sigma_ti, ii, SUM_ROUNDING);
    moments_free(&moments);
}

/* Means of 2 x 2 pixels, taken here of the images themselves. */
static void pixels_are_averaged(void **state)
{
    (void)state;
    enum { BLOCK = 2, SMALL = PIXELS / (BLOCK * BLOCK), ACROSS = COLUMNS / BLOCK };
    struct images images;
    double y[IMAGES * SMALL] = {0}, ii[SMALL * SMALL], ti[CLASSES * SMALL];
    draw_images(&images);
    for (size_t k = 0; k < IMAGES; k++)
        for (size_t i = 0; i < ROWS; i++)
            for (size_t j = 0; j < COLUMNS; j++)
                y[k * SMALL + i / BLOCK * ACROSS + j / BLOCK] +=
                    images.x[k * PIXELS + i * COLUMNS + j] / (BLOCK * BLOCK);
    mean_of_products(SMALL, SMALL, IMAGES, y, y, ii);
    mean_of_products(CLASSES, SMALL, IMAGES, images.t, y, ti);
    struct moments_source source = source_of(&images);
    source.downsample = BLOCK;
    source.inputs = SMALL;
    struct moments moments = read_good(&source);
    assert_close(COUNT(ii), moments.sigma_ii, ii, SUM_ROUNDING);
    assert_close(COUNT(ti), moments.sigma_ti, ti, SUM_ROUNDING);
    moments_free(&moments);
}

/* ---- principal components ---- */

/* Sigma_TI Sigma_II^+ Sigma_TI', which no change of basis of the inputs alters. */
static void explained(const struct moments *moments, double *B)
{
    const size_t n = moments->inputs, m = moments->outputs;
    double *inverse = malloc((n * n + m * n) * sizeof *inverse);
    assert_non_null(inverse);
    size_t rank;
    assert_int_equal(matrix_pseudo_inverse(n, n, moments->sigma_ii, inverse, &rank), OK);
    matrix_multiply(m, n, n, moments->sigma_ti, inverse, inverse + n * n);
    matrix_multiply_second_transposed(m, n, m, inverse + n * n, moments->sigma_ti, B);
    free(inverse);
}

/* Inputs (u, 2u - v, v, u + v) have rank two: two components keep everything, one does not. */
static void principal_components_keep_the_trace(void **state)
{
    (void)state;
    enum { WIDE = 4, RANK = 2, LINES = 12, LINE = 128 };
    char text[LINES * LINE];
    size_t length = 0;
    struct stream stream = stream_at(SEED, stream_key("test principal"), 0);
    for (size_t k = 0; k < LINES; k++) {
        const double u = stream_normal(&stream), v = stream_normal(&stream);
        length +=
            (size_t)snprintf(text + length, sizeof text - length, "%.17g,%.17g,%.17g,%.17g,%.17g\n",
                             u, 2 * u - v, v, u + v, stream_normal(&stream));
    }
    struct moments_source source = {
        .data = file_of("rank.csv", length, text), .inputs = WIDE, .outputs = 1};
    struct moments whole = read_good(&source);
    source.inputs = source.principal = RANK;
    struct moments two = read_good(&source);
    source.inputs = source.principal = 1;
    struct moments one = read_good(&source);
    double trace = 0, B[3];
    for (size_t i = 0; i < WIDE; i++)
        trace += whole.sigma_ii[i * WIDE + i];
    assert_true(two.sigma_ii[1] == 0 && two.sigma_ii[2] == 0);
    assert_true(two.sigma_ii[0] > two.sigma_ii[3] && two.sigma_ii[3] > 0);
    assert_true(fabs(two.sigma_ii[0] + two.sigma_ii[3] - trace) <= SUM_ROUNDING * trace);
    assert_true(fabs(two.kept - 1) <= SUM_ROUNDING);
    assert_true(one.kept < 0.99 && fabs(one.sigma_ii[0] / trace - one.kept) <= SUM_ROUNDING);
    explained(&whole, &B[0]);
    explained(&two, &B[1]);
    explained(&one, &B[2]);
    assert_true(fabs(B[1] - B[0]) <= 1e-12 * fabs(B[0])); /* rank cut 1e-12 of the inverse */
    assert_true(B[2] < 0.999 * B[0]);
    moments_free(&whole);
    moments_free(&two);
    moments_free(&one);
}

/* ---- broken files ---- */

static void check_refused(const struct moments_source *source, enum status expected,
                          const char *part)
{
    struct moments moments = {.count = 77};
    const enum status status = moments_read(source, &moments);
    if (status != expected || !strstr(status_message(), part))
        fail_msg("status %d, \"%s\"; expected \"%s\"", (int)status, status_message(), part);
    assert_int_equal(moments.count, 77); /* untouched */
}

static void broken_text_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *part;
        enum status status;
    } bad[] = {
        {"1,2,3,4,5\n1,2,3,4\n", ":2: 4 columns", BAD_DATA},
        {"1,2,3,4\n", ":1: 4 columns; expected 5 columns, 3 inputs and 2 targets", BAD_DATA},
        {"1,2,3,4,nan\n", ":1: 'nan'", BAD_DATA},
        {"a,b,c,d,e\n1,2,3,4,inf\n", ":2: 'inf'", BAD_DATA},
        {"a,b,c,d,5\n", ":1: 'a'", BAD_DATA},
        {"1,2,3,4,5\n\n1,2,3,4,5\n", ":2: a blank line", BAD_DATA},
        {"1,2,3,,5\n", ":1: ''", BAD_DATA},
        {"1e200,0,0,0,0\n", "overflow", BAD_DATA},
        {"1,0,0,1e308,0\n1,0,0,1e308,0\n", ":2: the moments overflow", BAD_DATA},
        {"", "no samples", BAD_DATA},
        {"a,b,c,d,e\n", "no samples", BAD_DATA},
    };
    for (size_t k = 0; k < COUNT(bad); k++) {
        const struct moments_source source = {
            .data = file_of("bad.csv", strlen(bad[k].text), bad[k].text),
            .inputs = INPUTS,
            .outputs = TARGETS};
        check_refused(&source, bad[k].status, bad[k].part);
    }
    struct moments_source source = {
        .data = file_of("few.csv", 10, "1,2,3,4,5\n"), .inputs = 3, .outputs = 2, .samples = 2};
    check_refused(&source, BAD_ARGUMENT, "has 1 samples, --samples asks for 2");
    source.samples = 0;
    source.labels = "nothing";
    check_refused(&source, BAD_ARGUMENT, "--labels goes with images");
    source.labels = NULL;
    source.downsample = 2;
    check_refused(&source, BAD_ARGUMENT, "--downsample goes with images");
    source.downsample = 0;
    source.principal = 2;
    check_refused(&source, BAD_ARGUMENT, "--principal 2 gives 2 inputs");
    source.inputs = source.principal = 4;
    check_refused(&source, BAD_ARGUMENT, "--principal 4");
    source.data = "/nowhere/at/all";
    check_refused(&source, CANNOT_READ, "No such file");
    source.data = folder;
    check_refused(&source, CANNOT_READ, "directory");
}

/* The files with one number of a header or one length changed. */
static void broken_images_are_refused(void **state)
{
    (void)state;
    enum { MAGIC = 3, NUMBER = 7, HIGH_ROWS = 8, LAST_ROWS = 11 };
    struct images images;
    draw_images(&images);
    static const struct {
        size_t at, size, labels_at, labels_size;
        unsigned char value, labels_value;
        const char *part;
    } bad[] = {
        {.at = MAGIC, .value = 1, .part = "magic number 0x00000801; images of unsigned bytes"},
        {.at = MAGIC, .value = 9, .part = "magic number 0x00000809"},
        {.at = NUMBER, .value = IMAGES + 1, .part = "labels for the 30 images"},
        {.at = NUMBER, .value = 0, .part = "the header says 0 images"},
        {.at = HIGH_ROWS, .value = 255, .part = "pixels are possible"},
        {.at = LAST_ROWS, .value = ROWS + 1, .part = "are 30 inputs; --sizes has 24"},
        {.size = 3, .part = "ends in its header, before the magic number"},
        {.size = 15, .part = "ends in its header, before the number of columns"},
        {.size = IMAGES_HEADER + PIXELS + 1, .part = "ends in image 2 of 29"},
        {.labels_size = LABELS_HEADER + 3, .part = "ends before label 4 of 29"},
        {.labels_at = MAGIC, .labels_value = 3, .part = "these are images"},
        {.labels_at = LABELS_HEADER + 1, .labels_value = CLASSES, .part = "label 2 is 5"},
        {.labels_at = NUMBER, .labels_value = 1, .part = "has 1 labels for the 29 images"},
    };
    for (size_t k = 0; k < COUNT(bad); k++) {
        struct images copy = images;
        if (bad[k].at)
            copy.file[bad[k].at] = bad[k].value;
        if (bad[k].labels_at)
            copy.labels[bad[k].labels_at] = bad[k].labels_value;
        const struct moments_source source = {
            .data = file_of("images", bad[k].size ? bad[k].size : sizeof copy.file, copy.file),
            .labels =
                file_of("labels", bad[k].labels_size ? bad[k].labels_size : sizeof copy.labels,
                        copy.labels),
            .inputs = PIXELS,
            .outputs = CLASSES};
        check_refused(&source, strstr(bad[k].part, "--sizes has") ? BAD_ARGUMENT : BAD_DATA,
                      bad[k].part);
    }
    struct moments_source source = source_of(&images);
    source.samples = IMAGES + 1;
    check_refused(&source, BAD_ARGUMENT, "has 29 images, --samples asks for 30");
    source.samples = 0;
    source.downsample = 4;
    check_refused(&source, BAD_ARGUMENT, "--downsample 4 does not divide");
    source.downsample = 0;
    source.labels = NULL;
    check_refused(&source, BAD_ARGUMENT, "without --labels the targets are the 24 inputs");
}

static void what_follows_the_last_item_is_refused(void **state)
{
    (void)state;
    struct images images;
    unsigned char longer[sizeof images.file + 1] = {0};
    draw_images(&images);
    memcpy(longer, images.file, sizeof images.file);
    struct moments_source source = source_of(&images);
    source.data = file_of("images", sizeof longer, longer);
    check_refused(&source, BAD_DATA, "bytes follow the last item");
}

static void broken_gzip_is_refused(void **state)
{
    (void)state;
    struct images images;
    unsigned char bytes[BYTES];
    draw_images(&images);
    FILE *file = fopen(compressed("i.gz", sizeof images.file, images.file), "rb");
    assert_non_null(file);
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    struct moments_source source = {.inputs = PIXELS, .outputs = PIXELS};
    source.data = file_of("cut.gz", size / 2, bytes);
    check_refused(&source, BAD_DATA, "gzip stream is damaged or ends too early");
    bytes[size - 6] ^= 1; /* in the check sum */
    source.data = file_of("damaged.gz", size, bytes);
    check_refused(&source, BAD_DATA, "gzip stream is damaged");
}

/* Anything may come of it but a crash, a leak or another shape. */
static void random_damage_is_survived(void **state)
{
    (void)state;
    enum { TRIES = 3000, CHANGES = 3 };
    struct images images;
    struct samples samples;
    size_t refused = 0;
    draw_images(&images);
    draw_samples(&samples);
    for (size_t k = 0; k < TRIES; k++) {
        struct stream stream = stream_at(SEED, stream_key("test damage"), k);
        const bool text = k % 2;
        unsigned char bytes[BYTES];
        size_t size = text ? samples.length : sizeof images.file;
        memcpy(bytes, text ? (const void *)samples.text : (const void *)images.file, size);
        for (size_t j = 0; j < CHANGES; j++) /* headers are damaged as often as what follows */
            bytes[stream_below(&stream, j ? size : 20)] = (unsigned char)stream_below(&stream, 256);
        if (stream_below(&stream, 3) == 0)
            size = stream_below(&stream, size);
        const struct moments_source source = {.data = file_of("damaged", size, bytes),
                                              .inputs = text ? INPUTS : PIXELS,
                                              .outputs = text ? TARGETS : PIXELS};
        struct moments moments;
        if (moments_read(&source, &moments) == OK) {
            assert_int_equal(moments.inputs, source.inputs);
            assert_int_equal(moments.outputs, source.outputs);
            moments_free(&moments);
        } else {
            refused++;
        }
    }
    assert_in_range(refused, TRIES / 2, TRIES - 1);
}

/* ---- covariances ---- */

/* Cauchy and Schwarz hold for every pair, and yet (1, -1, 1) has the variance 3 - 6 (0.9) < 0. */
static void covariances_are_recognised(void **state)
{
    (void)state;
    const double bad[] = {1, 0.9, -0.9, 0.9, 1, 0.9, -0.9, 0.9, 1};
    const double singular[] = {1, 2, 3, 2, 4, 6, 3, 6, 9};
    const double zero[4] = {0};
    assert_int_equal(moments_check_covariance(3, bad), BAD_ARGUMENT);
    assert_int_equal(moments_check_covariance(3, singular), OK);
    assert_int_equal(moments_check_covariance(2, zero), OK);
}

/* ---- MNIST ---- */

/* Mean 0.1307 and deviation 0.3081 of its pixels, as every tutorial normalises them: so the trace
 * of Sigma_II is 784 (0.1307^2 + 0.3081^2) and the entries of Sigma_TI add up to 784 (0.1307). */
static void mnist_has_its_mean_and_deviation(void **state)
{
    (void)state;
    enum { MNIST_PIXELS = 784, DIGITS = 10 };
    static const double MEAN = 0.1307, DEVIATION = 0.3081, DIGITS_SHOWN = 5e-4;
    char data[PATH], labels[PATH];
    const char *place = getenv("SETTLE_DATA");
    if (!place)
        skip();
    snprintf(data, sizeof data, "%s/train-images-idx3-ubyte.gz", place);
    snprintf(labels, sizeof labels, "%s/train-labels-idx1-ubyte.gz", place);
    const struct moments_source source = {
        .data = data, .labels = labels, .inputs = MNIST_PIXELS, .outputs = DIGITS};
    struct moments moments = read_good(&source);
    double trace = 0, sum = 0;
    for (size_t i = 0; i < MNIST_PIXELS; i++)
        trace += moments.sigma_ii[i * MNIST_PIXELS + i] / MNIST_PIXELS;
    for (size_t i = 0; i < MNIST_PIXELS * DIGITS; i++)
        sum += moments.sigma_ti[i] / MNIST_PIXELS;
    assert_int_equal(moments.count, 60000);
    assert_true(fabs(sum / MEAN - 1) < DIGITS_SHOWN);
    assert_true(fabs(trace / (MEAN * MEAN + DEVIATION * DEVIATION) - 1) < DIGITS_SHOWN);
    moments_free(&moments);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_gives_the_moments),
        cmocka_unit_test(long_sums_are_compensated),
        cmocka_unit_test(targets_may_be_the_inputs),
        cmocka_unit_test(images_give_the_moments),
        cmocka_unit_test(pixels_are_averaged),
        cmocka_unit_test(principal_components_keep_the_trace),
        cmocka_unit_test(broken_text_is_refused_with_its_line),
        cmocka_unit_test(broken_images_are_refused),
        cmocka_unit_test(what_follows_the_last_item_is_refused),
        cmocka_unit_test(broken_gzip_is_refused),
        cmocka_unit_test(random_damage_is_survived),
        cmocka_unit_test(covariances_are_recognised),
        cmocka_unit_test(mnist_has_its_mean_and_deviation),
    };
    return cmocka_run_group_tests_name("moments", tests, folder_make, folder_remove);
}
