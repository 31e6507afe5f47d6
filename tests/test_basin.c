/* Maps of basins: numbers of cells and their starts, tiles and records, the ledger, classes. */
#include "cli/basin_ledger.h"
#include "cli/basin_part.h"
#include "cli/basin_record.h"
#include "ode/basin_classes.h"
#include "ode/basin_sharpness.h"
#include "ode/dense.h"
#include "tests/chains.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

enum { DIM = 4 };

static const double base[DIM] = {0.5, -2.385, 7, 1e-3};

static struct basin_grid box_of(size_t w, size_t h, size_t d)
{
    return (struct basin_grid){.axes = 3,
                               .axis = {2, 0, 3},
                               .size = {w, h, d},
                               .window = {-3, 3, 0.25, 1.75, -1, 2.385},
                               .dim = DIM,
                               .base = base};
}

/* ---- numbering ---- */

static void test_cells_are_numbered_row_by_row(void **state)
{
    (void)state;
    const struct basin_grid grid = box_of(7, 5, 3);
    assert_int_equal(basin_grid_cells(&grid), 7 * 5 * 3);
    size_t number = 0;
    for (size_t k = 0; k < 3; k++)
        for (size_t j = 0; j < 5; j++)
            for (size_t i = 0; i < 7; i++, number++) {
                double x0[DIM];
                basin_grid_start(&grid, number, x0);
                assert_true(fabs(x0[2] - (-3 + ((double)i + 0.5) * 6 / 7)) < 1e-15 * 8);
                assert_true(fabs(x0[0] - (0.25 + ((double)j + 0.5) * 1.5 / 5)) < 1e-15 * 4);
                assert_true(fabs(x0[3] - (-1 + ((double)k + 0.5) * 3.385 / 3)) < 1e-15 * 8);
                assert_true(x0[1] == base[1]);
                assert_true(x0[2] == basin_grid_middle(&grid, 0, i));
            }
}

/* A window about 0 has starts that are each other's negatives, to the last bit, and 0 in between. */
static void test_symmetric_windows_are_symmetric(void **state)
{
    (void)state;
    struct basin_grid grid = box_of(2, 2, 2);
    grid.window[0] = -2.385;
    grid.window[1] = 2.385;
    for (size_t w = 2; w < 400; w++) {
        grid.size[0] = w;
        for (size_t i = 0; i < w; i++)
            assert_true(basin_grid_middle(&grid, 0, i) == -basin_grid_middle(&grid, 0, w - 1 - i));
    }
}

static void test_tiles_cover_the_cells_once(void **state)
{
    (void)state;
    static const size_t sides[][3] = {{2, 2, 1}, {64, 64, 1}, {4097, 2, 1}, {100, 41, 3}};
    for (size_t s = 0; s < COUNT(sides); s++) {
        const struct basin_grid grid = box_of(sides[s][0], sides[s][1], sides[s][2]);
        size_t next = 0;
        for (size_t tile = 0; tile < basin_grid_tiles(&grid); tile++) {
            assert_int_equal(basin_tile_first(tile), next);
            assert_in_range(basin_tile_count(&grid, tile), 1, BASIN_TILE_CELLS);
            next += basin_tile_count(&grid, tile);
        }
        assert_int_equal(next, basin_grid_cells(&grid));
    }
}

/* A random start depends on its number alone; its law has the mean and the deviation it should. */
static void test_random_starts(void **state)
{
    (void)state;
    enum { STARTS = 20000 };
    static const double zero[DIM] = {0};
    const struct basin_grid grid = {
        .size = {STARTS, 1, 1}, .dim = DIM, .base = zero, .seed = 7, .scale = 2.385};
    double sum = 0, squares = 0, x0[DIM], again[DIM];
    for (size_t k = 0; k < STARTS; k++) {
        basin_grid_start(&grid, k, x0);
        for (size_t i = 0; i < DIM; i++) {
            sum += x0[i];
            squares += x0[i] * x0[i];
        }
    }
    /* five standard errors of 80000 numbers: 5/sqrt(80000), and sqrt(2) times that of squares */
    const double count = STARTS * DIM, error = 5 / sqrt(count);
    assert_true(fabs(sum / count) < 2.385 * error);
    assert_true(fabs(squares / count / (2.385 * 2.385) - 1) < sqrt(2) * error);
    basin_grid_start(&grid, STARTS - 1, again);
    assert_memory_equal(x0, again, sizeof x0);
    struct stream stream = stream_at(7, stream_key("start"), 0); /* --init random:7:2.385 */
    stream_normals(&stream, DIM, 2.385, x0);
    basin_grid_start(&grid, 0, again);
    assert_memory_equal(x0, again, sizeof x0);
}

/* ---- the ledger ---- */

static char folder[] = "/tmp/settle-basin-XXXXXX";

static int folder_make(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int folder_remove(void **state)
{
    (void)state;
    static const char *const names[] = {"", "-wal", "-shm"};
    for (size_t k = 0; k < COUNT(names); k++) {
        char path[sizeof folder + sizeof BASIN_LEDGER_FILE + 8];
        snprintf(path, sizeof path, "%s/%s%s", folder, BASIN_LEDGER_FILE, names[k]);
        unlink(path);
    }
    return rmdir(folder);
}

static void record_draw(struct basin_record *record, uint64_t tile, size_t count)
{
    struct stream stream = stream_at(1, stream_key("record"), tile);
    basin_record_lay(record, count);
    for (size_t c = 0; c < record->columns; c++)
        for (size_t k = 0; k < count; k++)
            *basin_record_at(record, c, k) = stream_normal(&stream);
    for (size_t k = 0; k < count; k++) {
        record->ending[k] = (unsigned char)stream_below(&stream, ENDING_COUNT);
        record->flags[k] = (unsigned char)stream_below(&stream, 4);
        record->minimum[k] = (unsigned char)stream_below(&stream, 3);
        record->roots[k] = (unsigned char)stream_below(&stream, 8);
        record->root[k] = record->roots[k];
    }
}

/* Every byte of the block belongs to one entry of one array. */
static void test_arrays_of_a_record_do_not_overlap(void **state)
{
    (void)state;
    enum { COLUMNS = 3, CELLS = 77 };
    struct basin_record *record = basin_record_create(COLUMNS);
    basin_record_lay(record, CELLS);
    assert_int_equal(basin_record_size(record), CELLS * (COLUMNS * sizeof(double) + 5));
    unsigned char *bytes = basin_record_bytes(record);
    memset(bytes, 0, basin_record_size(record));
    for (size_t k = 0; k < CELLS; k++) {
        for (size_t c = 0; c < COLUMNS; c++)
            for (size_t b = 0; b < sizeof(double); b++)
                ((unsigned char *)basin_record_at(record, c, k))[b]++;
        record->ending[k]++;
        record->flags[k]++;
        record->minimum[k]++;
        record->root[k]++;
        record->roots[k]++;
    }
    for (size_t b = 0; b < basin_record_size(record); b++)
        assert_int_equal(bytes[b], 1);
    basin_record_free(record);
}

static json_t *parameters_of(double rtol)
{
    return json_pack("{s:[i,i],s:f,s:s}", "grid", 64, 200, "rtol", rtol, "method", "bdf");
}

static void test_what_the_ledger_gives_back(void **state)
{
    (void)state;
    enum { COLUMNS = 5, TILES = 4, LAST = 123 };
    struct basin_record *record = basin_record_create(COLUMNS),
                        *back = basin_record_create(COLUMNS);
    struct basin_ledger *ledger;
    json_t *parameters = parameters_of(1e-10);
    assert_int_equal(basin_ledger_create(folder, BASIN_LEDGER_FILE, parameters, &ledger), OK);
    for (size_t tile = 0; tile < TILES; tile++) {
        record_draw(record, tile, tile + 1 == TILES ? LAST : BASIN_TILE_CELLS);
        assert_int_equal(
            basin_ledger_save(ledger, tile, basin_record_size(record), basin_record_bytes(record)),
            OK);
    }
    assert_int_equal(basin_ledger_close(ledger), OK);
    assert_int_equal(basin_ledger_resume(folder, BASIN_LEDGER_FILE, parameters, &ledger), OK);
    size_t tiles = 0;
    assert_int_equal(basin_ledger_count(ledger, &tiles), OK);
    assert_int_equal(tiles, TILES);
    for (size_t tile = TILES; tile-- > 0;) {
        const size_t count = tile + 1 == TILES ? LAST : BASIN_TILE_CELLS;
        record_draw(record, tile, count);
        basin_record_lay(back, count);
        assert_int_equal(
            basin_ledger_load(ledger, tile, basin_record_size(back), basin_record_bytes(back)), OK);
        assert_memory_equal(basin_record_bytes(back), basin_record_bytes(record),
                            basin_record_size(record));
    }
    assert_int_equal(basin_ledger_load(ledger, TILES, 1, basin_record_bytes(back)), BAD_DATA);
    assert_int_equal(basin_ledger_load(ledger, 0, 8, basin_record_bytes(back)), BAD_DATA);
    assert_non_null(strstr(status_message(), "tile 0"));
    assert_int_equal(basin_ledger_close(ledger), OK);
    basin_record_free(record);
    basin_record_free(back);
    json_decref(parameters);
}

static void test_another_map_is_not_resumed(void **state)
{
    (void)state;
    struct basin_ledger *ledger = NULL;
    json_t *parameters = parameters_of(1e-10), *other = parameters_of(2e-10);
    size_t tiles = 1;
    assert_int_equal(basin_ledger_create(folder, BASIN_LEDGER_FILE, parameters, &ledger), OK);
    assert_int_equal(basin_ledger_count(ledger, &tiles), OK);
    assert_int_equal(tiles, 0); /* the old one is gone */
    assert_int_equal(basin_ledger_close(ledger), OK);
    ledger = NULL;
    assert_int_equal(basin_ledger_resume(folder, BASIN_LEDGER_FILE, other, &ledger), BAD_ARGUMENT);
    assert_null(ledger);
    assert_non_null(strstr(status_message(), "another rtol"));
    json_object_set_new(parameters, "threads", json_integer(2));
    assert_int_equal(basin_ledger_resume(folder, BASIN_LEDGER_FILE, parameters, &ledger),
                     BAD_ARGUMENT);
    assert_non_null(strstr(status_message(), "another threads: nothing, not 2"));
    json_decref(parameters);
    json_decref(other);
}

static void test_a_temporary_ledger_leaves_nothing(void **state)
{
    (void)state;
    struct basin_ledger *ledger;
    json_t *parameters = parameters_of(1e-10);
    double value = 2.385, back = 0;
    assert_int_equal(basin_ledger_create(NULL, BASIN_LEDGER_FILE, parameters, &ledger), OK);
    assert_int_equal(basin_ledger_save(ledger, 3, sizeof value, &value), OK);
    assert_int_equal(basin_ledger_load(ledger, 3, sizeof back, &back), OK);
    assert_true(back == value);
    assert_int_equal(basin_ledger_close(ledger), OK);
    assert_int_equal(basin_ledger_create(NULL, BASIN_LEDGER_FILE, parameters, &ledger), OK);
    size_t tiles = 1;
    assert_int_equal(basin_ledger_count(ledger, &tiles), OK);
    assert_int_equal(tiles, 0);
    assert_int_equal(basin_ledger_close(ledger), OK);
    json_decref(parameters);
}

/* Gaps of random ledgers are those of a list of what was saved. */
static void test_gaps_are_what_is_missing(void **state)
{
    (void)state;
    enum { TILES = 40, ROUNDS = 30 };
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct stream stream = stream_at(1, stream_key("gaps"), round);
        bool there[TILES] = {false}, missing[TILES] = {false};
        struct basin_ledger *ledger;
        json_t *parameters = parameters_of(1e-10);
        assert_int_equal(basin_ledger_create(NULL, BASIN_LEDGER_FILE, parameters, &ledger), OK);
        for (size_t tile = 0; tile < TILES; tile++) {
            there[tile] = stream_below(&stream, ROUNDS) < round;
            if (there[tile])
                assert_int_equal(basin_ledger_save(ledger, tile, sizeof tile, &tile), OK);
        }
        size_t first = 0, end = 0;
        for (;;) {
            assert_int_equal(basin_ledger_gap(ledger, TILES, &first, &end), OK);
            if (first == end)
                break;
            for (size_t tile = first; tile < end; tile++) {
                assert_false(missing[tile]);
                missing[tile] = true;
            }
        }
        for (size_t tile = 0; tile < TILES; tile++)
            assert_true(missing[tile] != there[tile]);
        assert_int_equal(end, TILES);
        assert_int_equal(basin_ledger_close(ledger), OK);
        json_decref(parameters);
    }
}

/* ---- parts ---- */

/* Every piece is in one part, in whatever runs they are asked for, and parts are alike. */
static void test_parts_are_the_map(void **state)
{
    (void)state;
    static const size_t pieces[] = {1, 2, 15, 16, 17, 100, 1000, 4097};
    enum { PARTS_MOST = 40, PIECES_MOST = 4097, BLOCKS = 16 };
    for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++)
        for (size_t parts = 1; parts <= PARTS_MOST; parts++) {
            size_t owners[PIECES_MOST] = {0}, all = 0;
            for (size_t number = 1; number <= parts; number++) {
                struct basin_part part;
                char text[32];
                size_t count = 0, runs = 0;
                snprintf(text, sizeof text, "%zu/%zu", number, parts);
                assert_int_equal(basin_part_read(text, pieces[p], &part), OK);
                for (struct ranks_run run = {0, pieces[p]}; run.first < pieces[p];
                     run = (struct ranks_run){run.end, pieces[p]}) {
                    basin_part_cut(&part, &run);
                    for (size_t k = run.first; k < run.end; k++)
                        owners[k]++;
                    count += run.end - run.first;
                    runs += run.end > run.first;
                }
                assert_int_equal(count, basin_part_count(&part));
                assert_true(parts == 1 || runs >= (count < BLOCKS ? count : BLOCKS));
                assert_in_range(count, pieces[p] / parts * BLOCKS / (BLOCKS + 1) / 2,
                                pieces[p] / parts + 1 + pieces[p] / parts / BLOCKS * 2);
                all += count;
            }
            assert_int_equal(all, pieces[p]);
            for (size_t k = 0; k < pieces[p]; k++)
                assert_int_equal(owners[k], 1);
        }
}

/* ---- classes ---- */

static uint16_t class_at(struct basin_classes *classes, size_t number, enum ending ending,
                         const double *limit)
{
    uint16_t found = UINT16_MAX;
    const struct basin_end end = {.ending = ending,
                                  .minimum = limit ? BASIN_MINIMUM_GLOBAL : BASIN_MINIMUM_UNKNOWN,
                                  .distance_bound = 1e-7,
                                  .limit = limit};
    assert_int_equal(basin_classes_find(classes, number, &end, &found), OK);
    return found;
}

static const char *label_of(struct basin_classes *classes, uint16_t class)
{
    assert_true(class < basin_classes_count(classes));
    return basin_classes_list(classes)[class].label;
}

/* a1 a2 = 1: two components, whatever the limits on them. */
static void test_branches_of_a_chain_are_its_signs(void **state)
{
    (void)state;
    const struct problem problem = chain_of("rbp", 2);
    struct flow *flow = flow_of(&problem);
    struct basin_classes *classes = basin_classes_create(flow, BASIN_BY_BRANCH, 2);
    const double left[] = {-2.385, -1 / 2.385}, right[] = {0.25, 4}, far[] = {16, 1.0 / 16};
    assert_int_equal(class_at(classes, 0, ENDING_SETTLED, left), 0);
    assert_int_equal(class_at(classes, 1, ENDING_UNBOUNDED, NULL), 1);
    assert_int_equal(class_at(classes, 2, ENDING_SETTLED, right), 2);
    assert_int_equal(class_at(classes, 3, ENDING_SETTLED, far), 2);
    assert_int_equal(class_at(classes, 4, ENDING_HORIZON, NULL), 3);
    assert_int_equal(class_at(classes, 5, ENDING_FAILED, NULL), 3);
    assert_int_equal(class_at(classes, 6, ENDING_SETTLED, left), 0);
    assert_int_equal(class_at(classes, 7, ENDING_ESCAPED, NULL), 4);
    assert_string_equal(label_of(classes, 0), "a1 < 0, a2 < 0");
    assert_string_equal(label_of(classes, 2), "a1 > 0, a2 > 0");
    assert_string_equal(label_of(classes, 3), "undecided");
    const struct basin_class *list = basin_classes_list(classes);
    assert_int_equal(list[0].paint, BASIN_PAINT_COLOUR);
    assert_int_equal(list[1].paint, BASIN_PAINT_WHITE);
    assert_int_equal(list[3].paint, BASIN_PAINT_GREY);
    assert_int_equal(list[4].paint, BASIN_PAINT_WHITE);
    assert_int_equal(list[4].first, 7);
    basin_classes_free(classes);
    flow_free(flow);
}

/* Roots of the leaf have names of their own; what is no root of a known leaf has that of its
 * component, as everything has by component. */
static void test_branches_are_roots_of_their_leaves(void **state)
{
    (void)state;
    const struct problem problem = chain_of("rbp", 2);
    struct flow *flow = flow_of(&problem);
    const double right[] = {0.25, 4};
    static const struct {
        unsigned root, roots;
        uint16_t class[2]; /* by branch, by component */
        const char *label;
    } cells[] = {{3, 3, {0, 0}, "root 3 of 3 (stable; a1 > 0, a2 > 0)"},
                 {1, 3, {1, 0}, "root 1 of 3 (stable; a1 > 0, a2 > 0)"},
                 {1, 1, {2, 0}, "the only root (stable; a1 > 0, a2 > 0)"},
                 {3, 3, {0, 0}, "root 3 of 3 (stable; a1 > 0, a2 > 0)"},
                 {0, 0, {3, 0}, "a1 > 0, a2 > 0"},
                 {1, 3, {1, 0}, "root 1 of 3 (stable; a1 > 0, a2 > 0)"}};
    for (size_t c = 0; c < 2; c++) {
        struct basin_classes *classes =
            basin_classes_create(flow, c ? BASIN_BY_COMPONENT : BASIN_BY_BRANCH, 2);
        for (size_t k = 0; k < COUNT(cells); k++) {
            uint16_t found;
            const struct basin_end end = {.ending = ENDING_SETTLED,
                                          .distance_bound = 1e-7,
                                          .root = cells[k].root,
                                          .roots = cells[k].roots,
                                          .limit = right};
            assert_int_equal(basin_classes_find(classes, k, &end, &found), OK);
            assert_int_equal(found, cells[k].class[c]);
            assert_string_equal(label_of(classes, found), c ? "a1 > 0, a2 > 0" : cells[k].label);
        }
        basin_classes_free(classes);
    }
    flow_free(flow);
}

/* The list of two orders of the same cells, and what a second pass and a new class then find. */
static void test_sorted_classes_are_those_of_any_order(void **state)
{
    (void)state;
    const struct problem problem = chain_of("rbp", 2);
    struct flow *flow = flow_of(&problem);
    const double right[] = {0.25, 4}, left[] = {-2.385, -1 / 2.385}, odd[] = {0.25, -4};
    const struct basin_end ends[] = {
        {.ending = ENDING_HORIZON},
        {.ending = ENDING_SETTLED, .limit = right},
        {.ending = ENDING_SADDLE, .limit = right},
        {.ending = ENDING_SETTLED, .root = 3, .roots = 3, .limit = right},
        {.ending = ENDING_SETTLED, .limit = left},
        {.ending = ENDING_SETTLED, .root = 3, .roots = 3, .limit = odd},
        {.ending = ENDING_SETTLED, .root = 1, .roots = 1, .limit = left},
        {.ending = ENDING_SETTLED, .root = 1, .roots = 3, .limit = left},
    };
    static const char *const labels[] = {"a1 < 0, a2 < 0",
                                         "a1 > 0, a2 > 0",
                                         "the only root (stable; a1 < 0, a2 < 0)",
                                         "root 1 of 3 (stable; a1 < 0, a2 < 0)",
                                         "root 3 of 3 (stable; a1 > 0)",
                                         "saddle",
                                         "undecided"};
    static const uint16_t number[COUNT(ends)] = {6, 1, 5, 4, 0, 4, 2, 3};
    for (size_t turn = 0; turn < COUNT(ends); turn++) {
        struct basin_classes *classes = basin_classes_create(flow, BASIN_BY_BRANCH, 2);
        uint16_t found = UINT16_MAX;
        for (size_t k = 0; k < COUNT(ends); k++)
            assert_int_equal(
                basin_classes_find(classes, k, &ends[(turn + 3 * k) % COUNT(ends)], &found), OK);
        assert_int_equal(basin_classes_sort(classes), OK);
        basin_classes_describe(classes);
        assert_int_equal(basin_classes_count(classes), COUNT(labels));
        for (size_t k = 0; k < COUNT(labels); k++)
            assert_string_equal(label_of(classes, (uint16_t)k), labels[k]);
        for (size_t k = 0; k < COUNT(ends); k++) {
            assert_int_equal(basin_classes_find(classes, k, &ends[k], &found), OK);
            assert_int_equal(found, number[k]);
        }
        assert_int_equal(class_at(classes, COUNT(ends), ENDING_SETTLED, odd), COUNT(labels));
        assert_int_equal(class_at(classes, COUNT(ends), ENDING_SETTLED, odd), COUNT(labels));
        assert_int_equal(class_at(classes, COUNT(ends), ENDING_SETTLED, left), 0);
        basin_classes_free(classes);
    }
    flow_free(flow);
}

/* x' = x - x^3: the limits +-1 are isolated, and known within their bounds only. */
static void test_isolated_limits_are_clusters(void **state)
{
    (void)state;
    const struct problem problem = polynomial_of(LIST(0, 1, 0, -1));
    struct flow *flow = flow_of(&problem);
    struct basin_classes *classes = basin_classes_create(flow, BASIN_BY_BRANCH, 0);
    const double one = 1, near = 1 + 1.5e-7, minus = -1, far = 1 + 1e-4;
    assert_int_equal(class_at(classes, 0, ENDING_SETTLED, &one), 0);
    assert_int_equal(class_at(classes, 1, ENDING_SETTLED, &minus), 1);
    assert_int_equal(class_at(classes, 2, ENDING_SETTLED, &near), 0);
    assert_int_equal(class_at(classes, 3, ENDING_SETTLED, &far), 2);
    assert_string_equal(label_of(classes, 1), "x = -1");
    basin_classes_free(classes);
    flow_free(flow);
}

/* More isolated limits than there is room for become one class. */
static void test_too_many_classes_are_others(void **state)
{
    (void)state;
    const struct problem problem = polynomial_of(LIST(0, 1, 0, -1));
    struct flow *flow = flow_of(&problem);
    struct basin_classes *classes = basin_classes_create(flow, BASIN_BY_BRANCH, 0);
    uint16_t last = 0;
    for (size_t k = 0; k < 2 * BASIN_CLASSES_MOST; k++) {
        const double limit = 2 + (double)k;
        last = class_at(classes, k, ENDING_SETTLED, &limit);
    }
    assert_string_equal(label_of(classes, last), "others");
    const double first = 2;
    assert_int_equal(class_at(classes, 0, ENDING_SETTLED, &first), 0);
    for (int ending = 1; ending < ENDING_COUNT; ending++)
        (void)class_at(classes, 0, (enum ending)ending, NULL);
    assert_in_range(basin_classes_count(classes), 2, BASIN_CLASSES_MOST + 1);
    basin_classes_free(classes);
    flow_free(flow);
}

/* Of two minima the one at about -1 is the lower; between them, at about 0.08, lies a saddle. */
static double two_wells(const struct flow *flow, const double *x)
{
    (void)flow;
    const double u = x[0] * x[0] - 1;
    return u * u + 0.3 * x[0] + x[1] * x[1] + 1;
}

static void test_minima_of_whole_losses(void **state)
{
    (void)state;
    const struct problem problem = chain_of("rbp", 2);
    struct flow *flow = flow_of(&problem);
    flow->loss = two_wells;
    flow->whole_loss = true;
    /* roots of 4 x^3 - 4 x + 0.3 to nine digits */
    const double local[] = {0.960149556, 0}, saddle[] = {0.075429159, 0}, high[] = {2.385, 1};
    const double low[] = {-1, 0};
    assert_int_equal(basin_classes_minimum(flow, high, local), BASIN_MINIMUM_UNKNOWN);
    assert_int_equal(basin_classes_minimum(flow, low, local), BASIN_MINIMUM_WRONG);
    assert_int_equal(basin_classes_minimum(flow, high, saddle), BASIN_MINIMUM_WRONG);
    flow_free(flow);
}

static void test_minima(void **state)
{
    (void)state;
    const struct problem problem = chain_of("rbp", 2);
    struct flow *flow = flow_of(&problem);
    const double start[] = {0.5, 0.5}, global[] = {2.385, 1 / 2.385}, wrong[] = {2.385, 1};
    assert_int_equal(basin_classes_minimum(flow, start, global), BASIN_MINIMUM_GLOBAL);
    assert_int_equal(basin_classes_minimum(flow, start, wrong), BASIN_MINIMUM_WRONG);
    assert_int_equal(basin_classes_minimum(flow, start, NULL), BASIN_MINIMUM_UNKNOWN);
    struct basin_classes *classes = basin_classes_create(flow, BASIN_BY_MINIMUM, 2);
    const struct basin_end end = {
        .ending = ENDING_SETTLED, .minimum = BASIN_MINIMUM_WRONG, .limit = wrong};
    uint16_t found = UINT16_MAX;
    assert_int_equal(basin_classes_find(classes, 0, &end, &found), OK);
    assert_string_equal(label_of(classes, found), "wrong minimum");
    assert_string_equal(label_of(classes, class_at(classes, 1, ENDING_SETTLED, global)),
                        "global minimum");
    assert_string_equal(label_of(classes, class_at(classes, 2, ENDING_CREEPING, global)),
                        "creeping");
    assert_int_equal(basin_classes_sort(classes), OK);
    assert_string_equal(label_of(classes, 0), "global minimum");
    assert_string_equal(label_of(classes, 1), "wrong minimum");
    assert_string_equal(label_of(classes, 2), "creeping");
    basin_classes_free(classes);
    classes = basin_classes_create(flow, BASIN_BY_ENDING, 2);
    for (int ending = 0; ending < ENDING_COUNT; ending++)
        assert_string_equal(
            label_of(classes, class_at(classes, (size_t)ending, (enum ending)ending, NULL)),
            ending_name((enum ending)ending));
    assert_int_equal(basin_classes_count(classes), ENDING_COUNT);
    basin_classes_free(classes);
    flow_free(flow);
}

/* Under gradient descent with rates 1 the Hessian is -J, at minima and elsewhere. */
static void test_sharpness_is_the_largest_curvature(void **state)
{
    (void)state;
    for (size_t depth = 2; depth <= 4; depth++) {
        struct problem problem = chain_of("bp", depth);
        problem.alpha = 2.385;
        problem.beta = 0.7;
        struct flow *flow = flow_of(&problem);
        for (size_t k = 0; k < 20; k++) {
            double a[4], J[16], spectrum[4], size = 0, sharpness = 0;
            for (size_t i = 0; i < depth; i++)
                a[i] = 1.7 * sin(1.1 + (double)(7 * k + 3 * i));
            if (k == 0) /* a minimum */
                for (size_t i = 0; i < depth; i++)
                    a[i] = pow(2.385 / 0.7, 1.0 / (double)depth);
            assert_int_equal(flow->jacobian(flow, a, J), OK);
            for (size_t i = 0; i < depth * depth; i++) {
                J[i] = -J[i];
                size = fmax(size, fabs(J[i]));
            }
            assert_int_equal(dense_real_parts(depth, J, size, spectrum), OK);
            assert_int_equal(basin_sharpness(flow, a, &sharpness), OK);
            /* rounding of a loss of about 10, over the step squared */
            assert_true(fabs(sharpness - spectrum[0]) < 1e-8 * (1 + fabs(spectrum[0])));
        }
        flow_free(flow);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells_are_numbered_row_by_row),
        cmocka_unit_test(test_symmetric_windows_are_symmetric),
        cmocka_unit_test(test_tiles_cover_the_cells_once),
        cmocka_unit_test(test_random_starts),
        cmocka_unit_test(test_arrays_of_a_record_do_not_overlap),
        cmocka_unit_test(test_what_the_ledger_gives_back),
        cmocka_unit_test(test_gaps_are_what_is_missing),
        cmocka_unit_test(test_parts_are_the_map),
        cmocka_unit_test(test_another_map_is_not_resumed),
        cmocka_unit_test(test_a_temporary_ledger_leaves_nothing),
        cmocka_unit_test(test_branches_of_a_chain_are_its_signs),
        cmocka_unit_test(test_branches_are_roots_of_their_leaves),
        cmocka_unit_test(test_sorted_classes_are_those_of_any_order),
        cmocka_unit_test(test_isolated_limits_are_clusters),
        cmocka_unit_test(test_too_many_classes_are_others),
        cmocka_unit_test(test_minima),
        cmocka_unit_test(test_sharpness_is_the_largest_curvature),
        cmocka_unit_test(test_minima_of_whole_losses),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
