/* A basin as one HDF5 file, written band by band beside its name.
 *
 * A band is a run of cells that is also a block of the data sets: some rows of one layer, or a
 * piece of a line or of a random ensemble.  It is the chunk of the file, so that each chunk is
 * written once and whole, which matters where it is compressed.  Tiles are shorter or longer than
 * bands; both go through the cells in order, and the current tile is kept.
 *
 * Rejected: one data set of records.  Readers want arrays by name, and MATLAB reads nothing else
 * with ease. */
#include "cli/basin_hdf5.h"

#include "base/draft.h"
#include "cli/basin_hdf5_parts.h"
#include "cli/versions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BAND_CELLS = 65536, ENDING_TEXT = 16, PAINT_TEXT = 8, SETS = 3 };

static const char FORMAT[] = "settle basin 1";

static const char *const paint_names[] = {[BASIN_PAINT_COLOUR] = "colour",
                                          [BASIN_PAINT_GREY] = "grey",
                                          [BASIN_PAINT_WHITE] = "white",
                                          [BASIN_PAINT_HATCHED] = "hatched"};

/* The cells of one band, array by array. */
struct band {
    size_t first, count;
    unsigned char *ending, *referee;
    uint16_t *class;
    double *value; /* [values][room] */
    double *start; /* [room][dim] */
    size_t room;
};

struct work {
    const struct basin *basin;
    const struct basin_hdf5 *plan;
    struct basin_hdf5_driver driver; /* of the file; knows of failed writes */
    int64_t file;
    int64_t axis[BASIN_AXES_MOST];
    int64_t ending, referee, class, start;
    int64_t *value; /* [values] */
    struct basin_tile *tile;
    bool tile_read; /* is there a tile? */
    struct band band;
};

/* --- shapes -------------------------------------------------------------------------------- */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool is_random(const struct basin_grid *grid)
{
    return grid->axes == 0;
}

static size_t rank_of(const struct basin_grid *grid)
{
    return grid->axes > 1 ? grid->axes : 1;
}

/* A length in as many equal parts, but for the last, as make each at most `most` >= 1. */
static size_t part_of(size_t length, size_t most)
{
    const size_t parts = (length + most - 1) / most;
    return (length + parts - 1) / parts;
}

/* The cells of a band along the first axis, and along the second. */
static void band_sides(const struct basin_grid *grid, size_t sides[2])
{
    const size_t numbers = is_random(grid) && grid->dim > 0 ? grid->dim : 1;
    const size_t most = BAND_CELLS / numbers > 0 ? BAND_CELLS / numbers : 1;
    const size_t rows = most / grid->size[0] > 0 ? most / grid->size[0] : 1;
    sides[0] = grid->axes > 1 ? grid->size[0] : part_of(grid->size[0], most);
    sides[1] = grid->axes > 1 ? part_of(grid->size[1], rows) : 1;
}

/* A data set of all cells: its dimensions are (D,) H, W. */
static struct basin_hdf5_set cells_set(const struct work *work, const char *name,
                                       enum basin_hdf5_type type)
{
    const struct basin_grid *grid = &work->basin->grid;
    struct basin_hdf5_set set = {
        .name = name, .type = type, .rank = rank_of(grid), .compression = work->plan->compression};
    size_t sides[2];
    band_sides(grid, sides);
    for (size_t d = 0; d < set.rank; d++) {
        set.size[set.rank - 1 - d] = grid->size[d];
        set.chunk[set.rank - 1 - d] = d < 2 ? sides[d] : 1;
    }
    return set;
}

/* Cells from `number` on that make a band. */
static size_t band_count(const struct basin_grid *grid, size_t number)
{
    size_t sides[2];
    band_sides(grid, sides);
    if (grid->axes <= 1)
        return least(sides[0], basin_grid_cells(grid) - number);
    const size_t row = number / grid->size[0] % grid->size[1];
    return grid->size[0] * least(sides[1], grid->size[1] - row);
}

static struct basin_hdf5_block band_block(const struct basin_grid *grid, const struct band *band)
{
    struct basin_hdf5_block block = {.rank = rank_of(grid)};
    size_t number = band->first, count = band->count;
    for (size_t d = 0; d < block.rank; d++) {
        const size_t place = block.rank - 1 - d, size = grid->size[d];
        block.from[place] = number % size;
        block.count[place] = least(count, size);
        number /= size;
        count = count / size > 0 ? count / size : 1;
    }
    return block;
}

/* --- the bare file ------------------------------------------------------------------------- */

static enum status axis_add(struct work *work, size_t d)
{
    static const char *const names[BASIN_AXES_MOST] = {"x", "y", "z"};
    const struct basin_grid *grid = &work->basin->grid;
    const struct basin_hdf5_set set = {
        .name = names[d], .type = BASIN_HDF5_DOUBLE, .rank = 1, .size = {grid->size[d]}};
    TRY(basin_hdf5_set_add(work->file, &set, &work->axis[d]));
    double *middle = calloc(grid->size[d], sizeof *middle);
    if (!middle)
        return status_fail(NO_MEMORY, "no memory for %zu cells along an axis", grid->size[d]);
    for (size_t i = 0; i < grid->size[d]; i++)
        middle[i] = basin_grid_middle(grid, d, i);
    const struct basin_hdf5_block block = {
        .rank = 1, .count = {grid->size[d]}, .type = BASIN_HDF5_DOUBLE, .values = middle};
    const enum status status = basin_hdf5_block_write(work->axis[d], &block);
    free(middle);
    TRY(status);
    TRY(basin_hdf5_axis_name(work->axis[d], names[d]));
    TRY(basin_hdf5_numbers_set(work->axis[d], "window", 2, &grid->window[2 * d]));
    return basin_hdf5_text_set(work->axis[d], "unknown", work->basin->name[grid->axis[d]]);
}

/* Makes a data set of all cells and hangs the axes onto it. */
static enum status cells_add(struct work *work, int64_t parent, const struct basin_hdf5_set *set,
                             int64_t *made)
{
    TRY(basin_hdf5_set_add(parent, set, made));
    for (size_t d = 0; d < work->basin->grid.axes; d++)
        TRY(basin_hdf5_axis_attach(*made, work->axis[d], set->rank - 1 - d));
    return OK;
}

static enum status ending_names_set(const struct work *work)
{
    char names[ENDING_COUNT][ENDING_TEXT] = {{0}};
    for (int k = 0; k < ENDING_COUNT; k++)
        snprintf(names[k], ENDING_TEXT, "%s", ending_name((enum ending)k));
    return basin_hdf5_text_list_set(work->ending, &(struct basin_hdf5_texts){.name = "names",
                                                                             .count = ENDING_COUNT,
                                                                             .size = ENDING_TEXT,
                                                                             .text = names[0]});
}

static enum status values_add(struct work *work)
{
    int64_t group;
    TRY(basin_hdf5_group_add(work->file, "value", &group));
    for (size_t v = 0; v < work->basin->values; v++) {
        const struct basin_value *value = &work->basin->value[v];
        const struct basin_hdf5_set set = cells_set(work, value->name, BASIN_HDF5_DOUBLE);
        TRY(cells_add(work, group, &set, &work->value[v]));
        TRY(basin_hdf5_text_set(work->value[v], "title", value->title));
    }
    return OK;
}

static enum status start_add(struct work *work)
{
    const struct basin_grid *grid = &work->basin->grid;
    struct basin_hdf5_set set = cells_set(work, "start", BASIN_HDF5_DOUBLE);
    set.rank = 2;
    set.size[1] = set.chunk[1] = grid->dim;
    return basin_hdf5_set_add(work->file, &set, &work->start);
}

static enum status sets_add(struct work *work)
{
    const struct basin_hdf5_set ending = cells_set(work, "ending", BASIN_HDF5_BYTE);
    const struct basin_hdf5_set referee = cells_set(work, "referee", BASIN_HDF5_BYTE);
    const struct basin_hdf5_set class = cells_set(work, "class", BASIN_HDF5_SHORT);
    for (size_t d = 0; d < work->basin->grid.axes; d++)
        TRY(axis_add(work, d));
    if (is_random(&work->basin->grid))
        TRY(start_add(work));
    TRY(cells_add(work, work->file, &ending, &work->ending));
    TRY(ending_names_set(work));
    TRY(cells_add(work, work->file, &referee, &work->referee));
    TRY(cells_add(work, work->file, &class, &work->class));
    TRY(basin_hdf5_text_set(work->class, "colouring", work->basin->colouring));
    return values_add(work);
}

/* --- classes ------------------------------------------------------------------------------- */

static enum status class_cells_add(const struct work *work)
{
    const struct basin *basin = work->basin;
    const struct basin_hdf5_set set = {
        .name = "class_cells", .type = BASIN_HDF5_LONG, .rank = 1, .size = {basin->classes}};
    int64_t made;
    TRY(basin_hdf5_set_add(work->file, &set, &made));
    for (size_t k = 0; k < basin->classes; k++) {
        const uint64_t cells = basin->class[k].cells;
        const struct basin_hdf5_block block = {
            .rank = 1, .from = {k}, .count = {1}, .type = BASIN_HDF5_LONG, .values = &cells};
        TRY(basin_hdf5_block_write(made, &block));
    }
    return OK;
}

static enum status class_texts_add(const struct work *work, char *labels, char *paints)
{
    const size_t classes = work->basin->classes;
    for (size_t k = 0; k < classes; k++) {
        const struct basin_class *class = &work->basin->class[k];
        snprintf(labels + k * BASIN_LABEL_MAX, BASIN_LABEL_MAX, "%s", class->label);
        snprintf(paints + k * PAINT_TEXT, PAINT_TEXT, "%s", paint_names[class->paint]);
    }
    TRY(basin_hdf5_texts_add(work->file, &(struct basin_hdf5_texts){.name = "class_label",
                                                                    .count = classes,
                                                                    .size = BASIN_LABEL_MAX,
                                                                    .text = labels}));
    return basin_hdf5_texts_add(work->file, &(struct basin_hdf5_texts){.name = "class_paint",
                                                                       .count = classes,
                                                                       .size = PAINT_TEXT,
                                                                       .text = paints});
}

static enum status classes_add(const struct work *work)
{
    char *labels = calloc(work->basin->classes + 1, BASIN_LABEL_MAX);
    char *paints = calloc(work->basin->classes + 1, PAINT_TEXT);
    enum status status = labels && paints ? class_texts_add(work, labels, paints)
                                          : status_fail(NO_MEMORY, "no memory for %zu classes",
                                                        work->basin->classes);
    free(labels);
    free(paints);
    return status == OK ? class_cells_add(work) : status;
}

/* --- attributes ---------------------------------------------------------------------------- */

/* A long text loses its end, and says so: the format holds no attribute above 64 KiB. */
static enum status text_set(int64_t object, const char *name, const char *text)
{
    static const char dots[] = "...";
    if (strlen(text) < BASIN_HDF5_TEXT_MOST)
        return basin_hdf5_text_set(object, name, text);
    char *cut = calloc(1, BASIN_HDF5_TEXT_MOST);
    if (!cut)
        return status_fail(NO_MEMORY, "no memory for the attribute %s", name);
    memcpy(cut, text, BASIN_HDF5_TEXT_MOST - sizeof dots);
    memcpy(cut + BASIN_HDF5_TEXT_MOST - sizeof dots, dots, sizeof dots);
    const enum status status = basin_hdf5_text_set(object, name, cut);
    free(cut);
    return status;
}

static enum status versions_set(const struct work *work)
{
    char text[VERSIONS_COUNT * 2 * VERSION_NUMBER_MAX] = "";
    struct version version[VERSIONS_COUNT];
    size_t length = 0;
    versions_loaded(version);
    for (size_t k = 0; k < VERSIONS_COUNT && length < sizeof text; k++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s %s", k ? ", " : "",
                                   version[k].name, version[k].number);
    return basin_hdf5_text_set(work->file, "versions", text);
}

static enum status unknowns_set(const struct work *work)
{
    const struct basin *basin = work->basin;
    char *names = calloc(basin->grid.dim + 1, BASIN_NAME_MAX);
    if (!names)
        return status_fail(NO_MEMORY, "no memory for %zu names", basin->grid.dim);
    for (size_t i = 0; i < basin->grid.dim; i++)
        snprintf(names + i * BASIN_NAME_MAX, BASIN_NAME_MAX, "%s", basin->name[i]);
    const struct basin_hdf5_set set = {
        .name = "base", .type = BASIN_HDF5_DOUBLE, .rank = 1, .size = {basin->grid.dim}};
    int64_t base;
    enum status status = basin_hdf5_set_add(work->file, &set, &base);
    if (status == OK)
        status =
            basin_hdf5_block_write(base, &(struct basin_hdf5_block){.rank = 1,
                                                                    .count = {basin->grid.dim},
                                                                    .type = BASIN_HDF5_DOUBLE,
                                                                    .values = basin->grid.base});
    if (status == OK)
        status =
            basin_hdf5_texts_add(work->file, &(struct basin_hdf5_texts){.name = "unknown",
                                                                        .count = basin->grid.dim,
                                                                        .size = BASIN_NAME_MAX,
                                                                        .text = names});
    free(names);
    return status;
}

static enum status attributes_set(const struct work *work)
{
    TRY(text_set(work->file, "format", FORMAT));
    TRY(text_set(work->file, "title", work->basin->title));
    for (size_t k = 0; k < work->plan->attributes; k++) {
        const struct basin_hdf5_attribute *given = &work->plan->attribute[k];
        if (given->text)
            TRY(text_set(work->file, given->name, given->text));
        else
            TRY(basin_hdf5_numbers_set(work->file, given->name, 1, &given->number));
    }
    return versions_set(work);
}

/* --- cells --------------------------------------------------------------------------------- */

/* Copies what the tile in hand has of the band from `number` on; returns how many cells. */
static size_t band_fill(struct work *work, size_t number)
{
    const struct basin_tile *tile = work->tile;
    struct band *band = &work->band;
    const size_t from = number - tile->first, to = number - band->first;
    const size_t count = least(tile->count - from, band->count - to);
    memcpy(band->ending + to, tile->ending + from, count);
    memcpy(band->referee + to, tile->referee + from, count);
    memcpy(band->class + to, tile->class + from, count * sizeof *tile->class);
    for (size_t v = 0; v < work->basin->values; v++)
        memcpy(band->value + v * band->room + to, tile->value + v * BASIN_TILE_CELLS + from,
               count * sizeof *tile->value);
    return count;
}

static enum status band_read(struct work *work)
{
    const struct band *band = &work->band;
    for (size_t number = band->first; number < band->first + band->count;) {
        const size_t tile = number / BASIN_TILE_CELLS;
        if (!work->tile_read || work->tile->first != basin_tile_first(tile)) {
            TRY(basin_read(work->basin, tile, work->tile));
            work->tile->first = basin_tile_first(tile);
            work->tile->count = basin_tile_count(&work->basin->grid, tile);
            work->tile_read = true;
        }
        number += band_fill(work, number);
    }
    return OK;
}

static enum status starts_write(const struct work *work)
{
    const struct basin_grid *grid = &work->basin->grid;
    const struct band *band = &work->band;
    for (size_t k = 0; k < band->count; k++)
        basin_grid_start(grid, band->first + k, band->start + k * grid->dim);
    return basin_hdf5_block_write(work->start,
                                  &(struct basin_hdf5_block){.rank = 2,
                                                             .from = {band->first, 0},
                                                             .count = {band->count, grid->dim},
                                                             .type = BASIN_HDF5_DOUBLE,
                                                             .values = band->start});
}

static enum status band_write(const struct work *work)
{
    const struct band *band = &work->band;
    struct basin_hdf5_block block = band_block(&work->basin->grid, band);
    const struct {
        int64_t set;
        enum basin_hdf5_type type;
        const void *values;
    } small[SETS] = {{work->ending, BASIN_HDF5_BYTE, band->ending},
                     {work->referee, BASIN_HDF5_BYTE, band->referee},
                     {work->class, BASIN_HDF5_SHORT, band->class}};
    for (size_t k = 0; k < SETS; k++) {
        block.type = small[k].type;
        block.values = small[k].values;
        TRY(basin_hdf5_block_write(small[k].set, &block));
    }
    block.type = BASIN_HDF5_DOUBLE;
    for (size_t v = 0; v < work->basin->values; v++) {
        block.values = band->value + v * band->room;
        TRY(basin_hdf5_block_write(work->value[v], &block));
    }
    return is_random(&work->basin->grid) ? starts_write(work) : OK;
}

static enum status cells_write(struct work *work)
{
    const struct basin_grid *grid = &work->basin->grid;
    const size_t cells = basin_grid_cells(grid);
    struct band *band = &work->band;
    for (band->first = 0; band->first < cells && work->driver.reason == 0;
         band->first += band->count) {
        band->count = band_count(grid, band->first);
        TRY(band_read(work));
        TRY(band_write(work));
    }
    return OK;
}

/* --- acquire outside, work inside ---------------------------------------------------------- */

static enum status contents_write(struct work *work)
{
    TRY(attributes_set(work));
    TRY(unknowns_set(work));
    TRY(sets_add(work));
    TRY(classes_add(work));
    TRY(cells_write(work));
    return work->plan->more ? work->plan->more(work->plan->context, work->file) : OK;
}

static void work_free(struct work *work)
{
    free(work->value);
    free(work->band.ending);
    free(work->band.referee);
    free(work->band.class);
    free(work->band.value);
    free(work->band.start);
    basin_tile_free(work->tile);
}

static enum status work_prepare(struct work *work)
{
    const struct basin *basin = work->basin;
    struct band *band = &work->band;
    const size_t room = band_count(&basin->grid, 0);
    band->room = room;
    band->ending = calloc(room, sizeof *band->ending);
    band->referee = calloc(room, sizeof *band->referee);
    band->class = calloc(room, sizeof *band->class);
    band->value = calloc(room * basin->values + 1, sizeof *band->value);
    band->start =
        calloc(is_random(&basin->grid) ? room * basin->grid.dim + 1 : 1, sizeof *band->start);
    work->value = calloc(basin->values + 1, sizeof *work->value);
    work->tile = basin_tile_create(basin->values);
    if (band->ending && band->referee && band->class && band->value && band->start && work->value &&
        work->tile)
        return OK;
    return status_fail(NO_MEMORY, "no memory for %zu cells of the basin", room);
}

static enum status file_write(struct work *work, const char *path)
{
    TRY(work_prepare(work));
    TRY(basin_hdf5_file_open(path, &work->driver, &work->file));
    enum status status = contents_write(work);
    if (status == OK)
        status = basin_hdf5_file_close(work->file);
    else
        basin_hdf5_file_drop(work->file);
    basin_hdf5_driver_drop(&work->driver);
    return status;
}

/* The system's reason comes before those of the library, which may follow from it. */
static enum status judged(enum status status, const struct work *work)
{
    char reason[STATUS_MESSAGE_MAX];
    if (work->driver.reason == 0 && status != CANNOT_WRITE)
        return status;
    snprintf(reason, sizeof reason, "%s",
             work->driver.reason ? strerror(work->driver.reason) : status_message());
    return status_fail(CANNOT_WRITE, "cannot write %s/%s: %s", work->plan->directory,
                       work->plan->name, reason);
}

enum status basin_hdf5_save(const struct basin *basin, const struct basin_hdf5 *plan)
{
    if (basin_grid_cells(&basin->grid) == 0 || plan->compression > BASIN_HDF5_COMPRESSION_MOST)
        return status_fail(BAD_ARGUMENT, "%s: %zu cells, compression %u", plan->name,
                           basin_grid_cells(&basin->grid), plan->compression);
    struct draft *draft;
    struct work work = {.basin = basin, .plan = plan};
    TRY(draft_open(plan->directory, plan->name, &draft));
    const enum status status = judged(file_write(&work, draft_path(draft)), &work);
    work_free(&work);
    if (status == OK)
        return draft_keep(draft);
    draft_discard(draft);
    return status;
}
