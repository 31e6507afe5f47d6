/* The map of what is proved: cells that are proved in the colour of their class, all others grey.
 *
 * Points are as fine as the smallest cells, as far as a picture can show them.  The classes are those
 * of the numerical map, which contradict no proof or are listed; shares are the proved bounds.
 * Outlines are drawn of the cells that are wide enough to be seen. */
#include "cli/basin_certified.h"

#include "base/table.h"
#include "cli/drawing.h"
#include "plots/map.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char NAME[] = "certified", OUTLINES[] = "certified-cells.tsv";

enum { OUTLINED_MOST = 6, CORNERS = 4, FILE_MAX = 64 }; /* levels: a cell is then a millimetre wide */

struct points {
    const struct basin_map *map;
    struct basin_tile *tile;
    bool is_read;
    unsigned zoom; /* a cell of the map is 2^zoom points wide */
};

/* As fine as the tree. */
static unsigned zoom_of(const struct basin_map *map)
{
    const size_t *size = map->basin.grid.size, longer = size[0] > size[1] ? size[0] : size[1];
    unsigned zoom = 0;
    while (longer << zoom < (size_t)1 << map->certified->tree->levels &&
           longer << (zoom + 1) <= RASTER_MOST)
        zoom++;
    return zoom;
}

static enum status class_read(struct points *points, size_t number, uint16_t *class)
{
    const size_t tile = number / BASIN_TILE_CELLS;
    if (!points->is_read || points->tile->first != basin_tile_first(tile)) {
        points->is_read = false;
        TRY(basin_read(&points->map->basin, tile, points->tile));
        points->is_read = true;
    }
    *class = points->tile->class[number - points->tile->first];
    return OK;
}

/* The smallest cell with the middle of the point, along an axis. */
static uint32_t index_of(const struct points *points, size_t axis, size_t at)
{
    const struct basin_grid *grid = &points->map->basin.grid;
    const double *w = grid->window + 2 * axis;
    if (points->zoom == 0)
        return axis == 0 ? points->map->certified->column[at] : points->map->certified->row[at];
    const double all = (double)(grid->size[axis] << points->zoom);
    return basin_tree_index_of_double(points->map->certified->tree, axis,
                                      w[0] + (w[1] - w[0]) * ((double)at + 1.0 / 2) / all);
}

static enum status points_read(void *context, size_t first, size_t count, struct raster_cell *out)
{
    struct points *points = context;
    const struct basin_map *map = points->map;
    const size_t width = map->basin.grid.size[0] << points->zoom;
    for (size_t k = 0; k < count; k++) {
        const size_t column = (first + k) % width, row = (first + k) / width;
        const struct basin_tree_leaf *leaf =
            basin_tree_find(map->certified->tree, index_of(points, 0, column),
                            index_of(points, 1, row));
        out[k] = (struct raster_cell){.class = (uint16_t)map->basin.classes, .value = NAN};
        if (leaf->class != BASIN_TREE_UNDECIDED)
            TRY(class_read(points,
                           (column >> points->zoom) +
                               map->basin.grid.size[0] * (row >> points->zoom),
                           &out[k].class));
    }
    return OK;
}

/* ---- outlines ---- */

static void corner_write(const fmpq *box, size_t x, size_t y, struct table *table)
{
    table_row(table, 2,
              (double[]){basin_certified_number(box + x), basin_certified_number(box + 2 + y)});
}

/* The lower and the left side of each cell: the others are those of its neighbours. */
static enum status outlines_save(const struct basin_tree *tree, const char *directory)
{
    struct table *table = NULL;
    TRY(table_open(directory, OUTLINES, "x y", &table));
    fmpq *box = _fmpq_vec_init(CORNERS);
    for (size_t k = 0; k < tree->leaves; k++) {
        if (tree->leaf[k].level > OUTLINED_MOST || tree->leaf[k].class == BASIN_TREE_UNDECIDED)
            continue;
        basin_tree_box(tree, tree->leaf + k, box);
        corner_write(box, 1, 0, table);
        corner_write(box, 0, 0, table);
        corner_write(box, 0, 1, table);
        table_blank(table);
    }
    _fmpq_vec_clear(box, CORNERS);
    return table_close(table);
}

/* ---- the figure ---- */

/* Those of the map with their proved shares, then what is not proved. */
static void classes_fill(const struct basin_map *map, struct map_class *class)
{
    const struct basin_certified *certified = map->certified;
    fmpq_t open;
    fmpq_init(open);
    basin_tree_undecided(certified->tree, open);
    const double grey = basin_certified_number(open);
    fmpq_clear(open);
    for (size_t k = 0; k < map->basin.classes; k++) {
        const struct basin_class *given = &map->basin.class[k];
        const struct basin_certified_class *proved =
            basin_certified_named(certified, given->label);
        class[k] = (struct map_class){
            .label = given->label,
            .paint = given->paint == BASIN_PAINT_WHITE ? MAP_WHITE : MAP_COLOUR,
            .fraction = map->share[k].fraction,
            .low = proved ? basin_certified_number(&proved->low) : 0,
            .high = proved ? basin_certified_number(&proved->high) : grey};
    }
    class[map->basin.classes] = (struct map_class){.label = "not proved",
                                                   .paint = MAP_GREY,
                                                   .fraction = grey,
                                                   .low = NAN,
                                                   .high = NAN};
}

static enum status figure_save(const struct basin_map *map, struct points *points,
                               const struct map_class *class, const char *const caption[],
                               struct manifest *manifest)
{
    char raster[FILE_MAX];
    const struct basin_grid *grid = &map->basin.grid;
    const struct map_curve outline = {.line = MAP_CELLS, .table = OUTLINES};
    const struct map_figure figure = {
        .directory = manifest_directory(manifest),
        .name = NAME,
        .title = map->basin.title,
        .caption = {caption[0], caption[1], caption[2]},
        .axis = {map->name[grid->axis[0]], map->name[grid->axis[1]]},
        .window = {grid->window[0], grid->window[1], grid->window[2], grid->window[3]},
        .source = {.width = grid->size[0] << points->zoom,
                   .height = grid->size[1] << points->zoom,
                   .classes = map->basin.classes + 1,
                   .read = points_read,
                   .context = points},
        .class = class,
        .curves = 1,
        .curve = &outline};
    TRY(outlines_save(map->certified->tree, figure.directory));
    manifest_output(manifest, OUTLINES);
    TRY(drawing_finish(manifest, NAME, map_draw_classes(&figure)));
    snprintf(raster, sizeof raster, "%s.rgb", NAME);
    manifest_output(manifest, raster);
    return OK;
}

enum status basin_certified_picture(const struct basin_map *map, const char *const caption[],
                                    struct manifest *manifest)
{
    if (!map->certified)
        return OK;
    struct points points = {.map = map,
                            .zoom = zoom_of(map),
                            .tile = basin_tile_create(map->basin.values)};
    struct map_class *class = calloc(map->basin.classes + 1, sizeof *class);
    enum status status = OK;
    if (points.tile && class) {
        classes_fill(map, class);
        status = figure_save(map, &points, class, caption, manifest);
    } else {
        status = status_fail(NO_MEMORY, "no memory for the picture of certified cells");
    }
    basin_tile_free(points.tile);
    free(class);
    return status;
}
