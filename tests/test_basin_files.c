/* The HDF5 file of a basin: what was written comes back, the same basin makes the same bytes, and a
 * file that cannot be written is an error of one line that leaves nothing, or the old file.
 *
 * The cells of these basins are functions of their number, so that a cell in the wrong place shows.
 * Files are read by the HDF5 library itself, which knows nothing of our layout; h5dump and Python
 * read them in tests/e2e/basin_files.sh. */
#include "cli/basin_hdf5.h"

#include "base/folder.h"

#include <hdf5.h>
#include <hdf5_hl.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATH_MAX_HERE = 4096, DIM = 4, VALUES = 2, CLASSES = 3 };

static const char NAME[] = "basin.h5";

/* --- a basin whose cells are functions of their numbers ------------------------------------ */

static unsigned char ending_at(size_t number)
{
    return (unsigned char)(number * number % 7 % ENDING_COUNT);
}

static uint16_t class_at(size_t number)
{
    return (uint16_t)(number / 13 % CLASSES);
}

static double value_at(size_t number, size_t v)
{
    return number % 11 == v ? NAN : sin((double)number) + 100.0 * (double)v;
}

struct reader {
    const struct basin *basin;
    size_t fails_at; /* tile; SIZE_MAX: none */
};

static enum status tile_make(void *context, size_t tile, struct basin_tile *cells)
{
    const struct reader *reader = context;
    if (tile == reader->fails_at)
        return status_fail(STORE_FAILED, "tile %zu is not there", tile);
    cells->first = basin_tile_first(tile);
    cells->count = basin_tile_count(&reader->basin->grid, tile);
    for (size_t k = 0; k < cells->count; k++) {
        const size_t number = cells->first + k;
        cells->ending[k] = ending_at(number);
        cells->referee[k] = number % 17 == 0;
        cells->class[k] = class_at(number);
        for (size_t v = 0; v < VALUES; v++)
            cells->value[v * BASIN_TILE_CELLS + k] = value_at(number, v);
    }
    return OK;
}

static const char *const unknowns[DIM] = {"a1", "a2", "c1", "a3"};
static const double base[DIM] = {0.1, 0.2, 0.3, 0.4};
static const struct basin_value values[VALUES] = {{"time", "settling time"},
                                                  {"limit_a1", "a1 at the limit"}};
static const struct basin_class classes[CLASSES] = {
    {"a1 > 0, λ = 1", BASIN_PAINT_COLOUR, ENDING_SETTLED, 0, 400},
    {"unbounded", BASIN_PAINT_WHITE, ENDING_UNBOUNDED, 13, 300},
    {"undecided", BASIN_PAINT_GREY, ENDING_HORIZON, 26, 200}};

struct case_of {
    struct basin basin;
    struct reader reader;
};

/* Axes: 0 (random) to 3. */
static void basin_make(struct case_of *made, size_t axes, const size_t size[BASIN_AXES_MOST])
{
    *made = (struct case_of){.basin = {.grid = {.axes = axes,
                                                .axis = {1, 0, 3},
                                                .window = {-2, 3, -1, 1.5, 0, 7},
                                                .dim = DIM,
                                                .base = base,
                                                .seed = 2385,
                                                .scale = 0.7},
                                       .title = "chain L=2, arbp",
                                       .name = unknowns,
                                       .values = VALUES,
                                       .value = values,
                                       .colouring = "branch",
                                       .classes = CLASSES,
                                       .class = classes,
                                       .read = tile_make},
                             .reader = {.fails_at = SIZE_MAX}};
    for (size_t d = 0; d < BASIN_AXES_MOST; d++)
        made->basin.grid.size[d] = d < axes || d == 0 ? size[d] : 1;
    made->reader.basin = &made->basin;
    made->basin.context = &made->reader;
}

static const struct basin_hdf5_attribute attributes[] = {{.name = "system", .text = "chain"},
                                                         {.name = "seed", .number = 2385}};

static enum status save(const struct case_of *given, const char *folder, unsigned compression)
{
    return basin_hdf5_save(
        &given->basin, &(struct basin_hdf5){.directory = folder,
                                            .name = NAME,
                                            .compression = compression,
                                            .attributes = sizeof attributes / sizeof *attributes,
                                            .attribute = attributes});
}

/* --- a place ------------------------------------------------------------------------------- */

struct place {
    char folder[PATH_MAX_HERE], path[PATH_MAX_HERE + 64];
};

static int place_create(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    const char *temporary = getenv("TMPDIR");
    if (!place)
        return -1;
    snprintf(place->folder, sizeof place->folder, "%s/settle-test-XXXXXX",
             temporary ? temporary : "/tmp");
    *state = place;
    if (!mkdtemp(place->folder))
        return -1;
    snprintf(place->path, sizeof place->path, "%s/%s", place->folder, NAME);
    return 0;
}

static int place_free(void **state)
{
    struct place *place = *state;
    char command[PATH_MAX_HERE + 16];
    snprintf(command, sizeof command, "rm -rf '%s'", place->folder);
    const int failed = system(command);
    free(place);
    return failed;
}

/* The bytes of a file, the caller's; *length of them. */
static unsigned char *bytes_of(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *length = (size_t)ftell(file);
    rewind(file);
    unsigned char *bytes = malloc(*length + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *length, file), *length);
    fclose(file);
    return bytes;
}

/* Number of directory entries but . and .. */
static int files_in(const char *folder)
{
    char command[PATH_MAX_HERE + 64], line[32] = "";
    snprintf(command, sizeof command, "ls -A '%s' | wc -l", folder);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    assert_non_null(fgets(line, sizeof line, pipe));
    pclose(pipe);
    return (int)strtol(line, NULL, 10);
}

/* --- what was written comes back ----------------------------------------------------------- */

/* All numbers of a data set, the caller's, whose shape must be size[rank]. */
static void *read_set(hid_t file, const char *name, hid_t type, int rank, const hsize_t *size)
{
    const hid_t set = H5Dopen2(file, name, H5P_DEFAULT);
    assert_true(set >= 0);
    const hid_t space = H5Dget_space(set);
    hsize_t found[8] = {0}, cells = 1;
    assert_int_equal(H5Sget_simple_extent_ndims(space), rank);
    assert_int_equal(H5Sget_simple_extent_dims(space, found, NULL), rank);
    for (int d = 0; d < rank; d++) {
        assert_int_equal(found[d], size[d]);
        cells *= size[d];
    }
    void *read = calloc((size_t)cells, H5Tget_size(type));
    assert_non_null(read);
    assert_true(H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, read) >= 0);
    H5Sclose(space);
    H5Dclose(set);
    return read;
}

static void expect_cells(hid_t file, const struct basin_grid *grid, int rank, const hsize_t *size)
{
    const size_t cells = basin_grid_cells(grid);
    unsigned char *ending = read_set(file, "/ending", H5T_NATIVE_UINT8, rank, size);
    unsigned char *referee = read_set(file, "/referee", H5T_NATIVE_UINT8, rank, size);
    uint16_t *class = read_set(file, "/class", H5T_NATIVE_UINT16, rank, size);
    double *value[VALUES] = {read_set(file, "/value/time", H5T_NATIVE_DOUBLE, rank, size),
                             read_set(file, "/value/limit_a1", H5T_NATIVE_DOUBLE, rank, size)};
    for (size_t k = 0; k < cells; k++) {
        assert_int_equal(ending[k], ending_at(k));
        assert_int_equal(referee[k], k % 17 == 0);
        assert_int_equal(class[k], class_at(k));
        for (size_t v = 0; v < VALUES; v++)
            assert_true(isnan(value_at(k, v)) ? isnan(value[v][k]) : value[v][k] == value_at(k, v));
    }
    free(ending);
    free(referee);
    free(class);
    free(value[0]);
    free(value[1]);
}

static void expect_axes(hid_t file, const struct basin_grid *grid)
{
    static const char *const names[] = {"/x", "/y", "/z"};
    for (size_t d = 0; d < grid->axes; d++) {
        const hsize_t size = grid->size[d];
        double *middle = read_set(file, names[d], H5T_NATIVE_DOUBLE, 1, &size);
        for (size_t i = 0; i < size; i++)
            assert_true(middle[i] == basin_grid_middle(grid, d, i));
        free(middle);
    }
    const hid_t class = H5Dopen2(file, "/class", H5P_DEFAULT);
    for (unsigned d = 0; d < grid->axes; d++) { /* and they are the scales of the cells */
        const hid_t axis = H5Dopen2(file, names[d], H5P_DEFAULT);
        for (unsigned place = 0; place < grid->axes; place++)
            assert_int_equal(H5DSis_attached(class, axis, place), place + d + 1 == grid->axes);
        H5Dclose(axis);
    }
    H5Dclose(class);
    for (size_t d = grid->axes; d < BASIN_AXES_MOST; d++)
        assert_true(H5Lexists(file, names[d], H5P_DEFAULT) == 0);
}

static void expect_starts(hid_t file, const struct basin_grid *grid)
{
    double x0[DIM];
    const hsize_t size[2] = {basin_grid_cells(grid), DIM};
    double *start = read_set(file, "/start", H5T_NATIVE_DOUBLE, 2, size);
    for (size_t k = 0; k < size[0]; k++) {
        basin_grid_start(grid, k, x0);
        assert_memory_equal(x0, start + k * DIM, sizeof x0);
    }
    free(start);
}

static void expect_text(hid_t file, const char *object, const char *name, const char *text)
{
    char read[PATH_MAX_HERE] = "";
    const hid_t attribute = H5Aopen_by_name(file, object, name, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(attribute >= 0);
    const hid_t type = H5Aget_type(attribute);
    assert_true(H5Tget_size(type) <= sizeof read);
    assert_true(H5Aread(attribute, type, read) >= 0);
    assert_string_equal(read, text);
    H5Tclose(type);
    H5Aclose(attribute);
}

/* Each class, and each ending, by its name. */
static void expect_names(hid_t file)
{
    char labels[CLASSES][BASIN_LABEL_MAX] = {{0}}, names[ENDING_COUNT * 16] = "";
    uint64_t cells[CLASSES] = {0};
    const hid_t label = H5Dopen2(file, "/class_label", H5P_DEFAULT), type = H5Dget_type(label);
    assert_int_equal(H5Tget_size(type), BASIN_LABEL_MAX);
    assert_true(H5Dread(label, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, labels) >= 0);
    const hid_t count = H5Dopen2(file, "/class_cells", H5P_DEFAULT);
    assert_true(H5Dread(count, H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, cells) >= 0);
    for (size_t k = 0; k < CLASSES; k++) {
        assert_string_equal(labels[k], classes[k].label);
        assert_int_equal(cells[k], classes[k].cells);
    }
    const hid_t endings = H5Aopen_by_name(file, "/ending", "names", H5P_DEFAULT, H5P_DEFAULT);
    const hid_t ending = H5Aget_type(endings);
    assert_int_equal(H5Tget_size(ending), 16);
    assert_true(H5Aread(endings, ending, names) >= 0);
    for (int k = 0; k < ENDING_COUNT; k++)
        assert_string_equal(names + k * 16, ending_name((enum ending)k));
    H5Tclose(type);
    H5Dclose(label);
    H5Dclose(count);
    H5Tclose(ending);
    H5Aclose(endings);
}

/* Sizes that are no multiples of bands (65536 cells) or tiles (4096). */
static const struct {
    size_t axes, size[BASIN_AXES_MOST];
    unsigned compression;
} shapes[] = {{2, {701, 301, 1}, 0}, {2, {701, 301, 1}, 4}, {3, {67, 61, 23}, 0},
              {3, {300, 500, 2}, 1}, {1, {70001, 1, 1}, 0}, {0, {40003, 1, 1}, 0},
              {2, {1, 1, 1}, 0},     {2, {70000, 3, 1}, 9}, {0, {5, 1, 1}, 2}};

static void what_was_written_comes_back(void **state)
{
    const struct place *place = *state;
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        struct case_of given;
        hsize_t size[BASIN_AXES_MOST];
        basin_make(&given, shapes[s].axes, shapes[s].size);
        const struct basin_grid *grid = &given.basin.grid;
        const int rank = grid->axes > 1 ? (int)grid->axes : 1;
        for (int d = 0; d < rank; d++) /* the last dimension is the first axis */
            size[rank - 1 - d] = grid->size[d];
        if (save(&given, place->folder, shapes[s].compression) != OK)
            fail_msg("%s", status_message());
        const hid_t file = H5Fopen(place->path, H5F_ACC_RDONLY, H5P_DEFAULT);
        assert_true(file >= 0);
        expect_cells(file, grid, rank, size);
        expect_axes(file, grid);
        expect_names(file);
        if (grid->axes == 0)
            expect_starts(file, grid);
        else
            expect_text(file, "/x", "unknown", "a2");
        expect_text(file, "/", "format", "settle basin 1");
        expect_text(file, "/", "system", "chain");
        expect_text(file, "/class", "colouring", "branch");
        expect_text(file, "/value/limit_a1", "title", "a1 at the limit");
        assert_int_equal(H5Fget_obj_count(file, H5F_OBJ_ALL),
                         1); /* this reader closed all it opened */
        H5Fclose(file);
        assert_int_equal(files_in(place->folder), 1);
    }
}

static void nothing_stays_open(void **state)
{
    const struct place *place = *state;
    struct case_of given;
    basin_make(&given, 2, (const size_t[]){50, 60, 1});
    assert_int_equal(save(&given, place->folder, 0), OK);
    given.reader.fails_at = 0;
    assert_int_equal(save(&given, place->folder, 0), STORE_FAILED);
    assert_int_equal(H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL), 0);
}

/* --- bytes --------------------------------------------------------------------------------- */

static void the_same_basin_makes_the_same_bytes(void **state)
{
    const struct place *place = *state;
    const struct timespec pause = {.tv_sec = 1, .tv_nsec = 100000000}; /* times count seconds */
    for (unsigned compression = 0; compression <= 4; compression += 4) {
        struct case_of given;
        size_t lengths[2];
        unsigned char *bytes[2];
        basin_make(&given, 2, (const size_t[]){701, 301, 1});
        for (size_t k = 0; k < 2; k++) {
            assert_int_equal(save(&given, place->folder, compression), OK);
            bytes[k] = bytes_of(place->path, &lengths[k]);
            if (k == 0)
                nanosleep(&pause, NULL);
        }
        assert_int_equal(lengths[0], lengths[1]);
        assert_memory_equal(bytes[0], bytes[1], lengths[0]);
        free(bytes[0]);
        free(bytes[1]);
    }
}

/* --- what cannot be written ---------------------------------------------------------------- */

static void expect_one_line(const char *path, const char *reason)
{
    const char *message = status_message();
    assert_null(strchr(message, '\n'));
    if (!strstr(message, path) || !strstr(message, reason))
        fail_msg("%s", message);
}

static void a_missing_folder_is_an_error(void **state)
{
    const struct place *place = *state;
    struct case_of given;
    char folder[PATH_MAX_HERE + 16];
    snprintf(folder, sizeof folder, "%s/missing", place->folder);
    basin_make(&given, 2, (const size_t[]){5, 6, 1});
    assert_int_equal(save(&given, folder, 0), CANNOT_WRITE);
    expect_one_line(folder, "No such file or directory");
    assert_int_equal(files_in(place->folder), 0);
}

/* A limit on the size of files is to the program what a full disk is, with another reason: the
 * first bytes may fail, or the last. */
static void a_full_disk_leaves_the_old_file(void **state)
{
    const struct place *place = *state;
    struct case_of given, old;
    size_t before, after, whole;
    struct rlimit limit;
    basin_make(&old, 2, (const size_t[]){5, 6, 1});
    basin_make(&given, 2, (const size_t[]){701, 301, 1});
    assert_int_equal(save(&given, place->folder, 0), OK);
    free(bytes_of(place->path, &whole));
    assert_int_equal(save(&old, place->folder, 0), OK);
    unsigned char *bytes = bytes_of(place->path, &before);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    for (unsigned compression = 0; compression < 2; compression++)
        for (size_t part = 0; part <= 10; part++) {
            const rlim_t room = compression ? part * 1000 : (whole - 1) * part / 10;
            assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){room, limit.rlim_max}), 0);
            const enum status status = save(&given, place->folder, compression);
            assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
            assert_int_equal(status, CANNOT_WRITE);
            expect_one_line(place->path, "File too large");
            unsigned char *kept = bytes_of(place->path, &after);
            assert_int_equal(before, after);
            assert_memory_equal(bytes, kept, after);
            free(kept);
            assert_int_equal(files_in(place->folder), 1);
            assert_int_equal(H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL), 0);
        }
    signal(SIGXFSZ, handler);
    free(bytes);
}

static void a_reader_that_fails_leaves_nothing(void **state)
{
    const struct place *place = *state;
    struct case_of given;
    basin_make(&given, 3, (const size_t[]){67, 61, 23});
    given.reader.fails_at = 7;
    assert_int_equal(save(&given, place->folder, 0), STORE_FAILED);
    assert_string_equal(status_message(), "tile 7 is not there");
    assert_int_equal(files_in(place->folder), 0);
    assert_int_equal(save(&given, place->folder, 10), BAD_ARGUMENT);
    given.basin.grid.size[0] = 0;
    assert_int_equal(save(&given, place->folder, 0), BAD_ARGUMENT);
}

/* The format holds no attribute above 64 KiB. */
static void a_long_text_says_that_it_was_cut(void **state)
{
    static char text[100000];
    const struct place *place = *state;
    const struct basin_hdf5_attribute command = {.name = "command", .text = text};
    char read[BASIN_HDF5_TEXT_MOST];
    struct case_of given;
    memset(text, 'a', sizeof text - 1);
    basin_make(&given, 2, (const size_t[]){5, 6, 1});
    assert_int_equal(basin_hdf5_save(&given.basin, &(struct basin_hdf5){.directory = place->folder,
                                                                        .name = NAME,
                                                                        .attributes = 1,
                                                                        .attribute = &command}),
                     OK);
    const hid_t file = H5Fopen(place->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    const hid_t attribute = H5Aopen(file, "command", H5P_DEFAULT), type = H5Aget_type(attribute);
    assert_int_equal(H5Tget_size(type), BASIN_HDF5_TEXT_MOST);
    assert_true(H5Aread(attribute, type, read) >= 0);
    assert_int_equal(strlen(read), BASIN_HDF5_TEXT_MOST - 1);
    assert_string_equal(read + BASIN_HDF5_TEXT_MOST - 5, "a...");
    H5Tclose(type);
    H5Aclose(attribute);
    H5Fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_written_comes_back, place_create, place_free),
        cmocka_unit_test_setup_teardown(nothing_stays_open, place_create, place_free),
        cmocka_unit_test_setup_teardown(the_same_basin_makes_the_same_bytes, place_create,
                                        place_free),
        cmocka_unit_test_setup_teardown(a_missing_folder_is_an_error, place_create, place_free),
        cmocka_unit_test_setup_teardown(a_full_disk_leaves_the_old_file, place_create, place_free),
        cmocka_unit_test_setup_teardown(a_reader_that_fails_leaves_nothing, place_create,
                                        place_free),
        cmocka_unit_test_setup_teardown(a_long_text_says_that_it_was_cut, place_create, place_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
