/* Figures of a basin: its tiles as the rows of a raster.
 *
 * plots/ knows nothing of basins; here a class becomes a paint and a label, and tiles, which are
 * runs of cells, become the rows that a raster asks for.  Each figure reads the cells once. */
#include "cli/basin_picture.h"

#include "cli/drawing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 128 };

static const char NAME[] = "basin", SHADE[] = "time", LOSS[] = "loss";
static const double LOSS_ZERO = 1e-13;

static const enum map_paint paints[] = {[BASIN_PAINT_COLOUR] = MAP_COLOUR,
                                        [BASIN_PAINT_GREY] = MAP_GREY,
                                        [BASIN_PAINT_WHITE] = MAP_WHITE,
                                        [BASIN_PAINT_HATCHED] = MAP_HATCHED};

/* The cells of one layer with one of their values. */
struct cells {
    const struct basin *basin;
    size_t layer;
    size_t value; /* basin->values: none */
    struct basin_tile *tile;
    bool is_read;
    struct basin_finer *finer; /* NULL: not refined */
    size_t level;              /* a cell is 2^level points wide */
    float *number;             /* [finer->starts] the values of starts */
};

static enum status tile_hold(struct cells *cells, size_t number)
{
    const size_t tile = number / BASIN_TILE_CELLS;
    if (cells->is_read && cells->tile->first == basin_tile_first(tile))
        return OK;
    cells->is_read = false;
    TRY(basin_read(cells->basin, tile, cells->tile));
    cells->is_read = true;
    return OK;
}

static enum status cell_read(struct cells *cells, size_t number, struct raster_cell *out)
{
    TRY(tile_hold(cells, number));
    const size_t at = number - cells->tile->first;
    out->class = cells->tile->class[at];
    out->value = cells->value < cells->basin->values
                     ? (float)cells->tile->value[cells->value * BASIN_TILE_CELLS + at]
                     : NAN;
    return OK;
}

/* The point at[0], at[1] of the layer, in units of the last level that is drawn: a cell at a
 * boundary, or a part of one that was not cut. */
static enum status point_read(struct cells *cells, const size_t at[BASIN_AXES_MOST],
                              struct raster_cell *out)
{
    const size_t *size = cells->basin->grid.size;
    struct basin_leaf leaf;
    if (cells->level > 0 && basin_refine_at(cells->finer->refine, cells->level, at, &leaf)) {
        out->class = cells->finer->class[leaf.start];
        out->value = cells->number ? cells->number[leaf.start] : NAN;
        return OK;
    }
    const size_t column = at[0] >> cells->level, row = at[1] >> cells->level;
    return cell_read(cells, column + size[0] * (row + size[1] * cells->layer), out);
}

static enum status cells_read(void *context, size_t first, size_t count, struct raster_cell *out)
{
    struct cells *cells = context;
    const size_t width = cells->basin->grid.size[0] << cells->level;
    const size_t half = ((size_t)1 << cells->level) / 2;
    for (size_t k = 0; k < count; k++) {
        const size_t at[BASIN_AXES_MOST] = {(first + k) % width, (first + k) / width,
                                            (cells->layer << cells->level) + half};
        TRY(point_read(cells, at, &out[k]));
    }
    return OK;
}

static size_t value_named(const struct basin *basin, const char *name)
{
    size_t v = 0;
    while (v < basin->values && strcmp(basin->value[v].name, name) != 0)
        v++;
    return v;
}

/* What is undecided has no share of its own: it could be anything. */
static void class_fill(const struct basin *basin, const struct basin_picture *picture, size_t k,
                       struct map_class *class)
{
    const struct basin_class *given = &basin->class[k];
    const bool has_share = picture->share && given->paint != BASIN_PAINT_GREY;
    *class = (struct map_class){
        .label = given->label,
        .paint = paints[given->paint],
        .fraction = picture->share ? picture->share[k].fraction
                                   : (double)given->cells / (double)basin_grid_cells(&basin->grid),
        .low = has_share ? picture->share[k].low : NAN,
        .high = has_share ? picture->share[k].high : NAN};
}

/* Losses of limits that are known to 1e-7: ode/basin_classes.c. */
static double zero_of(const struct basin *basin, size_t value)
{
    const bool loss = value < basin->values && strcmp(basin->value[value].name, LOSS) == 0;
    return loss ? LOSS_ZERO : 0;
}

static struct map_figure figure_of(const struct basin *basin, const struct basin_picture *picture,
                                   struct cells *cells, const struct map_class *class)
{
    const struct basin_grid *grid = &basin->grid;
    struct map_figure figure = {
        .title = basin->title,
        .axis = {basin->name[grid->axis[0]], basin->name[grid->axis[1]]},
        .window = {grid->window[0], grid->window[1], grid->window[2], grid->window[3]},
        .source = {.width = grid->size[0] << cells->level,
                   .height = grid->size[1] << cells->level,
                   .classes = basin->classes,
                   .read = cells_read,
                   .context = cells},
        .value = cells->value < basin->values ? basin->value[cells->value].title : NULL,
        .zero = zero_of(basin, cells->value),
        .class = class,
        .curves = picture->curves,
        .curve = picture->curve,
        .points = picture->points,
        .point = picture->point};
    memcpy(figure.caption, picture->caption, sizeof figure.caption);
    return figure;
}

/* One figure, and its files in the manifest. */
static enum status figure_save(struct map_figure *figure, struct manifest *manifest,
                               const char *name, enum status (*draw)(const struct map_figure *))
{
    char raster[FILE_MAX];
    figure->directory = manifest_directory(manifest);
    figure->name = name;
    TRY(drawing_finish(manifest, name, draw(figure)));
    snprintf(raster, sizeof raster, "%s.rgb", name);
    manifest_output(manifest, raster);
    return OK;
}

/* The values of the starts at boundaries, for the next figure. */
static enum status numbers_read(struct cells *cells)
{
    free(cells->number);
    cells->number = NULL;
    if (cells->level == 0 || cells->value == cells->basin->values)
        return OK;
    cells->number = calloc(cells->finer->starts + 1, sizeof *cells->number);
    if (!cells->number)
        return status_fail(NO_MEMORY, "no memory for %zu starts", cells->finer->starts);
    return basin_finer_value(cells->finer, cells->value, cells->number);
}

/* The last level that a picture has points for. */
static size_t level_of(const struct basin_grid *grid, size_t depth)
{
    const size_t longer = grid->size[0] > grid->size[1] ? grid->size[0] : grid->size[1];
    size_t level = 0;
    while (level < depth && longer << (level + 1) <= RASTER_MOST)
        level++;
    return level;
}

static enum status figures_save(const struct basin *basin, const struct basin_picture *picture,
                                struct cells *cells, const struct map_class *class,
                                struct manifest *manifest)
{
    char name[FILE_MAX];
    cells->value = value_named(basin, SHADE);
    TRY(numbers_read(cells));
    struct map_figure figure = figure_of(basin, picture, cells, class);
    TRY(figure_save(&figure, manifest, NAME, map_draw_classes));
    for (size_t v = 0; v < basin->values && v < BASIN_FIGURES_MOST; v++) {
        cells->value = v;
        TRY(numbers_read(cells));
        figure = figure_of(basin, picture, cells, class);
        snprintf(name, sizeof name, "%s-%s", NAME, basin->value[v].name);
        TRY(figure_save(&figure, manifest, name, map_draw_values));
    }
    return OK;
}

enum status basin_picture_save(const struct basin *basin, const struct basin_picture *picture,
                               struct manifest *manifest)
{
    const struct basin_grid *grid = &basin->grid;
    if (grid->axes < 2)
        return OK;
    struct cells cells = {.basin = basin,
                          .layer = picture->layer,
                          .finer = picture->finer,
                          .level = picture->finer ? level_of(grid, picture->finer->depth) : 0,
                          .tile = basin_tile_create(basin->values)};
    struct map_class *class = calloc(basin->classes + 1, sizeof *class);
    enum status status = OK;
    if (cells.tile && class) {
        for (size_t k = 0; k < basin->classes; k++)
            class_fill(basin, picture, k, &class[k]);
        status = figures_save(basin, picture, &cells, class, manifest);
    } else {
        status = status_fail(NO_MEMORY, "no memory for the figures of %zu cells",
                             basin_grid_cells(grid));
    }
    basin_tile_free(cells.tile);
    free(cells.number);
    free(class);
    return status;
}
