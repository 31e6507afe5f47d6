/* The map of what is proved: cells that are proved in the colour of their class, all others grey.
 *
 * Points are the cells of one level of the tree, the smallest or the last that a picture can show; a point
 * has a colour only if all of it is proved to end so.  (Points of the numerical map would lie across
 * cells, and colour what is not proved.)  The classes are those of that map, then those that no start of it
 * has found; bounds on shares are proved.
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
    unsigned level;    /* the picture is 2^level points wide */
    size_t classes;    /* of the picture; the last one is what is not proved */
    size_t *of_proved; /* [certified->classes] which of them */
};

static unsigned level_shown(const struct basin_tree *tree)
{
    unsigned level = 0;
    while (level < tree->levels && (size_t)2 << level <= RASTER_MOST)
        level++;
    return level;
}

static size_t class_at(const struct points *points, uint32_t i, uint32_t j)
{
    const struct basin_certified *certified = points->map->certified;
    const struct basin_tree_leaf *leaf = basin_tree_find(certified->tree, i, j);
    return leaf->class == BASIN_TREE_UNDECIDED ? points->classes - 1
                                               : points->of_proved[certified->of_tree[leaf->class]];
}

/* Of a point: that of all its smallest cells, or not proved. */
static size_t class_of_point(const struct points *points, size_t column, size_t row)
{
    const struct basin_tree *tree = points->map->certified->tree;
    const unsigned finer = tree->levels - points->level;
    const uint32_t i = (uint32_t)(column << finer), j = (uint32_t)(row << finer);
    const uint32_t side = (uint32_t)1 << finer;
    const size_t class = class_at(points, i, j);
    if (basin_tree_find(tree, i, j)->level <= points->level)
        return class;
    for (uint32_t k = 1; k < side * side; k++)
        if (class_at(points, i + k % side, j + k / side) != class)
            return points->classes - 1;
    return class;
}

static enum status points_read(void *context, size_t first, size_t count, struct raster_cell *out)
{
    const struct points *points = context;
    const size_t width = (size_t)1 << points->level;
    for (size_t k = 0; k < count; k++) {
        const size_t class = class_of_point(points, (first + k) % width, (first + k) / width);
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
                              .is_proved = true,
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
        .source = {.width = (size_t)1 << points->level,
                   .height = (size_t)1 << points->level,
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
                            .level = level_shown(map->certified->tree),
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
