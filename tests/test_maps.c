/* Maps: cells to points, points to colours, and the figure that is drawn.
 *
 * Reduction and distances are compared with searches through all cells.  The promise that grey is
 * undecided and white unbounded, and nothing else is either, is read off the bytes of the raster.
 */
#include "plots/map.h"

#include "base/stream.h"
#include "plots/colour.h"
#include "plots/figure.h"
#include "plots/map_bar.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATH_MAX_HERE = 4096, CLASSES = 11, SEED = 2385, SPREAD = 40, STEPS = 100 };

/* --- cells --------------------------------------------------------------------------------- */

struct field {
    size_t width, height;
    struct raster_cell *cell;
    size_t fails_at, asked; /* the cell whose reading fails; the next that must be asked for */
};

static enum status field_read(void *context, size_t first, size_t count, struct raster_cell *cells)
{
    struct field *field = context;
    assert_int_equal(first, field->asked); /* in order, and none twice */
    field->asked += count;
    if (field->fails_at < field->asked)
        return status_fail(STORE_FAILED, "cell %zu is not there", field->fails_at);
    memcpy(cells, field->cell + first, count * sizeof *cells);
    return OK;
}

/* Discs of classes over class 0, and values that some cells lack. */
static struct field field_make(size_t width, size_t height)
{
    struct field field = {.width = width, .height = height, .fails_at = SIZE_MAX};
    struct stream stream = stream_at(SEED, stream_key("maps"), width);
    field.cell = calloc(width * height, sizeof *field.cell);
    assert_non_null(field.cell);
    for (size_t disc = 0; disc < SPREAD; disc++) {
        const double x = stream_uniform(&stream) * (double)width;
        const double y = stream_uniform(&stream) * (double)height;
        const double r = stream_uniform(&stream) * (double)width / 5;
        for (size_t k = 0; k < width * height; k++) {
            const size_t column = k % width, row = k / width;
            if (hypot((double)column - x, (double)row - y) < r)
                field.cell[k].class = (uint16_t)(disc % CLASSES);
        }
    }
    for (size_t k = 0; k < width * height; k++)
        field.cell[k].value =
            stream_uniform(&stream) < 0.1 ? NAN : (float)exp(4 * stream_uniform(&stream));
    return field;
}

static struct raster *raster_of(struct field *field)
{
    struct raster *raster = NULL;
    const struct raster_source source = {.width = field->width,
                                         .height = field->height,
                                         .classes = CLASSES,
                                         .read = field_read,
                                         .context = field};
    assert_int_equal(raster_create(&source, &raster), OK);
    assert_int_equal(field->asked, field->width * field->height);
    return raster;
}

/* --- reduction ----------------------------------------------------------------------------- */

static void a_small_map_is_kept_cell_by_cell(void **state)
{
    (void)state;
    struct field field = field_make(317, 90);
    struct raster *raster = raster_of(&field);
    assert_int_equal(raster->block, 1);
    assert_int_equal(raster->width, 317);
    assert_int_equal(raster->height, 90);
    assert_true(raster->zoom * raster->width >= 900);
    for (size_t k = 0; k < 317 * 90; k++) {
        assert_int_equal(raster->cell[k].class, field.cell[k].class);
        assert_memory_equal(&raster->cell[k].value, &field.cell[k].value, sizeof(float));
    }
    raster_free(raster);
    free(field.cell);
}

/* The point (i, j) against all cells of its block. */
static void expect_block(const struct raster *raster, const struct field *field, size_t i, size_t j)
{
    size_t count[CLASSES] = {0}, below = 0, above = 0, valued = 0;
    const struct raster_cell *point = &raster->cell[j * raster->width + i];
    const size_t b = raster->block;
    for (size_t row = j * b; row < (j + 1) * b && row < field->height; row++)
        for (size_t column = i * b; column < (i + 1) * b && column < field->width; column++) {
            const struct raster_cell *cell = &field->cell[row * field->width + column];
            count[cell->class]++;
            if (cell->class == point->class && !isnan(cell->value)) {
                valued++;
                below += cell->value < point->value;
                above += cell->value > point->value;
            }
        }
    for (size_t k = 0; k < CLASSES; k++)
        assert_true(count[k] < count[point->class] ||
                    (count[k] == count[point->class] && k >= point->class));
    assert_int_equal(isnan(point->value), valued == 0);
    assert_true(valued == 0 || (2 * below <= valued && 2 * above <= valued));
}

static void a_large_map_is_reduced_by_majority(void **state)
{
    (void)state;
    struct field field = field_make(3103, 800); /* three cells a side; the last blocks are cut */
    struct raster *raster = raster_of(&field);
    assert_int_equal(raster->block, 3);
    assert_int_equal(raster->width, 1035);
    assert_int_equal(raster->height, 267);
    for (size_t j = 0; j < raster->height; j++)
        for (size_t i = 0; i < raster->width; i++)
            expect_block(raster, &field, i, j);
    raster_free(raster);
    free(field.cell);
}

static void a_bad_source_is_an_error(void **state)
{
    (void)state;
    struct raster *raster = NULL;
    struct field field = field_make(50, 40);
    struct raster_source source = {
        .width = 50, .height = 40, .classes = CLASSES, .read = field_read, .context = &field};
    field.fails_at = 777;
    assert_int_equal(raster_create(&source, &raster), STORE_FAILED);
    field.fails_at = SIZE_MAX;
    field.asked = 0;
    field.cell[1234].class = CLASSES;
    assert_int_equal(raster_create(&source, &raster), BAD_DATA);
    assert_non_null(strstr(status_message(), "cell 1234 has class 11 of 11"));
    source.height = 0;
    assert_int_equal(raster_create(&source, &raster), BAD_ARGUMENT);
    assert_null(raster);
    free(field.cell);
}

static void quantiles_leave_out_classes_and_absent_values(void **state)
{
    (void)state;
    struct field field = field_make(101, 1);
    const bool is_in[CLASSES] = {true};
    for (size_t k = 0; k < 101; k++)
        field.cell[k] = (struct raster_cell){.class = 0, .value = (float)(100 - k)};
    field.cell[0] = (struct raster_cell){.class = 1, .value = 1e6F}; /* not asked for */
    field.cell[100].value = NAN;                                     /* what was 0 */
    struct raster *raster = raster_of(&field);
    double range[2] = {-1, -1};
    const struct raster_quantiles all = {.is_in = is_in, .share = {0, 1}};
    const struct raster_quantiles inner = {.is_in = is_in, .share = {0.25, 0.75}};
    assert_int_equal(raster_range(raster, &all, range), OK);
    assert_true(range[0] == 1 && range[1] == 99);
    assert_int_equal(raster_range(raster, &inner, range), OK);
    assert_true(fabs(range[0] - 25.5) < 1 && fabs(range[1] - 74.5) < 1); /* between two values */
    raster_free(raster);
    free(field.cell);
}

/* Of times of which many are 0, the scale is that of the others. */
static void zeros_do_not_end_a_scale(void **state)
{
    (void)state;
    struct field field = field_make(101, 1);
    const bool is_in[CLASSES] = {true};
    for (size_t k = 0; k < 101; k++)
        field.cell[k] = (struct raster_cell){.class = 0, .value = k < 20 ? 0 : (float)k};
    struct raster *raster = raster_of(&field);
    double range[2] = {-1, -1};
    const struct raster_quantiles all = {.is_in = is_in, .share = {0.01, 1}};
    assert_int_equal(raster_range(raster, &all, range), OK);
    assert_true(range[0] >= 20 && range[0] <= 22 && range[1] == 100);
    raster->cell[50].value = -1; /* then 0 is a number like any other */
    assert_int_equal(raster_range(raster, &all, range), OK);
    assert_true(range[0] <= 0);
    raster_free(raster);
    free(field.cell);
}

static void counts_are_told_from_numbers(void **state)
{
    (void)state;
    struct field field = field_make(50, 1);
    const bool is_in[CLASSES] = {true};
    for (size_t k = 0; k < 50; k++)
        field.cell[k] = (struct raster_cell){.class = 0, .value = (float)(2 + k % 4)};
    field.cell[7] = (struct raster_cell){.class = 1, .value = 0.5F}; /* not asked for */
    field.cell[8].value = NAN;
    struct raster *raster = raster_of(&field);
    double range[2] = {-1, -1};
    assert_true(raster_counts(raster, is_in, range));
    assert_true(range[0] == 2 && range[1] == 5);
    raster->cell[9].value = 2.5F;
    assert_false(raster_counts(raster, is_in, range));
    raster->cell[9].value = 2 + RASTER_COUNTS + 1;
    assert_false(raster_counts(raster, is_in, range));
    raster_free(raster);
    free(field.cell);
}

/* --- places -------------------------------------------------------------------------------- */

/* Steps of a king to the nearest point of another class, or over the border. */
static size_t distance_searched(const struct raster *raster, size_t i, size_t j)
{
    const size_t width = raster->width, height = raster->height;
    const uint16_t class = raster->cell[j * width + i].class;
    for (size_t r = 1;; r++) {
        if (i < r || j < r || i + r >= width || j + r >= height)
            return r;
        for (size_t row = j - r; row <= j + r; row++)
            for (size_t column = i - r; column <= i + r; column++)
                if (raster->cell[row * width + column].class != class)
                    return r;
    }
}

static void expect_places(size_t room)
{
    struct field field = field_make(120, 110);
    struct raster *raster = raster_of(&field);
    struct raster_place place[CLASSES + 1];
    size_t widest[CLASSES] = {0};
    assert_int_equal(raster_roomy(raster, CLASSES + 1, room, place), OK);
    assert_int_equal(place[CLASSES].depth, 0); /* a class without a point */
    for (size_t k = 0; k < 120 * 110; k++) {
        const size_t distance = distance_searched(raster, k % 120, k / 120);
        size_t *most = &widest[raster->cell[k].class];
        *most = distance > *most ? distance : *most;
    }
    for (size_t c = 0; c < CLASSES; c++) {
        const size_t half = (widest[c] + 1) / 2, wanted = half > room ? half : room;
        const size_t needed = wanted < widest[c] ? wanted : widest[c];
        assert_true(widest[c] > 0);
        assert_int_equal(raster->cell[place[c].row * 120 + place[c].column].class, c);
        assert_int_equal(place[c].depth, distance_searched(raster, place[c].column, place[c].row));
        assert_true(place[c].depth >= needed);
        for (size_t k = 0; k < 120 * 110; k++) /* none nearer to the corner will do */
            assert_false(raster->cell[k].class == c &&
                         k % 120 + 110 - k / 120 < place[c].column + 110 - place[c].row &&
                         distance_searched(raster, k % 120, k / 120) >= needed);
    }
    raster_free(raster);
    free(field.cell);
}

static void numbers_stand_where_there_is_room(void **state)
{
    (void)state;
    for (size_t room = 1; room < 40; room *= 3)
        expect_places(room);
}

/* --- colours ------------------------------------------------------------------------------- */

static int saturation(struct colour c)
{
    const int most =
        c.red > c.green ? (c.red > c.blue ? c.red : c.blue) : (c.green > c.blue ? c.green : c.blue);
    const int least =
        c.red < c.green ? (c.red < c.blue ? c.red : c.blue) : (c.green < c.blue ? c.green : c.blue);
    return most - least;
}

static double brightness(struct colour c)
{
    return 0.2126 * c.red + 0.7152 * c.green + 0.0722 * c.blue; /* ITU-R BT.709 */
}

static void no_class_is_grey_or_white(void **state)
{
    (void)state;
    assert_int_equal(saturation(colour_undecided), 0);
    assert_int_equal(saturation(colour_unbounded), 0);
    for (size_t k = 0; k < COLOUR_CLASSES; k++) {
        double before = -1;
        for (int step = 0; step <= STEPS; step++) {
            const struct colour shade = colour_shade(colour_of_class(k), step / (double)STEPS);
            assert_true(saturation(shade) >= 35); /* of 255; what the eye takes for grey is below */
            assert_true(brightness(shade) > before); /* lighter is slower, always */
            before = brightness(shade);
        }
        assert_true(saturation(colour_stripe(colour_of_class(k))) >= 35);
    }
    for (int step = 0; step <= STEPS; step++)
        assert_true(saturation(colour_on_scale(step / (double)STEPS)) >= 35);
}

static void the_scale_is_that_of_the_style(void **state)
{
    (void)state;
    char text[COLOUR_TEXT];
    for (int k = 0; k <= 8; k++)
        assert_non_null(strstr(figure_style(), colour_text(colour_on_scale(k / 8.0), text)));
    assert_string_equal(colour_text(colour_on_scale(-1), text), "#440154");
    assert_string_equal(colour_text(colour_on_scale(2), text), "#7ad151");
}

static void bars_are_logarithmic_over_decades(void **state)
{
    (void)state;
    const struct map_bar plain = map_bar_from((const double[]){-1, 3});
    const struct map_bar decades = map_bar_from((const double[]){0.01, 100});
    const struct map_bar narrow = map_bar_from((const double[]){2, 19});
    assert_false(plain.logarithmic);
    assert_false(narrow.logarithmic);
    assert_true(decades.logarithmic);
    assert_true(map_bar_height(&plain, 0) == 0.25);
    assert_true(fabs(map_bar_height(&decades, 0.1) - 0.25) < 1e-15);
    assert_true(map_bar_height(&decades, -1) == 0 && map_bar_height(&decades, 1e9) == 1);
    const struct map_bar counts = map_bar_of_counts((const double[]){2, 5});
    for (int k = 2; k <= 5; k++) {
        const double height = map_bar_height(&counts, k);
        assert_true(fabs(height - (k - 1.5) / 4) < 1e-15); /* the middle of its step */
        assert_true(fabs(map_bar_colour(&counts, height) - (k - 2) / 3.0) < 1e-15);
        assert_true(map_bar_colour(&counts, height - 0.12) == map_bar_colour(&counts, height));
    }
    assert_true(map_bar_colour(&counts, 1) == 1 && map_bar_colour(&decades, 0.385) == 0.385);
}

/* --- figures ------------------------------------------------------------------------------- */

static int place_create(void **state)
{
    char *folder = calloc(1, PATH_MAX_HERE);
    const char *temporary = getenv("TMPDIR");
    if (!folder)
        return -1;
    snprintf(folder, PATH_MAX_HERE, "%s/settle-test-XXXXXX", temporary ? temporary : "/tmp");
    *state = folder;
    return mkdtemp(folder) ? 0 : -1;
}

static int place_free(void **state)
{
    char command[PATH_MAX_HERE + 16];
    snprintf(command, sizeof command, "rm -rf '%s'", (char *)*state);
    free(*state);
    return system(command);
}

static const struct map_class classes[CLASSES] = {
    {"a1 > 0", MAP_COLOUR, 0.3, 0.29, 0.31, false}, {"a1 < 0", MAP_COLOUR, 0.3, 0.29, 0.31, false},
    {"undecided", MAP_GREY, 0.1, NAN, NAN, false},  {"unbounded", MAP_WHITE, 0.1, NAN, NAN, false},
    {"cycling", MAP_HATCHED, 0.1, NAN, NAN, false}, {"a2 > 0", MAP_COLOUR, 0.1, 0.09, 0.11, false},
    {"a2 < 0", MAP_COLOUR, 0.01, NAN, NAN, false},  {"a3 > 0", MAP_COLOUR, 0.02, NAN, NAN, false},
    {"a3 < 0", MAP_COLOUR, 0.03, NAN, NAN, false},  {"a4 > 0", MAP_COLOUR, 0.04, NAN, NAN, false},
    {"a4 < 0", MAP_COLOUR, 0.05, NAN, NAN, false}}; /* two more than there are colours */

static struct map_figure figure_of(struct field *field, const char *folder)
{
    return (struct map_figure){.directory = folder,
                               .name = "map",
                               .title = "chain L=2, rbp",
                               .caption = {"all c = 1", "rtol 1e-10"},
                               .axis = {"a1", "a2"},
                               .window = {-3, 3, -2, 2},
                               .source = {.width = field->width,
                                          .height = field->height,
                                          .classes = CLASSES,
                                          .read = field_read,
                                          .context = field},
                               .value = "settling time",
                               .class = classes};
}

static size_t length_of(const char *folder, const char *name)
{
    char path[PATH_MAX_HERE + 64];
    struct stat about;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return stat(path, &about) == 0 ? (size_t)about.st_size : 0;
}

/* Every pixel of the raster against the class of its cell. */
static void expect_pixels(const char *folder, const struct field *field)
{
    char path[PATH_MAX_HERE + 64];
    snprintf(path, sizeof path, "%s/map.rgb", folder);
    const size_t zoom = 3, width = 300 * zoom, height = 200 * zoom;
    unsigned char *bytes = calloc(3 * width, height);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(bytes, 3, width * height + 1, file), width * height);
    fclose(file);
    for (size_t k = 0; k < width * height; k++) {
        const struct raster_cell *cell =
            &field->cell[k / width / zoom * field->width + k % width / zoom];
        const struct colour pixel = {bytes[3 * k], bytes[3 * k + 1], bytes[3 * k + 2]};
        const bool grey = memcmp(&pixel, &colour_undecided, sizeof pixel) == 0;
        const bool white = memcmp(&pixel, &colour_unbounded, sizeof pixel) == 0;
        assert_int_equal(grey, classes[cell->class].paint == MAP_GREY);
        assert_int_equal(white, classes[cell->class].paint == MAP_WHITE);
    }
    free(bytes);
}

static void grey_is_undecided_and_white_unbounded(void **state)
{
    enum status (*const draw[])(const struct map_figure *) = {map_draw_classes, map_draw_values};
    for (size_t k = 0; k < 2; k++) {
        struct field field = field_make(300, 200);
        const struct map_figure figure = figure_of(&field, *state);
        const enum status status = draw[k](&figure);
        assert_true(status == OK || status == NO_PROGRAM);
        expect_pixels(*state, &field);
        assert_true(length_of(*state, "map.gp") > 0);
        for (size_t f = 0; f < 3 && status == OK; f++) /* 0.5 MB hold the raster, compressed */
            assert_in_range(length_of(*state, (const char *[]){"map.png", "map.pdf", "map.svg"}[f]),
                            10000, 1500000);
        free(field.cell);
    }
}

static void a_map_without_values_is_drawn(void **state)
{
    struct field field = field_make(60, 40);
    struct map_figure figure = figure_of(&field, *state);
    figure.value = NULL;
    for (size_t k = 0; k < 60 * 40; k++)
        field.cell[k].value = NAN;
    const enum status status = map_draw_classes(&figure);
    assert_true(status == OK || status == NO_PROGRAM);
    free(field.cell);
}

static void a_figure_that_cannot_be_written_is_an_error(void **state)
{
    char folder[PATH_MAX_HERE + 16];
    struct field field = field_make(60, 40);
    snprintf(folder, sizeof folder, "%s/missing", (char *)*state);
    struct map_figure figure = figure_of(&field, folder);
    assert_int_equal(map_draw_classes(&figure), CANNOT_WRITE);
    assert_non_null(strstr(status_message(), "map.rgb"));
    free(field.cell);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_map_is_kept_cell_by_cell),
        cmocka_unit_test(a_large_map_is_reduced_by_majority),
        cmocka_unit_test(a_bad_source_is_an_error),
        cmocka_unit_test(quantiles_leave_out_classes_and_absent_values),
        cmocka_unit_test(numbers_stand_where_there_is_room),
        cmocka_unit_test(no_class_is_grey_or_white),
        cmocka_unit_test(the_scale_is_that_of_the_style),
        cmocka_unit_test(zeros_do_not_end_a_scale),
        cmocka_unit_test(counts_are_told_from_numbers),
        cmocka_unit_test(bars_are_logarithmic_over_decades),
        cmocka_unit_test_setup_teardown(grey_is_undecided_and_white_unbounded, place_create,
                                        place_free),
        cmocka_unit_test_setup_teardown(a_map_without_values_is_drawn, place_create, place_free),
        cmocka_unit_test_setup_teardown(a_figure_that_cannot_be_written_is_an_error, place_create,
                                        place_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
