/* The map of what is proved: cells that are proved in the colour of their class, all others grey.
 *
 * Points are as fine as the smallest cells, as far as a picture can show them.  The classes are those
 * of the numerical map, then those that no start of the map has found; bounds on shares are proved.
 * Outlines are drawn of the cells that are wide enough to be seen. */
#include "cli/basin_certified.h"

#include "base/table.h"
#include "cli/drawing.h"
#include "plots/map.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char NAME[] = "certified", OUTLINES[] = "certified-cells.tsv";

enum {
    OUTLINED_MOST = 6,
    CORNERS = 4,
    FILE_MAX = 64
}; /* levels: a cell is then a millimetre wide */

struct points {
    const struct basin_map *map;
    unsigned zoom;     /* a cell of the map is 2^zoom points wide */
    size_t classes;    /* of the picture; the last one is what is not proved */
    size_t *of_proved; /* [certified->classes] which of them */
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
    const struct points *points = context;
    const struct basin_certified *certified = points->map->certified;
    const size_t width = points->map->basin.grid.size[0] << points->zoom;
    for (size_t k = 0; k < count; k++) {
        const size_t column = (first + k) % width, row = (first + k) / width;
        const struct basin_tree_leaf *leaf =
            basin_tree_find(certified->tree, index_of(points, 0, column), index_of(points, 1, row));
        const size_t class = leaf->class == BASIN_TREE_UNDECIDED
                                 ? points->classes - 1
                                 : points->of_proved[certified->of_tree[leaf->class]];
        out[k] = (struct raster_cell){.class = (uint16_t) class, .value = NAN};
    }
    return OK;
}

/* ---- outlines ---- */

static void corner_write(const fmpq *box, size_t x, size_t y, struct table *table)
{
    table_row(table, 2,
              (double[]){basin_certified_number(box + x), basin_certified_number(box + 2 + y)});
}

/* Neighbours share sides, which are drawn twice, as smaller ones beside them have none. */
static enum status outlines_save(const struct basin_tree *tree, const char *directory)
{
    struct table *table = NULL;
    TRY(table_open(directory, OUTLINES, "x y", &table));
    fmpq *box = _fmpq_vec_init(CORNERS);
    for (size_t k = 0; k < tree->leaves; k++) {
        if (tree->leaf[k].level > OUTLINED_MOST || tree->leaf[k].class == BASIN_TREE_UNDECIDED)
            continue;
        basin_tree_box(tree, tree->leaf + k, box);
        corner_write(box, 0, 0, table);
        corner_write(box, 1, 0, table);
        corner_write(box, 1, 1, table);
        corner_write(box, 0, 1, table);
        corner_write(box, 0, 0, table);
        table_blank(table);
    }
    _fmpq_vec_clear(box, CORNERS);
    return table_close(table);
}

/* ---- the figure ---- */

static struct map_class class_of(const struct basin_certified_class *proved, double open)
{
    return (struct map_class){.label = proved ? proved->label : NULL,
                              .paint = proved && proved->ending == ENDING_SETTLED ? MAP_COLOUR
                                                                                  : MAP_WHITE,
                              .low = proved ? basin_certified_number(&proved->low) : 0,
                              .high = proved ? basin_certified_number(&proved->high) : open};
}

static double open_share(const struct basin_certified *certified)
{
    fmpq_t open;
    fmpq_init(open);
    basin_tree_undecided(certified->tree, open);
    const double share = basin_certified_number(open);
    fmpq_clear(open);
    return share;
}

static const enum map_paint paints[] = {[BASIN_PAINT_COLOUR] = MAP_COLOUR,
                                        [BASIN_PAINT_GREY] = MAP_GREY,
                                        [BASIN_PAINT_WHITE] = MAP_WHITE,
                                        [BASIN_PAINT_HATCHED] = MAP_HATCHED};

/* Those of the map with their proved shares, those that only a proof has, and what is not proved. */
static void classes_fill(struct points *points, struct map_class *class)
{
    const struct basin_map *map = points->map;
    const struct basin_certified *certified = map->certified;
    const double open = open_share(certified);
    size_t count = map->basin.classes;
    for (size_t k = 0; k < count; k++) {
        const struct basin_class *given = &map->basin.class[k];
        class[k] = class_of(basin_certified_named(certified, given->label), open);
        class[k].label = given->label;
        class[k].paint = paints[given->paint];
        class[k].fraction = map->share[k].fraction;
    }
    for (size_t c = 0; c < certified->classes; c++) {
        size_t k = 0;
        while (k < map->basin.classes &&
               strcmp(map->basin.class[k].label, certified->class[c].label) != 0)
            k++;
        if (k == map->basin.classes)
            class[k = count++] = class_of(&certified->class[c], open);
        points->of_proved[c] = k;
    }
    class[count] = (struct map_class){
        .label = "not proved", .paint = MAP_GREY, .fraction = open, .low = NAN, .high = NAN};
    points->classes = count + 1;
}

static enum status figure_save(struct points *points, const struct map_class *class,
                               const char *const caption[], struct manifest *manifest)
{
    char raster[FILE_MAX];
    const struct basin_map *map = points->map;
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
                   .classes = points->classes,
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
                            .of_proved =
                                calloc(map->certified->classes + 1, sizeof *points.of_proved)};
    struct map_class *class =
        calloc(map->basin.classes + map->certified->classes + 1, sizeof *class);
    enum status status = OK;
    if (points.of_proved && class) {
        classes_fill(&points, class);
        status = figure_save(&points, class, caption, manifest);
    } else {
        status = status_fail(NO_MEMORY, "no memory for the picture of certified cells");
    }
    free(points.of_proved);
    free(class);
    return status;
}
